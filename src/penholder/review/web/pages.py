"""The list, one change of circumstances, and the workbench of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from penholder.actions.errors import AbsentError
from penholder.actions.moment import today
from penholder.actions.permissions import authority
from penholder.actions.values import Actor
from penholder.analysis.sources.places import name_and_code
from penholder.casework.queries import cases
from penholder.casework.web.words import end_user_words
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.kernel.errors import InputError, NotKnownError
from penholder.people.roles import role_book
from penholder.people.web.pages import subject_address
from penholder.register.search import references
from penholder.restrictions.gates import gate
from penholder.restrictions.queries import restriction
from penholder.restrictions.values import Kind
from penholder.restrictions.web.words import places_words, question, scope, standing
from penholder.restrictions.web.words import title as restriction_title
from penholder.review import queries
from penholder.review.answers import ChangeView, StepView
from penholder.review.machine import machine
from penholder.review.open_facts import Facts, facts_of
from penholder.review.values import EngineUse, Move, ReviewPermission, State, Use
from penholder.review.web import words
from penholder.vault.serving import download_headers

_WHY = "reviews are for officials; everybody else is told that there is nothing"
_NAMES: Mapping[Move, tuple[str, str]] = {
    Move.ACCEPT: ("Accept it", "change-accept"),
    Move.DECLINE: ("Decline it", "change-decline"),
    Move.HOLD: ("Hold pending cases", "change-hold"),
    Move.STOCKTAKE: ("Run the stocktake", "change-stocktake"),
    Move.CLASSIFY: ("Classify lines", "change-classify"),
    Move.ASSESS: ("Close the assessment", "change-assess"),
    Move.OPTIONS: ("Put the options", "change-options"),
    Move.DECIDE: ("Decide", "change-decide"),
    Move.REVIEW: ("Review the decision", "change-review"),
}
_LIMIT = 100


@requires(SIGNED_IN, why=_WHY)
def change_list(request: HttpRequest) -> HttpResponse:
    """Changes of circumstances, newest first; triggers without an answer in time first of all."""
    viewer = actor_of_request(request)
    asked = request.GET.get("state", "")
    state = State(asked) if asked in list(State) else None
    page = queries.changes(viewer=viewer, state=state, cursor=request.GET.get("cursor") or None)
    tail = f"&state={state}" if state else ""
    context = {
        "page": page,
        "late": queries.overdue_triggers() if queries.sees_reviews(viewer) else (),
        "states": words.STATES,
        "title_of": words.title,
        "places": places_words,
        "tabs": [{"text": "All", "href": reverse("changes"), "current": state is None}]
        + [
            {"text": words.STATES[s][0], "href": f"{reverse('changes')}?state={s}", "current": s is state}
            for s in State
        ],
        "next": f"?cursor={page.next_cursor}{tail}" if page.next_cursor else None,
        "first": f"?state={asked}" if request.GET.get("cursor") else None,
        "may_propose": authority().role_for(viewer, ReviewPermission.PROPOSE) is not None,
        "is_official": queries.sees_reviews(viewer),
        "as_of": today(),
    }
    return render(request, "review/list.html", context)


@requires(SIGNED_IN, why=_WHY)
def change_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """One change of circumstances: the answer, what was found, what was decided, and how it reached the world."""
    viewer, on = actor_of_request(request), today()
    view = queries.change(viewer=viewer, id=public_id)
    context = {
        "view": view,
        "sentence": words.sentence(view, on=on),
        "state": words.STATES[view.state],
        "caption": f"Change of circumstances {view.id}",
        "title": words.title(view),
        "places": places_words,
        "place": name_and_code,
        "possible": possible(view),
        "case_address": subject_address,
        "case_names": _case_names(viewer, view),
        "way": words.way(view),
        "newest": view.stocktakes[-1] if view.stocktakes else None,
        "options": words.OPTIONS,
        "uses": words.USES,
        "money": words.money,
        "plain": words.plain,
        "names": references(viewer=viewer, ids=_licences(view)),
        "title_of": restriction_title,
        "scope": scope,
        "named": _restrictions(viewer, view),
        "questions": [question(gate(name)) for name in view.decision.gates] if view.decision else (),
        "standing": standing,
        "items": [_item(s) for s in reversed(view.steps)],
        "exemptions": [r for r in view.restrictions if r.kind is Kind.EXEMPTION],
        "overdue_reviews": view.decision is not None and view.decision.review_by < on,
        "today": on,
        "as_of": on,
    }
    return render(request, "review/change.html", context)


def _restrictions(viewer: Actor, view: ChangeView) -> dict[str, str]:
    """Titles of the exemptions and the moratorium of the decision, made for this change or not."""
    by = {name for names in view.decision.left.values() for name in names} if view.decision else set()
    wanted = by | ({view.moratorium} if view.moratorium else set())
    return {name: restriction_title(restriction(viewer=viewer, id=name)) for name in sorted(wanted)}


def _case_names(viewer: Actor, view: ChangeView) -> dict[str, str]:
    """Titles of the pending cases of the destinations, as far as the viewer may know of them."""
    found = [c for place in view.pending for c in cases(viewer=viewer, destination=place, limit=200).items]
    return {case.id: case.title for case in found}


def _licences(view: ChangeView) -> set[str]:
    left = view.decision.left if view.decision else ()
    return {name.partition(":")[0] for name in (*left, *view.skipped)}


def possible(view: ChangeView) -> list[dict[str, Any]]:
    """What the machine allows now, and who may; `href` where the viewer may."""
    book, found = role_book(), []
    for move in machine().allowed_from(view.state):
        if move not in _NAMES:
            continue
        text, name = _NAMES[move]
        permission = queries.PERMISSIONS[move]
        roles = [r.name for r in book.roles.values() if permission in r.may and r.is_granted]
        href = reverse(name, args=[view.id]) if move in view.may else None
        found.append({"text": text, "href": href, "roles": roles})
    return found


def _item(step: StepView) -> dict[str, Any]:
    return {"title": words.MOVES[step.move], "at": step.recorded_at, "text": step.text}


class Wanted:
    """The filters of the workbench: they are the address."""

    def __init__(self, request: HttpRequest) -> None:
        given = request.GET
        engine, person = given.get("engine", ""), given.get("person", "")
        self.engine = EngineUse(engine) if engine in list(EngineUse) else None
        self.person = person if person in {*Use, "none"} else ""
        self.differing = given.get("differing") == "yes"
        self.standing = given.get("standing", "") if given.get("standing") in {"suspended", "all"} else ""
        """Empty: lines in force."""
        self.cursor = given.get("cursor") or None

    def address(self, base: str, **changes: str) -> str:
        """The same filters with some of them changed; "" leaves one out."""
        said = {
            "engine": self.engine.value if self.engine else "",
            "person": self.person,
            "differing": "yes" if self.differing else "",
            "standing": self.standing,
        } | changes
        kept = urlencode({n: v for n, v in said.items() if v})
        return f"{base}?{kept}" if kept else base


def workbench_context(request: HttpRequest, public_id: str, *, route: str) -> dict[str, Any]:
    """What the workbench shows: counts that are links, filters, a page of lines."""
    viewer, wanted = actor_of_request(request), Wanted(request)
    view = queries.change(viewer=viewer, id=public_id)
    page = queries.lines(
        viewer=viewer, change=public_id, engine=wanted.engine, person=wanted.person,
        in_force=None if wanted.standing else True, suspended=wanted.standing == "suspended" or None,
        differing=wanted.differing, cursor=wanted.cursor, limit=_LIMIT,
    )  # fmt: skip
    base = reverse(route, args=[public_id])
    return {
        "view": view,
        "caption": words.title(view),
        "page": page,
        "uses": words.USES,
        "plain": words.plain,
        "place": name_and_code,
        "filters": _filters(view, wanted, base),
        "next": wanted.address(base, cursor=page.next_cursor) if page.next_cursor else None,
        "first": wanted.address(base) if wanted.cursor else None,
        "may_classify": Move.CLASSIFY in view.may,
        "classify": wanted.address(reverse("change-classify", args=[public_id])),
        "as_of": today(),
    }


def _filters(view: ChangeView, wanted: Wanted, base: str) -> list[dict[str, Any]]:
    """Groups of links with how many lines in force each leads to."""
    found = view.classified
    if found is None:
        return []
    engine = [
        (words.USES[u].capitalize(), found.by_engine[u], {"engine": u.value}, wanted.engine is u)
        for u in EngineUse
    ]
    person = [
        (words.USES[u].capitalize(), found.by_person[u], {"person": u.value}, wanted.person == u) for u in Use
    ]
    left = found.in_force - sum(found.by_person.values())
    person.append(("Nobody has said", left, {"person": "none"}, wanted.person == "none"))
    groups = (("The stocktake says", engine), ("A person says", person))
    made = [
        {
            "title": title,
            "links": [
                {
                    "text": text,
                    "count": n,
                    "current": on,
                    "href": wanted.address(base, **(dict.fromkeys(given, "") if on else given)),
                }
                for text, n, given, on in links
            ],
        }
        for title, links in groups
    ]
    differs = {"text": "Person and stocktake differ", "count": found.differing, "current": wanted.differing,
               "href": wanted.address(base, differing="" if wanted.differing else "yes")}  # fmt: skip
    made.append({"title": "Both", "links": [differs]})
    return made


@requires(SIGNED_IN, why=_WHY)
def workbench(request: HttpRequest, public_id: str) -> HttpResponse:
    """The lines of the newest stocktake, by filters that are the address."""
    return render(request, "review/workbench.html", workbench_context(request, public_id, route="change-lines"))


@requires(SIGNED_IN, why=_WHY)
def line_page(request: HttpRequest, public_id: str, name: str) -> HttpResponse:
    """Why one line got its answer: path, cause, incidents beside it, and what a person said."""
    viewer = actor_of_request(request)
    view = queries.change(viewer=viewer, id=public_id)
    found = queries.line(viewer=viewer, change=public_id, name=name)
    context = {
        "view": view,
        "line": found,
        "facts": _facts(viewer, public_id, name),
        "asks": words.ASKS,
        "title_of": words.title,
        "end_user": end_user_words,
        "rests_on": words.RESTS_ON,
        "uses": words.USES,
        "plain": words.plain,
        "place": name_and_code,
        "may_classify": Move.CLASSIFY in view.may,
        "as_of": today(),
    }
    return render(request, "review/line.html", context)


def _facts(viewer: Actor, change: str, name: str) -> Facts | None:
    """What would change the answer; None where what the run was made of is not there any more."""
    try:
        return facts_of(viewer=viewer, change=change, name=name)
    except (InputError, NotKnownError):
        return None


@requires(SIGNED_IN, why=_WHY)
def rows_file(request: HttpRequest, public_id: str, run: str) -> HttpResponse:
    """All rows of one run of the stocktake, as a download."""
    content = queries.rows_of_run(viewer=actor_of_request(request), change=public_id, run=run)
    if content is None:
        raise AbsentError("there is no such file", hint="look at the change of circumstances")
    headers = download_headers("text/csv", name=run, size=len(content))
    return HttpResponse(content, headers=headers)
