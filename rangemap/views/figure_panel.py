"""Numbers and legend beside or under a map, as blocks that flow into columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.analysis.coverage import ZONES
from rangemap.analysis.uncertain import MARGINAL
from rangemap.catalogue import SiteKind, classify, load_catalogue
from rangemap.views import style
from rangemap.views.basis import by_treaty
from rangemap.views.figure_bands import DISPUTED_DASHES, EDGE_DOTS, INNER_DASHES, ring_name
from rangemap.views.figure_column import (
    FINE,
    TEXT,
    TINY,
    Block,
    Column,
    blocks_height,
    draw_blocks,
)
from rangemap.views.figure_map import DrawnMap
from rangemap.views.figure_sheet import Sheet
from rangemap.views.figure_sides import OWN_REACHED, Mark
from rangemap.views.figure_symbols import SITE_MARKS
from rangemap.views.findings import noun_of
from rangemap.views.labels import Box, clean_text, fit, text_size, wrap

_ONLY: Final = "only-"  # marks of one side
_MOST_SIDES: Final = 8  # that symbols and lines name
_MOST_BARS: Final = 4


@dataclass(frozen=True, kw_only=True)
class _MapColumn(Column):
    """A column beside a map."""

    analysis: Analysis
    drawn: DrawnMap


def draw_panel(
    sheet: Sheet, area: Box, analysis: Analysis, drawn: DrawnMap, columns: int
) -> list[Box]:
    """Draw the blocks into equal columns, in order; return where something stands."""
    first = _MapColumn(sheet=sheet, analysis=analysis, drawn=drawn)
    draw_blocks(first, area, columns, BLOCKS, shortened=_SHORTENED)
    return first.used


def panel_height(
    sheet: Sheet, width: float, analysis: Analysis, drawn: DrawnMap, columns: int
) -> float:
    """Return the least height at which all blocks but the shortened ones stand in columns."""
    blank = _MapColumn(sheet=sheet, analysis=analysis, drawn=drawn, draw=False)
    return blocks_height(blank, width, columns, BLOCKS[:-1])


def _symbols(column: _MapColumn, y: float) -> float:
    analysis, drawn = column.analysis, column.drawn
    noun = noun_of(analysis).capitalize()
    bands = analysis.bands[(analysis.bands["band_kind"] == "treaty") & by_treaty(analysis)]
    units = column.sheet.look.units
    if len(bands) and analysis.comparison is None and len(drawn.sides) == 1:
        y = column.heading(y, f"{noun} by zone")
    elif len(bands):
        low, high = float(bands["min_km"].min()), float(bands["max_km"].max())
        beside = "" if units.km == 1 else f" ({units.of(low):,.0f} to {units.text(high)})"
        y = column.heading(y, f"{noun} in the banned band, {low:,.0f} to {style.km(high)}{beside}")
    else:
        y = column.heading(y, f"{noun} in range")
    left_out = _left_out(drawn)
    for key, mark in drawn.marks.items():
        count = drawn.counts.get(key, 0)
        if key in left_out or (count == 0 and (key.startswith("own") or key == MARGINAL)):
            continue
        y = _symbol_row(column, mark, count, y)
    if left_out:
        total = sum(drawn.counts.get(key, 0) for key in left_out)
        y = _more_row(column, f"{len(left_out)} more, of one coalition each", y, total)
    if drawn.marginal:
        note = style.MARGINAL_NOTE if len(bands) else style.ALSO_MARGINAL_NOTE
        ink = column.sheet.ink
        doubt = Mark(MARGINAL, ink, "o", True, note, 1, half=True)
        y = _symbol_row(column, doubt, drawn.marginal, y)
    return y + 6


def _left_out(drawn: DrawnMap) -> set[str]:
    """Return the marks of single sides that the legend only sums up: those with fewest places."""
    single = [key for key in drawn.marks if key.startswith((_ONLY, OWN_REACHED))]
    shown = [key for key in single if key.startswith(_ONLY) or drawn.counts.get(key)]
    most = sorted(shown, key=lambda key: -drawn.counts.get(key, 0))
    return set(most[_MOST_SIDES:])


def _more_row(column: _MapColumn, text: str, y: float, count: int) -> float:
    """Write what is not listed, and how many places that is."""
    column.text(column.x1, y, f"{count:,}", FINE, column.sheet.muted, align="right")
    column.text(column.x0 + 16, y, fit(text, column.width - 46, FINE), FINE, column.sheet.muted)
    return y - 12


def _symbol_row(column: _MapColumn, mark: Mark, count: int, y: float) -> float:
    column.mark(column.x0 + 5, y + 2.5, mark.marker, mark.color, 6.6, mark.filled, mark.half)
    label = mark.label[:1].upper() + mark.label[1:]
    rows = wrap(label, column.width - 46, TEXT, lines=2)
    column.text(column.x1, y, f"{count:,}", 9.2, bold=True, align="right")
    for row in rows:
        column.text(column.x0 + 16, y, row, TEXT)
        y -= 9.4
    return y - 2.6


def _coalitions(column: _MapColumn, y: float) -> float:
    analysis, theme = column.analysis, column.sheet.look.theme
    entries = [c for c in analysis.summary["coalitions"] if sum(c["zones"].values())]
    if not entries or not by_treaty(analysis):
        return y
    y = column.heading(y, f"Each coalition: {noun_of(analysis)} not its own")
    x = column.x0
    for order, zone in enumerate(ZONES):
        known = style.ZONE_SYMBOLS[zone]
        column.block(x, y, 6, 5.4, theme.data(known.color, order))
        column.text(x + 8, y, known.short, FINE, column.sheet.muted)
        x += 15 + text_size(known.short, FINE)[0]
    y -= 13
    order_of = {c.id: number for number, c in enumerate(analysis.scenario.coalitions)}
    for entry in entries[:_MOST_BARS]:
        color = theme.data(analysis.scenario.coalition(entry["id"]).color, order_of[entry["id"]])
        sites = f"{entry['sites']} site{'' if entry['sites'] == 1 else 's'}"
        room = column.width - 44
        name = fit(_name_of(column, entry, room), room, TEXT + 0.4, bold=True)
        column.text(column.x0, y, name, TEXT + 0.4, color, bold=True)
        column.text(column.x1, y, sites, FINE, column.sheet.muted, align="right")
        y = _bar(column, entry["zones"], y - 13.5) - 11.5
    if len(entries) > _MOST_BARS:
        text = f"and {len(entries) - _MOST_BARS} more, in the tables"
        column.text(column.x0, y, text, FINE, column.sheet.muted)
        y -= 9.6
    return y + 7


def _name_of(column: _MapColumn, entry: dict[str, Any], room: float) -> str:
    """Return a coalition's name, or its short one, which ends as no other does, if too long."""
    name = clean_text(entry["name"])
    if text_size(name, TEXT + 0.4, bold=True)[0] <= room:
        return name
    return next((s.short for s in column.drawn.sides if s.coalitions == (entry["id"],)), name)


def _bar(column: _MapColumn, zones: dict[str, int], y: float) -> float:
    """Draw a bar of three parts; a small part is wide enough for its number."""
    theme = column.sheet.look.theme
    numbers = [zones[zone] for zone in ZONES]
    least = [text_size(f"{n:,}", TEXT, bold=True)[0] + 3.5 if n else 0.0 for n in numbers]
    room = column.width
    narrow = [
        n * room < small * max(sum(numbers), 1) for n, small in zip(numbers, least, strict=True)
    ]
    rest = max(sum(n for n, slim in zip(numbers, narrow, strict=True) if not slim), 1)
    room -= sum(small for small, slim in zip(least, narrow, strict=True) if slim)
    x = column.x0
    parts = zip(ZONES, numbers, least, narrow, strict=True)
    for order, (zone, number, small, slim) in enumerate(parts):
        part = small if slim else number / rest * room
        color = theme.data(style.ZONE_SYMBOLS[zone].color, order)
        column.block(x, y, part, 10.4, color)
        if number:
            column.text(x + part / 2, y + 2.7, f"{number:,}", TEXT, theme.on(color), bold=True,
                        align="center")  # fmt: skip
        x += part
    return y


def _lines(column: _MapColumn, y: float) -> float:
    drawn = column.drawn
    y = column.heading(y, "Lines")
    ink = column.sheet.ink
    order = sorted(
        range(len(drawn.prints)), key=lambda n: -drawn.counts.get(f"{_ONLY}{n}", 0)
    )[:_MOST_SIDES]  # fmt: skip
    for number in sorted(order):
        one = drawn.prints[number]
        dashes = DISPUTED_DASHES if one.disputed else one.side.line
        y = _line_row(column, y, one.side.color, 1.9, dashes, _outer(column, one.label))
    more = len(drawn.prints) - len(order)
    if more:
        text = f"and {more} more, in the colours of their sites"
        column.text(column.x0 + 28, y, text, FINE, column.sheet.muted)
        y -= 10
    inner = [one for one in drawn.prints if not one.inner.is_empty]
    if inner:
        names = list(dict.fromkeys(one.inner_label for one in inner))
        text = f"{names[0]} from a site, inner edge" if names[0] and len(names) == 1 else (
            "minimum range, inner edge"
        )  # fmt: skip
        y = _line_row(column, y, ink, 0.9, INNER_DASHES, text)
    undisputed = [ring for ring in drawn.rings if not ring.disputed and not ring.outline.is_empty]
    if undisputed:
        published = any(ring.system_id for ring in undisputed)
        text = "published range of a system" if published else "range given in the scenario"
        y = _line_row(column, y, ink, 0.85, "solid", text)
    if any(ring.disputed for ring in drawn.rings) or any(one.disputed for one in drawn.prints):
        text = "range disputed or alleged, and by whom"
        y = _line_row(column, y, ink, 0.85, DISPUTED_DASHES, text)
    if any(ring.edges for ring in drawn.rings):
        y = _line_row(column, y, ink, 0.7, EDGE_DOTS, "lowest and highest estimate of a range")
    if drawn.rings_left_out:
        many = drawn.rings_left_out > 1
        text = f"{drawn.rings_left_out} more range{'s are' if many else ' is'} not drawn"
        column.text(column.x0 + 28, y, text, FINE, column.sheet.muted)
        y -= 10
    return y + 6


def _outer(column: _MapColumn, label: str) -> str:
    """Return a legend text that fits whole."""
    long = f"{label}, outer edge"
    return long if text_size(long, FINE)[0] <= column.width - 28 else label


def _line_row(
    column: _MapColumn, y: float, color: str, width: float, dashes: Any, text: str
) -> float:
    column.line(column.x0, column.x0 + 22, y + 2.4, color, width, dashes)
    column.text(column.x0 + 28, y, fit(text, column.width - 28, FINE), FINE)
    return y - 10


def _site_kinds(column: _MapColumn, y: float) -> float:
    y = column.heading(y, "Launch sites, in the colour of the coalition")
    sites = column.analysis.bands.drop_duplicates("site_id")
    for kind, known in SITE_MARKS.items():
        count = int((sites["site_kind"] == kind).sum())
        if not count:
            continue
        muted = column.sheet.muted
        column.mark(column.x0 + 5, y + 2.4, known.marker, muted, 7, known.filled)
        column.text(column.x0 + 16, y, SiteKind(kind).label, FINE)
        column.text(column.x1, y, str(count), FINE, column.sheet.muted, align="right")
        y -= 10
    return y + 6


def _ranges(column: _MapColumn, y: float) -> float:
    """List as many systems as there is room for, the longest range first."""
    analysis, look = column.analysis, column.sheet.look
    order = {c.id: number for number, c in enumerate(analysis.scenario.coalitions)}
    entries = [
        (s, look.theme.data(analysis.scenario.coalition(c["id"]).color, order[c["id"]]))
        for c in analysis.summary["coalitions"]
        for s in c["systems"]
    ]
    entries.sort(key=lambda item: (-item[0]["max_km"], item[0]["label"]))
    if not entries:
        return y
    rows = min(int((y - 26 - column.bottom) / 9.6), 40)
    if rows < 2:
        return y
    marginal = any(system["marginal"] for system, _ in entries)
    y = column.heading(
        y, f"Systems: {noun_of(analysis)} in range{' + marginal' if marginal else ''}"
    )
    for system, color in entries[: rows if rows >= len(entries) else rows - 1]:
        y = _range_row(column, system, color, y)
    if rows < len(entries):
        more = len(entries) - rows + 1
        column.text(column.x0 + 10, y, f"and {more} more, in the tables", FINE, column.sheet.muted)
        y -= 9.6
    return y + 6


def _range_row(column: _MapColumn, system: dict[str, Any], color: str, y: float) -> float:
    label = ring_name(clean_text(system["label"], 60), system["max_km"], column.sheet.look)
    label = style.starred(label, system["evidence"])
    maybe = f" +{system['marginal']}" if system["marginal"] else ""
    doubt = text_size(maybe, FINE)[0]
    count = text_size(str(system["capitals"]), FINE, bold=True)[0]
    room = column.width - 16 - doubt - count
    column.mark(column.x0 + 3, y + 2.3, "s", color, 4.4, not system["disputed"])
    column.text(column.x0 + 10, y, fit(label, room, FINE), FINE)
    column.text(column.x1 - doubt, y, str(system["capitals"]), FINE, bold=True, align="right")
    column.text(column.x1, y, maybe, FINE, column.sheet.muted, align="right")
    return y - 9.6


def _positions(column: _MapColumn, y: float) -> float:
    """Write who says each disputed range, and where that was read."""
    bands = column.analysis.bands[column.analysis.bands["disputed"].astype(bool)]
    systems = [str(name) for name in dict.fromkeys(bands["system_id"])]
    if not systems or y < column.bottom + 34:
        return y
    y = column.heading(y, "Positions and their sources")
    sources = load_catalogue().sources
    for held in (held for name in systems for held in classify(name).positions):
        names = dict.fromkeys(
            f"{sources[key].publisher}, {sources[key].date}" for key in held.source_keys
        )
        lines = wrap(clean_text(held.said_by, 80), 0.86 * column.width, FINE, lines=1)
        words = f"{held.says[:1].upper()}{held.says[1:]}. Read in: {'; '.join(names)}"
        small = wrap(clean_text(words, 700), column.width, TINY, lines=6)
        if y - 8.4 * len(lines) - 7.4 * len(small) < column.bottom:
            column.text(column.x0, y, "more in the tables", FINE, column.sheet.muted)
            return y - 3
        for line in lines:
            column.text(column.x0, y, line, FINE, bold=True)
            y -= 8.4
        for line in small:
            column.text(column.x0, y, line, TINY, column.sheet.muted)
            y -= 7.4
        y -= 3
    return y + 6


BLOCKS: Final[tuple[Block[_MapColumn], ...]] = (
    _symbols, _coalitions, _lines, _site_kinds, _ranges, _positions,
)  # fmt: skip
_SHORTENED: Final = (_ranges, _positions)  # these take what room is left
