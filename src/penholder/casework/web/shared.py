"""What every form of an act on a case shares: the case that it is about, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.values import Receipt
from penholder.casework.answers import CaseView, Inside
from penholder.casework.queries import case as case_of
from penholder.casework.web import words
from penholder.entry.actor import actor_of_request
from penholder.entry.views import ActPage

PAGE = "entry/act.html"


def seen_case(request: HttpRequest, **parts: Any) -> CaseView:
    """What the form is about, read once per request. Raises: AbsentError."""
    known = getattr(request, "penholder_case", None)
    if not isinstance(known, CaseView):
        known = case_of(viewer=actor_of_request(request), id=str(parts["case"]))
        request.penholder_case = known  # type: ignore[attr-defined]
    return known


def inside_of(request: HttpRequest, **parts: Any) -> Inside:
    """How the authority works on it. Raises: AbsentError for who may not see that."""
    found = seen_case(request, **parts).inside
    if found is None:
        raise AbsentError("there is no such page", hint="look at the case")
    return found


def state(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """The version that the viewer saw: of the application for exporters, of the case for officials."""
    return {"expected_version": seen_case(request, **parts).version}


def context(request: HttpRequest, **parts: Any) -> Mapping[str, Any]:
    """Caption and subject of the form."""
    found = seen_case(request, **parts)
    return {"caption": found.application.title, "seen": found, "words": words, "today": today()}


def back(**parts: Any) -> str:
    """The page of the case."""
    return reverse("case", args=[parts["case"]])


def then(_receipt: Receipt[Any], **parts: Any) -> str:
    """Back to the case."""
    return back(**parts)


def on_case(title: str, button: str, template: str = PAGE, **more: Any) -> ActPage:
    """A form of an act on a case."""
    given: dict[str, Any] = {"state": state, "context": context, "back": back, "then": then, **more}
    return ActPage(template, title, button, **given)
