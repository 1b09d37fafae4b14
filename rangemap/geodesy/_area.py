"""Exact areas of polygons on the ellipsoid, many at once; lengths of their edges."""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from rangemap.geodesy._shapes import Shapes
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import ECCENTRICITY, EQUATORIAL_RADIUS_M

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(3)
_STEP_DEG: Final = 2.0  # of latitude: with three nodes the integral then keeps 14 digits
_LOW_DEG: Final = 10.0
_EDGES_AT_ONCE: Final = 200_000  # keeps the working memory near 20 MB


def areas_m2(polygons: Shapes) -> Floats:
    """Return the area of each item of a flat array; lines and points have none."""
    parts, owner = _polygons(polygons)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    area = np.abs(_ring_areas_m2(rings))
    is_hole = np.concatenate([[False], part_of[1:] == part_of[:-1]])[: len(rings)]
    signed = np.where(is_hole, -area, area)
    total = np.zeros(len(polygons))
    np.add.at(total, owner[part_of], signed)
    return total


def edge_lengths_m(start: Floats, end: Floats) -> Floats:
    """Return the length of edges straight in lon/lat, by the metric at their middles.

    For edges of up to 10 km the error is below a part in a million, except beside a pole,
    where the length comes out too long.
    """
    e2 = ECCENTRICITY**2
    step = np.radians(end - start)
    middle = np.radians(0.5 * (start[:, 1] + end[:, 1]))
    root = np.sqrt(1 - e2 * np.sin(middle) ** 2)
    east = step[:, 0] * np.cos(middle) / root
    north = step[:, 1] * (1 - e2) / root**3
    length: Floats = EQUATORIAL_RADIUS_M * np.hypot(east, north)
    return length


def _polygons(shapes: Shapes) -> tuple[Shapes, np.ndarray]:
    """Return all simple polygons and the index of the item that each belongs to."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    keep = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[keep], owner[keep]


def _ring_areas_m2(rings: Shapes) -> Floats:
    """Integrate the signed area between each ring and a parallel along its edges.

    Any parallel does, since a ring comes back to its longitude. For a ring low in latitude it is
    that of its first vertex, which spares it the rounding of large areas that cancel; else it
    is the equator.
    """
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    total = np.zeros(len(rings))
    parallel = np.radians(xy[np.searchsorted(ring_of, np.arange(len(rings))), 1])
    bounds = shapely.bounds(rings).reshape(-1, 4)
    parallel[bounds[:, 3] - bounds[:, 1] > _LOW_DEG] = 0.0
    edges = np.flatnonzero((ring_of[1:] == ring_of[:-1]) & (np.diff(xy[:, 0]) != 0))
    for first in range(0, len(edges), _EDGES_AT_ONCE):
        some = edges[first : first + _EDGES_AT_ONCE]
        lon_step = np.radians(xy[some + 1, 0] - xy[some, 0])
        start, end = np.radians(xy[some, 1]), np.radians(xy[some + 1, 1])
        base = parallel[ring_of[some]]
        pieces = np.ceil(np.abs(end - start) / np.radians(_STEP_DEG)).astype(int)
        mean = np.empty(len(some))
        short = pieces <= 1
        mean[short] = _mean_zone_m2(start[short], end[short], base[short])
        for index in np.flatnonzero(~short):
            cuts = np.linspace(start[index], end[index], pieces[index] + 1)
            mean[index] = _mean_zone_m2(cuts[:-1], cuts[1:], base[index]).mean()
        total += np.bincount(ring_of[some], lon_step * mean, minlength=len(rings))
    return total


def _mean_zone_m2(start: Floats, end: Floats, base: Floats | float) -> Floats:
    middle, half = 0.5 * (start + end), 0.5 * (end - start)
    lat = middle[:, None] + half[:, None] * _NODES
    mean: Floats = _zone_m2(lat, np.reshape(base, (-1, 1))) @ (_WEIGHTS / 2)
    return mean


def _zone_m2(lat: Floats, base: Floats) -> Floats:
    """Return the area, per radian of longitude, between two latitudes, to full precision."""
    e = ECCENTRICITY
    s, t = np.sin(lat), np.sin(base)
    rise = 2 * np.cos(0.5 * (lat + base)) * np.sin(0.5 * (lat - base))  # s - t
    both = (e * s) * (e * t)
    q = rise * (1 + both) / ((1 - (e * s) ** 2) * (1 - (e * t) ** 2))
    q += np.arctanh(e * rise / (1 - both)) / e
    zone: Floats = 0.5 * EQUATORIAL_RADIUS_M**2 * (1 - e**2) * q
    return zone
