"""Entries that a restored database does not have, taken from the published files: the ledger is whole again.

The entries come back exactly, so the root is the same. What they did to the tables does not: that needs private
fields, which were never published; with them went what an act that is not public was about. `penholder fsck` lists
those acts, to be done again. Until then nothing may be done that somebody else must do than their actor
(`actions.lost`).
"""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from django.db import transaction

from penholder.actions.lock import writer_lock
from penholder.actions.models import Act
from penholder.actions.values import RECOVERED
from penholder.custody.errors import RollbackError
from penholder.custody.published import Published, read_entries
from penholder.ledger import queries, store
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.door import own_door
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.models import Checkpoint as CheckpointRow
from penholder.ledger.note import Note, open_note, parse_note


def recover(published: Published) -> int:
    """Append the entries that this database does not have; gives how many. All of them, or none.

    Raises: RollbackError: the database has another history than the published one.
    """
    size, frontier = store.head()
    with own_door(), writer_lock(), transaction.atomic(durable=True):
        for _, group in groupby(map(_read, read_entries(published, size)), key=lambda pair: pair[1].run):
            _append(list(group))
        found, frontier = store.head()
        if (found, frontier.root()) != (published.head.size, published.head.root):
            raise RollbackError(
                f"{size} entries of this database are not the first ones of {published.folder}",
                hint="use another backup, or the published folder of this ledger",
            )
        _keep_heads(published)
    return found - size


def _read(body: bytes) -> tuple[bytes, LedgerEntry]:
    return body, LedgerEntry.from_bytes(body)


def _append(run: list[tuple[bytes, LedgerEntry]]) -> None:
    at = datetime.fromisoformat(run[0][1].at)
    new = [store.NewEntry(body, e.run, e.event, e.about or "") for body, e in run]
    numbers = store.append_placed(new, now=at)
    Act.objects.bulk_create(
        Act(entry_id=n, run=e.run, act=e.act, actor=RECOVERED, role=e.role, about=e.about or "", at=at)
        for n, (_, e) in zip(numbers, run, strict=True)
    )


def _keep_heads(published: Published) -> None:
    """The signed heads that prove changes of key, and the published one: they count as signed by us."""
    known = set(CheckpointRow.objects.values_list("size", flat=True))
    for note in (*published.keyring.heads, published.note):
        head = Checkpoint.parse(parse_note(note).text)
        if head.size not in known:
            known.add(head.size)
            CheckpointRow.objects.create(
                size=head.size, root=head.root, note=_own_lines(note, published), signed_at=_last_time(head)
            )


def _own_lines(note: str, published: Published) -> str:
    """The note with the lines of our own keys alone, as it was when it was stored."""
    mine = open_note(note, published.keyring.everyone)
    return Note(mine.text, mine.verified).message()


def _last_time(head: Checkpoint) -> datetime:
    body = next(queries.read_entries(head.size - 1, head.size))
    return datetime.fromisoformat(LedgerEntry.from_bytes(body).at)
