"""Append entries and give them their places in the log.

An entry is written in the transaction of its act. Its place is given there too on SQLite, where there is one
writer at a time. PostgreSQL has many: there an entry waits, and after the commit whoever is free gives places to
all that wait, under one advisory lock, in the order of their numbers. That second transaction need not reach the
disk at once: what it loses in a power cut still waits, and nothing is signed before a synchronous commit
(docs/decisions/0005-one-ledger.md).

The time of a head says when our books held so much (`queries.size_at`). It is taken as late as can be, after all
else that the transaction writes, and is never before that of the head before it, nor before the act itself.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from penholder.kernel import clock
from penholder.kernel.errors import InputError
from penholder.ledger.door import own_door
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.lock import writer_lock
from penholder.ledger.merkle import Frontier, leaf_hash
from penholder.ledger.rows import Book, is_sqlite

_LOCK = 0x70656E686F6C6472
"""Advisory lock of the sequencer ("penholdr")."""
_BATCH = 2_000
_NEWEST = {
    "sqlite": "SELECT size, frontier, recorded_at || '' FROM ledger_head ORDER BY size DESC LIMIT 1",
    "postgresql": "SELECT size, frontier, recorded_at FROM ledger_head ORDER BY size DESC LIMIT 1",
}
_SKEW = timedelta(seconds=2)
"""How far the clocks of several machines may be apart."""
_LONGEST_WAIT = 4
"""Seconds that a question waits for its own moment to be past."""
_LONG_PAST = timedelta(minutes=5)
"""No commit takes so long after the time of its head was taken: the database gives up waiting far earlier."""


class NewEntry(NamedTuple):
    """An entry before it has a number."""

    body: bytes
    run: str
    event: str
    about: str


def enter(entries: Sequence[NewEntry], *, now: datetime, book: Book | None = None) -> tuple[int, ...]:
    """Write entries, in order, into the open transaction. Gives their numbers; `place` comes last in it.

    `now`: the moment of the act.
    """
    book = book or Book()
    numbers = _insert(book, entries, now)
    if not book.is_sqlite:
        book.insert(("ledger_waiting", "entry_id", [(n,) for n in numbers]))
    return numbers


def place(numbers: Sequence[int], entries: Sequence[NewEntry], *, now: datetime, book: Book | None = None) -> None:
    """Give places to what `enter` has entered: the last thing before the commit. PostgreSQL does it after that."""
    book = book or Book()
    if book.is_sqlite and numbers:
        placed = [(n, e.body) for n, e in zip(numbers, entries, strict=True)]
        _place(book, placed, max(now, _now()))


def append(entries: Sequence[NewEntry], *, now: datetime) -> tuple[int, ...]:
    """`enter` and `place` in one, where nothing else is written after it."""
    book = Book()
    numbers = enter(entries, now=now, book=book)
    place(numbers, entries, now=now, book=book)
    return numbers


def append_placed(entries: Sequence[NewEntry], *, now: datetime) -> tuple[int, ...]:
    """Entries that come back: with their places at once, as known at `now` (or when the head before them was).

    On PostgreSQL nobody else gives places until the commit.
    """
    book = Book()
    if not book.is_sqlite:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    numbers = _insert(book, entries, now)
    _place(book, [(n, e.body) for n, e in zip(numbers, entries, strict=True)], now)
    return numbers


def stored_time(moment: datetime, *, book: Book) -> Any:
    """A moment as the driver takes it: text on SQLite."""
    return _as_text(moment) if book.is_sqlite else moment


@lru_cache(maxsize=4)
def _as_text(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _insert(book: Book, entries: Sequence[NewEntry], now: datetime) -> tuple[int, ...]:
    moment = stored_time(now, book=book)
    given = [(e.body.decode(), e.run, e.event, e.about, moment) for e in entries]
    return book.insert_numbered("ledger_entry", "body, run, event, about, recorded_at", given)


def place_waiting() -> int:
    """Give places to all committed entries that wait (PostgreSQL). Gives how many it placed.

    Whoever finds the lock taken leaves; the holder looks again after letting go, so no entry is left behind.
    """
    if is_sqlite():
        return 0
    placed = 0
    while True:
        found = _place_batch()
        placed += found or 0
        if found is None or not _some_wait():
            return placed


def _some_wait() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM ledger_waiting)")
        return bool(cursor.fetchone()[0])


def _place_batch() -> int | None:
    """Place some entries; None where another process is at it."""
    with own_door(), transaction.atomic(durable=True), connection.cursor() as cursor:
        book = Book()
        locked = book.first(
            f"SELECT pg_try_advisory_xact_lock({_LOCK}), set_config('synchronous_commit', 'off', true)"
        )
        if not (locked and locked[0]):
            return None
        cursor.execute(
            "SELECT w.entry_id, e.body FROM ledger_waiting w JOIN ledger_entry e ON e.id = w.entry_id "
            "ORDER BY w.entry_id LIMIT %s",
            (_BATCH,),
        )
        waiting = [(int(n), body.encode()) for n, body in cursor.fetchall()]
        if waiting:
            cursor.execute("DELETE FROM ledger_waiting WHERE entry_id = ANY(%s)", ([n for n, _ in waiting],))
            _place(book, waiting, _now())  # taken under the lock that `settle` waits for
        return len(waiting)


def _now() -> datetime:
    """The clock of the installation: the one that the acts go by."""
    moment: datetime = _clock(settings.PENHOLDER_CLOCK)()
    return moment


_clock = cache(import_string)


def settle(known: datetime) -> None:
    """Wait until no head can come any more whose time is `known` or before.

    That moment must be past, by two seconds on PostgreSQL, where several machines may write: one that is about to
    be past is waited for. Then whoever is between taking the time of a head and the commit is waited for: on
    SQLite by the lock of the writers, on PostgreSQL by that of the sequencer. Raises: InputError: it lies ahead.
    """
    past = known + (_SKEW if connection.vendor != "sqlite" else timedelta(0))
    _wait_until_past(past)
    if _now() - past > _LONG_PAST:
        return
    if connection.vendor == "sqlite":
        if not connection.in_atomic_block:  # a transaction of ours has SQLite's own lock: nobody else is inside
            with writer_lock():
                pass
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", (_LOCK,))
    if not connection.in_atomic_block and _some_wait():
        place_waiting()  # a sequencer that found the lock taken has left


def _wait_until_past(moment: datetime) -> None:
    end = time.monotonic() + _LONGEST_WAIT
    while _now() <= moment:
        if _now() + timedelta(seconds=_LONGEST_WAIT) < moment or time.monotonic() > end:
            raise InputError(
                f"what our books hold at {clock.stamp(moment)} cannot be said yet: that moment is not past",
                hint="leave the moment out to see what is known now",
            )
        time.sleep(0.02)


def head() -> tuple[int, Frontier]:
    """Size and frontier of the log as it stands."""
    connection.ensure_connection()
    frontier, _ = _newest(Book())
    return frontier.size, frontier


def _newest(book: Book) -> tuple[Frontier, Any]:
    """The frontier of the newest head, and its time as the driver is given it (None: there is none)."""
    row = book.first(_NEWEST["sqlite" if book.is_sqlite else "postgresql"])
    return (Frontier.from_bytes(int(row[0]), bytes(row[1])), row[2]) if row else (Frontier(), None)


def _place(book: Book, entries: Sequence[tuple[int, bytes]], known: datetime) -> None:
    frontier, before = _newest(book)
    moment = stored_time(known, book=book)
    moment = moment if before is None else max(before, moment)  # SQLite: texts, which sort by time
    places = [(seq, number) for seq, (number, _) in enumerate(entries, frontier.size)]
    frontier, nodes = frontier.extend([leaf_hash(body) for _, body in entries])
    head_row = (frontier.size, frontier.root(), frontier.to_bytes(), moment)
    with book.together():
        book.insert(
            ("ledger_place", "seq, entry_id", places),
            ("ledger_node", "level, position, hash", nodes),
            ("ledger_head", "size, root, frontier, recorded_at", [head_row]),
        )


def check_contiguous() -> None:
    """Raises: LedgerIntegrityError where the newest head and the places do not agree."""
    with connection.cursor() as cursor:
        size = _newest(Book())[0].size
        cursor.execute("SELECT count(*), coalesce(max(seq) + 1, 0) FROM ledger_place")
        count, end = cursor.fetchone()
    if not size == count == end:
        raise LedgerIntegrityError(
            f"the newest head has {size} entries, but there are {count} places up to {end}",
            hint="run `penholder fsck`; restore a backup and recover from the published files",
        )
