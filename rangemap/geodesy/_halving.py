"""New vertices in the middle of some edges of a polygon, which leave it as it is."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from rangemap.geodesy import _geos
from rangemap.geodesy._boundary import Objects
from rangemap.geodesy._validation import Floats


def halved(area: Polygon | MultiPolygon, edges: Floats) -> Polygon | MultiPolygon:
    """Return a polygon with a vertex in the middle of given edges.

    Parameters
    ----------
    area : Polygon or MultiPolygon
    edges : numpy.ndarray, shape (n, 4)
        As they run along its rings.
    """
    wanted = {tuple(edge) for edge in edges.tolist()}
    parts = [
        Polygon(_ring(part.exterior, wanted), [_ring(hole, wanted) for hole in part.interiors])
        for part in shapely.get_parts(area)
    ]
    result = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    # Rounding moves a vertex by a nanometre; where two boundaries touch, that may cross them.
    return result if result.is_valid else _geos.union_all(_mended(parts))


def _ring(ring: shapely.LinearRing, wanted: set[tuple[float, ...]]) -> Floats:
    xy = shapely.get_coordinates(ring)
    edges = np.concatenate([xy[:-1], xy[1:]], axis=1)
    at = np.flatnonzero([tuple(edge) in wanted for edge in edges.tolist()])
    result: Floats = np.insert(xy, at + 1, 0.5 * (xy[at] + xy[at + 1]), axis=0)
    return result


def _mended(parts: list[Polygon]) -> Objects:
    mended: Objects = shapely.get_parts(shapely.make_valid(np.array(parts, dtype=object)))
    areal: Objects = mended[shapely.get_dimensions(mended) == 2]
    return areal
