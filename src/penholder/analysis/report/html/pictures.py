"""Map and timeline with their legends, and the tables that say the same."""

from __future__ import annotations

from collections.abc import Sequence

from penholder.analysis.report.data import IncidentPlace, MonthRow, PlaceRow, ReportData
from penholder.analysis.report.html.elements import Child, Markup, count, link, money, month, slug, tag
from penholder.analysis.report.html.lines import Listed
from penholder.analysis.report.html.tables import Head, Row, disclosure, table
from penholder.analysis.report.map.plan import Fill, MapPlan, fill_of, plan_map
from penholder.analysis.report.map.svg import draw_map
from penholder.analysis.report.timeline import binned, draw_timeline

INCIDENT_PLACES_SHOWN = 100
_FILL_WORDS = {
    Fill.COULD_1: "1 to 9 lines that could have been used",
    Fill.COULD_2: "10 to 99 lines",
    Fill.COULD_3: "100 to 999 lines",
    Fill.COULD_4: "1,000 lines and more",
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
_EACH = "A line counts under each of its destinations, stated and final."
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
    caption = "Lines by place; a line stands under each of its destinations, so columns do not add up"
    body = table(caption, heads, [_place(p, shown) for p in ordered], wide=True)
    return disclosure(f"Table of the map: {count(len(ordered))} places", body)


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
            disclosure(f"Not on this map: {count(len(rows))} places", table("Not on this map", heads, rows))
        )
    if plan.outside:
        names = ", ".join(sorted(p.name for p in plan.outside))
        parts.append(
            disclosure(
                f"Beyond the edge of this map: {count(len(plan.outside))} places",
                tag("p", f"{names}. Their figures are in the table of the map."),
            )
        )
    return parts


_KINDS = {
    "country": "no boundary at this scale",
    "non_country": "not a country",
    "unrecognised": "name not recognised",
}


def _incident_table(places: Sequence[IncidentPlace]) -> Child:
    if not places:
        return None
    ordered = sorted(places, key=lambda p: (-p.count, p.label))
    shown = ordered[:INCIDENT_PLACES_SHOWN]
    caption = f"Reported incidents by place: {count(len(shown))} of {count(len(ordered))} places"
    rows = [Row([p.label, _coordinates(p), count(p.count)]) for p in shown]
    heads = [Head("Place"), Head("Latitude, longitude"), Head("Incidents", number=True)]
    return disclosure(
        f"Table of reported incidents by place: {count(len(ordered))}", table(caption, heads, rows, wide=True)
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
    size, _ = binned(data.timeline)
    items = [tag("li", swatch(f"bar {kind}"), words) for kind, words in _TIME_WORDS.items()]
    heads = [
        Head("Month"),
        Head("Lines that could", number=True),
        Head("Attributed", number=True),
        Head("Unattributed", number=True),
        Head("Means not stated", number=True),
    ]
    rows = [
        Row([month(r.month), _decided(r, shown), *_incident_counts(r)])
        for r in sorted(data.timeline, key=lambda r: r.month)
        if r.decided_could or r.attributed or r.unattributed or r.means_not_stated
    ]
    caption = "Lines by month of decision, incidents by month; months without either are left out"
    by = {1: "month", 3: "quarter", 12: "year"}[size]
    return [
        draw_timeline(data.timeline),
        tag("ul", items, class_="legend", aria_label="Legend of the timeline"),
        tag("p", f"One bar is one {by}. An incident that may have happened in several months stands in its first.",
            class_="small"),
        disclosure(f"Table of the timeline: {count(len(rows))} months", table(caption, heads, rows, wide=True)),
    ]  # fmt: skip


def _incident_counts(row: MonthRow) -> list[Child]:
    return [count(n) for n in (row.attributed, row.unattributed, row.means_not_stated)]


def _decided(row: MonthRow, shown: Listed) -> Child:
    number = count(row.decided_could)
    return link(number, f"#in-{row.month}") if row.decided_could and row.month in shown.months else number
