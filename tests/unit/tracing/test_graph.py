"""Edges out of the hint table and out of a data folder."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.schemas import EDGES
from penholder.analysis.tracing.graph import Edge, Graph, edges_from_table, edges_of_hints, find_cycle, node
from penholder.analysis.tracing.phrases import PhraseIndex
from penholder.kernel.errors import TraceError
from penholder.regime.hints import hints

ROW: dict[str, Any] = {
    "edge": "e1", "from_kind": "goods", "from_id": "Jet  Turbine", "to_kind": "platform", "to_id": "Heron",
    "relation": "part_of", "basis": "finding", "grade": "B2", "valid_from": date(2015, 1, 1), "valid_until": None,
    "citation": "invented", "source": "edges.csv", "source_line": 2,
}  # fmt: skip


def table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([ROW | r for r in rows], schema=EDGES.arrow)


def test_rows_become_edges_with_the_same_fields() -> None:
    (found,) = edges_from_table(table({}))
    assert (found.start, found.end, str(found.grade), found.valid_from) == (
        "goods:jet turbine", "platform:Heron", "B2", date(2015, 1, 1),
    )  # fmt: skip


def test_one_id_in_two_files_names_two_edges() -> None:
    found = edges_from_table(table({}, {"to_id": "Kestrel", "source": "other.csv"}, {}))
    assert [(e.edge, e.to_id) for e in found] == [("e1", "Heron"), ("other.csv:2:e1", "Kestrel")]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"grade": "Z9"}, r"edges\.csv:2 \(edge e1\): not a source grade: 'Z9'"),
        ({"basis": "rumour"}, r"edges\.csv:2 \(edge e1\): basis 'rumour' is not allowed; allowed: finding, hint"),
        ({"to_kind": "goods"}, "to_kind 'goods' is not allowed; allowed: component, platform, means"),
        ({"from_id": "  "}, "the edge leads from"),
    ],
)
def test_a_row_that_is_not_allowed_is_named(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(TraceError, match=said):
        edges_from_table(table(wrong))


def test_a_hint_with_a_platform_leads_over_the_platform() -> None:
    (row,) = [h for h in hints() if h.rating == "ML10"]
    steps = {(e.start, e.end, e.basis, str(e.grade)) for e in edges_of_hints([row])}
    assert steps == {
        ("hint:ML10", "platform:military aircraft", "hint", "F6"),
        ("platform:military aircraft", "means:air_strike", "hint", "F6"),
        ("platform:military aircraft", "means:surveillance", "hint", "F6"),
    }


def test_rows_that_share_a_platform_share_its_edges() -> None:
    rows = [h for h in hints() if h.rating in {"ML6", "PL5035"}]
    found = edges_of_hints(rows)
    assert len(found) == len({e.edge for e in found}) == 2 + 6


def test_dangling_edges_are_those_after_which_nothing_leads_on() -> None:
    held = edges_from_table(
        table(
            {},
            {"edge": "e2", "to_id": "Kestrel"},
            {
                "edge": "e3",
                "from_kind": "platform",
                "from_id": "Kestrel",
                "to_kind": "means",
                "to_id": "air_strike",
            },
        )
    )
    assert [e.edge for e in Graph(held).dangling()] == ["e1"]


def test_a_cycle_is_found_and_named_in_order() -> None:
    def part(name: str, start: str, end: str) -> dict[str, Any]:
        return {"edge": name, "from_kind": "component", "from_id": start, "to_kind": "component", "to_id": end}

    held = edges_from_table(
        table(part("a", "x", "y"), part("b", "y", "z"), part("c", "z", "y"), part("d", "z", "w"))
    )
    assert [e.edge for e in find_cycle(held)] == ["b", "c"]
    with pytest.raises(
        TraceError, match=r"component:y -> component:z -> component:y \(edges\.csv:2, edges\.csv:2\)"
    ):
        Graph(held).check()


def test_one_id_for_two_edges_is_refused() -> None:
    first, second = edges_from_table(table({}, {"edge": "e2", "to_id": "Kestrel"}))
    twin = Edge(**{**{f: getattr(second, f) for f in ROW}, "edge": "e1"})
    with pytest.raises(TraceError, match=r"the id is already used by edges\.csv:2 \(edge e1\)"):
        Graph((first, twin)).check()


def test_nodes_have_one_spelling() -> None:
    assert node("rating", "ml 10.a") == node("rating", "ML10A") == "rating:ML10A"
    assert node("goods", " Jet\tTurbine ") == "goods:jet turbine"
    assert node("platform", "Heron  Mk 2") == "platform:Heron Mk 2"


@pytest.mark.parametrize(
    ("phrase", "description", "found"),
    [
        ("thermal imager", "THERMAL  IMAGER parts", True),
        ("thermal imager", "thermal imagers", False),
        ("air-to-air missile", "test set for air-to-air missile", True),
        ("air missile", "air-missile", False),
        ("missile", "air-missile", True),
        ("(u) drone", "spares (u) drone", True),
        ("c++ software", "C++ software", True),
        ("straße", "STRASSE", True),
    ],
)
def test_a_phrase_is_found_as_whole_words(phrase: str, description: str, *, found: bool) -> None:
    assert bool(PhraseIndex([phrase]).within(description)) is found


@given(st.lists(st.text(alphabet="ab -(", min_size=1, max_size=6)), st.text(alphabet="ab -(", max_size=20))
def test_the_index_finds_what_comparing_each_phrase_finds(phrases: list[str], description: str) -> None:
    kept = [p for p in phrases if p.strip()]
    alone = {p for k in kept for p in PhraseIndex([k]).within(description)}
    assert set(PhraseIndex(kept).within(description)) == alone
