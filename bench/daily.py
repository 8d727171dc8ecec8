"""The daily path over a million lines in memory: a new incident, a changed edge, one line's reasons."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np

from bench.data import OUT, SEED
from bench.figure import Figure
from penholder.analysis.profile.read import read_profile
from penholder.analysis.releases.catalogue import read_catalogue
from penholder.analysis.releases.read import read_rows
from penholder.analysis.sample.write import write_sample
from penholder.analysis.sources.places import name_of
from penholder.analysis.stocktake.incidents import COLUMNS, Kind
from penholder.analysis.stocktake.index import DataIndex
from penholder.analysis.stocktake.vocabulary import Scope
from penholder.analysis.tracing.closure import build
from penholder.analysis.tracing.graph import Graph

_ON = date(2025, 12, 31)
_PROFILE = "northern-campaign"


def figures(*, lines: int, incidents: int) -> Iterator[Figure]:
    """95th percentiles of single look-ups, over a sample of `lines` lines that were decided by the day."""
    folder = _sample(lines, incidents)
    profile = read_profile(folder / "profiles" / f"{_PROFILE}.yaml")
    started = time.perf_counter()
    index = DataIndex(read_catalogue(folder), profile, on=_ON, scope=Scope.GRANTED)
    built = time.perf_counter() - started
    yield Figure("daily: index built", built, "s", note=f"{index.answer.lines:,} lines in scope")
    rng = np.random.default_rng(SEED)
    yield from _incidents(index, folder)
    yield from _edges(index, rng)
    yield from _why(index, rng)


def _sample(lines: int, incidents: int) -> Path:
    folder = OUT / f"sample-{lines}"
    if not (folder / "penholder.json").exists():
        write_sample(folder, lines=lines, incidents=incidents, seed=SEED)
    return folder


def _incidents(index: DataIndex, folder: Path) -> Iterator[Figure]:
    """Every incident as if it were new. Together they must give the counts of the stocktake, kind by kind."""
    records = read_rows(read_catalogue(folder), "incidents", columns=COLUMNS).to_pylist()
    found, listed, totals = [], [], dict.fromkeys(Kind, 0)
    most = 0
    for record in records:
        started = time.perf_counter()
        affected = index.incident(record)
        found.append(time.perf_counter() - started)
        affected.lines()
        listed.append(time.perf_counter() - started)
        totals[affected.kind] += affected.count
        most = max(most, affected.count)
    counts = index.answer.counts
    for kind, whole in (
        (Kind.ATTRIBUTED, counts.attributed),
        (Kind.UNATTRIBUTED, counts.unattributed),
        (Kind.MEANS_NOT_STATED, counts.means_not_stated),
    ):
        if totals[kind] != int(whole.sum(dtype=np.int64)):
            raise SystemExit(f"{kind.name}: one by one {totals[kind]}, together {int(whole.sum(dtype=np.int64))}")
    yield _p95("daily: new incident, lines found", found, target=1, note=f"up to {most:,} lines")
    yield _p95("daily: new incident, lines listed in order", listed)


def _edges(index: DataIndex, rng: np.random.Generator) -> Iterator[Figure]:
    """Edges taken out and put back. With them out the closure is that of a rebuild; at the end, the old one."""
    before = index.codes
    edges = index.judge.closure.edges
    taken = [edges[int(i)] for i in rng.permutation(len(edges))[:150]]
    seconds, moved = [], []
    for edge in taken:
        for changed in ({"remove": [edge]}, {"add": [edge]}):
            started = time.perf_counter()
            moved.append(len(index.change(**changed).lines))
            seconds.append(time.perf_counter() - started)
    index.change(remove=taken[::2])
    _check_rebuild(index)
    index.change(add=taken[::2])
    if not np.array_equal(before, index.codes):
        raise SystemExit("edges taken out and put back changed the answers")
    note = f"{len(edges):,} edges; up to {max(moved):,} lines moved"
    yield _p95("daily: changed edge, lines found", seconds, target=10, note=note)


def _check_rebuild(index: DataIndex) -> None:
    kept = index.judge.closure
    fresh = build(Graph(kept.edges).on(_ON))
    bits = [(fresh.means.index(m), kept.means.index(m)) for m in kept.means if m in fresh.means]
    for cell in set(index.answer.goods_values):
        new, old = fresh.reach(*cell), kept.reach(*cell)
        same = all(new.yes >> a & 1 == old.yes >> b & 1 for a, b in bits)
        if not same or (new.silent, new.open) != (old.silent, old.open):
            raise SystemExit(f"a changed closure differs from a rebuild for {cell}")


def _why(index: DataIndex, rng: np.random.Generator) -> Iterator[Figure]:
    ids = index.answer.columns("line").column(0)
    seconds = []
    for line in (ids[int(i)].as_py() for i in rng.integers(0, len(ids), 400)):
        started = time.perf_counter()
        index.why(line, name_of=name_of)
        seconds.append(time.perf_counter() - started)
    yield _p95("daily: why, one line", seconds[100:], target=5)


def _p95(name: str, seconds: Iterable[float], *, target: float | None = None, note: str = "") -> Figure:
    milliseconds = np.array(list(seconds)) * 1000
    half, most = np.percentile(milliseconds, [50, 95])
    said = f"median {half:.3f}, max {milliseconds.max():.2f}, {milliseconds.size} times"
    text = f"{said}; {note}" if note else said
    return Figure(f"{name}, 95%", float(most), "ms", target=target, at_least=False, note=text)
