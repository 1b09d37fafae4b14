"""What the bars show, from the tables: capitals, listed cities, countries, areas by coalition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas
import pandas as pd

from rangemap.analysis import Analysis, country_table
from rangemap.analysis.people import people_of
from rangemap.catalogue import read_capitals, read_countries
from rangemap.geodesy import area_km2, footprint
from rangemap.views.basis import leading, treaty_leads, verdicts
from rangemap.views.labels import clean_text

__all__ = ["Country", "Covered"]


@dataclass(frozen=True)
class Country:
    """One country, with the share of its area in range of each coalition, by id, 0 to 1.

    A share is None where the country is a member of the coalition.
    """

    iso_a3: str
    name: str
    population: float
    shares: dict[str, float | None]


@dataclass(frozen=True)
class Covered:
    """The tables of one analysis that bars are drawn from.

    With treaty bands of all coalitions they are about these, else about other ranges together.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> covered = Covered(analyse("europe"))
    >>> covered.treaty, covered.coalitions, covered.areas["nato-us"] // 1e6
    (True, ['nato-us', 'russia-belarus'], 106.0)
    """

    analysis: Analysis

    @property
    def treaty(self) -> bool:
        """Whether the treaty's bands count: if each coalition has them."""
        return treaty_leads(self.analysis.bands)

    @cached_property
    def bands(self) -> geopandas.GeoDataFrame:
        """The treaty's bands; or all other ranges as one kind, if these count."""
        bands = leading(self.analysis.bands)
        return bands if self.treaty else bands.assign(band_kind="system")

    @cached_property
    def verdicts(self) -> dict[str, dict[str, int]]:
        """How many places each coalition has under each verdict."""
        return verdicts(self.analysis)

    @property
    def coalitions(self) -> list[str]:
        """Ids of the coalitions that have such bands, in the order of the scenario."""
        there = set(self.bands["coalition"])
        return [c.id for c in self.analysis.scenario.coalitions if c.id in there]

    @cached_property
    def countries(self) -> pd.DataFrame:
        """As `country_table` makes it."""
        if not self.treaty:
            return country_table(self.bands)
        table = self.analysis.countries
        return table[table["band_kind"] == "treaty"].reset_index(drop=True)

    @cached_property
    def people(self) -> dict[str, dict[str, Any]]:
        """Rows of `people_table` by coalition."""
        rows = people_of(self.countries).to_dict("records")
        return {str(row["coalition"]): {str(k): v for k, v in row.items()} for row in rows}

    @cached_property
    def areas(self) -> dict[str, float]:
        """Area within some band of each coalition, in km², land and sea."""
        grouped = self.bands.groupby("coalition", sort=False)
        return {str(key): float(area_km2(footprint(rows.geometry))) for key, rows in grouped}

    def largest(self, most: int) -> list[Country]:
        """Return the most populous countries that some coalition covers at least in part.

        They go by the difference between the first two coalitions if these are all, else by
        the largest share; a coalition's members follow after the others.

        Examples
        --------
        >>> from rangemap.analysis import analyse
        >>> [country.name for country in Covered(analyse("europe")).largest(3)]
        ['India', 'China', 'United States']
        """
        countries = read_countries()
        people = dict(zip(countries["iso_a3"].fillna(""), countries["pop_est"], strict=True))
        capitals = read_capitals()
        usual = dict(zip(capitals["iso_a3"], capitals["country"], strict=True))
        names: dict[str, str] = {}
        by_country: dict[str, dict[str, float | None]] = {}
        columns = ("iso_a3", "country", "coalition", "own_side", "share")
        for iso, country, coalition, own, share in zip(
            *(self.countries[name].tolist() for name in columns), strict=True
        ):
            if iso and iso in people:
                names.setdefault(iso, country)
                by_country.setdefault(iso, {})[coalition] = None if own else share
        found = [
            Country(iso, _shorter(names[iso], usual.get(iso)), float(people[iso] or 0), shares)
            for iso, shares in by_country.items()
            if any(shares.values())
        ]
        found = sorted(found, key=lambda one: (-one.population, one.iso_a3))[:most]
        return sorted(found, key=self._order)

    def _order(self, one: Country) -> tuple[bool, float, float, str]:
        values = [one.shares.get(key) or 0.0 for key in self.coalitions]
        lead = values[0] - values[1] if len(values) == 2 else max(values)
        member = None in one.shares.values()
        return member, -round(lead, 4), -one.population, one.iso_a3


def _shorter(name: str, other: str | None) -> str:
    """Return the shorter of two names of a country."""
    return clean_text(min((name, other or name), key=len), 60)
