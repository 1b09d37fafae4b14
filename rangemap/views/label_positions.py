"""Positions of a label round its point: which there are, and which symbols and lines leave free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.views.labels import Box, Floats, Label, text_size

Flags = npt.NDArray[np.bool_]
Spot = tuple[float, float, float, float, float]
"""Shares of the label left of and below its anchor, where that is, and what it costs."""

SAME_SPOT_PT: Final = 1.2  # symbols nearer than this look like one
_GAP_PT: Final = 1.2  # between a symbol and its label
_CLEAR_PT: Final = 0.8  # by which its own point must be nearer than any other
_AIR_PT: Final = 4.0  # had better be between the end of the words and another symbol in their line
_DOUBT_COST: Final = 0.7  # its middle is nearer to another point
_READS_ON_COST: Final = 1.3  # another symbol stands where its words end

# Share of the label's width and height that lies left of and below its anchor, and in which
# direction the anchor stands from the point; in the order in which cartographers prefer them.
_CLOSE: Final = (
    (0.0, 0.5, 1.0, 0.0, 0.0),  # east
    (1.0, 0.5, -1.0, 0.0, 1.0),  # west
    (0.0, 0.15, 1.0, 0.3, 0.5),
    (0.0, 0.85, 1.0, -0.3, 0.7),
    (0.0, 0.0, 0.8, 0.7, 1.2),  # north-east
    (0.0, 1.0, 0.8, -0.7, 1.6),  # south-east
    (1.0, 0.15, -1.0, 0.3, 1.4),
    (1.0, 0.85, -1.0, -0.3, 1.5),
    (0.5, 0.0, 0.0, 1.0, 1.8),  # north
    (0.5, 1.0, 0.0, -1.0, 2.0),  # south
    (1.0, 0.0, -0.8, 0.7, 2.2),  # north-west
    (1.0, 1.0, -0.8, -0.7, 2.4),  # south-west
    (0.25, 0.0, 0.0, 1.0, 2.0),
    (0.75, 0.0, 0.0, 1.0, 2.1),
    (0.25, 1.0, 0.0, -1.0, 2.2),
    (0.75, 1.0, 0.0, -1.0, 2.3),
)
_AWAY_PT: Final = (7.0, 11.0, 16.0, 22.0, 29.0)
_DIRECTIONS: Final = 16


def near(label: Label) -> list[Spot]:
    """Return the positions beside a symbol."""
    away = label.radius + _GAP_PT
    return [(left, below, right * away, up * away, cost) for left, below, right, up, cost in _CLOSE]


def far(label: Label) -> list[Spot]:
    """Return the positions that need a line to the symbol."""
    spots = []
    for far in _AWAY_PT:
        for step in range(_DIRECTIONS):
            angle = 2 * math.pi * step / _DIRECTIONS
            right, up = math.cos(angle), math.sin(angle)
            # The side of the label that faces its point is where the line meets it.
            left = 0.0 if right > 0.3 else 1.0 if right < -0.3 else 0.5
            below = 0.0 if up > 0.7 else 1.0 if up < -0.7 else 0.5
            reach = label.radius + far
            spots.append((left, below, right * reach, up * reach, 5.0 + 0.25 * far))
    return spots


def candidates(label: Label, spots: Sequence[Spot]) -> tuple[Floats, Floats]:
    """Return rectangles, shape (k, 4), and what each costs."""
    width, height = text_size(label.text, label.size, bold=label.bold)
    table = np.array(spots)
    x0 = label.x + table[:, 2] - table[:, 0] * width
    y0 = label.y + table[:, 3] - table[:, 1] * height
    return np.column_stack([x0, y0, x0 + width, y0 + height]), table[:, 4]


def overlap(boxes: Floats, other: Box) -> Flags:
    """Return which rectangles, shape (n, 4), share more than an edge with another."""
    return np.asarray(
        (boxes[:, 0] < other.x1)
        & (other.x0 < boxes[:, 2])
        & (boxes[:, 1] < other.y1)
        & (other.y0 < boxes[:, 3])
    )


def clear(label: Label, boxes: Floats, points: Floats, radii: Floats) -> tuple[Flags, Floats]:
    """Return which rectangles touch no symbol and mislead nobody; and what a doubt costs."""
    # A point more than twice as far off as any corner is nearer to no rectangle than its own.
    reach = np.abs(boxes - (label.x, label.y) * 2).max(axis=0)
    far_off = 2 * math.hypot(max(reach[0], reach[2]), max(reach[1], reach[3])) + _CLEAR_PT
    nearby = np.hypot(points[:, 0] - label.x, points[:, 1] - label.y) - radii <= far_off
    points, radii = points[nearby], radii[nearby]
    x, y = points[:, 0][None, :], points[:, 1][None, :]
    dx = np.maximum(np.maximum(boxes[:, [0]] - x, x - boxes[:, [2]]), 0.0)
    dy = np.maximum(np.maximum(boxes[:, [1]] - y, y - boxes[:, [3]]), 0.0)
    gaps = np.hypot(dx, dy)
    keep: Flags = np.asarray((gaps >= radii[None, :] + 0.3).all(axis=1))
    others = np.hypot(points[:, 0] - label.x, points[:, 1] - label.y) > SAME_SPOT_PT
    own = np.hypot(
        np.maximum(np.maximum(boxes[:, 0] - label.x, label.x - boxes[:, 2]), 0.0),
        np.maximum(np.maximum(boxes[:, 1] - label.y, label.y - boxes[:, 3]), 0.0),
    )
    keep &= (gaps[:, others] > own[:, None] + _CLEAR_PT).all(axis=1)
    middle_x, middle_y = (boxes[:, [0]] + boxes[:, [2]]) / 2, (boxes[:, [1]] + boxes[:, [3]]) / 2
    from_middle = np.hypot(middle_x - x, middle_y - y)[:, others]
    of_own = np.hypot(middle_x - label.x, middle_y - label.y)
    doubt = _DOUBT_COST * (from_middle < of_own).any(axis=1)
    # Beyond the end of the words on their own line, a symbol reads as theirs.
    level = (boxes[:, [1]] < y) & (y < boxes[:, [3]]) & (dx <= radii[None, :] + _AIR_PT)
    doubt = doubt + _READS_ON_COST * level[:, others].any(axis=1)
    return keep, np.asarray(doubt, dtype=float)


def crossed(boxes: Floats, lines: Floats) -> Flags:
    """Return which rectangles hold a point of some line."""
    x, y = lines[:, 0][None, :], lines[:, 1][None, :]
    inside = (boxes[:, [0]] < x) & (x < boxes[:, [2]]) & (boxes[:, [1]] < y) & (y < boxes[:, [3]])
    return np.asarray(inside.any(axis=1))
