"""Labels that never mislead: where each stands, or that it has no room.

The most important label comes first and takes the best of its positions. A label without room
may move others to their next best positions, but never pushes one out. None touches another
label, a symbol or the frame, and none is nearer to another point than to its own.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.views.labels import Box, Floats, Label, text_size

Flags = npt.NDArray[np.bool_]
Spot = tuple[float, float, float, float, float]
"""Shares of the label left of and below its anchor, where that is, and what it costs."""

SAME_SPOT_PT: Final = 1.2  # symbols nearer than this look like one
LEADER_PT: Final = 4.5  # a label further from its symbol has a line to it
_GAP_PT: Final = 1.2  # between a symbol and its label
_CLEAR_PT: Final = 0.8  # by which its own point must be nearer than any other
_TOUCH_PT: Final = 0.5  # kept between two labels, on each side
_LINE_COST: Final = 3.0  # a label on a line is worse than any position off it
_DOUBT_COST: Final = 0.7  # its middle is nearer to another point
_MOVED: Final = 2  # labels that may move to make room for another
_DEPTH: Final = 2  # and those may move others in turn
_ROUNDS: Final = 3

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


@dataclass(eq=False)
class _Choice:
    """The positions of one label that nothing fixed forbids, the best first."""

    label: Label
    boxes: list[Box]
    costs: list[float]
    leaders: list[tuple[float, float, float, float] | None]
    at: int | None = None

    @property
    def box(self) -> Box | None:
        return None if self.at is None else self.boxes[self.at]


@dataclass(frozen=True)
class _Page:
    """What is there already."""

    frame: Box
    points: Floats
    radii: Floats
    obstacles: tuple[Box, ...]
    lines: Floats | None


def place_labels(
    labels: Iterable[Label],
    *,
    frame: Box,
    points: Floats,
    radii: Floats,
    obstacles: Sequence[Box] = (),
    lines: Floats | None = None,
) -> dict[str, Box]:
    """Return a rectangle for each label that found room.

    Parameters
    ----------
    labels : iterable of Label
        What to place; ties in priority are broken by key, so the result is one.
    frame : Box
        Labels stay inside.
    points : numpy.ndarray, shape (n, 2)
        Centres of all symbols, labelled or not.
    radii : numpy.ndarray, shape (n,)
        Their radii; no label touches a symbol.
    obstacles : sequence of Box
        Where nothing may stand.
    lines : numpy.ndarray, shape (m, 2), optional
        Points along lines that labels had better not cross.

    Returns
    -------
    dict
        From key to rectangle; a label that found no room is not in it. `leader_of` tells
        which needs a line to its point.

    Examples
    --------
    >>> at = [Label("a", "Abc", 50, 50, 6, 2), Label("b", "Xyz", 50, 50, 6, 2, priority=1)]
    >>> placed = place_labels(at, frame=Box(0, 0, 100, 100),
    ...                       points=np.array([[50.0, 50.0]]), radii=np.array([2.0]))
    >>> sorted(placed), placed["a"].overlaps(placed["b"])
    (['a', 'b'], False)
    """
    return place_prepared(
        prepare_labels(
            labels, frame=frame, points=points, radii=radii, obstacles=obstacles, lines=lines
        )
    )


@dataclass(frozen=True)
class Prepared:
    """Labels with all positions that symbols, frame and lines leave them, to be placed at will."""

    page: _Page
    choices: tuple[_Choice, ...]


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
    page = _Page(frame, points, radii, tuple(obstacles), lines)
    ordered = sorted(labels, key=lambda one: (one.priority, one.key))
    return Prepared(page, tuple(_choice(label, page, _near(label)) for label in ordered))


def place_prepared(
    prepared: Prepared,
    *,
    obstacles: Sequence[Box] = (),
    without: Collection[str] = (),
    depth: int = _DEPTH,
) -> dict[str, Box]:
    """Return a rectangle for each label that found room, beside further obstacles.

    Parameters
    ----------
    prepared : Prepared
        From `prepare_labels`; it may be placed again with other obstacles.
    obstacles : sequence of Box
        Where nothing may stand, besides those known when it was prepared.
    without : collection of str
        Keys of labels that are left out.
    depth : int, default 2
        How far a label without room may move others; 0 for a quick trial.
    """
    page = replace(prepared.page, obstacles=(*prepared.page.obstacles, *obstacles))
    choices = [
        _cleared(choice, obstacles)
        for choice in prepared.choices
        if choice.label.key not in without
    ]
    placed: list[_Choice] = []
    for choice in choices:
        if _settle(choice, placed):
            placed.append(choice)
    for choice in choices:
        if depth and choice.at is None and choice.label.leader:  # only few need to look further off
            further = _choice(choice.label, page, _far(choice.label))
            choice.boxes += further.boxes
            choice.costs += further.costs
            choice.leaders += further.leaders
            if _settle(choice, placed):
                placed.append(choice)
    for _ in range(_ROUNDS if depth else 0):
        lost = [choice for choice in choices if choice.at is None]
        gained = [choice for choice in lost if _make_room(choice, placed, depth)]
        if not gained:
            break
    return {choice.label.key: box for choice in choices if (box := choice.box) is not None}


def _cleared(choice: _Choice, obstacles: Sequence[Box]) -> _Choice:
    """Return a choice of its own, without the positions that obstacles take."""
    keep = [
        n for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True))
        if not any(
            box.overlaps(other) or (line is not None and _meets(line, other))
            for other in obstacles
        )
    ]  # fmt: skip
    return _Choice(
        choice.label, [choice.boxes[n] for n in keep], [choice.costs[n] for n in keep],
        [choice.leaders[n] for n in keep],
    )  # fmt: skip


def leader_of(label: Label, box: Box) -> tuple[float, float, float, float] | None:
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


def _choice(label: Label, page: _Page, spots: Sequence[Spot]) -> _Choice:
    frame, points, radii, obstacles = page.frame, page.points, page.radii, page.obstacles
    lines = page.lines
    boxes, costs = _candidates(label, spots)
    keep = (boxes[:, 0] >= frame.x0) & (boxes[:, 2] <= frame.x1)
    keep &= (boxes[:, 1] >= frame.y0) & (boxes[:, 3] <= frame.y1)
    for other in obstacles:
        keep &= ~_overlap(boxes, other)
    boxes, costs = boxes[keep], costs[keep]
    if len(points) and len(boxes):
        keep, doubt = _clear(label, boxes, points, radii)
        boxes, costs = boxes[keep], costs[keep] + _DOUBT_COST * doubt[keep]
    if lines is not None and len(lines) and len(boxes):
        costs = costs + _LINE_COST * _crossed(boxes, lines)
    order = np.argsort(costs, kind="stable")
    found = [Box(*(float(v) for v in boxes[n])) for n in order]
    leaders = [leader_of(label, box) for box in found]
    free = [
        n for n, line in enumerate(leaders)
        if line is None or _leader_is_free(line, label, points, radii, obstacles)
    ]  # fmt: skip
    return _Choice(
        label, [found[n] for n in free], [float(costs[order[n]]) for n in free],
        [leaders[n] for n in free],
    )  # fmt: skip


def _near(label: Label) -> list[Spot]:
    """Return the positions beside a symbol."""
    away = label.radius + _GAP_PT
    return [(left, below, right * away, up * away, cost) for left, below, right, up, cost in _CLOSE]


def _far(label: Label) -> list[Spot]:
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


def _candidates(label: Label, spots: Sequence[Spot]) -> tuple[Floats, Floats]:
    """Return rectangles, shape (k, 4), and what each costs."""
    width, height = text_size(label.text, label.size, bold=label.bold)
    table = np.array(spots)
    x0 = label.x + table[:, 2] - table[:, 0] * width
    y0 = label.y + table[:, 3] - table[:, 1] * height
    return np.column_stack([x0, y0, x0 + width, y0 + height]), table[:, 4]


def _overlap(boxes: Floats, other: Box) -> Flags:
    return np.asarray(
        (boxes[:, 0] < other.x1)
        & (other.x0 < boxes[:, 2])
        & (boxes[:, 1] < other.y1)
        & (other.y0 < boxes[:, 3])
    )


def _clear(label: Label, boxes: Floats, points: Floats, radii: Floats) -> tuple[Flags, Flags]:
    """Return which rectangles touch no symbol and mislead nobody; and which have a doubt."""
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
    doubt: Flags = np.asarray((from_middle < of_own).any(axis=1))
    return keep, doubt


def _crossed(boxes: Floats, lines: Floats) -> Flags:
    x, y = lines[:, 0][None, :], lines[:, 1][None, :]
    inside = (boxes[:, [0]] < x) & (x < boxes[:, [2]]) & (boxes[:, [1]] < y) & (y < boxes[:, [3]])
    return np.asarray(inside.any(axis=1))


def _leader_is_free(
    line: tuple[float, float, float, float], label: Label, points: Floats, radii: Floats,
    obstacles: Sequence[Box],
) -> bool:  # fmt: skip
    if any(_meets(line, box) for box in obstacles):
        return False
    if not len(points):
        return True
    others = np.hypot(points[:, 0] - label.x, points[:, 1] - label.y) > SAME_SPOT_PT
    return bool((_from_segment(line, points[others]) > radii[others] + 0.6).all())


def _from_segment(line: tuple[float, float, float, float], points: Floats) -> Floats:
    x0, y0, x1, y1 = line
    dx, dy = x1 - x0, y1 - y0
    along = ((points[:, 0] - x0) * dx + (points[:, 1] - y0) * dy) / max(dx * dx + dy * dy, 1e-12)
    along = np.clip(along, 0.0, 1.0)
    return np.asarray(np.hypot(points[:, 0] - x0 - along * dx, points[:, 1] - y0 - along * dy))


def _meets(line: tuple[float, float, float, float], box: Box) -> bool:
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


def _apart(box: Box, line: tuple[float, float, float, float] | None, other: _Choice) -> bool:
    """Return whether a position leaves another label and its line alone."""
    if other.at is None:
        return True
    taken, leader = other.boxes[other.at], other.leaders[other.at]
    if (
        box.x0 < taken.x1 + _TOUCH_PT
        and taken.x0 - _TOUCH_PT < box.x1
        and box.y0 < taken.y1 + _TOUCH_PT
        and taken.y0 - _TOUCH_PT < box.y1
    ):
        return False
    if line is None and leader is None:
        return True
    if line is not None and _meets(line, taken.grown(_TOUCH_PT)):
        return False
    if leader is not None and _meets(leader, box.grown(_TOUCH_PT)):
        return False
    return not (line is not None and leader is not None and _cross(line, leader))


def _cross(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    def side(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
        return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

    return (
        side(*one, *other[:2]) * side(*one, *other[2:]) < 0
        and side(*other, *one[:2]) * side(*other, *one[2:]) < 0
    )


def _settle(choice: _Choice, placed: Sequence[_Choice]) -> bool:
    """Take the best position that is free; return whether there is one."""
    for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True)):
        if all(_apart(box, line, other) for other in placed if other is not choice):
            choice.at = n
            return True
    return False


def _make_room(
    choice: _Choice, placed: list[_Choice], depth: int = _DEPTH, fixed: tuple[_Choice, ...] = ()
) -> bool:
    """Place a lost label by moving a few others, if each of them finds another position.

    Those in turn may move a few, to a depth; labels in ``fixed`` stay where they are.
    """
    before = [(other, other.at) for other in placed]
    for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True)):
        blockers = [other for other in placed if not _apart(box, line, other)]
        if len(blockers) > _MOVED or any(other in fixed for other in blockers):
            continue
        choice.at = n
        for other in blockers:
            other.at = None
        everybody = placed if choice in placed else [*placed, choice]
        if all(
            _settle(other, everybody)
            or (depth > 1 and _make_room(other, everybody, depth - 1, (*fixed, choice)))
            for other in blockers
        ):
            if choice not in placed:
                placed.append(choice)
            return True
        choice.at = None
        for other, at in before:
            other.at = at
    return False
