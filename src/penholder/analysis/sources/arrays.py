"""Small builders of Arrow columns that the assemblers share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from penholder.analysis.schemas import LIST_SEPARATOR, WORD, Schema
from penholder.analysis.sources.cells import days
from penholder.analysis.sources.convert import Cells, Ints, Parsed
from penholder.analysis.sources.places import Place, PlaceKind, resolve
from penholder.kernel.dates import EPOCH

_MEMO_LIMIT = 1 << 16
_NO_DAY = -(10**6)


def constant(value: Any, size: int, kind: pa.DataType) -> pa.Array:
    """`size` times the same value."""
    if kind == WORD:
        indices = pa.array(np.zeros(size, dtype=np.int32), mask=np.full(size, value is None))
        return pa.DictionaryArray.from_arrays(indices, pa.array([] if value is None else [value], pa.string()))
    return pa.array([value], kind).take(pa.array(np.zeros(size, dtype=np.int64)))


def day_numbers(cells: Cells, *, last: bool = False) -> tuple[Ints, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Days since 1970 of the first (or last) day that each date can mean, and where none is stated."""
    table = np.array(
        [_NO_DAY if v is None else days(v, last=last) for v in cells.values] or [_NO_DAY], dtype=np.int64
    )
    found = table[cells.index]
    return found, found == _NO_DAY


def day_array(numbers: Ints, missing: np.ndarray[Any, np.dtype[np.bool_]]) -> pa.Array:
    """As dates; null where missing."""
    return pa.array(numbers.astype(np.int32), pa.int32(), mask=missing).cast(pa.date32())


def dates_of(parsed: Parsed, name: str) -> pa.Array:
    """The first day of each date of a target; all null where it is not mapped."""
    if name not in parsed.cells:
        return pa.nulls(parsed.size, pa.date32())
    return day_array(*day_numbers(parsed.cells[name]))


def column_of(parsed: Parsed, name: str, kind: pa.DataType, default: Any = None) -> pa.Array:
    """The column of a target; `default` where it is not mapped or not stated."""
    if name in parsed.arrays:
        return parsed.arrays[name]
    cells = parsed.cells.get(name)
    if cells is None:
        return constant(default, parsed.size, kind)
    if default is not None:
        cells = Cells(cells.index, [default if v is None else v for v in cells.values])
    return cells.words() if kind == WORD else cells.array(kind)


def paired(left: Cells, numbers: Ints, function: Callable[[Any, int], Any]) -> Cells:
    """`function(value, number)` for each distinct pair of a stated value and a number of its row."""
    low = int(numbers.min()) if len(numbers) else 0
    span = int(numbers.max()) - low + 1 if len(numbers) else 1
    pairs, index = np.unique(left.index * span + (numbers - low), return_inverse=True)
    values = []
    for pair in pairs.tolist():
        at, number = divmod(pair, span)
        value = left.values[at]
        values.append(None if value is None else function(value, number + low))
    return Cells(index.astype(np.int64), values)


class Places:
    """Names onto codes by the day of the record; counts the names that no table knows."""

    def __init__(self) -> None:
        self._memo: dict[tuple[str, int], Place] = {}
        self._lasting: dict[str, Place | None] = {}
        self.unrecognised: Counter[str] = Counter()

    def of(self, cells: Cells, numbers: Ints) -> Cells:
        """The place of each row; `numbers` are the days of the records (days since 1970)."""
        places = self._by_day(cells, numbers, self._lasting_place, self._on)
        for at, count in enumerate(np.bincount(places.index, minlength=len(places.values)).tolist()):
            place = places.values[at]
            if count and place is not None and place.kind is PlaceKind.UNRECOGNISED:
                self.unrecognised[place.name] += count
        return places

    def codes_of(self, cells: Cells, numbers: Ints) -> Cells:
        """`;`-joined codes, sorted, of the `;`-joined names of each row."""
        for cell, count in zip(cells.values, np.bincount(cells.index, minlength=len(cells.values)), strict=True):
            for name in cell.split(LIST_SEPARATOR) if count and cell is not None else ():
                place = self._lasting_place(name)
                if place is not None and place.kind is PlaceKind.UNRECOGNISED:
                    self.unrecognised[place.name] += int(count)
        return self._by_day(cells, numbers, self._lasting_codes, self._codes_on)

    @staticmethod
    def _by_day(
        cells: Cells, numbers: Ints, lasting: Callable[[str], Any], on: Callable[[str, int], Any]
    ) -> Cells:
        """Most names mean the same on every day; only the rows of the others are looked up by day."""
        values = [None if v is None else lasting(v) for v in cells.values]
        dated = np.array(
            [v is not None and f is None for v, f in zip(cells.values, values, strict=True)], dtype=bool
        )
        if not dated.any():
            return Cells(cells.index, values)
        rows = np.flatnonzero(dated[cells.index])
        some = paired(cells.take(rows), numbers[rows], on)
        index = cells.index.copy()
        index[rows] = some.index + len(values)
        return Cells(index, values + some.values)

    def _on(self, name: str, day: int) -> Place:
        if len(self._memo) > _MEMO_LIMIT:
            self._memo.clear()
        found = self._memo.get((name, day))
        if found is None:
            found = self._memo[(name, day)] = resolve(name, on=_date(day))
        return found

    def _lasting_place(self, name: str) -> Place | None:
        """The place of a name that means the same on every day; None for a name that does not, or may not.

        A name with a time limit is no country outside it, so a name that is one (or is not known) on the first
        and on the last day that there is has no limit.
        """
        if name not in self._lasting:
            if len(self._lasting) > _MEMO_LIMIT:
                self._lasting.clear()
            first, last = resolve(name, on=date.min), resolve(name, on=date.max)
            self._lasting[name] = first if first == last and first.kind is not PlaceKind.NON_COUNTRY else None
        return self._lasting[name]

    def _codes_on(self, cell: str, day: int) -> str:
        return _joined(self._on(n, day) for n in cell.split(LIST_SEPARATOR))

    def _lasting_codes(self, cell: str) -> str | None:
        places = [self._lasting_place(n) for n in cell.split(LIST_SEPARATOR)]
        found = [p for p in places if p is not None]
        return _joined(found) if len(found) == len(places) else None


def _joined(places: Iterable[Place]) -> str:
    return LIST_SEPARATOR.join(sorted({p.code for p in places}))


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def sourced(schema: Schema, columns: dict[str, pa.Array], source: str, lines: Ints) -> pa.RecordBatch:
    """A batch of the data set with the columns given, `source` and `source_line`."""
    columns["source"] = constant(source, len(lines), WORD)
    columns["source_line"] = pa.array(lines)
    return pa.RecordBatch.from_arrays([columns[f.name] for f in schema.arrow], schema=_nullable(schema))


def _nullable(schema: Schema) -> pa.Schema:
    return pa.schema([pa.field(f.name, f.type) for f in schema.arrow])
