"""Discs as people make them today, each written as its users write it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import antimeridian
import numpy as np
import shapely
from cartopy.geodesic import Geodesic
from pyproj import CRS, Transformer
from shapely.ops import transform

from benchmarks.sites import GEOD

HERE = Path(__file__).parent
_EARTH = Geodesic()
_TO_WEB = Transformer.from_crs(4326, 3857, always_xy=True)
_FROM_WEB = Transformer.from_crs(3857, 4326, always_xy=True)
_WGS84 = CRS("EPSG:4326")


def equidistant(lon: float, lat: float, km: float, quad_segs: int = 16) -> shapely.Polygon:
    """Buffer a point in an azimuthal-equidistant projection of its own, and go back."""
    local = CRS(f"+proj=aeqd +lat_0={lat} +lon_0={lon} +datum=WGS84 +units=m")
    back = Transformer.from_crs(local, _WGS84, always_xy=True).transform
    return transform(back, shapely.Point(0, 0).buffer(km * 1000, quad_segs=quad_segs))


def equidistant_fixed(lon: float, lat: float, km: float) -> shapely.Geometry:
    """Do the same and hand it to `antimeridian`, clockwise, as shapely emits it."""
    return antimeridian.fix_polygon(equidistant(lon, lat, km), fix_winding=True)


def equidistant_fixed_well(lon: float, lat: float, km: float) -> shapely.Geometry:
    """Do the same counter-clockwise, told to leave the winding alone, four times as fine."""
    disc = equidistant(lon, lat, km, quad_segs=64).reverse()
    return antimeridian.fix_polygon(disc, fix_winding=False)


def traced(lon: float, lat: float, km: float, points: int) -> shapely.Geometry:
    """Solve a geodesic for each vertex, counter-clockwise, and hand it to `antimeridian`."""
    azimuth = np.linspace(360, 0, points, endpoint=False)
    start = np.full(points, lon), np.full(points, lat)
    x, y, _ = GEOD.fwd(*start, azimuth, np.full(points, km * 1000))
    ring = shapely.Polygon(np.column_stack([x, y]))
    return antimeridian.fix_polygon(ring, fix_winding=False)


def cartopy_circle(lon: float, lat: float, km: float) -> np.ndarray:
    """Return cartopy's vertices (180 of them), which it leaves to the caller to cut."""
    return np.asarray(_EARTH.circle(lon, lat, km * 1000))


def web_mercator(lon: float, lat: float, km: float) -> shapely.Polygon:
    """Buffer in Web Mercator by the radius, as if its metres were metres."""
    disc = shapely.Point(*_TO_WEB.transform(lon, lat)).buffer(km * 1000)
    return transform(_FROM_WEB.transform, disc)


def for_each(make: Callable[..., object]) -> Callable[[np.ndarray, float], list]:
    """Return a function of sites and a radius."""
    return lambda sites, km: [make(lon, lat, km) for lon, lat in sites.tolist()]


def turf(sites: np.ndarray, km: float, repeats: int) -> tuple[float, list[shapely.Polygon]]:
    """Return the best seconds and the polygons of turf's circle, 64 steps, in node."""
    done = subprocess.run(
        ["node", str(HERE / "turf.mjs")],
        input=json.dumps({"sites": sites.tolist(), "km": km, "repeats": repeats}),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    return answer["seconds"], [shapely.Polygon(ring) for ring in answer["rings"]]


def why_no_turf() -> str:
    """Return why turf cannot run, or nothing."""
    if shutil.which("node") is None:
        return "node is not on PATH"
    if not (HERE / "node_modules" / "@turf" / "circle").exists():
        return "@turf/circle is not installed (npm was not on PATH, or failed)"
    return ""
