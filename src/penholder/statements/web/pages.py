"""The list of statements, one beside what was held that day, and promises."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.assessment.web import words as assessment_words
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.register.place_names import place_names
from penholder.statements import queries
from penholder.statements.answers import PromiseView
from penholder.statements.values import PromiseState, StatementPermission
from penholder.statements.web import words

_WHY = "what was said in public everybody signed in may read; what the assessment says is for officials"


@requires(SIGNED_IN, why=_WHY)
def statement_list(request: HttpRequest) -> HttpResponse:
    """Newest first, with what was promised."""
    viewer = actor_of_request(request)
    destination = request.GET.get("destination", "").strip()
    page = queries.statements(viewer=viewer, destination=destination, cursor=request.GET.get("cursor") or None)
    tail = f"&destination={destination}" if destination else ""
    context = {
        "page": page,
        "destination": destination,
        "places": place_names(s.destination for s in page.items),
        "may_record": _may(viewer, StatementPermission.RECORD),
        "next": f"?cursor={page.next_cursor}{tail}" if page.next_cursor else None,
        "first": reverse("statements") if request.GET.get("cursor") else None,
        "as_of": today(),
    }
    return render(request, "statements/list.html", context)


@requires(SIGNED_IN, why=_WHY)
def statement_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """What was said, claim by claim beside what was held that day."""
    viewer = actor_of_request(request)
    found = queries.statement(viewer=viewer, id=public_id)
    context = {
        "found": found,
        "place": place_names([found.destination])[found.destination],
        "words": words,
        "assessed": assessment_words,
        "may_promise": _may(viewer, StatementPermission.PROMISE),
        "as_of": today(),
    }
    return render(request, "statements/statement.html", context)


@requires(SIGNED_IN, why="promises were made in public")
def promise_list(request: HttpRequest) -> HttpResponse:
    """Soonest due first; all, or those that are overdue."""
    viewer = actor_of_request(request)
    overdue = request.GET.get("show") == "overdue"
    page = queries.promises(viewer=viewer, overdue=overdue, cursor=request.GET.get("cursor") or None)
    address = reverse("promises")
    tail = "&show=overdue" if overdue else ""
    context = {
        "tabs": [
            {"text": "All", "href": address, "current": not overdue},
            {
                "text": "Overdue",
                "href": f"{address}?show=overdue",
                "current": overdue,
                "count": queries.overdue_count(),
            },
        ],
        "page": page,
        "words": words,
        "places": place_names(p.destination for p in page.items),
        "next": f"?cursor={page.next_cursor}{tail}" if page.next_cursor else None,
        "first": f"{address}?{tail.lstrip('&')}" if request.GET.get("cursor") else None,
        "as_of": today(),
    }
    return render(request, "statements/promises.html", context)


@requires(SIGNED_IN, why="promises were made in public")
def promise_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One promise, how late it is, and what became of it."""
    viewer = actor_of_request(request)
    found = queries.promise(viewer=viewer, id=public_id)
    context = {
        "found": found,
        "words": words,
        "place": place_names([found.destination])[found.destination],
        "possible": _possible(viewer, found),
        "as_of": today(),
    }
    return render(request, "statements/promise.html", context)


def _possible(viewer: Actor, found: PromiseView) -> list[dict[str, Any]]:
    if found.state is not PromiseState.OPEN:
        return []
    ways = (
        (StatementPermission.KEEP, "It was kept", "promise-keep"),
        (StatementPermission.REPLACE, "It was replaced", "promise-replace"),
    )
    return [{"text": text, "href": reverse(name, args=[found.id])} for p, text, name in ways if _may(viewer, p)]


def _may(viewer: Actor, permission: str) -> bool:
    return authority().role_for(viewer, permission) is not None
