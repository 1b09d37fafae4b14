"""What stands beside a range rose: legend, ranges, directions and the nearest places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rangemap.analysis.uncertain import INSIDE
from rangemap.views.chart_ladder_rows import Step
from rangemap.views.chart_rose_places import OWN, mark_of, marks_of
from rangemap.views.chart_rose_rings import Ring, treaty_name
from rangemap.views.chart_rose_sectors import Sector, azimuths_of, sectors_of
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_bands import EDGE_DOTS, ring_name
from rangemap.views.figure_column import (
    FINE,
    TEXT,
    TINY,
    Block,
    Column,
    blocks_height,
    draw_blocks,
)
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box, fit, text_size, wrap

__all__ = ["draw_panel", "panel_height"]

_LINE: Final = 9.6
_SAMPLE: Final = 22.0  # length of a line in the legend
_FEWEST: Final = 3  # of the nearest places; fewer are no list
_MOST: Final = 20


@dataclass(frozen=True, kw_only=True)
class _RoseColumn(Column):
    """A column beside a rose."""

    facts: SiteFacts
    rings: Sequence[Ring]
    reach_km: float


def draw_panel(
    sheet: Sheet, area: Box, columns: int, facts: SiteFacts, rings: Sequence[Ring], reach_km: float
) -> None:
    """Draw the blocks into equal columns."""
    first = _RoseColumn(sheet=sheet, facts=facts, rings=rings, reach_km=reach_km)
    draw_blocks(first, area, columns, _BLOCKS, shortened=(_nearest,))


def panel_height(
    sheet: Sheet, width: float, columns: int, facts: SiteFacts, rings: Sequence[Ring],
    reach_km: float,
) -> float:  # fmt: skip
    """Return the least height at which all blocks but the nearest places have room."""
    blank = _RoseColumn(sheet=sheet, facts=facts, rings=rings, reach_km=reach_km, draw=False)
    return blocks_height(blank, width, columns, _BLOCKS[:-1])


def _symbols(column: _RoseColumn, y: float) -> float:
    facts = column.facts
    y = column.heading(y, f"{facts.name}: {' and '.join(facts.coalitions.values())}")
    for key, mark in marks_of(facts).items():
        if key == OWN:
            count = len(facts.steps) - len(facts.theirs)
        else:
            count = sum(step.verdict == key for step in facts.theirs)
        if count or key == INSIDE:
            symbol = mark.marker, mark.color, 6.6, mark.filled, mark.half
            column.mark(column.x0 + 5, y + 2.5, *symbol)
            label = mark.label[:1].upper() + mark.label[1:]
            column.text(column.x0 + 16, y, fit(label, column.width - 46, TEXT), TEXT)
            column.text(column.x1, y, f"{count:,}", 9.2, bold=True, align="right")
            y -= 11.4
    beyond = sum(step.distance_km > column.reach_km for step in facts.steps)
    if beyond:
        text = f"{beyond:,} of all lie beyond the rim, {facts.distance(column.reach_km)}"
        column.text(column.x0 + 16, y, fit(text, column.width - 16, FINE), FINE, column.sheet.muted)
        y -= 10
    return y + 4


def _ranges(column: _RoseColumn, y: float) -> float:
    facts = column.facts
    marginal = any(one.marginal for one in facts.reaches)
    y = column.heading(y, f"Ranges: {facts.noun} in each{' + marginal' if marginal else ''}")
    lines = {id(ring.reach): ring for ring in reversed(column.rings)}
    if facts.treaty is not None:
        inside = facts.treaty.inside
        y = _range_row(column, y, lines.get(id(facts.treaty)), treaty_name(facts), inside,
                       facts.treaty.marginal)  # fmt: skip
    for reach in facts.systems:
        name = ring_name(reach.label, reach.max_km, facts.look)
        y = _range_row(column, y, lines.get(id(reach)), name, reach.inside, reach.marginal)
    if any(one.low_km < one.high_km for one in facts.systems):
        column.line(column.x0, column.x0 + _SAMPLE, y + 2.4, column.sheet.ink, 0.7, EDGE_DOTS)
        column.text(column.x0 + 28, y, _fitted(column, "lowest and highest estimate"), FINE)
        y -= _LINE
    if any(one.disputed for one in facts.systems):
        text = "Dashed: disputed or alleged, and by whom."
        column.text(column.x0, y, fit(text, column.width, TINY), TINY, column.sheet.muted)
        y -= _LINE
    return y + 4


def _fitted(column: _RoseColumn, text: str) -> str:
    return fit(text, column.width - 28, FINE)


def _range_row(
    column: _RoseColumn, y: float, ring: Ring | None, name: str, inside: int, marginal: int
) -> float:
    """Write a range with its line, if it has one, and how many places lie in it."""
    maybe = f" +{marginal:,}" if marginal else ""
    doubt = text_size(maybe, FINE)[0]
    count = text_size(f"{inside:,}", FINE, bold=True)[0]
    if ring is not None:
        column.line(column.x0, column.x0 + _SAMPLE, y + 2.4, ring.color, ring.width, ring.dashes)
    rows = wrap(name, column.width - 32 - doubt - count, FINE, lines=2)
    column.text(column.x1 - doubt, y, f"{inside:,}", FINE, bold=True, align="right")
    column.text(column.x1, y, maybe, FINE, column.sheet.muted, align="right")
    for row in rows:
        column.text(column.x0 + 28, y, row, FINE)
        y -= 8.6
    return y - 1.4


def _sectors(column: _RoseColumn, y: float) -> float:
    """Write how many places lie in each direction, with a bar; at a pole there is none."""
    if column.facts.at_pole:
        return y
    facts, sectors = column.facts, sectors_of(column.facts)
    theirs = facts.verdict_words["inside"].lower()
    doubt = " + marginal" if any(one.marginal for one in sectors) else ""
    y = column.heading(y, f"By direction: {theirs}{doubt}")
    both = facts.treaty is not None and bool(facts.systems)
    right = column.x1 - (46.0 if both else 0.0)
    numbers = 40.0 if doubt else 18.0
    if both:
        column.text(column.x1, y, "in the band", TINY, column.sheet.muted, align="right")
        y -= 8.6
    most = max(max(one.inside + one.marginal for one in sectors), 1)
    room = right - column.x0 - 28 - numbers
    for one in sectors:
        y = _sector_row(column, y, one, right, room / most)
        if both:
            column.text(column.x1, y + _LINE, f"{one.band:,}", FINE, align="right")
    text = "Sectors of 45°, clockwise from true north; N is 337.5° to 22.5°."
    column.text(column.x0, y, fit(text, column.width, TINY), TINY, column.sheet.muted)
    return y - 4


def _sector_row(column: _RoseColumn, y: float, one: Sector, right: float, scale: float) -> float:
    """Draw one direction's bar: thick for those in range, thin for marginal ones."""
    facts = column.facts
    color = facts.colors[next(iter(facts.coalitions))]
    column.text(column.x0, y, one.key, FINE, bold=True)
    x = column.x0 + 20
    sure = one.inside * scale
    if one.inside:
        column.block(x, y, sure, 5.6, color)
    if one.marginal:
        column.block(x + sure, y + 1.7, one.marginal * scale, 2.2, color)
    maybe = f" +{one.marginal:,}" if one.marginal else ""
    doubt = text_size(maybe, FINE)[0]
    column.text(right - doubt, y, f"{one.inside:,}", FINE, bold=True, align="right")
    column.text(right, y, maybe, FINE, column.sheet.muted, align="right")
    return y - _LINE


def _nearest(column: _RoseColumn, y: float) -> float:
    """List as many of the nearest places as there is room for, with distance and azimuth."""
    facts = column.facts
    rows = min(int((y - 24 - column.bottom) / _LINE), _MOST, len(facts.theirs))
    if rows < min(_FEWEST, len(facts.theirs)) or not rows:
        return y
    steps = facts.theirs[:rows]
    y = column.heading(y, f"Nearest {facts.noun}: distance and azimuth")
    azimuths, marks = azimuths_of(facts, steps), marks_of(facts)
    for step in steps:
        y = _near_row(column, y, step, azimuths[step.place_id], mark_of(marks, step))
    return y + 4


def _near_row(column: _RoseColumn, y: float, step: Step, azimuth: float, mark: Any) -> float:
    column.mark(column.x0 + 4, y + 2.4, mark.marker, mark.color, 4.6, mark.filled, mark.half)
    column.text(column.x0 + 12, y, fit(step.name, column.width - 88, FINE), FINE)
    distance = column.facts.distance(step.distance_km)
    column.text(column.x1 - 28, y, distance, FINE, align="right")
    text = f"{round(azimuth) % 360}°"
    column.text(column.x1, y, text, FINE, column.sheet.muted, align="right")
    return y - _LINE


_BLOCKS: Final[tuple[Block[_RoseColumn], ...]] = (_symbols, _ranges, _sectors, _nearest)
