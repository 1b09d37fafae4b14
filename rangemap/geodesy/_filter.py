"""Which pairs of a site and a place are in range for certain, without a geodesic.

Put every point on the unit sphere at its reduced latitude beta, tan(beta) = (1 - f) tan(lat).
There the ellipsoid's metric is ds^2 = (a^2 sin^2 beta + b^2 cos^2 beta) dbeta^2 +
a^2 cos^2 beta dlon^2, which lies between b^2 and a^2 times the sphere's. Lengths of curves
and so distances obey

    b sigma <= s <= a sigma,    sigma the angle between the two unit vectors.

So s <= r for certain where cos(sigma) >= cos(r / a), and s > r where cos(sigma) < cos(r / b).
Cosines are dot products of unit vectors in float32. With u = 2^-24, rounding the vectors moves
a product by at most 2u, and three products with their sums by at most 3u / (1 - 3u), in any
order and with or without fused operations, each times sum |x_i y_i| <= 1; rounding the
threshold adds u. In all 6.01 u < 3.6e-7. `MARGIN` is 4e-7: the 0.4e-7 left over is an angle of
at least 0.4e-7 (0.25 m), far more than the float64 steps and Karney's 15 nm need.

Pairs between the two thresholds are doubtful and get the geodesic.

References
----------
Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.
Higham, N. J. (2002). Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._validation import Bools, Floats
from rangemap.geodesy.wgs84 import GEOD, inverse

Floats32 = npt.NDArray[np.float32]
Indexes = npt.NDArray[np.intp]

MARGIN: Final = 4e-7
A_KM: Final = float(GEOD.a) / 1000
B_KM: Final = float(GEOD.b) / 1000

# Small enough for the cache, and for OpenBLAS to stay in the calling thread (below 2^18 / 3
# products), so that its threads and ours do not compete. Long rows are fastest.
TILE: Final = 80_000
TILE_COLUMNS: Final = 20_000

_ALWAYS: Final = 2.0  # above every cosine
_NEVER: Final = -2.0  # below every cosine


@dataclass(frozen=True)
class Points:
    """Longitudes and latitudes (degrees) with their unit vectors, shape (size, 3)."""

    lon: Floats
    lat: Floats
    unit: Floats
    unit32: Floats32  # (size, 3)
    rows32: Floats32  # (3, size), the same

    @classmethod
    def of(cls, lon: Floats, lat: Floats) -> Points:
        """Return points at their reduced latitudes on the unit sphere."""
        unit = unit_vectors(lon, lat)
        single = unit.astype(np.float32)
        return cls(lon, lat, unit, single, np.ascontiguousarray(single.T))

    def __len__(self) -> int:
        return len(self.lon)

    def take(self, index: Indexes | slice) -> Points:
        """Return some of the points."""
        return Points(
            self.lon[index],
            self.lat[index],
            self.unit[index],
            self.unit32[index],
            self.rows32[:, index],
        )


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Return unit vectors at the reduced latitudes, shape (size, 3)."""
    phi, lam = np.radians(lat), np.radians(lon)
    across, up = np.cos(phi), (1 - float(GEOD.f)) * np.sin(phi)
    length = np.hypot(across, up)
    return np.column_stack([across * np.cos(lam), across * np.sin(lam), up]) / length[:, None]


@dataclass(frozen=True)
class Limits:
    """Ranges of sites and what they mean for the cosine of the angle, each of shape (size,).

    In range for certain: inside_from <= cosine <= inside_to.
    Out of range for certain: cosine < maybe_from or cosine > maybe_to.
    """

    min_km: Floats
    max_km: Floats
    inside_from: Floats32
    inside_to: Floats32
    maybe_from: Floats32
    maybe_to: Floats32
    has_min: bool

    @classmethod
    def of(cls, min_km: Floats, max_km: Floats) -> Limits:
        """Return the thresholds of ranges in km; see the top of this module."""
        some, none = ((min_km > 0) & (min_km / B_KM < np.pi), min_km == 0)
        inside_from = _cos(max_km / A_KM) + MARGIN
        maybe_from = _cos(max_km / B_KM) - MARGIN
        inside_to = np.where(some, _cos(min_km / B_KM) - MARGIN, np.where(none, _ALWAYS, _NEVER))
        maybe_to = np.where(none, _ALWAYS, _cos(min_km / A_KM) + MARGIN)
        return cls(
            min_km,
            max_km,
            inside_from.astype(np.float32),
            inside_to.astype(np.float32),
            maybe_from.astype(np.float32),
            maybe_to.astype(np.float32),
            has_min=bool((min_km > 0).any()),
        )

    def take(self, index: Indexes | slice) -> Limits:
        """Return the limits of some of the sites."""
        return Limits(
            self.min_km[index],
            self.max_km[index],
            self.inside_from[index],
            self.inside_to[index],
            self.maybe_from[index],
            self.maybe_to[index],
            self.has_min,
        )


def _cos(angle: Floats) -> Floats:
    """Return the cosine; that of a half turn for more, which no pair is sure to exceed."""
    return np.cos(np.minimum(angle, np.pi))


def decide(
    cosine: Floats32, limits: Limits, out: Bools | None = None, scratch: Bools | None = None
) -> tuple[Bools, Indexes]:
    """Return who is in range for certain, and the flat indexes of doubtful pairs.

    `cosine` has a row for each site of `limits` and a column for each place; `out` and
    `scratch`, if given, have its shape.
    """
    inside = np.greater_equal(cosine, limits.inside_from[:, None], out=out)
    maybe = np.greater_equal(cosine, limits.maybe_from[:, None], out=scratch)
    if limits.has_min:
        inside &= cosine <= limits.inside_to[:, None]
        maybe &= cosine <= limits.maybe_to[:, None]
    maybe ^= inside
    return inside, np.flatnonzero(maybe)


def exact_km(sites: Points, places: Points, site: Indexes, place: Indexes) -> Floats:
    """Return geodesic distances of pairs, to the last bit those of `distance_matrix_km`."""
    if not site.size:
        return np.empty(0)
    _, metres = inverse(sites.lon[site], sites.lat[site], places.lon[place], places.lat[place])
    return metres / 1000


def exactly_in_range(
    sites: Points, limits: Limits, places: Points, site: Indexes, place: Indexes
) -> Bools:
    """Return the verdicts of pairs by the geodesic, both ends of the range included."""
    distance = exact_km(sites, places, site, place)
    inside: Any = (limits.min_km[site] <= distance) & (distance <= limits.max_km[site])
    return np.asarray(inside)


def tile_rows(columns: int) -> int:
    """Return how many rows a tile has for a number of columns."""
    return max(4, TILE // max(1, min(columns, TILE_COLUMNS)))
