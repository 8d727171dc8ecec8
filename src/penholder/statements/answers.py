"""What the queries of the statements give out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from penholder.assessment.values import AcceptedVersion, Age
from penholder.statements.values import Claim, PromiseState


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement in the list."""

    id: str
    destination: str
    said_on: date
    place: str
    speaker_role: str
    words: str
    assessed: str
    promises: int
    overdue: int


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A promise on a day. days_overdue: 0: not late."""

    id: str
    statement: str
    destination: str
    said_on: date
    words: str
    due: date
    state: PromiseState
    days_overdue: int
    ended_on: date | None
    recorded_on: date | None
    """Day on which its end was recorded."""
    source: str
    outcome_words: str
    replaced_by: str
    version: int


@dataclass(frozen=True, slots=True)
class Held:
    """What the assessment says of one part. finding: None where the viewer may not see it (and nothing is public).

    limb: of a risk; grounds: official, None where withheld; gaps: what is not known there.
    """

    part: str
    limb: str
    finding: str | None
    grounds: str | None
    gaps: tuple[str, ...]
    despite_gaps: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """One claim, and what was held that day of the parts of which it speaks."""

    number: int
    claim: Claim
    held: tuple[Held, ...]


@dataclass(frozen=True, slots=True)
class StatementView:
    """What was said, beside what was held that day."""

    id: str
    destination: str
    said_on: date
    place: str
    speaker_role: str
    words: str
    source: str
    assessment: str
    assessed: str
    """Public id of the version that was linked; empty: none was accepted that day."""
    number: int
    """Of that version; 0: none."""
    age: Age | None
    """How old its information was on the day on which this was said."""
    by_now: AcceptedVersion | None
    """What was accepted that day by what is held now: another one, where an acceptance was recorded late."""
    is_link_late: bool
    """Do the two differ?"""
    sees_assessment: bool
    beside: tuple[Beside, ...]
    promises: tuple[PromiseView, ...]
