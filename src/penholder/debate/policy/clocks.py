"""How long things last: the edit window, the time for an appeal."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from penholder.actions.errors import ConflictError
from penholder.debate.values import APPEAL_DUE, APPEAL_MONTHS, EDIT_WINDOW


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or its last day: 31 August + 6 months is 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def appeal_until(day: date) -> date:
    """The last day on which a measure of that day can be appealed against."""
    return months_later(day, APPEAL_MONTHS)


def check_appeal_in_time(measured_on: date, *, today: date) -> None:
    """Raises: ConflictError after the last day."""
    last = appeal_until(measured_on)
    if today > last:
        raise ConflictError(f"appeals against this were open until {last}", hint="the time of six months is over")


def is_overdue(lodged_at: datetime, decided_at: datetime | None, *, now: datetime) -> bool:
    """Is, or was, an appeal decided too late? Read from the times: no worker is needed for it."""
    return (decided_at or now) - lodged_at > APPEAL_DUE


def is_editable(posted_at: datetime, *, now: datetime, has_replies: bool) -> bool:
    """Ten minutes, and only while nobody replied (that nobody reported it, the machine says)."""
    return now - posted_at <= EDIT_WINDOW and not has_replies
