"""Reads of this capability over HTTP. Changes are acts: POST /api/v1/acts/people/…"""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema

from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import USUAL
from penholder.people import queries, resets

router = Router(tags=["people"])


class TaskOut(Schema):
    """One task of an inbox."""

    id: str
    text: str
    subject: str
    whose: str
    who: str
    due_on: date | None
    is_overdue: bool
    created_at: datetime
    version: int


class TaskPage(Schema):
    """Some tasks; `next_cursor` leads to the next."""

    items: list[TaskOut]
    next_cursor: str | None


class PersonOut(Schema):
    """One line of the directory."""

    id: str
    title: str
    is_active: bool
    version: int
    roles: list[str]
    is_absent: bool


class PersonPage(Schema):
    """Some people; `next_cursor` leads to the next."""

    items: list[PersonOut]
    next_cursor: str | None


class OrganisationOut(Schema):
    """An organisation."""

    id: str
    name: str


class OrganisationPage(Schema):
    """Some organisations; `next_cursor` leads to the next."""

    items: list[OrganisationOut]
    next_cursor: str | None


class ResetOut(Schema):
    """A reset of a sign-in that waits for a second administrator."""

    id: str
    person: str
    title: str
    asked_by: str
    asked_by_title: str
    asked_at: datetime
    lapses_at: datetime
    is_own: bool
    may_confirm: bool
    may_refuse: bool
    is_for_the_server: bool


class Paging(Schema):
    """Which part of a list."""

    cursor: str | None = None
    limit: int = USUAL


@router.get("/inbox", response=TaskPage, summary="What waits for you.")
@requires(SIGNED_IN, why="gives only the caller's own tasks, and those of their teams and roles")
def inbox(request: HttpRequest, paging: Query[Paging]) -> object:
    """Open tasks, oldest first."""
    return queries.inbox(viewer=actor_of_request(request), cursor=paging.cursor, limit=paging.limit)


@router.get("/people", response=PersonPage, summary="The directory.")
@requires(SIGNED_IN, why="the staff see each other; people of exporters those of their own organisations")
def people(request: HttpRequest, paging: Query[Paging]) -> object:
    """People whom you may know of, by function, with the roles that they hold today."""
    return queries.directory(viewer=actor_of_request(request), cursor=paging.cursor, limit=paging.limit)


@router.get("/people/{id}", response=PersonOut, summary="One person.")
@requires(SIGNED_IN, why="as the directory")
def one_person(request: HttpRequest, id: str) -> object:  # noqa: A002 - the name of the path parameter
    """One line of the directory."""
    return queries.person(viewer=actor_of_request(request), id=id).row


@router.get("/organisations", response=OrganisationPage, summary="Exporters, and firms that act for them.")
@requires(SIGNED_IN, why="the staff see all; people of exporters their own")
def organisations(request: HttpRequest, paging: Query[Paging]) -> object:
    """Organisations that you may know of, by name."""
    return queries.organisations(viewer=actor_of_request(request), cursor=paging.cursor, limit=paging.limit)


@router.get("/sign-in-resets", response=list[ResetOut], summary="Resets of sign-ins that wait for a second word.")
@requires(SIGNED_IN, why="gives those of the caller's own sign-in; administrators see all")
def sign_in_resets(request: HttpRequest) -> object:
    """Oldest first, at most 20. `may_confirm`: by you."""
    return resets.resets_waiting(viewer=actor_of_request(request))
