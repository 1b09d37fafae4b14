"""The page round the map: title, finding, numbers, legend, caveats and credits."""

from __future__ import annotations

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rangemap.analysis import Analysis
from rangemap.analysis.coverage import ZONES
from rangemap.catalogue import SiteKind
from rangemap.views import style
from rangemap.views.figure_bands import DISPUTED_DASHES, INNER_DASHES
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_map import DrawnMap
from rangemap.views.figure_sides import OWN_REACHED, Mark, readable
from rangemap.views.figure_symbols import SITE_MARKS, symbol
from rangemap.views.labels import FONT, Box, clean_text, fit, text_size, wrap

PAGE: Final = Box(0, 0, 960, 540)  # points: 13.333 x 7.5 inches
MAP: Final = Box(16, 54, 726, 476)
PANEL: Final = Box(738, 54, 944, 476)
_TITLE_SIZES: Final = (21.0, 18.0, 15.5, 13.5)
_RULE: Final = "#c9d1d8"
_KIND_MARK: Final = "#4a545d"


class Sheet:
    """A transparent axes over the page, in points, that text and symbols are written on."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        axes.set_xlim(PAGE.x0, PAGE.x1)
        axes.set_ylim(PAGE.y0, PAGE.y1)
        axes.set_axis_off()

    def text(
        self, x: float, y: float, text: str, size: float, color: str = style.INK,
        *, bold: bool = False, align: str = "left",
    ) -> None:  # fmt: skip
        """Write one line with its baseline at y."""
        self.axes.text(
            x, y, text, fontsize=size, color=color, family=FONT, ha=align, va="baseline",
            weight="bold" if bold else "normal", parse_math=False,
        )  # fmt: skip

    def line(self, x0: float, x1: float, y: float, color: str, width: float, dashes: Any) -> None:
        """Draw a level line."""
        self.axes.plot([x0, x1], [y, y], color=color, linewidth=width, linestyle=dashes)

    def mark(self, x: float, y: float, marker: str, color: str, size: float, filled: bool) -> None:
        """Draw a symbol."""
        self.axes.plot([x], [y], **symbol(marker, color, size, filled=filled))

    def block(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor="none"))


def finding(analysis: Analysis, drawn: DrawnMap) -> str:
    """Return the sentence that leads: what differs between the sides, or what one side covers."""
    comparison = analysis.comparison
    if comparison is None:
        headline = analysis.summary.get("headline", [])
        return clean_text(headline[0], 400) if headline else clean_text(analysis.scenario.subtitle)
    counts = comparison.summary["counts"]
    a, b = (side.name for side in drawn.sides)
    return (
        f"{counts['a-only']} capitals come into the banned ranges from {_inline(a)} only, "
        f"{counts['b-only']} from {_inline(b)} only, {counts['both']} from both, "
        f"{counts['neither']} from neither."
    )


def _inline(name: str) -> str:
    """Return a name as it stands inside a sentence."""
    first = name.split(" ", 1)[0]
    return name[:1].lower() + name[1:] if first in ("Launch", "Sites", "All") else name


def draw_header(sheet: Sheet, analysis: Analysis, drawn: DrawnMap) -> None:
    """Write title, finding and subtitle."""
    width = PAGE.x1 - 32
    title = clean_text(analysis.scenario.title, 200)
    size = next((s for s in _TITLE_SIZES if text_size(title, s, bold=True)[0] <= width), 13.5)
    sheet.text(16, 512, fit(title, width, size, bold=True), size, bold=True)
    lead = finding(analysis, drawn)
    size = next((s for s in (11.5, 10.5, 9.5) if text_size(lead, s)[0] <= width), 9.5)
    sheet.text(16, 495, fit(lead, width, size), size)
    sheet.text(
        16, 482.5, fit(clean_text(analysis.scenario.subtitle, 240), width, 8), 8, style.MUTED
    )


def draw_footer(sheet: Sheet, analysis: Analysis, drawn: DrawnMap) -> None:
    """Write caveats, notes, credits and provenance in small print."""
    scenario = analysis.scenario
    outside = (
        f"{drawn.places_outside} of {len(analysis.places)} {_noun(analysis)} lie outside the map "
        "and are in the counts. "
        if drawn.places_outside
        else ""
    )
    small = " ".join(clean_text(text, 600) for text in style.caveats(scenario)[:-1])
    credit = f"{outside}{projection_note(drawn.view.projection)} {style.CREDITS}"
    y = 45.5
    for text, lines in ((small, 4), (credit, 1), (style.BORDERS_NOTE, 1)):
        width = PAGE.x1 - 32
        for row in wrap(text, width, 5.6, lines=lines):
            sheet.text(16, y, row, 5.6, style.MUTED)
            y -= 6.9
    mark = clean_text(style.provenance(scenario), 160)
    sheet.text(PAGE.x1 - 16, 4.6, mark, 5.6, style.MUTED, align="right")


def _noun(analysis: Analysis) -> str:
    return "capitals" if analysis.scenario.places_from == "capitals" else "places"


def draw_panel(sheet: Sheet, analysis: Analysis, drawn: DrawnMap) -> None:
    """Write the numbers and the legend, from the top down."""
    y = _symbols(sheet, analysis, drawn, PANEL.y1 - 8)
    y = _coalitions(sheet, analysis, y)
    y = _lines(sheet, drawn, y)
    y = _site_kinds(sheet, analysis, y)
    _ranges(sheet, analysis, y)


def _heading(sheet: Sheet, y: float, text: str) -> float:
    sheet.line(PANEL.x0, PANEL.x1, y + 9.5, _RULE, 0.7, "solid")
    sheet.text(PANEL.x0, y, text, 7.4, bold=True)
    return y - 12.5


def _symbols(sheet: Sheet, analysis: Analysis, drawn: DrawnMap, y: float) -> float:
    noun = _noun(analysis).capitalize()
    bands = analysis.bands[analysis.bands["band_kind"] == "treaty"]
    if len(bands):
        low, high = bands["min_km"].min(), bands["max_km"].max()
        y = _heading(sheet, y, f"{noun} in the banned band, {low:,.0f} to {style.km(high)}")
    else:
        y = _heading(sheet, y, f"{noun} in range")
    for key, mark in drawn.marks.items():
        count = drawn.counts.get(key, 0)
        if count == 0 and (key.startswith(OWN_REACHED) or key.startswith("own")):
            continue
        y = _symbol_row(sheet, mark, count, y)
    return y - 5


def _symbol_row(sheet: Sheet, mark: Mark, count: int, y: float) -> float:
    sheet.mark(PANEL.x0 + 6, y + 2.5, mark.marker, mark.color, 6.4, mark.filled)
    label = mark.label[:1].upper() + mark.label[1:]
    rows = wrap(label, PANEL.x1 - PANEL.x0 - 46, 7.2, lines=2)
    sheet.text(PANEL.x1, y, f"{count:,}", 8.6, bold=True, align="right")
    for row in rows:
        sheet.text(PANEL.x0 + 16, y, row, 7.2)
        y -= 9.2
    return y - 2.4


def _coalitions(sheet: Sheet, analysis: Analysis, y: float) -> float:
    noun = _noun(analysis)
    if not len(analysis.place_rows):
        return y
    y = _heading(sheet, y, f"Each coalition: {noun} not its own")
    x = PANEL.x0
    for zone in ZONES:
        known = style.ZONE_SYMBOLS[zone]
        sheet.block(x, y + 0.2, 6, 5.2, known.color)
        sheet.text(x + 8, y, known.short, 6.2, style.MUTED)
        x += 15 + text_size(known.short, 6.2)[0]
    y -= 12
    for entry in analysis.summary["coalitions"][:4]:
        color = readable(analysis.scenario.coalition(entry["id"]).color)
        sites = f"{entry['sites']} site{'' if entry['sites'] == 1 else 's'}"
        room = PANEL.x1 - PANEL.x0 - 44
        sheet.text(PANEL.x0, y, fit(clean_text(entry["name"]), room, 7.4, bold=True), 7.4, color,
                   bold=True)  # fmt: skip
        sheet.text(PANEL.x1, y, sites, 6.6, style.MUTED, align="right")
        y = _bar(sheet, entry["zones"], y - 13) - 10.5
    return y - 3


def _bar(sheet: Sheet, zones: dict[str, int], y: float) -> float:
    total = max(sum(zones.values()), 1)
    x, width = PANEL.x0, PANEL.x1 - PANEL.x0
    for zone in ZONES:
        part = zones[zone] / total * width
        sheet.block(x, y, part, 10, style.ZONE_SYMBOLS[zone].color)
        text = f"{zones[zone]:,}"
        if part > text_size(text, 7, bold=True)[0] + 2:
            sheet.text(x + part / 2, y + 2.4, text, 7, "#ffffff", bold=True, align="center")
        x += part
    return y


def _lines(sheet: Sheet, drawn: DrawnMap, y: float) -> float:
    y = _heading(sheet, y, "Lines")
    for one in drawn.prints:
        y = _line_row(sheet, y, one.side.color, 1.9, one.side.line, f"{one.label}, outer edge")
    if any(one.inner_label and not one.inner.is_empty for one in drawn.prints):
        text = f"{drawn.prints[0].inner_label} from a site, inner edge"
        y = _line_row(sheet, y, style.INK, 0.9, INNER_DASHES, text)
    if any(not ring.disputed for ring in drawn.rings):
        y = _line_row(sheet, y, style.INK, 0.85, "solid", "published range of a system")
    if any(ring.disputed for ring in drawn.rings):
        text = "range disputed or alleged, and by whom"
        y = _line_row(sheet, y, style.INK, 0.85, DISPUTED_DASHES, text)
    return y - 5


def _line_row(sheet: Sheet, y: float, color: str, width: float, dashes: Any, text: str) -> float:
    sheet.line(PANEL.x0, PANEL.x0 + 22, y + 2.4, color, width, dashes)
    sheet.text(PANEL.x0 + 28, y, fit(text, PANEL.x1 - PANEL.x0 - 28, 6.6), 6.6)
    return y - 9.8


def _site_kinds(sheet: Sheet, analysis: Analysis, y: float) -> float:
    y = _heading(sheet, y, "Launch sites, in the colour of the coalition")
    sites = analysis.bands.drop_duplicates("site_id")
    for kind in SITE_MARKS:
        count = int((sites["site_kind"] == kind).sum())
        if not count:
            continue
        known = SITE_MARKS[kind]
        sheet.mark(PANEL.x0 + 6, y + 2.4, known.marker, _KIND_MARK, 7, known.filled)
        sheet.text(PANEL.x0 + 16, y, SiteKind(kind).label, 6.6)
        sheet.text(PANEL.x1, y, str(count), 6.6, style.MUTED, align="right")
        y -= 9.8
    return y - 5


def _ranges(sheet: Sheet, analysis: Analysis, y: float) -> None:
    """List as many systems as there is room for, the longest range first."""
    entries = [
        (s, readable(analysis.scenario.coalition(c["id"]).color))
        for c in analysis.summary["coalitions"]
        for s in c["systems"]
    ]
    entries.sort(key=lambda item: (-item[0]["max_km"], item[0]["label"]))
    rows = int((y - 22 - PANEL.y0) / 8.8)
    if not entries or rows < 2:
        return
    y = _heading(sheet, y, f"Systems, longest first: {_noun(analysis)} in range")
    for system, color in entries[: rows if rows >= len(entries) else rows - 1]:
        label = clean_text(system["label"], 60)
        distance = style.km(system["max_km"])
        label = label if distance in label else f"{label}, {distance}"
        sheet.mark(PANEL.x0 + 3, y + 2.2, "s", color, 4.4, not system["disputed"])
        sheet.text(PANEL.x0 + 10, y, fit(label, PANEL.x1 - PANEL.x0 - 32, 6.2), 6.2)
        sheet.text(PANEL.x1, y, str(system["capitals"]), 6.4, bold=True, align="right")
        y -= 8.8
    if rows < len(entries):
        more = len(entries) - rows + 1
        sheet.text(PANEL.x0 + 10, y, f"and {more} more, in the tables", 6.2, style.MUTED)
