"""What the register is read from: a data folder, profiles, two releases to compare. Read once; never written."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from django.conf import settings

from penholder.analysis.browse.changed import Changed, changed, newest_two
from penholder.analysis.browse.held import Held, hold
from penholder.analysis.browse.placed import Drawn, licences_map
from penholder.analysis.browse.taken import Taken, profile_files, profiles, taken
from penholder.analysis.browse.things import PlaceCount, destinations, ways
from penholder.analysis.browse.words import day_words
from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.statistics.overview import info
from penholder.kernel.errors import NotKnownError

T = TypeVar("T")
_KEPT = 64
"""Answers that are kept: each is under a megabyte or two, and none changes while the process runs."""


@dataclass
class _Answer:
    """One answer; `made`: it is there."""

    value: Any = None
    made: bool = False
    lock: Lock = field(default_factory=Lock)


class Shelf:
    """Answers of one data folder, each computed once. Safe for several threads."""

    def __init__(self, folder: Path, *, given: tuple[Path, ...] = (), sides: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.catalogue: Catalogue = read_catalogue(folder)
        self._files = profile_files(folder, given)
        self._sides = sides
        self._lock = Lock()
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer of a key, made by whoever asks first; others who ask for the same wait for it."""
        with self._lock:
            if key not in self._answers:
                self._answers[key] = _Answer()
                if len(self._answers) > _KEPT:
                    self._answers.popitem(last=False)
            self._answers.move_to_end(key)
            answer = self._answers[key]
        with answer.lock:
            if not answer.made:
                answer.value, answer.made = make(), True
        found: T = answer.value
        return found

    def held(self, known: date | None = None) -> Held:
        """The lines in use, as known by a day. Raises: NotKnownError."""
        releases = self.catalogue.current("lines", known=known)
        newest = self.catalogue.current("lines")
        known = None if releases == newest else known
        return self._once(("held", tuple(r.id for r in releases)), lambda: hold(self.catalogue, known=known))

    def overview(self, held: Held) -> dict[str, Any]:
        """What the folder holds, and what is missing."""
        return self._once(("info", held.data), lambda: info(self.catalogue, known=held.known).document)

    def destinations(self, held: Held) -> tuple[PlaceCount, ...]:
        """Every destination with its counts."""
        return self._once(("destinations", held.data), lambda: destinations(held))

    def world(self, held: Held) -> Drawn:
        """The map of all destinations."""
        counts = [(p.place, p.name, p.licences) for p in self.destinations(held)]
        return self._once(("world", held.data), lambda: licences_map(held, counts))

    def place_map(self, held: Held, place: str) -> Drawn:
        """A destination and where goods go on to from there."""

        def draw() -> Drawn:
            own = next((p.licences for p in self.destinations(held) if p.place == place), 0)
            counts = [(place, held.name(place), own)] if own else []
            return licences_map(held, [*counts, *ways(held, place).onward], outlined=(place,))

        return self._once(("map", held.data, place), draw)

    @cached_property
    def profiles(self) -> dict[str, OperationProfile]:
        """The operation profiles that are shown. Raises: ProfileError, InputError."""
        return profiles(self.catalogue, self._files)

    def profile(self, name: str) -> OperationProfile:
        """One of them. Raises: NotKnownError."""
        if name not in self.profiles:
            raise NotKnownError(f"there is no profile {name[:60]!r}")
        return self.profiles[name]

    def taken(self, held: Held, name: str, *, on: date, scope: str) -> Taken:
        """A stocktake, kept by its address. Raises: NotKnownError, InputError."""
        profile = self.profile(name)
        key = ("taken", held.data, profile.sha256, on, scope)
        return self._once(key, lambda: taken(self.catalogue, profile, on=on, scope=scope, known=held.known))

    @property
    def sides(self) -> tuple[str, str] | None:
        """The two releases that are compared where an address names none."""
        if len(self._sides) == 2:
            return self._sides[0], self._sides[1]
        found = newest_two(self.catalogue)
        return (self.side(found[0]), self.side(found[1])) if found else None

    def side(self, release: str) -> str:
        """A release of this folder, as the comparison names it."""
        return f"{self.folder}@{release}"

    @property
    def choices(self) -> tuple[str, ...]:
        """Names under which addresses may ask for a side: releases with lines, and those given at the start."""
        return tuple(r.id for r in self.catalogue.holding("lines"))

    def named_side(self, name: str) -> str:
        """The side that an address names. Raises: NotKnownError; nobody reaches other files by an address."""
        given = {self.label(side): side for side in self._sides}
        if name in given:
            return given[name]
        if name in self.choices:
            return self.side(name)
        raise NotKnownError(f"there is no release {name[:80]!r}")

    @staticmethod
    def label(side: str) -> str:
        """A side without the folder that it lies in."""
        _, at, version = side.rpartition("@")
        return version if at else Path(side).name

    def said(self, label: str) -> str:
        """A side in words: `uk-licences, release of 1 July 2015`; a file by its name."""
        release = next((r for r in self.catalogue.holding("lines") if r.id == label), None)
        return f"{release.series}, release of {day_words(release.released_on)}" if release else label

    def is_shown(self, held: Held, label: str) -> bool:
        """Are the licences of this side those that the pages show?"""
        return label in {r.id for r in held.releases}

    def changed(self, a: str, b: str) -> Changed:
        """What changed between two sides, kept. Raises: InputError, SourceError."""
        return self._once(("changed", a, b), lambda: changed(a, b))

    def warm(self) -> None:
        """Do before somebody asks what takes long: read the newest lines, draw the world, compare two releases."""
        held = self.held()
        for part in ("decided", "order", "money", "names", "numbers"):
            getattr(held, part)
        self.overview(held)
        self.world(held)
        if self.sides:
            self.changed(*self.sides)


@cache
def shelf() -> Shelf:
    """The shelf of this process, from settings.PENHOLDER_SHADOW."""
    given: Mapping[str, Any] = getattr(settings, "PENHOLDER_SHADOW")  # noqa: B009 - of this site's settings alone
    return Shelf(
        Path(given["folder"]),
        given=tuple(map(Path, given.get("profiles", ()))),
        sides=tuple(given.get("releases", ())),
    )
