"""Errors as pages in our look; for addresses of the API as the API says them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from penholder.actions.errors import AbsentError
from penholder.entry.access import access_of
from penholder.entry.errors import BadRequestError, CrossSiteError, Problem, problem_of
from penholder.entry.rest import problem_response
from penholder.kernel.errors import PenholderError
from penholder.people.web.pages import roles_for
from penholder.site.shell import Shell

API = "/api/"
_ONE = {"licence": "The licence", "person": "The person", "organisation": "The organisation"}
_MANY = {"register": "The register", "people": "People", "organisations": "Organisations", "inbox": "Your inbox"}
_ABOVE = _ONE | _MANY | {"me": "My account", "ledger": "The ledger"}
"""Name of a route -> how a link to it is called."""


def page_of(request: HttpRequest, error: PenholderError) -> HttpResponse:
    """The page of an error."""
    return _answer(request, problem_of(error))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return page_of(request, BadRequestError("the request cannot be read", hint="go back, and try again"))


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, where Django itself refuses."""
    return _answer(request, Problem(403, "refused", "You may not do this"))


def absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    hint = "check the address; what you may not know of looks the same"
    return page_of(request, AbsentError("there is nothing at this address", hint=hint))


def broken(request: HttpRequest) -> HttpResponse:
    """500. The page uses no database and no session."""
    request.shell = Shell(authority=settings.PENHOLDER_NAME)  # type: ignore[attr-defined]
    return page_of(request, PenholderError("something went wrong"))


def cross_site(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403, for a form that did not come from our pages, or whose cookie is gone."""
    hint = "go back, load the page again, and send it again; cookies must be allowed"
    return page_of(request, CrossSiteError("this form did not come from our pages, or is too old", hint=hint))


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    if request.path.startswith(API):
        return problem_response(problem)
    context: dict[str, Any] = {"problem": _in_names(request, problem), "ways": _ways_on(request, problem.status)}
    return render(request, "entry/problem.html", context, status=problem.status)


def _in_names(request: HttpRequest, problem: Problem) -> Problem:
    """The problem as a page says it: roles by their names, and no word of a change where nothing was sent."""
    if "cursor" in problem.fields:
        hint = "begin the list again: take the address up to the question mark"
        return Problem(problem.status, problem.code, "There is no such page of this list", hint=hint)
    if problem.code == "conflict" and request.method == "GET":
        return replace(problem, title="This cannot be done now")
    access = access_of(request.resolver_match.func) if request.resolver_match else None
    if problem.code != "refused" or access is None:
        return problem
    held = getattr(request, "shell", None)
    mine = ", ".join(held.roles if isinstance(held, Shell) else ()) or "none"
    able = ", ".join(roles_for(access.permission)) or "no role"
    return replace(
        problem,
        detail=f"None of your roles ({mine}) allows it",
        hint=f"it is for: {able}. An administrator grants roles",
    )


def _ways_on(request: HttpRequest, status: int) -> list[tuple[str, str]]:
    """Pages above this one, nearest first, and the first page: no error is a dead end."""
    shell: Any = getattr(request, "shell", None)
    if status >= 500 or not getattr(shell, "menu", ()):
        return []
    found = []
    above = request.path
    while above := above.rpartition("/")[0]:
        with suppress(Resolver404):
            name = resolve(above).url_name or ""
            if name in _ABOVE and not (status == 404 and name in _ONE):
                found.append((_ABOVE[name], above))
    return [*found, ("Home" if shell.is_for_everybody else "What needs you", shell.home)]
