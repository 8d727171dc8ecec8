"""The inbox, among all that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.entry.paging import MOST
from penholder.entry.waiting import Waiting, says_what_waits
from penholder.people.queries import inbox


@says_what_waits
def tasks(viewer: Actor) -> Iterator[Waiting]:
    """Open tasks: of the viewer, of their teams, of their roles; the first 200."""
    for task in inbox(viewer=viewer, limit=MOST).items:
        yield Waiting(
            kind="task", what=task.text, about=task.subject, title="", due=task.due_on, is_late=task.is_overdue,
            mine=True,
        )  # fmt: skip
