"""The incidents that are counted beside an answer, and their counts per line. Incidents never decide `use`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
import pyarrow as pa

from penholder.analysis.profile.model import OperationProfile, Party, Territory
from penholder.analysis.stocktake.cells import Array, days_of, words_of
from penholder.analysis.stocktake.judge import split
from penholder.analysis.stocktake.kernel import Incidents, Lines, count_sets
from penholder.kernel.dates import EPOCH

COLUMNS = ("series", "starts_on", "ends_on", "place", "admin1", "actors", "means")


class Kind(IntEnum):
    """What an incident is to a profile."""

    ATTRIBUTED = 0  # an actor that the profile names, or a series that it counts, with means stated
    UNATTRIBUTED = 1  # no actor stated, in the territory, with means stated
    MEANS_NOT_STATED = 2  # attributed or unattributed, means not stated
    OTHER = 3  # of others, elsewhere, after the day, or outside the period


@dataclass(frozen=True, slots=True)
class ProfileIncidents:
    """The incidents of a profile by a day: row number in the table, first and last possible day, parties to which
    they are attributed (bits, 0: no actor stated), means (bits over the closure), Kind, and whether means outside
    the closure are reported too."""

    loaded: bool
    rows: Array
    start: Array
    end: Array
    parties: Array
    means: Array
    kind: Array
    further: Array

    def count(self, kind: Kind) -> int:
        """How many of that kind."""
        return int(np.count_nonzero(self.kind == kind))


def select_incidents(
    incidents: pa.Table, profile: OperationProfile, *, on: date, means: Sequence[str]
) -> ProfileIncidents:
    """The incidents of `incidents` (COLUMNS at least) that the profile counts by `on`, with their Kind.

    `means`: ids in the order of their bits. Shape: m incidents -> at most m.
    """
    batch = incidents.combine_chunks()
    start, end = _days(batch, "starts_on"), _days(batch, "ends_on")
    parties, actors_stated = _parties(batch, profile.parties)
    masks, means_stated, further = _means(batch, means)
    ours = (parties != 0) | (~actors_stated & _in_territory(batch, profile.territory))
    ours &= _in_time(start, end, profile, on)
    kind = np.where(parties != 0, np.uint8(Kind.ATTRIBUTED), np.uint8(Kind.UNATTRIBUTED))
    kind[~means_stated] = Kind.MEANS_NOT_STATED
    rows = np.flatnonzero(ours)
    columns = (start, end, parties, masks, kind, further)
    return ProfileIncidents(bool(batch.num_rows), rows, *(column[rows] for column in columns))


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _days(table: pa.Table, name: str) -> Array:
    return days_of(_column(table, name))


def _in_time(start: Array, end: Array, profile: OperationProfile, on: date) -> Array:
    """Can it have happened by the day, and in the period of the profile?"""
    fits = start <= (on - EPOCH).days
    if profile.period.start:
        fits &= end >= (profile.period.start - EPOCH).days
    if profile.period.end:
        fits &= start < (profile.period.end - EPOCH).days
    return np.asarray(fits)


def _parties(table: pa.Table, parties: Sequence[Party]) -> tuple[Array, Array]:
    """Parties alleged to have acted (bits), and whether any actor is stated."""
    actors, series = words_of(_column(table, "actors")), words_of(_column(table, "series"))
    named = np.array([_named(cell, parties) for cell in actors.values], np.int64)
    counted = np.array([_counted(name, parties) for name in series.values], np.int64)
    return named[actors.codes] | counted[series.codes], actors.codes != len(actors.values) - 1


def _named(cell: str | None, parties: Sequence[Party]) -> int:
    actors = {_plain(a) for a in split(cell)}
    return sum(1 << i for i, p in enumerate(parties) if actors & {_plain(n) for n in p.named_in_incidents})


def _counted(series: str | None, parties: Sequence[Party]) -> int:
    return sum(1 << i for i, p in enumerate(parties) if series in {s.series for s in p.counted_by})


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _means(table: pa.Table, means: Sequence[str]) -> tuple[Array, Array, Array]:
    """Means reported (bits), whether any is stated, and whether one is that no goods are known to reach."""
    cells = words_of(_column(table, "means"))
    bits = {name: 1 << i for i, name in enumerate(means)}
    masks = np.array([sum(bits.get(m, 0) for m in set(split(c))) for c in cells.values], np.uint64)
    further = np.array([not bits.keys() >= set(split(c)) for c in cells.values])
    return masks[cells.codes], cells.codes != len(cells.values) - 1, further[cells.codes]


def _in_territory(table: pa.Table, territory: Sequence[Territory]) -> Array:
    place, admin1 = words_of(_column(table, "place")), words_of(_column(table, "admin1"))
    inside = np.zeros((len(place.values), len(admin1.values)), bool)
    for entry in territory:
        wanted = {_plain(a) for a in entry.admin1}
        columns = [not wanted or (a is not None and _plain(a) in wanted) for a in admin1.values]
        inside[[p == entry.place for p in place.values]] |= np.array(columns)
    return inside[place.codes, admin1.codes]


@dataclass(frozen=True, slots=True)
class LineCounts:
    """Incidents by Kind that can have happened in the window of each line (int32)."""

    attributed: Array
    unattributed: Array
    means_not_stated: Array


def count_for_lines(
    incidents: ProfileIncidents,
    *,
    first: Array,
    last: Array,
    parties: Array,
    party_sets: Sequence[int],
    possible: Array,
    goods: Array,
    reach: Array,
    threads: int | None = None,
) -> LineCounts:
    """Count beside each of n lines.

    Args:
        first, last: the window of the line, day numbers, both included.
        parties: position in `party_sets` (bits) of the parties that the places of the line operate.
        possible: False where the places of the line operate no party: nothing is counted.
        goods, reach: position in `reach`, the means (bits) that the goods reach.
    """
    groups, sets = _line_groups(incidents, parties, party_sets, possible)
    lines = Lines(groups, first, last, goods)
    stated = [_for_sets(incidents, sets, k) for k in (Kind.ATTRIBUTED, Kind.UNATTRIBUTED)]
    silent = _for_sets(incidents, sets, Kind.MEANS_NOT_STATED)
    counts = count_sets(lines, [*stated, silent], groups=len(sets), reach_masks=reach, threads=threads)
    return LineCounts(*counts)


def _line_groups(
    incidents: ProfileIncidents, parties: Array, party_sets: Sequence[int], possible: Array
) -> tuple[Array, list[int]]:
    """A group per line (-1: nothing counts), and the set of parties (bits) of each group.

    Sets that the incidents do not tell apart are one group. Group 0 is the empty set: only incidents without a
    stated actor count.
    """
    kinds = np.unique(incidents.parties[incidents.parties != 0])
    seen: dict[tuple[bool, ...], int] = {(False,) * len(kinds): 0}
    sets = [0]
    group_of_set = []
    for members in party_sets:
        signature = tuple((kinds & members != 0).tolist())
        if signature not in seen:
            seen[signature] = len(sets)
            sets.append(members)
        group_of_set.append(seen[signature])
    groups = np.array(group_of_set or [0], np.int32)[parties]
    groups[~possible] = -1
    return groups, sets


def _for_sets(incidents: ProfileIncidents, sets: Sequence[int], kind: Kind) -> Incidents:
    """The incidents of one kind, repeated for every group of lines to which they count."""
    of_kind = incidents.kind == kind
    rows, groups = [], []
    for group, members in enumerate(sets):
        counts = of_kind & ((incidents.parties == 0) | (incidents.parties & members != 0))
        found = np.flatnonzero(counts)
        rows.append(found)
        groups.append(np.full(len(found), group, np.int32))
    row = np.concatenate(rows)
    mask = None if kind is Kind.MEANS_NOT_STATED else incidents.means[row]
    return Incidents(np.concatenate(groups), incidents.start[row], incidents.end[row], mask)
