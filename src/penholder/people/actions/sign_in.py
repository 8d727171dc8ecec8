"""Whatever the pages of the sign-in write, they write inside this action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from penholder.actions.action import Run, action
from penholder.actions.errors import RefusedError
from penholder.people.events import SignedIn, SignInChanged
from penholder.people.values import PeoplePermission, SignInChange


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a page did: to whose account, what it changed, and by which methods the person signed in."""

    person: str
    changes: tuple[SignInChange, ...] = ()
    methods: tuple[str, ...] = ()


_page: ContextVar[Callable[[], Outcome | None] | None] = ContextVar("penholder_sign_in_page", default=None)


@contextmanager
def page_open(body: Callable[[], Outcome | None]) -> Iterator[None]:
    """Inside, `change_sign_in` runs `body`: a page of the sign-in."""
    token = _page.set(body)
    try:
        yield
    finally:
        _page.reset(token)


@action(permission=PeoplePermission.SIGN_IN, events=(SignInChanged, SignedIn), doors=())
def change_sign_in(run: Run, *, page: Annotated[str, Field(max_length=60, description="Name of the page")]) -> str:
    """Run one page of the sign-in, and record whose account it touched and how. Only the pages themselves do this.

    Gives the name of the page.
    """
    body = _page.get()
    if body is None:
        raise RefusedError(
            "how one signs in is changed only on the pages of the sign-in",
            hint="open /account/ in a browser",
        )
    outcome = body()
    if outcome is not None:
        for change in outcome.changes:
            run.record(SignInChanged(person=outcome.person, kind=change))
        if outcome.methods:
            run.record(SignedIn(person=outcome.person, methods=outcome.methods))
    return page
