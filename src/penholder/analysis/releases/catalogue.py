"""The catalogue of a data folder: which releases it holds, and which was the newest by a date.

Layout of a data folder:
    penholder.json                    the catalogue (replaced whole, never edited in place)
    releases/<id>/<data set>.parquet  the rows, in the schemas of `analysis.schemas`
    profiles/*.yaml                   operation profiles (optional)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from penholder.analysis.releases.record import FileCount, Release, catalogue_json, damaged, read_releases
from penholder.kernel.canonical import sha256_of, sha256_of_file
from penholder.kernel.errors import FolderError, IntegrityError, NotKnownError

__all__ = [
    "CATALOGUE",
    "Catalogue",
    "FileCount",
    "Release",
    "catalogue_json",
    "read_catalogue",
    "read_catalogue_or_empty",
]

CATALOGUE = "penholder.json"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All releases of a folder, oldest record first."""

    folder: Path
    releases: tuple[Release, ...]

    def holding(self, data_set: str) -> tuple[Release, ...]:
        """The releases that hold rows of `data_set`."""
        return tuple(r for r in self.releases if data_set in r.data_sets)

    def current(self, data_set: str, *, known: date | None = None) -> tuple[Release, ...]:
        """The newest release of each series that holds `data_set`, released by `known` (None: any).

        Raises: NotKnownError where the folder holds such data but none was released by `known`.
        """
        held = self.holding(data_set)
        newest: dict[str, Release] = {}
        for release in held:
            if known is not None and release.released_on > known:
                continue
            best = newest.get(release.series)
            if best is None or (release.released, release.recorded_at) >= (best.released, best.recorded_at):
                newest[release.series] = release
        if held and not newest:
            first = min(r.released for r in held)
            raise NotKnownError(
                f"no release of {data_set} was out by {known}; the first is of {first}",
                hint=f"give --known {first} or later, or leave --known out",
            )
        return tuple(newest[s] for s in sorted(newest))

    def lacking(self, part: str, *, known: date | None = None) -> tuple[Release, ...]:
        """The releases of licence lines in use that came without `part` (see `Release.lacks`)."""
        return tuple(r for r in self._current_or_none("lines", known) if part in r.lacks)

    def paths(self, data_set: str, *, known: date | None = None) -> tuple[Path, ...]:
        """Parquet files of `current(data_set)`."""
        return tuple(self.path_of(r, data_set) for r in self.current(data_set, known=known))

    def path_of(self, release: Release, data_set: str) -> Path:
        """The Parquet file of one data set of one release. Raises: IntegrityError if its bytes have changed."""
        path = self.folder / "releases" / release.id / f"{data_set}.parquet"
        try:
            stat = path.stat()
            found = _sha256(path, stat.st_size, stat.st_mtime_ns)
        except OSError as error:
            raise IntegrityError(
                f"{path} cannot be read: {error.strerror or error}", hint="restore it from a copy, or import again"
            ) from error
        expected = release.data_sets[data_set]
        if found != expected:
            raise IntegrityError(
                f"{path} is not what {CATALOGUE} says: its sha256 is {found[:12]}, it should be {expected[:12]}",
                hint="restore it from a copy, or import the release again into a new folder",
            )
        return path

    def data_hash(self, *, known: date | None = None) -> str:
        """One hash for all rows in use: the data sets of every current release, with their hashes."""
        used = {
            f"{r.series}/{name}": r.data_sets[name]
            for name in sorted({n for r in self.releases for n in r.data_sets} - {"quarantine"})
            for r in self._current_or_none(name, known)
        }
        return sha256_of(used)

    def _current_or_none(self, data_set: str, known: date | None) -> tuple[Release, ...]:
        try:
            return self.current(data_set, known=known)
        except NotKnownError:
            return ()

    def attributions(self, *, known: date | None = None) -> tuple[str, ...]:
        """Attribution lines of the releases in use, each once."""
        names = {n for r in self.releases for n in r.data_sets}
        used = {r.attribution for n in names for r in self._current_or_none(n, known) if r.attribution}
        return tuple(sorted(used))


@cache
def _sha256(path: Path, size: int, modified: int) -> str:
    # Size and time are only part of the key: a file is hashed once, and again when it has changed.
    return sha256_of_file(path)


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue of a data folder.

    Raises: FolderError if `folder` is not a data folder, or was written by a newer Penholder; IntegrityError if
    its catalogue is damaged.
    """
    path = folder / CATALOGUE
    if folder.exists() and not folder.is_dir():
        raise FolderError(
            f"{folder} is a file, not a folder", hint="give the data folder that `import --into` made"
        )
    if not path.is_file():
        raise FolderError(
            f"{folder} is not a data folder: it has no {CATALOGUE}",
            hint="make one with `penholder import KIND SOURCE --into FOLDER` or `penholder sample FOLDER`",
        )
    return Catalogue(folder, read_releases(_text(path), path=path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise damaged(path, "it is not UTF-8 text") from error
    except OSError as error:
        raise FolderError(
            f"{path} cannot be read: {error.strerror or error}", hint="mend its permissions"
        ) from error


def read_catalogue_or_empty(folder: Path) -> Catalogue:
    """As `read_catalogue`, but an absent or empty folder gives an empty catalogue.

    Raises: FolderError if `folder` is a file, or a folder with other things in it; IntegrityError as there.
    """
    if not folder.exists() or (folder.is_dir() and not (folder / CATALOGUE).exists() and _is_blank(folder)):
        return Catalogue(folder, ())
    return read_catalogue(folder)


def _is_blank(folder: Path) -> bool:
    return all(p.name.startswith(".") or p.name in {"profiles", "releases"} for p in folder.iterdir())
