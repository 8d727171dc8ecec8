"""The pages of the register, from plain values: home, destinations, licences, figures, search."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from penholder.analysis.browse.ask import OUTCOMES, Asked, FigureKind, Measure, choose, place_code
from penholder.analysis.browse.figure import Figure, document_of, figure
from penholder.analysis.browse.rows import licences_page, lines_page
from penholder.analysis.browse.things import Licence, PlaceCount, licence, search, ways
from penholder.analysis.browse.words import period_words
from penholder.kernel.errors import InputError, NotKnownError
from penholder.publication.shadow import words
from penholder.publication.shadow.charts import Chart, chart_of
from penholder.publication.shadow.looking import Look, Shown, cited, page

_SHOWN = 10
_SORTS = ("licences", *OUTCOMES, "lines", "value", "name")


@page("home.html")
def home(at: Look) -> Shown:
    """What this is: the release, what it counts, what is not in it."""
    held = at.held
    found = figure(held, Asked())
    in_force = figure(held, Asked(kind=FigureKind.IN_FORCE, on=at.on))
    overview = at.shelf.overview(held)
    used = {r.id for r in held.releases}
    releases = [r for r in overview["releases"] if r["in_use"] or r["id"] in used]
    missing = [words.MISSING.get(text.split(":")[0], text) for text in overview["missing"]]
    places = at.shelf.destinations(held)
    document = {
        "licences": found.licences,
        "lines": found.lines,
        "first_day": held.first_day,
        "last_day": held.last_day,
        "in_force": in_force.amount,
        "suspended": in_force.suspended,
        "destinations": len(places),
        "in_use": releases,
        "not_in_it": missing,
        "quarantined": overview["quarantined"],
        "licences_of_the_data": overview["licences"],
    }
    context = document | {
        "chart": _chart(at, found),
        "places": places[:_SHOWN],
        "profiles": at.shelf.profiles,
        "comparable": at.shelf.sides is not None,
        "holds": words.HOLDS,
        "unloaded": [f"{n:,} {words.unloaded(reason)}" for reason, n in overview["quarantined"].items()],
        "attribution": held.catalogue.attributions(known=held.known),
    }
    return Shown(document, context)


def _chart(at: Look, found: Figure) -> Chart:
    """The chart of a figure, each bar with the address of its own figure."""
    asked = found.asked

    def href(start: date, end: date, part: str) -> str:
        if asked.kind is FigureKind.IN_FORCE:
            return figure_href(at, asked, on=end) + ("#suspended" if part else "")
        return figure_href(at, replace(asked, outcome=part or asked.outcome), from_=start, to_=end)

    return chart_of(found, href=href)


def figure_href(at: Look, asked: Asked, **days: Any) -> str:
    """The address of a figure."""
    return at.to(
        "shadow-figure", asked.kind.value,
        destination=asked.destination, onward=asked.onward, rating=asked.rating, outcome=asked.outcome,
        count="" if asked.measure is Measure.LICENCES else asked.measure.value, **days,
    )  # fmt: skip


@page("destinations.html")
def destinations(at: Look) -> Shown:
    """Every destination, with the map."""
    places = at.shelf.destinations(at.held)
    outcomes = [o for o in OUTCOMES if any(o in p.by_outcome for p in places)]
    sort = at.given("sort") or _SORTS[0]
    if sort not in _SORTS:
        raise InputError(f"nothing is sorted by {sort[:40]!r}", hint=f"allowed: {', '.join(_SORTS)}")

    def href(place: str, outcome: str = "", count: str = Measure.LICENCES.value) -> str:
        return figure_href(at, Asked(destination=place, outcome=outcome, measure=Measure(count)))

    context = {"outcomes": outcomes, "map": at.shelf.world(at.held), "sort": sort, "href": href}
    places = tuple(sorted(places, key=lambda p: _sort_key(p, sort)))
    return Shown({"destinations": places}, context | {"places": places})


def _sort_key(place: PlaceCount, sort: str) -> tuple[Any, ...]:
    """Most first, then by name."""
    if sort == "name":
        return (place.name,)
    if sort == "value":
        return (-sum(place.value.values(), Decimal(0)), place.name)
    number = place.by_outcome.get(sort, 0) if sort in OUTCOMES else getattr(place, sort)
    return (-number, place.name)


@page("destination.html")
def destination(at: Look, place: str) -> Shown:
    """One destination: over time, on the map, in force, by rating, licences."""
    held = at.held
    if place_code(held, place) != place:
        raise NotKnownError(f"these data have no destination {place[:60]!r}")
    asked = Asked(destination=place)
    found = figure(held, asked)
    in_force = figure(held, Asked(kind=FigureKind.IN_FORCE, destination=place, on=at.on))
    value = figure(held, Asked(destination=place, measure=Measure.VALUE))
    through = ways(held, place)
    rows = licences_page(held, found.chosen.rows, after=at.given("after"), oldest=at.is_oldest_first)
    document = {
        "destination": place,
        "name": held.name(place),
        "decided": document_of(held, found),
        "in_force": document_of(held, in_force),
        "value": value.amount,
        "goes_on_to": through.onward,
        "comes_by_way_of": through.by_way_of,
        "licences_by_way_of_others": through.licences_by_way,
        "ratings": through.ratings,
        "licences": rows.rows,
        "licences_in_all": rows.total,
        "next": rows.following,
    }
    context = {
        "code": place, "found": found, "chart": _chart(at, found), "in_force": in_force, "value": value,
        "ways": through, "map": at.shelf.place_map(held, place), "licence_rows": rows, "title": held.name(place),
        "figures": {
            "decided": figure_href(at, asked),
            "in_force": figure_href(at, in_force.asked, on=at.on),
            "value": figure_href(at, value.asked),
            "onward": figure_href(at, Asked(onward=place)),
        },
        "rating_href": lambda code: figure_href(at, replace(asked, rating=code)),
        "way_href": lambda here, onward: figure_href(at, Asked(destination=here, onward=onward)),
    }  # fmt: skip
    return Shown(document, context)


@page("licence.html")
def one_licence(at: Look, series: str, key: str) -> Shown:
    """One licence."""
    found = licence(at.held, series, key, on=at.on)
    return Shown(
        {"licence": found}, {"licence": found, "sentence": _status(found), "part_of": _part_of(at, found)}
    )


def _status(found: Licence) -> str:
    """The status in one sentence: the answer first."""
    counts: dict[str, int] = {}
    for line in found.lines:
        counts[line.status] = counts.get(line.status, 0) + 1
    if len(counts) == 1:
        word = next(iter(counts))
        said = f"status {word}" if word == "not known" else word
        if any(line.assumed for line in found.lines):
            said += ", by assumed validity: no end is stated"
        number = len(found.lines)
        return f"{ {1: 'The only line is', 2: 'Both lines are'}.get(number, f'All {number} lines are') } {said}."
    return "Of " + str(len(found.lines)) + " lines: " + ", ".join(f"{n} {w}" for w, n in counts.items()) + "."


def _part_of(at: Look, found: Licence) -> list[tuple[str, str]]:
    """Figures that count this licence: words and address."""
    year = found.decided_on.year
    start, end = date(year, 1, 1), date(year, 12, 31)
    made = []
    for place in found.destinations:
        asked = Asked(destination=place, start=start, end=end)
        words = f"Licences decided for {at.name(place)} {period_words(at.held, asked)}"
        made.append((words, figure_href(at, asked, from_=start, to_=end)))
    if any(line.status in {"in force", "suspended"} for line in found.lines):
        for place in found.destinations:
            asked = Asked(kind=FigureKind.IN_FORCE, destination=place, on=at.on)
            words = f"Licences in force for {at.name(place)} {period_words(at.held, asked)}"
            made.append((words, figure_href(at, asked, on=at.on)))
    return made


def asked_of(at: Look, kind: str) -> Asked:
    """The figure that an address asks for. Raises: NotKnownError, InputError."""
    if kind not in tuple(FigureKind):
        raise NotKnownError(f"there is no figure {kind[:40]!r}")
    measure = at.given("count") or Measure.LICENCES.value
    if measure not in tuple(Measure):
        raise NotKnownError(f"nothing is counted in {measure[:40]!r}")
    in_force = kind == FigureKind.IN_FORCE
    return Asked(
        kind=FigureKind(kind),
        measure=Measure(measure),
        destination=place_code(at.held, at.given("destination")) or at.given("destination"),
        onward=place_code(at.held, at.given("onward")) or at.given("onward"),
        rating=at.given("rating").replace(" ", ""),
        outcome="" if in_force else at.given("outcome"),
        start=None if in_force else at.day("from"),
        end=None if in_force else at.day("to"),
        on=at.on if in_force else None,
    )


@page("figures.html")
def figures(at: Look) -> Shown:
    """Which figures there are, and how to ask for one."""
    made = [figure(at.held, Asked(kind=k, on=at.on if k is FigureKind.IN_FORCE else None)) for k in FigureKind]
    rows = [(f, figure_href(at, f.asked)) for f in made]
    return Shown(
        {"figures": [document_of(at.held, f) for f in made]},
        {"rows": rows, "asked": Asked(), **form_of(at)},
    )


def form_of(at: Look) -> dict[str, Any]:
    """What the form that asks for a figure needs."""
    return {
        "form_places": sorted((p.name, p.place) for p in at.shelf.destinations(at.held)),
        "form_outcomes": OUTCOMES,
        "form_measures": tuple(Measure),
        "kinds": tuple(FigureKind),
    }


@page("figure.html")
def one_figure(at: Look, kind: str) -> Shown:
    """One figure: sentence, chart, table, how it is counted, rows, downloads, citation."""
    found = figure(at.held, asked_of(at, kind))
    by_line = found.asked.measure is not Measure.LICENCES
    made = lines_page if by_line else licences_page
    rows = made(at.held, found.chosen.rows, after=at.given("after"), oldest=at.is_oldest_first)
    suspended = made(at.held, found.chosen.suspended) if len(found.chosen.suspended) else None
    context: dict[str, Any] = {
        "found": found, "title": found.sentence, "chart": _chart(at, found), "rows": rows, "by_line": by_line,
        "suspended": suspended,
        "asked": found.asked, "citation": at.held.citation(found.sentence, on=found.asked.on), **form_of(at),
        "others": [(m, at.same("count") if m is Measure.LICENCES else at.same(count=m.value)) for m in Measure],
    }  # fmt: skip
    if found.asked.kind is FigureKind.DECIDED:
        context |= {"whole_address": cited(at), "as_of": None}
    document = document_of(at.held, found) | {
        "rows": rows.rows,
        "rows_in_all": rows.total,
        "next": rows.following,
        "citation": at.held.citation(found.sentence, on=found.asked.on).document(),
    }
    return Shown(document, context)


@page("search.html")
def find(at: Look) -> Shown:
    """By reference, place or rating."""
    found = search(at.held, at.given("q"))
    hrefs = {code: figure_href(at, Asked(rating=code)) for code, _, _ in found.codes}
    counts = {p.place: p.licences for p in at.shelf.destinations(at.held)}
    through = {p: len(choose(at.held, Asked(onward=p)).rows) for p, _ in found.places if p not in counts}
    return Shown(
        {"search": found},
        {"found": found, "hrefs": hrefs, "licences_of": counts, "through": through, "title": "Search"},
    )
