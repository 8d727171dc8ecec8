"""The closure of the tracing graph: for every node, which means it reaches, and by which best-graded path.

A node reaches a means or it does not; nothing is weighed, multiplied or cut off. Of several paths a node keeps the
one whose weakest edge has the best grade (minimax over the order of grades). Ties are settled step by step, by
what the next node keeps: a path of findings before one with hints, then fewer steps, then the id of the edge.

A changed edge is carried upwards from where it starts and stops where nothing changes.
The result equals a rebuild.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.analysis.tracing.graph import Edge, Graph, node
from penholder.analysis.tracing.phrases import PhraseIndex
from penholder.analysis.tracing.reachtable import OPEN, ReachTable
from penholder.kernel.errors import TraceError
from penholder.kernel.grade import Grade
from penholder.regime.hints import Hint, hints, means, normal_code, prefixes

MAX_MEANS = 63
"""Masks are kept in signed 64-bit columns."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the goods of a line can reach, as far as is known.

    `yes`: bit mask over `Closure.means`. `silent`: a rating without a role, or no rating at all. `open`: a hint
    that is not exhaustive, or a path that ends at something whose role is not known. Only where neither is set
    does a means outside `yes` count as not reached. `by_end_user`: the role depends on who uses the goods.
    """

    yes: int
    silent: bool
    open: bool
    by_end_user: bool


@dataclass(frozen=True, slots=True)
class Path:
    """Steps from a rating or goods to a means. `grade` is the weakest of its edges; basis finding | hint."""

    steps: tuple[Edge, ...]
    grade: Grade
    basis: str


@dataclass(frozen=True, slots=True)
class ReachCells:
    """Reach of many cells as columns of equal length."""

    yes: npt.NDArray[np.int64]
    silent: npt.NDArray[np.bool_]
    open: npt.NDArray[np.bool_]
    by_end_user: npt.NDArray[np.bool_]


def build(graph: Graph, *, table: Sequence[Hint] | None = None) -> Closure:
    """The closure of the edges that hold on one day (`Graph.on`).

    `table` is the hint table that says which ratings are silent, open or exhaustive; None: the one that ships.
    Raises: TraceError for a cycle (named), for one id used twice, and for more than 63 means.
    """
    return Closure(graph, table=hints() if table is None else table)


class Closure:
    """Reach of every node. Read with `reach` and `path`, change with `change`.

    `means` gives the bit order of all masks: the vocabulary in its order, then further means of the edges, sorted.
    """

    means: tuple[str, ...]
    _table: ReachTable
    _bits: dict[str, int]
    _extra: dict[str, int]

    def __init__(self, graph: Graph, *, table: Sequence[Hint]) -> None:
        graph.check_ids()
        self._day = graph.day
        self._hints = {h.rating: h for h in table}
        self._load(graph.edges)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges in force, in no particular order."""
        return tuple(self._table.edges.values())

    def reach(self, rating_cell: str | None, description: str | None = None) -> Reach:
        """What a line with these ratings (joined by `;`) and this description can reach."""
        reach, _ = self._cell(rating_cell)
        goods = self._goods(description)
        if not goods:
            return reach
        return Reach(
            yes=_union((reach.yes, *(self.mask(g) for g in goods))),
            silent=reach.silent,
            open=reach.open or any(self.leads_nowhere(g) for g in goods),
            by_end_user=reach.by_end_user,
        )

    def cells(self, ratings: Sequence[str | None], descriptions: Sequence[str | None]) -> ReachCells:
        """`reach` of many pairs. Shape: n ratings and n descriptions -> four columns of n."""
        found = [self.reach(r, d) for r, d in zip(ratings, descriptions, strict=True)]
        return ReachCells(
            yes=np.array([f.yes for f in found], dtype=np.int64),
            silent=np.array([f.silent for f in found], dtype=np.bool_),
            open=np.array([f.open for f in found], dtype=np.bool_),
            by_end_user=np.array([f.by_end_user for f in found], dtype=np.bool_),
        )

    def path(self, rating_cell: str | None, description: str | None, means_id: str) -> Path | None:
        """The best-graded path from the ratings or the description to a means, or None if there is none."""
        bit = self._bits.get(node("means", means_id))
        if bit is None:
            return None
        ways = [
            (kept[bit], start)
            for start in self.starts(rating_cell, description)
            if bit in (kept := self._table.kept(start))
        ]
        return self._walk(min(ways)[1], bit) if ways else None

    def starts(self, rating_cell: str | None, description: str | None = None) -> tuple[str, ...]:
        """The nodes from which a line with these cells starts: ratings, their hints, and goods."""
        _, names = self._cell(rating_cell)
        return (*names, *self._goods(description))

    def mask(self, name: str) -> int:
        """The means that a node reaches, as a bit mask; 0 for a node that does not exist."""
        return sum(1 << bit for bit in self._table.kept(name) if bit != OPEN)

    def leads_nowhere(self, name: str) -> bool:
        """Does a path from the node end at something whose role is not known?"""
        return OPEN in self._table.kept(name)

    def nodes(self) -> tuple[str, ...]:
        """All nodes that an edge touches, sorted."""
        return self._table.nodes()

    def change(self, add: Iterable[Edge] = (), remove: Iterable[Edge | str] = ()) -> set[str]:
        """Take edges out, then put edges in, and carry the change upwards. On an error nothing has changed.

        Edges that do not hold on the day of the closure are passed over. To regrade an edge, remove it and add it.
        Returns: the nodes whose reach, or the grade, length or first step of a best path, changed.
        Raises: TraceError for an edge to remove that is not there, an id that is already used, or a cycle.
        """
        gone = self._to_remove(remove)
        new = tuple(e for e in add if e.holds(self._day))
        Graph(new).check_ids()
        _refuse_used(
            new, {k: e for k, e in self._table.edges.items() if k not in gone} if gone else self._table.edges
        )
        after = self._counted_means(gone.values(), new)
        if _order(after) != self.means:
            return self._reload(gone, new)
        changed = self._table.change(gone.values(), new)
        self._extra = after
        self._forget(changed)
        return changed

    def kept(self, name: str) -> dict[str, tuple[int, bool, int, str]]:
        """What a node keeps, by means: rank of the weakest grade, any hint, number of steps, first edge."""
        return {self.means[bit]: kept for bit, kept in self._table.kept(name).items() if bit != OPEN}

    def touched(self, changed: Collection[str], rating_cell: str | None, description: str | None) -> bool:
        """Can the answer for a line with these cells differ after `changed` (as `change` gives it)?"""
        codes = {p for code in _codes(rating_cell) for p in prefixes(code)}
        if any(f"{kind}:{p}" in changed for p in codes for kind in ("rating", "hint")):
            return True
        goods = [c.removeprefix("goods:") for c in changed if c.startswith("goods:")]
        return bool(description and goods and PhraseIndex(goods).within(description))

    def _load(self, edges: Iterable[Edge]) -> None:
        every = tuple(edges)
        extra = _count_means(every)
        order = _order(extra)
        bits = {node("means", m): i for i, m in enumerate(order)}
        table = ReachTable(every, bits=bits)
        # Nothing is kept until the edges have proved sound.
        self._extra, self.means, self._bits, self._table = extra, order, bits, table
        self._phrases = PhraseIndex(e.from_id for e in every if e.from_kind == "goods")
        self._cells: dict[str | None, tuple[Reach, tuple[str, ...]]] = {}

    def _goods(self, description: str | None) -> tuple[str, ...]:
        return tuple(f"goods:{p}" for p in self._phrases.within(description)) if description else ()

    def _cell(self, rating_cell: str | None) -> tuple[Reach, tuple[str, ...]]:
        found = self._cells.get(rating_cell)
        if found is None:
            found = self._cells[rating_cell] = self._read_cell(rating_cell)
        return found

    def _read_cell(self, rating_cell: str | None) -> tuple[Reach, tuple[str, ...]]:
        codes = _codes(rating_cell)
        rows = [next((self._hints[p] for p in prefixes(c) if p in self._hints), None) for c in codes]
        names = [f"rating:{p}" for c in codes for p in prefixes(c)]
        names += [f"hint:{row.rating}" for row in rows if row]
        known = tuple(n for n in dict.fromkeys(names) if self._table.kept(n))
        nowhere = any(self.leads_nowhere(n) for n in known)
        reach = Reach(
            yes=_union(self.mask(n) for n in known),
            silent=not codes or any(row is None or row.silent for row in rows),
            open=nowhere or any(row is not None and not row.silent and not row.exhaustive for row in rows),
            by_end_user=any(row is not None and row.by_end_user for row in rows),
        )
        return reach, known

    def _walk(self, name: str, bit: int) -> Path:
        steps: list[Edge] = []
        while name not in self._bits:
            steps.append(self._table.edges[self._table.kept(name)[bit][3]])
            name = steps[-1].end
        basis = "hint" if any(e.basis == "hint" for e in steps) else "finding"
        return Path(tuple(steps), max(e.grade for e in steps), basis)

    def _to_remove(self, remove: Iterable[Edge | str]) -> dict[str, Edge]:
        gone: dict[str, Edge] = {}
        for given in remove:
            if isinstance(given, Edge) and not given.holds(self._day):
                continue
            name = given if isinstance(given, str) else given.edge
            if name not in self._table.edges:
                raise TraceError(
                    f"there is no edge {name!r} to remove",
                    hint="only edges that hold on the day of the closure can be removed",
                )
            gone[name] = self._table.edges[name]
        return gone

    def _counted_means(self, gone: Iterable[Edge], new: Iterable[Edge]) -> dict[str, int]:
        after = dict(self._extra)
        for edges, by in ((gone, -1), (new, 1)):
            for means_id, n in _count_means(edges).items():
                after[means_id] = after.get(means_id, 0) + by * n
        return {m: n for m, n in after.items() if n}

    def _reload(self, gone: Collection[str], new: Iterable[Edge]) -> set[str]:
        """The set of means changes, and with it every mask: build anew and compare node by node."""
        before = {name: self._kept_by_means(name) for name in self.nodes()}
        self._load([*(e for k, e in self._table.edges.items() if k not in gone), *new])
        after = {name: self._kept_by_means(name) for name in self.nodes()}
        return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}

    def _kept_by_means(self, name: str) -> dict[str, object]:
        return {self.means[bit] if bit != OPEN else "": kept for bit, kept in self._table.kept(name).items()}

    def _forget(self, changed: Collection[str]) -> None:
        """Drop what was derived from changed nodes."""
        if changed:
            self._cells.clear()
        for name in changed:
            if name.startswith("goods:"):
                phrase = name.removeprefix("goods:")
                (self._phrases.add if self._table.kept(name) else self._phrases.discard)(phrase)


def _codes(rating_cell: str | None) -> tuple[str, ...]:
    parts = (rating_cell or "").split(LIST_SEPARATOR)
    return tuple(p.strip() for p in parts if normal_code(p))


def _union(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _count_means(edges: Iterable[Edge]) -> dict[str, int]:
    """How many edges lead to each means outside the vocabulary."""
    vocabulary = {m.id for m in means()}
    found: dict[str, int] = {}
    for edge in edges:
        if edge.to_kind == "means" and (name := edge.end.removeprefix("means:")) not in vocabulary:
            found[name] = found.get(name, 0) + 1
    return found


def _order(extra: Collection[str]) -> tuple[str, ...]:
    every = (*(m.id for m in means()), *sorted(extra))
    if len(every) > MAX_MEANS:
        raise TraceError(
            f"the edges lead to {len(every)} different means; at most {MAX_MEANS} can be told apart",
            hint="use the means of the vocabulary (docs/reference/capability-hints.md)",
        )
    return every


def _refuse_used(new: Iterable[Edge], edges: Collection[str]) -> None:
    for edge in new:
        if edge.edge in edges:
            raise TraceError(
                f"{edge.where}: the id is already used",
                hint="remove the old edge in the same change to replace it",
            )
