"""Bands, tables and the layers of GIS files as GeoJSON (RFC 7946)."""

from __future__ import annotations

import json
from typing import Any

import geopandas
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.analysis.scenario import Scenario
from rangemap.views.columns import plain_value
from rangemap.views.gis_about import About
from rangemap.views.gis_geometry import rounded
from rangemap.views.gis_layers import Layer
from rangemap.views.style import caveats, provenance


def geometry_json(geometry: BaseGeometry) -> str:
    """Return a geometry as GeoJSON text, coordinates to 1 cm unless that would spoil it.

    Examples
    --------
    >>> geometry_json(shapely.Point(1.123456789, 2))
    '{"type":"Point","coordinates":[1.1234568,2.0]}'
    """
    return str(shapely.to_geojson(rounded(geometry))).replace(", ", ",").replace(": ", ":")


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


def layer_geojson(layer: Layer, about: About) -> str:
    """Return a layer of a GIS file as a GeoJSON FeatureCollection.

    Its foreign member ``rangemap`` holds all of `About.record` and what the layer is.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.gis_about import about_of
    >>> from rangemap.views.gis_layers import gis_layer
    >>> analysis = analyse("europe")
    >>> text = layer_geojson(gis_layer(analysis, "sites"), about_of(analysis))
    >>> json.loads(text)["rangemap"]["layer"]
    'sites'
    """
    told = {**about.record(), "layer": layer.name, "description": layer.description}
    return _joined(_features(layer.frame), told)


def feature_json(geometry: BaseGeometry, properties: dict[str, Any]) -> str:
    """Return one GeoJSON Feature."""
    return _feature(properties, geometry) + "\n"


def _polygons_geojson(frame: geopandas.GeoDataFrame) -> str:
    return _collection(_features(frame), frame.attrs["scenario"])


def _features(frame: geopandas.GeoDataFrame) -> list[str]:
    rows = frame.drop(columns="geometry").to_dict("records")
    return [_feature(row, geometry) for row, geometry in zip(rows, frame.geometry, strict=True)]


def _feature(row: dict[Any, Any], geometry: BaseGeometry) -> str:
    properties = json.dumps(
        {str(key): plain_value(str(key), value) for key, value in row.items()},
        ensure_ascii=False,
        allow_nan=False,
    )
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry_json(geometry)}}}'


def _collection(features: list[str], scenario: Scenario) -> str:
    about = {
        "provenance": provenance(scenario),
        "title": scenario.title,
        "caveats": caveats(scenario),
    }
    return _joined(features, about)


def _joined(features: list[str], about: dict[str, Any]) -> str:
    told = json.dumps(about, ensure_ascii=False)
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","rangemap":{told},"features":[\n{body}\n]}}\n'
