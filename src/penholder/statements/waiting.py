"""Promises that are overdue, among all that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.assessment.access import may_see
from penholder.entry.paging import MOST
from penholder.entry.waiting import Waiting, says_what_waits
from penholder.statements.queries import promises


@says_what_waits
def late_promises(viewer: Actor) -> Iterator[Waiting]:
    """For who may see assessments; the first 200. To the public it shows on the public site."""
    for one in promises(viewer=viewer, overdue=True, limit=MOST).items if may_see(viewer) else ():
        yield Waiting(
            kind="promise", what="What was promised in public is overdue", about=one.id, title=one.words,
            due=one.due, is_late=True, mine=False,
        )  # fmt: skip
