"""Who may come in: every route declares it, by one decorator; a route that declares nothing does not start."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

from penholder.actions import permissions
from penholder.entry.actor import actor_of_request, is_signed_in, lacks_second_factor
from penholder.entry.errors import NotSignedInError, SecondFactorError

PUBLIC = "public"
"""Anybody, signed in or not."""
SIGNED_IN = "signed-in"
"""Anybody who is signed in, with a second factor where a role of theirs asks for one."""
ONE_FACTOR = "one-factor"
"""Anybody who is signed in, so that they can set up their second factor."""

V = TypeVar("V", bound=Callable[..., Any])
Route = URLPattern | URLResolver


@dataclass(frozen=True, slots=True)
class Access:
    """What a route declares: a permission of the role table or one of the words above, and why."""

    permission: str
    why: str


def requires(permission: str | StrEnum, *, why: str) -> Callable[[V], V]:
    """Declare who may come in to a view, of pages or of the API (under the router's decorator).

    The view is only called for those; inside it `actor_of_request(request)` is who called.
    Raises: TypeError where no reason is given; at a request: NotSignedInError, SecondFactorError, RefusedError.
    """
    if not why.strip():
        raise TypeError("requires(...) needs why=: the reason why these people, and no others, may come in")
    access = Access(str(permission), why)

    def declare(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            check(request, access)
            return view(request, *args, **kwargs)

        # ninja reads types by the names of the module that the function is from: ours is another.
        with suppress(NameError):
            guarded.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
        guarded.access = access  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def check(request: HttpRequest, access: Access) -> None:
    """Raises: NotSignedInError, SecondFactorError, RefusedError where the caller may not come in."""
    if access.permission == PUBLIC:
        return
    actor = actor_of_request(request)
    if not is_signed_in(actor):
        raise NotSignedInError("nobody is signed in", hint="sign in, or send a token: Authorization: Bearer …")
    if access.permission == ONE_FACTOR:
        return
    if lacks_second_factor(request, actor):
        raise SecondFactorError(
            "a role that you hold asks for a second factor, and this session has none",
            hint="set up an authenticator app or a security key, then sign in again",
        )
    if access.permission != SIGNED_IN:
        permissions.require(actor, access.permission)


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view declares; None: nothing."""
    found = getattr(view, "access", None)
    return found if isinstance(found, Access) else None


def declared(routes: Sequence[Route], table: dict[str, tuple[str, str]]) -> list[Route]:
    """The routes of somebody else's app, each declared by its name in `table`; all others need a full sign-in.

    Args:
        table: name of a route -> (permission, why).
    """
    usual = (SIGNED_IN, "pages about the account of whoever is signed in")
    made: list[Route] = []
    for route in routes:
        if isinstance(route, URLResolver):
            inner = declared(route.url_patterns, table)
            made.append(URLResolver(route.pattern, inner, route.default_kwargs, route.app_name, route.namespace))
        else:
            permission, why = table.get(route.name or "", usual)
            view = requires(permission, why=why)(route.callback)
            made.append(URLPattern(route.pattern, view, route.default_args, route.name))
    return made


def undeclared(routes: Sequence[Route]) -> Iterator[str]:
    """The addresses of routes that declare nothing."""
    for route in routes:
        if isinstance(route, URLResolver):
            yield from (f"{route.pattern}{inner}" for inner in undeclared(route.url_patterns))
        elif access_of(route.callback) is None:
            yield str(route.pattern)
