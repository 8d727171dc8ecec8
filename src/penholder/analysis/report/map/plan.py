"""What a map shows: which shapes, which view, and which places of the answer cannot be on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from penholder.analysis.report.data import Boundary, IncidentPlace, PlaceRow
from penholder.analysis.report.map.geometry import Box, Shape, box_of, centre, main_ring, shape_from_geojson
from penholder.analysis.report.map.projection import WORLD, View, view_of
from penholder.analysis.report.map.topology import COARSE, FINE, SOURCE, atlas_shapes

WIDTH = 1000.0
_REGION = 120.0
_PADDING = 0.12
_LEAST = 8.0
_FLATTEST, _TALLEST = 0.55, 0.85


class Fill(StrEnum):
    """What is known of a place. Each has its own pattern, so that colour is never the only sign."""

    COULD_1 = "could-1"
    COULD_2 = "could-2"
    COULD_3 = "could-3"
    COULD_4 = "could-4"
    UNKNOWN = "unknown"
    WITHHELD = "withheld"
    EXCLUDED = "excluded"
    NONE = "none"


class OnMap(Protocol):
    """What a map is planned from: a ReportData has it, and so may others."""

    @property
    def places(self) -> Sequence[PlaceRow]:
        """Places with lines."""

    @property
    def territory(self) -> Sequence[str]:
        """Codes of the places that are outlined."""

    @property
    def boundaries(self) -> Sequence[Boundary]:
        """Boundaries that the data folder brings itself."""

    @property
    def incident_places(self) -> Sequence[IncidentPlace]:
        """Places with reported incidents."""


def fill_of(place: PlaceRow | None) -> Fill:
    """The strongest thing that is known: could > unknown > withheld > excluded > no line at all."""
    if place is None:
        return Fill.NONE
    if place.could:
        steps = ((1000, Fill.COULD_4), (100, Fill.COULD_3), (10, Fill.COULD_2))
        return next((fill for least, fill in steps if place.could >= least), Fill.COULD_1)
    if place.unknown:
        return Fill.UNKNOWN
    if place.withheld:
        return Fill.WITHHELD
    return Fill.EXCLUDED if place.excluded else Fill.NONE


@dataclass(frozen=True, slots=True)
class MapPlan:
    """Everything that the drawing needs; `off_map` have no boundary here, `outside` lie beyond the view."""

    view: View
    shapes: tuple[Shape, ...]
    places: dict[str, PlaceRow]
    territory: frozenset[str]
    off_map: tuple[PlaceRow, ...]
    outside: tuple[PlaceRow, ...]
    sources: tuple[str, ...]
    is_world: bool


def plan_map(data: OnMap) -> MapPlan:
    """Choose shapes and view for the places of `data`. Without any boundary the plan has no shapes."""
    places = {p.code: p for p in data.places if p.could or p.unknown or p.excluded or p.withheld}
    needed = {*places, *data.territory}
    own = {b.code: shape_from_geojson(b.code, b.name, b.geojson) for b in data.boundaries if b.geojson}
    joined = {s.code for s in atlas_shapes(FINE) if s.code}
    with_atlas = not own or bool((needed - own.keys()) & joined)
    box = _focus(data, own, with_atlas=with_atlas)
    atlas = _atlas(needed - own.keys(), fine=box is not WORLD) if with_atlas else ()
    shapes = (*(s for s in atlas if s.code not in own), *own.values())
    on_map = {s.code for s in shapes if s.code}
    seen = {s.code for s in shapes if s.code and box.holds(centre(main_ring(s)))}
    sources = sorted({f"of the data folder ({b.source})" for b in data.boundaries if b.code in own}) + (
        [SOURCE] if atlas else []
    )
    return MapPlan(
        view=view_of(box, width=WIDTH),
        shapes=shapes,
        places=places,
        territory=frozenset(data.territory),
        off_map=tuple(p for p in data.places if p.code in places and p.code not in on_map),
        outside=tuple(
            p for c, p in places.items() if c in on_map and c not in seen and not _meets(shapes, c, box)
        ),
        sources=tuple(sources),
        is_world=box is WORLD,
    )


def _meets(shapes: tuple[Shape, ...], code: str, box: Box) -> bool:
    return any(box_of(main_ring(s)).meets(box) for s in shapes if s.code == code)


def _atlas(needed: set[str], *, fine: bool) -> tuple[Shape, ...]:
    """The coarse atlas for the world, with the small places that only the fine one has."""
    if fine:
        return atlas_shapes(FINE)
    coarse = atlas_shapes(COARSE)
    held = {s.code for s in coarse}
    return (*coarse, *(s for s in atlas_shapes(FINE) if s.code in needed - held))


def _focus(data: OnMap, own: dict[str, Shape], *, with_atlas: bool) -> Box:
    """A region around the places that count where they lie together, else the world."""
    if own and not with_atlas:
        return _shaped(box_of(p for s in own.values() for p in main_ring(s)))
    shapes = {s.code: s for s in atlas_shapes(FINE) if s.code} | own
    codes = {*data.territory, *(p.code for p in data.places if p.could)}
    points = [p for c in sorted(codes & shapes.keys()) for p in main_ring(shapes[c])]
    points += [
        (i.longitude, i.latitude)
        for i in data.incident_places
        if i.latitude is not None and i.longitude is not None
    ]
    if not points:
        return WORLD
    box = _shaped(box_of(points))
    return box if box.width <= _REGION and box.west >= -180 and box.east <= 180 else WORLD


def _shaped(box: Box) -> Box:
    """The box with some room around it, neither too flat nor too tall for its place on the page."""
    wide, tall = max(box.width, _LEAST) * (1 + 2 * _PADDING), max(box.height, _LEAST) * (1 + 2 * _PADDING)
    tall = max(tall, wide * _FLATTEST)
    wide = max(wide, tall / _TALLEST)
    x, y = (box.west + box.east) / 2, (box.south + box.north) / 2
    return Box(x - wide / 2, max(y - tall / 2, -85.0), x + wide / 2, min(y + tall / 2, 85.0))
