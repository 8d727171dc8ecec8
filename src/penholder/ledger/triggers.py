"""What the database itself refuses, whoever asks; and whether it still does.

Rows of the ledger: UPDATE, DELETE and TRUNCATE, on SQLite and PostgreSQL, and on SQLite an INSERT OR REPLACE.
SQLite: every write to any table that holds facts, unless the connection is ours (it has the function
`penholder_door`) and an action is open. On PostgreSQL grants do that (`ledger.grants`). Why: 0007-guard.md.
A capability may declare more (`declare_triggers`). Whoever writes to the file, or owns the tables, can change a
trigger and leave its name: so what is there is compared word by word with what we would make.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from penholder.ledger.door import EXEMPT, OWN_TABLES

IMMUTABLE = (
    "ledger_entry", "ledger_place", "ledger_node", "ledger_head", "ledger_checkpoint", "actions_act",
)  # fmt: skip
"""Tables whose rows are inserted and read, nothing else. Separation of duties rests on the index of acts."""
DOOR = "penholder_door"
"""SQL function of our SQLite connections: (0 or 1: a table of the book-keeping?) -> 1: rows may be written."""

_FIXED = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed or deleted'); END"
)
_UNIQUE = (
    "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {taken} "
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
    'CREATE TRIGGER {table}_door_{verb} BEFORE {verb} ON "{table}" WHEN NOT '
    + DOOR
    + "({own}) BEGIN SELECT RAISE(ABORT, 'a write outside an action was refused'); END"
)
_REFUSE = "penholder_refuse"
_REFUSES = "BEGIN RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME; END"
_POSTGRESQL = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {event} ON {table} "
    f"FOR EACH STATEMENT EXECUTE FUNCTION {_REFUSE}()"
)
_FOUND = {
    "sqlite": "SELECT name, sql, 1 FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT tgname, pg_get_triggerdef(oid, true), CASE WHEN tgenabled IN ('O', 'A') THEN 1 ELSE 0 END "
        "FROM pg_trigger WHERE NOT tgisinternal"
    ),
}
_BODIES = (
    "SELECT p.proname, l.lanname || ' ' || btrim(p.prosrc) FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
    "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public'"
)
_RULES = "SELECT rulename FROM pg_rules WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


@dataclass(frozen=True, slots=True)
class Triggers:
    """What somebody wants of the database. Each text is as the database gives it back."""

    definitions: Mapping[str, str]
    """Name of a trigger -> `CREATE TRIGGER name ...`."""
    functions: Mapping[str, str] = field(default_factory=dict)
    """PostgreSQL: name of a function without parameters that returns a trigger -> its body in plpgsql."""


@dataclass(frozen=True, slots=True)
class TriggerFault:
    """A trigger (or what it calls) that is not as we would make it."""

    name: str
    what: str
    hint: str = "run `penholder upgrade`"


Declared = Callable[[str, Collection[str]], Triggers]
_DECLARED: dict[str, Declared] = {}
_OURS_NO_MORE = "find out who made it, then drop it as the owner of the tables"


def declare_triggers(name: str, wanted: Declared) -> None:
    """Say which further triggers there are to be: `wanted(vendor, names of the tables that there are)`."""
    _DECLARED[name] = wanted


def install_triggers(connection: Any) -> None:
    """Create the triggers that are missing, and anew those that are others than ours. Needs a migration door."""
    wanted = wanted_triggers(connection)
    with connection.cursor() as cursor:
        for name, body in wanted.functions.items():
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$ {body} $body$"
            )
        there = {name: sql for name, sql, _ in _found(connection, cursor)}
        for name, sql in wanted.definitions.items():
            if connection.vendor != "sqlite":
                cursor.execute(sql.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1))
            elif there.get(name) != sql:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(sql)


def trigger_faults(connection: Any) -> tuple[TriggerFault, ...]:
    """Every trigger that is missing, switched off, another than ours, or none of ours. Two to four statements."""
    wanted = wanted_triggers(connection)
    with connection.cursor() as cursor:
        found = _found(connection, cursor)
        bodies = _rows(cursor, _BODIES) if connection.vendor != "sqlite" else []
        rules = _rows(cursor, _RULES) if connection.vendor != "sqlite" else []
    faults = [TriggerFault(n, w) for n, sql in wanted.definitions.items() if (w := _wrong(n, sql, found))]
    held: dict[str, str] = dict(bodies)
    faults += [
        TriggerFault(name, "is a function that is another than ours")
        for name, body in wanted.functions.items()
        if held.get(name) != f"plpgsql {body}"
    ]
    changed = {fault.name for fault in faults}
    ours = set(wanted.definitions.values())
    others = [name for name, sql, _ in found if sql not in ours and name not in changed]
    others += [str(name) for (name,) in rules]
    return (*faults, *(TriggerFault(name, "is none of ours", _OURS_NO_MORE) for name in sorted(others)))


def _wrong(name: str, sql: str, found: list[tuple[str, str, bool]]) -> str:
    same = [is_on for _, held, is_on in found if held == sql]
    if same:
        return "" if any(same) else "is switched off"
    return "is another than ours" if any(held == name for held, *_ in found) else "is not there"


def _found(connection: Any, cursor: Any) -> list[tuple[str, str, bool]]:
    """Name, definition and whether it fires, of each trigger that there is."""
    return [(str(name), str(sql), bool(is_on)) for name, sql, is_on in _rows(cursor, _FOUND[connection.vendor])]


def _rows(cursor: Any, statement: str) -> list[Any]:
    cursor.execute(statement)
    return list(cursor.fetchall())


def wanted_triggers(connection: Any) -> Triggers:
    """All that there are to be, by the tables that there are: while tables are made, some are not there yet."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    every = [_own(connection.vendor, tables), *(w(connection.vendor, tables) for w in _DECLARED.values())]
    return Triggers(
        {n: sql for triggers in every for n, sql in triggers.definitions.items()},
        {n: body for triggers in every for n, body in triggers.functions.items()},
    )


def _own(vendor: str, tables: Collection[str]) -> Triggers:
    fixed = [t for t in IMMUTABLE if t in tables]
    if vendor != "sqlite":
        verbs = ("update", "delete", "truncate")
        pairs = [(t, v) for t in fixed for v in verbs]
        made = {f"{t}_no_{v}": _POSTGRESQL.format(table=t, verb=v, event=v.upper()) for t, v in pairs}
        return Triggers(made, {_REFUSE: _REFUSES})
    made = {f"{t}_no_{v}": _FIXED.format(table=t, verb=v) for t in fixed for v in ("update", "delete")}
    made |= {f"{t}_no_replace": _UNIQUE.format(table=t, taken=_TAKEN[t]) for t in fixed}
    for table in (t for t in tables if t not in EXEMPT):
        changes = ["insert"] if table in IMMUTABLE else ["insert", "update", "delete"]
        own = int(table.startswith(OWN_TABLES))
        made |= {f"{table}_door_{v}": _GUARDED.format(table=table, verb=v, own=own) for v in changes}
    return Triggers(made)
