"""Twenty-five invented states on an invented continent. Codes are user-assigned (ISO 3166: XA to XZ)."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

NAMES = (
    "Ardenia", "Belmora", "Corvale", "Dunmark", "Estovia", "Farrow", "Galdor", "Hestia", "Istren", "Jorvia",
    "Lumenor", "Marrowby", "Norland", "Ostvale", "Pellan", "Quarria", "Rovina", "Sundmark", "Tarsis", "Umbrel",
    "Velmora", "Westerland", "Xanthe", "Yarrow", "Zelland",
)  # fmt: skip
# XK is in use in the real world, so the invented codes leave it out.
CODES = tuple(f"X{letter}" for letter in "ABCDEFGHIJLMNOPQRSTUVWXYZ")
EXPORTER = "XN"
_COLUMNS = 5
_WEST, _NORTH = -150.0, 8.0
_WIDTH, _HEIGHT = 9.0, 7.0


@dataclass(frozen=True, slots=True)
class InventedState:
    """A state that exists in no atlas, with its place on the invented continent."""

    code: str
    name: str
    longitude: float
    latitude: float
    boundary: str
    """GeoJSON polygon, WGS 84, in an empty part of the ocean."""


def invented_states() -> tuple[InventedState, ...]:
    """All of them, in the order of their codes. The same on every call."""
    return tuple(_state(i, code, NAMES[i]) for i, code in enumerate(CODES))


def boundaries() -> str:
    """The boundaries of all of them, as GeoJSON (RFC 7946): what `[map]` of a home can name."""
    features = [
        {"type": "Feature", "id": s.code, "properties": {"name": s.name}, "geometry": json.loads(s.boundary)}
        for s in invented_states()
    ]
    return json.dumps(
        {"type": "FeatureCollection", "source": "invented, as the sample has them", "features": features}
    )


def _state(index: int, code: str, name: str) -> InventedState:
    row, column = divmod(index, _COLUMNS)
    corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
    ring = [point for a, b in zip(corners, corners[1:] + corners[:1], strict=True) for point in _border(a, b)]
    ring.append(ring[0])
    boundary = {"type": "Polygon", "coordinates": [[[round(x, 3), round(y, 3)] for x, y in ring]]}
    centre = _corner((column, row)), _corner((column + 1, row + 1))
    longitude, latitude = ((centre[0][k] + centre[1][k]) / 2 for k in (0, 1))
    return InventedState(code, name, longitude, latitude, json.dumps(boundary, separators=(",", ":")))


def _border(a: tuple[int, int], b: tuple[int, int]) -> list[tuple[float, float]]:
    """Points from corner a up to but not including corner b; the same line whichever way it is walked."""
    first, second = sorted((a, b))
    steps = 6
    points = [_between(first, second, k / steps) for k in range(steps + 1)]
    if (first, second) != (a, b):
        points.reverse()
    return points[:-1]


def _between(a: tuple[int, int], b: tuple[int, int], part: float) -> tuple[float, float]:
    (x0, y0), (x1, y1) = _corner(a), _corner(b)
    sway = math.sin(part * math.pi) * math.sin(part * 9 + a[0] * 2.3 + a[1] * 3.7) * 0.9
    return x0 + (x1 - x0) * part + sway * (y1 - y0) / 8, y0 + (y1 - y0) * part + sway * (x1 - x0) / 8


def _corner(corner: tuple[int, int]) -> tuple[float, float]:
    column, row = corner
    return (
        _WEST + column * _WIDTH + math.sin(column * 5.1 + row * 2.9) * 1.6,
        _NORTH - row * _HEIGHT + math.cos(column * 3.3 + row * 4.7) * 1.3,
    )
