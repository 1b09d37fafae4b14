"""Where many maps of one shape stand in a grid, and their legend beside or under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from rangemap.views.chart_blocks import Block
from rangemap.views.chart_flow import needed
from rangemap.views.chart_map_layout import COLUMN, GAP, PANEL
from rangemap.views.chart_sides_views import Extent
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box

__all__ = ["Grid", "gridded"]

_BETWEEN: Final = 8.0
_HEAD: Final = 17.0  # points over a map, for its title
_LEAST_WIDTH: Final = 330.0  # of a picture with a legend beside its maps
_SPARE: Final = 1.25  # how much higher a map may be than what it must show
_UNDER_SHARE: Final = 0.4  # of the height that a legend under the maps may take


@dataclass(frozen=True)
class Grid:
    """The boxes of the maps in order, the room over each, and the legend's place, if any."""

    cells: tuple[Box, ...]
    head: float
    panel: Box | None
    columns: int
    scale: float


def gridded(sheet: Sheet, area: Box, number: int, extent: Extent, blocks: Sequence[Block]) -> Grid:
    """Return the grid in which so many maps are largest, with all of the legend."""
    return max(_all(sheet, area, number, extent, blocks), key=lambda grid: grid.scale)


def _all(
    sheet: Sheet, area: Box, number: int, extent: Extent, blocks: Sequence[Block]
) -> Iterator[Grid]:
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    if wide >= _LEAST_WIDTH and needed(sheet, PANEL, blocks, 1) <= high:
        panel = Box(area.x1 - PANEL, area.y0, area.x1, area.y1)
        maps = Box(area.x0, area.y0, panel.x0 - 1.3 * GAP, area.y1)
        yield from _grids(maps, number, extent, panel, 1)
    columns = int(wide / COLUMN)
    need = needed(sheet, wide, blocks, max(columns, 1))
    if columns and need <= _UNDER_SHARE * high:
        panel = Box(area.x0, area.y0, area.x1, area.y0 + need)
        maps = Box(area.x0, panel.y1 + GAP, area.x1, area.y1)
        yield from _grids(maps, number, extent, panel, columns)
    for grid in _grids(area, number, extent, None, 0):
        room = _last_cells(area, grid)
        if room is not None and needed(sheet, room.x1 - room.x0, blocks, 1) <= room.y1 - room.y0:
            yield replace(grid, panel=room, columns=1)
        else:
            yield replace(grid, scale=0.01 * grid.scale)


def _last_cells(area: Box, grid: Grid) -> Box | None:
    """Return what the last row leaves free at its end, if a legend may stand there."""
    last = grid.cells[-1]
    room = Box(last.x1 + 1.5 * _BETWEEN, last.y0, area.x1, last.y1 + grid.head)
    return room if room.x1 - room.x0 >= COLUMN else None


def _grids(
    area: Box, number: int, extent: Extent, panel: Box | None, columns: int
) -> Iterator[Grid]:
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    for across in range(1, number + 1):
        down = ceil(number / across)
        width = (wide - _BETWEEN * (across - 1)) / across
        step = (high + _BETWEEN) / down
        head = min(_HEAD, 0.3 * step)
        tall = step - _BETWEEN - head
        if width <= 8 or tall <= 8:
            continue
        width = min(width, extent.widest(tall))
        scale = min(width / extent.half_width, tall / extent.half_height)
        tall = min(tall, _SPARE * scale * extent.half_height)
        step = tall + head + _BETWEEN
        cells = []
        for n in range(number):
            x = area.x0 + (n % across) * (width + _BETWEEN)
            top = area.y1 - (n // across) * step - head
            cells.append(Box(x, top - tall, x + width, top))
        below = panel
        if panel is not None and columns > 1:  # what the maps do not need goes to the legend
            below = Box(panel.x0, panel.y0, panel.x1, cells[-1].y0 - GAP)
        yield Grid(tuple(cells), head, below, columns, scale)
