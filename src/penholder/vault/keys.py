"""The key store: one 32-byte key per subject, in a SQLite file of its own that is in no dump of the database.

Durability: synchronous=EXTRA: a key is on the disk, its directory entry too, before anything is sealed under it.
Destruction: the 32 bytes are overwritten in place, and so is the rollback journal that held the page as it was
before; only then is the journal unlinked. After `destroy` no file of the store holds the key. What a file system
or a solid-state disk keeps of overwritten blocks is out of our reach: docs/explanation/erasure.md.

Keys and names are in two tables with growing row ids: their cells never change size and pages are never split, so
no stale copy of a key remains in a page (secure_delete=ON zeroes what SQLite itself frees).
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
import stat
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

from penholder.vault.crypto import KEY_BYTES
from penholder.vault.durable import sync_folder
from penholder.vault.errors import (
    KeyDestroyedError,
    KeyMissingError,
    KeyStoreError,
    VaultError,
    VaultIntegrityError,
)

_APPLICATION = 0x504E484B  # "PNHK"
_FORMAT = 1
_BUSY_SECONDS = 30
_BLOCK = 1 << 16
MAX_SUBJECT = 200
_SCHEMA = f"""
PRAGMA application_id={_APPLICATION};
PRAGMA user_version={_FORMAT};
CREATE TABLE subject (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND {MAX_SUBJECT}),
    destroyed INTEGER NOT NULL DEFAULT 0 CHECK (destroyed IN (0, 1))
) STRICT;
CREATE TABLE secret (
    id INTEGER PRIMARY KEY REFERENCES subject (id),
    bytes BLOB NOT NULL CHECK (length(bytes) = {KEY_BYTES})
) STRICT;
"""
_READ = "SELECT s.name, s.destroyed, k.bytes FROM subject s LEFT JOIN secret k ON k.id = s.id WHERE s.name "
_INSERT = "INSERT INTO subject (name) VALUES (?) ON CONFLICT (name) DO NOTHING"
_ONE = _READ + "= ?"
_MANY = _READ + "IN (SELECT value FROM json_each(?))"
_FEW = tuple(" UNION ALL ".join([_ONE] * number) for number in range(4))
"""As _MANY, in half the time: most acts have two or three subjects."""


class _Process:
    """The number of this process, without asking the system each time: it changes in a child alone."""

    def __init__(self) -> None:
        self.id = os.getpid()

    def begin(self) -> None:
        """In a child, right after the fork."""
        self.id = os.getpid()


_process = _Process()
os.register_at_fork(after_in_child=_process.begin)


class KeyStore:
    """The keys of all subjects. May be used by many threads and processes at once.

    No key is kept in an object after the call that asked for it. Never open the file by other means in a process
    that uses the store: closing it would drop SQLite's locks (sqlite.org/howtocorrupt.html section 2.2).
    """

    def __init__(self, path: Path) -> None:
        """Open an existing store.

        Raises: KeyStoreError if it is missing (a new one would hide the loss), readable by others, or not ours.
        """
        self._path = path
        self._lock_path = path.with_name(path.name + ".lock")
        self._journal_path = path.with_name(path.name + "-journal")
        self._idle: deque[sqlite3.Connection] = deque()
        self._of_parent: list[deque[sqlite3.Connection]] = []
        self._process = _process.id
        _check_private(path)
        self._check_format()
        if self._journal_path.exists():  # left by a process that was killed
            with self._writing():
                pass

    @classmethod
    def create(cls, path: Path) -> KeyStore:
        """Make an empty store (folder 0700, file 0600) where there is none, and open it."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            draft = path.with_name(f"{path.name}.{os.urandom(8).hex()}.new")
            os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous=EXTRA")
                connection.executescript(_SCHEMA)
            with suppress(FileExistsError):  # another process was faster: its store counts
                os.link(draft, path)
            draft.unlink()
            sync_folder(path.parent)
        return cls(path)

    def key_for(self, subject: str) -> bytes:
        """The key of a subject, made and durable where there was none.

        Raises: KeyDestroyedError if the subject was erased.
        """
        with self._reading() as connection:
            row = connection.execute(_ONE, (subject,)).fetchone()
        return self.keys_for((subject,))[subject] if row is None else _living(row)

    def keys_for(self, subjects: Collection[str]) -> dict[str, bytes]:
        """The keys of several subjects; the missing ones are made in one durable transaction.

        Raises: KeyDestroyedError if one of them was erased; then none is made.
        """
        found = self._read(subjects)
        missing = [_checked(s) for s in dict.fromkeys(subjects) if s not in found]
        if not missing:
            return found
        with self._writing() as connection:
            for subject in missing:
                made = connection.execute(_INSERT, (subject,))
                if made.rowcount:
                    row = (made.lastrowid, os.urandom(KEY_BYTES))
                    connection.execute("INSERT INTO secret (id, bytes) VALUES (?, ?)", row)
        return self._read(subjects)

    def read(self, subject: str) -> bytes:
        """The key of a subject; never makes one. Raises: KeyMissingError; KeyDestroyedError."""
        with self._reading() as connection:
            row = connection.execute(_ONE, (subject,)).fetchone()
        if row is None:
            raise KeyMissingError(
                "there is no key for this subject in the key store",
                hint="if the store was restored from a backup, it is older than the data: restore a newer one",
            )
        return _living(row)

    def read_living(self, subjects: Collection[str]) -> dict[str, bytes]:
        """The keys of those subjects that have one; destroyed and missing ones are left out."""
        with self._reading() as connection:
            rows = connection.execute(_MANY, (json.dumps(list(subjects)),)).fetchall()
        return {row[0]: _living(row) for row in rows if not row[1]}

    def destroy(self, subject: str) -> bool:
        """Destroy the key of a subject for ever; True if there was a living one. Repeating is harmless."""
        return self.destroy_all((subject,)) == 1

    def destroy_all(self, subjects: Collection[str]) -> int:
        """Destroy several keys in one durable transaction; gives how many were living. Unknown ones get a
        tombstone, so that they never get a key."""
        if not subjects:
            return 0
        with self._writing() as connection:
            living = 0
            for subject in dict.fromkeys(map(_checked, subjects)):
                row = connection.execute("SELECT id, destroyed FROM subject WHERE name = ?", (subject,)).fetchone()
                if row is None:
                    connection.execute("INSERT INTO subject (name, destroyed) VALUES (?, 1)", (subject,))
                elif not row[1]:
                    living += 1
                    connection.execute("UPDATE secret SET bytes = zeroblob(?) WHERE id = ?", (KEY_BYTES, row[0]))
                    connection.execute("UPDATE subject SET destroyed = 1 WHERE id = ?", (row[0],))
        self.close()  # idle connections hold pages as they were
        return living

    def exists(self, subject: str) -> bool:
        """Does the subject have a living key?"""
        return self._count("SELECT count(*) FROM subject WHERE name = ? AND NOT destroyed", subject) == 1

    def is_destroyed(self, subject: str) -> bool:
        """Was the key of the subject destroyed?"""
        return self._count("SELECT count(*) FROM subject WHERE name = ? AND destroyed", subject) == 1

    def count(self) -> int:
        """How many living keys there are."""
        return self._count("SELECT count(*) FROM subject WHERE NOT destroyed")

    def copy_to(self, target: Path) -> None:
        """A consistent copy for the backup of the keys, which is kept apart from that of the database.

        Raises: KeyStoreError if `target` exists.
        """
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError as error:
            raise KeyStoreError(f"{target} exists already", hint="name a file that does not exist") from error
        try:
            with self._reading() as connection, closing(sqlite3.connect(target, isolation_level=None)) as copy:
                copy.execute("PRAGMA synchronous=EXTRA")
                connection.backup(copy)
        except BaseException:
            target.unlink()
            raise
        sync_folder(target.parent)

    def close(self) -> None:
        """Close the connections that are not in use. The store opens new ones when it is asked again."""
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()

    def __del__(self) -> None:
        if getattr(self, "_process", None) == os.getpid():
            self.close()

    def _count(self, sql: str, *parameters: str) -> int:
        with self._reading() as connection:
            return int(connection.execute(sql, parameters).fetchone()[0])

    def _read(self, subjects: Collection[str]) -> dict[str, bytes]:
        few = 0 < len(subjects) < len(_FEW)
        with self._reading() as connection:
            if few:
                rows = connection.execute(_FEW[len(subjects)], [*subjects]).fetchall()
            else:
                rows = connection.execute(_MANY, (json.dumps([*subjects]),)).fetchall()
        return {row[0]: _living(row) for row in rows}

    def _check_format(self) -> None:
        with self._reading() as connection:
            found = [
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
            ]
        if found != [_APPLICATION, _FORMAT]:
            raise KeyStoreError(
                f"{self._path} is no key store of this version (format {found[1]}, needed {_FORMAT})",
                hint="run the version of Penholder that made it, or `penholder upgrade`",
            )

    def _reading(self) -> _Lent:
        """A connection from the idle ones. Connections never cross a fork (sqlite.org/howtocorrupt 2.6)."""
        if self._process != _process.id:
            self._of_parent.append(self._idle)  # never closed here: they belong to the process before the fork
            self._idle, self._process = deque(), _process.id
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
        return _Lent(connection, self._idle, self._path)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction, one writer at a time; the journal is wiped before the next one may begin."""
        try:
            with self._locked(), self._reading() as connection:
                connection.execute("BEGIN IMMEDIATE")  # also rolls back what a killed writer left
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
                finally:
                    self._wipe_journal()
        except OSError as error:
            raise KeyStoreError(
                f"the key store {self._path} cannot be written: {error.strerror}",
                hint="see disk space and permissions",
            ) from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = os.open(self._lock_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _wipe_journal(self) -> None:
        """Overwrite the journal of a finished transaction with zeros, then unlink it.

        journal_mode=PERSIST ends a transaction by zeroing the header (durably); a journal whose header is not zero
        is one that SQLite still needs, and is left alone.
        """
        try:
            with self._journal_path.open("r+b", buffering=0) as journal:
                size = journal.seek(0, os.SEEK_END)
                journal.seek(0)
                if any(journal.read(8)):
                    return
                journal.seek(0)
                for start in range(0, size, _BLOCK):
                    journal.write(bytes(min(_BLOCK, size - start)))
                os.fsync(journal.fileno())
            self._journal_path.unlink()
            sync_folder(self._path.parent)
        except FileNotFoundError:
            return

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=rw",  # never makes an empty file
                uri=True,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            for setting in ("secure_delete=ON", "synchronous=EXTRA", "cache_size=0", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {setting}")
            mode = connection.execute("PRAGMA journal_mode=PERSIST").fetchone()[0]
        except sqlite3.Error as error:
            raise _restated(self._path, error) from error
        if mode != "persist":
            raise KeyStoreError(
                f"{self._path}: journal mode {mode!r} cannot be used", hint="it was opened otherwise"
            )
        return connection


class _Lent(AbstractContextManager[sqlite3.Connection]):
    """A connection while it is used: idle again after that, or closed where it failed."""

    def __init__(self, connection: sqlite3.Connection, idle: deque[sqlite3.Connection], path: Path) -> None:
        self._connection, self._idle, self._path = connection, idle, path

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            self._idle.append(self._connection)
            return
        self._connection.close()
        if isinstance(error, sqlite3.Error):
            raise _restated(self._path, error) from error


def _checked(subject: str) -> str:
    if not 1 <= len(subject) <= MAX_SUBJECT or not subject.isprintable():
        raise VaultError(f"an id of a subject has 1 to {MAX_SUBJECT} printable characters", hint="use kernel.ids")
    return subject


def _living(row: tuple[str, int, bytes | None]) -> bytes:
    if row[1]:
        raise KeyDestroyedError(
            "the data of this subject were erased; their key does not exist any more",
            hint="the ledger says when and on what ground: look for the entry SubjectErased",
        )
    if row[2] is None or not any(row[2]):
        raise VaultIntegrityError("the key store holds no key for a living subject", hint="restore the key store")
    return row[2]


def _check_private(path: Path) -> None:
    try:
        file, folder = path.stat(), path.parent.stat()
    except OSError as error:
        raise KeyStoreError(
            f"the key store {path} cannot be opened: {error.strerror}",
            hint="`penholder init` makes it; after a loss restore it from its own backup",
        ) from error
    if stat.S_IMODE(file.st_mode) & 0o077:
        raise KeyStoreError(f"{path} can be read by other users", hint=f"run: chmod 600 {path}")
    if stat.S_IMODE(folder.st_mode) & 0o022:
        raise KeyStoreError(f"the folder {path.parent} can be written by other users", hint="run chmod 700 on it")


def _restated(path: Path, error: sqlite3.Error) -> KeyStoreError | VaultIntegrityError:
    if isinstance(error, sqlite3.OperationalError):
        return KeyStoreError(
            f"the key store {path} cannot be used: {error}", hint="see disk space and permissions"
        )
    return VaultIntegrityError(f"the key store {path} is damaged: {error}", hint="restore it from its own backup")
