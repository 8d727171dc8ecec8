"""Whether a count that a release leaves out can be worked out from it, the next one, and their totals. Pure.

Everybody knows the rule by which small counts are left out. So everybody can list all counts with which that rule
gives exactly what both releases show; where all of them agree on a cell, leaving it out has hidden nothing. Each
table is looked at for itself, with its total.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from penholder.concerns.policy.small import small_cells, small_total
from penholder.publication.releases.tables import Row

PART, NAME, NUMBER = "part", "name", "number"
TOTAL = ("received", "received")
WITH_TOTAL = ("state", "standing")
"""Parts of which the counts amount to the total."""
NEVER_FALL = frozenset(
    {"answered_on_time", "answered_late", "acknowledged_late", "escalated", "extended", "contested", "accepted",
     "lapsed", "withdrawn", "joined", "repeated", "upheld", "partly", "not_upheld",
     "cannot_be_established", "referred", "not_for_this_body"}
)  # fmt: skip
"""Counts of what has happened: in a later release they are no smaller."""
Cell = tuple[str, str]
"""Part and name of a count in the table of concerns."""
_Shown = Mapping[Cell, int | None]
_Pair = tuple[int, int]
"""A count, or a sum of counts, in the earlier and in the later release."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A count that is left out. most, least: between which it must lie (None: there is no most that is known);
    equal: it can be worked out."""

    release: int
    """0: the earlier one, 1: the later one."""
    cell: Cell
    least: int
    most: int | None

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
    found = [h for part in WITH_TOTAL for h in _of_part(shown, part, smallest)]
    found += [*_totals(shown, smallest), *_apart(shown, smallest)]
    return tuple(sorted(found, key=lambda h: (h.release, h.cell)))


def told_by(first: Sequence[Row], second: Sequence[Row], *, smallest: int) -> tuple[str, ...]:
    """Names of counts that one of two releases leaves out and both together tell. Arguments as above."""
    found = hidden_counts(first, second, smallest=smallest)
    return tuple(sorted({h.cell[1] for h in found if h.is_known}))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _of_part(shown: Sequence[_Shown], part: str, smallest: int) -> Iterator[Hidden]:
    """Counts with a total. Where one release leaves the total out, each is looked at for itself."""
    if all(s.get(TOTAL) is not None for s in shown):
        yield from _of_both(shown, part, smallest)
        return
    for release, of in enumerate(shown):
        if of.get(TOTAL) is None:
            yield from _without_total(shown, part, release, smallest)
        else:
            yield from (h for h in _of_both((of, of), part, smallest) if h.release == release)


def _most(of: _Shown, smallest: int) -> int | None:
    """Where a total is left out, and in each table one count is all that it amounts to, it is a small one."""
    missing = [sum(n is None for c, n in of.items() if c[0] == part) for part in WITH_TOTAL]
    return smallest - 1 if max(missing) == 1 else None


def _without_total(shown: Sequence[_Shown], part: str, release: int, smallest: int) -> Iterator[Hidden]:
    """One at the least; what never falls lies on the right side of what the other release shows."""
    small = _most(shown[release], smallest)
    for cell in (c for c, n in shown[release].items() if c[0] == part and n is None):
        other = shown[1 - release].get(cell) if cell[1] in NEVER_FALL else None
        least = 1 if release == 0 else max(other or 0, 1)
        bounds = [n for n in (small, other if release == 0 else None) if n is not None]
        yield Hidden(release, cell, least, min(bounds, default=None))


def _of_both(shown: Sequence[_Shown], part: str, smallest: int) -> Iterator[Hidden]:
    """All ways in which both releases can have come about, counted through cell by cell."""
    cells = list(dict.fromkeys(c for s in shown for c in s if c[0] == part))
    first, second = (_allowed(s, cells, smallest) for s in shown)
    pairs = [_pairs(cell, first[cell], second[cell]) for cell in cells]
    before, after = _sums(pairs), _sums(pairs[::-1])[::-1]
    aim = (shown[0][TOTAL] or 0, shown[1][TOTAL] or 0)
    for n, cell in enumerate(cells):
        ways = [p for p in pairs[n] if _reaches(before[n], p, after[n + 1], aim)]
        for release, of in enumerate(shown):
            if cell in of and of[cell] is None and ways:
                values = [w[release] for w in ways]
                yield Hidden(release, cell, min(values), max(values))


def _pairs(cell: Cell, first: Sequence[int], second: Sequence[int]) -> list[_Pair]:
    rises = cell[1] in NEVER_FALL
    return [(a, b) for a in first for b in second if not rises or a <= b]


def _sums(pairs: Sequence[Sequence[_Pair]]) -> list[set[_Pair]]:
    """What the first cells can amount to, for none of them, one, and so on."""
    found = [{(0, 0)}]
    for of in pairs:
        found.append({(x + a, y + b) for x, y in found[-1] for a, b in of})
    return found


def _reaches(before: set[_Pair], pair: _Pair, after: set[_Pair], aim: _Pair) -> bool:
    left = (aim[0] - pair[0], aim[1] - pair[1])
    return any((left[0] - x, left[1] - y) in after for x, y in before)


def _allowed(shown: _Shown, cells: Sequence[Cell], smallest: int) -> dict[Cell, Sequence[int]]:
    """What each count of a table can be, as far as its own release tells. A cell that is not there is nought."""
    found: dict[Cell, Sequence[int]] = {c: (shown.get(c, 0) or 0,) for c in cells}
    missing = [c for c in cells if c in shown and shown[c] is None]
    if len(missing) != 2:
        return found | dict.fromkeys(missing, range(1, smallest))
    rest = (shown[TOTAL] or 0) - sum(n for c in cells if (n := shown.get(c)) is not None)
    both: dict[Cell, Sequence[int]] = {}
    for cell, other in (missing, missing[::-1]):
        tried = {n: found | {cell: (n,), other: (rest - n,)} for n in range(1, rest)}
        both[cell] = [n for n, made in tried.items() if _gives(made, shown, cells, smallest)]
    return found | both


def _gives(made: Mapping[Cell, Sequence[int]], shown: _Shown, cells: Sequence[Cell], smallest: int) -> bool:
    """Does the rule show exactly this of these counts?"""
    held = [c for c in cells if c in shown]
    counts = [made[c][0] for c in held]
    seen = small_cells(counts, smallest=smallest, total_is_shown=True)
    return list(seen) == [shown[c] for c in held] and small_total(sum(counts), seen, smallest=smallest) is not None


def _totals(shown: Sequence[_Shown], smallest: int) -> Iterator[Hidden]:
    """Each count that is left out is one at the least."""
    for release, of in enumerate(shown):
        if TOTAL in of and of[TOTAL] is None:
            missing = max(sum(of[c] is None for c in of if c[0] == part) for part in WITH_TOTAL)
            yield Hidden(release, TOTAL, max(missing, 1), _most(of, smallest))


def _apart(shown: Sequence[_Shown], smallest: int) -> Iterator[Hidden]:
    """Counts without a total, one by one; what never falls is bounded by the other release."""
    for release, cells in enumerate(shown):
        for cell, count in cells.items():
            if count is not None or cell[0] in WITH_TOTAL or cell == TOTAL:
                continue
            least, most = 1, smallest - 1
            other = shown[1 - release].get(cell)
            if other is not None and cell[1] in NEVER_FALL:
                least, most = (least, min(most, other)) if release == 0 else (max(least, other), most)
            yield Hidden(release, cell, least, most)
