"""The clock of the story: it stands at the moment of the step that is told (`settings.PENHOLDER_CLOCK`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

NAME = "penholder.cli.story.clock.now"
"""For `settings.PENHOLDER_CLOCK`."""
DAYS = "penholder.cli.story.clock.day"
"""The same for a site that keeps days alone."""
_BEGINS = time(9)


class _Hand:
    moment = datetime(2000, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The moment of the story."""
    return _Hand.moment


def day() -> datetime:
    """Midnight of the day of the story."""
    return _Hand.moment.replace(hour=0, minute=0, second=0)


def resume(moment: datetime) -> None:
    """To where an earlier process of the same home has left it."""
    _Hand.moment = moment


def set_day(wanted: date) -> None:
    """To nine in the morning of a day; on a day that has begun, one minute on. It never goes back.

    Raises: ValueError: the day is over.
    """
    before = _Hand.moment
    if before.date() == wanted:
        _Hand.moment = before + timedelta(minutes=1)
    elif before.date() > wanted:
        raise ValueError(f"the story is at {before.date()}, and {wanted} is over")
    else:
        _Hand.moment = datetime.combine(wanted, _BEGINS, UTC)


def wind_back() -> None:
    """For another telling, in another home."""
    _Hand.moment = datetime(2000, 1, 1, tzinfo=UTC)
