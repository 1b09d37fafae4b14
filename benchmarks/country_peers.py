"""Buffers of countries as people make them today."""

from __future__ import annotations

import math

import antimeridian
import numpy as np
import s2geometry as s2
import shapely
from pyproj import CRS, Transformer
from shapely.ops import transform

_WGS84 = CRS("EPSG:4326")
_SPHERE_KM = 6371.0088


def equidistant(country: shapely.Geometry, km: float, quad_segs: int = 16) -> shapely.Geometry:
    """Buffer in an azimuthal-equidistant projection round the centroid; mend the result."""
    centre = country.centroid
    local = CRS(f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +datum=WGS84 +units=m")
    there = Transformer.from_crs(_WGS84, local, always_xy=True).transform
    back = Transformer.from_crs(local, _WGS84, always_xy=True).transform
    flat = transform(there, country).buffer(km * 1000, quad_segs=quad_segs)
    drawn = shapely.orient_polygons(transform(back, flat), exterior_cw=False)
    if drawn.geom_type == "MultiPolygon":
        return antimeridian.fix_multi_polygon(drawn, fix_winding=False)
    return antimeridian.fix_polygon(drawn, fix_winding=False)


def fine_equidistant(country: shapely.Geometry, km: float) -> shapely.Geometry:
    """Do the same with arcs that stay within 100 m on the plane, as ours do on the Earth."""
    return equidistant(country, km, math.ceil(math.pi / 4 / math.acos(1 - 0.1 / km)))


def s2_polygons(country: shapely.Geometry) -> list[s2.S2Polygon]:
    """Return a country's parts on the sphere, sewn together at a pole that they hold."""
    polygons = []
    for part in shapely.get_parts(country):
        loops = []
        for ring in (part.exterior, *part.interiors):
            loop = s2.S2Loop([_s2_point(*xy) for xy in _without_seams(ring)])
            loop.Normalize()
            loops.append(loop)
        polygon = s2.S2Polygon()
        polygon.InitNested(loops)
        if not polygon.IsValid():  # S2 would build on it for hours
            raise ValueError("a part of a country is not valid on the sphere")
        polygons.append(polygon)
    return polygons


def s2_buffer(polygons: list[s2.S2Polygon], km: float) -> s2.S2Polygon:
    """Buffer on the sphere with S2's default accuracy, a hundredth of the radius."""
    options = s2.S2BufferOperationOptions()
    options.set_buffer_radius(s2.S1Angle.Radians(km / _SPHERE_KM))
    grown = s2.S2Polygon()
    operation = s2.S2BufferOperation(s2.S2PolygonLayer(grown), options)
    for polygon in polygons:
        operation.AddPolygon(polygon)  # which takes the polygon away from Python
    if not operation.Build():
        raise RuntimeError("S2 could not build the buffer")
    return grown


def s2_vertices(polygon: s2.S2Polygon) -> np.ndarray:
    """Return longitudes and latitudes of all vertices."""
    corners = []
    for i in range(polygon.num_loops()):
        loop = polygon.loop(i)
        for k in range(loop.num_vertices()):
            place = s2.S2LatLng(loop.vertex(k))
            corners.append((place.lng().degrees(), place.lat().degrees()))
    return np.array(corners).reshape(-1, 2)


def s2_contains(polygon: s2.S2Polygon, points: np.ndarray) -> np.ndarray:
    """Return which points a polygon on the sphere holds."""
    return np.array([polygon.Contains(_s2_point(*point)) for point in points.tolist()])


def _without_seams(ring: shapely.LinearRing) -> list[tuple[float, float]]:
    """Return the vertices that bound land, where a map's edges along +-180 and +-90 are none."""
    xy = shapely.get_coordinates(ring)[:-1]
    if (np.abs(xy[:, 1]) == 90).any():
        seam = np.abs(xy[:, 0]) == 180
        coast = np.abs(xy[:, 1]) <= np.abs(xy[seam, 1]).min()
        xy = xy[(np.abs(xy[:, 1]) != 90) & (~seam | coast)]
    kept: list[tuple[float, float]] = []
    for lon, lat in xy.tolist():
        place = (180.0 if lon == -180 else lon, lat)
        if not kept or kept[-1] != place:
            kept.append(place)
    return kept[:-1] if kept[0] == kept[-1] else kept


def _s2_point(lon: float, lat: float) -> s2.S2Point:
    return s2.S2LatLng.FromDegrees(lat, lon).ToPoint()
