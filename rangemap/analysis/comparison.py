"""Two coverages side by side: which capitals one side has in range, or both, or none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd

from rangemap.analysis.comparison_countries import compared_cities, compared_countries
from rangemap.analysis.comparison_reach import categorised
from rangemap.analysis.comparison_sides import (
    A_ONLY,
    B_ONLY,
    BASES,
    BOTH,
    BY_SYSTEMS,
    BY_TREATY,
    CATEGORIES,
    NEITHER,
    OWN,
    Basis,
    ComparedSide,
    inline_name,
    merged_places,
    read_sides,
    usable_basis,
)
from rangemap.analysis.comparison_summary import cities_summary, continents_summary, summarised
from rangemap.analysis.scenario import Scenario, Side
from rangemap.catalogue import places_frame
from rangemap.errors import ArgumentError

__all__ = [
    "A_ONLY",
    "BASES",
    "BOTH",
    "BY_SYSTEMS",
    "BY_TREATY",
    "B_ONLY",
    "CATEGORIES",
    "NEITHER",
    "OWN",
    "Basis",
    "ComparedSide",
    "Comparison",
    "compare",
    "compare_in_scenario",
    "compare_sides",
    "inline_name",
]  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Two coverages side by side.

    Attributes
    ----------
    a, b : ComparedSide
        What is compared.
    table : pandas.DataFrame
        One row for each place: ``a_reaches``, ``b_reaches``, ``a_own``, ``b_own``,
        ``category`` ("a-only", "b-only", "both", "neither", "own-side"), the nearest site
        of each side and its distance in km, ``marginal`` (the category could be another),
        ``country_population``, ``continent``, ``a_verdict`` and ``b_verdict`` ("inside",
        "marginal", "outside", "own").
    summary : dict
        Counts, lists, populations, footprints and distances, ready for JSON.
    by : {"treaty", "systems"}
        What puts a place in range: the band that the treaty banned, or the systems' own ranges.
    """

    a: ComparedSide
    b: ComparedSide
    table: pd.DataFrame
    summary: dict[str, Any]
    by: Basis = BY_TREATY

    @cached_property
    def countries(self) -> pd.DataFrame:
        """One row for each country: its capital's category, shares of its area, its cities.

        Made when first asked for. Columns: ``iso_a3``, ``country``, ``continent``, ``a_own``
        and ``b_own`` (member of a coalition of the side), ``capital``, ``category``,
        ``marginal``, ``area_km2``, ``a_km2`` and ``b_km2`` (covered by the side's coalitions
        that the country is no member of), the area by category, shares of the area and
        how far they may be off, ``cities``, ``city_population`` and the latter by category.
        """
        return compared_countries(self.a, self.b, self.by, self.table, self.cities)

    @cached_property
    def cities(self) -> pd.DataFrame:
        """The category of each of the 34,006 listed cities, by the rules of ``table``.

        Made when first asked for.
        """
        return compared_cities(self.a, self.b, self.by)

    def record(self) -> dict[str, Any]:
        """Return the summary, and with it areas by continent and listed cities, for JSON."""
        return {
            **self.summary,
            "continents": continents_summary(self.table, self.countries),
            "cities": cities_summary(self.cities),
        }


def compare(
    a: str | Path | Scenario, b: str | Path | Scenario, by: Basis | None = None
) -> Comparison:
    """Compare what two sides have in range.

    Parameters
    ----------
    a, b : str, pathlib.Path or Scenario
        A scenario (or its name or path), or ``"scenario:coalition"``. A scenario alone
        stands for all its coalitions together. ``"scenario@1987"`` and
        ``"scenario@1987:coalition"`` are the scenario as of a year.
    by : {"treaty", "systems"}, optional
        "treaty": a place is in range if a site has it in the band that the treaty banned.
        "systems": if it is inside the ranges of systems, or of the scenario, by every published
        figure; what hangs on a figure, on where a site is, on who says it, or on an
        allegation, is marginal. By default the treaty, if both sides have its band.

    Returns
    -------
    Comparison
        Its ``table`` has one row for each place, its ``summary`` the counts. A place is
        *reached* by a side if at least one launch site of a coalition that it does not
        itself belong to has it in range; the capitals of a side's own members are kept
        apart as "own-side", unless the side holds another coalition that reaches them.

    Raises
    ------
    UnknownNameError
        If a scenario or coalition is not known.
    ArgumentError
        If a side has no band of that kind, or both sides are the same.

    Examples
    --------
    >>> both = compare("europe", "asia-pacific:china")
    >>> both.summary["counts"]["both"] > 0
    True
    >>> compare("euromissiles-1987", "europe").by
    'systems'
    """
    return compare_sides(*read_sides(a, b), by)


def compare_in_scenario(
    scenario: Scenario, bands: geopandas.GeoDataFrame, sides: tuple[Side, Side]
) -> Comparison:
    """Compare two sides that one scenario names, by the treaty."""
    a, b = (
        ComparedSide(
            side.name,
            scenario,
            side.coalitions,
            bands[bands["coalition"].isin(side.coalitions)].reset_index(drop=True),
        )
        for side in sides
    )
    return compare_sides(a, b, BY_TREATY)


def compare_sides(a: ComparedSide, b: ComparedSide, by: Basis | None = None) -> Comparison:
    """Compare two sides whose bands are drawn already."""
    if a.scenario.hash == b.scenario.hash and set(a.coalitions) == set(b.coalitions):
        raise ArgumentError(f"both sides are the same: {a.name}")
    basis = usable_basis(a, b, by)
    places = places_frame(merged_places(a.scenario, b.scenario))
    table = categorised(a, b, basis, places)
    return Comparison(a, b, table, summarised(a, b, basis, table), basis)
