"""The catalogue of a release: what it holds, from which heads, by which rules, the hash of every file. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from penholder.publication.errors import ReleaseError

CATALOGUE, NOTE, ANNOUNCED, README = "catalogue.json", "catalogue.note", "announced.receipt", "README.txt"
FORMAT = 1
BESIDE = frozenset({CATALOGUE, NOTE, ANNOUNCED})
"""Files that the catalogue does not name: itself, its signature, and the receipt of its announcement."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What `catalogue.json` says. logs: log -> origin, size, root, witnessed, signed, needed, key."""

    id: str
    called: str
    on: date
    made_at: str
    origin: str
    """Name of the ledger of the public site, whose key signs the catalogue."""
    logs: Mapping[str, Mapping[str, Any]]
    policy: str
    definitions: Mapping[str, int]
    """Table -> version of what it means and how it is made."""
    smallest_cell: int
    rule: str
    software: str
    tables: Mapping[str, Mapping[str, Any]]
    """Table -> means, key, columns, integers, rows, sha256 of the rows."""
    files: Mapping[str, Mapping[str, Any]]
    """File -> sha256, bytes."""
    previous: Mapping[str, Any] | None = None
    """id, sha256 of its catalogue; None: it is the first."""
    reasons: Mapping[str, int] = field(default_factory=dict)
    """Reason -> changed cells since the one before."""

    @property
    def witnessed(self) -> bool:
        """Is the head of every log witnessed as its policy asks?"""
        return all(log["witnessed"] for log in self.logs.values())

    def to_bytes(self) -> bytes:
        """The file: the same catalogue always gives the same bytes."""
        said = {"format": FORMAT} | {n: getattr(self, n) for n in self.__dataclass_fields__}
        text = json.dumps(said | {"on": self.on.isoformat()}, sort_keys=True, indent=1, ensure_ascii=False)
        return f"{text}\n".encode()


def read_catalogue(folder: Path) -> tuple[Catalogue, str]:
    """The catalogue of a release folder, and the SHA-256 of its file. Raises: ReleaseError."""
    path = folder / CATALOGUE
    try:
        data = path.read_bytes()
        said: dict[str, Any] = json.loads(data)
        form = said.pop("format")
        made = Catalogue(**said | {"on": date.fromisoformat(said["on"])})
        _check_shape(made)
    except FileNotFoundError as error:
        raise ReleaseError(f"{folder} is no release: it has no {CATALOGUE}", hint="give its folder") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ReleaseError(f"{path} cannot be read as a catalogue", hint="get the release again") from error
    if form != FORMAT:
        raise ReleaseError(f"{path} is of format {form}; this version reads {FORMAT}", hint="install a newer one")
    return made, hashlib.sha256(data).hexdigest()


_LOG = {"origin": str, "size": int, "root": str, "witnessed": bool, "signed": list, "needed": int, "key": str}
_TABLE = {"means": str, "key": list, "columns": list, "integers": list, "rows": int, "sha256": str}
_FILE = {"sha256": str, "bytes": int}


def _check_shape(made: Catalogue) -> None:
    """Raises: ValueError: something in it is missing, or of another type."""
    for held, shape in ((made.logs, _LOG), (made.tables, _TABLE), (made.files, _FILE)):
        for name, facts in held.items():
            if not re.fullmatch(r"[A-Za-z0-9_./-]{1,200}", name) or ".." in name or name.startswith("/"):
                raise ValueError(name)
            if facts.keys() != shape.keys() or any(type(facts[k]) is not kind for k, kind in shape.items()):
                raise ValueError(name)
    if any(type(version) is not int for version in made.definitions.values()):
        raise ValueError(made.definitions)
    texts = (made.id, made.called, made.origin, made.policy, made.rule)
    if not all(isinstance(t, str) for t in texts) or not re.fullmatch(r"[0-9a-f-]{1,60}", made.id):
        raise ValueError(made.id)
    if made.previous is not None and made.previous.keys() != {"id", "sha256"}:
        raise ValueError(made.previous)


def signed_text(catalogue: Catalogue, sha256: str) -> str:
    """What the key of the public ledger signs (a C2SP signed note)."""
    return f"{catalogue.origin}/releases\n{catalogue.id}\n{sha256}\n"


def file_facts(folder: Path) -> dict[str, dict[str, Any]]:
    """Hash and size of every file of a release but those beside its catalogue."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in BESIDE:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            found[name] = {"sha256": digest, "bytes": path.stat().st_size}
    return found


def releases_in(folder: Path) -> list[Path]:
    """The releases in a folder, oldest first: by the day, then by when they were made."""
    found = [p for p in folder.iterdir() if (p / CATALOGUE).is_file()] if folder.is_dir() else []
    return sorted(found, key=lambda p: ((c := read_catalogue(p)[0]).on, c.made_at))
