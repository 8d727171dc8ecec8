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

from django.conf import settings
from django.db import connections

from penholder.ledger.door import OWN_TABLES, admits
from penholder.ledger.errors import WriteOutsideActionError

_Row = tuple[Any, ...]
Sheet = tuple[str, str, Sequence[_Row]]
"""Table, names of columns with commas between, and rows."""


class Book:
    """The connection of this thread, for the statements of one act: to look it up costs as much as to use it."""

    __slots__ = ("database", "is_sqlite")

    def __init__(self) -> None:
        self.database: Any = connections["default"]
        self.is_sqlite: bool = self.database.vendor == "sqlite"

    def insert(self, *sheets: Sheet) -> None:
        """Insert the rows of each sheet into the open transaction, in order.

        Raises: WriteOutsideActionError; TransactionManagementError: the transaction can only be rolled back.
        """
        self._check(*[sheet[0] for sheet in sheets])
        database = self.database
        with database.wrap_database_errors:
            for table, columns, rows in sheets:
                sql = _insert(table, columns, self.is_sqlite)
                if len(rows) == 1:
                    database.connection.execute(sql, rows[0])
                elif self.is_sqlite:
                    database.connection.executemany(sql, rows)
                elif rows:
                    with database.connection.cursor() as cursor:
                        cursor.executemany(sql, rows)

    def insert_numbered(self, table: str, columns: str, rows: Sequence[_Row]) -> tuple[int, ...]:
        """Insert rows, one by one, into the open transaction. Gives the numbers that the database has given them.

        Raises: as `insert`.
        """
        self._check(table)
        sql = _insert(table, columns, self.is_sqlite)
        with self.database.wrap_database_errors:
            execute = self.database.connection.execute
            if self.is_sqlite:
                return tuple([int(execute(sql, row).lastrowid) for row in rows])
            sql += " RETURNING id"
            return tuple([int(execute(sql, row).fetchone()[0]) for row in rows])

    def first(self, sql: str) -> _Row | None:
        """The first row of a SELECT without values. Raises: WriteOutsideActionError: it is more than that."""
        if not sql.startswith("SELECT ") or ";" in sql:
            raise WriteOutsideActionError("this is not one plain SELECT", hint="write through an action")
        self.database.validate_no_broken_transaction()
        with self.database.wrap_database_errors:
            row: _Row | None = self.database.connection.execute(sql).fetchone()
            return row

    def together(self) -> AbstractContextManager[None]:
        """Send what is inserted inside without waiting for each answer (PostgreSQL: a pipeline)."""
        return _ALONE if self.is_sqlite else self._pipeline()

    @contextmanager
    def _pipeline(self) -> Iterator[None]:
        with self.database.wrap_database_errors, self.database.connection.pipeline():
            yield

    def _check(self, *tables: str) -> None:
        """Raises: WriteOutsideActionError where these tables may not be written now, and as `insert`."""
        own = [table for table in tables if table.startswith(OWN_TABLES)]
        if len(own) < len(tables) or not admits(own=True, by=self.database.door_key):
            raise WriteOutsideActionError(
                f"a write to {', '.join(tables)} was refused: the ledger, the vault and the actions do their own "
                "book-keeping",
                hint="use run.record(...)",
            )
        self.database.validate_no_broken_transaction()


_ALONE = nullcontext()


def is_sqlite() -> bool:
    """Is the database of this installation an SQLite file? To ask its connection would take longer."""
    return bool(settings.DATABASES["default"]["ENGINE"].endswith(".sqlite"))


@cache
def _insert(table: str, columns: str, is_sqlite: bool) -> str:  # noqa: FBT001 - a key of the cache
    mark = "?" if is_sqlite else "%s"
    return f"INSERT INTO {table} ({columns}) VALUES ({', '.join([mark] * (columns.count(',') + 1))})"
