"""The positions that symbols, lines, obstacles and the frame leave to each label."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from rangemap.views.label_positions import (
    SAME_SPOT_PT,
    Spot,
    candidates,
    clear,
    crossed,
    far,
    near,
    overlap,
)
from rangemap.views.labels import Box, Floats, Label
from rangemap.views.segments import Line, from_segment, meets

LEADER_PT: Final = 4.5  # a label further from its symbol has a line to it
_LINE_COST: Final = 3.0  # a label on a line is worse than any position off it


@dataclass(eq=False)
class Choice:
    """The positions of one label that nothing fixed forbids, the best first."""

    label: Label
    boxes: list[Box]
    costs: list[float]
    leaders: list[Line | None]
    at: int | None = None

    @cached_property
    def extent(self) -> Box:
        """What all positions, and the lines to them, lie in."""
        corners = np.array([(one.x0, one.y0, one.x1, one.y1) for one in self.boxes])
        x0, y0 = corners[:, :2].min(axis=0)
        x1, y1 = corners[:, 2:].max(axis=0)
        x, y = self.label.x, self.label.y
        return Box(min(x0, x), min(y0, y), max(x1, x), max(y1, y))

    @property
    def box(self) -> Box | None:
        """The position that is taken, if one is."""
        return None if self.at is None else self.boxes[self.at]


@dataclass(frozen=True)
class Page:
    """What is there already."""

    frame: Box
    points: Floats
    radii: Floats
    obstacles: tuple[Box, ...]
    lines: Floats | None


@dataclass(frozen=True)
class Prepared:
    """Labels with all positions that symbols, frame and lines leave them, to be placed at will."""

    page: Page
    choices: tuple[Choice, ...]
    further: dict[str, Choice] = field(default_factory=dict)
    """Positions further off, of the labels that have needed one."""

    def far(self, label: Label) -> Choice:
        """Return the positions of a label that need a line to its symbol."""
        if label.key not in self.further:
            self.further[label.key] = _choice(label, self.page, far(label))
        return self.further[label.key]


def prepare_labels(
    labels: Iterable[Label],
    *,
    frame: Box,
    points: Floats,
    radii: Floats,
    obstacles: Sequence[Box] = (),
    lines: Floats | None = None,
) -> Prepared:
    """Return labels ready for `place_prepared`; parameters as of `place_labels`."""
    page = Page(frame, points, radii, tuple(obstacles), lines)
    ordered = sorted(labels, key=lambda one: (one.priority, one.key))
    return Prepared(page, tuple(_choice(label, page, near(label)) for label in ordered))


def cleared(choice: Choice, obstacles: Sequence[Box]) -> Choice:
    """Return a choice of its own, without the positions that obstacles take."""
    if choice.boxes:
        obstacles = [other for other in obstacles if other.overlaps(choice.extent)]
    if not obstacles:
        return Choice(choice.label, [*choice.boxes], [*choice.costs], [*choice.leaders])
    keep = [
        n for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True))
        if not any(
            box.overlaps(other) or (line is not None and meets(line, other))
            for other in obstacles
        )
    ]  # fmt: skip
    return Choice(
        choice.label, [choice.boxes[n] for n in keep], [choice.costs[n] for n in keep],
        [choice.leaders[n] for n in keep],
    )  # fmt: skip


def leader_of(label: Label, box: Box) -> Line | None:
    """Return the line from a point's symbol to its label, None where the label stands close.

    Examples
    --------
    >>> at = Label("a", "Abc", 50, 50, 6, 2)
    >>> leader_of(at, Box(53.2, 46, 70, 54)), leader_of(at, Box(65, 46, 80, 54))
    (None, (52.4, 50.0, 64.6, 50.0))
    """
    x = min(max(label.x, box.x0), box.x1)
    y = min(max(label.y, box.y0), box.y1)
    long = math.hypot(x - label.x, y - label.y)
    if long <= label.radius + LEADER_PT:
        return None
    step = (label.radius + 0.4) / long
    end = 1 - 0.4 / long
    dx, dy = x - label.x, y - label.y
    return label.x + step * dx, label.y + step * dy, label.x + end * dx, label.y + end * dy


def with_leaders(labels: Sequence[Label], placed: Mapping[str, Box]) -> list[Box]:
    """Return the rectangles of placed labels, and of the lines that lead to them.

    Examples
    --------
    >>> at = Label("a", "Abc", 50, 50, 6, 2)
    >>> len(with_leaders([at], {"a": Box(65, 46, 80, 54)})), len(with_leaders([at], {}))
    (2, 0)
    """
    boxes = list(placed.values())
    for label in labels:
        box = placed.get(label.key)
        line = leader_of(label, box) if box is not None else None
        if line is not None:
            x, y = sorted(line[::2]), sorted(line[1::2])
            boxes.append(Box(x[0], y[0], x[1], y[1]).grown(0.5))
    return boxes


def _choice(label: Label, page: Page, spots: Sequence[Spot]) -> Choice:
    frame, points, radii, obstacles = page.frame, page.points, page.radii, page.obstacles
    lines = page.lines
    boxes, costs = candidates(label, spots)
    keep = (boxes[:, 0] >= frame.x0) & (boxes[:, 2] <= frame.x1)
    keep &= (boxes[:, 1] >= frame.y0) & (boxes[:, 3] <= frame.y1)
    for other in obstacles:
        keep &= ~overlap(boxes, other)
    boxes, costs = boxes[keep], costs[keep]
    if len(points) and len(boxes):
        keep, doubt = clear(label, boxes, points, radii)
        boxes, costs = boxes[keep], costs[keep] + doubt[keep]
    if lines is not None and len(lines) and len(boxes):
        costs = costs + _LINE_COST * crossed(boxes, lines)
    order = np.argsort(costs, kind="stable")
    found = [Box(*(float(v) for v in boxes[n])) for n in order]
    leaders = [leader_of(label, box) for box in found]
    free = [
        n for n, line in enumerate(leaders)
        if line is None or _leader_is_free(line, label, points, radii, obstacles)
    ]  # fmt: skip
    return Choice(
        label, [found[n] for n in free], [float(costs[order[n]]) for n in free],
        [leaders[n] for n in free],
    )  # fmt: skip


def _leader_is_free(
    line: Line, label: Label, points: Floats, radii: Floats,
    obstacles: Sequence[Box],
) -> bool:  # fmt: skip
    if any(meets(line, box) for box in obstacles):
        return False
    if not len(points):
        return True
    others = np.hypot(points[:, 0] - label.x, points[:, 1] - label.y) > SAME_SPOT_PT
    return bool((from_segment(line, points[others]) > radii[others] + 0.6).all())
