"""In which order figures stand, and how many of them: by their dimensions, or the largest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from penholder.analysis.statistics.figures import Cell, Figures
from penholder.kernel.errors import InputError

SORTS = ("dims", "value")


@dataclass(frozen=True, slots=True)
class Order:
    """`sort`: dims or value; empty: value where only the top is asked for, else dims. `top`: rows; None: all.

    Raises: InputError for another word, or a top below 1.
    """

    sort: str = ""
    top: int | None = None

    def __post_init__(self) -> None:
        if self.sort and self.sort not in SORTS:
            raise InputError(f"--sort {self.sort}: no such order", hint=f"allowed: {', '.join(SORTS)}")
        if self.top is not None and self.top < 1:
            raise InputError(f"--top {self.top}: not a number of rows", hint="give 1 or more")

    @property
    def by_value(self) -> bool:
        """Do the largest stand first?"""
        return (self.sort or ("value" if self.top else "dims")) == "value"

    def apply(self, figures: Figures) -> Figures:
        """The figures in this order, cut. Currencies are not compared: each has its own order and its own top."""
        cells: Sequence[Cell] = figures.cells
        if self.by_value:
            cells = sorted(cells, key=lambda c: (_currency(c), c.value is None, -(c.value or 0)))
        if self.top is None:
            return replace(figures, cells=tuple(cells))
        if not (self.by_value and figures.is_mixed):
            return replace(figures, cells=tuple(cells[: self.top]))
        groups = [list(some) for _, some in groupby(cells, key=_currency)]
        return replace(figures, cells=tuple(c for some in groups for c in some[: self.top]))

    def words(self, shown: Figures, full: Figures) -> str:
        """`the largest first, 5 of 143 rows`; empty where nothing was asked."""
        parts = []
        if self.by_value:
            parts.append("the largest first" + (", currency by currency" if full.is_mixed else ""))
        if self.top is not None:
            parts.append(f"{len(shown.cells):,} of {len(full.cells):,} rows")
        return ", ".join(parts)


AS_THEY_STAND = Order()


def _currency(cell: Cell) -> tuple[bool, str]:
    return cell.currency is None, cell.currency or ""
