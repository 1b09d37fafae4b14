"""Text on a map: untrusted names made safe, and labels that never mislead.

The placer tries eight positions round each point, the most important label first. It
drops a label rather than displace it, and never puts one nearer to another point than to
its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.textpath import text_to_path

Floats = npt.NDArray[np.float64]

FONT: Final = "DejaVu Sans"
ELLIPSIS: Final = "…"
_CAP_HEIGHT: Final = 0.76  # of the size: ascent of a line of capitals and digits
_DESCENT: Final = 0.22
_GAP_PT: Final = 1.2  # between a symbol and its label
_CLEAR_PT: Final = 0.8  # by which its own point must be nearer than any other
SAME_SPOT_PT: Final = 1.2  # symbols nearer than this look like one
_TOUCH_PT: Final = 0.6  # kept between two labels


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, in points, y upwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    def overlaps(self, other: Box) -> bool:
        """Return whether the two share more than an edge."""
        return (
            self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1
        )

    def within(self, other: Box) -> bool:
        """Return whether it lies wholly inside another."""
        return (
            other.x0 <= self.x0
            and self.x1 <= other.x1
            and other.y0 <= self.y0
            and self.y1 <= other.y1
        )

    def distance(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Floats:
        """Return the distance of points from the rectangle, 0 inside."""
        xs, ys = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        dx = np.maximum(np.maximum(self.x0 - xs, xs - self.x1), 0.0)
        dy = np.maximum(np.maximum(self.y0 - ys, ys - self.y1), 0.0)
        return np.asarray(np.hypot(dx, dy))

    def grown(self, by: float) -> Box:
        """Return it larger on every side."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)


@dataclass(frozen=True)
class Label:
    """A label to place at a point, in points on the page; low ``priority`` comes first."""

    key: str
    text: str
    x: float
    y: float
    size: float
    radius: float
    priority: float = 0.0
    bold: bool = False


# Share of the label's width and height that lies left of and below its anchor, and how
# far the anchor stands from the point; in the order in which cartographers prefer them.
_POSITIONS: Final = (
    ((0.0, 0.5), (1.0, 0.0), 0.0),  # east
    ((1.0, 0.5), (-1.0, 0.0), 1.0),  # west
    ((0.0, 0.0), (0.8, 0.7), 1.2),  # north-east
    ((0.0, 1.0), (0.8, -0.7), 1.6),  # south-east
    ((0.5, 0.0), (0.0, 1.0), 1.8),  # north
    ((0.5, 1.0), (0.0, -1.0), 2.0),  # south
    ((1.0, 0.0), (-0.8, 0.7), 2.2),  # north-west
    ((1.0, 1.0), (-0.8, -0.7), 2.4),  # south-west
)
_LINE_COST: Final = 3.0  # a label on a line is worse than any position off it


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
        From key to rectangle; a label that found no room is not in it.

    Examples
    --------
    >>> at = [Label("a", "Abc", 50, 50, 6, 2), Label("b", "Xyz", 50, 50, 6, 2, priority=1)]
    >>> placed = place_labels(at, frame=Box(0, 0, 100, 100),
    ...                       points=np.array([[50.0, 50.0]]), radii=np.array([2.0]))
    >>> sorted(placed), placed["a"].overlaps(placed["b"])
    (['a', 'b'], False)
    """
    taken = list(obstacles)
    placed: dict[str, Box] = {}
    for label in sorted(labels, key=lambda one: (one.priority, one.key)):
        best: tuple[float, Box] | None = None
        for box, cost in _candidates(label):
            if best is not None and cost >= best[0]:
                continue
            if not _is_free(box, label, frame, points, radii, taken):
                continue
            cost += _LINE_COST * float(lines is not None and _crosses(box, lines))
            if best is None or cost < best[0]:
                best = (cost, box)
        if best is not None:
            placed[label.key] = best[1]
            taken.append(best[1].grown(_TOUCH_PT))
    return placed


def _candidates(label: Label) -> Iterable[tuple[Box, float]]:
    width, height = text_size(label.text, label.size, bold=label.bold)
    away = label.radius + _GAP_PT
    for (left, below), (right, up), cost in _POSITIONS:
        x0 = label.x + right * away - left * width
        y0 = label.y + up * away - below * height
        yield Box(x0, y0, x0 + width, y0 + height), cost


def _is_free(
    box: Box, label: Label, frame: Box, points: Floats, radii: Floats, taken: list[Box]
) -> bool:
    if not box.within(frame) or any(box.overlaps(other) for other in taken):
        return False
    if not len(points):
        return True
    gaps = box.distance(points[:, 0], points[:, 1])
    if (gaps < radii + 0.3).any():
        return False
    own = float(box.distance(label.x, label.y))
    others = np.hypot(points[:, 0] - label.x, points[:, 1] - label.y) > SAME_SPOT_PT
    return bool((gaps[others] > own + _CLEAR_PT).all())


def _crosses(box: Box, lines: Floats) -> bool:
    x, y = lines[:, 0], lines[:, 1]
    return bool(((box.x0 < x) & (x < box.x1) & (box.y0 < y) & (y < box.y1)).any())


@cache
def _properties(bold: bool) -> FontProperties:
    return FontProperties(family=FONT, weight="bold" if bold else "normal")


@cache
def _has_glyph(character: str) -> bool:
    return bool(get_font(findfont(_properties(False))).get_char_index(ord(character)))


@cache
def _unit_width(text: str, bold: bool) -> float:
    width, _, _ = text_to_path.get_text_width_height_descent(text, _properties(bold), ismath=False)
    return float(width) / _properties(bold).get_size_in_points()


def text_size(text: str, size: float, *, bold: bool = False) -> tuple[float, float]:
    """Return width and height in points of one line, the same on every machine.

    Examples
    --------
    >>> text_size("Minsk", 8)[0] < text_size("Minsk", 8, bold=True)[0]
    True
    """
    return _unit_width(text, bold) * size, (_CAP_HEIGHT + _DESCENT) * size


def baseline(box: Box, size: float) -> tuple[float, float]:
    """Return where the text of a placed label starts."""
    return box.x0, box.y0 + _DESCENT * size


def clean_text(text: object, limit: int = 80) -> str:
    """Return an untrusted name as one short line that any output can hold.

    Control characters, line breaks and marks that turn the direction of writing become
    spaces; characters that the font lacks become a replacement mark; a long name ends in
    an ellipsis.

    Examples
    --------
    >>> clean_text("Alpha" + chr(10) + " Base" + chr(0x202E))
    'Alpha Base'
    >>> clean_text("x" * 100, limit=5)
    'xxxx…'
    """
    flat = "".join(
        " " if unicodedata.category(character)[0] in "CZ" else character
        for character in str(text)[: limit * 40]
    )
    short = shorten(" ".join(flat.split()), limit)
    return "".join(c if ord(c) < 127 or _has_glyph(c) else "\ufffd" for c in short)


def shorten(text: str, limit: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text, or as much of its start as fits a width in points, with an ellipsis.

    Examples
    --------
    >>> fit("a long line of text", 40, 8)
    'a long li…'
    """
    if text_size(text, size, bold=bold)[0] <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_size(text[:middle].rstrip() + ELLIPSIS, size, bold=bold)[0] <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def wrap(text: str, width: float, size: float, *, bold: bool = False, lines: int = 99) -> list[str]:
    """Return the text broken at spaces into lines of at most a width in points.

    Examples
    --------
    >>> wrap("one two three", 32, 8)
    ['one', 'two', 'three']
    """
    result: list[str] = []
    words = text.split()
    while words:
        if len(result) == lines - 1:
            result.append(fit(" ".join(words), width, size, bold=bold))
            break
        count = 1
        while (
            count < len(words)
            and text_size(" ".join(words[: count + 1]), size, bold=bold)[0] <= width
        ):
            count += 1
        result.append(fit(" ".join(words[:count]), width, size, bold=bold))
        words = words[count:]
    return result
