"""Why a count of lines is another on another day: by what it was moved. Pure.

A count that is published needs the day, what was known, and the reasons for its change. The bridge counts each
move of each line by itself; that the moves amount to the difference of the two counts is then a check of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mover(StrEnum):
    """By what a count of lines (suspended ones, or those in force) is moved."""

    ISSUED = "issued"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"
    SURRENDERED = "surrendered"
    REINSTATED = "reinstated"
    REVOKED = "revoked"
    AMENDED = "amended"
    """Amended so that it comes under what is counted, or is counted no longer: rescoped."""
    CORRECTED = "corrected"
    """It was so on the first day already, and was not known when the first count was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """From a day on a line counts, or counts no longer, and why. In the order in which they follow one another."""

    on: date
    counts: bool
    by: Mover


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One line (or licence) that came into the count (+1) or left it (-1)."""

    subject: str
    on: date
    by: Mover
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """Two counts, and every move between them. `remainder`: what the moves do not explain; it must be nought."""

    first: int
    last: int
    moves: tuple[Move, ...]

    @property
    def remainder(self) -> int:
        """last - first - the sum of the moves."""
        return self.last - self.first - sum(m.change for m in self.moves)

    def by_mover(self) -> Mapping[Mover, tuple[int, int]]:
        """Mover -> (came in, left), of those that moved anything, in their order."""
        found = {}
        for mover in Mover:
            came = sum(m.change for m in self.moves if m.by is mover and m.change > 0)
            left = -sum(m.change for m in self.moves if m.by is mover and m.change < 0)
            if came or left:
                found[mover] = (came, left)
        return found


Lives = Mapping[str, Sequence[Turn]]
"""Id of a line -> its turns, oldest first."""


def counts_on(turns: Iterable[Turn], day: date) -> bool:
    """Does the line count on that day?"""
    counts = False
    for turn in turns:
        if turn.on <= day:
            counts = turn.counts
    return counts


def bridge_of_lines(then: Lives, now: Lives, *, first: date, last: date) -> Bridge:
    """The bridge from the count of lines on `first`, by what was known then, to that on `last`, by what is now."""
    moves = [
        Move(subject=name, on=first, by=Mover.CORRECTED, change=1 if after else -1)
        for name in sorted({*then, *now})
        if counts_on(then.get(name, ()), first) is not (after := counts_on(now.get(name, ()), first))
    ]
    for name, turns in sorted(now.items()):
        counts = counts_on(turns, first)
        for turn in turns:
            if first < turn.on <= last and turn.counts is not counts:
                counts = turn.counts
                moves.append(Move(subject=name, on=turn.on, by=turn.by, change=1 if counts else -1))
    return Bridge(first=_total(then, first), last=_total(now, last), moves=_in_order(moves))


def bridge_of_licences(then: Lives, now: Lives, *, first: date, last: date) -> Bridge:
    """The same of licences: one counts while any of its lines does. Ids of lines are `licence:number`.

    The move of a licence is that of the line that made it come or go; of several on one day, the last in order.
    """
    return bridge_of_lines(_licences(then), _licences(now), first=first, last=last)


def _licences(lives: Lives) -> Lives:
    steps: dict[str, list[tuple[date, str, Turn]]] = {}
    for name, turns in sorted(lives.items()):
        for turn in turns:
            steps.setdefault(licence_of(name), []).append((turn.on, name, turn))
    return {licence: _joined(found) for licence, found in steps.items()}


def _joined(steps: list[tuple[date, str, Turn]]) -> list[Turn]:
    """Turns of a licence, day by day: what counts at the end of the day."""
    counting: set[str] = set()
    made: list[Turn] = []
    was = False
    for day in sorted({on for on, _, _ in steps}):
        last: Turn | None = None
        for on, name, turn in steps:
            if on == day:
                (counting.add if turn.counts else counting.discard)(name)
                last = turn if turn.counts is bool(counting) or last is None else last
        if last is not None and bool(counting) is not was:
            was = bool(counting)
            made.append(Turn(on=day, counts=was, by=last.by))
    return made


def licence_of(line: str) -> str:
    """`L-1:2` -> `L-1`."""
    return line.rpartition(":")[0]


def _total(lives: Lives, day: date) -> int:
    return sum(counts_on(turns, day) for turns in lives.values())


def _in_order(moves: Iterable[Move]) -> tuple[Move, ...]:
    return tuple(sorted(moves, key=lambda m: (m.on, list(Mover).index(m.by), m.subject)))
