"""Where a ring crosses a meridian, on the ring itself and not on one of its edges."""

from __future__ import annotations

from typing import Final

import numpy as np

from rangemap.geodesy import _series
from rangemap.geodesy._series import Ints, Series
from rangemap.geodesy._validation import Floats

_MAX_STEPS: Final = 60
_CLOSE: Final = 2e-15  # radians of azimuth


def crossing(series: Series, ring: Ints, start: Floats, end: Floats, dlon: Floats) -> Floats:
    """Return the azimuths (radians) at which rings cross meridians.

    Parameters
    ----------
    series : Series
    ring : ndarray of int, shape (k,)
        The ring of each crossing, in increasing order.
    start, end : ndarray, shape (k,)
        Azimuths (radians) of neighbouring vertices on either side of the crossing.
    dlon : ndarray, shape (k,)
        The meridian, degrees from the site's, in [0, 180].
    """
    counts = np.bincount(ring, minlength=series.x.shape[1])
    cos_dlon, sin_dlon = np.cos(np.radians(dlon)), np.sin(np.radians(dlon))

    def beyond(azimuth: Floats) -> tuple[Floats, Floats]:
        """Return the distance east of the meridian's plane, metres, and its slope."""
        (x, dx), (y, dy) = _series.horizontal(series, counts, azimuth)
        return y * cos_dlon - x * sin_dlon, dy * cos_dlon - dx * sin_dlon

    rises = beyond(end)[0] > beyond(start)[0]
    azimuth = 0.5 * (start + end)
    moving = np.ones(len(azimuth), dtype=bool)  # each stops by itself, whatever the others do
    for _ in range(_MAX_STEPS):
        value, slope = beyond(azimuth)
        short = (value < 0) == rises
        start, end = np.where(short, azimuth, start), np.where(short, end, azimuth)
        flat = slope == 0
        newton = azimuth - value / np.where(flat, 1.0, slope)
        safe = (newton >= start) & (newton <= end) & ~flat
        following = np.where(safe, newton, 0.5 * (start + end))
        moved = np.abs(following - azimuth)
        azimuth = np.where(moving, following, azimuth)
        moving &= moved >= _CLOSE
        if not moving.any():
            break
    return azimuth
