"""Map and timeline with their legends, and the tables that say the same."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Sequence

from penholder.analysis.report.data import IncidentPlace, PlaceRow, ReportData
from penholder.analysis.report.html.elements import Child, Markup, count, link, many, money, month, slug, tag
from penholder.analysis.report.html.lines import Listed
from penholder.analysis.report.html.tables import Head, Row, disclosure, table
from penholder.analysis.report.map.plan import Fill, MapPlan, fill_of, plan_map
from penholder.analysis.report.map.svg import draw_map
from penholder.analysis.report.timeline import SIZES, Bin, binned, draw_timeline

INCIDENT_PLACES_SHOWN = 100
_FILL_WORDS = {
    Fill.COULD_1: "1 to 9 lines that could",
    Fill.COULD_2: "10 to 99 lines that could",
    Fill.COULD_3: "100 to 999 lines that could",
    Fill.COULD_4: "1,000 or more lines that could",
    Fill.UNKNOWN: "not known: no line is known to count, some are unknown",
    Fill.WITHHELD: "withheld by the publisher",
    Fill.EXCLUDED: "all lines excluded, with a reason",
    Fill.NONE: "none: no licence line in scope",
}
_TIME_WORDS = {
    "decided": "licence lines that could have been used",
    "attributed": "incidents attributed to a party of the profile",
    "unattributed": "incidents in the territory, not attributed",
    "not-stated": "incidents whose means is not stated",
}
_EACH = "A line that could have been used counts at the destinations by way of which it could."
_DISCLAIMER = (
    "Boundaries and names are those of the source. They are not a statement by anyone about the status of a "
    "territory or its borders."
)


def where(data: ReportData, shown: Listed) -> Markup:
    """The map (where there are boundaries) and the table of places."""
    plan = plan_map(data)
    drawn: Child = (
        [draw_map(plan, data.incident_places), _map_legend(plan, data), _sources(plan)]
        if plan.shapes
        else tag("p", "No boundaries are installed, so there is no map; the table has the same figures.")
    )
    return tag(
        "section",
        tag("h2", "Where", id="places"),
        drawn,
        _places_table(data, shown),
        _off_map(plan),
        _incident_table(data.incident_places),
        aria_labelledby="places",
    )


def _sources(plan: MapPlan) -> Markup:
    return tag("p", f"{_EACH} Boundaries: {'; '.join(plan.sources)}. {_DISCLAIMER}", class_="small")


def _map_legend(plan: MapPlan, data: ReportData) -> Markup:
    used = {fill_of(p) for p in plan.places.values()} | {Fill.UNKNOWN, Fill.WITHHELD, Fill.NONE}
    keys = [(f"land {fill}", words) for fill, words in _FILL_WORDS.items() if fill in used]
    keys += [("territory", "territory of the operations")] if plan.territory else []
    items = [tag("li", swatch(kind), words) for kind, words in keys]
    if any(i.latitude is not None for i in data.incident_places):
        disc = tag("circle", cx="14", cy="9", r="7", class_="incident")
        items.append(tag("li", _swatch_frame(disc), "reported incidents; the larger, the more"))
    return tag("ul", items, class_="legend", aria_label="Legend of the map")


def swatch(kind: str) -> Markup:
    """A small sample of a fill."""
    return _swatch_frame(tag("rect", x="1", y="1", width="26", height="16", class_=kind))


def _swatch_frame(shape: Markup) -> Markup:
    return tag("svg", shape, viewBox="0 0 28 18", class_="swatch", aria_hidden="true")


def _places_table(data: ReportData, shown: Listed) -> Markup:
    if not data.places:
        return tag("p", "No licence line is in scope, so there is no place to show.")
    heads = [
        Head("Place"),
        Head("Could", number=True),
        Head("Unknown", number=True),
        Head("Excluded", number=True),
        Head("Value of could", number=True),
    ]
    ordered = sorted(data.places, key=lambda p: (-p.could, -p.unknown, -p.excluded, p.name))
    open_ones = [p for p in ordered if p.could or p.unknown or p.withheld]
    excluded = [p for p in ordered if p.excluded and p not in open_ones]
    rows = [_place(p, shown) for p in open_ones]
    if excluded:
        number = count(sum(p.excluded for p in excluded))
        rows.append(Row([f"{many(len(excluded), 'more place')}, only excluded lines", "0", "0", number, "none"]))
    caption = "Lines by place; a line can count at several destinations, so columns do not add up"
    body = table(caption, heads, rows, wide=True)
    total = len(open_ones) + len(excluded)
    return disclosure(f"Table of the map: {many(total, 'place')}", body, _excluded_only(excluded))


def _excluded_only(places: Sequence[PlaceRow]) -> Child:
    """Places with nothing but excluded lines, as one paragraph: a row for each would fill pages."""
    if not places:
        return None
    named = " · ".join(f"{p.name} {count(p.excluded)}" for p in places)
    return tag("p", f"Only excluded lines: {named}.", class_="small")


def _place(place: PlaceRow, shown: Listed) -> Row:
    could: Child = count(place.could)
    if place.could and place.name in shown.destinations:
        could = link(could, f"#to-{slug(place.name)}")
    value = money(place.value, place.currency) if place.could else "none"
    return Row([place.name, could, count(place.unknown), count(place.excluded), value])


def _off_map(plan: MapPlan) -> Child:
    parts: list[Child] = []
    if plan.off_map and plan.shapes:
        rows = [
            Row([p.name, _KINDS.get(p.kind, p.kind), count(p.could + p.unknown + p.excluded)])
            for p in plan.off_map
        ]
        heads = [Head("Place"), Head("Why"), Head("Lines", number=True)]
        parts.append(
            disclosure(f"Not on this map: {many(len(rows), 'place')}", table("Not on this map", heads, rows))
        )
    if plan.outside:
        names = ", ".join(sorted(p.name for p in plan.outside))
        parts.append(
            disclosure(
                f"Beyond the edge of this map: {many(len(plan.outside), 'place')}",
                tag("p", f"{names}. Their figures are in the table of the map."),
            )
        )
    return parts


_KINDS = {
    "country": "no boundary at this scale",
    "non_country": "not one country",
    "unrecognised": "name not recognised",
    "not_stated": "not stated",
}


def _incident_table(places: Sequence[IncidentPlace]) -> Child:
    if not places:
        return None
    ordered = sorted(places, key=lambda p: (-p.count, p.label))
    shown = ordered[:INCIDENT_PLACES_SHOWN]
    caption = f"Reported incidents by place: {count(len(shown))} of {many(len(ordered), 'place')}"
    rows = [Row([p.label, _coordinates(p), count(p.count)]) for p in shown]
    heads = [Head("Place"), Head("Latitude, longitude"), Head("Incidents", number=True)]
    return disclosure(
        f"Table of reported incidents: {many(len(ordered), 'place')}", table(caption, heads, rows, wide=True)
    )


def _coordinates(place: IncidentPlace) -> str:
    if place.latitude is None or place.longitude is None:
        return "not stated"
    return f"{place.latitude:.2f}, {place.longitude:.2f}"


def when(data: ReportData, shown: Listed) -> Markup:
    """The timeline and its table."""
    return tag("section", tag("h2", "When", id="timeline"), _timeline(data, shown), aria_labelledby="timeline")


def _timeline(data: ReportData, shown: Listed) -> Child:
    if not data.timeline:
        return tag("p", "No decision that could count and no reported incident in these data has a date.")
    size, bins = binned(data.timeline)
    by = SIZES[size]
    items = [tag("li", swatch(f"bar {kind}"), words) for kind, words in _TIME_WORDS.items()]
    heads = [
        Head(by.capitalize()),
        Head("Lines that could", number=True),
        Head("Attributed", number=True),
        Head("Unattributed", number=True),
        Head("Means not stated", number=True),
    ]
    rows = [_bin(b, size, shown) for b in bins if b.decided or any(b.incidents)]
    caption = f"Lines by {by} of decision, incidents by {by}; a {by} without either is left out"
    how = f"One bar is one {by}. An incident that may have happened in several stands in the first."
    return [
        draw_timeline(data.timeline),
        tag("ul", items, class_="legend", aria_label="Legend of the timeline"),
        tag("p", how, class_="small"),
        disclosure(f"Table of the timeline: {many(len(rows), by)}", table(caption, heads, rows, wide=True)),
    ]


def _bin(one: Bin, size: int, shown: Listed) -> Row:
    first = f"{one.first // 12}-{one.first % 12 + 1:02d}"
    number = count(one.decided)
    decided = link(number, f"#in-{first}") if one.decided and size == 1 and first in shown.months else number
    return Row([_span(first, size), decided, *(count(n) for n in one.incidents)])


def _span(first: str, size: int) -> Child:
    """`March 2015`, `January to March 2015` or `2015`."""
    if size == 1:
        return month(first)
    year, start = first.split("-")
    if size == 12:
        return tag("time", year, datetime=year)
    last = f"{year}-{int(start) + size - 1:02d}"
    return [tag("time", month_name[int(start)], datetime=first), " to ", month(last)]
