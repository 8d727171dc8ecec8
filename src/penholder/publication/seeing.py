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
    size = newest if not known.strip() else _size(known.strip(), size_at, today=today, newest=newest)
    return Seen(
        on=day,
        size=size,
        until=time_of(size - 1) if size else None,
        newest=newest,
        is_now=not (on.strip() or known.strip()),
        is_ahead=day > today,
    )


def _size(text: str, size_at: SizeAt, *, today: date, newest: int) -> int:
    whole = f"the log that is shown has {newest} entries"
    if text.isascii() and text.isdigit() and len(text) < 16:
        if int(text) > newest:
            raise SeenError(f"known={text} is more than there is: {whole}", hint=f"give 0 to {newest}, or a day")
        return int(text)
    day = _day(text, "known")
    if day > today:
        raise SeenError(
            f"known={day} is still to come: {whole}", hint=f"give a day until {today}, or 0 to {newest}"
        )
    return min(size_at(datetime.combine(day, time.max, UTC)), newest)


def _day(text: str, name: str) -> date:
    try:
        return read_day(text)
    except ValueError as error:
        numbers = ", or a number of entries" if name == "known" else ""
        raise SeenError(
            f"{name}={text[:40]!r} is no day", hint=f"give a day like 2024-09-02{numbers}; without it: now"
        ) from error
