"""SQLite: WAL, synchronous FULL, foreign keys on; a connection that is not so is refused."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from penholder.actions.backends.cursor import GuardedCursor, GuardedDebugCursor
from penholder.kernel.errors import ConfigurationError
from penholder.ledger.door import admits
from penholder.ledger.triggers import DOOR

_FULL = 2


def _admits(own: int) -> bool:
    """The SQL function that the triggers of every table ask."""
    return admits(own=bool(own))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite back end with the guard at its cursor."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        try:
            _make_durable(connection)
            connection.create_function(DOOR, 1, _admits)
        except BaseException:
            connection.close()
            raise
        return connection

    def make_cursor(self, cursor: Any) -> GuardedCursor:
        return GuardedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> GuardedDebugCursor:
        return GuardedDebugCursor(cursor, self)


def _make_durable(connection: Any) -> None:
    """Set what the ledger needs, then read it back. NORMAL loses acknowledged writes when the power goes.

    Raises: ConfigurationError.
    """
    connection.execute("PRAGMA synchronous=FULL")
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    in_memory = not connection.execute("PRAGMA database_list").fetchone()[2]
    if level != _FULL or mode != "wal" or in_memory:
        raise ConfigurationError(
            f"SQLite would not be durable here: journal_mode={mode}, synchronous={level}",
            hint="keep PENHOLDER_HOME on a local disk, not on a network file system, and give a database file",
        )
