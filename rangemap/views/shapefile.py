"""Shapefiles, for programs that read nothing newer; their limits are told beside them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, Final

import geopandas
import pandas as pd
import shapely

from rangemap.errors import ArgumentError
from rangemap.views.gis_about import About
from rangemap.views.gis_layers import Layer

__all__ = ["LIMITS", "layer_shapefile", "short_names"]

LIMITS: Final = (
    "Shapefiles cut names of columns to 10 characters and texts to 254 bytes, have no true and "
    "false (1 and 0 here), no null texts, and no room for provenance, sources and caveats. "
    "GeoPackage has none of these limits."
)
_NAME_LENGTH: Final = 10
_TEXT_BYTES: Final = 254
_MOST_BYTES: Final = 2**31 - 1
_BYTES_OF_VERTEX: Final = 16
_ENDINGS: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def short_names(columns: list[str]) -> dict[str, str]:
    """Return a short name for each column: at most 10 characters, each of them once.

    Examples
    --------
    >>> short_names(["site", "country_population", "country_populace"])
    {'site': 'site', 'country_population': 'countrypop', 'country_populace': 'countrypo1'}
    """
    result: dict[str, str] = {}
    for column in columns:
        base = re.sub(r"[^a-z0-9_]", "", column.lower()) or "column"
        short = base if len(base) <= _NAME_LENGTH else base.replace("_", "")[:_NAME_LENGTH]
        number = 0
        while short in result.values():
            number += 1
            short = f"{base.replace('_', '')[: _NAME_LENGTH - len(str(number))]}{number}"
        result[column] = short
    return result


def layer_shapefile(layer: Layer, about: About) -> dict[str, bytes]:
    """Return the files of a Shapefile by their ending, among them ".txt".

    The text file maps the short names of columns to the full ones, counts the texts that were
    cut, and holds limits, provenance, caveats and sources. The header of the table has the
    date of the data.

    Raises
    ------
    ArgumentError
        If the geometry would not fit into the 2 GB of the format.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.gis_about import about_of
    >>> from rangemap.views.gis_layers import gis_layer
    >>> analysis = analyse("europe")
    >>> sorted(layer_shapefile(gis_layer(analysis, "sites"), about_of(analysis)))
    ['.cpg', '.dbf', '.prj', '.shp', '.shx', '.txt']
    """
    vertices = int(shapely.get_num_coordinates(layer.frame.geometry.to_numpy()).sum())
    if vertices * _BYTES_OF_VERTEX > _MOST_BYTES:
        raise ArgumentError(
            f"layer {layer.name!r} has {vertices:,} vertices: a Shapefile holds at most 2 GB; "
            "use gpkg or parquet"
        )
    columns = [str(name) for name in layer.frame.columns if name != "geometry"]
    names = short_names(columns)
    frame, cut = _fitting(layer.frame, columns)
    frame = frame.rename(columns=names)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layer.shp"
        frame.to_file(
            path,
            engine="pyogrio",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            geometry_type="Polygon" if layer.shape == "MultiPolygon" else layer.shape,
            layer_options={"DBF_DATE_LAST_UPDATE": about.data_date, "RESIZE": "YES"},
        )
        files = {ending: path.with_suffix(ending).read_bytes() for ending in _ENDINGS}
    files[".txt"] = _told(layer, about, names, cut).encode("utf-8", "replace")
    return files


def _fitting(
    frame: geopandas.GeoDataFrame, columns: list[str]
) -> tuple[geopandas.GeoDataFrame, dict[str, int]]:
    """Return the frame with values that fit, and how many texts of each column were cut."""
    fitting, cut = frame.copy(), {}
    fitting.attrs = {}
    for column in columns:
        values = frame[column]
        if pd.api.types.is_bool_dtype(values):
            fitting[column] = values.astype("int16")
        elif not pd.api.types.is_numeric_dtype(values):
            texts = [_cut(value) for value in values]
            fitting[column] = texts
            shortened = sum(a != str(b) for a, b in zip(texts, values, strict=True))
            if shortened:
                cut[column] = shortened
    return fitting, cut


def _cut(value: Any) -> str:
    return str(value).encode("utf-8", "replace")[:_TEXT_BYTES].decode("utf-8", "ignore")


def _told(layer: Layer, about: About, names: dict[str, str], cut: dict[str, int]) -> str:
    width = max(len(name) for name in names.values())
    lines = [
        f"{layer.title}. {layer.description}",
        "",
        LIMITS,
        "Coordinates are degrees on WGS 84, longitude first; texts are UTF-8.",
        "",
        "Columns",
        *(
            f"{short:<{width}}  {full}" + (f" ({cut[full]} texts cut)" if full in cut else "")
            for full, short in names.items()
        ),
        "",
        *about.lines(),
    ]
    return "\n".join(lines) + "\n"
