from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.sources.dates import DatePattern, read_date
from penholder.kernel.dates import PartialDate, Precision
from penholder.kernel.errors import InputError


def found(text: str, *patterns: str, months: tuple[str, ...] = ()) -> PartialDate | None:
    return read_date(text, tuple(DatePattern.of(p, months=months) for p in patterns))


@pytest.mark.parametrize(
    ("text", "pattern", "expected", "precision"),
    [
        ("2014-03-25", "YYYY-MM-DD", date(2014, 3, 25), Precision.DAY),
        ("25/03/2014", "DD/MM/YYYY", date(2014, 3, 25), Precision.DAY),
        ("5.3.2014", "D.M.YYYY", date(2014, 3, 5), Precision.DAY),
        ("03/2014", "MM/YYYY", date(2014, 3, 1), Precision.MONTH),
        ("2014", "YYYY", date(2014, 1, 1), Precision.YEAR),
        ("25 March 2014", "D MMMM YYYY", date(2014, 3, 25), Precision.DAY),
        ("25-Mar-2014", "DD-MMM-YYYY", date(2014, 3, 25), Precision.DAY),
        ("2014-08-29 00:00:00.000", "YYYY-MM-DD*", date(2014, 8, 29), Precision.DAY),
    ],
)
def test_each_pattern_reads_its_dates(text: str, pattern: str, expected: date, precision: Precision) -> None:
    assert found(text, pattern) == PartialDate(expected, precision)


def test_month_names_may_be_in_any_language() -> None:
    months = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
              "novembre", "décembre")  # fmt: skip
    assert found("7 Août 2016", "D MMMM YYYY", months=months) == PartialDate(date(2016, 8, 7), Precision.DAY)


FRENCH = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
          "novembre", "décembre")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "months", "month"),
    [
        ("7 juin 2016", FRENCH, 6), ("7 juil. 2016", FRENCH, 7), ("7 jui 2016", FRENCH, None),
        ("7 sept. 2016", FRENCH, 9), ("7 Mar 2016", (), 3), ("7 Sept 2016", (), 9), ("7 Ju 2016", (), None),
    ],
)  # fmt: skip
def test_a_short_month_is_read_only_where_it_can_be_no_other(
    text: str, months: tuple[str, ...], month: int | None
) -> None:
    day = found(text, "D MMM YYYY", months=months)
    assert (day.first.month if day else None) == month


def test_the_first_pattern_that_fits_counts() -> None:
    assert found("2014-03", "YYYY-MM-DD", "YYYY-MM", "YYYY") == PartialDate(date(2014, 3, 1), Precision.MONTH)


@pytest.mark.parametrize("text", ["31/02/2014", "00/01/2014", "01/13/2014", "01/01/0014", "1/1/2014", "tomorrow"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert found(text, "DD/MM/YYYY") is None


@pytest.mark.parametrize("pattern", ["DD/MM", "DD/YYYY", "YYYY-MM-DD-DD", "DD/MM/YY", "hello", ""])
def test_a_pattern_without_a_year_or_with_parts_missing_is_refused(pattern: str) -> None:
    with pytest.raises(InputError, match="is not a date pattern"):
        DatePattern.of(pattern)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_any_day_is_read_back_as_written(day: date) -> None:
    assert found(day.strftime("%d.%m.") + f"{day.year:04}", "DD.MM.YYYY") == PartialDate(day, Precision.DAY)
