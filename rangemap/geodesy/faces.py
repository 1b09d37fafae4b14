"""How many polygons cover each place: the world cut along all their boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import _geos
from rangemap.geodesy._area import areas_m2, edge_lengths_m
from rangemap.geodesy._shapes import Shapes, ShapesLike, check_polygons
from rangemap.geodesy._validation import Bools, Floats
from rangemap.geodesy.overlay import oriented, polygonal

_THINNEST_M: Final = 1e-5
"""A face thinner than this comes from rounding: coordinates are exact to some nanometres."""

_LARGEST_THIN_M2: Final = 1e5  # no face thinner than that has more area, however long
_MOST_LOST: Final = 1e-10  # of the area of a polygon, before its boundaries are snapped
_GRIDS_DEG: Final = (None, 1e-11, 1e-10)
"""Boundaries are noded as they are. Where some all but coincide, as rings round one pole with
different vertices do, that can leave gaps; they are then snapped to a grid of a micrometre."""

_SEAM_OVERLAP_DEG: Final = 1e-9  # pieces that share more of the antimeridian are one face

Counts = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


@dataclass(frozen=True, eq=False)
class OverlapFaces:
    """A partition of what some polygons cover, by which of them cover it.

    Attributes
    ----------
    polygons : numpy.ndarray of object, shape (n_faces,)
        Valid, EPSG:4326, cut at the antimeridian, shells counter-clockwise. They share
        edges and no area; together they are the union of the polygons given.
    count : numpy.ndarray of int, shape (n_faces,)
        How many polygons cover the face; 1 or more.
    members : numpy.ndarray of bool, shape (n_faces, n_polygons)
        Which of them do.
    """

    polygons: Shapes
    count: Counts
    members: Bools

    @cached_property
    def area_km2(self) -> Floats:
        """Exact areas of the faces on the ellipsoid, shape (n_faces,)."""
        return areas_m2(self.polygons) / 1e6

    def member_indices(self) -> tuple[tuple[int, ...], ...]:
        """Return, for each face, the indices of the polygons that cover it.

        Examples
        --------
        >>> faces = overlap_counts([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
        >>> faces.member_indices()
        ((0,), (1,), (0, 1))
        """
        return tuple(tuple(np.flatnonzero(row).tolist()) for row in self.members)

    def dissolve(self, *, at_least: bool = False) -> Shapes:
        """Return what is covered by just 1, 2, ... polygons, or by at least so many.

        Parameters
        ----------
        at_least : bool, default False
            Count places that more polygons cover as well.

        Returns
        -------
        numpy.ndarray of object, shape (largest count,)
            Polygons; item k - 1 is for the count k, empty where no place has it.

        Examples
        --------
        >>> faces = overlap_counts([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
        >>> [shape.area for shape in faces.dissolve()]
        [2.0, 1.0]
        >>> [shape.area for shape in faces.dissolve(at_least=True)]
        [3.0, 1.0]
        """
        most = int(self.count.max(initial=0))
        shapes: Shapes = np.empty(most, dtype=object)
        whole: Shapes = np.empty(0, dtype=object)
        for k in range(most, 0, -1):
            here = shapely.get_parts(self.polygons[self.count == k])
            whole = np.concatenate([whole, here]) if at_least else here
            dissolved = _dissolved(whole)
            shapes[k - 1] = oriented(dissolved)
            whole = shapely.get_parts(dissolved)
        return shapes


def _dissolved(faces: Shapes) -> BaseGeometry:
    """Return the union of faces, which share whole edges, so that no new vertex is computed.

    Where rounding has set vertices of two faces a nanometre apart, they do not quite.
    """
    try:
        dissolved: BaseGeometry = shapely.coverage_union_all(faces)
        if dissolved.is_valid:
            return dissolved
    except shapely.errors.GEOSException:
        pass
    whole: BaseGeometry = polygonal(_geos.union_all(faces))
    return whole


def overlap_counts(polygons: ShapesLike) -> OverlapFaces:
    """Cut what polygons cover into faces with how many and which of them cover each.

    The boundaries are noded with each other and polygonized; each face is then counted
    exactly, at a point within it. A face that crosses the antimeridian is one face of
    several parts. Faces of numerical origin, thinner than 0.01 mm (twice the area over
    the perimeter), join the covered face with which they share the longest edge, and
    take over its count; such gaps between polygons remain uncovered. Nothing is dropped
    that is covered, but for faces thinner than 0.01 mm in which no point can be found, or
    whose area rounds to nothing.
    That the faces of each polygon have its area is checked before they are returned.

    Parameters
    ----------
    polygons : iterable of n shapely polygons, or a GeoSeries or GeoDataFrame
        Valid, EPSG:4326, cut at the antimeridian; they may be empty or the same.

    Returns
    -------
    OverlapFaces
        Ordered by count, then by members, then from west to east.

    Raises
    ------
    ArgumentError
        If an item is no valid polygon within the globe, or a frame is not in EPSG:4326.

    Examples
    --------
    >>> faces = overlap_counts([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    >>> faces.count.tolist()
    [1, 1, 2]
    >>> faces.members.tolist()
    [[True, False], [False, True], [True, True]]
    """
    given = check_polygons(polygons, "polygon").ravel()
    # In an order of their own, so that rounding does not depend on that of the input.
    wkb = shapely.to_wkb(given)
    sorted_ = np.array(sorted(range(len(given)), key=wkb.__getitem__), dtype=np.intp)
    given = given[sorted_]
    for grid_deg in _GRIDS_DEG:
        pieces, members = _arranged(given, grid_deg)
        if _adds_up(given, pieces, members):
            break
    else:
        raise RuntimeError("the faces do not add up to the polygons")
    members = members[:, np.argsort(sorted_)]
    pieces, members = _joined_over_the_seam(pieces, members)
    order = _order(pieces, members)
    faces = shapely.orient_polygons(shapely.normalize(pieces[order]), exterior_cw=False)
    members = members[order]
    count = members.sum(axis=1, dtype=np.int64)
    for array in (faces, members, count):
        array.setflags(write=False)
    return OverlapFaces(faces, count, members)


def _arranged(given: Shapes, grid_deg: float | None) -> tuple[Shapes, Bools]:
    """Return the covered pieces between all boundaries, and which polygons cover each."""
    network = _geos.union_all(shapely.boundary(given), grid_size=grid_deg)
    pieces: Shapes = shapely.get_parts(shapely.polygonize(shapely.get_parts(network)))
    members = _members(pieces, given)
    covered = members.any(axis=1)
    return _without_slivers(pieces[covered], members[covered])


def _adds_up(given: Shapes, pieces: Shapes, members: Bools) -> bool:
    """Return whether the pieces of each polygon have its area."""
    area = areas_m2(pieces)
    found = np.array([area[row].sum() for row in members.T])
    slack = _MOST_LOST * areas_m2(given) + _THINNEST_M * _perimeters_m(given)
    return bool((np.abs(found - areas_m2(given)) <= slack).all())


def _members(pieces: Shapes, polygons: Shapes) -> Bools:
    """Return which polygons cover each piece, asked at a point within it."""
    inner = shapely.get_coordinates(shapely.point_on_surface(pieces))
    order = np.argsort(inner[:, 0], kind="stable")
    lon, lat = inner[order].T
    members = np.zeros((len(pieces), len(polygons)), dtype=bool)
    for index, polygon in enumerate(polygons):
        if polygon.is_empty:
            continue
        west, south, east, north = polygon.bounds
        near = slice(*np.searchsorted(lon, [west, np.nextafter(east, np.inf)]))
        rows = np.flatnonzero((lat[near] >= south) & (lat[near] <= north)) + near.start
        inside = shapely.contains_xy(polygon, lon[rows], lat[rows])
        members[order[rows[inside]], index] = True
    return members


def _without_slivers(pieces: Shapes, members: Bools) -> tuple[Shapes, Bools]:
    """Join pieces that come from rounding to a neighbour; keep those with an area and no such."""
    small = np.flatnonzero(areas_m2(pieces) < _LARGEST_THIN_M2)
    if not small.size:
        return pieces, members
    area = areas_m2(pieces[small])
    thin = small[2 * area < _THINNEST_M * _perimeters_m(pieces[small])]
    if not thin.size:
        return pieces, members
    pieces = pieces.copy()
    solid = np.setdiff1d(np.arange(len(pieces)), thin)
    tree = shapely.STRtree(pieces[solid])
    gone = np.zeros(len(pieces), dtype=bool)
    gone[small[area == 0]] = True
    for index in thin[~gone[thin]]:
        beside = solid[np.sort(tree.query(pieces[index], predicate="intersects"))]
        shared = shapely.length(
            _geos.intersection(shapely.boundary(pieces[index]), shapely.boundary(pieces[beside]))
        )
        if beside.size and shared.max() > 0:
            target = beside[int(np.argmax(shared))]
            pieces[target] = _geos.union(pieces[target], pieces[index])
            gone[index] = True
    return pieces[~gone], members[~gone]


def _perimeters_m(pieces: Shapes) -> Floats:
    xy, owner = shapely.get_coordinates(shapely.boundary(pieces), return_index=True)
    edges = owner[1:] == owner[:-1]
    length = edge_lengths_m(xy[:-1][edges], xy[1:][edges])
    perimeters = np.zeros(len(pieces))
    np.add.at(perimeters, owner[:-1][edges], length)
    return perimeters


def _joined_over_the_seam(pieces: Shapes, members: Bools) -> tuple[Shapes, Bools]:
    """Make one face of pieces that meet along the antimeridian with the same members."""
    east, west = _seam_edges(pieces, 180.0), _seam_edges(pieces, -180.0)
    leader = np.arange(len(pieces))

    def first(index: int) -> int:
        while leader[index] != index:
            index = int(leader[index])
        return index

    i = j = 0
    while i < len(east) and j < len(west):
        (low_e, high_e, piece_e), (low_w, high_w, piece_w) = east[i], west[j]
        a, b = first(int(piece_e)), first(int(piece_w))
        together = min(high_e, high_w) - max(low_e, low_w) > _SEAM_OVERLAP_DEG
        if a != b and together and (members[a] == members[b]).all():
            leader[max(a, b)] = min(a, b)
        if high_e <= high_w:
            i += 1
        else:
            j += 1
    leaders = np.array([first(index) for index in range(len(pieces))], dtype=int)
    joined = pieces.copy()
    for index in np.unique(leaders[leaders != np.arange(len(pieces))]):
        joined[index] = shapely.MultiPolygon(
            list(shapely.get_parts(pieces[np.flatnonzero(leaders == index)]))
        )
    kept = np.unique(leaders)
    return joined[kept], members[kept]


def _seam_edges(pieces: Shapes, seam: float) -> Floats:
    """Return edges along the antimeridian, from south to north: from, to, piece."""
    bounds = shapely.bounds(pieces).reshape(-1, 4)
    touching = np.flatnonzero(bounds[:, 2 if seam > 0 else 0] == seam)
    rings, piece = shapely.get_rings(shapely.get_parts(pieces[touching]), return_index=True)
    xy, owner = shapely.get_coordinates(rings, return_index=True)
    along = (owner[1:] == owner[:-1]) & (xy[1:, 0] == seam) & (xy[:-1, 0] == seam)
    low = np.minimum(xy[1:, 1], xy[:-1, 1])[along]
    high = np.maximum(xy[1:, 1], xy[:-1, 1])[along]
    edges = np.column_stack([low, high, touching[piece[owner[:-1][along]]]])
    return edges[np.argsort(low, kind="stable")]


def _order(pieces: Shapes, members: Bools) -> Counts:
    """Return an order that does not depend on how the pieces were found."""
    west, south, east, north = shapely.bounds(pieces).reshape(-1, 4).T
    packed = np.packbits(~members, axis=1).T[::-1] if members.size else ()
    keys = (north, east, south, west, *packed, members.sum(axis=1))
    return np.lexsort(keys) if len(pieces) else np.zeros(0, dtype=int)
