"""Read the boundaries that come with the package: TopoJSON of world-atlas 2.0.2 (Natural Earth, public domain).

Format: the TopoJSON specification, sections 2.1 (transform, delta-encoded arcs) and 2.2 (rings from arcs).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from importlib import resources
from itertools import accumulate
from typing import Any

import pycountry

from penholder.analysis.report.map.geometry import Point, Polygon, Ring, Shape, cut_at_antimeridian

SOURCE = "Natural Earth (public domain), as packaged in world-atlas 2.0.2 (ISC licence)"
COARSE, FINE = "110m", "50m"
_FOLDER = "atlas"
# Codes that the table of places uses for shapes to which the atlas gives no ISO number.
_CODES_BY_NAME = {"Kosovo": "XK"}


def atlas_shapes(resolution: str) -> tuple[Shape, ...]:
    """All shapes of the atlas, joined to ISO alpha-2 by their ISO number; empty where it is not installed.

    Args: resolution: COARSE (1:110 million) or FINE (1:50 million).
    """
    return _atlas_shapes(resolution)


@functools.cache
def _atlas_shapes(resolution: str) -> tuple[Shape, ...]:
    file = resources.files("penholder.analysis.report") / _FOLDER / f"countries-{resolution}.json"
    if not file.is_file():
        return ()
    return shapes_of(json.loads(file.read_text(encoding="utf-8")), "countries")


def shapes_of(topology: dict[str, Any], name: str) -> tuple[Shape, ...]:
    """The shapes of one object of a topology. Shapes with the same code become one."""
    arcs = _decoded(topology)
    merged: dict[tuple[str, str], list[Polygon]] = {}
    for geometry in topology["objects"][name]["geometries"]:
        title = geometry.get("properties", {}).get("name", "")
        code = _alpha_2(geometry.get("id"), title)
        key = (code, "") if code else ("", title)
        polygons = merged.setdefault(key, [])
        polygons.extend(part for p in _polygons(geometry, arcs) for part in cut_at_antimeridian(p))
    titles = _titles(topology, name)
    return tuple(Shape(code, titles.get(code, title), tuple(p)) for (code, title), p in merged.items() if p)


def _titles(topology: dict[str, Any], name: str) -> dict[str, str]:
    """The first title of each code."""
    titles: dict[str, str] = {}
    for geometry in topology["objects"][name]["geometries"]:
        title = geometry.get("properties", {}).get("name", "")
        titles.setdefault(_alpha_2(geometry.get("id"), title), title)
    return titles


def _alpha_2(number: str | None, name: str) -> str:
    if number is None:
        return _CODES_BY_NAME.get(name, "")
    country = pycountry.countries.get(numeric=str(number).zfill(3))
    return country.alpha_2 if country else ""


def _decoded(topology: dict[str, Any]) -> list[Ring]:
    """Arcs in degrees: running sums of the steps, scaled and moved."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        xs, ys = accumulate(p[0] for p in arc), accumulate(p[1] for p in arc)
        arcs.append(tuple((x * kx + dx, y * ky + dy) for x, y in zip(xs, ys, strict=True)))
    return arcs


def _polygons(geometry: dict[str, Any], arcs: list[Ring]) -> list[Polygon]:
    kind, indices = geometry["type"], geometry.get("arcs", [])
    found = [indices] if kind == "Polygon" else indices if kind == "MultiPolygon" else []
    return [tuple(_ring(ring, arcs) for ring in polygon) for polygon in found]


def _ring(indices: Iterable[int], arcs: list[Ring]) -> Ring:
    """Arcs end to end; a negative index is an arc walked backwards. A shared end point is kept once."""
    points: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return tuple(points)
