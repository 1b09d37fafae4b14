"""A user's file of places, of whatever kind, as rows of text that know where they stand."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely

from rangemap.catalogue.place_columns import guess_columns
from rangemap.catalogue.rows import Row
from rangemap.errors import PlacesError, near_name

__all__ = ["PlaceRows", "read_place_rows"]

_VECTOR_ENDINGS: Final = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_PERSONS: Final = ("population", "country_population")
_GROUPED: Final = re.compile(r"\d{1,3}(?:[ ,.'’\u00a0\u2009\u202f]\d{3})+")
_LON, _LAT = "longitude of the point", "latitude of the point"


@dataclass(frozen=True)
class PlaceRows:
    """Rows of a file, what its columns were taken for, and what else a user should know."""

    rows: tuple[Row, ...]
    columns: dict[str, str]
    header: tuple[str, ...]  # of the file itself
    notes: list[str] = field(default_factory=list)


def read_place_rows(path: Path, shown: str, layer: str | None = None) -> PlaceRows:
    """Return the rows of a CSV, GeoJSON or GeoPackage file, told apart by what they hold.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    shown : str
        What to call it in a message.
    layer : str, optional
        Of a file with several; by default its first layer of points.

    Raises
    ------
    PlacesError
        If it cannot be read, holds no points, or a cell breaks a rule.
    """
    if path.is_dir():
        raise PlacesError(f"{shown}: is a folder, not a file of places")
    try:
        with path.open("rb") as stream:
            start = stream.read(64)
        if start.startswith(b"SQLite format 3\0") or path.suffix.lower() in _VECTOR_ENDINGS:
            return _vector_rows(path, shown, layer)
        if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
            return _vector_rows(path, shown, layer)
        data = path.read_bytes()
    except OSError as problem:
        raise PlacesError(f"{shown}: cannot be read: {problem.strerror or problem}") from None
    if layer is not None:
        raise PlacesError(f"{shown}: has no layers, so there is no layer {layer!r}")
    return _text_rows(data, shown)


def _text_rows(data: bytes, shown: str) -> PlaceRows:
    text, notes = _decoded(data, shown)
    first = text.lstrip().splitlines()[0] if text.strip() else ""
    told = re.fullmatch(r"sep=(.)", first.strip(), re.IGNORECASE)
    if told:  # as Excel writes it
        text = text.lstrip().split("\n", 1)[1] if "\n" in text.lstrip() else ""
    separator = told[1] if told else _separator(first)
    if separator != ",":
        notes.append(f"cells separated by {_SEPARATORS.get(separator, repr(separator))}")
    header, rows = _parsed(text, separator, shown, skipped=1 if told else 0)
    if not rows:
        raise PlacesError(f"{shown}: holds no place (there is a header, but no row)")
    columns = guess_columns(shown, header)
    commas = _decimal_commas(rows, columns)
    notes += ["decimal commas"] if commas else []
    for _, values in rows:
        for key in ("lon", "lat"):
            cell = values[columns[key]].replace("\N{MINUS SIGN}", "-")
            values[columns[key]] = cell.replace(",", ".") if commas else cell
        for name in (columns[key] for key in _PERSONS if key in columns):
            if _GROUPED.fullmatch(values[name].strip()):
                values[name] = re.sub(r"\D", "", values[name])
    made = tuple(Row(shown, number, values, PlacesError) for number, values in rows)
    return PlaceRows(made, columns, tuple(header), notes)


def _decoded(data: bytes, shown: str) -> tuple[str, list[str]]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16"), ["UTF-16 text"]
        except UnicodeDecodeError as problem:
            raise PlacesError(
                f"{shown}: neither UTF-8 nor valid UTF-16 text (byte {problem.start})"
            ) from None
    if b"\0" in data:
        raise PlacesError(f"{shown}: not a CSV file (it holds a NUL byte)")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as problem:
        raise PlacesError(
            f"{shown}: not UTF-8 text (byte {problem.start} is 0x{data[problem.start]:02X}); if it "
            "is Latin-1 or Windows-1252, as spreadsheets write, save it as 'CSV UTF-8'"
        ) from None


def _separator(first: str) -> str:
    counts = {mark: first.count(mark) for mark in _SEPARATORS}
    return max(counts, key=lambda mark: counts[mark])


def _parsed(
    text: str, separator: str, shown: str, skipped: int
) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise PlacesError(f"{shown}: the file is empty")
        twice = [name for name in header if name and header.count(name) > 1]
        if twice:
            raise PlacesError(f"{shown}, row {1 + skipped}: column {twice[0]!r} is there twice")
        rows = []
        for number, cells in enumerate(reader, start=2 + skipped):
            if not any(cell.strip() for cell in cells):
                continue  # spreadsheets leave empty rows behind
            if len(cells) != len(header):
                raise PlacesError(
                    f"{shown}, row {number}: has not as many cells as the header "
                    f"({len(cells)} and {len(header)})"
                )
            rows.append((number, dict(zip(header, cells, strict=True))))
    except csv.Error as problem:
        raise PlacesError(
            f"{shown}, line {reader.line_num + skipped}: not valid CSV: {problem}"
        ) from None
    return header, rows


def _decimal_commas(rows: list[tuple[int, dict[str, str]]], columns: dict[str, str]) -> bool:
    """Tell whether coordinates have commas for points: some has one, and none has a point."""
    cells = [values[columns[key]] for _, values in rows for key in ("lon", "lat")]
    return any("," in cell for cell in cells) and not any("." in cell for cell in cells)


def _vector_rows(path: Path, shown: str, layer: str | None) -> PlaceRows:
    chosen, notes = _layer(path, shown, layer)
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            frame = geopandas.read_file(path, layer=chosen, engine="pyogrio")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as problem:
        raise _unreadable(shown, problem) from None
    notes += [f"GDAL says: {' '.join(str(one.message).split())[:160]}" for one in told[:1]]
    if not isinstance(frame, geopandas.GeoDataFrame) or not len(frame):
        raise PlacesError(f"{shown}: holds no place")
    points = _points(frame, shown, notes)
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    table.columns = [str(name) for name in table.columns]
    columns = guess_columns(shown, table.columns, ("place",))
    columns |= {"lon": _LON, "lat": _LAT}
    table[_LON], table[_LAT] = points[:, 0], points[:, 1]
    texts = [[_text(value) for value in table[name].tolist()] for name in table.columns]
    names = list(table.columns)
    rows = tuple(
        Row(shown, number, dict(zip(names, cells, strict=True)), PlacesError)
        for number, cells in enumerate(zip(*texts, strict=True), start=1)
    )
    return PlaceRows(rows, columns, tuple(names[:-2]), notes)


def _layer(path: Path, shown: str, wanted: str | None) -> tuple[str, list[str]]:
    try:
        with warnings.catch_warnings(record=True):  # those of reading are told
            warnings.simplefilter("always")
            found = [(str(name), str(kind)) for name, kind in pyogrio.list_layers(path)]
    except (pyogrio.errors.DataSourceError, ValueError) as problem:
        raise _unreadable(shown, problem) from None
    names = [name for name, _ in found]
    if wanted is not None:
        if wanted not in names:
            hint = near_name(wanted, names) or f"; there are {', '.join(map(repr, names[:8]))}"
            raise PlacesError(f"{shown}: has no layer {wanted[:80]!r}{hint}")
        return wanted, [f"layer {wanted!r}"] if len(names) > 1 else []
    mixed = ("Point", "MultiPoint", "Unknown", "GeometryCollection")
    usable = [name for name, kind in found if kind.split()[0].removesuffix("Z") in mixed]
    if not usable:
        there = ", ".join(f"{name!r} of {kind}" for name, kind in found[:8]) or "none"
        raise PlacesError(f"{shown}: has no layer of points (layers: {there})")
    if len(names) == 1:
        return usable[0], []
    return usable[0], [f"layer {usable[0]!r} of {', '.join(map(repr, names[:8]))} (--layer)"]


def _unreadable(shown: str, problem: Exception) -> PlacesError:
    reason = " ".join(str(problem).split())[:120]
    return PlacesError(f"{shown}: cannot be read as a file of points: {reason}")


def _points(frame: Any, shown: str, notes: list[str]) -> Any:
    """Return the longitude and latitude of each feature."""
    empty = np.flatnonzero(frame.geometry.isna() | frame.geometry.is_empty)
    if len(empty):
        raise PlacesError(f"{shown}, row {int(empty[0]) + 1}: has no point")
    geometry = frame.geometry.explode(index_parts=False)
    again = geometry.index[geometry.index.duplicated()]
    if len(again):
        raise PlacesError(f"{shown}, row {int(again[0]) + 1}: has several points; a place is one")
    shapes = geometry.to_numpy()
    for number, shape in enumerate(shapes, start=1):
        if shape.geom_type != "Point":
            raise PlacesError(f"{shown}, row {number}: is a {shape.geom_type}; a place is a Point")
    if frame.crs is None:
        raise PlacesError(f"{shown}: names no coordinate system; ogr2ogr -a_srs sets it")
    if not frame.crs.equals("EPSG:4326", ignore_axis_order=True):
        notes.append(f"transformed from {' '.join(frame.crs.name.split())[:60]} to EPSG:4326")
        geometry = geopandas.GeoSeries(shapes, crs=frame.crs).to_crs("EPSG:4326")
    points = shapely.get_coordinates(geometry.to_numpy())
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if len(points) != len(shapes) or len(bad):
        where = f", row {int(bad[0]) + 1}" if len(bad) else ""
        raise PlacesError(f"{shown}{where}: has a coordinate that is no finite number")
    return points


def _text(value: Any) -> str:
    """Return a property as a cell of text."""
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def duplicates(rows: PlaceRows) -> Iterator[tuple[int, int]]:
    """Yield the numbers of rows that hold the same place as an earlier one."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows.rows:
        key = tuple(row.text(rows.columns[name]) for name in ("place", "lon", "lat"))
        first = seen.setdefault(key, row.number)
        if first != row.number:
            yield first, row.number
