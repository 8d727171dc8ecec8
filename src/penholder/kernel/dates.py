"""Dates with their precision, half-open intervals, and month arithmetic."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from penholder.kernel.errors import InputError

EPOCH = date(1970, 1, 1)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""The days that can be asked about. Data may hold others."""
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")


class Precision(StrEnum):
    """How finely a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date and how finely it is known. `first` is the first day that it can mean and counts from there."""

    first: date
    precision: Precision

    @property
    def last(self) -> date:
        """The last day that it can mean."""
        if self.precision is Precision.DAY:
            return self.first
        year, month = self.first.year, self.first.month if self.precision is Precision.MONTH else 12
        return date(year, month, calendar.monthrange(year, month)[1])

    def __str__(self) -> str:
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.first.isoformat()[:length]


def parse_partial(text: str) -> PartialDate:
    """Read `2014`, `2014-03` or `2014-03-25`. Raises InputError for anything else (31 February too)."""
    match = _ISO.match(text.strip())
    if not match:
        raise InputError(f"not a date: {text!r}", hint="write YYYY-MM-DD, YYYY-MM or YYYY")
    year, month, day = match.groups()
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return PartialDate(date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError as error:
        raise InputError(f"no such date: {text!r} ({error})", hint="write YYYY-MM-DD") from error


def parse_day(text: str) -> date:
    """Read `2014-03-25`. Raises InputError for anything else."""
    partial = parse_partial(text)
    if partial.precision is not Precision.DAY:
        raise InputError(f"a day is needed, not {text!r}", hint="write YYYY-MM-DD")
    return partial.first


def check_day(day: date) -> date:
    """The same day. Raises InputError for one that cannot be asked about: before 1900 or after 2199."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InputError(f"{day} cannot be asked about", hint=f"give a day from {FIRST_DAY} to {LAST_DAY}")
    return day


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month (31 Jan + 1 = 28 or 29 Feb).

    Before the year 1 it is the first day that a date can hold, after the year 9999 the last one.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Interval:
    """Valid from `start` (None: always) up to but not including `end` (None: still valid)."""

    start: date | None
    end: date | None

    def __post_init__(self) -> None:
        if self.start and self.end and self.end <= self.start:
            raise InputError(
                f"the interval ends ({self.end}) before it begins ({self.start})",
                hint="valid_until is exclusive and must be after valid_from",
            )

    def covers(self, day: date) -> bool:
        """Is `day` inside?"""
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: Interval) -> bool:
        """Do the two share a day?"""
        return (self.start is None or other.end is None or self.start < other.end) and (
            other.start is None or self.end is None or other.start < self.end
        )
