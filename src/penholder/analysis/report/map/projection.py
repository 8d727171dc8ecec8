"""From degrees to the plane of a picture, fitted into its frame."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from penholder.analysis.report.map.geometry import Box, Point

Flat = Callable[[float, float], Point]
WORLD = Box(-180.0, -57.0, 180.0, 84.0)
_REGIONAL_WIDTH = 150.0


@dataclass(frozen=True, slots=True)
class View:
    """A piece of the world in a picture `width` units wide; y grows downwards."""

    box: Box
    width: float
    height: float
    flat: Flat
    scale: float
    left: float
    top: float

    def place(self, point: Point) -> Point:
        """Where a point in degrees is in the picture."""
        x, y = self.flat(*point)
        return (x - self.left) * self.scale, (self.top - y) * self.scale


def view_of(box: Box, *, width: float) -> View:
    """A picture of `box`: the Natural Earth projection for most of the world, equal spacing for a region."""
    flat = _natural_earth if box.width > _REGIONAL_WIDTH else _equirectangular(box.south + box.height / 2)
    edge = [flat(x, y) for x in _steps(box.west, box.east) for y in _steps(box.south, box.north)]
    left, right = min(p[0] for p in edge), max(p[0] for p in edge)
    bottom, top = min(p[1] for p in edge), max(p[1] for p in edge)
    scale = width / (right - left)
    return View(box, width, (top - bottom) * scale, flat, scale, left, top)


def _steps(start: float, end: float) -> list[float]:
    return [start + (end - start) * k / 8 for k in range(9)]


def _equirectangular(middle: float) -> Flat:
    shrink = max(math.cos(math.radians(middle)), 0.1)
    return lambda x, y: (math.radians(x) * shrink, math.radians(y))


def _natural_earth(longitude: float, latitude: float) -> Point:
    """Savric, Patterson, Jenny, Hurni 2015: a polynomial form of T. Patterson's Natural Earth projection."""
    lam, phi = math.radians(longitude), math.radians(latitude)
    p2 = phi * phi
    p4 = p2 * p2
    x = lam * (0.8707 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, y
