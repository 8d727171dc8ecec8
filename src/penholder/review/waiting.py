"""Triggers that nobody has answered in time, among all that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.entry.waiting import Waiting, says_what_waits
from penholder.review.queries import overdue_triggers, sees_reviews


@says_what_waits
def late_triggers(viewer: Actor) -> Iterator[Waiting]:
    """For officials."""
    for row in overdue_triggers() if sees_reviews(viewer) else ():
        yield Waiting(
            kind="trigger", what="The trigger was neither accepted nor declined in time", about=row.id,
            title=", ".join(row.destinations), due=row.answer_by, is_late=True, mine=False,
        )  # fmt: skip
