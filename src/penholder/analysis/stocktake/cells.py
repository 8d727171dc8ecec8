"""Columns of an Arrow batch as small integer arrays: words as positions in a list, days as day numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, np.dtype[Any]]

NO_DAY = np.iinfo(np.int32).min
"""Stands for a day that is not stated."""


@dataclass(frozen=True, slots=True)
class Words:
    """A column of words: row i holds `values[codes[i]]`. The last value is None and stands for null."""

    codes: Array
    values: tuple[str | None, ...]

    def at(self, rows: Array) -> Words:
        """The same column at these rows only."""
        return Words(self.codes[rows], self.values)

    @property
    def constant(self) -> bool:
        """Can every row only hold the same value?"""
        return len(self.values) == 1


def words_of(column: pa.Array) -> Words:
    """Read a dictionary-coded (or plain) column of strings. Codes are int32."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    values = (*coded.dictionary.to_pylist(), None)
    null = len(values) - 1
    if coded.null_count == len(coded):
        return Words(np.zeros(len(coded), np.int32), (None,))
    indices = coded.indices.cast(pa.int32())
    if coded.null_count:
        indices = pc.fill_null(indices, null)
    return Words(indices.to_numpy(zero_copy_only=False), values)


def days_of(column: pa.Array) -> Array:
    """Days since 1970-01-01 (int32); NO_DAY where not stated."""
    numbers = column.cast(pa.int32())
    if numbers.null_count:
        numbers = pc.fill_null(numbers, NO_DAY)
    return np.asarray(numbers.to_numpy(zero_copy_only=False))


def truths_of(column: pa.Array) -> Array:
    """A column of true, false, null as Truth (uint8): 2 yes, 0 no, 1 unknown."""
    if column.null_count == len(column):
        return np.ones(len(column), np.uint8)
    numbers = pc.multiply(column.cast(pa.uint8()), pa.scalar(2, pa.uint8()))
    return np.asarray(pc.fill_null(numbers, pa.scalar(1, pa.uint8())).to_numpy(zero_copy_only=False))


def hundredths_of(column: pa.Array) -> tuple[Array, Array]:
    """A decimal(18, 2) column as whole hundredths (int64; 0 where null) and where it is stated (bool).

    Exact: the value is read from the low 64 bits of each 128-bit integer, and 18 digits fit into them.
    """
    stated = np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    if column.null_count == len(column):
        return np.zeros(len(column), np.int64), stated
    words = np.frombuffer(column.buffers()[1], np.int64)
    low = words[2 * column.offset : 2 * (column.offset + len(column)) : 2]
    return np.where(stated, low, 0), stated
