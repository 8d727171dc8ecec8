"""A day in an address is one from which something can be counted."""

from __future__ import annotations

from datetime import date

import pytest

from penholder.entry.asked import read_day


@pytest.mark.parametrize("text", ["0001-01-01", "1799-12-31", "3000-01-01", "9999-12-31", "1 1 0001"])
def test_a_day_from_which_nothing_can_be_counted_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_day(text)


def test_days_as_people_write_them_are_days() -> None:
    assert {read_day(t) for t in ("2024-09-02", "2 9 2024", "2/9/2024", "2 September 2024")} == {date(2024, 9, 2)}
    assert (read_day("1800-01-01"), read_day("2999-12-31")) == (date(1800, 1, 1), date(2999, 12, 31))
