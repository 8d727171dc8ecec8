"""A plain page: title, table, notices, citation. For every answer that has no page of its own."""

from __future__ import annotations

import pyarrow as pa

from penholder.analysis.report.formats.cells import batches, is_quoted, texts
from penholder.analysis.report.html.elements import Child, count, day_of_text, tag
from penholder.analysis.report.html.page import page
from penholder.analysis.report.html.sections import citation
from penholder.analysis.report.html.tables import Head, Row, table
from penholder.analysis.report.result import Result

ROWS_SHOWN = 2000
_NUMBERED = frozenset({"year", "source_line", "row"})
"""Columns whose numbers are names, not amounts."""


def plain_page(result: Result) -> str:
    """The page as one HTML text: at most ROWS_SHOWN rows, and it says of how many."""
    rows = result.rows()
    words = tag("pre", "\n".join(result.words), class_="words") if result.reads_as_words else None
    notices = tag("ul", [tag("li", n) for n in result.notices]) if result.notices else None
    return page(
        result.title,
        words,
        tag("section", tag("h2", "Rows", id="rows"), *_table(rows), aria_labelledby="rows"),
        tag("section", tag("h2", "Notices", id="notices"), notices, aria_labelledby="notices")
        if notices
        else None,
        citation(result.citation),
        header=[tag("h1", result.title), tag("p", result.citation.predicate, class_="question")],
    )


def _table(rows: pa.Table) -> list[Child]:
    if not rows.num_rows:
        return [tag("p", "No rows: nothing matches what was asked.")]
    heads = [Head(f.name.replace("_", " "), number=not is_quoted(f.type)) for f in rows.schema]
    drawn: list[Row] = []
    for batch in batches(rows.slice(0, ROWS_SHOWN)):
        columns = [_cells(c, name) for c, name in zip(batch.columns, rows.schema.names, strict=True)]
        drawn += [Row(cells) for cells in zip(*columns, strict=True)]
    part = f"{count(len(drawn))} of {count(rows.num_rows)} rows"
    more = tag("p", "All of them: ", tag("code", "-o rows.csv"), class_="small")
    return [table(part, heads, drawn, wide=True), more if len(drawn) < rows.num_rows else None]


def _cells(column: pa.Array, name: str) -> list[Child]:
    found = texts(column, str, null="")
    if pa.types.is_date(column.type):
        return [day_of_text(t) for t in found]
    counted = pa.types.is_integer(column.type) or pa.types.is_decimal(column.type)
    if counted and name not in _NUMBERED:
        return [_grouped(t) for t in found]
    return list(found)


def _grouped(number: str) -> str:
    """`1582666650.00` -> `1,582,666,650`; digits after the point stay where they are not all zero."""
    whole, _, part = number.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    if not digits.isdigit():
        return number
    return f"{sign}{int(digits):,}{f'.{part}' if part.strip('0') else ''}"
