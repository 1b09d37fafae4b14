"""Which places, countries and listed cities a longer range adds."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.bands import CRS
from rangemap.analysis.change_ranges import SaidRange
from rangemap.analysis.overlap import bundled_areas
from rangemap.analysis.scenario import Scenario
from rangemap.analysis.uncertain import certain_and_possible
from rangemap.catalogue import read_countries
from rangemap.catalogue.continents import UNKNOWN, continents
from rangemap.geodesy import band_polygons, footprint, nearest_sites

__all__ = ["CHANGE_CATEGORIES", "CHANGE_COLUMNS", "by_country", "categorised", "launch_sites"]

ALREADY: Final = "already"
GAINED: Final = "gained"
MAYBE: Final = "marginal"
NOT_YET: Final = "out-of-range"
OWN: Final = "own-side"
CHANGE_CATEGORIES: Final = (ALREADY, GAINED, MAYBE, NOT_YET, OWN)
CHANGE_COLUMNS: Final = [
    "place_id", "place", "country", "iso_a3", "continent", "lon", "lat", "population",
    "country_population", "category", "nearest_site_id", "nearest_site", "nearest_km",
]  # fmt: skip
_SITE_COLUMNS: Final = [
    "site_id", "site", "site_lon", "site_lat", "site_precision_km", "coalition", "min_km",
]  # fmt: skip


def launch_sites(bands: pd.DataFrame, system_id: str) -> geopandas.GeoDataFrame:
    """Return the sites of some bands, once for each coalition; without a system no minimum."""
    sites = pd.DataFrame(bands[_SITE_COLUMNS]).drop_duplicates(["coalition", "site_id"])
    sites = sites.reset_index(drop=True)
    if not system_id:
        sites["min_km"] = 0.0
    points = geopandas.points_from_xy(sites["site_lon"], sites["site_lat"], crs=CRS)
    return geopandas.GeoDataFrame(sites, geometry=points, crs=CRS)


def drawn(sites: geopandas.GeoDataFrame, said: SaidRange) -> geopandas.GeoDataFrame:
    """Return one range round each site."""
    shapes = band_polygons(sites["site_lon"], sites["site_lat"], sites["min_km"], said.max_km)
    bands = pd.DataFrame(sites.drop(columns="geometry"))
    bands = bands.assign(label=said.label, said_by=said.said_by, max_km=said.max_km)
    return geopandas.GeoDataFrame(bands, geometry=shapes, crs=CRS)


def categorised(
    sites: geopandas.GeoDataFrame,
    shorter: SaidRange,
    longer: SaidRange,
    scenario: Scenario,
    places: geopandas.GeoDataFrame,
) -> pd.DataFrame:
    """Return the places with their category and the nearest site.

    A coalition's sites do not count for the places of its own members, which are kept apart
    unless another coalition launches as well and may have them in the longer range.
    """
    table = pd.DataFrame(places.drop(columns=["geometry", "note"]))
    named = continents()
    table["continent"] = [named.get(code, UNKNOWN) for code in table["iso_a3"]]
    lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
    before, perhaps_before, after, perhaps_after, own = np.zeros((5, len(table)), dtype=bool)
    for name, rows in sites.groupby("coalition", sort=False):
        mine = table["iso_a3"].isin(scenario.coalition(str(name)).members).to_numpy()
        for said, surely, possibly in ((shorter, before, perhaps_before),
                                       (longer, after, perhaps_after)):  # fmt: skip
            sure, may = certain_and_possible(_known(rows, said), lon, lat)
            surely |= sure.any(axis=0) & ~mine
            possibly |= may.any(axis=0) & ~mine
        own |= mine
    table["category"] = np.select(
        [before, after & ~perhaps_before, perhaps_after | perhaps_before, own],
        [ALREADY, GAINED, MAYBE, OWN],
        NOT_YET,
    )
    nearest = nearest_sites(sites["site_lon"], sites["site_lat"], lon, lat)
    first = sites.iloc[nearest.index[:, 0]]
    table["nearest_site_id"] = first["site_id"].to_numpy()
    table["nearest_site"] = first["site"].to_numpy()
    table["nearest_km"] = nearest.distance_km[:, 0]
    return table[CHANGE_COLUMNS]


def _known(sites: geopandas.GeoDataFrame, said: SaidRange) -> pd.DataFrame:
    """Return what is known of a range round each site, as verdicts are made of."""
    return pd.DataFrame(sites.drop(columns="geometry")).assign(
        max_low_km=said.low_km, max_km=said.max_km, max_high_km=said.high_km, assumed=False
    )


def by_country(
    bands: tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame],
    scenario: Scenario,
    cities: pd.DataFrame,
) -> pd.DataFrame:
    """Return what the longer range adds to the shorter one in each country that it touches."""
    countries = read_countries()
    named = continents()
    codes = countries["iso_a3"].fillna("").astype(str)
    first, second = (bundled_areas().shares(footprint(one.geometry)) for one in bands)
    members = [scenario.coalition(name).members for name in dict.fromkeys(bands[0]["coalition"])]
    table = pd.DataFrame(
        {
            "iso_a3": codes,
            "country": countries["name"].astype(str),
            "continent": [named.get(code, UNKNOWN) for code in codes],
            "own_side": [any(code in one for one in members) for code in codes],
            "area_km2": second.area_km2,
            "shorter_km2": first.covered_km2,
            "longer_km2": second.covered_km2,
            "gained_km2": np.maximum(second.covered_km2 - first.covered_km2, 0.0),
        }
    )
    table["gained_share"] = table["gained_km2"] / table["area_km2"]
    table["share_error"] = np.minimum(first.share_error + second.share_error, 1.0)
    people = cities["population"].fillna(0).astype("int64")
    for category in (GAINED, MAYBE):
        rows = cities["category"] == category
        counts: Any = people[rows].groupby(cities["iso_a3"])
        for column, values in ((f"cities_{category}", counts.size()),
                               (f"city_population_{category}", counts.sum())):  # fmt: skip
            table[column] = codes.map(values).fillna(0).astype("int64")
    return table[table["longer_km2"] > 0].reset_index(drop=True)
