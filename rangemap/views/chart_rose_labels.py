"""Names on the circles of a range rose, or beside those that are too small for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import shapely

from rangemap.views.chart_rose_plane import circle
from rangemap.views.chart_rose_rim import point_of
from rangemap.views.chart_rose_rings import Ring
from rangemap.views.figure_canvas import Canvas
from rangemap.views.label_beside import place_beside, write_beside
from rangemap.views.labels import Box, Floats, text_size

__all__ = ["label_rings"]

_SIZE: Final = 6.9
_BOLD: Final = 7.3
_BROAD: Final = 3.2  # a circle whose radius is so many times the label's length carries it
_STEP_DEG: Final = 15


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
    radius = ring.radius_km * canvas.scale
    x, y = (float(value) for value in canvas.to_page(np.zeros(1), np.zeros(1))[0])
    ways = [point_of(azimuth, 1.0) for azimuth in range(0, 360, _STEP_DEG)]
    starts = [((x + radius * dx, y + radius * dy), (dx, dy)) for dx, dy in ways]
    place = place_beside(canvas, [ring.label], size, starts, points, names)
    if place is not None:
        write_beside(canvas, [ring.label], size, ring.color, place)
    return place is not None
