"""Target places: the bundled capitals, or a user's own CSV file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas
import pandas as pd

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import Place
from rangemap.catalogue.rows import Row, read_rows
from rangemap.errors import CatalogueError, PlacesError, near_name

CRS: Final = "EPSG:4326"
_ISO_A3: Final = re.compile("[A-Z]{3}")
_SPELLINGS: Final = {
    "place_id": ("place_id", "id"),
    "place": ("place", "name", "city", "capital", "label"),
    "country": ("country",),
    "iso_a3": ("iso_a3", "iso3"),
    "lon": ("lon", "longitude", "lng", "long", "x"),
    "lat": ("lat", "latitude", "y"),
    "population": ("population", "pop"),
    "country_population": ("country_population",),
    "note": ("note", "seat_note"),
}


def read_capitals() -> geopandas.GeoDataFrame:
    """Return the 197 capitals that are the default targets.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326 points; columns ``place_id`` (ISO alpha-3), ``place``, ``country``,
        ``iso_a3``, ``lon``, ``lat``, ``population`` (of the city), ``country_population``,
        ``note`` (disputed or several seats).

    References
    ----------
    GeoNames (CC BY 4.0), with the overrides of ``data/capital_overrides.csv``.

    Examples
    --------
    >>> capitals = read_capitals()
    >>> len(capitals)
    197
    """
    return places_frame(_capitals())


def read_cities() -> geopandas.GeoDataFrame:
    """Return 34,006 cities and towns, those of GeoNames' list of 15,000 inhabitants and more.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326 points with the columns of `read_capitals`; ``place_id`` is the GeoNames
        id, ``country_population`` and ``note`` are empty. A sum of ``population`` is the
        population of listed cities, not of an area: it leaves out the countryside and
        counts districts that have a row of their own twice.

    References
    ----------
    GeoNames cities15000 (CC BY 4.0).

    Examples
    --------
    >>> cities = read_cities()
    >>> len(cities), int(cities["population"].max())
    (34006, 24874500)
    """
    return places_frame(_cities())


def read_places(path: str | Path) -> geopandas.GeoDataFrame:
    """Return target places from a CSV file.

    Parameters
    ----------
    path : str or pathlib.Path
        UTF-8 CSV with a header. Needed are a name (``place``, ``name``, ``city``), a
        longitude (``lon``, ``longitude``) and a latitude (``lat``, ``latitude``), in
        degrees; ``place_id``, ``country``, ``iso_a3``, ``population`` are optional.

    Returns
    -------
    geopandas.GeoDataFrame
        With the columns of `read_capitals`.

    Raises
    ------
    PlacesError
        If the file is empty, lacks a column, or a row breaks a rule.
    """
    return places_frame(load_places(Path(path), shown_as=str(path)))


def places_frame(places: tuple[Place, ...]) -> geopandas.GeoDataFrame:
    """Return places as a GeoDataFrame of points."""
    columns = list(Place.__dataclass_fields__)
    frame = pd.DataFrame([[getattr(p, c) for c in columns] for p in places], columns=columns)
    for column in ("population", "country_population"):
        frame[column] = frame[column].astype("Int64")
    points = geopandas.points_from_xy(frame["lon"], frame["lat"], crs=CRS)
    return geopandas.GeoDataFrame(frame, geometry=points, crs=CRS)


@cache
def _capitals() -> tuple[Place, ...]:
    path = data_path("capitals.csv")
    rows = read_rows(path, ("place_id", "place", "iso_a3", "lon", "lat"), error=CatalogueError)
    return _unique(tuple((row, _place(row, _SPELLED_AS_BUNDLED)) for row in rows))


@cache
def _cities() -> tuple[Place, ...]:
    path = data_path("cities.csv")
    columns = ("place_id", "place", "country", "iso_a3", "lon", "lat", "population")
    rows = read_rows(path, columns, error=CatalogueError)
    spelled = {column: column for column in columns}
    return _unique(tuple((row, _place(row, spelled)) for row in rows))


_SPELLED_AS_BUNDLED: Final = {key: key for key in _SPELLINGS} | {"note": "seat_note"}


def load_places(path: Path, *, shown_as: str | None = None) -> tuple[Place, ...]:
    """Read and check a user's CSV file of places."""
    shown = shown_as or path.name
    rows = list(read_rows(path, (), error=PlacesError, shown_as=shown))
    if not rows:
        raise PlacesError(f"{shown}: holds no place (there is a header, but no row)")
    spelled = _columns(shown, list(rows[0].values))
    return _unique(tuple((row, _place(row, spelled)) for row in rows))


def _columns(shown: str, header: list[str]) -> dict[str, str]:
    by_folded = {name.strip().casefold(): name for name in header}
    spelled = {}
    for key, spellings in _SPELLINGS.items():
        found = [by_folded[s] for s in spellings if s in by_folded]
        if found:
            spelled[key] = found[0]
        elif key in ("place", "lon", "lat"):
            hint = near_name(key, header)
            if len(header) == 1 and any(mark in header[0] for mark in (";", "\t")):
                hint = "; cells must be separated by commas"
            raise PlacesError(f"{shown}, row 1: no column for {key} ({', '.join(spellings)}){hint}")
    return spelled


def _place(row: Row, spelled: dict[str, str]) -> Place:
    def text(key: str) -> str:
        return row.text(spelled[key]) if key in spelled else ""

    def whole(key: str) -> int | None:
        return row.optional_int(spelled[key], 0, 20_000_000_000) if key in spelled else None

    iso_a3 = text("iso_a3").upper()
    if iso_a3 and not _ISO_A3.fullmatch(iso_a3):
        raise row.fail(spelled["iso_a3"], "must be an ISO alpha-3 code like DEU, or empty")
    return Place(
        place_id=text("place_id") or f"place-{row.number - 1}",
        place=row.text(spelled["place"], required=True),
        country=text("country"),
        iso_a3=iso_a3,
        lon=row.number_of(spelled["lon"], -180, 180),
        lat=row.number_of(spelled["lat"], -90, 90),
        population=whole("population"),
        country_population=whole("country_population"),
        note=text("note"),
    )


def _unique(rows: tuple[tuple[Row, Place], ...]) -> tuple[Place, ...]:
    seen: dict[str, Any] = {}
    for row, place in rows:
        if place.place_id in seen:
            raise PlacesError(
                f"{row.file}, row {row.number}: place_id {place.place_id!r} is there twice"
            )
        seen[place.place_id] = place
    return tuple(seen.values())
