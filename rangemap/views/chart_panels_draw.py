"""One small map of many, and the legend that all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import BOTH, NEITHER, OWN
from rangemap.analysis.uncertain import MARGINAL
from rangemap.catalogue import Coalition
from rangemap.views import style
from rangemap.views.chart_blocks import Block, Pen, Row, Rows, Words
from rangemap.views.chart_keys import line_sketch, mark_sketch
from rangemap.views.chart_panels_parts import Part
from rangemap.views.chart_sides_parts import edges
from rangemap.views.figure_bands import INNER_DASHES, footprints
from rangemap.views.figure_places import places_of
from rangemap.views.figure_scale import round_length
from rangemap.views.figure_sheet import Look, Sheet
from rangemap.views.figure_sides import LINES, Mark, Side
from rangemap.views.figure_small import (
    Content,
    Shade,
    canvas_in,
    draw_content,
)
from rangemap.views.figure_symbols import Sites
from rangemap.views.labels import Box, clean_text, fit, text_size
from rangemap.views.names import told_apart
from rangemap.views.projection import MapView

__all__ = ["Drawer", "PartShown"]

_SHAPES: Final = ("s", "D", "^", "o", "v", "p")
_LARGE: Final = 215.0  # points, of the width of a map that names places and lines
_FULL_SIZE: Final = 330.0  # of one whose symbols are as large as those of a map alone
_STRONGER: Final = 1.5


@dataclass(frozen=True)
class PartShown:
    """The ids of the places that a small map shows and that it names."""

    seen: frozenset[str]
    named: frozenset[str]


@dataclass(frozen=True)
class Drawer:
    """How the maps of an analysis are drawn, and what their legend says."""

    analysis: Analysis
    look: Look
    coalitions: tuple[Coalition, ...]

    @cached_property
    def _shorts(self) -> dict[str, str]:
        names = told_apart([c.short for c in self.coalitions], 26)
        return {c.id: name for c, name in zip(self.coalitions, names, strict=True)}

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """A mark for each coalition, and for what else a place may be."""
        theme = self.look.theme
        found = {
            _key_of(c.id): Mark(_key_of(c.id), theme.data(c.color, n), _SHAPES[n % len(_SHAPES)],
                                True, f"in range: {self._shorts[c.id]}", 0)
            for n, c in enumerate(self.coalitions)
        }  # fmt: skip
        symbols = style.CATEGORY_SYMBOLS
        doubt = style.VERDICT_SYMBOLS[MARGINAL]
        rest = (
            Mark(BOTH, theme.data(symbols[BOTH].color, 2), "o", True, "in range of several", 1),
            Mark(MARGINAL, theme.data(doubt.color, 3), "o", True, doubt.label, 1, half=True),
            Mark(NEITHER, theme.data(symbols[NEITHER].color, 1), "o", False, "out of range", 3),
            Mark(OWN, theme.data(symbols[OWN].color, 0), "X", False, "its own, not counted", 2),
        )
        return {**found, **{mark.category: mark for mark in rest}}

    def category(self, part: Part, place_id: str) -> str:
        """Return the key of a place's mark on one map."""
        reached = [key for key, places in part.reach.items() if place_id in places]
        if reached:
            return _key_of(reached[0]) if len(reached) == 1 else BOTH
        if place_id in part.maybe:
            return MARGINAL
        return OWN if place_id in part.own else NEITHER

    def draw(self, sheet: Sheet, cell: Box, part: Part, view: MapView, head: float) -> PartShown:
        """Draw a map and its heading."""
        wide = cell.x1 - cell.x0
        self._heading(sheet, cell, part, head)
        large = wide >= _LARGE
        content = self._content(part, view, large)
        content = replace(content, factor=min(1.0, max(0.5, wide / _FULL_SIZE)))
        canvas = canvas_in(sheet, cell, view, plain=not large)
        shown = draw_content(canvas, content)
        keys = content.places.keys
        seen = frozenset(key for key, there in zip(keys, shown.seen, strict=True) if there)
        return PartShown(seen, shown.named)

    def _heading(self, sheet: Sheet, cell: Box, part: Part, head: float) -> None:
        size = min(13.0, 0.76 * head)
        small = min(8.6, 0.52 * head)
        more = f"+{len(part.maybe)}" if part.maybe else ""
        y = cell.y1 + 0.25 * head
        beside = text_size(more, small)[0]
        sheet.text(cell.x1, y, more, small, sheet.muted, align="right")
        count = f"{part.count:,}"
        sheet.text(cell.x1 - beside - 1, y, count, size, bold=True, align="right")
        room = cell.x1 - cell.x0 - beside - text_size(count, size, bold=True)[0] - 6
        sheet.text(cell.x0, y, fit(part.title, room, small, bold=True), small, part.color,
                   bold=True)  # fmt: skip

    def _content(self, part: Part, view: MapView, large: bool) -> Content:
        theme = self.look.theme
        order = {c.id: n for n, c in enumerate(self.coalitions)}
        drawn = replace(self.analysis, bands=part.bands)
        keys = list(dict.fromkeys(part.bands["coalition"]))
        shorts = self._shorts
        sides = [
            Side(
                shorts[k], shorts[k], self.marks[_key_of(k)].color, LINES[order[k] % len(LINES)],
                (k,),
            )
            for k in keys
        ]  # fmt: skip
        prints = footprints(drawn, sides, view, self.look)
        shades = tuple(
            Shade(one.area, one.side.color, theme.fill_alpha * (1 if theme.grey else _STRONGER),
                  theme.hatch(order[one.side.coalitions[0]]))
            for one in prints
        )  # fmt: skip
        strokes = [stroke for one in prints for stroke in edges(one)]
        if not large:
            strokes = [replace(one, label="", width=0.6 * one.width) for one in strokes]
        table = self.analysis.places
        marks = [self.marks[self.category(part, key)] for key in table["place_id"]]
        places = places_of(view.projection, table, marks)
        named = {key for found in part.reach.values() for key in found} | part.maybe
        return Content(
            shades, tuple(strokes), self._sites(part, view), places,
            frozenset(named) if large else frozenset(),
        )  # fmt: skip

    def _sites(self, part: Part, view: MapView) -> Sites:
        rows = part.bands.drop_duplicates(["coalition", "site_id"])
        x, y = view.projection.forward(rows["site_lon"], rows["site_lat"])
        colors = [self.marks[_key_of(key)].color for key in rows["coalition"]]
        names = [clean_text(name, 26) for name in rows["site"]]
        kinds = rows["site_kind"].tolist()
        return Sites(np.column_stack([x, y]), names, kinds, colors, [0.0] * len(names))

    def blocks(
        self, parts: Sequence[Part], left_out: Sequence[Part], km_per_point: float
    ) -> list[Block]:
        """Return the legend: symbols, lines, the scale, and what is not shown."""
        listed = ", ".join(f"{part.title} ({part.count})" for part in left_out)
        return [
            self._key(parts), self._lines(parts), Scale(self.look, km_per_point),
            Words("Not shown", clean_text(listed, 600)),
        ]  # fmt: skip

    def _key(self, parts: Sequence[Part]) -> Rows:
        used = {
            self.category(part, key) for part in parts for key in self.analysis.places["place_id"]
        }
        rows = [
            Row(mark.label[:1].upper() + mark.label[1:], "", mark_sketch(mark))
            for key, mark in self.marks.items()
            if key in used
        ]
        noun = self.analysis.scenario.noun.capitalize()
        maybe = " (+ marginal)" if any(part.maybe for part in parts) else ""
        return Rows(f"{noun}; over each map, how many are in range{maybe}", rows)

    def _lines(self, parts: Sequence[Part]) -> Rows:
        bands = [part.bands for part in parts]
        treaty = any((one["band_kind"] == "treaty").any() for one in bands)
        units, ink = self.look.units, self.look.theme.ink
        far = units.fixed(5500) if treaty else "longest range"
        rows = [Row(f"{far}, outer edge", "", line_sketch(ink, 1.6, "solid"))]
        if any((one["min_km"] > 0).any() for one in bands):
            near = units.fixed(500) if treaty else "minimum range"
            rows.append(Row(f"{near}, inner edge", "", line_sketch(ink, 0.8, INNER_DASHES)))
        if len(self.coalitions) > 1:
            rows.append(Row(f"coalitions differ by {_differ(len(self.coalitions))}"))
        return Rows("Lines", rows, indent=30.0)


def _key_of(coalition: str) -> str:
    """Return the key of a coalition's mark; its id may be the name of another category."""
    return f"coalition:{coalition}"


def _differ(number: int) -> str:
    """Return what tells so many coalitions apart."""
    if number <= len(LINES):
        return "line, colour and symbol"
    return "colour and symbol" if number <= len(_SHAPES) else "colour"


@dataclass(frozen=True)
class Scale:
    """A bar of a round length, true at the centre of the maps."""

    look: Look
    km_per_point: float
    title: str = "Scale, at the centre of the maps"
    stretches: bool = False

    def run(self, pen: Pen, y: float) -> float:
        """As of `Block`."""
        units = self.look.units
        y = pen.heading(y, self.title)
        length = round_length(units.of(self.km_per_point * 0.5 * pen.width))
        wide = length * units.km / self.km_per_point
        if pen.draws:
            pen.sheet.block(pen.x0, y, wide / 2, 3.2, self.look.theme.ink)
            pen.sheet.block(pen.x0 + wide / 2, y, wide / 2, 3.2, self.look.theme.paper,
                            edge=self.look.theme.ink)  # fmt: skip
        pen.text(pen.x0 + wide + 5, y - 0.5, f"{length:,g} {units.name}", 7.1)
        return y - 8
