"""Who is calling: the actor of a request, by token or by session. What people are is known on a higher floor."""

from __future__ import annotations

import time
from datetime import date
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.http import HttpRequest

from penholder.actions import moment
from penholder.actions.errors import RefusedError
from penholder.actions.permissions import authority
from penholder.actions.values import NOBODY, Actor, ActorKind
from penholder.entry.errors import NotSignedInError

WAYS_KEY = "account_authentication_methods"
"""Where allauth keeps, in the session, how it began (allauth.account.authentication)."""
BEGAN = "penholder_session_began"
"""Key of the session: when it began, in seconds since 1970."""
_STRONG = frozenset({"mfa", "socialaccount"})
"""Ways of signing in that count as two factors: a code or key of ours, or the authority's own single sign-on."""


class Actors(Protocol):
    """What entry asks of people: the module that settings.PENHOLDER_ACTORS names."""

    def actor_of(self, user: Any, *, on: date) -> Actor:
        """The actor that a signed-in user is on a day."""

    def actor_of_token(self, text: str) -> Actor:
        """The actor of an API token. Raises: RefusedError."""


def actors() -> Actors:
    """The configured module."""
    return cast("Actors", import_module(settings.PENHOLDER_ACTORS))


def actor_of_request(request: HttpRequest) -> Actor:
    """Who is calling; NOBODY where nobody is signed in. Read once per request.

    A request with a token is that token's, whatever cookies come with it. Raises: NotSignedInError: a bad token.
    """
    known = getattr(request, "penholder_actor", None)
    if not isinstance(known, Actor):
        header = request.headers.get("Authorization", "")
        known = _of_token(header) if header else _of_session(request)
        request.penholder_actor = known  # type: ignore[attr-defined]
    return known


def _of_token(header: str) -> Actor:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedInError("the header Authorization holds no bearer token", hint="Authorization: Bearer …")
    try:
        return actors().actor_of_token(token.strip())
    except RefusedError as error:
        raise NotSignedInError(error.message, hint=error.hint) from error


def _of_session(request: HttpRequest) -> Actor:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return NOBODY
    return actors().actor_of(user, on=moment.today())


def is_signed_in(actor: Actor) -> bool:
    """Is it anybody?"""
    return actor.kind is not ActorKind.ANONYMOUS


def lacks_second_factor(request: HttpRequest, actor: Actor) -> bool:
    """Does a role of the actor ask for two factors, and did this session begin with one?

    A token stands for both: it can only be made in a session that had them. Where the authority does not say
    which roles need two factors, all do.
    """
    if request.headers.get("Authorization"):
        return False
    needs = getattr(authority(), "needs_second_factor", None)
    if needs is not None and not needs(actor):
        return False
    return not any(way.get("method") in _STRONG for way in request.session.get(WAYS_KEY, ()))


def was_asked_lately(request: HttpRequest) -> bool:
    """Did whoever calls sign in, or show again that it is they, a few minutes ago? A token shows nothing of it."""
    if request.headers.get("Authorization"):
        return False
    session = request.session
    last = max(session.get(BEGAN, 0), *(way.get("at", 0) for way in session.get(WAYS_KEY, ())), 0)
    passed: float = time.time() - last
    return 0 <= passed < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
