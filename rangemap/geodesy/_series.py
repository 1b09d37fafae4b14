"""A whole geodesic circle from eleven geodesics: the series that every ring is drawn from.

Seen from a site at longitude 0, the earth-centred coordinates x and z of a geodesic
circle are even functions of azimuth and y is an odd one, with Fourier coefficients that
fall like powers of the squared eccentricity. Eleven direct geodesics, at azimuths 0, 18,
..., 180 degrees, therefore give the circle everywhere to better than 0.1 micrometre, for
any radius up to 19,950 km. With c = cos(azimuth) and s = sin(azimuth), x and z are
polynomials in c, and y is s times a polynomial in c, which Horner's rule evaluates.

Arrays here are *ragged*: the points of ring 0, then those of ring 1, and so on, with an
array of counts beside them. Azimuths are radians.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import ECCENTRICITY, EQUATORIAL_RADIUS_M, forward

Ints = npt.NDArray[np.int64]

E2: Final = ECCENTRICITY**2
_DEGREE: Final = 10
_FITTED: Final = np.linspace(0.0, 180.0, _DEGREE + 1)


def _powers_of_chebyshev(slope: float) -> Floats:
    """Return coefficients, ascending powers down, of T_k (slope 1) or U_k (slope 2) across."""
    table = np.zeros((_DEGREE + 1, _DEGREE + 1))
    table[0, 0] = 1.0
    table[1, 1] = slope
    for k in range(2, _DEGREE + 1):
        table[1:, k] = 2 * table[:-1, k - 1]
        table[:, k] -= table[:, k - 2]
    return table


_ALMOST_ONE: Final = 1 - 1e-16
_ANGLE: Final = np.radians(_FITTED)
_ORDER: Final = np.arange(_DEGREE + 1)
_INNER: Final = slice(1, _DEGREE)  # y vanishes at both ends
# From samples to Fourier coefficients, and from those to powers of c. In one matrix the two
# would lose four digits to cancellation.
_TO_COSINES: Final = np.linalg.inv(np.cos(np.outer(_ANGLE, _ORDER)))
_TO_SINES: Final = np.linalg.inv(np.sin(np.outer(_ANGLE[_INNER], _ORDER[_INNER])))
_COSINES_TO_POWERS: Final = _powers_of_chebyshev(1.0)  # cos(k azimuth) = T_k(c)
_SINES_TO_POWERS: Final = _powers_of_chebyshev(2.0)[: _DEGREE - 1, : _DEGREE - 1]  # s U_(k-1)(c)


@dataclass(frozen=True)
class Series:
    """Rings, in metres: coefficients, shape (power of c, ring), and Fourier coefficients."""

    x: Floats
    y: Floats
    z: Floats
    x_cosines: Floats
    y_sines: Floats
    z_cosines: Floats


@dataclass(frozen=True)
class Points:
    """Points of half rings: all arrays have one length.

    Attributes
    ----------
    azimuth : radians at the site, in [0, pi]
    x, y, z : earth-centred metres, the site at longitude 0
    axis : metres to the Earth's axis
    dlon, lat : radians; dlon in [0, pi]
    sin_lat, cos_lat : of the latitude
    mercator : Web Mercator ordinate, in radii of its sphere; at a pole, about 18
    meridian : radius of curvature of the meridian, metres
    east, north : velocity, metres per radian of azimuth
    """

    azimuth: Floats
    x: Floats
    y: Floats
    z: Floats
    axis: Floats
    dlon: Floats
    lat: Floats
    sin_lat: Floats
    cos_lat: Floats
    mercator: Floats
    meridian: Floats
    east: Floats
    north: Floats

    def at(self, index: Ints | slice) -> Points:
        """Return some of the points."""
        return Points(*(values[index] for values in _values(self)))

    def merged(self, at: Ints, new: Points) -> Points:
        """Return these points with new ones inserted before positions `at`."""
        return Points(
            *(np.insert(a, at, b) for a, b in zip(_values(self), _values(new), strict=True))
        )


def _values(points: Points) -> list[Floats]:
    return [getattr(points, field.name) for field in fields(points)]


def fit(lat: Floats, radius_m: Floats) -> Series:
    """Return the series of rings round sites at longitude 0 and the given latitudes (degrees)."""
    shape = (len(lat), len(_FITTED))
    azimuth = np.broadcast_to(_FITTED, shape).ravel()
    sites, radii = np.repeat(lat, len(_FITTED)), np.repeat(radius_m, len(_FITTED))
    lons, lats = (np.radians(v) for v in forward(np.zeros(azimuth.size), sites, azimuth, radii))
    x, y, z = (v.reshape(shape) for v in to_earth_centred(lons, lats))
    fourier = _TO_COSINES @ x.T, _TO_SINES @ y[:, _INNER].T, _TO_COSINES @ z.T
    return Series(
        _COSINES_TO_POWERS @ fourier[0],
        _SINES_TO_POWERS @ fourier[1],
        _COSINES_TO_POWERS @ fourier[2],
        *fourier,
    )


def to_earth_centred(lon: Floats, lat: Floats) -> tuple[Floats, Floats, Floats]:
    """Return metres from the centre of the Earth, for points on the ellipsoid (radians)."""
    sin_lat, cos_lat = np.sin(lat), np.cos(lat)
    normal = EQUATORIAL_RADIUS_M / np.sqrt(1 - E2 * sin_lat * sin_lat)
    axis = normal * cos_lat
    return axis * np.cos(lon), axis * np.sin(lon), normal * (1 - E2) * sin_lat


def positions(series: Series, counts: Ints, azimuth: Floats) -> tuple[Floats, Floats, Floats]:
    """Return earth-centred metres of points of rings."""
    c, s = np.cos(azimuth), np.sin(azimuth)
    x, y, z = (_horner(values, counts, c) for values in (series.x, series.y, series.z))
    return x, s * y, z


def horizontal(
    series: Series, counts: Ints, azimuth: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Return x and y of points of rings, each with its derivative by azimuth."""
    return _horizontal(series, counts, np.cos(azimuth), np.sin(azimuth))


def points(series: Series, counts: Ints, azimuth: Floats) -> Points:
    """Return points of rings with all that is needed to judge the edges between them."""
    c, s = np.cos(azimuth), np.sin(azimuth)
    (x, dx), (y, dy) = _horizontal(series, counts, c, s)
    z, z_slope = _horner_with_slope(series.z, counts, c)
    dz = -s * z_slope
    axis = np.sqrt(x * x + y * y)
    flat = (1 - E2) * axis
    normal = np.sqrt(z * z + flat * flat)
    sin_lat, cos_lat = z / normal, flat / normal
    w2 = 1 - E2 * sin_lat * sin_lat
    return Points(
        azimuth=azimuth,
        x=x,
        y=y,
        z=z,
        axis=axis,
        dlon=np.abs(np.arctan2(y, x)),
        lat=np.arctan2(z, flat),
        sin_lat=sin_lat,
        cos_lat=cos_lat,
        mercator=np.arctanh(np.clip(sin_lat, -_ALMOST_ONE, _ALMOST_ONE)),
        meridian=EQUATORIAL_RADIUS_M * (1 - E2) / (w2 * np.sqrt(w2)),
        east=(x * dy - y * dx) / axis,
        north=dz * cos_lat - (x * dx + y * dy) / axis * sin_lat,
    )


def _horizontal(
    series: Series, counts: Ints, c: Floats, s: Floats
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    x, x_slope = _horner_with_slope(series.x, counts, c)
    y, y_slope = _horner_with_slope(series.y, counts, c)
    return (x, -s * x_slope), (s * y, c * y - s * s * y_slope)


def _horner(values: Floats, counts: Ints, c: Floats) -> Floats:
    total = np.repeat(values[-1], counts)
    for row in values[-2::-1]:
        total *= c
        total += np.repeat(row, counts)
    return total


def _horner_with_slope(values: Floats, counts: Ints, c: Floats) -> tuple[Floats, Floats]:
    total = np.repeat(values[-1], counts)
    slope = np.zeros(len(c))
    for row in values[-2::-1]:
        slope *= c
        slope += total
        total *= c
        total += np.repeat(row, counts)
    return total, slope
