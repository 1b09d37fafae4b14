"""The true boundary of polygons on the map, without the seams of the map.

Edges along +-180 that have the polygon on both sides, and edges along +-90, bound nothing.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from rangemap.geodesy._validation import Floats

ON_SEAM_DEG: Final = 1e-9  # 0.1 mm

Objects = npt.NDArray[np.object_]
Ints = npt.NDArray[np.intp]


def boundary_edges(polygons: Any) -> tuple[Floats, Floats]:
    """Return the edges of polygons that bound something, and the poles that they meet.

    Returns
    -------
    edges : numpy.ndarray, shape (n, 4)
    poles : numpy.ndarray, shape (0 to 2, 2)
    """
    parts = shapely.get_parts(polygons)
    edges, _, poles, _ = boundaries(parts, np.zeros(len(parts), dtype=np.intp))
    return edges, poles


def boundaries(polygons: Objects, owner: Ints) -> tuple[Floats, Ints, Floats, Ints]:
    """Return the same for the parts of several polygons: edges and poles with their owners."""
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    edges, line = edges_of(rings)
    owner = owner[polygon][line]
    lat = np.abs(edges[:, 1])
    at_pole = (lat == 90) & (edges[:, 1] == edges[:, 3])
    on_seam = (np.abs(edges[:, 0]) == 180) & (edges[:, 0] == edges[:, 2])
    moves = (edges[:, 0] != edges[:, 2]) | (edges[:, 1] != edges[:, 3])
    poles = np.zeros((0, 2))
    pole_owner = owner[:0]
    if at_pole.any():
        found = np.unique(
            np.column_stack([owner[at_pole & moves], edges[at_pole & moves, 1]]), axis=0
        )
        poles = np.column_stack([np.zeros(len(found)), found[:, 1]])
        pole_owner = found[:, 0].astype(np.intp)
    seam = on_seam & moves & ~at_pole
    plain = moves & ~at_pole & ~seam
    if not seam.any():
        if not plain.all():
            edges, owner = edges[plain], owner[plain]
        return edges, owner, poles, pole_owner
    alone, alone_owner = _one_sided(edges[seam], owner[seam])
    edges = np.concatenate([edges[plain], alone])
    owner = np.concatenate([owner[plain], alone_owner])
    if len(alone):
        order = np.argsort(owner, kind="stable")
        edges, owner = edges[order], owner[order]
    return edges, owner, poles, pole_owner


def edges_of(lines: Objects) -> tuple[Floats, Ints]:
    """Return the edges of lines, and the line that each belongs to."""
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    edges = np.empty((len(same), 4))
    edges[:, :2], edges[:, 2:] = xy[:-1], xy[1:]
    return edges[same], line[:-1][same]


def _one_sided(edges: Floats, owner: Ints) -> tuple[Floats, Ints]:
    """Return the parts of edges on the antimeridian that have the territory on one side only.

    Walking north along it, count on each side the edges that have begun and not ended.
    """
    lats = np.sort(edges[:, 1::2], axis=1).T.ravel()  # where each begins, then where each ends
    step = np.repeat([1, -1], len(edges))
    west = np.tile(edges[:, 0] < 0, 2)
    owners = np.tile(owner, 2)
    order = np.lexsort((lats, owners))
    lats, owners, step, west = lats[order], owners[order], step[order], west[order]
    here = np.cumsum(np.where(west, 0, step)) > 0
    there = np.cumsum(np.where(west, step, 0)) > 0
    alone = (here != there)[:-1] & (np.diff(lats) > ON_SEAM_DEG) & (np.diff(owners) == 0)
    some = np.flatnonzero(alone)
    side = np.where(here[some], 180.0, -180.0)
    return np.column_stack([side, lats[some], side, lats[some + 1]]), owners[some]
