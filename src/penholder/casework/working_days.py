"""The calendar of the authority: its time zone, its weekends and its public holidays, as configured.

penholder.toml: `[calendar]` with `zone` (IANA name; by default UTC), `holidays` (a country of the package
`holidays`, or country-part: `GB-ENG`; by default none, and then pages say so), `closed` (more days, with commas).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from django.conf import settings

from penholder.casework.clock import Calendar
from penholder.kernel.errors import ConfigurationError

_KEYS = ("zone", "holidays", "closed")
_WEEKEND = frozenset({5, 6})


def calendar() -> Calendar:
    """As configured. Raises: ConfigurationError: a name or a day that is not known."""
    given: Mapping[str, str] = getattr(settings, "PENHOLDER_CALENDAR", {})
    return _calendar(tuple(sorted(given.items())))


@lru_cache(maxsize=8)
def _calendar(items: tuple[tuple[str, str], ...]) -> Calendar:
    given = dict(items)
    for key, value in given.items():
        if key not in _KEYS:
            raise _wrong(key, value, f"allowed keys: {', '.join(_KEYS)}")
    named = given.get("holidays", "")
    known = _holidays(named) if named else None
    closed = frozenset(_days(given.get("closed", "")))

    def is_working(day: date) -> bool:
        if day in closed:
            return False
        return day.weekday() not in _WEEKEND if known is None else known.is_working_day(day)

    return Calendar(_zone(given.get("zone", "UTC")), is_working, named)


def _holidays(named: str) -> holidays.HolidayBase:
    country, _, part = named.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise _wrong("holidays", named, "give a country of the package holidays: GB, or GB-ENG") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _wrong("zone", name, "give an IANA name: Europe/London") from error


def _days(text: str) -> list[date]:
    try:
        return [date.fromisoformat(d.strip()) for d in text.split(",") if d.strip()]
    except ValueError as error:
        raise _wrong("closed", text, "give days as 2026-12-24, with commas between") from error


def _wrong(key: str, value: str, hint: str) -> ConfigurationError:
    return ConfigurationError(f"penholder.toml: [calendar] {key} = {value!r} is not allowed", hint=hint)
