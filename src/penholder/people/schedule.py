"""What happens by itself: sessions that are over, counters that have run out and old letters are deleted."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.models import Session

from penholder.actions.schedule import every
from penholder.people.models import CacheRow
from penholder.people.reactions import forget_letters


@every("day")
def sweep_sessions(now: datetime) -> None:
    """Delete what counts no longer. Both tables hold no fact, and are exempt from the guard: this is no act."""
    Session.objects.filter(expire_date__lt=now).delete()
    CacheRow.objects.filter(expires__lt=now).delete()
    forget_letters(before=now.timestamp() - settings.PASSWORD_RESET_TIMEOUT)
