"""Clocks: working days with a cut-off hour, pauses, month ends, summer time; elapsed and counted apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.casework.clock import (
    Calendar,
    ClockRule,
    ClockState,
    Reading,
    Span,
    clock_rules,
    due_day,
    read_clock,
    read_clock_rules,
)
from penholder.kernel.errors import RuleError
from penholder.rules.records import parse_record

LONDON = ZoneInfo("Europe/London")
EASTER = {date(2024, 3, 29), date(2024, 4, 1)}


def is_working(day: date) -> bool:
    return day.weekday() < 5 and day not in EASTER


CALENDAR = Calendar(LONDON, is_working, "GB-ENG")
OUTCOME = clock_rules()["first_outcome"]
APPEAL = clock_rules()["appeal"]


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=LONDON)


def read(began: datetime, now: datetime, *pauses: Span, rule: ClockRule = OUTCOME, **more: datetime) -> Reading:
    return read_clock(rule, began=began, now=now, calendar=CALENDAR, pauses=pauses, **more)


def test_the_day_of_submission_counts_where_it_came_in_before_the_hour() -> None:
    now = local(2024, 4, 9, 9)
    assert read(local(2024, 4, 8, 17, 59), now).counted == 1
    assert read(local(2024, 4, 8, 18, 0), now).counted == 0
    assert read(local(2024, 4, 8, 18, 1), now).counted == 0


def test_a_day_counts_when_its_hour_has_come() -> None:
    began = local(2024, 4, 8)
    assert read(began, local(2024, 4, 8, 17, 59)).counted == 0
    assert read(began, local(2024, 4, 8, 18, 0)).counted == 1


def test_weekends_and_holidays_do_not_count_but_elapse() -> None:
    found = read(local(2024, 3, 28), local(2024, 4, 2, 19))  # Thursday before Easter to Tuesday after
    assert (found.counted, found.elapsed) == (2, 5)


def test_the_hour_is_that_of_the_authority_in_summer_time_too() -> None:
    # 17:30 UTC is 17:30 in London on 28 March (winter time) and 18:30 on 2 April (summer time).
    winter, summer = datetime(2024, 3, 28, 17, 30, tzinfo=UTC), datetime(2024, 4, 2, 17, 30, tzinfo=UTC)
    assert read(winter, winter + timedelta(hours=1)).counted == 1
    assert read(summer, summer + timedelta(hours=1)).counted == 0
    assert read(summer, summer + timedelta(days=1)).counted == 1


@pytest.mark.parametrize("night", [date(2024, 3, 31), date(2024, 10, 27)])
def test_no_day_is_lost_or_counted_twice_when_clocks_change(night: date) -> None:
    every = replace(CALENDAR, is_working=lambda _: True)
    began = datetime.combine(night - timedelta(days=3), time(9), LONDON)
    now = datetime.combine(night + timedelta(days=3), time(19), LONDON)
    assert read_clock(OUTCOME, began=began, now=now, calendar=every).counted == 7


def test_a_question_that_is_open_at_the_hour_stops_the_day_and_one_between_two_hours_stops_nothing() -> None:
    began, now = local(2024, 4, 8), local(2024, 4, 12, 19)
    over_night = Span(local(2024, 4, 9, 17), local(2024, 4, 10, 9))
    within = Span(local(2024, 4, 10, 9), local(2024, 4, 10, 17))
    assert (read(began, now, over_night).counted, read(began, now, over_night).paused) == (4, 1)
    assert (read(began, now, within).counted, read(began, now, within).paused) == (5, 0)


def test_overlapping_questions_stop_a_day_once() -> None:
    began, now = local(2024, 4, 8), local(2024, 4, 19, 19)
    one, other = Span(local(2024, 4, 9), local(2024, 4, 12)), Span(local(2024, 4, 10), local(2024, 4, 16))
    both = read(began, now, one, other)
    assert (both.counted, both.paused) == (5, 5)
    assert both == read(began, now, Span(local(2024, 4, 9), local(2024, 4, 16)))


def test_a_clock_that_stands_still_says_so_and_its_due_day_moves_on() -> None:
    began = local(2024, 4, 8)
    still = (Span(local(2024, 4, 9), None),)
    first, later = read(began, local(2024, 4, 10), *still), read(began, local(2024, 4, 17), *still)
    assert (first.state, later.state) == (ClockState.PAUSED, ClockState.PAUSED)
    assert (first.due_on, later.due_on) == (date(2024, 5, 6), date(2024, 5, 13))


def test_twenty_working_days_are_late_from_the_day_after_the_twentieth() -> None:
    began = local(2024, 4, 8)
    assert due_day(OUTCOME, began=began, calendar=CALENDAR) == date(2024, 5, 3)
    last = read(began, local(2024, 5, 3, 23))
    assert (last.counted, last.due_on, last.state) == (20, date(2024, 5, 3), ClockState.RUNNING)
    assert read(began, local(2024, 5, 4, 0)).state is ClockState.LATE
    ended = read(began, local(2024, 6, 1), ended=local(2024, 5, 3, 17))
    assert (ended.counted, ended.state, ended.elapsed) == (19, ClockState.ENDED, 25)
    assert read(began, local(2024, 6, 1), ended=local(2024, 5, 7, 17)).state is ClockState.ENDED_LATE


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (local(2024, 1, 31), date(2024, 2, 28)),
        (local(2024, 2, 1), date(2024, 2, 29)),
        (local(2023, 2, 1), date(2023, 3, 1)),
        (local(2024, 12, 31, 23, 59), date(2025, 1, 28)),
        (local(2024, 3, 29), date(2024, 4, 26)),
    ],
)
def test_an_appeal_has_28_calendar_days_over_month_ends_holidays_and_weekends(told: datetime, due: date) -> None:
    at_the_end = datetime.combine(due, time(23, 59), LONDON)
    found = read(told, at_the_end, rule=APPEAL)
    assert (found.due_on, found.state) == (due, ClockState.RUNNING)
    assert read(told, at_the_end + timedelta(minutes=1), rule=APPEAL).state is ClockState.LATE


def test_a_clock_that_ends_before_it_began_counts_nothing() -> None:
    found = read(local(2024, 4, 8), local(2024, 4, 1))
    assert (found.counted, found.paused, found.elapsed) == (0, 0, 0)


moments = st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.lists(
    st.tuples(moments, st.integers(0, 60 * 24 * 20)).map(lambda p: Span(p[0], p[0] + timedelta(minutes=p[1]))),
    max_size=5,
)


@given(moments, st.integers(0, 200), spans)
def test_counted_and_paused_are_what_would_have_counted_without_pauses(
    began: datetime, days: int, pauses: list[Span]
) -> None:
    now = began + timedelta(days=days)
    found, free = read(began, now, *pauses), read(began, now)
    assert found.counted + found.paused == free.counted
    assert (found.elapsed, free.paused) == (free.elapsed, 0)
    assert found.counted <= found.elapsed + 1
    assert found.due_on >= free.due_on


@given(moments, st.integers(0, 100), st.integers(0, 100), spans)
def test_a_clock_never_runs_backwards(began: datetime, days: int, more: int, pauses: list[Span]) -> None:
    first, then = began + timedelta(days=days), began + timedelta(days=days + more)
    one, two = read(began, first, *pauses), read(began, then, *pauses)
    assert one.counted <= two.counted
    assert one.paused <= two.paused
    assert one.elapsed + more == two.elapsed or abs(two.elapsed - one.elapsed - more) <= 1


@given(moments, st.integers(0, 120), spans)
def test_pauses_count_alike_in_any_order_and_merged(began: datetime, days: int, pauses: list[Span]) -> None:
    now = began + timedelta(days=days)
    merged: list[Span] = []
    for span in sorted(pauses, key=lambda s: s.start):
        last = merged[-1] if merged else None
        if last is not None and last.end is not None and span.end is not None and span.start <= last.end:
            merged[-1] = Span(last.start, max(last.end, span.end))
        else:
            merged.append(span)
    assert read(began, now, *reversed(pauses)) == read(began, now, *pauses) == read(began, now, *merged)


@given(moments, st.integers(0, 30))
def test_the_due_day_is_the_one_on_which_the_target_is_counted(began: datetime, days: int) -> None:
    due = read(began, began + timedelta(days=days)).due_on
    hour = datetime.combine(due, time(18), LONDON)
    assert read(began, hour).counted == OUTCOME.target
    assert read(began, hour - timedelta(minutes=1)).counted == OUTCOME.target - 1
    assert due_day(OUTCOME, began=began, calendar=CALENDAR) == due


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("target: 0", "target 0 and limit 60"),
        ("target: 61", "target 61 and limit 60"),
        ("cut_off: six", "is no hour"),
        ("unit: hours", "'hours' is not allowed"),
        ("colour: red", "key 'colour' is not allowed"),
        ("pauses: [open_question]", "most_paused"),
        ("most_paused: 60", "is for clocks that something stops"),
        ("pauses: [open_question]; most_paused: 0", "most_paused 0 must be 1 to 1000"),
        ("pauses: [open_question]; most_paused: 1001", "most_paused 1001 must be 1 to 1000"),
    ],
)
def test_a_table_of_clocks_that_is_wrong_says_where(changed: str, said: str) -> None:
    rows = {
        "id": "x", "title": "X", "starts": "submission", "ends": "decision", "unit": "working_days",
        "target": "20", "limit": "60", "cut_off": '"18:00"', "valid_from": "2020-01-01",
        "text_status": "verified", "source": "somewhere",
    }  # fmt: skip
    rows |= dict(one.split(": ") for one in changed.split("; "))
    body = "".join(f"    {k}: {v}\n" for k, v in rows.items())
    text = f'version: "1"\nclocks:\n  -\n{body}'
    with pytest.raises(RuleError, match=said):
        read_clock_rules(parse_record(text, name="clocks.yaml", error=RuleError))


def test_questions_together_stop_a_clock_for_so_many_days_and_then_it_runs_on() -> None:
    rule = replace(OUTCOME, most_paused=3)
    began = local(2024, 4, 8)  # Monday
    first = Span(local(2024, 4, 9), local(2024, 4, 11))  # Tuesday and Wednesday
    second = Span(local(2024, 4, 12), None)  # from Friday on, with no answer
    expected = {
        (2024, 4, 11, 19): (2, 2, ClockState.RUNNING, False),
        (2024, 4, 12, 17): (2, 2, ClockState.PAUSED, False),
        (2024, 4, 12, 19): (2, 3, ClockState.RUNNING, True),  # the third day is over
        (2024, 4, 15, 19): (3, 3, ClockState.RUNNING, True),
        (2024, 6, 28, 19): (57, 3, ClockState.LATE, True),
    }
    for moment, said in expected.items():
        found = read(began, local(*moment), first, second, rule=rule)
        assert (found.counted, found.paused, found.state, found.is_paused_out) == said, moment


@given(
    most=st.integers(1, 8),
    days=st.integers(0, 40),
    asked=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6),
)
def test_no_questions_stop_a_clock_for_longer_than_the_table_allows(
    most: int, days: int, asked: list[tuple[int, int]]
) -> None:
    began = local(2024, 1, 8)
    pauses = [Span(began + timedelta(days=a), began + timedelta(days=a + n)) for a, n in asked]
    now = began + timedelta(days=days)
    free, bound = (read(began, now, *pauses, rule=replace(OUTCOME, most_paused=m)) for m in (1_000, most))
    assert bound.paused == min(most, free.paused)
    assert bound.counted + bound.paused == free.counted + free.paused
    assert bound.is_paused_out is (bound.paused == most)


def test_the_table_that_ships_says_how_long_questions_stop_a_case_at_most() -> None:
    assert {name: rule.most_paused for name, rule in clock_rules().items()} == {
        "first_outcome": 60,
        "answer": 0,
        "longest_answer": 0,
        "appeal": 0,
    }
