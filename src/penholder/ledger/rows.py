"""Rows of the book-keeping, written by the shortest way: plain statements on the bare connection.

Only `ledger`, `vault` and `actions` use it, inside their own door. It passes Django's cursors, and with them the
guard; the triggers and grants below still ask whether a door is open (docs/decisions/0007-guard.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connections

_Row = tuple[Any, ...]


def insert(table: str, columns: str, rows: Sequence[_Row]) -> None:
    """Insert rows into the open transaction. `columns`: names with commas between."""
    database = connections["default"]
    sql = _insert(table, columns, database.vendor)
    with database.wrap_database_errors:
        if len(rows) == 1:
            database.connection.execute(sql, rows[0])
        elif database.vendor == "sqlite":
            database.connection.executemany(sql, rows)
        elif rows:
            with database.connection.cursor() as cursor:
                cursor.executemany(sql, rows)


def insert_numbered(table: str, columns: str, row: _Row) -> int:
    """Insert one row into the open transaction. Gives the number that the database has given it."""
    database = connections["default"]
    sql = _insert(table, columns, database.vendor)
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            return int(database.connection.execute(sql, row).lastrowid)
        return int(database.connection.execute(sql + " RETURNING id", row).fetchone()[0])


def first(sql: str) -> _Row | None:
    """The first row of a query without values."""
    database = connections["default"]
    with database.wrap_database_errors:
        row: _Row | None = database.connection.execute(sql).fetchone()
        return row


@contextmanager
def together() -> Iterator[None]:
    """Send what is inserted inside without waiting for each answer (PostgreSQL: a pipeline)."""
    database = connections["default"]
    if database.vendor == "sqlite":
        yield
        return
    with database.wrap_database_errors, database.connection.pipeline():
        yield


@cache
def _insert(table: str, columns: str, vendor: str) -> str:
    mark = "?" if vendor == "sqlite" else "%s"
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join([mark] * (columns.count(',') + 1))})"
