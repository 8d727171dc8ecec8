"""Reads of the debate over HTTP: everybody reads what is public. Changes are acts: POST /api/v1/acts/debate/…"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from penholder.debate.queries import moderating, own, reading
from penholder.debate.values import (
    CommentState,
    Kind,
    Measure,
    Outcome,
    Redress,
    Scope,
    Source,
)
from penholder.entry.access import PUBLIC, SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL

router = Router(tags=["debate"])
_OPEN = "the debate is public: everybody reads it"
_OWN = "shows the caller's own data of the debate, and nobody else's"


class RuleOut(Schema):
    """A house rule."""

    id: str
    title: str
    text: str


class RulesOut(Schema):
    """A version of the house rules."""

    version: str
    rules: list[RuleOut]
    sha256: str
    valid_from: date


class PageOut(Schema):
    """A page of the site that has comments."""

    kind: Kind
    page: str
    number: int
    newest: datetime


class TombstoneOut(Schema):
    """Why a text is not shown."""

    measure: str
    rule: str
    title: str
    version: str
    at: datetime


class CommentOut(Schema):
    """A comment as everybody sees it; html null: not shown."""

    id: str
    kind: Kind
    page: str
    parent: str
    depth: int
    name: str | None
    posted_at: datetime
    is_edited: bool
    shown: str
    html: str | None
    tombstone: TombstoneOut | None
    restored_on: date | None


class ThreadOut(Schema):
    """A comment with the first of its replies; more: how many there are beside those."""

    root: CommentOut
    replies: list[CommentOut]
    more: int


class ThreadPageOut(Schema):
    """Some threads; `next_cursor` leads to the next."""

    items: list[ThreadOut]
    next_cursor: str | None


class RepliesOut(Schema):
    """A thread: its first comment, and replies in their places; `next_cursor` leads to the next."""

    root: CommentOut
    items: list[CommentOut]
    next_cursor: str | None


class MeasureOut(Schema):
    """A measure, without the person and the text."""

    id: str
    measure: Measure
    rule: str
    version: str
    source: Source
    at: datetime
    until: datetime | None
    comment: str
    ended: str
    ended_at: datetime | None
    appeal: str


class MeasurePageOut(Schema):
    """Some measures; `next_cursor` leads to the next."""

    items: list[MeasureOut]
    next_cursor: str | None


class FigureOut(Schema):
    """One number; rule empty: all rules."""

    name: str
    rule: str
    number: int | None


class ReportOut(Schema):
    """The figures of some days."""

    first: date
    last: date
    as_of: datetime
    figures: list[FigureOut]


class StatementOut(Schema):
    """A statement of reasons."""

    id: str
    measure_id: str
    measure: Measure
    scope: Scope
    at: datetime
    until: datetime | None
    facts: str | None
    source: Source
    found_by_machine: bool
    decided_by_machine: bool
    rule: RuleOut
    version: str
    redress: Redress
    appeal_until: date
    comment: str
    text: str | None
    ended_at: datetime | None
    ended: str
    appeal: str
    may_appeal: bool


class AppealOut(Schema):
    """An appeal."""

    id: str
    measure: Measure
    measure_id: str
    statement: str
    comment: str
    lodged_at: datetime
    grounds: str | None
    outcome: Outcome | None
    decided_at: datetime | None
    reasons: str | None
    is_overdue: bool
    version: int


class QueueRowOut(Schema):
    """A comment that waits for a moderator."""

    comment: str
    kind: Kind
    page: str
    state: CommentState
    since: datetime
    hours: int
    reports: int
    rules: list[str]


class QueueOut(Schema):
    """Some that wait; `next_cursor` leads to the next."""

    items: list[QueueRowOut]
    next_cursor: str | None


class Wanted(Schema):
    """Which part of a list."""

    cursor: str | None = None
    limit: int = USUAL


class WantedThreads(Wanted):
    """Which threads."""

    oldest: bool = False
    limit: int = reading.ROOTS


class Days(Schema):
    """Which days."""

    first: date | None = None
    last: date | None = None


class WantedMeasures(Wanted):
    """Which measures."""

    measure: Measure | None = None
    rule: Annotated[str, Field(max_length=40)] = ""
    first: date | None = None
    last: date | None = None


@router.get(
    "/debate/rules", response=list[RulesOut], summary="Every version of the house rules, newest first.", auth=None
)
@requires(PUBLIC, why=_OPEN)
def all_rules(request: HttpRequest) -> object:
    """Those to come, too."""
    return list(reading.versions(viewer=actor_of_request(request)))


@router.get(
    "/debate/pages", response=list[PageOut], summary="The pages with the newest comments, at most 20.", auth=None
)
@requires(PUBLIC, why=_OPEN)
def pages_lately(request: HttpRequest) -> object:
    """The newest first."""
    return list(reading.lately(viewer=actor_of_request(request)))


@router.get("/debate/pages/{kind}/{page}", response=ThreadPageOut, summary="The debate on a page.", auth=None)
@requires(PUBLIC, why=_OPEN)
def page_threads(request: HttpRequest, kind: Kind, page: str, wanted: Query[WantedThreads]) -> object:
    """Threads, each with its first replies."""
    return reading.threads(viewer=actor_of_request(request), kind=kind, page=page, **wanted.dict())


@router.get("/debate/comments/{id}", response=RepliesOut, summary="The thread of a comment.", auth=None)
@requires(PUBLIC, why=_OPEN)
def one_thread(request: HttpRequest, id: str, wanted: Query[Wanted]) -> object:  # noqa: A002 - path parameter
    """Its first comment, and all replies in their places."""
    root, replies = reading.thread(viewer=actor_of_request(request), id=id, **wanted.dict())
    return {"root": root, "items": replies.items, "next_cursor": replies.next_cursor}


@router.get("/debate/measures", response=MeasurePageOut, summary="Every measure, newest first.", auth=None)
@requires(PUBLIC, why=_OPEN)
def list_measures(request: HttpRequest, wanted: Query[WantedMeasures]) -> object:
    """Without persons and texts."""
    return reading.measures(viewer=actor_of_request(request), **wanted.dict())


@router.get("/debate/report", response=ReportOut, summary="Moderation in figures.", auth=None)
@requires(PUBLIC, why=_OPEN)
def figures(request: HttpRequest, wanted: Query[Days]) -> object:
    """The same can be counted from the public log."""
    return reading.report(viewer=actor_of_request(request), **wanted.dict())


@router.get("/debate/mine", summary="All that the caller has in the debate.", response=dict[str, Any])
@requires(SIGNED_IN, why=_OWN)
def my_data(request: HttpRequest) -> object:
    """Own texts, hidden ones too, measures with their reasons, reports with their outcomes, appeals."""
    return own.export(viewer=actor_of_request(request))


@router.get("/debate/statements/{id}", response=StatementOut, summary="A statement of reasons.")
@requires(SIGNED_IN, why="a statement of reasons is for its person, and for moderators")
def one_statement(request: HttpRequest, id: str) -> object:  # noqa: A002 - path parameter
    """For its person, and for moderators."""
    return own.statement(viewer=actor_of_request(request), id=id)


@router.get("/debate/appeals/{id}", response=AppealOut, summary="An appeal.")
@requires(SIGNED_IN, why="an appeal is for whoever lodged it, and for moderators")
def one_appeal(request: HttpRequest, id: str) -> object:  # noqa: A002 - path parameter
    """For whoever lodged it, and for moderators."""
    return moderating.appeal(viewer=actor_of_request(request), id=id)


@router.get("/debate/queue", response=QueueOut, summary="What waits for moderators, longest first.")
@requires("debate.moderate", why="moderators read what was reported, and decide on it")
def queue(request: HttpRequest, wanted: Query[Wanted]) -> object:
    """Without what is about the caller."""
    return moderating.queue(viewer=actor_of_request(request), **wanted.dict())
