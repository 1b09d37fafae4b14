"""Launch from anywhere in a territory: buffers, bands and distances of lines and polygons.

A buffer is the union of exact discs round those points of the territory's boundary that support it.
It is grown until a measurement of its own boundary finds nothing missed; `certify` repeats that
measurement independently.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _geos
from rangemap.geodesy._boundary import ON_SEAM_DEG, Objects
from rangemap.geodesy._core import core_area
from rangemap.geodesy._discs import polygonal
from rangemap.geodesy._edge_distance import EdgeIndex
from rangemap.geodesy._outline import (
    Outline,
    outline_of,
    read_outline,
    read_outlines,
)
from rangemap.geodesy._shapes import listed
from rangemap.geodesy._support import buffer_area, buffer_areas
from rangemap.geodesy._validation import (
    Floats,
    broadcast,
    check_band_km,
    check_distance_km,
    check_lat,
    check_lon,
    check_tolerance_m,
    one_number,
)

__all__ = ["buffer", "buffers", "territory_band", "territory_distance_km"]

_OF_WIDTH: Final = 250.0  # metres of tolerance for each km of a band's width, at most


def buffer(
    geometry: BaseGeometry, distance_km: float, tolerance_m: float = 100
) -> Polygon | MultiPolygon:
    """Return all points within a geodesic distance of somewhere in a territory.

    Parameters
    ----------
    geometry : shapely geometry
        Points, lines, polygons, or collections of them, EPSG:4326, edges straight in
        longitude and latitude; cut at the antimeridian (RFC 7946), or with longitudes up
        to 360. Polygons may have holes and hold a pole. Heights are ignored.
    distance_km : float
        Radius in (0, 19,950] km.
    tolerance_m : float, default 100
        In [1, 10,000]. Every point of the boundary, drawn straight in longitude and latitude or
        straight in Web Mercator, lies so far from the territory as the radius says, within this:
        D - r in [-tolerance, tolerance]. Web Mercator counts within +-85.0511 degrees.

    Returns
    -------
    shapely.Polygon or shapely.MultiPolygon
        Valid, EPSG:4326, cut at the antimeridian, poles enclosed, shells
        counter-clockwise (RFC 7946).

    Raises
    ------
    ArgumentError
        If the geometry is not of shapely, empty, invalid, out of range or ambiguous at the
        antimeridian, a number is out of its range, or the distance so small beside the length of
        the boundary that over 100,000 discs would be needed.

    See Also
    --------
    buffers : for many territories.
    certify : measure the result.
    ring_polygon : the same for one site.

    Examples
    --------
    >>> island = shapely.box(178, -19, 181, -16)
    >>> around = buffer(island, 500)
    >>> around.is_valid, around.geom_type, around.covers(shapely.Point(-175, -17))
    (True, 'MultiPolygon', True)
    """
    radius_m = one_number(check_distance_km(distance_km), "distance") * 1000
    tolerance = one_number(check_tolerance_m(tolerance_m), "tolerance")
    return _oriented(buffer_area(read_outline(geometry), radius_m, tolerance))


def buffers(
    geometries: Iterable[BaseGeometry], distance_km: npt.ArrayLike, tolerance_m: float = 100
) -> Objects:
    """Return the buffers of many territories; several times as fast as one after another.

    Parameters
    ----------
    geometries : iterable of shapely geometries
        n territories, each as for `buffer`; a GeoSeries in EPSG:4326, say.
    distance_km : float or array_like, shape (n,)
        Radius in (0, 19,950] km, one for all or one for each.
    tolerance_m : float, default 100
        As for `buffer`.

    Returns
    -------
    numpy.ndarray of object, shape (n,)
        What `buffer` returns for each, within the tolerance. The last digits of coordinates may
        depend on which territories stand side by side; the same call always gives the same.

    Raises
    ------
    ArgumentError
        As for `buffer`, with the index of the territory; or if there are not as many distances
        as territories, or the coordinate system is not EPSG:4326.

    Examples
    --------
    >>> islands = [shapely.box(178, -19, 181, -16), shapely.box(-26, 63, -13, 66)]
    >>> [area.geom_type for area in buffers(islands, [500, 2_000])]
    ['MultiPolygon', 'Polygon']
    """
    given = listed(geometries, "territories")
    radii_km = np.asarray(check_distance_km(distance_km))
    tolerance = one_number(check_tolerance_m(tolerance_m), "tolerance")
    if radii_km.ndim > 1 or (radii_km.ndim and len(radii_km) != len(given)):
        raise ArgumentError(
            f"{len(given)} territories need one distance or {len(given)}, not an array of shape "
            f"{radii_km.shape}"
        )
    outlines = read_outlines(given)
    result = np.empty(len(given), dtype=object)
    each = np.broadcast_to(radii_km, len(given))
    for radius_km in np.unique(each):
        some = np.flatnonzero(each == radius_km)
        result[some] = buffer_areas(outlines.at(some), radius_km * 1000, tolerance)
    return _canonical(result)


def territory_band(
    geometry: BaseGeometry,
    min_km: float,
    max_km: float,
    tolerance_m: float = 100,
    mode: Literal["any", "all"] = "any",
) -> Polygon | MultiPolygon:
    """Return all points between a minimum and a maximum distance of a territory.

    Parameters
    ----------
    geometry : shapely geometry
        As for `buffer`.
    min_km, max_km : float
        0 <= min_km < max_km <= 19,950 km.
    tolerance_m : float, default 100
        As for `buffer`; a band thinner than four tolerances is drawn finer.
    mode : {"any", "all"}
        "any": some point of the territory has the place between the minimum and the maximum,
        so a launcher that may move can reach it. "all": every point of the territory has, so a
        launcher reaches it wherever it stands.

    Returns
    -------
    shapely.Polygon or shapely.MultiPolygon
        Valid, EPSG:4326, as `buffer`. With "all" it is empty if no place qualifies.

    Raises
    ------
    ArgumentError
        As for `buffer`, or if the mode is neither.

    Notes
    -----
    Distances from a place to a connected part take all values between the nearest and the
    farthest. So for "any", a place is in the band of a part if its nearest point is within the
    maximum and its farthest point beyond the minimum; parts are united. Parts that touch, as at the
    antimeridian, need not be joined first, for at the point that they share their distances
    agree. For "all", the farthest point of the whole territory is within the maximum, and the
    nearest beyond the minimum. The farthest point is on the boundary, unless the territory holds
    the place's antipode, which is farther than any range accepted here.

    Examples
    --------
    >>> strip = shapely.LineString([(0, 0), (10, 0)])
    >>> either = territory_band(strip, 300, 500)
    >>> every = territory_band(strip, 300, 1_000, mode="all")
    >>> middle, north = shapely.Point(5, 0), shapely.Point(5, 4)
    >>> [area.covers(place) for area in (either, every) for place in (middle, north)]
    [True, True, False, True]
    """
    inner_km, outer_km = check_band_km(min_km, max_km)
    inner, outer = one_number(inner_km, "minimum range"), one_number(outer_km, "maximum range")
    if mode not in ("any", "all"):
        raise ArgumentError(f"mode {mode!r} is neither 'any' nor 'all'")
    tolerance = one_number(check_tolerance_m(tolerance_m), "tolerance")
    tolerance = min(tolerance, (outer - inner) * _OF_WIDTH)
    outline = read_outline(geometry)
    if mode == "all":
        area = core_area(outline, outer * 1000, tolerance)
        if inner > 0 and not area.is_empty:
            area = _geos.difference(area, buffer_area(outline, inner * 1000, tolerance))
        return _oriented(polygonal(area))
    if inner == 0:
        return _oriented(buffer_area(outline, outer * 1000, tolerance))
    return _oriented(_any_band(outline, inner * 1000, outer * 1000, tolerance))


def territory_distance_km(geometry: BaseGeometry, lon: npt.ArrayLike, lat: npt.ArrayLike) -> Any:
    """Return the geodesic distance from a territory to places.

    Parameters
    ----------
    geometry : shapely geometry
        As for `buffer`.
    lon, lat : array_like
        Places, degrees, EPSG:4326; they broadcast against each other.

    Returns
    -------
    float or numpy.ndarray
        Kilometres to the nearest point on or in the territory, 0 inside; at most 0.5 mm more
        than the exact distance, and never less. A float if both are scalars.

    Raises
    ------
    ArgumentError
        As for `buffer`, or if a coordinate is not a finite number in its range.

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> territory_distance_km(square, [0.5, 2, 0.5], [0.5, 0, 2]).round(3).tolist()
    [0.0, 111.319, 110.575]
    """
    outline = read_outline(geometry)
    place_lon, place_lat = broadcast(check_lon(lon), check_lat(lat))
    flat_lon, flat_lat = place_lon.ravel(), place_lat.ravel()
    result = np.zeros(len(flat_lon))
    apart = np.flatnonzero(~holds(outline, flat_lon, flat_lat))
    result[apart] = EdgeIndex(outline).nearest(flat_lon[apart], flat_lat[apart])[0] / 1000
    return result.reshape(place_lon.shape) if place_lon.shape else float(result[0])


def holds(outline: Outline, lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Return which places lie in or on the polygons of an outline."""
    if outline.area.is_empty:
        return np.zeros(len(lon), dtype=bool)
    shapely.prepare(outline.area)
    inside: npt.NDArray[np.bool_] = shapely.intersects_xy(outline.area, lon, lat)
    on_seam = np.abs(np.abs(lon) - 180) <= ON_SEAM_DEG
    for side in (-180.0, 180.0):
        inside[on_seam] |= shapely.intersects_xy(outline.area, side, lat[on_seam])
    return inside


def _any_band(outline: Outline, inner_m: float, outer_m: float, tolerance_m: float) -> BaseGeometry:
    """Return the union of the bands of the parts, each of which is connected."""
    bands, whole = [], []
    for index in range(len(outline.simple)):
        part = outline_of(outline.simple[index : index + 1])
        core = core_area(part, inner_m, tolerance_m)
        if core.is_empty:
            whole.append(part.simple)
        else:
            bands.append(polygonal(_geos.difference(buffer_area(part, outer_m, tolerance_m), core)))
    if whole:
        bands.append(buffer_area(outline_of(np.concatenate(whole)), outer_m, tolerance_m))
    return _geos.union_all(bands)


def _oriented(area: BaseGeometry) -> Polygon | MultiPolygon:
    only = np.empty(1, dtype=object)
    only[0] = area
    oriented: Polygon | MultiPolygon = _canonical(only)[0]
    return oriented


def _snapped(xy: Floats) -> Floats:
    limits = np.copysign([180.0, 90.0], xy)
    return np.where(np.abs(xy - limits) <= ON_SEAM_DEG, limits, xy)


def _canonical(areas: Objects) -> Objects:
    """Return areas with shells counter-clockwise, and no two vertices within 0.1 mm in a row."""
    # Where unions meet the antimeridian they leave vertices that rounding alone keeps apart.
    bounds = shapely.bounds(areas)
    at_seam = np.flatnonzero((bounds[:, 0] == -180) | (bounds[:, 2] == 180))
    spare = shapely.transform(areas[at_seam], _snapped)
    spare = shapely.remove_repeated_points(spare, ON_SEAM_DEG)
    valid = shapely.is_valid(spare) & ~shapely.is_empty(spare)
    areas[at_seam[valid]] = spare[valid]
    oriented: Objects = shapely.orient_polygons(areas, exterior_cw=False)
    return oriented
