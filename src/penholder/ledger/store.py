"""Append entries and give them their places in the log.

An entry is written in the transaction of its act. Its place is given there too on SQLite, where there is one
writer at a time. PostgreSQL has many: there an entry waits, and after the commit whoever is free gives places to
all that wait, under one advisory lock, in the order of their numbers. That second transaction need not reach the
disk at once: what it loses in a power cut still waits, and nothing is signed before a synchronous commit
(docs/decisions/0005-one-ledger.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from penholder.kernel import clock
from penholder.ledger.door import own_door
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.merkle import Frontier, Node, leaf_hash

_LOCK = 0x70656E686F6C6472
"""Advisory lock of the sequencer ("penholdr")."""
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry before it has a number."""

    body: bytes
    run: str
    event: str
    about: str


def append(entries: Sequence[NewEntry], *, now: datetime) -> tuple[int, ...]:
    """Write entries, in order, into the open transaction. Gives their numbers (not their places)."""
    if connection.vendor == "sqlite":
        return append_placed(entries, now=now)
    with connection.cursor() as cursor:
        numbers = _insert(cursor, entries, connection.ops.adapt_datetimefield_value(now))
        cursor.executemany("INSERT INTO ledger_waiting (entry_id) VALUES (%s)", [(n,) for n in numbers])
    return tuple(numbers)


def append_placed(entries: Sequence[NewEntry], *, now: datetime) -> tuple[int, ...]:
    """As `append`, and give them their places at once; on PostgreSQL nobody else gives places until the commit."""
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        numbers = _insert(cursor, entries, moment)
        _place(cursor, [(n, e.body) for n, e in zip(numbers, entries, strict=True)], moment)
    return tuple(numbers)


def _insert(cursor: Any, entries: Sequence[NewEntry], moment: Any) -> list[int]:
    numbers = []
    for entry in entries:
        cursor.execute(
            "INSERT INTO ledger_entry (body, run, event, about, recorded_at) VALUES (%s, %s, %s, %s, %s) "
            "RETURNING id",
            (entry.body.decode(), entry.run, entry.event, entry.about, moment),
        )
        numbers.append(int(cursor.fetchone()[0]))
    return numbers


def place_waiting() -> int:
    """Give places to all committed entries that wait (PostgreSQL). Gives how many it placed.

    Whoever finds the lock taken leaves: the holder looks again after letting go, so no entry is left behind.
    """
    if connection.vendor == "sqlite":
        return 0
    placed = 0
    while True:
        found = _place_batch()
        placed += found
        if found == 0:
            return placed


def _place_batch() -> int:
    with own_door(), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,))
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(
            "SELECT w.entry_id, e.body FROM ledger_waiting w JOIN ledger_entry e ON e.id = w.entry_id "
            "ORDER BY w.entry_id LIMIT %s",
            (_BATCH,),
        )
        waiting = [(int(n), body.encode()) for n, body in cursor.fetchall()]
        if waiting:
            cursor.execute("SET LOCAL synchronous_commit = off")
            cursor.execute("DELETE FROM ledger_waiting WHERE entry_id = ANY(%s)", ([n for n, _ in waiting],))
            _place(cursor, waiting, clock.now())
        return len(waiting)


def head() -> tuple[int, Frontier]:
    """Size and frontier of the log as it stands."""
    with connection.cursor() as cursor:
        frontier = _frontier(cursor)
    return frontier.size, frontier


def _frontier(cursor: Any) -> Frontier:
    cursor.execute("SELECT size, frontier FROM ledger_head ORDER BY size DESC LIMIT 1")
    row = cursor.fetchone()
    return Frontier.from_bytes(int(row[0]), bytes(row[1])) if row else Frontier()


def _place(cursor: Any, entries: Sequence[tuple[int, bytes]], moment: Any) -> None:
    frontier = _frontier(cursor)
    places: list[tuple[int, int]] = []
    nodes: list[Node] = []
    for number, body in entries:
        places.append((frontier.size, number))
        frontier, completed = frontier.append(leaf_hash(body))
        nodes += completed
    cursor.executemany("INSERT INTO ledger_place (seq, entry_id) VALUES (%s, %s)", places)
    cursor.executemany("INSERT INTO ledger_node (level, position, hash) VALUES (%s, %s, %s)", nodes)
    cursor.execute(
        "INSERT INTO ledger_head (size, root, frontier, recorded_at) VALUES (%s, %s, %s, %s)",
        (frontier.size, frontier.root(), frontier.to_bytes(), moment),
    )


def check_contiguous() -> None:
    """Raises: LedgerIntegrityError where the newest head and the places do not agree."""
    with connection.cursor() as cursor:
        size = _frontier(cursor).size
        cursor.execute("SELECT count(*), coalesce(max(seq) + 1, 0) FROM ledger_place")
        count, end = cursor.fetchone()
    if not size == count == end:
        raise LedgerIntegrityError(
            f"the newest head has {size} entries, but there are {count} places up to {end}",
            hint="run `penholder fsck`; restore a backup and recover from the published files",
        )
