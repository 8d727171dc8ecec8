"""Rows of the book-keeping, written by the shortest way: plain statements on the bare connection.

Only `ledger`, `vault` and `actions` use it, inside their own door, and only for their own tables: anything else is
refused here. It passes Django's cursors, and with them the guard; the triggers and grants below still ask whether
a door is open (docs/decisions/0007-guard.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Any

from django.db import connections

from penholder.ledger.door import OWN_TABLES, admits
from penholder.ledger.errors import WriteOutsideActionError

_Row = tuple[Any, ...]


def insert(table: str, columns: str, rows: Sequence[_Row]) -> None:
    """Insert rows into the open transaction. `columns`: names with commas between.

    Raises: WriteOutsideActionError; TransactionManagementError: the transaction can only be rolled back.
    """
    database = _writer(table)
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
    """Insert one row into the open transaction. Gives the number that the database has given it.

    Raises: as `insert`.
    """
    database = _writer(table)
    sql = _insert(table, columns, database.vendor)
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            return int(database.connection.execute(sql, row).lastrowid)
        return int(database.connection.execute(sql + " RETURNING id", row).fetchone()[0])


def first(sql: str) -> _Row | None:
    """The first row of a SELECT without values. Raises: WriteOutsideActionError: it is more than that."""
    if not sql.startswith("SELECT ") or ";" in sql:
        raise WriteOutsideActionError("this is not one plain SELECT", hint="write through an action")
    database: Any = connections["default"]
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        row: _Row | None = database.connection.execute(sql).fetchone()
        return row


def together() -> AbstractContextManager[None]:
    """Send what is inserted inside without waiting for each answer (PostgreSQL: a pipeline)."""
    database: Any = connections["default"]
    return nullcontext() if database.vendor == "sqlite" else _pipeline(database)


@contextmanager
def _pipeline(database: Any) -> Iterator[None]:
    with database.wrap_database_errors, database.connection.pipeline():
        yield


def _writer(table: str) -> Any:
    """The connection, where this table may be written now."""
    database: Any = connections["default"]
    if not (table.startswith(OWN_TABLES) and admits(own=True, by=database.door_key)):
        raise WriteOutsideActionError(
            f"a write to {table} was refused: the ledger, the vault and the actions do their own book-keeping",
            hint="use run.record(...)",
        )
    database.validate_no_broken_transaction()
    return database


@cache
def _insert(table: str, columns: str, vendor: str) -> str:
    mark = "?" if vendor == "sqlite" else "%s"
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join([mark] * (columns.count(',') + 1))})"
