"""A published ledger that is held in memory, for tests of what reads one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


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
