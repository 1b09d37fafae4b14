"""How many launch sites have each area in range: shades by count, capitals with theirs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError, near_name
from rangemap.views.chart_keys import million
from rangemap.views.chart_map_layout import draw_one, map_and_panel, padded
from rangemap.views.chart_overlap_counts import OF, Counted
from rangemap.views.chart_overlap_parts import Parts
from rangemap.views.chart_parts import counted as counted_of
from rangemap.views.chart_sides_views import extent_of
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_places import report
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.findings import noun_of
from rangemap.views.labels import Box, clean_text
from rangemap.views.names import listed

__all__ = ["Overlap", "overlap"]

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
        return f"{name}: how many {what} have each place {self._where}"

    @property
    def _where(self) -> str:
        return self.parts.where

    @cached_property
    def finding(self) -> str:
        """The places that most have in range."""
        table, counted = self._counted.places, self._counted
        most = int(table["n"].max()) if len(table) else 0
        noun = noun_of(self.analysis)
        if not most:
            return (
                f"None of the {noun} lies {self._where} of a coalition that it is not a member of."
            )
        rows = table[table["n"] == most].sort_values("place")
        names = [clean_text(name, 28) for name in rows["place"]]
        more = len(names) - _IN_WORDS
        parts = names[:_IN_WORDS] + ([counted_of(more, f"more {noun}")] if more > 0 else [])
        what = "launch sites" if counted.of == "sites" else "coalitions"
        return (
            f"{listed(parts)} {'is' if len(names) == 1 else 'are'} {self._where} of {most} of "
            f"{counted.whole} {what}, the most of all {noun}; their own side's are left out."
        )

    @cached_property
    def beside(self) -> str:
        """How many places at least one and at least two have in range, and the area of these."""
        table, units = self._counted.places, self.parts.look.units
        one, two = (int((table["n"] >= least).sum()) for least in (1, 2))
        faces = self._counted.faces
        area = units.area(float(faces.loc[faces["n"] >= 2, "area_km2"].sum()))
        whole = counted_of(len(table), noun_of(self.analysis))
        return (
            f"{one} of {whole} {'is' if one == 1 else 'are'} {self._where} of at least one, {two} "
            f"of two or more. {million(area)} million {units.square} are {self._where} of two or "
            "more."
        )

    @property
    def alt(self) -> str:
        """What the map shows and what follows from it."""
        what = self.parts.noun
        return (
            f"Map: areas shaded by how many of {what} have them {self._where}. "
            f"{self.finding} {self.beside}"
        )

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the map with its legend beside or under it."""
        extent = extent_of(self._counted.bands)
        halves = map_and_panel(sheet, padded(area), self.parts.blocks, extent)
        one = draw_one(sheet, halves.maps, extent, self.parts.content)
        bare = self.parts.bare(one.content.places)
        labels: dict[str, Any] = report(bare, one.shown, one.content.named)
        labels["panels_dropped"] = halves.left_out
        notes = (self.parts.note, projection_note(one.view.projection))
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
    'Europe: how many coalitions have each place in the banned band'
    """
    if of not in OF:
        raise ArgumentError(f"of {of!r} is not one of {', '.join(OF)}{near_name(str(of), OF)}")
    counted = Counted(analysis, "sites" if of == "sites" else "coalitions")
    if counted.whole < 2:
        what = "launch site" if of == "sites" else "coalition"
        raise ArgumentError(f"scenario {analysis.scenario.name!r} has one {what}: nothing overlaps")
    return Overlap(analysis, Parts(analysis, counted, look))
