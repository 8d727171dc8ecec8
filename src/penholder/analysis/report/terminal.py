"""The answer on a terminal: its words, or a drawn table. Honours NO_COLOR, COLUMNS and the window's width."""

from __future__ import annotations

import pyarrow as pa
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from penholder.analysis.report.formats.cells import is_quoted, texts
from penholder.analysis.report.result import Result

ROWS_DRAWN = 200
_CONTROLS = {c: "\N{REPLACEMENT CHARACTER}" for c in (*range(32), *range(127, 160)) if c != ord("\n")}


def safe(text: str) -> str:
    """`text` without control characters: data must not move the cursor or change the colours of a terminal."""
    return text.translate(_CONTROLS)


def draw(result: Result, *, console: Console | None = None) -> None:
    """Print the words of the result; without words its table, at most ROWS_DRAWN rows (and it says so)."""
    out = console or Console(highlight=False, soft_wrap=True)
    if result.words:
        for line in result.words:
            out.print(Text(safe(line)))
    else:
        _draw_table(result, out)
    cite = result.citation.line()
    if cite not in result.words:
        out.print(Text(safe(cite)), style="dim")


def _draw_table(result: Result, out: Console) -> None:
    rows = result.rows()
    if result.title:
        out.print(Text(safe(result.title)), style="bold")
    if not rows.num_rows:
        out.print("No rows.")
        return
    out.print(_drawing(rows.slice(0, ROWS_DRAWN)), soft_wrap=False)
    if rows.num_rows > ROWS_DRAWN:
        out.print(f"{ROWS_DRAWN:,} of {rows.num_rows:,} rows; all of them: -o FILE, or --csv, --tsv, --nl")


def _drawing(rows: pa.Table) -> Table:
    drawing = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for field in rows.schema:
        drawing.add_column(safe(field.name), justify="left" if is_quoted(field.type) else "right", overflow="fold")
    for batch in rows.to_batches():
        columns = [texts(column, safe, null="") for column in batch.columns]
        for cells in zip(*columns, strict=True):
            drawing.add_row(*(Text(c) for c in cells))
    return drawing
