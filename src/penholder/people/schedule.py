"""What happens by itself: sessions that are over, and counters that have run out, are deleted."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from penholder.actions.schedule import every
from penholder.people.models import CacheRow


@every("day")
def sweep_sessions(now: datetime) -> None:
    """Delete what counts no longer. Both tables hold no fact, and are exempt from the guard: this is no act."""
    Session.objects.filter(expire_date__lt=now).delete()
    CacheRow.objects.filter(expires__lt=now).delete()
