"""The daily path equals a new stocktake: after a new incident, and after changed edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.profile.model import OperationProfile
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.sample.edges import STEPS, Step, edges_table
from penholder.analysis.stocktake.batch import COLUMNS, evaluate
from penholder.analysis.stocktake.incidents import Kind, count_for_lines, select_incidents
from penholder.analysis.stocktake.index import DataIndex
from penholder.analysis.stocktake.judge import Judge
from penholder.analysis.stocktake.run import closure_of
from penholder.analysis.stocktake.use import truth
from penholder.analysis.stocktake.vocabulary import Exclusion, Scope, Use
from penholder.analysis.tracing.closure import build
from penholder.analysis.tracing.graph import Edge, Graph, edges_from_table, edges_of_hints
from penholder.kernel.errors import NotKnownError, TraceError
from tests.contract.stocktake_world import ON, PLAIN_INCIDENT, folder_of, incidents_table, profile_of
from tests.contract.test_stocktake_reference import incidents, lines

pytestmark = pytest.mark.slow  # pages and long runs: `make check`

FURTHER = tuple(
    replace(edge, edge=f"further-{edge.edge}")
    for edge in edges_from_table(
        edges_table(
            [
                Step("goods", "pumps for patrol vessels", "means", "air_strike", "used_for", "C2", "a report"),
                Step("rating", "ML22", "platform", "Kestrel strike aircraft", "part_of", "B2", "a report"),
                Step("rating", "5A002", "means", "weather_making", "used_for", "F6", "a report"),
                Step("component", "seeker head", "means", "ground", "used_for", "A1", "a report"),
            ]
        )
    )
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalogue, OperationProfile]:
    rng = np.random.default_rng(5)
    ratings = [None, "ML10", "ML6", "ML22", "5A002", "6A003", "ML4;ML22", "ML9"]
    goods = [None, "components for combat aircraft", "pumps for patrol vessels", "guided bombs, spare parts"]
    cells: list[dict[str, Any]] = [
        {
            "rating": ratings[rng.integers(8)],
            "description": goods[rng.integers(4)],
            "destination": ["XA", "XB", "XV"][rng.integers(3)],
            "onward": [None, None, "XA;XV", "XB"][rng.integers(4)],
            "onward_open": [None, False, True][rng.integers(3)],
            "end_user": ["not_stated", "forces", "commercial"][rng.integers(3)],
            "pooled": bool(rng.integers(9) == 0),
            "decided_on": date(2018, 9, 1 + int(rng.integers(30))).replace(year=2018 + int(rng.integers(2))),
        }
        for _ in range(300)
    ]  # fmt: skip
    catalogue = folder_of(tmp_path_factory.mktemp("index"), cells, [{}, {"actors": None}], edges=True)
    return catalogue, profile_of()


@given(report=incidents)
def test_a_new_incident_affects_the_lines_that_count_it(
    world: tuple[Catalogue, OperationProfile], report: dict[str, Any]
) -> None:
    index = _index(*world)
    record = PLAIN_INCIDENT | report
    answer = index.answer
    reported = select_incidents(incidents_table([report]), answer.profile, on=ON, means=answer.judge.closure.means)
    counts = count_for_lines(
        reported, first=answer.decided, last=np.full(answer.lines, answer.rules.day), parties=answer.parties,
        party_sets=answer.party_sets, possible=answer.codes != Exclusion.DESTINATION_OPERATES_NO_PARTY,
        goods=answer.goods, reach=np.array([answer.judge.goods(*g).reach for g in answer.goods_values], np.uint64),
    )  # fmt: skip

    affected = index.incident(record)

    total = counts.attributed + counts.unattributed + counts.means_not_stated
    assert affected.lines().tolist() == np.flatnonzero(total).tolist()
    assert affected.count == int(total.sum())
    assert affected.kind == (Kind(int(reported.kind[0])) if len(reported.kind) else Kind.OTHER)


_CACHE: dict[int, DataIndex] = {}


def _index(catalogue: Catalogue, profile: OperationProfile) -> DataIndex:
    """One index for all examples: incidents do not change it."""
    return _CACHE.setdefault(id(catalogue), DataIndex(catalogue, profile, on=ON))


changes = st.lists(st.tuples(st.booleans(), st.integers(0, len(STEPS) + len(FURTHER) - 1)), min_size=1, max_size=6)


@given(steps=changes)
def test_changed_edges_equal_a_rebuild(
    world: tuple[Catalogue, OperationProfile], steps: list[tuple[bool, int]]
) -> None:
    catalogue, profile = world
    index = DataIndex(catalogue, profile, on=ON)
    every = {e.edge: e for e in (*edges_from_table(edges_table()), *FURTHER)}
    names = sorted(every)
    held = {e.edge for e in index.judge.closure.edges}
    for add, which in steps:
        edge = every[names[which % len(names)]]
        if add == (edge.edge in held):
            continue
        before = index.codes.copy()
        try:
            moved = index.change(add=[edge]) if add else index.change(remove=[edge])
        except TraceError:
            continue
        held ^= {edge.edge}
        assert moved.lines.tolist() == np.flatnonzero(index.codes != before).tolist()
    assert index.codes.tolist() == _rebuilt(index, held, every)


def _rebuilt(index: DataIndex, held: set[str], every: dict[str, Edge]) -> list[int]:
    """The codes of a fresh judge over the edges that are held, line by line."""

    old = index.judge
    edges = (*edges_of_hints(), *(e for name, e in every.items() if name in held))
    judge = Judge(old.profile, build(Graph(edges).on(ON)), ON, old.end_user_classes, old.military)
    whole = index.answer.reader.take(COLUMNS, np.arange(index.answer.reader.rows)).combine_chunks()
    return list(evaluate(judge, index.answer.rules, whole.to_batches()[0]).codes.tolist())


def test_a_changed_edge_says_which_lines_moved(tmp_path: Path) -> None:
    cells = [{"rating": "ML22"}, {"rating": "ML6"}, {"rating": "ML22", "destination": "XV"}]
    index = DataIndex(folder_of(tmp_path, cells, edges=True), profile_of(), on=ON)

    changed = index.change(add=[edge for edge in FURTHER if edge.from_id == "ML22"])

    assert changed.lines.tolist() == [0]
    assert [Use(u) for u in truth(index.codes).tolist()] == [Use.COULD, Use.EXCLUDED, Use.EXCLUDED]


def test_why_of_the_index_is_the_answer_of_the_index(tmp_path: Path) -> None:
    index = DataIndex(
        folder_of(tmp_path, [{"licence": "b"}, {"licence": "a", "rating": "ML6"}]), profile_of(), on=ON
    )

    assert [index.why(line, name_of=str).use for line in ("a:1", "b:1")] == [Use.EXCLUDED, Use.COULD]
    with pytest.raises(NotKnownError, match="no line 'c:1' in scope"):
        index.why("c:1", name_of=str)


def test_an_index_of_no_lines_answers(tmp_path: Path) -> None:
    index = DataIndex(folder_of(tmp_path, [{"outcome": "refused"}]), profile_of(), on=ON)

    assert index.incident(PLAIN_INCIDENT).count == 0
    assert index.change(remove=[]).lines.tolist() == []
    assert closure_of(index.answer.catalogue, on=ON).means


@given(rows=st.lists(lines, min_size=1, max_size=12), scope=st.sampled_from(list(Scope)))
def test_kinds_give_every_line_its_answer(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], scope: Scope
) -> None:
    if not rows:
        return
    profile = profile_of(ended=(date(2019, 5, 1), date(2020, 3, 1)))
    folder = folder_of(tmp_path_factory.mktemp("kinds"), rows)
    index = DataIndex(folder, profile, on=ON, scope=scope)

    assert index.codes.tolist() == index.answer.codes.tolist()
