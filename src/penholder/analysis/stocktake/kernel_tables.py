"""Tables of the stocktake kernel: how many incidents up to a day, for any group and any reach, in one look-up.

Incidents are put in order of (group, day). Because a count is the difference of two such prefixes, groups need no
tables of their own. Of every 32 consecutive incidents and each reach signature one 64-bit word is kept: the number
of matching incidents before these 32 (high half) and one bit for each of the 32 that matches (low half). A prefix
count is the high half plus the bits set below a place: the rank directory of succinct data structures
(Jacobson 1989, Space-efficient static trees and graphs).

The words come from one matrix product: (rows of 32 incidents x distinct incident masks) x (distinct mask x
signature, 0 or 1). On the left is, per row and mask, 2**32 times the number of incidents before the row, plus a
power of two for each incident in it. Every power of two occurs at most once in a sum, so the sum is the word.
An incident with several means has one mask, so it counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Index = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int32]
Bits = npt.NDArray[np.uint64]
_Reals = npt.NDArray[np.float64]

_ROW = 32  # incidents in one word
_POWERS: _Reals = np.exp2(np.arange(_ROW, dtype=np.float64))
_BELOW: Bits = (np.uint64(1) << np.arange(_ROW, dtype=np.uint64)) - np.uint64(1) | np.uint64(0xFFFFFFFF << 32)
_CHUNK = 1 << 16  # cells of a table that are made at once
_GEMM = 1 << 18  # OpenBLAS starts threads for products larger than this
_HIGH = 2.0**32
_ONE_PRODUCT = 1 << 21  # fewer incidents: counts and bits together are below 2**53, whole in a float64
_FIRST_DATE, _LAST_DATE = -719_162, 2_932_896  # 0001-01-01 and 9999-12-31
PLACES = 1 << (31 - 5)  # words of one side at most: a place is a word and one of its 32 bits, in 31 bits
_LOW_HALF = 0 if np.little_endian else 1


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents, one element per incident: group (0 and up), first and last possible day, means as a bit mask.

    Without `mask`, every incident counts for every line of its group. Days are counted from 1970-01-01.
    """

    group: Ints
    start: Ints
    end: Ints
    mask: Ints | None = None

    @property
    def size(self) -> int:
        """How many incidents."""
        return self.group.size


@dataclass(frozen=True, slots=True)
class Days:
    """Days as small positions: 0 stands for every day before the first start, the last for the last end and on."""

    low: int
    span: int

    @classmethod
    def of(cls, sets: Sequence[Incidents]) -> Days:
        """The positions that these incidents need. Raises ValueError for days outside the years 1 to 9999."""
        low = min(int(i.start.min()) for i in sets)
        high = max(int(i.end.max()) for i in sets)
        if low < _FIRST_DATE or high > _LAST_DATE:
            raise ValueError(f"incidents must be in the years 1 to 9999, not on days {low} to {high} since 1970")
        return cls(low - 1, high - low + 2)

    def positions(self, days: Ints, *, before: int = 0) -> Ints:
        """Position of day - `before`, without overflow at the ends of int32."""
        wide = days.astype(np.int32) if days.itemsize < 4 else days
        places: Ints = np.clip(wide, self.low + before, self.low + before + self.span - 1)
        places -= self.low + before
        return places


class Table(Protocol):
    """What counts one set of incidents."""

    def count(self, signature: Index, before: Index, until: Index) -> Counts:
        """Counts for lines, given the cell (group x span + position) before the window and of its last day."""


def tables_of(
    sets: Sequence[Incidents], *, days: Days, signatures: Bits, groups: int, pool: Executor
) -> list[Table]:
    """The table of each set; all their sides are made side by side."""
    coming = [_table(i, days=days, signatures=signatures, cells=groups * days.span, pool=pool) for i in sets]
    return [table() for table in coming]


def _table(
    incidents: Incidents, *, days: Days, signatures: Bits, cells: int, pool: Executor
) -> Callable[[], Table]:
    """Begin to make a table; calling the result waits for it."""
    starts = ends = _cells(incidents.group, incidents.start, days)
    if not np.array_equal(incidents.start, incidents.end):
        ends = _cells(incidents.group, incidents.end, days)
    if incidents.mask is None:
        ranks = [pool.submit(_ranks, c, cells) for c in _different(starts, ends)]
        return lambda: _Plain(ranks[0].result(), ranks[-1].result())
    kinds, factor = _kinds(incidents.mask.astype(np.uint64), signatures)
    sides = [pool.submit(_side, c, kinds, factor, size=cells) for c in _different(starts, ends)]
    return lambda: _Masked(sides[0].result(), sides[-1].result())


def _different(first: Index, second: Index) -> list[Index]:
    return [first] if first is second else [first, second]


def _cells(group: Ints, day: Ints, days: Days) -> Index:
    cells = group.astype(np.int64)
    cells *= days.span
    cells += days.positions(day)
    return cells


def _by_cell(values: Counts, ordered: Index, size: int) -> Counts:
    """Cell -> values[number of incidents up to and with it]; `ordered`: the cells of the incidents, ascending."""
    edges = np.concatenate([[0], ordered, [size]])
    return np.repeat(values, np.diff(edges))


def _ranks(cells: Index, size: int) -> Counts:
    return _by_cell(np.arange(cells.size + 1, dtype=np.int32), np.sort(cells), size)


@dataclass(frozen=True, slots=True)
class _Plain:
    """Every incident of the group counts."""

    started: Counts
    ended: Counts

    def count(self, signature: Index, before: Index, until: Index) -> Counts:
        number = self.started.take(until)
        number -= self.ended.take(before)
        return number


@dataclass(frozen=True, slots=True)
class _Side:
    """Ranks and words for starts or for ends. `place`: cell -> 32 x columns x (rank // 32) + rank % 32.

    Half-size numbers, since these tables are what the lines read most; PLACES words fit.
    """

    place: Counts
    words: Bits

    def prefix(self, column: Counts, cell: Index) -> Bits:
        """Words whose low halves keep only the bits below the rank. `column` is the signature x 32."""
        place = self.place.take(cell)
        place += column
        below = _BELOW.take(place & (_ROW - 1))
        place >>= 5
        below &= self.words.take(place)
        return below


@dataclass(frozen=True, slots=True)
class _Masked:
    """Incidents count whose mask meets the signature."""

    starts: _Side
    ends: _Side

    def count(self, signature: Index, before: Index, until: Index) -> Counts:
        column = (signature * _ROW).astype(np.int32)
        started = self.starts.prefix(column, until).view(np.uint32)
        ended = self.ends.prefix(column, before).view(np.uint32)
        low, high = slice(_LOW_HALF, None, 2), slice(1 - _LOW_HALF, None, 2)
        number = (started[high] - ended[high]).view(np.int32)
        bits = np.bitwise_count(started[low])
        bits -= np.bitwise_count(ended[low])
        number += bits.view(np.int8)  # a difference of two numbers up to 32
        return number


def _side(cells: Index, kinds: Index, factor: _Reals, *, size: int) -> _Side:
    order = _radix_order(cells)
    words = _words(kinds.take(order), factor)
    rank = np.arange(cells.size + 1, dtype=np.int32)
    place = rank >> 5
    place *= _ROW * factor.shape[1] - _ROW
    place += rank
    return _Side(_by_cell(place, cells.take(order), size), words.reshape(-1))


def _radix_order(cells: Index) -> Index:
    """Stable order of numbers below 2**32: numpy sorts 16 bits by radix, so sort by the low and the high half."""
    halves = cells.astype(np.uint32).view(np.uint16)
    order = np.argsort(halves[_LOW_HALF::2], kind="stable")
    return order.take(np.argsort(halves[1 - _LOW_HALF :: 2].take(order), kind="stable"))


def _kinds(masks: Bits, signatures: Bits) -> tuple[Index, _Reals]:
    """Number of each incident's mask among the distinct ones, and (distinct mask x signature): do they meet?"""
    single = (masks & (masks - np.uint64(1))) == 0
    kinds = np.where(masks == 0, 64, np.bitwise_count(masks - np.uint64(1))).astype(np.int64)
    several, place = np.unique(masks[~single], return_inverse=True)  # masks of one bit need no sorting
    kinds[~single] = 65 + place
    bits = np.uint64(1) << np.arange(64, dtype=np.uint64)
    distinct = np.concatenate([bits, np.zeros(1, np.uint64), several])
    used = np.flatnonzero(np.bincount(kinds, minlength=distinct.size))
    number = np.zeros(distinct.size, np.int64)
    number[used] = np.arange(used.size)
    meet = (distinct[used][:, None] & signatures[None, :]) != 0
    return number.take(kinds), meet.astype(np.float64)


def _words(kinds: Index, factor: _Reals) -> Bits:
    """Rows of 32 incidents in order x signatures, and one row at the end for the rest, which may be none."""
    masks, columns = factor.shape
    rows = kinds.size // _ROW + 1
    words = np.empty((rows, columns), np.uint64)
    before = np.zeros(masks)
    height = max(1, _CHUNK // max(masks, columns))
    for first in range(0, rows, height):
        part = words[first : first + height]
        bits, counts = _by_mask(kinds[first * _ROW : (first + height) * _ROW], part.shape[0], masks)
        sums = counts.cumsum(axis=0)
        sums += before
        before = sums[-1].copy()
        sums -= counts
        if kinds.size < _ONE_PRODUCT:
            sums *= _HIGH
            sums += bits
            part[...] = _product(sums, factor)
        else:
            part[...] = _product(bits, factor)
            part += _product(sums, factor).astype(np.uint64) << np.uint64(32)
    return words


def _by_mask(kinds: Index, rows: int, masks: int) -> tuple[_Reals, _Reals]:
    """Per row and mask: the bits of its incidents, and how many they are."""
    cell = np.arange(kinds.size)
    cell >>= 5
    cell *= masks
    cell += kinds
    bits = np.bincount(cell, np.resize(_POWERS, kinds.size), minlength=rows * masks).astype(np.float64, copy=False)
    counts: _Reals = np.bincount(cell, minlength=rows * masks).astype(np.float64)
    return bits.reshape(rows, masks), counts.reshape(rows, masks)


def _product(left: _Reals, right: _Reals) -> _Reals:
    """Matrix product in blocks so small that OpenBLAS does not start threads of its own: ours are busy already."""
    rows, masks = left.shape
    height = max(1, _GEMM // right.size)
    blocks = rows // height
    whole = blocks * height
    result = np.empty((rows, right.shape[1]))
    stacked = left[:whole].reshape(blocks, height, masks)
    np.matmul(stacked, right, out=result[:whole].reshape(blocks, height, right.shape[1]))
    np.matmul(left[whole:], right, out=result[whole:])
    return result
