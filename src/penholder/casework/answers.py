"""What the queries of casework give out: plain values, filtered by what the viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from penholder.casework.clock import Reading
from penholder.casework.parts import Advice, Application, Match, Rating, Screening, Verdict
from penholder.casework.policy.advice import Limb
from penholder.casework.policy.clocks import Asked
from penholder.casework.policy.complete import Missing
from penholder.casework.policy.difference import Change
from penholder.casework.policy.readiness import Open
from penholder.casework.values import CaseMove, CaseStatus, ListKind
from penholder.restrictions.values import Hold


@dataclass(frozen=True, slots=True)
class Pending:
    """A case that was applied for and is not decided. destination, onward: every place that its goods reach."""

    id: str
    status: CaseStatus
    licence_type: str
    destination: str
    onward: tuple[str, ...]
    submitted_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class SavedVersion:
    """One version of the application."""

    number: int
    at: datetime
    run: str
    is_submitted: bool


@dataclass(frozen=True, slots=True)
class RatingView:
    """What the assessor said of a line. is_current: of the line as it stands now. stated: by the exporter."""

    rating: Rating
    at: datetime
    stated: tuple[str, ...]
    is_current: bool

    @property
    def differs(self) -> bool:
        """Is it another than the exporter stated?"""
        return bool(self.stated) and set(self.stated) != set(self.rating.ratings)


@dataclass(frozen=True, slots=True)
class MatchView:
    """A possible match with a list. verdict None: nobody has judged it."""

    id: str
    match: Match
    verdict: Verdict | None
    judged_at: datetime | None


@dataclass(frozen=True, slots=True)
class ScreeningView:
    """The newest screening."""

    id: str
    at: datetime
    screening: Screening
    matches: tuple[MatchView, ...]

    @property
    def unjudged(self) -> int:
        """Possible matches that nobody has judged."""
        return sum(m.verdict is None for m in self.matches)


@dataclass(frozen=True, slots=True)
class AdviceView:
    """One version of what a department advises. run: of the act, whose entry is in the ledger.

    is_newest: the one that counts. is_on_earlier: the application changed after it was written.
    """

    id: str
    advice: Advice
    at: datetime
    run: str
    is_newest: bool
    is_on_earlier: bool


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """What a department was asked, and what it has said; versions oldest first."""

    id: str
    title: str
    asked_on: date | None
    due_on: date | None
    is_overdue: bool
    waived: str
    """Why the case goes on without it; empty: it does not."""
    versions: tuple[AdviceView, ...]

    @property
    def newest(self) -> AdviceView | None:
        """What counts."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True, slots=True)
class DissentView:
    """That somebody dissented: from the case, an advice or a decision. The text is read by an act of its own."""

    id: str
    target: str
    digest: str
    at: datetime
    run: str


@dataclass(frozen=True, slots=True)
class Inside:
    """How the authority works on a case: for officials alone.

    open: what must be done before departments are asked. awaited: departments that are waited for. older: that
    found nothing, before the application changed. limbs: of the rule set in force, with who addressed them.
    """

    status: CaseStatus
    version: int
    ratings: tuple[RatingView, ...]
    screening: ScreeningView | None
    open: tuple[Open, ...]
    departments: tuple[DepartmentView, ...]
    awaited: tuple[str, ...]
    older: tuple[str, ...]
    rule_set: str
    limbs: tuple[Limb, ...]
    dissents: tuple[DissentView, ...]
    may: tuple[CaseMove, ...]
    """Moves that the machine allows from here."""

    @property
    def unaddressed(self) -> tuple[Limb, ...]:
        """Limbs under which nobody found anything."""
        return tuple(x for x in self.limbs if not x.is_addressed)


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case. inside: None for exporters. version: to name in the next act of the viewer as what was seen.

    status: to exporters, whoever works on it inside the authority is `under_review`.
    """

    id: str
    version: int
    exporter: str
    status: CaseStatus
    application: Application
    application_version: int
    versions: tuple[SavedVersion, ...]
    missing: tuple[Missing, ...]
    submitted_at: datetime | None
    clock: Reading | None
    questions: tuple[Asked, ...]
    holds: tuple[Hold, ...]
    inside: Inside | None
    known: datetime | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case in a list. waits_for: what it waits for next, in words."""

    id: str
    title: str
    exporter: str
    licence_type: str
    destination: str
    onward: tuple[str, ...]
    status: CaseStatus
    submitted_at: datetime | None
    clock: Reading | None
    missing: int
    open_questions: int
    overdue_questions: int
    unjudged: int
    awaited: tuple[str, ...]
    is_held: bool


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """What changed between two versions of an application."""

    case: str
    before: int
    after: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class LimbsView:
    """Question 9: every limb of the rule set in force on a day, addressed in a case by whom, on what evidence."""

    case: str
    rule_set: str
    on: date
    known: datetime | None
    limbs: tuple[Limb, ...]

    @property
    def unaddressed(self) -> tuple[Limb, ...]:
        """Limbs under which nobody found anything."""
        return tuple(x for x in self.limbs if not x.is_addressed)


@dataclass(frozen=True, slots=True)
class PartyListView:
    """One load of a list of parties. in_force: the newest of its name. read = loaded + all reasons."""

    id: str
    name: str
    kind: ListKind
    source: str
    as_of: date
    read: int
    loaded: int
    reasons: dict[str, int]
    in_force: bool
    loaded_at: datetime
