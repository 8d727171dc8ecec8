"""The public figures, counted from public entries of the log alone: by us for the page, by anybody from a copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from penholder.concerns.policy.clocks import Moved, Standing, policies, standing
from penholder.concerns.values import Disposition, Move, State

_PREFIX = "concerns."
MOVES = {
    "ConcernRaised": Move.RAISE,
    "ConcernAcknowledged": Move.ACKNOWLEDGE,
    "TargetAdded": Move.ADD_TARGET,
    "TimeExtended": Move.EXTEND,
    "AnswerIssued": Move.ANSWER,
    "PointsContested": Move.CONTEST,
    "AnswerAccepted": Move.ACCEPT,
    "ConcernWithdrawn": Move.WITHDRAW,
    "MeasureFinished": Move.FINISH_MEASURE,
}
"""Public events that bear on where a concern stands. What an office else does is not among them, and cannot be."""


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """What everybody can read of one entry."""

    event: str
    at: date
    about: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures as at a day. Each counts concerns, but for dispositions (points) and what is said otherwise."""

    on: date
    received: int = 0
    joined: int = 0
    """People who joined a concern."""
    acknowledged_late: int = 0
    owed: int = 0
    by_level: Mapping[int, int] = field(default_factory=dict)
    """Level that owes an answer -> concerns."""
    answered_on_time: int = 0
    """First answers by the first due day."""
    answered_late: int = 0
    overdue: int = 0
    """Not answered, and the first due day is past."""
    overdue_at_the_top: int = 0
    escalated: int = 0
    """Left a level because its due day had passed."""
    extended: int = 0
    contested: int = 0
    accepted: int = 0
    lapsed: int = 0
    withdrawn: int = 0
    open_measures: int = 0
    """Measures that were promised and are not finished."""
    dispositions: Mapping[str, int] = field(default_factory=dict)
    empty_refused: int = 0
    """Attempts to answer that were refused because they said nothing."""
    repeated: int = 0
    """Points whose grounds were marked as those of another answer."""


CONCERNS = (
    "received", "acknowledged_late", "owed", "answered_on_time", "answered_late", "overdue", "overdue_at_the_top",
    "escalated", "extended", "contested", "accepted", "lapsed", "withdrawn",
)  # fmt: skip
"""Figures that count concerns, each once."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One concern as the public log tells of it on a day, and in which figures it is counted."""

    standing: Standing
    figures: frozenset[str]


def counted(entries: Iterable[PublicEntry], *, on: date) -> tuple[Counted, ...]:
    """Every concern. Entries of other capabilities, and of later days, are passed over."""
    kept = [e for e in entries if e.event.startswith(_PREFIX) and e.at <= on]
    found = []
    for policy, moves in _lives(kept).values():
        now, first = standing(moves, policy=policies()[policy], on=on), _first_answer(moves)
        found.append(Counted(now, frozenset(_figures(moves, now, first))))
    return tuple(found)


def _figures(moves: list[Moved], now: Standing, first: date | None) -> Iterator[str]:
    """Names of the figures that count a concern."""
    late = bool(now.lapses) and _lapsed_before(now, first)
    told = {m.move for m in moves}
    states = {State.ACCEPTED: "accepted", State.LAPSED: "lapsed", State.WITHDRAWN: "withdrawn"}
    holds = {
        "received": True,
        "acknowledged_late": now.acknowledged_late,
        "owed": now.due is not None,
        "answered_on_time": first is not None and not late,
        "answered_late": first is not None and late,
        "overdue": first is None and now.due is not None and late,
        "overdue_at_the_top": now.is_overdue,
        "escalated": any(x.to is not None for x in now.lapses),
        "extended": Move.EXTEND in told,
        "contested": Move.CONTEST in told,
        "open_measures": bool(now.open_measures),
        states.get(now.state, ""): True,
    }
    yield from (name for name, does in holds.items() if name and does)


def tally(entries: Iterable[PublicEntry], *, on: date) -> Tally:
    """Count."""
    kept = [e for e in entries if e.event.startswith(_PREFIX) and e.at <= on]
    found = counted(kept, on=on)
    number = Counter(name for c in found for name in c.figures)
    named = Counter(e.event.removeprefix(_PREFIX) for e in kept)
    answers = [e for e in kept if e.event == f"{_PREFIX}AnswerIssued"]
    said = Counter(d for e in answers for d in e.data["dispositions"].values())
    return Tally(
        on=on,
        **{name: number[name] for name in CONCERNS},
        joined=named["ConcernJoined"],
        by_level=dict(sorted(Counter(c.standing.level for c in found if c.standing.due is not None).items())),
        open_measures=sum(len(c.standing.open_measures) for c in found),
        dispositions={d.value: said[d.value] for d in Disposition},
        empty_refused=named["EmptyAnswerRefused"],
        repeated=sum(int(e.data["repeated"]) for e in answers),
    )


def _first_answer(moves: list[Moved]) -> date | None:
    return next((m.on for m in moves if m.move is Move.ANSWER), None)


def _lapsed_before(found: Standing, answered: date | None) -> bool:
    return answered is None or found.lapses[0].due < answered


def _lives(entries: Iterable[PublicEntry]) -> dict[str, tuple[str, list[Moved]]]:
    lives: dict[str, tuple[str, list[Moved]]] = {}
    for entry in entries:
        move = MOVES.get(entry.event.removeprefix(_PREFIX))
        if move is Move.RAISE:
            lives[entry.about] = (str(entry.data["policy"]), [moved_of(move, entry)])
        elif move is not None and entry.about in lives:
            lives[entry.about][1].append(moved_of(move, entry))
    return lives


def moved_of(move: Move, entry: PublicEntry) -> Moved:
    """The move that a public entry tells of."""
    said = entry.data
    points = tuple(int(n) for n in said["dispositions"]) if move is Move.ANSWER else _numbers(said.get("points"))
    if move is Move.RAISE:
        points = tuple(range(1, int(said["points"]) + 1))
    until = said.get("until")
    return Moved(
        move,
        entry.at,
        points=tuple(sorted(points)),
        levels=_numbers(said.get("levels")),
        measures=_numbers(said.get("measures")),
        until=date.fromisoformat(until) if until else None,
    )


def _numbers(given: Any) -> tuple[int, ...]:
    return tuple(int(n) for n in given) if isinstance(given, list | tuple) else ()
