"""Territories: what is accepted and refused, and that the certificate refuses wrong buffers."""

import dataclasses

import numpy as np
import pytest
import shapely
from shapely import (
    GeometryCollection,
    LineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
)

from rangemap.errors import ArgumentError
from rangemap.geodesy import (
    area_km2,
    band_polygon,
    buffer,
    certify,
    distance_km,
    ring_polygon,
    territory_band,
    territory_distance_km,
)

ISLANDS = MultiPolygon([box(178, -19, 180, -16), box(-180, -19, -179, -16)])
ISLANDS_360 = box(178, -19, 181, -16)
SQUARE = box(10, 40, 14, 44)


# -- what is accepted ----------------------------------------------------------------------------


def test_a_point_is_a_ring() -> None:
    assert buffer(Point(37.62, 55.75), 5_500).equals_exact(ring_polygon(37.62, 55.75, 5_500), 0)


def test_longitudes_up_to_360_mean_the_same() -> None:
    cut, whole = buffer(ISLANDS, 800), buffer(ISLANDS_360, 800)
    assert area_km2(shapely.symmetric_difference(cut, whole)) < 0.2 * 6_000
    assert buffer(shapely.transform(SQUARE, lambda xy: xy + np.array([180.0, 0.0])), 300).is_valid


def test_heights_are_ignored() -> None:
    assert buffer(shapely.force_3d(SQUARE, 9_000), 300).equals(buffer(SQUARE, 300))


def test_collections_unite_their_parts() -> None:
    spot, line = Point(60, 10), LineString([(0, 0), (5, 5)])
    nested = GeometryCollection([GeometryCollection([SQUARE, spot]), line, Point()])
    apart = shapely.union_all([buffer(part, 400) for part in (SQUARE, spot, line)])
    assert area_km2(shapely.symmetric_difference(buffer(nested, 400), apart)) < 400 * 0.2 * 40
    assert certify(nested, buffer(nested, 400), 400).holds


def test_the_seam_is_no_boundary() -> None:
    area = buffer(ISLANDS, 100)
    on_seam = shapely.intersects_xy(area, [180, -180, 180], [-17.5, -17.5, -20.5])
    assert on_seam.tolist() == [True, True, False]
    assert certify(ISLANDS, area, 100).holds


def test_an_edge_on_the_antimeridian_counts_where_one_side_is_empty() -> None:
    coast = box(170, 0, 180, 10)
    area = buffer(coast, 500)
    assert area.geom_type == "MultiPolygon"
    assert shapely.intersects_xy(area, -176.0, 5.0)
    assert territory_distance_km(coast, -176, 0) == pytest.approx(
        distance_km(180, 0, -176, 0), abs=1e-6
    )


def test_a_territory_that_holds_a_pole() -> None:
    cap = box(-180, -90, 180, -70)
    area = buffer(cap, 500)
    assert shapely.covers(area, cap)
    assert certify(cap, area, 500).holds
    assert territory_distance_km(cap, [0, 77, 180], [-90, -89.9, -70]).tolist() == [0, 0, 0]


def test_what_folds_up_at_the_antimeridian_still_belongs() -> None:
    near = 5e-10
    slit = [(179.5, 1), (180 - near, 2), (180 - near, 2.2), (179.5, 3)]
    for shape in (
        box(180 - near, 0, 180, 1),
        Polygon([(179, 0), (180, 0), (180, 5), (179, 5)], [slit]),
        box(10, 90 - near, 20, 90),
    ):
        assert certify(shape, buffer(shape, 100), 100).holds, shape


def test_a_hole_wider_than_the_radius_stays() -> None:
    around = box(0, 0, 20, 20).difference(box(4, 4, 16, 16))
    assert len(buffer(around, 300).interiors) == 1
    assert len(buffer(around, 900).interiors) == 0


def test_an_interior_wider_than_the_radius_is_filled() -> None:
    assert not buffer(box(0, 0, 30, 30), 50).interiors
    across = MultiPolygon([box(160, 0, 180, 30), box(-180, 0, -160, 30)])
    assert all(not part.interiors for part in buffer(across, 50).geoms)


def test_beyond_a_hemisphere_a_hole_is_left_at_the_antipode() -> None:
    area = buffer(SQUARE, 19_000)
    assert not shapely.intersects_xy(area, -168.0, -42.0)
    assert area_km2(area) > 5e8
    assert certify(SQUARE, area, 19_000).holds


def test_the_whole_world() -> None:
    everywhere = MultiPoint([(lon, lat) for lon in range(-180, 180, 30) for lat in (-60, 0, 60)])
    area = buffer(everywhere, 5_000)
    assert area_km2(area) == pytest.approx(510_065_621.7, rel=1e-9)
    certificate = certify(everywhere, area, 5_000)
    assert certificate.holds
    assert certificate.samples == 0


@pytest.mark.parametrize("km", [0.001, 0.5, 20])
def test_small_radii(km: float) -> None:
    shape = box(0, 0, 0.0002, 0.0001 * km) if km < 1 else box(0, 0, 1, 1)
    assert certify(shape, buffer(shape, km), km).holds


@pytest.mark.parametrize("tolerance", [1, 30, 10_000])
def test_tolerances(tolerance: float) -> None:
    assert certify(SQUARE, buffer(SQUARE, 90, tolerance), 90, tolerance).holds


def test_an_edge_from_pole_to_pole_along_the_seam_is_a_seam() -> None:
    # One side of the antimeridian is a single edge, the other has vertices on it.
    ends = [(180, -90), (180, 12), (180, 22), (180, 90), (-180, 90), (-180, -90)]
    world = Polygon(ends, [box(0, 0, 40, 40).exterior.coords])
    for area in (buffer(world, 1_000), buffer(box(175, 10, 180, 22), 12_547.96)):
        seam = [(x, y) for x, y in shapely.get_coordinates(area) if abs(x) == 180]
        assert shapely.intersects_xy(area, [-180, 180], [-70, -70]).all(), seam
    assert certify(world, buffer(world, 1_000), 1_000).holds


def test_results_are_the_same_each_time() -> None:
    assert shapely.to_wkb(buffer(ISLANDS, 777)) == shapely.to_wkb(buffer(ISLANDS, 777))


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("geometry", "words"),
    [
        ("POINT (1 2)", "a territory is a shapely geometry, not str"),
        (None, "not NoneType"),
        (Polygon(), "the territory is empty"),
        (GeometryCollection([Point(), LineString()]), "the territory is empty"),
        (MultiPoint([(0, 0), (0, 95)]), r"latitude 95 in part 1 .*\[-90, 90\]"),
        (LineString([(0, 0), (361, 0)]), r"longitude 361 in part 0 .*\[-180, 360\]"),
        (LineString([(0, 0), (np.inf, 0)]), "longitude inf in part 0 .* is not a finite number"),
        (
            GeometryCollection([Point(0, 0), Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])]),
            "part 1 of the territory is not valid: Self-intersection",
        ),
        (box(-179, -17, 179, -16), "an edge of 358 degrees .* cut it at the antimeridian"),
        (LineString([(-179, 0), (0, 10), (200, 0)]), "part 0 .* wider than 360|edge of 200"),
    ],
)
def test_refused(geometry: object, words: str) -> None:
    for use in (
        lambda: buffer(geometry, 500),  # type: ignore[arg-type]
        lambda: territory_band(geometry, 100, 500),  # type: ignore[arg-type]
        lambda: territory_distance_km(geometry, 0, 0),  # type: ignore[arg-type]
        lambda: certify(geometry, SQUARE, 500),  # type: ignore[arg-type]
    ):
        with pytest.raises(ArgumentError, match=words):
            use()


def test_nan_is_refused() -> None:
    with np.errstate(invalid="ignore"):
        broken = LineString([(0, 0), (1, np.nan)])
    with pytest.raises(ArgumentError, match="latitude nan in part 0"):
        buffer(broken, 500)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: buffer(SQUARE, 0), "distance 0 km"),
        (lambda: buffer(SQUARE, 20_000), "distance 20,000 km"),
        (lambda: buffer(SQUARE, [1, 2]), "distance is one number here"),
        (lambda: buffer(SQUARE, 500, 0.5), "tolerance 0.5 m"),
        (lambda: territory_band(SQUARE, 500, 500), "not less than"),
        (lambda: territory_band(SQUARE, 1, 5, mode="some"), "mode 'some'"),
        (lambda: territory_distance_km(SQUARE, 0, 91), "latitude 91"),
        (lambda: certify(SQUARE, Point(0, 0), 500), "not Point"),
        (lambda: certify(SQUARE, SQUARE, [1, 2]), "distance is one number here"),
        (lambda: certify(SQUARE, SQUARE, np.array([5])), "distance is one number here"),
        (lambda: buffer(SQUARE, 500, [50]), "tolerance must be one number"),
    ],
)
def test_numbers_are_refused(call: object, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        call()  # type: ignore[operator]


# -- distances -----------------------------------------------------------------------------------


def test_distance_of_places() -> None:
    lon, lat = np.array([[12.0, 20.0], [10.0, -170.0]]), np.array([[42.0, 42.0], [30.0, -42.0]])
    found = territory_distance_km(SQUARE, lon, lat)
    assert found.shape == (2, 2)
    assert found[0, 0] == 0
    dense = shapely.get_coordinates(shapely.segmentize(SQUARE, 0.0005))
    for place in ((0, 1), (1, 0), (1, 1)):
        brute = distance_km(lon[place], lat[place], dense[:, 0], dense[:, 1]).min()
        assert brute - 1e-4 < found[place] <= brute + 1e-9
    assert isinstance(territory_distance_km(SQUARE, 0, 0), float)
    assert territory_distance_km(SQUARE, [], []).shape == (0,)


def test_distance_is_to_the_straight_edge_and_not_to_its_ends() -> None:
    parallel = LineString([(-60, 60), (60, 60)])
    assert territory_distance_km(parallel, 0, 62) == pytest.approx(
        distance_km(0, 60, 0, 62), abs=2e-6
    )


# -- bands ---------------------------------------------------------------------------------------


def test_band_of_a_point_is_its_band() -> None:
    for mode in ("any", "all"):
        area = territory_band(Point(5, 50), 500, 2_000, mode=mode)
        exact = band_polygon(5, 50, 500, 2_000)
        assert area_km2(shapely.symmetric_difference(area, exact)) < 0.2 * 17_000


def test_from_anywhere_in_a_wide_territory_nothing_is_too_near() -> None:
    wide = box(0, 0, 20, 20)
    assert territory_band(wide, 500, 1_000).covers(Point(10, 10))
    assert not territory_band(box(0, 0, 1, 1), 500, 1_000).covers(Point(0.5, 0.5))


def test_from_everywhere_there_may_be_no_place() -> None:
    for low in (0, 100):
        none = territory_band(box(0, 0, 60, 20), low, 1_000, mode="all")
        assert none.is_empty
        assert none.geom_type == "Polygon"


def test_parts_that_meet_at_the_antimeridian_act_as_one() -> None:
    halves = MultiPolygon([box(174, -3, 180, 3), box(-180, -3, -174, 3)])
    whole = box(174, -3, 186, 3)
    for low, high in ((500, 900), (650, 700), (1_300, 2_000)):
        cut, uncut = (territory_band(shape, low, high) for shape in (halves, whole))
        assert area_km2(shapely.symmetric_difference(cut, uncut)) < 0.2 * 30_000
        moved = territory_band(box(-6, -3, 6, 3), low, high)
        assert area_km2(cut) == pytest.approx(area_km2(moved), rel=1e-4)


def test_a_territory_that_holds_the_antipode_is_not_all_within() -> None:
    # Its rim is 19,781 km from its antipode, but its middle 20,004 km.
    area = territory_band(Point(0, 0).buffer(2), 500, 19_900, mode="all")
    assert not shapely.intersects_xy(area, [180, -179, 180], [0, 0.5, -1]).any()
    assert shapely.intersects_xy(area, 170, 0)


# -- the certificate -----------------------------------------------------------------------------

TOGETHER = MultiPolygon([SQUARE, box(30, 40, 31, 41)])
EASTERN = box(90, 40, 94, 44)
AROUND = box(0, 0, 20, 20).difference(box(3, 3, 17, 17))


def test_certificate_says_what_it_measured() -> None:
    certificate = certify(TOGETHER, buffer(TOGETHER, 500), 500)
    assert certificate.holds
    assert certificate.territory_covered
    assert certificate.nothing_extra
    assert certificate.boundary_kept
    assert certificate.samples > 200
    assert -100 <= certificate.least_m <= certificate.sampled_least_m
    assert certificate.sampled_greatest_m <= certificate.greatest_m <= 100
    with pytest.raises(dataclasses.FrozenInstanceError):
        certificate.samples = 0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("territory", "wrong", "km"),
    [
        (TOGETHER, buffer(SQUARE, 500), 500),
        (TOGETHER, buffer(TOGETHER, 499.8), 500),
        (TOGETHER, buffer(TOGETHER, 500.2), 500),
        (TOGETHER, shapely.union(buffer(TOGETHER, 500), box(80, 0, 81, 1)), 500),
        (TOGETHER, buffer(TOGETHER, 500).difference(Point(12, 42).buffer(0.5)), 500),
        (TOGETHER, buffer(TOGETHER, 500).difference(Point(17, 42).buffer(0.01)), 500),
        (AROUND, Polygon(buffer(AROUND, 300).exterior), 300),
        (EASTERN, Polygon(buffer(EASTERN, 18_000).exterior), 18_000),
        (SQUARE, box(-180, -90, 180, 90).difference(buffer(SQUARE, 500)), 500),
        (ISLANDS, buffer(ISLANDS.geoms[0], 500), 500),
        (ISLANDS, max(buffer(ISLANDS, 500).geoms, key=lambda part: part.area), 500),
        (SQUARE, SQUARE.buffer(4.5), 500),
        (SQUARE, shapely.simplify(buffer(SQUARE, 500), 0.01), 500),
        (SQUARE, Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), 500),
        (SQUARE, box(-190, 30, 20, 60), 500),
        (SQUARE, Polygon(), 500),
    ],
    ids=[
        "a part left out", "too small", "too large", "a part too many", "a hole in the territory",
        "a pinhole", "a hole filled", "the antipode filled", "inverted", "one half only",
        "cut off at the seam", "flat", "coarse", "not valid", "off the globe", "empty",
    ],
)  # fmt: skip
def test_certificate_refuses(territory: Polygon, wrong: Polygon, km: float) -> None:
    assert not certify(territory, wrong, km).holds


def test_a_tiny_hole_filled_is_extra() -> None:
    # Three sites leave a hole whose middle is 2 km too far from all: the boundary alone is right.
    sites = MultiPoint([(0, 8.0), (-6.95, -4.0), (6.95, -4.0)])
    whole = buffer(sites, 882)
    assert len(whole.interiors) == 1
    filled = Polygon(whole.exterior)
    certificate = certify(sites, filled, 882)
    assert certificate.boundary_kept
    assert certificate.territory_covered
    assert not certificate.nothing_extra
    assert certify(sites, whole, 882).holds


@pytest.mark.parametrize(("km", "what"), [(0.1, "100,000"), (0.001, "5,000,000")])
def test_a_distance_too_small_for_its_boundary_is_refused(km: float, what: str) -> None:
    with pytest.raises(ArgumentError, match=what):
        buffer(shapely.LineString([(0, 10), (170, 10)]), km)
