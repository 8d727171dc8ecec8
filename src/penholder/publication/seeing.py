"""From what day, and with what knowledge, somebody looks: read from an address. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from penholder.entry.asked import read_day
from penholder.kernel.errors import InputError
from penholder.publication.values import Seen

SizeAt = Callable[[datetime], int]
TimeOf = Callable[[int], datetime | None]


class SeenError(InputError):
    """A day or a number of entries in an address that cannot be read."""

    code = "seen"


def read_seen(*, on: str, known: str, today: date, newest: int, size_at: SizeAt, time_of: TimeOf) -> Seen:
    """How an address asks to look.

    Args:
        on: a day in the world, or "": today. known: a number of entries, or a day: what was in the log at its end;
            "": all that was loaded.
        newest: size of the head that is shown. size_at, time_of: between moments and sizes.
    Raises: SeenError.
    """
    day = today if not on.strip() else _day(on, "on")
    size = newest if not known.strip() else min(_size(known.strip(), size_at), newest)
    until = time_of(size - 1) if size else None
    return Seen(on=day, size=size, until=until, newest=newest, is_now=not (on.strip() or known.strip()))


def _size(text: str, size_at: SizeAt) -> int:
    if text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    return size_at(datetime.combine(_day(text, "known"), time.max, UTC))


def _day(text: str, name: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        numbers = ", or a number of entries" if name == "known" else ""
        raise SeenError(
            f"{name}={text[:40]!r} is no day", hint=f"give a day like 2024-09-02{numbers}; without it: now"
        ) from error
