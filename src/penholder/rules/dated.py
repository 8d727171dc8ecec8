"""Values that hold from one day to another, and that we have known since some day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from penholder.kernel.dates import Interval

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value, its days of validity (end exclusive), and the first day on which it could be known."""

    value: T
    valid: Interval
    known_from: date | None = None
    source: str = ""


def overlaps(versions: Sequence[Dated[T]]) -> list[tuple[Dated[T], Dated[T]]]:
    """Pairs that claim the same day with the same knowledge, so that nothing says which one holds."""
    return [
        (first, second)
        for index, first in enumerate(versions)
        for second in versions[index + 1 :]
        if first.known_from == second.known_from and first.valid.overlaps(second.valid)
    ]


def gaps(spans: Sequence[Interval]) -> list[Interval]:
    """Days between the first start and the last end that no interval covers."""
    found: list[Interval] = []
    reached: date | None = None
    for position, span in enumerate(sorted(spans, key=lambda s: s.start or date.min)):
        if position and reached is not None and span.start is not None and span.start > reached:
            found.append(Interval(reached, span.start))
        if span.end is None:
            return found
        reached = span.end if reached is None else max(reached, span.end)
    return found
