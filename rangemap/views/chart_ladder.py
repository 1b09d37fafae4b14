"""The distance ladder: how far each capital is from one launch site, beside the ranges there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError
from rangemap.views.chart_ladder_draw import draw_ladder
from rangemap.views.chart_ladder_frame import LadderPlan
from rangemap.views.chart_ladder_rows import site_of
from rangemap.views.chart_parts import counted
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.labels import Box

__all__ = ["Ladder", "ladder"]

_BEYOND: Final = 1.02  # the ladder ends a little beyond the longest range


@dataclass(frozen=True)
class Ladder:
    """A chart, as `Chart` says."""

    facts: SiteFacts
    limit: int | None

    @property
    def title(self) -> str:
        """Which site, and from it to what."""
        return f"Distances of {self.facts.noun} from {self.facts.name}"

    @property
    def end_km(self) -> float:
        """Where the ladder ends: beyond the longest range, and at the nearest place at least."""
        return self.facts.furthest_km * _BEYOND

    @property
    def finding(self) -> str:
        """How many places lie in the band or in range, and which is nearest."""
        return f"{self.facts.counts()}{self.facts.nearest()}."

    @property
    def beside(self) -> str:
        """What each range based there covers."""
        return self.facts.ranges()

    @property
    def alt(self) -> str:
        """What the ladder shows and what follows from it."""
        facts = self.facts
        shown = sum(step.distance_km <= self.end_km for step in facts.steps)
        ranges = counted(len(facts.systems), "ranges")
        return (
            f"Ladder of distances from {facts.name}: {counted(shown, facts.noun)} within "
            f"{facts.distance(self.end_km)}, beside {ranges} of systems there"
            f"{' and the limits of the INF Treaty' if facts.treaty else ''}. "
            f"{self.finding} {self.beside}"
        )

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw it along the longer side of the area."""
        facts = self.facts
        plan = LadderPlan(
            site=facts.name,
            noun=facts.noun,
            steps=[step for step in facts.steps if step.distance_km <= self.end_km],
            reaches=facts.reaches,
            colors=facts.colors,
            coalitions=facts.coalitions,
            end_km=self.end_km,
            limit=self.limit,
        )
        found = draw_ladder(sheet, area, plan)
        beyond = len(facts.steps) - len(plan.steps)
        notes = []
        if beyond:
            lie = f"{counted(beyond, facts.noun)} {'lies' if beyond == 1 else 'lie'}"
            notes.append(f"{lie} beyond {facts.distance(self.end_km)} and are not shown.")
        if found.dropped:
            notes.append(
                f"{len(found.dropped)} of {len(plan.steps)} are marked by a tick without a name."
            )
        labels = {
            "site": facts.name,
            "named": found.named,
            "dropped": found.dropped,
            "beyond": beyond,
            "ranges_dropped": found.ranges_dropped,
        }
        return Drawn(labels, tuple(notes))


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
    return Ladder(SiteFacts(analysis, look, site_of(analysis, site)), limit)
