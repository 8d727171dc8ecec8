"""What a backup holds: a manifest with the hash of every file, and the head of the ledger in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from penholder import __version__
from penholder.custody.errors import BackupError, DamagedBackupError
from penholder.custody.files import write_whole
from penholder.kernel.canonical import sha256_of_file
from penholder.kernel.clock import stamp

MANIFEST = "manifest.json"
_FORMAT = 1
_KEYS = {"penholder_backup", "version", "kind", "made_at", "origin", "database", "size", "root", "files"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """`kind`: "data" or "keys". `database`: "sqlite" or "postgresql". `root` in hex. `files`: path -> sha256."""

    kind: str
    made_at: str
    origin: str
    database: str
    size: int
    root: str
    files: dict[str, str]


def write_manifest(
    folder: Path, *, kind: str, at: datetime, origin: str, database: str, size: int, root: bytes
) -> Manifest:
    """Hash every file of the folder and write the manifest; it is durable then."""
    files = {path: sha256_of_file(folder / path) for path in _paths(folder)}
    made = Manifest(kind, stamp(at), origin, database, size, root.hex(), files)
    content: dict[str, Any] = {"penholder_backup": _FORMAT, "version": __version__}
    content |= {name: getattr(made, name) for name in Manifest.__dataclass_fields__}
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    write_whole(folder / MANIFEST, text.encode(), mode=0o600)
    return made


def read_manifest(folder: Path, *, kind: str) -> Manifest:
    """Read a backup's manifest and check every file against it.

    Raises: BackupError: there is no such folder. DamagedBackupError: no manifest, another kind, a file missing,
        changed, or too many.
    """
    if not folder.is_dir():
        raise BackupError(f"there is no folder {folder}", hint="give a folder that `penholder backup` made")
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedBackupError(
            f"{folder} has no {MANIFEST} that can be read", hint="give a folder that `penholder backup` made"
        ) from error
    if not isinstance(content, dict) or set(content) != _KEYS or content["penholder_backup"] != _FORMAT:
        raise DamagedBackupError(
            f"{folder / MANIFEST} is not of this version", hint="use the version that made it"
        )
    made = Manifest(**{name: content[name] for name in Manifest.__dataclass_fields__})
    if made.kind != kind:
        raise DamagedBackupError(
            f"{folder} is a backup of {made.kind}, not of {kind}", hint="give the other folder"
        )
    found = set(_paths(folder))
    for path in sorted(found ^ set(made.files)):
        said = "is missing" if path in made.files else "is not in the manifest"
        raise DamagedBackupError(f"{folder}: {path} {said}", hint="use another backup")
    for path, wanted in made.files.items():
        if sha256_of_file(folder / path) != wanted:
            raise DamagedBackupError(f"{folder}: {path} was changed since", hint="use another backup")
    return made


def _paths(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            yield path.relative_to(folder).as_posix()
