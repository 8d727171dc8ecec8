"""Which writes are open at the moment: those of an action, of its book-keeping, or of a migration.

The guard at the database cursor (`actions.guard`) asks here. Only `actions`, `ledger` and `vault` open the doors.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

EXEMPT = frozenset({"django_session", "django_migrations", "penholder_cache"})
"""Tables that hold no fact: sessions, applied migrations, and the counters of the rate limits."""
OWN_TABLES = ("ledger_", "vault_", "actions_")
"""Tables that only the ledger, the vault and the action itself write, never the code inside an action."""


@dataclass(slots=True)
class Announced:
    """A transaction that will write. It is open for one connection, in one thread, and until it is closed."""

    connection: object | None = None
    """Key of the connection: the first one that asks."""
    closed: bool = False
    """A context that was copied keeps what was open in it."""
    thread: int = field(default_factory=threading.get_ident)
    """Another thread has another connection, and so another transaction."""

    def is_open_for(self, by: object | None) -> bool:
        """Is it still open, here, and for this connection? None: for any."""
        if self.closed or self.thread != threading.get_ident():
            return False
        if by is None or self.connection is by:
            return True
        if self.connection is None:
            self.connection = by
            return True
        return False


@dataclass(slots=True)
class Door(Announced):
    """What is open at the moment: an action, its own bookkeeping, or a migration."""

    own: bool = False
    migrating: bool = False
    touched: dict[str, int] = field(default_factory=dict)
    """Rows written by table, those of the action's own tables left out."""
    exempt: bool = False
    """Was a table written that holds no fact?"""
    records: list[Any] = field(default_factory=list)
    """What the action has recorded. What was recorded since a savepoint goes when it is rolled back."""
    savepoints: list[tuple[str, int]] = field(default_factory=list)
    """Name of each open savepoint, and how much was recorded before it."""

    def follow(self, verb: str, savepoint: str) -> None:
        """A savepoint was made, released or rolled back: SAVEPOINT, RELEASE or ROLLBACK."""
        if verb == "SAVEPOINT":
            self.savepoints.append((savepoint, len(self.records)))
            return
        while self.savepoints:
            name, recorded = self.savepoints.pop()
            if name == savepoint:
                if verb == "ROLLBACK":
                    del self.records[recorded:]
                    self.savepoints.append((name, recorded))
                return


_door: ContextVar[Door | None] = ContextVar("penholder_door", default=None)
_writing: ContextVar[Announced | None] = ContextVar("penholder_writing", default=None)


def current_door(*, by: object | None = None) -> Door | None:
    """The door that is open in this context and thread, if any. `by`: key of the connection that asks."""
    door = _door.get()
    return door if door is not None and door.is_open_for(None if door.migrating else by) else None


def is_open() -> bool:
    """Is an action or a migration open in this context?"""
    return current_door() is not None


def admits(*, own: bool, by: object | None = None) -> bool:
    """May a row be written now? `own`: a row of the tables that only the book-keeping writes."""
    door = _door.get()
    if door is None or not (door.own or door.migrating or not own):
        return False
    return door.is_open_for(None if door.migrating else by)


@contextmanager
def writing() -> Iterator[None]:
    """Say that the transaction that is about to begin will write (it may begin before a door is open)."""
    announced = Announced()
    token = _writing.set(announced)
    try:
        yield
    finally:
        announced.closed = True
        _writing.reset(token)


def will_write(*, by: object) -> bool:
    """Will a transaction that this connection begins now write? On PostgreSQL it then takes the writers' role."""
    announced = _writing.get()
    return (announced is not None and announced.is_open_for(by)) or current_door(by=by) is not None


def action_door(records: list[Any] | None = None) -> AbstractContextManager[Door]:
    """Open the door for the code of one action. Only `actions.action` does this. `records`: its list of events."""
    return _Opened(Door(records=[] if records is None else records))


def own_door() -> AbstractContextManager[Door]:
    """Open the door for the book-keeping of the action, the ledger and the outbox."""
    return _Opened(Door(own=True))


def migration_door() -> AbstractContextManager[Door]:
    """Open the door for `penholder init` and `penholder upgrade`, which change the shape of the tables."""
    return _Opened(Door(migrating=True))


class _Opened(AbstractContextManager[Door]):
    """A door for as long as a block runs. (A class: a generator would cost each act twice as much.)"""

    __slots__ = ("_door", "_token")

    def __init__(self, door: Door) -> None:
        self._door = door

    def __enter__(self) -> Door:
        door = self._door
        for outer in (_door.get(), _writing.get()):
            if door.connection is None and outer is not None and outer.is_open_for(None):
                door.connection = outer.connection
        self._token = _door.set(door)
        return door

    def __exit__(self, *_: object) -> None:
        self._door.closed = True
        _door.reset(self._token)
