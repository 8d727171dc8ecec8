"""Which writes are open at the moment: those of an action, of its book-keeping, or of a migration.

The guard at the database cursor (`actions.guard`) asks here. Only `actions`, `ledger` and `vault` open the doors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(slots=True)
class Door:
    """What is open at the moment: an action, its own bookkeeping, or a migration."""

    own: bool = False
    migrating: bool = False
    touched: dict[str, int] = field(default_factory=dict)
    """Rows written by table, those of the action's own tables left out."""


_door: ContextVar[Door | None] = ContextVar("penholder_door", default=None)


def current_door() -> Door | None:
    """The door that is open in this context, if any."""
    return _door.get()


def is_open() -> bool:
    """Is an action or a migration open in this context?"""
    return _door.get() is not None


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
