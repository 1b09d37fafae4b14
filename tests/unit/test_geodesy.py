"""Distances against GeographicLib, areas against closed forms, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from rangemap.errors import ArgumentError
from rangemap.geodesy import (
    area_km2,
    azimuth_deg,
    band_polygon,
    band_polygons,
    destination,
    difference,
    distance_km,
    distance_matrix_km,
    footprint,
    intersection,
    ring_polygon,
    ring_polygons,
)

RNG = np.random.default_rng(20191987)
POINTS = [
    tuple(map(float, pair))
    for pair in zip(RNG.uniform(-180, 180, 40), RNG.uniform(-90, 90, 40), strict=True)
]


@pytest.mark.parametrize("pair", list(zip(POINTS[:20], POINTS[20:], strict=True)))
def test_distance_and_azimuth_equal_geographiclib(pair: tuple) -> None:
    (lon1, lat1), (lon2, lat2) = pair
    truth = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2)
    assert distance_km(lon1, lat1, lon2, lat2) == pytest.approx(truth["s12"] / 1000, abs=1e-9)
    off = (azimuth_deg(lon1, lat1, lon2, lat2) - truth["azi1"] + 180) % 360 - 180
    assert off == pytest.approx(0, abs=1e-9)


def test_destination_inverts_distance() -> None:
    lon, lat = destination(37.62, 55.75, 200.0, 5_500.0)
    assert distance_km(37.62, 55.75, lon, lat) == pytest.approx(5_500, abs=1e-9)


def test_scalars_give_floats_and_arrays_broadcast() -> None:
    assert isinstance(distance_km(0, 0, 1, 1), float)
    assert distance_km([0, 1], 0, 0, [[0], [1]]).shape == (2, 2)
    assert distance_km(190, 0, -170, 0) == 0


def test_distance_matrix_is_every_pair() -> None:
    lon, lat = np.array(POINTS).T
    matrix = distance_matrix_km(lon[:7], lat[:7], lon, lat)
    assert matrix.shape == (7, 40)
    for i in range(7):
        for j in range(40):
            s12 = Geodesic.WGS84.Inverse(lat[i], lon[i], lat[j], lon[j])["s12"]
            assert matrix[i, j] == pytest.approx(s12 / 1000, abs=1e-9)


def test_matrix_in_blocks_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    lon, lat = np.array(POINTS).T
    whole = distance_matrix_km(lon, lat, lon, lat)
    monkeypatch.setattr("rangemap.geodesy.reach._PAIRS_AT_ONCE", 90)
    assert np.array_equal(distance_matrix_km(lon, lat, lon, lat), whole)


def test_area_of_the_world_and_its_parts() -> None:
    world = area_km2(shapely.box(-180, -90, 180, 90))
    assert world == pytest.approx(510_065_621.724, abs=0.01)
    assert area_km2(shapely.box(-180, 0, 180, 90)) == pytest.approx(world / 2, rel=1e-12)
    octant = area_km2(shapely.box(0, 0, 90, 90))
    assert octant == pytest.approx(world / 8, rel=1e-12)
    holed = shapely.box(-180, -90, 180, 90) - shapely.box(0, 0, 90, 90)
    assert area_km2(holed) == pytest.approx(world * 7 / 8, rel=1e-12)


def test_area_of_a_small_square_is_flat() -> None:
    side = 1000.0
    lon, _ = destination(20, 50, 90, side / 1000)
    _, lat = destination(20, 50, 0, side / 1000)
    assert area_km2(shapely.box(20, 50, lon, lat)) == pytest.approx(1.0, rel=1e-3)


def test_area_ignores_lines_and_counts_all_parts() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(5, 0, 6, 1)])
    assert area_km2(parts) == pytest.approx(2 * area_km2(shapely.box(0, 0, 1, 1)))
    assert area_km2(shapely.LineString([(0, 0), (1, 1)])) == 0
    assert area_km2(shapely.Polygon()) == 0


def test_overlay_adds_up() -> None:
    a, b = ring_polygon(170, 60, 3_000), ring_polygon(-160, 70, 4_000)
    both, either = intersection(a, b), footprint([a, b])
    total = area_km2(a) + area_km2(b) - area_km2(both)
    assert area_km2(either) == pytest.approx(total, rel=1e-9)
    assert area_km2(difference(a, b)) == pytest.approx(area_km2(a) - area_km2(both), rel=1e-9)
    assert either.is_valid
    assert both.is_valid


def test_touching_footprints_share_no_area() -> None:
    shared = intersection(shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2))
    assert shared.is_empty
    assert footprint([]).is_empty


def test_arrays_of_rings_and_bands() -> None:
    rings = ring_polygons([[0], [180]], [0, 80], 500)
    assert rings.shape == (2, 2)
    assert rings.dtype == object
    assert all(ring.is_valid for ring in rings.ravel())
    assert ring_polygons(0, 0, 500).shape == ()
    bands = band_polygons([0, 1, 2], 0, 500, 5_500)
    assert [band.covers(shapely.Point(0, 0)) for band in bands] == [False] * 3


def test_band_from_zero_is_the_ring() -> None:
    assert band_polygon(10, 20, 0, 700).equals(ring_polygon(10, 20, 700))


@pytest.mark.parametrize("site", [(-179.9999999, 65), (180, 0), (20, 50)])
def test_a_ring_of_a_metre_has_its_area(site: tuple[float, float]) -> None:
    assert area_km2(ring_polygon(*site, 0.001)) == pytest.approx(math.pi * 1e-6, rel=1e-2)


def test_thin_band_stays_a_band() -> None:
    band = band_polygon(144.9, 13.6, 5_499.95, 5_500)
    assert band.is_valid
    lon, lat = destination(144.9, 13.6, np.arange(0, 360, 0.7), 5_499.975)
    assert shapely.covers(band, shapely.points(lon, lat)).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ring_polygon(0, 95, 500), ("latitude 95", "[-90, 90]")),
        (lambda: ring_polygon(400, 5, 500), ("longitude 400", "[-180, 180]")),
        (lambda: ring_polygon(0, 5, 25_000), ("25,000 km", "(0, 19,950]")),
        (lambda: ring_polygon(0, 5, 0), ("0 km", "(0, 19,950]")),
        (lambda: ring_polygon(0, 5, -3), ("-3 km",)),
        (lambda: ring_polygon(0, 5, 1e-9), ("1e-09 km", "at least 0.000001")),
        (lambda: ring_polygons([0, 1], [2, 3, 4], 5), ("(2,), (3,)", "broadcast")),
        (lambda: ring_polygon(math.nan, 5, 500), ("longitude nan", "finite")),
        (lambda: ring_polygon(0, 5, math.inf), ("distance inf", "finite")),
        (lambda: ring_polygon(0, 5, 500, tolerance_m=0.5), ("tolerance 0.5 m", "[1, 10,000]")),
        (lambda: ring_polygon("x", 5, 500), ("longitude 'x'", "not a number")),
        (lambda: band_polygon(0, 5, 500, 500), ("minimum range 500 km", "not less than")),
        (lambda: band_polygon(0, 5, 600, 500), ("600 km", "500 km")),
        (lambda: band_polygon(0, 5, -1, 500), ("minimum range -1 km", "negative")),
        (lambda: distance_km(0, [0, 91], 0, 0), ("latitude 91",)),
        (lambda: ring_polygons([0, 0], 0, [500, 99_999]), ("99,999 km",)),
    ],
)
def test_what_is_out_of_range_is_refused_in_one_line(call: object, words: tuple) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_azimuths_never_reach_360() -> None:
    assert azimuth_deg(0, 0, -1e-15, 10) == 0
