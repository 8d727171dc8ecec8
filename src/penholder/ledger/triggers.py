"""Triggers that refuse UPDATE and DELETE on rows of the ledger, for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

IMMUTABLE = ("ledger_entry", "ledger_place", "ledger_node", "ledger_head", "ledger_checkpoint")
"""Tables whose rows are inserted and read, nothing else."""

_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION penholder_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
    "BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END $$"
)
_POSTGRESQL = (
    "CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION penholder_refuse()"
)
_FOUND = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def _verbs(vendor: str) -> tuple[str, ...]:
    return ("update", "delete") if vendor == "sqlite" else ("update", "delete", "truncate")


def install_triggers(connection: Any) -> None:
    """Create the triggers that are missing. Needs an open migration door."""
    template = _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(_FUNCTION)
        for table in IMMUTABLE:
            for verb in _verbs(connection.vendor):
                cursor.execute(template.format(table=table, verb=verb))


def missing_triggers(connection: Any) -> tuple[str, ...]:
    """Names of the triggers that are not there (or are disabled)."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND[connection.vendor])
        found = {str(row[0]) for row in cursor.fetchall()}
    wanted = [f"{table}_no_{verb}" for table in IMMUTABLE for verb in _verbs(connection.vendor)]
    return tuple(name for name in wanted if name not in found)
