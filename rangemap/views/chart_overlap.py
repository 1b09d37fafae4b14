"""How many launch sites have each area in range: shades by count, capitals with theirs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError, near_name
from rangemap.views.chart_map_layout import map_and_panel, padded
from rangemap.views.chart_overlap_counts import OF, Counted
from rangemap.views.chart_overlap_parts import Parts
from rangemap.views.chart_parts import counted as counted_of
from rangemap.views.chart_sides_views import extent_of, views_of
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_places import report
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.figure_small import bar_size, canvas_in, draw_content, scale_box
from rangemap.views.findings import noun_of
from rangemap.views.labels import Box, clean_text

__all__ = ["Overlap", "overlap"]

_LEAST_FOR_BAR: Final = 170.0
_IN_WORDS: Final = 3


@dataclass(frozen=True)
class Overlap:
    """A chart, as `Chart` says."""

    analysis: Analysis
    parts: Parts

    @property
    def _counted(self) -> Counted:
        return self.parts.counted

    @property
    def title(self) -> str:
        """The scenario's name, and what is counted."""
        name = clean_text(self.analysis.scenario.title, 200).split(": ")[0]
        what = "launch sites" if self._counted.of == "sites" else "coalitions"
        return f"{name}: how many {what} have each place in range"

    @cached_property
    def finding(self) -> str:
        """The places that most have in range."""
        table, counted = self._counted.places, self._counted
        most = int(table["n"].max()) if len(table) else 0
        noun = noun_of(self.analysis)
        if not most:
            return f"None of the {noun} lies in range of a coalition that it is not a member of."
        rows = table[table["n"] == most].sort_values("place")
        names = [clean_text(name, 28) for name in rows["place"]]
        listed, more = ", ".join(names[:_IN_WORDS]), len(names) - _IN_WORDS
        if more > 0:
            listed += f" and {counted_of(more, f'more {noun}')}"
        where = "in the banned band of" if counted.by_treaty else "in range of"
        what = "launch sites" if counted.of == "sites" else "coalitions"
        return (
            f"{listed} {'is' if len(names) == 1 else 'are'} {where} {most} of {counted.whole} "
            f"{what}, the most of all {noun}; their own side's are left out."
        )

    @cached_property
    def beside(self) -> str:
        """How many places at least one and at least two have in range, and the area of these."""
        table, units = self._counted.places, self.parts.look.units
        one, two = (int((table["n"] >= least).sum()) for least in (1, 2))
        faces = self._counted.faces
        area = units.area(float(faces.loc[faces["n"] >= 2, "area_km2"].sum())) / 1e6
        noun = noun_of(self.analysis)
        return (
            f"{one} of {len(table):,} {noun} are in range of at least one, {two} of two or more. "
            f"{area:,.0f} million {units.square} are in range of two or more."
        )

    @property
    def alt(self) -> str:
        """What the map shows and what follows from it."""
        what = self.parts.noun
        return f"Map: areas shaded by how many of {what} have them in range. {self.finding} " + (
            self.beside
        )

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the map with its legend beside or under it."""
        extent = extent_of(self._counted.bands)
        halves = map_and_panel(sheet, padded(area), self.parts.blocks, extent)
        place = halves.maps
        wide, high = place.x1 - place.x0, place.y1 - place.y0
        view = views_of([extent], wide, high)[0]
        canvas = canvas_in(sheet, place, view)
        content = self.parts.content(view)
        bar = None
        if min(wide, high) > _LEAST_FOR_BAR:
            bar = scale_box(canvas, content, bar_size([canvas]))
        shown = draw_content(canvas, content, bar)
        labels: dict[str, Any] = report(self.parts.bare(content.places), shown, content.named)
        labels["panels_dropped"] = halves.left_out
        notes = (self.parts.note, projection_note(view.projection))
        return Drawn(labels, notes)


def overlap(analysis: Analysis, look: Look, *, of: str = "sites") -> Overlap:
    """Return the map of how many have each area in range.

    Parameters
    ----------
    analysis : Analysis
    look : Look
    of : {"sites", "coalitions"}, default "sites"
        What is counted: launch sites, or coalitions.

    Raises
    ------
    ArgumentError
        If there is no such choice, or there are no two of them.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> chart = overlap(analyse("europe"), Look(), of="coalitions")
    >>> chart.title
    'Europe: how many coalitions have each place in range'
    """
    if of not in OF:
        raise ArgumentError(f"of {of!r} is not one of {', '.join(OF)}{near_name(str(of), OF)}")
    counted = Counted(analysis, "sites" if of == "sites" else "coalitions")
    if counted.whole < 2:
        what = "launch site" if of == "sites" else "coalition"
        raise ArgumentError(f"scenario {analysis.scenario.name!r} has one {what}: nothing overlaps")
    return Overlap(analysis, Parts(analysis, counted, look))
