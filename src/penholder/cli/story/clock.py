"""The clock of the story: it stands at the moment of the step that is told (`settings.PENHOLDER_CLOCK`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

NAME = "penholder.cli.story.clock.now"
"""For `settings.PENHOLDER_CLOCK`."""
_BEGINS = time(9)


class _Hand:
    moment = datetime(2000, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The moment of the story."""
    return _Hand.moment


def set_day(day: date) -> None:
    """To nine in the morning of a day; on a day that has begun, one minute on. It never goes back.

    Raises: ValueError: the day is over.
    """
    before = _Hand.moment
    if before.date() == day:
        _Hand.moment = before + timedelta(minutes=1)
    elif before.date() > day:
        raise ValueError(f"the story is at {before.date()}, and {day} is over")
    else:
        _Hand.moment = datetime.combine(day, _BEGINS, UTC)


def wind_back() -> None:
    """For another telling, in another home."""
    _Hand.moment = datetime(2000, 1, 1, tzinfo=UTC)
