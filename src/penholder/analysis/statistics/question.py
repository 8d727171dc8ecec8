"""What is asked: which lines, counted how, by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from penholder.kernel.dates import check_day
from penholder.kernel.errors import InputError

MEASURES = ("lines", "licences", "value")


@dataclass(frozen=True, slots=True)
class Filter:
    """A line is kept if its value is one of `values` (None: not stated), or begins with one of `prefixes`."""

    dimension: str
    values: tuple[str | int | None, ...]
    prefixes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """The values, then the prefixes, as a reader knows them, for the predicate."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Lines in force on a day, or decisions from a day to a day (both included); nothing given: every decision.

    Raises: InputError for a day that cannot be asked about, or days that contradict each other.
    """

    on: date | None = None
    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        for day in (self.on, self.start, self.end):
            if day is not None:
                check_day(day)
        if self.on and (self.start or self.end):
            raise InputError(
                "--on was given together with --from or --to",
                hint="--on counts lines in force on a day; --from and --to count decisions; ask twice",
            )
        if self.start and self.end and self.end < self.start:
            raise InputError(f"--to {self.end} is before --from {self.start}", hint="exchange the two dates")


EVERY_DECISION = Scope()


@dataclass(frozen=True, slots=True)
class Question:
    """Dimensions to count by, what to count, and which lines."""

    by: tuple[str, ...] = ()
    measure: str = "lines"
    where: tuple[Filter, ...] = ()
    scope: Scope = EVERY_DECISION

    @property
    def used(self) -> frozenset[str]:
        """Names of all dimensions that the question needs."""
        return frozenset(self.by) | {f.dimension for f in self.where}


def check_measure(name: str) -> str:
    """`name`, if it is a measure. Raises: InputError."""
    if name not in MEASURES:
        raise InputError(f"there is no measure {name!r}", hint=f"allowed: {', '.join(MEASURES)}")
    return name
