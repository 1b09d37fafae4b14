"""How blocks flow into columns: in order, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rangemap.views.chart_blocks import Block, Pen
from rangemap.views.figure_column import least_height
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box

__all__ = ["flow", "height_of", "needed"]

_GAP: Final = 4.0
_ROUNDING: Final = 0.01
_BETWEEN: Final = 16.0  # columns


def flow(sheet: Sheet, area: Box, blocks: Sequence[Block], columns: int) -> list[str]:
    """Draw blocks into equal columns, in order, each whole.

    Returns
    -------
    list of str
        The titles of those that found no room.
    """
    width = (area.x1 - area.x0 - _BETWEEN * (columns - 1)) / columns
    number, y, low = 0, area.y1, area.y0 - _ROUNDING
    left_out = []
    for block in blocks:
        pen = _column(sheet, area, number, width)
        high = height_of(pen, block)
        if not high:
            continue
        if y - high < low and y < area.y1 and number < columns - 1:
            number, y = number + 1, area.y1
            pen = _column(sheet, area, number, width)
        if y - high < low and not block.stretches:
            left_out.append(block.title)
            continue
        reached = block.run(pen, y)
        y = reached - (_GAP if reached < y else 0.0)
    return left_out


def _column(sheet: Sheet, area: Box, number: int, width: float) -> Pen:
    x0 = area.x0 + number * (width + _BETWEEN)
    return Pen(sheet, x0, x0 + width, area.y0)


def height_of(pen: Pen, block: Block) -> float:
    """Return how much room a block takes, without drawing it."""
    return -block.run(replace(pen, bottom=-1e6, draws=False), 0.0)


def needed(sheet: Sheet, width: float, blocks: Sequence[Block], columns: int) -> float:
    """Return the least height at which all blocks that do not stretch stand in columns."""
    each = (width - _BETWEEN * (columns - 1)) / columns
    blank = Pen(sheet, 0.0, each, -1e6, draws=False)
    heights = [h for one in blocks if not one.stretches and (h := height_of(blank, one))]
    return least_height(heights, columns, _GAP)
