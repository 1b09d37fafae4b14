"""Where the whole of a territory lies within a distance: the intersection of all discs.

A place is in it if the farthest point of the territory is near enough. That point is on the
territory's boundary, unless the territory holds the place's antipode: points farther than
19,950 km from a place make up one connected region round its antipode (every geodesic is
shortest for at least 19,970 km), in which alone a distance can have a maximum. If the boundary
does not enter that region, the territory holds all of it or nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from shapely import Polygon, box

from rangemap.geodesy import _geos
from rangemap.geodesy._assembly import WORLD
from rangemap.geodesy._bending import dense_points, unbending
from rangemap.geodesy._boundary import Ints, Objects, boundary_edges
from rangemap.geodesy._discs import HALF_WAY_M, Area, discs, polygonal, thinned
from rangemap.geodesy._growth import ROUNDS
from rangemap.geodesy._halving import halved
from rangemap.geodesy._inspection import RING, SPACING, Faults, inspect
from rangemap.geodesy._nearest import PointIndex
from rangemap.geodesy._outline import Outline
from rangemap.geodesy._validation import Floats

_COARSE: Final = 0.25  # of the radius: how far apart the first sources may be
_WESTERN: Final = box(-180, -90, 0, 90)
_EASTERN: Final = box(0, -90, 180, 90)


def core_area(outline: Outline, radius_m: float, tolerance_m: float) -> Area:
    """Return all places whose distance from every point of a territory is within a radius."""
    bend = float(unbending(radius_m + tolerance_m))
    lon, lat = dense_points(outline.edges, bend, SPACING * tolerance_m)
    lon, lat = np.append(lon, outline.points[:, 0]), np.append(lat, outline.points[:, 1])
    index = PointIndex(lon, lat)
    reach = min(radius_m, HALF_WAY_M - radius_m)
    chosen = _spread_out(index.vectors, _COARSE * reach, radius_m)
    area = _common(discs(lon[chosen], lat[chosen], radius_m, RING * tolerance_m), radius_m)
    for _ in range(ROUNDS):
        if area.is_empty:
            return Polygon()
        faults = _faults(area, index, radius_m, tolerance_m, bend)
        missed = np.union1d(faults.cause, _at_antipodes(area, index, radius_m, reach))
        missed = np.setdiff1d(missed, chosen)
        if not len(missed) and not len(faults.bowed):
            return _without_antipodes(polygonal(area), outline)
        area = halved(area, faults.bowed)
        if len(missed):
            chosen = np.union1d(chosen, missed)
            more = discs(lon[missed], lat[missed], radius_m, RING * tolerance_m)
            area = polygonal(_geos.intersection(area, _common(more, radius_m)))
    raise RuntimeError(f"intersection of discs of {radius_m} m does not settle")


def _common(some: Objects, radius_m: float) -> Area:
    """Return the intersection of discs; of large ones, by what they leave out."""
    if radius_m < 0.5 * HALF_WAY_M:
        return _geos.intersection_all(some)
    outside = _geos.union_all(_geos.difference(WORLD, some))
    area: Area = _geos.difference(WORLD, outside)
    return area


def _spread_out(vectors: Floats, gap_m: float, radius_m: float) -> Ints:
    """Return some points to start from."""
    if radius_m < 0.5 * HALF_WAY_M:
        # The points farthest out in some directions are those that count.
        ends = np.concatenate([vectors.argmax(axis=0), vectors.argmin(axis=0)])
        far = np.argmin(vectors @ vectors[ends].T, axis=0)
        return np.unique(np.concatenate([ends, far]))
    return thinned(vectors, gap_m)


def _faults(
    area: Area, index: PointIndex, radius_m: float, tolerance_m: float, bend: float
) -> Faults:
    def ask(lon: Floats, lat: Floats, _owner: Ints, slack: Floats) -> Ints:
        farthest, metres = index.farthest(lon, lat)
        return np.where(metres > radius_m + slack, farthest, -1)

    edges, _ = boundary_edges(area)
    return inspect(edges, np.zeros(len(edges), dtype=np.intp), ask, bend, tolerance_m)


def _at_antipodes(area: Area, index: PointIndex, radius_m: float, reach_m: float) -> Ints:
    """Return some sources whose antipodes the area still holds.

    Beyond a quarter of the way round, each source leaves a gap round its antipode.
    """
    none = np.empty(0, dtype=np.intp)
    if radius_m < 0.5 * HALF_WAY_M:
        return none
    shapely.prepare(area)
    found = np.flatnonzero(shapely.intersects_xy(area, (index.lon % 360) - 180, -index.lat))
    if not len(found):
        return none
    return found[thinned(index.vectors[found], _COARSE * reach_m)]


def _without_antipodes(area: Area, outline: Outline) -> Area:
    if outline.area.is_empty:
        return area
    pieces = []
    for half, turn in ((_WESTERN, -180.0), (_EASTERN, 180.0)):
        part = _geos.intersection(outline.area, half)
        pieces.append(
            shapely.transform(part, lambda xy, turn=turn: (xy - [turn, 0.0]) * [1.0, -1.0])
        )
    return polygonal(_geos.difference(area, _geos.union_all(pieces)))
