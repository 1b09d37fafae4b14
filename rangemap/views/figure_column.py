"""Columns of a panel: what blocks draw with, and how they flow from one column to the next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from rangemap.views.figure_sheet import Align, Sheet
from rangemap.views.labels import Box, text_size, wrap

HEAD: Final = 8.2
"""Size of a heading, in points."""
TEXT: Final = 7.6
FINE: Final = 7.1
TINY: Final = 6.4
_GAP: Final = 3.5
_BETWEEN: Final = 16.0  # two columns
_DESCENT, _ASCENT = 0.22, 0.76  # of a text's size


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a panel.

    Attributes
    ----------
    sheet : Sheet
    x0, x1, bottom : float
        Its edges, and how far down it may go, in points.
    draw : bool
        Draw; else only the height of blocks is asked for.
    used : list of Box
        Where something was drawn, in all columns of the panel.
    """

    sheet: Sheet
    x0: float = 0.0
    x1: float = 0.0
    bottom: float = 0.0
    draw: bool = True
    used: list[Box] = field(default_factory=list)

    @property
    def width(self) -> float:
        """Between its edges."""
        return self.x1 - self.x0

    def text(
        self, x: float, y: float, text: str, size: float, color: str | None = None,
        *, bold: bool = False, align: Align = "left",
    ) -> None:  # fmt: skip
        """Write one line with its baseline at y."""
        if not self.draw or not text:
            return
        long = text_size(text, size, bold=bold)[0]
        start = x - {"left": 0.0, "center": long / 2, "right": long}[align]
        self.used.append(Box(start, y - _DESCENT * size, start + long, y + _ASCENT * size))
        self.sheet.text(x, y, text, size, color, bold=bold, align=align)

    def heading(self, y: float, text: str) -> float:
        """Write a heading under a fine line; return the next baseline."""
        self.line(self.x0, self.x1, y, self.sheet.look.theme.rule, 0.7)
        for row in wrap(text, self.width, HEAD, bold=True, lines=2):
            y -= 1.25 * HEAD
            self.text(self.x0, y, row, HEAD, bold=True)
        return y - 12.0

    def mark(
        self, x: float, y: float, marker: str, color: str, size: float, filled: bool,
        half: bool = False,
    ) -> None:  # fmt: skip
        """Draw a symbol."""
        if self.draw:
            self.used.append(Box(x, y, x, y).grown(size / 2))
            self.sheet.mark(x, y, marker, color, size, filled, half)

    def line(
        self, x0: float, x1: float, y: float, color: str, width: float, dashes: Any = "solid"
    ) -> None:
        """Draw a level line."""
        if self.draw:
            self.used.append(Box(x0, y - width / 2, x1, y + width / 2))
            self.sheet.line(x0, x1, y, color, width, dashes)

    def block(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle."""
        if self.draw:
            self.used.append(Box(x, y, x + width, y + height))
            self.sheet.block(x, y, width, height, color)


C = TypeVar("C", bound=Column)
Block = Callable[[C, float], float]
"""Draws from a height down and returns the height reached; the same if it has nothing."""


def draw_blocks(
    first: C, area: Box, columns: int, blocks: Sequence[Block[C]],
    *, shortened: Collection[Block[C]] = (),
) -> None:  # fmt: skip
    """Draw blocks into equal columns, in order, each block whole.

    Parameters
    ----------
    first : Column
        Its edges do not count: they follow from the area.
    area : Box
    columns : int
    blocks : sequence of callable
    shortened : collection of callable
        Those that take what room is left.
    """
    boxes = column_boxes(area, columns)

    def column(number: int) -> C:
        box = boxes[number]
        return replace(first, x0=box.x0, x1=box.x1, bottom=box.y0)

    number, y = 0, area.y1
    for block in blocks:
        height = _height(block, column(number))
        if not height:
            continue
        if y - height < area.y0 and y < area.y1 and number < columns - 1:
            number, y = number + 1, area.y1
        if y - height >= area.y0 or block in shortened:
            reached = block(column(number), y)
            y = reached - (_GAP if reached < y else 0)


def column_boxes(area: Box, columns: int) -> list[Box]:
    """Return the columns of a panel, from the left.

    Examples
    --------
    >>> column_boxes(Box(0, 0, 100, 50), 2)
    [Box(x0=0.0, y0=0, x1=42.0, y1=50), Box(x0=58.0, y0=0, x1=100.0, y1=50)]
    """
    width = (area.x1 - area.x0 - _BETWEEN * (columns - 1)) / columns
    lefts = [area.x0 + number * (width + _BETWEEN) for number in range(columns)]
    return [Box(x0, area.y0, x0 + width, area.y1) for x0 in lefts]


def _height(block: Block[C], column: C) -> float:
    """Return how much room a block takes, without drawing it."""
    return -block(replace(column, bottom=-1e6, draw=False), 0.0)


def blocks_height(first: C, width: float, columns: int, blocks: Sequence[Block[C]]) -> float:
    """Return the least height at which all blocks stand in columns."""
    each = (width - _BETWEEN * (columns - 1)) / columns
    blank = replace(first, x0=0.0, x1=each)
    heights = [h for block in blocks if (h := _height(block, blank))]
    return least_height(heights, columns, _GAP)


def least_height(heights: Sequence[float], columns: int, gap: float) -> float:
    """Return the least height of columns that hold blocks in order, each whole.

    Examples
    --------
    >>> least_height([10.0, 20.0, 10.0], 2, 0.0)
    32.0
    """
    low = max(heights, default=0.0)
    while not _fits(heights, low, columns, gap):
        low += 4.0
    return low


def _fits(heights: Sequence[float], high: float, columns: int, gap: float) -> bool:
    number, left = 1, high
    for height in heights:
        if height > left:
            number, left = number + 1, high
        left -= height + gap
    return number <= columns
