"""What a notice says: one value, from which the page and the PDF are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, TypeAdapter

from penholder.casework.values import LongText, NoticeKind

MaybeText = Annotated[str, Field(max_length=20_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedRule:
    """A limb that a notice cites. caution: stands beside it where its text is not verified."""

    id: str
    title: str
    caution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One goods line that a notice is about. Quantity and unit only where they are limited."""

    number: int
    goods: str
    destination: str
    quantity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What is told to a holder or applicant in writing.

    holder: public id of the organisation; empty: not known here. holder_name: read from there for the page and the
    PDF, and kept nowhere else. subject: id of the case or licence. reference: of
    the licence. rule_set: version of the rules by which it was decided; empty: no limb is cited.
    appeal_by: last day on which an appeal is in time, of a refusal that can be appealed.
    """

    id: str
    kind: NoticeKind
    authority: str
    holder: str
    holder_name: str = ""
    subject: str
    reference: str = ""
    decided_on: date
    issued_on: date
    reasons: LongText
    terms: MaybeText = ""
    rule_set: str = ""
    rules: tuple[CitedRule, ...] = ()
    lines: tuple[NoticeLine, ...] = ()
    conditions: MaybeText = ""
    valid_from: date | None = None
    valid_until: date | None = None
    power: str = ""
    review_by: date | None = None
    is_on_appeal: bool = False
    appeal_by: date | None = None


CONTENT: TypeAdapter[Notice] = TypeAdapter(Notice)
"""Reads and writes the column of a notice."""
