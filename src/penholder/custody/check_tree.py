"""The stored log against itself: every entry, place, hash, head and signed head computed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max

from penholder.actions.events import EVENTS
from penholder.actions.values import RECOVERED
from penholder.custody import keyring
from penholder.custody.recovered import WITHOUT_TABLES, settlements
from penholder.custody.values import Finding, Level
from penholder.kernel.clock import stamp
from penholder.kernel.errors import PenholderError
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.entry import PUBLIC, LedgerEntry
from penholder.ledger.errors import LedgerIntegrityError, NoteError
from penholder.ledger.merkle import HASH_SIZE, Frontier, leaf_hash
from penholder.ledger.models import Checkpoint as CheckpointRow
from penholder.ledger.models import Entry, Head, Node, Place, Waiting
from penholder.ledger.note import open_note
from penholder.ledger.triggers import trigger_faults

_BATCH = 2_000
_FIELDS = (
    "seq",
    "entry_id",
    "entry__body",
    "entry__run",
    "entry__event",
    "entry__about",
    "entry__recorded_at",
    "entry__act__run",
    "entry__act__act",
    "entry__act__role",
    "entry__act__about",
    "entry__act__at",
    "entry__act__actor",
)
Progress = Callable[[int, int], None]


class Row(NamedTuple):
    """One place, its entry, and the row of the index of acts."""

    seq: int
    number: int
    body: str
    run: str
    event: str
    about: str
    recorded_at: datetime
    act_run: str | None
    act: str | None
    act_role: str | None
    act_about: str | None
    act_at: datetime | None
    actor: str | None


def check_tree(*, progress: Progress | None = None) -> Iterator[Finding]:
    """Everything that the log says twice, compared; what differs, with its place. In bounded memory."""
    for fault in trigger_faults(connection):
        yield Finding(f"trigger {fault.name}", f"{fault.what}: rows could be changed", hint=fault.hint)
    size = Place.objects.count()
    walk = _Walk()
    for rows in _batches():
        yield from walk.take(rows)
        if progress:
            progress(walk.frontier.size, size)
        if walk.broken:
            return
    yield from _ends(walk.frontier)
    yield from _signed(walk.wanted_roots)


def _batches() -> Iterator[list[Row]]:
    after = -1
    while True:
        found = Place.objects.filter(seq__gt=after).order_by("seq").values_list(*_FIELDS)[:_BATCH]
        rows = [Row(*row) for row in found]
        if not rows:
            return
        yield rows
        after = rows[-1].seq


class _Walk:
    """The tree as it is computed anew, entry by entry."""

    def __init__(self) -> None:
        self.frontier = Frontier()
        self.newest_time = datetime.min.replace(tzinfo=UTC)
        self.broken = False
        self.settled = settlements()
        self.wanted_roots: dict[int, bytes | None] = dict.fromkeys(
            CheckpointRow.objects.values_list("size", flat=True)
        )

    def take(self, rows: list[Row]) -> Iterator[Finding]:
        """Take in the next places, and compare what they complete."""
        start, stop = self.frontier.size, rows[-1].seq + 1
        heads = {h.size: h for h in Head.objects.filter(size__gt=start, size__lte=stop)}
        stored = _stored_nodes(start, stop)
        for row in rows:
            if row.seq != self.frontier.size:
                yield Finding(f"place {self.frontier.size}", "has no entry; what follows was not checked")
                self.broken = True
                return
            yield from _check_entry(row, is_settled=row.run in self.settled)
            yield from self._grow(row, stored)
            yield from self._check_head(heads.pop(self.frontier.size, None), row)

    def _grow(self, row: Row, stored: dict[tuple[int, int], bytes]) -> Iterator[Finding]:
        computed = leaf_hash(row.body.encode())
        leaf = stored.pop((0, row.seq), None)
        if leaf != computed:
            yield Finding(f"place {row.seq}", "the entry is not the one whose hash is in the tree")
        right = leaf if leaf is not None and len(leaf) == HASH_SIZE else computed
        self.frontier, nodes = self.frontier.append(right)
        for node in nodes[1:]:
            if stored.pop((node.level, node.index), None) != node.hash:
                yield Finding(
                    f"hash of level {node.level}, position {node.index}",
                    f"is not the one over places {node.index << node.level} to {row.seq}",
                )
        if self.frontier.size in self.wanted_roots:
            self.wanted_roots[self.frontier.size] = self.frontier.root()

    def _check_head(self, head: Head | None, row: Row) -> Iterator[Finding]:
        if head is None:
            return
        where = f"head of size {head.size}"
        if bytes(head.root) != self.frontier.root() or bytes(head.frontier) != self.frontier.to_bytes():
            yield Finding(where, f"is not the root of the {head.size} entries before it")
        if head.recorded_at < self.newest_time:
            yield Finding(where, "is dated before the head before it")
        if connection.vendor == "sqlite" and head.recorded_at < row.recorded_at:
            yield Finding(where, "is dated before its last entry")
        self.newest_time = max(self.newest_time, head.recorded_at)


def _stored_nodes(start: int, stop: int) -> dict[tuple[int, int], bytes]:
    """Every stored hash that the places from `start` until before `stop` complete."""
    found: dict[tuple[int, int], bytes] = {}
    for level in range(stop.bit_length()):
        rows = Node.objects.filter(level=level, position__gte=start >> level, position__lt=stop >> level)
        found |= {(level, p): bytes(h) for p, h in rows.values_list("position", "hash")}
    return found


def _check_entry(row: Row, *, is_settled: bool) -> Iterator[Finding]:
    where = f"place {row.seq}"
    try:
        entry = LedgerEntry.from_bytes(row.body.encode())
    except LedgerIntegrityError as error:
        yield Finding(where, f"is no ledger entry: {error.message}")
        return
    sealed = entry.visibility == "restricted"
    about = _about(row, entry)
    columns = {"run": (row.run, entry.run), "recorded_at": (stamp(row.recorded_at), entry.at)}
    if not sealed:
        columns["event"] = (row.event, entry.event)
    if about is not None:
        columns["about"] = (row.about, about)
    yield from _differing(where, "the columns of the entry", columns)
    if row.act_run is None:
        yield Finding(where, "is not in the index of acts")
        return
    index = {"run": (row.act_run, entry.run), "at": (stamp(row.act_at or row.recorded_at), entry.at)}
    if not sealed:
        index |= {"act": (row.act or "", entry.act), "role": (row.act_role or "", entry.role)}
    if about is not None:
        index["about"] = (row.act_about or "", about)
    yield from _differing(where, "the index of acts", index)
    if row.actor == RECOVERED and not is_settled and not row.event.startswith(WITHOUT_TABLES):
        named = f", about {row.about}" if row.about and not sealed else ""
        yield Finding(
            f"{where}, {row.event}{named}",
            "came back from the published files: who did it and its private fields are lost, "
            "and the tables do not have what it did",
            Level.REDO,
            "do the act again, then settle it: custody.settle_recovered",
        )


def _about(row: Row, entry: LedgerEntry) -> str | None:
    """What the columns must say that it is about; None: a private field says it (`check_vault` compares)."""
    if entry.visibility == PUBLIC:
        return entry.about or ""
    kind = EVENTS.get(row.event)
    is_lost = row.actor == RECOVERED
    return "" if is_lost or (kind is not None and not kind.about_field) else None


def _differing(where: str, what: str, pairs: dict[str, tuple[str, str]]) -> Iterator[Finding]:
    names = [name for name, (stored, right) in pairs.items() if stored != right]
    if names:
        yield Finding(where, f"{what} say something else than the entry: {', '.join(names)}")


def _ends(frontier: Frontier) -> Iterator[Finding]:
    """What must be as many as the tree has, and no more."""
    size = frontier.size
    newest: int = Head.objects.aggregate(m=Max("size"))["m"] or 0
    if newest != size:
        yield Finding(f"head of size {newest}", f"is the newest, but there are {size} places")
    wanted = 2 * size - size.bit_count()
    counted: Any = Node.objects.aggregate(n=Count("level"))["n"]
    if counted != wanted:
        yield Finding("hashes of the tree", f"there are {counted}, a tree of {size} entries has {wanted}")
    waiting, entries = Waiting.objects.count(), Entry.objects.count()
    if entries != size + waiting:
        yield Finding("entries", f"there are {entries}, but {size} places, and {waiting} that wait for one")


def _signed(roots: dict[int, bytes | None]) -> Iterator[Finding]:
    """Every signed head against the computed root of its size, and its signature."""
    try:
        everyone = keyring.newest(settings.PENHOLDER_ORIGIN).everyone
    except PenholderError as error:
        yield Finding("keys of the ledger", error.message, hint=error.hint)
        return
    for row in CheckpointRow.objects.order_by("size").iterator(_BATCH):
        where = f"signed head of size {row.size}"
        if row.size and roots.get(row.size) != bytes(row.root):
            yield Finding(where, "is not the root of the entries before it")
        try:
            head = Checkpoint.parse(open_note(row.note, everyone).text)
        except NoteError as error:
            yield Finding(where, f"its signature: {error.message}")
            continue
        if (head.origin, head.size, head.root) != (settings.PENHOLDER_ORIGIN, row.size, bytes(row.root)):
            yield Finding(where, "the signed note says another head")
