"""What higher capabilities say about a licence on its page: where it came from, what was told of it.

A capability declares, in its room `licences.py` (imported when the program starts):

    @tells_of_licences
    def case(viewer: Actor, *, licence: str) -> Iterator[Told]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from penholder.actions.names import name_in_capability
from penholder.actions.values import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to be said: a label, a text, and the page that says more (name of its route and its argument)."""

    label: str
    text: str
    route: str
    about: str


TellsOfLicence = Callable[..., Iterable[Told]]
SOURCES: dict[str, TellsOfLicence] = {}


def tells_of_licences(function: TellsOfLicence) -> TellsOfLicence:
    """Declare a source. It is called with the viewer and `licence`, and gives what that viewer may know."""
    SOURCES[name_in_capability(function)] = function
    return function


def told_of(viewer: Actor, licence: str) -> tuple[Told, ...]:
    """What all sources say."""
    return tuple(t for source in SOURCES.values() for t in source(viewer, licence=licence))
