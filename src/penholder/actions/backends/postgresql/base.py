"""PostgreSQL 15 or later, durable commits, and no superuser in production."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from penholder.actions.backends.cursor import GuardedCursor, GuardedDebugCursor
from penholder.kernel.errors import ConfigurationError

_OLDEST = 150_000
_STATE = (
    "SELECT current_setting('synchronous_commit'), current_setting('fsync'), r.rolsuper OR r.rolbypassrls "
    "FROM pg_roles r WHERE r.rolname = current_user"
)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL back end with the guard at its cursor."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        try:
            _check(connection, production=settings.PENHOLDER_ENVIRONMENT == "production")
        except BaseException:
            connection.close()
            raise
        return connection

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
    synchronous, fsync, mighty = connection.execute(_STATE).fetchone()
    connection.rollback() if not connection.autocommit else None
    if synchronous == "off" or (production and fsync == "off"):
        raise ConfigurationError(
            f"PostgreSQL would not be durable here: synchronous_commit={synchronous}, fsync={fsync}",
            hint="set both to on for this database",
        )
    if production and mighty:
        raise ConfigurationError(
            "the database role is a superuser or bypasses row security: it could remove the triggers",
            hint="connect as a role that owns nothing; docs/how-to/use-postgresql.md shows the grants",
        )
