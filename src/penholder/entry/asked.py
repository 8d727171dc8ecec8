"""Boxes for a day and for a moment, as people write them; and addresses with a filter taken out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[ /.](\d{1,2})[ /.](\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1800, 2999
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def read_day(text: str) -> date:
    """A day as people write it: 2024-09-02, 2 9 2024, 2/9/2024, 2 September 2024.

    Raises: ValueError: it is none, or so far off that what is counted from it would leave the calendar.
    """
    said = text.strip().lower()
    for number, month in enumerate(_MONTHS, start=1):
        said = re.sub(rf"\b{month}\b", str(number), said)
    found = _DAY.fullmatch(said)
    if found is None:
        raise ValueError(text)
    y, m, d, day, month_, year = found.groups()
    read = date(int(y), int(m), int(d)) if y else date(int(year), int(month_), int(day))
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise ValueError(text)
    return read


def read_moment(text: str) -> datetime:
    """A moment in UTC: a day and a time after it (14:05), or a day alone: its end. Raises: ValueError."""
    said = text.strip().removesuffix("UTC").removesuffix("Z").replace("T", " ").strip()
    day, _, clock_time = said.rpartition(" ")
    if ":" not in clock_time:
        return datetime.combine(read_day(said), time.max, UTC)
    return datetime.combine(read_day(day.rstrip(",")), time.fromisoformat(clock_time), UTC)


class DayField(forms.CharField):
    """A day in one box."""

    def __init__(self, **given: Any) -> None:
        super().__init__(required=False, max_length=30, **given)

    def clean(self, value: Any) -> Any:
        """The day, or None."""
        text = super().clean(value)
        try:
            return read_day(text) if text else None
        except ValueError as error:
            raise ValidationError("Enter a day, like 2024-09-02 or 2 September 2024.") from error


class MomentField(forms.CharField):
    """A moment in one box, in UTC."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"required": False, "max_length": 40, **given})

    def clean(self, value: Any) -> Any:
        """The moment, or None."""
        text = super().clean(value)
        try:
            return read_moment(text) if text else None
        except ValueError as error:
            raise ValidationError("Enter a day and a time in UTC, like 2024-09-02 14:05.") from error


def without(query: QueryDict, *names: str, **more: str) -> str:
    """The address with these parameters left out (and the cursor: another list begins anew), and others set."""
    kept = query.copy()
    for name in (*names, "cursor", *more):
        kept.pop(name, None)
    for name in [n for n in kept if not any(kept.getlist(n))]:
        kept.pop(name)
    for name, value in more.items():
        kept[name] = value
    return f"?{kept.urlencode()}" if kept else "?"
