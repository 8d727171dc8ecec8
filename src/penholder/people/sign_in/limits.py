"""How long a session lasts: eight hours in all, and for the staff half an hour without a request."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from penholder.entry.actor import BEGAN, actor_of_request
from penholder.people.roles import role_book

LONGEST = 8 * 60 * 60
IDLE = 30 * 60
SEEN = "penholder_session_seen"
"""Key of the session: its last request, in seconds since 1970."""
_STEP = 60
"""The last request is noted at most once in so many seconds: a page is no reason to write."""


class SessionLimits:
    """Ends sessions that are too old, or that nobody used. Placed after Django's own authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; as to somebody who is not signed in, where the session is over, or a token comes with it.

        What a token asks for is the token's: no page takes the person of the cookies for who asks.
        """
        if request.headers.get("Authorization"):
            request.user = AnonymousUser()
            _put_aside(request)
        elif request.user.is_authenticated:
            _check(request)
        return self.get_response(request)


def _put_aside(request: HttpRequest) -> None:
    """No page for a token reads the session of the cookies, or writes into it: its messages are another's."""
    request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()


def _check(request: HttpRequest) -> None:
    now, session = int(time.time()), request.session
    began, seen = session.setdefault(BEGAN, now), session.setdefault(SEEN, now)
    if now - began > LONGEST or (now - seen > IDLE and _is_staff(request)):
        logout(request)
    elif now - seen > _STEP:
        session[SEEN] = now


def _is_staff(request: HttpRequest) -> bool:
    book = role_book()
    return any(
        role not in book.roles or book.roles[role].family != "outside" for role in actor_of_request(request).roles
    )
