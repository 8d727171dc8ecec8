"""Draw a planned map as SVG. Coordinates are whole numbers on a width of 1,000, so the file stays small."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from penholder.analysis.report.data import IncidentPlace, PlaceRow
from penholder.analysis.report.html.elements import Markup, count, join, tag
from penholder.analysis.report.map.geometry import Box, Point, Ring, Shape, centre, clip, main_ring
from penholder.analysis.report.map.plan import Fill, MapPlan, fill_of
from penholder.analysis.report.map.projection import View

_TINY = 16.0
_MARKER = 8
_CELL = 14.0
_LABELS = 30
_LETTER, _LINE, _LARGE = 11.0, 26.0, 1.6
_RADII = (7.0, 34.0)
_ROOMY = 20
"""Up to so many discs are drawn at full size; more of them become smaller."""


@dataclass(frozen=True, slots=True)
class MapWords:
    """What a map says: about all of it, about one place, and the word after a number beside a name."""

    about: Callable[[MapPlan], str]
    of_place: Callable[[PlaceRow], str]
    counted: str


def _about_use(plan: MapPlan) -> str:
    lines = sum(p.could for p in plan.places.values())
    return (
        f"{count(len(plan.places))} places with licence lines, "
        f"{count(len(plan.off_map))} of them not on this map; "
        f"lines that could have been used, counted under each of their destinations: {count(lines)}. "
        "The same figures stand in the table below."
    )


def _use_of(place: PlaceRow) -> str:
    return (
        f"{place.name}: {count(place.could)} could have been used, {count(place.unknown)} unknown, "
        f"{count(place.excluded)} excluded"
    )


OF_USE = MapWords(_about_use, _use_of, "could")
"""The words of a stocktake."""


def draw_map(plan: MapPlan, incidents: Sequence[IncidentPlace], *, words: MapWords = OF_USE) -> Markup:
    """The picture. Its words stand beside it: see the tables of the section."""
    width, height = round(plan.view.width), round(plan.view.height)
    return tag(
        "svg",
        tag("title", "Map of the destinations", id="map-title"),
        tag("desc", words.about(plan), id="map-desc"),
        tag("rect", class_="sea", width=width, height=height),
        _land(plan, words),
        _territory(plan),
        _markers(plan, words),
        _incidents(plan.view, incidents),
        _labels(plan, words),
        viewBox=f"0 0 {width} {height}",
        role="img",
        aria_labelledby="map-title map-desc",
        class_="map",
    )


def _land(plan: MapPlan, words: MapWords) -> Markup:
    """Places without data as one path, places with data one by one with their figures as a tool tip."""
    plain: list[str] = []
    drawn: list[Markup] = []
    for shape in plan.shapes:
        path = path_of(shape, plan.view)
        if not path:
            continue
        place = plan.places.get(shape.code)
        fill = fill_of(place)
        if place is None or fill is Fill.NONE:
            plain.append(path)
        else:
            drawn.append(tag("path", tag("title", words.of_place(place)), class_=f"land {fill}", d=path))
    return join([tag("path", class_="land none", d="".join(plain)), *drawn])


def path_of(shape: Shape, view: View) -> str:
    """The `d` of a shape: only what the view shows, in whole units, relative steps."""
    margin = max(view.box.width, view.box.height) * 0.02
    box = view.box
    frame = Box(box.west - margin, box.south - margin, box.east + margin, box.north + margin)
    return "".join(_ring_path(ring, view) for polygon in shape.polygons for ring in clip(polygon, frame))


def _ring_path(ring: Ring, view: View) -> str:
    placed = [(round(x), round(y)) for x, y in (view.place(p) for p in ring)]
    points = [p for p, before in zip(placed, [placed[-1], *placed], strict=False) if p != before]
    if len(points) < 3:
        return ""
    steps = [f"{b[0] - a[0]},{b[1] - a[1]}" for a, b in pairwise(points)]
    return f"M{points[0][0]},{points[0][1]}l{' '.join(steps)}z"


def _territory(plan: MapPlan) -> Markup:
    paths = (path_of(s, plan.view) for s in plan.shapes if s.code in plan.territory)
    return join(tag("path", class_="territory", d=p) for p in paths if p)


def _markers(plan: MapPlan, words: MapWords) -> Markup:
    """A disc for every place with data that is too small to be seen."""
    found = []
    for shape in plan.shapes:
        place = plan.places.get(shape.code)
        if place is None or not _is_tiny(shape, plan.view):
            continue
        x, y = plan.view.place(centre(main_ring(shape)))
        if _is_inside((x, y), plan.view):
            title = tag("title", words.of_place(place))
            fill = f"land {fill_of(place)}"
            found.append(tag("circle", title, cx=round(x), cy=round(y), r=_MARKER, class_=fill))
    return join(found)


def _is_tiny(shape: Shape, view: View) -> bool:
    xs, ys = zip(*(view.place(p) for p in main_ring(shape)), strict=True)
    return bool(max(xs) - min(xs) < _TINY and max(ys) - min(ys) < _TINY)


def _is_inside(point: Point, view: View) -> bool:
    return 0 <= point[0] <= view.width and 0 <= point[1] <= view.height


def _incidents(view: View, incidents: Iterable[IncidentPlace]) -> Markup:
    """Discs whose area is the number of incidents; neighbours closer than a cell are drawn as one."""
    cells: dict[tuple[int, int], list[float]] = {}
    for place in incidents:
        if place.latitude is None or place.longitude is None:
            continue
        x, y = view.place((place.longitude, place.latitude))
        if _is_inside((x, y), view):
            sums = cells.setdefault((int(x // _CELL), int(y // _CELL)), [0.0, 0.0, 0.0])
            for at, amount in enumerate((place.count, x * place.count, y * place.count)):
                sums[at] += amount
    most = max((n for n, _, _ in cells.values()), default=0.0)
    ordered = sorted(cells.values(), reverse=True)
    largest = _RADII[1] / max(1.0, math.sqrt(len(ordered) / _ROOMY))
    return join(_disc(n, x / n, y / n, share=n / most, largest=largest) for n, x, y in ordered if n)


def _disc(number: float, x: float, y: float, *, share: float, largest: float) -> Markup:
    least = _RADII[0]
    radius = round(max(least, largest * math.sqrt(share)))
    return tag(
        "circle",
        tag("title", f"{count(int(number))} reported incidents"),
        cx=round(x),
        cy=round(y),
        r=radius,
        class_="incident",
    )


def _labels(plan: MapPlan, words: MapWords) -> Markup:
    """Names with their number where they do not cover each other; the territory first, then the largest.

    Those that would not even touch in twice the size are `major`: a narrow screen shows only them, larger.
    """
    wanted = [s for s in plan.shapes if s.code in plan.territory or _could(plan, s.code)]
    wanted.sort(key=lambda s: (s.code not in plan.territory, -_could(plan, s.code), s.code))
    taken: list[Box] = []
    taken_large: list[Box] = []
    found: list[Markup] = []
    for shape in wanted[:_LABELS]:
        texts = _label_texts(plan, shape, words)
        at = plan.view.place(centre(main_ring(shape)))
        if not _claim(plan.view, at, texts, taken, size=1.0):
            continue
        kind = "label major" if _claim(plan.view, at, texts, taken_large, size=_LARGE) else "label"
        spans = [tag("tspan", text, x=round(at[0]), dy=f"{1.1 if k else 0}em") for k, text in enumerate(texts)]
        found.append(tag("text", spans, x=round(at[0]), y=round(at[1]), class_=kind))
    return join(found)


def _label_texts(plan: MapPlan, shape: Shape, words: MapWords) -> list[str]:
    place = plan.places.get(shape.code)
    number = [f"{count(place.could)} {words.counted}"] if place and place.could else []
    return [place.name if place else shape.name, *number]


def _claim(view: View, at: Point, texts: Sequence[str], taken: list[Box], *, size: float) -> bool:
    """Take the room of a label around a point if it is free and inside the picture."""
    half = max(map(len, texts)) * _LETTER * size / 2
    box = Box(at[0] - half, at[1] - _LINE * size, at[0] + half, at[1] + (_LINE * (len(texts) - 1) + 6) * size)
    inside = box.west >= 0 and box.east <= view.width and box.south >= 0 and box.north <= view.height
    if not inside or any(box.meets(other) for other in taken):
        return False
    taken.append(box)
    return True


def _could(plan: MapPlan, code: str) -> int:
    place = plan.places.get(code)
    return place.could if place else 0
