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

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from penholder.ledger import rows
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
    numbers = _insert(entries, connection.ops.adapt_datetimefield_value(now))
    rows.insert("ledger_waiting", "entry_id", [(n,) for n in numbers])
    return numbers


def append_placed(entries: Sequence[NewEntry], *, now: datetime) -> tuple[int, ...]:
    """As `append`, and give them their places at once; on PostgreSQL nobody else gives places until the commit."""
    moment = connection.ops.adapt_datetimefield_value(now)
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
    numbers = _insert(entries, moment)
    _place([(n, e.body) for n, e in zip(numbers, entries, strict=True)], moment)
    return numbers


def _insert(entries: Sequence[NewEntry], moment: Any) -> tuple[int, ...]:
    columns = "body, run, event, about, recorded_at"
    given = ((e.body.decode(), e.run, e.event, e.about, moment) for e in entries)
    return tuple(rows.insert_numbered("ledger_entry", columns, row) for row in given)


def place_waiting() -> int:
    """Give places to all committed entries that wait (PostgreSQL). Gives how many it placed.

    Whoever finds the lock taken leaves; the holder looks again after letting go, so no entry is left behind.
    """
    if connection.vendor == "sqlite":
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
        locked = rows.first(
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
            _place(waiting, _now())
        return len(waiting)


def _now() -> datetime:
    """The clock of the installation: the one that the acts go by."""
    moment: datetime = import_string(settings.PENHOLDER_CLOCK)()
    return moment


def head() -> tuple[int, Frontier]:
    """Size and frontier of the log as it stands."""
    connection.ensure_connection()
    frontier = _frontier()
    return frontier.size, frontier


def _frontier() -> Frontier:
    row = rows.first("SELECT size, frontier FROM ledger_head ORDER BY size DESC LIMIT 1")
    return Frontier.from_bytes(int(row[0]), bytes(row[1])) if row else Frontier()


def _place(entries: Sequence[tuple[int, bytes]], moment: Any) -> None:
    frontier = _frontier()
    places: list[tuple[int, int]] = []
    nodes: list[Node] = []
    for number, body in entries:
        places.append((frontier.size, number))
        frontier, completed = frontier.append(leaf_hash(body))
        nodes += completed
    head_row = (frontier.size, frontier.root(), frontier.to_bytes(), moment)
    with rows.together():
        rows.insert("ledger_place", "seq, entry_id", places)
        rows.insert("ledger_node", "level, position, hash", nodes)
        rows.insert("ledger_head", "size, root, frontier, recorded_at", [head_row])


def check_contiguous() -> None:
    """Raises: LedgerIntegrityError where the newest head and the places do not agree."""
    with connection.cursor() as cursor:
        size = _frontier().size
        cursor.execute("SELECT count(*), coalesce(max(seq) + 1, 0) FROM ledger_place")
        count, end = cursor.fetchone()
    if not size == count == end:
        raise LedgerIntegrityError(
            f"the newest head has {size} entries, but there are {count} places up to {end}",
            hint="run `penholder fsck`; restore a backup and recover from the published files",
        )
