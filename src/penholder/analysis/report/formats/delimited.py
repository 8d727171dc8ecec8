"""CSV (RFC 4180) and TSV, UTF-8 without a byte-order mark. A null is an empty cell.

Spreadsheets run a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return as a formula. A TEXT cell
that begins so gets an apostrophe in front; numbers and dates are never touched. The other formats carry texts as
they are. Described in docs/reference/outputs.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from penholder.analysis.report.formats.cells import batches, texts
from penholder.analysis.report.result import Result

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def guarded(text: str) -> str:
    """`text`, with an apostrophe in front where a spreadsheet would run it as a formula."""
    return "'" + text if text.startswith(_FORMULA) else text


def _tsv_cell(text: str) -> str:
    return guarded(text).translate(_TSV_ESCAPES)


def write_csv(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    """Comma, quotes where needed, CR LF."""

    def add(rows: Iterable[Sequence[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(rows)
        stream.write(text.getvalue().encode())

    _write(result, stream, cite=cite, end="\r\n", cell=guarded, add=add)


def write_tsv(result: Result, stream: BinaryIO, *, cite: bool, as_file: bool) -> None:
    r"""Tab, LF; a tab, line break or backslash inside a cell is written `\t`, `\n`, `\r`, `\\`."""

    def add(rows: Iterable[Sequence[str]]) -> None:
        stream.write("".join("\t".join(row) + "\n" for row in rows).encode())

    _write(result, stream, cite=cite, end="\n", cell=_tsv_cell, add=add)


def _write(
    result: Result,
    stream: BinaryIO,
    *,
    cite: bool,
    end: str,
    cell: Callable[[str], str],
    add: Callable[[Iterable[Sequence[str]]], None],
) -> None:
    if cite:
        stream.write("".join(f"# {line}{end}" for line in citation_lines(result)).encode())
    table = result.rows()
    add([[cell(name) for name in table.column_names]])
    for batch in batches(table):
        add(zip(*(texts(column, cell, null="") for column in batch.columns), strict=True))


def citation_lines(result: Result) -> list[str]:
    """The title and the citation as `key: value` lines, one line each."""
    pairs = [("title", result.title), *result.citation.document().items()]
    listed = [(k, "; ".join(v) if isinstance(v, list) else str(v)) for k, v in pairs]
    return [f"{key}: {' '.join(value.split())}" for key, value in listed]
