"""Footprints of bands, their differences and intersections, and exact areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import _geos
from rangemap.geodesy._area import areas_m2
from rangemap.geodesy._shapes import ShapesLike, check_polygon, check_polygons, check_shapes


def footprint(polygons: ShapesLike) -> BaseGeometry:
    """Return the union of bands.

    Parameters
    ----------
    polygons : iterable of shapely polygons, or one, or a GeoSeries or GeoDataFrame
        Valid, EPSG:4326, cut at the antimeridian (as `band_polygon` makes them).

    Returns
    -------
    shapely geometry
        Valid; shells counter-clockwise. Empty if there is no polygon.

    Raises
    ------
    ArgumentError
        If an item is no valid polygon within the globe, or a frame is not in EPSG:4326.

    Examples
    --------
    >>> footprint([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)]).bounds
    (0.0, 0.0, 3.0, 1.0)
    """
    return oriented(polygonal(_geos.union_all(check_polygons(polygons, "polygon").ravel())))


def intersection(a: ShapesLike, b: ShapesLike) -> BaseGeometry:
    """Return the polygons that two footprints share (lines and points are dropped).

    Parameters
    ----------
    a, b : shapely polygon, or what `footprint` takes
        EPSG:4326; of several polygons the union is meant.

    Returns
    -------
    shapely geometry
        Valid; shells counter-clockwise; empty if they share no area.

    Raises
    ------
    ArgumentError
        As for `footprint`.

    Examples
    --------
    >>> intersection(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)).is_empty
    True
    """
    return _overlay(_geos.intersection, a, b)


def difference(a: ShapesLike, b: ShapesLike) -> BaseGeometry:
    """Return what the first footprint covers and the second does not.

    Parameters, result and errors are those of `intersection`.

    Examples
    --------
    >>> difference(shapely.box(0, 0, 2, 1), shapely.box(1, 0, 2, 1)).bounds
    (0.0, 0.0, 1.0, 1.0)
    """
    return _overlay(_geos.difference, a, b)


def symmetric_difference(a: ShapesLike, b: ShapesLike) -> BaseGeometry:
    """Return what one of two footprints covers and the other does not.

    Parameters, result and errors are those of `intersection`.

    Examples
    --------
    >>> one, other = shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)
    >>> symmetric_difference(one, other).area
    2.0
    """
    return _overlay(_geos.symmetric_difference, a, b)


def area_km2(geometry: ShapesLike) -> Any:
    """Return the area on the WGS 84 ellipsoid of polygons as drawn in EPSG:4326.

    Edges are taken as straight in longitude and latitude, so edges along +-180 and +-90
    enclose exactly what they enclose on the map: a polygon that holds a pole, or the
    world less a hole, needs no special case.

    Parameters
    ----------
    geometry : shapely geometry, or an array, GeoSeries or GeoDataFrame of them
        Polygons, EPSG:4326; anything else has area 0.

    Returns
    -------
    float or numpy.ndarray
        Square kilometres, never negative; an array of the shape given, a float for one
        geometry.

    Raises
    ------
    ArgumentError
        If a geometry is invalid or leaves the globe, or a frame is not in EPSG:4326.

    References
    ----------
    Snyder, J. P. (1987). Map projections: a working manual, eq. 3-12 (authalic latitude).

    Examples
    --------
    >>> round(area_km2(shapely.box(-180, -90, 180, 90)))
    510065622
    >>> area_km2([shapely.box(0, 0, 1, 1), shapely.Point(0, 0)]).round(1).tolist()
    [12308.5, 0.0]
    """
    shapes = check_shapes(geometry)
    areas = areas_m2(shapes.ravel()) / 1e6
    return areas.reshape(shapes.shape) if shapes.ndim else float(areas[0])


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a result of an overlay, without its lines and points."""
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    parts = shapely.get_parts(geometry)
    kept = parts[shapely.area(parts) > 0]
    return _geos.union_all(kept) if len(kept) else shapely.MultiPolygon()


def oriented(geometry: BaseGeometry) -> BaseGeometry:
    """Return polygons with shells counter-clockwise and holes clockwise (RFC 7946)."""
    turned: BaseGeometry = shapely.orient_polygons(geometry, exterior_cw=False)
    return turned


def _overlay(operation: Callable[..., BaseGeometry], a: ShapesLike, b: ShapesLike) -> BaseGeometry:
    first, second = check_polygon(a, "first footprint"), check_polygon(b, "second footprint")
    return oriented(polygonal(operation(first, second)))
