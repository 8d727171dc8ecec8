"""The list of cases, and the page of one: overview, goods, parties, advice, findings, documents, timeline."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.casework import queries
from penholder.casework.answers import CaseRow, CaseView
from penholder.casework.timeline import timeline
from penholder.casework.values import CaseStatus, CaseworkPermission
from penholder.casework.web import decision_words, way, words
from penholder.casework.web.called import called, cited_in, dissented_from
from penholder.casework.web.decision_pages import decision_context
from penholder.casework.web.tasks import next_tasks
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.timeline import Happening
from penholder.people import queries as people
from penholder.people.roles import role_name
from penholder.register.place_names import place_names

_WHY = "exporters see their own cases without what the authority thinks of them; officials see what was submitted"
_WAITING: Mapping[CaseworkPermission, CaseStatus] = {
    CaseworkPermission.DRAFT: CaseStatus.DRAFT,
    CaseworkPermission.ACCEPT: CaseStatus.SUBMITTED,
    CaseworkPermission.RATE: CaseStatus.UNDER_REVIEW,
    CaseworkPermission.CIRCULATE: CaseStatus.UNDER_REVIEW,
    CaseworkPermission.ADVISE: CaseStatus.DEPARTMENTS_ADVISING,
    CaseworkPermission.PROPOSE: CaseStatus.FINAL_REVIEW,
    CaseworkPermission.COUNTERSIGN: CaseStatus.COUNTERSIGN,
    CaseworkPermission.DECIDE: CaseStatus.FOR_DECISION,
    CaseworkPermission.DECIDE_APPEAL: CaseStatus.UNDER_APPEAL,
}
"""In which status a case waits for whoever has a permission."""
TABS = ("overview", "goods", "parties", "advice", "findings", "decision", "documents", "timeline")
OUTSIDE = frozenset({"advice", "findings"})
"""Tabs that exporters do not have."""


@requires(SIGNED_IN, why=_WHY)
def case_list(request: HttpRequest) -> HttpResponse:
    """Open, waiting for the viewer, late, all; with a cursor."""
    viewer = actor_of_request(request)
    shown = request.GET.get("show", "open")
    asked: dict[str, Any] = {"cursor": request.GET.get("cursor") or None}
    if shown == "mine":
        asked["statuses"] = waiting_for(viewer)
    elif shown != "all":
        shown = "late" if shown == "late" else "open"
        asked["open_only"] = True
    status = request.GET.get("status", "")
    if status in list(CaseStatus):
        asked["status"] = CaseStatus(status)
    destination = request.GET.get("destination", "").strip()
    page = _page(viewer, shown, asked | {"destination": destination})
    tail = "".join(f"&{n}={v}" for n, v in (("status", status), ("destination", destination)) if v)
    items, next_cursor = page
    context = {
        "tabs": _list_tabs(shown),
        "items": items,
        "places": place_names(p for row in items for p in (row.destination, *row.onward)),
        "exporters": people.organisation_names(viewer=viewer, ids=[row.exporter for row in items]),
        "next": f"?show={shown}&cursor={next_cursor}{tail}" if next_cursor else None,
        "first": f"?show={shown}{tail}" if asked["cursor"] else None,
        "may_apply": may(viewer, CaseworkPermission.DRAFT) and bool(viewer.organisations),
        "sees_lists": may(viewer, CaseworkPermission.LOAD_LIST) or may(viewer, CaseworkPermission.SCREEN),
        "destination": destination,
        "words": words,
        "as_of": today(),
    }
    return render(request, "casework/list.html", context)


def _page(viewer: Actor, shown: str, asked: Mapping[str, Any]) -> tuple[tuple[CaseRow, ...], str | None]:
    if shown == "late":
        return queries.late_cases(viewer=viewer), None
    if shown == "mine" and not asked["statuses"]:
        return (), None
    page = queries.cases(viewer=viewer, **asked)
    return page.items, page.next_cursor


def waiting_for(viewer: Actor) -> tuple[CaseStatus, ...]:
    """The statuses in which cases wait for the viewer, by permission."""
    return tuple(dict.fromkeys(s for p, s in _WAITING.items() if may(viewer, p)))


def _list_tabs(shown: str) -> list[dict[str, Any]]:
    address = reverse("cases")
    named = (("open", "Open"), ("mine", "Waiting for me"), ("late", "Late"), ("all", "All"))
    return [{"text": text, "href": f"{address}?show={name}", "current": name == shown} for name, text in named]


@requires(SIGNED_IN, why=_WHY)
def case_page(request: HttpRequest, public_id: str, tab: str = "overview") -> HttpResponse:
    """One part of a case; beside it always: what comes next, who waits for whom, the clock."""
    viewer = actor_of_request(request)
    seen = queries.case(viewer=viewer, id=public_id)
    allowed = [t for t in TABS if seen.inside is not None or t not in OUTSIDE]
    if tab not in allowed:
        raise AbsentError(f"there is no page {tab} of {public_id}", hint="look at the case")
    tasks = next_tasks(viewer, seen)
    application = seen.application
    context = {
        "seen": seen,
        "inside": seen.inside,
        "application": application,
        "tab": tab,
        "tabs": _tabs(seen, allowed, tab),
        "exporter": people.organisation_names(viewer=viewer, ids=[seen.exporter]).get(seen.exporter, ""),
        "places": place_names(_places(seen)),
        "mine": tasks[0] if tasks and tasks[0].href else None,
        "waits": [t for t in tasks if t.href is None],
        "others": [t for t in tasks[1:] if t.href],
        "more": _more(viewer, seen),
        "may_edit": seen.inside is None and may(viewer, CaseworkPermission.DRAFT) and _is_open(seen),
        "may_judge": may(viewer, CaseworkPermission.JUDGE_MATCH),
        "may_read_dissents": may(viewer, CaseworkPermission.READ_DISSENT),
        "evidence_address": evidence_address,
        "words": words,
        "way": way,
        "as_of": today(),
        **_of_tab(viewer, seen, tab),
    }
    return render(request, f"casework/{tab}.html", context)


def _of_tab(viewer: Actor, seen: CaseView, tab: str) -> Mapping[str, Any]:
    if tab == "decision":
        return decision_context(viewer, seen)
    if tab == "overview":
        return {"dissented": dissented_from(viewer, seen) if seen.inside and seen.inside.dissents else {}}
    if tab == "advice":
        return {"called": called(viewer, cited_in(seen))}
    if tab != "timeline":
        return {}
    return {"items": [_item(h) for h in reversed(timeline(viewer=viewer, case=seen.id))]}


@requires(SIGNED_IN, why=_WHY)
def difference_page(request: HttpRequest, public_id: str, before: int, after: int) -> HttpResponse:
    """What changed between two versions of the application, answer by answer."""
    viewer = actor_of_request(request)
    found = queries.application_difference(viewer=viewer, case=public_id, before=before, after=after)
    return render(request, "casework/difference.html", {"found": found, "words": words, "as_of": today()})


def may(viewer: Actor, permission: str) -> bool:
    """Does a role of the viewer give it?"""
    return authority().role_for(viewer, permission) is not None


def _is_open(seen: CaseView) -> bool:
    """May the exporter change the application now?"""
    return seen.status is CaseStatus.DRAFT or any(q.answer is None for q in seen.questions)


def _tabs(seen: CaseView, allowed: list[str], tab: str) -> list[dict[str, Any]]:
    counts: dict[str, str] = {
        "goods": str(len(seen.application.goods)),
        "parties": str(len(seen.application.parties)),
    }
    if seen.inside is not None:
        advised = sum(d.newest is not None for d in seen.inside.departments)
        counts["advice"] = f"{advised} of {len(seen.inside.departments)}"
    made = []
    for name in allowed:
        text = f"{name.capitalize()} ({counts[name]})" if name in counts else name.capitalize()
        href = reverse("case", args=[seen.id]) if name == TABS[0] else reverse("case-tab", args=[seen.id, name])
        made.append({"text": text, "href": href, "current": name == tab})
    return made


def _places(seen: CaseView) -> set[str]:
    application = seen.application
    found = {leg.place for leg in application.route} | {p.place for p in application.parties}
    return found | {p.state for p in application.parties if p.state} | {h.destination for h in seen.holds}


def _more(viewer: Actor, seen: CaseView) -> list[tuple[str, str]]:
    """Acts that are possible at any time."""
    made: list[tuple[str, str, CaseworkPermission]] = []
    inside, status = seen.inside, seen.status
    undecided = {
        CaseStatus.SUBMITTED,
        CaseStatus.UNDER_REVIEW,
        CaseStatus.DEPARTMENTS_ADVISING,
        CaseStatus.FINAL_REVIEW,
    }
    if inside is None:
        if status in {CaseStatus.DRAFT, *undecided}:
            made.append(("Withdraw the application", "case-withdraw", CaseworkPermission.WITHDRAW))
    else:
        if status in undecided:
            made.append(("Ask the exporter", "case-ask", CaseworkPermission.ASK))
        if inside.awaited or inside.older:
            made.append(("Go on without a department", "case-waive", CaseworkPermission.WAIVE_ADVICE))
        made.append(("Record a dissent", "case-dissent", CaseworkPermission.DISSENT))
    links = [(text, reverse(name, args=[seen.id])) for text, name, p in made if may(viewer, p)]
    return [*_anew(viewer, seen), *links]


def _anew(viewer: Actor, seen: CaseView) -> list[tuple[str, str]]:
    """The next version of an advice: for whoever advises for a department that has advised."""
    advises = {CaseStatus.DEPARTMENTS_ADVISING, CaseStatus.FINAL_REVIEW, CaseStatus.UNDER_APPEAL}
    if seen.inside is None or seen.status not in advises or not may(viewer, CaseworkPermission.ADVISE):
        return []
    mine = queries.departments_of(viewer)
    named = [d for d in seen.inside.departments if d.id in mine and d.newest is not None]
    return [(f"Advise anew for {d.title}", reverse("case-advise", args=[seen.id, d.id])) for d in named]


def _item(happened: Happening) -> dict[str, Any]:
    """One item of the timeline."""
    return {
        "title": decision_words.event_words(happened.event, happened.fields),
        "at": happened.at,
        "by": role_name(happened.role),
        "claimed_at": happened.claimed_at if happened.late else None,
        "place": happened.place_words,
    }


def evidence_address(public_id: str) -> str | None:
    """The page of a piece of evidence, where the site has it."""
    names = {"IN": "incident"}
    with suppress(NoReverseMatch, KeyError):
        return reverse(names[public_id.partition("-")[0]], args=[public_id])
    return None
