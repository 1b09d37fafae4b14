"""Labels that never mislead: where each stands, or that it has no room.

The most important label comes first and takes the best of its positions. A label without room
may move others to their next best positions; one that readers would miss may push out a few
others, none else does. None touches another label, a symbol or the frame, and none is nearer to
another point than to its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from rangemap.views.label_choices import Choice, Prepared, cleared, prepare_labels
from rangemap.views.labels import Box, Floats, Label
from rangemap.views.segments import Line, cross, meets

_TOUCH_PT: Final = 0.5  # kept between two labels, on each side
_SPACE_PT: Final = 1.5  # more that had better be left and right of it, lest two read as one name
_SPACE_COST: Final = 2.0  # by which a position with that space may be worse in itself
_MOVED: Final = 2  # labels that may move to make room for another
_DEPTH: Final = 2  # and those may move others in turn
_ROUNDS: Final = 3
_MOST_LOST: Final = 40  # that room is made for, the most important first: a full map stays full


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
    >>> import numpy as np
    >>> at = [Label("a", "Abc", 50, 50, 6, 2), Label("b", "Xyz", 50, 50, 6, 2, priority=1)]
    >>> placed = place_labels(at, frame=Box(0, 0, 100, 100),
    ...                       points=np.array([[50.0, 50.0]]), radii=np.array([2.0]))
    >>> sorted(placed), placed["a"].overlaps(placed["b"])
    (['a', 'b'], False)
    """
    return place_prepared(
        prepare_labels(
            labels, frame=frame, points=points, radii=radii, obstacles=obstacles, lines=lines
        ),
        spread=True,
    )


def place_prepared(
    prepared: Prepared,
    *,
    obstacles: Sequence[Box] = (),
    without: Collection[str] = (),
    depth: int = _DEPTH,
    spread: bool = False,
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
    spread : bool, default False
        Move names apart at the end that stand close in one line; it changes none's having room.
    """
    choices = [
        cleared(choice, obstacles) for choice in prepared.choices if choice.label.key not in without
    ]
    placed: list[Choice] = []
    for choice in choices:
        if _settle(choice, placed):
            placed.append(choice)
    lost = [choice for choice in choices if choice.at is None]
    for choice in lost[:_MOST_LOST] if depth else []:
        if choice.label.leader:
            further = cleared(prepared.far(choice.label), obstacles)
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
    for choice in reversed(choices) if spread else []:
        if choice.at is not None and _reads_on(choice, placed):
            _settle(choice, placed)  # those placed after it may have come close
    return {choice.label.key: box for choice in choices if (box := choice.box) is not None}


def _apart(box: Box, line: Line | None, other: Choice) -> bool:
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


def _settle(choice: Choice, placed: Sequence[Choice]) -> bool:
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


def _reads_on(choice: Choice, placed: Sequence[Choice]) -> bool:
    """Return whether a name stands in one line with another, and no space between them."""
    here = choice.box
    return here is not None and any(
        here.x0 < there.x1 + _TOUCH_PT + _SPACE_PT
        and there.x0 - _TOUCH_PT - _SPACE_PT < here.x1
        and here.y0 < there.y1 + _TOUCH_PT
        and there.y0 - _TOUCH_PT < here.y1
        for other in placed
        if other is not choice and (there := other.box) is not None
    )


def _push_out(choice: Choice, placed: list[Choice]) -> None:
    """Place a label that would be missed where the fewest others stand that would not be.

    Each of those may find another position.
    """
    best: tuple[int, list[Choice]] | None = None
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
    choice: Choice, placed: list[Choice], depth: int = _DEPTH, fixed: tuple[Choice, ...] = ()
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
