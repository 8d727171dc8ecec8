"""Which level owes an answer, and by when: derived from the policy, what happened, and the day. Never stored.

So a level that lets its due day pass has lost the concern at the end of that day, whether or not any program runs:
whoever asks later finds it one level up. A due day is the last day on which the answer can be issued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from penholder.actions.errors import ConflictError, InvalidError
from penholder.concerns.policy.machine import data, machine
from penholder.concerns.values import Move, State
from penholder.kernel.dates import add_months
from penholder.kernel.errors import RuleError


@dataclass(frozen=True, slots=True)
class Policy:
    """One row of data/policies.yaml."""

    id: str
    valid_from: date
    acknowledge_days: int
    answer_months: int
    next_months: int
    extension_months: int
    contest_days: int
    grounds_letters: int
    same_percent: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that happened. levels: those that can hear the concern from now on, where that changed.

    points: of an answer, or contested; of a measure that was finished: its point. measures: points whose answer
    promises one. until: of an extension.
    """

    move: Move
    on: date
    points: tuple[int, ...] = ()
    levels: tuple[int, ...] = ()
    measures: tuple[int, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Lapse:
    """A level let its due day pass. The concern left it at the end of that day."""

    level: int
    due: date
    to: int | None
    """The level that has it since; None: there is none above, and the lapse is public."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a concern stands on a day."""

    state: State
    level: int
    """The level that owes the answer; of one that is answered: that gave it."""
    due: date | None
    """Last day for the answer; None: none is owed."""
    open_points: tuple[int, ...]
    """Points to be answered by the level that owes."""
    lapses: tuple[Lapse, ...]
    acknowledge_by: date
    acknowledged_on: date | None
    acknowledged_late: bool
    """Also where it was never acknowledged and the day is past; it stays so."""
    extended_until: date | None
    contest_until: date | None
    """Last day to contest the answer that stands."""
    open_measures: tuple[int, ...]
    ended_on: date | None
    answered: int
    """Answers that were issued."""

    @property
    def is_overdue(self) -> bool:
        """The level at the top, outside, has let its due day pass."""
        return bool(self.lapses) and self.lapses[-1].to is None and self.due is not None

    @property
    def is_closed(self) -> bool:
        """Ended, and no promised measure is left."""
        return self.ended_on is not None and (self.state is State.WITHDRAWN or not self.open_measures)


@dataclass
class _Fold:
    policy: Policy
    first: Moved
    state: State = field(init=False)
    level: int = field(init=False)
    levels: tuple[int, ...] = field(init=False)
    due: date | None = field(init=False)
    points: tuple[int, ...] = field(init=False)
    lapses: list[Lapse] = field(default_factory=list)
    acknowledged_on: date | None = None
    extended_until: date | None = None
    contest_until: date | None = None
    measures: set[int] = field(default_factory=set)
    ended_on: date | None = None
    answered: int = 0

    def __post_init__(self) -> None:
        self.state, self.levels = machine().begins, self.first.levels
        self.level, self.points = self.levels[0], self.first.points
        self.due = add_months(self.first.on, self.policy.answer_months)

    def pass_time(self, until: date) -> None:
        """What the days before `until` have brought about by themselves."""
        while self.due is not None and self.due < until:
            above = self._above(self.level)
            if above is None:
                if not self.lapses or self.lapses[-1].to is not None:
                    self.lapses.append(Lapse(self.level, self.due, None))
                break
            self.lapses.append(Lapse(self.level, self.due, above))
            self.level, self.due = above, add_months(self.due, self.policy.next_months)
        if self.state is machine().window and self.contest_until is not None and self.contest_until < until:
            after = machine().after(Move.LAPSE, self.state)
            assert after is not None  # noqa: S101 - the table has it; a test walks it
            self.state, self.ended_on = after, self.contest_until + timedelta(days=1)

    def _above(self, level: int) -> int | None:
        return next((n for n in self.levels if n > level), None)

    def apply(self, moved: Moved) -> None:
        """Raises: ConflictError: not allowed in this state; InvalidError: points that are none."""
        after = machine().after(moved.move, self.state)
        if after is None or moved.move is Move.LAPSE:
            raise ConflictError(
                f"{moved.move.replace('_', ' ')} is not possible: the concern is {self.state}",
                hint="look at it again: it may have moved meanwhile",
            )
        _DO.get(moved.move, _nothing)(self, moved)
        if moved.levels:
            self._move_to(moved.levels)
        self.state = after
        if after in machine().ended and self.ended_on is None:
            self.ended_on, self.due = moved.on, None

    def _move_to(self, levels: tuple[int, ...]) -> None:
        self.levels = levels
        if self.due is not None and self.level not in levels:
            self.level = self._above(self.level) or levels[-1]

    def result(self, on: date) -> Standing:
        by = self.first.on + timedelta(days=self.policy.acknowledge_days)
        return Standing(
            state=self.state,
            level=self.level,
            due=self.due,
            open_points=self.points if self.due is not None else (),
            lapses=tuple(self.lapses),
            acknowledge_by=by,
            acknowledged_on=self.acknowledged_on,
            acknowledged_late=(self.acknowledged_on or on) > by,
            extended_until=self.extended_until,
            contest_until=self.contest_until if self.state is machine().window else None,
            open_measures=tuple(sorted(self.measures)),
            ended_on=self.ended_on,
            answered=self.answered,
        )


def _nothing(_fold: _Fold, _moved: Moved) -> None:
    """Most moves change neither a clock nor a level."""


def _acknowledge(fold: _Fold, moved: Moved) -> None:
    fold.acknowledged_on = moved.on


def _extend(fold: _Fold, moved: Moved) -> None:
    if fold.extended_until is not None:
        raise ConflictError("the time was extended before: once is the limit", hint="answer by the due day")
    assert fold.due is not None  # noqa: S101 - the machine allows it only while an answer is owed
    last = add_months(fold.due, fold.policy.extension_months)
    if moved.until is None or not fold.due < moved.until <= last:
        raise InvalidError(
            f"the time can be extended to a day after {fold.due}, and to {last} at the latest",
            hint="choose an earlier day",
            fields={"until": f"must be after {fold.due} and not after {last}"},
        )
    fold.due = fold.extended_until = moved.until


def _answer(fold: _Fold, moved: Moved) -> None:
    check_points(moved.points, fold.points, field="answers")
    fold.measures |= set(moved.measures)
    fold.answered += 1
    fold.due, fold.contest_until = None, moved.on + timedelta(days=fold.policy.contest_days)


def _contest(fold: _Fold, moved: Moved) -> None:
    if not moved.points or not set(moved.points) <= set(fold.points):
        raise InvalidError(
            "these are not points of the answer that stands",
            hint=f"it answers the points {', '.join(map(str, fold.points))}",
            fields={"points": f"must be among {', '.join(map(str, fold.points))}"},
        )
    levels = moved.levels or fold.levels
    above = next((n for n in levels if n > fold.level), None)
    if above is None:
        raise ConflictError(
            "the instance outside the authority has answered: there is no level above it",
            hint="what you say of its answer can be left as a message; it stays with the case",
        )
    fold.level, fold.points, fold.contest_until = above, tuple(sorted(set(moved.points))), None
    fold.measures -= set(fold.points)
    fold.due = add_months(moved.on, fold.policy.next_months)


def _finish(fold: _Fold, moved: Moved) -> None:
    if not set(moved.points) <= fold.measures:
        raise ConflictError("there is no such measure left to finish", hint="look at the answer")
    fold.measures -= set(moved.points)


_DO = {
    Move.ACKNOWLEDGE: _acknowledge,
    Move.EXTEND: _extend,
    Move.ANSWER: _answer,
    Move.CONTEST: _contest,
    Move.FINISH_MEASURE: _finish,
}


def standing(moves: Sequence[Moved], *, policy: Policy, on: date) -> Standing:
    """Where a concern stands on a day.

    Args:
        moves: what happened up to that day, in order; the first one raises it (levels and points given).
    Raises: ConflictError, InvalidError: a move that is not allowed where it stands.
    """
    fold = _Fold(policy, moves[0])
    for moved in moves[1:]:
        fold.pass_time(moved.on)
        fold.apply(moved)
    fold.pass_time(on)
    return fold.result(on)


def check_points(given: Sequence[int], wanted: Sequence[int], *, field: str) -> None:
    """Raises: InvalidError: a point is missing, or there is one that was not asked."""
    missing = [n for n in wanted if n not in given]
    foreign = sorted({n for n in given if n not in wanted})
    twice = sorted({n for n in given if list(given).count(n) > 1})
    said = [
        f"{what} {', '.join(map(str, which))}"
        for what, which in (("no answer to point", missing), ("not asked:", foreign), ("answered twice:", twice))
        if which
    ]
    if said:
        raise InvalidError(
            f"every point is answered once: {'; '.join(said)}",
            hint=f"answer the points {', '.join(map(str, wanted))}",
            fields={field: "; ".join(said)},
        )


@cache
def policies() -> Mapping[str, Policy]:
    """All policies by id, oldest first. Raises: RuleError."""
    record = data("policies.yaml")
    record.refuse_unknown({"policies"})
    names = [n for n in Policy.__dataclass_fields__ if n not in {"id", "valid_from"}]
    found: dict[str, Policy] = {}
    for row in record.items("policies"):
        row.refuse_unknown({"id", "valid_from", *names})
        numbers = {name: row.integer(name) for name in names}
        if row.text("id") in found or any(n < 1 for n in numbers.values()):
            raise row.refusal(None, "a policy has an id of its own, and numbers above nought")
        found[row.text("id")] = Policy(id=row.text("id"), valid_from=row.day("valid_from"), **numbers)
    if not found:
        raise RuleError("policies.yaml: there is no policy")
    return found


def policy_on(day: date) -> Policy:
    """The policy for concerns that are raised on a day: the newest that is in force; before the first one, it."""
    found = sorted(policies().values(), key=lambda p: p.valid_from)
    return [found[0], *(p for p in found if p.valid_from <= day)][-1]
