"""The drawing of a range rose: ground, circles with their names, rim, places, an enlarged part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely

from rangemap.views.chart_rose_inset import best_inset
from rangemap.views.chart_rose_labels import label_rings
from rangemap.views.chart_rose_places import places_of, site_marks
from rangemap.views.chart_rose_plane import RoseView, circle, rose_view
from rangemap.views.chart_rose_rim import (
    RIM_PT,
    draw_grid,
    draw_rim,
    outside,
    rim_labels,
    scale_numbers,
)
from rangemap.views.chart_rose_rings import Ring, draw_edges, draw_fill, draw_rings, edges_of
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_base import (
    LAYER_BOXES,
    LAYER_LAND,
    LAYER_LINES,
    LAYER_TEXT,
    fill,
    ground,
    strokes,
)
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import NOTE_SIZE, Inset, inset_note, note_box
from rangemap.views.figure_map import frame_axes
from rangemap.views.figure_sheet import Sheet
from rangemap.views.figure_symbols import (
    Places,
    Sites,
    Symbols,
    draw_symbols,
    label_boxes,
    symbols_of,
    visible,
    write_labels,
)
from rangemap.views.fonts import FAMILY
from rangemap.views.label_choices import with_leaders
from rangemap.views.labels import Box, Floats, Label
from rangemap.views.projection import MapView

__all__ = ["DrawnRose", "Rose", "RoseContent"]

_INSET_SYMBOLS: Final = 1.12
_OVER_RIM: Final = 9.0  # points that the name of a circle may stand beyond the rim
_OWN_WORTH: Final = 0.5  # of the launching side's own capitals, and of places out of range


@dataclass(frozen=True)
class DrawnRose:
    """What was drawn: for the panel, the notes and the manifest."""

    named: set[str]
    shown: set[str]
    site_named: bool
    rings_unlabelled: list[str]
    enlarged: float | None


@dataclass(frozen=True)
class RoseContent:
    """What a rose shows, on its disk and in its enlarged part alike."""

    facts: SiteFacts
    lon: float
    lat: float
    kind: str
    reach_km: float
    rings: Sequence[Ring]
    distances: bool


@dataclass
class Rose:
    """A rose in a square or a rectangle of the sheet, drawn in two steps.

    First it is prepared, which tells whether a part of it should be enlarged; then drawn, with
    that part in a rectangle of its own.
    """

    sheet: Sheet
    content: RoseContent
    area: Box

    def __post_init__(self) -> None:
        """Find where everything stands."""
        wide, high = self.area.x1 - self.area.x0, self.area.y1 - self.area.y0
        radius = max(min(wide, high) / 2 - RIM_PT, 10.0)
        self.centre = (wide / 2, high / 2, radius)
        content, look = self.content, self.sheet.look
        self.view: RoseView = rose_view(
            content.lon, content.lat, content.reach_km, wide, high, self.centre
        )
        self.canvas = Canvas(self.sheet.axes_at(self.area), self.view, wide, high, look)
        self.outside = outside(self.canvas, self.view)
        self.canvas.taken = list(self.outside)
        self.sites: Sites = site_marks(content.facts, content.kind)
        self.places: Places = places_of(
            content.facts, self.view.projection, content.reach_km, distances=content.distances
        )
        self.lines = self._lines(self.canvas)

    def _lines(self, canvas: Canvas) -> Floats:
        """Return points along circles that names had better not cross."""
        return canvas.line_points(
            [shapely.LineString(circle(ring.radius_km)) for ring in self.content.rings]
        )

    def enlarged(self, place: Box) -> Inset | None:
        """Return the part that should be drawn larger in a place on the page; None if none."""
        symbols = symbols_of(self.canvas, self.sites, self.places, hidden=())
        wanted, found = self._boxes(self.canvas, symbols, self.lines)
        lost = np.array([(x.x, x.y) for x in wanted if x.key not in found]).reshape(-1, 2)
        return best_inset(place, lost, self.centre, self._worth)

    def _boxes(
        self, canvas: Canvas, symbols: Symbols, lines: Floats, inset: Inset | None = None
    ) -> tuple[list[Label], dict[str, Box]]:
        skip = [(inset.window, inset.zoom)] if inset else []
        return label_boxes(
            canvas, self.sites, self.places, symbols, lines=lines, hidden=(), skip=skip
        )

    def _worth(self, inset: Inset) -> float:
        """Return what the names are worth that are written with an inset."""
        part = self._part(inset)
        inside = self._boxes(part, symbols_of(part, self.sites, self.places, hidden=()),
                             np.empty((0, 2)))[1]  # fmt: skip
        symbols = symbols_of(self.canvas, self.sites, self.places, hidden=())
        named = {*inside, *self._boxes(self.canvas, symbols, self.lines, inset)[1]}
        ranks = zip(self.places.keys, self.places.marks, strict=True)
        return sum(
            _OWN_WORTH if mark.rank >= 2 else 1.0 for key, mark in ranks if f"place-{key}" in named
        )

    def _part(self, inset: Inset) -> Canvas:
        x0, y0 = self.canvas.to_plane(inset.window.x0, inset.window.y0)
        x1, y1 = self.canvas.to_plane(inset.window.x1, inset.window.y1)
        wide, high = inset.corner.x1 - inset.corner.x0, inset.corner.y1 - inset.corner.y0
        view = replace(self.view, x_min=x0, x_max=x1, y_min=y0, y_max=y1)
        return replace(
            self.canvas, view=view, width=wide, height=high, taken=[note_box(inset.zoom)]
        )

    def draw(self, inset: Inset | None) -> DrawnRose:
        """Draw the disk, and the enlarged part in its place."""
        canvas, content, places = self.canvas, self.content, self.places
        canvas.axes.set_xlim(self.view.x_min, self.view.x_max)
        canvas.axes.set_ylim(self.view.y_min, self.view.y_max)
        canvas.axes.set_axis_off()
        self._ground(canvas)
        draw_rim(canvas, content.reach_km, at_pole=content.facts.at_pole)
        enlarged, elsewhere = self._draw_part(inset) if inset else (set(), set())
        unlabelled = self._write_scales(inset, elsewhere)
        symbols = draw_symbols(canvas, self.sites, places, hidden=())
        wanted, found = self._boxes(canvas, symbols, self._all_lines(canvas), inset)
        write_labels(canvas, self.sites, places, wanted, found)
        named = set(found) | enlarged
        shown = visible(canvas, places.xy, ())
        return DrawnRose(
            {key for key in places.keys if f"place-{key}" in named},
            {key for key, seen in zip(places.keys, shown, strict=True) if seen},
            "site-0" in named, unlabelled, inset.zoom if inset else None,
        )  # fmt: skip

    def _write_scales(self, inset: Inset | None, elsewhere: set[str]) -> list[str]:
        """Write names of circles and distances; return the names that found no room."""
        canvas, content = self.canvas, self.content
        free = self._free_names(inset)
        points, _ = symbols_of(canvas, self.sites, self.places, hidden=())
        # A name on the outermost circle may stand on the rim, those of places may not.
        beyond = outside(canvas, self.view, beyond=_OVER_RIM)
        at_pole = content.facts.at_pole
        beyond += [box for _, _, box in rim_labels(canvas, content.reach_km, at_pole=at_pole)]
        canvas.taken = [*beyond, *([inset.window] if inset else [])]
        unlabelled = label_rings(
            canvas, content.rings, points, self.lines, free, elsewhere=elsewhere
        )
        labels = canvas.taken[len(beyond) + bool(inset) :]
        canvas.taken = [*self.outside, *labels]
        scale_numbers(canvas, content.reach_km, points, free)
        return unlabelled

    def _all_lines(self, canvas: Canvas) -> Floats:
        """Return points along circles and the dotted edges of estimates."""
        edges = [
            shapely.LineString(circle(edge))
            for ring in self.content.rings
            if not ring.treaty
            for edge in edges_of(ring.reach, self.content.reach_km)
        ]
        return np.concatenate([self._lines(canvas), canvas.line_points(edges)])

    def _ground(self, canvas: Canvas) -> None:
        """Draw sea, land, borders, the scale's lines, the fill and the circles."""
        theme, axes, view = canvas.look.theme, canvas.axes, canvas.view
        lands, lakes, coasts, borders, disputed = ground(view)
        sea = view.box.intersection(view.projection.world)
        fill(axes, sea, theme.sea, zorder=0.1, edge=theme.sea)
        fill(axes, lands, theme.land, zorder=LAYER_LAND, edge=theme.land)
        fill(axes, lakes, theme.sea, zorder=LAYER_LAND + 0.1)
        strokes(axes, borders, theme.border, 0.4, zorder=LAYER_LINES)
        strokes(axes, disputed, theme.border, 0.5, zorder=LAYER_LINES, dashes=(0, (3, 2)))
        strokes(axes, coasts, theme.coast, 0.4, zorder=LAYER_LINES)
        draw_grid(canvas, self.content.reach_km)
        draw_fill(axes, self.content.facts)
        draw_edges(axes, self.content.rings, self.content.reach_km)
        draw_rings(axes, self.content.rings)

    def _free_names(self, inset: Inset | None) -> list[Box]:
        """Return where names and the lines to their points would stand, were no ring labelled."""
        symbols = symbols_of(self.canvas, self.sites, self.places, hidden=())
        wanted, found = self._boxes(self.canvas, symbols, self.lines, inset)
        return with_leaders(wanted, found)

    def _draw_part(self, inset: Inset) -> tuple[set[str], set[str]]:
        """Draw the enlarged part, and its frame on the disk; return names and circles' names."""
        theme = self.sheet.look.theme
        part = self._part(inset)
        frame = part.view.box.boundary
        strokes(self.canvas.axes, frame, theme.ink, 0.8, zorder=LAYER_TEXT - 1)
        part.axes = self.sheet.axes_at(inset.corner)
        frame_axes(part.axes, part.view, self.sheet.look)
        part.axes.set_facecolor(theme.paper)
        for spine in part.axes.spines.values():
            spine.set_edgecolor(theme.ink)
        self._ground(part)
        rim = shapely.LineString(circle(self.content.reach_km))
        strokes(part.axes, rim, theme.muted, 0.9, zorder=LAYER_LINES + 1)
        note = note_box(inset.zoom)
        points, radii = symbols_of(part, self.sites, self.places, hidden=[note])
        inside = [ring for ring in self.content.rings if self._crosses(ring, part.view)]
        free = self._boxes(part, (points, radii), self._lines(part))[1]
        lost = label_rings(part, inside, points, self._lines(part), list(free.values()))
        symbols = draw_symbols(part, self.sites, self.places, hidden=[note], factor=_INSET_SYMBOLS)
        wanted, found = label_boxes(
            part, self.sites, self.places, symbols, lines=self._all_lines(part), hidden=[note]
        )
        write_labels(part, self.sites, self.places, wanted, found)
        part.paper(note, alpha=0.85)
        x, y = part.to_plane(7, 7.4)
        part.axes.text(
            x, y, inset_note(inset.zoom), fontsize=NOTE_SIZE, family=FAMILY, color=theme.muted,
            zorder=LAYER_BOXES + 1, parse_math=False,
        )  # fmt: skip
        return set(found), {ring.label for ring in inside} - set(lost)

    def _crosses(self, ring: Ring, view: MapView) -> bool:
        """Return whether enough of a circle runs through a view to be named there."""
        line = shapely.LineString(circle(ring.radius_km)).intersection(view.box)
        return bool(line.length > 0.3 * view.width_km or line.length > 0.9 * ring.radius_km)
