"""The arrangement of panels on a page: the one that shows them in the largest type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.views.chart_bar_panel import BarPanel
from rangemap.views.chart_countries import LEAST_ROWS, CountryPanel
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box

_SIZES: Final = (11.0, 10.4, 9.8, 9.2, 8.6, 8.0, 7.4, 7.0)
_LARGE: Final = (16.0, 14.5, 13.0, 12.0)  # where there are one or two panels alone
_GUTTER: Final = 18.0
_BETWEEN: Final = 0.9  # of the size, between panels of a column
_MOST_BETWEEN: Final = 26.0
_LEAST_COLUMN: Final = 176.0
_DEMANDS: Final = ((12, True, 8.0), (12, False, 7.0), (LEAST_ROWS, False, 7.0))
"""Rows of countries, whether with numbers, and the least size of text: the best first."""
_THICK: Final = (2.6, 2.3, 2.0, 1.8, 1.6, 1.4, 1.2, 1.0)


@dataclass(frozen=True)
class Placed:
    """A panel of bars and its place."""

    panel: BarPanel
    box: Box


@dataclass(frozen=True)
class Arrangement:
    """Where each panel stands, the size of text, and how thick bars are."""

    size: float
    thick: float
    bars: list[Placed]
    countries: Box | None


def arranged(
    sheet: Sheet, area: Box, bars: Sequence[BarPanel], countries: CountryPanel | None
) -> Arrangement:
    """Return the arrangement with the largest text; without the last panels if it must be."""
    sizes = (*_LARGE, *_SIZES) if len(bars) + (countries is not None) < 3 else _SIZES
    shown = list(bars)
    while True:
        for rows, numbered, least in _DEMANDS:
            for size in (size for size in sizes if size >= least):
                for columns, table in _ways(area, shown, countries):
                    wanted = _Wanted(size, rows, numbered)
                    found = _fitted(sheet, columns, table, countries, wanted)
                    if found is not None:
                        return found
        if countries is not None and shown:
            countries = None  # bars say more in little room
        elif len(shown) > 1:
            shown.pop()
        else:
            return _squeezed(area, shown, sizes[-1])


Column = tuple[Box, Sequence[BarPanel]]


def _ways(
    area: Box, bars: Sequence[BarPanel], countries: CountryPanel | None
) -> Iterator[tuple[list[Column], Box | None]]:
    """Return the ways to share an area: columns of panels, and the place of the dot plot.

    A place without a floor of its own, as high as 0, stands under the columns.
    """
    wide = area.x1 - area.x0
    if countries is None:
        for number in (1, 2, 3):
            if number <= max(1, len(bars)) and (wide / number >= _LEAST_COLUMN or number == 1):
                yield list(zip(_split(area, number), _dealt(bars, number), strict=True)), None
        return
    if not bars:
        yield [], area
        return
    for number in (1, 2):
        if wide / (number + 1) >= _LEAST_COLUMN and number <= len(bars):
            *boxes, last = _split(area, number + 1)
            yield list(zip(boxes, _dealt(bars, number), strict=True)), last
    for number in (2, 1):
        if wide / number >= _LEAST_COLUMN or number == 1:
            columns = list(zip(_split(area, number), _dealt(bars, number), strict=True))
            yield columns, Box(area.x0, area.y0, area.x1, area.y0)


def _split(area: Box, number: int) -> list[Box]:
    wide = (area.x1 - area.x0 - (number - 1) * _GUTTER) / number
    lefts = [area.x0 + n * (wide + _GUTTER) for n in range(number)]
    return [Box(left, area.y0, left + wide, area.y1) for left in lefts]


def _dealt(bars: Sequence[BarPanel], number: int) -> list[Sequence[BarPanel]]:
    """Return the panels in so many runs, the first ones longer."""
    each, more = divmod(len(bars), number)
    runs: list[Sequence[BarPanel]] = []
    start = 0
    for n in range(number):
        end = start + each + (n < more)
        runs.append(bars[start:end])
        start = end
    return runs


@dataclass(frozen=True)
class _Wanted:
    """The size of text, so many rows of countries, and whether with numbers beside the dots."""

    size: float
    rows: int
    numbered: bool


def _fitted(
    sheet: Sheet, columns: Sequence[Column], table: Box | None, countries: CountryPanel | None,
    wanted: _Wanted,
) -> Arrangement | None:  # fmt: skip
    """Return the arrangement at a size of text, with bars as thick as have room; None if none."""
    for thick in _THICK if columns else (1.0,):
        heights = [
            [panel.height(sheet, box.x1 - box.x0, wanted.size, thick) for panel in panels]
            for box, panels in columns
        ]
        place, floor = table, columns[0][0].y0 if columns else 0.0
        if table is not None and table.y1 == table.y0:  # under the columns
            gap = _BETWEEN * wanted.size
            needs = [sum(column) + gap * (len(column) - 1) for column in heights]
            floor = columns[0][0].y1 - max(needs) - 0.5
            place = Box(table.x0, table.y0, table.x1, floor - 1.5 * gap)
        if countries is not None and place is not None and not _holds(
            sheet, place, countries, wanted
        ):  # fmt: skip
            continue
        placed = _stacked(columns, heights, floor, wanted.size)
        if placed is not None:
            return Arrangement(wanted.size, thick, placed, place)
    return None


def _holds(sheet: Sheet, place: Box, countries: CountryPanel, wanted: _Wanted) -> bool:
    """Return whether a place holds so many rows of countries."""
    width = place.x1 - place.x0
    rows = min(wanted.rows, len(countries.countries))
    high = countries.height(sheet, width, wanted.size, rows)
    fits = place.y1 - place.y0 >= high
    return fits and (not wanted.numbered or countries.numbered(width, wanted.size))


def _stacked(
    columns: Sequence[Column], heights: Sequence[Sequence[float]], floor: float, size: float
) -> list[Placed] | None:
    """Return the panels under each other; None if a column is too low for them.

    Panels beside each other begin at one height where there is room for that.
    """
    deepest = max((len(column) for column in heights), default=0)
    level = [max((c[n] for c in heights if n < len(c)), default=0.0) for n in range(deepest)]
    gap = _BETWEEN * size
    placed = []
    for (box, panels), column in zip(columns, heights, strict=True):
        room = box.y1 - floor
        spare = room - sum(level) - gap * (deepest - 1)
        steps = level if spare >= 0 else column
        spare = spare if spare >= 0 else room - sum(column) - gap * (len(column) - 1)
        if spare < 0:
            return None
        more = min(_MOST_BETWEEN, spare / max(1, len(panels) - 1))
        y = box.y1
        for panel, height, step in zip(panels, column, steps, strict=False):
            placed.append(Placed(panel, Box(box.x0, y - height, box.x1, y)))
            y -= step + gap + more
    return placed


def _squeezed(area: Box, bars: Sequence[BarPanel], size: float) -> Arrangement:
    """Return what is left where not even one panel has room: its first bars."""
    return Arrangement(size, 1.0, [Placed(panel, area) for panel in bars[:1]], None)
