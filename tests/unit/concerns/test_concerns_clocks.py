"""The clocks and the states: no early end, no clock that can be stopped, and every level reached at its
instant.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.actions.errors import ConflictError, InvalidError
from penholder.concerns.policy.clocks import Moved, Standing, policies, policy_on, standing
from penholder.concerns.policy.machine import machine
from penholder.concerns.values import Move, State
from penholder.kernel.dates import add_months

POLICY = policy_on(date(2026, 11, 22))
DAY = date(2026, 1, 15)
DUE = date(2026, 4, 15)
RAISED = Moved(Move.RAISE, DAY, points=(1, 2), levels=(1, 2, 3))
QUIET = (
    Move.ACKNOWLEDGE, Move.MESSAGE, Move.ATTACH, Move.ALLOCATE, Move.HOLD, Move.RESUME, Move.MERGE, Move.JOIN,
    Move.PROPOSE,
)  # fmt: skip
"""Acknowledging, messaging, transferring, merging, on hold, and the rest that an office or filer does
meanwhile.
"""


def at(on: date, *moves: Moved) -> Standing:
    return standing([RAISED, *moves], policy=POLICY, on=on)


def answered(on: date, *points: int, measures: tuple[int, ...] = ()) -> Moved:
    return Moved(Move.ANSWER, on, points=points or (1, 2), measures=measures)


# Three ways to an end, walked through every sequence of moves.


def test_the_table_has_three_ways_to_an_end_and_no_other() -> None:
    assert machine().ways_to_an_end() == {
        (Move.ACCEPT, State.ANSWERED),
        (Move.LAPSE, State.ANSWERED),
        *((Move.WITHDRAW, s) for s in (State.RAISED, State.ACKNOWLEDGED, State.CONTESTED, State.ANSWERED)),
    }


def test_nothing_leads_out_of_an_end_but_a_promise_that_is_kept() -> None:
    left = {(m, s) for m, s in machine().moves if s in machine().ended}
    assert left == {(Move.FINISH_MEASURE, State.ACCEPTED), (Move.FINISH_MEASURE, State.LAPSED)}


def test_no_sequence_of_up_to_eight_moves_ends_a_concern_without_an_answer_or_its_filer() -> None:
    seen: dict[tuple[State, bool], int] = {(machine().begins, False): 1}
    for _ in range(8):
        following: dict[tuple[State, bool], int] = {}
        for (state, was_answered), move in product(seen, Move):
            after = machine().after(move, state)
            if after is None:
                continue
            answered_now = was_answered or move is Move.ANSWER
            if after in machine().ended and state not in machine().ended:
                assert move is Move.WITHDRAW or (answered_now and move in {Move.ACCEPT, Move.LAPSE})
            following[after, answered_now] = 1
        seen = following
    assert (State.ACCEPTED, False) not in seen
    assert (State.LAPSED, False) not in seen


@pytest.mark.parametrize("move", [Move.ACCEPT, Move.CONTEST, Move.LAPSE])
def test_what_was_not_answered_is_neither_accepted_nor_contested_nor_lapsed(move: Move) -> None:
    with pytest.raises(ConflictError):
        at(DAY, Moved(move, DAY, points=(1,)))


# No clock stops.


@given(st.lists(st.tuples(st.sampled_from(QUIET), st.integers(0, 89)), max_size=12))
def test_what_an_office_does_meanwhile_moves_no_due_day(what: list[tuple[Move, int]]) -> None:
    moves: list[Moved] = []
    for move, days in sorted(what, key=lambda w: w[1]):
        if move is Move.ACKNOWLEDGE and any(m.move is Move.ACKNOWLEDGE for m in moves):
            continue
        moves.append(Moved(move, DAY + timedelta(days=days), points=(1, 2)))
    found = at(DAY + timedelta(days=89), *moves)
    assert (found.due, found.level) == (DUE, 1)


@given(st.lists(st.tuples(st.sampled_from(QUIET[1:]), st.integers(0, 400)), max_size=12), st.integers(0, 400))
def test_where_a_concern_stands_depends_on_the_day_and_on_nothing_an_office_does(
    what: list[tuple[Move, int]], asked: int
) -> None:
    on = DAY + timedelta(days=asked)
    moves = [Moved(m, DAY + timedelta(days=n)) for m, n in sorted(what, key=lambda w: w[1]) if n <= asked]
    quiet, moved = at(on), at(on, *moves)
    assert (moved.level, moved.due, moved.lapses) == (quiet.level, quiet.due, quiet.lapses)


def test_on_its_last_day_a_level_has_the_concern_and_on_the_next_day_the_next_level_has_it() -> None:
    on, after = at(DUE), at(DUE + timedelta(days=1))
    assert (on.level, on.due, on.lapses) == (1, DUE, ())
    assert (after.level, after.due) == (2, date(2026, 5, 15))
    assert [(x.level, x.due, x.to) for x in after.lapses] == [(1, DUE, 2)]


def test_a_year_of_silence_ends_at_the_top_and_shows_there() -> None:
    found = at(DAY + timedelta(days=365))
    assert (found.level, found.is_overdue, found.state) == (3, True, State.RAISED)
    assert [(x.level, x.due, x.to) for x in found.lapses] == [
        (1, DUE, 2), (2, date(2026, 5, 15), 3), (3, date(2026, 6, 15), None),
    ]  # fmt: skip


def test_an_acknowledgement_after_seven_days_is_late_for_ever() -> None:
    in_time, late = (Moved(Move.ACKNOWLEDGE, DAY + timedelta(days=n)) for n in (7, 8))
    assert at(DUE, in_time).acknowledged_late is False
    assert at(DUE, late).acknowledged_late is True
    assert at(DAY + timedelta(days=7)).acknowledged_late is False
    assert at(DAY + timedelta(days=8)).acknowledged_late is True


# More time: once, before the due day.


def test_more_time_is_given_once() -> None:
    first = Moved(Move.EXTEND, DUE, until=DUE + timedelta(days=30))
    assert at(DUE, first).due == DUE + timedelta(days=30)
    with pytest.raises(ConflictError, match="once"):
        at(DUE, first, Moved(Move.EXTEND, DUE, until=DUE + timedelta(days=60)))


@pytest.mark.parametrize("until", [None, DUE, DUE - timedelta(days=1), add_months(DUE, 3) + timedelta(days=1)])
def test_more_time_has_a_limit(until: date | None) -> None:
    with pytest.raises(InvalidError):
        at(DUE, Moved(Move.EXTEND, DAY, until=until))


def test_more_time_after_the_due_day_is_for_the_level_that_has_it_by_then() -> None:
    found = at(DUE + timedelta(days=1), Moved(Move.EXTEND, DUE + timedelta(days=1), until=date(2026, 6, 1)))
    assert (found.level, found.due) == (2, date(2026, 6, 1))


# Answers, contests, ends.


def test_an_answer_answers_every_open_point_and_no_other() -> None:
    for points in ((1,), (1, 2, 3), (1, 1, 2), ()):
        with pytest.raises(InvalidError):
            at(DUE, Moved(Move.ANSWER, DUE, points=points))
    assert at(DUE, answered(DUE)).due is None


def test_contested_points_go_up_and_the_others_stand() -> None:
    found = at(DUE, answered(DUE), Moved(Move.CONTEST, DUE, points=(2,)))
    assert (found.level, found.open_points, found.due) == (2, (2,), date(2026, 5, 15))


def test_a_level_without_people_who_are_free_is_skipped_by_a_contest() -> None:
    found = at(DUE, answered(DUE), Moved(Move.CONTEST, DUE, points=(2,), levels=(1, 3)))
    assert found.level == 3


def test_the_top_cannot_be_contested() -> None:
    up = [answered(DUE), Moved(Move.CONTEST, DUE, points=(1, 2)), answered(DUE)]
    up += [Moved(Move.CONTEST, DUE, points=(1,)), answered(DUE, 1)]
    assert at(DUE, *up).level == 3
    with pytest.raises(ConflictError, match="outside"):
        at(DUE, *up, Moved(Move.CONTEST, DUE, points=(1,)))


# story: the raiser contests that one; contest window 60 days
def test_the_days_to_contest_are_sixty_and_then_it_is_closed() -> None:
    last = DUE + timedelta(days=60)
    assert at(last, answered(DUE)).state is State.ANSWERED
    assert at(last, answered(DUE), Moved(Move.CONTEST, last, points=(1,))).state is State.CONTESTED
    closed = at(last + timedelta(days=1), answered(DUE))
    assert (closed.state, closed.ended_on, closed.is_closed) == (State.LAPSED, last + timedelta(days=1), True)
    with pytest.raises(ConflictError):
        at(last + timedelta(days=1), answered(DUE), Moved(Move.CONTEST, last + timedelta(days=1), points=(1,)))


def test_the_filer_writes_until_the_days_to_contest_are_over() -> None:
    last = DUE + timedelta(days=60)
    assert at(last, answered(DUE), Moved(Move.MESSAGE, last)).state is State.ANSWERED
    with pytest.raises(ConflictError):
        at(last + timedelta(days=1), answered(DUE), Moved(Move.MESSAGE, last + timedelta(days=1)))


def test_a_concern_is_closed_only_when_what_was_promised_is_done() -> None:
    promised = [answered(DUE, measures=(1,)), Moved(Move.ACCEPT, DUE)]
    assert (at(DUE, *promised).state, at(DUE, *promised).is_closed) == (State.ACCEPTED, False)
    done = Moved(Move.FINISH_MEASURE, DUE + timedelta(days=300), points=(1,))
    assert at(DUE + timedelta(days=300), *promised, done).is_closed is True
    with pytest.raises(ConflictError):
        at(DUE + timedelta(days=300), *promised, done, done)


def test_a_withdrawn_concern_owes_nothing() -> None:
    found = at(DUE + timedelta(days=300), Moved(Move.WITHDRAW, DUE))
    assert (found.state, found.due, found.is_closed, found.lapses) == (State.WITHDRAWN, None, True, ())


# The calendar.


@pytest.mark.parametrize(
    ("raised", "due"),
    [
        (date(2027, 11, 30), date(2028, 2, 29)),  # a leap year
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 3, 31)),  # summer time begins in between in many places
        (date(2026, 10, 1), date(2027, 1, 1)),  # a public holiday
        (date(2026, 2, 28), date(2026, 5, 28)),
    ],
)
def test_three_months_are_the_same_day_three_months_later_or_the_last_of_that_month(
    raised: date, due: date
) -> None:
    found = standing([Moved(Move.RAISE, raised, points=(1,), levels=(1, 2))], policy=POLICY, on=raised)
    assert found.due == due


def test_a_policy_counts_for_concerns_raised_while_it_is_in_force() -> None:
    assert policy_on(date(2020, 1, 1)).id == next(iter(policies()))
    assert policy_on(date(2026, 11, 22)).id == "2026-1"
