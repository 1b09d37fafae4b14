"""The eastern half of a ring, seen from a site at longitude 0 and latitude >= 0.

Longitudes here are differences from the site, in [0, 180], in order of azimuth 0 to 180.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import GEOD, forward

_BASE_INTERVALS: Final = 24
_SHARE: Final = 0.9  # of the tolerance that an edge may use, the rest covers what samples miss
_ROUND: Final = 0.0007  # of the radius: a small ring stays round, its area within 0.1 %
_AT_POLE_M: Final = 0.05  # a ring through a pole is moved by this, so that the pole is inside
_SAMPLES: Final = np.array([1, 2, 3, 4, 5]) / 6
_MERCATOR_SAMPLES: Final = np.linspace(0, 1, 7)  # with the ends, which may be cut at the limit
_MERCATOR_LIMIT_Y: Final = float(np.pi)  # the ordinate of 85.0511 degrees
_MAX_EDGES: Final = 50_000  # the finest tolerance needs some thousands: more is a defect here


@dataclass(frozen=True)
class HalfRing:
    """Vertices of the eastern half, by azimuth, and how many poles the ring holds."""

    site_lat: float
    radius_m: float
    azimuth: Floats
    dlon: Floats
    lat: Floats
    poles_inside: int


@dataclass(frozen=True)
class Crossing:
    """Where the half ring crosses a meridian."""

    azimuth: float
    lat: float


def half_ring(site_lat: float, radius_m: float, tolerance_m: float) -> HalfRing:
    """Return vertices so close that no edge strays from the ring by over the tolerance."""
    to_north = _meridian_m(site_lat, 90.0)
    to_south = _meridian_m(site_lat, -90.0)
    for to_pole in (to_north, to_south):
        if abs(radius_m - to_pole) < _AT_POLE_M:
            radius_m = to_pole + _AT_POLE_M
    poles = int(radius_m > to_north) + int(radius_m > to_south)
    azimuth = np.linspace(0.0, 180.0, _BASE_INTERVALS + 1)
    if poles != 1:
        extreme = _extreme_azimuth(site_lat, radius_m, azimuth, widest=poles == 0)
        azimuth = np.unique(np.append(azimuth, extreme))
    dlon, lat = _points(site_lat, radius_m, azimuth, poles)
    allowed = min(_SHARE * tolerance_m, _ROUND * radius_m)
    unsettled = np.ones(len(azimuth) - 1, dtype=bool)
    while unsettled.any():
        edges = np.flatnonzero(unsettled)
        deviation = _deviation_m(site_lat, radius_m, dlon, lat, edges)
        wanted = np.ceil(np.sqrt(deviation / allowed))
        parts = np.ones(len(unsettled), dtype=int)
        parts[edges] = np.where(deviation > allowed, np.clip(wanted, 2, 64), 1)
        if parts.sum() > _MAX_EDGES:
            raise RuntimeError(f"ring of {radius_m} m at latitude {site_lat} does not settle")
        unsettled = np.repeat(parts > 1, parts)
        azimuth = _subdivide(azimuth, parts)
        dlon, lat = _points(site_lat, radius_m, azimuth, poles)
    return HalfRing(site_lat, radius_m, azimuth, dlon, lat, poles)


def crossing_azimuths(half: HalfRing, dlon: float) -> list[Crossing]:
    """Return where the ring meets the meridian `dlon`: once if it holds one pole, else twice."""
    if half.poles_inside == 1:
        spans = [(180.0, 0.0)]
    else:
        turn = half.azimuth[half.dlon.argmax() if half.poles_inside == 0 else half.dlon.argmin()]
        spans = [(0.0, float(turn)), (180.0, float(turn))]
    crossings = [_bisect(half, dlon, low, high) for low, high in spans]
    return sorted(crossings, key=lambda crossing: crossing.azimuth)


def _bisect(half: HalfRing, target: float, start: float, end: float) -> Crossing:
    """Find the azimuth between start and end, where dlon runs from one side to the other."""

    def at(azimuth: float) -> tuple[float, float]:
        dlon, lat = _points(half.site_lat, half.radius_m, np.array([azimuth]), half.poles_inside)
        return float(dlon[0]), float(lat[0])

    rising = at(end)[0] >= at(start)[0]
    for _ in range(80):
        middle = 0.5 * (start + end)
        if middle in (start, end):
            break
        if (at(middle)[0] < target) == rising:
            start = middle
        else:
            end = middle
    # An end of the span may meet the meridian itself (a site on the seam).
    best = min((start, end), key=lambda azimuth: abs(at(azimuth)[0] - target))
    return Crossing(best, at(best)[1])


def _points(site_lat: float, radius_m: float, azimuth: Floats, poles: int) -> tuple[Floats, Floats]:
    size = len(azimuth)
    lon, lat = forward(np.zeros(size), np.full(size, site_lat), azimuth, np.full(size, radius_m))
    dlon = np.abs(lon)
    # On the meridian of the site the sign is known, whatever rounding makes of it.
    dlon = np.where(azimuth == 0, 180.0 if poles >= 1 else 0.0, dlon)
    dlon = np.where(azimuth == 180, 180.0 if poles == 2 else 0.0, dlon)
    return dlon, lat


def _deviation_m(
    site_lat: float, radius_m: float, dlon: Floats, lat: Floats, edges: np.ndarray
) -> Floats:
    """Return the largest distance from the true ring of points along each edge."""
    lon1, lon2 = dlon[edges, None], dlon[edges + 1, None]
    lat1, lat2 = lat[edges, None], lat[edges + 1, None]
    lons = lon1 + (lon2 - lon1) * _SAMPLES
    plate = lat1 + (lat2 - lat1) * _SAMPLES
    off_plate = np.abs(_distance_m(site_lat, lons, plate) - radius_m)
    y1, y2 = mercator_y(lat1), mercator_y(lat2)
    share = _visible_share(y1, y2)
    mercator = np.degrees(np.arctan(np.sinh(y1 + (y2 - y1) * share)))
    off_mercator = np.abs(_distance_m(site_lat, lon1 + (lon2 - lon1) * share, mercator) - radius_m)
    deviation: Floats = np.maximum(off_plate.max(axis=1), off_mercator.max(axis=1))
    return deviation


def _visible_share(y1: Floats, y2: Floats) -> Floats:
    """Return where to sample edges that are straight in Mercator: only where a map shows them.

    An edge that ends near a pole runs far off the map; its visible part needs the samples.
    """
    step = np.where(y1 == y2, 1.0, y2 - y1)
    at_limits = (np.array([-_MERCATOR_LIMIT_Y, _MERCATOR_LIMIT_Y]) - y1) / step
    level = y1 == y2
    low = np.where(level, 0.0, np.clip(at_limits.min(axis=1, keepdims=True), 0, 1))
    high = np.where(level, 1.0, np.clip(at_limits.max(axis=1, keepdims=True), 0, 1))
    share: Floats = low + (high - low) * _MERCATOR_SAMPLES
    return np.where((np.abs(y1) > _MERCATOR_LIMIT_Y) & (np.abs(y2) > _MERCATOR_LIMIT_Y), 0, share)


def mercator_y(lat: Floats) -> Floats:
    """Return the Web Mercator ordinate in units of the sphere's radius."""
    y: Floats = np.arcsinh(np.tan(np.radians(lat)))
    return y


def _distance_m(site_lat: float, lon: Floats, lat: Floats) -> Floats:
    zero = np.zeros(lon.shape)
    _, _, metres = GEOD.inv(zero, np.full(lon.shape, site_lat), lon, lat)
    return np.asarray(metres)


def _meridian_m(lat1: float, lat2: float) -> float:
    return float(GEOD.inv(0.0, lat1, 0.0, lat2)[2])


def _extreme_azimuth(site_lat: float, radius_m: float, azimuth: Floats, *, widest: bool) -> float:
    """Return the azimuth at which the ring reaches its largest or smallest longitude."""
    poles = 0 if widest else 2
    low, high = 0.0, 180.0
    for _ in range(12):
        trial = np.linspace(low, high, len(azimuth))
        dlon, _ = _points(site_lat, radius_m, trial, poles)
        peak = int(np.argmax(dlon) if widest else np.argmin(dlon))
        low, high = float(trial[max(peak - 1, 0)]), float(trial[min(peak + 1, len(trial) - 1)])
    return 0.5 * (low + high)


def _subdivide(azimuth: Floats, parts: np.ndarray) -> Floats:
    pieces = [
        np.linspace(azimuth[i], azimuth[i + 1], parts[i], endpoint=False)
        if parts[i] > 1
        else azimuth[i : i + 1]
        for i in range(len(parts))
    ]
    return np.concatenate([*pieces, azimuth[-1:]])
