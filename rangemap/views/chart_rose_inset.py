"""Which part of a range rose is drawn again, larger: the one that lets most names be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from rangemap.views.figure_inset import Inset
from rangemap.views.labels import Box, Floats

__all__ = ["best_inset"]

_ZOOMS: Final = (2.0, 2.5, 3.0, 3.6, 4.4, 5.5)
_LEAST: Final = 4  # names without room that call for an inset
_SHIFTS: Final = (-0.4, -0.2, 0.0, 0.2, 0.4)
_INNER: Final = 5.0  # points from the window's edge within which a symbol would be cut
_ZOOM_COST: Final = 0.1  # of two that name as much, the one nearer to the map's scale


def best_inset(
    place: Box, lost: Floats, centre: tuple[float, float, float], names: Callable[[Inset], float]
) -> Inset | None:
    """Return the part to enlarge, or None if names have room without.

    Parameters
    ----------
    place : Box
        Where the inset stands on the page.
    lost : numpy.ndarray, shape (n, 2)
        Points on the map's page whose names find no room, in points.
    centre : tuple of float
        Middle and radius of the disk on the map's page.
    names : callable
        Returns what the names in an inset and outside of it are worth together.

    Examples
    --------
    >>> best_inset(Box(0, 0, 100, 100), np.zeros((3, 2)), (50, 50, 50), lambda inset: 1.0) is None
    True
    """
    if len(lost) < _LEAST:
        return None
    wide, high = place.x1 - place.x0, place.y1 - place.y0
    found = []
    for zoom in _ZOOMS:
        window, caught = _fullest(lost, wide / zoom, high / zoom, centre)
        if caught >= _LEAST:
            inset = Inset(window, place, zoom)
            found.append((names(inset) - _ZOOM_COST * zoom, -zoom, inset))
    return max(found, key=lambda item: item[:2])[2] if found else None


def _fullest(
    lost: Floats, width: float, height: float, centre: tuple[float, float, float]
) -> tuple[Box, int]:
    """Return the window of a size within the disk's square that holds most points."""
    x, y, radius = centre
    shift_x, shift_y = (g.ravel() for g in np.meshgrid(_SHIFTS, _SHIFTS))
    left = (lost[:, [0]] + shift_x * width - width / 2).ravel()
    low = (lost[:, [1]] + shift_y * height - height / 2).ravel()
    left = np.clip(left, x - radius, max(x + radius - width, x - radius))
    low = np.clip(low, y - radius, max(y + radius - height, y - radius))
    inside = (lost[:, 0] > left[:, None] + _INNER) & (lost[:, 0] < left[:, None] + width - _INNER)
    inside &= (lost[:, 1] > low[:, None] + _INNER) & (lost[:, 1] < low[:, None] + height - _INNER)
    counts = inside.sum(axis=1)
    best = int(np.argmax(counts))  # of equals the first, as everywhere
    x0, y0 = round(float(left[best]), 2), round(float(low[best]), 2)
    return Box(x0, y0, x0 + width, y0 + height), int(counts[best])
