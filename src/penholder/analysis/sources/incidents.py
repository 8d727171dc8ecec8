"""Reported incidents: rows of an incident table -> schemas.INCIDENTS."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from penholder.analysis.schemas import INCIDENTS, LIST_SEPARATOR, WORD
from penholder.analysis.sources.arrays import Places, column_of, constant, day_array, day_numbers, sourced
from penholder.analysis.sources.cells import OpenEnd
from penholder.analysis.sources.convert import Cells, Ints, Parsed, hashes_of
from penholder.analysis.sources.mapping import folded
from penholder.analysis.sources.rows import RowFault

_BOUNDS = ("attacks", "killed", "injured")
POINT_OF_DIVISION = "point of the district"
Points = dict[tuple[str, str], tuple[float, float]]


class PointTable:
    """Coordinates of second-level divisions, for incident tables that name the division only."""

    schema = None
    unique_keys = False

    def __init__(self) -> None:
        self.points: Points = {}

    def rows(self, parsed: Parsed, _source: str) -> tuple[Parsed, pa.RecordBatch, Ints]:
        """Keep the points (small tables: held as they are)."""
        cells = [parsed.cells[n].each() for n in ("admin1", "admin2", "latitude", "longitude")]
        for admin1, admin2, latitude, longitude in zip(*cells, strict=True):
            self.points.setdefault((folded(admin1), folded(admin2)), (latitude, longitude))
        batch = pa.RecordBatch.from_arrays([pa.array(parsed.lines)], names=["source_line"])
        return parsed, batch, hashes_of(cells[1])

    def finish(self, batch: pa.RecordBatch, _ordinals: Ints, _lines: Ints) -> None:
        """Nothing is stored."""


class IncidentAssembler:
    """Makes the incidents of one release."""

    schema = INCIDENTS
    unique_keys = True

    def __init__(self, places: Places, series: str, points: PointTable) -> None:
        self._places = places
        self._series = series
        self._points = points
        self.vocabulary: frozenset[str] = frozenset()
        """The means that may be stored."""
        self.unknown_means: Counter[str] = Counter()
        """Words for means outside the vocabulary, with their rows."""
        self.unknown_rows = 0

    def rows(self, parsed: Parsed, source: str) -> tuple[Parsed, pa.RecordBatch, Ints]:
        """The batch and the hash of each incident's id."""
        parsed = parsed.without(_contradictions(parsed))
        if "means" in parsed.cells:
            parsed.cells["means"] = self._known_means(parsed.cells["means"])
        columns = {c.name: column_of(parsed, c.name, c.type) for c in INCIDENTS.columns if c.name not in _COMPUTED}
        first, last = _days(parsed)
        none = np.zeros(parsed.size, dtype=bool)
        columns["starts_on"], columns["ends_on"] = day_array(first, none), day_array(last, none)
        columns["date_precision"] = _precision(parsed, last)
        columns["series"] = constant(self._series, parsed.size, WORD)
        if "place" in parsed.cells:
            columns["place"] = self._places.of(parsed.cells["place"], first).mapped(lambda p: p.code).words()
        else:
            columns["place"] = constant(None, parsed.size, WORD)
        for name in _BOUNDS:
            columns[f"{name}_min"], columns[f"{name}_max"] = _bounds(parsed, name)
        if self._points.points:
            self._add_points(columns)
        return parsed, sourced(INCIDENTS, columns, source, parsed.lines), parsed.keys["incident"]

    def finish(self, batch: pa.RecordBatch, _ordinals: Ints, _lines: Ints) -> pa.Table:
        """The rows to store."""
        return pa.Table.from_batches([batch])

    def _known_means(self, cells: Cells) -> Cells:
        """A cell with a word outside the vocabulary does not say by which means: it counts as not stated."""
        values: list[str | None] = []
        counts = np.bincount(cells.index, minlength=len(cells.values)).tolist()
        for cell, count in zip(cells.values, counts, strict=True):
            strange = [w for w in (cell or "").split(LIST_SEPARATOR) if w and w not in self.vocabulary]
            values.append(None if strange else cell)
            if strange and count:
                self.unknown_rows += count
                self.unknown_means.update(dict.fromkeys(strange, count))
        return Cells(cells.index, values)

    def _add_points(self, columns: dict[str, pa.Array]) -> None:
        divisions = zip(columns["admin1"].to_pylist(), columns["admin2"].to_pylist(), strict=True)
        found = [self._points.points.get((folded(a or ""), folded(b or ""))) for a, b in divisions]
        given = columns["latitude"].to_pylist()
        fill = [f if f and g is None else None for f, g in zip(found, given, strict=True)]
        for at, name in enumerate(("latitude", "longitude")):
            old = columns[name].to_pylist()
            columns[name] = pa.array([f[at] if f else o for f, o in zip(fill, old, strict=True)], pa.float64())
        old = columns["place_precision"].to_pylist()
        words = [POINT_OF_DIVISION if f else o for f, o in zip(fill, old, strict=True)]
        columns["place_precision"] = pa.array(words, pa.string()).dictionary_encode()


_COMPUTED = {"starts_on", "ends_on", "date_precision", "series", "place", "source", "source_line",
             *(f"{n}_{end}" for n in _BOUNDS for end in ("min", "max"))}  # fmt: skip


def _days(parsed: Parsed) -> tuple[Ints, Ints]:
    """First and last day that each incident can have happened."""
    start = parsed.cells["starts_on"]
    first, _ = day_numbers(start)
    last, _ = day_numbers(start, last=True)
    if "ends_on" in parsed.cells:
        end, missing = day_numbers(parsed.cells["ends_on"], last=True)
        last = np.where(missing, last, end)
    return first, last


def _precision(parsed: Parsed, last: Ints) -> pa.Array:
    words = parsed.cells["starts_on"].mapped(lambda d: d.precision.value).words().cast(pa.string())
    _, of_start = _days(
        Parsed(parsed.lines, {"starts_on": parsed.cells["starts_on"]}, {}, {}, parsed.row_hash, [])
    )
    computed = pc.if_else(pa.array(last != of_start), pa.scalar("range"), words)
    if "date_precision" in parsed.cells:
        computed = pc.coalesce(parsed.cells["date_precision"].words().cast(pa.string()), computed)
    return computed.dictionary_encode()


def _bounds(parsed: Parsed, name: str) -> tuple[pa.Array, pa.Array]:
    """Fewest and most; `10+` as most means at least 10 and no upper bound."""
    fewest, most = (_each(parsed, f"{name}_{end}") for end in ("min", "max"))
    for i, value in enumerate(most):
        if isinstance(value, OpenEnd):
            fewest[i], most[i] = max(fewest[i] or 0, value.least), None
        elif value is not None and fewest[i] is not None and fewest[i] > value:
            fewest[i], most[i] = value, fewest[i]  # the source contradicts itself: both figures were reported
    return pa.array(fewest, pa.int32()), pa.array(most, pa.int32())


def _each(parsed: Parsed, name: str) -> list[Any]:
    cells = parsed.cells.get(name)
    return cells.each() if cells else [None] * parsed.size


def _contradictions(parsed: Parsed) -> dict[int, RowFault]:
    bad: dict[int, RowFault] = {}
    if "ends_on" in parsed.cells:
        first, last = _days(parsed)
        for i in np.flatnonzero(last < first).tolist():
            bad[i] = RowFault(int(parsed.lines[i]), "ends_before_start", "ends_on")
    return bad
