"""Whom each side of a comparison reaches, and what category that makes of a place."""

from __future__ import annotations

from typing import Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.comparison_sides import (
    A_ONLY,
    B_ONLY,
    BOTH,
    BY_TREATY,
    NEITHER,
    OWN,
    Basis,
    ComparedSide,
)
from rangemap.analysis.coverage import place_table
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue.continents import UNKNOWN, continents

__all__ = ["OWN_VERDICT", "categorised"]

OWN_VERDICT: Final = "own"


def categorised(
    a: ComparedSide, b: ComparedSide, by: Basis, places: geopandas.GeoDataFrame
) -> pd.DataFrame:
    """Return the places with what each side makes of them, their category and continent.

    By the treaty the category goes by the published points of the sites, and ``marginal``
    says that it hangs on where within their precision they are. By systems it goes by what is
    inside by every published figure, and ``marginal`` says that something may be in range
    beyond that.
    """
    table = pd.DataFrame(places.drop(columns=["geometry", "note"]))
    for key, side in (("a", a), ("b", b)):
        table = table.join(_reach_of(side, by, places, key), on="place_id")
    own = (table["a_own"] & ~table["a_reaches"]) | (table["b_own"] & ~table["b_reaches"])
    table["category"] = np.select(
        [
            own,
            table["a_reaches"] & table["b_reaches"],
            table["a_reaches"],
            table["b_reaches"],
        ],
        [OWN, BOTH, A_ONLY, B_ONLY],
        NEITHER,
    )
    surely = {key: table.pop(f"{key}_surely") for key in "ab"}
    possibly = {key: table.pop(f"{key}_possibly") for key in "ab"}
    table["marginal"] = (surely["a"] != possibly["a"]) | (surely["b"] != possibly["b"])
    named = continents()
    table["continent"] = [named.get(code, UNKNOWN) for code in table["iso_a3"]]
    for key in "ab":
        table[f"{key}_verdict"] = np.select(
            [surely[key], possibly[key], table[f"{key}_own"]],
            [INSIDE, MARGINAL, OWN_VERDICT],
            OUTSIDE,
        )
    return table


def _reach_of(
    side: ComparedSide, by: Basis, places: geopandas.GeoDataFrame, key: str
) -> pd.DataFrame:
    """Return for each place whether the side reaches it, and its nearest site."""
    rows = place_table(side.bands, places)
    other = ~rows["own_side"]
    if by == BY_TREATY:
        reached, surely = rows["sites_in_band"] > 0, rows["in_band_surely"]
        possibly = rows["in_band_possibly"]
    else:
        reached = surely = rows["verdict"] == INSIDE
        possibly = rows["verdict"].isin([INSIDE, MARGINAL])
    rows["reached"], rows["surely"], rows["possibly"] = (
        flags.astype(bool) & other for flags in (reached, surely, possibly)
    )
    grouped = rows.groupby("place_id", sort=False)
    nearest = rows.loc[grouped["nearest_km"].idxmin()].set_index("place_id")
    return pd.DataFrame(
        {
            f"{key}_reaches": grouped["reached"].any(),
            f"{key}_surely": grouped["surely"].any(),
            f"{key}_possibly": grouped["possibly"].any(),
            f"{key}_own": grouped["own_side"].any(),
            f"{key}_nearest_site_id": nearest["nearest_site_id"],
            f"{key}_nearest_site": nearest["nearest_site"],
            f"{key}_nearest_km": nearest["nearest_km"],
        }
    )
