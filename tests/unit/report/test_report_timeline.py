"""Bars: nothing is lost when months become quarters or years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.report.data import MonthRow
from penholder.analysis.report.timeline import binned, draw_timeline, nice

_months = st.builds(
    lambda y, m, a, b, c, d: MonthRow(f"{y}-{m:02d}", a, b, c, d),
    st.integers(1990, 2030), st.integers(1, 12), *[st.integers(0, 9999)] * 4,
)  # fmt: skip


@given(st.lists(_months, max_size=40))
def test_every_count_is_in_exactly_one_bar(rows: list[MonthRow]) -> None:
    _, bins = binned(rows)
    assert sum(b.decided for b in bins) == sum(r.decided_could for r in rows)
    assert [sum(b.incidents[k] for b in bins) for k in range(3)] == [
        sum(getattr(r, name) for r in rows) for name in ("attributed", "unattributed", "means_not_stated")
    ]


@pytest.mark.parametrize(
    ("months", "size", "bars"), [(1, 1, 1), (84, 1, 84), (85, 3, 29), (252, 3, 84), (253, 12, 22)]
)
def test_the_bar_grows_with_the_span(months: int, size: int, bars: int) -> None:
    rows = [MonthRow(f"{2000 + k // 12}-{k % 12 + 1:02d}", 1, 0, 0, 0) for k in (0, months - 1)]
    found, bins = binned(rows)
    assert (found, len(bins)) == (size, bars)


@pytest.mark.parametrize(("number", "top"), [(0, 1), (1, 1), (3, 4), (5, 6), (57, 60), (61, 80), (101, 200)])
def test_the_axis_ends_at_a_round_number(number: int, top: int) -> None:
    assert nice(number) == top


def test_the_picture_says_its_totals_in_words() -> None:
    drawn = draw_timeline([MonthRow("2015-03", 3, 5, 7, 11), MonthRow("2015-06", 1, 0, 0, 0)])
    assert "by their decision (4)" in drawn
    assert "attributed (5), unattributed (7), means not stated (11)" in drawn
    assert drawn.count('class="bar decided"') == 2
