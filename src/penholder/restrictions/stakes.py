"""What an act on a licence, a measure or a place rests on, as higher capabilities know it: cases, assessments.

A capability declares, in its room `stakes.py` (imported when the program starts):

    @tells_what_it_rests_on
    def assessments(*, subjects: frozenset[str], places: frozenset[str], on: date) -> Iterator[str]: ...
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Protocol

from penholder.actions.names import name_in_capability


class TellsStakes(Protocol):
    """Public ids of what stands behind some things (licences, measures, changes) and places on a day."""

    def __call__(self, *, subjects: frozenset[str], places: frozenset[str], on: date) -> Iterable[str]: ...


SOURCES: dict[str, TellsStakes] = {}


def tells_what_it_rests_on(function: TellsStakes) -> TellsStakes:
    """Declare a source. Raises: TypeError: there are two of that name."""
    name = name_in_capability(function)
    if name in SOURCES:
        msg = f"there are two sources of what an act rests on named {name}"
        raise TypeError(msg)
    SOURCES[name] = function
    return function


def stakes(subjects: Collection[str], *, places: Collection[str], on: date) -> frozenset[str]:
    """The things and places themselves, and all that the sources tell of them."""
    of, at = frozenset(subjects) - {""}, frozenset(places) - {""}
    told = {one for source in SOURCES.values() for one in source(subjects=of, places=at, on=on)}
    return of | at | told
