from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.kernel.dates import Interval, Precision, add_months, check_day, parse_day, parse_partial
from penholder.kernel.errors import InputError

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last", "precision"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31), Precision.YEAR),
        ("2014-02", date(2014, 2, 1), date(2014, 2, 28), Precision.MONTH),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), Precision.MONTH),
        ("2014-02-03", date(2014, 2, 3), date(2014, 2, 3), Precision.DAY),
    ],
)
def test_a_partial_date_keeps_its_precision_and_counts_from_its_first_day(
    text: str, first: date, last: date, precision: Precision
) -> None:
    partial = parse_partial(text)
    assert (partial.first, partial.last, partial.precision, str(partial)) == (first, last, precision, text)


@pytest.mark.parametrize("text", ["2015-02-31", "2015-13", "31/12/2015", "", "15", "2015-1-2", "2015-02-03T00:00"])
def test_what_is_not_a_date_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError, match="date"):
        parse_partial(text)


def test_a_month_is_not_enough_where_a_day_is_needed() -> None:
    with pytest.raises(InputError, match="a day is needed"):
        parse_day("2015-02")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2013, 3, 31), 24, date(2015, 3, 31)),
        (date(2016, 2, 29), 24, date(2018, 2, 28)),
        (date(2014, 11, 30), 3, date(2015, 2, 28)),
        (date(2014, 1, 15), -1, date(2013, 12, 15)),
        (date(2014, 12, 1), 1, date(2015, 1, 1)),
        (date(9999, 12, 1), 1, date.max),
        (date(1, 12, 31), -12, date.min),
    ],
)
def test_months_are_added_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


@given(DAYS, st.integers(0, 60), st.integers(0, 60))
def test_adding_months_keeps_the_order_of_dates(day: date, fewer: int, more: int) -> None:
    assert (add_months(day, fewer) <= add_months(day, more)) == (fewer <= more)


@given(DAYS, st.integers(1, 900), DAYS, st.integers(1, 900))
def test_intervals_overlap_exactly_when_they_share_a_day(a: date, n: int, b: date, m: int) -> None:
    first, second = Interval(a, a + timedelta(n)), Interval(b, b + timedelta(m))
    shared = any(second.covers(a + timedelta(k)) for k in range(n))
    assert first.overlaps(second) == second.overlaps(first) == shared


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2199, 12, 31)])
def test_days_of_three_centuries_can_be_asked_about(day: date) -> None:
    assert check_day(day) == day


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2200, 1, 1), date.min, date.max])
def test_days_beyond_them_are_refused_with_the_range(day: date) -> None:
    with pytest.raises(InputError, match=f"{day} cannot be asked about") as refused:
        check_day(day)
    assert refused.value.hint == "give a day from 1900-01-01 to 2199-12-31"


@pytest.mark.parametrize(
    ("text", "last"), [("9999", date.max), ("9999-12", date.max), ("0001-02", date(1, 2, 28))]
)
def test_the_last_day_of_the_first_and_last_years(text: str, last: date) -> None:
    assert parse_partial(text).last == last


def test_an_interval_does_not_cover_its_end() -> None:
    interval = Interval(date(2014, 3, 25), date(2021, 12, 8))
    assert interval.covers(date(2014, 3, 25))
    assert interval.covers(date(2021, 12, 7))
    assert not interval.covers(date(2021, 12, 8))


def test_an_interval_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InputError, match="ends"):
        Interval(date(2014, 3, 25), date(2014, 3, 25))
