"""Where the published files lie, and what is in them (C2SP tlog-tiles).

A tile holds up to 256 hashes that stand side by side at tile level L (tree level 8 * L); a bundle holds the
entries of a tile of level 0. Paths are relative to the published folder, with `/`.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from penholder.ledger.entry import MAX_ENTRY
from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.merkle import HASH_SIZE

TILE_WIDTH = 256
TILE_HEIGHT = 8
MAX_BUNDLE = TILE_WIDTH * (MAX_ENTRY + 2)
CHECKPOINT = "checkpoint"
VERIFIER_KEYS = "verifier-keys"
POLICY = "policy"
README = "README.txt"
NEXT = "next/"
"""While keys or policy change: checkpoint, verifier-keys and policy as they will be, all three together."""
ENTRIES = -1
"""Stands for the level of a bundle in a `Tile`."""

_TILE = re.compile(
    r"tile/(?P<level>entries|[0-9]|[1-5][0-9]|6[0-3])/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?"
)

README_TEXT = """\
This folder is a published ledger: an append-only log that anyone can verify.

checkpoint      the signed head: name, number of entries, root hash, signatures of the log and of its witnesses
tile/entries/   the entries, 256 to a file, each with its length in two bytes before it
tile/0/ ...     the hashes of the Merkle tree, 256 to a file
verifier-keys   the keys of the log: the one that signs now, those that signed before and until when, recovery keys
policy          whose cosignatures (witnesses) a checkpoint needs

To verify it you need these files and nothing else, no network and no account:

    penholder verify FOLDER --key KEY

KEY is the first line of verifier-keys as you got it from somewhere else than from here: on paper, from a
library, from a colleague. Keep the file checkpoint; give it with --since next time, and nobody can show you
a different past.
The formats are those of c2sp.org: tlog-tiles, tlog-checkpoint, signed-note, tlog-cosignature, tlog-policy.
"""


class Tile(NamedTuple):
    """A tile, or (level ENTRIES) a bundle. `width` 1 to 256; 256 is a full one."""

    level: int
    index: int  # type: ignore[assignment]  # a tuple's method of that name is not used
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Its file: `tile/0/x001/x234/067`, and `.p/<width>` behind it for a partial one."""
        kind = "entries" if self.level == ENTRIES else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{kind}/{_number_path(self.index)}{partial}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """`tile/entries/x001/x234/067`, and `.p/<width>` behind it for a partial bundle."""
    return Tile(ENTRIES, index, width).path


def parse_path(path: str) -> Tile | None:
    """The tile or bundle whose file has this path; None where no tile has it."""
    found = _TILE.fullmatch(path)
    if found is None:
        return None
    level = ENTRIES if found["level"] == "entries" else int(found["level"])
    width = TILE_WIDTH if found["width"] is None else int(found["width"])
    tile = Tile(level, int(found["index"].replace("/", "").replace("x", "")), width)
    return tile if tile.path == path and 0 < width <= TILE_WIDTH else None


def bundles_of(size: int) -> Iterator[Tile]:
    """Every bundle of a tree of `size`, the partial one last."""
    return bundle_growth(0, size)


def growth(old: int, new: int) -> Iterator[Tile]:
    """The tiles that a log has to write when it grows from `old` to `new` entries."""
    level = 0
    while count := new >> (TILE_HEIGHT * level):
        yield from _level_growth(level, old >> (TILE_HEIGHT * level), count)
        level += 1


def bundle_growth(old: int, new: int) -> Iterator[Tile]:
    """The bundles that a log has to write when it grows from `old` to `new` entries."""
    return _level_growth(ENTRIES, old, new)


def _level_growth(level: int, old: int, new: int) -> Iterator[Tile]:
    full, rest = divmod(new, TILE_WIDTH)
    for index in range(old // TILE_WIDTH, full):
        yield Tile(level, index)
    if rest and new != old:
        yield Tile(level, full, rest)


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The bytes of a bundle: each entry after its length (uint16, big-endian).

    Raises: LedgerIntegrityError: an entry of over 65,535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise LedgerIntegrityError(f"an entry has at most {MAX_ENTRY:,} bytes, not {len(entry):,}")
        parts += (struct.pack(">H", len(entry)), entry)
    return b"".join(parts)


def decode_bundle(data: bytes, width: int = TILE_WIDTH) -> list[bytes]:
    """The entries of a bundle that must hold `width` of them. Raises: LedgerIntegrityError: it does not."""
    entries, end = split_bundle(data, width)
    if len(entries) < width or end != len(data):
        said = "is cut short" if len(entries) < width else f"goes on after byte {end:,}"
        raise LedgerIntegrityError(f"a bundle of {width} entries {said}: {len(entries)} entries are whole")
    return entries


def split_bundle(data: bytes, width: int) -> tuple[list[bytes], int]:
    """As many whole entries as there are, at most `width`, and where the last ends. Never raises."""
    entries: list[bytes] = []
    begin, length = 0, len(data)
    while len(entries) < width and begin + 2 <= length:
        end = begin + 2 + (data[begin] << 8 | data[begin + 1])
        if end > length:
            break
        entries.append(data[begin + 2 : end])
        begin = end
    return entries, begin


def split_hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile, 32 bytes each; a rest is left out."""
    return [data[i : i + HASH_SIZE] for i in range(0, len(data) - HASH_SIZE + 1, HASH_SIZE)]


def _number_path(index: int) -> str:
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    return "/".join([*(f"x{g}" for g in groups[:-1]), groups[-1]])
