"""What a user may ask, and what is refused with which words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.statistics.choices import Choices, read_filters
from penholder.analysis.statistics.dimensions import DIMENSIONS, dimension
from penholder.analysis.statistics.question import EVERY_DECISION, Filter, Question, Scope, check_measure
from penholder.analysis.statistics.scope import first_running
from penholder.analysis.statistics.words import aligned, predicate, selection
from penholder.kernel.dates import FIRST_DAY, LAST_DAY, add_months
from penholder.kernel.errors import InputError

HELD = {
    "destination": ["XA", "XN", "Free Zone"],
    "rating": ["ML10", "ML10a", "5A002"],
    "end_user": ["forces", "not_stated"],
    "criterion": ["2", "2a"],
}
CHOICES = Choices(
    present=lambda name: HELD.get(name, []),
    own_places={"XA": "Ardenia", "XN": "Norland"},
    known={"licence_type": ("open", "standard")},
    is_code=lambda code: code == "ML22",
)


def one(text: str) -> Filter:
    (found,) = read_filters([text], CHOICES)
    return found


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("destination=XA", "XA", "Ardenia (XA)"),
        ("destination=xa", "XA", "Ardenia (XA)"),
        ("destination=ardenia", "XA", "Ardenia (XA)"),
        ("onward=Norland", "XN", "Norland (XN)"),
        ("destination=free zone", "Free Zone", "Free Zone"),
        ("rating=ml10", "ML10", "ML10"),
        ("rating=ML22", "ML22", "ML22"),
        ("military=dual-use", "dual_use", "dual-use"),
        ("route=onward", "onward", "onward"),
        ("year=2014", 2014, "2014"),
        ("quarter=2014-Q3", "2014-Q3", "2014-Q3"),
        ("month=2014-12", "2014-12", "2014-12"),
        ("criterion=not_stated", None, "not stated"),
        ("end_user=not_stated", "not_stated", "not_stated"),
        ("licence_type=open", "open", "open"),
    ],
)
def test_values_are_read_as_the_data_hold_them(text: str, value: str | int | None, words: str) -> None:
    assert one(text) == Filter(text.partition("=")[0], (value,), (), (words,))


def test_a_star_takes_all_codes_that_begin_so() -> None:
    assert one("rating=ML1*") == Filter("rating", (), ("ML1",), ("beginning with ML1",))


def test_values_of_one_dimension_come_together() -> None:
    found = read_filters(["year=2012", "rating=ML10", "year=2013"], CHOICES)
    assert [f.dimension for f in found] == ["year", "rating"]
    assert found[0].values == (2012, 2013)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("destination", "has no '='", "write dimension=value"),
        ("colour=red", "no dimension 'colour'", "allowed: year, quarter"),
        ("destination=Ardenja", "no such place", "near ones: Ardenia"),
        ("rating=ML1O", "no such value", "near ones: ML10"),
        ("route=sideways", "no such value", "allowed: direct, onward"),
        ("outcome=lost", "no such value", "allowed: issued, refused, revoked"),
        ("year=14", "not a year", "YYYY"),
        ("quarter=2014-Q5", "not a quarter", "YYYY-Qn"),
        ("month=2014-13", "not a month", "YYYY-MM"),
        ("end_user=martians", "no such value", "the data have 2: forces, not_stated"),
    ],
)
def test_what_nothing_has_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        one(text)
    assert hint in caught.value.hint


def test_a_scope_is_a_day_or_a_period() -> None:
    with pytest.raises(InputError, match="--on was given together"):
        Scope(on=date(2014, 1, 1), start=date(2013, 1, 1))
    with pytest.raises(InputError, match="2013-01-01 is before --from 2014-01-01"):
        Scope(start=date(2014, 1, 1), end=date(2013, 1, 1))


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2200, 1, 1), date.max])
def test_a_day_that_cannot_be_asked_about_is_refused(day: date) -> None:
    for asked in ({"on": day}, {"start": day}, {"end": day}):
        with pytest.raises(InputError, match="cannot be asked about"):
            Scope(**asked)


def test_unknown_measures_and_dimensions_are_refused() -> None:
    with pytest.raises(InputError, match="no measure 'weight'"):
        check_measure("weight")
    with pytest.raises(InputError, match="no dimension 'colour'"):
        dimension("colour")


def test_every_dimension_says_what_it_means() -> None:
    assert all(d.meaning.endswith(".") for d in DIMENSIONS.values())


@given(st.dates(FIRST_DAY, LAST_DAY), st.integers(1, 240))
def test_the_first_running_day_is_the_first_whose_expiry_is_later(on: date, months: int) -> None:
    first = first_running(on, months=months)
    assert add_months(first, months) > on
    assert add_months(first - timedelta(days=1), months) <= on


def test_the_predicate_says_what_was_counted() -> None:
    question = Question(("year",), "value", (one("destination=XA"),), EVERY_DECISION)
    assert predicate(question, currency="XTS") == (
        "Value of licence lines in XTS, lines without a value left out, all decisions, refused ones too, "
        "with destination Ardenia (XA), by year."
    )


def test_the_predicate_says_how_several_values_count() -> None:
    question = Question(("rating",), "lines", (), Scope(start=date(2014, 1, 1), end=date(2014, 1, 31)))
    assert predicate(question) == (
        "Number of licence lines, decided from 2014-01-01 to 2014-01-31 (both included), refused ones too, by "
        "rating. A line with several values of rating counts under each of them; the total counts it once."
    )


def test_refused_ones_are_not_spoken_of_where_the_outcome_is_chosen() -> None:
    assert (
        selection(Question(where=(one("outcome=issued"),))) == "Licence lines, all decisions, with outcome issued."
    )


def test_columns_are_straight() -> None:
    assert aligned([["a", "1"], ["bcd", "22"]], right=[False, True]) == ["a     1", "bcd  22"]
