"""What was granted, amended or reinstated since a day: higher capabilities say it, restrictions look at it again.

A capability declares, in its room `grants.py` (imported when the program starts):

    @tells_grants
    def licences(*, since: date, known: datetime | None) -> Iterator[Grant]: ...
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from penholder.actions.names import name_in_capability
from penholder.restrictions.values import LineFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A line that was granted, amended or reinstated. exemptions: those that the act itself named.

    subject: public id of the licence (or case). on: from which day it counts. acted_at: the moment of the act.
    """

    subject: str
    line: int
    act: str
    on: date
    acted_at: datetime
    facts: LineFacts
    exemptions: tuple[str, ...] = ()


class TellsGrants(Protocol):
    """Every grant whose day, or whose act, is `since` or later, as known at a moment (None: now)."""

    def __call__(self, *, since: date, known: datetime | None) -> Iterator[Grant]: ...


SOURCES: dict[str, TellsGrants] = {}


def tells_grants(function: TellsGrants) -> TellsGrants:
    """Declare a source of grants. Raises: TypeError: there are two of that name."""
    name = name_in_capability(function)
    if name in SOURCES:
        msg = f"there are two sources of grants named {name}"
        raise TypeError(msg)
    SOURCES[name] = function
    return function


def grants(*, since: date, known: datetime | None = None) -> Iterator[Grant]:
    """The grants of every source."""
    for source in SOURCES.values():
        yield from source(since=since, known=known)


__all__ = ["SOURCES", "Grant", "TellsGrants", "grants", "tells_grants"]
