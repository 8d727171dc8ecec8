"""One side of a comparison: the lines of a data folder, of one release of it, or of a source file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from penholder.analysis.releases.catalogue import CATALOGUE, Catalogue, Release, read_catalogue
from penholder.analysis.releases.read import read_release, read_rows
from penholder.analysis.sources.load import load
from penholder.kernel.dates import parse_day
from penholder.kernel.errors import InputError, NotKnownError


@dataclass(frozen=True, slots=True)
class Side:
    """The lines (schemas.LICENCE_LINES), how the user named them, and enough to cite them."""

    name: str
    lines: pa.Table
    sha256: str
    """Of the data in use (Catalogue.data_hash), of the release, or of the source file as it was loaded."""
    licence_key: str = ""
    """What the licence key is; empty: not said, or several kinds."""
    attribution: tuple[str, ...] = ()
    quarantined: int = 0
    """Rows of the source that could not be loaded."""


def open_side(text: str) -> Side:
    """Read a side: `FOLDER`, `FOLDER@RELEASE-ID`, `FOLDER@YYYY-MM-DD` (known by that day), or a source to load.

    Raises: InputError for a name that is none of these; NotKnownError without lines; SourceError for a bad file.
    """
    folder, at, version = text.rpartition("@")
    if at and (Path(folder) / CATALOGUE).is_file():
        return _of_version(text, read_catalogue(Path(folder)), version)
    path = Path(text)
    if (path / CATALOGUE).is_file():
        return _known(text, read_catalogue(path), None)
    if not path.exists():
        hint = "give a data folder, FOLDER@RELEASE-ID, FOLDER@YYYY-MM-DD, or a source file (.csv, .csv.gz)"
        raise InputError(f"there is nothing at {text}", hint=hint)
    return _loaded(text, path)


def _of_version(text: str, catalogue: Catalogue, version: str) -> Side:
    release = next((r for r in catalogue.holding("lines") if r.id == version), None)
    if release is not None:
        return _of_release(text, catalogue, release)
    try:
        known = parse_day(version)
    except InputError as error:
        ids = ", ".join(r.id for r in catalogue.holding("lines"))
        raise InputError(
            f"{version!r} is neither a release of {catalogue.folder} nor a day ({error.message})",
            hint=f"releases with lines: {ids or 'none'}; a day is YYYY-MM-DD",
        ) from error
    return _known(text, catalogue, known)


def _known(text: str, catalogue: Catalogue, known: date | None) -> Side:
    releases = catalogue.current("lines", known=known)
    if not releases:
        raise NotKnownError(f"{catalogue.folder} holds no licence lines", hint="compare folders that hold some")
    keys = {r.licence_key for r in releases}
    return Side(
        name=text,
        lines=read_rows(catalogue, "lines", known=known),
        sha256=catalogue.data_hash(known=known),
        licence_key=keys.pop() if len(keys) == 1 else "",
        attribution=catalogue.attributions(known=known),
        quarantined=sum(f.quarantined for r in releases for f in r.files if f.holds == "lines"),
    )


def _of_release(text: str, catalogue: Catalogue, release: Release) -> Side:
    return Side(
        name=text,
        lines=read_release(catalogue, release, "lines"),
        sha256=release.sha256,
        licence_key=release.licence_key,
        attribution=(release.attribution,) if release.attribution else (),
        quarantined=sum(f.quarantined for f in release.files if f.holds == "lines"),
    )


def _loaded(text: str, source: Path) -> Side:
    with tempfile.TemporaryDirectory(prefix="penholder-diff-") as scratch:
        folder = Path(scratch) / "data"
        load(source, into=folder)
        return _known(text, read_catalogue(folder), None)
