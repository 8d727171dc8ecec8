"""Refuse edges that would close a cycle: every later question about what goods reach would fail on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from penholder.analysis.releases.catalogue import Catalogue, Release
from penholder.analysis.releases.read import read_release
from penholder.analysis.schemas import EDGES
from penholder.analysis.tracing.closure import build
from penholder.analysis.tracing.graph import Edge, Graph, edges_from_table, edges_of_hints
from penholder.kernel.dates import FIRST_DAY
from penholder.kernel.errors import TraceError


def refuse_cycles(folder: Catalogue, made: Release, staging: Path) -> None:
    """Build the closure that would be asked once `made` stands in the folder, with the hints.

    Args:
        folder: the releases before it. staging: where the rows of `made` are.
    Raises: TraceError that names a cycle and the lines of its files, and for what else the closure refuses.
    """
    if EDGES.name not in made.data_sets:
        return
    for releases in _sets_in_use(folder, made):
        try:
            _try(_edges(folder, releases, made, staging))
        except TraceError as error:
            others = sorted({r.id for r in releases} - {made.id})
            beside = f"; the folder also uses {', '.join(others)}" if others else ""
            hint = f"nothing was loaded{beside}; {error.hint}" if error.hint else f"nothing was loaded{beside}"
            raise TraceError(error.message, hint=hint) from error


def _sets_in_use(folder: Catalogue, made: Release) -> Iterator[tuple[Release, ...]]:
    """The releases of edges in use on each day of publication on which `made` is among them; each set once."""
    after = Catalogue(folder.folder, (*folder.releases, made))
    days = sorted({r.released_on for r in after.holding(EDGES.name) if r.released >= made.released})
    sets: list[tuple[Release, ...]] = []
    for day in days:
        found = after.current(EDGES.name, known=day)
        if any(r is made for r in found) and found not in sets:
            sets.append(found)
    yield from sets


def _edges(folder: Catalogue, releases: tuple[Release, ...], made: Release, staging: Path) -> tuple[Edge, ...]:
    tables = [_staged(staging) if r is made else read_release(folder, r, EDGES.name) for r in releases]
    return edges_of_hints() + edges_from_table(pa.concat_tables(tables).unify_dictionaries())


def _staged(staging: Path) -> pa.Table:
    with pq.ParquetFile(staging / f"{EDGES.name}.parquet") as file:
        return file.read().cast(EDGES.arrow).replace_schema_metadata(None)


def _try(edges: tuple[Edge, ...]) -> None:
    """Edges that never hold on the same day form no cycle: they are tried on each day on which one begins."""
    try:
        build(Graph(edges))
    except TraceError:
        for day in sorted({FIRST_DAY, *(e.valid_from for e in edges if e.valid_from)}):
            build(Graph(edges).on(day))
