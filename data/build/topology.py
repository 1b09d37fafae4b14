"""Find the land, lakes and borders that the web map draws, from the FlatGeobuf layers.

The layers are put on a grid of whole numbers, and ``topojson-server`` in node finds the boundaries
that they share. No vertex is dropped but those that fall on the one before. The world stays cut at
+-180 as Natural Earth is, and outer rings are counter-clockwise (RFC 7946).
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from fetch import BuildError, read_member
from pyproj import Geod
from world import as_multi

GEOD = Geod(ellps="WGS84")
MAX_AREA_ERROR = 0.01
CHECK_ABOVE_KM2 = 5_000
LIBRARIES = ("topojson-server", "topojson-client")

MAX_GAP_KM2 = 50.0
"""A hole in the land up to this size is a gap between countries that do not quite meet."""
SAME_LINE_STEPS = 3.0
"""A border this near to a disputed line is that line, with other vertices."""
SAME_LINE_RUN_STEPS = 10.0
"""But not if it is so only for this length: lines that meet are near to one another there."""

Line = list[list[int]]
Polygon = list[Line]


@dataclass(frozen=True)
class Recipe:
    """How one scale is put on a grid."""

    scale: str
    """Natural Earth scale."""
    bits: int
    """The grid has 2 ** bits steps round the Earth, the same in longitude and in latitude."""
    min_lake_km2: float
    """Smaller lakes are left out."""

    @property
    def step(self) -> float:
        """Degrees from one grid point to the next; its multiples are exact in binary."""
        return 360 / 2**self.bits


@dataclass
class Shapes:
    """What the web map draws of one scale, in steps of the grid from 0° N, 0° E."""

    land: list[Polygon]
    lakes: list[Polygon]
    borders: list[Line]
    disputed: list[Line]


RECIPES = (Recipe("50m", 17, 500.0), Recipe("110m", 15, 8_000.0))


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the geodesic area of a polygon, signed away, in km2."""
    return float(abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6)


def snap(geometry: shapely.Geometry, step: float) -> shapely.Geometry:
    """Put a geometry on the grid, in steps, and drop the parts that collapse there.

    A ring that collapses or turns over would be a ring of no area or of the wrong orientation,
    which d3-geo fills as the rest of the world. The largest part is always kept.

    Parameters
    ----------
    geometry : MultiPolygon or MultiLineString
        In EPSG:4326.
    step : float
        Degrees from one grid point to the next.

    Returns
    -------
    MultiPolygon or MultiLineString
        In whole numbers of steps.
    """
    snapped = shapely.transform(geometry, lambda xy: np.floor(xy / step + 0.5))
    if snapped.geom_type == "MultiLineString":
        lines = shapely.multilinestrings([line for line in snapped.geoms if line.length > 0])
        return shapely.remove_repeated_points(lines)
    parts = []
    for part in snapped.geoms:
        if is_open(part.exterior, ccw=True):
            holes = [ring for ring in part.interiors if is_open(ring, ccw=False)]
            parts.append(shapely.polygons(part.exterior, holes or None))
    if not parts:
        raise BuildError(f"all of {geometry.bounds} collapses on a grid of {step} degrees")
    return as_multi(shapely.remove_repeated_points(shapely.multipolygons(parts)))


def is_open(ring: shapely.LinearRing, *, ccw: bool) -> bool:
    """Tell whether a ring still encloses an area, in the given orientation."""
    return bool(shapely.Polygon(ring).area > 0 and shapely.is_ccw(ring) == ccw)


def layers_of(folder: Path, recipe: Recipe) -> dict[str, gpd.GeoDataFrame]:
    """Read the layers of one scale; Natural Earth has five lakes twice, which are given once."""
    countries = gpd.read_file(folder / f"countries_{recipe.scale}.fgb")
    lakes = gpd.read_file(folder / f"lakes_{recipe.scale}.fgb")
    lines = gpd.read_file(folder / f"boundary_lines_{recipe.scale}.fgb")
    large = np.array([area_km2(lake) >= recipe.min_lake_km2 for lake in lakes.geometry])
    again = lakes.geometry.normalize().to_wkb().duplicated()
    return {
        "countries": countries[["iso_a3", "geometry"]],
        "lakes": lakes.loc[large & ~again, ["geometry"]],
        "disputed": lines.loc[lines["kind"] != "international", ["geometry"]],
    }


def as_geojson(frame: gpd.GeoDataFrame, step: float) -> dict[str, object]:
    """Return a layer on the grid as a GeoJSON feature collection."""
    features = [
        {
            "type": "Feature",
            "properties": {key: row[key] for key in frame.columns if key != "geometry"},
            "geometry": shapely.geometry.mapping(snap(row["geometry"], step)),
        }
        for _, row in frame.iterrows()
    ]
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


def shapes_of(folder: Path, recipe: Recipe) -> Shapes:
    """Return what the web map draws of one scale, checked, from the layers in a folder."""
    layers = layers_of(folder, recipe)
    arguments = []
    with tempfile.TemporaryDirectory() as work:
        for name, frame in layers.items():
            path = Path(work) / f"{name}.geojson"
            path.write_text(json.dumps(as_geojson(frame, recipe.step)), encoding="utf-8")
            arguments.append(f"{name}={path}")
        found: dict[str, Any] = json.loads(run_node("topology.cjs", *arguments))
    for name in ("land", "lakes"):
        found[name] = [[whole_numbers(ring) for ring in rings] for rings in found[name]]
    for name in ("borders", "disputed"):
        found[name] = [whole_numbers(line) for line in found[name]]
    check_countries(found["countries"], layers["countries"], recipe)
    check_polygons(found, layers, recipe)
    land, gaps = close_gaps(found["land"], recipe.step)
    borders = without_same(found["borders"] + gaps, found["disputed"])
    return Shapes(land, found["lakes"], borders, found["disputed"])


def whole_numbers(line: list[list[float]]) -> Line:
    """Return a line in integers; JSON has the grid's coordinates as floats."""
    return [[int(x), int(y)] for x, y in line]


def close_gaps(land: list[Polygon], step: float) -> tuple[list[Polygon], list[Line]]:
    """Return the land without the gaps in it, and the gaps, which are slits, as border lines."""
    closed: list[Polygon] = []
    gaps: list[Line] = []
    for outer, *holes in land:
        closed.append([outer])
        for hole in holes:
            degrees = shapely.transform(shapely.Polygon(hole), lambda xy: xy * step)
            (gaps if area_km2(degrees) <= MAX_GAP_KM2 else closed[-1]).append(hole)
    return closed, gaps


def without_same(borders: list[Line], disputed: list[Line]) -> list[Line]:
    """Leave out the stretches of borders that run along a disputed line.

    Most of them share their vertices with it and are no borders already; at 1:110m some do not.
    """
    all_disputed = shapely.union_all([shapely.LineString(line) for line in disputed])
    near = shapely.buffer(all_disputed, SAME_LINE_STEPS)
    shapely.prepare(near)
    vertices = shapely.STRtree(shapely.points(shapely.get_coordinates(all_disputed)))
    kept = []
    for line in (with_vertices(border, vertices) for border in borders):
        edges = shapely.linestrings(list(pairwise(line)))
        same = shapely.contains(near, edges)
        changes = np.flatnonzero(same[1:] != same[:-1]) + 1
        limits = [0, *(int(i) for i in changes), len(edges)]
        open_run: Line = []
        for start, stop in pairwise(limits):
            run = edges[start:stop]
            long = shapely.length(run).sum() > SAME_LINE_RUN_STEPS
            if same[start] and (long or shapely.covers(all_disputed, run).any()):
                kept.append(open_run)
                open_run = []
            else:
                open_run = (open_run or line[start : start + 1]) + line[start + 1 : stop + 1]
        kept.append(open_run)
    return [line for line in kept if line]


def with_vertices(line: Line, vertices: shapely.STRtree) -> Line:
    """Return a line with those points as vertices that lie on one of its edges."""
    result = line[:1]
    for start, end in pairwise(line):
        edge = shapely.LineString([start, end])
        on_edge = vertices.query(edge, predicate="dwithin", distance=SAME_LINE_STEPS)
        points = vertices.geometries[np.sort(on_edge)]
        along = shapely.line_locate_point(edge, points)
        for i in np.argsort(along, kind="stable"):
            if SAME_LINE_STEPS < along[i] < edge.length - SAME_LINE_STEPS:
                result.append([int(points[i].x), int(points[i].y)])
        result.append(end)
    return result


def check_countries(collection: dict, countries: gpd.GeoDataFrame, recipe: Recipe) -> None:
    """Check that every country decodes, with its area and its rings counter-clockwise.

    Raises
    ------
    BuildError
        If a country is missing, an area above 5,000 km2 is off by more than 1 %, or an outer ring
        is clockwise.
    """
    source = countries.set_index("iso_a3").geometry
    found = gpd.GeoDataFrame.from_features(collection).set_index("iso_a3").geometry
    if list(found.index) != list(source.index):
        missing = set(source.index) - set(found.index)
        raise BuildError(f"{recipe.scale}: countries are missing: {missing}")
    for code, on_grid in found.items():
        geometry = shapely.transform(on_grid, lambda xy: xy * recipe.step)
        expected = area_km2(source[code])
        error = abs(area_km2(geometry) - expected) / expected
        if expected > CHECK_ABOVE_KM2 and error > MAX_AREA_ERROR:
            raise BuildError(f"{recipe.scale}: the area of {code} is off by {error:.1%}")
        if not all(shapely.is_ccw(part.exterior) for part in shapely.get_parts(geometry)):
            raise BuildError(f"{recipe.scale}: an outer ring of {code} is clockwise")


def check_polygons(
    found: dict[str, Any], layers: dict[str, gpd.GeoDataFrame], recipe: Recipe
) -> None:
    """Check that merging lost nothing: the same area in steps, and outer rings counter-clockwise.

    Raises
    ------
    BuildError
        If the land is not all countries, the lakes are not all lakes, or a ring is clockwise.
    """
    for name, layer in (("land", "countries"), ("lakes", "lakes")):
        polygons = [shapely.Polygon(outer, holes) for outer, *holes in found[name]]
        expected = sum(snap(one, recipe.step).area for one in layers[layer].geometry)
        if sum(polygon.area for polygon in polygons) != expected:
            raise BuildError(f"{recipe.scale}: the {name} is not the sum of the {layer}")
        if not all(polygon.exterior.is_ccw for polygon in polygons):
            raise BuildError(f"{recipe.scale}: an outer ring of the {name} is clockwise")
