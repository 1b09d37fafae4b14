"""Where the parts of a range rose stand on a page of any shape: disk, enlarged part, panel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rangemap.views.labels import Box

__all__ = ["Spots", "spots_for"]

_GAP: Final = 14.0
_PANEL: Final = 208.0  # width of a panel beside the disk
_COLUMN: Final = 172.0  # the least width of a column of it
_WIDEST: Final = 250.0
_LEAST_INSET: Final = 128.0  # a smaller one names too little
_INSET_SHAPE: Final = 1.8  # the most that it is higher than wide
_LIST: Final = 120.0  # height of a list of the nearest places
_ALONE: Final = 420.0  # a picture narrower than this is the disk alone
_LYING: Final = 1.15
_UPRIGHT_DISK: Final = 0.68  # of the height, at most


@dataclass(frozen=True)
class Spots:
    """Rectangles of the page, in points; none for what is left out."""

    disk: Box
    inset: Box | None = None
    panel: Box | None = None
    columns: int = 1


def spots_for(area: Box, height: Callable[[float, int], float], *, with_inset: bool) -> Spots:
    """Return where the parts stand.

    Parameters
    ----------
    area : Box
        The page, less what stands above and below.
    height : callable
        Returns what a panel needs of height at a width and a number of columns, in points.
    with_inset : bool
        Leave room for an enlarged part, if there is enough.

    Examples
    --------
    >>> spots = spots_for(Box(0, 0, 900, 400), lambda width, columns: 300.0, with_inset=True)
    >>> spots.disk
    Box(x0=0, y0=0.0, x1=400, y1=400.0)
    >>> spots.panel
    Box(x0=692.0, y0=0, x1=900, y1=400)
    """
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    if wide < _ALONE:
        return Spots(area)
    if wide >= _LYING * high:
        return _lying(area, wide, high, height, with_inset)
    return _upright(area, wide, high, height, with_inset)


def _lying(
    area: Box, wide: float, high: float, height: Callable[[float, int], float], with_inset: bool
) -> Spots:
    """Return the disk on the left, the panel on the right, the enlarged part where room is."""
    side = min(high, wide - _PANEL - _GAP)
    down = (high - side) / 2
    disk = Box(area.x0, area.y0 + down, area.x0 + side, area.y1 - down)
    rest = wide - side - _GAP
    if with_inset:
        left = rest - _PANEL - _GAP
        if left >= _LEAST_INSET:
            x0 = disk.x1 + _GAP
            top = area.y1 - 0.018 * high
            low = top - min(0.964 * high, _INSET_SHAPE * left)
            panel = Box(area.x1 - _PANEL, area.y0, area.x1, area.y1)
            return Spots(disk, Box(x0, low, x0 + left, top), panel)
        need = height(rest, 1) + _LIST / 2
        if high - need - _GAP >= _LEAST_INSET:
            x0 = area.x1 - rest
            top = area.y0 + min(high - need - _GAP, _INSET_SHAPE * rest)
            return Spots(
                disk, Box(x0, area.y0, area.x1, top), Box(x0, top + _GAP, area.x1, area.y1)
            )
    one = min(rest, _WIDEST)
    columns = 1 if height(one, 1) + _LIST <= high or rest < 2 * _COLUMN else 2
    used = min(rest, columns * _WIDEST)
    shift = (rest - used) / 2  # what is left over goes to both sides of the disk
    disk = Box(disk.x0 + shift, disk.y0, disk.x1 + shift, disk.y1)
    return Spots(disk, None, Box(area.x1 - used, area.y0, area.x1, area.y1), columns)


def _upright(
    area: Box, wide: float, high: float, height: Callable[[float, int], float], with_inset: bool
) -> Spots:
    """Return the disk above, and below it the enlarged part on the left of the panel."""
    columns = max(1, int(wide / _COLUMN))
    if with_inset and columns > 1:
        columns -= 1
        left = wide / (columns + 1) - _GAP / 2
        need = height(wide - left - _GAP, columns) + 4
        low = max(need, _LEAST_INSET)
        side = min(wide, high - low - _GAP, _UPRIGHT_DISK * high)
        top = area.y1 - side - _GAP
        x0 = area.x0 + (wide - side) / 2
        return Spots(
            Box(x0, area.y1 - side, x0 + side, area.y1),
            Box(area.x0, max(area.y0, top - _INSET_SHAPE * left), area.x0 + left, top),
            Box(area.x0 + left + _GAP, area.y0, area.x1, top),
            columns,
        )
    # The last column is left to the list of the nearest places.
    full = max(columns - 1, 1)
    need = height(wide * full / columns, full) + 4
    side = max(min(wide, high - need - _GAP), 0.5 * min(wide, high))
    x0 = area.x0 + (wide - side) / 2
    return Spots(
        Box(x0, area.y1 - side, x0 + side, area.y1),
        None,
        Box(area.x0, area.y0, area.x1, area.y1 - side - _GAP),
        columns,
    )
