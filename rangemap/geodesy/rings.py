"""Range rings and bands: geodesic circles as valid EPSG:4326 polygons.

The ring is followed by exact geodesics in azimuth; an edge is split until its points,
straight in longitude and latitude or straight in Web Mercator, lie within the tolerance
of the true ring. The antimeridian is cut where the ring truly crosses it, and a pole
inside the ring is enclosed by edges along +-180 and +-90, as RFC 7946 asks.

One symmetry keeps this short: a ring is its own mirror image in the meridian of its
site, and sites may be mirrored in the equator and in longitude 0. So every ring is
computed as an *eastern half* of a site at longitude and latitude >= 0.

References
----------
Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
RFC 7946, The GeoJSON Format, sections 3.1.6, 3.1.9 and 5.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, box

from rangemap.geodesy._half import HalfRing, crossing_azimuths, half_ring
from rangemap.geodesy._validation import (
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
    "ring_polygon",
    "ring_polygons",
    "unwrapped_ring",
]

WORLD: Final = box(-180, -90, 180, 90)
_ON_SEAM_DEG: Final = 1e-9  # 0.1 mm: a site this near to +-180 is taken to lie on it
# A thinner overhang beyond +-180 is flattened: this share of the tolerance, or of the radius.
_SLIVER_SHARE: Final = 0.05
_SLIVER_OF_RADIUS: Final = 1e-4

Poles = Literal["none", "north", "south", "both"]


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
    site_lon, site_lat = float(check_lon(lon)), float(check_lat(lat))
    radius_m = float(check_distance_km(distance_km)) * 1000
    shells, _, poles = _pieces(site_lon, site_lat, radius_m, check_tolerance_m(tolerance_m))
    polygons = [Polygon(shell) for shell in shells]
    whole: Polygon | MultiPolygon = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    if poles == "both":
        whole = shapely.difference(WORLD, whole)
    return shapely.orient_polygons(whole, exterior_cw=False)


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
    inner_km, outer_km = (float(value) for value in check_band_km(min_km, max_km))
    tolerance = check_tolerance_m(tolerance_m)
    tolerance = max(min(tolerance, (outer_km - inner_km) * 250), 1.0)
    outer = ring_polygon(lon, lat, outer_km, tolerance_m=tolerance)
    if inner_km == 0:
        return outer
    inner = ring_polygon(lon, lat, inner_km, tolerance_m=tolerance)
    band = shapely.difference(outer, inner)
    return shapely.orient_polygons(band, exterior_cw=False)


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
    return _map_polygons(ring_polygon, arrays, tolerance_m)


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
    inner, outer = check_band_km(min_km, max_km)
    arrays = broadcast(check_lon(lon), check_lat(lat), inner, outer)
    return _map_polygons(band_polygon, arrays, tolerance_m)


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
    site_lon, site_lat = float(check_lon(lon)), float(check_lat(lat))
    radius_m = float(check_distance_km(distance_km)) * 1000
    _, lines, _ = _pieces(site_lon, site_lat, radius_m, check_tolerance_m(tolerance_m))
    return LineString(lines[0]) if len(lines) == 1 else MultiLineString(lines)


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
    radius_m = float(check_distance_km(distance_km)) * 1000
    half = half_ring(abs(site_lat), radius_m, check_tolerance_m(tolerance_m))
    far = 360.0 if half.poles_inside == 2 else 0.0
    relative = np.concatenate([half.dlon, far - half.dlon[-2::-1]])
    lats = np.concatenate([half.lat, half.lat[-2::-1]])
    return UnwrappedRing(
        lon=site_lon + relative,
        lat=np.copysign(1.0, site_lat) * lats,
        poles=_poles(half, site_lat),
    )


def _map_polygons(
    make: Callable[..., Polygon | MultiPolygon],
    arrays: Sequence[Floats],
    tolerance_m: float,
) -> npt.NDArray[np.object_]:
    result = np.empty(arrays[0].shape, dtype=object)
    flat = result.ravel()
    for index, values in enumerate(zip(*(array.ravel() for array in arrays), strict=True)):
        flat[index] = make(*map(float, values), tolerance_m=tolerance_m)
    return flat.reshape(result.shape)


def _poles(half: HalfRing, site_lat: float) -> Poles:
    if half.poles_inside == 2:
        return "both"
    if half.poles_inside == 0:
        return "none"
    return "south" if np.copysign(1.0, site_lat) < 0 else "north"


def _pieces(
    lon: float, lat: float, radius_m: float, tolerance_m: float
) -> tuple[list[Floats], list[Floats], Poles]:
    """Return shells to fill and lines to stroke; with both poles, shells are the outside."""
    half = half_ring(abs(lat), radius_m, tolerance_m)
    east = abs(lon)
    if 180 - east < _ON_SEAM_DEG:
        east = 180.0
    assemble = _enclosing_one_pole if half.poles_inside == 1 else _simple
    shells, lines = assemble(half, east, tolerance_m)
    mirror = np.array([np.copysign(1.0, lon), np.copysign(1.0, lat)])
    return [s * mirror for s in shells], [line * mirror for line in lines], _poles(half, lat)


def _simple(
    half: HalfRing, site_lon: float, tolerance_m: float
) -> tuple[list[Floats], list[Floats]]:
    """Assemble a loop round the site (no pole inside) or round its antipode (both)."""
    both = half.poles_inside == 2
    dlon, lat = half.dlon, half.lat
    # Longitudes from the centre of the loop, east positive, so one code serves both cases.
    offset = 180 - dlon if both else dlon
    centre = site_lon - 180 if both else site_lon
    room = 180 + centre if both else 180 - centre  # to the seam, on the side of `offset`
    side = -1.0 if both else 1.0
    near = np.column_stack([centre + side * offset, lat])
    far = np.column_stack([centre - side * offset, lat])[-2:0:-1]
    width_m = (offset.max() - room) * 111_320 * np.cos(np.radians(lat[offset.argmax()]))
    thinnest_m = min(_SLIVER_SHARE * tolerance_m, _SLIVER_OF_RADIUS * half.radius_m)
    if width_m <= thinnest_m and room > 0:
        near[:, 0] = np.where(offset > room, side * 180.0, near[:, 0])
        loop = np.concatenate([near, far, near[:1]])
        return [loop], [loop]
    first, second = crossing_azimuths(half, 180 - room if both else room)
    before, beyond, after = (
        (half.azimuth < first.azimuth) & (offset < room),
        (half.azimuth > first.azimuth) & (half.azimuth < second.azimuth) & (offset > room),
        (half.azimuth > second.azimuth) & (offset < room),
    )
    cut = np.array([[side * 180.0, first.lat], [side * 180.0, second.lat]])
    main = np.concatenate([cut[1:], near[after], far, near[before], cut[:1]])
    over = np.column_stack([near[beyond, 0] - side * 360, lat[beyond]])
    rest = np.concatenate([cut[:1] * [-1, 1], over, cut[1:] * [-1, 1]])
    if room == 0:  # the site (or its antipode) lies on the seam, which halves the loop
        main = np.concatenate([cut[1:], far, cut[:1]])
    closed = [np.concatenate([line, line[:1]]) for line in (main, rest)]
    return closed, [main, rest]


def _enclosing_one_pole(
    half: HalfRing, site_lon: float, tolerance_m: float
) -> tuple[list[Floats], list[Floats]]:
    """Assemble a boundary that runs once round the north pole, from -180 to 180."""
    del tolerance_m
    room = 180 - site_lon
    cut = crossing_azimuths(half, room)[0]
    east = np.column_stack([site_lon + half.dlon, half.lat])
    west = np.column_stack([site_lon - half.dlon, half.lat])
    past = (half.dlon > room) & (half.dlon < 180)
    within = (half.dlon < room) & (half.dlon > 0)
    line = np.concatenate(
        [
            [[-180.0, cut.lat]],
            (east[past] - [360, 0])[::-1],
            west[(west[:, 0] > -180) & (west[:, 0] < 180)],
            east[within][::-1],
            [[180.0, cut.lat]],
        ]
    )
    shell = np.concatenate([line, [[180.0, 90.0], [-180.0, 90.0]], line[:1]])
    return [shell], [line]
