"""Geodesic paths stay with the geodesic as drawn, over poles and across the antimeridian."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pyproj import Geod

from rangemap.errors import ArgumentError
from rangemap.geodesy import arrival_azimuth_deg, azimuth_deg, distance_km, geodesic_path

GEOD = Geod(ellps="WGS84")
MERCATOR_LIMIT = 85.0511287798066
lons = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0, 179.9999999]))
lats = st.one_of(st.floats(-90, 90), st.sampled_from([0.0, 89.9999, -77.8]))


def on_globe(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Earth-centred coordinates in metres."""
    phi, lam = np.radians(lat), np.radians(lon)
    normal = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(phi) ** 2)
    x, y = normal * np.cos(phi) * np.cos(lam), normal * np.cos(phi) * np.sin(lam)
    return np.stack([x, y, normal * (1 - GEOD.es) * np.sin(phi)], axis=-1)


def worst_m(ends: tuple[float, float, float, float], path: shapely.Geometry) -> float:
    """How far the drawn edges lie from the geodesic, by its points 5 km apart."""
    azimuth, _, length = GEOD.inv(*ends)
    size = int(length / 5_000) + 3
    lon, lat, _ = GEOD.fwd(
        np.full(size, ends[0]), np.full(size, ends[1]), np.full(size, azimuth),
        np.linspace(0, length, size),
    )  # fmt: skip
    true = on_globe(np.asarray(lon), np.asarray(lat))
    worst = 0.0
    share = np.linspace(0, 1, 8)
    for line in shapely.get_parts(path):
        xy = shapely.get_coordinates(line)
        x = (xy[:-1, :1] + np.diff(xy[:, :1], axis=0) * share).ravel()
        for mercator in (False, True):
            if mercator:
                y = np.arcsinh(np.tan(np.radians(xy[:, 1])))
                y = (y[:-1, None] + np.diff(y)[:, None] * share).ravel()
                drawn_lat = np.degrees(np.arctan(np.sinh(y)))
                shown = np.abs(drawn_lat) <= MERCATOR_LIMIT
                points = on_globe(x[shown], drawn_lat[shown])
            else:
                drawn_lat = (xy[:-1, 1:] + np.diff(xy[:, 1:], axis=0) * share).ravel()
                points = on_globe(x, drawn_lat)
            for some in np.array_split(points, len(points) // 500 + 1):
                if len(some):
                    worst = max(worst, _off(some, true))
    return worst


def _off(points: np.ndarray, true: np.ndarray) -> float:
    nearest = ((points[:, None] - true[None]) ** 2).sum(axis=2).argmin(axis=1)
    off = np.full(len(points), np.inf)
    for first in (np.maximum(nearest - 1, 0), np.minimum(nearest, len(true) - 2)):
        start, step = true[first], true[first + 1] - true[first]
        along = ((points - start) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-12)
        foot = start + np.clip(along, 0, 1)[:, None] * step
        off = np.minimum(off, np.linalg.norm(points - foot, axis=1))
    return float(off.max())


def same_place(point: np.ndarray, lon: float, lat: float) -> bool:
    return bool(GEOD.inv(*point, lon, lat)[2] < 1e-6)


@given(lons, lats, lons, lats, st.sampled_from([10.0, 100.0, 10_000.0]))
@example(37.62, 55.75, -122.42, 37.77, 100.0)
@example(0, 0, 179.5, 0.2, 100.0)
@example(0, 30, 179.9, -30.05, 100.0)
@example(0, 60, 179.9999, 70, 100.0)
@example(0, 60, -179.999, 70, 10.0)
@example(-52.68001877443142, 0, 180, 0, 10.0)
@example(52.68, 0, -180, 0, 10.0)
@example(180, 10, 170, 20, 100.0)
@example(-180, 10, 170, 20, 100.0)
@example(170, 20, -180, 10, 100.0)
@example(-170, 20, 180, 10, 100.0)
@example(179.9999999, 0, -179.9999999, 0.1, 100.0)
@example(0, 0, 90, 0, 100.0)
@example(180, 0, 179.9999999, 85, 10.0)
@example(-180, 0, 179.9999999, 85, 10.0)
@example(0, 45, -1e-13, 46, 10.0)
@example(0, 0, 180, 0, 100.0)
@example(20, 50, -160, 60, 100.0)
@example(20, -50, -160, -60, 100.0)
def test_path_stays_with_the_geodesic(
    lon1: float, lat1: float, lon2: float, lat2: float, tolerance: float
) -> None:
    ends = (lon1, lat1, lon2, lat2)
    assume(GEOD.inv(*ends)[2] > 1)
    path = geodesic_path(*ends, tolerance_m=tolerance)
    assert path.is_valid
    lines = [shapely.get_coordinates(line) for line in shapely.get_parts(path)]
    xy = np.concatenate(lines)
    assert np.abs(xy[:, 0]).max() <= 180
    assert np.abs(xy[:, 1]).max() <= 90
    assert same_place(lines[0][0], lon1, lat1)
    assert same_place(lines[-1][-1], lon2, lat2)
    # Lines end and begin again only on the antimeridian or on a pole, in one place.
    for before, after in itertools.pairwise(lines):
        at_seam = abs(before[-1, 0]) == 180 and after[0, 0] == -before[-1, 0]
        at_pole = abs(before[-1, 1]) == 90
        assert at_seam or at_pole
        assert before[-1, 1] == after[0, 1]
    assert all(np.abs(np.diff(line[:, 0])).max() <= 180.000001 for line in lines)
    assert worst_m(ends, path) <= tolerance + 1


def test_the_crossing_is_exact() -> None:
    path = geodesic_path(131.9, 43.1, -157.9, 21.3)
    lat = shapely.get_coordinates(path.geoms[0])[-1, 1]
    direct = distance_km(131.9, 43.1, -157.9, 21.3)
    by_way_of = distance_km(131.9, 43.1, 180, lat) + distance_km(-180, lat, -157.9, 21.3)
    assert by_way_of == pytest.approx(direct, abs=1e-9)
    off = azimuth_deg(131.9, 43.1, 180, lat) - azimuth_deg(131.9, 43.1, -157.9, 21.3)
    assert abs(off) < 1e-9


def test_through_a_pole_there_are_two_meridians() -> None:
    path = geodesic_path(20, 50, -160, 60)
    lines = [shapely.get_coordinates(line).tolist() for line in path.geoms]
    assert lines == [[[20, 50], [20, 90]], [[-160, 90], [-160, 60]]]
    down = geodesic_path(-75, 90, 10, 20)
    assert shapely.get_coordinates(down).tolist() == [[10, 90], [10, 20]]
    up = geodesic_path(10, 20, -75, -90)
    assert shapely.get_coordinates(up).tolist() == [[10, 20], [10, -90]]
    both = geodesic_path(7, 90, 50, -90)
    assert shapely.get_coordinates(both).tolist() == [[7, 90], [7, -90]]


def test_fewer_vertices_for_a_coarser_line() -> None:
    counts = [
        shapely.get_num_coordinates(geodesic_path(37.62, 55.75, -122.42, 37.77, tolerance_m=t))
        for t in (10, 100, 1_000)
    ]
    assert counts[0] > 2 * counts[1] > 4 * counts[2]
    assert counts[1] < 240
    assert shapely.get_num_coordinates(geodesic_path(0, 0, 90, 0)) == 2


def test_one_place_has_no_path() -> None:
    with pytest.raises(ArgumentError, match="both ends are 10, 20: there is no path"):
        geodesic_path(10, 20, 10, 20)
    with pytest.raises(ArgumentError, match="there is no path"):
        geodesic_path(180, 20, -180, 20)
    with pytest.raises(ArgumentError, match="latitude 91 is outside"):
        geodesic_path(10, 20, 10, 91)


@given(lons, st.floats(-89, 89), lons, st.floats(-89, 89))
def test_azimuths_at_both_ends_turn_round(
    lon1: float, lat1: float, lon2: float, lat2: float
) -> None:
    assume(1 < GEOD.inv(lon1, lat1, lon2, lat2)[2] < 19_900_000)
    arrival = arrival_azimuth_deg(lon1, lat1, lon2, lat2)
    assert 0 <= arrival < 360
    off = arrival - azimuth_deg(lon2, lat2, lon1, lat1)
    assert abs(off) == pytest.approx(180, abs=1e-6)
