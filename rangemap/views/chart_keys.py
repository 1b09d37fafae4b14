"""What the legends of charts share: symbols, lines, kinds of launch sites, short numbers."""

from __future__ import annotations

from typing import Final

import geopandas

from rangemap.catalogue import SiteKind
from rangemap.views.chart_blocks import Row, Rows, Sketch
from rangemap.views.figure_sheet import Sheet
from rangemap.views.figure_sides import Mark
from rangemap.views.figure_symbols import SITE_MARKS

__all__ = ["line_sketch", "mark_sketch", "million", "site_rows"]

_IN_COLOURS: Final = ", in the colour of the coalition"


def site_rows(
    bands: geopandas.GeoDataFrame, color: str = "#5b6670", whose: str = _IN_COLOURS
) -> Rows:
    """Return the kinds of launch sites and whose they are, with how many there are."""
    sites = bands.drop_duplicates("site_id")
    rows = []
    for kind, known in SITE_MARKS.items():
        count = int((sites["site_kind"] == kind).sum())
        if count:
            mark = Mark(kind, color, known.marker, known.filled, "", 0)
            rows.append(Row(SiteKind(kind).label, f"{count}", mark_sketch(mark, 7.0), strong=False))
    return Rows(f"Launch sites{whose}", rows)


def mark_sketch(mark: Mark, size: float = 6.6) -> Sketch:
    """Return what draws a symbol into a legend."""

    def draw(sheet: Sheet, x: float, y: float) -> None:
        sheet.mark(x + 5, y + 2.5, mark.marker, mark.color, size, mark.filled, mark.half)

    return draw


def line_sketch(color: str, width: float, dashes: object) -> Sketch:
    """Return what draws a line into a legend."""

    def draw(sheet: Sheet, x: float, y: float) -> None:
        sheet.line(x, x + 24, y + 2.4, color, width, dashes)

    return draw


def million(value: float) -> str:
    """Return a number in millions, short.

    Examples
    --------
    >>> million(123_456_789), million(1_234_567), million(12_000), million(0), million(3)
    ('123', '1.2', '0.01', '0', '<0.01')
    """
    part = value / 1e6
    if part == 0:
        return "0"
    if part < 0.01:
        return "<0.01"
    return f"{part:,.0f}" if part >= 10 else f"{part:.1f}" if part >= 0.1 else f"{part:.2f}"
