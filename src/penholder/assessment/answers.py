"""What the queries of the assessments give out: plain values, for who may see assessments at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from penholder.assessment.diff import Diff
from penholder.assessment.values import Age, Content, Finding, Move, Status


@dataclass(frozen=True, slots=True)
class StepView:
    """A version took a status. run: of the act, whose entries are in the ledger."""

    status: Status
    move: Move
    on: date
    at: datetime
    run: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """Who wanted what changed, and why. answered_by: public id of the version that was saved in answer."""

    id: str
    version: str
    number: int
    requested_by: str
    what: str
    why: str
    drops: tuple[str, ...]
    at: datetime
    answered_by: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version, whole."""

    id: str
    assessment: str
    number: int
    destination: str
    party: str
    conflict: str
    status: Status
    content: Content
    risk: Mapping[str, Finding]
    dropped: tuple[str, ...]
    answers: str
    saved_at: datetime
    steps: tuple[StepView, ...]
    requests: tuple[RequestView, ...]
    dissents: tuple[str, ...]
    gist: str | None
    age: Age
    """On the day that is asked about."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the list of an assessment."""

    id: str
    number: int
    status: Status
    cutoff: date
    saved_at: datetime
    evidence: int
    gaps: int
    dropped: tuple[str, ...]
    requests: int
    answers: str


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    """One assessment in the list. accepted: the version that may be cited now."""

    id: str
    destination: str
    party: str
    conflict: str
    newest: int
    """Number of the newest version; 0: none yet."""
    status: Status | None
    accepted: str
    accepted_number: int
    age: Age | None
    """Of the accepted version, today."""
    loops: int


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """One assessment with all its versions, oldest first. version: to name in the next act as what was seen."""

    id: str
    version: int
    destination: str
    party: str
    conflict: str
    versions: tuple[VersionRow, ...]
    newest: VersionView | None
    accepted: VersionView | None
    requests: tuple[RequestView, ...]
    loops: int
    may: tuple[Move, ...]
    """What the machine allows with the newest version, and a role of the viewer too."""
    known: datetime | None


@dataclass(frozen=True, slots=True)
class DiffView:
    """What changed between two versions of one assessment, and who asked for it."""

    assessment: str
    destination: str
    party: str
    before: VersionRow
    after: VersionRow
    diff: Diff
    requests: tuple[RequestView, ...]
    """Made on the older version or on one between the two."""
    is_kept: bool
    """From the first full draft to the version that was put before the decider: shown to auditors for ever."""
