"""Names beside lines that cannot carry them, each with a fine line to its own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from shapely.geometry.base import BaseGeometry

from rangemap.views.figure_base import LAYER_TEXT, segments_of
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import Box, Floats, text_size
from rangemap.views.segments import from_segment, meets

if TYPE_CHECKING:
    from rangemap.views.figure_canvas import Canvas

__all__ = ["NAME_COST", "Beside", "Start", "place_beside", "starts_along", "write_beside"]

NAME_COST: Final = 12.0  # for a name that would have to move
_GAPS: Final = (5.0, 10.0, 16.0, 24.0, 34.0)
_STEP_PT: Final = 9.0
_CLEAR_PT: Final = 4.2  # kept between the fine line and the middle of a symbol
_LINE: Final = 1.08  # from one row to the next, in heights of a row

Start = tuple[tuple[float, float], tuple[float, float]]
"""A point of a line on the page, and the way out from there, of length 1."""


@dataclass(frozen=True)
class Beside:
    """Where a name stands, from where a fine line leads to it, and what that costs."""

    box: Box
    start: tuple[float, float]
    cost: float


def starts_along(canvas: Canvas, line: BaseGeometry) -> list[Start]:
    """Return points along a line, every few points of length, with both ways out."""
    found: list[Start] = []
    for segment in segments_of(line):
        route = canvas.to_page(segment[:, 0], segment[:, 1])
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(route, axis=0).T))])
        if along[-1] <= 0:
            continue
        at = np.arange(0.0, along[-1], _STEP_PT)
        (x, y), (x1, y1) = (
            (np.interp(at + on, along, route[:, 0]), np.interp(at + on, along, route[:, 1]))
            for on in (0.0, 0.5)
        )
        for px, py, dx, dy in zip(x.tolist(), y.tolist(), (x1 - x), (y1 - y), strict=True):
            length = math.hypot(dx, dy)
            if length > 0:
                way = (float(dy / length), float(-dx / length))
                found += [((px, py), way), ((px, py), (-way[0], -way[1]))]
    return found


def place_beside(
    canvas: Canvas,
    rows: Sequence[str],
    size: float,
    starts: Iterable[Start],
    points: Floats,
    names: Sequence[Box],
    *,
    bold: bool = False,
) -> Beside | None:
    """Return the best place beside a line, None where there is no room.

    Parameters
    ----------
    canvas : Canvas
        With what is taken already.
    rows : sequence of str
        The name, in one row or more.
    size : float
        Of its letters, in points.
    starts : iterable of Start
        From where a fine line may lead to it.
    points : numpy.ndarray, shape (n, 2)
        Symbols, which neither the name nor its line covers.
    names : sequence of Box
        Where other names would stand, were nothing else on the map.
    bold : bool, default False
        Of the letters.
    """
    wide = max(text_size(row, size, bold=bold)[0] for row in rows) + 3
    high = text_size(rows[0], size, bold=bold)[1] * (1 + _LINE * (len(rows) - 1)) + 2
    best: Beside | None = None
    for start, way in starts:
        for gap in _GAPS:
            box = _box_at(start, way, gap, wide, high)
            if not canvas.is_free([box], points) or not _line_is_free(canvas, start, box, points):
                continue
            cost = gap / 4 + NAME_COST * sum(box.overlaps(name) for name in names)
            if best is None or cost < best.cost - 1e-9:
                best = Beside(box, start, cost)
            break
    return best


def write_beside(
    canvas: Canvas, rows: Sequence[str], size: float, color: str, place: Beside, *,
    bold: bool = False,
) -> None:  # fmt: skip
    """Write a name with its fine line, and keep both free of other names."""
    box, start = place.box, place.start
    end = _end(start, box)
    canvas.taken.append(box)
    if math.dist(start, end) > 1.0:
        across, up = sorted((start[0], end[0])), sorted((start[1], end[1]))
        canvas.taken.append(Box(across[0], up[0], across[1], up[1]).grown(0.4))
    ends = [canvas.to_plane(*start), canvas.to_plane(*end)]
    canvas.axes.plot(
        [x for x, _ in ends], [y for _, y in ends], color=color, linewidth=0.6,
        zorder=LAYER_TEXT - 0.6, gid="ring-leader",
    )  # fmt: skip
    step = _LINE * text_size(rows[0], size, bold=bold)[1]
    for n, row in enumerate(reversed(rows)):
        x, y = canvas.to_plane(box.x0 + 1.5, box.y0 + 1.0 + 0.22 * size + n * step)
        canvas.axes.text(
            x, y, row, fontsize=size, color=color, family=FAMILY, ha="left", va="baseline",
            zorder=LAYER_TEXT - 0.5, parse_math=False, weight="bold" if bold else "normal",
            bbox={"facecolor": canvas.look.theme.paper, "edgecolor": "none", "alpha": 0.82,
                  "pad": 0.9},
        )  # fmt: skip


def _line_is_free(canvas: Canvas, start: tuple[float, float], box: Box, points: Floats) -> bool:
    """Return whether the fine line runs through no symbol and under nothing else written."""
    line = (*start, *_end(start, box))
    if any(meets(line, other) for other in canvas.taken):
        return False
    if not len(points):
        return True
    gaps = from_segment(line, points)
    # From a small ring the line leads away from the symbol that it begins beside.
    leaves = gaps >= np.hypot(points[:, 0] - start[0], points[:, 1] - start[1]) - 1e-9
    return bool((leaves | (gaps > _CLEAR_PT)).all())


def _end(start: tuple[float, float], box: Box) -> tuple[float, float]:
    return min(max(start[0], box.x0), box.x1), min(max(start[1], box.y0), box.y1)


def _box_at(
    start: tuple[float, float], way: tuple[float, float], gap: float, wide: float, high: float
) -> Box:
    """Return the rectangle on one side of a line that begins so far from it."""
    dx, dy = way
    x, y = start[0] + gap * dx, start[1] + gap * dy
    across = 0.0 if dx > 0.3 else 1.0 if dx < -0.3 else 0.5
    up = 0.5 if abs(dx) > 0.3 else 0.0 if dy > 0 else 1.0
    return Box(x - across * wide, y - up * high, x + (1 - across) * wide, y + (1 - up) * high)
