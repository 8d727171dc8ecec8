"""Tables as they look on every page: a caption, heads with a scope, numbers to the right, room to scroll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from penholder.analysis.report.html.elements import Child, Markup, tag


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its title, and whether it holds numbers."""

    title: Child
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells; the first is the row's head. `id` is the anchor that links lead to."""

    cells: Sequence[Child]
    id: str = ""


def table(
    caption: str, heads: Sequence[Head], rows: Iterable[Row], *, wide: bool = False, label: str = ""
) -> Markup:
    """A table. A wide one gets a frame that scrolls by itself and that the keyboard can reach.

    `label` names that frame where the caption alone would not say which table it is.
    """
    head = tag("tr", [tag("th", h.title, scope="col", class_="number" if h.number else None) for h in heads])
    body = [_row(row, heads) for row in rows]
    drawn = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", body))
    if not wide:
        return drawn
    return tag("div", drawn, class_="scroll", tabindex="0", role="region", aria_label=label or caption)


def _row(row: Row, heads: Sequence[Head]) -> Markup:
    cells = []
    for at, (cell, head) in enumerate(zip(row.cells, heads, strict=True)):
        kind = "number" if head.number else None
        cells.append(tag("td", cell, class_=kind) if at else tag("th", cell, scope="row", class_=kind))
    return tag("tr", cells, id=row.id or None)


def disclosure(summary: Child, *children: Child) -> Markup:
    """A table or text that is opened by its summary; on paper it is always open."""
    return tag("details", tag("summary", summary), tag("div", *children))
