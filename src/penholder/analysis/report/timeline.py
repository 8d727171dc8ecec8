"""Two rows of bars over the same months: decided lines that could have been used, and reported incidents."""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass

from penholder.analysis.report.data import MonthRow
from penholder.analysis.report.html.elements import Markup, count, join, tag

WIDTH = 1000
_LEFT, _RIGHT = 112, 10
_PANEL, _GAP, _HEAD, _FOOT = 250, 118, 64, 50
_LETTER = 17
_LARGE_LETTER = 21
_HEIGHT = _HEAD + 2 * _PANEL + _GAP + _FOOT
_KINDS = (("attributed", "attributed"), ("unattributed", "unattributed"), ("means_not_stated", "not-stated"))
SIZES = {1: "month", 3: "quarter", 12: "year"}
"""Months per bar, and the word for it."""
_FINEST = 84
"""Most bars that are still wide enough to see; more months than that are drawn by quarter, then by year."""


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar: from month number `first` (year * 12 + month - 1), `decided` lines and incidents by kind."""

    first: int
    decided: int
    incidents: tuple[int, int, int]


def binned(rows: Sequence[MonthRow]) -> tuple[int, tuple[Bin, ...]]:
    """Months per bar (1, 3 or 12) and the bars, without gaps. Every count of `rows` is in exactly one bar."""
    if not rows:
        return 1, ()
    numbers = [_number(r.month) for r in rows]
    span = max(numbers) - min(numbers) + 1
    size = 1 if span <= _FINEST else 3 if span <= _FINEST * 3 else 12
    start = min(numbers) // size
    sums = [[0, 0, 0, 0] for _ in range(max(numbers) // size - start + 1)]
    for number, row in zip(numbers, rows, strict=True):
        cell = sums[number // size - start]
        for at, amount in enumerate((row.decided_could, row.attributed, row.unattributed, row.means_not_stated)):
            cell[at] += amount
    return size, tuple(Bin((start + k) * size, c[0], (c[1], c[2], c[3])) for k, c in enumerate(sums))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def draw_timeline(rows: Sequence[MonthRow]) -> Markup:
    """The picture. Its words stand beside it: see the table of the section."""
    size, bins = binned(rows)
    by = SIZES[size]
    about = (
        f"By {by}. Above: licence lines that could have been used, by their decision "
        f"({count(sum(b.decided for b in bins))}). Below: reported incidents, stacked: attributed "
        f"({count(sum(b.incidents[0] for b in bins))}), unattributed "
        f"({count(sum(b.incidents[1] for b in bins))}), means not stated "
        f"({count(sum(b.incidents[2] for b in bins))}). The same figures stand in the table below."
    )
    top, low = _HEAD + _PANEL, _HEAD + 2 * _PANEL + _GAP
    return tag(
        "svg",
        tag("title", "Decisions and reported incidents over time", id="time-title"),
        tag("desc", about, id="time-desc"),
        tag("text", f"Lines that could have been used, by {by} of decision", x=0, y=26, class_="head"),
        _panel(top, [[b.decided] for b in bins], ["decided"]),
        tag("text", f"Reported incidents, by {by}", x=0, y=top + _GAP - 18, class_="head"),
        _panel(low, [list(b.incidents) for b in bins], [name for _, name in _KINDS]),
        _years(bins, size, top, low),
        viewBox=f"0 0 {WIDTH} {_HEIGHT}",
        role="img",
        aria_labelledby="time-title time-desc",
        class_="timeline",
    )


def _panel(base: int, stacks: list[list[int]], classes: list[str]) -> Markup:
    """Stacked bars that stand on y = `base`, with three lines to read them by."""
    most = nice(max((sum(s) for s in stacks), default=0))
    step = (WIDTH - _LEFT - _RIGHT) / max(len(stacks), 1)
    parts: list[Markup] = []
    for share in (0.0, 0.5, 1.0):
        y = round(base - share * _PANEL)
        label = count(round(most * share)) if most * share == round(most * share) else ""
        parts.append(tag("line", x1=_LEFT, x2=WIDTH - _RIGHT, y1=y, y2=y, class_="grid"))
        parts.append(tag("text", label, x=_LEFT - 10, y=y + 8, class_="tick y"))
    for at, stack in enumerate(stacks):
        left = _LEFT + at * step
        parts.extend(_bar(stack, classes, left=left, step=step, base=base, most=most))
    return join(parts)


def _bar(stack: list[int], classes: list[str], *, left: float, step: float, base: int, most: int) -> list[Markup]:
    gap = min(3.0, step * 0.15)
    done, parts = 0, []
    for number, name in zip(stack, classes, strict=True):
        if number:
            low, high = base - done / most * _PANEL, base - (done + number) / most * _PANEL
            parts.append(
                tag(
                    "rect",
                    x=f"{left + gap / 2:.1f}",
                    y=f"{high:.1f}",
                    width=f"{step - gap:.1f}",
                    height=f"{max(low - high, 1.0):.1f}",
                    class_=f"bar {name}",
                )
            )
        done += number
    return parts


def _years(bins: Sequence[Bin], size: int, *bases: int) -> Markup:
    """A tick with a date under the bars, as many as fit."""
    if not bins:
        return Markup("")
    step = (WIDTH - _LEFT - _RIGHT) / len(bins)
    first, last = bins[0].first, bins[-1].first + size
    marks = _marks(first, last)
    apart = (WIDTH - _LEFT - _RIGHT) / len(bins) * (marks[1][0] - marks[0][0]) / size if len(marks) > 1 else WIDTH
    tight = any(len(text) * _LARGE_LETTER > apart for _, text in marks)
    parts = []
    for at, (month, text) in enumerate(marks):
        x = round(_LEFT + (month - first) / size * step)
        # On a small screen letters are larger, and there is room for every second or third date only.
        kind = "tick minor" if tight and at % (2 if apart * 2 > len(text) * _LARGE_LETTER else 3) else "tick"
        for base in bases:
            parts.append(tag("line", x1=x, x2=x, y1=base, y2=base + 8, class_="axis"))
            if x + 3 + len(text) * _LETTER <= WIDTH:
                parts.append(tag("text", text, x=x + 3, y=base + 30, class_=kind))
    return join(parts)


def _marks(first: int, last: int) -> list[tuple[int, str]]:
    """Month numbers and the words under them: quarters in up to two years, else as many years as fit."""
    if last - first <= 24:
        every = 3 if last - first > 6 else 1
        return [(m, f"{calendar.month_abbr[m % 12 + 1]} {m // 12}") for m in range(first, last) if m % every == 0]
    januaries = [m for m in range(first, last) if m % 12 == 0]
    every = max(1, math.ceil(len(januaries) * 95 / (WIDTH - _LEFT)))
    return [(m, str(m // 12)) for m in januaries if (m // 12) % every == 0]


def nice(number: int) -> int:
    """The next of 1, 2, 4, 6, 8, 10, 20, 40, 60, ... that is not below `number`; at least 1."""
    power = 1
    while True:
        for factor in (1, 2, 4, 6, 8):
            if factor * power >= number:
                return factor * power
        power *= 10
