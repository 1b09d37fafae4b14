"""Footprints of bands, their overlaps, and exact areas on the ellipsoid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import ECCENTRICITY, EQUATORIAL_RADIUS_M

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(5)
_EDGE_DEG: Final = 2.0  # longer edges are cut before integrating, which keeps 12 digits


def footprint(polygons: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the union of bands.

    Parameters
    ----------
    polygons : iterable of shapely polygons
        Valid, EPSG:4326, cut at the antimeridian (as `band_polygon` makes them).

    Returns
    -------
    shapely geometry
        Valid; shells counter-clockwise. Empty if there is no polygon.

    Examples
    --------
    >>> footprint([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]).bounds
    (0.0, 0.0, 3.0, 1.0)
    """
    return _oriented(shapely.union_all(list(polygons)))


def intersection(a: BaseGeometry, b: BaseGeometry) -> BaseGeometry:
    """Return the polygons that two footprints share (lines and points are dropped).

    Examples
    --------
    >>> intersection(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)).is_empty
    True
    """
    return _oriented(_polygonal(shapely.intersection(a, b)))


def difference(a: BaseGeometry, b: BaseGeometry) -> BaseGeometry:
    """Return what the first footprint covers and the second does not.

    Examples
    --------
    >>> difference(shapely.box(0, 0, 2, 1), shapely.box(1, 0, 2, 1)).bounds
    (0.0, 0.0, 1.0, 1.0)
    """
    return _oriented(_polygonal(shapely.difference(a, b)))


def area_km2(geometry: BaseGeometry) -> float:
    """Return the area on the WGS 84 ellipsoid of a polygon as drawn in EPSG:4326.

    Edges are taken as straight in longitude and latitude, so edges along +-180 and +-90
    enclose exactly what they enclose on the map: a polygon that holds a pole, or the
    world less a hole, needs no special case.

    Parameters
    ----------
    geometry : shapely geometry
        Polygons, EPSG:4326; anything else has area 0.

    Returns
    -------
    float
        Square kilometres, never negative.

    References
    ----------
    Snyder, J. P. (1987). Map projections: a working manual, eq. 3-12 (authalic latitude).

    Examples
    --------
    >>> round(area_km2(shapely.box(-180, -90, 180, 90)))
    510065622
    """
    total = 0.0
    for polygon in shapely.get_parts(geometry, return_index=False):
        if polygon.geom_type == "Polygon" and not polygon.is_empty:
            total += abs(_ring_area_m2(polygon.exterior))
            total -= sum(abs(_ring_area_m2(hole)) for hole in polygon.interiors)
    return total / 1e6


def _ring_area_m2(ring: BaseGeometry) -> float:
    """Integrate the area between the ring and the equator along its edges."""
    coords = shapely.get_coordinates(shapely.segmentize(ring, _EDGE_DEG))
    lon, lat = np.radians(coords).T
    half_step = 0.5 * np.diff(lat)
    middle = 0.5 * (lat[1:] + lat[:-1])
    at_nodes = _zone_m2(middle[:, None] + half_step[:, None] * _NODES)
    return float(np.sum(np.diff(lon) * (at_nodes @ _WEIGHTS) / 2))


def _zone_m2(lat: Floats) -> Floats:
    """Return the area, per radian of longitude, between the equator and a latitude."""
    e = ECCENTRICITY
    s = np.sin(lat)
    q = (1 - e**2) * (s / (1 - (e * s) ** 2) + np.arctanh(e * s) / e)
    zone: Floats = 0.5 * EQUATORIAL_RADIUS_M**2 * q
    return zone


def _polygonal(geometry: BaseGeometry) -> BaseGeometry:
    if geometry.geom_type != "GeometryCollection":
        return geometry if geometry.area > 0 or geometry.is_empty else shapely.MultiPolygon()
    parts = [p for p in shapely.get_parts(geometry) if p.area > 0]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def _oriented(geometry: BaseGeometry) -> BaseGeometry:
    oriented: BaseGeometry = shapely.orient_polygons(geometry, exterior_cw=False)
    return oriented
