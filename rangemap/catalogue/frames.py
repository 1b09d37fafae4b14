"""The catalogue as data frames, for readers who think in tables."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum
from functools import cache
from typing import Any, Literal

import geopandas
import pandas as pd

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import RangeEstimate, Site, Source, System
from rangemap.catalogue.places import CRS, read_capitals
from rangemap.catalogue.reader import load_catalogue


def read_systems() -> pd.DataFrame:
    """Return the missile systems: one row each, ranges in km.

    Examples
    --------
    >>> float(read_systems().set_index("id").loc["df-26", "max_high_km"])
    4000.0
    """
    return _frame(load_catalogue().systems.values(), System)


def read_range_estimates() -> pd.DataFrame:
    """Return every published range by itself, with who says it.

    Examples
    --------
    >>> bool((read_range_estimates()["value_km"] > 0).all())
    True
    """
    return _frame(load_catalogue().estimates, RangeEstimate)


def read_sources() -> pd.DataFrame:
    """Return the publications that the facts come from.

    Examples
    --------
    >>> "INF_TEXT" in set(read_sources()["key"])
    True
    """
    return _frame(load_catalogue().sources.values(), Source)


def read_sites() -> geopandas.GeoDataFrame:
    """Return launch sites and operating areas as EPSG:4326 points.

    Examples
    --------
    >>> sites = read_sites()
    >>> sites.crs.to_epsg()
    4326
    """
    frame = _frame(load_catalogue().sites.values(), Site)
    points = geopandas.points_from_xy(frame["lon"], frame["lat"], crs=CRS)
    return geopandas.GeoDataFrame(frame, geometry=points, crs=CRS)


def read_countries(scale: Literal["50m", "110m"] = "50m") -> geopandas.GeoDataFrame:
    """Return the countries of the bundled world.

    Parameters
    ----------
    scale : {"50m", "110m"}
        1:50 million or 1:110 million (which lacks many small states).

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326; ``iso_a3``, ``iso_a2``, ``name``, ``sovereign``, ``continent``,
        ``pop_est``, ``pop_year`` and more. Crimea is shown in Ukraine.

    References
    ----------
    Natural Earth 5.1.1 (public domain).

    Examples
    --------
    >>> "FRA" in set(read_countries("110m")["iso_a3"])
    True
    """
    return geopandas.read_file(data_path("world", f"countries_{scale}.fgb"))


@cache
def iso_codes() -> frozenset[str]:
    """Return the ISO alpha-3 codes of all capitals and of all countries of the bundled world.

    Examples
    --------
    >>> "FRA" in iso_codes(), "ZZZ" in iso_codes()
    (True, False)
    """
    return frozenset(read_capitals()["iso_a3"]) | frozenset(read_countries()["iso_a3"])


def _frame(records: Any, kind: type) -> pd.DataFrame:
    columns = [field.name for field in fields(kind)]
    rows = [[_plain(getattr(record, column)) for column in columns] for record in records]
    return pd.DataFrame(rows, columns=columns)


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return ";".join(value) if isinstance(value, tuple) else value
