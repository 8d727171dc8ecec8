"""Put a release into a data folder: whole or not at all.

Everything is written to a hidden folder beside the releases, forced to disk, moved into place by one rename,
and only then named in the catalogue, which is itself replaced by one rename. A process that is killed at any
point leaves the old catalogue, so the old data stand; what it left behind is swept away by the next import.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from penholder.analysis.releases.catalogue import (
    CATALOGUE,
    Catalogue,
    Release,
    catalogue_json,
    read_catalogue_or_empty,
)
from penholder.kernel.errors import FolderError

_INCOMING = ".incoming-"


@contextmanager
def incoming(folder: Path) -> Iterator[Path]:
    """Hold the folder's write lock and give a fresh hidden folder to write a release into.

    The hidden folder is removed at the end unless `commit` moved it. An OSError (no space left, no permission)
    becomes a FolderError; the old data are untouched.
    """
    existed = folder.exists()
    read_catalogue_or_empty(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            _sweep(folder)
            staging = folder / f"{_INCOMING}{os.getpid()}"
            staging.mkdir()
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise FolderError(
            f"cannot write to {folder}: {error.strerror or error}",
            hint="nothing was changed; free some space or mend the permissions, and import again",
        ) from error
    finally:
        if not existed:
            _remove_if_unused(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(
                f"{folder} is in use by another import", hint="wait until it has ended, then try again"
            ) from error
        yield


def _sweep(folder: Path) -> None:
    for left in folder.glob(f"{_INCOMING}*"):
        shutil.rmtree(left, ignore_errors=True)
    named = {r.id for r in read_catalogue_or_empty(folder).releases}
    for orphan in (folder / "releases").glob("*"):
        if orphan.name not in named:
            shutil.rmtree(orphan, ignore_errors=True)


def _remove_if_unused(folder: Path) -> None:
    if folder.is_dir() and not (folder / CATALOGUE).exists():
        with contextlib.suppress(OSError):
            (folder / ".lock").unlink(missing_ok=True)
            folder.rmdir()


def commit(folder: Path, staging: Path, release: Release) -> Catalogue:
    """Move a complete staging folder into place and name it in the catalogue. Call inside `incoming`.

    The same rows under the same id change nothing. Other rows under the same id (the source was read in another
    way) stand beside the old ones as `<id>-2` and, being recorded later, are the ones in use.
    """
    old = read_catalogue_or_empty(folder)
    if any(r.id == release.id and r.data_sets == release.data_sets for r in old.releases):
        return old
    release = replace(release, id=_free_id(release.id, {r.id for r in old.releases}))
    target = folder / "releases" / release.id
    target.parent.mkdir(exist_ok=True)
    for path in staging.iterdir():
        _sync(path)
    _sync(staging)
    staging.rename(target)
    _sync(target.parent)
    _replace_file(folder / CATALOGUE, catalogue_json((*old.releases, release)))
    return Catalogue(folder, (*old.releases, release))


def _free_id(wanted: str, taken: set[str]) -> str:
    numbered = (f"{wanted}-{k}" for k in count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)


def _replace_file(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.new")
    with fresh.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
