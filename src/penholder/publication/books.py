"""What the public site shows: questions to the projection, answered with plain values.

Everybody may ask everything here: there is nothing in it that is not published. Answers are kept while the file of
the projection stays the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from penholder.actions.moment import now
from penholder.concerns.policy.tally import PublicEntry, Tally, tally
from penholder.publication.disclosure import Disclosure, disclosure
from penholder.publication.fold import licences_of
from penholder.publication.measures import KINDS, Measure, measures_of
from penholder.publication.projection import FILE, Projection
from penholder.publication.promises import (
    Assessed,
    Decision,
    Promise,
    Statement,
    assessments_of,
    decisions_of,
    statements_of,
)
from penholder.publication.seeing import read_seen
from penholder.publication.values import AUTHORITY, CONCERNS, Fact, Head, Licence, Seen

T = TypeVar("T")
_KEPT = 6
"""Sizes of the log for which folds are kept."""
_mine = threading.local()


@dataclass(frozen=True, slots=True)
class Stamp:
    """What must stay the same for answers to be kept: the file, and the day of the disclosure policy."""

    path: Path
    inode: int
    changed: int
    day: date


class Books:
    """The published books, as loaded. Raises: NotLoadedError."""

    def __init__(self, path: Path, *, policy: Disclosure, today: date) -> None:
        self.policy, self.today = policy, today
        self.source = Projection(path, policy=policy, on=today)
        self._folds: dict[tuple[str, int], object] = {}

    @cached_property
    def heads(self) -> Mapping[str, Head]:
        """Log -> its head."""
        return self.source.heads()

    @property
    def size(self) -> int:
        """Size of the authority's log as it is shown; 0: none was loaded."""
        head = self.heads.get(AUTHORITY)
        return head.size if head else 0

    def seen(self, *, on: str = "", known: str = "") -> Seen:
        """How an address asks to look. Raises: SeenError."""
        return read_seen(
            on=on,
            known=known,
            today=self.today,
            newest=self.size,
            size_at=lambda moment: self.source.size_at(AUTHORITY, moment),
            time_of=lambda number: self.source.at(AUTHORITY, number),
        )

    def _kept(self, name: str, size: int, make: Callable[[], T]) -> T:
        key = (name, size)
        if key not in self._folds:
            while len({s for _, s in self._folds}) >= _KEPT and size not in {s for _, s in self._folds}:
                first = next(iter(self._folds))[1]
                self._folds = {k: v for k, v in self._folds.items() if k[1] != first}
            self._folds[key] = make()
        return self._folds[key]  # type: ignore[return-value]

    def licences(self, size: int) -> Mapping[str, Licence]:
        """Every licence, as known at a size."""
        return self._kept(
            "licences",
            size,
            lambda: licences_of(self.source.facts(log=AUTHORITY, size=size, kinds=("licence",))),
        )

    def licence(self, name: str, size: int) -> Licence | None:
        """One licence; None: the log says nothing of it."""
        facts = self.source.facts(log=AUTHORITY, size=size, thing=name, kinds=("licence",))
        return licences_of(f for f in facts if f.about == name).get(name)

    def measures(self, size: int) -> Mapping[str, Measure]:
        """Every moratorium, exemption and hold."""
        return self._kept(
            "measures", size, lambda: measures_of(self.source.facts(log=AUTHORITY, size=size, kinds=KINDS))
        )

    def statements(self, size: int) -> tuple[Mapping[str, Statement], Mapping[str, Promise]]:
        """Every statement and every promise."""
        kinds = ("statement", "promise")
        return self._kept(
            "statements", size, lambda: statements_of(self.source.facts(log=AUTHORITY, size=size, kinds=kinds))
        )

    def assessments(self, size: int) -> Mapping[str, Assessed]:
        """Every accepted version."""
        return self._kept(
            "assessments",
            size,
            lambda: assessments_of(self.source.facts(log=AUTHORITY, size=size, kinds=("assessment",))),
        )

    def decisions(self, size: int) -> Mapping[str, Decision]:
        """Every decided case."""
        return self._kept(
            "decisions",
            size,
            lambda: decisions_of(self.source.facts(log=AUTHORITY, size=size, kinds=("decision",))),
        )

    def taken_in(self, seen: Seen) -> tuple[Fact, ...]:
        """Releases of other series that the register took in by then: the log counts their lines, no more."""
        facts = self.source.facts(log=AUTHORITY, size=seen.size, events=("register.ReleaseLoaded",))
        return tuple(f for f in facts if (day := f.day("loaded_on")) is not None and day <= seen.on)

    def facts_about(self, name: str, size: int) -> list[Fact]:
        """Every public entry of the authority's log that names a thing, in order."""
        return self.source.facts(log=AUTHORITY, size=size, thing=name)

    def newest(self, *, before: int | None = None, most: int = 20, kinds: tuple[str, ...] = ()) -> list[Fact]:
        """The newest public entries of the authority's log, the newest first."""
        return self.source.facts(log=AUTHORITY, size=self.size, before=before, newest=most, kinds=kinds)

    def concerns(self, *, on: date, size: int | None = None) -> Tally | None:
        """Concerns, counted from the log of their site as at a day; None: it was not loaded."""
        head = self.heads.get(CONCERNS)
        if head is None:
            return None
        rows = self.source.counted(log=CONCERNS, size=head.size if size is None else size, kind="concern")
        return tally((PublicEntry(event, at, about, data) for event, at, about, data in rows), on=on)


def path_of_projection() -> Path:
    """The file of the projection of this home."""
    return Path(settings.PENHOLDER_HOME) / FILE


def books() -> Books:
    """The books of this site, for this thread. Raises: NotLoadedError."""
    path = path_of_projection()
    moment: datetime = now()
    found = path.stat() if path.is_file() else None
    stamp = Stamp(path, found.st_ino if found else 0, found.st_mtime_ns if found else 0, moment.date())
    held: tuple[Stamp, Books] | None = getattr(_mine, "held", None)
    if held is not None and held[0] == stamp:
        return held[1]
    if held is not None:
        held[1].source.close()
        del _mine.held
    made = Books(path, policy=disclosure(), today=moment.date())
    _mine.held = (stamp, made)
    return made
