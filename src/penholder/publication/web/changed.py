"""Changed cells of a release in words: which row it is, and what stood in it."""

from __future__ import annotations

from collections.abc import Mapping

from penholder.publication.measures import KINDS
from penholder.publication.releases.changes import ROW
from penholder.publication.releases.tables import Row
from penholder.publication.sentences import words_of
from penholder.publication.web.looking import Look
from penholder.publication.web.words import event_words, standing_words
from penholder.register.values import Standing

_THINGS: Mapping[str, tuple[str, ...]] = {
    "lines": ("licence",),
    "destinations": ("destination",),
    "measures": KINDS,
    "decisions": ("decision",),
    "statements": ("statement",),
    "promises": ("promise",),
}
"""Table -> kinds of the things of its rows."""
_WRITTEN = frozenset({"words", "place", "speaker_role", "source", "gist"})
"""Columns of what somebody wrote: shown as written."""


def row_called(at: Look, row: Row) -> str:
    """`Line 1 of Licence for Norland (XN): ML10`, `Concerns: level, 2`; what is not known here is not named."""
    table, key = str(row["table"]), str(row["key"])
    if table == "concerns":
        part, _, name = key.partition(";")
        return f"Concerns: {part}, {name}".replace("_", " ")
    if table == "entries":
        return f"Entry {key}"
    if table == "assessments":
        return "Version of an assessment"
    name, _, line = key.partition(";")
    title = next((t for kind in _THINGS[table] if (t := at.title(kind, name))), "")
    return f"Line {line} of {title or 'a licence'}" if line else title or table.capitalize()


def cell_words(row: Row, side: str) -> str:
    """What stood in the cell, in words; of a row that came or went: `the row`. Nothing: ``."""
    cell, column = row[side], str(row["column"] or "")
    if cell is None:
        return ""
    if not column:
        return f"the {ROW}"
    if column in _WRITTEN:
        return str(cell)
    if column == "status":
        return standing_words(Standing(str(cell)))
    if column == "event":
        return event_words(str(cell))
    return "; ".join(words_of(column, part) for part in str(cell).split(";"))
