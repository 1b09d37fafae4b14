"""Line segments on the page: what they meet, what they cross, how far points are from them."""

from __future__ import annotations

import numpy as np

from rangemap.views.labels import Box, Floats

Line = tuple[float, float, float, float]
"""Both ends: x, y, x, y, in points."""


def from_segment(line: Line, points: Floats) -> Floats:
    """Return the distance of points, shape (n, 2), from a segment.

    Examples
    --------
    >>> from_segment((0, 0, 4, 0), np.array([[2.0, 3.0], [7.0, 4.0]])).tolist()
    [3.0, 5.0]
    """
    x0, y0, x1, y1 = line
    dx, dy = x1 - x0, y1 - y0
    along = ((points[:, 0] - x0) * dx + (points[:, 1] - y0) * dy) / max(dx * dx + dy * dy, 1e-12)
    along = np.clip(along, 0.0, 1.0)
    return np.asarray(np.hypot(points[:, 0] - x0 - along * dx, points[:, 1] - y0 - along * dy))


def meets(line: Line, box: Box) -> bool:
    """Return whether a segment and a rectangle share a point (Liang and Barsky)."""
    x0, y0, x1, y1 = line
    low, high = 0.0, 1.0
    for delta, start, least, most in (
        (x1 - x0, x0, box.x0, box.x1),
        (y1 - y0, y0, box.y0, box.y1),
    ):
        if abs(delta) < 1e-12:
            if not least <= start <= most:
                return False
            continue
        enter, leave = sorted(((least - start) / delta, (most - start) / delta))
        low, high = max(low, enter), min(high, leave)
        if low > high:
            return False
    return True


def cross(one: Line, other: Line) -> bool:
    """Return whether two segments cross between their ends.

    Examples
    --------
    >>> cross((0, 0, 2, 2), (0, 2, 2, 0)), cross((0, 0, 1, 1), (0, 2, 2, 0.5))
    (True, False)
    """

    def side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    return (
        side(*one, *other[:2]) * side(*one, *other[2:]) < 0
        and side(*other, *one[:2]) * side(*other, *one[2:]) < 0
    )
