"""A map of counts by destination: boundaries of a named source, no tiles, no requests; a table is beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from penholder.analysis.report.html import elements
from penholder.analysis.report.html.elements import tag
from penholder.analysis.report.map.geometry import Box, Shape, box_of, main_ring
from penholder.analysis.report.map.projection import WORLD, View, view_of
from penholder.analysis.report.map.svg import path_of
from penholder.analysis.report.map.topology import COARSE, FINE, SOURCE, atlas_shapes
from penholder.publication.sentences import place_words

WIDTH = 1000.0
STEPS = (1, 10, 100, 1000)
_AROUND = 30.0


@dataclass(frozen=True, slots=True)
class World:
    """The picture (None: no boundaries are installed, or nothing of it is on them), and what is not on it."""

    picture: Markup | None
    off_map: tuple[str, ...]
    source: str = SOURCE


def draw_world(counts: Mapping[str, int], *, focus: str = "") -> World:
    """A map with places shaded by their counts; `focus`: of the region around one of them."""
    shapes = {s.code: s for s in atlas_shapes(FINE if focus else COARSE) if s.code}
    fine = {s.code: s for s in atlas_shapes(FINE) if s.code in counts}
    shapes |= {code: shape for code, shape in fine.items() if code not in shapes}
    off_map = tuple(sorted(code for code in counts if code not in shapes))
    if not shapes or len(off_map) == len(counts):
        return World(None, off_map)
    return World(Markup(_drawn(tuple(sorted(counts.items())), focus)), off_map)  # noqa: S704 - escaped by elements


@lru_cache(maxsize=64)
def _drawn(counts: tuple[tuple[str, int], ...], focus: str) -> str:
    held = dict(counts)
    shapes = atlas_shapes(FINE if focus else COARSE)
    missing = {s.code for s in shapes}
    shapes = (*shapes, *(s for s in atlas_shapes(FINE) if s.code in held and s.code not in missing))
    view = view_of(_box(shapes, focus), width=WIDTH)
    land = [path_of(s, view) for s in shapes if not held.get(s.code)]
    drawn = [_place(s, held[s.code], view) for s in shapes if held.get(s.code)]
    about = (
        f"{len([n for n in held.values() if n])} places with licences in force. The table has the same figures."
    )
    return tag(
        "svg",
        tag("title", "Map of the destinations", id="map-title"),
        tag("desc", about, id="map-desc"),
        tag("rect", class_="ph-map__sea", width=round(view.width), height=round(view.height)),
        tag("path", class_="ph-map__land", d="".join(land)),
        drawn,
        viewBox=f"0 0 {round(view.width)} {round(view.height)}",
        role="img",
        aria_labelledby="map-title map-desc",
        class_="ph-map",
    )


def _box(shapes: tuple[Shape, ...], focus: str) -> Box:
    found = next((s for s in shapes if s.code == focus), None) if focus else None
    if found is None:
        return WORLD
    box = box_of(main_ring(found))
    x, y = (box.west + box.east) / 2, (box.south + box.north) / 2
    half = max(_AROUND, box.width, box.height) * 0.75
    return Box(max(x - half, -180.0), max(y - half * 0.6, -85.0), min(x + half, 180.0), min(y + half * 0.6, 85.0))


def _place(shape: Shape, count: int, view: View) -> elements.Markup:
    step = sum(count >= least for least in STEPS)
    words = f"{place_words(shape.code)}: {count:,} in force"
    return tag("path", tag("title", words), class_=f"ph-map__place ph-map__place--{step}", d=path_of(shape, view))
