"""Between rows of the tables and values: whole thousandths and hundredths to decimals, and back."""

from __future__ import annotations

from decimal import Decimal

from penholder.register.models import Line, Terms
from penholder.register.values import LineState, LineStatus, LineTerms

_MILLI = Decimal(1_000)
_CENTI = Decimal(100)


def milli(quantity: Decimal | None) -> int | None:
    """Thousandths of a quantity."""
    return None if quantity is None else int(quantity * _MILLI)


def centi(money: Decimal | None) -> int | None:
    """Hundredths of an amount."""
    return None if money is None else int(money * _CENTI)


def quantity_of(thousandths: int | None) -> Decimal | None:
    """A quantity, with three decimals."""
    return None if thousandths is None else Decimal(thousandths).scaleb(-3)


def money_of(hundredths: int | None) -> Decimal | None:
    """An amount, with two decimals."""
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


def state_of(line: Line) -> LineState:
    """The state that a row of Line holds."""
    return LineState(
        status=LineStatus(line.status),
        since=line.since,
        version=line.version,
        quantity_limit=quantity_of(line.quantity_limit_milli),
        value_limit=money_of(line.value_limit_centi),
        used_quantity=Decimal(line.used_quantity_milli).scaleb(-3),
        used_value=Decimal(line.used_value_centi).scaleb(-2),
        suspended_on=line.suspended_on,
        review_by=line.review_by,
        power=line.power,
    )


def columns_of(state: LineState) -> dict[str, object]:
    """The columns of Line for a state, usage left out: only a draw changes that."""
    return {
        "status": state.status.value,
        "since": state.since,
        "version": state.version,
        "quantity_limit_milli": milli(state.quantity_limit),
        "value_limit_centi": centi(state.value_limit),
        "suspended_on": state.suspended_on,
        "review_by": state.review_by,
        "power": str(state.power),
    }


def terms_of(row: Terms) -> LineTerms:
    """The terms that a row holds."""
    return LineTerms(
        rating=row.rating,
        description=row.description,
        destination=row.destination,
        onward=row.onward,
        end_user=row.end_user,
        end_user_state=row.end_user_state,
        programmes=row.programmes,
        value=money_of(row.value_centi),
        currency=row.currency,
        quantity_limit=quantity_of(row.quantity_milli),
        unit=row.unit,
        value_limit=money_of(row.value_limit_centi),
    )


def columns_of_terms(terms: LineTerms) -> dict[str, object]:
    """The columns of Terms for these terms."""
    return {
        "rating": terms.rating,
        "description": terms.description,
        "destination": terms.destination,
        "onward": terms.onward,
        "end_user": terms.end_user,
        "end_user_state": terms.end_user_state,
        "programmes": terms.programmes,
        "value_centi": centi(terms.value),
        "currency": terms.currency,
        "quantity_milli": milli(terms.quantity_limit),
        "unit": terms.unit,
        "value_limit_centi": centi(terms.value_limit),
    }
