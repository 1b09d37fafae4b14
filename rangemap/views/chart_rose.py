"""The range rose: one launch site at the centre of a map on which its ranges are true circles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError
from rangemap.views.chart_ladder_rows import Reach, site_of
from rangemap.views.chart_parts import counted
from rangemap.views.chart_rose_draw import DrawnRose, Rose, RoseContent
from rangemap.views.chart_rose_layout import Spots, spots_for
from rangemap.views.chart_rose_panel import draw_panel, panel_height
from rangemap.views.chart_rose_rings import Ring, rings_of
from rangemap.views.chart_rose_sectors import azimuths_of, sectors_of
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_inset import Inset
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.labels import Box

__all__ = ["RangeRose", "rose"]

_BEYOND: Final = 1.045  # the disk ends a little beyond the longest range
_HALF_WORLD_KM: Final = 20_003.9


@dataclass(frozen=True)
class RangeRose:
    """A chart, as `Chart` says."""

    facts: SiteFacts
    distances: bool

    @property
    def title(self) -> str:
        """What is shown, and from where."""
        return f"Ranges and directions from {self.facts.name}"

    @property
    def reach_km(self) -> float:
        """What the disk's radius shows: a little more than the longest range."""
        return min(self.facts.furthest_km * _BEYOND, _HALF_WORLD_KM)

    @cached_property
    def _rings(self) -> tuple[list[Ring], list[Reach]]:
        return rings_of(self.facts)

    @cached_property
    def finding(self) -> str:
        """How many places lie in the band or in range, where most are, and which is nearest."""
        return f"{self.facts.counts()}{self._fullest()}{self._nearest()}."

    def _fullest(self) -> str:
        """Return in which direction most of those counted lie, if there is one."""
        if self.facts.at_pole:
            return ""
        sectors = sectors_of(self.facts)
        numbers = [one.inside if one.band is None else one.band for one in sectors]
        most, total = max(numbers), sum(numbers)
        if not most or numbers.count(most) > 1:
            return ""
        name = sectors[numbers.index(most)].name
        if most == total:
            return f"; {'it lies' if most == 1 else 'all of them'} to the {name}"
        lie = f"{most} of the {total} {'lies' if most == 1 else 'lie'} to the {name}"
        return f"; {lie}, more than in any other direction"

    def _nearest(self) -> str:
        facts = self.facts
        if not facts.theirs or facts.at_pole:
            return facts.nearest()
        azimuth = azimuths_of(facts, facts.theirs[:1])[facts.theirs[0].place_id]
        return f"{facts.nearest()} at azimuth {round(azimuth) % 360}°"

    @property
    def beside(self) -> str:
        """What each range based there covers."""
        return self.facts.ranges()

    @property
    def alt(self) -> str:
        """What the rose shows and what follows from it."""
        facts = self.facts
        rings = counted(len(self._rings[0]), "rings")
        return (
            f"Azimuthal equidistant map centred on {facts.name}, out to "
            f"{facts.distance(self.reach_km)}, with {rings} and azimuths round its "
            f"rim. {self.finding} {self._by_direction()}{self.beside}"
        )

    def _by_direction(self) -> str:
        facts = self.facts
        if facts.at_pole:
            return ""
        counts = ", ".join(
            f"{one.name} {one.inside if one.band is None else one.band}"
            for one in sectors_of(facts)
        )
        what = "in the banned band" if facts.treaty else "in range"
        return f"{facts.noun.capitalize()} {what} by direction: {counts}. "

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the disk, an enlarged part where names crowd, and the numbers beside or under."""
        facts, (rings, left_out) = self.facts, self._rings
        lon, lat = facts.position
        content = RoseContent(facts, lon, lat, facts.kind, self.reach_km, rings, self.distances)
        disk, spots, inset = self._prepared(sheet, area, content)
        drawn = disk.draw(inset)
        if spots.panel is not None:
            draw_panel(sheet, spots.panel, spots.columns, facts, rings, self.reach_km)
        return Drawn(self._labels(drawn, left_out), self._notes())

    def _prepared(
        self, sheet: Sheet, area: Box, content: RoseContent
    ) -> tuple[Rose, Spots, Inset | None]:
        """Return the disk before it is drawn, where all parts stand, and what to enlarge."""

        def height(width: float, columns: int) -> float:
            return panel_height(sheet, width, columns, self.facts, content.rings, self.reach_km)

        spots = spots_for(area, height, with_inset=True)
        disk = Rose(sheet, content, spots.disk)
        inset = disk.enlarged(spots.inset) if spots.inset is not None else None
        if inset is None and spots.inset is not None:
            sheet.figure.delaxes(disk.canvas.axes)
            spots = spots_for(area, height, with_inset=False)
            disk = Rose(sheet, content, spots.disk)
        return disk, spots, inset

    def _notes(self) -> tuple[str, ...]:
        name = self.facts.name
        notes = [
            f"Distances and azimuths from {name} are true; areas and other directions are not.",
            "Azimuthal equidistant projection.",
        ]
        lon, lat = self.facts.position
        if self.facts.at_pole:
            along = "180°" if lat > 0 else "0°"
            given = f"{abs(lon):g}° {'E' if lon >= 0 else 'W'}"
            notes.append(
                f"At this pole, azimuth {along} runs along the site's given meridian, {given}."
            )
        return tuple(notes)

    def _labels(self, drawn: DrawnRose, left_out: list[Reach]) -> dict[str, Any]:
        """Return what was named, what is shown without its name, and what lies off the map."""
        steps = self.facts.steps
        return {
            "site": self.facts.name,
            "places_named": [step.name for step in steps if step.place_id in drawn.named],
            "places_without_name": [
                step.name for step in steps if step.place_id in drawn.shown - drawn.named
            ],
            "places_off_the_map": [
                step.name for step in steps if step.place_id not in drawn.shown | drawn.named
            ],
            "sites_without_name": [] if drawn.site_named else [self.facts.name],
            "rings_without_name": drawn.rings_unlabelled,
            "ranges_not_drawn": [one.label for one in left_out],
            "insets": [] if drawn.enlarged is None else [{"enlarged": drawn.enlarged}],
        }


def rose(
    analysis: Analysis, look: Look, *, site: str | None = None, distances: bool = False
) -> RangeRose:
    """Return the range rose of one launch site.

    Parameters
    ----------
    analysis : Analysis
    look : Look
    site : str, optional
        Id or name of a launch site; by default the one with most places in its ranges up to
        5,500 km.
    distances : bool, default False
        Write the distance behind each name, in the picture's unit.

    Raises
    ------
    ArgumentError
        If there is no such site, or an option is not of its kind.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> rose(analyse("europe"), Look(), site="mozdok").title
    'Ranges and directions from Mozdok'
    """
    if not isinstance(distances, bool):
        raise ArgumentError(f"distances {distances!r} must be True or False")
    return RangeRose(SiteFacts(analysis, look, site_of(analysis, site)), distances)
