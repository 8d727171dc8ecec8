"""Concerns in aggregate, by one rule on small numbers: on their own site, the public one, in releases. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penholder.concerns.policy.small import small_cells, small_tables
from penholder.concerns.policy.tally import Tally

RULE = (
    "A count of concerns or people that is above nought and below {smallest} is not shown. Where a total would "
    "give a hidden count away, the next smallest count beside it is hidden too, or the total."
)
LIMITS = (
    "What the rule cannot prevent: the counts of two days, or of two releases, can differ by one concern. Counts "
    "of different tables bear on each other, so that where little has happened one can be guessed from another. "
    "And the log of the site of concerns is published: whoever has a copy counts all of it (penholder concerns "
    "recount). What it holds of each concern is a random name, levels, numbers of points and days; who raised it, "
    "about what, and what it says it does not hold."
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One count; None: left out by the rule."""

    name: str
    words: str
    count: int | None


@dataclass(frozen=True, slots=True)
class ConcernCounts:
    """The tables of concerns. States, and what stands, each sum to `received`; the others have no total."""

    received: int | None
    states: tuple[Cell, ...]
    """How the first answer stands."""
    standing: tuple[Cell, ...]
    """Who owes an answer, by level (the name is its number), or how it ended."""
    others: tuple[Cell, ...]
    dispositions: tuple[Cell, ...]
    empty_refused: int
    smallest: int


_STATES = (
    ("answered_on_time", "Answered in time"),
    ("answered_late", "Answered late"),
    ("overdue", "Not answered, and the first due day is past"),
    ("pending", "Not answered, and not due"),
)
_ENDS = (
    ("open_to_contest", "Answered, and can be contested"),
    ("accepted", "The answer was accepted"),
    ("lapsed", "Answered, and not contested in time"),
    ("withdrawn", "Withdrawn"),
)
_OTHERS = (
    ("overdue_at_the_top", "Overdue at the last level"),
    ("escalated", "Went up a level because a due day had passed"),
    ("acknowledged_late", "Acknowledged late or not yet"),
    ("extended", "Given more time"),
    ("contested", "Contested"),
    ("open_measures", "Promised in answers and not finished"),
    ("joined", "People who joined a concern"),
    ("repeated", "Points with grounds used before, marked and signed"),
)


def counts_of(found: Tally, *, smallest: int) -> ConcernCounts:
    """The counts as they may be shown."""
    first = [found.answered_on_time, found.answered_late, found.overdue]
    states = [*first, found.received - sum(first)]
    ended = [found.accepted, found.lapsed, found.withdrawn]
    levels = dict(found.by_level)
    standing = [*levels.values(), found.received - sum(levels.values()) - sum(ended), *ended]
    named = (*((str(k), f"Level {k} owes an answer") for k in levels), *_ENDS)
    received, (states_shown, standing_shown) = small_tables([states, standing], smallest=smallest)
    return ConcernCounts(
        received=received,
        states=_cells(_STATES, states_shown),
        standing=_cells(named, standing_shown),
        others=_apart([(name, said, getattr(found, name)) for name, said in _OTHERS], smallest),
        dispositions=_apart([(d, d.replace("_", " "), n) for d, n in found.dispositions.items()], smallest),
        empty_refused=found.empty_refused,
        smallest=smallest,
    )


def _cells(named: Sequence[tuple[str, str]], counts: Sequence[int | None]) -> tuple[Cell, ...]:
    return tuple(Cell(name, said, count) for (name, said), count in zip(named, counts, strict=True))


def _apart(rows: list[tuple[str, str, int]], smallest: int) -> tuple[Cell, ...]:
    """Counts without a total."""
    cells = small_cells([n for _, _, n in rows], smallest=smallest, total_is_shown=False)
    return _cells([(name, said) for name, said, _ in rows], cells)
