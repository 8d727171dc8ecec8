"""What the database itself refuses, whoever asks.

Rows of the ledger: UPDATE, DELETE and TRUNCATE, on SQLite and PostgreSQL, and on SQLite an INSERT OR REPLACE.
SQLite: every write to any table that holds facts, unless the connection is ours (it has the function
`penholder_door`) and an action is open. On PostgreSQL grants do that (`ledger.grants`). Why: 0007-guard.md.
"""

from __future__ import annotations

from typing import Any

from penholder.ledger.door import EXEMPT, OWN_TABLES

IMMUTABLE = (
    "ledger_entry", "ledger_place", "ledger_node", "ledger_head", "ledger_checkpoint", "actions_act",
)  # fmt: skip
"""Tables whose rows are inserted and read, nothing else. Separation of duties rests on the index of acts."""
DOOR = "penholder_door"
"""SQL function of our SQLite connections: (0 or 1: a table of the book-keeping?) -> 1: rows may be written."""

_FIXED = (
    "CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
)
_UNIQUE = (
    "CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
    "BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
)
_TAKEN = {
    "ledger_entry": "EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id)",
    "ledger_place": "EXISTS (SELECT 1 FROM ledger_place WHERE seq = NEW.seq OR entry_id = NEW.entry_id)",
    "ledger_node": "EXISTS (SELECT 1 FROM ledger_node WHERE level = NEW.level AND position = NEW.position)",
    "ledger_head": "EXISTS (SELECT 1 FROM ledger_head WHERE size = NEW.size)",
    "ledger_checkpoint": "EXISTS (SELECT 1 FROM ledger_checkpoint WHERE size = NEW.size)",
    "actions_act": "EXISTS (SELECT 1 FROM actions_act WHERE entry_id = NEW.entry_id)",
}
"""INSERT OR REPLACE deletes rows without firing triggers of DELETE (sqlite.org/lang_conflict.html)."""
_GUARDED = (
    'CREATE TRIGGER IF NOT EXISTS {table}_door_{verb} BEFORE {verb} ON "{table}" WHEN NOT '
    + DOOR
    + "({own}) BEGIN SELECT RAISE(ABORT, 'a write outside an action was refused'); END"
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


def install_triggers(connection: Any) -> None:
    """Create the triggers that are missing. Needs an open migration door."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(_FUNCTION)
        for statement in wanted_triggers(connection).values():
            cursor.execute(statement)


def missing_triggers(connection: Any) -> tuple[str, ...]:
    """Names of the triggers that are not there (or are disabled)."""
    with connection.cursor() as cursor:
        cursor.execute(_FOUND[connection.vendor])
        found = {str(row[0]) for row in cursor.fetchall()}
    return tuple(name for name in wanted_triggers(connection) if name not in found)


def wanted_triggers(connection: Any) -> dict[str, str]:
    """Name of each trigger -> the statement that makes it."""
    with connection.cursor() as cursor:
        found = connection.introspection.table_names(cursor)
    fixed = [t for t in IMMUTABLE if t in found]  # while the tables are made, some are not there yet
    if connection.vendor != "sqlite":
        verbs = ("update", "delete", "truncate")
        return {f"{t}_no_{v}": _POSTGRESQL.format(table=t, verb=v) for t in fixed for v in verbs}
    made = {f"{t}_no_{v}": _FIXED.format(table=t, verb=v) for t in fixed for v in ("update", "delete")}
    made |= {f"{t}_no_replace": _UNIQUE.format(table=t, taken=_TAKEN[t]) for t in fixed}
    for table in (t for t in found if t not in EXEMPT):
        changes = ["insert"] if table in IMMUTABLE else ["insert", "update", "delete"]
        own = int(table.startswith(OWN_TABLES))
        made |= {f"{table}_door_{v}": _GUARDED.format(table=table, verb=v, own=own) for v in changes}
    return made
