"""From one release to the next: every changed cell, and why. Nothing changes without a reason. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from penholder.publication.errors import ReleaseError
from penholder.publication.releases.tables import TABLES, Cell, Row, Table

Rows = Mapping[str, Sequence[Row]]
Entries = Callable[[Table, str], Sequence[int]]
"""Table and key of a row -> numbers of the entries between the two releases that bear on it."""


class Reason(StrEnum):
    """Why a cell is another one."""

    ENTRY = "entry"
    """Something happened, and stands in the log."""
    CORRECTION = "correction"
    """An entry says that it was so on the day of the earlier release already, and was not known then."""
    DAY = "day"
    """A day came: a licence ran out, a promise became overdue."""
    DEFINITION = "definition"
    """The disclosure policy, or the definition of the table, is another one. Where entries are named, they bear on
    the cell, too: by either definition alone it would have changed otherwise."""


@dataclass(frozen=True, slots=True)
class Change:
    """One changed cell. column "": the whole row was added (new: `row`) or taken away (old: `row`)."""

    table: str
    key: str
    column: str
    old: Cell
    new: Cell
    reason: Reason
    entries: tuple[int, ...]


COLUMNS = ("table", "key", "column", "old", "new", "reason", "entries")
ROW = "row"
LOG = "entries"
"""The table of entries: a new one is news, whatever day it is about."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The tables as they were released, and step by step how they became what they are.

    again: of the old day and knowledge, by the policy and definitions of now. later: of the old day, as known now.
    """

    old: Rows
    again: Rows
    later: Rows
    new: Rows
    redefined: frozenset[str] = frozenset()
    """Tables of which the definition, or the policy, is another one than that of the old release."""
    same_day: bool = False
    """Are both as on the same day? Then what was recorded in between is news of that day, and no correction."""


def changes_of(steps: Steps, *, entries: Entries) -> list[Change]:
    """Every changed cell, in the order of tables and keys. Raises: ReleaseError: one has no reason."""
    found: list[Change] = []
    for table in TABLES:
        every = (steps.old, steps.again, steps.later, steps.new)
        sides = [_by_key(table, side.get(table.name, ())) for side in every]
        for key in sorted({*sides[0], *sides[3]}):
            rows = [side.get(key) for side in sides]
            is_news = steps.same_day or table.name == LOG
            by = _Rules(is_news=is_news, redefined=table.name in steps.redefined)
            found += _of_row(table, key, rows, entries, by)
    return found


def _by_key(table: Table, rows: Iterable[Row]) -> dict[str, Row]:
    return {table.key_of(row): row for row in rows}


@dataclass(frozen=True, slots=True)
class _Rules:
    """By what a change of a table is explained."""

    is_news: bool
    redefined: bool


def _of_row(table: Table, key: str, rows: Sequence[Row | None], entries: Entries, by: _Rules) -> Iterable[Change]:
    bearing: Sequence[int] | None = None
    for column in ("", *(c for c in table.columns if c not in table.key)):
        cells = [_cell(row, column) for row in rows]
        if cells[0] == cells[3]:
            continue
        bearing = entries(table, key) if bearing is None else bearing
        reason = _reason(cells, bearing, by)
        if reason is None:
            raise ReleaseError(
                f"table {table.name}, {key}: {column or 'the row'} changed from {cells[0]!r} to {cells[3]!r}, and "
                "no entry, day or definition accounts for it",
                hint="the release was not made; report it: nothing is published without a reason",
            )
        is_told = reason in {Reason.ENTRY, Reason.CORRECTION} or cells[3] != cells[1]
        named = tuple(bearing) if is_told and reason is not Reason.DAY else ()
        yield Change(table.name, key, column, cells[0], cells[3], reason, named)


def _cell(row: Row | None, column: str) -> Cell:
    if row is None:
        return None
    return row.get(column) if column else ROW


def _reason(cells: Sequence[Cell], bearing: Sequence[int], by: _Rules) -> Reason | None:
    """Made again by the rules of now from what was known then, the old cell must be what it was, or the rules are
    others and say so."""
    old, again, later, new = cells
    if again != old:
        return Reason.DEFINITION if by.redefined else None
    if bearing and later != again and not by.is_news:
        return Reason.CORRECTION
    if bearing and new != again:
        return Reason.ENTRY
    return Reason.DAY if new != later else None


def applied(old: Rows, changes: Iterable[Change]) -> dict[str, list[Row]]:
    """The old tables with the changes in them: what the new ones must be."""
    by_table = {t.name: _by_key(t, old.get(t.name, ())) for t in TABLES}
    tables = {t.name: t for t in TABLES}
    for change in changes:
        rows, table = by_table[change.table], tables[change.table]
        if change.column == "":
            if change.new is None:
                rows.pop(change.key, None)
            else:
                rows[change.key] = dict.fromkeys(table.columns) | _key_cells(table, change.key)
        elif change.key in rows:
            rows[change.key] = {**rows[change.key], change.column: change.new}
    return {name: list(rows.values()) for name, rows in by_table.items()}


def _key_cells(table: Table, key: str) -> dict[str, Cell]:
    words = key.split(";") if len(table.key) > 1 else [key]
    return {
        name: int(word) if name in table.integers else word for name, word in zip(table.key, words, strict=True)
    }


def as_row(change: Change) -> Row:
    """The change as a row of its file: old and new as texts."""
    return {
        "table": change.table,
        "key": change.key,
        "column": change.column or None,
        "old": None if change.old is None else str(change.old),
        "new": None if change.new is None else str(change.new),
        "reason": change.reason.value,
        "entries": ";".join(map(str, change.entries)) or None,
    }


def of_row(row: Row) -> Change:
    """The reverse of `as_row`."""
    table = next(t for t in TABLES if t.name == row["table"])
    column = str(row["column"] or "")
    given = str(row["entries"] or "")
    return Change(
        table.name,
        str(row["key"]),
        column,
        _typed(table, column, row["old"]),
        _typed(table, column, row["new"]),
        Reason(str(row["reason"])),
        tuple(int(n) for n in given.split(";") if n),
    )


def _typed(table: Table, column: str, cell: Cell) -> Cell:
    return int(str(cell)) if cell is not None and column in table.integers else cell
