"""Independent checks of drawn rings: what is wrong with a polygon and its outline, if anything.

Nothing here uses rangemap: distances are PROJ's geodesics, true areas come from geodesic
polygons, areas as drawn from authalic latitude.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
MERCATOR_LIMIT = 85.0511287798066
WORLD_KM2 = 510_065_621.7240887
_E = np.sqrt(GEOD.es)
_FEW, _MANY = np.array([0.35, 0.6]), np.linspace(0, 1, 17)[1:-1]


def distances_m(lon: np.ndarray, lat: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Geodesic distances of points from sites, on two threads."""
    halves = np.array_split(np.arange(len(points)), 2)
    with ThreadPoolExecutor(2) as pool:
        parts = pool.map(
            lambda i: (
                GEOD.inv(lon[i].copy(), lat[i].copy(), points[i, 0], points[i, 1])[2]
                if len(i)
                else np.zeros(0)
            ),
            halves,
        )
    return np.concatenate(list(parts))


def disc_areas_km2(lon: np.ndarray, lat: np.ndarray, km: np.ndarray) -> np.ndarray:
    """True areas of discs: geodesic polygons of 360 and 720 points, extrapolated."""
    return np.array([_disc_area_km2(*map(float, case)) for case in zip(lon, lat, km, strict=True)])


def _disc_area_km2(lon: float, lat: float, km: float) -> float:
    if km < 0.1:  # flat, to ten digits
        return float(np.pi * km**2)
    size = 720
    azimuth = np.linspace(360, 0, size, endpoint=False)
    ring_lon, ring_lat, _ = GEOD.fwd(
        np.full(size, lon), np.full(size, lat), azimuth, np.full(size, km * 1000)
    )
    fine = GEOD.polygon_area_perimeter(ring_lon, ring_lat)[0] / 1e6
    coarse = GEOD.polygon_area_perimeter(ring_lon[::2], ring_lat[::2])[0] / 1e6
    area = fine + (fine - coarse) / 3
    return area if area > 0 else area + WORLD_KM2  # the sign tells a disc above a hemisphere


def drawn_areas_km2(polygons: np.ndarray) -> np.ndarray:
    """Areas of polygons as drawn straight in lon/lat, by authalic latitude."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    nodes, weights = np.polynomial.legendre.leggauss(12)
    lat = 0.5 * (start[:, 1:] + end[:, 1:]) + 0.5 * (end[:, 1:] - start[:, 1:]) * nodes
    height = _authalic(np.radians(lat)) @ weights / 2
    # Green's theorem: the area is minus the integral of the height along longitude.
    pieces = -height * np.radians(end[:, 0] - start[:, 0]) * GEOD.a**2 / 2e6
    return np.bincount(owner[part[ring[:-1][same]]], pieces, minlength=len(polygons))


def _authalic(lat: np.ndarray) -> np.ndarray:
    sin = np.sin(lat)
    return (1 - _E**2) * (sin / (1 - _E**2 * sin**2) + np.arctanh(_E * sin) / _E)


def all_faults(
    lon: np.ndarray,
    lat: np.ndarray,
    km: np.ndarray,
    polygons: np.ndarray,
    outlines: np.ndarray,
    tolerance_m: float,
    rng: np.random.Generator,
    areas_km2: np.ndarray | None = None,
) -> list[list[str]]:
    """What is wrong with each of many rings; an empty list for a right one."""
    found: list[list[str]] = [[] for _ in range(len(lon))]

    def report(which: np.ndarray, text: str) -> None:
        for index in np.unique(which):
            found[index].append(text)

    everyone = np.arange(len(lon))
    report(everyone[~shapely.is_valid(polygons)], "not valid")
    bounds = shapely.bounds(polygons)
    report(everyone[(np.abs(bounds) > [180, 90, 180, 90]).any(axis=1)], "outside the world")
    _check_rings(polygons, report)
    edges, owner = _segments(polygons, np.concatenate([[0], everyone[1:]]))
    true_edge = ~(_along(edges, 0, 180) | _along(edges, 1, 90))
    edges, owner = edges[true_edge], owner[true_edge]
    drawn, drawn_owner = _segments(outlines, everyone)
    report(everyone[_keys(edges, owner, len(lon)) != _keys(drawn, drawn_owner, len(lon))],
           "the outline is not the boundary of the polygon")  # fmt: skip
    for mercator in (False, True):
        off = _off_ring_m(lon, lat, km, edges, owner, mercator=mercator)
        report(owner[off > tolerance_m], f"an edge strays, mercator={mercator}")
    true_area = disc_areas_km2(lon, lat, km) if areas_km2 is None else areas_km2
    perimeter_km = 2 * np.pi * np.minimum(km, 6_400)
    slack = tolerance_m / 1000 * perimeter_km + 1e-9 * WORLD_KM2 * np.minimum(1, km / 6_400)
    slack += 1e-14 * WORLD_KM2  # rounding in the area of a shape that reaches up to a pole
    report(everyone[np.abs(drawn_areas_km2(polygons) - true_area) > slack], "wrong area")
    _check_points(lon, lat, km, polygons, tolerance_m, rng, report)
    return found


def faults(
    lon: float,
    lat: float,
    km: float,
    polygon: shapely.Geometry,
    outline: shapely.Geometry,
    tolerance_m: float,
) -> list[str]:
    """What is wrong with one ring."""
    arrays = (np.array([float(v)]) for v in (lon, lat, km))
    shapes = (np.array([shape], dtype=object) for shape in (polygon, outline))
    return all_faults(*arrays, *shapes, tolerance_m, np.random.default_rng(7))[0]


def _check_rings(polygons: np.ndarray, report: object) -> None:
    parts, owner = shapely.get_parts(polygons, return_index=True)
    report(owner[~shapely.is_ccw(shapely.get_exterior_ring(parts))], "a shell is clockwise")
    rings, part = shapely.get_rings(parts, return_index=True)
    inner = np.concatenate([[False], part[1:] == part[:-1]])
    report(owner[part[inner & shapely.is_ccw(rings)]], "a hole is counter-clockwise")
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    step = np.abs(np.diff(xy, axis=0)).max(axis=1)
    twice = (step == 0) & (ring[1:] == ring[:-1])
    report(owner[part[ring[1:][twice]]], "a vertex stands twice")


def _segments(shapes: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges of shapes, one row (lon1, lat1, lon2, lat2) each, and whose they are."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    lines, line_owner = parts, owner
    if (shapely.get_dimensions(parts) == 2).any():
        lines, part = shapely.get_rings(parts, return_index=True)
        line_owner = owner[part]
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return np.hstack([xy[:-1][same], xy[1:][same]]), labels[line_owner[line[1:][same]]]


def _along(edges: np.ndarray, axis: int, limit: float) -> np.ndarray:
    start, end = edges[:, axis], edges[:, axis + 2]
    return (np.abs(start) == limit) & (start == end)


def _keys(edges: np.ndarray, owner: np.ndarray, size: int) -> np.ndarray:
    """A number for each ring that depends on its set of edges, whatever their order or sense."""
    ends = np.sin(edges * [12.9898, 78.233, 12.9898, 78.233]) @ [
        [1.0, 0.0], [1.7, 0.0], [0.0, 1.0], [0.0, 1.7]
    ]  # fmt: skip
    mixed = (np.abs(ends[:, 0] * ends[:, 1] * 1e6) % 1.0 * 2**40).astype(np.int64)
    total = np.zeros(size, dtype=np.int64)
    np.add.at(total, owner, mixed)
    return total


def _off_ring_m(
    lon: np.ndarray, lat: np.ndarray, km: np.ndarray, edges: np.ndarray, owner: np.ndarray,
    *, mercator: bool,
) -> np.ndarray:  # fmt: skip
    """The largest distance of points along each edge from the true ring."""
    long_way = np.abs(edges[:, 2] - edges[:, 0]) > 3
    hard = long_way | (np.abs(edges[:, [1, 3]]).max(axis=1) > 80)
    off = np.zeros(len(edges))
    for some, share in ((np.flatnonzero(~hard), _FEW), (np.flatnonzero(hard), _MANY)):
        points = _points_along(edges[some], share, mercator=mercator)
        site = np.repeat(owner[some], len(share))
        beside = np.abs(distances_m(lon[site], lat[site], points) - km[site] * 1000)
        if mercator:
            beside = np.where(np.abs(points[:, 1]) <= MERCATOR_LIMIT, beside, 0)
        off[some] = beside.reshape(len(some), len(share)).max(axis=1, initial=0)
    return off


def _points_along(edges: np.ndarray, share: np.ndarray, *, mercator: bool) -> np.ndarray:
    lon = edges[:, :1] + (edges[:, 2:3] - edges[:, :1]) * share
    y = edges[:, [1, 3]]
    if mercator:
        y = np.arcsinh(np.tan(np.radians(y)))
    height = y[:, :1] + (y[:, 1:] - y[:, :1]) * share
    lat = np.degrees(np.arctan(np.sinh(height))) if mercator else height
    return np.column_stack([lon.ravel(), lat.ravel()])


def _check_points(
    lon: np.ndarray, lat: np.ndarray, km: np.ndarray, polygons: np.ndarray, tolerance_m: float,
    rng: np.random.Generator, report: object,
) -> None:  # fmt: skip
    """Ask points anywhere, and points just inside and just outside the ring."""
    anywhere, beside = 40, 24
    size = len(lon) * anywhere
    points = np.column_stack(
        [rng.uniform(-180, 180, size), np.degrees(np.arcsin(rng.uniform(-1, 1, size)))]
    )
    site = np.repeat(np.arange(len(lon)), anywhere)
    near = np.repeat(np.arange(len(lon)), beside)
    reach = km[near] * 1000 + tolerance_m * rng.uniform(1.01, 3, near.size) * rng.choice(
        [-1, 1], near.size
    )
    near, reach = near[reach > 0], reach[reach > 0]
    x, y, _ = GEOD.fwd(lon[near], lat[near], rng.uniform(-180, 180, near.size), reach)
    points = np.vstack([points, np.column_stack([x, y])])
    site = np.concatenate([site, near])
    off = distances_m(lon[site], lat[site], points) - km[site] * 1000
    inside = shapely.covers(polygons[site], shapely.points(points))
    report(
        site[(inside != (off <= 0)) & (np.abs(off) > tolerance_m)], "a point is on the wrong side"
    )


def names(found: Sequence[Sequence[str]]) -> dict[str, int]:
    """How often each fault was found."""
    counts: dict[str, int] = {}
    for each in found:
        for text in each:
            counts[text] = counts.get(text, 0) + 1
    return counts
