"""The licence that a granted case becomes: its terms, as the register enters them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from penholder.casework.decision_parts import Decision
from penholder.casework.dossier import Dossier
from penholder.casework.history import dossier
from penholder.casework.models import Case
from penholder.casework.parts import Application, GoodsLine
from penholder.casework.policy import facts
from penholder.casework.values import PartyRole
from penholder.regime.end_users import NOT_STATED
from penholder.register.facts import NO_POOL
from penholder.register.values import LineTerms

_STATE = 20


@dataclass(frozen=True, slots=True)
class Licence:
    """Parameters of `register.enter_licence`, and the conditions to be put on the licence; empty: none."""

    terms: dict[str, Any]
    conditions: str


def licence_of(case: str, decision: Decision, *, decided_on: date) -> Licence:
    """What a grant says, as terms of a licence."""
    held = dossier(Case.objects.get(public_id=case))
    assert held is not None  # noqa: S101 - what is granted is there
    application = held.application
    return Licence(
        terms={
            "case": case,
            "reference": decision.reference,
            "licence_type": application.licence_type,
            "decided_on": decided_on,
            "valid_from": decided_on,
            "valid_until": decision.valid_until,
            "exporter": held.exporter,
            "lines": tuple(_line(held, number, line) for number, line in enumerate(application.goods, start=1)),
        },
        conditions=decision.provisos,
    )


def _line(held: Dossier, number: int, line: GoodsLine) -> LineTerms:
    application, rated = held.application, held.ratings.get(number)
    return LineTerms(
        rating=";".join(rated.value.ratings) if rated else "",
        description=rated.value.summary if rated else line.description,
        destination=facts.direct_destination(application) or "",
        onward=";".join(facts.onward_places(application)),
        end_user=facts.end_user_class(application, line) or NOT_STATED,
        end_user_state=_state(application),
        programmes=NO_POOL if line.programmes == () else ";".join(line.programmes or ()),
        value=line.value,
        currency=line.currency,
        quantity_limit=line.quantity,
        unit=line.unit,
        value_limit=line.value,
    )


def _state(application: Application) -> str:
    """Whose body the last end user is, where it is one state's, by its code."""
    ultimate = facts.parties_as(application, PartyRole.ULTIMATE_END_USER)
    ends = ultimate or facts.parties_as(application, PartyRole.END_USER)
    found = {p.state for p in ends if p.state}
    only = next(iter(found)) if len(found) == 1 else ""
    return only if len(only) <= _STATE else ""
