"""What the queries of evidence give out: plain values, for viewers who may see evidence at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from penholder.evidence.values import Axis, Facts, Stage


@dataclass(frozen=True, slots=True)
class SourceView:
    """A body that reports. reports: how many are recorded."""

    id: str
    called: str
    kind: str
    note: str
    reports: int = 0


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One report in a list. in_scope None: nobody has said. findings: axis -> value, where there is one."""

    id: str
    source: str
    """Public id."""
    source_called: str
    facts: Facts
    grade: str
    in_scope: bool | None
    findings: Mapping[Axis, str]
    stands_for_it: str
    """The report that stands for the event; its own id where it does itself."""
    stage: Stage
    reports: int
    """How many reports of the event there are, this one among them."""


@dataclass(frozen=True, slots=True)
class GradeView:
    """One axis as judged once; the newest first."""

    axis: str
    number: int
    value: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FindingView:
    """One answer. evidence: public ids."""

    axis: Axis
    number: int
    value: str
    confidence: str
    party: str
    grounds: str
    evidence: tuple[str, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ScopeView:
    """In scope or out, as said once."""

    number: int
    in_scope: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExplanationView:
    """What the party itself says. source: public id, or empty."""

    id: str
    party: str
    kind: str
    position: str
    given_on: date
    source: str
    text: str
    credibility: str
    credibility_reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FactView:
    """What can speak for the party. disputed "": nothing is known against it."""

    id: str
    kind: str
    source: str
    text: str
    disputed: str
    credibility: str
    credibility_reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GapView:
    """What is not known. closed_at None: it is open. is_answered: there was an answer."""

    id: str
    axis: Axis
    question: str
    due: date | None
    is_overdue: bool
    closed_at: datetime | None
    is_answered: bool
    answer: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """A report that is like this one, and in what. It decides nothing."""

    id: str
    points: int
    because: tuple[str, ...]
    facts: Facts
    source_called: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """One report with all that was recorded about it, as known at a moment."""

    id: str
    version: int
    known: datetime | None
    row: IncidentRow
    source: SourceView
    imported: str
    """Public id of the import that it came with; empty: entered by hand."""
    recorded_at: datetime
    origin: str
    """Public id of the source whose account it repeats; empty: its own source's."""
    origin_reason: str
    join_reason: str
    joined: tuple[IncidentRow, ...]
    """The other reports of the event."""
    origins: tuple[SourceView, ...]
    """The sources on whose own account the event rests."""
    findings: Mapping[Axis, tuple[FindingView, ...]]
    """Axis -> its answers, newest first; empty: nobody has looked."""
    grades: Mapping[str, tuple[GradeView, ...]]
    scopes: tuple[ScopeView, ...]
    explanations: tuple[ExplanationView, ...]
    facts: tuple[FactView, ...]
    gaps: tuple[GapView, ...]
    suggestions: tuple[Suggested, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The events of one month by their legal evaluation; where nobody has asked it: `not_looked_at`."""

    month: str
    """YYYY-MM; empty: the day is not known to the month."""
    values: Mapping[str, int]

    @property
    def answered(self) -> int:
        """How many have an answer, `insufficient` among them."""
        return sum(n for v, n in self.values.items() if v != "not_looked_at")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many alleged incidents, and what was found. Reports of one event count once.

    Of the events in scope, each axis sums to `in_scope`: its values, and `not_looked_at`.
    crosses_border: events whose days lie on both sides of an end of the period; they count by their first day.
    """

    party: str
    start: date | None
    end: date | None
    known: datetime | None
    received: int
    reports: int
    in_scope: int
    out_of_scope: int
    scope_not_set: int
    attributed: int
    possible: int
    unlikely: int
    insufficient: int
    not_looked_at: int
    by_axis: Mapping[Axis, Mapping[str, int]]
    by_month: tuple[Month, ...]
    crosses_border: int
    ids: tuple[str, ...]
    data_sha256: str


@dataclass(frozen=True, slots=True)
class ImportView:
    """A file that was taken in."""

    id: str
    source: str
    source_called: str
    layout: str
    received_on: date
    recorded_at: datetime
    read: int
    loaded: int
    quarantined: int
    reasons: Mapping[str, int]
    data_sha256: str
    refused: tuple[tuple[int, str, str], ...] = ()
    """Line, column, reason, of at most 200 rows that were kept out."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry of the ledger about an incident, with its official fields."""

    entry: int
    place: int | None
    event: str
    act: str
    role: str
    run: str
    recorded_at: datetime
    claimed_at: str | None
    late: bool
    fields: Mapping[str, Any] = field(default_factory=dict)
