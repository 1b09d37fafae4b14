"""Where one map, or a block of small ones, and its panel stand on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.views.chart_blocks import Block
from rangemap.views.chart_flow import flow, needed
from rangemap.views.chart_sides_views import Extent, views_of
from rangemap.views.figure_sheet import Sheet
from rangemap.views.figure_small import (
    Content,
    Shown,
    bar_size,
    canvas_in,
    draw_content,
    scale_box,
)
from rangemap.views.labels import Box
from rangemap.views.projection import MapView

__all__ = ["LEAST_FOR_BAR", "Blocks", "Halves", "OneMap", "draw_one", "map_and_panel", "padded"]

GAP: Final = 10.0
PAD: Final = 3.0  # of a picture without a margin of its own
PANEL: Final = 204.0
COLUMN: Final = 165.0
LEAST_FOR_BAR: Final = 170.0  # points, of a map with a scale bar of its own
_LEAST_MAP: Final = 210.0
_WIDE: Final = 1.15
_FOR_NAMES: Final = 80.0  # points under all numbers, for lists that take what is left
_MAP_SHARE: Final = 0.55  # of the height that a map over its panel keeps at least

Blocks = Callable[[int], Sequence[Block]]
"""What stands in so many columns."""


@dataclass(frozen=True)
class Halves:
    """Where the map stands, and the titles of what found no room beside or under it."""

    maps: Box
    left_out: list[str]


@dataclass(frozen=True)
class OneMap:
    """What a map holds, which of its places it shows and names, and its view."""

    content: Content
    shown: Shown
    view: MapView


def draw_one(
    sheet: Sheet, place: Box, extent: Extent, content_of: Callable[[MapView], Content]
) -> OneMap:
    """Draw a map into a place, with a scale bar if it is large enough."""
    wide, high = place.x1 - place.x0, place.y1 - place.y0
    view = views_of([extent], wide, high)[0]
    canvas = canvas_in(sheet, place, view)
    content = content_of(view)
    bar = None
    if min(wide, high) > LEAST_FOR_BAR:
        bar = scale_box(canvas, content, bar_size([canvas]))
    return OneMap(content, draw_content(canvas, content, bar), view)


def padded(area: Box) -> Box:
    """Return an area a little smaller if it is the whole of a plain picture."""
    return area.grown(-PAD) if area.x0 == 0 else area


def map_and_panel(sheet: Sheet, area: Box, blocks: Blocks, extent: Extent) -> Halves:
    """Draw the panel beside the map, or under it where the area stands upright.

    Parameters
    ----------
    sheet, area
        What to draw on.
    blocks : callable
        The panel, by its number of columns.
    extent : Extent
        What the map must show: it is made neither so wide that this would be cut, nor, over
        its panel, higher than it takes.
    """
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    if wide >= _WIDE * high and wide - PANEL - GAP >= _LEAST_MAP:
        most = min(wide - PANEL - 1.3 * GAP, extent.widest(high))
        place = Box(area.x0, area.y0, area.x0 + most, area.y1)
        panel = Box(place.x1 + 1.3 * GAP, area.y0, area.x1, area.y1)
        columns = max(1, int((panel.x1 - panel.x0) / PANEL))
        return Halves(place, flow(sheet, panel, blocks(columns), columns))
    columns = int(wide / COLUMN)
    if columns < 2:
        return Halves(area, [block.title for block in blocks(1)])
    shown = blocks(columns)
    need = needed(sheet, wide, shown, columns)
    need += _FOR_NAMES * any(block.stretches for block in shown)
    room = min(need, (1 - _MAP_SHARE) * high)
    low = max(area.y0 + room + GAP, area.y1 - wide * extent.half_height / extent.half_width)
    left_out = flow(sheet, Box(area.x0, area.y0, area.x1, low - GAP), shown, columns)
    return Halves(Box(area.x0, low, area.x1, area.y1), left_out)
