"""Many territories side by side, and the steps by which a buffer is made."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely import LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _drawn, area_km2, buffer, buffers, certify
from rangemap.geodesy._bending import split_edges
from rangemap.geodesy._edge_set import EdgeSet
from rangemap.geodesy._halving import halved
from rangemap.geodesy._level import LevelIndex, formula_at
from rangemap.geodesy._nearest import unit_vectors

GEOD = Geod(ellps="WGS84")
SQUARE = box(10, 40, 14, 44)
TERRITORIES = [
    SQUARE,
    Point(5, 50),
    MultiPolygon([box(178, -19, 180, -16), box(-180, -19, -179, -16)]),
    LineString([(0, 0), (30, 20), (40, -10)]),
    box(-180, -90, 180, -70),
    MultiPoint([(0, 8), (-6.95, -4), (6.95, -4)]),
    SQUARE,
    box(170, 50, 190, 60),
]


# -- side by side --------------------------------------------------------------------------------


@pytest.mark.parametrize("km", [120, 900, 5_500, 12_000, 18_000])
def test_side_by_side_is_as_one_by_one(km: float) -> None:
    together = buffers(TERRITORIES, km)
    assert together.shape == (len(TERRITORIES),)
    for territory, area in zip(TERRITORIES, together, strict=True):
        alone = buffer(territory, km)
        assert area.is_valid
        apart = shapely.symmetric_difference(area, alone)
        assert area_km2(apart) < 1e-3 * area_km2(area) ** 0.5, territory
    assert together[0].equals_exact(together[6], 1e-8)


def test_each_with_a_distance_of_its_own() -> None:
    km = [500, 700, 500, 300.5, 2_000, 882, 700, 500]
    for territory, one, area in zip(TERRITORIES, km, buffers(TERRITORIES, km), strict=True):
        assert area.equals_exact(buffer(territory, one), 1e-8)


def test_series_and_nothing() -> None:
    series = gpd.GeoSeries(TERRITORIES[:2], crs=4326)
    assert buffers(series, 500)[0].equals_exact(buffer(SQUARE, 500), 1e-8)
    assert buffers([], 500).shape == (0,)


@pytest.mark.parametrize(
    ("geometries", "km", "words"),
    [
        ([SQUARE, None], 500, "a territory is a shapely geometry, not NoneType, at index 1"),
        ([SQUARE, Polygon()], 500, "territory 1 is empty"),
        ([SQUARE, MultiPoint([(0, 0), (0, 95)])], 500, "latitude 95 in part 1 of territory 1"),
        (
            [SQUARE, SQUARE, Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])],
            500,
            "part 0 of territory 2 is not valid: Self-intersection",
        ),
        ([SQUARE, box(-179, -17, 179, -16)], 500, "part 0 of territory 1 has an edge of 358"),
        ([SQUARE, SQUARE], [1, 2, 3], r"2 territories need one distance or 2, not .* \(3,\)"),
        ([SQUARE, SQUARE], [500, -1], "distance -1 km"),
        (SQUARE, 500, "territories are several geometries in a row, not Polygon"),
        (gpd.GeoSeries([SQUARE], crs=3857), 500, r"EPSG:3857 .*not EPSG:4326"),
    ],
)
def test_refused(geometries: list[BaseGeometry], km: object, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        buffers(geometries, km)  # type: ignore[arg-type]


def test_input_stays_as_it_was() -> None:
    given = [box(170, 0, 190, 10), SQUARE]
    before = shapely.to_wkb(given)
    buffers(given, 300)
    assert shapely.to_wkb(given).tolist() == before.tolist()


# -- both drawings -------------------------------------------------------------------------------


def without_needless_vertices(area: Polygon, metres: float) -> Polygon:
    """Leave out vertices that straight edges in longitude and latitude can do without."""
    kept: Polygon = shapely.simplify(area, metres / 111_000)
    return kept


def test_the_certificate_looks_at_web_mercator_too() -> None:
    north = box(10, 66, 14, 70)
    fine = buffer(north, 3_000, 2)
    coarse = without_needless_vertices(fine, 50)
    # Every vertex is within 2 m, and edges straight in longitude and latitude within 60 m;
    plain = certify(north, shapely.segmentize(coarse, 0.02), 3_000, 100)
    assert plain.holds
    # but straight in Web Mercator the same edges are farther off.
    both = certify(north, coarse, 3_000, 100)
    assert not both.holds
    assert both.valid
    assert both.territory_covered


def test_drawings_share_their_ends_and_are_as_far_apart_as_is_said() -> None:
    rng = np.random.default_rng(5)
    start = rng.uniform([-170, -84], [150, 84], (400, 2))
    ends = np.clip(start + rng.uniform(-8, 8, (400, 2)), [-180, -85], [180, 85])
    edges = np.concatenate([start, ends], axis=1)
    counts = np.full(len(edges), 9)
    plain, mercator = split_edges(edges, counts), _drawn.split(edges, counts)
    assert (plain[::9, :2] == mercator[::9, :2]).all()
    assert (plain[8::9, 2:] == mercator[8::9, 2:]).all()
    # The distance of each point of the one from the line of the other.
    fine = split_edges(edges, np.full(len(edges), 4_000)).reshape(len(edges), 4_000, 4)
    for number, allowed in enumerate(_drawn.apart_m(edges)):
        points = mercator[number * 9 + 1 : number * 9 + 9, :2]
        line = fine[number, :, :2]
        metres = GEOD.inv(
            *(np.repeat(c, len(line)) for c in points.T), *(np.tile(c, 8) for c in line.T)
        )[2].reshape(8, -1)
        half_a_step = GEOD.inv(*line[0], *line[1])[2] / 2
        assert metres.min(axis=1).max() <= np.hypot(allowed, half_a_step)
    y = np.degrees(np.arcsinh(np.tan(np.radians(mercator[:, 1::2]))))
    slope = (y[:, 1] - y[:, 0]) / (mercator[:, 2] - mercator[:, 0])
    assert np.ptp(slope.reshape(-1, 9), axis=1).max() < 1e-9 * np.abs(slope).max()


# -- the steps -----------------------------------------------------------------------------------


@pytest.mark.parametrize("km", [0.5, 30, 500, 2_350, 5_500, 9_000, 14_000, 17_000, 19_900])
def test_level_index_agrees_with_geodesics(km: float) -> None:
    rng = np.random.default_rng(int(km * 10))
    owner = np.sort(rng.integers(0, 5, 200))
    centres = rng.uniform([-180, -80], [180, 80], (5, 2))
    lon = (centres[owner, 0] + rng.uniform(-8, 8, 200) + 180) % 360 - 180
    lat = np.clip(centres[owner, 1] + rng.uniform(-8, 8, 200), -90, 90)
    index = LevelIndex(lon, lat, owner, km * 1000)
    asked = np.sort(rng.integers(0, 5, 3_000))
    near = np.array([rng.choice(np.flatnonzero(owner == one)) for one in asked])
    metres = np.abs(km * 1000 + rng.normal(0, 30, 3_000))
    place_lon, place_lat, _ = GEOD.fwd(lon[near], lat[near], rng.uniform(0, 360, 3_000), metres)
    limit = km * 1000 - rng.uniform(0, min(60, km * 100), 3_000)
    found = index.nearest(place_lon, place_lat, asked, limit)
    least = np.empty(3_000)
    for one in range(5):
        of, own = np.flatnonzero(asked == one), np.flatnonzero(owner == one)
        pairs = np.repeat(of, len(own)), np.tile(own, len(of))
        apart = GEOD.inv(place_lon[pairs[0]], place_lat[pairs[0]], lon[pairs[1]], lat[pairs[1]])[2]
        least[of] = apart.reshape(len(of), len(own)).min(axis=1)
    assert ((found >= 0) == (least < limit)).all()
    assert (owner[found[found >= 0]] == asked[found >= 0]).all()


@pytest.mark.parametrize(
    ("km", "metres"), [(50, 0.002), (500, 0.002), (5_500, 0.03), (16_000, 0.3)]
)
def test_the_formula_at_a_level_is_fitted_to_geodesics(km: float, metres: float) -> None:
    formula = formula_at(km * 1000.0)
    assert formula.error_m < metres
    rng = np.random.default_rng(3)
    lat, azimuth = rng.uniform(-90, 90, 5_000), rng.uniform(0, 360, 5_000)
    nought = np.zeros(5_000)
    lon_2, lat_2, _ = GEOD.fwd(nought, lat, azimuth, nought + km * 1000)
    excess, _ = formula.excess(unit_vectors(nought, lat), unit_vectors(lon_2, lat_2))
    assert np.abs(excess / formula.slope).max() < formula.error_m + 1e-6


def test_the_level_formula_keeps_its_bound_off_the_level() -> None:
    rng = np.random.default_rng(4)
    lat, azimuth, nought = (
        rng.uniform(-90, 90, 20_000),
        rng.uniform(0, 360, 20_000),
        np.zeros(20_000),
    )
    here = unit_vectors(nought, lat)
    for km in (2, 5, 50, 300, 1_000, 5_500, 9_990, 12_000, 15_000, 16_500, 16_900, 17_050, 19_900):
        formula = formula_at(km * 1000.0)
        for less in (-62.0, 0.0, 19.0, 63.0, 81.0, 810.0, 8_100.0):
            if less > 0.2 * km * 1000:
                continue
            metres = nought + (km * 1000 - less)
            lon_2, lat_2, _ = GEOD.fwd(nought, lat, azimuth, metres)
            value = formula.excess(here, unit_vectors(lon_2, lat_2))[0] + formula.needed
            needed, margin = formula.threshold(metres)
            assert (np.abs(value - needed) <= margin).all(), (km, less)


def test_halved_edges_leave_the_area_as_it_is() -> None:
    hole = box(11, 41, 12, 42)
    area = MultiPolygon([SQUARE.difference(hole), box(20, 0, 21, 1)])
    edges = np.array([[14.0, 40.0, 14.0, 44.0], [11.0, 42.0, 11.0, 41.0]])
    rings = shapely.get_rings(shapely.get_parts(area))
    along = {edge for ring in rings for edge in _edges(ring)}
    some = np.array([edge for edge in along if 14.0 in edge or 42.0 in edge])
    more = halved(area, some)
    assert more.equals(area)
    assert shapely.get_num_coordinates(more) == shapely.get_num_coordinates(area) + len(some)
    assert shapely.get_num_coordinates(halved(area, edges * 0)) == shapely.get_num_coordinates(area)


def _edges(ring: LineString) -> list[tuple[float, ...]]:
    xy = shapely.get_coordinates(ring)
    return [tuple(edge) for edge in np.concatenate([xy[:-1], xy[1:]], axis=1).tolist()]


def test_a_set_of_edges() -> None:
    rng = np.random.default_rng(1)
    edges, owner = rng.uniform(-180, 180, (500, 4)), np.sort(rng.integers(0, 9, 500))
    known = EdgeSet()
    assert not known.holds(edges, owner).any()
    known.add(edges[::2], owner[::2])
    known.add(edges[1::10], owner[1::10])
    held = known.holds(edges, owner)
    assert held.tolist() == [i % 2 == 0 or i % 10 == 1 for i in range(500)]
    assert not known.holds(edges, owner + 1).any()
    assert not known.holds(np.nextafter(edges, 360), owner).any()
