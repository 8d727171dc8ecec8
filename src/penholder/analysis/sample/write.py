"""Write a sample data folder: lines, notes, incidents, edges, places and two operation profiles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

import numpy as np
import pyarrow as pa

from penholder.analysis.releases.catalogue import Catalogue, read_catalogue
from penholder.analysis.releases.store import ReleaseFacts, store_release
from penholder.analysis.sample.edges import edges_table
from penholder.analysis.sample.incidents import SERIES, incidents_table
from penholder.analysis.sample.lines import draw_licences, lines_table, notes_table
from penholder.analysis.sample.places import places_table
from penholder.kernel.errors import FolderError, InputError

EDGES_SERIES = "sample-edges"
RELEASED = date(2026, 1, 15)
ATTRIBUTION = "Invented data from `penholder sample`: no state, party or event in it exists"
DATA_LICENCE = "CC0-1.0"


def write_sample(
    folder: Path, *, lines: int, incidents: int, seed: int, progress: Callable[[str], None] = lambda _: None
) -> Catalogue:
    """Make a new data folder of invented data; the same arguments give the same rows.

    Raises: InputError for a negative number; FolderError if `folder` is a data folder already.
    """
    if lines < 1 or incidents < 0 or seed < 0:
        raise InputError(
            f"cannot draw {lines} lines and {incidents} incidents with seed {seed}",
            hint="give at least 1 line; incidents and seed are 0 or more",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError(f"{folder} exists and is not an empty folder", hint="give the name of a new folder")
    rng = np.random.default_rng(seed)
    progress(f"drawing {lines:,} lines")
    licences = draw_licences(lines, rng=rng)
    _store(folder, "sample-lines", {"lines": lines_table(licences, rng=rng), "notes": notes_table(licences)})
    progress(f"drawing {incidents:,} incidents")
    _store(folder, SERIES, {"incidents": incidents_table(incidents, rng=rng)})
    _store(folder, EDGES_SERIES, {"edges": edges_table()})
    _store(folder, "sample-places", {"places": places_table()})
    copy_profiles(folder)
    return read_catalogue(folder)


def _store(folder: Path, series: str, tables: dict[str, pa.Table]) -> None:
    facts = ReleaseFacts(
        kind="sample",
        series=series,
        released=RELEASED,
        licence_key="licence" if "lines" in tables else "",
        attribution=ATTRIBUTION,
        data_licence=DATA_LICENCE,
    )
    store_release(folder, facts, tables)


def copy_profiles(folder: Path) -> tuple[Path, ...]:
    """Put the two sample profiles into `folder`/profiles."""
    target = folder / "profiles"
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for entry in sorted(
        resources.files("penholder.analysis.sample").joinpath("profiles").iterdir(), key=lambda e: e.name
    ):
        if entry.name.endswith(".yaml"):
            path = target / entry.name
            path.write_text(entry.read_text(encoding="utf-8"), encoding="utf-8")
            written.append(path)
    return tuple(written)
