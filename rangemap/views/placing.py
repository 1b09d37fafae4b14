"""Labels that never mislead: where each stands, or that it has no room.

The most important label comes first and takes the best of its positions. A label without room
may move others to their next best positions; one that readers would miss may push out a few
others, none else does. None touches another label, a symbol or the frame, and none is nearer to
another point than to its own.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
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
from rangemap.views.segments import Line, cross, from_segment, meets

LEADER_PT: Final = 4.5  # a label further from its symbol has a line to it
_TOUCH_PT: Final = 0.5  # kept between two labels, on each side
_SPACE_PT: Final = 1.5  # more that had better be left and right of it, lest two read as one name
_SPACE_COST: Final = 2.0  # by which a position with that space may be worse in itself
_LINE_COST: Final = 3.0  # a label on a line is worse than any position off it
_MOVED: Final = 2  # labels that may move to make room for another
_DEPTH: Final = 2  # and those may move others in turn
_ROUNDS: Final = 3
_MOST_LOST: Final = 40  # that room is made for, the most important first: a full map stays full


@dataclass(eq=False)
class _Choice:
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
    further: dict[str, _Choice] = field(default_factory=dict)
    """Positions further off, of the labels that have needed one."""

    def far(self, label: Label) -> _Choice:
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
    page = _Page(frame, points, radii, tuple(obstacles), lines)
    ordered = sorted(labels, key=lambda one: (one.priority, one.key))
    return Prepared(page, tuple(_choice(label, page, near(label)) for label in ordered))


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
    choices = [
        _cleared(choice, obstacles)
        for choice in prepared.choices
        if choice.label.key not in without
    ]
    placed: list[_Choice] = []
    for choice in choices:
        if _settle(choice, placed):
            placed.append(choice)
    lost = [choice for choice in choices if choice.at is None]
    for choice in lost[:_MOST_LOST] if depth else []:
        if choice.label.leader:
            further = _cleared(prepared.far(choice.label), obstacles)
            choice.boxes += further.boxes
            choice.costs += further.costs
            choice.leaders += further.leaders
            if _settle(choice, placed):
                placed.append(choice)
    for _ in range(_ROUNDS if depth else 0):
        lost = [choice for choice in choices if choice.at is None][:_MOST_LOST]
        gained = [choice for choice in lost if _make_room(choice, placed, depth)]
        if not gained:
            break
    missing = [choice for choice in choices if choice.at is None and choice.label.missed]
    for choice in missing[:_MOST_LOST] if depth else []:
        _push_out(choice, placed)
    return {choice.label.key: box for choice in choices if (box := choice.box) is not None}


def _cleared(choice: _Choice, obstacles: Sequence[Box]) -> _Choice:
    """Return a choice of its own, without the positions that obstacles take."""
    if choice.boxes:
        obstacles = [other for other in obstacles if other.overlaps(choice.extent)]
    if not obstacles:
        return _Choice(choice.label, [*choice.boxes], [*choice.costs], [*choice.leaders])
    keep = [
        n for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True))
        if not any(
            box.overlaps(other) or (line is not None and meets(line, other))
            for other in obstacles
        )
    ]  # fmt: skip
    return _Choice(
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


def _choice(label: Label, page: _Page, spots: Sequence[Spot]) -> _Choice:
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
    return _Choice(
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


def _apart(box: Box, line: Line | None, other: _Choice) -> bool:
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
    if line is not None and meets(line, taken.grown(_TOUCH_PT)):
        return False
    if leader is not None and meets(leader, box.grown(_TOUCH_PT)):
        return False
    return not (line is not None and leader is not None and cross(line, leader))


def _settle(choice: _Choice, placed: Sequence[_Choice]) -> bool:
    """Take the best position that is free; return whether there is one.

    One that leaves a space between two names in one line may be a little worse in itself.
    """
    others = [other for other in placed if other is not choice and other.at is not None]
    taken = [other.boxes[other.at or 0] for other in others]
    edges = [(b.x0 - _TOUCH_PT, b.y0 - _TOUCH_PT, b.x1 + _TOUCH_PT, b.y1 + _TOUCH_PT)
             for b in taken]  # fmt: skip
    led = [other for other in others if other.leaders[other.at or 0] is not None]
    close: int | None = None
    for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True)):
        left, low, right, high = box.x0, box.y0, box.x1, box.y1
        if close is not None and choice.costs[n] > choice.costs[close] + _SPACE_COST:
            break
        for x0, y0, x1, y1 in edges:  # most positions fail here, and this is done very often
            if left < x1 and x0 < right and low < y1 and y0 < high:
                break
        else:
            if all(_apart(box, line, other) for other in (led if line is None else others)):
                if not any(
                    left < x1 + _SPACE_PT and x0 - _SPACE_PT < right and low < y1 and y0 < high
                    for x0, y0, x1, y1 in edges
                ):
                    choice.at = n
                    return True
                if close is None:
                    close = n
    choice.at = close
    return close is not None


def _push_out(choice: _Choice, placed: list[_Choice]) -> None:
    """Place a label that would be missed where the fewest others stand that would not be.

    Each of those may find another position.
    """
    best: tuple[int, list[_Choice]] | None = None
    for n, (box, line) in enumerate(zip(choice.boxes, choice.leaders, strict=True)):
        blockers = [other for other in placed if not _apart(box, line, other)]
        if len(blockers) > _MOVED or any(other.label.missed for other in blockers):
            continue
        if best is None or len(blockers) < len(best[1]):
            best = n, blockers
    if best is None:
        return
    choice.at = best[0]
    placed.append(choice)
    for other in best[1]:
        other.at = None
    for other in best[1]:
        if not _settle(other, placed):
            _make_room(other, placed, 1, (choice,))


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
