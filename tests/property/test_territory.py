"""Buffers and bands of territories anywhere, against dense points measured by GeographicLib."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from rangemap.catalogue import read_countries
from rangemap.geodesy import buffer, certify, territory_band, territory_distance_km

GEOD = Geod(ellps="WGS84")
SAMPLE = ["RUS", "FJI", "ATA", "USA", "CHN", "FRA", "KIR", "NZL", "VAT", "DEU", "IDN", "CHL"]

centres = st.one_of(
    st.tuples(st.floats(-150, 150), st.floats(-75, 75)),
    st.tuples(st.sampled_from([-180.0, 180.0, 179.95, -179.999]), st.floats(-75, 75)),
    st.tuples(st.floats(-150, 150), st.sampled_from([89.9, -90.0, -89.99, 85.0])),
)
sizes = st.sampled_from([0.01, 0.3, 3.0, 25.0])
radii = st.one_of(
    st.floats(60, 19_950), st.sampled_from([500.0, 5_500.0, 10_001.9, 14_000.0, 19_950.0])
)


@st.composite
def territories(draw: st.DrawFn) -> BaseGeometry:
    """A star, a star with a hole, a broken line, or points; longitudes from -180 to 360."""
    lon, lat = draw(centres)
    size = draw(sizes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["star", "holed", "line", "points", "mixed"]))
    count = int(rng.integers(3, 25))
    wide = size / max(np.cos(np.radians(min(abs(lat), 84))), 0.1)
    if kind in ("star", "holed", "mixed"):
        angle = (np.arange(count) + rng.uniform(0.1, 0.9, count)) * 2 * np.pi / count
        out = rng.uniform(0.4, 1, count)
        ring = np.column_stack([wide * out * np.cos(angle), size * out * np.sin(angle)])
        inner = [0.3 * ring] if kind == "holed" else []
        shape: BaseGeometry = shapely.Polygon(ring, inner)
        if kind == "mixed":
            spot = shapely.Point(wide * 1.5, -size)
            shape = shapely.GeometryCollection([shape, spot, shapely.LineString(ring[:2] * 1.2)])
    else:
        steps = rng.uniform(-1, 1, (count, 2)) * [wide, size]
        shape = shapely.LineString(steps) if kind == "line" else shapely.MultiPoint(steps)
    moved = shapely.transform(
        shape, lambda xy: np.column_stack([xy[:, 0] + lon, np.clip(xy[:, 1] + lat, -90, 90)])
    )
    if moved.bounds[0] < -180:
        moved = shapely.transform(moved, lambda xy: xy + np.array([360.0, 0.0]))
    parts = shapely.get_parts(moved)
    assume(bool(shapely.is_valid(parts).all()) and moved.bounds[2] - moved.bounds[0] < 180)
    return moved


def inside_points(geometry: BaseGeometry, rng: np.random.Generator) -> list[np.ndarray]:
    """Dense points of each part: along its edges as drawn, and inside."""
    found = []
    for part in shapely.get_parts(geometry):
        step = max(part.length / 800, 1e-4)
        points = shapely.get_coordinates(shapely.segmentize(part, step))
        if part.geom_type == "Polygon":
            west, south, east, north = part.bounds
            more = rng.uniform([west, south], [east, north], (600, 2))
            points = np.concatenate([points, more[shapely.contains_xy(part, more)]])
        found.append(points)
    return found


def extremes_km(points: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, ...]:
    """The least and the greatest distance of places from dense points."""
    count, size = len(lon), len(points)
    metres = GEOD.inv(
        np.repeat(lon, size), np.repeat(lat, size),
        np.tile(points[:, 0], count), np.tile(points[:, 1], count),
    )[2]  # fmt: skip
    matrix = np.asarray(metres).reshape(count, size) / 1000
    return matrix.min(axis=1), matrix.max(axis=1)


def gap_km(geometry: BaseGeometry) -> float:
    """No point of a part is farther than this from its dense points, along the boundary."""
    return max(0.5 * max(p.length / 800, 1e-4) * 112 for p in shapely.get_parts(geometry)) + 0.001


def assert_canonical(polygon: BaseGeometry) -> None:
    assert polygon.is_valid, shapely.is_valid_reason(polygon)
    assert (np.abs(polygon.bounds) <= [180, 90, 180, 90]).all()
    for part in shapely.get_parts(polygon):
        assert part.geom_type == "Polygon"
        assert shapely.is_ccw(part.exterior)
        assert not any(shapely.is_ccw(hole) for hole in part.interiors)
        assert all(shapely.Polygon(hole).area > 1e-10 for hole in part.interiors), "a pinhole"
        for ring in (part.exterior, *part.interiors):
            steps = np.abs(np.diff(shapely.get_coordinates(ring), axis=0)).max(axis=1)
            assert steps.min() > 0, "a vertex stands twice"


def boundary_samples(polygon: BaseGeometry) -> np.ndarray:
    """Points along all edges, but not along +-180 and +-90; drawn plain, and in Web Mercator."""
    found = [np.empty((0, 2))]
    for ring in shapely.get_rings(shapely.get_parts(polygon)):
        xy = shapely.get_coordinates(ring)
        start, end = xy[:-1], xy[1:]
        seam = (np.abs(start[:, 0]) == 180) & (start[:, 0] == end[:, 0])
        seam |= (np.abs(start[:, 1]) == 90) & (start[:, 1] == end[:, 1])
        start, end = start[~seam], end[~seam]
        found += [start + (end - start) * share for share in (0.0, 0.21, 0.5, 0.83)]
        low, high = (np.arcsinh(np.tan(np.radians(lat))) for lat in (start[:, 1], end[:, 1]))
        for share in (0.21, 0.5, 0.83):
            lon = start[:, 0] + (end[:, 0] - start[:, 0]) * share
            lat = np.degrees(np.arctan(np.sinh(low + (high - low) * share)))
            shown = np.abs(lat) < 85.05
            found.append(np.column_stack([lon, lat])[shown])
    return np.concatenate(found)


@given(territories(), radii, st.sampled_from([100.0, 100.0, 20.0, 2_000.0]))
@example(shapely.Point(180, 0), 500.0, 100.0)
@example(shapely.MultiPoint([(0, 90), (0, -90)]), 9_000.0, 100.0)
@example(shapely.box(-180, -90, 180, -60), 500.0, 100.0)
@example(shapely.box(-180, -10, 180, 10), 5_500.0, 100.0)
@example(shapely.box(170, -20, 190, 20), 12_000.0, 100.0)
@example(shapely.box(-180, -90, 180, 90), 500.0, 100.0)
@example(shapely.box(0, 10, 5, 15), 11_137.0, 100.0)
def test_buffer_is_right_everywhere(territory: BaseGeometry, km: float, tolerance: float) -> None:
    area = buffer(territory, km, tolerance)
    assert_canonical(area)
    rng = np.random.default_rng(11)
    dense = np.concatenate(inside_points(territory, rng))
    off_km, gap = tolerance / 1000, gap_km(territory)
    samples = boundary_samples(area)
    samples = samples[rng.permutation(len(samples))[:40]]
    if len(samples):
        near, _ = extremes_km(dense, *samples.T)
        assert near.min() >= km - off_km - 1e-6
        assert near.max() <= km + off_km + gap
    # A wrong topology can have a right boundary: ask places everywhere.
    lon, lat = rng.uniform(-180, 180, 30), np.degrees(np.arcsin(rng.uniform(-1, 1, 30)))
    near, _ = extremes_km(dense, lon, lat)
    held = shapely.intersects_xy(territory, lon, lat)
    near[held | shapely.intersects_xy(territory, lon + 360, lat)] = 0
    sure = (near < km - off_km) | (near > km + off_km + gap)
    assert (shapely.intersects_xy(area, lon, lat) == (near <= km))[sure].all()
    exact = territory_distance_km(territory, lon, lat)
    assert (exact <= near + 1e-6).all()
    assert (exact >= near - gap).all()


@given(territories(), radii, st.sampled_from([100.0, 1_000.0]))
def test_certificate_holds(territory: BaseGeometry, km: float, tolerance: float) -> None:
    certificate = certify(territory, buffer(territory, km, tolerance), km, tolerance)
    assert certificate.holds, certificate


@given(territories(), radii, radii, st.sampled_from(["any", "all"]))
@example(shapely.box(-10, -10, 10, 10), 1_500.0, 19_900.0, "all")
@example(shapely.box(-10, -10, 10, 10), 1_000.0, 1_200.0, "any")
@example(shapely.MultiPoint([(179.9, 0), (-179.9, 0), (0, 0)]), 100.0, 600.0, "any")
@example(shapely.Point(0, 0).buffer(2), 500.0, 19_940.0, "all")
def test_band_is_right_everywhere(
    territory: BaseGeometry, one: float, other: float, mode: str
) -> None:
    low, high = min(one, other), max(one, other)
    assume(high - low > 1)
    band = territory_band(territory, low, high, mode=mode)  # type: ignore[arg-type]
    if not band.is_empty:
        assert_canonical(band)
    rng = np.random.default_rng(13)
    dense = inside_points(territory, rng)
    lon, lat = rng.uniform(-180, 180, 30), np.degrees(np.arcsin(rng.uniform(-1, 1, 30)))
    both = [extremes_km(points, lon, lat) for points in dense]
    near, far = (np.array(column) for column in zip(*both, strict=True))
    # Points inside stand some km apart: leave out what is nearer to a limit than that.
    wide = 0.1 + gap_km(territory)
    for index, part in enumerate(shapely.get_parts(territory)):
        inside = shapely.intersects_xy(part, lon, lat)
        near[index, inside | shapely.intersects_xy(part, lon + 360, lat)] = 0
        if part.geom_type == "Polygon":
            antipode = (lon % 360) - 180
            held = shapely.intersects_xy(part, antipode, -lat)
            held |= shapely.intersects_xy(part, antipode + 360, -lat)
            far[index, held] = 20_003.9
    if mode == "all":
        near, far = near.min(axis=0, keepdims=True), far.max(axis=0, keepdims=True)
        wanted = (near >= low) & (far <= high)
        unsure = (np.abs(near - low) < wide) | (np.abs(far - high) < wide)
    else:
        wanted = (near <= high) & (far >= low)
        unsure = (np.abs(near - high) < wide) | (np.abs(far - low) < wide)
    sure = ~unsure.any(axis=0)
    assert (shapely.intersects_xy(band, lon, lat) == wanted.any(axis=0))[sure].all()


@pytest.fixture(scope="module")
def countries() -> dict[str, BaseGeometry]:
    frame = read_countries()
    keys = [code or name for code, name in zip(frame["iso_a3"], frame["name"], strict=True)]
    return dict(zip(keys, frame.geometry, strict=True))


@pytest.mark.parametrize("km", [500, 5_500])
@pytest.mark.parametrize("code", SAMPLE)
def test_country_is_certified(countries: dict[str, BaseGeometry], code: str, km: int) -> None:
    area = buffer(countries[code], km)
    assert_canonical(area)
    certificate = certify(countries[code], area, km)
    assert certificate.holds, certificate


@pytest.mark.slow
@pytest.mark.parametrize("km", [500, 5_500])
def test_all_countries_are_certified(countries: dict[str, BaseGeometry], km: int) -> None:
    assert len(countries) > 230
    for name, shape in countries.items():
        area = buffer(shape, km)
        assert_canonical(area)
        assert certify(shape, area, km).holds, name
