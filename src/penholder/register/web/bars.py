"""The life of the lines as a picture: one bar for each line, drawn in whole numbers, always with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise

from penholder.register.history import Step
from penholder.register.life_cycle import life_cycle
from penholder.register.values import LineAct, LineStatus, Standing, standing_of

WIDTH = 1_000
"""Units of a bar from its first to its last day."""
_FULL, _STOPPED, _ENDED = 10, 5, 2
_RUNS = (LineStatus.ISSUED, LineStatus.SUSPENDED)
_HEIGHTS = {LineStatus.ISSUED: _FULL, LineStatus.SUSPENDED: _STOPPED}


@dataclass(frozen=True, slots=True)
class Part:
    """One status of a line: from a day, until a day (exclusive; None: it lasts). x, y, width, height: its bar."""

    status: LineStatus
    standing: Standing
    start: date
    end: date | None
    is_day_known: bool
    x: int
    width: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One line and its statuses, in order."""

    line: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All bars on one scale, from the first day of all to the day that is looked at."""

    bars: tuple[Bar, ...]
    first: date
    last: date


def picture_of(steps: Sequence[Step], *, on: date) -> Picture | None:
    """The picture of some lines up to a day; None where nothing happened yet.

    The height says what may leave: full while in force, half while suspended, a thread before and after.
    """
    if not steps:
        return None
    first = min(s.since for s in steps)
    last = max(on, first) + timedelta(days=1)
    bars = tuple(Bar(n, _parts(list(of), first, last, on)) for n, of in groupby(steps, key=lambda s: s.line))
    return Picture(bars, first, on)


def _x(day: date, first: date, last: date) -> int:
    return max(0, min(WIDTH, (day - first).days * WIDTH // (last - first).days))


def _parts(steps: list[Step], first: date, last: date, on: date) -> tuple[Part, ...]:
    """The steps of one line; one that ran out meanwhile gets the step that nobody has written down yet."""
    until = steps[-1].valid_until
    if steps[-1].status in _RUNS and until is not None and until <= on:
        after = life_cycle().moves[LineAct.EXPIRE, steps[-1].status]
        steps = [*steps, Step(steps[-1].line, after, until, is_day_known=True, valid_until=until)]
    found = [
        _part(step, following.since, first, last)
        for step, following in pairwise(steps)
        if following.since > step.since
    ]
    return (*found, _part(steps[-1], None, first, last))


def _part(step: Step, end: date | None, first: date, last: date) -> Part:
    height = _HEIGHTS.get(step.status, _ENDED)
    start, stop = _x(step.since, first, last), _x(end or last, first, last)
    return Part(
        step.status,
        standing_of(step.status, step.valid_until),
        step.since,
        end,
        step.is_day_known,
        start,
        max(1, stop - start),
        _FULL - height,
        height,
    )
