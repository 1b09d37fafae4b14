"""What a longer range adds to a shorter one from the same launch sites."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd

from rangemap.analysis.bands import range_bands
from rangemap.analysis.change_places import (
    ALREADY,
    CHANGE_CATEGORIES,
    GAINED,
    MAYBE,
    OWN,
    by_country,
    categorised,
    drawn,
    launch_sites,
)
from rangemap.analysis.change_ranges import SaidRange, said_ranges, system_of_change
from rangemap.analysis.coverage import country_population
from rangemap.analysis.scenario import Scenario, read_scenario
from rangemap.catalogue import Source, load_catalogue, places_frame, read_cities
from rangemap.geodesy import area_km2, footprint

__all__ = ["CHANGE_CATEGORIES", "RangeChange", "SaidRange", "range_change"]


@dataclass(frozen=True)
class RangeChange:
    """What one range adds to another from the same launch sites.

    Attributes
    ----------
    scenario : Scenario
        Whose launch sites and places they are.
    coalitions : tuple of str
        Ids of the coalitions that launch.
    system_id, system : str
        The system, and its name; empty if the ranges are drawn round all sites.
    shorter, longer : SaidRange
        The two ranges, each with who says it.
    sites : geopandas.GeoDataFrame
        The launch sites: ``site_id``, ``site``, coordinates, ``site_precision_km``,
        ``coalition``, ``min_km``.
    shorter_bands, longer_bands : geopandas.GeoDataFrame
        Each range round each site, EPSG:4326, in the order of ``sites``.
    table : pandas.DataFrame
        One row for each place: ``category`` ("already": in the shorter range; "gained": only in
        the longer; "marginal": hangs on the published spread or on where a site is;
        "out-of-range"; "own-side"), the nearest of the sites and ``nearest_km``.
    """

    scenario: Scenario
    coalitions: tuple[str, ...]
    system_id: str
    system: str
    shorter: SaidRange
    longer: SaidRange
    sites: geopandas.GeoDataFrame
    shorter_bands: geopandas.GeoDataFrame
    longer_bands: geopandas.GeoDataFrame
    table: pd.DataFrame

    @cached_property
    def cities(self) -> pd.DataFrame:
        """The category of each of the 34,006 listed cities; made when first asked for."""
        return categorised(self.sites, self.shorter, self.longer, self.scenario, read_cities())

    @cached_property
    def countries(self) -> pd.DataFrame:
        """One row for each country that the longer range touches; made when first asked for.

        ``iso_a3``, ``country``, ``continent``, ``own_side``, ``area_km2``, ``shorter_km2``,
        ``longer_km2``, ``gained_km2``, ``gained_share``, ``share_error``, and of the listed
        cities number and population gained and marginal.
        """
        return by_country((self.shorter_bands, self.longer_bands), self.scenario, self.cities)

    @cached_property
    def summary(self) -> dict[str, Any]:
        """Counts, lists, populations and areas, ready for JSON; made when first asked for."""
        parts = {c: self.table[self.table["category"] == c] for c in CHANGE_CATEGORIES}
        cities = {c: self.cities[self.cities["category"] == c] for c in CHANGE_CATEGORIES}
        areas = [round(area_km2(footprint(one.geometry)))
                 for one in (self.shorter_bands, self.longer_bands)]  # fmt: skip
        return {
            "headline": _headline(self, areas[1] - areas[0]),
            "scenario": self.scenario.name,
            "coalitions": list(self.coalitions),
            "system_id": self.system_id,
            "system": self.system,
            "shorter": _plain(self.shorter),
            "longer": _plain(self.longer),
            "sites": self.sites["site"].drop_duplicates().tolist(),
            "places": len(self.table),
            "counts": {c: len(part) for c, part in parts.items()},
            "lists": {c: part["place"].tolist() for c, part in parts.items()},
            "gained": [
                {
                    "place": str(row["place"]),
                    "country": str(row["country"]),
                    "nearest_site": str(row["nearest_site"]),
                    "nearest_km": round(float(row["nearest_km"]), 3),
                }
                for row in parts[GAINED].sort_values(["nearest_km", "place_id"]).to_dict("records")
            ],
            "country_population": {c: country_population(part) for c, part in parts.items()},
            "cities": {
                "listed": len(self.cities),
                "counts": {c: len(part) for c, part in cities.items()},
                "populations": {c: _people(part) for c, part in cities.items()},
            },
            "footprint_km2": {
                "shorter": areas[0],
                "longer": areas[1],
                "gained": areas[1] - areas[0],
            },
        }

    @property
    def headline(self) -> str:
        """The finding in words."""
        return str(self.summary["headline"])

    def sources(self) -> list[Source]:
        """Return the sources of both ranges, by key."""
        known = load_catalogue().sources
        keys = {*self.shorter.source_keys, *self.longer.source_keys}
        return [known[key] for key in sorted(keys) if key in known]


def range_change(
    scenario: str | Path | Scenario,
    system_id: str | None = None,
    *,
    from_km: float | None = None,
    to_km: float | None = None,
    coalition: str | None = None,
) -> RangeChange:
    """Return what one range adds to another from the same launch sites.

    Parameters
    ----------
    scenario : str, pathlib.Path or Scenario
        A scenario, or what `read_scenario` takes.
    system_id : str, optional
        A system that launches in it. By default the one whose sides give the most different
        ranges; if both ranges are given and none is disputed, all launch sites are meant.
    from_km, to_km : float, optional
        The shorter and the longer range, km. By default the lowest and the highest that
        are said of the system: by the sides of a dispute, else by published sources. A
        number that a side says stands for what that side says, with its own low and high.
    coalition : str, optional
        Only from the sites of this coalition.

    Returns
    -------
    RangeChange
        A place is gained if it is in range by the longer figure and out of range by the
        shorter one, for certain: under every low and high of these figures and from anywhere
        within the precision of the sites. What is neither in the shorter range nor gained
        and may be in the longer is marginal, and counted apart. Areas go by the drawn figures.

    Raises
    ------
    UnknownNameError
        If the scenario, the system or the coalition is not known.
    ArgumentError
        If there are no two ranges to compare, or they break a rule.

    Examples
    --------
    >>> change = range_change("ssc-8")
    >>> change.shorter.max_km, change.longer.max_km
    (480.0, 2350.0)
    >>> change.shorter.said_by
    'Russia (Ministry of Defence, 2019)'
    """
    resolved = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    bands = range_bands(resolved)
    if coalition is not None:
        resolved.coalition(coalition)
        bands = bands[bands["coalition"] == coalition]
    given = from_km is not None and to_km is not None
    chosen = system_of_change(bands, system_id, given=given)
    own = bands[bands["system_id"] == chosen] if chosen else bands
    shorter, longer = said_ranges(resolved, chosen, own, from_km, to_km)
    sites = launch_sites(own, chosen)
    return RangeChange(
        scenario=resolved,
        coalitions=tuple(dict.fromkeys(sites["coalition"])),
        system_id=chosen,
        system=str(own["system"].iloc[0]) if chosen else "",
        shorter=shorter,
        longer=longer,
        sites=sites,
        shorter_bands=drawn(sites, shorter),
        longer_bands=drawn(sites, longer),
        table=categorised(sites, shorter, longer, resolved, places_frame(resolved.places)),
    )


def _plain(said: SaidRange) -> dict[str, Any]:
    return asdict(said) | {"source_keys": list(said.source_keys)}


def _people(cities: pd.DataFrame) -> int:
    return int(cities["population"].fillna(0).sum())


def _headline(change: RangeChange, gained_km2: int) -> str:
    """Return what the longer range adds, in words with the numbers."""
    counts = {c: int((change.table["category"] == c).sum()) for c in CHANGE_CATEGORIES}
    noun = change.scenario.noun
    number = change.sites["site_id"].nunique()
    where = "the same site" if number == 1 else f"the same {number} sites"
    name = f"{change.system}: " if change.system else ""
    more = f", and {counts[MAYBE]} more marginally" if counts[MAYBE] else ""
    had = counts[ALREADY]
    own = f"; {_are(counts[OWN])} the launching side's own and left apart" if counts[OWN] else ""
    return (
        f"{name}{change.longer.words}, instead of {change.shorter.words}, would from {where} bring "
        f"{_count(counts[GAINED], noun)} into range{more}; {_are(had)} within the shorter range "
        f"already{own}. The area would grow by {_million(gained_km2)} km²."
    )


def _are(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun[:-1] if number == 1 else noun}"


def _million(area: float) -> str:
    return f"{area / 1e6:,.1f} million" if area >= 1e6 else f"{area:,.0f}"
