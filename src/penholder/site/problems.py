"""Errors as pages in our look; for addresses of the API as the API says them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from penholder.actions.errors import AbsentError
from penholder.entry.errors import BadRequestError, CrossSiteError, Problem, problem_of
from penholder.entry.rest import problem_response
from penholder.kernel.errors import PenholderError
from penholder.site.shell import Shell

API = "/api/"


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
    context: dict[str, Any] = {"problem": problem}
    return render(request, "entry/problem.html", context, status=problem.status)
