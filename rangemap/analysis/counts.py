"""How many places each coalition, kind of range, system and band has in range."""

from __future__ import annotations

from typing import Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.coverage import coalitions_of
from rangemap.analysis.sweep_tables import groups_of
from rangemap.errors import ArgumentError
from rangemap.geodesy import in_range

_VERDICTS_AT_ONCE: Final = 8_000_000  # one byte each


def count_table(bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return how many places are in range, by coalition, kind of range, system and band.

    Fit for hundreds of bands and any number of places: no table of pairs is made.

    Parameters
    ----------
    bands : geopandas.GeoDataFrame
        As `range_bands` makes it.
    places : geopandas.GeoDataFrame
        As `read_cities`, `read_capitals` or `read_places` make it.

    Returns
    -------
    pandas.DataFrame
        ``coalition``, ``scope`` ("coalition": any of its bands; "kind": those of the treaty,
        of systems or of the scenario; "system": one system at all its sites; "band"),
        ``key``, ``label``, ``bands`` (how many), ``places`` (all but the coalition's own),
        ``places_in_range`` and ``listed_population``, the sum of the populations of the
        listed places in range; unknown ones count as 0.

    Raises
    ------
    ArgumentError
        If a column is missing.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> from rangemap.catalogue import read_cities
    >>> table = count_table(range_bands("europe"), read_cities())
    >>> table.loc[0, "coalition"], table.loc[0, "scope"], int(table.loc[0, "places_in_range"])
    ('nato-us', 'coalition', 8356)
    """
    for name in ("lon", "lat", "iso_a3", "population"):
        if name not in places.columns:
            raise ArgumentError(f"places lack the column {name!r}")
    groups = groups_of(bands)
    known = coalitions_of(bands)
    counted = {
        name: ~places["iso_a3"].isin(known[name].members).to_numpy()
        for name in dict.fromkeys(groups["coalition"])
    }
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    people = places["population"].fillna(0).to_numpy(dtype=np.int64)
    numbers, weights = (np.zeros(len(groups), dtype=np.int64) for _ in range(2))
    step = max(1, _VERDICTS_AT_ONCE // max(1, len(bands)))
    for start in range(0, len(places), step):
        part = slice(start, start + step)
        verdicts = in_range(
            bands["site_lon"],
            bands["site_lat"],
            lon[part],
            lat[part],
            bands["max_km"],
            bands["min_km"],
        )
        for row, (name, index) in enumerate(zip(groups["coalition"], groups["bands"], strict=True)):
            inside = np.logical_or.reduce(verdicts[index], axis=0) & counted[name][part]
            numbers[row] += np.count_nonzero(inside)
            weights[row] += people[part][inside].sum()
    table = groups.drop(columns="group").assign(bands=[len(index) for index in groups["bands"]])
    table["places"] = [int(counted[name].sum()) for name in groups["coalition"]]
    table["places_in_range"] = numbers
    table["listed_population"] = weights
    return table
