"""The distance ladder: how far each capital is from one launch site, beside the ranges there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rangemap.analysis import Analysis
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.errors import ArgumentError
from rangemap.views import style
from rangemap.views.chart_ladder_draw import draw_ladder
from rangemap.views.chart_ladder_frame import LadderPlan
from rangemap.views.chart_ladder_rows import Reach, Step, reaches_of, site_of, steps_of
from rangemap.views.chart_parts import counted
from rangemap.views.figure_bands import ring_name
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.labels import Box, clean_text

__all__ = ["Ladder", "ladder"]

_BEYOND: Final = 1.02  # the ladder ends a little beyond the longest range
_IN_WORDS: Final = 3  # ranges that the second line names


@dataclass(frozen=True)
class Ladder:
    """A chart, as `Chart` says."""

    analysis: Analysis
    look: Look
    site_id: str
    limit: int | None

    @property
    def title(self) -> str:
        """Which site, and from it to what."""
        return f"Distances of {self._noun} from {self.site}"

    @cached_property
    def site(self) -> str:
        """The site's name, with a star if its place was not fully read at a source."""
        bands = self.analysis.bands
        first = bands[bands["site_id"] == self.site_id].iloc[0]
        return style.starred(clean_text(first["site"], 60), str(first["site_evidence"]))

    @cached_property
    def steps(self) -> list[Step]:
        """All places, nearest first."""
        return steps_of(self.analysis, self.site_id)

    @cached_property
    def reaches(self) -> list[Reach]:
        """The ranges at the site."""
        return reaches_of(self.analysis, self.site_id)

    @property
    def _noun(self) -> str:
        return self.analysis.scenario.noun

    @cached_property
    def end_km(self) -> float:
        """Where the ladder ends: beyond the longest range, and at the nearest place at least."""
        longest = max(max(one.max_km, one.high_km) for one in self.reaches)
        nearest = self.steps[0].distance_km if self.steps else 0.0
        return max(longest, nearest) * _BEYOND

    @cached_property
    def _treaty(self) -> Reach | None:
        return next((one for one in self.reaches if one.treaty), None)

    @cached_property
    def _theirs(self) -> list[Step]:
        return [step for step in self.steps if not step.own]

    @property
    def finding(self) -> str:
        """How many places lie in the band or in range, and which is nearest."""
        return f"{self._counts()}{self._nearest()}."

    def _counts(self) -> str:
        units, treaty = self.look.units, self._treaty
        own = len(self.steps) - len(self._theirs)
        left_out = ", its own side's left out," if own else ""
        if treaty is None:
            inside, marginal = (
                sum(step.verdict == verdict for step in self._theirs)
                for verdict in (INSIDE, MARGINAL)
            )
            return (
                f"Of {counted(len(self._theirs), self._noun)}{left_out or ','} {inside} "
                f"{'lies' if inside == 1 else 'lie'} within the ranges based at {self.site}, "
                f"{marginal} more marginally"
            )
        near = sum(step.distance_km < treaty.min_km for step in self._theirs)
        band = sum(treaty.min_km <= step.distance_km <= treaty.max_km for step in self._theirs)
        low, high = units.fixed(treaty.min_km), units.fixed(treaty.max_km)
        return (
            f"{counted(band, self._noun)}{left_out} {'lies' if band == 1 else 'lie'} {low} to "
            f"{high} from {self.site}, the range that the INF Treaty banned, "
            f"{near or 'none'} nearer"
        )

    def _nearest(self) -> str:
        if not self._theirs:
            return ""
        first = self._theirs[0]
        return f"; the nearest is {first.name}, {self._distance(first.distance_km)} away"

    def _distance(self, km: float) -> str:
        return self.look.units.text(round(km) if km >= 10 else round(km, 1))

    @property
    def beside(self) -> str:
        """What each range based there covers."""
        systems = [one for one in self.reaches if not one.treaty][::-1]
        if not systems:
            return "No range of a system is recorded for this site."
        parts = [
            f"{ring_name(one.label, one.max_km, self.look)}: {one.inside}"
            + (f" (+{one.marginal} marginal)" if one.marginal else "")
            for one in systems[:_IN_WORDS]
        ]
        more = f"; and {len(systems) - _IN_WORDS} more" if len(systems) > _IN_WORDS else ""
        return f"{self._noun.capitalize()} in range of {'; '.join(parts)}{more}."

    @property
    def alt(self) -> str:
        """What the ladder shows and what follows from it."""
        shown = sum(step.distance_km <= self.end_km for step in self.steps)
        ranges = counted(sum(not one.treaty for one in self.reaches), "ranges")
        return (
            f"Ladder of distances from {self.site}: {counted(shown, self._noun)} within "
            f"{self._distance(self.end_km)}, beside {ranges} of systems there"
            f"{' and the limits of the INF Treaty' if self._treaty else ''}. "
            f"{self.finding} {self.beside}"
        )

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw it along the longer side of the area."""
        plan = LadderPlan(
            site=self.site,
            noun=self._noun,
            steps=[step for step in self.steps if step.distance_km <= self.end_km],
            reaches=self.reaches,
            colors=self._colors(),
            coalitions=self._coalitions(),
            end_km=self.end_km,
            limit=self.limit,
        )
        found = draw_ladder(sheet, area, plan)
        beyond = len(self.steps) - len(plan.steps)
        notes = []
        if beyond:
            lie = f"{counted(beyond, self._noun)} {'lies' if beyond == 1 else 'lie'}"
            notes.append(f"{lie} beyond {self._distance(self.end_km)} and are not shown.")
        if found.dropped:
            notes.append(
                f"{len(found.dropped)} of {len(plan.steps)} are marked by a tick without a name."
            )
        labels = {
            "site": self.site,
            "named": found.named,
            "dropped": found.dropped,
            "beyond": beyond,
            "ranges_dropped": found.ranges_dropped,
        }
        return Drawn(labels, tuple(notes))

    def _colors(self) -> dict[str, str]:
        return {
            c.id: self.look.theme.data(c.color, order)
            for order, c in enumerate(self.analysis.scenario.coalitions)
        }

    def _coalitions(self) -> dict[str, str]:
        ids = dict.fromkeys(one.coalition for one in self.reaches)
        return {key: clean_text(self.analysis.scenario.coalition(key).name, 60) for key in ids}


def ladder(
    analysis: Analysis, look: Look, *, site: str | None = None, limit: int | None = None
) -> Ladder:
    """Return the distance ladder of one launch site.

    Parameters
    ----------
    analysis : Analysis
    look : Look
    site : str, optional
        Id or name of a launch site; by default the one with most places in its ranges up to
        5,500 km.
    limit : int, optional
        How many places to name at most; by default as many as have room.

    Raises
    ------
    ArgumentError
        If there is no such site, or the limit is no whole number from 0 up.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> ladder(analyse("europe"), Look(), site="mozdok").finding.split(",")[0]
    '96 capitals'
    """
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
        raise ArgumentError(f"limit {limit!r} must be a whole number from 0 up")
    return Ladder(analysis, look, site_of(analysis, site), limit)
