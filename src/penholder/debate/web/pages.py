"""What everybody reads of the debate, and what an account reads about itself."""

from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError, InvalidError
from penholder.actions.moment import now, today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.debate import pages
from penholder.debate.queries import counted, moderating, own, reading
from penholder.debate.values import DebatePermission, Kind, Measure
from penholder.debate.web import words
from penholder.entry.access import PUBLIC, SIGNED_IN, requires
from penholder.entry.actor import actor_of_request, is_signed_in

_OPEN = "the debate is public: everybody reads it"
_OWN = "shows the caller's own data of the debate, and nobody else's"


@requires(PUBLIC, why=_OPEN)
def index(request: HttpRequest) -> HttpResponse:
    """What the debate is, and where everything is."""
    viewer = actor_of_request(request)
    context = {
        "versions": reading.versions(viewer=viewer),
        "lately": [(row, pages.title_of(row.kind, row.page)) for row in reading.lately(viewer=viewer)],
        "is_signed_in": is_signed_in(viewer),
        "mine": own.mine(viewer=viewer),
        "may_moderate": may(viewer, DebatePermission.MODERATE),
        "may_set_rules": may(viewer, DebatePermission.RULES),
        "may_enter": may(viewer, DebatePermission.MEMBERSHIP),
        "as_of": today(),
    }
    return render(request, "debate/index.html", context)


@requires(PUBLIC, why=_OPEN)
def thread_list(request: HttpRequest, kind: str, page: str) -> HttpResponse:
    """The debate on one page of the site."""
    viewer = actor_of_request(request)
    named = kind_of(kind)
    oldest = request.GET.get("order") == "oldest"
    cursor = request.GET.get("cursor") or None
    found = reading.threads(viewer=viewer, kind=named, page=page, oldest=oldest, cursor=cursor)
    title, about = pages.check_exists(named, page)
    here = reverse("debate-page", args=[kind, page])
    tail = "&order=oldest" if oldest else ""
    context = {
        "title": f"Debate: {title}",
        "about": about,
        "kind": kind,
        "page_id": page,
        "threads": found.items,
        "number": reading.count_on(kind=named, page=page),
        "orders": [
            {"text": "Newest first", "href": here, "current": not oldest},
            {"text": "Oldest first", "href": f"{here}?order=oldest", "current": oldest},
        ],
        "next": f"?cursor={found.next_cursor}{tail}" if found.next_cursor else None,
        "first": f"{here}?{tail.lstrip('&')}" if cursor else None,
        **_acts(viewer, named, page),
    }
    return render(request, "debate/page.html", context)


@requires(PUBLIC, why=_OPEN)
def thread_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole thread of a comment."""
    viewer = actor_of_request(request)
    cursor = request.GET.get("cursor") or None
    root, replies = reading.thread(viewer=viewer, id=public_id, cursor=cursor)
    title, _ = pages.page_of(root.kind, root.page) or (root.page, "")
    context = {
        "title": f"Thread: {title}",
        "root": root,
        "replies": replies.items,
        "next": f"?cursor={replies.next_cursor}" if replies.next_cursor else None,
        "first": reverse("debate-thread", args=[root.id]) if cursor else None,
        **_acts(viewer, root.kind, root.page),
    }
    return render(request, "debate/thread.html", context)


@requires(PUBLIC, why=_OPEN)
def rules_page(request: HttpRequest) -> HttpResponse:
    """The house rules in force, and every earlier version."""
    viewer = actor_of_request(request)
    context = {
        "versions": reading.versions(viewer=viewer),
        "mine": own.mine(viewer=viewer),
        "may_accept": may(viewer, DebatePermission.POST),
        "as_of": today(),
    }
    return render(request, "debate/rules.html", context)


@requires(PUBLIC, why="the figures of moderation are public")
def report_page(request: HttpRequest) -> HttpResponse:
    """What moderators did, in figures; each leads to its rows."""
    found = reading.report(viewer=actor_of_request(request), **_days(request))
    query = request.GET.urlencode()
    context = {"found": found, "words": words, "query": query, "as_of": found.last, "known_at": found.as_of}
    context["titled"] = titled(request)
    return render(request, "debate/report.html", context)


@requires(PUBLIC, why="the figures of moderation are public")
def report_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table: figure, rule, number."""
    found = reading.report(viewer=actor_of_request(request), **_days(request))
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="moderation.csv"'
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(["first", "last", "figure", "rule", "number"])
    for f in found.figures:
        number = "" if f.number is None else f.number
        writer.writerow([found.first.isoformat(), found.last.isoformat(), f.name, f.rule, number])
    return response


@requires(PUBLIC, why="every measure is public, without the person and the text")
def measure_list(request: HttpRequest) -> HttpResponse:
    """Every measure, newest first."""
    viewer = actor_of_request(request)
    wanted = request.GET.get("measure", "")
    if wanted and wanted not in list(Measure):
        raise AbsentError(f"there is no measure {wanted!r}", hint=f"measures: {', '.join(Measure)}")
    rule = request.GET.get("rule", "")
    cursor = request.GET.get("cursor") or None
    measure = Measure(wanted) if wanted else None
    days = _days(request)
    found = reading.measures(
        viewer=viewer, measure=measure, rule=rule, cursor=cursor, first=days["first"], last=days["last"]
    )
    query = request.GET.copy()
    query.pop("cursor", None)
    tail = f"&{query.urlencode()}" if query else ""
    here = reverse("debate-measures")
    tabs = [{"text": "All", "href": here, "current": not wanted}]
    tabs += [{"text": words.MEASURES[m], "href": f"{here}?measure={m}", "current": wanted == m} for m in Measure]
    context = {
        "page": found,
        "titled": titled(request),
        "tabs": tabs,
        "rule": rule,
        "words": words,
        "next": f"?cursor={found.next_cursor}{tail}" if found.next_cursor else None,
        "first": f"{here}?{query.urlencode()}" if cursor else None,
        "as_of": today(),
    }
    return render(request, "debate/measures.html", context)


@requires(PUBLIC, why="what the figures count is public, without persons and texts")
def figure_rows(request: HttpRequest) -> HttpResponse:
    """What a figure counts, one by one."""
    figure, rule = request.GET.get("figure", ""), request.GET.get("rule", "")
    cursor = request.GET.get("cursor") or None
    days = _days(request)
    part = counted.Part(first=days["first"], last=days["last"], cursor=cursor)
    found = counted.rows(viewer=actor_of_request(request), figure=figure, rule=rule, part=part)
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "title": words.FIGURES[figure],
        "titled": titled(request),
        "page": found,
        "rule": rule,
        "next": f"?cursor={found.next_cursor}&{query.urlencode()}" if found.next_cursor else None,
        "first": f"?{query.urlencode()}" if cursor else None,
        "as_of": today(),
    }
    return render(request, "debate/rows.html", context)


def titled(request: HttpRequest) -> dict[str, str]:
    """House rule -> its title."""
    return words.rule_titles(reading.versions(viewer=actor_of_request(request)))


@requires(SIGNED_IN, why=_OWN)
def my_page(request: HttpRequest) -> HttpResponse:
    """Measures on oneself with their reasons, own reports with their outcomes, appeals."""
    viewer = actor_of_request(request)
    found = own.mine(viewer=viewer)
    may_join = may(viewer, DebatePermission.JOIN) and not found.member
    context = {"found": found, "words": words, "may_join": may_join, "titled": titled(request), "as_of": today()}
    return render(request, "debate/mine.html", context)


@requires(SIGNED_IN, why=_OWN)
def my_export(request: HttpRequest) -> HttpResponse:
    """All that the account has in the debate, as JSON."""
    response = JsonResponse(own.export(viewer=actor_of_request(request)), json_dumps_params={"indent": 1})
    response["Content-Disposition"] = 'attachment; filename="my-debate.json"'
    return response


@requires(SIGNED_IN, why="a statement of reasons is for its person, and for moderators")
def statement_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """A statement of reasons, and what can be done against the measure."""
    viewer = actor_of_request(request)
    found = own.statement(viewer=viewer, id=public_id)
    is_mine = any(s.id == found.id for s in own.mine(viewer=viewer).statements)
    context = {"found": found, "words": words, "is_mine": is_mine, "as_of": today()}
    return render(request, "debate/statement.html", context)


@requires(SIGNED_IN, why="an appeal is for whoever lodged it, and for moderators")
def appeal_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """An appeal, and how it was decided."""
    viewer = actor_of_request(request)
    found = moderating.appeal(viewer=viewer, id=public_id)
    decides = may(viewer, DebatePermission.DECIDE_APPEAL) and found.outcome is None
    is_mine = any(a.id == found.id for a in own.mine(viewer=viewer).appeals)
    context = {
        "found": found,
        "words": words,
        "may_decide": decides and not is_mine,
        "known_at": now(),
        "as_of": today(),
    }
    return render(request, "debate/appeal.html", context)


def kind_of(kind: str) -> Kind:
    """Raises: AbsentError: there is no such kind of page."""
    if kind not in list(Kind):
        raise AbsentError(f"there is no debate on pages of the kind {kind!r}", hint=f"kinds: {', '.join(Kind)}")
    return Kind(kind)


def may(viewer: Actor, permission: DebatePermission) -> bool:
    """Does a role of the viewer give it?"""
    return authority().role_for(viewer, permission) is not None


def _acts(viewer: Actor, kind: Kind, page: str) -> dict[str, Any]:
    """What the page offers: the acts themselves say who may."""
    return {
        "words": words,
        "is_signed_in": is_signed_in(viewer),
        "may_post": may(viewer, DebatePermission.POST),
        "may_report": may(viewer, DebatePermission.REPORT),
        "may_moderate": may(viewer, DebatePermission.MODERATE),
        "mine": own.mine(viewer=viewer) if is_signed_in(viewer) else None,
        "own": own.own_on(viewer=viewer, kind=kind, page=page) if is_signed_in(viewer) else {},
        "as_of": today(),
    }


def _days(request: HttpRequest) -> dict[str, date | None]:
    """The days of the address. Raises: InvalidError."""
    found: dict[str, date | None] = {}
    for name in ("first", "last"):
        text = request.GET.get(name, "")
        try:
            found[name] = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise InvalidError(
                f"{name} {text[:20]!r} is no day", hint="write 2026-11-22", fields={name: "is no day"}
            ) from error
    return found
