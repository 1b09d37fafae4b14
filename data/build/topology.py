"""Build the TopoJSON of the web map from the FlatGeobuf layers, and check it by decoding it.

The topology is made by ``topojson-server`` in node; it is cut at +-180 as Natural Earth is, never
stitched, and its outer rings decode counter-clockwise (RFC 7946).

Run ``python data/build/topology.py [FOLDER]`` after ``world.py``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from fetch import BuildError, read_member
from pyproj import Geod
from world import as_multi

GEOD = Geod(ellps="WGS84")
MAX_AREA_ERROR = 0.01
CHECK_ABOVE_KM2 = 5_000


@dataclass(frozen=True)
class Recipe:
    """How one scale becomes a TopoJSON file."""

    scale: str
    """Natural Earth scale."""
    quantization: int
    """Grid points along each axis of the bounding box."""
    min_weight: float
    """Visvalingam weight in square degrees under which a vertex is dropped."""
    min_lake_km2: float
    """Smaller lakes are left out."""
    max_bytes: int
    """The file may not be larger."""


RECIPES = (
    Recipe("50m", 50_000, 2.5e-4, 2_000.0, 750_000),
    Recipe("110m", 14_000, 1.3e-2, 8_000.0, 100_000),
)
LIBRARIES = ("topojson-server", "topojson-client", "topojson-simplify")


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the geodesic area of a polygon, signed away, in km2."""
    return float(abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6)


def snap(geometry: shapely.Geometry, bounds: np.ndarray, count: int) -> shapely.Geometry:
    """Put a geometry on the quantisation grid and drop the rings that collapse there.

    A ring that collapses or turns over would decode to a ring of no area or of the wrong
    orientation, which d3-geo fills as the rest of the world. The largest part is always kept.

    Parameters
    ----------
    geometry : MultiPolygon or MultiLineString
        In EPSG:4326.
    bounds : ndarray
        West, south, east, north of the whole topology.
    count : int
        Grid points along each axis.

    Returns
    -------
    MultiPolygon or MultiLineString
        On the grid.
    """
    origin, step = bounds[:2], (bounds[2:] - bounds[:2]) / (count - 1)

    def to_grid(xy: np.ndarray) -> np.ndarray:
        index = np.floor((xy - origin) / step + 0.5)
        return np.asarray(np.round(origin + index * step, 9))

    snapped = shapely.transform(geometry, to_grid)
    if snapped.geom_type != "MultiPolygon":
        return snapped
    parts = []
    for part in snapped.geoms:
        if is_open(part.exterior, ccw=True):
            holes = [ring for ring in part.interiors if is_open(ring, ccw=False)]
            parts.append(shapely.polygons(part.exterior, holes or None))
    if not parts:
        raise BuildError(f"all of {geometry.bounds} collapses on a grid of {count} points")
    return as_multi(shapely.multipolygons(parts))


def is_open(ring: shapely.LinearRing, *, ccw: bool) -> bool:
    """Tell whether a ring still encloses an area, in the given orientation."""
    return bool(shapely.Polygon(ring).area > 0 and shapely.is_ccw(ring) == ccw)


def layers_of(folder: Path, recipe: Recipe) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers of one topology, with the columns that become properties."""
    countries = gpd.read_file(folder / f"countries_{recipe.scale}.fgb")
    lakes = gpd.read_file(folder / f"lakes_{recipe.scale}.fgb")
    lines = gpd.read_file(folder / f"boundary_lines_{recipe.scale}.fgb")
    large = [area_km2(lake) >= recipe.min_lake_km2 for lake in lakes.geometry]
    return {
        "countries": countries[["iso_a3", "name", "geometry"]],
        "lakes": lakes.loc[large, ["geometry"]],
        "disputed": lines.loc[lines["kind"] != "international", ["kind", "geometry"]],
    }


def as_geojson(frame: gpd.GeoDataFrame, bounds: np.ndarray, count: int) -> dict[str, object]:
    """Return a layer on the grid as a GeoJSON feature collection."""
    features = []
    for row in frame.itertuples(index=False):
        properties = {key: value for key, value in row._asdict().items() if key != "geometry"}
        try:
            snapped = snap(row.geometry, bounds, count)
        except BuildError:
            if "iso_a3" in properties:
                raise
            continue
        feature = {"type": "Feature", "geometry": shapely.geometry.mapping(snapped)}
        features.append(feature | ({"properties": properties} if properties else {}))
    return {"type": "FeatureCollection", "features": features}


def run_node(script: str, *arguments: str) -> str:
    """Run one of our node scripts, with the pinned libraries in its path; return its stdout."""
    with tempfile.TemporaryDirectory() as folder:
        for package in LIBRARIES:
            source = read_member(package, f"package/dist/{package}.js")
            (Path(folder) / f"{package}.js").write_bytes(source)
        command = ["node", str(Path(__file__).with_name(script)), *arguments]
        environment = os.environ | {"NODE_PATH": folder}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise BuildError(f"{script} failed: {done.stderr.strip()}")
    return done.stdout


def build_topology(folder: Path, recipe: Recipe) -> Path:
    """Write the TopoJSON of one scale beside its layers, check it and return its path."""
    layers = layers_of(folder, recipe)
    bounds = np.array(layers["countries"].total_bounds)
    path = folder / f"world_{recipe.scale}.topojson"
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        arguments = [str(recipe.quantization), str(recipe.min_weight), str(path)]
        for layer, frame in layers.items():
            source = work / f"{layer}.geojson"
            source.write_text(json.dumps(as_geojson(frame, bounds, recipe.quantization)))
            arguments.append(f"{layer}={source}")
        run_node("topology.cjs", *arguments)
    size = path.stat().st_size
    if size > recipe.max_bytes:
        raise BuildError(f"{path.name} has {size} bytes; at most {recipe.max_bytes} are allowed")
    check_topology(path, layers)
    return path


def decode(path: Path, name: str) -> gpd.GeoDataFrame:
    """Decode one object of a TopoJSON file with ``topojson-client``."""
    text = run_node("decode.cjs", str(path), name)
    return gpd.GeoDataFrame.from_features(json.loads(text), crs=4326)


def check_topology(path: Path, layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Check that every country decodes, with its area and its rings counter-clockwise.

    Raises
    ------
    BuildError
        If a country is missing, an area above 5,000 km2 is off by more than 1 %, or an outer ring
        is clockwise.
    """
    source = layers["countries"].set_index("iso_a3").geometry
    found = decode(path, "countries").set_index("iso_a3").geometry
    if list(found.index) != list(source.index):
        raise BuildError(
            f"{path.name}: countries are missing: {set(source.index) - set(found.index)}"
        )
    for code, geometry in found.items():
        expected = area_km2(source[code])
        error = abs(area_km2(geometry) - expected) / expected
        if expected > CHECK_ABOVE_KM2 and error > MAX_AREA_ERROR:
            raise BuildError(f"{path.name}: the area of {code} is off by {error:.1%}")
        if not all(shapely.is_ccw(part.exterior) for part in shapely.get_parts(geometry)):
            raise BuildError(f"{path.name}: an outer ring of {code} is clockwise")


def build_topologies(folder: Path) -> list[Path]:
    """Write both TopoJSON files and return their paths."""
    return [build_topology(folder, recipe) for recipe in RECIPES]


def main() -> int:
    """Build the TopoJSON files in the folder given, or in ``data/world``."""
    default = Path(__file__).parents[1] / "world"
    try:
        for path in build_topologies(Path(sys.argv[1]) if len(sys.argv) > 1 else default):
            print(f"{path} {path.stat().st_size}")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
