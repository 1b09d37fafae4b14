"""Two sides compared: one map for each at the same scale, and their numbers side by side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from rangemap.analysis import Analysis, Comparison, as_analysis
from rangemap.analysis.comparison import ComparedSide, compare_sides
from rangemap.errors import ArgumentError
from rangemap.views.chart_flow import flow
from rangemap.views.chart_map_layout import LEAST_FOR_BAR, padded
from rangemap.views.chart_sides_layout import Arrangement, arranged
from rangemap.views.chart_sides_parts import Compared
from rangemap.views.chart_sides_views import Extent, extent_of, views_of
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.figure_small import Shown, bar_size, canvas_in, draw_content, scale_box
from rangemap.views.findings import finding_of, reach_of
from rangemap.views.labels import Box, clean_text, fit, text_size, wrap

__all__ = ["Sides", "sides"]


@dataclass(frozen=True)
class Sides:
    """A chart, as `Chart` says."""

    analysis: Analysis
    compared: Compared

    @property
    def title(self) -> str:
        """The scenario's title, and both sides' names where it does not say them."""
        if self.analysis.comparison is not None:
            return clean_text(self.analysis.scenario.title, 200)
        a, b = (side.name for side in self.compared.sides)
        head = clean_text(self.analysis.scenario.title, 90).split(": ")[0]
        return f"{head}: {a} against {b}"

    @cached_property
    def _said(self) -> tuple[str, str]:
        return finding_of(self.compared.analysis)

    @property
    def finding(self) -> str:
        """How many places only one side, both, or neither has in range."""
        return self._said[0]

    @property
    def beside(self) -> str:
        """What both share of the area, and capitals of the other side's members."""
        parts = self.compared.comparison.summary["jaccard"]
        noun = self.compared.noun
        shared = [
            f"{value:.0%} of the {name}"
            for name, value in ((noun, parts["places"]), ("area", parts["area"]))
            if value is not None
        ]
        both = f"Both share {' and '.join(shared)} that either has in range." if shared else ""
        return f"{both} {self._said[1]}".strip()

    @property
    def alt(self) -> str:
        """What the maps show and what follows from them."""
        a, b = (side.name for side in self.compared.sides)
        where = reach_of(self.compared.comparison)
        return (
            f"Two maps at the same scale: what is {where} of {a}, and of {b}. "
            f"{self.finding} {self.beside}"
        ).strip()

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw both maps, and the panel beside or under them."""
        area = padded(area)
        extents = [extent_of(self.compared.bands(number)) for number in (0, 1)]
        found = arranged(sheet, area, self.compared.blocks, extents)
        if found.panel is None:
            left_out = [block.title for block in self.compared.blocks(1)]
        else:
            blocks = self.compared.blocks(found.columns)
            left_out = flow(sheet, found.panel, blocks, found.columns)
        return self._maps(sheet, found, extents, left_out)

    def _maps(
        self, sheet: Sheet, found: Arrangement, extents: list[Extent], left_out: list[str]
    ) -> Drawn:
        boxes = found.maps
        size = boxes[0].x1 - boxes[0].x0, boxes[0].y1 - boxes[0].y0
        views = views_of(extents, *size)
        canvases = [canvas_in(sheet, box, view) for box, view in zip(boxes, views, strict=True)]
        contents = [self.compared.content(number, view) for number, view in enumerate(views)]
        bars: list[Box | None] = [None, None]
        if min(size) > LEAST_FOR_BAR:
            room = bar_size(canvases)
            bars = [scale_box(*one, room) for one in zip(canvases, contents, strict=True)]
        shown = [draw_content(*one) for one in zip(canvases, contents, bars, strict=True)]
        for number, box in enumerate(boxes):
            self._head(sheet, box, number, found.head)
        wanted = [content.named for content in contents]
        centres = [projection_note(view.projection).split(" centred on ")[1] for view in views]
        note = (
            "Both maps have the same scale, so that areas can be compared: Lambert azimuthal "
            f"equal-area projections centred on {centres[0].rstrip('.')}, and on {centres[1]}"
        )
        labels = self._labels(shown, wanted) | {"panels_dropped": left_out}
        return Drawn(labels, (note,))

    def _head(self, sheet: Sheet, box: Box, number: int, high: float) -> None:
        """Write a side's name and its number over its map."""
        side = self.compared.sides[number]
        size = min(0.86 * high, 30.0)
        count = f"{self.compared.reached(number):,}"
        y = box.y1 + 0.2 * high
        sheet.text(box.x0, y, count, size, side.color, bold=True)
        x = box.x0 + text_size(count, size, bold=True)[0] + 7
        small = min(0.34 * high, 11.5)
        room = box.x1 - x
        sheet.text(x, y + 1.25 * small, fit(side.name, room, small, bold=True), small, side.color,
                   bold=True)  # fmt: skip
        text = wrap(self.compared.legend_of(number), room, 0.82 * small, lines=1)
        sheet.rows(x, y, text, 0.82 * small)

    def _labels(self, shown: list[Shown], wanted: list[frozenset[str]]) -> dict[str, Any]:
        """Return what was named, what is shown without its name, and what lies off both maps."""
        places = self.compared.analysis.places
        rows = [(str(key), clean_text(name, 28))
                for key, name in zip(places["place_id"], places["place"], strict=True)]  # fmt: skip
        named = shown[0].named | shown[1].named
        seen = shown[0].seen | shown[1].seen
        sought = {
            rows[n][0]
            for one, keys in zip(shown, wanted, strict=True)
            for n in range(len(rows))
            if one.seen[n] and rows[n][0] in keys
        }
        return {
            "places_named": [name for key, name in rows if key in named],
            "places_without_name": [name for key, name in rows if key in sought - named],
            "places_left_unnamed": [
                name for n, (key, name) in enumerate(rows)
                if seen[n] and key not in sought | named
            ],
            "places_off_the_map": [rows[n][1] for n in range(len(rows)) if not seen[n]],
        }  # fmt: skip


def sides(analysis: Analysis, look: Look) -> Sides:
    """Return two maps of the sides that an analysis compares, or of its two coalitions.

    Raises
    ------
    ArgumentError
        If the scenario compares no two sides and has not just two coalitions.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> sides(analyse("europe-vs-china"), Look()).finding[:45]
    'Capitals in the banned band: 55 from launch s'
    """
    comparison = analysis.comparison or _of_two_coalitions(analysis)
    whole = analysis if analysis.comparison is not None else as_analysis(comparison)
    return Sides(analysis, Compared(whole, comparison, look))


def _of_two_coalitions(analysis: Analysis) -> Comparison:
    launching = [
        c for c in analysis.scenario.coalitions if (analysis.bands["coalition"] == c.id).any()
    ]
    if len(launching) != 2:
        number = "one coalition" if len(launching) == 1 else f"{len(launching)} coalitions"
        raise ArgumentError(
            f"scenario {analysis.scenario.name!r} compares no two sides and has {number}: give it "
            "a [comparison], or use rangemap compare"
        )
    a, b = (
        ComparedSide(
            _side_name(c.name), analysis.scenario, (c.id,),
            analysis.bands[analysis.bands["coalition"] == c.id].reset_index(drop=True),
        )
        for c in launching
    )  # fmt: skip
    return compare_sides(a, b)


def _side_name(name: str) -> str:
    """Return a coalition's name as it reads behind "from".

    Examples
    --------
    >>> _side_name("From Kapustin Yar"), _side_name("China")
    ('Kapustin Yar', 'China')
    """
    return name.removeprefix("From ") or name
