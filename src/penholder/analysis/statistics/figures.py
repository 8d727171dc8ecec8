"""Cells of figures in plain Python: merge currencies, sort, and give them as JSON, a table and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from penholder.analysis.statistics.words import aligned, plain

Key = tuple[str | int | None, ...]
SUM = pa.decimal128(38, 2)
ROWS_SHOWN = 200
NAMED = ("destination", "onward")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. `value`: a count, a sum, or None where no line states a value."""

    key: Key
    value: int | Decimal | None
    currency: str | None = None
    lines: int = 0
    lines_without_value: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The cells of one question, sorted. `currencies`: of all values in it, sorted; None: a value without one."""

    by: tuple[str, ...]
    measure: str
    cells: tuple[Cell, ...]
    currencies: tuple[str | None, ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Are there several currencies? Then values are never added up across them."""
        return len(self.currencies) > 1

    @property
    def currency(self) -> str | None:
        """The one currency of all values."""
        return self.currencies[0] if len(self.currencies) == 1 else None


def counted(rows: pa.Table, by: tuple[str, ...], measure: str) -> Figures:
    """Figures of lines or licences: one cell per row of `by_*` and the column named like the measure."""
    keys = _keys(rows, by)
    cells = [Cell(k, v) for k, v in zip(keys, rows[measure].to_pylist(), strict=True)]
    return Figures(by, measure, _sorted(cells))


def valued(rows: pa.Table, by: tuple[str, ...]) -> Figures:
    """Figures of value from rows for each combination and currency (see count.cells).

    With one currency in all, lines without a value join the cell of their combination.
    """
    found = [
        Cell(key, row["value"], row["currency"], row["lines"], row["lines_without_value"])
        for key, row in zip(_keys(rows, by), rows.to_pylist(), strict=True)
    ]
    currencies = tuple(sorted({c.currency for c in found if c.value is not None}, key=_order))
    if len(currencies) <= 1:
        found = _joined(found, currencies[0] if currencies else None)
    return Figures(by, "value", _sorted(found), currencies)


def _joined(cells: Sequence[Cell], currency: str | None) -> list[Cell]:
    joined: dict[Key, Cell] = {}
    for cell in cells:
        old = joined.get(cell.key, Cell(cell.key, None, currency))
        stated = [v for v in (old.value, cell.value) if v is not None]
        joined[cell.key] = Cell(
            cell.key,
            sum(stated, Decimal(0)) if stated else None,
            currency,
            old.lines + cell.lines,
            old.lines_without_value + cell.lines_without_value,
        )
    return list(joined.values())


def _keys(rows: pa.Table, by: Sequence[str]) -> list[Key]:
    if not by:
        return [()] * rows.num_rows
    return list(zip(*(rows[f"by_{name}"].to_pylist() for name in by), strict=True))


def _order(value: str | int | None) -> tuple[bool, str | int]:
    return value is None, "" if value is None else value


def _sorted(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda c: ([_order(v) for v in c.key], _order(c.currency))))


def number(value: int | Decimal | None) -> int | Decimal | None:
    """As JSON shows it: whole sums as integers, others with two decimals."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.quantize(Decimal("0.01"))
    return value


def records(figures: Figures, *, name_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """The cells as JSON objects, in order."""
    return [_record(figures, cell, name_of) for cell in figures.cells]


def _record(figures: Figures, cell: Cell, name_of: Callable[[str], str]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, value in zip(figures.by, cell.key, strict=True):
        record[name] = value
        if name in NAMED:
            record[f"{name}_name"] = None if value is None else name_of(str(value))
    if figures.is_mixed:
        record["currency"] = cell.currency
    record["value"] = number(cell.value)
    if figures.measure == "value":
        record |= {"lines": cell.lines, "lines_without_value": cell.lines_without_value}
    return record


def table_of(figures: Figures, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The same as a table: years, counts int64; sums decimal(38, 2); the rest strings."""
    schema = pa.schema(list(_fields(figures)))
    return pa.Table.from_arrays([_column([row[f.name] for row in rows], f.type) for f in schema], schema=schema)


def _column(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    # Not pa.array, which imports pandas (most of a second) to see whether it was given a series.
    builder = pa.lib.StringBuilder()
    builder.append_values([None if v is None else str(v) for v in values])
    return builder.finish().cast(kind)


def _fields(figures: Figures) -> list[pa.Field]:
    fields = []
    for name in figures.by:
        fields.append(pa.field(name, pa.int64() if name == "year" else pa.string()))
        if name in NAMED:
            fields.append(pa.field(f"{name}_name", pa.string()))
    if figures.is_mixed:
        fields.append(pa.field("currency", pa.string()))
    fields.append(pa.field("value", SUM if figures.measure == "value" else pa.int64()))
    if figures.measure == "value":
        fields += [pa.field("lines", pa.int64()), pa.field("lines_without_value", pa.int64())]
    return fields


def drawn(figures: Figures, rows: Sequence[Mapping[str, Any]], total: Mapping[str, Any]) -> list[str]:
    """Lines for a terminal: a heading, the first ROWS_SHOWN cells, the total. `total` has the keys of a row."""
    names = [f.name for f in _fields(figures)]
    heads = [figures.measure if n == "value" else plain(n).replace("_", " ") for n in names]
    shown = [[_text(row[n], n) for n in names] for row in rows[:ROWS_SHOWN]]
    foot = [_text(total[n], n) if n in total else "" for n in names]
    if figures.by:
        foot[0] = "total"
    body = [heads, *shown, foot] if figures.by and not figures.is_mixed else [heads, *shown]
    right = [pa.types.is_integer(f.type) or pa.types.is_decimal(f.type) for f in _fields(figures)]
    lines = aligned(body, right=right)
    if len(rows) > ROWS_SHOWN:
        lines.insert(ROWS_SHOWN + 1, f"... {ROWS_SHOWN:,} of {len(rows):,} rows; all of them: -o FILE")
    return lines


def _text(value: Any, name: str) -> str:
    if value is None:
        return "not stated"
    if isinstance(value, int | Decimal) and name != "year":
        return f"{value:,}"
    return str(value)
