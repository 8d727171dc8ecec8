"""What an import says beside its counts, and which parts a source could have had and did not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.sources.mapping import Mapping
from penholder.regime.hints import means

PARTS = ("onward", "notes", "criteria")
"""Parts of a licence list that have tables of their own."""
_SHOWN = 5


def lacks(mapping: Mapping, *, held: Collection[str], filled: Collection[str]) -> tuple[str, ...]:
    """The parts of a licence list that this one did not have.

    Args:
        held: what the tables that were read hold.
        filled: columns of the lines that the mapping fills from this source.
    Final destinations can always be missing; notes and criteria only where the mapping has tables for them. A list
    that says of each line whether its goods go on (`onward_open`) does not lack them.
    """
    if mapping.main != "lines":
        return ()
    offered = {"onward", *(t.holds for t in mapping.tables)}
    own = {*held, *filled} | ({"onward"} if "onward_open" in filled else set())
    return tuple(p for p in PARTS if p in offered and p not in own)


def unrecognised(names: Counter[str]) -> list[str]:
    """About places that no table knows."""
    if not names:
        return []
    times = f"{sum(names.values()):,} times"
    return [f"a place that no table knows is named {times}, kept as published: {_most(names, counted=False)}"]


def odd_ratings(cells: Counter[str]) -> list[str]:
    """About rating cells that hold what is not one whole code."""
    if not cells:
        return []
    rows, most = sum(cells.values()), _most(cells)
    said = f"{rows:,} rows have a rating that is neither one whole code nor a list of them"
    return [f"{said}; such a rating says nothing about the goods: {most}"]


def unknown_means(words: Counter[str], rows: int) -> list[str]:
    """About means that no vocabulary has."""
    if not rows:
        return []
    said = f"{rows:,} rows name means that are not in the vocabulary and count as not stated: {_most(words)}"
    allowed = ", ".join(m.id for m in means())
    return [f"{said}; translate such words under `codes` in the mapping; allowed: {allowed}"]


def notes_alone(folder: Catalogue, notes: Path) -> str:
    """About notes that were imported without their lines. `notes`: the Parquet file to be stored."""
    keys = pq.ParquetFile(notes).read(columns=["licence"]).column("licence").cast(pa.string())
    said = f"{len(keys):,} notes are stored; they are applied to lines only when both are imported from one folder"
    if not folder.holding("lines"):
        return said
    found: set[str] = set()
    for path in folder.paths("lines"):
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=["licence"]):
                met = pc.filter(
                    batch.column("licence"), pc.is_in(batch.column("licence"), value_set=keys.unique())
                )
                found.update(met.unique().to_pylist())
    matching = sum(pc.is_in(keys, value_set=pa.array(sorted(found), pa.string())).to_pylist())
    return f"{said}; {matching:,} of them name a licence key that lines of this folder have"


def standing(after: Catalogue, release: Release, data_set: str, *, today: date) -> list[str]:
    """Whether a release is in use at all, and whether its day lies ahead. `data_set`: the main one in it."""
    said = []
    wrong = "if that day is wrong: a release cannot be withdrawn; import its files into a new folder"
    (newest,) = (r for r in after.current(data_set) if r.series == release.series)
    if newest.id != release.id:
        day = (
            newest.released if newest.released_stated else f"{newest.released} (not given: the day of its import)"
        )
        said.append(
            f"not in use: {newest.id}, of the same series, is newer: released {day}; this release can"
            f" count only with a --known day before that, from {release.released} on; {wrong}"
        )
    if release.released_on > today:
        said.append(f"the day of publication, {release.released}, lies in the future; {wrong}")
    return said


def means_in(folder: Catalogue) -> frozenset[str]:
    """The vocabulary of means: ours, and what the edges of the folder lead to."""
    known = {m.id for m in means()}
    for path in folder.paths("edges") if folder.holding("edges") else ():
        edges = pq.ParquetFile(path).read(columns=["to_kind", "to_id"]).to_pylist()
        cells = {e["to_id"] for e in edges if e["to_kind"] == "means"}
        known |= {word for cell in cells for word in cell.split(LIST_SEPARATOR)}
    return frozenset(known)


def _most(names: Counter[str], *, counted: bool = True) -> str:
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(f"{n} ({c:,})" if counted else n for n, c in names.most_common(_SHOWN)) + more
