"""Nothing is written outside an action: the database cursor asks here before every statement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from penholder.actions.errors import WriteOutsideActionError
from penholder.ledger.door import current_door

EXEMPT = frozenset({"django_session", "django_migrations", "penholder_cache"})
"""Tables that hold no fact: sessions, applied migrations, and the counters of the rate limits."""
OWN_TABLES = ("ledger_", "vault_", "actions_")
"""Tables that only the ledger, the vault and the action itself write, never the code inside an action."""

_COMMENT = re.compile(r"^\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*", re.DOTALL)
_READS = ("SELECT", "EXPLAIN", "SHOW", "VALUES", "FETCH", "DECLARE", "CLOSE")
_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "START", "END", "SET")
_PRAGMAS = ("foreign_key_check", "foreign_keys", "table_info", "table_xinfo", "table_list", "index_list",
            "index_info", "index_xinfo", "foreign_key_list", "journal_mode", "synchronous", "integrity_check",
            "quick_check", "database_list", "page_count", "page_size", "compile_options", "busy_timeout",
            "wal_checkpoint", "defer_foreign_keys", "user_version", "secure_delete")  # fmt: skip
_TARGET = re.compile(
    r"(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?)\s+"
    r"(?:\"?\w+\"?\.)?[\"`]?(\w+)[\"`]?",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|INTO|TRUNCATE|DROP|ALTER|CREATE|COPY|GRANT|DO|CALL)\b", re.I)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\[[^\]]*\]|`[^`]*`")
_LOCKING = re.compile(r"\bFOR\s+(?:NO\s+KEY\s+)?UPDATE\b", re.IGNORECASE)


class Kind(Enum):
    """What a statement does."""

    READ = "read"
    WRITE = "write"
    OTHER = "other"
    """Anything that is not known to be a read: refused outside an action, and inside one too."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What is known of one SQL statement."""

    kind: Kind
    table: str = ""


@lru_cache(maxsize=4096)
def read_statement(sql: str) -> Statement:
    """Say what a statement does. Whatever is not surely a read counts as a write or worse."""
    text = _COMMENT.sub("", sql, count=1).strip().rstrip(";").strip()
    bare = _QUOTED.sub("''", text)
    word = (re.match(r"[A-Za-z]+", text) or [""])[0].upper()
    if ";" in bare or "--" in bare or "/*" in bare:
        return Statement(Kind.OTHER)
    target = _TARGET.match(text)
    if target:
        return Statement(Kind.WRITE, target[1].lower())
    if word in _READS or word == "WITH":
        hidden = _HIDDEN.search(_LOCKING.sub("", bare))
        return Statement(Kind.OTHER if hidden or "ANALYZE" in bare.upper().split() else Kind.READ)
    if word in _CONTROL:
        return Statement(Kind.READ)
    if word == "PRAGMA":
        named = re.match(r"PRAGMA\s+(\w+)", text, re.IGNORECASE)
        return Statement(Kind.READ if named and named[1].lower() in _PRAGMAS else Kind.OTHER)
    return Statement(Kind.OTHER)


def admit(sql: str) -> Statement:
    """Let a statement through, or refuse it.

    Raises: WriteOutsideActionError where no action is open, or the code of an action writes to the tables of
    the ledger or of the actions themselves.
    """
    statement = read_statement(sql)
    if statement.kind is Kind.READ or statement.table in EXEMPT:
        return statement
    door = current_door()
    if door is None:
        raise WriteOutsideActionError(
            f"a write to {statement.table or 'the database'} was refused: it is outside an action",
            hint="change state only through an action: `penholder act --help`, a form of the site, or the API",
        )
    if door.migrating:
        return statement
    if statement.kind is Kind.OTHER:
        raise WriteOutsideActionError(
            "a statement was refused that is neither a plain read nor a plain INSERT, UPDATE or DELETE",
            hint="write one plain statement at a time",
        )
    if not door.own and statement.table.startswith(OWN_TABLES):
        raise WriteOutsideActionError(
            f"a write to {statement.table} was refused: the action does its own book-keeping",
            hint="use run.record(...)",
        )
    return statement


def touched(statement: Statement, rows: int) -> None:
    """Note rows that a write has changed (`rows` below 0: the driver does not say; counts as one)."""
    door = current_door()
    if statement.kind is Kind.WRITE and door is not None and not door.own and statement.table not in EXEMPT:
        door.touched[statement.table] = door.touched.get(statement.table, 0) + (rows if rows >= 0 else 1)
