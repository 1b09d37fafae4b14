"""What stands round every picture: heading and finding above, small print and making below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.analysis import Analysis
from rangemap.views import style
from rangemap.views.figure_sheet import Chart, Sheet
from rangemap.views.labels import clean_text, fit, text_size, wrap

MARGIN: Final = 18.0
_TITLE_SIZES: Final = (24.0, 21.0, 18.5, 16.5)
_LEAD_SIZES: Final = (13.5, 12.5, 11.5)
_BESIDE: Final = 9.6
_SMALL_SIZES: Final = (6.8, 6.2)
_LAST: Final = 6.2
_LEADING: Final = 1.19
_MOST_ROWS: Final = 9
_ROOM_FOR_NOTES: Final = 150  # characters that a chart may add


@dataclass(frozen=True)
class Footer:
    """Small print that is measured before the chart is drawn, and written after it."""

    top: float
    size: float
    rows: int
    caveats: str
    credits: str
    borders: str
    made: str
    title: str

    def metadata(self, title: str, alt: str) -> dict[str, str]:
        """Return what a file says about itself."""
        return {
            "title": title,
            "alt": alt,
            "about": f"{self.caveats} {self.credits} {self.borders}",
            "made": self.made,
        }


def draw_header(sheet: Sheet, analysis: Analysis, chart: Chart) -> float:
    """Write title, finding and subtitle; return where the chart may begin, from above."""
    left, width = MARGIN, sheet.page.x1 - 2 * MARGIN
    title = clean_text(chart.title, 200)
    size, rows = _fitted(title, width, _TITLE_SIZES, lines=2 if _upright(sheet) else 1, bold=True)
    y = sheet.page.y1 - MARGIN - 0.72 * size + 2
    y = sheet.rows(left, y, rows, size, step=1.12, bold=True) + 1.12 * size
    lead = clean_text(chart.finding, 400)
    size, rows = _fitted(lead, width, _LEAD_SIZES, lines=4 if _upright(sheet) else 2)
    y = sheet.rows(left, y - 1.5 * size, rows, size) + 1.24 * size
    return _second_line(sheet, analysis, chart, y, size) - 8


def _second_line(
    sheet: Sheet, analysis: Analysis, chart: Chart, y: float, lead_size: float
) -> float:
    """Write what stands beside the finding, and the subtitle; return the last baseline."""
    left, width = MARGIN, sheet.page.x1 - 2 * MARGIN
    beside = clean_text(chart.beside, 300)
    subtitle = clean_text(analysis.scenario.subtitle, 240)
    if not beside and not subtitle:
        return y
    y -= 0.45 * lead_size + _BESIDE
    lines = 3 if _upright(sheet) else 1
    rows = wrap(beside, width, _BESIDE, lines=lines) if beside else []
    y = sheet.rows(left, y, rows, _BESIDE)
    used = text_size(rows[-1], _BESIDE)[0] + 12 if rows else 0.0
    if subtitle and text_size(subtitle, _BESIDE)[0] <= width - used:
        y_subtitle = y + 1.24 * _BESIDE if rows else y
        sheet.text(left + used, y_subtitle, subtitle, _BESIDE, sheet.muted)
        return y_subtitle
    if subtitle and (not rows or _upright(sheet)):
        sheet.text(left, y, fit(subtitle, width, _BESIDE), _BESIDE, sheet.muted)
        return y
    return y + 1.24 * _BESIDE


def _upright(sheet: Sheet) -> bool:
    return sheet.page.x1 < 1.2 * sheet.page.y1


def _fitted(
    text: str, width: float, sizes: Sequence[float], *, lines: int, bold: bool = False
) -> tuple[float, list[str]]:
    """Return the largest size at which a text fits so many lines, and its lines."""
    for size in sizes:
        rows = wrap(text, width, size, bold=bold)
        if len(rows) <= lines:
            return size, rows
    return sizes[-1], wrap(text, width, sizes[-1], bold=bold, lines=lines)


def footer_of(analysis: Analysis, sheet: Sheet) -> Footer:
    """Return the small print of an analysis, with the room that it needs."""
    scenario = analysis.scenario
    caveats = " ".join(clean_text(text, 600) for text in style.caveats(scenario)[:-1])
    credit = style.CREDITS
    if style.has_unverified(analysis.bands):
        credit = f"{style.UNVERIFIED_NOTE} {credit}"
    width = sheet.page.x1 - 2 * MARGIN
    filler = "n" * _ROOM_FOR_NOTES
    most = _MOST_ROWS if _upright(sheet) else 5
    for size in _SMALL_SIZES:
        rows = len(wrap(f"{caveats} {credit} {filler}", width, size))
        if rows <= most:
            break
    rows = min(rows, most)
    borders = wrap(style.BORDERS_NOTE, width, _LAST)
    made = clean_text(style.provenance(scenario), 160)
    under = (len(borders) + _apart(sheet, made)) * _LAST * _LEADING
    top = 8 + under + rows * size * _LEADING + 5
    return Footer(
        top, size, rows, caveats, credit, style.BORDERS_NOTE, made, clean_text(scenario.title, 200)
    )


def _apart(sheet: Sheet, made: str) -> int:
    """Return 1 if the line of what made the picture has no room beside the borders' note."""
    width = sheet.page.x1 - 2 * MARGIN
    last = wrap(style.BORDERS_NOTE, width, _LAST)[-1]
    return int(text_size(last, _LAST)[0] + text_size(made, _LAST)[0] + 16 > width)


def draw_footer(sheet: Sheet, footer: Footer, notes: Sequence[str] = ()) -> None:
    """Write caveats, notes, credits, the note on borders, and what made the picture."""
    width = sheet.page.x1 - 2 * MARGIN
    credit = " ".join([*notes, footer.credits])
    rows = wrap(f"{footer.caveats} {credit}", width, footer.size)
    if len(rows) > footer.rows:  # the caveats of a user's file may be long; credits stay whole
        below = wrap(credit, width, footer.size)
        above = max(1, footer.rows - len(below))
        rows = [*wrap(footer.caveats, width, footer.size, lines=above), *below]
    borders = wrap(footer.borders, width, _LAST)
    y = 8 + (len(borders) - 1 + _apart(sheet, footer.made)) * _LAST * _LEADING
    sheet.rows(MARGIN, y, borders, _LAST, sheet.muted, step=_LEADING)
    y += 1.25 * _LAST + (len(rows) - 1) * footer.size * _LEADING + 0.2 * footer.size
    sheet.rows(MARGIN, y, rows, footer.size, sheet.muted, step=_LEADING)
    sheet.text(sheet.page.x1 - MARGIN, 8, footer.made, _LAST, sheet.muted, align="right")
