"""Reads of the statements over HTTP. Changes are acts: POST /api/v1/acts/statements/…"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.statements import queries
from penholder.statements.values import PromiseState

router = Router(tags=["statements"])
_WHY = "what was said in public everybody signed in may read; what the assessment says is for officials"


class StatementRowOut(Schema):
    """One statement in the list. assessed: version that was accepted that day; empty: none. Counts of promises."""

    id: str
    destination: str
    said_on: date
    place: str
    speaker_role: str
    words: str
    assessed: str
    promises: int
    overdue: int


class StatementPageOut(Schema):
    """Some statements; `next_cursor` leads to the next."""

    items: list[StatementRowOut]
    next_cursor: str | None


class PromiseOut(Schema):
    """A promise, today. days_overdue: 0: not late."""

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
    source: str
    outcome_words: str
    replaced_by: str
    version: int


class PromisePageOut(Schema):
    """Some promises; `next_cursor` leads to the next."""

    items: list[PromiseOut]
    next_cursor: str | None


class ClaimOut(Schema):
    """What is claimed, and of which parts of an assessment it speaks."""

    words: str
    about: list[str]


class HeldOut(Schema):
    """What the assessment says of a part; null where you may not see it, or none was accepted that day."""

    part: str
    limb: str
    finding: str | None
    grounds: str | None
    gaps: list[str]
    despite_gaps: str


class BesideOut(Schema):
    """One claim, and what was held that day."""

    number: int
    claim: ClaimOut
    held: list[HeldOut]


class StatementOut(Schema):
    """What was said, beside what was held that day. age_days: of its information, on that day."""

    id: str
    destination: str
    said_on: date
    place: str
    speaker_role: str
    words: str
    source: str
    assessment: str
    assessed: str
    number: int
    age_days: int | None
    by_now: str | None
    is_link_late: bool
    sees_assessment: bool
    beside: list[BesideOut]
    promises: list[PromiseOut]

    @staticmethod
    def resolve_age_days(view: object) -> int | None:
        """Days from the cut-off to the day on which it was said."""
        age = view.age  # type: ignore[attr-defined]
        return age.days if age else None

    @staticmethod
    def resolve_by_now(view: object) -> str | None:
        """Public id of the version that was accepted that day by what is held now."""
        found = view.by_now  # type: ignore[attr-defined]
        return found.id if found else None


class Wanted(Schema):
    """Which statements, and which part of the list."""

    destination: Annotated[str, Field(max_length=200)] = ""
    cursor: str | None = None
    limit: int = USUAL


class WantedPromises(Schema):
    """Which promises, and which part of the list."""

    overdue: bool = False
    on: Annotated[date | None, Field(description="As of this day; absent: today.")] = None
    cursor: str | None = None
    limit: int = USUAL


class AsKnown(Schema):
    """As known when."""

    known: Annotated[AwareDatetime | None, Field(description="As our books held it then; absent: now.")] = None


@router.get("/statements", response=StatementPageOut, summary="Public statements, newest first.")
@requires(SIGNED_IN, why=_WHY)
def list_statements(request: HttpRequest, wanted: Query[Wanted]) -> object:
    """With what was promised in them."""
    return queries.statements(viewer=actor_of_request(request), **wanted.dict())


@router.get("/statements/{id}", response=StatementOut, summary="What was said beside what was held that day.")
@requires(SIGNED_IN, why=_WHY)
def one_statement(request: HttpRequest, id: str, asked: Query[AsKnown]) -> object:  # noqa: A002 - path parameter
    """Claim by claim."""
    return queries.statement(viewer=actor_of_request(request), id=id, known=asked.known)


@router.get("/promises", response=PromisePageOut, summary="Promises, soonest due first.")
@requires(SIGNED_IN, why="promises were made in public")
def list_promises(request: HttpRequest, wanted: Query[WantedPromises]) -> object:
    """All, or those that are overdue."""
    return queries.promises(viewer=actor_of_request(request), **wanted.dict())


@router.get("/promises/{id}", response=PromiseOut, summary="One promise.")
@requires(SIGNED_IN, why="promises were made in public")
def one_promise(request: HttpRequest, id: str) -> object:  # noqa: A002 - path parameter
    """Its due day, how late it is, and what became of it."""
    return queries.promise(viewer=actor_of_request(request), id=id)
