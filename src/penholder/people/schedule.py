"""What happens by itself: resets that nobody confirmed lapse; old sessions, counters and letters are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session

from penholder.actions.action import perform
from penholder.actions.schedule import every
from penholder.actions.values import SYSTEM
from penholder.people.actions.resets import lapse_sign_in_resets
from penholder.people.models import CacheRow
from penholder.people.reactions import forget_letters


@every("day")
def sweep_sessions(now: datetime) -> None:
    """Delete what counts no longer. Both tables hold no fact, and are exempt from the guard: this is no act."""
    Session.objects.filter(expire_date__lt=now).delete()
    CacheRow.objects.filter(expires__lt=now).delete()
    forget_letters(before=now.timestamp() - settings.PASSWORD_RESET_TIMEOUT)


@every(timedelta(hours=1))
def lapse_resets(_now: datetime) -> None:
    """Close what nobody confirmed in time. It could not be confirmed any more before that either."""
    perform(lapse_sign_in_resets, SYSTEM)
