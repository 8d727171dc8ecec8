"""PostgreSQL 15 or later, durable commits, and no superuser in production."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.pq import ExecStatus, TransactionStatus

from penholder.actions.backends.cursor import GuardedCursor, GuardedDebugCursor
from penholder.kernel.errors import ConfigurationError
from penholder.ledger.door import current_door, will_write

_OLDEST = 150_000
_STATE = (
    "SELECT current_setting('synchronous_commit'), current_setting('fsync'), r.rolsuper OR r.rolbypassrls, "
    "current_setting('standard_conforming_strings'), "
    "EXISTS (SELECT 1 FROM pg_class c WHERE c.relname LIKE 'ledger%' AND pg_has_role(c.relowner, 'MEMBER')) "
    "FROM pg_roles r WHERE r.rolname = session_user"
)


class DatabaseOperations(base.DatabaseOperations):  # type: ignore[misc,name-defined]
    """Django's, without the way from a cursor to the bare connection."""

    def compose_sql(self, sql: Any, params: Any) -> Any:
        self.connection.ensure_connection()
        return psycopg.ClientCursor(self.connection.connection).mogrify(sql, params)

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        return self.compose_sql(sql, params) if params else str(sql)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL back end with the guard at its cursor."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door_key = object()
        """A door is open for one connection: a copy of this one has another key."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        try:
            _check(connection, production=settings.PENHOLDER_ENVIRONMENT == "production")
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_autocommit(self, autocommit: bool) -> None:  # noqa: FBT001 - Django's signature
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        writer = self.settings_dict.get("PENHOLDER_WRITER")
        if writer and not autocommit and will_write(by=self.door_key) and not self._is_owner():
            self._begin_as(writer)

    def is_whole(self) -> bool:
        """Is a transaction open that can be committed?"""
        return not self.needs_rollback and self.connection.info.transaction_status == TransactionStatus.INTRANS

    def changes(self) -> int:
        """PostgreSQL does not say how many rows were changed; what records nothing is rolled back in any case."""
        return 0

    def _is_owner(self) -> bool:
        return bool(self.settings_dict["USER"] == self.settings_dict.get("PENHOLDER_OWNER"))

    def _begin_as(self, writer: str) -> None:
        """Begin the transaction and take the role of the writers until its end, in one round trip."""
        with self.wrap_database_errors:
            found = self.connection.pgconn.exec_(f'BEGIN; SET LOCAL ROLE "{writer}"'.encode())
            if found.status != ExecStatus.COMMAND_OK:
                raise psycopg.OperationalError(found.get_error_message())

    def make_cursor(self, cursor: Any) -> GuardedCursor:
        return GuardedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> GuardedDebugCursor:
        return GuardedDebugCursor(cursor, self)


def _check(connection: Any, *, production: bool) -> None:
    """Raises: ConfigurationError where the server or the role is not fit for a ledger."""
    version = connection.info.server_version
    if version < _OLDEST:
        raise ConfigurationError(
            f"the PostgreSQL server has version {version // 10000}", hint="use version 15 or later"
        )
    synchronous, fsync, mighty, conforming, owns = connection.execute(_STATE).fetchone()
    connection.rollback() if not connection.autocommit else None
    if synchronous == "off" or conforming == "off" or (production and fsync == "off"):
        raise ConfigurationError(
            f"PostgreSQL would not be safe here: synchronous_commit={synchronous}, fsync={fsync}, "
            f"standard_conforming_strings={conforming}",
            hint="set all three to on for this database",
        )
    if production and mighty:
        raise ConfigurationError(
            "the database role is a superuser or bypasses row security: it could remove the triggers",
            hint="connect as a role that owns nothing; docs/how-to/use-postgresql.md shows the grants",
        )
    door = current_door()
    if production and owns and not (door and door.migrating):
        raise ConfigurationError(
            "the database role owns the tables of the ledger: it could remove the triggers",
            hint="connect as a role that owns nothing; docs/how-to/use-postgresql.md shows the grants",
        )
