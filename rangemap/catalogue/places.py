"""Target places: the bundled capitals and cities, or a user's own file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas
import pandas as pd

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import Place
from rangemap.catalogue.place_columns import SPELLINGS
from rangemap.catalogue.place_files import PlaceRows, duplicates, read_place_rows
from rangemap.catalogue.rows import Row, read_rows
from rangemap.errors import CatalogueError, PlacesError

CRS: Final = "EPSG:4326"
_ISO_A3: Final = re.compile("[A-Z]{3}")
_KEYS: Final = tuple(SPELLINGS)
_SPELLED_AS_BUNDLED: Final = {key: key for key in _KEYS} | {"note": "seat_note"}
_WORDS: Final = {"place": "name", "lon": "longitude", "lat": "latitude", "iso_a3": "ISO code",
                 "place_id": "id"}  # fmt: skip


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
    return _cities_frame().copy()


def read_places(path: str | Path, *, layer: str | None = None) -> geopandas.GeoDataFrame:
    """Return target places from a file of one's own.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV with a header (UTF-8 or UTF-16; commas, semicolons or tabs; decimal points or
        commas), GeoJSON, GeoPackage, or another vector file with points that GDAL reads.
        Needed are a name and, in a CSV file, a longitude and a latitude in degrees; their
        columns are guessed (`rangemap.catalogue.place_columns.SPELLINGS`). Id, country, ISO
        code, population and note are taken if there are columns for them.
    layer : str, optional
        Of a file with several; by default its first layer of points.

    Returns
    -------
    geopandas.GeoDataFrame
        With the columns of `read_capitals`; ``attrs["read_as"]`` says in one line what was
        guessed. Points of another coordinate system are transformed to EPSG:4326.

    Raises
    ------
    PlacesError
        If the file holds no places, lacks a column, or a row breaks a rule.
    """
    found = load_place_file(Path(path), shown_as=str(path), layer=layer)
    frame = places_frame(found.places)
    frame.attrs["read_as"] = found.read_as
    return frame


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
def _cities_frame() -> geopandas.GeoDataFrame:
    return places_frame(_cities())


@cache
def _cities() -> tuple[Place, ...]:
    path = data_path("cities.csv")
    columns = ("place_id", "place", "country", "iso_a3", "lon", "lat", "population")
    rows = read_rows(path, columns, error=CatalogueError)
    spelled = {column: column for column in columns}
    return _unique(tuple((row, _place(row, spelled)) for row in rows))


@dataclass(frozen=True)
class PlaceFile:
    """Places of a file, and in one line what it was read as."""

    places: tuple[Place, ...]
    read_as: str


def load_places(path: Path, *, shown_as: str | None = None) -> tuple[Place, ...]:
    """Read and check a user's file of places."""
    return load_place_file(path, shown_as=shown_as).places


def load_place_file(
    path: Path, *, shown_as: str | None = None, layer: str | None = None
) -> PlaceFile:
    """Read and check a user's file of places, and say what its columns were taken for."""
    shown = shown_as or path.name
    found = read_place_rows(path, shown, layer)
    _refuse_swapped(found, shown)
    places = _unique(
        tuple((row, _place(row, found.columns, n)) for n, row in enumerate(found.rows, start=1))
    )
    return PlaceFile(places, _read_as(found, shown))


def _read_as(found: PlaceRows, shown: str) -> str:
    """Return one line that tells what was guessed."""
    told = [
        f"{_WORDS.get(key, key.replace('_', ' '))} from {' '.join(name.split())[:40]!r}"
        if name in found.header
        else f"{_WORDS[key]} from the points"
        for key, name in found.columns.items()
    ]
    n = len(found.rows)
    parts = [", ".join(told), *found.notes, f"{n:,} {'row' if n == 1 else 'rows'}"]
    again = list(duplicates(found))
    if again:
        first, second = again[0]
        more = f", and {len(again) - 1} more" if again[1:] else ""
        parts.append(f"row {second} repeats row {first}{more}")
    return f"{shown}: {'; '.join(parts)}"


def _refuse_swapped(found: PlaceRows, shown: str) -> None:
    """Refuse a file whose latitudes can only be longitudes; a single wrong row is told later."""
    lon, lat = (
        [abs(value) for value in map(_number, (row.text(found.columns[key]) for row in found.rows))]
        for key in ("lon", "lat")
    )
    most = max(lat)
    beyond = len(lat) > 1 and sum(90 < value <= 180 for value in lat) * 2 > len(lat)
    if beyond and max(lon) <= 90:
        raise PlacesError(
            f"{shown}: longitude and latitude look swapped: {found.columns['lat']!r} goes to "
            f"{most:g}, beyond 90, and {found.columns['lon']!r} stays within 90"
        )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _place(row: Row, spelled: dict[str, str], position: int = 0) -> Place:
    def text(key: str) -> str:
        return row.text(spelled[key]) if key in spelled else ""

    def whole(key: str) -> int | None:
        return row.optional_int(spelled[key], 0, 20_000_000_000) if key in spelled else None

    iso_a3 = text("iso_a3").upper()
    if iso_a3 and not _ISO_A3.fullmatch(iso_a3):
        raise row.fail(spelled["iso_a3"], "must be an ISO alpha-3 code like DEU, or empty")
    return Place(
        place_id=text("place_id") or f"place-{position}",
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
