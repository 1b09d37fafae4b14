"""Small maps of one view and scale: one for each coalition, system or year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Analysis
from rangemap.catalogue import Coalition
from rangemap.views.basis import published
from rangemap.views.chart_flow import flow
from rangemap.views.chart_map_layout import padded
from rangemap.views.chart_panels_draw import Drawer, PartShown
from rangemap.views.chart_panels_layout import gridded
from rangemap.views.chart_panels_parts import Part, parts_of
from rangemap.views.chart_sides_views import extent_of, views_of
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.findings import noun_of
from rangemap.views.labels import Box, clean_text

__all__ = ["Panels", "panels"]

_EACH: Final = {
    "coalition": "each coalition by itself",
    "system": "each system by itself",
    "year": "year by year",
}
_MANY: Final = {"coalition": "coalitions", "system": "systems", "year": "years"}
_IN_WORDS: Final = 4
_OTHER_YEARS: Final = (
    "The treaty was in force from 1 June 1988 to 2 August 2019: in other years the band shows "
    "what it would have covered. Members of coalitions are those of the year."
)


@dataclass(frozen=True)
class Panels:
    """A chart, as `Chart` says."""

    analysis: Analysis
    look: Look
    by: str
    parts: Sequence[Part]
    left_out: Sequence[Part]

    @property
    def title(self) -> str:
        """The scenario's name, and by what the maps differ."""
        return f"{clean_text(self.analysis.scenario.title, 200).split(': ')[0]}: {_EACH[self.by]}"

    @property
    def _by_treaty(self) -> bool:
        return any((part.bands["band_kind"] == "treaty").any() for part in self.parts)

    @property
    def _lead(self) -> str:
        figures = published(*(part.bands for part in self.parts))
        where = "in the banned band" if self._by_treaty else f"in range {figures}"
        return f"{noun_of(self.analysis).capitalize()} {where}"

    @cached_property
    def finding(self) -> str:
        """The counts of the maps, or the largest of many."""
        parts = self.parts
        if self.by == "year":
            most = max(parts, key=lambda part: part.count)
            first, last = parts[0], parts[-1]
            peak = "" if most in (first, last) else f"; most in {most.title}, {most.count}"
            return (
                f"{self._lead}: {first.count} in {first.title}, {last.count} in {last.title}{peak}."
            )
        if len(parts) <= _IN_WORDS:
            listed = "; ".join(f"{part.title}: {_counted(part)}" for part in parts)
            return f"{self._lead}, not their own: {listed}."
        ordered = sorted(parts, key=lambda part: -part.count)
        top = "; ".join(f"{part.title}: {_counted(part)}" for part in ordered[:3])
        return f"{self._lead}, not their own, most from {top}."

    @property
    def beside(self) -> str:
        """How many maps are left out."""
        number = len(self.left_out)
        if not number:
            return ""
        what = _MANY[self.by] if number > 1 else self.by
        why = "in which less changed" if self.by == "year" else "with fewer in range"
        return f"{number} more {what} {why} {'are' if number > 1 else 'is'} not shown."

    @property
    def alt(self) -> str:
        """What the maps show and what follows from them."""
        text = f"{len(self.parts)} small maps of the same view and scale. {self.finding}"
        counts = ""
        if self.by == "year" or len(self.parts) > _IN_WORDS:  # else the finding has them all
            listed = "; ".join(f"{part.title}: {_counted(part)}" for part in self.parts)
            counts = f"Counts: {listed}."
        return " ".join(part for part in (text, self.beside, counts) if part)

    @cached_property
    def _coalitions(self) -> tuple[Coalition, ...]:
        """The coalitions of all maps: in other years there may be others."""
        found = {c.id: c for c in self.analysis.scenario.coalitions}
        for part in self.parts:
            found |= {c.id: c for c in part.bands.attrs["scenario"].coalitions if c.id not in found}
        launching = {key for part in self.parts for key in part.reach}
        return tuple(c for c in found.values() if c.id in launching)

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the maps in a grid, and the legend beside or under it."""
        reach = ["site_lon", "site_lat", "max_km"]
        extent = extent_of(pd.concat([part.bands[reach] for part in self.parts]))
        drawer = Drawer(self.analysis, self.look, self._coalitions)
        blocks = drawer.blocks(self.parts, self.left_out, 1.0)
        grid = gridded(sheet, padded(area), len(self.parts), extent, blocks)
        cell = grid.cells[0]
        view = views_of([extent], cell.x1 - cell.x0, cell.y1 - cell.y0)[0]
        blocks = drawer.blocks(self.parts, self.left_out, view.width_km / (cell.x1 - cell.x0))
        dropped = [block.title for block in blocks]
        if grid.panel is not None:
            dropped = flow(sheet, grid.panel, blocks, grid.columns)
        shown = [
            drawer.draw(sheet, cell, part, view, grid.head)
            for cell, part in zip(grid.cells, self.parts, strict=True)
        ]
        notes = [f"All maps have the same view and scale. {projection_note(view.projection)}"]
        if self.by == "year" and self._by_treaty:
            notes.insert(0, _OTHER_YEARS)
        return Drawn(self._labels(shown, dropped), tuple(notes))

    def _labels(self, shown: Sequence[PartShown], dropped: list[str]) -> dict[str, Any]:
        places = self.analysis.places
        seen = frozenset().union(*(one.seen for one in shown))
        named = frozenset().union(*(one.named for one in shown))
        rows = [
            (str(key), clean_text(name, 28))
            for key, name in zip(places["place_id"], places["place"], strict=True)
        ]
        return {
            "places_named": [name for key, name in rows if key in named],
            "places_left_unnamed": [name for key, name in rows if key in seen - named],
            "places_off_the_map": [name for key, name in rows if key not in seen],
            "maps": [part.title for part in self.parts],
            "maps_left_out": [part.title for part in self.left_out],
            "panels_dropped": dropped,
        }


def _counted(part: Part) -> str:
    return f"{part.count} (+{len(part.maybe)} marginal)" if part.maybe else f"{part.count}"


def panels(analysis: Analysis, look: Look, *, by: str | None = None) -> Panels:
    """Return small maps of what an analysis holds.

    Parameters
    ----------
    analysis : Analysis
    look : Look
    by : {"coalition", "system", "year"}, optional
        What each map is of: by default the coalitions, or the systems if there is one coalition.

    Raises
    ------
    ArgumentError
        If there is no such choice, or fewer than two maps.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> panels(analyse("europe"), Look()).beside
    ''
    """
    return Panels(analysis, look, *parts_of(analysis, look, by))
