"""The formats that an answer can be written in, by suffix. A writer is imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import BinaryIO

from penholder.analysis.report.result import Result

_WRITERS: dict[str, tuple[str, str]] = {
    # Imported late: xlsxwriter, Parquet and the page cost start-up time that the other formats need not pay.
    ".parquet": ("parquet", "write_parquet"),
    ".csv": ("delimited", "write_csv"),
    ".tsv": ("delimited", "write_tsv"),
    ".json": ("records", "write_json"),
    ".nl": ("records", "write_lines"),
    ".jsonl": ("records", "write_lines"),
    ".ndjson": ("records", "write_lines"),
    ".html": ("page", "write_html"),
    ".xlsx": ("workbook", "write_xlsx"),
    ".txt": ("words", "write_text"),
    ".md": ("words", "write_markdown"),
}
SUFFIXES = tuple(_WRITERS)


def write(result: Result, suffix: str, stream: BinaryIO, *, cite: bool = False, as_file: bool = False) -> None:
    """Write `result` in the format of `suffix` (with its dot, lower case).

    `cite` puts the citation before the rows of CSV and TSV; every other format always holds it (JSON lines never).
    `as_file` gives a JSON file the rows too; on standard output JSON is the document alone.
    Raises: KeyError for a suffix that is not in SUFFIXES; OutputError where the format cannot hold the rows.
    """
    module, name = _WRITERS[suffix]
    writer = getattr(importlib.import_module(f"penholder.analysis.report.formats.{module}"), name)
    writer(result, stream, cite=cite, as_file=as_file)
