"""Overlays anywhere on Earth: nothing lost, nothing counted twice, counts by exact distance."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from rangemap.geodesy import (
    OverlapFaces,
    area_km2,
    area_shares,
    band_polygons,
    difference,
    footprint,
    intersection,
    overlap_counts,
    symmetric_difference,
)

GEOD = Geod(ellps="WGS84")

lons = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 179.99, -179.5, 0.0]))
lats = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 0.0, 89.99, -77.8]))
bands = st.tuples(
    lons, lats, st.sampled_from([0.0, 0.1, 0.5]), st.sampled_from([300.0, 5_500.0, 12_000.0])
)
several = st.lists(bands, min_size=1, max_size=9)


def drawn(rows: list[tuple[float, float, float, float]]) -> np.ndarray:
    lon, lat, inner_share, outer = np.array(rows).T
    return band_polygons(lon, lat, inner_share * outer, outer)


def random_points(seed: int, size: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, size)))
    return np.column_stack([rng.uniform(-180, 180, size), lat])


def assert_partition(faces: OverlapFaces, polygons: np.ndarray) -> None:
    assert shapely.is_valid(faces.polygons).all()
    for face in shapely.get_parts(faces.polygons):
        assert face.geom_type == "Polygon"
        assert shapely.is_ccw(face.exterior)
    assert (faces.count == faces.members.sum(axis=1)).all()
    assert (faces.count >= 1).all()
    # Faces that cover the union and add up to its area share none.
    union = area_km2(footprint(polygons))
    assert faces.area_km2.sum() == pytest.approx(union, rel=1e-9)
    assert area_km2(footprint(faces.polygons)) == pytest.approx(union, rel=1e-9)
    for index, polygon in enumerate(polygons):
        own = faces.area_km2[faces.members[:, index]].sum()
        assert own == pytest.approx(area_km2(polygon), rel=1e-9)


@given(several)
@example([(180, 0, 0, 5_500), (-180, 0, 0.5, 5_500), (179.99, 1, 0, 300)])
@example([(0, 90, 0.5, 5_500), (10, 90, 0, 5_500), (0, -90, 0, 12_000)])
@example([(5, 5, 0.1, 300)] * 4)
@example(
    [
        (179.99, -90, 0.5, 300),
        (179.9900001, -90, 0.5, 12_000),
        (179.990000101, -89.99999, 0.5, 300),
        (180, -90, 0.5, 12_000),
        (-68.54314960363295, -90, 0.5, 12_000),
    ]
)
@example(
    [
        (142.37306101159197, -90, 0.5, 5_500),
        (80.51161823270024, -90, 0.1, 12_000),
        (142.37305101159197, -89.99999, 0.1, 12_000),
        (142.38306101159196, -90, 0.5, 12_000),
        (-0.06338385459946494, 13.480990070511297, 0, 12_000),
    ]
)
@example(
    [
        (0, -58.030765123744594, 0, 12_000),
        (-53.618463208862934, -90, 0, 12_000),
        (-53.608463208862936, -90, 0.1, 12_000),
        (-125.9408142476153, -90, 0.1, 12_000),
    ]
)
def test_faces_are_a_partition_with_exact_counts(rows: list) -> None:
    polygons = drawn(rows)
    faces = overlap_counts(polygons)
    assert_partition(faces, polygons)
    points = random_points(11, 300)
    surely = np.ones(len(points), dtype=bool)
    inside = np.zeros((len(points), len(rows)), dtype=bool)
    for index, (lon, lat, inner_share, outer) in enumerate(rows):
        size = len(points)
        metres = GEOD.inv(np.full(size, lon), np.full(size, lat), *points.T)[2]
        inside[:, index] = (metres >= inner_share * outer * 1e3) & (metres <= outer * 1e3)
        for edge in (inner_share * outer * 1e3, outer * 1e3):
            surely &= np.abs(metres - edge) > 101
    found = np.zeros_like(inside)
    times = np.zeros(len(points), dtype=int)
    for face, members in zip(faces.polygons, faces.members, strict=True):
        here = shapely.contains_xy(face, *points.T)
        found[here] = members
        times[here] += 1
    assert (found == inside)[surely].all()
    assert (times[surely] == inside.any(axis=1)[surely]).all()


@given(several)
def test_dissolving_loses_nothing(rows: list) -> None:
    polygons = drawn(rows)
    faces = overlap_counts(polygons)
    exactly, at_least = faces.dissolve(), faces.dissolve(at_least=True)
    assert len(exactly) == len(at_least) == faces.count.max()
    for k, shape in enumerate(exactly, start=1):
        assert shape.is_valid
        want = faces.area_km2[faces.count == k].sum()
        assert area_km2(shape) == pytest.approx(want, rel=1e-9, abs=1e-9)
    assert shapely.is_valid(at_least).all()
    assert area_km2(at_least).sum() == pytest.approx(area_km2(polygons).sum(), rel=1e-9)
    assert area_km2(at_least[0]) == pytest.approx(area_km2(footprint(polygons)), rel=1e-9)


@given(several)
def test_order_of_the_input_does_not_matter(rows: list) -> None:
    polygons = drawn(rows)
    one, other = overlap_counts(polygons), overlap_counts(polygons[::-1])
    assert sorted(one.area_km2) == pytest.approx(sorted(other.area_km2), rel=1e-9)
    again = overlap_counts(polygons)
    assert shapely.equals_exact(one.polygons, again.polygons).all()
    assert (one.members == again.members).all()


@given(several, several)
def test_set_operations_add_up(first: list, second: list) -> None:
    a, b = footprint(drawn(first)), footprint(drawn(second))
    either, both = footprint([a, b]), intersection(a, b)
    only_a, only_b, just_one = difference(a, b), difference(b, a), symmetric_difference(a, b)
    for shape in (either, both, only_a, only_b, just_one):
        assert shape.is_valid
        assert shape.geom_type in ("Polygon", "MultiPolygon")
        west, south, east, north = shape.bounds if not shape.is_empty else (0, 0, 0, 0)
        assert -180 <= west <= east <= 180
        assert -90 <= south <= north <= 90
        parts = shapely.get_parts(shape)
        assert all(shapely.is_ccw(p.exterior) for p in parts if not p.is_empty)
    exact = {"rel": 1e-9, "abs": 1e-6}
    assert area_km2(a) == pytest.approx(area_km2(only_a) + area_km2(both), **exact)
    assert area_km2(b) == pytest.approx(area_km2(only_b) + area_km2(both), **exact)
    assert area_km2(just_one) == pytest.approx(area_km2(only_a) + area_km2(only_b), **exact)
    assert area_km2(either) == pytest.approx(area_km2(just_one) + area_km2(both), **exact)


@settings(max_examples=20)
@given(bands, st.lists(bands, min_size=1, max_size=3))
def test_the_error_of_a_share_is_a_bound(area: tuple, rows: list) -> None:
    """A footprint drawn to 10 km differs from one drawn to 20 m by no more than is said."""
    lon, lat, inner_share, outer = np.array(rows).T
    areas = drawn([area])
    fine = area_shares(areas, band_polygons(lon, lat, inner_share * outer, outer, 20), 20)
    coarse = area_shares(
        areas, band_polygons(lon, lat, inner_share * outer, outer, 10_000), tolerance_m=10_000
    )
    apart = abs(fine.share - coarse.share)
    assert (apart <= coarse.share_error + fine.share_error + 1e-12).all()
