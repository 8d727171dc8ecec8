"""Around every request of the shadow register: reads only, headers, menu, errors as pages.

The other sites use `site.middleware` and `site.problems`, which know people and need a database. Here is neither.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.entry.errors import BadRequestError, MethodError, Problem, problem_of
from penholder.kernel.errors import NotKnownError, PenholderError
from penholder.publication.shadow.urls import menu
from penholder.site.shell import MenuItem, Shell

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_log = logging.getLogger("penholder.requests")
_errors = logging.getLogger("penholder.errors")


class ReadOnly:
    """Only GET and HEAD; our headers; the shell of the page; known errors as pages. No cookie is ever set."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with one line in the log that names no address."""
        began = perf_counter()
        request.get_host()
        request.shell = _shell(request)  # type: ignore[attr-defined]
        response = self._answer(request)
        for name, value in _HEADERS.items():
            response[name] = value
        match = request.resolver_match
        route = match.url_name if match else "-"
        _log.info("%s %s %d %d ms", request.method, route, response.status_code, (perf_counter() - began) * 1000)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            error = MethodError("nothing can be sent to this register", hint="it is read-only: use GET")
            return page_of(request, error)
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return page_of(request, BadRequestError("the address holds a zero byte", hint="leave it out"))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of an error that we know; None lets Django answer."""
        if isinstance(error, PenholderError):
            return page_of(request, error)
        _errors.error("%s", type(error).__name__, exc_info=settings.DEBUG)
        return None


def _shell(request: HttpRequest) -> Shell:
    items = []
    for text, name in menu:
        href = reverse(name)
        current = request.path == href or (href != "/" and request.path.startswith(href + "/"))
        items.append(MenuItem(text, href, is_current=current))
    return Shell(authority=settings.PENHOLDER_NAME, menu=tuple(items), is_for_everybody=True)


def page_of(request: HttpRequest, error: PenholderError) -> HttpResponse:
    """The page of an error; JSON where JSON was asked for. What is missing here is missing for everybody."""
    problem = problem_of(error)
    if isinstance(error, NotKnownError):
        problem = Problem(404, problem.code, problem.title, error.message, error.hint)
    if request.path.endswith(".json"):
        kind = "application/problem+json"
        return JsonResponse(problem.document(), status=problem.status, content_type=kind)
    ways = [("Destinations", reverse("shadow-destinations")), ("Search", reverse("shadow-search"))]
    return render(request, "entry/problem.html", {"problem": problem, "ways": ways}, status=problem.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return page_of(request, BadRequestError("the request cannot be read", hint="go back, and try again"))


def absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page_of(request, NotKnownError("there is nothing at this address", hint="check the address"))


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return page_of(request, PenholderError("something went wrong"))
