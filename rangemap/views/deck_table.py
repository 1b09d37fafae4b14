"""Tables on slides: real ones, as high as their text, continued where a slide is full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from rangemap.views.deck_plan import Frame
from rangemap.views.deck_text import LINE, Ruler, add_runs
from rangemap.views.story_parts import Grid, Row

__all__ = ["Page", "add_table", "pages_of"]

SIZES: Final = (15.0, 14.0, 13.0, 12.0)
_SIDE: Final = 5.0  # margin left and right in a cell, points
_APART: Final = 16.0
_ABOVE: Final = 3.0
_AGAIN: Final = " (cont.)"
_NO_STYLE: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's "No Style, No Grid"
_MUCH: Final = 0.4  # of a slide: so much is not left empty before a row that can be divided
_FULLNESS: Final = tuple(percent / 100 for percent in range(50, 100, 5))
_LEAST_LINES: Final = 2  # of a row that is divided, on either slide


@dataclass(frozen=True)
class Page:
    """What of a table stands on one slide."""

    grid: Grid
    rows: tuple[Row, ...]
    columns: tuple[float, ...]
    heights: tuple[float, ...]
    head: float
    size: float

    @property
    def height(self) -> float:
        """Height of the whole, points."""
        return self.head + sum(self.heights)


def pages_of(grid: Grid, width: float, height: float, ruler: Ruler) -> list[Page]:
    """Return a table as it goes on slides: the largest text that fits one, else several slides.

    Parameters
    ----------
    grid : Grid
        The table.
    width, height : float
        The room on a slide, points.
    ruler : Ruler
        Measures the text.
    """
    for size in SIZES:
        measure = _Measure(grid, width, size, ruler)
        if measure.head + sum(map(measure.row, grid.rows)) <= height:
            return [measure.page(grid.rows)]
    return _continued(grid, width, height, ruler)


def _continued(grid: Grid, width: float, height: float, ruler: Ruler) -> list[Page]:
    """Return several pages: no more than the smallest text needs, and the largest text for them."""
    best: list[Page] = []
    for size in reversed(SIZES):
        measure = _Measure(grid, width, size, ruler)
        rows = _balanced(grid.rows, height - measure.head, measure)
        if best and len(rows) > len(best):
            break
        best = [measure.page(part) for part in rows]
    return best


def _balanced(rows: Sequence[Row], height: float, measure: _Measure) -> list[list[Row]]:
    """Return rows by slide, no more slides than needed and about as full as each other."""
    full = _divided(list(rows), height, measure)
    least = sum(map(measure.row, rows)) / (len(full) * height) if len(full) > 1 else 1.0
    for share in (share for share in _FULLNESS if share >= least):
        even = _divided(list(rows), share * height, measure)
        if len(even) == len(full) and sum(map(len, even)) <= sum(map(len, full)):
            return even
    return full


def _column_widths(grid: Grid, width: float, size: float, ruler: Ruler) -> tuple[float, ...]:
    """Return the widths of columns: as the table has them, but no word of a head is broken."""
    wanted = [share * width for share in grid.widths]
    least = [
        max((ruler.width(word, size, bold=True) for word in text.split()), default=0.0)
        + _SIDE
        + _left(grid, n)
        + 1.0
        for n, text in enumerate(grid.header)
    ]
    missing = sum(max(low - want, 0.0) for low, want in zip(least, wanted, strict=True))
    spare = sum(max(want - low, 0.0) for low, want in zip(least, wanted, strict=True))
    if missing > spare:
        return tuple(wanted)
    return tuple(
        low if want < low else want - (want - low) * missing / (spare or 1.0)
        for low, want in zip(least, wanted, strict=True)
    )


class _Measure:
    """How high rows are with one size of text."""

    def __init__(self, grid: Grid, width: float, size: float, ruler: Ruler) -> None:
        self.grid, self.size, self.ruler = grid, size, ruler
        self.columns = _column_widths(grid, width, size, ruler)
        self.widths = [column - _SIDE - _left(grid, n) for n, column in enumerate(self.columns)]
        self._known: dict[tuple[str, int, bool], list[str]] = {}
        self.whole = width - 2 * _SIDE
        self.head = self._height(
            [self.lines(text, n, bold=True) for n, text in enumerate(grid.header)]
        )

    def lines(self, text: str, column: int, *, bold: bool = False) -> list[str]:
        key = (text, column, bold)
        if key not in self._known:
            self._known[key] = self.ruler.lines(text, self.widths[column], self.size, bold=bold)
        return self._known[key]

    def _height(self, cells: Sequence[list[str]]) -> float:
        return max(map(len, cells)) * self.size * LINE + 2 * _ABOVE

    def row(self, row: Row) -> float:
        if row.heading:
            return self._height([self.ruler.lines(row.cells[0], self.whole, self.size, bold=True)])
        return self._height([self.lines(text, n) for n, text in enumerate(row.cells)])

    def page(self, rows: Sequence[Row]) -> Page:
        heights = tuple(self.row(row) for row in rows)
        return Page(self.grid, tuple(rows), self.columns, heights, self.head, self.size)

    def split(self, row: Row, room: float, least: int) -> tuple[Row, Row] | None:
        """Divide a row so that its first part fits some room, of at least so many lines."""
        fits = int((room - 2 * _ABOVE) / (self.size * LINE))
        broken = [self.lines(text, n) for n, text in enumerate(row.cells)]
        rest = max(map(len, broken)) - fits
        if fits < least or rest < 1:
            return None
        fits -= max(min(_LEAST_LINES - rest, fits - least), 0)  # no single line left over
        cuts = [_cut(text, lines[:fits]) for text, lines in zip(row.cells, broken, strict=True)]
        first = [text[:at].rstrip() for text, at in zip(row.cells, cuts, strict=True)]
        second = [text[at:].lstrip() for text, at in zip(row.cells, cuts, strict=True)]
        if not second[0]:
            second[0] = row.cells[0].removesuffix(_AGAIN) + _AGAIN
        return replace(row, cells=tuple(first)), replace(row, cells=tuple(second))


def _cut(text: str, lines: Sequence[str]) -> int:
    """Return how much of a text stands in its first lines."""
    at = 0
    for line in lines:
        at = text.index(line, at) + len(line)
    return at


def _divided(rows: list[Row], height: float, measure: _Measure) -> list[list[Row]]:
    """Return rows by slide; a heading goes with what follows, and stands again where it goes on."""
    pages: list[list[Row]] = []
    heading: Row | None = None
    while rows:
        page: list[Row] = []
        if heading is not None and not rows[0].heading:
            text = heading.cells[0].removesuffix(_AGAIN) + _AGAIN
            page.append(replace(heading, cells=(text,)))
        _fill_page(page, rows, height, measure)
        while page[-1].heading and len(page) > 1 and rows:
            rows.insert(0, page.pop())
        heading = next((row for row in reversed(page) if row.heading), heading)
        pages.append(page)
    return pages


def _fill_page(page: list[Row], rows: list[Row], height: float, measure: _Measure) -> None:
    """Move rows to a page while there is room; at least a part of one."""
    room = height - sum(map(measure.row, page))
    while rows:
        row = rows[0]
        need = measure.row(row)
        follows = measure.row(rows[1]) if row.heading and len(rows) > 1 else 0.0
        empty = all(one.heading for one in page)
        if need + min(follows, height / 3) <= room or (row.heading and empty):
            page.append(rows.pop(0))
            room -= need
            continue
        if row.heading:
            return
        if empty or need > height or room > height * _MUCH:
            parts = measure.split(row, room, 1 if empty else _LEAST_LINES)
            if parts is not None:
                page.append(parts[0])
                rows[0] = parts[1]
            elif empty:  # not even one line has room: never lose it
                page.append(rows.pop(0))
        return


def add_table(slide: Any, page: Page, frame: Frame, alt: str) -> None:
    """Add what stands on one slide as a table of PowerPoint.

    Parameters
    ----------
    slide : pptx.slide.Slide
        Where to.
    page : Page
        What.
    frame : Frame
        Its left, top and width count.
    alt : str
        Text that can stand for the table.
    """
    grid = page.grid
    shape = slide.shapes.add_table(
        len(page.rows) + 1, len(grid.header), Pt(frame.left), Pt(frame.top), Pt(frame.width),
        Pt(page.height),
    )  # fmt: skip
    shape.name = "Table"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)
    table = shape.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = _NO_STYLE
    table.horz_banding = False
    for column, width in zip(table.columns, page.columns, strict=True):
        column.width = Pt(width)
    for row, height in zip(table.rows, (page.head, *page.heights), strict=True):
        row.height = Pt(height)
    for number, text in enumerate(grid.header):
        table.cell(0, number).margin_left = Pt(_left(grid, number))
        _fill(table.cell(0, number), text, page.size, right=number in grid.right, bold=True)
        _rule(table.cell(0, number), 1.5, MSO_THEME_COLOR.TEXT_1)
    for at, row in enumerate(page.rows, 1):
        if row.heading:
            table.cell(at, 0).merge(table.cell(at, len(grid.header) - 1))
        for number in range(len(grid.header)):
            text = row.cells[number] if number < len(row.cells) else ""
            right = number in grid.right and not row.heading
            table.cell(at, number).margin_left = Pt(_left(grid, number))
            _fill(table.cell(at, number), text, page.size, right=right, bold=row.heading)
            _rule(table.cell(at, number), 0.5, MSO_THEME_COLOR.BACKGROUND_2)


def _left(grid: Grid, column: int) -> float:
    """Return the margin at the left of a column: more where text follows numbers."""
    return _APART if column - 1 in grid.right and column not in grid.right else _SIDE


def _fill(cell: Any, text: str, size: float, *, right: bool, bold: bool) -> None:
    cell.margin_right = Pt(_SIDE)
    cell.margin_top = cell.margin_bottom = Pt(_ABOVE)
    cell.vertical_anchor = MSO_ANCHOR.TOP
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    paragraph.line_spacing = 1.0
    if text:
        add_runs(paragraph, text, size=size, bold=bold, color=MSO_THEME_COLOR.TEXT_1)
    else:
        paragraph.font.size = Pt(size)


_NAMES: Final = {MSO_THEME_COLOR.TEXT_1: "tx1", MSO_THEME_COLOR.BACKGROUND_2: "bg2"}


def _rule(cell: Any, width: float, color: Any) -> None:
    """Draw the lower edge of a cell, and no other."""
    properties = cell._tc.get_or_add_tcPr()
    for side in ("a:lnL", "a:lnR", "a:lnT", "a:lnB"):
        drawn = side == "a:lnB"
        line = properties.makeelement(qn(side), {"w": str(Pt(width) if drawn else 0)})
        if drawn:
            fill = line.makeelement(qn("a:solidFill"), {})
            fill.append(fill.makeelement(qn("a:schemeClr"), {"val": _NAMES[color]}))
            line.append(fill)
        else:
            line.append(line.makeelement(qn("a:noFill"), {}))
        properties.append(line)
    properties.append(properties.makeelement(qn("a:noFill"), {}))
