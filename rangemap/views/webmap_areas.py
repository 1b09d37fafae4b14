"""A page for polygons of the user's own: drawn with the capitals, a click shows their columns."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import pandas as pd
import shapely

from rangemap._version import __version__
from rangemap.analysis import Scenario
from rangemap.catalogue import load_catalogue, read_capitals
from rangemap.errors import ArgumentError
from rangemap.views import style
from rangemap.views.webmap_data import frame, places, with_edition
from rangemap.views.webmap_geometry import SCALE, region_of

_COLORS: Final = ("#1f5fa8", "#c26a00", "#6a1b9a", "#1b7f5c", "#b3005e", "#5f6b76")
_NAMES: Final = ("name", "label", "title", "NAME", "Name", "id")
_MOST: Final = 2_000
_MOST_TEXT: Final = 300
_MOST_FACTS: Final = 24
_TITLE: Final = "Areas and capitals"


def is_bands(frame: geopandas.GeoDataFrame) -> bool:
    """Tell whether a GeoDataFrame holds bands that `range_bands` made."""
    return isinstance(frame.attrs.get("scenario"), Scenario) and "band_id" in frame.columns


def area_payload(areas: geopandas.GeoDataFrame) -> dict[str, Any]:
    """Return the facts of a page that draws polygons.

    Parameters
    ----------
    areas : geopandas.GeoDataFrame
        Polygons or multipolygons, in any coordinate system that it names.

    Raises
    ------
    ArgumentError
        If it has no coordinate system, no rows, too many, or a row is not a polygon on Earth.
    """
    if areas.crs is None:
        raise ArgumentError(
            "the GeoDataFrame names no coordinate system; set one, for longitude and latitude "
            "set_crs('EPSG:4326')"
        )
    if not 0 < len(areas) <= _MOST:
        raise ArgumentError(f"the GeoDataFrame has {len(areas)} rows; 1 to {_MOST:,} can be drawn")
    _check(areas)
    areas = areas.to_crs(4326)
    for index, geometry in zip(areas.index, areas.geometry, strict=True):
        west, south, east, north = geometry.bounds
        if not (west >= -180.000001 and east <= 180.000001 and south >= -90 and north <= 90):
            raise ArgumentError(
                f"row {index!r}: bounds {west:g}, {south:g}, {east:g}, {north:g} are not on Earth "
                "(longitude -180 to 180, latitude -90 to 90)"
            )
    column = next((name for name in _NAMES if name in areas.columns), None)
    release = load_catalogue().release
    content = frame(
        title=_TITLE,
        subtitle=f"{len(areas)} {'area' if len(areas) == 1 else 'areas'} given by the user",
        caveats=[
            "The areas are the user's own: where they come from is not known here.",
            *style.CAVEATS_SHORT[1:2],
            style.BORDERS_NOTE,
        ],
        provenance=f"rangemap {__version__}, data of {release.date.isoformat()}",
    )
    return with_edition(
        content
        | {
            "places": places(read_capitals()),
            "scale": SCALE,
            "view": {"center": _middle(areas), "width_km": None},
            "areas": [
                {
                    "name": _text(areas[column].iloc[number]) if column else f"Area {number + 1}",
                    "color": _COLORS[number % len(_COLORS)],
                    "region": region_of(shapely.orient_polygons(geometry)).as_json(),
                    "facts": [
                        [_text(key), _text(areas[key].iloc[number])]
                        for key in areas.columns[: _MOST_FACTS + 1]
                        if key != areas.geometry.name
                    ],
                }
                for number, geometry in enumerate(areas.geometry)
            ],
        }
    )


def _check(areas: geopandas.GeoDataFrame) -> None:
    for index, geometry in zip(areas.index, areas.geometry, strict=True):
        kind = "nothing" if geometry is None else geometry.geom_type
        if kind not in ("Polygon", "MultiPolygon"):
            raise ArgumentError(f"row {index!r}: geometry is {kind}, not a polygon")
        if geometry.is_empty:
            raise ArgumentError(f"row {index!r}: the polygon is empty")
        if not geometry.is_valid:
            why = shapely.is_valid_reason(geometry)
            raise ArgumentError(f"row {index!r}: the polygon is not valid ({why})")


def _middle(areas: geopandas.GeoDataFrame) -> tuple[float, float]:
    west, south, east, north = areas.total_bounds
    return round((west + east) / 2, 3), round(max(-70.0, min(70.0, (south + north) / 2)), 3)


def _text(value: Any) -> str:
    if value is None or (not isinstance(value, list | tuple | dict) and pd.isna(value)):
        return ""
    text = f"{value:,.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _MOST_TEXT else f"{text[:_MOST_TEXT]}…"
