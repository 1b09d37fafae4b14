"""Range rings and bands: geodesic circles as valid EPSG:4326 polygons.

A ring is computed from eleven geodesics and gets as many vertices as its tolerance needs:
points of every edge, straight in longitude and latitude or straight in Web Mercator, lie
within the tolerance of the true ring. The antimeridian is cut where the ring truly crosses
it, and a pole inside the ring is enclosed by edges along +-180 and +-90, as RFC 7946 asks.
The method and its error are explained in docs/method.md.

References
----------
Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
RFC 7946, The GeoJSON Format, sections 3.1.6, 3.1.9 and 5.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon

from rangemap.errors import ArgumentError
from rangemap.geodesy import _assembly, _geos
from rangemap.geodesy._halves import half_rings
from rangemap.geodesy._validation import (
    MIN_DISTANCE_KM,
    Floats,
    broadcast,
    check_band_km,
    check_distance_km,
    check_lat,
    check_lon,
    check_tolerance_m,
)

__all__ = [
    "UnwrappedRing",
    "band_polygon",
    "band_polygons",
    "ring_outline",
    "ring_outlines",
    "ring_polygon",
    "ring_polygons",
    "unwrapped_ring",
]

_VERTICES_AT_ONCE: Final = 30_000  # arrays of one pass stay in the processor's cache
_FINEST_TOLERANCE_M: Final = 0.01
_OF_WIDTH: Final = 0.25  # tolerance of a thin band, as a share of its width

Poles = Literal["none", "north", "south", "both"]
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class UnwrappedRing:
    """A ring with continuous longitudes, for renderers that draw beyond +-180.

    Attributes
    ----------
    lon, lat : numpy.ndarray
        Degrees, shape (n,), in order of azimuth from north (0) through 360. Longitudes
        run on past +-180 without a jump. With one pole inside, they span 360 degrees
        and the line is open; else the last point equals the first.
    poles : {"none", "north", "south", "both"}
        The poles inside the ring. With both, the closed line bounds what is *outside*.
    """

    lon: Floats
    lat: Floats
    poles: Poles


def ring_polygon(
    lon: float, lat: float, distance_km: float, tolerance_m: float = 100
) -> Polygon | MultiPolygon:
    """Return all points within a geodesic distance of a site.

    Parameters
    ----------
    lon, lat : float
        Site, degrees, EPSG:4326.
    distance_km : float
        Radius in (0, 19,950] km.
    tolerance_m : float, default 100
        In [1, 10,000]. Every point of the drawn boundary lies within this of the true
        WGS 84 ring, whether edges are straight in EPSG:4326 or in EPSG:3857 (within
        +-85.0511 degrees).

    Returns
    -------
    shapely.Polygon or shapely.MultiPolygon
        Valid, EPSG:4326, cut at the antimeridian, poles enclosed, shells
        counter-clockwise (RFC 7946).

    Raises
    ------
    ArgumentError
        If a value is not a finite number in its range.

    Examples
    --------
    >>> moscow = ring_polygon(37.62, 55.75, 5_500)
    >>> moscow.is_valid, moscow.covers(shapely.Point(-150, 89.999))
    (True, True)
    """
    return _only(ring_polygons(lon, lat, distance_km, tolerance_m))


def band_polygon(
    lon: float, lat: float, min_km: float, max_km: float, tolerance_m: float = 100
) -> Polygon | MultiPolygon:
    """Return all points between a minimum and a maximum geodesic distance of a site.

    Parameters
    ----------
    lon, lat : float
        Site, degrees, EPSG:4326.
    min_km, max_km : float
        0 <= min_km < max_km <= 19,950 km. With min_km 0 the band is the whole ring.
    tolerance_m : float, default 100
        As for `ring_polygon`; a band thinner than four tolerances is drawn finer.

    Returns
    -------
    shapely.Polygon or shapely.MultiPolygon
        Valid, EPSG:4326, as `ring_polygon`.

    Raises
    ------
    ArgumentError
        If a value is out of range or the minimum is not less than the maximum.

    Examples
    --------
    >>> guam = band_polygon(144.9, 13.6, 500, 5_500)
    >>> guam.covers(shapely.Point(144.9, 13.6)), guam.covers(shapely.Point(121.6, 31.2))
    (False, True)
    """
    return _only(band_polygons(lon, lat, min_km, max_km, tolerance_m))


def ring_polygons(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    distance_km: npt.ArrayLike,
    tolerance_m: float = 100,
) -> npt.NDArray[np.object_]:
    """Return `ring_polygon` for arrays of sites and radii, which broadcast.

    Returns
    -------
    numpy.ndarray of object
        shapely polygons, of the broadcast shape.

    Examples
    --------
    >>> len(ring_polygons([0, 180], [0, 0], 500))
    2
    """
    arrays = broadcast(check_lon(lon), check_lat(lat), check_distance_km(distance_km))
    return _in_passes(_assembly.polygons, arrays, check_tolerance_m(tolerance_m))


def band_polygons(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    min_km: npt.ArrayLike,
    max_km: npt.ArrayLike,
    tolerance_m: float = 100,
) -> npt.NDArray[np.object_]:
    """Return `band_polygon` for arrays of sites and ranges, which broadcast.

    Returns
    -------
    numpy.ndarray of object
        shapely polygons, of the broadcast shape.

    Examples
    --------
    >>> band_polygons([0, 180], 0, 500, [1_000, 5_500]).shape
    (2,)
    """
    inner_km, outer_km = check_band_km(min_km, max_km)
    arrays = broadcast(check_lon(lon), check_lat(lat), inner_km, outer_km)
    shape = arrays[0].shape
    site_lon, site_lat, inner_km, outer_km = (array.ravel() for array in arrays)
    tolerance = np.minimum(check_tolerance_m(tolerance_m), (outer_km - inner_km) * 1000 * _OF_WIDTH)
    tolerance = np.maximum(tolerance, _FINEST_TOLERANCE_M)
    bands = _in_passes(_assembly.polygons, (site_lon, site_lat, outer_km), tolerance)
    holed = np.flatnonzero(inner_km >= MIN_DISTANCE_KM)
    inner = _in_passes(
        _assembly.polygons, (site_lon[holed], site_lat[holed], inner_km[holed]), tolerance[holed]
    )
    bands[holed] = _without(bands[holed], inner)
    return bands.reshape(shape)


def ring_outlines(
    lon: npt.ArrayLike,
    lat: npt.ArrayLike,
    distance_km: npt.ArrayLike,
    tolerance_m: float = 100,
) -> Objects:
    """Return `ring_outline` for arrays of sites and radii, which broadcast.

    Returns
    -------
    numpy.ndarray of object
        shapely lines, of the broadcast shape.

    Examples
    --------
    >>> [line.geom_type for line in ring_outlines([0, 180], 0, 500)]
    ['LineString', 'MultiLineString']
    """
    arrays = broadcast(check_lon(lon), check_lat(lat), check_distance_km(distance_km))
    return _in_passes(_assembly.outlines, arrays, check_tolerance_m(tolerance_m))


def ring_outline(
    lon: float, lat: float, distance_km: float, tolerance_m: float = 100
) -> LineString | MultiLineString:
    """Return the true boundary of a ring: no edge along +-180 or +-90.

    Parameters
    ----------
    lon, lat, distance_km, tolerance_m
        As for `ring_polygon`.

    Returns
    -------
    shapely.LineString or shapely.MultiLineString
        EPSG:4326, cut at the antimeridian.

    Examples
    --------
    >>> ring_outline(179.9, -16, 500).geom_type
    'MultiLineString'
    """
    return _only(ring_outlines(lon, lat, distance_km, tolerance_m))


def unwrapped_ring(
    lon: float, lat: float, distance_km: float, tolerance_m: float = 100
) -> UnwrappedRing:
    """Return a ring with continuous longitudes, never cut.

    Parameters
    ----------
    lon, lat, distance_km, tolerance_m
        As for `ring_polygon`.

    Returns
    -------
    UnwrappedRing
        The line and the poles inside.

    Examples
    --------
    >>> ring = unwrapped_ring(37.62, 55.75, 5_500)
    >>> ring.poles, round(float(abs(ring.lon[-1] - ring.lon[0])), 6)
    ('north', 360.0)
    """
    site_lon, site_lat = float(check_lon(lon)), float(check_lat(lat))
    radius_m = check_distance_km(distance_km) * 1000
    half = half_rings(
        np.atleast_1d(abs(site_lat)),
        np.atleast_1d(radius_m),
        np.atleast_1d(check_tolerance_m(tolerance_m)),
    )
    far = 360.0 if half.poles[0] == 2 else 0.0
    relative = np.concatenate([half.dlon, far - half.dlon[-2::-1]])
    lats = np.concatenate([half.lat, half.lat[-2::-1]])
    return UnwrappedRing(
        lon=site_lon + relative,
        lat=np.copysign(1.0, site_lat) * lats,
        poles=_poles(int(half.poles[0]), site_lat),
    )


def _only(shapes: Objects) -> Any:
    """Return the one shape of an array without axes."""
    if shapes.shape:
        raise ArgumentError(
            f"this takes one site, not an array of shape {shapes.shape}: "
            "use ring_polygons, band_polygons or ring_outlines"
        )
    return shapes.item()


def _in_passes(
    make: Callable[[Floats, Floats, Floats, Floats], Objects],
    arrays: tuple[Floats, ...],
    tolerance_m: float | Floats,
) -> Objects:
    """Make shapes of rings, some at a time."""
    shape = arrays[0].shape
    lon, lat, distance_km = (array.ravel() for array in arrays)
    radius_m = distance_km * 1000
    tolerance = np.broadcast_to(np.asarray(tolerance_m, dtype=np.float64), radius_m.shape)
    result = np.empty(len(radius_m), dtype=object)
    expected = 60 + 3.3 * np.sqrt(np.minimum(radius_m, 6e6) / tolerance)
    pass_of = np.cumsum(expected) // _VERTICES_AT_ONCE
    for some in np.split(np.arange(len(radius_m)), np.flatnonzero(np.diff(pass_of)) + 1):
        if some.size:
            result[some] = make(lon[some], lat[some], radius_m[some], tolerance[some])
    return result.reshape(shape)


def _without(outer: Objects, inner: Objects) -> Objects:
    """Return outer rings less inner rings round the same sites."""
    bounds = shapely.bounds(outer).reshape(-1, 4)
    simple = (bounds[:, 0] > -180) & (bounds[:, 2] < 180)  # no seam, no pole: the hole is a hole
    result = np.empty(len(outer), dtype=object)
    shells = shapely.get_exterior_ring(outer[simple])
    holes = shapely.reverse(shapely.get_exterior_ring(inner[simple]))
    result[simple] = shapely.polygons(shells, holes=holes[:, None])
    rest = _geos.difference(outer[~simple], inner[~simple])
    result[~simple] = shapely.orient_polygons(rest, exterior_cw=False)
    return result


def _poles(inside: int, site_lat: float) -> Poles:
    if inside == 0:
        return "none"
    if inside == 2:
        return "both"
    return "south" if np.copysign(1.0, site_lat) < 0 else "north"
