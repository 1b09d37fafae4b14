"""People of a user's own raster within footprints, by coalition or by country."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import geopandas
import numpy as np
import pandas as pd
import shapely

from rangemap.analysis.coverage import coalitions_of, own_side
from rangemap.analysis.raster_grid import PopulationGrid, opened
from rangemap.catalogue import read_countries
from rangemap.catalogue.continents import continents
from rangemap.errors import ArgumentError, near_name
from rangemap.geodesy import footprint, intersection

__all__ = ["RASTER_COLUMNS", "RASTER_COUNTRY_COLUMNS", "population_raster"]

_FILE: Final = ["population_file", "population_sha256"]
RASTER_COLUMNS: Final = [
    "coalition", "band_kind", "people", "own_people", "unassigned_people", "people_in_file",
    *_FILE,
]  # fmt: skip
RASTER_COUNTRY_COLUMNS: Final = [
    "iso_a3", "country", "continent", "coalition", "band_kind", "own_side", "people_in_country",
    "people", "people_share", *_FILE,
]  # fmt: skip


def population_raster(
    bands: geopandas.GeoDataFrame,
    path: str | Path,
    *,
    by: Literal["coalition", "country"] = "coalition",
) -> pd.DataFrame:
    """Return how many people of a raster of one's own live within footprints.

    Parameters
    ----------
    bands : geopandas.GeoDataFrame
        As `range_bands` makes it, EPSG:4326.
    path : str or pathlib.Path
        A raster that GDAL reads, such as a GeoTIFF, with one band that holds the number of
        people in each cell: counts, not a density. Whether it does cannot be told from the
        file; ``people_in_file``, the sum of all cells, shows it. Any coordinate system in
        which outlines can be drawn.
    by : {"coalition", "country"}, default "coalition"
        What a row is.

    Returns
    -------
    pandas.DataFrame
        By coalition, a row for each coalition and kind of band: ``people`` within the
        footprint of such bands in countries other than the coalition's members,
        ``own_people`` (in these), ``unassigned_people`` (in cells, or parts of cells, outside
        every country as drawn at 1:50 million, such as on a coast), ``people_in_file``. By
        country, a row for each of them and each country: ``own_side``,
        ``people_in_country`` (by the raster), ``people`` (of these within the footprint),
        ``people_share``. Both with ``population_file`` and ``population_sha256``, the file
        that the numbers come from.

    Raises
    ------
    MissingExtraError
        If rasterio or exactextract is not installed (``pip install 'rangemap[raster]'``).
    PlacesError
        If the file is no raster, has several bands, no coordinate system, or negative cells.
    ArgumentError
        If ``by`` is something else, or bands lack a column.

    Notes
    -----
    A cell that the footprint's boundary crosses counts by the share of its area, in the
    raster's own grid (exactextract). The footprint is of the bands as drawn, within 100 m,
    at the plotted range: no low or high estimate, no verdict.
    """
    if by not in ("coalition", "country"):
        known = ("coalition", "country")
        raise ArgumentError(f"by {by!r} is not one of coalition, country{near_name(by, known)}")
    for name in ("coalition", "band_kind"):
        if name not in bands.columns:
            raise ArgumentError(f"bands lack the column {name!r}")
    with opened(path) as grid:
        table = _country_rows(bands, grid)
        if by == "country":
            return _with_file(table, grid, RASTER_COUNTRY_COLUMNS)
        return _with_file(_by_coalition(bands, table, grid), grid, RASTER_COLUMNS)


def _with_file(table: pd.DataFrame, grid: PopulationGrid, columns: list[str]) -> pd.DataFrame:
    stated = {"population_file": grid.name, "population_sha256": grid.sha256}
    return table.assign(**stated).reindex(columns=columns)


def _footprints(bands: geopandas.GeoDataFrame) -> Iterator[tuple[str, str, Any]]:
    for (coalition, kind), rows in bands.groupby(["coalition", "band_kind"], sort=False):
        yield str(coalition), str(kind), footprint(rows)


def _country_rows(bands: geopandas.GeoDataFrame, grid: PopulationGrid) -> pd.DataFrame:
    countries = read_countries()
    order = countries["name"].str.casefold().sort_values(kind="stable").index
    countries = countries.loc[order].reset_index(drop=True)
    codes = countries["iso_a3"].fillna("").astype(str)
    shapes = countries.geometry.to_numpy()
    whole = grid.sums(list(shapes))
    known, named = coalitions_of(bands), continents()
    parts = []
    for coalition, kind, cover in _footprints(bands):
        shapely.prepare(cover)
        within = shapely.covers(cover, shapes)
        crossed = np.flatnonzero(shapely.intersects(cover, shapes) & ~within)
        people = np.where(within, whole, 0.0)
        people[crossed] = grid.sums([intersection(shapes[row], cover) for row in crossed])
        part = pd.DataFrame(
            {
                "iso_a3": codes,
                "country": countries["name"],
                "continent": [named.get(code, "") for code in codes],
                "coalition": coalition,
                "band_kind": kind,
                "people_in_country": whole,
                "people": people,
                "people_share": np.divide(
                    people, whole, out=np.full(len(whole), np.nan), where=whole > 0
                ),
            }
        )
        part["own_side"] = own_side(part["coalition"], part["iso_a3"], known)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _by_coalition(
    bands: geopandas.GeoDataFrame, table: pd.DataFrame, grid: PopulationGrid
) -> pd.DataFrame:
    found = list(_footprints(bands))
    totals = grid.sums([cover for _, _, cover in found])
    rows = []
    for (coalition, kind, _), total in zip(found, totals, strict=True):
        part = table[(table["coalition"] == coalition) & (table["band_kind"] == kind)]
        own = part["own_side"].astype(bool)
        people, ours = (float(part.loc[which, "people"].sum()) for which in (~own, own))
        rows.append(
            {
                "coalition": coalition,
                "band_kind": kind,
                "people": people,
                "own_people": ours,
                "unassigned_people": max(float(total) - people - ours, 0.0),
                "people_in_file": grid.people,
            }
        )
    return pd.DataFrame(rows)
