"""The files of a published folder that its head does not need: partial tiles of earlier sizes, and strangers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from penholder.ledger.bundles import Problem
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.folder import HEADS, Reader, read_tile
from penholder.ledger.layout import (
    ENTRIES,
    NEXT,
    README,
    TILE_HEIGHT,
    TILE_WIDTH,
    Tile,
    parse_path,
    split_bundle,
)
from penholder.ledger.retrace import Tree

COSIGNATURES = "cosignatures/"
"""Where witnesses may leave their notes for the next publication; they are no part of the log."""
KNOWN = frozenset({README, *HEADS, *(NEXT + name for name in HEADS)})
_SHOWN = 5


def check_other_files(reader: Reader, tree: Tree) -> tuple[list[Problem], list[str]]:
    """Compare partial tiles that are older leftovers with the tree; name the files that do not belong here."""
    leftovers: dict[Tile, list[Tile]] = defaultdict(list)
    beyond: list[str] = []
    strangers: list[str] = []
    for path in reader.paths():
        tile = parse_path(path)
        if tile is None:
            strangers += [path] if path not in KNOWN and not path.startswith(COSIGNATURES) else []
            continue
        width = _width(tile, tree.size)
        if tile.width > width:
            beyond.append(path)
        elif tile.width < width:
            leftovers[tile._replace(width=width)].append(tile)
    problems = [p for whole, partial in leftovers.items() for p in _compare(reader, tree, whole, partial)]
    notices = [*_notice(beyond, "of a larger log than the signed head has; not checked"),
               *_notice(strangers, "that no published log has; not checked")]  # fmt: skip
    return problems, notices


def _width(tile: Tile, size: int) -> int:
    """How many hashes or entries the tree has at the place of a tile; 0 or less: the place lies beyond its end."""
    level = 0 if tile.level == ENTRIES else tile.level
    return min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - tile.index * TILE_WIDTH)


def _compare(reader: Reader, tree: Tree, whole: Tile, partial: list[Tile]) -> Iterator[Problem]:
    right = _content(reader, tree, whole)
    for tile in partial:
        try:
            data = reader.read(tile.path)
        except LedgerIntegrityError as error:
            yield Problem(tile.path, error.message)
            continue
        if data is not None and right is not None and data != b"".join(right[: tile.width]):
            yield _place(tile, right, data)  # None: it was removed since it was listed


def _content(reader: Reader, tree: Tree, whole: Tile) -> list[bytes] | None:
    """The hashes, or the entries with their lengths, that leftovers of this place must begin with.

    None for a bundle that is itself damaged: that was said already.
    """
    if whole.level != ENTRIES:
        return tree.row(whole)
    if whole in tree.suspects:
        return None
    entries, _ = split_bundle(read_tile(reader, whole) or b"", whole.width)
    return [len(entry).to_bytes(2, "big") + entry for entry in entries]


def _place(tile: Tile, right: list[bytes], data: bytes) -> Problem:
    """Where a leftover begins to differ."""
    begin, number = 0, 0
    while number < tile.width - 1 and data[begin : begin + len(right[number])] == right[number]:
        begin += len(right[number])
        number += 1
    span = 1 << (TILE_HEIGHT * max(tile.level, 0))
    return Problem(
        tile.path,
        "an earlier partial file that is not what the tree has",
        (tile.index * TILE_WIDTH + number) * span,
    )


def _notice(paths: list[str], said: str) -> list[str]:
    shown = ", ".join(sorted(paths)[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return [f"{len(paths)} files {said}: {shown}"] if paths else []
