"""Concerns in aggregate: what is too small is not shown, and nothing that is shown gives it away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from penholder.concerns.policy.counts import ConcernCounts, counts_of
from penholder.concerns.policy.small import Shown, small_tables
from penholder.concerns.policy.tally import Tally

DAY = date(2026, 9, 2)
_Told = tuple[int | None, tuple[Shown, ...]]


def states(found: Tally) -> dict[str, int | None]:
    return {cell.name: cell.count for cell in counts_of(found, smallest=5).states}


def standing(found: ConcernCounts) -> dict[str, int | None]:
    return {cell.name: cell.count for cell in found.standing}


def test_few_concerns_are_not_counted_in_public_and_none_are() -> None:
    few = counts_of(Tally(on=DAY, received=3, overdue=3, by_level={1: 3}), smallest=5)
    assert (few.received, [c.count for c in few.states]) == (None, [0, 0, None, 0])
    none = counts_of(Tally(on=DAY), smallest=5)
    assert (none.received, {c.count for c in (*none.states, *none.standing)}) == (0, {0})


def test_one_small_count_takes_the_next_smallest_with_it() -> None:
    found = Tally(on=DAY, received=40, answered_on_time=20, answered_late=2, overdue=8, by_level={1: 40})
    assert states(found) == {"answered_on_time": 20, "answered_late": None, "overdue": None, "pending": 10}
    assert counts_of(found, smallest=5).received == 40


def test_a_level_is_not_what_is_left_of_the_total() -> None:
    found = Tally(on=DAY, received=29, answered_on_time=20, by_level={1: 7, 2: 2}, accepted=20)
    assert standing(counts_of(found, smallest=5)) == {
        "1": None, "2": None, "open_to_contest": 0, "accepted": 20, "lapsed": 0, "withdrawn": 0,
    }  # fmt: skip


def test_where_the_total_is_left_out_no_other_table_amounts_to_it() -> None:
    found = counts_of(Tally(on=DAY, received=12, answered_late=4, overdue=4, by_level={1: 12}), smallest=5)
    assert found.received is None
    assert [c.count for c in found.states] == [0, None, None, None]
    assert standing(found)["1"] is None


def test_who_joined_is_counted_by_the_same_rule() -> None:
    shown = {c.name: c.count for c in counts_of(Tally(on=DAY, joined=1, repeated=6), smallest=5).others}
    assert (shown["joined"], shown["repeated"]) == (None, 6)


def test_refused_answers_are_no_count_of_people_and_are_always_shown() -> None:
    assert counts_of(Tally(on=DAY, empty_refused=1), smallest=5).empty_refused == 1


def tables_of(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    return (t for t in product(range(total + 1), repeat=cells) if sum(t) == total)


@cache
def possible(sizes: tuple[int, ...], smallest: int, most: int) -> dict[_Told, list[list[set[int]]]]:
    """What is shown -> for each count all values with which exactly that is shown. All tables up to a total."""
    found: dict[_Told, list[list[set[int]]]] = {}
    for total in range(most + 1):
        for made in product(*(tuple(tables_of(total, n)) for n in sizes)):
            values = found.setdefault(told(made, smallest), [[set() for _ in t] for t in made])
            for table, of in zip(made, values, strict=True):
                for count, known in zip(table, of, strict=True):
                    known.add(count)
    return found


def told(made: Sequence[Sequence[int]], smallest: int) -> _Told:
    return small_tables(made, smallest=smallest)


def test_no_count_that_is_left_out_follows_from_those_of_its_tables_that_are_shown() -> None:
    for sizes, smallest, most in (((4, 3), 3, 8), ((3, 4), 5, 9), ((2, 2), 5, 24), ((3,), 4, 24)):
        for (_, shown), values in possible(sizes, smallest, most).items():
            for cells, of in zip(shown, values, strict=True):
                assert all(c is not None or len(v) > 1 for c, v in zip(cells, of, strict=True)), (shown, values)


count = st.one_of(st.integers(0, 9), st.integers(0, 200))


@given(st.lists(count, min_size=4, max_size=4), st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_for_each_count_that_is_left_out_there_is_another_with_which_the_same_is_shown(
    first: list[int], cuts: list[int]
) -> None:
    total = sum(first)
    tables = (tuple(first), (total - sum(cuts), *cuts) if sum(cuts) <= total else (total, 0))
    shown = told(tables, 5)
    others = [made for made in alike(tables, shown) if told(made, 5) == shown]
    for n, cells in enumerate(shown[1]):
        for cell, seen in enumerate(cells):
            assert seen is None or seen == 0 or seen >= 5
            assert seen is not None or any(made[n][cell] != tables[n][cell] for made in others), (tables, cell)


def alike(tables: Sequence[tuple[int, ...]], shown: _Told) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Tables that may show the same: some moved from one count that is left out to another, or other totals."""
    for n, table in enumerate(tables):
        missing = [i for i, c in enumerate(shown[1][n]) if c is None]
        for less, more in product(missing, missing):
            for number in range(1, min(table[less], 12)):
                moved = [c - number * (i == less) + number * (i == more) for i, c in enumerate(table)]
                yield tuple(tuple(moved) if m == n else t for m, t in enumerate(tables))
    if shown[0] is None:
        held = max(sum(c > 0 for c in t) for t in tables)
        for total, last in product(range(held, held + 6), (False, True)):
            yield tuple(spread(total, t, last=last) for t in tables)


def spread(total: int, table: tuple[int, ...], *, last: bool) -> tuple[int, ...]:
    """One for each that is not nought, and what is left of the total for the first, or the last, of them."""
    held = [i for i, c in enumerate(table) if c]
    rest = held[-1 if last else 0]
    return tuple((1 + (total - len(held)) * (i == rest)) * (c > 0) for i, c in enumerate(table))
