"""The first page after signing in: what needs the person, what is late, what is theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from penholder.actions.moment import now
from penholder.actions.permissions import authority
from penholder.actions.registry import ACTIONS
from penholder.actions.values import Actor
from penholder.custody.recovered import unsettled
from penholder.custody.values import CustodyPermission
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.entry.views import begins_here, title_of
from penholder.entry.waiting import waiting as waiting_for
from penholder.people import queries as people
from penholder.people.resets import resets, resets_waiting
from penholder.people.roles import role_book
from penholder.people.values import PeoplePermission
from penholder.people.web.pages import subject_address, subject_words
from penholder.register.access import is_official
from penholder.register.search import Wanted, count_by_status, references
from penholder.register.timeline import news, overdue, waiting
from penholder.register.values import RegisterPermission, Standing
from penholder.register.web.words import STATUS_WORDS, news_words, overdue_words
from penholder.site.surroundings import knows_people

_SHOWN = 10
_OF_REGISTER = frozenset({"customs", "review", "condition"})
"""Kinds of what is late that have a table of their own."""


@requires(SIGNED_IN, why="shows only what waits for the caller, and counts of what they may see")
def home(request: HttpRequest) -> HttpResponse:
    """By role: tasks, what is overdue, licences by status."""
    viewer = actor_of_request(request)
    tasks = people.inbox(viewer=viewer)
    late = overdue(viewer=viewer)
    kinds = Counter(o.kind for o in late)
    me = people.person(viewer=viewer, id=viewer.id)
    sees_licences = is_official(viewer) or bool(viewer.organisations)
    counts = count_by_status(viewer=viewer, wanted=Wanted()) if sees_licences else {}
    happened = news(viewer=viewer)[:_SHOWN] if viewer.organisations else ()
    named = [*(o.licence for o in late[:_SHOWN]), *(n.licence for n in happened)]
    book = role_book()
    context = {
        **_waiting(viewer),
        "tasks": tasks.items[:_SHOWN],
        "task_count": len(tasks.items),
        "more_tasks": tasks.next_cursor is not None,
        "late_tasks": sum(t.is_overdue for t in tasks.items),
        "overdue": late[:_SHOWN],
        "overdue_count": len(late),
        "kinds": {k: kinds[k] for k in ("customs", "review", "condition")},
        "statuses": [(STATUS_WORDS[s], s.value, n) for s, n in counts.items()],
        **_to_do(viewer, counts),
        "news": happened,
        "news_words": news_words,
        "sees_licences": sees_licences,
        "is_official": is_official(viewer),
        "person": me,
        **_of_sign_ins(viewer),
        "recovered": unsettled() if _may(viewer, CustodyPermission.SETTLE) else (),
        "act_words": lambda name: title_of(ACTIONS[name]) if name in ACTIONS else name,
        "begins": begins_here(viewer),
        "roles": [book.roles[r] for r in sorted(viewer.roles) if r in book.roles],
        "knows_people": knows_people(viewer),
        "may_invite": _may(viewer, PeoplePermission.INVITE),
        "subject_address": subject_address,
        "subject_words": subject_words,
        "references": references(viewer=viewer, ids=named),
        "overdue_words": overdue_words,
        "as_of": now().date(),
    }
    return render(request, "home.html", context)


def _of_sign_ins(viewer: Actor) -> dict[str, object]:
    """What was done to sign-ins and tokens, so that whoever did not ask for it hears of it."""
    return {
        "resets": resets(viewer=viewer),
        "resets_waiting": resets_waiting(viewer=viewer),
        "new_tokens": people.new_tokens(viewer=viewer),
    }


def _waiting(viewer: Actor) -> dict[str, object]:
    """Cases in which the viewer can do something, and what is late beside the register."""
    found = waiting_for(viewer)
    cases = [one for one in found if one.kind == "case" and one.mine]
    late = [one for one in found if one.is_late and not one.mine and one.kind not in _OF_REGISTER]
    return {
        "titles": {one.about: one.title for one in found if one.about and one.title},
        "cases": cases[:_SHOWN],
        "case_count": len(cases),
        "late_cases": sum(one.is_late for one in cases),
        "more_cases": [one.what for one in found if one.kind == "cases"],
        "late": late[:_SHOWN],
        "late_count": len(late),
        "sees_cases": bool(cases) or is_official(viewer),
    }


def _to_do(viewer: Actor, counts: Mapping[Standing, int]) -> dict[str, int]:
    """What waits for a role of the viewer: messages for customs to acknowledge, drafts to issue."""
    acknowledges = _may(viewer, RegisterPermission.ACKNOWLEDGE_CUSTOMS_MESSAGE)
    return {
        "waiting": len(waiting(viewer=viewer)) if acknowledges else 0,
        "drafts": counts.get(Standing.DRAFT, 0) if _may(viewer, RegisterPermission.ISSUE) else 0,
    }


def _may(viewer: Actor, permission: str) -> bool:
    return authority().role_for(viewer, permission) is not None
