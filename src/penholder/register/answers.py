"""What the queries of the register give out: plain values, already without what the viewer may not see.

`None` in a field of a class that the viewer may not read; `withheld` names those fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from penholder.register.values import LineAct, LineStatus, LineTerms, Standing, standing_of


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many lines of a licence have a status."""

    status: LineStatus
    lines: int


@dataclass(frozen=True, slots=True)
class LicenceRow:
    """One licence in a list."""

    id: str
    reference: str | None
    licence_type: str
    decided_on: date
    valid_from: date
    valid_until: date | None
    exporter: str | None
    """Public id of the organisation."""
    release: str
    """Id of the release that it came with; empty where it was entered here."""
    case: str
    """Public id of the case that granted it; empty: none did."""
    without_case: str
    """Why it comes from no case, where it was entered here: a word of `values.WithoutCase`."""
    lines: int
    statuses: tuple[StatusCount, ...]
    destinations: tuple[str, ...] | None
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line, as of a day and as known at a moment."""

    licence: str
    number: int
    status: LineStatus
    since: date | None
    """First day of the status; None where no source says it."""
    valid_until: date | None
    suspended_on: date | None
    review_by: date | None
    power: str
    limb: str
    """Of a revocation."""
    overdue: bool
    """A suspension past its review. It stays in force."""
    terms: LineTerms | None
    used_quantity: Decimal | None
    used_value: Decimal | None
    left_quantity: Decimal | None
    """None where no quantity limits the line (or it is withheld)."""
    left_value: Decimal | None
    may: tuple[LineAct, ...]
    """What the life cycle allows next, and a role of the viewer too."""

    @property
    def standing(self) -> Standing:
        """The status as pages say it."""
        return standing_of(self.status, self.valid_until)


@dataclass(frozen=True, slots=True)
class ConditionView:
    """A condition. text: official."""

    id: str
    lines: tuple[int, ...]
    text: str | None
    timing: str
    due: date | None
    put_on: date
    """Day on which it was recorded: what left before was not under it."""
    done_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """What customs were told."""

    id: str
    lines: tuple[int, ...]
    kind: str
    effective_on: date
    sent_at: datetime
    due: date
    acknowledged_at: datetime | None
    their_reference: str | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class LicenceView:
    """One licence with its lines, as of a day and as known at a moment."""

    id: str
    version: int
    reference: str | None
    licence_type: str
    decided_on: date
    valid_from: date
    valid_until: date | None
    exporter: str | None
    release: str
    case: str
    without_case: str
    without_case_words: str | None
    """Who decided it, and where that is written."""
    on: date
    known: datetime | None
    lines: tuple[LineView, ...]
    more_lines: int
    """How many lines follow those that are given; `lines` gives them in pages."""
    conditions: tuple[ConditionView, ...]
    messages: tuple[MessageView, ...]
    withheld: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the ledger about a licence, with the fields that the viewer may read."""

    entry: int
    place: int | None
    """In the log; None while it waits for one."""
    event: str
    act: str
    role: str
    run: str
    recorded_at: datetime
    claimed_at: str | None
    """When, as the actor says, the fact became true: a day or a moment."""
    late: bool
    """The two lie more than 24 hours apart."""
    fields: dict[str, Any]
    withheld: tuple[str, ...]
    """Names of fields that are sealed for the viewer, or that were erased."""
    lost: tuple[str, ...] = ()
    """Names of fields that nobody has any more: the entry came back from the published log without them."""
    recovered: str = ""
    """Empty; or the entry came back from the published log, without what it did to the tables: `open`, `redone` or
    `not_needed` (`custody.recovered`)."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """Something that should have happened. kind: review, customs, condition; waiting: customs, not yet late."""

    kind: str
    licence: str
    lines: tuple[int, ...]
    due: date
    days: int
    about: str
    """Id of the message or condition; what the message said."""
    what: str


@dataclass(frozen=True, slots=True)
class News:
    """What was done to lines of a licence, for its holder. run: of the act, whose page says terms and reasons."""

    licence: str
    act: LineAct
    lines: tuple[int, ...]
    effective_on: date
    run: str
