"""The theatre map: bands, ranges and places on one map, with its numbers and legend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from matplotlib.axes import Axes

from rangemap.analysis import Analysis
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_column import column_boxes
from rangemap.views.figure_locator import (
    draw_locator,
    free_corner,
    free_square,
    is_wanted,
    occupied,
)
from rangemap.views.figure_map import DrawnMap, draw_map
from rangemap.views.figure_panel import draw_panel, panel_height
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.findings import finding_of, noun_of
from rangemap.views.labels import Box, clean_text

_PANEL_WIDTH: Final = 208.0
_GAP: Final = 12.0
_NO_PANEL: Final = 420.0  # a picture narrower than this is the map alone
_COLUMN: Final = 170.0  # the least width of a column under the map
_MAP_SHARE: Final = 0.5  # of the height that a map over its panel keeps at least


@dataclass(frozen=True)
class Theatre:
    """A chart, as `Chart` says."""

    analysis: Analysis
    look: Look

    @property
    def title(self) -> str:
        """The scenario's title."""
        return clean_text(self.analysis.scenario.title, 200)

    @cached_property
    def _said(self) -> tuple[str, str]:
        return finding_of(self.analysis)

    @property
    def finding(self) -> str:
        """The counts, in words."""
        return self._said[0]

    @property
    def beside(self) -> str:
        """Capitals of the other side, or a second finding."""
        return self._said[1]

    @property
    def alt(self) -> str:
        """What the map shows and what follows from it."""
        scenario = self.analysis.scenario
        sites = self.analysis.bands["site_id"].nunique()
        names = ", ".join(clean_text(c.name, 60) for c in scenario.coalitions)
        text = (
            f"Map: ranges from {sites} launch site{'s' if sites != 1 else ''} of {names}, and "
            f"which {noun_of(self.analysis)} lie within them. {self.finding} {self.beside}"
        )
        return text.strip()

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the map beside its panel, or over it where the area stands upright."""
        place, panel, columns = self._parts(sheet, area)
        axes = sheet.axes_at(place)
        drawn = self._map(axes, place)
        used = draw_panel(sheet, panel, self.analysis, drawn, columns) if columns else []
        areas = column_boxes(panel, columns) if columns else []
        where = self._locate(sheet, axes, drawn, place, areas, used)
        labels = {**drawn.labels, "locator": where}
        notes = [projection_note(drawn.view.projection)]
        if drawn.places_unseen:
            notes.insert(
                0,
                f"{drawn.places_unseen} of {len(self.analysis.places)} {noun_of(self.analysis)} "
                "are not on this map, but in all counts.",
            )
        return Drawn(labels, tuple(notes))

    def _parts(self, sheet: Sheet, area: Box) -> tuple[Box, Box, int]:
        """Return where the map stands, where its panel, and how many columns that has."""
        wide, high = area.x1 - area.x0, area.y1 - area.y0
        if wide < _NO_PANEL:
            return area, area, 0
        if wide >= 1.15 * high:
            place = Box(area.x0, area.y0, area.x1 - _PANEL_WIDTH - _GAP, area.y1)
            return place, Box(place.x1 + _GAP, area.y0, area.x1, area.y1), 1
        columns = max(2, int(wide / _COLUMN))
        # The legend's height follows from what is drawn, which a first map tells.
        trial = draw_map(
            sheet.axes_at(Box(0, 0, 1, 1)),
            self.analysis,
            wide,
            _MAP_SHARE * high,
            self.look,
            with_insets=False,
        )
        sheet.figure.delaxes(sheet.figure.axes[-1])
        need = panel_height(sheet, wide, self.analysis, trial, columns)
        top = area.y0 + min(need, (1 - _MAP_SHARE) * high)
        place = Box(area.x0, top + _GAP, area.x1, area.y1)
        return place, Box(area.x0, area.y0, area.x1, top), columns

    def _map(self, axes: Axes, place: Box) -> DrawnMap:
        return draw_map(
            axes,
            self.analysis,
            place.x1 - place.x0,
            place.y1 - place.y0,
            self.look,
        )

    def _locate(
        self, sheet: Sheet, axes: Axes, drawn: DrawnMap, place: Box, columns: list[Box],
        used: list[Box],
    ) -> str:  # fmt: skip
        """Draw a globe with the map's outline; return where: panel, map or none."""
        if not is_wanted(drawn.view):
            return "none"
        box, where = free_square(columns, used), "panel"
        if box is None:
            box, where = free_corner(place, occupied(axes)), "map"
        if box is None:
            return "none"
        draw_locator(sheet, box, drawn.view)
        return where


def theatre(analysis: Analysis, look: Look) -> Theatre:
    """Return the theatre map of an analysis."""
    return Theatre(analysis, look)
