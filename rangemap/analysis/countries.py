"""Countries in range: what share of their area, and what population of their listed cities.

A city belongs to the country whose ISO code it has, never to the one that it is drawn in.
"""

from __future__ import annotations

from typing import Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.coverage import coalitions_of, own_side
from rangemap.analysis.overlap import country_share_table
from rangemap.analysis.uncertain import inside_and_marginal
from rangemap.catalogue import read_cities
from rangemap.catalogue.continents import UNKNOWN, continents
from rangemap.errors import ArgumentError

__all__ = ["CITY_COLUMNS", "COUNTRY_TABLE_COLUMNS", "country_table"]

CITY_COLUMNS: Final = [
    "cities", "cities_inside", "cities_marginal", "city_population", "city_population_inside",
    "city_population_marginal",
]  # fmt: skip
NO_CODE: Final = "without a country code"
COUNTRY_TABLE_COLUMNS: Final = [
    "iso_a3", "country", "continent", "coalition", "band_kind", "own_side", "area_km2",
    "covered_km2", "share", "share_error", *CITY_COLUMNS,
]  # fmt: skip


def country_table(
    bands: geopandas.GeoDataFrame, *, cities: geopandas.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Return each country's share of area in range, and the population of its listed cities.

    Parameters
    ----------
    bands : geopandas.GeoDataFrame
        As `range_bands` makes it, EPSG:4326.
    cities : geopandas.GeoDataFrame, optional
        Points with ``country``, ``iso_a3``, ``lon``, ``lat`` and ``population``; by default
        the 34,006 of `read_cities`.

    Returns
    -------
    pandas.DataFrame
        One row for each coalition, kind of band ("treaty", "system", "own") and country, by
        country: ``iso_a3``, ``country``, ``continent``, ``own_side`` (the country is a member
        of the coalition; its row is filled, and no total counts it), ``area_km2``,
        ``covered_km2``, ``share`` and ``share_error`` as in `country_share_table`; then the
        country's listed ``cities``, how many of them are inside the bands of this kind
        together (``cities_inside``: under every range estimate, from anywhere within the
        precision of a site, by every side of a dispute), how many ``cities_marginal``, and
        the population of each: ``city_population``, ``city_population_inside``,
        ``city_population_marginal``. Cities are joined by ISO code; a code without a shape
        in the bundled world has a row without areas, a city without a code counts under "".

    Raises
    ------
    ArgumentError
        If a column is missing, or a geometry is no valid polygon in EPSG:4326.

    Notes
    -----
    Verdicts on cities are exact, from geodesics; shares of areas are of the bands as drawn,
    with their error beside them. The population of listed cities is not that of an area: it
    leaves out the countryside and towns of less than 15,000.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> table = country_table(range_bands("europe"))
    >>> row = table[(table.coalition == "russia-belarus") & (table.iso_a3 == "POL")].iloc[0]
    >>> row.band_kind, row.continent, int(row.cities), int(row.cities_inside)
    ('treaty', 'Europe', 363, 363)
    """
    if cities is None:
        cities = read_cities()
    for name in ("country", "iso_a3", "lon", "lat", "population"):
        if name not in cities.columns:
            raise ArgumentError(f"cities lack the column {name!r}")
    shares = country_share_table(bands)
    codes = cities["iso_a3"].fillna("").astype(str)
    names = cities["country"].astype(str).groupby(codes).first()
    extra = sorted(set(codes) - set(shares["iso_a3"]))
    parts = []
    for (coalition, kind), rows in shares.groupby(["coalition", "band_kind"], sort=False):
        chosen = bands[(bands["coalition"] == coalition) & (bands["band_kind"] == kind)]
        called = [names[code] if code else NO_CODE for code in extra]
        more = pd.DataFrame({"iso_a3": extra, "country": called})
        more = more.assign(coalition=coalition, band_kind=kind)
        whole = pd.concat([rows, more], ignore_index=True) if len(more) else rows
        parts.append(_by_name(whole.join(_cities(chosen, cities, codes), on="iso_a3")))
    if not parts:
        return pd.DataFrame(columns=COUNTRY_TABLE_COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    table["own_side"] = own_side(table["coalition"], table["iso_a3"], coalitions_of(bands))
    named = continents()
    table["continent"] = [named.get(code, UNKNOWN) for code in table["iso_a3"]]
    table[CITY_COLUMNS] = table[CITY_COLUMNS].fillna(0).astype("int64")
    return table[COUNTRY_TABLE_COLUMNS]


def _cities(
    bands: geopandas.GeoDataFrame, cities: geopandas.GeoDataFrame, codes: pd.Series
) -> pd.DataFrame:
    """Return, by country, how many cities there are, inside and marginal, and their population."""
    inside, marginal = inside_and_marginal(bands, cities["lon"], cities["lat"])
    people = cities["population"].fillna(0).to_numpy(dtype=np.int64)
    counted = np.ones(len(cities), dtype=bool), inside, marginal
    columns = [*counted, *(people * which for which in counted)]
    frame = pd.DataFrame(dict(zip(CITY_COLUMNS, columns, strict=True)))
    return frame.astype("int64").groupby(codes.to_numpy()).sum()


def _by_name(rows: pd.DataFrame) -> pd.DataFrame:
    folded = rows["country"].str.casefold()
    order = folded.to_frame().assign(code=rows["iso_a3"]).sort_values(["country", "code"]).index
    return rows.loc[order]
