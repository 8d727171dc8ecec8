"""Reading a published folder: from a disk, or (for tests and tools) from memory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from penholder.ledger.errors import LedgerIntegrityError
from penholder.ledger.layout import MAX_BUNDLE


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
        """As `Reader.read`. No file of a ledger is larger than a bundle of 256 of the longest entries."""
        try:
            with (self.folder / path).open("rb") as stream:
                data = stream.read(MAX_BUNDLE + 1)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise LedgerIntegrityError(f"{path}: cannot be read ({error.strerror})") from error
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
            except OSError as error:
                raise LedgerIntegrityError(f"{here}: cannot be read ({error.strerror})") from error
            waiting += [f"{here}{name}/" for name, is_folder in items if is_folder]
            yield from (f"{here}{name}" for name, is_folder in items if not is_folder)


@dataclass(frozen=True, slots=True)
class MemoryReader:
    """Files that are held in memory."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> bytes | None:
        """As `Reader.read`."""
        return self.files.get(path)

    def paths(self) -> Iterator[str]:
        """As `Reader.paths`."""
        return iter(self.files)
