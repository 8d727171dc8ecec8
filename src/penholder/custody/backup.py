"""Backups: the database and the files in one folder, the keys (if at all) in another; each verified when made."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from penholder.actions import moment
from penholder.custody import postgresql
from penholder.custody.day_times import settle_times
from penholder.custody.errors import BackupError, DamagedBackupError
from penholder.custody.files import make_private
from penholder.custody.manifest import Manifest, read_manifest, write_manifest
from penholder.custody.snapshot import DUMP, ERASURES, KEYS, SQLITE, Snapshot, snapshot_of
from penholder.kernel.home import CONFIGURATION
from penholder.ledger import store
from penholder.vault.durable import sync_folder
from penholder.vault.store import keys

_PUBLIC = (CONFIGURATION, "verifier-key")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and verified. `keys`: where the keys went, if anywhere."""

    folder: Path
    manifest: Manifest
    keys: Path | None


def backup(to: Path | None = None, *, keys_to: Path | None = None) -> Backup:
    """Copy the database and the files into a new folder in `to` (default: backups/ in the home), and verify it.

    The keys are not in it: with them an erasure would be undone, so they go to `keys_to`, a place of its own, or
    nowhere. Raises: BackupError, DamagedBackupError; then nothing is left.
    """
    home: Path = settings.PENHOLDER_HOME
    place = to or home / "backups"
    if keys_to is not None:
        _check_apart(place, keys_to)
    at = moment.kept()
    store.place_waiting()
    before = store.head()
    with _whole(place, at) as part:
        _copy_data(home, part)
        snapshot = snapshot_of(part, sizes=(before[0],))
        if before[0] and snapshot.roots.get(before[0]) != before[1].root():
            raise DamagedBackupError(
                "the copy does not hold the ledger that this database has", hint="run `penholder fsck`"
            )
        _manifest(part, "data", at, snapshot)
        manifest = read_manifest(part, kind="data")
    made = Backup(place / _name(at), manifest, _backup_keys(home, keys_to, at, snapshot))
    settle_times(made.folder, *([made.keys] if made.keys else []))
    settle_times(place, *([keys_to] if keys_to else []), deep=False)
    return made


def _check_apart(data: Path, keys_to: Path) -> None:
    one, other = data.resolve(), keys_to.resolve()
    if one == other or one in other.parents or other in one.parents:
        raise BackupError(
            f"{keys_to} and {data} lie in each other: keys beside the data would undo every erasure",
            hint="give --keys-to another place, best on another medium",
        )


def _name(at: datetime) -> str:
    return at.strftime("%Y%m%dT%H%M%SZ")


@contextmanager
def _whole(place: Path, at: datetime) -> Iterator[Path]:
    """A folder that gets its name when it is complete, or is removed."""
    final, part = place / _name(at), place / f".{_name(at)}.part"
    try:
        make_private(place) if not place.exists() else None
        if final.exists():
            raise BackupError(f"{final} exists", hint="give another folder, or wait")
        part.mkdir(mode=0o700)
        yield part
        part.rename(final)
        sync_folder(place)
    except (OSError, sqlite3.Error) as error:
        full = (isinstance(error, OSError) and error.errno == errno.ENOSPC) or "disk is full" in str(error)
        said = "there is no space left" if full else getattr(error, "strerror", None) or str(error)
        raise BackupError(f"no backup was made in {place}: {said}", hint="nothing was left; mend it") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy_data(home: Path, part: Path) -> None:
    if connection.vendor == "sqlite":
        copy_sqlite(Path(str(connection.settings_dict["NAME"])), part / SQLITE)
    else:
        postgresql.dump(connection.settings_dict, part / DUMP)
        (part / DUMP).chmod(0o600)
    for name in _PUBLIC:
        if (home / name).is_file():
            shutil.copyfile(home / name, part / name)
    if (home / "files").is_dir():
        shutil.copytree(home / "files", part / "files", ignore=shutil.ignore_patterns("incoming"))
    os.sync()


def copy_sqlite(source: Path, target: Path) -> None:
    """A consistent copy of a database that is in use (SQLite backup API), as one file."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as reading,
        closing(sqlite3.connect(target)) as writing,
    ):
        reading.backup(writing)
        writing.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def _backup_keys(home: Path, place: Path | None, at: datetime, snapshot: Snapshot) -> Path | None:
    if place is None:
        return None
    with _whole(place, at) as part:
        keys().copy_to(part / KEYS)
        shutil.copytree(home / "secrets", part / "secrets")
        if (home / ERASURES).is_file():
            shutil.copyfile(home / ERASURES, part / ERASURES)
        _manifest(part, "keys", at, snapshot)
        read_manifest(part, kind="keys")
        os.sync()
    return place / _name(at)


def _manifest(part: Path, kind: str, at: datetime, snapshot: Snapshot) -> None:
    write_manifest(
        part,
        kind=kind,
        at=at,
        origin=settings.PENHOLDER_ORIGIN,
        database=connection.vendor,
        size=snapshot.size,
        root=snapshot.root,
    )
