"""Writing the tiles and bundles of a published folder, as they grow, in bounded memory (C2SP tlog-tiles)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from penholder.custody.files import make_public, write_whole
from penholder.ledger import queries
from penholder.ledger.bundles import leaf_hashes
from penholder.ledger.checkpoint import Checkpoint
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.folder import FolderReader
from penholder.ledger.layout import (
    ENTRIES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    bundle_growth,
    encode_bundle,
    growth,
)
from penholder.ledger.merkle import fold, root_nodes
from penholder.ledger.retrace import inspect_one
from penholder.ledger.witness import TileNodes

_AT_ONCE = 10
"""Bundles that are read by one query."""
_MANY = 64
"""From so many files on one sync of the system is cheaper than one for each file."""
Progress = Callable[[int, int], None]


def check_edge(folder: Path, head: Checkpoint) -> None:
    """The newest bundle and the tiles at the right edge of a published folder lead to its head.

    Raises: LedgerIntegrityError: they were changed, or are missing.
    """
    if head.size == 0:
        return
    try:
        wrong = _wrong_at_edge(FolderReader(folder), head)
    except LedgerIntegrityError as error:
        wrong = error.message
    if wrong:
        raise LedgerIntegrityError(
            f"{folder} was changed by somebody: {wrong}; nothing was published",
            hint="`penholder verify` shows all that is wrong; publish to an empty folder, which makes it anew",
        )


def _wrong_at_edge(reader: FolderReader, head: Checkpoint) -> str:
    node = TileNodes(reader, head.size)
    if fold([node(*n) for n in root_nodes(head.size)]) != head.root:
        return "its tiles do not lead to its head"
    *_, bundle = bundle_growth(head.size - 1, head.size)
    found = inspect_one(reader, bundle)
    if found.problems:
        return f"{found.problems[0].file}: {found.problems[0].message}"
    is_right = found.root == node(TILE_HEIGHT, bundle.index) if found.root else found.computed == found.stored
    return "" if is_right and (found.root or found.computed) else f"{bundle.path} is not what its tiles say"


def write_growth(folder: Path, old: int, new: int, *, progress: Progress | None = None) -> int:
    """Write every tile and bundle that the growth from `old` to `new` entries needs; they are durable then.

    Every entry is hashed and compared with the tree, so that no other entry ever leaves the house.
    Gives the number of files. Raises: LedgerIntegrityError; OSError, and then the files of this call are gone.
    """
    written: list[Path] = []
    files = sum(1 for _ in growth(old, new)) + sum(1 for _ in bundle_growth(old, new))
    durable = files < _MANY
    try:
        for tile, data in _contents(old, new):
            path = folder / tile.path
            if not path.exists():
                written.append(path)
            make_public(path.parent)
            write_whole(path, data, durable=durable)
            if progress and tile.level == ENTRIES:
                progress(min((tile.index + 1) * TILE_WIDTH, new), new)
        if not durable:
            os.sync()
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return files


def _contents(old: int, new: int) -> Iterator[tuple[Tile, bytes]]:
    bundles = bundle_growth(old, new)
    while batch := list(islice(bundles, _AT_ONCE)):
        yield from _bundles(batch)
    for tile in growth(old, new):
        if tile.level > 0:
            begin = tile.index * TILE_WIDTH
            hashes = queries.read_nodes(tile.level * TILE_HEIGHT, begin, begin + tile.width)
            yield tile, b"".join(hashes)


def _bundles(batch: list[Tile]) -> Iterator[tuple[Tile, bytes]]:
    """Some bundles that follow each other, each with its tile of level 0."""
    start = batch[0].index * TILE_WIDTH
    stop = batch[-1].index * TILE_WIDTH + batch[-1].width
    entries = list(queries.read_entries(start, stop))
    hashes = queries.read_nodes(0, start, stop)
    for number, (found, wanted) in enumerate(zip(leaf_hashes(entries), hashes, strict=True), start):
        if found != wanted:
            raise LedgerIntegrityError(
                f"entry {number} is not the one that was entered in the tree; nothing was published",
                hint="run `penholder fsck`; restore a backup and recover from the published files",
            )
    for bundle in batch:
        here = slice(bundle.index * TILE_WIDTH - start, bundle.index * TILE_WIDTH - start + bundle.width)
        yield bundle, encode_bundle(entries[here])
        yield bundle._replace(level=0), b"".join(hashes[here])


def remove_superseded(folder: Path, old: int, new: int) -> None:
    """Remove partial files whose full one is there now; partial ones of the newest tile stay for slow readers."""
    for tile in [*growth(old, new), *bundle_growth(old, new)]:
        if tile.width == TILE_WIDTH:
            partial = (folder / tile.path).with_name((folder / tile.path).name + ".p")
            if partial.is_dir():
                for path in partial.iterdir():
                    path.unlink()
                partial.rmdir()
