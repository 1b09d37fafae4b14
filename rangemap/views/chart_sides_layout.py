"""Where two maps and their panel stand on a page: the arrangement that shows the maps largest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.views.chart_flow import needed
from rangemap.views.chart_map_layout import Blocks
from rangemap.views.chart_sides_views import Extent
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box

__all__ = ["Arrangement", "arranged"]

GAP: Final = 10.0
HEAD: Final = 38.0  # points over a map, for its number
_PANEL: Final = 204.0
_COLUMN: Final = 165.0
_LEAST_MAP: Final = 150.0  # points, of the width of a map that still has a panel beside it
_MAPS_SHARE: Final = 0.55  # of the height that maps over their panel keep at least


@dataclass(frozen=True)
class Arrangement:
    """The boxes of two maps, the room over each, and the panel with its columns, if any."""

    maps: tuple[Box, Box]
    head: float
    panel: Box | None
    columns: int
    worth: float


def arranged(sheet: Sheet, area: Box, blocks: Blocks, extents: Sequence[Extent]) -> Arrangement:
    """Return where the maps stand at the largest scale with all numbers beside or under them."""
    return max(_all(sheet, area, blocks, extents), key=lambda one: one.worth)


def _all(
    sheet: Sheet, area: Box, blocks: Blocks, extents: Sequence[Extent]
) -> Iterator[Arrangement]:
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    if (wide - _PANEL - 2 * GAP) / 2 >= _LEAST_MAP:
        maps = Box(area.x0, area.y0, area.x1 - _PANEL - 1.4 * GAP, area.y1)
        panel = Box(area.x1 - _PANEL, area.y0, area.x1, area.y1)
        need = needed(sheet, _PANEL, blocks(1), 1)
        yield from _pairs(maps, extents, panel, 1, _share(high, need, 1))
    columns = int(wide / _COLUMN)
    if columns >= 2:
        need = needed(sheet, wide, blocks(columns), columns)
        room = min(need, (1 - _MAPS_SHARE) * high)
        maps = Box(area.x0, area.y0 + room + GAP, area.x1, area.y1)
        panel = Box(area.x0, area.y0, area.x1, area.y0 + room)
        yield from _pairs(maps, extents, panel, columns, _share(room, need, columns))
    else:
        yield from _pairs(area, extents, None, 0, 0.1)


def _share(room: float, need: float, columns: int) -> float:
    """Return what an arrangement is worth that may leave numbers out for want of room.

    In one column that is the last of them, which matter least.
    """
    return float(min(1.0, room / max(need, 1.0)) ** (1 if columns == 1 else 4))


def _pairs(
    area: Box, extents: Sequence[Extent], panel: Box | None, columns: int, share: float
) -> Iterator[Arrangement]:
    """Return the maps beside and above one another; height that they do not need goes below."""
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    head = min(HEAD, 0.14 * high)
    half = max(one.half_width for one in extents)
    tall = max(one.half_height for one in extents)
    most = min(extents, key=lambda one: one.widest(1.0))
    each = (wide - GAP) / 2
    low = area.y0
    if panel is not None and columns > 1:
        low = max(low, area.y1 - head - each * tall / half)
        panel = Box(panel.x0, panel.y0, panel.x1, low - GAP)
    each = min(each, most.widest(area.y1 - head - low))
    boxes = [Box(x, low, x + each, area.y1 - head) for x in (area.x0, area.x0 + each + GAP)]
    scale = min(each / half, (area.y1 - head - low) / tall)
    yield Arrangement((boxes[0], boxes[1]), head, panel, columns, share * scale)
    step = (high - GAP) / 2
    head = min(HEAD, 0.14 * step)
    wide = min(wide, most.widest(step - head))
    boxes = [
        Box(area.x0, y, area.x0 + wide, y + step - head) for y in (area.y0 + step + GAP, area.y0)
    ]
    scale = min(wide / half, (step - head) / tall)
    yield Arrangement((boxes[0], boxes[1]), head, panel, columns, share * scale)
