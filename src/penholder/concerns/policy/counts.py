"""Concerns in aggregate, by the rule on small numbers: stated with every page and release. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from penholder.concerns.policy.tally import Tally
from penholder.publication.policy import small_cells, small_total

RULE = (
    "A count of concerns or people that is above nought and below {smallest} is not shown. Where a total would "
    "give a hidden count away, the next smallest count beside it is hidden too, or the total."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One count; None: too small to be shown."""

    name: str
    words: str
    count: int | None


@dataclass(frozen=True, slots=True)
class ConcernCounts:
    """The tables of concerns. states sum to `received`; dispositions are of points, without a total."""

    received: int | None
    states: tuple[Cell, ...]
    others: tuple[Cell, ...]
    dispositions: tuple[Cell, ...]
    levels: tuple[Cell, ...]
    empty_refused: int
    smallest: int


_STATES = (
    ("answered_on_time", "Answered in time"),
    ("answered_late", "Answered late"),
    ("overdue", "Not answered, and the first due day is past"),
)
_OTHERS = (
    ("overdue_at_the_top", "Overdue at the last level"),
    ("escalated", "Went up a level because a due day had passed"),
    ("acknowledged_late", "Acknowledged late"),
    ("extended", "Extensions of time"),
    ("contested", "Answers that were contested"),
    ("accepted", "Answers that were accepted"),
    ("withdrawn", "Withdrawn"),
    ("open_measures", "Promised in answers and not finished"),
)


def counts_of(found: Tally, *, smallest: int) -> ConcernCounts:
    """The counts as they may be shown."""
    known = [getattr(found, name) for name, _ in _STATES]
    states = [*known, found.received - sum(known)]
    cells = small_cells(states, smallest=smallest, total_is_shown=True)
    words = [*_STATES, ("pending", "Not answered, and not due")]
    return ConcernCounts(
        received=small_total(found.received, cells, smallest=smallest),
        states=tuple(Cell(name, said, count) for (name, said), count in zip(words, cells, strict=True)),
        others=_apart([(name, said, getattr(found, name)) for name, said in _OTHERS], smallest),
        dispositions=_apart([(d, d.replace("_", " "), n) for d, n in found.dispositions.items()], smallest),
        levels=_apart([(str(k), f"Level {k} owes an answer", n) for k, n in found.by_level.items()], smallest),
        empty_refused=found.empty_refused,
        smallest=smallest,
    )


def _apart(rows: list[tuple[str, str, int]], smallest: int) -> tuple[Cell, ...]:
    """Counts without a total."""
    cells = small_cells([n for _, _, n in rows], smallest=smallest, total_is_shown=False)
    return tuple(Cell(name, said, count) for (name, said, _), count in zip(rows, cells, strict=True))
