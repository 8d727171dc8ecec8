"""What two releases tell of counts that they leave out, to somebody who knows the rule and does the sums."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.concerns.policy.counts import counts_of
from penholder.concerns.policy.small import small_cells, small_total
from penholder.concerns.policy.tally import Tally
from penholder.publication.releases.hidden import Hidden, hidden_counts, told_by
from penholder.publication.releases.tables import Row
from tests.unit.concerns.test_concern_counts import DAY

SMALLEST = 5


def table(
    on_time: int, late: int, overdue: int, pending: int, *, smallest: int = SMALLEST, extended: int = 0
) -> list[Row]:
    """The rows of the table of concerns."""
    found = counts_of(
        Tally(
            on=DAY,
            received=on_time + late + overdue + pending,
            answered_on_time=on_time,
            answered_late=late,
            overdue=overdue,
            extended=extended,
            by_level={1: on_time + late + overdue + pending},
        ),
        smallest=smallest,
    )
    rows: list[Row] = [{"part": "received", "name": "received", "number": found.received}]
    rows += [{"part": "state", "name": c.name, "number": c.count} for c in found.states]
    rows += [{"part": "standing", "name": c.name, "number": c.count} for c in found.standing]
    return rows + [{"part": "other", "name": c.name, "number": c.count} for c in found.others]


def known(first: list[Row], second: list[Row], *, smallest: int = SMALLEST) -> list[Hidden]:
    return [h for h in hidden_counts(first, second, smallest=smallest) if h.is_known]


# story: (question 22) can a suppressed cell be derived from two releases and the totals?
@pytest.mark.parametrize("smallest", [4, 5])
def test_one_release_gives_no_hidden_count_away_whatever_the_counts_are(smallest: int) -> None:
    seen = set()
    for counts in product(range(smallest + 3), repeat=4):
        rows = table(*counts, smallest=smallest)
        shown = tuple(r["number"] for r in rows)
        if shown not in seen:
            seen.add(shown)
            assert known(rows, rows, smallest=smallest) == [], counts


@pytest.mark.parametrize(
    ("counts", "total"),
    [
        ((0, 4, 4, 4), None),  # 12 can be nothing else
        ((0, 4, 4, 3), 11),
        ((5, 4, 4, 0), None),  # nor can 8: 3 and 5 would leave out the first 5
        ((5, 4, 3, 0), 12),
        ((5, 5, 4, 0), None),  # 4 and the next smallest, that is 5: another of them is shown
        ((5, 6, 4, 0), 15),
        ((9, 5, 4, 0), 18),
    ],
)
def test_a_total_that_would_tell_what_is_hidden_is_hidden_too(counts: tuple[int, ...], total: int | None) -> None:
    shown = small_cells(counts, smallest=5, total_is_shown=True)
    assert small_total(sum(counts), shown, smallest=5) == total


count = st.integers(0, 9)


@given(count, count, count, count, st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_what_is_said_of_a_hidden_count_is_true_of_it(a: int, b: int, c: int, d: int, more: list[int]) -> None:
    later = (a + more[0], b + more[1], max(c - more[2], 0), max(d - more[3], 0))
    found = hidden_counts(table(a, b, c, d), table(*later), smallest=SMALLEST)
    names = ("answered_on_time", "answered_late", "overdue", "pending")
    truth = [dict(zip(names, counts, strict=True)) for counts in ((a, b, c, d), later)]
    for h in (h for h in found if h.cell[0] == "state"):
        assert h.least <= truth[h.release][h.cell[1]] <= (h.most if h.most is not None else 99)
    for h in (h for h in found if h.cell[0] == "received"):
        assert h.least <= sum(truth[h.release].values()) <= (h.most if h.most is not None else 99)
    shown = [{(r["part"], r["name"]): r["number"] for r in rows} for rows in (table(a, b, c, d), table(*later))]
    left_out = {(n, cell) for n, cells in enumerate(shown) for cell, number in cells.items() if number is None}
    assert {(h.release, h.cell) for h in found} == left_out


def test_what_never_falls_can_tell_a_count_of_two_releases_together_and_that_is_found() -> None:
    first, second = table(3, 4, 4, 20), table(3, 4, 1, 20)
    assert [r["number"] for r in first[:5]] == [31, None, None, None, 20]
    assert [r["number"] for r in second[:5]] == [28, None, None, None, 20]
    assert (known(first, first), known(second, second)) == ([], [])
    assert [(h.release, h.cell[1], h.least) for h in known(first, second)] == [
        (0, "overdue", 4),
        (1, "overdue", 1),
    ]
    assert told_by(first, second, smallest=SMALLEST) == ("overdue",)
    assert told_by(first, [], smallest=SMALLEST) == ()


def test_where_the_total_is_left_out_a_count_that_is_all_of_it_is_small_and_others_have_no_most() -> None:
    alone, several = table(0, 0, 3, 0), table(0, 4, 4, 4)
    assert {(h.cell[0], h.least, h.most) for h in hidden_counts(alone, alone, smallest=SMALLEST)} == {
        ("received", 1, 4), ("standing", 1, 4), ("state", 1, 4),
    }  # fmt: skip
    assert {(h.cell[0], h.least, h.most) for h in hidden_counts(several, several, smallest=SMALLEST)} == {
        ("received", 3, None), ("standing", 1, None), ("state", 1, None),
    }  # fmt: skip


def test_a_count_without_a_total_lies_between_one_and_the_largest_small_one() -> None:
    (first, second) = (
        hidden_counts(table(9, 9, 9, 9, extended=n), table(9, 9, 9, 9, extended=3), smallest=5) for n in (0, 2)
    )
    assert [(h.release, h.cell, h.least, h.most) for h in first] == [(1, ("other", "extended"), 1, 4)]
    assert [(h.release, h.least, h.most) for h in second] == [(0, 1, 4), (1, 1, 4)]
