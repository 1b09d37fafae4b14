"""The bundled world, for the map in a browser and for the figure."""

from __future__ import annotations

from functools import cache
from typing import Literal

import geopandas

from rangemap.catalogue.files import data_path

Scale = Literal["50m", "110m"]
Layer = Literal["countries", "land", "lakes", "boundary_lines"]


@cache
def layer(name: Layer, scale: Scale) -> geopandas.GeoDataFrame:
    """Return a layer of Natural Earth, EPSG:4326. Shared: do not change it."""
    return geopandas.read_file(data_path("world", f"{name}_{scale}.fgb"))


@cache
def world_pack(scale: Scale) -> bytes:
    """Return the world that the page draws, packed; ``src/world.js`` decodes it."""
    return data_path("world", f"world_{scale}.pack").read_bytes()
