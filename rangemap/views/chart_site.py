"""One launch site as charts of one site tell it: its name, capitals, ranges, counts in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from rangemap.analysis import Analysis
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue import SiteKind
from rangemap.views import style
from rangemap.views.chart_ladder_rows import Reach, Step, reaches_of, steps_of
from rangemap.views.chart_parts import counted
from rangemap.views.figure_bands import ring_name
from rangemap.views.figure_sheet import Look
from rangemap.views.labels import clean_text

__all__ = ["SiteFacts", "verdict_words"]

_IN_WORDS: Final = 3  # ranges that a sentence names
_POLE: Final = 89.999


@dataclass(frozen=True)
class SiteFacts:
    """What an analysis knows of one launch site.

    Attributes
    ----------
    analysis : Analysis
    look : Look
        For units and colours.
    site_id : str
        As `chart_ladder_rows.site_of` finds it.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> facts = SiteFacts(analyse("europe"), Look(), "mozdok")
    >>> facts.name, len(facts.reaches), facts.furthest_km
    ('Mozdok', 3, 5500.0)
    """

    analysis: Analysis
    look: Look
    site_id: str

    @cached_property
    def name(self) -> str:
        """The site's name, with a star if its place was not fully read at a source.

        A site of the user's own has no source, and no star.
        """
        name = clean_text(self._first["site"], 60)
        if self.kind == SiteKind.AD_HOC:
            return name
        return style.starred(name, str(self._first["site_evidence"]))

    @property
    def kind(self) -> str:
        """What kind of launch site it is, as `rangemap.catalogue.SiteKind` has it."""
        return str(self._first["site_kind"])

    @cached_property
    def _first(self) -> pd.Series:
        bands = self.analysis.bands
        return bands[bands["site_id"] == self.site_id].iloc[0]

    @cached_property
    def position(self) -> tuple[float, float]:
        """Longitude and latitude of its published point, degrees, EPSG:4326."""
        return float(self._first["site_lon"]), float(self._first["site_lat"])

    @property
    def at_pole(self) -> bool:
        """Whether the site is at a pole, where all directions are one."""
        return abs(self.position[1]) > _POLE

    @property
    def noun(self) -> str:
        """What the places are called."""
        return self.analysis.scenario.noun

    @cached_property
    def steps(self) -> list[Step]:
        """All places, nearest first."""
        return steps_of(self.analysis, self.site_id)

    @cached_property
    def theirs(self) -> list[Step]:
        """All places but the launching side's own, nearest first."""
        return [step for step in self.steps if not step.own]

    @cached_property
    def reaches(self) -> list[Reach]:
        """The ranges at the site: the treaty's band first."""
        return reaches_of(self.analysis, self.site_id)

    @cached_property
    def systems(self) -> list[Reach]:
        """The ranges at the site without the treaty's band, the longest first."""
        return [one for one in self.reaches if not one.treaty][::-1]

    @cached_property
    def treaty(self) -> Reach | None:
        """The treaty's band, if the scenario draws it here."""
        return next((one for one in self.reaches if one.treaty), None)

    @cached_property
    def furthest_km(self) -> float:
        """The longest range by any estimate, or the nearest place if that lies further off."""
        longest = max(max(one.max_km, one.high_km) for one in self.reaches)
        return max(longest, self.steps[0].distance_km if self.steps else 0.0)

    @cached_property
    def colors(self) -> dict[str, str]:
        """The colour of each coalition, by id."""
        return {
            c.id: self.look.theme.data(c.color, order)
            for order, c in enumerate(self.analysis.scenario.coalitions)
        }

    @cached_property
    def coalitions(self) -> dict[str, str]:
        """The names of the coalitions that launch from here, by id."""
        ids = dict.fromkeys(one.coalition for one in self.reaches)
        return {key: clean_text(self.analysis.scenario.coalition(key).name, 60) for key in ids}

    @property
    def verdict_words(self) -> dict[str, str]:
        """What each verdict means here: of the systems' ranges, or of the treaty's band."""
        noun, systems = self.noun.capitalize(), bool(self.systems)
        return verdict_words(noun, systems=systems)

    def in_band(self, step: Step) -> bool:
        """Return whether a place lies in the treaty's band; never where there is none."""
        treaty = self.treaty
        return treaty is not None and treaty.min_km <= step.distance_km <= treaty.max_km

    def distance(self, km: float) -> str:
        """Return a distance as sentences give it."""
        return self.look.units.text(round(km) if km >= 10 else round(km, 1))

    def counts(self) -> str:
        """Return how many places lie in the treaty's band, or in range, without a full stop."""
        units, treaty = self.look.units, self.treaty
        own = len(self.steps) - len(self.theirs)
        if own and not self.theirs:
            return (
                f"All {self.noun} counted here ({own:,}) are the launching side's own, which are "
                f"left out: none is left to count from {self.name}"
            )
        left_out = ", its own side's left out," if own else ""
        if treaty is None:
            inside, marginal = (
                sum(step.verdict == verdict for step in self.theirs)
                for verdict in (INSIDE, MARGINAL)
            )
            return (
                f"Of {counted(len(self.theirs), self.noun)}{left_out or ','} {inside} "
                f"{'lies' if inside == 1 else 'lie'} within the ranges based at {self.name}, "
                f"{marginal} more marginally"
            )
        near = sum(step.distance_km < treaty.min_km for step in self.theirs)
        band = sum(self.in_band(step) for step in self.theirs)
        low, high = units.fixed(treaty.min_km), units.fixed(treaty.max_km)
        return (
            f"{counted(band, self.noun)}{left_out} {'lies' if band == 1 else 'lie'} {low} to "
            f"{high} from {self.name}, the range that the INF Treaty banned, "
            f"{near or 'none'} nearer"
        )

    def nearest(self) -> str:
        """Return which place is nearest and how far, to follow `counts`; empty without one."""
        if not self.theirs:
            return ""
        first = self.theirs[0]
        return f"; the nearest is {first.name}, {self.distance(first.distance_km)} away"

    def ranges(self) -> str:
        """Return a sentence on what the longest ranges based there cover."""
        if not self.systems:
            return "No range of a system is recorded for this site."
        parts = [
            f"{ring_name(one.label, one.max_km, self.look)}: {one.inside}"
            + (f" (+{one.marginal} marginal)" if one.marginal else "")
            for one in self.systems[:_IN_WORDS]
        ]
        left = len(self.systems) - _IN_WORDS
        more = f"; and {left} more" if left > 0 else ""
        return f"{self.noun.capitalize()} in range of {'; '.join(parts)}{more}."


def verdict_words(noun: str, *, systems: bool) -> dict[str, str]:
    """Return what each verdict means in a legend.

    Parameters
    ----------
    noun : str
        What the places are called, with a capital letter.
    systems : bool
        Whether the site has ranges of systems; else the treaty's band alone counts.

    Examples
    --------
    >>> verdict_words("Capitals", systems=True)
    {'inside': 'Capitals in range', 'marginal': 'marginal', 'outside': 'out of range'}
    """
    return {
        INSIDE: f"{noun} in range" if systems else f"{noun} in the banned band",
        MARGINAL: "marginal",
        OUTSIDE: "out of range" if systems else "outside the band",
    }
