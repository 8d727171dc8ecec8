"""Reach, best-graded paths, and changes that equal a rebuild."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penholder.analysis.tracing.closure import Closure, Reach, build
from penholder.analysis.tracing.graph import Edge, Graph, edges_of_hints
from penholder.kernel.errors import TraceError
from penholder.kernel.grade import Grade, parse_grade
from penholder.regime.hints import means

MEANS = ("air_strike", "artillery", "naval_fire", "surveillance", "balloon")
LAYERS = ("rating", "component", "component", "platform")


def edge(
    name: str,
    start: str,
    end: str,
    *,
    grade: str = "B2",
    basis: str = "finding",
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Edge:
    """An edge between two nodes written as `kind:id`."""
    from_kind, _, from_id = start.partition(":")
    to_kind, _, to_id = end.partition(":")
    relation = "used_for" if to_kind == "means" else "part_of"
    return Edge(
        edge=name, from_kind=from_kind, from_id=from_id, to_kind=to_kind, to_id=to_id, relation=relation,
        basis=basis, grade=parse_grade(grade), valid_from=valid_from, valid_until=valid_until,
        citation="invented", source="edges.csv", source_line=1,
    )  # fmt: skip


def graph(*edges: Edge) -> Graph:
    """A graph of these edges."""
    return Graph(tuple(edges))


@st.composite
def layered_edges(draw: st.DrawFn, *, name: str, width: int = 4) -> Edge:
    """One edge from a layer to a later layer or a means, so that no set of them has a cycle."""
    layer = draw(st.integers(0, len(LAYERS) - 1))
    target = draw(st.integers(layer + 1, len(LAYERS)))
    start = _thing(layer, draw(st.integers(0, width - 1)))
    end = (
        f"means:{draw(st.sampled_from(MEANS))}"
        if target == len(LAYERS)
        else _thing(target, draw(st.integers(0, width - 1)))
    )
    grade = Grade(draw(st.sampled_from("ABF")), draw(st.sampled_from("126")))
    return edge(name, start, end, grade=str(grade), basis=draw(st.sampled_from(("finding", "hint"))))


def _thing(layer: int, number: int) -> str:
    kind = LAYERS[layer]
    return f"rating:ML{number + 1}" if kind == "rating" else f"{kind}:{layer}-{number}"


def names(closure: Closure, mask: int) -> set[str]:
    return {m for i, m in enumerate(closure.means) if mask >> i & 1}


def content(closure: Closure) -> dict[str, object]:
    """Everything that a closure says, node by node."""
    return {"means": closure.means} | {
        n: (closure.mask(n), closure.leads_nowhere(n), closure.kept(n)) for n in closure.nodes()
    }


def test_a_rating_reaches_a_means_over_several_steps() -> None:
    closure = build(
        graph(
            edge("e1", "rating:ML10a", "component:turbine"),
            edge("e2", "component:turbine", "platform:Heron"),
            edge("e3", "platform:Heron", "means:air_strike"),
        ),
        table=(),
    )
    assert names(closure, closure.reach("ml10.a").yes) == {"air_strike"}
    assert names(closure, closure.reach("ML10").yes) == set()
    path = closure.path("ML10a3", None, "air_strike")
    assert path is not None
    assert [s.edge for s in path.steps] == ["e1", "e2", "e3"]


def test_of_two_paths_the_one_with_the_better_weakest_grade_is_kept() -> None:
    closure = build(
        graph(
            edge("short", "rating:ML1", "means:ground", grade="C3"),
            edge("a", "rating:ML1", "component:barrel", grade="A1"),
            edge("b", "component:barrel", "means:ground", grade="C2"),
        ),
        table=(),
    )
    path = closure.path("ML1", None, "ground")
    assert path is not None
    assert ([s.edge for s in path.steps], str(path.grade), path.basis) == (["a", "b"], "C2", "finding")


def test_at_equal_grade_findings_go_before_hints_then_fewer_steps_then_ids() -> None:
    hint = edge("a-hint", "rating:ML1", "means:ground", grade="C3", basis="hint")
    long = (
        edge("z1", "rating:ML1", "component:b", grade="C3"),
        edge("z2", "component:b", "means:ground", grade="C3"),
    )
    direct = (
        edge("y", "rating:ML1", "means:ground", grade="C3"),
        edge("x", "rating:ML1", "means:ground", grade="C3"),
    )
    assert first(hint, *long) == ("z1", "finding")
    assert first(hint, *long, *direct) == ("x", "finding")


def first(*edges: Edge) -> tuple[str, str]:
    path = build(graph(*edges), table=()).path("ML1", None, "ground")
    assert path is not None
    return path.steps[0].edge, path.basis


def test_goods_are_found_as_whole_words_of_the_description() -> None:
    closure = build(
        graph(
            edge("e", "goods:combat  Aircraft", "platform:Heron"), edge("f", "platform:Heron", "means:air_strike")
        ),
        table=(),
    )
    assert names(closure, closure.reach(None, "Components for COMBAT aircraft (2)").yes) == {"air_strike"}
    assert closure.reach(None, "combat aircrafts").yes == 0
    assert closure.reach(None, "noncombat aircraft").yes == 0


def test_hints_say_which_ratings_are_silent_open_or_exhaustive() -> None:
    closure = build(Graph(edges_of_hints()))
    ml6 = closure.reach("ML6")
    assert (ml6.silent, ml6.open, "air_strike" in names(closure, ml6.yes)) == (False, False, False)
    ml10 = closure.reach("ML10")
    assert (names(closure, ml10.yes), ml10.silent, ml10.open) == ({"air_strike", "surveillance"}, False, True)
    assert closure.reach("ML22") == Reach(yes=0, silent=True, open=False, by_end_user=False)
    assert closure.reach("ML14") == Reach(yes=0, silent=False, open=True, by_end_user=False)
    assert closure.reach("XYZ9").silent
    assert closure.reach(None).silent
    assert closure.reach("6A003").by_end_user
    both = closure.reach("ML10;ML22")
    assert (both.yes, both.silent, both.open) == (ml10.yes, True, True)


def test_a_path_by_hint_names_rating_platform_and_means() -> None:
    closure = build(Graph(edges_of_hints()))
    path = closure.path("ML10a", None, "air_strike")
    assert path is not None
    assert [s.end for s in path.steps] == ["platform:military aircraft", "means:air_strike"]
    assert (path.basis, str(path.grade)) == ("hint", "F6")
    assert path.steps[0].citation.startswith("row 10, starter hints")


def test_a_finding_beside_a_hint_gives_a_path_of_findings() -> None:
    closure = build(Graph((*edges_of_hints(), edge("f", "rating:ML10", "means:air_strike", grade="B2"))))
    path = closure.path("ML10", None, "air_strike")
    assert path is not None
    assert (path.basis, str(path.grade)) == ("finding", "B2")


def test_a_thing_whose_role_is_not_known_keeps_the_answer_open() -> None:
    closure = build(Graph((*edges_of_hints(), edge("f", "goods:launch rail", "platform:Kestrel"))))
    assert not closure.reach("ML6", "trailer").open
    assert closure.reach("ML6", "trailer with launch rail").open
    closure.change(add=[edge("g", "platform:Kestrel", "means:ground")])
    assert not closure.reach("ML6", "trailer with launch rail").open


def test_an_edge_counts_on_the_days_on_which_it_holds() -> None:
    dated = graph(
        edge("e", "rating:ML1", "means:ground", valid_from=date(2015, 1, 1), valid_until=date(2016, 1, 1))
    )
    reached = [
        bool(build(dated.on(day), table=()).reach("ML1").yes)
        for day in (date(2014, 12, 31), date(2015, 1, 1), date(2015, 12, 31), date(2016, 1, 1))
    ]
    assert reached == [False, True, True, False]


def test_the_bits_are_the_vocabulary_and_then_further_means_in_order() -> None:
    closure = build(
        graph(edge("e", "rating:ML1", "means:zeppelin"), edge("f", "rating:ML1", "means:balloon")), table=()
    )
    assert closure.means == (*(m.id for m in means()), "balloon", "zeppelin")


def test_a_cycle_is_named() -> None:
    edges = (edge("e", "component:a", "component:b"), edge("f", "component:b", "component:a"))
    with pytest.raises(TraceError, match=r"component:a -> component:b -> component:a"):
        build(graph(*edges), table=())
    closure = build(graph(edges[0], edge("g", "component:b", "means:ground")), table=())
    before = content(closure)
    with pytest.raises(TraceError, match="form a cycle"):
        closure.change(add=[edge("h", "rating:ML1", "component:a"), edges[1]], remove=["g"])
    assert content(closure) == before


def test_more_means_than_bits_are_refused() -> None:
    many = [edge(f"e{n}", "rating:ML1", f"means:m{n}") for n in range(56)]
    with pytest.raises(TraceError, match="64 different means"):
        build(graph(*many), table=())


@pytest.mark.parametrize(("add", "remove"), [([edge("e", "rating:ML2", "means:ground")], []), ([], ["nothing"])])
def test_a_change_that_does_not_fit_changes_nothing(add: list[Edge], remove: list[str]) -> None:
    closure = build(graph(edge("e", "rating:ML1", "means:ground")), table=())
    before = content(closure)
    with pytest.raises(TraceError):
        closure.change(add=add, remove=remove)
    assert content(closure) == before


def test_a_change_names_the_nodes_above_and_no_others() -> None:
    edges = (
        edge("e1", "rating:ML10", "component:turbine"),
        edge("e2", "component:turbine", "platform:Heron"),
        edge("e3", "platform:Heron", "means:air_strike"),
        edge("e4", "rating:ML6", "means:ground"),
    )
    closure = build(graph(*edges), table=())
    assert closure.change(add=[edge("e5", "platform:Heron", "means:surveillance")]) == {
        "platform:Heron", "component:turbine", "rating:ML10",
    }  # fmt: skip
    assert closure.touched({"rating:ML10"}, "ML10a;ML6", None)
    assert not closure.touched({"rating:ML10"}, "ML6", "turbine")
    assert closure.touched({"goods:jet turbine"}, "ML6", "Parts of a jet turbine")


def _changed_and_rebuilt(data: st.DataObject) -> None:
    start = [data.draw(layered_edges(name=f"e{n}")) for n in range(data.draw(st.integers(0, 25)))]
    held = {e.edge: e for e in start}
    closure = build(graph(*start), table=())
    for step in range(data.draw(st.integers(1, 5))):
        before = content(closure)
        gone = data.draw(st.sets(st.sampled_from(sorted(held)), max_size=3)) if held else set()
        added = [data.draw(layered_edges(name=f"s{step}-{n}")) for n in range(data.draw(st.integers(0, 3)))]
        regraded = [data.draw(layered_edges(name=name)) for name in sorted(gone) if data.draw(st.booleans())]
        changed = closure.change(add=[*added, *regraded], remove=gone)
        held = {k: e for k, e in held.items() if k not in gone} | {e.edge: e for e in (*added, *regraded)}
        rebuilt = content(build(graph(*held.values()), table=()))
        assert content(closure) == rebuilt
        if before["means"] == rebuilt["means"]:
            assert changed == {
                n for n in before.keys() | rebuilt.keys() if n[:6] != "means:" and before.get(n) != rebuilt.get(n)
            } - {"means"}


@settings(max_examples=40)
@given(st.data())
def test_changes_equal_a_rebuild(data: st.DataObject) -> None:
    _changed_and_rebuilt(data)


@pytest.mark.slow
@settings(max_examples=400)
@given(st.data())
def test_many_more_changes_equal_a_rebuild(data: st.DataObject) -> None:
    _changed_and_rebuilt(data)


def test_edges_in_either_direction_can_follow_each_other() -> None:
    closure = build(graph(edge("m", "component:a", "means:ground")), table=())
    swap = [("component:a", "component:b"), ("component:b", "component:a")] * 20
    for n, (start, end) in enumerate(swap):
        closure.change(add=[edge(f"e{n}", start, end)], remove=[f"e{n - 1}"] if n else [])
    rebuilt = build(graph(edge("m", "component:a", "means:ground"), edge("e39", *swap[-1])), table=())
    assert content(closure) == content(rebuilt)


def test_a_large_graph_of_the_shape_of_the_benchmark_stays_equal_to_a_rebuild() -> None:
    rng = random.Random(7)
    edges = large(rng)
    closure = build(graph(*edges), table=())
    held = {e.edge: e for e in edges}
    for _ in range(30):
        gone = rng.choice(sorted(held))
        closure.change(remove=[gone])
        del held[gone]
    assert content(closure) == content(build(graph(*held.values()), table=()))


def large(rng: random.Random) -> list[Edge]:
    """600 ratings, 5,000 edges in layers, about 48 means."""
    sizes = {"rating": 600, "component": 400, "platform": 150}
    edges = []
    for n in range(5000):
        kind = rng.choices(list(sizes), weights=(2, 2, 1))[0]
        end_kind = {"rating": "component", "component": "platform", "platform": "means"}[kind]
        end = (
            f"means:m{rng.randrange(40)}"
            if end_kind == "means"
            else f"{end_kind}:{rng.randrange(sizes[end_kind])}"
        )
        start = f"rating:ML1-{rng.randrange(600)}" if kind == "rating" else f"{kind}:{rng.randrange(sizes[kind])}"
        edges.append(edge(f"e{n}", start, end, grade=rng.choice("ABCF") + rng.choice("1236")))
    return edges
