"""For every node of the graph: the means that it reaches, each with the best-graded first step towards it.

The inner part of the closure: plain dictionaries, rebuilt whole or changed edge by edge with the same outcome.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from penholder.analysis.tracing.graph import Edge, cycle_error, find_cycle
from penholder.kernel.errors import TraceError
from penholder.kernel.grade import Grade

OPEN = -1
"""In place of a bit: a path that ends at something whose role is not known."""
Kept = tuple[int, bool, int, str]
"""Weakest grade (0 is A1), whether any step is a hint, number of steps, id of the first edge. Smallest is kept."""
ARRIVED: Kept = (0, False, 0, "")
_GRADES = {Grade(r, c): i for i, (r, c) in enumerate((r, c) for r in "ABCDEF" for c in "123456")}


class ReachTable:
    """Nodes, edges and what is kept for each node; `bits` maps the nodes of means to bit numbers.

    Raises: TraceError where the edges form a cycle.
    """

    def __init__(self, edges: Iterable[Edge], *, bits: Mapping[str, int]) -> None:
        self._bits = bits
        self._arrived = {name: {bit: ARRIVED} for name, bit in bits.items()}
        self._out: dict[str, dict[str, tuple[int, bool, str]]] = {}
        self._in: dict[str, dict[str, str]] = {}
        self._ranks: dict[str, int] = {}
        self._kept: dict[str, dict[int, Kept]] = {}
        self.edges: dict[str, Edge] = {}
        for edge in edges:
            self._link(edge)
        self._rank_all()
        for name in sorted(self._ranks, key=self._ranks.__getitem__):
            self._settle(name)

    def kept(self, name: str) -> Mapping[int, Kept]:
        """What a node keeps, by bit; empty for a node that does not exist."""
        return self._kept.get(name) or self._arrived.get(name) or {}

    def nodes(self) -> tuple[str, ...]:
        """All nodes that an edge touches, sorted."""
        return tuple(sorted(self._out.keys() | self._in.keys()))

    def change(self, gone: Iterable[Edge], new: Iterable[Edge]) -> set[str]:
        """Take edges out, put edges in, carry the change upwards. On an error nothing has changed.

        Returns: the nodes whose kept steps changed. Raises: TraceError where the new edges close a cycle.
        """
        removed, added = tuple(gone), tuple(new)
        for edge in removed:
            self._unlink(edge)
        linked: list[Edge] = []
        try:
            for edge in added:
                self._link(edge)
                linked.append(edge)
                self._raise_ranks(edge)
        except TraceError:
            for edge in linked:
                self._unlink(edge)
            for edge in removed:
                self._link(edge)
            raise
        return self._carry_up([*removed, *added])

    def _link(self, edge: Edge) -> None:
        self.edges[edge.edge] = edge
        step = (_GRADES[edge.grade], edge.basis == "hint", edge.end)
        self._out.setdefault(edge.start, {})[edge.edge] = step
        self._in.setdefault(edge.end, {})[edge.edge] = edge.start

    def _unlink(self, edge: Edge) -> None:
        del self.edges[edge.edge]
        for ends, name in ((self._out, edge.start), (self._in, edge.end)):
            del ends[name][edge.edge]
            if not ends[name]:
                del ends[name]

    def _rank_all(self) -> None:
        """Number the nodes so that every edge leads to a smaller number (longest way to an end)."""
        left = {name: len(steps) for name, steps in self._out.items()}
        ready = [name for name in self._in if name not in left]
        self._ranks = dict.fromkeys(ready, 0)
        while ready:
            name = ready.pop()
            for start in self._in.get(name, {}).values():
                self._ranks[start] = max(self._ranks.get(start, 0), self._ranks[name] + 1)
                left[start] -= 1
                if not left[start]:
                    ready.append(start)
        if any(left.values()):
            raise cycle_error(find_cycle(self.edges.values()))

    def _raise_ranks(self, edge: Edge) -> None:
        """Lift the start of a new edge, and what is above it, over its end. Meeting the end again is a cycle.

        Numbers that were lifted stay valid if the edge is taken out again, so an error needs no undoing here.
        """
        ranks = self._ranks
        lifted = {edge.end: ranks.get(edge.end, 0)}
        todo = [(edge.start, lifted[edge.end] + 1)]
        while todo:
            name, least = todo.pop()
            if name == edge.end:
                raise cycle_error(find_cycle(self.edges.values()))
            if lifted.get(name, ranks.get(name, -1)) < least:
                lifted[name] = least
                todo.extend((above, least + 1) for above in self._in.get(name, {}).values())
        ranks.update(lifted)

    def _settle(self, name: str) -> None:
        """Compute what a node keeps from what its ends keep."""
        if name in self._bits:
            return
        found: dict[int, Kept] = {}
        for edge, (grade, hinted, end) in self._out.get(name, {}).items():
            for bit, (below, hints_below, steps, _) in self.kept(end).items():
                way = (max(grade, below), hinted or hints_below, steps + 1, edge) if bit != OPEN else ARRIVED
                if bit not in found or way < found[bit]:
                    found[bit] = way
        if name not in self._out and name in self._in:
            found[OPEN] = ARRIVED
        if found:
            self._kept[name] = found
        else:
            self._kept.pop(name, None)

    def _carry_up(self, edges: list[Edge]) -> set[str]:
        """Settle the ends of changed edges anew, then every node above whose ends changed, lowest first."""
        ranks, changed = self._ranks, set[str]()
        dirty: dict[str, set[int] | None] = {name: None for e in edges for name in (e.start, e.end)}
        heap = [(ranks[name], name) for name in dirty]
        heapq.heapify(heap)
        while heap:
            _, name = heapq.heappop(heap)
            bits = self._renew(name, dirty.pop(name))
            if not bits:
                continue
            changed.add(name)
            for above in set(self._in.get(name, {}).values()):
                if above not in dirty:
                    dirty[above] = set()
                    heapq.heappush(heap, (ranks[above], above))
                marked = dirty[above]
                if marked is not None:
                    marked |= bits
        return changed

    def _renew(self, name: str, bits: set[int] | None) -> set[int]:
        """Settle a node for some bits (None: all). Returns: the bits for which what it keeps changed."""
        if bits is None:
            old = self._kept.get(name, {})
            self._settle(name)
            new = self._kept.get(name, {})
            return {bit for bit in old.keys() | new.keys() if old.get(bit) != new.get(bit)}
        old = self._kept.setdefault(name, {})
        fresh = {bit: self._way(name, bit) for bit in bits}
        moved = {bit for bit, way in fresh.items() if way != old.get(bit)}
        for bit in moved:
            way = fresh[bit]
            if way is None:
                del old[bit]
            else:
                old[bit] = way
        return moved

    def _way(self, name: str, bit: int) -> Kept | None:
        found: Kept | None = None
        for edge, (grade, hinted, end) in self._out[name].items():
            kept = self.kept(end).get(bit)
            if kept is None:
                continue
            if bit == OPEN:
                return ARRIVED
            way = (max(grade, kept[0]), hinted or kept[1], kept[2] + 1, edge)
            if found is None or way < found:
                found = way
        return found
