"""What waits for somebody, and what is late: capabilities say it; home page, API and `penholder waiting` show it.

A capability declares, in its room `waiting.py` (imported when the program starts):

    @says_what_waits
    def cases(viewer: Actor) -> Iterator[Waiting]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from penholder.actions.names import name_in_capability
from penholder.actions.values import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing. mine: the viewer can do it; else it is late, and they may know of it.

    kind: task, case, cases (there are more than were looked at), customs, review, condition, trigger, measure,
    promise. about: public id of its subject, or empty. title: what the subject is called, where that is known.
    due: None where no day is set.
    """

    kind: str
    what: str
    about: str
    title: str
    due: date | None
    is_late: bool
    mine: bool


Says = Callable[[Actor], Iterable[Waiting]]
SOURCES: dict[str, Says] = {}


def says_what_waits(function: Says) -> Says:
    """Declare a source. It is called with the viewer, and gives what that viewer may know."""
    SOURCES[name_in_capability(function)] = function
    return function


def waiting(viewer: Actor) -> tuple[Waiting, ...]:
    """All of it: what the viewer can do first, then by day; what has no day comes last."""
    found = [one for source in SOURCES.values() for one in source(viewer)]
    return tuple(sorted(found, key=lambda w: (not w.mine, w.due or date.max, w.kind, w.about, w.what)))
