"""Reading a published folder, also while somebody publishes to it."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.layout import (
    CHECKPOINT,
    ENTRIES,
    MAX_BUNDLE,
    NEXT,
    POLICY,
    TILE_WIDTH,
    VERIFIER_KEYS,
    Tile,
    split_bundle,
)
from penholder.ledger.merkle import HASH_SIZE

HEADS = (CHECKPOINT, VERIFIER_KEYS, POLICY)
"""The files that change with the head. The first one is written last."""
_PLAIN = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW
_TRIES = 100


class Reader(Protocol):
    """The files of a published folder, by their paths relative to it, with `/`."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a file; None: there is none. Raises: LedgerIntegrityError: not readable, or too large."""

    def paths(self) -> Iterator[str]:
        """The path of every file."""


@dataclass(frozen=True, slots=True)
class FolderReader:
    """A folder on a disk."""

    folder: Path

    def read(self, path: str) -> bytes | None:
        """As `Reader.read`. Plain files alone: a pipe, a device or a link is refused, not waited for.

        No file of a ledger is larger than a bundle of 256 of the longest entries.
        """
        try:
            handle = os.open(self.folder / path, _PLAIN)
            try:
                data = _content(handle, path)
            finally:
                os.close(handle)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            said = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror
            raise LedgerIntegrityError(f"{path}: cannot be read ({said})") from error
        if len(data) > MAX_BUNDLE:
            raise LedgerIntegrityError(f"{path}: larger than any file of a ledger ({MAX_BUNDLE:,} bytes)")
        return data

    def paths(self) -> Iterator[str]:
        """As `Reader.paths`, folder by folder, so that no more than one folder's names are held."""
        waiting = [""]
        while waiting:
            here = waiting.pop()
            try:
                with os.scandir(self.folder / here) as found:
                    items = [(item.name, item.is_dir(follow_symlinks=False)) for item in found]
            except FileNotFoundError:  # the publisher was faster
                continue
            except OSError as error:
                raise LedgerIntegrityError(f"{here[:200]}: cannot be read ({error.strerror})") from error
            waiting += [f"{here}{name}/" for name, is_folder in items if is_folder]
            yield from (f"{here}{name}" for name, is_folder in items if not is_folder)


def _content(handle: int, path: str) -> bytes:
    """All bytes of a plain file; of one that is too large a byte too many."""
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        raise LedgerIntegrityError(f"{path}: cannot be read (it is no plain file)")
    parts: list[bytes] = []
    left = min(found.st_size, MAX_BUNDLE) + 1
    while left and (part := os.read(handle, left)):
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_tile(reader: Reader, tile: Tile) -> bytes | None:
    """The bytes of a tile or bundle; those of a partial one also from the full one that has come after it.

    Source: C2SP tlog-tiles, Partial Tiles: a log may delete a partial tile once the full one is there.
    """
    data = reader.read(tile.path)
    if data is not None or tile.width == TILE_WIDTH:
        return data
    whole = reader.read(tile._replace(width=TILE_WIDTH).path)
    if whole is None:
        return None
    return whole[: split_bundle(whole, tile.width)[1] if tile.level == ENTRIES else tile.width * HASH_SIZE]


@dataclass(frozen=True, slots=True)
class HeadFiles:
    """Checkpoint, verifier-keys and policy that belong together. `where`: `next/` while a change is under way."""

    where: str
    files: dict[str, bytes | None]
    """None: there is no such file, or it cannot be read."""
    failures: dict[str, str]
    """Why a file cannot be read."""

    def path(self, name: str) -> str:
        """Where the file of this name was read; other files are where they always are."""
        return self.where + name if name in HEADS else name


def read_heads(reader: Reader) -> HeadFiles:
    """The files of the head as one publication wrote them, whoever publishes meanwhile.

    Where `next/checkpoint` is there, a change of keys or policy is under way or was cut short: then the three
    files in `next/` count, which were all there before the first of the others was changed.
    """
    before = _stamp(reader)
    for _ in range(_TRIES):
        where = "" if before[0] is None else NEXT
        files: dict[str, bytes | None] = {}
        failures: dict[str, str] = {}
        for name in HEADS:
            try:
                files[name] = reader.read(where + name)
            except LedgerIntegrityError as error:
                files[name], failures[name] = None, error.message
        after = _stamp(reader)
        if after == before:
            break
        before = after
    return HeadFiles(where, files, failures)


def _stamp(reader: Reader) -> tuple[bytes | None, bytes | None]:
    """What changes with every publication, and before and after the files of the head are not of one."""
    return _or_empty(reader, NEXT + CHECKPOINT), _or_empty(reader, CHECKPOINT)


def _or_empty(reader: Reader, path: str) -> bytes | None:
    try:
        return reader.read(path)
    except LedgerIntegrityError:
        return b""
