"""A comparison by country and by listed city: what each side covers of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from rangemap.analysis.comparison_reach import categorised
from rangemap.analysis.comparison_sides import CATEGORIES, Basis, ComparedSide
from rangemap.analysis.overlap import bundled_areas
from rangemap.catalogue import read_cities, read_countries
from rangemap.catalogue.continents import UNKNOWN, continents
from rangemap.geodesy import footprint, intersection

__all__ = ["COUNTRY_COLUMNS", "compared_cities", "compared_countries"]

_PEOPLE: Final = {name: f"city_population_{name.replace('-', '_')}" for name in CATEGORIES}
COUNTRY_COLUMNS: Final = [
    "iso_a3", "country", "continent", "a_own", "b_own", "capital", "category", "marginal",
    "area_km2", "a_km2", "b_km2", "a_only_km2", "b_only_km2", "both_km2", "neither_km2",
    "own_side_km2", "a_only_share", "b_only_share", "both_share", "share_error", "cities",
    "city_population", *_PEOPLE.values(), "city_population_marginal",
]  # fmt: skip


def compared_cities(a: ComparedSide, b: ComparedSide, by: Basis) -> pd.DataFrame:
    """Return the category of every listed city, by the rules of the comparison's table."""
    first, second = (replace(side, bands=side.of_basis(by)) for side in (a, b))
    table = categorised(first, second, by, read_cities())
    names = ["place_id", "place", "country", "iso_a3", "lon", "lat", "population", "continent",
             "a_verdict", "b_verdict", "category", "marginal"]  # fmt: skip
    return table[names]


def compared_countries(
    a: ComparedSide, b: ComparedSide, by: Basis, table: pd.DataFrame, cities: pd.DataFrame
) -> pd.DataFrame:
    """Return one row for each country of the bundled world, at 1:50 million.

    Areas go by the rules of places: the bands of a coalition do not count in the countries of
    its own members, and what no other coalition of their side covers of them is own-side.
    """
    countries = read_countries()
    named = continents()
    found = pd.DataFrame(
        {
            "iso_a3": countries["iso_a3"].fillna("").astype(str),
            "country": countries["name"].astype(str),
        }
    )
    found["continent"] = [named.get(code, UNKNOWN) for code in found["iso_a3"]]
    found = found.join(_areas(a, b, by, found["iso_a3"]))
    found = found.join(_capitals(a, b, table), on="iso_a3")
    found["capital"] = found["capital"].fillna("")
    found["category"] = found["category"].fillna("")
    found["marginal"] = found["marginal"].fillna(0).astype(bool)
    found = found.join(_cities(cities), on="iso_a3")
    numbers = ["cities", "city_population", *_PEOPLE.values(), "city_population_marginal"]
    found[numbers] = found[numbers].fillna(0).astype("int64")
    return found[COUNTRY_COLUMNS]


def _areas(a: ComparedSide, b: ComparedSide, by: Basis, iso_a3: pd.Series) -> pd.DataFrame:
    """Return the area of each country by category, and what each side covers of it."""
    owners = [(a.owners(code), b.owners(code)) for code in iso_a3]
    columns = ["area_km2", "a_km2", "b_km2", "both_km2", "share_error"]
    values = np.zeros((len(owners), len(columns)))
    for pair in dict.fromkeys(owners):
        rows = np.flatnonzero([one == pair for one in owners])
        covers = [
            footprint(bands.loc[~bands["coalition"].isin(own), "geometry"])
            for bands, own in zip((a.of_basis(by), b.of_basis(by)), pair, strict=True)
        ]
        some = bundled_areas().only(rows)
        first, second = (some.shares(cover) for cover in covers)
        shared = some.shares(intersection(*covers)).covered_km2
        shared = np.minimum(shared, np.minimum(first.covered_km2, second.covered_km2))
        error = np.minimum(first.share_error + second.share_error, 1.0)
        covered = first.covered_km2, second.covered_km2, shared
        values[rows] = np.column_stack([first.area_km2, *covered, error])
    found = pd.DataFrame(values, columns=columns, index=iso_a3.index)
    found["a_own"] = [bool(own[0]) for own in owners]
    found["b_own"] = [bool(own[1]) for own in owners]
    return _by_category(found)


def _by_category(found: pd.DataFrame) -> pd.DataFrame:
    """Divide each country as its places are: what its own side does not reach is own-side."""
    area, both = found["area_km2"], found["both_km2"]
    found["a_only_km2"] = (found["a_km2"] - both).mask(found["b_own"], 0.0)
    found["b_only_km2"] = (found["b_km2"] - both).mask(found["a_own"], 0.0)
    rest = (area - both - found["a_only_km2"] - found["b_only_km2"]).clip(lower=0.0)
    own = found["a_own"] | found["b_own"]
    found["neither_km2"] = rest.mask(own, 0.0)
    found["own_side_km2"] = rest.where(own, 0.0)
    for name in ("a_only", "b_only", "both"):
        found[f"{name}_share"] = found[f"{name}_km2"] / area
    return found


def _capitals(a: ComparedSide, b: ComparedSide, table: pd.DataFrame) -> pd.DataFrame:
    """Return capital, category and whether it is marginal, by country; none for other places."""
    if not a.scenario.noun == b.scenario.noun == "capitals":
        table = table.iloc[:0]
    rows = table[table["iso_a3"] != ""].drop_duplicates("iso_a3").set_index("iso_a3")
    return rows[["place", "category", "marginal"]].rename(columns={"place": "capital"})


def _cities(cities: pd.DataFrame) -> pd.DataFrame:
    """Return number and population of the listed cities of each country, by category."""
    people = cities["population"].fillna(0).astype("int64")
    of = cities["iso_a3"]
    found = {
        "cities": people.groupby(of).size(),
        "city_population": people.groupby(of).sum(),
        "city_population_marginal": people[cities["marginal"]].groupby(of).sum(),
    }
    for category, column in _PEOPLE.items():
        found[column] = people[cities["category"] == category].groupby(of).sum()
    return pd.DataFrame(found)
