"""Points that stand for territories, and the discs round them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import _assembly, _geos
from rangemap.geodesy._bending import bending, dense_points_of
from rangemap.geodesy._boundary import Ints, Objects
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._outline import Outlines
from rangemap.geodesy._validation import Bools, Floats
from rangemap.geodesy.rings import _in_passes

HALF_WAY_M: Final = 20_003_900.0
_RADIUS_M: Final = 6_371_000.0
_DEGREE_M: Final = 111_700.0  # at most

Area: TypeAlias = Polygon | MultiPolygon


@dataclass(frozen=True)
class Sources:
    """Points that stand for territories: discs round them make their buffers."""

    lon: Floats
    lat: Floats
    owner: Ints
    vectors: Floats

    def some(self, kept: Bools | Ints) -> Sources:
        """Return some of them."""
        return Sources(self.lon[kept], self.lat[kept], self.owner[kept], self.vectors[kept])


def thinned(vectors: Floats, gap_m: float, owner: Ints | None = None) -> Ints:
    """Return indices of some unit vectors, so that each has one of them within 1.8 gaps.

    With owners, of each owner's.
    """
    cells = np.floor(vectors * (_RADIUS_M / gap_m)).astype(np.int64)
    columns = [cells[:, 2], cells[:, 1], cells[:, 0]]
    if owner is not None:
        columns.append(owner)
    order = np.lexsort(columns)
    new = np.zeros(len(order), dtype=bool)
    new[:1] = True
    for column in columns:
        new[1:] |= np.diff(column[order]) != 0
    first: Ints = np.sort(order[new])
    return first


def sources_of(outlines: Outlines, radius_m: float, allowed_m: float) -> Sources:
    """Return points of boundaries so dense that no distance is off by over `allowed_m`."""
    lon, lat, owner, _ = dense_points_of(
        outlines.edges, outlines.edge_owner, float(bending(radius_m)), allowed_m
    )
    if len(outlines.points):
        at = np.searchsorted(owner, outlines.point_owner, side="right")
        lon = np.insert(lon, at, outlines.points[:, 0])
        lat = np.insert(lat, at, outlines.points[:, 1])
        owner = np.insert(owner, at, outlines.point_owner)
    return Sources(lon, lat, owner, unit_vectors(lon, lat))


def discs(lon: Floats, lat: Floats, radius_m: float, tolerance_m: float) -> Objects:
    """Return discs; unlike `ring_polygons`, of any radius and tolerance."""
    if not len(lon):
        return np.empty(0, dtype=object)
    radius_km = np.full(len(lon), radius_m / 1000)
    return _in_passes(_assembly.polygons, (lon, lat, radius_km), tolerance_m)


def polygonal(area: BaseGeometry) -> Area:
    """Return the polygons of a geometry, without lines and points."""
    parts = shapely.get_parts(area)
    kept = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    if not len(kept):
        return Polygon()
    whole: Area = area if len(kept) == len(parts) else _geos.union_all(kept)
    return whole


def without_pinholes(area: Area, pinhole_m: float) -> Area:
    """Close holes that rounding leaves where edges nearly coincide.

    No point of a hole of area A is farther from its rim than sqrt(A / pi), since a disc of
    that radius about the point would else lie within the hole and be larger.
    """
    least = np.pi * (pinhole_m / _DEGREE_M) ** 2
    rings = holes_of(area)
    if not rings or shapely.area(shapely.polygons(rings)).min() > least:
        return area
    parts = [
        Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area > least])
        for part in shapely.get_parts(area)
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def holes_of(area: Area) -> list[LinearRing]:
    parts = shapely.get_parts(area)
    if not shapely.get_num_interior_rings(parts).any():
        return []
    return [hole for part in parts for hole in part.interiors]
