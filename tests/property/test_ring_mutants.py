"""Wrong rings, each of which the checks of the ring tests must see.

A check that lets a wrong ring pass is worth nothing. So each mistake that range maps are known
for is made here on purpose, on right rings of every kind: cut by the antimeridian or not, with
no pole inside, one, or both.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import ring_outline, ring_polygon

_spec = importlib.util.spec_from_file_location(
    "ring_checks", Path(__file__).with_name("ring_checks.py")
)
assert _spec
assert _spec.loader
checks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(checks)
GEOD, faults = checks.GEOD, checks.faults

Drawn = tuple[BaseGeometry, BaseGeometry]
Mutant = Callable[[float, float, float, BaseGeometry, BaseGeometry], Drawn]

TOLERANCE_M = 100
WORLD = shapely.box(-180, -90, 180, 90)
RINGS = {
    "plain": (20.0, 40.0, 1_500.0),
    "cut": (175.0, -20.0, 3_000.0),
    "on-the-seam": (180.0, 50.0, 2_000.0),
    "north-pole": (37.62, 55.75, 5_500.0),
    "south-pole": (-70.0, -60.0, 5_500.0),
    "both-poles": (100.0, 20.0, 13_000.0),
    "world-but-a-hole": (-30.0, 10.0, 17_500.0),
}
ONE_POLE = ("north-pole", "south-pole")
CROSSING = ("cut", "on-the-seam")


def moved(change: Callable[[np.ndarray], np.ndarray]) -> Mutant:
    """A mutant that moves every vertex of polygon and outline."""
    return lambda lon, lat, km, polygon, outline: (
        shapely.transform(polygon, change),
        shapely.transform(outline, change),
    )


def drawn_for(change: Callable[[float, float, float], tuple[float, float, float]]) -> Mutant:
    """A mutant that draws the right ring for another site or radius."""

    def mutant(
        lon: float, lat: float, km: float, polygon: BaseGeometry, outline: BaseGeometry
    ) -> Drawn:
        other = change(lon, lat, km)
        return ring_polygon(*other, TOLERANCE_M), ring_outline(*other, TOLERANCE_M)

    return mutant


def true_boundary(polygon: BaseGeometry) -> BaseGeometry:
    """The boundary without its edges along +-180 and +-90."""
    lines = []
    for line in shapely.get_rings(shapely.get_parts(polygon)):
        xy = shapely.get_coordinates(line)
        lines += [
            edge
            for edge in pairwise(xy)
            if not any(abs(a) == abs(b) == limit and a == b
                       for a, b, limit in zip(*edge, (180, 90), strict=True))
        ]  # fmt: skip
    return shapely.line_merge(shapely.multilinestrings(np.array(lines)))


def with_own_outline(change: Callable[[float, float, float, BaseGeometry], BaseGeometry]) -> Mutant:
    """A mutant of the polygon whose outline agrees with it."""

    def mutant(
        lon: float, lat: float, km: float, polygon: BaseGeometry, outline: BaseGeometry
    ) -> Drawn:
        wrong = change(lon, lat, km, polygon)
        return wrong, true_boundary(wrong)

    return mutant


def with_same_outline(change: Callable[[BaseGeometry], BaseGeometry]) -> Mutant:
    """A mutant of the polygon alone."""
    return lambda lon, lat, km, polygon, outline: (change(polygon), outline)


def half(lon: float, lat: float, km: float, polygon: BaseGeometry) -> BaseGeometry:
    """What lies west of the site, or of its antipode: cut along the seam, it has no wrong edge."""
    west = shapely.box(-180, -90, lon if -180 < lon < 180 else 0, 90)
    return shapely.orient_polygons(shapely.intersection(polygon, west), exterior_cw=False)


def far_part_mirrored(lon: float, lat: float, km: float, polygon: BaseGeometry) -> BaseGeometry:
    """The part beyond the seam is drawn on the side where the site is."""
    parts = sorted(shapely.get_parts(polygon), key=lambda part: part.area)
    swapped = shapely.transform(parts[0], lambda xy: xy * [-1, 1])
    return shapely.orient_polygons(shapely.multipolygons([swapped, *parts[1:]]), exterior_cw=False)


def seam_missed(lon: float, lat: float, km: float, polygon: BaseGeometry) -> BaseGeometry:
    """Where the ring meets the seam is off by three tolerances."""

    def change(xy: np.ndarray) -> np.ndarray:
        on_seam = (np.abs(xy[:, :1]) == 180) & (np.abs(xy[:, 1:]) < 90)
        return xy + on_seam * [0, 3 * TOLERANCE_M / 111_000 * np.sign(90 - 2 * abs(lat))]

    return shapely.transform(polygon, change)


def pole_forgotten(
    lon: float, lat: float, km: float, polygon: BaseGeometry, outline: BaseGeometry
) -> Drawn:
    """The line round the pole is closed from end to end."""
    closed = shapely.polygons(np.concatenate([xy := shapely.get_coordinates(outline), xy[:1]]))
    return shapely.orient_polygons(closed, exterior_cw=False), outline


def pole_cut_off(lon: float, lat: float, km: float, polygon: BaseGeometry) -> BaseGeometry:
    """The map ends at the limit of Web Mercator."""
    clipped = shapely.intersection(polygon, shapely.box(-180, -85.0511, 180, 85.0511))
    return shapely.orient_polygons(clipped, exterior_cw=False)


def on_a_sphere(lon: float, lat: float, km: float) -> np.ndarray:
    """Vertices by the formulas for a sphere of the mean radius."""
    azimuth = np.radians(np.linspace(360, 0, 721))
    angle, latitude = km / 6_371.0088, np.radians(lat)
    end = np.arcsin(
        np.sin(latitude) * np.cos(angle) + np.cos(latitude) * np.sin(angle) * np.cos(azimuth)
    )
    east = np.arctan2(
        np.sin(azimuth) * np.sin(angle) * np.cos(latitude),
        np.cos(angle) - np.sin(latitude) * np.sin(end),
    )
    return np.column_stack([lon + np.degrees(east), np.degrees(end)])


def spherical(
    lon: float, lat: float, km: float, polygon: BaseGeometry, outline: BaseGeometry
) -> Drawn:
    xy = on_a_sphere(lon, lat, km)
    return shapely.polygons(xy), shapely.linestrings(xy)


def thinned(
    lon: float, lat: float, km: float, polygon: BaseGeometry, outline: BaseGeometry
) -> Drawn:
    """Two of three vertices are left out."""
    xy = shapely.get_coordinates(polygon)[:-1][::3]
    xy = np.concatenate([xy, xy[:1]])
    return shapely.polygons(xy), shapely.linestrings(xy)


def doubled(xy: np.ndarray) -> np.ndarray:
    return np.repeat(xy, np.where(np.arange(len(xy)) == 5, 2, 1), axis=0)


def vertex_twice(
    lon: float, lat: float, km: float, polygon: BaseGeometry, outline: BaseGeometry
) -> Drawn:
    xy = doubled(shapely.get_coordinates(polygon))
    return shapely.polygons(xy), shapely.linestrings(xy)


def geocentric(xy: np.ndarray) -> np.ndarray:
    """Latitudes of points seen from the centre of the Earth, taken for geodetic ones."""
    lat = np.degrees(np.arctan((1 - GEOD.es) * np.tan(np.radians(xy[:, 1]))))
    return np.column_stack([xy[:, 0], np.where(np.abs(xy[:, 1]) == 90, xy[:, 1], lat)])


EVERYWHERE = tuple(RINGS)
MUTANTS: dict[str, tuple[Mutant, tuple[str, ...]]] = {
    "longitude-flipped": (
        moved(lambda xy: xy * [-1, 1]),
        ("plain", "cut", "north-pole", "both-poles"),
    ),
    "longitude-flipped-oriented": (drawn_for(lambda lon, lat, km: (-lon, lat, km)),
                                   ("plain", "cut", "south-pole", "world-but-a-hole")),
    "latitude-flipped": (drawn_for(lambda lon, lat, km: (lon, -lat, km)), EVERYWHERE),
    "axes-swapped": (drawn_for(lambda lon, lat, km: (lat, lon / 2, km)), EVERYWHERE),
    "site-off-by-a-kilometre": (drawn_for(lambda lon, lat, km: (lon, lat + 0.01, km)), EVERYWHERE),
    "radius-off": (drawn_for(lambda lon, lat, km: (lon, lat, km + 0.3)), EVERYWHERE),
    "miles": (drawn_for(lambda lon, lat, km: (lon, lat, km / 1.609344)), EVERYWHERE),
    "clockwise": (with_same_outline(lambda p: shapely.orient_polygons(p, exterior_cw=True)),
                  EVERYWHERE),
    "complement": (with_same_outline(lambda p: shapely.orient_polygons(
        shapely.difference(WORLD, p), exterior_cw=False)), EVERYWHERE),
    "half-disc": (with_own_outline(half), EVERYWHERE),
    "far-part-mirrored": (with_own_outline(far_part_mirrored), CROSSING),
    "far-part-lost": (with_own_outline(lambda lon, lat, km, p: max(
        shapely.get_parts(p), key=lambda part: part.area)), CROSSING),
    "seam-missed": (with_own_outline(seam_missed), (*CROSSING, *ONE_POLE)),
    "outline-along-the-seam": (lambda lon, lat, km, p, o: (p, shapely.boundary(p)),
                               (*CROSSING, *ONE_POLE)),
    "pole-forgotten": (pole_forgotten, ONE_POLE),
    "pole-cut-off": (with_own_outline(pole_cut_off), (*ONE_POLE, "both-poles",
                                                       "world-but-a-hole")),
    "hole-filled": (lambda lon, lat, km, p, o: (WORLD, o), ("both-poles", "world-but-a-hole")),
    "hole-as-disc": (with_same_outline(lambda p: shapely.orient_polygons(
        shapely.difference(WORLD, p), exterior_cw=False)), ("world-but-a-hole",)),
    "shifted-round-the-world": (moved(lambda xy: xy + np.array([360, 0])), EVERYWHERE),
    "on-a-sphere": (spherical, ("plain",)),
    "thinned": (thinned, ("plain",)),
    "vertex-twice": (vertex_twice, ("plain",)),
    "geocentric-latitudes": (moved(geocentric), EVERYWHERE),
}  # fmt: skip


@pytest.fixture(scope="module")
def right() -> dict[str, Drawn]:
    return {
        name: (ring_polygon(*ring, TOLERANCE_M), ring_outline(*ring, TOLERANCE_M))
        for name, ring in RINGS.items()
    }


@pytest.mark.parametrize("ring", RINGS)
def test_right_rings_have_no_fault(ring: str, right: dict[str, Drawn]) -> None:
    assert faults(*RINGS[ring], *right[ring], TOLERANCE_M) == []


@pytest.mark.parametrize(
    ("mutant", "ring"),
    [(name, ring) for name, (_, rings) in MUTANTS.items() for ring in rings],
)
def test_a_wrong_ring_is_seen(mutant: str, ring: str, right: dict[str, Drawn]) -> None:
    make, _ = MUTANTS[mutant]
    assert faults(*RINGS[ring], *make(*RINGS[ring], *right[ring]), TOLERANCE_M)


def test_half_a_disc_on_the_seam_is_seen_by_area_and_points(right: dict[str, Drawn]) -> None:
    """It is valid, and all its edges lie on the ring."""
    polygon, outline = MUTANTS["half-disc"][0](*RINGS["on-the-seam"], *right["on-the-seam"])
    found = faults(*RINGS["on-the-seam"], polygon, outline, TOLERANCE_M)
    assert sorted(found) == ["a point is on the wrong side", "wrong area"]


def latitudes_between(start: float, ends: np.ndarray, share: np.ndarray, kind: str) -> np.ndarray:
    """Latitudes along edges that are straight in lon/lat, in Mercator, or bent the wrong way."""
    plate = start + (ends - start) * share
    y, y_ends = np.arcsinh(np.tan(np.radians(start))), np.arcsinh(np.tan(np.radians(ends)))
    mercator = np.degrees(np.arctan(np.sinh(y + (y_ends - y) * share)))
    return {"plate": plate, "mercator": mercator, "flipped": 2 * plate - mercator}[kind]


def as_few_vertices_as(kinds: tuple[str, ...], ring: tuple[float, float, float]) -> np.ndarray:
    """Vertices on the ring, as far apart as these ways of drawing an edge allow."""
    lon, lat, km = ring
    size, ahead, share = 6_000, 60, np.linspace(0, 1, 7)[1:-1]
    azimuth = np.linspace(360, 0, size)
    x, y, _ = GEOD.fwd(np.full(size, lon), np.full(size, lat), azimuth, np.full(size, km * 1000))
    x[-1], y[-1] = x[0], y[0]
    kept = [0]
    while kept[-1] < size - 1:
        last = kept[-1]
        ends = np.arange(last + 1, min(last + ahead, size))
        lons = x[last] + (x[ends, None] - x[last]) * share
        worst = np.zeros(len(ends))
        for kind in kinds:
            lats = latitudes_between(y[last], y[ends, None], share, kind)
            site = np.full(lons.shape, lon), np.full(lons.shape, lat)
            off = np.abs(GEOD.inv(*site, lons, lats)[2] - km * 1000)
            worst = np.maximum(worst, off.max(axis=1))
        kept.append(int(ends[worst <= 0.9 * TOLERANCE_M].max()))
    return np.column_stack([x, y])[kept]


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("plate",), "an edge strays, mercator=True"),
        (("plate", "flipped"), "an edge strays, mercator=True"),
        (("mercator",), "an edge strays, mercator=False"),
    ],
    ids=["mercator-forgotten", "mercator-of-wrong-sign", "mercator-only"],
)
def test_spacing_for_the_wrong_edges_is_seen(kinds: tuple[str, ...], expected: str) -> None:
    ring = (20.0, 60.0, 3_000.0)
    xy = as_few_vertices_as(kinds, ring)
    drawn = shapely.polygons(xy), shapely.linestrings(xy)
    assert faults(*ring, *drawn, TOLERANCE_M) == [expected]
    xy = as_few_vertices_as(("plate", "mercator"), ring)
    drawn = shapely.polygons(xy), shapely.linestrings(xy)
    assert faults(*ring, *drawn, TOLERANCE_M) == []
