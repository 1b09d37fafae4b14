"""Rings and bands anywhere on Earth, against geodesics computed by GeographicLib."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st
from pyproj import Geod

from rangemap.geodesy import (
    area_km2,
    band_polygon,
    ring_outline,
    ring_polygon,
    unwrapped_ring,
)

GEOD = Geod(ellps="WGS84")
MERCATOR_LIMIT = 85.0511287798066

lons = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0, 179.9999999, -1e-12]))
lats = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 0.0, 89.9999, 40.5, -77.8]))
radii = st.one_of(
    st.floats(0.5, 19_950), st.sampled_from([500.0, 5_500.0, 10_001.9, 12_000.0, 19_950.0])
)


def distances_m(lon: float, lat: float, points: np.ndarray) -> np.ndarray:
    size = len(points)
    return np.asarray(
        GEOD.inv(np.full(size, lon), np.full(size, lat), points[:, 0], points[:, 1])[2]
    )


def along_edges(line: shapely.LineString, *, mercator: bool) -> np.ndarray:
    """Points along each edge, straight in lon/lat or straight in Web Mercator."""
    xy = shapely.get_coordinates(line)
    y = np.arcsinh(np.tan(np.radians(xy[:, 1]))) if mercator else xy[:, 1]
    share = np.linspace(0, 1, 14)
    lon = xy[:-1, :1] + np.diff(xy[:, :1], axis=0) * share
    height = y[:-1, None] + np.diff(y)[:, None] * share
    lat = np.degrees(np.arctan(np.sinh(height))) if mercator else height
    points = np.column_stack([lon.ravel(), lat.ravel()])
    return points[np.abs(points[:, 1]) <= MERCATOR_LIMIT] if mercator else points


def worst_edge_m(lon: float, lat: float, km: float, outline: object) -> float:
    worst = 0.0
    for line in shapely.get_parts(outline):
        for mercator in (False, True):
            points = along_edges(line, mercator=mercator)
            if len(points):
                off = np.abs(distances_m(lon, lat, points) - km * 1000)
                worst = max(worst, float(off.max()))
    return worst


def disc_area_km2(lon: float, lat: float, km: float) -> float:
    """The area of the disc by Karney's polygon algorithm, on 20,000 geodesics."""
    azimuth = np.linspace(360, 0, 20_000, endpoint=False)
    size = len(azimuth)
    ring_lon, ring_lat, _ = GEOD.fwd(
        np.full(size, lon), np.full(size, lat), azimuth, np.full(size, km * 1000)
    )
    area, _ = GEOD.polygon_area_perimeter(ring_lon, ring_lat)
    world = 510_065_621.724
    return area / 1e6 if area > 0 else area / 1e6 + world


def assert_on_the_globe(polygon: shapely.Geometry) -> None:
    assert polygon.is_valid, shapely.is_valid_reason(polygon)
    west, south, east, north = polygon.bounds
    assert west >= -180
    assert east <= 180
    assert south >= -90
    assert north <= 90
    for part in shapely.get_parts(polygon):
        assert shapely.is_ccw(part.exterior)
        assert not any(shapely.is_ccw(hole) for hole in part.interiors)
        for ring in (part.exterior, *part.interiors):
            steps = np.abs(np.diff(shapely.get_coordinates(ring), axis=0)).max(axis=1)
            assert steps.min() > 0, "a vertex stands twice"


@given(lons, lats, radii)
@example(37.62, 55.75, 5_500)
@example(179.9, -16, 5_500)
@example(0, 89.9, 5_500)
@example(144.9, 13.6, 5_500)
@example(166.7, -77.8, 5_500)
@example(180, 0, 500)
@example(-180, 0, 12_000)
@example(0, 0, 10_001.965729)
@example(180, 90, 0.5)
@example(-75, -90, 19_950)
@example(180, 45, 19_950)
def test_ring_is_right_everywhere(lon: float, lat: float, km: float) -> None:
    polygon = ring_polygon(lon, lat, km)
    assert_on_the_globe(polygon)
    assert worst_edge_m(lon, lat, km, ring_outline(lon, lat, km)) <= 100
    # A wrong half disc can be valid and have no edge error: ask points and the area as well.
    rng = np.random.default_rng(7)
    points = np.column_stack(
        [rng.uniform(-180, 180, 400), np.degrees(np.arcsin(rng.uniform(-1, 1, 400)))]
    )
    off = distances_m(lon, lat, points) - km * 1000
    inside = shapely.covers(polygon, shapely.points(points))
    assert (inside == (off <= 0))[np.abs(off) > 100].all()
    assert area_km2(polygon) == pytest.approx(disc_area_km2(lon, lat, km), rel=1e-3)


@given(lons, lats, st.floats(1, 19_950), st.sampled_from([1.0, 10.0, 1_000.0, 10_000.0]))
def test_any_tolerance_is_kept(lon: float, lat: float, km: float, tolerance: float) -> None:
    outline = ring_outline(lon, lat, km, tolerance_m=tolerance)
    assert worst_edge_m(lon, lat, km, outline) <= tolerance
    assert ring_polygon(lon, lat, km, tolerance_m=tolerance).is_valid


@given(lons, lats, radii, radii)
def test_band_is_the_ring_without_its_middle(
    lon: float, lat: float, one: float, other: float
) -> None:
    low, high = min(one, other), max(one, other)
    if high - low < 0.02:
        return
    band = band_polygon(lon, lat, low, high)
    assert_on_the_globe(band)
    outer, inner = ring_polygon(lon, lat, high), ring_polygon(lon, lat, low)
    # Rings of 100 m tolerance may differ from the finer ones of a thin band by that much.
    slack = (high + low) * 7 * 0.1 + 1
    assert area_km2(band) == pytest.approx(area_km2(outer) - area_km2(inner), abs=slack)


@given(lons, lats, radii)
def test_unwrapped_ring_runs_on_without_a_jump(lon: float, lat: float, km: float) -> None:
    ring = unwrapped_ring(lon, lat, km)
    points = np.column_stack([(ring.lon + 180) % 360 - 180, ring.lat])
    assert np.abs(distances_m(lon, lat, points) - km * 1000).max() < 0.1
    span = ring.lon[-1] - ring.lon[0]
    if ring.poles in ("north", "south"):
        assert abs(span) == pytest.approx(360, abs=1e-9)
        assert (np.diff(ring.lon) <= 1e-12).all()
    else:
        assert span == pytest.approx(0, abs=1e-9)
    to_north = distances_m(lon, lat, np.array([[0.0, 90.0]]))[0]
    to_south = distances_m(lon, lat, np.array([[0.0, -90.0]]))[0]
    if abs(to_north - km * 1000) > 1 and abs(to_south - km * 1000) > 1:
        inside = {"north": to_north <= km * 1000, "south": to_south <= km * 1000}
        assert inside["north"] == (ring.poles in ("north", "both"))
        assert inside["south"] == (ring.poles in ("south", "both"))


@given(lons, lats, st.floats(1, 9_000), st.floats(1.01, 2.0))
def test_rings_nest(lon: float, lat: float, km: float, factor: float) -> None:
    smaller, larger = ring_polygon(lon, lat, km), ring_polygon(lon, lat, km * factor + 0.5)
    assert area_km2(shapely.difference(smaller, larger)) < 1e-6 * area_km2(smaller) + 1e-6


@given(lons, lats, radii)
def test_outline_has_no_edge_on_the_seam_or_a_pole(lon: float, lat: float, km: float) -> None:
    for line in shapely.get_parts(ring_outline(lon, lat, km)):
        xy = shapely.get_coordinates(line)
        on_seam = (np.abs(xy[:-1, 0]) == 180) & (np.abs(xy[1:, 0]) == 180)
        assert not on_seam.any()
