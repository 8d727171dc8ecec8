"""Find exact repeats and number the lines of each licence, for any file order, in bounded memory.

Every row leaves 32 bytes in one of 64 partition files, chosen by the hash of its key. Rows that can be repeats
of one another, or lines of one licence, are then in the same partition, and one partition at a time is sorted.
The hashes are 64 bits of the row and 64 bits of its key, with a secret of the process: two different rows of one
key are taken for repeats once in about 10^19 pairs.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from penholder.analysis.sources.convert import Ints

_BITS = 6
_PARTS = 1 << _BITS
_SPILLED = np.dtype([("key", "<i8"), ("row", "<i8"), ("at", "<i8"), ("line", "<i8")])
_FOUND = np.dtype([("at", "<i8"), ("first", "<i8"), ("ordinal", "<i4"), ("state", "<i4")])
KEEP, EXACT_REPEAT, REPEATED_ID = 0, 1, 2


class Repeats:
    """Call `add` for each block of rows, then `settle`, then `block` for each block in the same order."""

    def __init__(self, folder: Path, *, unique_keys: bool, keep_repeats: bool) -> None:
        self._unique = unique_keys
        self._keep_repeats = keep_repeats
        self._names = [folder / f".spill-{i:02}" for i in range(_PARTS)]
        self._files: list[BinaryIO] = [name.open("wb") for name in self._names]
        self._counts: list[npt.NDArray[np.int64]] = []
        self._rows = 0

    def add(self, keys: Ints, row_hashes: Ints, lines: Ints) -> None:
        """One block of rows. `lines` says where a row is, for messages."""
        spilled = np.empty(len(keys), dtype=_SPILLED)
        spilled["key"], spilled["row"], spilled["line"] = keys, row_hashes, lines
        spilled["at"] = np.arange(self._rows, self._rows + len(keys))
        part = (keys.view(np.uint64) >> np.uint64(64 - _BITS)).astype(np.int64)
        order = np.argsort(part, kind="stable")
        counts = np.bincount(part, minlength=_PARTS)
        ordered, start = spilled[order], 0
        for file, count in zip(self._files, counts.tolist(), strict=True):
            if count:
                file.write(ordered[start : start + count].tobytes())
            start += count
        self._counts.append(counts)
        self._rows += len(keys)

    def settle(self) -> None:
        """Sort out each partition and make ready for `block`."""
        for file in self._files:
            file.close()
        for name in self._names:
            self._settled(np.fromfile(name, dtype=_SPILLED)).tofile(name)
        self._files = [name.open("rb") for name in self._names]
        self._counts.reverse()
        self._rows = 0

    def block(self) -> npt.NDArray[np.void]:
        """For the next block: `state`, `ordinal` (1, 2, .. within its key) and `first` (line repeated) by row."""
        counts = self._counts.pop()
        pieces = [
            np.frombuffer(file.read(count * _FOUND.itemsize), dtype=_FOUND)
            for file, count in zip(self._files, counts.tolist(), strict=True)
            if count
        ]
        found = np.concatenate(pieces) if pieces else np.empty(0, dtype=_FOUND)
        block = np.empty(len(found), dtype=_FOUND)
        block[found["at"] - self._rows] = found
        self._rows += len(found)
        return block

    def close(self) -> None:
        """Remove the partition files."""
        for file in self._files:
            file.close()
        for name in self._names:
            name.unlink(missing_ok=True)

    def _settled(self, rows: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
        found = np.zeros(len(rows), dtype=_FOUND)
        found["at"] = rows["at"]
        if not len(rows):
            return found
        if not self._keep_repeats:
            self._mark_repeats(rows, found)
        kept = np.flatnonzero(found["state"] == KEEP)
        order = kept[np.argsort(rows["key"][kept], kind="stable")]
        place, first = _runs(rows["key"][order])
        found["ordinal"][order] = place + 1
        if self._unique:
            later = order[place > 0]
            found["state"][later] = REPEATED_ID
            found["first"][later] = rows["line"][order[first[place > 0]]]
        return found

    def _mark_repeats(self, rows: npt.NDArray[np.void], found: npt.NDArray[np.void]) -> None:
        order = np.lexsort((rows["at"], rows["row"], rows["key"]))
        same = np.zeros(len(order), dtype=bool)
        key, row = rows["key"][order], rows["row"][order]
        same[1:] = (key[1:] == key[:-1]) & (row[1:] == row[:-1])
        begins = np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))
        found["state"][order[same]] = EXACT_REPEAT
        found["first"][order[same]] = rows["line"][order[begins[same]]]


def _runs(keys: Ints) -> tuple[Ints, Ints]:
    """For sorted keys: the position of each within its run of equal keys, and where the run begins."""
    if not len(keys):
        empty = np.empty(0, dtype=np.int64)
        return empty, empty
    starts = np.ones(len(keys), dtype=bool)
    starts[1:] = keys[1:] != keys[:-1]
    begin = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))
    return np.arange(len(keys)) - begin, begin
