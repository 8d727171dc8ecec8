"""Reads of the restrictions over HTTP. Changes are acts: POST /api/v1/acts/restrictions/…"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.restrictions import queries
from penholder.restrictions.values import Kind, StepKind

router = Router(tags=["restrictions"])
_WHY = "what is public of restrictions everybody signed in may read; texts and proposals are for officials"


class MoratoriumMemberOut(Schema):
    """A destination of a moratorium, from a day until a day (exclusive; absent: still)."""

    destination: str
    valid_from: date | None
    valid_until: date | None


class RestrictionStepOut(Schema):
    """One step in its life. `where` and `reasons` are null where you may not read them."""

    kind: StepKind
    on: date
    destination: str
    where: str | None
    reasons: str | None


class RestrictionOut(Schema):
    """A moratorium, an exemption or a hold. `scope` is a condition; empty: every line."""

    id: str
    kind: Kind
    version: int
    limb: str
    scope: str
    scope_words: str
    legal_basis: str | None
    reasons: str | None
    advice_for: str | None
    advice_against: str | None
    conditions: str | None
    review_by: date
    cause: str
    valid_from: date | None
    valid_until: date | None
    in_force: bool
    overdue: bool
    is_over: bool
    destinations: list[str]
    members: list[MoratoriumMemberOut]
    steps: list[RestrictionStepOut]
    withheld: list[str]

    @staticmethod
    def resolve_members(view: object) -> list[MoratoriumMemberOut]:
        """Intervals as two days."""
        return [
            MoratoriumMemberOut(destination=m.destination, valid_from=m.valid.start, valid_until=m.valid.end)
            for m in view.members  # type: ignore[attr-defined]
        ]


class RestrictionPageOut(Schema):
    """Some restrictions; `next_cursor` leads to the next."""

    items: list[RestrictionOut]
    next_cursor: str | None


class GrantMatchOut(Schema):
    """A grant since the beginning of a moratorium: does it match then and now? null: not known."""

    subject: str
    line: int
    act: str
    on: date
    acted_on: date
    then: bool | None
    now: bool | None
    because: list[str]
    missing: list[str]
    exemptions: list[str]
    is_breach: bool


class GrantMatchesOut(Schema):
    """The grants that match a moratorium, or of which that is not known. `looked_at`: of how many."""

    moratorium: str
    since: date
    on: date
    looked_at: int
    found: list[GrantMatchOut]


class RestrictionFilter(Schema):
    """Which restrictions, and which part of the list."""

    kind: Kind | None = None
    cause: Annotated[str, Field(max_length=40)] = ""
    cursor: str | None = None
    limit: int = USUAL


class RestrictionAsOf(Schema):
    """As of a day (absent: today) and as known at a moment (absent: now)."""

    on: date | None = None
    known: AwareDatetime | None = None


@router.get("/restrictions", response=RestrictionPageOut, summary="Moratoria, exemptions and holds, as of today.")
@requires(SIGNED_IN, why=_WHY)
def list_restrictions(request: HttpRequest, wanted: Query[RestrictionFilter]) -> object:
    """By kind, then by id."""
    return queries.restrictions(viewer=actor_of_request(request), **wanted.dict())


@router.get("/restrictions/{id}", response=RestrictionOut, summary="One moratorium, exemption or hold.")
@requires(SIGNED_IN, why=_WHY)
def one_restriction(request: HttpRequest, id: str, asked: Query[RestrictionAsOf]) -> object:  # noqa: A002 - path parameter
    """As of a day, as known at a moment."""
    return queries.restriction(viewer=actor_of_request(request), id=id, on=asked.on, known=asked.known)


@router.get("/restrictions/{id}/grants", response=GrantMatchesOut, summary="Grants that match a moratorium.")
@requires(SIGNED_IN, why="lines of licences and what decided are for officials; others get 404")
def matching_grants(request: HttpRequest, id: str, asked: Query[RestrictionAsOf]) -> object:  # noqa: A002 - path parameter
    """Every grant, amendment and reinstatement since its beginning: as it stood then, and by the set of `on`."""
    known: datetime | None = asked.known
    return queries.matching(viewer=actor_of_request(request), moratorium=id, on=asked.on, known=known)
