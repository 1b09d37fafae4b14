"""What a longer range adds to a shorter one from the same sites: both on one map, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from rangemap.analysis import Analysis, RangeChange, Scenario, range_change
from rangemap.analysis.change_ranges import has_two_ranges
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.views.chart_change_parts import Changed
from rangemap.views.chart_keys import million
from rangemap.views.chart_map_layout import draw_one, map_and_panel, padded
from rangemap.views.chart_parts import counted
from rangemap.views.chart_sides_views import extent_of
from rangemap.views.figure_base import projection_note
from rangemap.views.figure_places import report
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.labels import Box, clean_text

__all__ = ["Change", "change"]

_NEUTRAL: Final = "No position is taken on which range is right."


@dataclass(frozen=True)
class Change:
    """A chart, as `Chart` says."""

    changed: Changed

    @property
    def title(self) -> str:
        """The system, and both ranges."""
        found, units = self.changed.change, self.changed.look.units
        name = clean_text(found.system or found.scenario.title, 80)
        longer, shorter = (units.text(one.max_km) for one in (found.longer, found.shorter))
        return f"{name}: what {longer} instead of {shorter} would change"

    @cached_property
    def finding(self) -> str:
        """How many places the longer range adds, and who says which range."""
        found, counts = self.changed.change, self.changed.counts
        number = found.sites["site_id"].nunique()
        sites = "the same site" if number == 1 else f"the same {number} sites"
        more = f", {counts['marginal']} more marginally" if counts["marginal"] else ""
        shorter, longer = self.changed.said
        had = counts["already"]
        return (
            f"From {sites}, {longer} instead of {shorter} would bring "
            f"{counted(counts['gained'], self.changed.noun)} into range{more}; "
            f"{had} {'is' if had == 1 else 'are'} in range already."
        )

    @cached_property
    def beside(self) -> str:
        """What it adds of area and of the population of listed cities."""
        units, summary = self.changed.look.units, self.changed.change.summary
        area = million(units.area(summary["footprint_km2"]["gained"]))
        people = summary["cities"]["populations"]
        maybe = f" ({million(people['marginal'])} more marginally)" if people["marginal"] else ""
        return (
            f"Added: {area} million {units.square}, and listed cities with "
            f"{million(people['gained'])} million people{maybe}. {_NEUTRAL}"
        )

    @property
    def alt(self) -> str:
        """What the map shows and what follows from it."""
        gained = self.changed.change.summary["lists"]["gained"]
        names = ", ".join(clean_text(name, 28) for name in gained[:40])
        listed = f" Added: {names}." if names else ""
        return (
            f"Map: two ranges of one system from the same sites. {self.finding} {self.beside}"
            + (listed)
        )

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the map with its panel beside or under it."""
        changed = self.changed
        extent = extent_of(changed.reach)
        halves = map_and_panel(sheet, padded(area), changed.blocks, extent)
        one = draw_one(sheet, halves.maps, extent, changed.content)
        labels: dict[str, Any] = report(one.content.places, one.shown, one.content.named)
        labels["panels_dropped"] = halves.left_out
        return Drawn(labels, (projection_note(one.view.projection),))


def change(analysis: Analysis, look: Look, *, system: str | None = None) -> Change:
    """Return the map of what a disputed range changes.

    Parameters
    ----------
    analysis : Analysis
    look : Look
    system : str, optional
        Id of a system that launches here: by default the one whose sides differ most. One
        that nobody disputes is drawn by its lowest and highest published range.

    Raises
    ------
    UnknownNameError
        If no system has this id.
    ArgumentError
        If no range is disputed and no system is named, or it has but one range.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> change(analyse("ssc-8"), Look()).title
    '9M729 Novator: what 2,350 km instead of 480 km would change'
    """
    return Change(Changed(analysis, _found(analysis, system), look))


def _found(analysis: Analysis, system: str | None) -> RangeChange:
    bands = analysis.bands
    disputed = bands[bands["disputed"].astype(bool)].groupby("system_id", sort=True)["max_km"]
    gaps = disputed.max() - disputed.min()
    gaps = gaps[gaps > 0]
    if system is None:
        if gaps.empty:
            known = [one for one in sorted(set(bands["system_id"]) - {""}) if has_two_ranges(one)]
            listed = f"; a system may be named (here: {', '.join(known)})" if known else ""
            raise ArgumentError(
                f"no range in scenario {analysis.scenario.name!r} is disputed{listed}"
            )
        system = str(gaps.idxmax())
    scenario, coalition = _whose(analysis, system)
    try:
        return range_change(scenario, system, coalition=coalition)
    except UnknownNameError:
        raise
    except ArgumentError as problem:
        raise ArgumentError(str(problem).replace(": give both ranges in km", "")) from None


def _whose(analysis: Analysis, system: str) -> tuple[Scenario, str | None]:
    """Return the scenario that a system launches in, and its coalition if it is only one's."""
    rows = analysis.bands[analysis.bands["system_id"] == system]
    coalitions = list(dict.fromkeys(rows["coalition"]))
    scenario = analysis.scenario
    if analysis.comparison is not None:
        for side in (analysis.comparison.a, analysis.comparison.b):
            if coalitions and coalitions[0] in side.coalitions:
                scenario = side.scenario
                coalitions = [one for one in coalitions if one in side.coalitions]
                break
    return scenario, coalitions[0] if len(coalitions) == 1 else None
