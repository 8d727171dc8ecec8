"""Bars of a chart as widths, and the table that says the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from penholder.analysis.browse.figure import Amount, Figure
from penholder.analysis.browse.words import amount_words, short_words

WIDTH = 1_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a bar."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Row:
    """One bar, and one row of the table: its parts, then the total, in words."""

    label: str
    href: str
    total: str
    """In short, beside the bar."""
    pieces: tuple[Piece, ...]
    cells: tuple[tuple[str, str | None], ...]
    """Words and address of the rows behind them; the last is the total."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars one under the other. `kinds`: the parts, in order."""

    kinds: tuple[str, ...]
    rows: tuple[Row, ...]
    drawn: bool
    """False: several currencies, which no one scale holds."""


def chart_of(figure: Figure, *, href: Callable[..., str]) -> Chart:
    """The chart of a figure. `href`: the address of the figure behind a bar, or a part of it, from first and last
    day and the part."""
    kinds = tuple(dict.fromkeys(k for bar in figure.bars for k in bar.parts))
    drawn = all(len(b.total) < 2 for b in figure.bars if isinstance(b.total, dict))
    most = max((_number(b.total) for b in figure.bars), default=Decimal(0))
    rows = []
    for bar in figure.bars:
        pieces, x = [], 0
        total = _scaled(_number(bar.total), most)
        parts = dict(bar.parts)
        if figure.suspended is not None:
            parts["in force"] = 0
        for kind in kinds:
            width = min(_scaled(_number(parts[kind]), most), max(total - x, 0))
            if width:
                pieces.append(Piece(kind, x, width))
                x += width
        if total > x and figure.suspended is not None:
            pieces.append(Piece("issued", x, total - x))
        to = href(bar.start, bar.end, "")
        cells = [(_words(bar.parts[k]), href(bar.start, bar.end, k) if bar.parts[k] else None) for k in kinds]
        cells.append((_words(bar.total), to))
        rows.append(Row(bar.label, to, short_words(bar.total), tuple(pieces), tuple(cells)))
    return Chart(kinds, tuple(rows), drawn)


def _words(amount: Amount) -> str:
    """Of nothing there is no value either."""
    return amount_words(amount) if isinstance(amount, int) or amount else "none"


def _number(amount: Amount) -> Decimal:
    return Decimal(amount) if isinstance(amount, int) else sum(amount.values(), Decimal(0))


def _scaled(number: Decimal, most: Decimal) -> int:
    """Width of a part; what there is at all is seen."""
    return max(3, int(number * WIDTH / most)) if number else 0
