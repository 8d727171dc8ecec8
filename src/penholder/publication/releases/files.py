"""The files of a release: CSV, JSON Lines, Parquet and one SQLite database, all with the same rows.

Same rows give the same bytes of CSV and JSON Lines, on every machine. Parquet and SQLite depend on the version of
their libraries; their rows are compared with the others by `penholder verify`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.publication.releases import changes
from penholder.publication.releases.tables import TABLES, Cell, Row, Table

DATABASE = "release.sqlite3"
CHANGES = "changes"
_CHANGES = Table(
    CHANGES, "every changed cell since the release before, with its reason", ("table", "key", "column"),
    changes.COLUMNS, frozenset(), lambda _: (),
)  # fmt: skip
SHAPES: Mapping[str, Table] = {t.name: t for t in (*TABLES, _CHANGES)}
"""Table -> its columns; that of the changes too."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def write_all(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """Every table in every format."""
    for name, rows in tables.items():
        shape = SHAPES[name]
        (folder / f"{name}.csv").write_bytes(as_csv(shape, rows))
        (folder / f"{name}.jsonl").write_bytes(as_lines(shape, rows))
        _write_parquet(folder / f"{name}.parquet", shape, rows)
    _write_database(folder / DATABASE, tables)


def as_csv(shape: Table, rows: Iterable[Row]) -> bytes:
    """RFC 4180, UTF-8. Nothing is an empty cell; an empty text does not occur.

    A text that a spreadsheet would run as a formula has an apostrophe in front, and so has one that begins so.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(shape.columns)
    writer.writerows([[_written(row[c]) for c in shape.columns] for row in rows])
    return text.getvalue().encode()


def as_lines(shape: Table, rows: Iterable[Row]) -> bytes:
    """One JSON object a line, columns in their order."""
    made = (json.dumps({c: row[c] for c in shape.columns}, ensure_ascii=False) for row in rows)
    return "".join(f"{line}\n" for line in made).encode()


def rows_sha256(shape: Table, rows: Iterable[Row]) -> str:
    """Hash of the rows, whatever the format: that of their JSON Lines."""
    return hashlib.sha256(as_lines(shape, rows)).hexdigest()


def _schema(shape: Table) -> pa.Schema:
    return pa.schema([(c, pa.int64() if c in shape.integers else pa.string()) for c in shape.columns])


def _write_parquet(path: Path, shape: Table, rows: Sequence[Row]) -> None:
    columns = {c: [row[c] for row in rows] for c in shape.columns}
    pq.write_table(pa.table(columns, schema=_schema(shape)), path, compression="zstd")


def _write_database(path: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for name, rows in tables.items():
            shape = SHAPES[name]
            columns = ", ".join(f'"{c}" {"INTEGER" if c in shape.integers else "TEXT"}' for c in shape.columns)
            db.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * len(shape.columns))
            db.executemany(
                f'INSERT INTO "{name}" VALUES ({marks})', [[row[c] for c in shape.columns] for row in rows]
            )


def read_lines(folder: Path, name: str) -> list[Row]:
    """The rows of a table, from its JSON Lines."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def read_csv(folder: Path, name: str) -> list[Row]:
    """The rows of a table, from its CSV."""
    shape = SHAPES[name]
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [{c: _cell(shape, c, row[c]) for c in shape.columns} for row in csv.DictReader(stream)]


def read_parquet(folder: Path, name: str) -> list[Row]:
    """The rows of a table, from its Parquet file."""
    found: list[Row] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return found


def read_database(folder: Path, name: str) -> list[Row]:
    """The rows of a table, from the SQLite database, in the order in which they were written."""
    shape = SHAPES[name]
    address = f"{(folder / DATABASE).absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as db:
        columns = ", ".join(f'"{c}"' for c in shape.columns)
        found = db.execute(f'SELECT {columns} FROM "{name}" ORDER BY rowid').fetchall()
    return [dict(zip(shape.columns, row, strict=True)) for row in found]


def _written(cell: Cell) -> Cell:
    if cell is None:
        return ""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _cell(shape: Table, column: str, text: str) -> Cell:
    """The reverse of `_written`."""
    if text == "":
        return None
    if column in shape.integers:
        return int(text)
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
