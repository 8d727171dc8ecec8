"""Recomputing the tree of a published log from its entries, and comparing every tile with it.

A bundle, its tile, and the hash one level above say the same thing three times (for the last, partial bundle the
signed root is what lies above). Where they disagree, the one that stands alone is wrong: so damage is found where
it is, and not everywhere above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from penholder.ledger.bundles import (
    BundleResult,
    Facts,
    Problem,
    inspect_bundle,
    leaf_hashes,
    subtrees,
    tree_hash,
)
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.folder import Reader, read_tile
from penholder.ledger.layout import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    bundles_of,
    entries_path,
    split_bundle,
    split_hashes,
)
from penholder.ledger.merkle import EMPTY_ROOT, HASH_SIZE, fold


def inspect_one(reader: Reader, bundle: Tile) -> BundleResult:
    """Read and inspect one bundle and its tile."""
    files: list[bytes | None] = []
    problems = []
    for tile in (bundle, bundle._replace(level=0)):
        try:
            files.append(read_tile(reader, tile))
        except LedgerIntegrityError as error:
            files.append(None)
            problems.append(Problem(tile.path, error.message))
    result = inspect_bundle(bundle, *files)
    result.problems[:0] = problems
    return result


def inspect_all(reader: Reader, size: int) -> Iterator[BundleResult]:
    """Every bundle of a tree of `size`, in order, in this process."""
    return (inspect_one(reader, bundle) for bundle in bundles_of(size))


MAX_PROBLEMS = 200
"""Then verification stops: a head that lies about its size must not keep the verifier busy for ever."""


class Tree:
    """The tree of a log as it was recomputed."""

    def __init__(self, reader: Reader, size: int, *, root: bytes) -> None:
        self.size = size
        self.facts = Facts()
        self.problems: list[Problem] = []
        self.suspects: set[Tile] = set()
        """Tiles and bundles whose files are damaged."""
        self._reader = reader
        self._signed_root = root
        self._levels: list[list[bytes]] = [[]]
        """Hashes of the tile levels 1, 2, ...: `_levels[0]` is one hash for every full bundle."""
        self._last: list[bytes] = []
        """Leaf hashes of the partial bundle."""

    def retrace(self, results: Iterable[BundleResult]) -> None:
        """Take in every bundle, in order, then compare the tiles above with what they should be.

        Raises: LedgerIntegrityError: there are MAX_PROBLEMS problems already.
        """
        above = _Above(self._reader, self.size)
        for result in results:
            if len(self.problems) >= MAX_PROBLEMS:
                raise LedgerIntegrityError(f"{MAX_PROBLEMS} problems were found; the rest was not looked at")
            self.facts.add(result.facts)
            self.problems += result.problems
            right = result.root or self._settled(result, above)
            if isinstance(right, bytes):
                self._levels[0].append(right)
            elif len(right) == TILE_WIDTH:
                self._levels[0].append(tree_hash(right))
            else:
                self._last = right
        self._levels = _levels_above(self._levels[0])
        for level, hashes in enumerate(self._levels, 1):
            for begin in range(0, len(hashes), TILE_WIDTH):
                row = hashes[begin : begin + TILE_WIDTH]
                self._compare(Tile(level, begin // TILE_WIDTH, len(row)), row)

    def root_at(self, size: int) -> bytes | None:
        """The root over the first `size` entries; None where there are not so many."""
        if not 0 <= size <= self.size:
            return None
        rest = self.leaves(size // TILE_WIDTH)[: size % TILE_WIDTH] if size % TILE_WIDTH else []
        return root_of(self._levels, rest, size)

    def leaves(self, index: int) -> list[bytes]:
        """The leaf hashes of bundle `index`; where it is damaged, those of its tile."""
        if index >= self.size // TILE_WIDTH:
            return self._last
        if Tile(ENTRIES, index) in self.suspects:
            return split_hashes(self._reader.read(Tile(0, index).path) or b"")
        entries, _ = split_bundle(self._reader.read(entries_path(index)) or b"", TILE_WIDTH)
        return leaf_hashes(entries)

    def row(self, tile: Tile) -> list[bytes]:
        """The hashes of a tile as they should be, as many as the tree has."""
        if tile.level == 0:
            return self.leaves(tile.index)
        hashes = self._levels[tile.level - 1] if tile.level <= len(self._levels) else []
        return hashes[tile.index * TILE_WIDTH : (tile.index + 1) * TILE_WIDTH]

    def _settled(self, result: BundleResult, above: _Above) -> list[bytes]:
        """The leaf hashes that what lies above bears out; the other side is blamed."""
        index, width = result.bundle.index, result.bundle.width
        sides = [side for side in (result.computed, result.stored) if side is not None]
        if result.computed == result.stored and result.computed is not None:
            return result.computed
        if width == TILE_WIDTH:
            wanted = above.hash(index)
            right = [side for side in sides if tree_hash(side) == wanted]
        else:
            levels = _levels_above(self._levels[0])
            right = [side for side in sides if root_of(levels, side, self.size) == self._signed_root]
        chosen = (right or sides or [[bytes(HASH_SIZE)] * width])[0]
        for tile, side in ((result.bundle, result.computed), (Tile(0, index, width), result.stored)):
            if side != chosen:
                self._blame(tile, side, chosen)
        return chosen

    def _blame(self, tile: Tile, side: list[bytes] | None, right: list[bytes]) -> None:
        self.suspects.add(tile)
        if any(p.file == tile.path and p.entry is None for p in self.problems):
            return  # it cannot be read, and that was said
        data = read_tile(self._reader, tile)
        first = tile.index * TILE_WIDTH
        if data is None:
            self.problems.append(Problem(tile.path, "is missing", first))
            return
        given = side or (
            leaf_hashes(split_bundle(data, tile.width)[0]) if tile.level == ENTRIES else split_hashes(data)
        )
        entry = first + min(_first_difference(given, right), tile.width - 1)
        said = "this entry" if tile.level == ENTRIES else "the hash of this entry"
        self.problems.append(Problem(tile.path, f"{said} is not what the tree has", entry))

    def _compare(self, tile: Tile, right: list[bytes]) -> None:
        try:
            data = read_tile(self._reader, tile)
        except LedgerIntegrityError as error:
            self.problems.append(Problem(tile.path, error.message))
            return
        if data == b"".join(right):
            return
        self.suspects.add(tile)
        span = 1 << (TILE_HEIGHT * tile.level)
        place = 0 if data is None else min(_first_difference(split_hashes(data), right), len(right) - 1)
        first = (tile.index * TILE_WIDTH + place) * span
        said = (
            "is missing" if data is None else f"hash {place}, of entries {first} to {first + span - 1}, is wrong"
        )
        self.problems.append(Problem(tile.path, said, first))


class _Above:
    """The hashes of tile level 1 as their files have them; the last file read is kept."""

    def __init__(self, reader: Reader, size: int) -> None:
        self._reader = reader
        self._count = size // TILE_WIDTH
        self._tile = -1
        self._data = b""

    def hash(self, index: int) -> bytes:
        """Hash `index`; empty where no file has it."""
        tile, place = divmod(index, TILE_WIDTH)
        if tile != self._tile:
            width = min(TILE_WIDTH, self._count - tile * TILE_WIDTH)
            try:
                self._data = read_tile(self._reader, Tile(1, tile, width)) or b""
            except LedgerIntegrityError:
                self._data = b""
            self._tile = tile
        return self._data[place * HASH_SIZE : (place + 1) * HASH_SIZE]


def _levels_above(hashes: list[bytes]) -> list[list[bytes]]:
    """The hashes of tile level 1 and of all levels above it."""
    levels = [hashes]
    while (full := len(levels[-1]) // TILE_WIDTH * TILE_WIDTH) > 0:
        below = levels[-1]
        levels.append([tree_hash(below[i : i + TILE_WIDTH]) for i in range(0, full, TILE_WIDTH)])
    return levels if hashes else []


def root_of(levels: list[list[bytes]], rest: list[bytes], size: int) -> bytes:
    """The root of a tree of `size`.

    Args: levels: the hashes of tile level 1, 2, ... (one for each full tile below); more than needed do no harm.
        rest: the leaf hashes after the last full bundle.
    """
    found: list[bytes] = []
    for level in range(len(levels), 0, -1):
        count = size >> (TILE_HEIGHT * level)
        found += subtrees(levels[level - 1][count // TILE_WIDTH * TILE_WIDTH : count])
    found += subtrees(rest)
    return fold(found) if found else EMPTY_ROOT


def _first_difference(given: list[bytes], right: list[bytes]) -> int:
    return next((n for n, (a, b) in enumerate(zip(given, right, strict=False)) if a != b), len(given))
