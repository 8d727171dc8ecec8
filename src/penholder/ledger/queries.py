"""Questions to the ledger: what was known when, where an entry stands, and its receipt.

Known at T: our books held, at T, the places below `size_at(T)`: the size of the largest head whose time is T or
before. The answer for one T is the same for ever:
- T must be past. A T of this second (PostgreSQL: of the last two) is waited for; one that lies ahead is refused.
- Whoever has taken the time of a head and not yet committed is waited for, where T was a moment ago
  (`store.settle`).
- The times of heads never go back, even where the clock does.
- The time of a head is taken last in its transaction. So a long act is known from its end, not from its start;
  the entry's own `at` stays the moment of the act.
What rests on the clock: if it is set back to before a T that was asked about, and nothing was recorded since, then
acts of the repeated time count as known at T.

Nothing here asks who is looking: callers show only what their reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection

from penholder.kernel.home import PUBLISHED_HEAD
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.disclosure import Disclosure
from penholder.ledger.entry import LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.merkle import MAX_SIZE, Coordinate, compose, consistency_nodes, inclusion_nodes, proof_nodes
from penholder.ledger.models import Checkpoint as CheckpointRow
from penholder.ledger.models import Entry, Head, Node, Place
from penholder.ledger.note import parse_note
from penholder.ledger.proof import make_receipt
from penholder.ledger.store import settle

_BATCH = 2_560
"""Entries that are read at once: ten bundles."""
_MOST = MAX_SIZE - 1


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """One entry: its number in the database and its place in the log (None while it waits for one)."""

    number: int
    place: int | None
    event: str
    """The true name, also where the log shows only that something happened (sealed events)."""
    about: str
    run: str
    at: datetime
    body: bytes

    @property
    def entry(self) -> LedgerEntry:
        """What the log holds of it. Raises: LedgerIntegrityError."""
        return LedgerEntry.from_bytes(self.body)


def size_at(known: datetime) -> int:
    """How many entries our books held at that moment: the places below it were known; see above.

    May wait some seconds where `known` is the present. Raises: InputError: it lies ahead.
    """
    newest = _last_head(_MOST)
    return _size_at(settings.PENHOLDER_HOME, newest[0] if newest else 0, known)


@lru_cache(maxsize=256)
def _size_at(_home: Path, _newest: int, known: datetime) -> int:
    # Kept as long as no head has come: a page asks several times, and the second time nobody is waited for.
    settle(known)
    return _known_size(known)


def _known_size(known: datetime) -> int:
    """The size of the last head whose time is `known` or before.

    Heads are in the order of their times, so the sizes are halved; from the newest on in growing steps, because
    most questions are about a moment that is near.
    """
    low, best, high = (
        0,
        0,
        _MOST + 1,
    )  # every head up to `low` is known, the last one is `best`; from `high` on none
    asked, step = _MOST, 1
    while low < asked:
        found = _last_head(asked)
        if found is None:
            return best
        if found[1] <= known:
            low, best = asked, found[0]
        else:
            high = found[0]
        asked = max(high - step, (low + high) // 2)
        step *= 2
    return best


def _last_head(size: int) -> tuple[int, datetime] | None:
    """Size and time of the last head up to a size."""
    return Head.objects.filter(size__lte=size).order_by("-size").values_list("size", "recorded_at").first()


def entries_about(about: str, *, size: int | None = None) -> tuple[RecordedEntry, ...]:
    """The entries about a subject, oldest first. `size`: only those that a log of this size holds (`size_at`)."""
    rows = Entry.objects.filter(about=about).select_related("place").order_by("id")
    found = [_recorded(row) for row in rows]
    return tuple(r for r in found if size is None or (r.place is not None and r.place < size))


def _recorded(row: Entry) -> RecordedEntry:
    place = row.place.seq if hasattr(row, "place") else None
    return RecordedEntry(row.id, place, row.event, row.about, row.run, row.recorded_at, row.body.encode())


def place_of(entry: int) -> int | None:
    """The place of an entry in the log, from its number; None while it waits, and where there is no such entry."""
    return Place.objects.filter(entry_id=entry).values_list("seq", flat=True).first()


def entry_at(place: int) -> int | None:
    """The number of the entry at a place."""
    return Place.objects.filter(seq=place).values_list("entry_id", flat=True).first()


def entries_of_run(run: str) -> tuple[int, ...]:
    """The numbers of the entries that one run of an action made, in order."""
    return tuple(Entry.objects.filter(run=run).order_by("id").values_list("id", flat=True))


def read_entries(start: int, stop: int) -> Iterator[bytes]:
    """The leaf data of the places from `start` until before `stop`, in order, in bounded memory.

    Raises: LedgerIntegrityError: a place has no entry.
    """
    for begin in range(start, stop, _BATCH):
        yield from _bodies(begin, min(begin + _BATCH, stop))


def _bodies(start: int, stop: int) -> Iterator[bytes]:
    expected = start
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.seq, e.body FROM ledger_place p JOIN ledger_entry e ON e.id = p.entry_id "
            "WHERE p.seq >= %s AND p.seq < %s ORDER BY p.seq",
            (start, stop),
        )
        rows = cursor.fetchall()
    for seq, body in rows:
        if seq != expected:
            break
        expected += 1
        yield body.encode()
    if expected != stop:
        raise LedgerIntegrityError(f"place {expected} has no entry", hint="run `penholder fsck`")


def read_nodes(level: int, start: int, stop: int) -> list[bytes]:
    """The hashes of the complete subtrees `start` until before `stop` of one level.

    Raises: LedgerIntegrityError: one is missing.
    """
    rows = Node.objects.filter(level=level, position__gte=start, position__lt=stop).order_by("position")
    found = [bytes(h) for h in rows.values_list("hash", flat=True)]
    if len(found) != stop - start:
        raise LedgerIntegrityError(
            f"level {level} has {len(found)} hashes from {start} to {stop}, not {stop - start}",
            hint="run `penholder fsck`",
        )
    return found


def node_reader(wanted: Sequence[Coordinate]) -> Callable[[int, int], bytes]:
    """Fetch nodes in one query; gives the function that proofs are composed with.

    Raises (from that function): LedgerIntegrityError: the node is not there.
    """
    found = _fetch(wanted)

    def node(level: int, index: int) -> bytes:
        try:
            return found[level, index]
        except KeyError as error:
            raise LedgerIntegrityError(
                f"the hash of level {level}, position {index} is missing", hint="run `penholder fsck`"
            ) from error

    return node


def _fetch(wanted: Sequence[Coordinate]) -> dict[Coordinate, bytes]:
    if not wanted:
        return {}
    # Each pair by the index; SQLite answers `(level, position) IN (VALUES ...)` by reading the whole table.
    pairs = " OR ".join(["(level = %s AND position = %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT level, position, hash FROM ledger_node WHERE {pairs}",
            [number for coordinate in wanted for number in coordinate],
        )
        return {(int(level), int(position)): bytes(found) for level, position, found in cursor.fetchall()}


def consistency(old: int, new: int) -> tuple[bytes, ...]:
    """The proof, from our own tree, that the log of `new` entries begins with that of `old` (0 < old <= new)."""
    groups = consistency_nodes(old, new)
    return compose(groups, node_reader(proof_nodes(groups)))


def newest_note() -> str | None:
    """The newest signed checkpoint that has left the house, with cosignatures where they came; None before."""
    row = CheckpointRow.objects.order_by("-size").first()
    path = settings.PENHOLDER_HOME / PUBLISHED_HEAD
    sent = path.read_text(encoding="utf-8") if path.is_file() else None
    if row is None or (sent is not None and _size_of(sent) >= row.size):
        return sent
    return row.note


def _size_of(note: str) -> int:
    return Checkpoint.parse(parse_note(note).text).size


def receipt_of(entry: int, *, disclosures: tuple[Disclosure, ...] = (), note: str | None = None) -> str | None:
    """The receipt of an entry, from its number; None while no published checkpoint covers it.

    Args:
        disclosures: private fields to give with it: whoever gets the receipt can read them.
        note: the signed checkpoint to prove against; by default the newest.
    """
    place, sent = place_of(entry), note or newest_note()
    if place is None or sent is None or place >= _size_of(sent):
        return None
    groups = inclusion_nodes(place, _size_of(sent))
    hashes = compose(groups, node_reader(proof_nodes(groups)))
    body = Entry.objects.values_list("body", flat=True).get(id=entry).encode()
    receipt = make_receipt(body, index=place, hashes=hashes, checkpoint=sent, disclosures=disclosures)
    return receipt.text()
