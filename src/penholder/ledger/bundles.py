"""One bundle of entries: hashing and reading it, and comparing it with its tile. Pure: bytes in, findings out."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from penholder.ledger.entry import EntryFacts, LedgerEntry, check_entry
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.keyring import LedgerEvent
from penholder.ledger.layout import TILE_WIDTH, Tile, split_bundle, split_hashes
from penholder.ledger.merkle import HASH_SIZE


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, in which file, and (where one can be named) at which entry."""

    file: str
    message: str
    entry: int | None = None


@dataclass(slots=True)
class Facts:
    """What a row of entries says of itself. Times are texts, as the entries have them."""

    entries: int = 0
    late: int = 0
    first_at: str = ""
    last_at: str = ""
    steps_back: int = 0
    """How often the time of an entry lies before that of the entry before it."""
    events: Counter[str] = field(default_factory=Counter)
    ledger: list[LedgerEvent] = field(default_factory=list)
    """The entries about the ledger itself."""

    def add(self, following: Facts) -> None:
        """Take in what follows."""
        between = bool(self.last_at and following.first_at) and following.first_at < self.last_at
        self.entries += following.entries
        self.late += following.late
        self.steps_back += following.steps_back + between
        self.first_at = self.first_at or following.first_at
        self.last_at = following.last_at or self.last_at
        self.events.update(following.events)
        self.ledger += following.ledger


@dataclass(slots=True)
class BundleResult:
    """What came of one bundle.

    `root`: the root over a full bundle that its tile bears out; else None, and the leaf hashes stand in `computed`
    (from the entries; None where the bundle is not whole) and `stored` (from the tile; None likewise).
    """

    bundle: Tile
    root: bytes | None
    computed: list[bytes] | None
    stored: list[bytes] | None
    facts: Facts
    problems: list[Problem]


def inspect_bundle(bundle: Tile, data: bytes | None, tile: bytes | None) -> BundleResult:
    """Hash and read the entries of a bundle, and compare them with its tile (None: there is no such file)."""
    entries, end = split_bundle(data or b"", bundle.width)
    computed = leaf_hashes(entries)
    whole = data is not None and len(entries) == bundle.width and end == len(data)
    stored = split_hashes(tile) if tile is not None and len(tile) == bundle.width * HASH_SIZE else None
    agreed = whole and computed == stored
    # Of an entry that its tile does not bear out, nothing is said here but that: it is found by its hash.
    sound = (
        [True] * len(entries)
        if agreed or stored is None
        else [a == b for a, b in zip(computed, stored, strict=False)]
    )
    facts, problems = _read(bundle, entries, sound)
    if agreed and bundle.width == TILE_WIDTH:
        return BundleResult(bundle, tree_hash(computed), None, None, facts, problems)
    return BundleResult(bundle, None, computed if whole else None, stored, facts, problems)


def _read(bundle: Tile, entries: list[bytes], sound: list[bool]) -> tuple[Facts, list[Problem]]:
    found: list[EntryFacts] = []
    facts, problems = Facts(entries=len(entries)), []
    for number, entry in enumerate(entries, bundle.index * TILE_WIDTH):
        try:
            one = check_entry(entry)
        except LedgerIntegrityError as error:
            if sound[number % TILE_WIDTH]:
                problems.append(Problem(bundle.path, f"not a ledger entry: {error.message}", number))
            continue
        found.append(one)
        if one.event.startswith("custody."):
            facts.ledger.append(LedgerEvent(number, one.event, LedgerEntry.from_bytes(entry).data))
    if found:
        facts.first_at, facts.last_at = found[0].at, found[-1].at
        facts.late = sum(one.late for one in found)
        facts.steps_back = sum(b.at < a.at for a, b in pairwise(found))
        facts.events.update([one.event for one in found])
    return facts, problems


def leaf_hashes(entries: list[bytes]) -> list[bytes]:
    """The leaf hash of each entry (as `merkle.leaf_hash`, without a call for each)."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + entry).digest() for entry in entries]


def tree_hash(hashes: list[bytes]) -> bytes:
    """The root over hashes that stand side by side, their number a power of two (as `merkle.node_hash`)."""
    sha256 = hashlib.sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


def subtrees(hashes: list[bytes]) -> list[bytes]:
    """The roots of the complete subtrees over a row of at most 256 hashes, the largest first."""
    found, begin = [], 0
    while begin < len(hashes):
        width = 1 << ((len(hashes) - begin).bit_length() - 1)
        found.append(tree_hash(hashes[begin : begin + width]))
        begin += width
    return found
