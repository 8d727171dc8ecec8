"""Small numbers: which counts of a table, and of its total, may be shown. Pure.

Whoever knows the rule can list all counts with which it shows exactly what is shown; no hidden count is the same
in all of them. Tests walk every table of some size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

SMALLEST = 5
"""Counts of concerns or people that are above nought and below it are not shown. The public site has dated
versions of it (the disclosure policy); the newest is this one."""
Shown = tuple[int | None, ...]
"""Counts as they are shown; None: left out."""


def small_cells(counts: Sequence[int], *, smallest: int, total_is_shown: bool) -> Shown:
    """Counts as they may be shown: None for one that is above nought and below the smallest.

    Where the total is shown and only one count would be missing, the next smallest is left out too: else the total
    would give it away. Nought is shown: that there is none is said of nobody.
    """
    hidden = {n for n, count in enumerate(counts) if 0 < count < smallest}
    if total_is_shown and len(hidden) == 1:
        others = [n for n, count in enumerate(counts) if n not in hidden and count > 0]
        hidden |= {min(others, key=lambda n: (counts[n], n))} if others else set()
    return tuple(None if n in hidden else count for n, count in enumerate(counts))


def small_total(total: int, shown: Iterable[int | None], *, smallest: int) -> int | None:
    """The total of counts that may be shown; None where it, or what it would tell of a hidden one, is small.

    Whoever knows the rule knows that hidden counts are small ones, or one small and the next smallest. So a total
    that is the least or the most that they can amount to would say what each of them is.
    """
    cells = list(shown)
    hidden = total - sum(c for c in cells if c is not None)
    missing = sum(c is None for c in cells)
    if 0 < total < smallest or missing == 1 or (missing and 0 < hidden < smallest):
        return None
    if missing > 1 and hidden in {missing, missing * (smallest - 1)}:
        return None
    least_shown = min((c for c in cells if c), default=None)
    if missing == 2 and least_shown is not None and hidden >= least_shown + smallest - 1:
        return None
    return total


def small_tables(tables: Sequence[Sequence[int]], *, smallest: int) -> tuple[int | None, tuple[Shown, ...]]:
    """Tables that amount to the same total, and the total, as they may be shown.

    Where the total is left out, all is left out that is not nought: another table that is shown whole would be the
    total.
    """
    total = sum(tables[0])
    cells = tuple(small_cells(t, smallest=smallest, total_is_shown=True) for t in tables)
    if any(small_total(total, shown, smallest=smallest) is None for shown in cells):
        return None, tuple(tuple(None if n else 0 for n in t) for t in tables)
    return total, cells
