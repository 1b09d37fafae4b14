"""Where a ring needs its vertices: as many as the tolerance asks for, and no more.

A straight edge between two points of a curve strays from it by h**2 / 8 times the normal
part of the curve's second derivative, if the points are h apart in the parameter. The
"curve" is the ring as drawn: in longitude and latitude, or in Web Mercator. From the series
of the ring both second derivatives are known on a grid of azimuths; they say how many
vertices there shall be per radian, and integrating that density places the vertices.

The grid gets finer towards azimuths 0 and 180, since a ring that passes near a pole does so
there, and its longitude then turns within a tiny range of azimuths.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from rangemap.geodesy._series import E2, Ints, Series
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import EQUATORIAL_RADIUS_M

MERCATOR_LIMIT_SIN: Final = float(np.tanh(np.pi))  # of 85.0511 degrees
_BEYOND_LIMIT_SIN: Final = float(np.sin(np.radians(86.0)))  # edges may cross the limit
_EVEN_STEPS: Final = 72
_FINEST: Final = 1e-7  # radians
_GROWTH: Final = 1.5
_LONGEST: Final = 0.26  # radians of azimuth in one edge
_OF_POLE_DISTANCE: Final = 0.6  # edges per distance to the Earth's axis, at least


def _nodes() -> Floats:
    step = np.pi / _EVEN_STEPS
    fine = step / _GROWTH ** np.arange(1, np.ceil(np.log(step / _FINEST) / np.log(_GROWTH)) + 1)
    ends = np.sort(fine)
    return np.concatenate([[0.0], ends, np.linspace(step, np.pi - step, _EVEN_STEPS - 1),
                           np.pi - ends[::-1], [np.pi]])  # fmt: skip


_NODES: Final = _nodes()
_WIDTHS: Final = np.diff(_NODES)
_K: Final = np.arange(11)
_PHASE: Final = np.outer(_NODES, _K)
_COS: Final = np.cos(_PHASE)
_SIN: Final = np.sin(_PHASE)
_COS_AND_DERIVATIVES: Final = np.concatenate([_COS, -_K * _SIN, -_K * _K * _COS])
_SIN_AND_DERIVATIVES: Final = np.concatenate([_SIN, _K * _COS, -_K * _K * _SIN])[:, 1:-1]


def spread(series: Series, allowed_m: Floats) -> tuple[Ints, Floats]:
    """Return counts and azimuths (radians, from 0 to pi) of the vertices of half rings.

    Parameters
    ----------
    series : Series
        n rings.
    allowed_m : ndarray, shape (n,)
        How far an edge may stray from the ring, metres.
    """
    density = _vertices_per_radian(series, allowed_m)
    within = np.maximum(density[1:], density[:-1]) * _WIDTHS[:, None]
    reached = np.concatenate([np.zeros((1, len(allowed_m))), np.cumsum(within, axis=0)])
    edges = np.ceil(reached[-1]).astype(np.int64)
    counts = edges + 1
    # All rings in one interpolation: each has a stretch of the axis of its own.
    start = np.concatenate([[0.0], np.cumsum(reached[-1] + 1.0)[:-1]])
    number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    wanted = np.repeat(start, counts) + number * np.repeat(reached[-1] / edges, counts)
    azimuth = np.interp(
        wanted,
        (reached + start).T.ravel(),
        np.broadcast_to(_NODES, (len(edges), len(_NODES))).ravel(),
    )
    azimuth[np.cumsum(counts) - counts] = 0.0
    azimuth[np.cumsum(counts) - 1] = np.pi
    return counts, azimuth


def _vertices_per_radian(series: Series, allowed_m: Floats) -> Floats:
    x, dx, ddx = np.split(_COS_AND_DERIVATIVES @ series.x_cosines, 3)
    y, dy, ddy = np.split(_SIN_AND_DERIVATIVES @ series.y_sines, 3)
    z, dz, ddz = np.split(_COS_AND_DERIVATIVES @ series.z_cosines, 3)
    axis = np.sqrt(x * x + y * y)
    flat = (1 - E2) * axis
    normal = np.sqrt(z * z + flat * flat)
    sin_lat, cos_lat = z / normal, flat / normal
    w2 = 1 - E2 * sin_lat * sin_lat
    meridian = EQUATORIAL_RADIUS_M * (1 - E2) / (w2 * np.sqrt(w2))
    # First and second derivatives along the parallel and along the meridian, in metres.
    d_axis = (x * dx + y * dy) / axis
    dd_axis = (dx * dx + dy * dy + x * ddx + y * ddy - d_axis * d_axis) / axis
    east = (x * dy - y * dx) / axis
    north = dz * cos_lat - d_axis * sin_lat
    east_2 = (x * ddy - y * ddx) / axis - 2 * east * d_axis / axis
    turning = north * north / meridian
    north_2 = ddz * cos_lat - dd_axis * sin_lat - 3 * E2 * sin_lat * cos_lat / w2 * turning
    speed = np.sqrt(east * east + north * north)
    plain = np.abs(north * east_2 - east * north_2)
    mercator = np.abs(north * east_2 - east * (north_2 + turning * sin_lat / cos_lat))
    shown = np.abs(sin_lat) < _BEYOND_LIMIT_SIN
    normal_2 = np.where(shown, np.maximum(plain, mercator), plain) / speed
    # Next to a pole an edge cannot stray by more than its distance to the pole.
    normal_2 = np.where(axis < 0.4 * allowed_m, 0.0, normal_2)
    least = _OF_POLE_DISTANCE * speed / np.maximum(axis, 0.7 * allowed_m)
    return np.maximum(np.sqrt(normal_2 / (8 * allowed_m)), np.maximum(least, 1 / _LONGEST))
