"""Maps of licences by destination, and of a stocktake, as SVG; drawn as the report draws them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from penholder.analysis.browse.held import Held
from penholder.analysis.releases.catalogue import Catalogue
from penholder.analysis.report.data import Boundary, IncidentPlace, PlaceRow
from penholder.analysis.report.html.elements import count, many
from penholder.analysis.report.html.patterns import patterns
from penholder.analysis.report.map.plan import Fill, MapPlan, OnMap, fill_of, plan_map
from penholder.analysis.report.map.svg import OF_USE, MapWords, draw_map
from penholder.analysis.stocktake.judge import is_country
from penholder.analysis.stocktake.reader import rows_known

_STEPS = {
    Fill.COULD_1: "1 to 9",
    Fill.COULD_2: "10 to 99",
    Fill.COULD_3: "100 to 999",
    Fill.COULD_4: "1,000 or more",
}
_NONE = "none in these data"
_KINDS = {"country": "no boundary at this scale", "non_country": "not one country"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map. `svg` empty: no boundaries are installed. Its classes are those of the report's style sheet."""

    svg: str
    legend: tuple[tuple[str, str], ...]
    """Class of the fill, and what it means."""
    off_map: tuple[tuple[str, str], ...]
    """Places with figures that have no boundary here: name, why."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _On:
    places: tuple[PlaceRow, ...]
    territory: tuple[str, ...]
    boundaries: tuple[Boundary, ...]
    incident_places: tuple[IncidentPlace, ...] = ()


def licences_map(held: Held, counts: Iterable[tuple[str, str, int]], *, outlined: tuple[str, ...] = ()) -> Drawn:
    """Licences by place: code, name, number. `outlined`: the places that the page is about."""
    own = boundaries_of(held.catalogue, known=held.known)
    return map_of(counts, boundaries=own, outlined=outlined, words=_LICENCES, step="{} licences")


def map_of(
    counts: Iterable[tuple[str, str, int]], *, boundaries: tuple[Boundary, ...], outlined: tuple[str, ...],
    words: MapWords, step: str, none: str = _NONE,
) -> Drawn:  # fmt: skip
    """A map of licences by place: code, name, number; with boundaries of one's own beside the atlas."""
    rows = tuple(
        PlaceRow(code, name, number, 0, 0, kind="country" if is_country(code) else "non_country")
        for code, name, number in counts
    )
    return drawn(_On(rows, outlined, boundaries), words=words, step=step, none=none)


def about_licences(plan: MapPlan) -> str:
    """What a map of licences shows, for whoever does not see it."""
    return (
        f"{many(len(plan.places), 'place')} with licences, {count(len(plan.off_map))} of them not on this map. "
        "The same figures stand in the table beside it."
    )


_LICENCES = MapWords(about_licences, lambda p: f"{p.name}: {many(p.could, 'licence')}", "")


def drawn(
    on: OnMap, *, words: MapWords = OF_USE, step: str = "{} lines that could have been used", none: str = _NONE
) -> Drawn:
    """Plan and draw a map."""
    plan = plan_map(on)
    used = {fill_of(p) for p in plan.places.values()}
    legend = [(f"land {fill}", step.format(text)) for fill, text in _STEPS.items() if fill in used]
    legend += [(f"land {f}", t) for f, t in _OTHERS.items() if f in used]
    legend += [("land none", none)]
    legend += [("territory", _outline(words))] if plan.territory else []
    svg = f"{patterns()}{draw_map(plan, on.incident_places, words=words)}" if plan.shapes else ""
    off = tuple((p.name, _KINDS.get(p.kind, p.kind)) for p in plan.off_map)
    outside = tuple((p.name, "beyond the edge of this map") for p in plan.outside)
    return Drawn(svg, tuple(legend), (*off, *outside), plan.sources)


def _outline(words: MapWords) -> str:
    return "territory of the operations" if words is OF_USE else "this destination"


_OTHERS = {
    Fill.UNKNOWN: "not known: no line is known to count, some are unknown",
    Fill.EXCLUDED: "all lines excluded, with a reason",
}


def boundaries_of(catalogue: Catalogue, *, known: date | None) -> tuple[Boundary, ...]:
    """The boundaries that the data folder brings itself."""
    rows = rows_known(catalogue, "places", known=known).to_pylist()
    return tuple(Boundary(r["place"], r["name"], r["boundary"], r["source"]) for r in rows if r["boundary"])
