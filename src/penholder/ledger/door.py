"""Which writes are open at the moment: those of an action, of its book-keeping, or of a migration.

The guard at the database cursor (`actions.guard`) asks here. Only `actions`, `ledger` and `vault` open the doors.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

EXEMPT = frozenset({"django_session", "django_migrations", "penholder_cache"})
"""Tables that hold no fact: sessions, applied migrations, and the counters of the rate limits."""
OWN_TABLES = ("ledger_", "vault_", "actions_")
"""Tables that only the ledger, the vault and the action itself write, never the code inside an action."""


@dataclass(slots=True)
class Door:
    """What is open at the moment: an action, its own bookkeeping, or a migration."""

    own: bool = False
    migrating: bool = False
    touched: dict[str, int] = field(default_factory=dict)
    """Rows written by table, those of the action's own tables left out."""
    thread: int = field(default_factory=threading.get_ident)
    """A door is open in one thread: another one has another connection, and so another transaction."""


_door: ContextVar[Door | None] = ContextVar("penholder_door", default=None)
_writing: ContextVar[bool] = ContextVar("penholder_writing", default=False)


def current_door() -> Door | None:
    """The door that is open in this context and thread, if any."""
    door = _door.get()
    return door if door is not None and door.thread == threading.get_ident() else None


def is_open() -> bool:
    """Is an action or a migration open in this context?"""
    return current_door() is not None


def admits(*, own: bool) -> bool:
    """May a row be written now? `own`: a row of the tables that only the book-keeping writes."""
    door = current_door()
    return door is not None and (door.own or door.migrating or not own)


@contextmanager
def writing() -> Iterator[None]:
    """Say that the transaction that is about to begin will write (it may begin before a door is open)."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def will_write() -> bool:
    """Will a transaction that begins now write? On PostgreSQL it then takes the role of the writers."""
    return _writing.get() or is_open()


@contextmanager
def action_door() -> Iterator[Door]:
    """Open the door for the code of one action. Only `actions.action` does this."""
    token = _door.set(Door())
    try:
        yield _door.get() or Door()
    finally:
        _door.reset(token)


@contextmanager
def own_door() -> Iterator[None]:
    """Open the door for the book-keeping of the action, the ledger and the outbox."""
    token = _door.set(Door(own=True))
    try:
        yield
    finally:
        _door.reset(token)


@contextmanager
def migration_door() -> Iterator[None]:
    """Open the door for `penholder init` and `penholder upgrade`, which change the shape of the tables."""
    token = _door.set(Door(migrating=True))
    try:
        yield
    finally:
        _door.reset(token)
