"""Bands and tables as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.analysis.scenario import Scenario
from rangemap.views.columns import plain_value
from rangemap.views.style import caveats, provenance

_DECIMALS: Final = 7  # 1 cm, well within the finest tolerance of 1 m
_FINE_DECIMALS: Final = 10  # for shapes smaller than this, which 1 cm would deform
_FINE_BELOW_DEG: Final = 0.1


def geometry_json(geometry: BaseGeometry) -> str:
    """Return a geometry as GeoJSON text, coordinates to 1 cm unless that would spoil it.

    Examples
    --------
    >>> geometry_json(shapely.Point(1.123456789, 2))
    '{"type":"Point","coordinates":[1.1234568,2.0]}'
    """
    west, south, east, north = geometry.bounds
    small = 0 < min(east - west, north - south) < _FINE_BELOW_DEG
    decimals = _FINE_DECIMALS if small else _DECIMALS
    rounded = shapely.transform(geometry, lambda xy: np.round(xy, decimals))
    chosen = rounded if rounded.is_valid or not geometry.is_valid else geometry
    return str(shapely.to_geojson(chosen)).replace(", ", ",").replace(": ", ":")


def bands_geojson(bands: geopandas.GeoDataFrame) -> str:
    """Return bands as a GeoJSON FeatureCollection with provenance and caveats.

    Each feature is one band with all its columns as properties. Polygons are cut at the
    antimeridian, enclose poles along +-90 and follow the right-hand rule.
    """
    return _polygons_geojson(bands)


def overlap_geojson(faces: geopandas.GeoDataFrame) -> str:
    """Return an overlap table as a GeoJSON FeatureCollection, one feature for each face."""
    return _polygons_geojson(faces)


def points_geojson(table: pd.DataFrame, scenario: Scenario) -> str:
    """Return a coverage or place table as GeoJSON points, one for each row."""
    features = [
        _feature(row, shapely.Point(row["place_lon"], row["place_lat"]))
        for row in table.to_dict("records")
    ]
    return _collection(features, scenario)


def feature_json(geometry: BaseGeometry, properties: dict[str, Any]) -> str:
    """Return one GeoJSON Feature."""
    return _feature(properties, geometry) + "\n"


def _polygons_geojson(frame: geopandas.GeoDataFrame) -> str:
    rows = frame.drop(columns="geometry").to_dict("records")
    features = [_feature(row, geometry) for row, geometry in zip(rows, frame.geometry, strict=True)]
    return _collection(features, frame.attrs["scenario"])


def _feature(row: dict[Any, Any], geometry: BaseGeometry) -> str:
    properties = json.dumps(
        {str(key): plain_value(str(key), value) for key, value in row.items()},
        ensure_ascii=False,
        allow_nan=False,
    )
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry_json(geometry)}}}'


def _collection(features: list[str], scenario: Scenario) -> str:
    about = json.dumps(
        {"provenance": provenance(scenario), "title": scenario.title, "caveats": caveats(scenario)},
        ensure_ascii=False,
    )
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","rangemap":{about},"features":[\n{body}\n]}}\n'
