"""Text on a picture: untrusted names made safe, measured, fitted and wrapped."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from rangemap.views.fonts import FAMILY, face_for

Floats = npt.NDArray[np.float64]

ELLIPSIS: Final = "…"
_CAP_HEIGHT: Final = 0.76  # of the size: ascent of a line of capitals and digits
_DESCENT: Final = 0.22


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
    leader: bool = False  # may stand further off, with a fine line to its point
    missed: bool = False  # readers would miss it: it may push out others


@cache
def _properties(bold: bool) -> FontProperties:
    return FontProperties(family=FAMILY, weight="bold" if bold else "normal")


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
    spaces; characters that no font has become a replacement mark; a long name ends in
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
    return "".join(c if ord(c) < 127 or face_for(c) else "\ufffd" for c in short)


def shorten(text: str, limit: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Return the text, or as much of its start as fits a width in points, with an ellipsis.

    Examples
    --------
    >>> fit("a long line of text", 40, 8)
    'a long lin…'
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
    >>> wrap("one two three", 26, 8)
    ['one', 'two', 'three']
    """
    result: list[str] = []
    words = text.split()
    while words:
        if len(result) == lines - 1:
            result.append(fit(" ".join(words), width, size, bold=bold))
            break
        count = _fitting(words, width / size, bold)
        result.append(fit(" ".join(words[:count]), width, size, bold=bold))
        words = words[count:]
    return result


def _fitting(words: list[str], width: float, bold: bool) -> int:
    """Return how many words a line holds, at least one; the width is in sizes of the text.

    The sum of the words' widths says where to look, the whole line's width decides: measuring
    every start of a line would take as much time as all else on a page.
    """
    gap = _unit_width("n n", bold) - 2 * _unit_width("n", bold)
    ends = np.cumsum([_unit_width(word, bold) + gap for word in words]) - gap
    count = max(1, int(np.searchsorted(ends, width, side="right")))
    while count > 1 and _unit_width(" ".join(words[:count]), bold) > width:
        count -= 1
    while count < len(words) and _unit_width(" ".join(words[: count + 1]), bold) <= width:
        count += 1
    return count
