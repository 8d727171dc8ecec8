"""Count, for every licence line, the incidents that can have happened in its window: numpy only, no pairs.

An incident [start, end] can have happened in the window [a, b] if start <= b and end >= a. Every incident that
has ended before a has also started by b, so

    n = S[b] - E[a - 1],   S[d] = incidents started by day d,   E[d] = incidents ended by day d,

one table S and one table E for each group, with a row for every day on which something starts (ends) and a column
for every reach signature. A row is (counts by distinct incident mask, summed down the days) x (which mask meets
which signature): the second factor is a 0/1 matrix, so an incident with several reached means counts once.
Lines are put in order of group by a radix sort, so that one group's tables stay in cache while its lines look
themselves up. Measurements: docs/explanation/performance.md.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Counts = npt.NDArray[np.int32]
_Index = npt.NDArray[np.int64]
_Reals = npt.NDArray[np.floating[Any]]

_BLOCK = 1 << 16  # lines looked up at once: the work arrays stay in a 2 MiB cache
_DAY_BITS = 20  # two days and a signature share one 64-bit word
_DAY_MASK = (1 << _DAY_BITS) - 1
_SIGNATURES = 1 << (63 - 2 * _DAY_BITS)
_TABLE_CELLS = 1 << 23  # larger tables are not built; the masks are then counted one after the other
_GEMM_CELLS = 1 << 18  # OpenBLAS starts its own threads for products larger than this; ours are busy already
_EXACT_IN_FLOAT32 = 1 << 24
_WORTH_THREADS = 1 << 18


@dataclass(frozen=True, slots=True)
class Lines:
    """Licence lines, one element per line. Days are counted from 1970-01-01; both ends of a window belong to it.

    `group`: which incidents count for the line, 0 and up; -1: none. `reach`: row of the table of reach masks.
    """

    group: Ints
    first: Ints
    last: Ints
    reach: Ints | None = None


@dataclass(frozen=True, slots=True)
class Incidents:
    """Incidents, one element per incident: group (0 and up), first and last possible day, means as a bit mask.

    Without `mask`, every incident counts for every line of its group.
    """

    group: Ints
    start: Ints
    end: Ints
    mask: Ints | None = None


def count_incidents(
    *,
    line_group: Ints,
    line_from: Ints,
    line_until: Ints,
    incident_group: Ints,
    incident_start: Ints,
    incident_end: Ints,
    groups: int,
    line_reach: Ints | None = None,
    reach_masks: Ints | None = None,
    incident_mask: Ints | None = None,
    threads: int | None = None,
) -> Counts:
    """Number of incidents that each line can have been used in, n lines -> n counts (int32).

    An incident counts for a line if it is of the line's group, its mask shares a bit with
    `reach_masks[line_reach]`, and [start, end] meets [from, until]. It counts once, however many means are shared.
    Leave out the masks to count every incident of the group. Empty windows and group -1 give 0.

    Args:
        groups: Number of groups; groups are 0 .. groups - 1.
        threads: At most this many threads; None: one for each core that the process may use.
    Units: days since 1970-01-01.
    Raises: ValueError for arrays of unequal length, ids out of range, or incidents that end before they start.
    Source: docs/explanation/performance.md.
    """
    lines = Lines(line_group, line_from, line_until, line_reach)
    incidents = Incidents(incident_group, incident_start, incident_end, incident_mask)
    return count_sets(lines, [incidents], groups=groups, reach_masks=reach_masks, threads=threads)[0]


def count_sets(
    lines: Lines,
    sets: Sequence[Incidents],
    *,
    groups: int,
    reach_masks: Ints | None = None,
    threads: int | None = None,
) -> list[Counts]:
    """`count_incidents` for several sets of incidents over the same lines and groups, in one pass."""
    _check_lines(lines, groups=groups, reach_masks=reach_masks)
    for incidents in sets:
        _check_incidents(incidents, groups=groups)
    counts = [np.zeros(lines.group.size, np.int32) for _ in sets]
    filled = [(i, c) for i, c in zip(sets, counts, strict=True) if i.group.size]
    if filled and lines.group.size:
        workers = _workers(threads, lines.group.size)
        with ThreadPoolExecutor(workers) as pool:
            run = _Run(lines, [i for i, _ in filled], groups=groups, reach_masks=reach_masks, pool=pool)
            run.count([c for _, c in filled], workers=workers)
    return counts


def _workers(threads: int | None, lines: int) -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = allowed if threads is None else max(1, threads)
    return min(wanted, 1 + lines // _WORTH_THREADS)


def _check_lines(lines: Lines, *, groups: int, reach_masks: Ints | None) -> None:
    sizes = {a.size for a in (lines.group, lines.first, lines.last, lines.reach) if a is not None}
    if len(sizes) > 1:
        raise ValueError(f"line arrays differ in length: {sorted(sizes)}")
    _check_range("line_group", lines.group, low=-1, high=groups)
    if (lines.reach is None) != (reach_masks is None):
        raise ValueError("line_reach and reach_masks belong together: give both or neither")
    if lines.reach is not None and reach_masks is not None:
        _check_range("line_reach", lines.reach, low=0, high=reach_masks.size)


def _check_incidents(incidents: Incidents, *, groups: int) -> None:
    arrays = (incidents.group, incidents.start, incidents.end, incidents.mask)
    sizes = {a.size for a in arrays if a is not None}
    if len(sizes) > 1:
        raise ValueError(f"incident arrays differ in length: {sorted(sizes)}")
    _check_range("incident_group", incidents.group, low=0, high=groups)
    if (incidents.end < incidents.start).any():
        raise ValueError("an incident ends before it starts")


def _check_range(name: str, ids: Ints, *, low: int, high: int) -> None:
    if ids.size and (int(ids.min()) < low or int(ids.max()) >= high):
        raise ValueError(f"{name} must be {low} to {high - 1}, not {int(ids.min())} to {int(ids.max())}")


class _Days:
    """Day -> small position, 0 for every day before the first start. Positions keep the order of the days."""

    def __init__(self, sets: Sequence[Incidents]) -> None:
        self.low = min(int(i.start.min()) for i in sets) - 1
        self.high = max(int(i.end.max()) for i in sets)
        self.known: _Index | None = None
        if self.high - self.low > _DAY_MASK:  # thousands of years: number the days that occur
            days = [np.asarray(a, np.int64) for i in sets for a in (i.start, i.end)]
            self.known = np.unique(np.concatenate(days))
        self.span = 1 + (self.high - self.low if self.known is None else self.known.size)

    def positions(self, days: Ints, *, before: int = 0) -> Ints:
        """Position of the last day that is at most day - `before`; never overflows int32 input."""
        if self.known is not None:
            return self.known.searchsorted(np.asarray(days, np.int64) - before, side="right")
        wide = days.astype(np.int32, copy=False) if days.itemsize < 4 else days
        clipped: Ints = np.clip(wide, self.low + before, self.high + before)
        clipped -= self.low + before
        return clipped


@dataclass(frozen=True, slots=True)
class _Order:
    """Stable order by group: elements of group g are order[bounds[g] : bounds[g + 1]]."""

    order: _Index
    bounds: _Index

    @classmethod
    def by(cls, group: Ints, *, groups: int) -> _Order:
        small = group.astype(np.uint8 if groups < 255 else np.uint16 if groups < 65_535 else np.int64)
        bounds = np.zeros(groups + 2, np.int64)
        np.cumsum(np.bincount(small, minlength=groups + 1), out=bounds[1:])
        return cls(np.argsort(small, kind="stable"), bounds)

    def of(self, group: int) -> _Index:
        return self.order[self.bounds[group] : self.bounds[group + 1]]


class _Run:
    """The lines, packed into one word each, and the prepared sets of incidents."""

    def __init__(
        self,
        lines: Lines,
        sets: Sequence[Incidents],
        *,
        groups: int,
        reach_masks: Ints | None,
        pool: ThreadPoolExecutor,
    ) -> None:
        self.pool = pool
        self.groups = groups
        self.days = _Days(sets)
        self.sets = [_Set(i, self.days, groups=groups) for i in sets]
        masks = np.zeros(1, np.uint64) if reach_masks is None else np.asarray(reach_masks).astype(np.uint64)
        self.signatures, signature = np.unique(masks, return_inverse=True)
        if self.signatures.size > _SIGNATURES:
            raise ValueError(f"at most {_SIGNATURES} reach signatures, not {self.signatures.size}")
        shifted = signature.astype(np.int64) << (2 * _DAY_BITS)
        self.words = np.empty(lines.group.size, np.int64)
        grouped = np.empty(lines.group.size, np.int32)
        list(pool.map(lambda part: self._pack(lines, part, shifted, grouped), _parts(0, lines.group.size)))
        self.lines = _Order.by(grouped, groups=groups)

    def _pack(self, lines: Lines, part: slice, shifted: _Index, grouped: Counts) -> None:
        word = self.words[part]
        word[...] = self.days.positions(lines.first[part], before=1)
        word <<= _DAY_BITS
        word |= self.days.positions(lines.last[part])
        word |= shifted[0] if lines.reach is None else shifted.take(lines.reach[part])
        grouped[part] = lines.group[part]
        # Lines without incidents go to one last group, which nobody looks at.
        grouped[part][(lines.last[part] < lines.first[part]) | (grouped[part] < 0)] = self.groups

    def count(self, counts: Sequence[Counts], *, workers: int) -> None:
        sizes = np.diff(self.lines.bounds[: self.groups + 1])
        largest_first = np.argsort(-sizes, kind="stable")
        share = self.words.size // (2 * workers)
        large = [int(g) for g in largest_first if workers > 1 and sizes[g] > share]
        for group in large:
            look_up = self._group(group, counts)
            list(self.pool.map(look_up, _parts(*self.lines.bounds[group : group + 2].tolist())))
        rest = [int(g) for g in largest_first[len(large) :] if sizes[g]]
        list(self.pool.map(lambda g: self._whole_group(g, counts), rest))

    def _whole_group(self, group: int, counts: Sequence[Counts]) -> None:
        look_up = self._group(group, counts)
        for part in _parts(*self.lines.bounds[group : group + 2].tolist()):
            look_up(part)

    def _group(self, group: int, counts: Sequence[Counts]) -> Callable[[slice], None]:
        tables = [(s.counter(group, self.signatures), c) for s, c in zip(self.sets, counts, strict=True)]
        wanted = [(t, c) for t, c in tables if t is not None]

        def look_up(part: slice) -> None:
            if not wanted:
                return
            order = self.lines.order[part]
            word = self.words.take(order)
            until = word & _DAY_MASK
            word >>= _DAY_BITS
            before = word & _DAY_MASK
            word >>= _DAY_BITS
            for table, count in wanted:
                count[order] = table(word, before, until)

        return look_up


def _parts(first: int, last: int) -> list[slice]:
    return [slice(i, min(i + _BLOCK, last)) for i in range(first, last, _BLOCK)]


_Counter = Callable[[_Index, _Index, _Index], Counts]
"""(signature, position before the window, position of its last day) -> counts."""


class _Set:
    """One set of incidents in order of group, with days as positions and masks as numbers of distinct masks."""

    def __init__(self, incidents: Incidents, days: _Days, *, groups: int) -> None:
        self.span = days.span
        ordered = _Order.by(incidents.group, groups=groups)
        self.bounds = ordered.bounds
        self.start = days.positions(incidents.start).take(ordered.order)
        self.end = days.positions(incidents.end).take(ordered.order)
        self.masks, self.mask = np.zeros(0, np.uint64), np.zeros(0, np.int64)
        if incidents.mask is not None:
            self.masks, self.mask = _distinct(incidents.mask.take(ordered.order).astype(np.uint64))

    def counter(self, group: int, signatures: npt.NDArray[np.uint64]) -> _Counter | None:
        """What counts the incidents of one group, or None where there are none."""
        part = slice(*self.bounds[group : group + 2].tolist())
        start, end = self.start[part], self.end[part]
        if not start.size:
            return None
        if not self.masks.size:
            return _plain_counter(start, end, span=self.span)
        used = np.flatnonzero(np.bincount(self.mask[part], minlength=self.masks.size))
        number = np.zeros(self.masks.size, np.int64)
        number[used] = np.arange(used.size)
        kinds = number.take(self.mask[part])
        column, met = _columns(self.masks[used], signatures)
        if not met.any():
            return None
        rows = 2 + min(self.span, start.size)
        if rows * max(met.shape) > _TABLE_CELLS:
            return _slow_counter(start, end, kinds, column, met, span=self.span)
        return _table_counter(start, end, kinds, column, met, span=self.span)


def _distinct(masks: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], _Index]:
    """Distinct masks, and the number of each given mask among them. Masks of one bit need no sorting."""
    single = (masks & (masks - np.uint64(1))) == 0
    number = np.where(masks == 0, 64, np.bitwise_count(masks - np.uint64(1))).astype(np.int64)
    several, place = np.unique(masks[~single], return_inverse=True)
    number[~single] = 65 + place
    bits = np.uint64(1) << np.arange(64, dtype=np.uint64)
    return np.concatenate([bits, np.zeros(1, np.uint64), several]), number


def _columns(
    masks: npt.NDArray[np.uint64], signatures: npt.NDArray[np.uint64]
) -> tuple[_Index, npt.NDArray[np.bool_]]:
    """Signature -> column, and (mask x column): do they share a bit? Signatures equal on these masks are one."""
    used = np.bitwise_or.reduce(masks)
    different, column = np.unique(signatures & used, return_inverse=True)
    return column.astype(np.int64), (masks[:, None] & different[None, :]) != 0


def _plain_counter(start: Ints, end: Ints, *, span: int) -> _Counter:
    started = np.bincount(start, minlength=span).cumsum().astype(np.int32)
    ended = np.bincount(end, minlength=span).cumsum().astype(np.int32)
    return lambda _, before, until: started.take(until) - ended.take(before)


def _slow_counter(
    start: Ints, end: Ints, kinds: _Index, column: _Index, met: npt.NDArray[np.bool_], *, span: int
) -> _Counter:
    """One distinct mask after the other: little memory, where very many masks or signatures occur."""
    each = [_plain_counter(start[kinds == k], end[kinds == k], span=span) for k in range(met.shape[0])]

    def count(signature: _Index, before: _Index, until: _Index) -> Counts:
        columns = column.take(signature)
        total = np.zeros(signature.size, np.int32)
        for plain, row in zip(each, met, strict=True):
            total += plain(signature, before, until) * row.take(columns)
        return total

    return count


def _table_counter(
    start: Ints, end: Ints, kinds: _Index, column: _Index, met: npt.NDArray[np.bool_], *, span: int
) -> _Counter:
    real = np.float32 if start.size < _EXACT_IN_FLOAT32 else np.float64
    factor: _Reals = met.astype(real)
    row_started, started = _running(start, kinds, factor, span=span)
    row_ended, ended = (
        (row_started, started) if np.array_equal(start, end) else _running(end, kinds, factor, span=span)
    )

    def count(signature: _Index, before: _Index, until: _Index) -> Counts:
        columns = column.take(signature)
        cell = row_started.take(until)
        cell += columns
        number = started.take(cell)
        row_ended.take(before, out=cell, mode="clip")
        cell += columns
        number -= ended.take(cell)
        return number.astype(np.int32)

    return count


def _running(days: Ints, kinds: _Index, factor: _Reals, *, span: int) -> tuple[_Index, _Reals]:
    """Position -> first cell of its row, and the table: incidents up to a day that meet a signature.

    Whole numbers below 2**24 (float32) or 2**53 (float64) are exact whatever the order of the sums.
    """
    row: _Index = (np.bincount(days, minlength=span) > 0).cumsum()  # row 0: before every incident
    masks, columns = factor.shape
    height = max(1, min(int(row[-1]) + 1, _GEMM_CELLS // (masks * columns)))
    blocks = -(-(int(row[-1]) + 1) // height)
    cell = row.take(days)
    cell *= masks
    cell += kinds
    by_mask = np.bincount(cell, minlength=blocks * height * masks).reshape(-1, masks).cumsum(axis=0)
    table = np.matmul(by_mask.astype(factor.dtype).reshape(blocks, height, masks), factor)
    row *= columns
    return row, table.reshape(-1)
