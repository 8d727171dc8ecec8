"""What the templates of things and figures are given, from plain values: whoever has such values can use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from penholder.publication.figures import HOW, Figure, FigureKind, Month
from penholder.publication.fold import parts, shown
from penholder.publication.measures import Measure
from penholder.publication.policy import ALWAYS
from penholder.publication.sentences import day_words
from penholder.publication.values import Fact, Licence, Withheld
from penholder.publication.web.words import status_sentence
from penholder.regime.regimes import rule_called
from penholder.register.bridge import Mover
from penholder.register.values import LineStatus

WIDTH = 1_000
_HEIGHTS = {LineStatus.ISSUED: 10, LineStatus.SUSPENDED: 5}
MOVERS = {
    Mover.ISSUED: "Issued",
    Mover.SUSPENDED: "Suspended",
    Mover.EXPIRED: "Expired",
    Mover.EXHAUSTED: "Exhausted",
    Mover.SURRENDERED: "Given back",
    Mover.REINSTATED: "Reinstated",
    Mover.REVOKED: "Revoked",
    Mover.AMENDED: "Amended (rescoped)",
    Mover.CORRECTED: "Corrected: it was so on the first day already, and was not known",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One status of a line as a piece of its bar."""

    status: LineStatus
    start: date
    end: date | None
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A line as a bar."""

    line: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """A field that is withheld, once for all entries: why, and when that is looked at again first."""

    name: str
    reason: str
    review: date | None
    times: int


def licence_context(licence: Licence, *, on: date) -> dict[str, Any]:
    """A licence: status in words, lines, bars, entries newest first, what is withheld."""
    lines = tuple(s for line in licence.lines if (s := shown(line, on)) is not None)
    return {
        "licence": licence,
        "lines": lines,
        "sentence": status_sentence(lines),
        "bars": bars_of(licence, on=on),
        "first_day": licence.issued_on,
        "facts": licence.facts[::-1],
        "hidden": hidden_of(licence.facts),
        "overdue": [line for line in lines if line.overdue],
    }


def bars_of(licence: Licence, *, on: date) -> tuple[Bar, ...]:
    """All lines on one scale, from the first day of all to the day that is looked at."""
    held = {line.number: parts(line, on) for line in licence.lines}
    days = [p[0][0] for p in held.values() if p]
    if not days:
        return ()
    first, last = min(days), max(on, min(days)) + timedelta(days=1)
    return tuple(Bar(n, tuple(_part(*p, first=first, last=last) for p in of)) for n, of in held.items() if of)


def _part(start: date, end: date | None, status: LineStatus, *, first: date, last: date) -> Part:
    height = _HEIGHTS.get(status, 2)
    x, stop = ((d - first).days * WIDTH // (last - first).days for d in (start, min(end or last, last)))
    return Part(status, start, end, x, 10 - height, max(1, stop - x), height)


def hidden_of(facts: Iterable[Fact]) -> tuple[Hidden, ...]:
    """What entries withhold, each field and reason once. Who acted is withheld always, and said apart."""
    found: dict[tuple[str, str], list[Withheld]] = {}
    for fact in facts:
        for hidden in fact.withheld:
            if hidden.name not in ALWAYS:
                found.setdefault((hidden.name, hidden.reason), []).append(hidden)
    return tuple(
        Hidden(name, reason, min((h.review for h in of if h.review), default=None), len(of))
        for (name, reason), of in found.items()
    )


def month_bars(months: Sequence[Month]) -> list[dict[str, Any]]:
    """The bars of a chart by month."""
    most = max((m.count for m in months), default=0)
    return [
        {"x": n * 40, "height": _scaled(m.count, most), "stopped": _scaled(m.suspended, most), "month": m}
        for n, m in enumerate(months)
    ]


def figure_context(found: Figure, *, rows_shown: int) -> dict[str, Any]:
    """A figure: sentence, chart, bridge, rows."""
    bridge = found.bridge
    return {
        "figure": found,
        "title": found.sentence,
        "chart": month_bars(found.months),
        "how": HOW,
        "page_rows": found.rows[:rows_shown],
        "more_rows": max(0, len(found.rows) - rows_shown),
        "bridge": bridge,
        "bridge_rows": [(MOVERS[m], came, left) for m, (came, left) in bridge.by_mover().items()]
        if bridge
        else [],
        "movers": MOVERS,
        "is_suspended": found.asked.kind is FigureKind.SUSPENDED,
        "day_words": day_words,
    }


def _scaled(count: int, most: int) -> int:
    """Height of a bar of 100; what there is at all is seen."""
    return 0 if not count else max(1, count * 100 // most)


def measure_sentence(measure: Measure, *, on: date, places: Callable[[Iterable[str]], str]) -> str:
    """The answer first: what it does, since when, until when."""
    since = day_words(measure.valid_from)
    if not measure.holds_on(on):
        end = f" until {day_words(measure.valid_until)} (exclusive)" if measure.valid_until else ""
        return f"It is not in force on {day_words(on)}: it is from {since}{end}."
    what = {
        "moratorium": f"Since {since} nothing for {places(measure.places)} that matches is granted, amended or "
        "reinstated.",
        "exemption": f"Since {since} it lets through what it matches, where this limb would refuse it: "
        f"{rule_called(measure.limb)}.",
        "hold": f"Since {since} work on pending cases for {places(measure.places)} stands still.",
    }
    return what[measure.kind]
