"""Moratoria, exemptions and holds past the day of their review, among all that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from penholder.actions.values import Actor
from penholder.entry.waiting import Waiting, says_what_waits
from penholder.restrictions.queries import overdue, reads_official


@says_what_waits
def late_measures(viewer: Actor) -> Iterator[Waiting]:
    """For officials."""
    for about, kind, due in overdue() if reads_official(viewer) else ():
        what = f"The {kind.value} is in force past the day of its review"
        yield Waiting(kind="measure", what=what, about=about, title="", due=due, is_late=True, mine=False)
