"""Direct and inverse geodesics on the WGS 84 ellipsoid, on arrays.

References
----------
Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pyproj import Geod

from rangemap.geodesy._validation import (
    Floats,
    broadcast,
    check_lat,
    check_length_km,
    check_lon,
    check_numbers,
)

GEOD: Final = Geod(ellps="WGS84")
EQUATORIAL_RADIUS_M: Final = float(GEOD.a)
ECCENTRICITY: Final = float(np.sqrt(GEOD.es))


def distance_km(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> Any:
    """Return the length of the geodesic between points.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : array_like
        Degrees, EPSG:4326; longitudes in [-180, 180] (0 to 360 is accepted),
        latitudes in [-90, 90]. The four broadcast against each other.

    Returns
    -------
    float or numpy.ndarray
        Kilometres, of the broadcast shape; a float if all four are scalars.

    Raises
    ------
    ArgumentError
        If a coordinate is not a finite number in its range.

    Examples
    --------
    >>> round(distance_km(37.617, 55.752, 9.275, 49.129), 1)
    2045.7
    """
    shape, arrays = _broadcast(lon1, lat1, lon2, lat2)
    return _shaped(inverse(*arrays)[1] / 1000, shape)


def azimuth_deg(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> Any:
    """Return the azimuth at the first point of the geodesic to the second.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : array_like
        Degrees, EPSG:4326; they broadcast against each other.

    Returns
    -------
    float or numpy.ndarray
        Degrees clockwise from north, in [0, 360).

    Examples
    --------
    >>> azimuth_deg(0, 0, 10, 0)
    90.0
    """
    shape, arrays = _broadcast(lon1, lat1, lon2, lat2)
    return _shaped(_compass(inverse(*arrays)[0]), shape)


def arrival_azimuth_deg(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> Any:
    """Return the azimuth in which the geodesic from the first point runs on at the second.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : array_like
        Degrees, EPSG:4326; they broadcast against each other.

    Returns
    -------
    float or numpy.ndarray
        Degrees clockwise from north, in [0, 360).

    Raises
    ------
    ArgumentError
        If a coordinate is not a finite number in its range.

    Examples
    --------
    >>> round(arrival_azimuth_deg(0, 50, 90, 50), 1)
    127.5
    """
    shape, (from_lon, from_lat, to_lon, to_lat) = _broadcast(lon1, lat1, lon2, lat2)
    back, _ = inverse(to_lon, to_lat, from_lon, from_lat)
    return _shaped(_compass(back + 180.0), shape)


def destination(
    lon: npt.ArrayLike, lat: npt.ArrayLike, azimuth_deg: npt.ArrayLike, distance_km: npt.ArrayLike
) -> tuple[Any, Any]:
    """Return where a geodesic of given azimuth and length ends.

    Parameters
    ----------
    lon, lat : array_like
        Start, degrees, EPSG:4326.
    azimuth_deg : array_like
        Degrees clockwise from north.
    distance_km : array_like
        Kilometres, zero or more.

    Returns
    -------
    lon, lat : float or numpy.ndarray
        Degrees; longitude in [-180, 180].

    Raises
    ------
    ArgumentError
        If a value is not a finite number, a coordinate is out of range, or a distance negative.

    Examples
    --------
    >>> lon, lat = destination(0, 0, 90, 111.319490793)
    >>> round(lon, 6), round(lat, 6)
    (1.0, 0.0)
    """
    start_lon, start_lat, azimuth, length = broadcast(
        check_lon(lon),
        check_lat(lat),
        check_numbers(azimuth_deg, "azimuth"),
        check_length_km(distance_km),
    )
    end_lon, end_lat = forward(
        start_lon.ravel(), start_lat.ravel(), azimuth.ravel(), length.ravel() * 1000
    )
    return _shaped(end_lon, start_lon.shape), _shaped(end_lat, start_lon.shape)


def forward(lon: Floats, lat: Floats, azimuth: Floats, metres: Floats) -> tuple[Floats, Floats]:
    """Solve direct geodesics on flat arrays of one length; unchecked."""
    if lon.size == 1:  # PROJ takes an array of one for a number, which numpy deprecates
        one_lon, one_lat, _ = GEOD.fwd(lon.item(), lat.item(), azimuth.item(), metres.item())
        return np.array([one_lon]), np.array([one_lat])
    end_lon, end_lat, _ = GEOD.fwd(lon, lat, azimuth, metres)
    return np.asarray(end_lon), np.asarray(end_lat)


def inverse(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> tuple[Floats, Floats]:
    """Solve inverse geodesics on flat arrays of one length: azimuth (degrees) and metres."""
    if lon1.size == 1:
        azimuth, _, metres = GEOD.inv(lon1.item(), lat1.item(), lon2.item(), lat2.item())
        return np.array([azimuth]), np.array([metres])
    azimuths, _, lengths = GEOD.inv(lon1, lat1, lon2, lat2)
    return np.asarray(azimuths), np.asarray(lengths)


def _broadcast(
    lon1: npt.ArrayLike, lat1: npt.ArrayLike, lon2: npt.ArrayLike, lat2: npt.ArrayLike
) -> tuple[tuple[int, ...], tuple[Floats, Floats, Floats, Floats]]:
    a, b, c, d = broadcast(check_lon(lon1), check_lat(lat1), check_lon(lon2), check_lat(lat2))
    return a.shape, (a.ravel(), b.ravel(), c.ravel(), d.ravel())


def _shaped(result: Floats, shape: tuple[int, ...]) -> Any:
    return result.reshape(shape) if shape else float(result[0])


def _compass(azimuth: Floats) -> Floats:
    """Return azimuths in [0, 360); the remainder of -1e-15 would round to 360."""
    turned = np.mod(azimuth, 360.0)
    return np.where(turned == 360.0, 0.0, turned)
