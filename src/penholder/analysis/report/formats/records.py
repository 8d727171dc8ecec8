"""JSON: the document as one pretty object, rows as one object per line. The same content gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa

from penholder.analysis.report.formats.cells import batches, number, texts
from penholder.analysis.report.result import Result

_INDENT = "  "


def write_json(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """The document with its `citation`; in a file also all `rows`, unless the document has its own."""
    body = dict(result.document) | {"citation": result.citation.document()}
    text = pretty(body)
    if not as_file or "rows" in body:
        stream.write((text + "\n").encode())
        return
    rows = result.rows()
    stream.write(f'{text[:-2]},\n{_INDENT}"rows": ['.encode())
    separator = f"\n{_INDENT * 2}"
    for piece in row_texts(rows):
        stream.write((separator + f",\n{_INDENT * 2}".join(piece)).encode())
        separator = f",\n{_INDENT * 2}"
    stream.write(f"\n{_INDENT}]\n}}\n".encode() if rows.num_rows else b"]\n}\n")


def write_lines(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """One JSON object per row, one row per line."""
    for piece in row_texts(result.rows()):
        stream.write("".join(f"{row}\n" for row in piece).encode())


def row_texts(table: pa.Table) -> Iterator[list[str]]:
    """Rows as JSON objects, a batch at a time. A null cell is null."""
    for batch in batches(table):
        if not batch.num_rows:
            continue
        keys = [quoted(name) + ": " for name in batch.schema.names]
        columns = [
            [key + cell for cell in texts(column, quoted, null="null")]
            for key, column in zip(keys, batch.columns, strict=True)
        ]
        yield ["{" + ", ".join(cells) + "}" for cells in zip(*columns, strict=True)]


def quoted(text: str) -> str:
    """A JSON string; characters outside ASCII as they are."""
    return json.dumps(text, ensure_ascii=False)


def pretty(value: object, *, depth: int = 0) -> str:
    """JSON with two spaces of indent, keys in the given order.

    Decimals become numbers with their own digits, dates ISO texts, tuples lists.
    Raises: TypeError for anything else that JSON has no form for, NaN and infinity included.
    """
    inner = "\n" + _INDENT * (depth + 1)
    outer = "\n" + _INDENT * depth
    if isinstance(value, Mapping):
        pairs = [f"{quoted(str(k))}: {pretty(v, depth=depth + 1)}" for k, v in value.items()]
        return "{" + inner + f",{inner}".join(pairs) + outer + "}" if pairs else "{}"
    if isinstance(value, list | tuple):
        items = [pretty(v, depth=depth + 1) for v in value]
        return "[" + inner + f",{inner}".join(items) + outer + "]" if items else "[]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, date):
        return quoted(value.isoformat())
    if isinstance(value, bool | int | float | Decimal):
        text = number(value, null="")
        if text:
            return text
    msg = f"JSON has no form for {value!r} ({type(value).__name__})"
    raise TypeError(msg)
