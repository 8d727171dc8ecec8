"""Reads of reviews over HTTP: for officials. Changes are acts: POST /api/v1/acts/review/…"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.register.counting import count_bridge
from penholder.review import queries
from penholder.review.open_facts import OpenFact, facts_of
from penholder.review.policy import Day
from penholder.review.values import EngineUse, Move, Option, State, Trigger, Use

router = Router(tags=["review"])
_WHY = "reviews are for officials; everybody else is told that there is nothing"


class ChangeRowOut(Schema):
    """One change of circumstances in the list."""

    id: str
    trigger: Trigger
    destinations: list[str]
    happened_on: date
    proposed_on: date
    answer_by: date
    state: State
    overdue: bool


class ChangePageOut(Schema):
    """Some changes of circumstances; `next_cursor` leads to the next."""

    items: list[ChangeRowOut]
    next_cursor: str | None


class ChangeStepOut(Schema):
    """One move."""

    move: Move
    state: State
    on: date
    text: str
    review_by: date | None
    recorded_at: datetime


class ChangeStocktakeOut(Schema):
    """One run of the stocktake. `counts`: scope -> counts by use, values, causes, notices."""

    id: str
    on: date
    known: date | None
    title: str
    profile: str
    profile_sha256: str
    data_sha256: str
    rows_digest: str
    counts: dict[str, dict[str, Any]]


class ChangeClassifiedOut(Schema):
    """How the lines in force stand."""

    by_engine: dict[EngineUse, int]
    by_person: dict[Use, int]
    waiting: int
    differing: int
    in_force: int


class ChangeConsequenceOut(Schema):
    """What an option would do."""

    option: Option
    lines: int
    licences: int
    values: dict[str, Decimal]
    unvalued: int
    of_them_unknown: int


class ChangeOptionsOut(Schema):
    """The options as they were put."""

    recommended: Option
    advice: str
    advice_against: str
    consequences: list[ChangeConsequenceOut]


class ChangeDecisionOut(Schema):
    """What was decided. `staleness`: days from the cut-off of the assessment to the decision."""

    option: Option
    recommended: Option
    reasons: str
    against_reasons: str
    gates: list[str]
    gate_reasons: str
    power: str
    limb: str
    terms: str
    review_by: date
    decided_on: date
    stopped: list[str]
    left: dict[str, list[str]]
    exemptions: list[str]
    moratorium: dict[str, Any] | None
    assessment: str
    cutoff: date | None
    staleness: int | None


class ChangeEnforcedOut(Schema):
    """How one suspension reached the world. `shipped`: day, line, value, quantity."""

    licence: str
    reference: str
    lines: list[int]
    effective_on: date
    told_at: datetime
    message: str
    sent_at: datetime | None
    due: date | None
    acknowledged_at: datetime | None
    shipped: list[tuple[date, int, Decimal, Decimal]]


class ChangeOut(ChangeRowOut):
    """One change of circumstances."""

    version: int
    words: str
    steps: list[ChangeStepOut]
    pending: dict[str, list[str]]
    stocktakes: list[ChangeStocktakeOut]
    classified: ChangeClassifiedOut | None
    options: ChangeOptionsOut | None
    decision: ChangeDecisionOut | None
    skipped: list[str]
    moratorium: str
    enforcement: list[ChangeEnforcedOut]
    may: list[Move]


class FoundLineOut(Schema):
    """One line of the workbench: the engine's answer, and a person's beside it."""

    name: str
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
    differs: bool


class FoundLinePageOut(Schema):
    """Some lines; `next_cursor` leads to the next."""

    items: list[FoundLineOut]
    next_cursor: str | None


class ExemptionDayOut(Schema):
    """What an exemption let through on one day."""

    on: date
    lines: list[str]
    licences: int
    unknown: list[str]
    values: dict[str, Decimal]
    unvalued: int
    used: dict[str, Decimal]
    unreported: int

    @staticmethod
    def of(day: Day) -> ExemptionDayOut:
        """With lines as licence:number."""
        names = [f"{licence}:{number}" for licence, number in day.lines]
        unknown = [f"{licence}:{number}" for licence, number in day.unknown]
        return ExemptionDayOut(
            on=day.on, lines=names, licences=day.licences, unknown=unknown, values=dict(day.values),
            unvalued=day.unvalued, used=dict(day.used), unreported=day.unreported,
        )  # fmt: skip


class CountMoveOut(Schema):
    """One line or licence that came into the count (+1) or left it (-1)."""

    subject: str
    on: date
    by: str
    change: int


class BridgeOut(Schema):
    """Two counts and every move between them; `remainder` must be 0."""

    first: int
    last: int
    remainder: int
    moves: list[CountMoveOut]


class CountBridgeOut(Schema):
    """The bridge of lines and that of licences."""

    first: date
    last: date
    destination: str
    lines: BridgeOut
    licences: BridgeOut
    days_unknown: int


class ChangeFilter(Schema):
    """Which changes, and which part of the list."""

    state: State | None = None
    cursor: str | None = None
    limit: int = USUAL


class FoundLineFilter(Schema):
    """Which lines, and which part of the list. person: yes, no, unknown, none (nobody has said anything)."""

    engine: EngineUse | None = None
    person: Annotated[str, Field(pattern="^(yes|no|unknown|none)?$")] = ""
    in_force: bool | None = None
    suspended: bool | None = None
    differing: bool = False
    cursor: str | None = None
    limit: int = USUAL


class BetweenDays(Schema):
    """Which two days; known: what the first count was made with, and what is known for the last."""

    first: date
    last: date
    destination: Annotated[str, Field(max_length=400)] = ""
    first_known: AwareDatetime | None = None
    known: AwareDatetime | None = None


class ChangeAsKnown(Schema):
    """As known when."""

    known: AwareDatetime | None = None


class ExemptionUntil(ChangeAsKnown):
    """Up to which day."""

    until: date | None = None


@router.get("/changes", response=ChangePageOut, summary="Changes of circumstances, newest first.")
@requires(SIGNED_IN, why=_WHY)
def list_changes(request: HttpRequest, wanted: Query[ChangeFilter]) -> object:
    """By state."""
    return queries.changes(viewer=actor_of_request(request), **wanted.dict())


@router.get("/changes/{id}", response=ChangeOut, summary="One change of circumstances.")
@requires(SIGNED_IN, why=_WHY)
def one_change(request: HttpRequest, id: str, asked: Query[ChangeAsKnown]) -> object:  # noqa: A002 - path parameter
    """As known at a moment: steps, runs, classification, options, decision, and how it reached the world."""
    return queries.change(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get("/changes/{id}/lines", response=FoundLinePageOut, summary="The lines of the newest stocktake.")
@requires(SIGNED_IN, why=_WHY)
def lines_of_change(request: HttpRequest, id: str, wanted: Query[FoundLineFilter]) -> object:  # noqa: A002
    """With the engine's answer, a person's, and the reasons."""
    return queries.lines(viewer=actor_of_request(request), change=id, **wanted.dict())


class FactsOut(Schema):
    """What would change the answer for one line. use: as it is judged now; is_as_run: as the run did."""

    run: str
    use: EngineUse
    is_as_run: bool
    facts: list[OpenFact]


@router.get("/changes/{id}/lines/{name}/facts", response=FactsOut, summary="What would change a line's answer.")
@requires(SIGNED_IN, why=_WHY)
def facts_of_line(request: HttpRequest, id: str, name: str) -> object:  # noqa: A002 - path parameter
    """Of the newest stocktake: every fact that is open, or on which the answer turns. name: licence:number."""
    return facts_of(viewer=actor_of_request(request), change=id, name=name)


@router.get(
    "/restrictions/{id}/days", response=list[ExemptionDayOut], summary="What an exemption lets through, by day."
)
@requires(SIGNED_IN, why=_WHY)
def days_of_exemption(request: HttpRequest, id: str, asked: Query[ExemptionUntil]) -> object:  # noqa: A002
    """Each day since it was announced: lines that would be stopped but for it, value, and what was used since."""
    found = queries.exemption_days(
        viewer=actor_of_request(request), exemption=id, until=asked.until, known=asked.known
    )
    return [ExemptionDayOut.of(day) for day in found]


@router.get("/count-bridge", response=CountBridgeOut, summary="Why a count of suspensions moved.")
@requires(SIGNED_IN, why=_WHY)
def bridge_between(request: HttpRequest, asked: Query[BetweenDays]) -> object:
    """Every move between the two counts, by its reason."""
    return count_bridge(viewer=actor_of_request(request), **asked.dict())
