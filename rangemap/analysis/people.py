"""Countries touched, area and listed cities in range, for each coalition and kind of band."""

from __future__ import annotations

from typing import Final

import geopandas
import pandas as pd

from rangemap.analysis.countries import CITY_COLUMNS, country_table

__all__ = ["PEOPLE_COLUMNS", "people_of", "people_table"]

PEOPLE_COLUMNS: Final = [
    "coalition", "band_kind", "countries", "countries_touched", "covered_km2", *CITY_COLUMNS,
    "own_countries", "own_countries_touched", "own_covered_km2",
    *(f"own_{name}" for name in CITY_COLUMNS),
]  # fmt: skip


def people_table(
    bands: geopandas.GeoDataFrame, *, cities: geopandas.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Return what each coalition's bands cover: countries, area, population of listed cities.

    Parameters
    ----------
    bands, cities
        As for `country_table`.

    Returns
    -------
    pandas.DataFrame
        One row for each coalition and kind of band, in the order of the bands: ``countries``
        (other than the coalition's members), ``countries_touched`` (of these, with some area
        or some listed city in range, inside or marginal), ``covered_km2`` (their area in
        range), then the counts and populations of their cities as in `country_table`, and
        the same of the coalition's own side in columns that begin with ``own_``. Each is the
        sum over `country_table`.

    Raises
    ------
    ArgumentError
        As `country_table` does.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> table = people_table(range_bands("europe")).set_index(["coalition", "band_kind"])
    >>> row = table.loc[("russia-belarus", "treaty")]
    >>> int(row.cities_inside), int(row.own_cities)
    (18260, 1164)
    """
    return people_of(country_table(bands, cities=cities))


def people_of(countries: pd.DataFrame) -> pd.DataFrame:
    """Return the sums over a table of countries, as `country_table` makes it."""
    rows = []
    for (coalition, kind), part in countries.groupby(["coalition", "band_kind"], sort=False):
        own = part["own_side"].astype(bool)
        rows.append(
            {"coalition": coalition, "band_kind": kind}
            | _sums(part[~own])
            | {f"own_{name}": value for name, value in _sums(part[own]).items()}
        )
    return pd.DataFrame(rows, columns=PEOPLE_COLUMNS)


def _sums(rows: pd.DataFrame) -> dict[str, int | float]:
    in_range = rows["cities_inside"] + rows["cities_marginal"]
    touched = (rows["covered_km2"] > 0) | (in_range > 0)
    return {
        "countries": len(rows),
        "countries_touched": int(touched.sum()),
        "covered_km2": float(rows["covered_km2"].sum()),
        **{name: int(rows[name].sum()) for name in CITY_COLUMNS},
    }
