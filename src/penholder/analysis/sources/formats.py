"""Find the reader for a source: delimited text or GeoJSON; and read its header before anything else."""

from __future__ import annotations

import csv
from dataclasses import replace

from penholder.analysis.sources.geojson import GeoJsonRows, looks_like_json, property_names
from penholder.analysis.sources.mapping import TableMapping
from penholder.analysis.sources.rows import CsvRows
from penholder.analysis.sources.stream import Source, is_wide
from penholder.analysis.sources.tables import Reader
from penholder.kernel.errors import SourceError

PEEK = 1 << 18
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def reader_for(source: Source, table: TableMapping) -> Reader:
    """The records of a source as the table's style says. Raises: SourceError (empty, no header, wide encoding)."""
    head = source.peek(PEEK)
    if not head:
        raise SourceError(f"{source.shown} is empty", hint="nothing was loaded; get the file again")
    dialect = table.style.dialect
    if is_wide(dialect.encoding):
        source.recode(dialect.encoding)
        return CsvRows(source, replace(dialect, encoding="utf-8"))
    refuse_utf16(source)
    if looks_like_json(head):
        return GeoJsonRows(source, _wanted(table))
    return CsvRows(source, dialect)


def refuse_utf16(source: Source) -> None:
    """Raises: SourceError for a file that begins like UTF-16 and was not said to be."""
    if source.peek(2) in _UTF16:
        raise SourceError(f"{source.shown} begins like UTF-16", hint="give --encoding utf-16")


def _wanted(table: TableMapping) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for rule in table.rules for c in rule.columns))


def header_of(source: Source, table: TableMapping) -> tuple[str, ...]:
    """The column names of a source, without using it up; empty where there are none. Never fails on content."""
    head = source.peek(PEEK)
    if looks_like_json(head):
        return property_names(head)
    dialect = table.style.dialect
    text = head.decode(dialect.encoding, "replace").removeprefix("\ufeff")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[dialect.skip_lines :]
    try:
        reader = csv.reader((f"{line}\n" for line in lines), delimiter=dialect.delimiter, quotechar=dialect.quote)
        return tuple(" ".join(name.split()) for name in next((row for row in reader if row), []))
    except csv.Error:
        return ()
