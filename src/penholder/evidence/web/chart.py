"""Findings over time as a picture: one bar for each month, in whole numbers, always with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from penholder.evidence.answers import Month
from penholder.evidence.tables import scales
from penholder.evidence.values import NOT_LOOKED_AT, Axis
from penholder.evidence.web.words import NOT_LOOKED, month_words

WIDTH = 1_000
"""Units of the bar of the month with the most events."""
MOST = 36
_HEIGHTS = {"possible": 10, "insufficient": 6, "unlikely": 4, NOT_LOOKED_AT: 2}
"""Told apart by height too, not by colour alone."""


@dataclass(frozen=True, slots=True)
class Part:
    """One answer in one month: how many, and its bar."""

    value: str
    title: str
    number: int
    x: int
    width: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One month. said: all of it in words."""

    month: str
    parts: tuple[Part, ...]
    total: int
    said: str


def bars_of(months: Sequence[Month]) -> tuple[Bar, ...]:
    """The newest months on one scale; those whose month is not known are in the table alone."""
    shown = [m for m in months if m.month][-MOST:]
    most = max((sum(m.values.values()) for m in shown), default=0)
    return tuple(_bar(m, most) for m in shown) if most else ()


def _bar(month: Month, most: int) -> Bar:
    parts, at = [], 0
    for value, number in month.values.items():
        if number:
            width, height = number * WIDTH // most, _HEIGHTS[value]
            parts.append(Part(value, title_of(value), number, at, width, 10 - height, height))
            at += width
    said = ", ".join(f"{p.number} {p.title.lower()}" for p in parts) or "no event in scope"
    return Bar(month_words(month.month, short=True), tuple(parts), sum(month.values.values()), said)


def title_of(value: str) -> str:
    """An answer of the legal evaluation in words."""
    return scales()[Axis.LEGAL].values.get(value, NOT_LOOKED)
