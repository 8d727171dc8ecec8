"""The lines that could have been used: grouped by path, and ready-sorted copies that links lead to.

There is no script on the page: a sorted copy is hidden until a link leads to it (or into it).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from penholder.analysis.report.data import LineRow, PathGroup, ReportData
from penholder.analysis.report.html.elements import Child, Markup, count, day, link, money, slug, tag
from penholder.analysis.report.html.tables import Head, Row, table

ROWS_SHOWN = 250
"""Rows in one listing. Figures are never cut; listings say N of M."""
_LEAST_PER_GROUP = 5
_INCIDENTS = (
    "Incidents in its time: attributed to a party / unattributed in the territory / means not stated. "
    "They are counted beside a line, from its decision on; they never decide whether it could have been used."
)

_GOODS = Head("Goods")
_HEADS = (
    Head("Line"),
    Head("Decided"),
    Head("Rating"),
    _GOODS,
    Head("Destination"),
    Head("Value", number=True),
    Head("Route"),
    Head("Incidents in its time", number=True),
    Head("Remarks"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """One sorted copy: the anchor, its name, how it sorts, and the anchor that its first row of a kind gets."""

    anchor: str
    name: str
    key: Callable[[LineRow], Any]
    mark: Callable[[LineRow], str]


def _by_value(row: LineRow) -> tuple[bool, Decimal, str]:
    return row.value is None, -(row.value or Decimal(0)), row.line


_ORDERS = (
    Order("by-value", "by value, highest first", _by_value, lambda _: ""),
    Order(
        "by-date",
        "by date, newest first",
        lambda r: (-r.decided_on.toordinal(), r.line),
        lambda r: f"in-{r.decided_on.isoformat()[:7]}",
    ),
    Order(
        "by-destination",
        "by destination",
        lambda r: (r.destination, -r.decided_on.toordinal(), r.line),
        lambda r: f"to-{slug(r.destination)}",
    ),
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows that the page lists, and which destinations and months a link can lead to."""

    groups: tuple[tuple[LineRow, ...], ...]
    orders: dict[str, tuple[LineRow, ...]]
    destinations: frozenset[str]
    months: frozenset[str]
    goods: bool
    """Does any row describe its goods? Else there is no column for them."""


def listed(paths: Sequence[PathGroup]) -> Listed:
    """Choose and sort the rows once for the whole page."""
    rows = [r for g in paths for r in g.rows]
    orders = {o.anchor: tuple(heapq.nsmallest(ROWS_SHOWN, rows, key=o.key)) for o in _ORDERS}
    orders["by-destination"] = tuple(_some_of_each(rows))
    return Listed(
        groups=tuple(g.rows[:n] for g, n in zip(paths, shares(paths), strict=True)),
        orders=orders,
        destinations=frozenset(r.destination for r in orders["by-destination"]),
        months=frozenset(r.decided_on.isoformat()[:7] for r in orders["by-date"]),
        goods=any(r.description for r in rows),
    )


def _some_of_each(rows: Sequence[LineRow]) -> list[LineRow]:
    """The newest rows of every destination, as many of each as fit, so that no destination is left out."""
    key = next(o.key for o in _ORDERS if o.anchor == "by-destination")
    by_place: dict[str, list[LineRow]] = {}
    for row in rows:
        by_place.setdefault(row.destination, []).append(row)
    room, found = ROWS_SHOWN, []
    for left, place in enumerate(sorted(by_place, key=lambda p: len(by_place[p]))):
        fair = room // (len(by_place) - left)
        taken = heapq.nsmallest(fair, by_place[place], key=key)
        room -= len(taken)
        found += taken
    return sorted(found, key=key)


def listing(data: ReportData, shown: Listed) -> Markup:
    """The section with all listings."""
    total = sum(g.lines for g in data.paths)
    if not total:
        body: Child = tag("p", "No line in scope could have been used, as far as these data say.")
    else:
        links = [tag("li", tag("a", "by path, strongest first", href="#lines"))]
        links += [tag("li", tag("a", order.name, href=f"#{order.anchor}")) for order in _ORDERS]
        body = [
            _group_table(data),
            tag("p", _INCIDENTS, class_="small"),
            tag("p", "Show the lines:", id="orders"),
            tag("ul", links, class_="orders", aria_labelledby="orders"),
            tag("div", _grouped(data, shown), class_="grouped"),
            [_sorted(order, shown, total=total) for order in _ORDERS],
        ]
    return tag(
        "section",
        tag("h2", "Lines that could have been used", id="lines"),
        body,
        aria_labelledby="lines",
        class_="listing",
    )


def _group_table(data: ReportData) -> Markup:
    heads = [Head("Path"), Head("Lines", number=True), Head("Value", number=True)]
    rows = [
        Row([_path(g), link(count(g.lines), f"#path-{at}"), money(g.value, g.currency)])
        for at, g in enumerate(data.paths, 1)
    ]
    caption = "Paths from the goods to a means that was used; a path is as strong as its weakest source"
    return tag("div", table(caption, heads, rows), class_="paths")


def _path(group: PathGroup) -> list[Child]:
    return [group.title, tag("span", f"{group.basis}, grade {group.grade}", class_="more")]


def shares(groups: Sequence[PathGroup]) -> list[int]:
    """How many rows of each group are shown: a few of each, then as many as fit, strongest path first."""
    shown = [min(len(g.rows), _LEAST_PER_GROUP) for g in groups]
    room = max(0, ROWS_SHOWN - sum(shown))
    for at, group in enumerate(groups):
        more = min(len(group.rows) - shown[at], room)
        shown[at] += more
        room -= more
    return shown


def _grouped(data: ReportData, shown: Listed) -> list[Markup]:
    return [
        tag(
            "section",
            tag("h3", group.title, id=f"path-{at}"),
            tag("p", _sources(group), class_="small"),
            _table(group.title, rows, total=group.lines, goods=shown.goods),
            aria_labelledby=f"path-{at}",
        )
        for at, (group, rows) in enumerate(zip(data.paths, shown.groups, strict=True), 1)
    ]


def _sources(group: PathGroup) -> str:
    sources = f" Sources: {'; '.join(group.sources)}." if group.sources else ""
    return f"Basis: {group.basis}, weakest source grade {group.grade}.{sources}"


def _sorted(order: Order, shown: Listed, *, total: int) -> Markup:
    return tag(
        "section",
        tag("h3", f"Lines {order.name}", id=f"{order.anchor}-title"),
        tag("p", tag("a", "Back to the lines by path", href="#lines")),
        _table(f"Lines {order.name}", shown.orders[order.anchor], total=total, goods=shown.goods, mark=order.mark),
        id=order.anchor,
        aria_labelledby=f"{order.anchor}-title",
        class_="sorted",
    )


def _table(
    caption: str,
    rows: Sequence[LineRow],
    *,
    total: int,
    goods: bool,
    mark: Callable[[LineRow], str] | None = None,
) -> Child:
    if not rows:
        return tag("p", f"None of these {count(total)} lines is listed here. All: ", tag("code", "-o lines.csv"))
    marks = [mark(r) if mark else "" for r in rows]
    first = {m: at for at, m in reversed(list(enumerate(marks)))}
    body = [
        _row(r, anchor=m if first[m] == at else "", goods=goods)
        for at, (r, m) in enumerate(zip(rows, marks, strict=True))
    ]
    heads = [h for h in _HEADS if goods or h is not _GOODS]
    less = len(rows) < total
    more: Child = tag("p", "All of them: ", tag("code", "-o lines.csv"), class_="small") if less else None
    part = f"{count(len(rows))} of {count(total)} lines"
    return [table(part, heads, body, wide=True, label=f"{caption}: {part}"), more]


def _row(row: LineRow, *, anchor: str, goods: bool) -> Row:
    destination: Child = [row.destination, tag("span", f"onward: {row.onward}", class_="more")]
    return Row(
        [
            row.line,
            day(row.decided_on, precision=row.decided_precision),
            row.rating or "not stated",
            *([row.description or "not stated"] if goods else []),
            destination if row.onward else row.destination,
            money(row.value, row.currency),
            row.route,
            f"{count(row.attributed)} / {count(row.unattributed)} / {count(row.means_not_stated)}",
            ", ".join((row.basis, *row.flags)),
        ],
        id=anchor,
    )
