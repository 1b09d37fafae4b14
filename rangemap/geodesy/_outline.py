"""A territory as given by a user: checked, cut at the antimeridian, and its true boundary.

Edges along +-180 that have the territory on both sides, and edges along +-90, are seams of
the flat map and no boundary of anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy._validation import Floats

_ON_SEAM_DEG: Final = 1e-9  # 0.1 mm
_EAST_OF_SEAM: Final = box(180, -90, 540, 90)
_WEST_OF_SEAM: Final = box(-180, -90, 180, 90)
_SIMPLE: Final = {"Point", "LineString", "LinearRing", "Polygon"}

Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Outline:
    """A territory in canonical form.

    Attributes
    ----------
    area : Polygon or MultiPolygon
        Its polygons, valid, within +-180; may be empty.
    edges : numpy.ndarray, shape (n, 4)
        lon1, lat1, lon2, lat2 of the true boundary and of lines, straight in lon/lat.
    points : numpy.ndarray, shape (m, 2)
        Points that belong to the territory and to no edge; a pole on its rim stands here.
    simple : numpy.ndarray of object
        The polygons, lines and points that it was made from.
    """

    area: Polygon | MultiPolygon
    edges: Floats
    points: Floats
    simple: Objects


def read_outline(geometry: Any) -> Outline:
    """Check a geometry and return it in canonical form.

    Raises
    ------
    ArgumentError
        If it is no shapely geometry, is empty, has a coordinate that is not finite or out of
        range, an invalid polygon, or an edge that can be read in two ways.
    """
    return outline_of(canonical_parts(geometry))


def outline_of(parts: Objects) -> Outline:
    """Return the outline of parts that `canonical_parts` returned."""
    kinds = shapely.get_type_id(parts)
    polygons, lines, points = (
        parts[kinds == 3],
        parts[(kinds == 1) | (kinds == 2)],
        parts[kinds == 0],
    )
    edges, poles = boundary_edges(polygons)
    along = _edges_of(lines)
    at = np.concatenate([shapely.get_coordinates(points), poles, along[_still(along)][:, :2]])
    return Outline(
        area=_area(polygons),
        edges=np.concatenate([edges, along[~_still(along)]]),
        points=np.unique(at, axis=0),
        simple=parts,
    )


def canonical_parts(geometry: Any) -> Objects:
    """Return the simple parts of a checked geometry, in two dimensions, within +-180."""
    if not isinstance(geometry, BaseGeometry):
        raise ArgumentError(f"a territory is a shapely geometry, not {type(geometry).__name__}")
    parts = _simple_parts(geometry)
    if not len(parts):
        raise ArgumentError(f"the territory is empty ({geometry.geom_type} without points)")
    xy, part = shapely.get_coordinates(parts, return_index=True)
    _check_coordinates(xy, part)
    _check_edges(parts)
    invalid = np.flatnonzero(~shapely.is_valid(parts))
    if len(invalid):
        reason = shapely.is_valid_reason(parts[invalid[0]])
        raise ArgumentError(f"part {invalid[0]} of the territory is not valid: {reason}")
    if (xy[:, 0] > 180).any():
        parts = _cut(parts)
        xy = shapely.get_coordinates(parts)
    for column, limit in ((0, 180.0), (1, 90.0)):
        off = limit - np.abs(xy[:, column])
        if ((off > 0) & (off <= _ON_SEAM_DEG)).any():
            xy[off <= _ON_SEAM_DEG, column] = np.copysign(limit, xy[off <= _ON_SEAM_DEG, column])
            parts = shapely.set_coordinates(parts.copy(), xy)
    return parts


def boundary_edges(polygons: Any) -> tuple[Floats, Floats]:
    """Return the edges of polygons that bound something, and the poles that they meet.

    Returns
    -------
    edges : numpy.ndarray, shape (n, 4)
    poles : numpy.ndarray, shape (0 to 2, 2)
    """
    edges = _edges_of(shapely.get_rings(shapely.get_parts(polygons)))
    edges = edges[~_still(edges)]
    at_pole = (np.abs(edges[:, 1]) == 90) & (edges[:, 1] == edges[:, 3])
    poles = np.array([[0.0, lat] for lat in np.unique(edges[at_pole, 1])]).reshape(-1, 2)
    edges = edges[~at_pole]
    on_seam = (np.abs(edges[:, 0]) == 180) & (edges[:, 0] == edges[:, 2])
    if not on_seam.any():
        return edges, poles
    return np.concatenate([edges[~on_seam], _one_sided(edges[on_seam])]), poles


def _simple_parts(geometry: BaseGeometry) -> Objects:
    parts = np.array([geometry], dtype=object)
    while not _SIMPLE.issuperset(kind := {part.geom_type for part in parts}):
        del kind
        parts = shapely.get_parts(parts)
    parts = shapely.force_2d(parts)
    kept: Objects = parts[~shapely.is_empty(parts)]
    return kept


def _check_coordinates(xy: Floats, part: npt.NDArray[np.intp]) -> None:
    for column, name, low, high in ((0, "longitude", -180, 360), (1, "latitude", -90, 90)):
        values = xy[:, column]
        bad = np.flatnonzero(~((values >= low) & (values <= high)))
        if len(bad):
            value, where = values[bad[0]], part[bad[0]]
            rule = "is not a finite number"
            if np.isfinite(value):
                rule = f"is outside [{low}, {high}] degrees"
            raise ArgumentError(f"{name} {value:.10g} in part {where} of the territory {rule}")


def _check_edges(parts: Objects) -> None:
    """Refuse edges that may be meant the short way round, and parts wider than the world."""
    bounds = shapely.bounds(parts)
    wide = np.flatnonzero(bounds[:, 2] - bounds[:, 0] > 180)
    for index in wide:
        if bounds[index, 2] - bounds[index, 0] > 360:
            raise ArgumentError(f"part {index} of the territory is wider than 360 degrees")
        edges = _edges_of(_lines_of(parts[index]))
        span = np.abs(edges[:, 2] - edges[:, 0])
        at_pole = (np.abs(edges[:, 1]) == 90) & (edges[:, 1] == edges[:, 3])
        bad = np.flatnonzero((span > 180) & (span < 360) & ~at_pole)
        if len(bad):
            lon1, lat1, lon2, lat2 = edges[bad[0]]
            raise ArgumentError(
                f"part {index} of the territory has an edge of {span[bad[0]]:.6g} degrees of "
                f"longitude, from ({lon1:.6g}, {lat1:.6g}) to ({lon2:.6g}, {lat2:.6g}): cut it at "
                "the antimeridian, or put points on it if the long way is meant"
            )


def _cut(parts: Objects) -> Objects:
    """Bring parts beyond 180 degrees back: what lies there moves west by 360."""
    within = shapely.intersection(parts, _WEST_OF_SEAM)
    beyond = shapely.intersection(parts, _EAST_OF_SEAM)
    beyond = shapely.transform(beyond, lambda xy: xy - [360.0, 0.0])
    pieces: list[BaseGeometry] = []
    for original, west, east in zip(parts, within, beyond, strict=True):
        found = (*shapely.get_parts(west), *shapely.get_parts(east))
        same = shapely.get_dimensions(original)
        pieces.extend(
            piece for piece in found if shapely.get_dimensions(piece) == same and not piece.is_empty
        )
    result: Objects = np.empty(len(pieces), dtype=object)
    result[:] = pieces
    clipped: Objects = shapely.transform(
        result, lambda xy: np.clip(xy, [-180.0, -90.0], [180.0, 90.0])
    )
    return clipped


def _area(polygons: Objects) -> Polygon | MultiPolygon:
    if len(polygons) == 1:
        return polygons[0]
    whole = MultiPolygon(list(polygons))
    return whole if whole.is_valid else shapely.union_all(polygons)


def _lines_of(part: BaseGeometry) -> Objects:
    polygon = part.geom_type == "Polygon"
    lines: Objects = shapely.get_rings(part) if polygon else np.array([part], dtype=object)
    return lines


def _edges_of(lines: Objects) -> Floats:
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return np.concatenate([xy[:-1][same], xy[1:][same]], axis=1).reshape(-1, 4)


def _still(edges: Floats) -> npt.NDArray[np.bool_]:
    still: npt.NDArray[np.bool_] = (edges[:, :2] == edges[:, 2:]).all(axis=1)
    return still


def _one_sided(edges: Floats) -> Floats:
    """Return the parts of edges on the antimeridian that have the territory on one side only."""
    sides = []
    for side in (180.0, -180.0):
        lats = np.sort(edges[edges[:, 0] == side][:, 1::2], axis=1)
        sides.append(shapely.union_all([shapely.box(0, low, 1, high) for low, high in lats]))
    alone = shapely.symmetric_difference(*sides)
    found = [
        (side, low, side, high)
        for side, mine in zip((180.0, -180.0), sides, strict=True)
        for _, low, _, high in shapely.bounds(shapely.get_parts(shapely.intersection(alone, mine)))
        if high - low > _ON_SEAM_DEG
    ]
    return np.array(found).reshape(-1, 4)
