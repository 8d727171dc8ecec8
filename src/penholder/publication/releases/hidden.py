"""Whether a count that a release leaves out can be worked out from it, the next one, and their totals. Pure.

Everybody knows the rule by which small counts are left out. So everybody can list all counts with which that rule
gives exactly what both releases show; where all of them agree on a cell, leaving it out has hidden nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from penholder.publication.policy import small_cells, small_total
from penholder.publication.releases.tables import Row

PART, NAME, NUMBER = "part", "name", "number"
STATE, TOTAL = "state", ("received", "received")
NEVER_FALL = frozenset(
    {"answered_on_time", "answered_late", "acknowledged_late", "escalated", "extended", "contested", "accepted",
     "withdrawn", "upheld", "partly", "not_upheld", "cannot_be_established", "referred", "not_for_this_body"}
)  # fmt: skip
"""Counts of what has happened: in a later release they are no smaller."""
Cell = tuple[str, str]
"""Part and name of a count in the table of concerns."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A count that is left out. most, least: between which it must lie; equal: it can be worked out."""

    release: int
    """0: the earlier one, 1: the later one."""
    cell: Cell
    least: int
    most: int

    @property
    def is_known(self) -> bool:
        """Can it be worked out?"""
        return self.least == self.most


def hidden_counts(first: Sequence[Row], second: Sequence[Row], *, smallest: int) -> tuple[Hidden, ...]:
    """Every count of the table of concerns that one of two releases leaves out, with what can be said of it.

    Args:
        first, second: the rows of the table in the earlier and the later release.
        smallest: counts above nought and below it are left out.
    """
    shown = [{(str(r[PART]), str(r[NAME])): _number(r[NUMBER]) for r in rows} for rows in (first, second)]
    found = [*_of_states(shown, smallest), *_apart(shown, smallest)]
    return tuple(sorted(found, key=lambda h: (h.release, h.cell)))


def told_by(first: Sequence[Row], second: Sequence[Row], *, smallest: int) -> tuple[str, ...]:
    """Names of counts that one of two releases leaves out and both together tell. Arguments as above."""
    found = hidden_counts(first, second, smallest=smallest)
    return tuple(sorted({h.cell[1] for h in found if h.is_known}))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _of_states(shown: Sequence[Mapping[Cell, int | None]], smallest: int) -> Iterator[Hidden]:
    """Counts with a total: all ways in which both releases can have come about, compared."""
    ways = [list(_ways(s, smallest)) for s in shown]
    both = [(a, b) for a in ways[0] for b in ways[1] if _can_follow(a, b)]
    for release, cells in enumerate(shown):
        for cell in (c for c in (*_cells(cells), TOTAL) if c in cells and cells[c] is None):
            values = {_count(pair[release], cell) for pair in both}
            if values:
                yield Hidden(release, cell, min(values), max(values))


def _count(made: Mapping[Cell, int], cell: Cell) -> int:
    return sum(made.values()) if cell == TOTAL else made[cell]


def _cells(shown: Mapping[Cell, int | None]) -> list[Cell]:
    return [cell for cell in shown if cell[0] == STATE]


def _ways(shown: Mapping[Cell, int | None], smallest: int) -> Iterator[dict[Cell, int]]:
    """Every set of counts of which the rule shows exactly this."""
    cells = _cells(shown)
    missing = [cell for cell in cells if shown[cell] is None]
    given = {cell: n for cell in cells if (n := shown[cell]) is not None}
    total = shown.get(TOTAL)
    rest = None if total is None else total - sum(given.values())
    most = max(2 * smallest, min((n for n in given.values() if n), default=0))
    for values in _values(len(missing), rest, smallest=smallest, most=most):
        made = given | dict(zip(missing, values, strict=True))
        counts = [made[cell] for cell in cells]
        seen = small_cells(counts, smallest=smallest, total_is_shown=True)
        if list(seen) == [shown[c] for c in cells] and small_total(sum(counts), seen, smallest=smallest) == total:
            yield made


def _values(number: int, rest: int | None, *, smallest: int, most: int) -> Iterator[tuple[int, ...]]:
    """Counts that can be left out: all small ones, or a small one and another.

    rest: what they amount to; None: that is not known, and the other is `most` at the most.
    """
    small = range(1, smallest)
    if number == 2:
        others = (range(1, most + 1) for _ in small) if rest is None else ((rest - n,) for n in small)
        pairs = {(n, m) for n, of in zip(small, others, strict=True) for m in of if m > 0}
        yield from sorted(pairs | {(m, n) for n, m in pairs})
    else:
        yield from (v for v in product(small, repeat=number) if rest in {None, sum(v)})


def _can_follow(before: Mapping[Cell, int], after: Mapping[Cell, int]) -> bool:
    return all(after.get(cell, n) >= n for cell, n in before.items() if cell[1] in NEVER_FALL)


def _apart(shown: Sequence[Mapping[Cell, int | None]], smallest: int) -> Iterator[Hidden]:
    """Counts without a total, one by one; what never falls is bounded by the other release."""
    for release, cells in enumerate(shown):
        for cell, count in cells.items():
            if count is not None or cell[0] == STATE or cell == TOTAL:
                continue
            least, most = 1, smallest - 1
            other = shown[1 - release].get(cell)
            if other is not None and cell[1] in NEVER_FALL:
                least, most = (least, min(most, other)) if release == 0 else (max(least, other), most)
            yield Hidden(release, cell, least, most)
