"""Forms of tasks: one is given to a person, a team or a role, and said to be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from penholder.actions.errors import AbsentError
from penholder.entry.actor import actor_of_request
from penholder.entry.paging import MOST
from penholder.entry.views import ActPage
from penholder.people import actions, queries
from penholder.people.answers import TaskRow
from penholder.people.web.acts import Parts, people_choices, role_choices, to

_MOST_TASKS = 1_000


def task_of(request: HttpRequest, task: str) -> TaskRow:
    """A task of the caller's inbox. Raises: AbsentError."""
    viewer, cursor = actor_of_request(request), None
    for _ in range(_MOST_TASKS // MOST):
        page = queries.inbox(viewer=viewer, cursor=cursor, limit=MOST)
        for row in page.items:
            if row.id == task:
                return row
        cursor = page.next_cursor
        if cursor is None:
            break
    raise AbsentError("there is no such task in your inbox", hint="it may be done already")


def _task(request: HttpRequest, **parts: Any) -> Parts:
    return {"expected_version": task_of(request, parts["task"]).version}


_ONE_OF = "Choose a person, or a team, or a role: one of the three."
_WHOSE_TASK = {
    "text": ("What is to be done", ""),
    "subject": ("What it is about", "The id of a licence, case, person or organisation, as its page shows it."),
    "person_id": ("Person who is to do it", _ONE_OF),
    "team_id": ("Or team", ""),
    "role": ("Or everybody with a role", ""),
    "due_on": ("By when", "It is late from the next day on."),
}


def _task_choices(request: HttpRequest, **_parts: Any) -> Parts:
    teams = queries.teams(viewer=actor_of_request(request))
    return {
        "person_id": people_choices(request),
        "team_id": [(t.id, t.name) for t in teams],
        "role": role_choices(),
    }


def _task_words(request: HttpRequest, **parts: Any) -> Parts:
    return {"caption": task_of(request, parts["task"]).text} if request.method == "GET" else {"caption": ""}


PAGES: Mapping[str, tuple[str, Any, ActPage]] = {
    "task-done": (
        "inbox/<str:task>/done",
        actions.finish_task,
        ActPage(
            title="Say that a task is done",
            button="It is done",
            state=_task,
            context=_task_words,
            back=to("inbox"),
            then=to("inbox"),
        ),
    ),
    "task-new": (
        "inbox/new",
        actions.add_task,
        ActPage(
            title="Give somebody a task",
            button="Give the task",
            words=_WHOSE_TASK,
            choices=_task_choices,
            back=to("inbox"),
            then=to("inbox"),
        ),
    ),
}
"""Name of the route -> address, action, page."""
