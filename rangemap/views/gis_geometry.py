"""Polygons as text formats need them: rounded, cut for a globe, outlined without seams."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy.wgs84 import EQUATORIAL_RADIUS_M

__all__ = ["WIDEST_DEG", "globe_polygons", "outline", "rounded"]

Floats = npt.NDArray[np.float64]

WIDEST_DEG: Final = 120.0
MOST_VERTICES: Final = 8_000
_DECIMALS: Final = 7  # 1 cm, well within the finest tolerance of 1 m
_FINE_DECIMALS: Final = 10  # for shapes smaller than this, which 1 cm would deform
_FINE_BELOW_DEG: Final = 0.1
_SAG_M: Final = 50.0
_LONGEST_DEG: Final = (30.0, 5.0)  # along a parallel, along a meridian
_NARROWEST_DEG: Final = 0.5


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry with coordinates to 1 cm unless that would spoil it.

    Parameters
    ----------
    geometry : shapely geometry
        Degrees, EPSG:4326.

    Examples
    --------
    >>> rounded(shapely.Point(1.123456789, 2)).x
    1.1234568
    """
    west, south, east, north = geometry.bounds
    small = 0 < min(east - west, north - south) < _FINE_BELOW_DEG
    decimals = _FINE_DECIMALS if small else _DECIMALS
    whole: BaseGeometry = shapely.transform(geometry, lambda xy: np.round(xy, decimals))
    return whole if whole.is_valid or not geometry.is_valid else geometry


def globe_polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return polygons that a globe fills right, which together are the geometry.

    A globe such as Google Earth joins vertices by geodesics and takes the smaller side of a
    ring as its inside. So no part encloses a pole or spans more than `WIDEST_DEG` of
    longitude, cuts run along meridians only, and edges are short enough that a geodesic
    between their ends stays within 50 m of the straight line in longitude and latitude.

    Parameters
    ----------
    geometry : shapely polygon or multipolygon
        EPSG:4326, cut at the antimeridian, poles enclosed along +-90.

    Returns
    -------
    list of shapely.Polygon
        Shells counter-clockwise, at most about 8,000 vertices in each before its edges are
        made short.

    Examples
    --------
    >>> parts = globe_polygons(shapely.box(-180, 60, 180, 90))
    >>> [part.bounds[0] for part in parts], round(sum(part.area for part in parts))
    ([-180.0, -60.0, 60.0], 10800)
    """
    parts = [piece for part in _polygons(geometry) for piece in _narrow(part)]
    return [_dense_polygon(part) for part in parts]


def outline(geometry: BaseGeometry) -> list[LineString]:
    """Return the boundary without the seams along +-180 and +-90, for a globe to draw.

    Examples
    --------
    >>> [line.bounds for line in outline(shapely.box(-180, 60, 180, 90))]
    [(-180.0, 60.0, 180.0, 60.0)]
    """
    lines = []
    for ring in shapely.get_rings(shapely.get_parts(geometry)):
        xy = _dense(shapely.get_coordinates(ring))
        lines += [LineString(run) for run in _runs(xy, ~_on_seam(xy))]
    return lines


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    parts = shapely.get_parts(geometry)
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]


def _narrow(polygon: Polygon) -> list[Polygon]:
    """Cut a polygon along meridians until it is neither too wide nor too long."""
    west, _, east, _ = polygon.bounds
    wide = int(np.ceil((east - west) / WIDEST_DEG - 1e-9))
    long = shapely.get_num_coordinates(polygon) > MOST_VERTICES and east - west > _NARROWEST_DEG
    pieces = max(wide, 2 if long else 1)
    if pieces <= 1:
        return [polygon]
    cuts = np.linspace(west, east, pieces + 1)
    result: list[Polygon] = []
    for start, end in pairwise(cuts.tolist()):
        for part in _polygons(polygon.intersection(shapely.box(start, -90, end, 90))):
            result += _narrow(part)
    return result


def _dense_polygon(polygon: Polygon) -> Polygon:
    shell = _dense(shapely.get_coordinates(polygon.exterior))
    holes = [_dense(shapely.get_coordinates(ring)) for ring in polygon.interiors]
    turned = shapely.orient_polygons(Polygon(shell, holes), exterior_cw=False)
    return turned if isinstance(turned, Polygon) else polygon


def _dense(xy: Floats) -> Floats:
    """Return a line with vertices added on its straight edges, where a geodesic would sag.

    On a sphere a geodesic turns from such a line by sin(lat) cos(lat) dlon^2 northwards and
    2 sin(lat) dlat dlon eastwards; an eighth of that is how far it strays in the middle.
    """
    step = np.diff(xy, axis=0)
    east, north = np.abs(np.radians(step)).T
    lat = np.abs(np.radians(xy[:, 1]))
    bend = np.maximum(np.sin(2 * lat[:-1]), np.sin(2 * lat[1:])) / 2
    # At 45 degrees the bend is greatest, and an edge may pass it.
    passes = (lat[:-1] - np.pi / 4) * (lat[1:] - np.pi / 4) < 0
    steep = np.sin(np.maximum(lat[:-1], lat[1:]))
    turn = np.hypot(np.where(passes, 0.5, bend) * east**2, 2 * steep * east * north)
    sag = EQUATORIAL_RADIUS_M * turn / 8
    at_pole = (np.abs(xy[:-1, 1]) == 90) & (xy[:-1, 1] == xy[1:, 1])
    by_length = np.max(np.abs(step) / _LONGEST_DEG, axis=1, initial=1.0)
    by_sag = np.sqrt(np.where(at_pole, 0, sag) / _SAG_M)
    pieces = np.ceil(np.maximum(by_length, by_sag)).astype(int)
    start = np.repeat(np.arange(len(step)), pieces)
    within = np.arange(len(start)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    added = xy[start] + step[start] * (within / pieces[start])[:, None]
    return np.concatenate([added, xy[-1:]])


def _on_seam(xy: Floats) -> Any:
    """Tell of each edge whether it runs along +-180 or +-90."""
    a, b = xy[:-1], xy[1:]
    meridian = (np.abs(a[:, 0]) == 180) & (a[:, 0] == b[:, 0])
    return meridian | ((np.abs(a[:, 1]) == 90) & (a[:, 1] == b[:, 1]))


def _runs(xy: Floats, kept: Any) -> list[Floats]:
    """Return the stretches of a closed line whose edges are kept."""
    if kept.all():
        return [xy]
    if not kept.any():
        return []
    first = int(np.flatnonzero(~kept)[0]) + 1
    points = np.roll(xy[:-1], -first, axis=0)
    edges = np.roll(kept, -first)
    ends = np.flatnonzero(np.diff(np.concatenate([[False], edges, [False]]).astype(int)))
    closed = np.concatenate([points, points[:1]])
    return [closed[i : j + 1] for i, j in ends.reshape(-1, 2)]
