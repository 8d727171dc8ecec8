"""Words of the register: permissions, statuses, powers, reasons, and the terms of one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

LICENCE = "L"
CONDITION = "C"
MESSAGE = "M"
RELEASE = "R"
"""Prefixes of public ids."""


class RegisterPermission(StrEnum):
    """What can be allowed in the register. The role table of `people` says to whom."""

    ENTER = "register.enter"
    ISSUE = "register.issue"
    AMEND = "register.amend"
    SUSPEND = "register.suspend"
    REINSTATE = "register.reinstate"
    REVOKE = "register.revoke"
    SURRENDER = "register.surrender"
    DRAW = "register.draw"
    EXPIRE = "register.expire"
    ADD_CONDITION = "register.add_condition"
    FULFIL_CONDITION = "register.fulfil_condition"
    SEND_CUSTOMS_MESSAGE = "register.send_customs_message"
    ACKNOWLEDGE_CUSTOMS_MESSAGE = "register.acknowledge_customs_message"
    LOAD_RELEASE = "register.load_release"


class LineStatus(StrEnum):
    """Where a line stands in its life. The allowed moves are in `data/life_cycle.yaml`."""

    DRAFT = "draft"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    EXPIRED_WHILE_SUSPENDED = "expired_while_suspended"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"


class Standing(StrEnum):
    """The status of a line as pages say it: issued lines whose end no source states stand apart."""

    DRAFT = "draft"
    ISSUED = "issued"
    END_NOT_STATED = "issued_end_not_stated"
    SUSPENDED = "suspended"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    EXPIRED_WHILE_SUSPENDED = "expired_while_suspended"
    SURRENDERED = "surrendered"
    REVOKED = "revoked"


def standing_of(status: LineStatus, valid_until: date | None) -> Standing:
    """Whether an issued line is in force today, nobody can say where its end is not stated."""
    if status is LineStatus.ISSUED and valid_until is None:
        return Standing.END_NOT_STATED
    return Standing(status.value)


class WithoutCase(StrEnum):
    """Why a licence that was entered here comes from no case: the closed list. Where it was decided, words say."""

    EARLIER_REGISTER = "earlier_register"
    PAPER = "paper"
    OTHER_AUTHORITY = "other_authority"
    OTHER = "other"


WITHOUT_CASE_WORDS: Mapping[WithoutCase, str] = {
    WithoutCase.EARLIER_REGISTER: "taken over from an earlier register",
    WithoutCase.PAPER: "taken over from paper",
    WithoutCase.OTHER_AUTHORITY: "decided by another authority",
    WithoutCase.OTHER: "for another reason",
}


class Origin(StrEnum):
    """Where a licence comes from: a case of this authority, no case, or a release that was loaded."""

    CASE = "case"
    WITHOUT_CASE = "without_case"
    RELEASE = "release"


class LineAct(StrEnum):
    """What can be done to a line."""

    ENTER = "enter"
    ISSUE = "issue"
    AMEND = "amend"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SURRENDER = "surrender"
    DRAW = "draw"
    EXHAUST = "exhaust"
    EXPIRE = "expire"


class Power(StrEnum):
    """By what power a line is suspended. Which article of which law it is, is said in the terms."""

    STATUTE = "statute"
    LICENCE_TERMS = "licence_terms"
    SANCTIONS = "sanctions"
    COURT_ORDER = "court_order"
    EXPORTER_REQUEST = "exporter_request"


class SurrenderReason(StrEnum):
    """Why the holder gives a line back."""

    NOT_NEEDED = "not_needed"
    REPLACED = "replaced"
    ORDER_CANCELLED = "order_cancelled"
    BUSINESS_CLOSED = "business_closed"
    OTHER = "other"


class DrawOrigin(StrEnum):
    """Where a usage record comes from."""

    CUSTOMS = "customs"
    RETURN = "return"
    AUDIT = "audit"


class Completeness(StrEnum):
    """Does a usage record cover all that was shipped on its day?"""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NOT_STATED = "not_stated"


class ConditionTiming(StrEnum):
    """Must a condition be met before goods leave, or after? The text that a grant attaches may say either."""

    BEFORE = "before"
    AFTER = "after"
    NOT_STATED = "not_stated"


TIMING_WORDS = {
    ConditionTiming.BEFORE: "before shipment",
    ConditionTiming.AFTER: "after shipment",
    ConditionTiming.NOT_STATED: "as its text says",
}


class MessageKind(StrEnum):
    """What customs are told about lines."""

    ISSUE = "issue"
    AMEND = "amend"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    SURRENDER = "surrender"


class DayPrecision(StrEnum):
    """Is the day known on which something became true in the world?"""

    DAY = "day"
    UNKNOWN = "unknown"


Text = Annotated[str, Field(min_length=1, max_length=4_000)]
LongText = Annotated[str, Field(max_length=20_000)]
Words = Annotated[str, Field(max_length=400)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=3)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
Currency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$")]
LineNumber = Annotated[int, Field(ge=1, le=100_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTerms:
    """What one line allows. Lists inside a text are joined by `;`, as in `analysis.schemas`. Empty: not stated.

    Units: quantity_limit in `unit`; value and value_limit in `currency`. None: no limit is stated.
    """

    rating: LongText = ""
    description: LongText
    destination: Annotated[str, Field(min_length=1, max_length=400)]
    """ISO 3166-1 alpha-2 (XA to XZ: invented states); of a listed name that is no country, the name."""
    onward: LongText = ""
    """Final destinations of goods that are incorporated or go on."""
    end_user: Words = "not_stated"
    """Class of the end user: docs/reference/end-user-classes.md."""
    end_user_state: Annotated[str, Field(max_length=20)] = ""
    programmes: LongText = ""
    """Pools of supply to which the goods go, as the authority names them; `none`: it is known that to none."""
    value: Money | None = None
    currency: Currency = ""
    quantity_limit: Quantity | None = None
    unit: Annotated[str, Field(max_length=120)] = ""
    value_limit: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGoods:
    """What anybody may know of the goods of some lines: codes and places. Empty: not stated.

    onward: places to which they go on. ratings: also empty where there is no room for all of them in the log.
    """

    lines: tuple[int, ...]
    destination: str
    onward: tuple[str, ...] = ()
    end_user: str = "not_stated"
    end_user_state: str = ""
    ratings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """A line as the events of its life leave it.

    suspended_on, review_by, power: of the suspension that is open, else None and "".
    since: first day of the status in the world; None where no source says it.
    """

    status: LineStatus
    since: date | None = None
    version: int = 1
    quantity_limit: Decimal | None = None
    value_limit: Decimal | None = None
    used_quantity: Decimal = Decimal(0)
    used_value: Decimal = Decimal(0)
    suspended_on: date | None = None
    review_by: date | None = None
    power: str = ""
