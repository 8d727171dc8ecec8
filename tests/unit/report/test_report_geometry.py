"""Boundaries: decoded exactly, cut where the world ends, placed inside the picture."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penholder.analysis.report.map.geometry import (
    Box,
    area,
    box_of,
    centre,
    clip,
    cut_at_antimeridian,
    shape_from_geojson,
)
from penholder.analysis.report.map.projection import WORLD, view_of
from penholder.analysis.report.map.topology import COARSE, FINE, atlas_shapes, shapes_of
from penholder.kernel.errors import InputError

SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))

# Two squares that share an edge (arc 0 is walked backwards by the second), scaled by 2 and moved by (10, 20).
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [2, 2], "translate": [10, 20]},
    "arcs": [
        [[1, 0], [0, 1]],
        [[1, 1], [-1, 0], [0, -1], [1, 0]],
        [[1, 0], [1, 0], [0, 1], [-1, 0]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "036", "arcs": [[0, 1]], "properties": {"name": "First"}},
                {"type": "Polygon", "arcs": [[2, ~0]], "properties": {"name": "Second"}},
                {"type": "MultiPolygon", "id": "036", "arcs": [[[0, 1]]], "properties": {"name": "Third"}},
            ],
        }
    },
}


def test_topology_is_decoded_and_joined_by_number() -> None:
    first, second = shapes_of(TOPOLOGY, "countries")
    assert (first.code, first.name, len(first.polygons)) == ("AU", "First", 2)
    assert first.polygons[0] == (((12, 20), (12, 22), (10, 22), (10, 20), (12, 20)),)
    assert (second.code, second.name) == ("", "Second")
    assert second.polygons == ((((12, 20), (14, 20), (14, 22), (12, 22), (12, 20)),),)


def test_centre_and_area_of_a_square() -> None:
    assert area(SQUARE) == 16.0
    assert centre(SQUARE) == (2.0, 2.0)


def test_clipping_keeps_exactly_what_is_inside() -> None:
    cut = clip((SQUARE,), Box(1.0, 1.0, 9.0, 3.0))
    assert area(cut[0]) == 6.0
    assert clip((SQUARE,), Box(5.0, 5.0, 9.0, 9.0)) == ()


def test_a_polygon_across_the_antimeridian_is_cut_into_two_with_the_same_area() -> None:
    across = ((178.0, 0.0), (-179.0, 0.0), (-179.0, 2.0), (178.0, 2.0), (178.0, 0.0))
    parts = cut_at_antimeridian((across,))
    boxes = sorted((b.west, b.east) for b in (box_of(p[0]) for p in parts))
    assert boxes == [(-180.0, -179.0), (178.0, 180.0)]
    assert sum(area(p[0]) for p in parts) == pytest.approx(6.0)


@given(st.floats(-180, 179), st.floats(-80, 79), st.floats(0.1, 60), st.floats(0.1, 10))
def test_cutting_never_loses_area(west: float, south: float, wide: float, tall: float) -> None:
    def wrapped(x: float) -> float:
        return x - 360 if x > 180 else x

    ring = tuple(
        (wrapped(x), y)
        for x, y in (
            (west, south),
            (west + wide, south),
            (west + wide, south + tall),
            (west, south + tall),
            (west, south),
        )
    )
    parts = cut_at_antimeridian((ring,))
    assert sum(area(p[0]) for p in parts) == pytest.approx(wide * tall, rel=1e-6)
    assert all(-180 <= x <= 180 for p in parts for x, _ in p[0])


@pytest.mark.parametrize(
    "text",
    ["", "{}", '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}',
     '{"type":"Polygon","coordinates":[]}', '{"type":"Polygon","coordinates":[[["a",2],[3,4]]]}', "[1"],
)  # fmt: skip
def test_a_boundary_that_is_not_a_polygon_is_refused_with_the_place_named(text: str) -> None:
    with pytest.raises(InputError, match="the boundary of XA is not a GeoJSON"):
        shape_from_geojson("XA", "Ardenia", text)


@given(st.floats(-180, 180), st.floats(-57, 84))
def test_every_point_of_the_view_is_placed_inside_the_picture(longitude: float, latitude: float) -> None:
    view = view_of(WORLD, width=1000)
    x, y = view.place((longitude, latitude))
    assert -1 <= x <= 1001
    assert -1 <= y <= view.height + 1


def test_north_is_up_and_east_is_right() -> None:
    view = view_of(Box(10, 10, 20, 20), width=1000)
    west, north = view.place((10, 20))
    east, south = view.place((20, 10))
    assert (round(west), round(east)) == (0, 1000)
    assert (round(north), round(south)) == (0, round(view.height))


@pytest.mark.parametrize(("resolution", "least"), [(COARSE, 170), (FINE, 230)])
def test_the_installed_atlas_has_one_shape_per_code(resolution: str, least: int) -> None:
    shapes = atlas_shapes(resolution)
    if not shapes:
        pytest.skip("no boundaries installed: sh tools/fetch_atlas.sh")
    codes = [s.code for s in shapes if s.code]
    assert len(codes) == len(set(codes)) >= least
    assert all(-180 <= x <= 180 and -90 <= y <= 90 for s in shapes for p in s.polygons for r in p for x, y in r)
