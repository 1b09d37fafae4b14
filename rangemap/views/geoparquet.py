"""Layers as GeoParquet 1.1, with bounding boxes and provenance."""

from __future__ import annotations

import io
import json
from typing import Final

import shapely

from rangemap.views.gis_about import About
from rangemap.views.gis_layers import Layer

__all__ = ["layer_parquet"]

SCHEMA_VERSION: Final = "1.1.0"
METADATA_KEY: Final = "rangemap"


def layer_parquet(layer: Layer, about: About) -> bytes:
    """Return a layer as a GeoParquet 1.1 file.

    The geometry is WKB in longitude and latitude on WGS 84 (the file carries the PROJJSON of
    EPSG:4326; GeoParquet puts longitude first whatever the authority says). The column
    ``bbox`` covers each row, shells run counter-clockwise, and edges are "planar": straight in
    longitude and latitude, as the bands are drawn. The key ``rangemap`` of the file's metadata
    holds `About.record` as JSON.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.gis_about import about_of
    >>> from rangemap.views.gis_layers import gis_layer
    >>> analysis = analyse("europe")
    >>> layer_parquet(gis_layer(analysis, "sites"), about_of(analysis))[:4]
    b'PAR1'
    """
    import pyarrow.parquet

    frame = layer.frame.copy()
    frame.attrs = {}
    if layer.shape == "MultiPolygon":
        frame["geometry"] = shapely.orient_polygons(frame.geometry.to_numpy(), exterior_cw=False)
    stream = io.BytesIO()
    frame.to_parquet(
        stream, index=False, schema_version=SCHEMA_VERSION, write_covering_bbox=True,
        geometry_encoding="WKB",
    )  # fmt: skip
    table = pyarrow.parquet.read_table(io.BytesIO(stream.getvalue()))
    metadata = table.schema.metadata
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"]["geometry"]
    column["edges"] = "planar"
    if layer.shape == "MultiPolygon":
        column["orientation"] = "counterclockwise"
    told = {**about.record(), "layer": layer.name, "description": layer.description}
    kept = {
        b"geo": json.dumps(geo).encode(),
        METADATA_KEY.encode(): json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"),
    }
    result = io.BytesIO()
    pyarrow.parquet.write_table(
        table.replace_schema_metadata(kept), result, compression="zstd", row_group_size=50_000
    )
    return result.getvalue()
