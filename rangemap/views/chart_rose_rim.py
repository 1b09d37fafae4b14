"""The scales of a range rose: azimuths round its rim, distances along one of its rays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely

from rangemap.views.chart_parts import nice_step
from rangemap.views.chart_rose_plane import RoseView, circle
from rangemap.views.figure_base import LAYER_LINES, LAYER_RINGS, LAYER_TEXT, strokes
from rangemap.views.figure_canvas import Canvas
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import Box, Floats, text_size

__all__ = [
    "RIM_PT", "draw_grid", "draw_rim", "outside", "point_of", "rim_labels", "scale_numbers",
    "scale_step",
]  # fmt: skip

RIM_PT: Final = 19.0
"""Room outside of the disk for ticks and their labels, in points."""
_TICK_DEG: Final = 10
_LABEL_DEG: Final = 30
_SHORT, _LONG = 2.6, 5.0
_NAMES: Final = {0: "N", 90: "E", 180: "S", 270: "W"}
_NAME_SIZE: Final = 9.0
_DEGREES_SIZE: Final = 6.9
_NUMBER_SIZE: Final = 6.3
_STEPS: Final = 5  # circles of round distances, about
_STRIP_PT: Final = 6.0
_FAINT: Final = "4d"  # opacity of the scale's lines, in hexadecimal
_RAYS_FROM: Final = 0.05  # of the radius: they would be a blot at the centre


def point_of(azimuth_deg: float, radius: float) -> tuple[float, float]:
    """Return how far right and up a point is at an azimuth and a distance from the centre.

    Examples
    --------
    >>> [round(value, 3) for value in point_of(90, 10)]
    [10.0, 0.0]
    """
    return (
        radius * math.sin(math.radians(azimuth_deg)),
        radius * math.cos(math.radians(azimuth_deg)),
    )


def scale_step(canvas: Canvas, reach_km: float) -> float:
    """Return the distance between two circles of the scale, km; round in the picture's unit."""
    units = canvas.look.units
    return nice_step(units.of(reach_km), _STEPS) * units.km


def draw_grid(canvas: Canvas, reach_km: float) -> None:
    """Draw faint rays every 30 degrees, and faint circles at round distances."""
    color, axes = f"{canvas.look.theme.muted}{_FAINT}", canvas.axes
    rays = [
        shapely.LineString([point_of(azimuth, _RAYS_FROM * reach_km), point_of(azimuth, reach_km)])
        for azimuth in range(0, 360, _LABEL_DEG)
    ]
    strokes(axes, shapely.MultiLineString(rays), color, 0.5, zorder=LAYER_LINES + 0.5)
    step = scale_step(canvas, reach_km)
    for radius in np.arange(step, reach_km * 0.999, step):
        line = shapely.LineString(circle(float(radius)))
        strokes(axes, line, color, 0.5, zorder=LAYER_LINES + 0.5)


def draw_rim(canvas: Canvas, reach_km: float, *, at_pole: bool) -> None:
    """Draw the rim, its ticks every 10 degrees and labels every 30, clockwise from true north."""
    theme, axes, k = canvas.look.theme, canvas.axes, 1 / canvas.scale
    rim = shapely.LineString(circle(reach_km))
    strokes(axes, rim, theme.muted, 0.9, zorder=LAYER_RINGS + 0.5)
    ticks = [
        shapely.LineString(
            [
                point_of(azimuth, reach_km),
                point_of(azimuth, reach_km + k * (_SHORT if azimuth % _LABEL_DEG else _LONG)),
            ]
        )
        for azimuth in range(0, 360, _TICK_DEG)
    ]
    strokes(axes, shapely.MultiLineString(ticks), theme.muted, 0.8, zorder=LAYER_RINGS + 0.5)
    for azimuth, text, box in rim_labels(canvas, reach_km, at_pole=at_pole):
        name = text in _NAMES.values()
        size = _NAME_SIZE if name else _DEGREES_SIZE
        x, y = canvas.to_plane((box.x0 + box.x1) / 2, box.y0 + 0.22 * size)
        axes.text(
            x, y, text, fontsize=size, ha="center", va="baseline",
            color=theme.ink if name else theme.muted, family=FAMILY,
            weight="bold" if name else "normal", zorder=LAYER_TEXT, parse_math=False,
            gid=f"azimuth-{azimuth}",
        )  # fmt: skip


def rim_labels(canvas: Canvas, reach_km: float, *, at_pole: bool) -> list[tuple[int, str, Box]]:
    """Return the azimuths that are written round the rim, with their text and rectangle.

    At a pole there is no north, east, south or west to write.
    """
    found = []
    for azimuth in range(0, 360, _LABEL_DEG):
        name = None if at_pole else _NAMES.get(azimuth)
        text, size = name or f"{azimuth}°", _NAME_SIZE if name else _DEGREES_SIZE
        wide, high = text_size(text, size, bold=bool(name))
        east, north = point_of(azimuth, reach_km + (_LONG + 7.4) / canvas.scale)
        x, y = (float(v) for v in canvas.to_page(np.array([east]), np.array([north]))[0])
        y += 0.07 * size  # capitals and digits are in the middle, not their descent too
        found.append((azimuth, text, Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)))
    return found


def scale_numbers(canvas: Canvas, reach_km: float, points: Floats, names: Sequence[Box]) -> None:
    """Write the distances of the faint circles along the ray where they cover least."""
    units, theme = canvas.look.units, canvas.look.theme
    step = scale_step(canvas, reach_km)
    radii = [float(r) for r in np.arange(step, reach_km * 0.97, step)]
    texts = [f"{units.of(r):,.4g}" if units.of(r) < 100 else f"{units.of(r):,.0f}" for r in radii]
    if texts:
        texts[-1] += f" {units.name}"
    best: tuple[float, list[tuple[str, Box]]] | None = None
    for azimuth in range(0, 360, _LABEL_DEG):
        boxes = [
            _number_box(canvas, azimuth, radius, text)
            for radius, text in zip(radii, texts, strict=True)
        ]
        free = [canvas.is_free([box], points) for box in boxes]
        cost = 3.0 * free.count(False) + sum(any(b.overlaps(n) for n in names) for b in boxes)
        cost += abs((azimuth - 90 + 180) % 360 - 180) / 1000  # to the right, as axes run
        if best is None or cost < best[0]:
            rows = zip(texts, boxes, free, strict=True)
            best = cost, [(text, box) for text, box, is_free in rows if is_free]
    for text, box in best[1] if best else []:
        canvas.taken.append(box)
        x, y = canvas.to_plane((box.x0 + box.x1) / 2, box.y0 + 0.22 * _NUMBER_SIZE + 0.6)
        canvas.axes.text(
            x, y, text, fontsize=_NUMBER_SIZE, ha="center", va="baseline", color=theme.muted,
            family=FAMILY, zorder=LAYER_TEXT - 0.6, parse_math=False, gid="scale",
        )  # fmt: skip


def _number_box(canvas: Canvas, azimuth: float, radius: float, text: str) -> Box:
    """Return where a number stands: just inside its circle, on its ray."""
    wide, high = text_size(text, _NUMBER_SIZE)
    east, north = point_of(azimuth, radius)
    x, y = canvas.to_page(np.array([east]), np.array([north]))[0]
    dx, dy = point_of(azimuth, 1.0)
    x -= dx * (wide / 2 + 1.5)
    y -= dy * (high / 2 + 1.0)
    return Box(x - wide / 2 - 0.8, y - high / 2 - 0.6, x + wide / 2 + 0.8, y + high / 2 + 0.6)


def outside(canvas: Canvas, view: RoseView, *, beyond: float = -1.5) -> list[Box]:
    """Return rectangles that cover the page from a distance beyond the rim on, in points."""
    x, y = (float(value) for value in canvas.to_page(np.zeros(1), np.zeros(1))[0])
    radius = view.reach_km * canvas.scale + beyond
    boxes = []
    for low in np.arange(0.0, canvas.height, _STRIP_PT):
        high = float(low) + _STRIP_PT
        off = max(abs(low - y), abs(high - y))
        half = math.sqrt(max(radius**2 - off**2, 0.0))
        boxes.append(Box(-1.0, float(low), x - half, high))
        boxes.append(Box(x + half, float(low), canvas.width + 1.0, high))
    return boxes
