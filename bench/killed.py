"""Where `bench.soak_kill` kills: on SQLite or on PostgreSQL, and how the books are read past Django."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg

from bench.books import BrokenPromiseError, History
from tests.postgresql import ROLES, Cluster

Acts = Sequence[tuple[int, str]]
"""Number and run of entries that were acknowledged."""


class Killed(Protocol):
    """One installation."""

    has_server: bool
    options: tuple[str, ...]
    """What `penholder init` is told of the database."""

    def check(self, history: History, acts: Acts, *, may_wait: bool) -> int:
        """Compare the books with the history so far; gives the size of the log. Raises: BrokenPromiseError."""

    def check_pages(self) -> None:
        """Look through the stored pages. Raises: BrokenPromiseError."""

    def crash(self) -> None:
        """Stop the server in the middle of everything."""

    def restart(self) -> None:
        """Start it again: it recovers what it promised."""

    def close(self) -> None:
        """Stop and remove it."""


class OnSqlite:
    """There is no server: the processes themselves write the file."""

    has_server = False
    options: tuple[str, ...] = ()

    def __init__(self, home: Path) -> None:
        self._file = home / "casework.sqlite3"

    def check(self, history: History, acts: Acts, *, may_wait: bool) -> int:
        """Entries get their places with the act: none waits, whatever is allowed."""
        return history.check(self._file, acts)

    def check_pages(self) -> None:
        """`PRAGMA integrity_check`."""
        with closing(sqlite3.connect(self._file)) as bare:
            found = bare.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise BrokenPromiseError(f"the database file is damaged: {found[0][0]}")

    def crash(self) -> None:
        """Nothing to stop."""

    def restart(self) -> None:
        """Nothing to start."""

    def close(self) -> None:
        """Its folder goes with the home."""


class OnPostgresql:
    """A server of its own, which waits for the disk as in production."""

    has_server = True

    def __init__(self) -> None:
        self._cluster = Cluster(durable=True)
        self._name = self._cluster.create()
        host = quote(str(self._cluster.folder), safe="")
        address = f"postgresql://{ROLES.application}@{host}/{self._name}"
        roles = ("--database-owner", ROLES.owner, "--database-writer", ROLES.writer)
        self.options: tuple[str, ...] = ("--database-url", address, *roles)

    def check(self, history: History, acts: Acts, *, may_wait: bool) -> int:
        """Entries that were killed between their act and their place may wait for it; they are not lost."""
        with self._cluster.connect(self._name) as bare:
            # Places may reach the disk later than their acts, until something is signed. What is read here goes
            # into the history, so it must stay: a synchronous commit takes all before it to the disk.
            bare.execute("SELECT pg_current_xact_id()")
            return history.check_on(bare, acts, may_wait=may_wait)

    def check_pages(self) -> None:
        """pg_amcheck: all tables and indexes."""
        try:
            self._cluster.check_pages(self._name)
        except RuntimeError as error:
            raise BrokenPromiseError(f"the database is damaged: {error}") from error

    def crash(self) -> None:
        """`pg_ctl stop -m immediate`: no checkpoint, no goodbye; the next start recovers from the log."""
        self._cluster.crash()

    def restart(self) -> None:
        """Until it answers."""
        self._cluster.start(durable=True)
        with self._cluster.connect(self._name) as bare:
            if bare.execute("SELECT pg_is_in_recovery()").fetchone() != (False,):
                raise BrokenPromiseError("the server does not come back for writing")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._cluster.stop()


def is_away(error: BaseException) -> bool:
    """Does it say that the server went away, and nothing worse?"""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, psycopg.OperationalError | psycopg.InterfaceError):
            return True
        seen = seen.__cause__
    return False
