"""The graph from goods to means: edges with source, grade and validity, out of the hint table and the data folder.

A step starts from a rating, goods, a component, a maker or a platform and leads to a component, a platform or a
means. Every path of a sound graph ends at a means; where one ends earlier, the role of that thing is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from penholder.kernel.errors import InputError, TraceError
from penholder.kernel.grade import Grade, parse_grade
from penholder.regime.hints import Hint, hints, normal_code

FROM_KINDS = ("rating", "goods", "component", "maker", "platform")
TO_KINDS = ("component", "platform", "means")
RELATIONS = ("part_of", "found_inside", "carried_by", "used_for", "supplied_to")
BASES = ("finding", "hint")
HINT_TABLE = "capability hints"
"""Value of `source` of the edges that come from the hint table."""
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Edge:
    """One sourced step from goods towards a means; the fields of the data set `edges`."""

    edge: str
    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
    relation: str
    basis: str
    grade: Grade
    valid_from: date | None
    valid_until: date | None
    citation: str
    source: str
    source_line: int

    def __post_init__(self) -> None:
        for field, allowed in (
            ("from_kind", FROM_KINDS),
            ("to_kind", TO_KINDS),
            ("relation", RELATIONS),
            ("basis", BASES),
        ):
            if getattr(self, field) not in allowed:
                said = f"{field} {getattr(self, field)!r} is not allowed; allowed: {', '.join(allowed)}"
                raise TraceError(f"{self.where}: {said}", hint="mend the row and import the edges again")
        if not self.from_id.strip() or not self.to_id.strip():
            raise TraceError(
                f"{self.where}: the edge leads from {self.from_id!r} to {self.to_id!r}",
                hint="give both ends an id",
            )

    @property
    def where(self) -> str:
        """`file:line (edge id)`, for messages."""
        return f"{self.source}:{self.source_line} (edge {self.edge})"

    @property
    def start(self) -> str:
        """Node from which the step starts."""
        if self.source == HINT_TABLE and self.from_kind == "rating":
            # Kept apart from findings about the same rating: of the hints only the longest row that fits counts.
            return node("hint", self.from_id)
        return node(self.from_kind, self.from_id)

    @property
    def end(self) -> str:
        """Node to which the step leads."""
        return node(self.to_kind, self.to_id)

    def holds(self, day: date | None) -> bool:
        """Does the edge hold on that day (None: ever)?"""
        return day is None or (
            (self.valid_from is None or self.valid_from <= day)
            and (self.valid_until is None or day < self.valid_until)
        )


def node(kind: str, name: str) -> str:
    """Id of a node: `kind:name`, with the name in the one spelling under which it is matched."""
    if kind in {"rating", "hint"}:
        return f"{kind}:{normal_code(name)}"
    if kind == "goods":
        return f"goods:{normal_phrase(name)}"
    return f"{kind}:{_SPACES.sub(' ', name).strip()}"


def normal_phrase(text: str) -> str:
    """Casefolded, with single spaces."""
    return _SPACES.sub(" ", text).strip().casefold()


@dataclass(frozen=True, slots=True)
class Graph:
    """A set of edges; `day` is the day on which they hold, or None: all that ever held."""

    edges: tuple[Edge, ...]
    day: date | None = None

    def on(self, day: date) -> Graph:
        """The edges that hold on that day."""
        return Graph(tuple(e for e in self.edges if e.holds(day)), day)

    def dangling(self) -> tuple[Edge, ...]:
        """Edges to a component or platform from which nothing leads on: its role is not known."""
        starts = {e.start for e in self.edges}
        return tuple(e for e in self.edges if e.to_kind != "means" and e.end not in starts)

    def check_ids(self) -> None:
        """Raises: TraceError where one id names two different edges."""
        seen: dict[str, Edge] = {}
        for edge in self.edges:
            if seen.setdefault(edge.edge, edge) != edge:
                raise TraceError(
                    f"{edge.where}: the id is already used by {seen[edge.edge].where}",
                    hint="give every edge an id of its own",
                )

    def check(self) -> None:
        """Raises: TraceError where one id names two different edges, or where edges form a cycle."""
        self.check_ids()
        cycle = find_cycle(self.edges)
        if cycle:
            raise cycle_error(cycle)


def cycle_error(cycle: Sequence[Edge]) -> TraceError:
    """The error that names a cycle, edge by edge."""
    names = " -> ".join([cycle[0].start, *(e.end for e in cycle)])
    where = ", ".join(f"{e.source}:{e.source_line}" for e in cycle)
    return TraceError(
        f"the edges form a cycle: {names} ({where})",
        hint="a thing cannot be part of itself: take one of these edges out, or turn it round",
        edges=[e.edge for e in cycle],
    )


def find_cycle(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """The edges of one cycle, in order, or nothing. Depth first without recursion, so depth is not limited."""
    out: dict[str, list[Edge]] = {}
    for edge in sorted(edges, key=lambda e: e.edge):
        out.setdefault(edge.start, []).append(edge)
    done: set[str] = set()
    for root in out:
        cycle = _cycle_from(root, out, done)
        if cycle:
            return cycle
    return ()


def _cycle_from(root: str, out: dict[str, list[Edge]], done: set[str]) -> tuple[Edge, ...]:
    if root in done:
        return ()
    trail: list[Edge] = []
    open_nodes = [root]
    pending = [iter(out.get(root, ()))]
    while pending:
        edge = next(pending[-1], None)
        if edge is None:
            done.add(open_nodes.pop())
            pending.pop()
            del trail[-1:]
        elif edge.end in open_nodes:
            return (*trail, edge)[open_nodes.index(edge.end) :]
        elif edge.end not in done:
            trail.append(edge)
            open_nodes.append(edge.end)
            pending.append(iter(out.get(edge.end, ())))
    return ()


def edges_of_hints(table: Sequence[Hint] | None = None) -> tuple[Edge, ...]:
    """The hint table as edges: rating -> platform -> means where a platform is named, else rating -> means."""
    edges: dict[str, Edge] = {}
    for hint in hints() if table is None else table:
        if hint.platform:
            step = _hint_edge(hint, f"hint:{hint.row}", ("rating", hint.rating), ("platform", hint.platform))
            edges[step.edge] = step
        for means in hint.means:
            if hint.platform:
                start, name = ("platform", hint.platform), f"hint:{hint.platform}:{means}"
            else:
                start, name = ("rating", hint.rating), f"hint:{hint.row}:{means}"
            edges.setdefault(name, _hint_edge(hint, name, start, ("means", means)))
    return tuple(edges.values())


def _hint_edge(hint: Hint, name: str, start: tuple[str, str], end: tuple[str, str]) -> Edge:
    return Edge(
        edge=name,
        from_kind=start[0],
        from_id=start[1],
        to_kind=end[0],
        to_id=end[1],
        relation="used_for" if end[0] == "means" else "part_of",
        basis="hint",
        grade=parse_grade(hint.grade),
        valid_from=None,
        valid_until=None,
        citation=hint.source,
        source=HINT_TABLE,
        source_line=hint.row,
    )


def edges_from_table(table: pa.Table) -> tuple[Edge, ...]:
    """The rows of the data set `edges`.

    Ids are unique within one release only: where two rows use one id for different edges, the later one is named
    `file:line:id`.
    Raises: TraceError with file and line for a kind, relation, basis or grade that is not allowed.
    """
    found: dict[str, Edge] = {}
    for row in table.to_pylist():
        edge = _edge_of_row(row)
        if found.setdefault(edge.edge, edge) != edge:
            edge = replace(edge, edge=f"{edge.source}:{edge.source_line}:{edge.edge}")
            found[edge.edge] = edge
    return tuple(found.values())


def _edge_of_row(row: dict[str, Any]) -> Edge:
    try:
        return Edge(**{**row, "grade": parse_grade(row["grade"])})
    except TraceError:
        raise
    except InputError as error:
        where = f"{row['source']}:{row['source_line']} (edge {row['edge']})"
        raise TraceError(f"{where}: {error.message}", hint=error.hint) from error
