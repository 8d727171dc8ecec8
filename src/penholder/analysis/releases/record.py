"""One release as the catalogue records it; the text of the catalogue, written, and read with its types checked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

from penholder.kernel.errors import FolderError, IntegrityError

FORMAT = 2
"""Grows with every change of the stored columns. 1 had no column `onward_open`."""


@dataclass(frozen=True, slots=True)
class FileCount:
    """What happened to one source file: read = loaded + quarantined."""

    name: str
    holds: str
    sha256: str
    bytes: int
    read: int
    loaded: int
    quarantined: int
    reasons: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one series of data, as it was loaded."""

    id: str
    kind: str
    series: str
    released: str
    released_stated: bool
    recorded_at: str
    sha256: str
    files: tuple[FileCount, ...]
    data_sets: dict[str, str]
    """Data set name -> sha256 of its Parquet file."""
    licence_key: str = ""
    """What the licence key of this release is (`licence_group`, `licence_id`, ...); empty without lines."""
    attribution: str = ""
    data_licence: str = ""
    reading: str = ""
    """Hash of how it was read: the mapping and the version of the place table."""
    lacks: tuple[str, ...] = ()
    """Parts that this kind of source can have and this one did not: `onward`, `notes`, `criteria`."""

    @property
    def released_on(self) -> date:
        """The day on which the publisher made it public."""
        return date.fromisoformat(self.released)


def catalogue_json(releases: tuple[Release, ...]) -> str:
    """The text of `penholder.json`."""
    body = {"format": FORMAT, "releases": [asdict(r) for r in releases]}
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def read_releases(text: str, *, path: Path) -> tuple[Release, ...]:
    """The releases in the text of `penholder.json`; `path` is only for messages.

    Raises: FolderError for the format of another Penholder; IntegrityError for what no Penholder has written.
    """
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise damaged(path, "it is empty" if not text.strip() else f"it is not JSON ({where})") from error
    except (ValueError, RecursionError) as error:  # a number or a nesting that no program can hold
        raise damaged(path, "it is not JSON that a program can hold") from error
    if not isinstance(content, dict):
        raise damaged(path, "it holds no JSON object")
    _check_format(content.get("format"), path)
    if not isinstance(content.get("releases"), list):
        raise damaged(path, "it has no list of releases")
    named = enumerate(content["releases"], start=1)
    return tuple(_release(record, f"release {number}", path) for number, record in named)


def damaged(path: Path, what: str) -> IntegrityError:
    """The error for a catalogue that is not as Penholder wrote it."""
    return IntegrityError(
        f"{path} is damaged: {what}",
        hint="restore it from a copy; or move the folder away and import the sources again",
    )


def _check_format(version: object, path: Path) -> None:
    if type(version) is not int or version < 1:
        raise damaged(path, "it does not say its format" if version is None else f"there is no format {version!r}")
    if version > FORMAT:
        raise FolderError(f"{path} has format {version}; this Penholder reads {FORMAT}", hint="upgrade Penholder")
    if version < FORMAT:
        raise FolderError(
            f"{path} has format {version}, of an older Penholder; this one reads {FORMAT}",
            hint="import the sources again, into a new folder",
        )


def _release(record: object, name: str, path: Path) -> Release:
    cells = _cells(record, Release, name, path)
    cells["files"] = tuple(
        FileCount(**_cells(file, FileCount, f"{name}, file {number}", path))
        for number, file in enumerate(cells["files"], start=1)
    )
    release = Release(**cells | {"lacks": tuple(cells.get("lacks", ()))})
    try:
        date.fromisoformat(release.released)
    except ValueError as error:
        raise damaged(path, f"{name} was released on {release.released!r}, which is no date") from error
    if release.id != Path(release.id).name or any(n != Path(n).name for n in release.data_sets):
        raise damaged(path, f"{name} leads out of the folder")
    return release


def _cells(record: object, kind: type[Release] | type[FileCount], name: str, path: Path) -> dict[str, Any]:
    """The record, if it has the fields of `kind` with their types, and no others."""
    if not isinstance(record, dict):
        raise damaged(path, f"{name} is not an object")
    allowed = {f.name: f for f in fields(kind)}
    for key in record:
        if key not in allowed:
            raise damaged(path, f"{name} has {key!r}, which Penholder does not write")
    for key, one in allowed.items():
        if key not in record:
            if one.default is MISSING and one.default_factory is MISSING:
                raise damaged(path, f"{name} does not say {key!r}")
        elif not _FITS[str(one.type)](record[key]):
            raise damaged(path, f"{name} says {key!r} in another form than Penholder writes it")
    return dict(record)


def _all(kind: type, values: object) -> bool:
    return isinstance(values, list) and all(isinstance(v, kind) for v in values)


def _maps(kind: type, values: object) -> bool:
    return isinstance(values, Mapping) and all(type(v) is kind for v in values.values())


_FITS: dict[str, Callable[[object], bool]] = {
    "str": lambda v: isinstance(v, str),
    "int": lambda v: type(v) is int and v >= 0,
    "bool": lambda v: isinstance(v, bool),
    "dict[str, int]": lambda v: _maps(int, v),
    "dict[str, str]": lambda v: _maps(str, v),
    "tuple[str, ...]": lambda v: _all(str, v),
    "tuple[FileCount, ...]": lambda v: isinstance(v, list),
}
"""Type of a field, as it is written above -> does a JSON value fit?"""
