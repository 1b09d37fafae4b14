"""The page round the map: title, finding, numbers, legend, caveats and credits."""

from __future__ import annotations

from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import NEITHER, inline_name
from rangemap.analysis.coverage import ZONES
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.catalogue import SiteKind, classify, load_catalogue
from rangemap.views import style
from rangemap.views.figure_bands import DISPUTED_DASHES, EDGE_DOTS, INNER_DASHES
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_map import DrawnMap
from rangemap.views.figure_sides import Mark, readable
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

    def mark(
        self, x: float, y: float, marker: str, color: str, size: float, filled: bool,
        half: bool = False,
    ) -> None:  # fmt: skip
        """Draw a symbol."""
        self.axes.plot([x], [y], **symbol(marker, color, size, filled=filled, half=half))

    def block(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle."""
        self.axes.add_patch(Rectangle((x, y), width, height, facecolor=color, edgecolor="none"))


def finding(analysis: Analysis, drawn: DrawnMap) -> tuple[str, str]:
    """Return what leads, and what stands beside it: the difference between the sides."""
    comparison = analysis.comparison
    several = [c for c in analysis.summary["coalitions"] if sum(c["verdicts"].values())]
    if (
        comparison is None
        and len(several) > 1
        and not any(sum(c["zones"].values()) for c in several)
    ):
        return _of_several(analysis, several)
    if comparison is None:
        headline = [clean_text(line, 400) for line in analysis.summary.get("headline", [])]
        return (headline or [_in_range(analysis, drawn)])[0], "".join(headline[1:2])
    counts = comparison.summary["counts"]
    a, b = (side.name for side in drawn.sides)
    noun = _noun(analysis).capitalize()
    lead = (
        f"{noun} in the banned band: {counts['a-only']} from {inline_name(a)} only, "
        f"{counts['b-only']} from {inline_name(b)} only, {counts['both']} from both, "
        f"{counts['neither']} from neither."
    )
    own = comparison.summary["own_reached_by_other_side"]
    if not any(own.values()):
        return lead, ""
    reached = f"{len(own['b'])} from {inline_name(a)}, {len(own['a'])} from {inline_name(b)}"
    return lead, f"{noun} of the other side's members: {reached}."


def _of_several(analysis: Analysis, entries: list[dict[str, Any]]) -> tuple[str, str]:
    """Return the counts of each coalition where systems' own ranges alone are drawn."""
    parts = [
        f"{c.short} {entry['verdicts'][INSIDE]}"
        + (f" (+{entry['verdicts'][MARGINAL]})" if entry["verdicts"][MARGINAL] else "")
        for entry in entries
        for c in [analysis.scenario.coalition(entry["id"])]
    ]
    doubt = any(entry["verdicts"][MARGINAL] for entry in entries)
    lead = (
        f"{_noun(analysis).capitalize()} in range, not their own"
        f"{' (+ marginal)' if doubt else ''}: {', '.join(parts)}; of {len(analysis.places)}."
    )
    return clean_text(lead, 400), ""


def _in_range(analysis: Analysis, drawn: DrawnMap) -> str:
    """Return the count where no treaty band gives a headline."""
    outside = drawn.counts.get(NEITHER, 0) + drawn.counts.get(MARGINAL, 0)
    own = sum(count for key, count in drawn.counts.items() if key.startswith("own"))
    counted = len(analysis.places) - own
    return f"{counted - outside} of {counted} {_noun(analysis)} lie within a range drawn here."


def draw_header(sheet: Sheet, analysis: Analysis, drawn: DrawnMap) -> None:
    """Write title, finding and subtitle."""
    width = PAGE.x1 - 32
    title = clean_text(analysis.scenario.title, 200)
    size = next((s for s in _TITLE_SIZES if text_size(title, s, bold=True)[0] <= width), 13.5)
    sheet.text(16, 513, fit(title, width, size, bold=True), size, bold=True)
    lead, beside = finding(analysis, drawn)
    size = next((s for s in (12.0, 11.0, 10.0, 9.0) if text_size(lead, s)[0] <= width), 9.0)
    sheet.text(16, 496, fit(lead, width, size), size)
    beside = fit(beside, width, 8.6) if beside else ""
    sheet.text(16, 483, beside, 8.6)
    used = text_size(beside, 8.6)[0] + 10 if beside else 0.0
    subtitle = clean_text(analysis.scenario.subtitle, 240)
    if subtitle and width - used > 60:
        sheet.text(16 + used, 483, fit(subtitle, width - used, 8), 8, style.MUTED)


def draw_footer(sheet: Sheet, analysis: Analysis, drawn: DrawnMap) -> None:
    """Write caveats, notes, credits and provenance in small print."""
    scenario = analysis.scenario
    missing = (
        f"{drawn.places_unseen} of {len(analysis.places)} {_noun(analysis)} are not on this map, "
        "but in all counts. "
        if drawn.places_unseen
        else ""
    )
    small = " ".join(clean_text(text, 600) for text in style.caveats(scenario)[:-1])
    if style.has_unverified(analysis.bands):
        missing = f"{style.UNVERIFIED_NOTE} {missing}"
    credit = f"{missing}{projection_note(drawn.view.projection)} {style.CREDITS}"
    made = clean_text(style.provenance(scenario), 160)
    width = PAGE.x1 - 32
    last = fit(style.BORDERS_NOTE, width - text_size(made, 5.6)[0] - 12, 5.6)
    size, rows = 6.2, wrap(f"{small} {credit}", width, 6.2)
    if len(rows) > 5:
        size, rows = 5.6, wrap(f"{small} {credit}", width, 5.6)
    if len(rows) > 5:  # the caveats of a user's file may be long; the credits stay whole
        rows = [*wrap(small, width, 5.6, lines=4), *wrap(credit, width, 5.6, lines=1)]
    y = 45.5
    for row in rows:
        sheet.text(16, y, row, size, style.MUTED)
        y -= size + 1.2
    sheet.text(16, 6.5, last, 5.6, style.MUTED)
    sheet.text(PAGE.x1 - 16, 6.5, made, 5.6, style.MUTED, align="right")


def _noun(analysis: Analysis) -> str:
    return "capitals" if analysis.scenario.places_from == "capitals" else "places"


def draw_panel(sheet: Sheet, analysis: Analysis, drawn: DrawnMap) -> None:
    """Write the numbers and the legend, from the top down."""
    y = _symbols(sheet, analysis, drawn, PANEL.y1 - 8)
    y = _coalitions(sheet, analysis, y)
    y = _lines(sheet, drawn, y)
    y = _site_kinds(sheet, analysis, y)
    y = _ranges(sheet, analysis, y)
    _positions(sheet, analysis, y)


def _heading(sheet: Sheet, y: float, text: str) -> float:
    sheet.line(PANEL.x0, PANEL.x1, y + 9.5, _RULE, 0.7, "solid")
    sheet.text(PANEL.x0, y, text, 7.4, bold=True)
    return y - 12.5


def _symbols(sheet: Sheet, analysis: Analysis, drawn: DrawnMap, y: float) -> float:
    noun = _noun(analysis).capitalize()
    bands = analysis.bands[analysis.bands["band_kind"] == "treaty"]
    if len(bands) and analysis.comparison is None and len(drawn.sides) == 1:
        y = _heading(sheet, y, f"{noun} by zone")
    elif len(bands):
        low, high = bands["min_km"].min(), bands["max_km"].max()
        y = _heading(sheet, y, f"{noun} in the banned band, {low:,.0f} to {style.km(high)}")
    else:
        y = _heading(sheet, y, f"{noun} in range")
    for key, mark in drawn.marks.items():
        count = drawn.counts.get(key, 0)
        if count == 0 and (key.startswith("own") or key == MARGINAL):
            continue
        y = _symbol_row(sheet, mark, count, y)
    if drawn.marginal:
        note = style.MARGINAL_NOTE if len(bands) else style.ALSO_MARGINAL_NOTE
        doubt = Mark(MARGINAL, style.INK, "o", True, note, 1, half=True)
        y = _symbol_row(sheet, doubt, drawn.marginal, y)
    return y - 5


def _symbol_row(sheet: Sheet, mark: Mark, count: int, y: float) -> float:
    sheet.mark(PANEL.x0 + 6, y + 2.5, mark.marker, mark.color, 6.4, mark.filled, mark.half)
    label = mark.label[:1].upper() + mark.label[1:]
    rows = wrap(label, PANEL.x1 - PANEL.x0 - 46, 7.2, lines=2)
    sheet.text(PANEL.x1, y, f"{count:,}", 8.6, bold=True, align="right")
    for row in rows:
        sheet.text(PANEL.x0 + 16, y, row, 7.2)
        y -= 9.2
    return y - 2.4


def _coalitions(sheet: Sheet, analysis: Analysis, y: float) -> float:
    noun = _noun(analysis)
    entries = [c for c in analysis.summary["coalitions"] if sum(c["zones"].values())]
    if not entries:
        return y
    y = _heading(sheet, y, f"Each coalition: {noun} not its own")
    x = PANEL.x0
    for zone in ZONES:
        known = style.ZONE_SYMBOLS[zone]
        sheet.block(x, y + 0.2, 6, 5.2, known.color)
        sheet.text(x + 8, y, known.short, 6.2, style.MUTED)
        x += 15 + text_size(known.short, 6.2)[0]
    y -= 12
    for entry in entries[:4]:
        color = readable(analysis.scenario.coalition(entry["id"]).color)
        sites = f"{entry['sites']} site{'' if entry['sites'] == 1 else 's'}"
        room = PANEL.x1 - PANEL.x0 - 44
        sheet.text(PANEL.x0, y, fit(clean_text(entry["name"]), room, 7.4, bold=True), 7.4, color,
                   bold=True)  # fmt: skip
        sheet.text(PANEL.x1, y, sites, 6.6, style.MUTED, align="right")
        y = _bar(sheet, entry["zones"], y - 13) - 10.5
    return y - 3


def _bar(sheet: Sheet, zones: dict[str, int], y: float) -> float:
    """Draw a bar of three parts; a small part is wide enough for its number."""
    numbers = [zones[zone] for zone in ZONES]
    least = [text_size(f"{n:,}", 7, bold=True)[0] + 3.5 if n else 0.0 for n in numbers]
    room = PANEL.x1 - PANEL.x0
    narrow = [
        n * room < small * max(sum(numbers), 1) for n, small in zip(numbers, least, strict=True)
    ]
    rest = max(sum(n for n, slim in zip(numbers, narrow, strict=True) if not slim), 1)
    room -= sum(small for small, slim in zip(least, narrow, strict=True) if slim)
    x = PANEL.x0
    for zone, number, small, slim in zip(ZONES, numbers, least, narrow, strict=True):
        part = small if slim else number / rest * room
        sheet.block(x, y, part, 10, style.ZONE_SYMBOLS[zone].color)
        if number:
            sheet.text(x + part / 2, y + 2.4, f"{number:,}", 7, "#ffffff", bold=True,
                       align="center")  # fmt: skip
        x += part
    return y


def _lines(sheet: Sheet, drawn: DrawnMap, y: float) -> float:
    y = _heading(sheet, y, "Lines")
    for one in drawn.prints:
        dashes = DISPUTED_DASHES if one.disputed else one.side.line
        y = _line_row(sheet, y, one.side.color, 1.9, dashes, _outer(one.label))
    inner = [one for one in drawn.prints if not one.inner.is_empty]
    if inner:
        names = list(dict.fromkeys(one.inner_label for one in inner))
        text = f"{names[0]} from a site, inner edge" if names[0] and len(names) == 1 else (
            "minimum range, inner edge"
        )  # fmt: skip
        y = _line_row(sheet, y, style.INK, 0.9, INNER_DASHES, text)
    if any(not ring.disputed for ring in drawn.rings if not ring.outline.is_empty):
        y = _line_row(sheet, y, style.INK, 0.85, "solid", "published range of a system")
    if any(ring.disputed for ring in drawn.rings) or any(one.disputed for one in drawn.prints):
        text = "range disputed or alleged, and by whom"
        y = _line_row(sheet, y, style.INK, 0.85, DISPUTED_DASHES, text)
    if any(ring.edges for ring in drawn.rings):
        text = "lowest and highest estimate of a range"
        y = _line_row(sheet, y, style.INK, 0.7, EDGE_DOTS, text)
    if drawn.rings_left_out:
        many = drawn.rings_left_out > 1
        text = f"{drawn.rings_left_out} more range{'s are' if many else ' is'} not drawn"
        sheet.text(PANEL.x0 + 28, y, text, 6.6, style.MUTED)
        y -= 9.8
    return y - 5


def _outer(label: str) -> str:
    """Return a legend text that fits whole."""
    room = PANEL.x1 - PANEL.x0 - 28
    long = f"{label}, outer edge"
    return long if text_size(long, 6.6)[0] <= room else label


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


def _positions(sheet: Sheet, analysis: Analysis, y: float) -> None:
    """Write who says each disputed range, and where that was read."""
    bands = analysis.bands[analysis.bands["disputed"].astype(bool)]
    systems = [str(name) for name in dict.fromkeys(bands["system_id"])]
    if not systems or y < PANEL.y0 + 30:
        return
    y = _heading(sheet, y - 5, "Positions and their sources")
    sources = load_catalogue().sources
    room = PANEL.x1 - PANEL.x0
    for held in (held for name in systems for held in classify(name).positions):
        names = dict.fromkeys(
            f"{sources[key].publisher}, {sources[key].date}" for key in held.source_keys
        )
        lines = wrap(clean_text(held.said_by, 80), 0.86 * room, 6.4, lines=1)
        words = f"{held.says[:1].upper()}{held.says[1:]}. Read in: {'; '.join(names)}"
        small = wrap(clean_text(words, 700), room, 5.6, lines=6)
        if y - 7.8 * len(lines) - 6.6 * len(small) < PANEL.y0:
            sheet.text(PANEL.x0, y, "more in the tables", 6.2, style.MUTED)
            return
        for line in lines:
            sheet.text(PANEL.x0, y, line, 6.4, bold=True)
            y -= 7.8
        for line in small:
            sheet.text(PANEL.x0, y, line, 5.6, style.MUTED)
            y -= 6.6
        y -= 3


def _ranges(sheet: Sheet, analysis: Analysis, y: float) -> float:
    """List as many systems as there is room for, the longest range first."""
    entries = [
        (s, readable(analysis.scenario.coalition(c["id"]).color))
        for c in analysis.summary["coalitions"]
        for s in c["systems"]
    ]
    entries.sort(key=lambda item: (-item[0]["max_km"], item[0]["label"]))
    rows = int((y - 22 - PANEL.y0) / 8.8)
    if not entries or rows < 2:
        return y
    marginal = any(system["marginal"] for system, _ in entries)
    y = _heading(
        sheet, y, f"Systems: {_noun(analysis)} in range{' + marginal' if marginal else ''}"
    )
    for system, color in entries[: rows if rows >= len(entries) else rows - 1]:
        label = clean_text(system["label"], 60)
        distance = style.km(system["max_km"])
        label = label if distance in label else f"{label}, {distance}"
        label = style.starred(label, system["evidence"])
        sheet.mark(PANEL.x0 + 3, y + 2.2, "s", color, 4.4, not system["disputed"])
        maybe = f" +{system['marginal']}" if system["marginal"] else ""
        doubt = text_size(maybe, 6.4)[0]
        count = text_size(str(system["capitals"]), 6.4, bold=True)[0]
        room = PANEL.x1 - PANEL.x0 - 20 - doubt - count
        sheet.text(PANEL.x0 + 10, y, fit(label, room, 6.2), 6.2)
        sheet.text(PANEL.x1 - doubt, y, str(system["capitals"]), 6.4, bold=True, align="right")
        sheet.text(PANEL.x1, y, maybe, 6.4, style.MUTED, align="right")
        y -= 8.8
    if rows < len(entries):
        more = len(entries) - rows + 1
        sheet.text(PANEL.x0 + 10, y, f"and {more} more, in the tables", 6.2, style.MUTED)
        y -= 8.8
    return y
