"""The first page after signing in: what needs the person, what is late, what is theirs."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from penholder.actions.permissions import authority
from penholder.entry.access import SIGNED_IN, requires
from penholder.entry.actor import actor_of_request
from penholder.people import queries as people
from penholder.people.resets import resets
from penholder.people.roles import role_book
from penholder.people.values import PeoplePermission
from penholder.people.web.pages import subject_address
from penholder.register.access import is_official
from penholder.register.queries import now
from penholder.register.search import Wanted, count_by_status, references
from penholder.register.timeline import overdue
from penholder.register.web.words import STATUS_WORDS, overdue_words
from penholder.site.surroundings import knows_people

_SHOWN = 10


@requires(SIGNED_IN, why="shows only what waits for the caller, and counts of what they may see")
def home(request: HttpRequest) -> HttpResponse:
    """By role: tasks, what is overdue, licences by status."""
    viewer = actor_of_request(request)
    tasks = people.inbox(viewer=viewer)
    late = overdue(viewer=viewer)
    kinds = Counter(o.kind for o in late)
    me = people.person(viewer=viewer, id=viewer.id)
    sees_licences = is_official(viewer) or bool(viewer.organisations)
    book = role_book()
    context = {
        "tasks": tasks.items[:_SHOWN],
        "task_count": len(tasks.items),
        "more_tasks": tasks.next_cursor is not None,
        "late_tasks": sum(t.is_overdue for t in tasks.items),
        "overdue": late[:_SHOWN],
        "overdue_count": len(late),
        "kinds": {k: kinds[k] for k in ("customs", "review", "condition")},
        "statuses": (
            [(STATUS_WORDS[s], s.value, n) for s, n in count_by_status(viewer=viewer, wanted=Wanted()).items()]
            if sees_licences
            else []
        ),
        "sees_licences": sees_licences,
        "is_official": is_official(viewer),
        "person": me,
        "resets": resets(viewer=viewer),
        "roles": [book.roles[r] for r in sorted(viewer.roles) if r in book.roles],
        "knows_people": knows_people(viewer),
        "may_invite": authority().role_for(viewer, PeoplePermission.INVITE) is not None,
        "subject_address": subject_address,
        "references": references(viewer=viewer, ids=[o.licence for o in late[:_SHOWN]]),
        "overdue_words": overdue_words,
        "as_of": now().date(),
    }
    return render(request, "home.html", context)
