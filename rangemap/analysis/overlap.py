"""Overlaps of bands, and shares of countries, as tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.bands import CRS
from rangemap.analysis.coverage import coalitions_of, own_side
from rangemap.catalogue import read_countries
from rangemap.errors import ArgumentError
from rangemap.geodesy import MeasuredAreas, footprint, overlap_counts

OVERLAP_COLUMNS: Final = [
    "count", "site_count", "coalitions", "site_ids", "band_ids", "area_km2", "geometry",
]  # fmt: skip
COUNTRY_SHARE_COLUMNS: Final = [
    "coalition", "band_kind", "iso_a3", "country", "own_side", "area_km2", "covered_km2",
    "share", "share_error",
]  # fmt: skip


def overlap_table(bands: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    """Return what bands cover, cut into faces with how many and which cover each.

    Bands of all kinds given are counted: choose rows first to count fewer, such as
    ``bands[bands.band_kind == "treaty"]``.

    Parameters
    ----------
    bands : geopandas.GeoDataFrame
        As `range_bands` makes it, EPSG:4326.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326, one row for each face, in rising order of ``count`` (bands that cover
        it): ``site_count`` (launch sites of these bands), ``coalitions``, ``site_ids``,
        ``band_ids`` (separated by semicolons), ``area_km2`` (exact). The faces share no
        area and together are the footprint.

    Raises
    ------
    ArgumentError
        If a column is missing, or a geometry is no valid polygon in EPSG:4326.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> bands = range_bands("europe")
    >>> table = overlap_table(bands[bands.band_kind == "treaty"])
    >>> int(table["count"].max()), int(table.loc[0, "count"])
    (11, 1)
    """
    _need(bands, "bands", ["band_id", "site_id", "coalition"])
    faces = overlap_counts(bands.geometry)
    names = {name: bands[name].to_numpy(dtype=object) for name in ("band_id", "site_id")}
    sites = [_distinct(names["site_id"][row]) for row in faces.members]
    coalition = bands["coalition"].to_numpy(dtype=object)
    columns: dict[str, Any] = {
        "count": faces.count,
        "site_count": np.array([len(ids) for ids in sites], dtype=np.int64),
        "coalitions": [";".join(_distinct(coalition[row])) for row in faces.members],
        "site_ids": [";".join(ids) for ids in sites],
        "band_ids": [";".join(names["band_id"][row]) for row in faces.members],
        "area_km2": faces.area_km2,
    }
    table = geopandas.GeoDataFrame(columns, geometry=faces.polygons, crs=CRS)
    table.attrs.update(bands.attrs)
    return table


def country_share_table(
    bands_or_footprint: Any,
    countries: geopandas.GeoDataFrame | None = None,
    tolerance_m: float = 100,
) -> pd.DataFrame:
    """Return the share of each country's area that lies in range.

    Parameters
    ----------
    bands_or_footprint : geopandas.GeoDataFrame or shapely polygon
        Bands, as `range_bands` makes them, or one footprint in EPSG:4326.
    countries : geopandas.GeoDataFrame, optional
        With ``iso_a3`` and ``name``; by default `read_countries` at 1:50 million.
    tolerance_m : float, default 100
        With which the bands were drawn.

    Returns
    -------
    pandas.DataFrame
        One row for each coalition, kind of band ("treaty", "system", "own") and country,
        in that order: ``iso_a3``, ``country``, ``own_side`` (the country is a member of
        the coalition), ``area_km2``, ``covered_km2`` (in at least one such band),
        ``share`` in [0, 1], and ``share_error``, how far it may be off because bands are
        drawn within the tolerance; the countries are taken as drawn. For a footprint,
        coalition and kind are empty.

    Raises
    ------
    ArgumentError
        If a column is missing, or a geometry is no valid polygon in EPSG:4326.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> bands = range_bands("europe")
    >>> table = country_share_table(bands[bands.coalition == "russia-belarus"])
    >>> treaty = table[table.band_kind == "treaty"].set_index("iso_a3")
    >>> float(treaty.loc["FRA", "share"].round(3)), bool(treaty.loc["FRA", "own_side"])
    (0.86, False)
    """
    if countries is None:
        countries, areas = read_countries(), bundled_areas()
    else:
        _need(countries, "countries", ["iso_a3", "name"])
        areas = MeasuredAreas(countries)
    parts = []
    for coalition, band_kind, cover in _footprints(bands_or_footprint):
        found = areas.shares(cover, tolerance_m)
        part = pd.DataFrame(
            {
                "coalition": coalition,
                "band_kind": band_kind,
                "iso_a3": countries["iso_a3"].fillna("").to_numpy(),
                "country": countries["name"].to_numpy(),
                "area_km2": found.area_km2,
                "covered_km2": found.covered_km2,
                "share": found.share,
                "share_error": found.share_error,
            }
        )
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=COUNTRY_SHARE_COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    known = coalitions_of(bands_or_footprint) if _are_bands(bands_or_footprint) else {}
    table["own_side"] = own_side(table["coalition"], table["iso_a3"], known)
    return table[COUNTRY_SHARE_COLUMNS]


@cache
def bundled_areas() -> MeasuredAreas:
    """Return the countries of `read_countries`, at 1:50 million, measured once."""
    return MeasuredAreas(read_countries())


def _footprints(given: Any) -> Iterator[tuple[str, str, Any]]:
    if not _are_bands(given):
        yield "", "", given
        return
    _need(given, "bands", ["band_kind"])
    for (coalition, band_kind), rows in given.groupby(["coalition", "band_kind"], sort=False):
        yield str(coalition), str(band_kind), footprint(rows)


def _are_bands(given: Any) -> bool:
    return isinstance(given, geopandas.GeoDataFrame) and "coalition" in given.columns


def _distinct(values: Any) -> list[str]:
    return list(dict.fromkeys(map(str, values)))


def _need(frame: geopandas.GeoDataFrame, kind: str, columns: list[str]) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ArgumentError(f"{kind} lack the column {missing[0]!r}")
