"""SQLite: WAL, synchronous FULL, foreign keys on; a connection that is not so is refused."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from penholder.actions.backends.cursor import GuardedCursor, GuardedDebugCursor
from penholder.kernel.errors import ConfigurationError
from penholder.ledger.door import admits, will_write
from penholder.ledger.triggers import DOOR

_FULL = 2


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite back end with the guard at its cursor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door_key = object()
        """A door is open for one connection: a copy of this one has another key."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        key = self.door_key

        def admitted(own: int) -> bool:  # the SQL function that the triggers of every table ask
            return admits(own=bool(own), by=key)

        try:
            _make_durable(connection)
            connection.create_function(DOOR, 1, admitted)
        except BaseException:
            connection.close()
            raise
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        super()._start_transaction_under_autocommit()  # type: ignore[misc]
        will_write(by=self.door_key)

    def is_whole(self) -> bool:
        """Is a transaction open that can be committed?"""
        return not self.needs_rollback and bool(self.connection.in_transaction)

    def changes(self) -> int:
        """How many rows this connection has changed since it was opened, whoever wrote them."""
        return int(self.connection.total_changes)

    def make_cursor(self, cursor: Any) -> GuardedCursor:
        return GuardedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> GuardedDebugCursor:
        return GuardedDebugCursor(cursor, self)


def _make_durable(connection: Any) -> None:
    """Set what the ledger needs, then read it back. NORMAL loses acknowledged writes when the power goes, and
    without secure_delete what was erased stays in free pages.

    Raises: ConfigurationError.
    """
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    overwritten = connection.execute("PRAGMA secure_delete").fetchone()[0]
    in_memory = not connection.execute("PRAGMA database_list").fetchone()[2]
    if level != _FULL or mode != "wal" or in_memory or overwritten != 1:
        raise ConfigurationError(
            f"SQLite would not be fit here: journal_mode={mode}, synchronous={level}, secure_delete={overwritten}",
            hint="keep PENHOLDER_HOME on a local disk, not on a network file system, and give a database file",
        )
