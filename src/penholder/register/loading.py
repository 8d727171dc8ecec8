"""Take a release into the tables with few statements, and hash what the tables hold of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

from penholder.kernel.dates import parse_day
from penholder.kernel.errors import SourceError
from penholder.kernel.ids import random_id
from penholder.register.models import Change, Licence, Line, LineVersion, Release, Terms
from penholder.register.published import REFUSED, Step, further_of, life_of, number_of, read_further, state_after
from penholder.register.rows import centi, milli, quantity_of
from penholder.register.values import LICENCE, LineState

_BATCH = 5_000
_AT_ONCE = 50
"""Values in one statement on PostgreSQL: each statement is a message to the server, and the driver keeps what it
has read of a statement only up to so many."""
_LICENCE = ("public_id", "series", "reference", "licence_type", "exporter", "decided_on", "decided_precision",
            "valid_from", "valid_until", "version", "release_id", "change_id")  # fmt: skip
_LINE = ("licence_id", "number", "destination", "valid_until", "used_quantity_milli", "used_value_centi", "status",
         "since", "version", "quantity_limit_milli", "value_limit_centi", "suspended_on", "review_by",
         "power")  # fmt: skip
_TERMS = ("line_id", "effective_on", "rating", "description", "destination", "onward", "end_user",
          "end_user_state", "value_centi", "currency", "quantity_milli", "unit", "value_limit_centi", "published",
          "change_id")  # fmt: skip
_VERSION = ("line_id", "version", "act", "status", "effective_on", "precision", "review_by", "power", "limb",
            "change_id")  # fmt: skip
_HASHED = ("c.public_id", "c.reference", "c.licence_type", "c.decided_on", "c.decided_precision", "c.valid_from",
           "c.valid_until", "n.number", "n.valid_until", *(f"t.{name}" for name in _TERMS[1:-1]))  # fmt: skip
_HELD = (
    f"SELECT {', '.join(_HASHED)} FROM register_terms t JOIN register_line n ON n.id = t.line_id "
    "JOIN register_licence c ON c.id = n.licence_id WHERE c.release_id = %s AND t.change_id = %s ORDER BY t.id"
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was taken in."""

    rows: int
    licences: int
    refused: int


@dataclass(slots=True)
class _Row:
    """One published row, with the key of its line."""

    cells: Mapping[str, Any]
    reference: str
    number: int
    decided: str
    """Days as the database is given them."""
    until: str | None
    further: str = ""
    steps: tuple[Step, ...] = ()


def load_rows(table: Any, *, release: Release, change: Change, loaded_on: date) -> Loaded:
    """Write the licences, lines, terms and versions of one release (an Arrow table of LICENCE_LINES).

    Raises: SourceError: two rows are the same line.
    """
    rows = [_row(c) for c in _each(table) if c["outcome"] != REFUSED]
    if len({(r.reference, r.number) for r in rows}) != len(rows):
        raise SourceError("two rows of the release have one id of a line", hint="import the release again")
    first: dict[str, _Row] = {}
    for row in rows:
        of = first.setdefault(row.reference, row).cells
        row.further = further_of(row.cells, of)
        row.steps = tuple(_life(row.cells, loaded_on))
    _write_licences(first, release, change)
    of_licence = dict(Licence.objects.filter(release=release).values_list("reference", "pk"))
    _insert(Line, _LINE, (_line(of_licence[r.reference], r) for r in rows))
    found = Line.objects.filter(licence__release=release)
    of_line = {(licence, number): pk for pk, licence, number in found.values_list("pk", "licence_id", "number")}
    keyed = [(of_line[of_licence[r.reference], r.number], r) for r in rows]
    _insert(Terms, _TERMS, (_terms(pk, r, change.pk) for pk, r in keyed))
    _insert(LineVersion, _VERSION, (v for pk, r in keyed for v in _versions(pk, r, change.pk)))
    return Loaded(len(rows), len(first), table.num_rows - len(rows))


def _row(cells: dict[str, Any]) -> _Row:
    return _Row(
        cells,
        cells["licence"],
        number_of(cells["line"]),
        cells["decided_on"].isoformat(),
        _iso(cells["expires_on"]),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _each(table: Any) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=_BATCH):
        yield from batch.to_pylist()


def _life(cells: Mapping[str, Any], loaded_on: date) -> Iterator[Step]:
    return life_of(cells, decided_on=cells["decided_on"], valid_until=cells["expires_on"], loaded_on=loaded_on)


def _write_licences(first: Mapping[str, _Row], release: Release, change: Change) -> None:
    _insert(
        Licence,
        _LICENCE,
        (
            (random_id(LICENCE), release.series, reference, row.cells["licence_type"], "", row.decided,
             row.cells["decided_precision"], row.decided, row.until, 1, release.pk, change.pk)
            for reference, row in first.items()
        ),
    )  # fmt: skip


def _line(licence: int, row: _Row) -> tuple[Any, ...]:
    state = state_after(row.steps, quantity=row.cells["quantity"])
    return (
        licence, row.number, row.cells["destination"], row.until, 0, 0, state.status.value, _iso(state.since),
        state.version, milli(state.quantity_limit), centi(state.value_limit), _iso(state.suspended_on),
        _iso(state.review_by), state.power,
    )  # fmt: skip


def _terms(line: int, row: _Row, change: int) -> tuple[Any, ...]:
    c = row.cells
    return (
        line, row.decided, c["rating"] or "", c["description"] or "", c["destination"], c["onward"] or "",
        c["end_user"], c["end_user_state"] or "", centi(c["value"]), c["currency"] or "", milli(c["quantity"]),
        c["unit"] or "", None, row.further, change,
    )  # fmt: skip


def _versions(line: int, row: _Row, change: int) -> Iterator[tuple[Any, ...]]:
    for version, step in enumerate(row.steps, start=1):
        yield (
            line, version, step.act.value, step.status.value, step.effective_on.isoformat(), step.precision.value,
            None, "", "", change,
        )  # fmt: skip


def _insert(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Many rows by one prepared statement (SQLite), or many in each statement: much faster than objects."""
    names, places = ", ".join(columns), f"({', '.join(['%s'] * len(columns))})"
    table = model._meta.db_table  # noqa: SLF001 - the documented way to the name of a table
    sql = f"INSERT INTO {table} ({names}) VALUES "
    given = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(sql + places, given)
            return
        size = _AT_ONCE // len(columns)
        whole = len(given) // size * size
        groups = [[v for row in given[n : n + size] for v in row] for n in range(0, whole, size)]
        cursor.executemany(sql + ", ".join([places] * size), groups)
        cursor.executemany(sql + places, given[whole:])


def held_rows(release: Release) -> Iterator[tuple[Any, ...]]:
    """The rows of a release as the tables hold them (columns `_HASHED`), in the order in which they came.

    Days are texts, on every database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HELD, (release.pk, release.change_id))
        while rows := cursor.fetchmany(_BATCH):
            for row in rows:
                yield tuple(c.isoformat() if isinstance(c, date) else c for c in row)


def hash_of(rows: Iterable[tuple[Any, ...]]) -> str:
    """SHA-256 over the rows, one JSON list a line: what `fsck` compares with the event."""
    digest = hashlib.sha256()
    encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
    for row in rows:
        digest.update(encode(row).encode() + b"\n")
    return digest.hexdigest()


def held_state(row: tuple[Any, ...], *, loaded_on: date) -> tuple[tuple[str, int], LineState]:
    """The key and the first state of a line, worked out again from a row of `held_rows`."""
    named = dict(zip(_HASHED, row, strict=True))
    further = read_further(named["t.published"])
    decided = parse_day(named["t.effective_on"])
    until = parse_day(named["n.valid_until"]) if named["n.valid_until"] else None
    steps = tuple(life_of(further, decided_on=decided, valid_until=until, loaded_on=loaded_on))
    state = state_after(steps, quantity=quantity_of(named["t.quantity_milli"]))
    return (named["c.public_id"], named["n.number"]), state
