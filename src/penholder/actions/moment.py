"""What time it is by the clock of the installation (`settings.PENHOLDER_CLOCK`): acts and questions agree."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from penholder.kernel import clock


def now() -> datetime:
    """The present moment, UTC, whole seconds."""
    moment: datetime = import_string(settings.PENHOLDER_CLOCK)()
    return moment


def kept() -> datetime:
    """The present moment as finely as the installation keeps it beside its acts: seconds, or the day alone."""
    return clock.day() if settings.PENHOLDER_KEEPS_DAYS else clock.now()


def today() -> date:
    """The day of it."""
    return now().date()


def days_of_now() -> frozenset[date]:
    """The day by UTC and by the authority's zone ([calendar] zone): for some hours of a day they are two."""
    zone = ZoneInfo(getattr(settings, "PENHOLDER_CALENDAR", {}).get("zone", "UTC"))
    return frozenset({today(), now().astimezone(zone).date()})
