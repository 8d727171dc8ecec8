"""Rings, polygons and boxes in degrees (longitude, latitude), and how to cut them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from penholder.kernel.errors import InputError

Point = tuple[float, float]
Ring = tuple[Point, ...]
Polygon = tuple[Ring, ...]
"""The outer ring, then its holes."""

HALF_TURN = 180.0
FULL_TURN = 360.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One place on a map. An empty code: the source gives it none, so no data can be joined to it."""

    code: str
    name: str
    polygons: tuple[Polygon, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """West, south, east, north in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def width(self) -> float:
        """Degrees of longitude."""
        return self.east - self.west

    @property
    def height(self) -> float:
        """Degrees of latitude."""
        return self.north - self.south

    def meets(self, other: Box) -> bool:
        """Do the two share a point?"""
        return (
            self.west <= other.east
            and other.west <= self.east
            and self.south <= other.north
            and other.south <= self.north
        )

    def holds(self, point: Point) -> bool:
        """Is the point inside or on the edge?"""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


def box_of(points: Iterable[Point]) -> Box:
    """The smallest box around the points. ValueError without any."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def main_ring(shape: Shape) -> Ring:
    """The outer ring with the largest area: where the name of the place is written and the view is set."""
    return max((p[0] for p in shape.polygons), key=area)


def area(ring: Ring) -> float:
    """Area in square degrees; only for comparing rings."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def centre(ring: Ring) -> Point:
    """The centroid of a ring, or the middle of its points where it has no area."""
    doubled = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        doubled, x, y = doubled + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    if abs(doubled) < 1e-9:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    return x / (3 * doubled), y / (3 * doubled)


def shape_from_geojson(code: str, name: str, text: str) -> Shape:
    """A Polygon or MultiPolygon. One that crosses the antimeridian is cut there.

    Raises: InputError for anything else.
    """
    try:
        polygons = _polygons(json.loads(text))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"the boundary of {code} is not a GeoJSON Polygon or MultiPolygon: {error}",
            hint="give a geometry with `type` and `coordinates`, or leave the boundary out",
        ) from error
    return Shape(code, name, tuple(part for p in polygons for part in cut_at_antimeridian(p)))


def _polygons(geometry: dict[str, Any]) -> list[Polygon]:
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"type {kind!r}")
    found = [coordinates] if kind == "Polygon" else coordinates
    polygons = [tuple(tuple((float(p[0]), float(p[1])) for p in ring) for ring in poly) for poly in found]
    if not polygons or not all(polygons) or any(len(ring) < 4 for poly in polygons for ring in poly):
        raise ValueError("a ring has fewer than four points")
    return polygons


def cut_at_antimeridian(polygon: Polygon) -> tuple[Polygon, ...]:
    """The polygon in parts that lie between 180 west and 180 east each."""
    rings = [_unrolled(ring) for ring in polygon]
    reach = box_of(rings[0])
    if reach.west >= -HALF_TURN and reach.east <= HALF_TURN:
        return (polygon,)
    parts = []
    for turn in (-FULL_TURN, 0.0, FULL_TURN):
        moved = [tuple((x + turn, y) for x, y in ring) for ring in rings]
        cut = clip(tuple(moved), Box(-HALF_TURN, -90.0, HALF_TURN, 90.0))
        if cut:
            parts.append(cut)
    return tuple(parts)


def _unrolled(ring: Ring) -> Ring:
    """The ring with no step of more than half a turn; its longitudes may leave [-180, 180]."""
    out = [ring[0]]
    for x, y in ring[1:]:
        near = x
        while near - out[-1][0] > HALF_TURN:
            near -= FULL_TURN
        while near - out[-1][0] < -HALF_TURN:
            near += FULL_TURN
        out.append((near, y))
    # A ring around a pole does not close after unrolling; leave it as the source drew it.
    return tuple(out) if abs(out[-1][0] - out[0][0]) < 1e-6 else ring


def clip(polygon: Polygon, box: Box) -> Polygon:
    """The part of the polygon inside the box (Sutherland and Hodgman, 1974); empty where there is none."""
    rings = tuple(r for r in (_clip_ring(ring, box) for ring in polygon) if len(r) > 2)
    return rings if rings and len(_clip_ring(polygon[0], box)) > 2 else ()


def _clip_ring(ring: Ring, box: Box) -> Ring:
    points: Sequence[Point] = ring
    for axis, limit, inside in (
        (0, box.west, lambda v: v >= box.west),
        (0, box.east, lambda v: v <= box.east),
        (1, box.south, lambda v: v >= box.south),
        (1, box.north, lambda v: v <= box.north),
    ):
        points = _clip_edge(points, axis, limit, inside)
        if not points:
            return ()
    return tuple(points)


def _clip_edge(
    points: Sequence[Point], axis: int, limit: float, inside: Callable[[float], bool]
) -> Sequence[Point]:
    out: list[Point] = []
    before = points[-1]
    for point in points:
        if inside(point[axis]) != inside(before[axis]):
            out.append(_crossing(before, point, axis, limit))
        if inside(point[axis]):
            out.append(point)
        before = point
    return out


def _crossing(a: Point, b: Point, axis: int, limit: float) -> Point:
    part = (limit - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + part * (b[1 - axis] - a[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)
