"""The unlocked key of an officer: in the session, under a key that only a cookie holds. And what is counted after.

Who has the memory of sessions has a sealed key; who has the cookie has nothing to open with it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from penholder.concerns import refusals, unlocked
from penholder.concerns.unlocked import HEADER, Source
from penholder.vault.crypto import KEY_BYTES, Binding, seal, unseal
from penholder.vault.errors import VaultIntegrityError

_SEALED = "penholder_concern_key"
"""Key of the session."""
_BINDING = Binding("unlocked key", "session", "session")


def cookie_name() -> str:
    """Of the cookie with the key of the sealed key."""
    return "__Host-unlock" if settings.SESSION_COOKIE_SECURE else "unlock"


class Unlocked:
    """Lets the acts and questions of a request use the key of whoever asks. Stands after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; then record answers that were refused because they said nothing."""
        with unlocked.using(_source(request)):
            response = self.get_response(request)
        if request.method == "POST":
            refusals.record_waiting()
        if request.resolver_match and getattr(request.resolver_match.func, "csrf_exempt", False):
            response["Referrer-Policy"] = "no-referrer"  # pages that take no cookie say nothing at all
        return response


def _source(request: HttpRequest) -> Source | None:
    passphrase = request.headers.get(HEADER)
    if passphrase:
        return Source(passphrase=lambda: passphrase)
    cookie = request.COOKIES.get(cookie_name())
    if not cookie or _SEALED not in request.session:
        return None
    try:
        key = base64.urlsafe_b64decode(cookie)
        sealed = base64.b64decode(request.session[_SEALED])
        return Source(private=unseal(sealed, key=key, binding=_BINDING)) if len(key) == KEY_BYTES else None
    except (ValueError, VaultIntegrityError):
        return None


def keep(request: HttpRequest, response: HttpResponse, private: bytes) -> None:
    """Keep the unlocked key for the session."""
    key = os.urandom(KEY_BYTES)
    request.session[_SEALED] = base64.b64encode(seal(private, key=key, binding=_BINDING)).decode()
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(key).decode(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Lock it again."""
    request.session.pop(_SEALED, None)
    response.delete_cookie(cookie_name(), samesite="Strict")
