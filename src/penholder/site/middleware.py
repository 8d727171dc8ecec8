"""Around every request: headers that browsers obey, a log that names nobody, errors as pages."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from time import perf_counter
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from penholder.entry.errors import (
    BadRequestError,
    NotSignedInError,
    SecondFactorError,
    SignInAgainError,
    TooLargeError,
)
from penholder.kernel.errors import PenholderError, StorageError
from penholder.site import problems

Handler = Callable[[HttpRequest], HttpResponse]
_OWN = "'self'"
_log = logging.getLogger("penholder.requests")
_errors = logging.getLogger("penholder.errors")


class SecurityHeaders:
    """Only our own scripts, styles and frames; no page with data is kept by browsers or proxies."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        origins = [f"{u.scheme}://{u.netloc}" for u in map(urlsplit, settings.PENHOLDER_FORM_TARGETS)]
        self.policy = "; ".join(
            settings.PENHOLDER_CONTENT_POLICY
            or (
                "default-src 'self'",
                "img-src 'self' data:",
                "object-src 'none'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                f"form-action {' '.join([_OWN, *origins])}",
            )
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and add the headers. A host that is not ours (ALLOWED_HOSTS) is refused before anything else."""
        request.get_host()
        response = self.get_response(request)
        response["Content-Security-Policy"] = self.policy
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        response["X-Frame-Options"] = "DENY"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class RequestLog:
    """One line per request: method, name of the route, status, milliseconds. Nothing of who asked for what."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and log it."""
        began = perf_counter()
        response = self.get_response(request)
        took = round((perf_counter() - began) * 1000)
        _log.info("%s %s %d %d ms", _method(request), _route(request), response.status_code, took)
        return response


def _method(request: HttpRequest) -> str:
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return str(request.method) if request.method in known else "OTHER"


def _route(request: HttpRequest) -> str:
    """The name or pattern of the route; never the path, which may hold an id."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else "-"


class Problems:
    """Errors that a page did not handle: as a page in our look, or the way to sign in. The API has its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer. A zero byte in the address is refused: PostgreSQL takes none, and no id and no word has one."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            error = BadRequestError("the address holds a zero byte", hint="leave it out")
            return problems.page_of(request, error)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an error that we know; None lets Django answer with 400, 404 or 500."""
        if isinstance(error, OperationalError):
            error = StorageError("the database is not available")
        if isinstance(error, RequestDataTooBig):
            error = TooLargeError("this is larger than is taken")
        if isinstance(error, NotSignedInError) and request.method == "GET":
            return _to(request, settings.LOGIN_URL)
        if isinstance(error, SecondFactorError) and request.method == "GET":
            return HttpResponseRedirect(resolve_url(settings.PENHOLDER_SECOND_FACTOR_URL))
        if isinstance(error, SignInAgainError):
            return _to(request, settings.PENHOLDER_SIGN_IN_AGAIN_URL)
        if isinstance(error, PenholderError):
            return problems.page_of(request, error)
        _errors.error("%s %s: %s", _method(request), _route(request), frames_of(error))
        return None


def _to(request: HttpRequest, page: str) -> HttpResponse:
    """A page of the sign-in, from which the person comes back to this one."""
    return HttpResponseRedirect(f"{resolve_url(page)}?{urlencode({'next': request.get_full_path()})}")


def frames_of(error: BaseException) -> str:
    """Where an error arose, and of which type. Its message is left out: it may repeat what was given."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " > ".join(f"{f.filename.rpartition('site-packages/')[2]}:{f.lineno} {f.name}" for f in frames[-12:])
    return f"{type(error).__name__} at {places}"
