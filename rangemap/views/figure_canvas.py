"""One map rectangle on the page: from km on the plane to points, and where text stands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from shapely.geometry.base import BaseGeometry

from rangemap.views.figure_base import LAYER_BOXES, LAYER_TEXT, segments_of
from rangemap.views.figure_sheet import Look
from rangemap.views.fonts import FAMILY
from rangemap.views.label_beside import NAME_COST, place_beside, starts_along, write_beside
from rangemap.views.labels import Box, baseline, text_size
from rangemap.views.projection import Floats, MapView

_SAMPLE_PT: Final = 4.0
_LONG_PT: Final = 78.0  # a longer label on a line is broken in two
_DEAR: Final = 4  # so many names that may move are worth one that must not be lost
_MAX_BEND: Final = 5.0  # how far the line may leave its label, in letter heights


@dataclass
class Canvas:
    """An axes that shows a view at a known size, and what stands on it already."""

    axes: Axes
    view: MapView
    width: float
    height: float
    look: Look = field(default_factory=Look)
    taken: list[Box] = field(default_factory=list)

    @property
    def scale(self) -> float:
        """Points on the page for each km of the plane."""
        return self.width / self.view.width_km

    @property
    def frame(self) -> Box:
        """Where text may stand: a little inside the neat line."""
        return Box(3.0, 3.0, self.width - 3.0, self.height - 3.0)

    def to_page(self, x: Floats, y: Floats) -> Floats:
        """Return points on the page of km on the plane, shape (n, 2)."""
        return np.column_stack(
            [(np.asarray(x) - self.view.x_min) * self.scale,
             (np.asarray(y) - self.view.y_min) * self.scale]
        )  # fmt: skip

    def to_plane(self, x: float, y: float) -> tuple[float, float]:
        """Return km on the plane of a point on the page."""
        return self.view.x_min + x / self.scale, self.view.y_min + y / self.scale

    def write(self, box: Box, text: str, size: float, color: str, **options: Any) -> None:
        """Write a label in the rectangle that the placer found for it."""
        x, y = self.to_plane(*baseline(box, size))
        self.axes.text(
            x, y, text, fontsize=size, color=color, family=FAMILY, ha="left", va="baseline",
            zorder=options.pop("zorder", LAYER_TEXT), parse_math=False, clip_on=True, **options,
        )  # fmt: skip

    def line_points(self, lines: Sequence[BaseGeometry]) -> Floats:
        """Return points along lines, close enough that no label slips between two."""
        found = [np.empty((0, 2))]
        for line in lines:
            segments = segments_of(shapely.segmentize(line, _SAMPLE_PT / self.scale))
            found += [self.to_page(segment[:, 0], segment[:, 1]) for segment in segments]
        return np.concatenate(found)

    def label_line(
        self, line: BaseGeometry, text: str, size: float, color: str, points: Floats,
        avoid: Floats, *, bold: bool = False, names: Sequence[Box] = (), dear: Sequence[Box] = (),
    ) -> bool:  # fmt: skip
        """Write a text on a line where it is nearly straight, level and free; or not at all.

        It rather stands clear of the points to ``avoid`` and of the ``names``, but may not. For
        those of them that are ``dear`` it moves beside the line, if there is room.
        """
        rows = _two_rows(text, size, bold)
        found = self._best_spot(line, rows, size, points, avoid, bold, names, dear)
        if found is None:
            return False
        x, y, angle, boxes, cost = found
        if cost > NAME_COST * _DEAR:
            every = [*names, *(name for name in dear for _ in range(_DEAR))]
            starts = starts_along(self, line)
            beside = place_beside(self, rows, size, starts, points, every, bold=bold)
            if beside is not None and beside.cost < cost:
                write_beside(self, rows, size, color, beside, bold=bold)
                return True
        self.taken.extend(boxes)
        px, py = self.to_plane(x, y)
        self.axes.text(
            px, py, "\n".join(rows), fontsize=size, color=color, family=FAMILY, ha="center",
            va="center", multialignment="center", linespacing=1.05, rotation=angle,
            rotation_mode="anchor", zorder=LAYER_TEXT - 0.5, parse_math=False, clip_on=True,
            weight="bold" if bold else "normal",
            bbox={
                "facecolor": self.look.theme.paper, "edgecolor": "none", "alpha": 0.82, "pad": 0.9,
            },
        )  # fmt: skip
        return True

    def _best_spot(
        self, line: BaseGeometry, rows: list[str], size: float, points: Floats, avoid: Floats,
        bold: bool, names: Sequence[Box], dear: Sequence[Box],
    ) -> tuple[float, float, float, list[Box], float] | None:  # fmt: skip
        """Return middle, angle, rectangles and cost of the best place for a label on a line."""
        width = max(text_size(row, size, bold=bold)[0] for row in rows)
        height = text_size(rows[0], size, bold=bold)[1] * len(rows) * 1.08
        best: tuple[float, float, float, list[Box], float] | None = None
        for segment in segments_of(line):
            route = self.to_page(segment[:, 0], segment[:, 1])
            for x, y, angle, bend in _spots(route, width + 4, 0.8 * size):
                boxes = _boxes_along(x, y, angle, width + 4, height + 1.5)
                if bend > _MAX_BEND or not self.is_free(boxes, points):
                    continue
                crossing = sum(_hits(box.grown(-1.0), avoid) for box in boxes)
                middle = math.hypot(x - self.width / 2, y - self.height / 2) / self.width
                over = sum(any(box.overlaps(name) for box in boxes) for name in names)
                over += _DEAR * sum(any(box.overlaps(name) for box in boxes) for name in dear)
                cost = abs(angle) / 30 + bend + 0.5 * crossing + middle + NAME_COST * over
                if best is None or cost < best[4] - 1e-9:
                    best = (x, y, angle, boxes, cost)
        return best

    def is_free(self, boxes: Sequence[Box], points: Floats) -> bool:
        """Return whether rectangles lie on the map and cover neither symbol nor what is there."""
        for box in boxes:
            if not box.within(self.frame) or any(box.overlaps(other) for other in self.taken):
                return False
            if len(points) and (box.distance(points[:, 0], points[:, 1]) < 4.0).any():
                return False
        return True

    def paper(self, box: Box, *, alpha: float = 0.9, edge: str = "none") -> None:
        """Lay a sheet of paper over a part of the map."""
        x, y = self.to_plane(box.x0, box.y0)
        self.axes.add_patch(
            Rectangle(
                (x, y),
                (box.x1 - box.x0) / self.scale,
                (box.y1 - box.y0) / self.scale,
                facecolor=self.look.theme.paper,
                edgecolor=edge,
                linewidth=0.6,
                alpha=alpha,
                zorder=LAYER_BOXES,
            )
        )


def _two_rows(text: str, size: float, bold: bool) -> list[str]:
    """Break a long label near its middle, so that it fits on a small ring."""
    if text_size(text, size, bold=bold)[0] <= _LONG_PT or " " not in text:
        return [text]
    spaces = [index for index, character in enumerate(text) if character == " "]
    # A break after a comma reads best.
    at = min(spaces, key=lambda i: abs(i - len(text) / 2) - (3 if text[i - 1] == "," else 0))
    return [text[:at], text[at + 1 :]]


def _spots(route: Floats, length: float, height: float) -> list[tuple[float, float, float, float]]:
    """Return middle, angle and bend of every stretch of a line that could carry a text."""
    steps = np.hypot(*np.diff(route, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] < length * 1.05:
        return []
    found = []
    for start in np.arange(0.0, along[-1] - length, max(length / 8, 5.0)):
        at = start + length * np.linspace(0, 1, 9)
        xs, ys = np.interp(at, along, route[:, 0]), np.interp(at, along, route[:, 1])
        dx, dy = xs[-1] - xs[0], ys[-1] - ys[0]
        chord = math.hypot(dx, dy)
        if chord < 0.8 * length:
            continue
        off = np.abs((xs - xs[0]) * dy - (ys - ys[0]) * dx) / chord
        angle = math.degrees(math.atan2(dy, dx))
        angle = angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle
        found.append((float(xs[4]), float(ys[4]), angle, float(off.max() / height)))
    return found


def _boxes_along(x: float, y: float, angle: float, width: float, height: float) -> list[Box]:
    """Return small upright rectangles that together cover a slanted text."""
    count = max(2, math.ceil(width / height))
    along = (np.arange(count) + 0.5) / count - 0.5
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    half_x = (width / count * abs(cos) + height * abs(sin)) / 2
    half_y = (width / count * abs(sin) + height * abs(cos)) / 2
    return [
        Box(
            x + a * width * cos - half_x,
            y + a * width * sin - half_y,
            x + a * width * cos + half_x,
            y + a * width * sin + half_y,
        )
        for a in along
    ]


def _hits(box: Box, points: Floats) -> bool:
    return bool(len(points)) and bool((box.distance(points[:, 0], points[:, 1]) == 0).any())
