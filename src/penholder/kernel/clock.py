"""The only places that read the clock. Everything else is given its dates."""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment, UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """The present day, UTC."""
    return now().date()


def stamp(moment: datetime) -> str:
    """`2024-11-22T10:14:05Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
