"""Columns as lists of Python text, a batch at a time: dictionary words are turned into text once, not per row."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal

import pyarrow as pa

BATCH_ROWS = 1 << 16


def batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    """The rows in pieces of at most BATCH_ROWS, so that millions of rows need the memory of one piece."""
    yield from table.to_batches(max_chunksize=BATCH_ROWS)


def texts(column: pa.Array, of_text: Callable[[str], str], *, null: str) -> list[str]:
    """One text per cell. Words go through `of_text`; numbers, dates and truth values are written plainly.

    Decimals keep their digits, dates are ISO, True is `true`. A null is `null`; NaN and infinity too, because
    no format here has a number for them.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = texts(column.dictionary, of_text, null=null)
        return [null if i is None else words[i] for i in column.indices.to_pylist()]
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return [null if v is None else of_text(v) for v in column.to_pylist()]
    if is_quoted(kind):
        return [null if v is None else of_text(_plain(v)) for v in column.to_pylist()]
    return [null if v is None else number(v, null=null) for v in column.to_pylist()]


def is_quoted(kind: pa.DataType) -> bool:
    """Is a value of this type a text in JSON (and not a number or a truth value)?"""
    return not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_null(kind)
    )


def number(value: object, *, null: str) -> str:
    """A number or truth value as JSON writes it: no exponent for decimals, no float noise."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else null
    if isinstance(value, float):
        return repr(value) if math.isfinite(value) else null
    return str(value)


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return ";".join("" if v is None else str(v) for v in value)
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)
