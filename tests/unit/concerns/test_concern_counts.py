"""Concerns in aggregate: what is too small is not shown, and no total gives it away."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from penholder.concerns.policy.tally import Tally
from penholder.publication.concern_counts import counts_of

DAY = date(2026, 9, 2)


def states(found: Tally) -> dict[str, int | None]:
    return {cell.name: cell.count for cell in counts_of(found, smallest=5).states}


def test_few_concerns_are_not_counted_in_public_and_none_are() -> None:
    few = counts_of(Tally(on=DAY, received=3, overdue=3), smallest=5)
    assert (few.received, [c.count for c in few.states]) == (None, [0, 0, None, 0])
    none = counts_of(Tally(on=DAY), smallest=5)
    assert (none.received, {c.count for c in none.states}) == (0, {0})


def test_one_small_count_takes_the_next_smallest_with_it() -> None:
    found = Tally(on=DAY, received=40, answered_on_time=20, answered_late=2, overdue=8)
    assert states(found) == {"answered_on_time": 20, "answered_late": None, "overdue": None, "pending": 10}
    assert counts_of(found, smallest=5).received == 40


def test_refused_answers_are_no_count_of_people_and_are_always_shown() -> None:
    assert counts_of(Tally(on=DAY, empty_refused=1), smallest=5).empty_refused == 1


small = st.integers(0, 9)


@given(small, small, small, small)
def test_the_states_and_the_total_never_tell_one_hidden_count(a: int, b: int, c: int, d: int) -> None:
    found = counts_of(
        Tally(on=DAY, received=a + b + c + d, answered_on_time=a, answered_late=b, overdue=c), smallest=5
    )
    hidden = [cell for cell in found.states if cell.count is None]
    assert all(cell.count is None or cell.count == 0 or cell.count >= 5 for cell in found.states)
    assert not (len(hidden) == 1 and found.received is not None)
