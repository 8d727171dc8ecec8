"""The only places that read the clock. Everything else is given its dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from time import time


def now() -> datetime:
    """The present moment, UTC, whole seconds."""
    return datetime.fromtimestamp(int(time()), UTC)


def day() -> datetime:
    """Midnight UTC of the present day: the clock of a site that keeps no finer time."""
    return now().replace(hour=0, minute=0, second=0)


def today() -> date:
    """The present day, UTC."""
    return now().date()


@lru_cache(maxsize=64)
def stamp(moment: datetime) -> str:
    """`2024-11-22T10:14:05Z`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").removesuffix("+00:00") + "Z"
