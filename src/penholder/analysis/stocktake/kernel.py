"""Count, for every licence line, the incidents that can have happened in its window: numpy only, no pairs.

An incident [start, end] can have happened in the window [a, b] if start <= b and end >= a. Every incident that
has ended before a has also started by b, so

    n = S[b] - E[a - 1],   S[d] = incidents started by day d,   E[d] = incidents ended by day d,

both among the incidents of the line's group whose means meet the line's reach. How S and E are kept so that one
look-up answers for any reach: kernel_tables. Measurements: docs/explanation/performance.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from penholder.analysis.stocktake.kernel_tables import (
    PLACES,
    Bits,
    Counts,
    Days,
    Incidents,
    Index,
    Ints,
    tables_of,
)

__all__ = ["Incidents", "Lines", "count_incidents", "count_sets"]

_SLAB = 1 << 20  # lines put in order of group at once
_BLOCK = 1 << 15  # lines looked up at once: the work arrays stay in the cache of one core
_UNSORTED = 1 << 16  # so few (group, day) cells stay in cache for lines in any order
_CELL_BITS = 22  # (group, day) cells of one pass; two of them and a signature share one 64-bit word
_CELLS = 1 << _CELL_BITS
_CELL = _CELLS - 1
_COLUMNS = 1 << (63 - 2 * _CELL_BITS)  # reach signatures of one pass
_TABLE_WORDS = PLACES >> 1  # words of all tables of one pass: 256 MiB
_WORTH_THREADS = 1 << 17


@dataclass(frozen=True, slots=True)
class Lines:
    """Licence lines, one element per line. Days are counted from 1970-01-01; both ends of a window belong to it.

    `group`: which incidents count for the line, 0 and up; -1: none. `reach`: row of the table of reach masks.
    """

    group: Ints
    first: Ints
    last: Ints
    reach: Ints | None = None

    @property
    def size(self) -> int:
        """How many lines."""
        return self.group.size


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
    `reach_masks[line_reach]`, and [start, end] meets [from, until]. It counts once, however many bits are shared.
    Leave out the masks to count every incident of the group. Empty windows and group -1 give 0.

    Args:
        groups: Number of groups; groups are 0 .. groups - 1.
        threads: At most this many threads; None: one for each core that the process may use.
    Units: days since 1970-01-01; masks of at most 64 bits.
    Raises: ValueError for arrays of unequal length, ids out of range, incidents that end before they start, or
        incidents outside the years 1 to 9999.
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
        _check_incidents(incidents, groups=groups, reach=lines.reach is not None)
    _keep_freed_memory()
    filled = [i for i, incidents in enumerate(sets) if incidents.size and lines.size]
    counted: list[Counts] = []
    if filled:
        masks = np.zeros(1, np.uint64) if reach_masks is None else np.asarray(reach_masks).astype(np.uint64)
        with ThreadPoolExecutor(_workers(threads, lines.size)) as pool:
            counted = _count(lines, [sets[i] for i in filled], groups=groups, masks=masks, pool=pool)
    found = dict(zip(filled, counted, strict=True))
    return [found[i] if i in found else np.zeros(lines.size, np.int32) for i in range(len(sets))]


def _keep_freed_memory() -> None:
    """Let the C library keep freed blocks for the next one of their size: a third less time.

    glibc gives blocks above a size back to the system, and each new one is then cleared page by page. The size is
    that of the largest such block freed so far, up to 32 MiB (mallopt(3), M_MMAP_THRESHOLD): so free a large one.
    """
    block = np.empty(30 << 20, np.uint8)  # never touched: costs microseconds and no memory
    del block


def _workers(threads: int | None, lines: int) -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = allowed if threads is None else max(1, threads)
    return min(wanted, 1 + lines // _WORTH_THREADS)


def _check_lines(lines: Lines, *, groups: int, reach_masks: Ints | None) -> None:
    _check_sizes("line", lines.group, lines.first, lines.last, lines.reach)
    _check_range("line_group", lines.group, low=-1, high=groups)
    if (lines.reach is None) != (reach_masks is None):
        raise ValueError("line_reach and reach_masks belong together: give both or neither")
    if lines.reach is not None and reach_masks is not None:
        _check_range("line_reach", lines.reach, low=0, high=reach_masks.size)


def _check_incidents(incidents: Incidents, *, groups: int, reach: bool) -> None:
    _check_sizes("incident", incidents.group, incidents.start, incidents.end, incidents.mask)
    _check_range("incident_group", incidents.group, low=0, high=groups)
    if incidents.mask is not None and not reach:
        raise ValueError("incidents with masks need line_reach and reach_masks")
    if (incidents.end < incidents.start).any():
        raise ValueError("an incident ends before it starts")


def _check_sizes(what: str, *arrays: Ints | None) -> None:
    sizes = [a.size for a in arrays if a is not None]
    if len(set(sizes)) > 1:
        raise ValueError(f"{what} arrays differ in length: {sizes}")


def _check_range(name: str, ids: Ints, *, low: int, high: int) -> None:
    if ids.size and (int(ids.min()) < low or int(ids.max()) >= high):
        raise ValueError(f"{name} must be {low} to {high - 1}, not {int(ids.min())} to {int(ids.max())}")


def _count(lines: Lines, sets: Sequence[Incidents], *, groups: int, masks: Bits, pool: Executor) -> list[Counts]:
    """Count in as many passes as memory asks for: nearly always one."""
    days = Days.of(sets)
    signatures, signature = np.unique(masks, return_inverse=True)
    signature = signature.astype(np.int64)
    passes = list(_passes(days, sets, groups=groups, columns=signatures.size))
    if len(passes) == 1:
        return _Pass(lines, sets, days, signature, signatures, groups=groups, pool=pool).run()
    counts = [np.zeros(lines.size, np.int32) for _ in sets]
    for group, column in passes:
        picked = _picked(lines, signature, group, column)
        of_group = [(_part_of_incidents(i, group), c) for i, c in zip(sets, counts, strict=True)]
        some = [(i, c) for i, c in of_group if i.size]
        columns = np.clip(signature - column.start, 0, column.stop - column.start - 1)
        part = _part_of_lines(lines, picked, group)
        size = group.stop - group.start
        one = _Pass(part, [i for i, _ in some], days, columns, signatures[column], groups=size, pool=pool)
        for (_, count), values in zip(some, one.run(), strict=True):
            count[picked] = values
    return counts


def _passes(days: Days, sets: Sequence[Incidents], *, groups: int, columns: int) -> Iterator[tuple[slice, slice]]:
    at_once = max(1, _CELLS // days.span)
    words = sum(2 * (1 + i.size // 32) for i in sets if i.mask is not None)
    wide = min(_COLUMNS, max(1, _TABLE_WORDS // max(1, words)))
    for group in range(0, groups, at_once):
        for column in range(0, columns, wide):
            yield slice(group, min(group + at_once, groups)), slice(column, min(column + wide, columns))


def _picked(lines: Lines, signature: Index, group: slice, column: slice) -> Index:
    inside = (lines.group >= group.start) & (lines.group < group.stop)
    if lines.reach is not None:
        of_line = signature.take(lines.reach)
        inside &= (of_line >= column.start) & (of_line < column.stop)
    return np.flatnonzero(inside)


def _part_of_lines(lines: Lines, picked: Index, group: slice) -> Lines:
    reach = None if lines.reach is None else lines.reach.take(picked)
    return Lines(lines.group.take(picked) - group.start, lines.first.take(picked), lines.last.take(picked), reach)


def _part_of_incidents(incidents: Incidents, group: slice) -> Incidents:
    inside = np.flatnonzero((incidents.group >= group.start) & (incidents.group < group.stop))
    mask = None if incidents.mask is None else incidents.mask.take(inside)
    return Incidents(
        incidents.group.take(inside) - group.start,
        incidents.start.take(inside),
        incidents.end.take(inside),
        mask,
    )


class _Pass:
    """One pass over lines: a table for each set, then slabs of lines, each slab by one thread."""

    def __init__(
        self,
        lines: Lines,
        sets: Sequence[Incidents],
        days: Days,
        signature: Index,
        signatures: Bits,
        *,
        groups: int,
        pool: Executor,
    ) -> None:
        self.lines = lines
        self.days = days
        self.groups = groups
        self.pool = pool
        self.signature = signature << (2 * _CELL_BITS)
        self.tables = tables_of(sets, days=days, signatures=signatures, groups=groups, pool=pool)

    def run(self) -> list[Counts]:
        """The counts of each set. Every line is looked up, so the arrays need no zeros before."""
        size = self.lines.size
        counts = [np.empty(size, np.int32) for _ in self.tables]
        slabs = [slice(i, min(i + _SLAB, size)) for i in range(0, size, _SLAB)]
        if len(slabs) == 1 and size > _WORTH_THREADS:
            slabs = [slice(0, size // 2), slice(size // 2, size)]
        for done in [self.pool.submit(self._slab, s, [c[s] for c in counts]) for s in slabs]:
            done.result()
        return counts

    def _slab(self, slab: slice, counts: Sequence[Counts]) -> None:
        words = np.empty(slab.stop - slab.start, np.int64)
        blocks = [slice(i, i + _BLOCK) for i in range(0, words.size, _BLOCK)]
        for block in blocks:
            start = slab.start + block.start
            self._pack(slice(start, min(start + _BLOCK, slab.stop)), words[block])
        if self.groups * self.days.span <= _UNSORTED:
            for block in blocks:
                self._look_up(words[block], counts, block)
            return
        order = np.argsort(_small(self.lines.group[slab], self.groups), kind="stable")
        for block in blocks:
            picked = order[block]
            self._look_up(words.take(picked), counts, picked)

    def _pack(self, part: slice, word: Index) -> None:
        """Signature, cell before the window, cell of its last day; 0, which counts nothing, for no window."""
        lines = self.lines
        group, first, last = lines.group[part], lines.first[part], lines.last[part]
        row = group.astype(np.int64)
        row *= self.days.span
        np.add(row, self.days.positions(first, before=1), out=word)
        word <<= _CELL_BITS
        row += self.days.positions(last)
        word |= row
        word |= self.signature[0] if lines.reach is None else self.signature.take(lines.reach[part])
        nothing = last < first
        nothing |= group < 0
        word[nothing] = 0

    def _look_up(self, word: Index, counts: Sequence[Counts], where: slice | Index) -> None:
        until = word & _CELL
        before = word >> _CELL_BITS
        before &= _CELL
        signature = word >> (2 * _CELL_BITS)
        for table, count in zip(self.tables, counts, strict=True):
            count[where] = table.count(signature, before, until)


def _small(group: Ints, groups: int) -> Ints:
    """The same order in fewer bytes: numpy sorts 8 and 16 bits by radix. -1 wraps round and comes last."""
    return group.astype(np.uint8 if groups < 256 else np.uint16 if groups < 65_536 else np.int64)
