"""How buffers are put together and judged, step by step, against geodesics."""

import numpy as np
import numpy.typing as npt
import pytest
import shapely
from pyproj import Geod
from shapely import Polygon

from rangemap.geodesy import area_km2, ring_polygon
from rangemap.geodesy._bending import bending
from rangemap.geodesy._boundary import boundary_edges
from rangemap.geodesy._envelope import loops
from rangemap.geodesy._halving import halved
from rangemap.geodesy._inspection import SPACING, Faults, inspect
from rangemap.geodesy._level import formula_at
from rangemap.geodesy._loops import Labels
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._sectors import Spacing

GEOD = Geod(ellps="WGS84")
Array = npt.NDArray[np.float64]


# -- inspection ----------------------------------------------------------------------------------


def drawn(edges: Array, *, mercator: bool, parts: int = 60) -> Array:
    """Many points along edges, straight in longitude and latitude or in Web Mercator."""
    share = (np.arange(parts) + 0.5)[:, None] / parts
    lon = edges[:, 0] + (edges[:, 2] - edges[:, 0]) * share
    if not mercator:
        return np.stack([lon, edges[:, 1] + (edges[:, 3] - edges[:, 1]) * share])
    low, high = (np.arcsinh(np.tan(np.radians(edges[:, column]))) for column in (1, 3))
    return np.stack([lon, np.degrees(np.arctan(np.sinh(low + (high - low) * share)))])


def metres_from(site: tuple[float, float], points: Array) -> Array:
    lon, lat = points[0].ravel(), points[1].ravel()
    return GEOD.inv(lon, lat, np.full(lon.size, site[0]), np.full(lon.size, site[1]))[2]


def polygon_round(site: tuple[float, float], metres: float, corners: int, turn: float) -> Array:
    """Edges of a polygon whose corners are so far from a site, counter-clockwise."""
    azimuth = turn - np.arange(corners) * 360 / corners
    lon, lat, _ = GEOD.fwd(
        np.full(corners, site[0]), np.full(corners, site[1]), azimuth, np.full(corners, metres)
    )
    xy = np.column_stack([lon, lat])
    return np.concatenate([xy, np.roll(xy, -1, axis=0)], axis=1)


def inspected(edges: Array, site: tuple[float, float], radius_m: float, tol: float) -> Faults:
    def ask(lon: Array, lat: Array, _owner: object, slack: Array) -> npt.NDArray[np.intp]:
        near = metres_from(site, np.stack([lon, lat])) < radius_m - slack
        return np.where(near, 0, -1)

    owner = np.zeros(len(edges), dtype=np.intp)
    return inspect(edges, owner, ask, float(bending(radius_m)), tol)


Case = tuple[tuple[float, float], float, Array]


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Single edges about as long as the tolerance allows, their ends on the ring or within it."""
    rng = np.random.default_rng(8)
    found: list[Case] = []
    while len(found) < 1_500:
        site = (float(rng.uniform(-60, 60)), float(rng.uniform(-72, 72)))
        radius = float(10 ** rng.uniform(5.3, 6.75))
        corners = int(np.pi / np.arccos(1 - rng.uniform(5, 160) / radius))
        less = float(rng.choice([0, 0, 5, 20, 50, 64, 85]))
        edges = polygon_round(site, radius - less, corners, float(rng.uniform(0, 360)))
        some = edges[rng.integers(0, len(edges), 5)]
        near = np.abs(some[:, 0] - some[:, 2]) < 60
        some = some[near & (np.abs(some[:, 1::2]).max(axis=1) < 84)]
        found += [(site, radius, edge[None]) for edge in some]
    return found


def test_what_passes_inspection_is_right_in_both_drawings(cases: list[Case]) -> None:
    passed = only_plain = wrong = 0
    for site, radius, edge in cases:
        found = inspected(edge, site, radius, 100.0)
        plain, mercator = (
            metres_from(site, drawn(edge, mercator=kind)).min() - radius for kind in (False, True)
        )
        assert found.proven.all() == (not len(found.owner) and not len(found.bowed))
        if found.proven.all():
            passed += 1
            assert min(plain, mercator) >= -100 * (1 - SPACING), (site, radius, edge.tolist())
        elif not len(found.owner):
            only_plain += 1
            assert mercator < plain
        if min(plain, mercator) < -84:
            wrong += 1
            assert not found.proven.all()
        if min(plain, mercator) >= -15:
            assert found.proven.all(), (site, radius, edge.tolist())
    assert passed > 300
    assert only_plain > 10
    assert wrong > 200


def test_a_bowed_edge_is_right_once_halved(cases: list[Case]) -> None:
    mended = 0
    for site, radius, edge in cases:
        found = inspected(edge, site, radius, 100.0)
        if len(found.owner) or not len(found.bowed):
            continue
        corner = [site[0], site[1] + 0.1]
        area = shapely.orient_polygons(Polygon([edge[0, :2], edge[0, 2:], corner]))
        for _ in range(6):
            edges = boundary_edges(area)[0]
            edges = edges[~(edges.reshape(-1, 2, 2) == corner).all(axis=2).any(axis=1)]
            found = inspected(edges, site, radius, 100.0)
            if found.proven.all():
                mended += 1
                break
            if len(found.owner):  # between the places asked it was a little lower
                break
            area = halved(area, found.bowed)
    assert mended > 10


def test_faults_say_where_and_which_edges_are_proven() -> None:
    site, radius = (10.0, 50.0), 1_000_000.0
    edges = polygon_round(site, radius, 400, 3.0)
    low = edges.copy()
    inner = polygon_round(site, radius - 200, 400, 3.0)
    low[7, 2:] = low[8, :2] = inner[8, :2]
    found = inspected(low, site, radius, 100.0)
    assert set(found.edge.tolist()) <= {7, 8}
    assert np.flatnonzero(~found.proven).tolist() == [7, 8]
    start, end = low[found.edge, :2], low[found.edge, 2:]
    places = start + (end - start) * found.share[:, None]
    assert np.allclose(places, np.column_stack([found.lon, found.lat]), atol=1e-9)


# -- loops ---------------------------------------------------------------------------------------


def traced(sources: Array, radius_m: float, labels: list[int], places: Array) -> Polygon | None:
    """The area within one loop, from labelled places."""
    found = loops(
        Labels(np.zeros(len(labels), dtype=np.intp), np.array(labels), unit_vectors(*places.T)),
        1,
        unit_vectors(*sources.T),
        formula_at(radius_m),
        Spacing(radius_m, float(bending(radius_m)), 50.0),
    )
    return Polygon(found.coordinates) if found.good[0] else None


def around(sources: Array, radius_m: float, count: int = 60) -> tuple[list[int], Array]:
    """Places round sources, a tenth within the union of their discs, and the nearest of each."""
    centre = sources.mean(axis=0)
    azimuth = -np.arange(count) * 360 / count
    lon, lat, _ = GEOD.fwd(
        np.full(count, centre[0]), np.full(count, centre[1]), azimuth, np.full(count, radius_m)
    )
    metres = np.stack([
        GEOD.inv(lon, lat, np.full(count, x), np.full(count, y))[2] for x, y in sources
    ])  # fmt: skip
    return metres.argmin(axis=0).tolist(), np.column_stack([lon, lat])


@pytest.mark.parametrize("radius_m", [30_000.0, 500_000.0, 3_000_000.0])
def test_a_loop_is_the_boundary_of_the_union(radius_m: float) -> None:
    scale = radius_m / 500_000
    sources = np.array([[0.0, 40.0], [1.0, 40.5], [2.0, 39.8], [1.1, 39.0]])
    sources = sources.mean(axis=0) + (sources - sources.mean(axis=0)) * scale
    labels, places = around(sources, radius_m)
    area = traced(sources, radius_m, labels, places)
    assert area is not None
    assert area.is_valid
    discs = shapely.union_all([ring_polygon(x, y, radius_m / 1000, 5) for x, y in sources])
    apart = area_km2(shapely.symmetric_difference(area, discs))
    assert apart < 0.055 * 2 * np.pi * radius_m / 1000
    # Kinks lie on two rings, to the millimetre or so.
    corners = shapely.get_coordinates(area)
    off = np.stack([metres_from((x, y), corners.T) for x, y in sources]).min(axis=0) - radius_m
    assert np.abs(off).max() < 0.05


def test_hidden_sources_are_left_out() -> None:
    sources = np.array([[0.0, 40.0], [2.0, 40.0], [2.0, 41.5], [0.0, 41.5], [1.0, 40.7], [0.9, 41]])
    labels, places = around(sources, 500_000.0)
    assert set(labels) == {0, 1, 2, 3}
    plain = traced(sources, 500_000.0, labels, places)
    assert plain is not None
    # The last two lie within: no place is nearest to them. Label some so all the same.
    wrong = labels.copy()
    turns = [i for i in range(len(labels) - 1) if labels[i] != labels[i + 1]]
    for number, turn in enumerate(turns):
        wrong[turn] = 4
        if number % 2:
            wrong[turn + 1] = 5
    again = traced(sources, 500_000.0, wrong, places)
    assert again is not None
    assert again.is_valid
    assert area_km2(shapely.symmetric_difference(plain, again)) < 1e-3
    assert len(turns) >= 3


def test_loops_that_cannot_be_had_are_told() -> None:
    one = np.array([[0.0, 40.0]])
    labels, places = around(one, 500_000.0)
    assert traced(one, 500_000.0, labels, places) is None
    across = np.array([[179.0, 40.0], [180.0, 41.0]])
    labels, places = around(across, 500_000.0)
    places[:, 0] = (places[:, 0] + 180) % 360 - 180
    assert traced(across, 500_000.0, labels, places) is None
    polar = np.array([[0.0, 82.0], [3.0, 82.5]])
    labels, places = around(polar, 500_000.0)
    assert traced(polar, 500_000.0, labels, places) is None


def test_loops_are_the_same_from_their_own_labels() -> None:
    radius = 500_000.0
    clusters = [
        np.array([[0.0, 40.0], [1.0, 40.5], [2.0, 39.8], [1.1, 39.0]]),
        np.array([[60.0, -10.0], [61.0, -10.4], [62.5, -9.0], [60.5, -8.0], [61.7, -8.2]]),
    ]
    sources = unit_vectors(*np.concatenate(clusters).T)
    both = [around(cluster, radius) for cluster in clusters]
    labels = Labels(
        np.repeat([0, 1], [len(labels) for labels, _ in both]),
        np.concatenate([both[0][0], np.array(both[1][0]) + len(clusters[0])]),
        np.concatenate([unit_vectors(*places.T) for _, places in both]),
    )
    formula, nothing = formula_at(radius), np.empty(0, dtype=np.intp)
    for tolerance in (50.0, 1_000.0, 300_000.0):  # arcs of many edges, of few, and of one
        spacing = Spacing(radius, float(bending(radius)), tolerance)
        found = loops(labels, 2, sources, formula, spacing)
        assert found.good.all()
        again = loops(found.relabelled(nothing, np.empty(0), nothing), 2, sources, formula, spacing)
        assert again.good.all()
        for number in range(2):
            one, other = (
                Polygon(which.coordinates[which.loop == number]) for which in (found, again)
            )
            assert one.is_valid
            assert one.normalize().equals_exact(other.normalize(), 1e-9)
    assert found.bare.sum() >= 8
    # A label more, for a source that is hidden, changes nothing either.
    vertex = np.array([2])
    more = found.relabelled(vertex, np.array([0.5]), np.array([int(found.source[2])]))
    assert loops(more, 2, sources, formula, spacing).good.all()
