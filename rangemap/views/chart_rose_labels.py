"""Names on the circles of a range rose, or beside those that are too small for them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import shapely

from rangemap.views.chart_rose_plane import circle
from rangemap.views.chart_rose_rim import canvas_is_free, point_of
from rangemap.views.chart_rose_rings import Ring
from rangemap.views.figure_base import LAYER_TEXT
from rangemap.views.figure_canvas import Canvas
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import Box, Floats, text_size

__all__ = ["label_rings"]

_SIZE: Final = 6.9
_BOLD: Final = 7.3
_BROAD: Final = 3.2  # a circle whose radius is so many times the label's length carries it
_GAPS: Final = (5.0, 10.0, 16.0, 24.0, 34.0)
_STEP_DEG: Final = 15
_OVER_NAME: Final = 12.0  # for a name that would have to move


def label_rings(
    canvas: Canvas,
    rings: Sequence[Ring],
    points: Floats,
    lines: Floats,
    names: Sequence[Box],
    *,
    elsewhere: Collection[str] = (),
) -> list[str]:
    """Write a name on each circle, or beside it; return the names that found no room.

    Parameters
    ----------
    canvas : Canvas
        With what is taken already; the labels are added to it.
    rings : sequence of Ring
        The most important first.
    points : numpy.ndarray, shape (n, 2)
        Symbols on the page, which no label covers.
    lines : numpy.ndarray, shape (m, 2)
        Points along all circles.
    names : sequence of Box
        Where names of places would stand, were nothing else on the map.
    elsewhere : collection of str
        Names that stand in the enlarged part, and here on their circle or not at all.
    """
    lost = []
    for ring in rings:
        size = _BOLD if ring.width > 1.5 else _SIZE
        bold = ring.width > 1.5
        line = shapely.LineString(circle(ring.radius_km))
        radius = ring.radius_km * canvas.scale
        written = False
        for text in dict.fromkeys((ring.label, ring.short)):
            # Two names on one circle must tell whose it is: the short form is for the treaty's.
            if text == ring.short != ring.label and not ring.treaty:
                continue
            if radius * _BROAD >= text_size(text, size, bold=bold)[0]:
                written = canvas.label_line(
                    line, text, size, ring.color, points, lines, bold=bold, names=names
                )
            if written:
                break
        if written or ring.label in elsewhere:
            continue
        if not _beside(canvas, ring, size, points, names):
            lost.append(ring.label)
    return lost


def _beside(canvas: Canvas, ring: Ring, size: float, points: Floats, names: Sequence[Box]) -> bool:
    """Write a name outside of a circle, with a fine line to it; return whether it has room."""
    best: tuple[float, Box, tuple[float, float]] | None = None
    wide, high = text_size(ring.label, size)
    radius = ring.radius_km * canvas.scale
    centre = canvas.to_page(np.zeros(1), np.zeros(1))[0]
    for azimuth in range(0, 360, _STEP_DEG):
        dx, dy = point_of(azimuth, 1.0)
        start = centre[0] + radius * dx, centre[1] + radius * dy
        for gap in _GAPS:
            box = _box_at(centre, (dx, dy), radius + gap, wide + 3, high + 2)
            if not canvas_is_free(canvas, box, points):
                continue
            cost = gap / 4 + _OVER_NAME * sum(box.overlaps(name) for name in names)
            if best is None or cost < best[0] - 1e-9:
                best = cost, box, (float(start[0]), float(start[1]))
            break
    if best is None:
        return False
    _write(canvas, ring, size, best[1], best[2])
    return True


def _box_at(
    centre: Floats, way: tuple[float, float], distance: float, wide: float, high: float
) -> Box:
    """Return the rectangle on one side of a circle that begins at a distance from its centre."""
    dx, dy = way
    x, y = float(centre[0]) + distance * dx, float(centre[1]) + distance * dy
    across = 0.0 if dx > 0.3 else 1.0 if dx < -0.3 else 0.5
    up = 0.5 if abs(dx) > 0.3 else 0.0 if dy > 0 else 1.0
    return Box(x - across * wide, y - up * high, x + (1 - across) * wide, y + (1 - up) * high)


def _write(canvas: Canvas, ring: Ring, size: float, box: Box, start: tuple[float, float]) -> None:
    """Write the name of a circle with its fine line, and keep both free of other names."""
    end = min(max(start[0], box.x0), box.x1), min(max(start[1], box.y0), box.y1)
    canvas.taken.append(box)
    if math.dist(start, end) > 1.0:
        across, up = sorted((start[0], end[0])), sorted((start[1], end[1]))
        canvas.taken.append(Box(across[0], up[0], across[1], up[1]).grown(0.4))
    ends = [canvas.to_plane(*start), canvas.to_plane(*end)]
    canvas.axes.plot(
        [x for x, _ in ends], [y for _, y in ends], color=ring.color, linewidth=0.6,
        zorder=LAYER_TEXT - 0.6, gid="ring-leader",
    )  # fmt: skip
    x, y = canvas.to_plane(box.x0 + 1.5, box.y0 + 1.0 + 0.22 * size)
    canvas.axes.text(
        x, y, ring.label, fontsize=size, color=ring.color, family=FAMILY, ha="left",
        va="baseline", zorder=LAYER_TEXT - 0.5, parse_math=False,
        bbox={"facecolor": canvas.look.theme.paper, "edgecolor": "none", "alpha": 0.82,
              "pad": 0.9},
    )  # fmt: skip
