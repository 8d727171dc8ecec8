"""What the queries of reviews give out: for officials; nobody else is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from penholder.assessment.values import AcceptedVersion
from penholder.register.standing import Enforced
from penholder.restrictions.answers import RestrictionView
from penholder.review.values import Consequence, EngineUse, Move, Option, State, Trigger, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One change of circumstances in a list. overdue: nobody has accepted or declined it in time."""

    id: str
    trigger: Trigger
    destinations: tuple[str, ...]
    happened_on: date
    proposed_on: date
    answer_by: date
    state: State
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One move, with what was said of it."""

    move: Move
    state: State
    on: date
    text: str
    review_by: date | None
    run: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StocktakeView:
    """One run. counts: scope (in-force, granted) -> counts by use, values, causes, notices."""

    id: str
    on: date
    known: date | None
    title: str
    profile: str
    profile_sha256: str
    data_sha256: str
    rows_digest: str
    counts: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """How the lines of the newest run in force stand: by the engine, by persons, and what is left to say."""

    by_engine: Mapping[EngineUse, int]
    by_person: Mapping[Use, int]
    waiting: int
    """Lines in force that could be used or are unknown, of which no person has said anything."""
    differing: int
    in_force: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line in the workbench. says: of the newest classification (None: none yet)."""

    name: str
    """licence:number."""
    licence: str
    number: int
    reference: str
    rating: str
    description: str
    destination: str
    onward: str
    end_user: str
    value: Decimal | None
    currency: str
    engine: EngineUse
    because: str
    route: str
    basis: str
    path: str
    grade: str
    attributed: int
    in_force: bool
    suspended: bool
    granted: bool
    reaches: bool
    person: Use | None
    reasons: str
    said_at: datetime | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsView:
    """The options as they were put."""

    recommended: Option
    advice: str
    advice_against: str
    consequences: tuple[Consequence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """What was decided. left: line -> exemptions that leave it. cutoff: of the assessment then current."""

    option: Option
    recommended: Option
    reasons: str
    against_reasons: str
    gates: tuple[str, ...]
    gate_reasons: str
    power: str
    limb: str
    terms: str
    review_by: date
    decided_on: date
    decided_at: datetime
    stopped: tuple[str, ...]
    left: Mapping[str, tuple[str, ...]]
    exemptions: tuple[str, ...]
    moratorium: Mapping[str, Any] | None
    assessment: str
    cutoff: date | None
    staleness: int | None
    """Days from the cut-off to the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change of circumstances, as known at a moment."""

    id: str
    version: int
    trigger: Trigger
    destinations: tuple[str, ...]
    happened_on: date
    words: str
    proposed_on: date
    answer_by: date
    state: State
    overdue: bool
    steps: tuple[StepView, ...]
    restrictions: tuple[RestrictionView, ...]
    """Holds, exemptions and moratoria that were made for it."""
    pending: Mapping[str, tuple[str, ...]]
    """Destination -> public ids of the cases that are not decided, oldest first."""
    assessments: tuple[AcceptedVersion, ...]
    stocktakes: tuple[StocktakeView, ...]
    """Oldest first; the last counts."""
    classified: Classified | None
    options: OptionsView | None
    decision: DecisionView | None
    skipped: tuple[str, ...]
    moratorium: str
    enforcement: tuple[Enforced, ...]
    may: tuple[Move, ...]
    """What the machine allows next, and a role of the viewer too."""
