"""The ledger in a copy of the database, read without Django: size and root computed from its entries alone."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from penholder.custody import postgresql
from penholder.custody.errors import DamagedBackupError
from penholder.ledger.merkle import Frontier, leaf_hash

SQLITE, DUMP = "casework.sqlite3", "casework.dump"
KEYS, ERASURES = "keys.sqlite3", "erasures.jsonl"
_ENTRIES = "SELECT p.seq, e.body FROM ledger_place p JOIN ledger_entry e ON e.id = p.entry_id ORDER BY p.seq"
_HEAD = "SELECT size, root FROM ledger_head ORDER BY size DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many entries, the root over them, and the roots at the sizes that were asked for."""

    size: int
    root: bytes
    roots: dict[int, bytes] = field(default_factory=dict)


def snapshot_of(folder: Path, *, sizes: tuple[int, ...] = ()) -> Snapshot:
    """Put the database of a backup into a temporary place, check it, and compute its root.

    Raises: DamagedBackupError; BackupError (no client programs of PostgreSQL).
    """
    with tempfile.TemporaryDirectory(prefix="penholder-verify-") as temporary:
        copy = Path(temporary) / SQLITE
        if (folder / DUMP).is_file():
            postgresql.ledger_of(folder / DUMP, copy)
        else:
            shutil.copyfile(folder / SQLITE, copy)
        return read_snapshot(copy, sizes=sizes)


def read_snapshot(database: Path, *, sizes: Collection[int] = ()) -> Snapshot:
    """Check a copy of an SQLite database, and compute its root anew.

    Raises: DamagedBackupError: the file is damaged, or its entries do not lead to its newest head.
    """
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise DamagedBackupError(
                    f"the copy of the database is damaged: {found}", hint="make another backup"
                )
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
            if broken is not None:
                raise DamagedBackupError(
                    f"the copy of the database has a row in {broken[0]} whose other half is missing",
                    hint="make another backup",
                )
            head = connection.execute(_HEAD).fetchone()
            return _walked(connection.execute(_ENTRIES), head, sizes)
    except sqlite3.Error as error:
        raise DamagedBackupError(
            f"the copy of the database cannot be read: {error}", hint="make another backup"
        ) from error


def _walked(rows: Iterable[tuple[int, str]], head: tuple[int, bytes] | None, sizes: Collection[int]) -> Snapshot:
    frontier = Frontier()
    wanted, roots = set(sizes), {}
    for seq, body in rows:
        if seq != frontier.size:
            raise DamagedBackupError(f"place {frontier.size} has no entry", hint="use another backup")
        frontier, _ = frontier.append(leaf_hash(body.encode()))
        if frontier.size in wanted:
            roots[frontier.size] = frontier.root()
    size, root = (head[0], bytes(head[1])) if head else (0, Frontier().root())
    if (frontier.size, frontier.root()) != (size, root):
        raise DamagedBackupError(
            f"its {frontier.size} entries do not lead to its newest head (size {size})", hint="use another backup"
        )
    return Snapshot(size, root, roots)
