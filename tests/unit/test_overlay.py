"""Faces, shares and areas by hand, at seams and poles; what is refused."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import geopandas
import numpy as np
import pytest
import shapely
from pyproj import Geod

from rangemap.catalogue import read_countries
from rangemap.errors import ArgumentError
from rangemap.geodesy import (
    area_km2,
    area_shares,
    band_polygons,
    difference,
    footprint,
    intersection,
    overlap_counts,
    ring_polygon,
    symmetric_difference,
)

BOX = shapely.box(0, 0, 1, 1)
with np.errstate(invalid="ignore"):
    NOT_A_NUMBER = shapely.Polygon([(0, 0), (1, math.nan), (1, 1)])
BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


# -- Faces -------------------------------------------------------------------------------------


def test_three_boxes_by_hand() -> None:
    faces = overlap_counts(
        [shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2), shapely.box(3, 3, 5, 5)]
    )
    assert faces.member_indices() == ((0,), (2,), (0, 1), (0, 2))
    assert faces.count.tolist() == [1, 1, 2, 2]
    assert [face.area for face in faces.polygons] == [14.0, 3.0, 1.0, 1.0]
    assert len(faces.polygons[0].interiors) == 1


def test_a_face_across_the_antimeridian_is_one() -> None:
    ring = ring_polygon(179.9, -16, 500)
    faces = overlap_counts([ring])
    assert faces.count.tolist() == [1]
    assert faces.polygons[0].equals(ring)
    assert faces.polygons[0].geom_type == "MultiPolygon"


def test_two_rings_across_the_antimeridian_make_three_faces() -> None:
    faces = overlap_counts([ring_polygon(179.9, -16, 500), ring_polygon(-178, -16, 500)])
    assert faces.count.tolist() == [1, 1, 2]


def test_two_rings_over_the_pole_make_three_faces() -> None:
    faces = overlap_counts([ring_polygon(0, 80, 2_000), ring_polygon(180, 80, 2_000)])
    assert faces.count.tolist() == [1, 1, 2]
    assert faces.polygons[2].covers(shapely.Point(33, 90))


def test_the_world_is_one_face() -> None:
    world = shapely.box(-180, -90, 180, 90)
    faces = overlap_counts([world, world])
    assert faces.count.tolist() == [2]
    assert faces.polygons[0].equals(world)


def test_faces_that_meet_on_the_seam_but_differ_stay_apart() -> None:
    faces = overlap_counts([shapely.box(170, 0, 180, 10), shapely.box(-180, 0, -170, 10)])
    assert faces.member_indices() == ((0,), (1,))


def test_pieces_that_touch_the_seam_apart_are_not_joined() -> None:
    two = shapely.MultiPolygon([shapely.box(170, 0, 180, 5), shapely.box(-180, 5, -170, 10)])
    assert len(overlap_counts([two]).polygons) == 2


def test_a_hole_is_no_face() -> None:
    holed = shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 2, 2)
    faces = overlap_counts([holed])
    assert faces.count.tolist() == [1]
    assert faces.polygons[0].equals(holed)


def test_slivers_of_rounding_join_a_neighbour_and_nothing_is_lost() -> None:
    shifted = shapely.box(1, 0, 2, 1 + 3e-14)
    almost = shapely.Polygon([(0, 0), (1 + 2e-14, 0), (1 - 2e-14, 1), (0, 1)])
    polygons = [shapely.box(0, 0, 1, 1), shifted, almost]
    faces = overlap_counts(polygons)
    assert faces.member_indices() == ((1,), (0, 2))
    lost = shapely.symmetric_difference(footprint(polygons), footprint(faces.polygons))
    assert lost.area == 0


def test_a_sliver_by_itself_is_kept() -> None:
    alone = shapely.box(10, 10, 10 + 2e-14, 11)
    faces = overlap_counts([BOX, alone])
    assert faces.count.tolist() == [1, 1]


def test_thin_but_real_faces_are_kept() -> None:
    centimetre = shapely.box(0, 0, 1, 1 + 1e-7)
    assert overlap_counts([BOX, centimetre]).member_indices() == ((1,), (0, 1))


def test_nothing_covers_nothing() -> None:
    for nothing in ([], [shapely.Polygon()], np.array([], dtype=object)):
        faces = overlap_counts(nothing)
        assert faces.polygons.shape == faces.count.shape == faces.area_km2.shape == (0,)
        assert faces.members.shape == (0, len(nothing))
        assert faces.dissolve().shape == (0,)
        assert faces.member_indices() == ()


def test_an_empty_polygon_keeps_its_place() -> None:
    assert overlap_counts([shapely.Polygon(), BOX]).member_indices() == ((1,),)


def test_faces_cannot_be_changed() -> None:
    faces = overlap_counts([BOX])
    with pytest.raises(ValueError, match="read-only"):
        faces.count[0] = 5


def test_a_hundred_bands_are_quick() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(-180, 180, 100), np.degrees(np.arcsin(rng.uniform(-1, 1, 100)))
    bands = band_polygons(lon, lat, 500, 5_500, tolerance_m=1_000)
    start = time.perf_counter()
    faces = overlap_counts(bands)
    assert time.perf_counter() - start < 10  # about 0.3 s; a pairwise overlay takes minutes
    assert len(faces.count) > 5_000
    total = (faces.area_km2 * faces.count).sum()
    assert total == pytest.approx(area_km2(bands).sum(), rel=1e-9)


# -- Areas -------------------------------------------------------------------------------------


def test_areas_of_an_array_are_those_of_its_items() -> None:
    shapes = np.array(
        [
            [BOX, shapely.Polygon(), shapely.Point(1, 1)],
            [
                BOX - shapely.box(0.2, 0.2, 0.4, 0.4),
                shapely.box(-180, 20, 180, 80),
                shapely.MultiPolygon([BOX, shapely.box(3, 3, 4, 9)]),
            ],
        ],
        dtype=object,
    )
    areas = area_km2(shapes)
    assert areas.shape == (2, 3)
    for index in np.ndindex(2, 3):
        assert areas[index] == pytest.approx(area_km2(shapes[index]), rel=1e-14)
    assert isinstance(area_km2(BOX), float)
    assert area_km2([]).shape == (0,)
    nested = shapely.GeometryCollection([shapely.GeometryCollection([BOX]), shapely.Point(0, 0)])
    assert area_km2(nested) == area_km2(BOX)


@pytest.mark.parametrize("index", range(0, 242, 20))
def test_area_of_a_country_is_that_of_proj(index: int) -> None:
    """PROJ joins vertices by geodesics: cut the edges short, and both agree."""
    country = read_countries().geometry.iloc[index]
    total = 0.0
    for part in shapely.get_parts(country):
        for number, ring in enumerate((part.exterior, *part.interiors)):
            xy = shapely.get_coordinates(shapely.segmentize(ring, 0.01))
            area = abs(Geod(ellps="WGS84").polygon_area_perimeter(*xy.T)[0]) / 1e6
            total += area if number == 0 else -area
    assert area_km2(country) == pytest.approx(total, rel=1e-5)


def test_edges_long_in_latitude_are_integrated_exactly() -> None:
    triangle = shapely.Polygon([(0, -20), (60, 80), (0, 80)])
    fine = shapely.segmentize(triangle, 0.01)
    assert area_km2(triangle) == pytest.approx(area_km2(fine), rel=1e-13)


# -- Shares ------------------------------------------------------------------------------------


def test_shares_by_hand() -> None:
    areas = [BOX, shapely.box(5, 5, 6, 6), shapely.box(0, 0, 0.5, 1), shapely.Polygon()]
    found = area_shares(areas, shapely.box(-1, -1, 0.5, 2))
    assert found.share[:3].tolist() == pytest.approx([0.5, 0, 1], rel=1e-12)
    assert math.isnan(found.share[3])
    assert found.covered_km2[0] == pytest.approx(found.area_km2[0] / 2, rel=1e-12)
    # The boundary runs through the first for 110.6 km.
    assert found.share_error[0] == pytest.approx(110.57 * 0.1 / found.area_km2[0], rel=0.05)
    assert found.share_error[1] == 0
    assert found.share_error[2] > 0  # its edge is the boundary: all of it is in doubt


def test_shares_keep_the_shape_and_take_many_footprints() -> None:
    found = area_shares([[BOX], [shapely.box(3, 0, 4, 1)]], [BOX, shapely.box(3.5, 0, 9, 9)])
    assert found.share.shape == (2, 1)
    assert found.share.ravel().tolist() == pytest.approx([1, 0.5], rel=1e-12)
    assert area_shares([], BOX).share.shape == (0,)
    assert area_shares([BOX], []).share.tolist() == [0.0]
    assert area_shares([BOX], []).share_error.tolist() == [0.0]


@pytest.mark.parametrize("shift", [0, 180])
@pytest.mark.parametrize("side", [-1, 1])
def test_boundary_beside_an_area_counts_across_the_antimeridian_too(shift: int, side: int) -> None:
    """An area from `shift` westwards, and a footprint from a little east of it eastwards."""

    def strip(west: float, east: float) -> shapely.Polygon:
        west, east = sorted((side * west, side * east))
        turns = 360 * (west >= 180) - 360 * (east <= -180)
        return shapely.box(west - turns, 0, east - turns, 1)

    area = strip(shift - 1, shift)
    beside, off = (strip(shift + gap, shift + 10) for gap in (0.0005, 0.002))
    assert area_shares([area], beside).share_error == pytest.approx(0.00093, rel=0.01)
    assert area_shares([area], off).share_error == 0


def test_an_area_on_both_sides_of_the_antimeridian_counts_each_boundary_once() -> None:
    here, there = shapely.box(178, 0, 180, 1), shapely.box(-180, 0, -178, 1)
    both = shapely.union_all([here, there])
    cover = shapely.union_all([shapely.box(179.9998, -1, 180, 2), shapely.box(-180, -1, -170, 2)])
    alone = area_shares([here], cover).share_error
    assert area_shares([both], cover).share_error == pytest.approx(alone / 2, rel=0.05)


def test_seams_are_no_boundary_of_a_footprint() -> None:
    everything = shapely.box(-180, -90, 180, 90)
    found = area_shares(read_countries(), everything)
    assert found.share.min() == found.share.max() == 1
    assert found.share_error.max() == 0


def test_shares_of_countries_agree_with_the_intersection() -> None:
    countries = read_countries()
    cover = ring_polygon(37.62, 55.75, 5_500)
    found = area_shares(countries, cover)
    for name in ("Russian Federation", "China", "Canada", "France", "Brazil"):
        index = int(np.flatnonzero(countries["name"] == name)[0])
        shape = countries.geometry.iloc[index]
        want = area_km2(intersection(shape, cover)) / area_km2(shape)
        assert found.share[index] == pytest.approx(want, rel=1e-12, abs=1e-15)
        assert 0 <= found.share_error[index] < 1e-3


# -- What is refused ---------------------------------------------------------------------------

MERCATOR = geopandas.GeoSeries([BOX], crs="EPSG:3857")
EUROPEAN = geopandas.GeoDataFrame(geometry=[BOX], crs="EPSG:4258")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: footprint([BOX, None]), "polygon None at index 1 is not a shapely geometry"),
        (lambda: footprint(None), "polygon None is not a shapely geometry"),
        (lambda: footprint("POLYGON EMPTY"), "polygon 'POLYGON EMPTY' is not a shapely geometry"),
        (lambda: footprint([BOX, 5]), "polygon 5 at index 1 is not a shapely geometry"),
        (lambda: footprint(5), "polygon 5 is not a shapely geometry"),
        (lambda: footprint([BOX, shapely.Point(0, 0)]), "polygon Point at index 1 is not a poly"),
        (lambda: overlap_counts([BOX, BOX, BOW_TIE]), "polygon at index 2 is invalid (Self-inter"),
        (lambda: area_km2([[BOX, BOX], [BOX, BOW_TIE]]), "geometry at index (1, 1) is invalid"),
        (lambda: area_km2(NOT_A_NUMBER), "geometry is invalid (Invalid Coordinate"),
        (
            lambda: footprint([BOX, shapely.box(170, 0, 190, 9)]),
            "polygon at index 1 reaches longitude 190, outside [-180, 180] degrees: cut it",
        ),
        (lambda: area_km2(shapely.box(0, 0, 1, 91)), "geometry reaches latitude 91, outside [-90"),
        (lambda: footprint(MERCATOR), "polygon is in EPSG:3857 (WGS 84 / Pseudo-Mercator), not EP"),
        (lambda: overlap_counts(EUROPEAN), "polygon is in EPSG:4258 (ETRS89), not EPSG:4326"),
        (lambda: intersection(BOX, MERCATOR), "second footprint is in EPSG:3857"),
        (lambda: difference(MERCATOR, BOX), "first footprint is in EPSG:3857"),
        (lambda: symmetric_difference(BOW_TIE, BOX), "first footprint is invalid (Self-intersect"),
        (lambda: area_km2(MERCATOR), "geometry is in EPSG:3857"),
        (lambda: area_shares(MERCATOR, BOX), "area is in EPSG:3857"),
        (lambda: area_shares([BOX], BOW_TIE), "footprint is invalid"),
        (lambda: area_shares([BOX], BOX, tolerance_m=0), "tolerance 0 m is outside [1, 10,000] m"),
    ],
)
def test_a_wrong_geometry_is_named_with_its_index(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("crs", [None, "EPSG:4326", "OGC:CRS84"])
def test_frames_and_series_are_taken(crs: str | None) -> None:
    series = geopandas.GeoSeries([BOX, shapely.box(1, 0, 2, 1)], index=[7, 3], crs=crs)
    frame = geopandas.GeoDataFrame({"a": [1, 2]}, geometry=series.to_list(), crs=crs)
    for given in (series, frame, series.values, list(series), tuple(series), iter(series)):
        assert footprint(given).equals(shapely.box(0, 0, 2, 1))
    assert overlap_counts(frame).count.tolist() == [1, 1]
    assert area_km2(series).shape == (2,)


def test_heights_are_left_out_and_the_given_is_not_touched() -> None:
    raised = shapely.force_3d(BOX, 5.0)
    assert not footprint([raised]).has_z
    assert raised.has_z
    assert not shapely.is_prepared(raised)
    area_shares([raised], raised)
    overlap_counts([raised])
    assert not shapely.is_prepared(raised)


def test_coordinates_next_to_nought_make_no_noise() -> None:
    # GEOS divides by zero on its way here; warnings are errors in these tests.
    one = ring_polygon(0.0, 0.0, 300)
    other = footprint([one, ring_polygon(6.461872047703753e-246, 0.0, 300)])
    assert area_km2(difference(one, other)) < 1e-3
    assert area_km2(symmetric_difference(one, other)) < 1e-3
    assert area_km2(intersection(one, other)) == pytest.approx(area_km2(one))


def test_rings_drawn_twice_leave_no_face_without_area() -> None:
    # One ring round a pole, drawn from two longitudes; in either order of the polygons.
    rings = [ring_polygon(*site) for site in ((0, -90, 5_500), (0, 1, 12_000), (5, -90, 5_500))]
    for order in (rings, rings[::-1]):
        faces = overlap_counts([*order, rings[1]])
        assert faces.area_km2.min() > 1e6
        assert all(shape.is_valid for shape in faces.dissolve())
