"""The answer on a terminal: its words, or a drawn table. Honours NO_COLOR, COLUMNS and the window's width."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

import pyarrow as pa
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from penholder.analysis.report.folding import folded, folded_all, safe
from penholder.analysis.report.formats.cells import is_quoted, texts
from penholder.analysis.report.result import Result

ROWS_DRAWN = 200
BLOCKS_DRAWN = 40
_WORD = 24
"""A longer word may be broken inside a cell."""
_EDGES, _BETWEEN = 2, 3
"""Characters that the drawing needs at its edges, and between two columns."""


def draw(result: Result, *, console: Console | None = None) -> None:
    """Print the words of the result, folded to the width; without words its table, as `_draw_table` says."""
    out = console or _console()
    if result.words:
        _say(out, *result.words)
    else:
        _draw_table(result, out)
    cite = result.citation.line()
    if cite not in result.words:
        _say(out, cite, style="dim")


def _console() -> Console:
    """As wide as COLUMNS says, else as the window. Both sizes are given: without, rich takes 80 for plain ones."""
    size = shutil.get_terminal_size()
    return Console(highlight=False, soft_wrap=True, width=size.columns, height=size.lines)


def _say(out: Console, *lines: str, style: str = "") -> None:
    for line in folded_all((safe(line) for line in lines), out.width):
        out.print(Text(line), style=style, soft_wrap=True)


def _draw_table(result: Result, out: Console) -> None:
    """At most ROWS_DRAWN rows; where words would have to be broken, BLOCKS_DRAWN rows as blocks of lines."""
    rows = result.rows()
    if result.title:
        _say(out, result.title, style="bold")
    if not rows.num_rows:
        _say(out, "No rows.")
        return
    cells = _cells(rows.slice(0, ROWS_DRAWN))
    numbers = [not is_quoted(field.type) for field in rows.schema]
    widths = _widths(cells, out.width)
    shown = min(rows.num_rows, ROWS_DRAWN if widths else BLOCKS_DRAWN)
    if widths:
        out.print(_drawing(cells, widths, numbers), soft_wrap=False)
    else:
        _say(out, *_blocks(cells[: shown + 1], out.width))
    if rows.num_rows > shown:
        _say(out, f"{shown:,} of {rows.num_rows:,} rows; all of them: -o FILE, or --csv, --tsv, --nl")


def _cells(rows: pa.Table) -> list[tuple[str, ...]]:
    """The heads, then the rows, as texts."""
    found = [tuple(safe(name) for name in rows.column_names)]
    for batch in rows.to_batches():
        found += zip(*(texts(column, safe, null="") for column in batch.columns), strict=True)
    return found


def _widths(cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """A width per column so that no word up to _WORD is broken; empty where `width` is too small for that."""
    columns = list(zip(*cells, strict=True))
    least = [min(_WORD, max(len(w) for cell in column for w in (cell.split() or [""]))) for column in columns]
    most = [max(len(part) for cell in column for part in cell.split("\n")) for column in columns]
    spare = width - _EDGES - _BETWEEN * (len(columns) - 1) - sum(least)
    if spare < 0:
        return []
    found = list(least)
    while spare and (short := [i for i in range(len(found)) if found[i] < most[i]]):
        found[min(short, key=found.__getitem__)] += 1
        spare -= 1
    return found


def _drawing(cells: Sequence[Sequence[str]], widths: Sequence[int], numbers: Sequence[bool]) -> Table:
    drawing = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, width, is_number in zip(cells[0], widths, numbers, strict=True):
        justify = "right" if is_number else "left"
        drawing.add_column(Text(name), justify=justify, overflow="fold", width=max(width, 1))  # type: ignore[arg-type]
    for row in cells[1:]:
        drawing.add_row(*(Text(cell) for cell in row))
    return drawing


def _blocks(cells: Sequence[Sequence[str]], width: int) -> list[str]:
    """Each row as a block of `name  value` lines, without its empty cells, and an empty line after it."""
    label = max(len(name) for name in cells[0]) + 2
    hang = min(label, width // 2)
    found = []
    for row in cells[1:]:
        for name, cell in zip(cells[0], row, strict=True):
            if cell:
                found += folded(f"{name:<{label}}{' '.join(cell.split())}", width, hang=hang)
        found.append("")
    return found
