"""The projection: rings where the geodesics are, regions never inside-out."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rangemap.geodesy import distance_km
from rangemap.views.projection import (
    EARTH_RADIUS_KM,
    MAX_WIDTH_KM,
    MapView,
    Projection,
    fit_view,
    ground_km,
    mean_direction,
    plane_km,
)

WORLD_KM2 = 510_065_622
LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)


def ground(lon1, lat1, lon2, lat2):
    return np.asarray(distance_km(lon1, lat1, lon2, lat2), dtype=float).ravel()


@pytest.mark.parametrize(
    ("site", "radius"),
    [
        ((0, 90), 5500),
        ((180, 0), 500),
        ((30, 50), 5500),
        ((144.9, 13.6), 11_200),
        ((-156, -52), 5500),
        ((10, 50), 19_950),
    ],
)
def test_every_vertex_of_a_ring_lies_at_its_distance(site, radius):
    projection = Projection(24, 52)
    disk = projection.disk(*site, radius, tolerance_km=1)
    points = shapely.get_coordinates(shapely.boundary(disk))
    # The edge of the world is part of a region that holds the antipode, but of no ring.
    on_ring = points[shapely.distance(shapely.points(points), projection.world.boundary) > 5.0]
    assert len(on_ring) > 30 or radius > 19_000
    lon, lat = projection.inverse(on_ring[:, 0], on_ring[:, 1])
    assert np.abs(ground(*site, lon, lat) - radius).max(initial=0) < 0.1


@settings(deadline=None, max_examples=80)
@given(LON, LAT, LON, LAT, st.floats(50, 19_900), LON, LAT)
def test_a_point_is_drawn_inside_if_and_only_if_it_is_near_enough(
    lon0, lat0, lon, lat, radius, x, y
):
    projection = Projection(lon0, lat0)
    away = float(ground(lon0, lat0, x, y)[0])
    distance = float(ground(lon, lat, x, y)[0])
    assume(away < 19_000)  # the plane is torn near the antipode
    # Edges may stray by the tolerance on the plane, which far out is more on the ground.
    assume(abs(distance - radius) > 2.0 / max(math.cos(away / 2 / EARTH_RADIUS_KM), 0.05))
    disk = projection.disk(lon, lat, radius, tolerance_km=0.5)
    px, py = projection.forward(x, y)
    assert disk.is_valid
    assert bool(shapely.contains_xy(disk, float(px), float(py))) == (distance < radius)


@pytest.mark.parametrize("center", [(0, 90), (0, -90), (180, 0), (24, 52)])
@pytest.mark.parametrize("radius", [500, 5500, 15_000, 19_950])
def test_areas_are_true(center, radius):
    """Equal-area: the disk round any site has nearly the area of a spherical cap."""
    disk = Projection(*center).disk(10, 45, radius, tolerance_km=0.5)
    cap = 2 * math.pi * EARTH_RADIUS_KM**2 * (1 - math.cos(radius / EARTH_RADIUS_KM))
    assert disk.area == pytest.approx(cap, rel=0.01)
    assert disk.area < WORLD_KM2


def test_a_ring_through_the_antipode_of_the_centre_is_not_inside_out():
    projection = Projection(0, 0)
    to_antipode = float(ground(170, 0, 180, 0)[0])
    for nudge in (-0.4, 0.0, 0.4):
        disk = projection.disk(170, 0, to_antipode + nudge, tolerance_km=1)
        assert disk.is_valid
        assert disk.area == pytest.approx(math.pi * to_antipode**2, rel=0.05)


def test_a_small_ring_is_round_and_a_long_ring_smooth():
    disk = Projection(24, 52).disk(24, 52, 1, tolerance_km=0.001)
    assert disk.area == pytest.approx(math.pi, rel=0.01)
    ring = shapely.get_coordinates(Projection(24, 52).disk(100, 10, 5500, tolerance_km=2))
    a, b = np.diff(ring, axis=0)[:-1], np.diff(ring, axis=0)[1:]
    turn = np.abs(np.arctan2(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0], (a * b).sum(axis=1)))
    assert np.degrees(turn).max() < 12


def test_the_view_of_a_site_on_the_antimeridian_is_centred_there():
    view = fit_view(np.array([179.0, -179.0]), np.array([-16.0, -16.0]), 500, aspect=1.6)
    assert abs(view.projection.lon) == pytest.approx(180, abs=1e-6)
    assert view.width_km == pytest.approx(view.height_km * 1.6)
    x, y = view.projection.forward([179.0, -179.0], [-16.0, -16.0])
    assert view.contains(x, y).all()


def test_the_view_keeps_to_its_limits():
    lon, lat = np.array([0.0]), np.array([0.0])
    assert fit_view(lon, lat, 19_950, aspect=1.7).width_km == MAX_WIDTH_KM
    assert 0 < fit_view(lon, lat, 0.1, aspect=1.7).width_km < 20
    wanted = fit_view(lon, lat, 5500, aspect=2, center=(24, 52), width_km=9000)
    assert (wanted.width_km, wanted.height_km) == (9000, 4500)


def test_opposite_sites_have_a_middle():
    lon, lat = mean_direction(np.array([0.0, 180.0]), np.array([0.0, 0.0]))
    assert (lon, lat) == (0.0, 0.0)
    assert mean_direction(np.array([45.0]), np.array([90.0])) == pytest.approx((45.0, 90.0))


@given(st.floats(0, 20_000))
def test_ground_and_plane_are_inverse(distance):
    assert ground_km(plane_km(distance)) == pytest.approx(distance, abs=0.01)


def test_lonlat_of_a_view_holds_all_it_shows():
    projection = Projection(170, -80)
    view = MapView(projection, -4000, 4000, -2000, 2000)
    xs, ys = np.meshgrid(np.linspace(-3999, 3999, 21), np.linspace(-1999, 1999, 21))
    lon, lat = projection.inverse(xs.ravel(), ys.ravel())
    assert shapely.contains_xy(view.lonlat.buffer(1e-6), lon, lat).all()
