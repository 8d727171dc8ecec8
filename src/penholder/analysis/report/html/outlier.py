"""Lines that outweigh everything beside them: a box where they change the answer, a note where they do not."""

from __future__ import annotations

from penholder.analysis.report.data import OutlierNote, OutlierRow
from penholder.analysis.report.html.elements import Child, Markup, count, money, tag
from penholder.analysis.report.html.sections import figure_list
from penholder.analysis.report.html.tables import Head, Row, disclosure, table

_HEADS = (Head("Line"), Head("Use"), Head("Destination"), Head("Value", number=True), Head("Share"))
_USES = {"could": "could have been used"}


def outlier(note: OutlierNote | None) -> Markup | None:
    """The words, the figures counted the other way, and the lines themselves."""
    if note is None:
        return None
    parts: list[Child] = [tag("p", note.words)]
    if note.figures:
        parts += [tag("p", f"{note.beside}:"), figure_list(note.figures)]
    return tag(
        "section",
        tag("h2" if note.weighty else "h3", note.title, id="outlier"),
        parts,
        _rows(note.rows),
        aria_labelledby="outlier",
        class_="box" if note.weighty else "aside",
    )


def _rows(rows: tuple[OutlierRow, ...]) -> Child:
    if not rows:
        return None
    caption = "Lines that are over a fifth of the value that could have been used, or over half of a destination"
    drawn = [
        Row([r.line, _USES.get(r.use, r.use), r.destination, money(r.value, r.currency), r.share]) for r in rows
    ]
    words = f"The {count(len(rows))} lines" if len(rows) > 1 else "The line"
    return disclosure(words, table(caption, _HEADS, drawn, wide=True))
