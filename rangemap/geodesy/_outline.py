"""Territories as given by a user: checked, cut at the antimeridian, and their true boundaries.

Edges along +-180 that have the territory on both sides, and edges along +-90, are seams of
the flat map and no boundary of anything.

Many territories are read in one pass over arrays: beside each array of edges, points or parts
stands an *owner*, the number of the territory that each belongs to, in ascending order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _geos
from rangemap.geodesy._boundary import ON_SEAM_DEG, Ints, Objects, boundaries, edges_of
from rangemap.geodesy._validation import Floats

_EAST_OF_SEAM: Final = box(180, -90, 540, 90)
_WEST_OF_SEAM: Final = box(-180, -90, 180, 90)
_POLYGON: Final = 3  # the greatest type number of a simple geometry
_MULTIPOLYGON: Final = 6
_LINES: Final = (1, 2)


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


@dataclass(frozen=True)
class Outlines:
    """Several territories in canonical form; attributes as of `Outline`, with their owners."""

    areas: Objects
    edges: Floats
    edge_owner: Ints
    points: Floats
    point_owner: Ints
    simple: Objects
    simple_owner: Ints

    @classmethod
    def of(cls, outline: Outline) -> Outlines:
        """Return one territory as several."""
        areas = np.empty(1, dtype=object)
        areas[0] = outline.area
        arrays: list[Any] = []
        for values in (outline.edges, outline.points, outline.simple):
            arrays += [values, np.zeros(len(values), dtype=np.intp)]
        return cls(areas, *arrays)

    def __len__(self) -> int:
        return len(self.areas)

    def only(self, index: int) -> Outline:
        """Return one of the territories."""
        return Outline(
            self.areas[index],
            self.edges[_span(self.edge_owner, index)],
            self.points[_span(self.point_owner, index)],
            self.simple[_span(self.simple_owner, index)],
        )

    def at(self, indices: Ints) -> Outlines:
        """Return some of the territories; indices ascend."""
        number = np.full(len(self.areas), -1)
        number[indices] = np.arange(len(indices))
        arrays: list[Any] = []
        for values, owner in self._owned():
            kept = number[owner] >= 0
            arrays += [values[kept], number[owner[kept]]]
        return Outlines(self.areas[indices], *arrays)

    def some(self, first: int, end: int) -> Outlines:
        """Return consecutive territories, numbered from 0."""
        arrays: list[Any] = []
        for values, owner in self._owned():
            low, high = np.searchsorted(owner, (first, end))
            arrays += [values[low:high], owner[low:high] - first]
        return Outlines(self.areas[first:end], *arrays)

    def _owned(self) -> Iterator[tuple[Any, Ints]]:
        yield self.edges, self.edge_owner
        yield self.points, self.point_owner
        yield self.simple, self.simple_owner


def read_outline(geometry: Any) -> Outline:
    """Check a geometry and return it in canonical form.

    Raises
    ------
    ArgumentError
        If it is no shapely geometry, is empty, has a coordinate that is not finite or out of
        range, an invalid polygon, or an edge that can be read in two ways.
    """
    return read_outlines([geometry], several=False).only(0)


def read_outlines(geometries: Iterable[Any], *, several: bool = True) -> Outlines:
    """Check geometries and return them in canonical form; as `read_outline`.

    With `several`, messages tell the number of the territory.
    """
    listed = list(geometries)
    given = np.empty(len(listed), dtype=object)
    for index, geometry in enumerate(listed):
        if not isinstance(geometry, BaseGeometry):
            at = f", at index {index}" if several else ""
            raise ArgumentError(
                f"a territory is a shapely geometry, not {type(geometry).__name__}{at}"
            )
        given[index] = geometry
    given = np.asarray(shapely.force_2d(given), dtype=object)
    parts, owner = _simple_parts(given, np.arange(len(given)))
    check = _Check(parts, owner, several)
    check.not_empty(given)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    check.coordinates(xy, part)
    check.edges()
    # A valid multipolygon need not be looked at twice.
    whole = (shapely.get_type_id(given) == _MULTIPOLYGON) & shapely.is_valid(given)
    check.valid(~whole[owner])
    beyond = np.unique(part[xy[:, 0] > 180])
    if len(beyond):
        whole[owner[beyond]] = False
        parts, owner = _cut(parts, owner, beyond)
        xy = shapely.get_coordinates(parts)
    limits = np.copysign([180.0, 90.0], xy)
    near = (np.abs(limits - xy) <= ON_SEAM_DEG) & (limits != xy)
    if near.any():
        parts = shapely.set_coordinates(parts.copy(), np.where(near, limits, xy))
        parts, owner = _mended(parts, owner)
        whole[:] = False
    given[~whole] = None
    return _outlines_of(parts, owner, given)


def outline_of(parts: Objects) -> Outline:
    """Return the outline of parts of another."""
    owner = np.zeros(len(parts), dtype=np.intp)
    return _outlines_of(parts, owner, np.array([None], dtype=object)).only(0)


def _span(owner: Ints, index: int) -> slice:
    low, high = np.searchsorted(owner, (index, index + 1))
    return slice(int(low), int(high))


def _simple_parts(geometries: Objects, numbers: Ints) -> tuple[Objects, Ints]:
    """Return the points, lines and polygons of geometries, and the number of each's geometry."""
    parts, owner = geometries, numbers
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        owner = owner[index]
    full = ~shapely.is_empty(parts)
    return parts[full], owner[full]


class _Check:
    """Each check of the parts of territories; the first fault is told."""

    def __init__(self, parts: Objects, owner: Ints, several: bool) -> None:
        self._parts, self._owner, self._several = parts, owner, several

    def not_empty(self, given: Objects) -> None:
        missing = np.flatnonzero(np.bincount(self._owner, minlength=len(given)) == 0)
        if len(missing):
            index = int(missing[0])
            raise ArgumentError(
                f"{self._name(index)} is empty ({given[index].geom_type} without points)"
            )

    def coordinates(self, xy: Floats, part: Ints) -> None:
        for column, name, low, high in ((0, "longitude", -180, 360), (1, "latitude", -90, 90)):
            values = xy[:, column]
            bad = np.flatnonzero(~((values >= low) & (values <= high)))
            if len(bad):
                value, where = values[bad[0]], self._place(part[bad[0]])
                rule = "is not a finite number"
                if np.isfinite(value):
                    rule = f"is outside [{low}, {high}] degrees"
                raise ArgumentError(f"{name} {value:.10g} in {where} {rule}")

    def edges(self) -> None:
        """Refuse edges that may be meant the short way round, and parts wider than the world."""
        bounds = shapely.bounds(self._parts)
        for index in np.flatnonzero(bounds[:, 2] - bounds[:, 0] > 180):
            if bounds[index, 2] - bounds[index, 0] > 360:
                raise ArgumentError(f"{self._place(index)} is wider than 360 degrees")
            edges, _ = edges_of(_lines_of(self._parts[index]))
            span = np.abs(edges[:, 2] - edges[:, 0])
            at_pole = (np.abs(edges[:, 1]) == 90) & (edges[:, 1] == edges[:, 3])
            bad = np.flatnonzero((span > 180) & (span < 360) & ~at_pole)
            if len(bad):
                lon1, lat1, lon2, lat2 = edges[bad[0]]
                raise ArgumentError(
                    f"{self._place(index)} has an edge of {span[bad[0]]:.6g} degrees of "
                    f"longitude, from ({lon1:.6g}, {lat1:.6g}) to ({lon2:.6g}, {lat2:.6g}): cut "
                    "it at the antimeridian, or put points on it if the long way is meant"
                )

    def valid(self, asked: npt.NDArray[np.bool_]) -> None:
        some = np.flatnonzero(asked)
        invalid = some[~shapely.is_valid(self._parts[some])]
        if len(invalid):
            reason = shapely.is_valid_reason(self._parts[invalid[0]])
            raise ArgumentError(f"{self._place(invalid[0])} is not valid: {reason}")

    def _name(self, owner: int) -> str:
        return f"territory {owner}" if self._several else "the territory"

    def _place(self, index: int | np.intp) -> str:
        owner = int(self._owner[index])
        part = index - np.searchsorted(self._owner, owner)
        return f"part {part} of {self._name(owner)}"


def _outlines_of(parts: Objects, owner: Ints, whole: Objects) -> Outlines:
    """Return outlines of simple parts; `whole` has the polygons that are known to be valid."""
    kinds = shapely.get_type_id(parts)
    areal, linear, single = kinds == _POLYGON, np.isin(kinds, _LINES), kinds == 0
    edges, edge_owner, poles, pole_owner = boundaries(parts[areal], owner[areal])
    at, at_owner = shapely.get_coordinates(parts[single]), owner[single]
    if linear.any():
        along, line = edges_of(parts[linear])
        along_owner = owner[linear][line]
        still = (along[:, :2] == along[:, 2:]).all(axis=1)
        edges = np.concatenate([edges, along[~still]])
        edge_owner = np.concatenate([edge_owner, along_owner[~still]])
        order = np.argsort(edge_owner, kind="stable")
        edges, edge_owner = edges[order], edge_owner[order]
        at = np.concatenate([at, along[still, :2]])
        at_owner = np.concatenate([at_owner, along_owner[still]])
    points = np.column_stack([np.concatenate([at_owner, pole_owner]), np.concatenate([at, poles])])
    points = np.unique(points, axis=0)
    return Outlines(
        areas=_areas(parts[areal], owner[areal], whole),
        edges=edges,
        edge_owner=edge_owner,
        points=points[:, 1:],
        point_owner=points[:, 0].astype(np.intp),
        simple=parts,
        simple_owner=owner,
    )


def _areas(polygons: Objects, owner: Ints, whole: Objects) -> Objects:
    areas = whole.copy()
    first = np.searchsorted(owner, np.arange(len(whole) + 1))
    for index in np.flatnonzero(~shapely.is_geometry(whole)):
        own = polygons[first[index] : first[index + 1]]
        area = own[0] if len(own) == 1 else MultiPolygon(list(own))
        areas[index] = area if len(own) == 1 or area.is_valid else _geos.union_all(own)
    return areas


def _cut(parts: Objects, owner: Ints, beyond: Ints) -> tuple[Objects, Ints]:
    """Bring parts beyond 180 degrees back: what lies there moves west by 360."""
    pieces: list[BaseGeometry] = []
    owners: list[int] = []
    for part in parts[beyond]:
        west = _geos.intersection(part, _WEST_OF_SEAM)
        east = _geos.intersection(part, _EAST_OF_SEAM)
        east = shapely.transform(east, lambda xy: xy - [360.0, 0.0])
        found = [*shapely.get_parts(west), *shapely.get_parts(east)]
        same = shapely.get_dimensions(part)
        kept = [p for p in found if shapely.get_dimensions(p) == same and not p.is_empty]
        pieces += kept
        owners.append(len(kept))
    cut: Objects = np.empty(len(pieces), dtype=object)
    cut[:] = pieces
    cut = shapely.transform(cut, lambda xy: np.clip(xy, [-180.0, -90.0], [180.0, 90.0]))
    kept_parts, kept_owner = np.delete(parts, beyond), np.delete(owner, beyond)
    all_parts = np.concatenate([kept_parts, cut])
    all_owner = np.concatenate([kept_owner, np.repeat(owner[beyond], owners)])
    order = np.argsort(all_owner, kind="stable")
    return all_parts[order], all_owner[order]


def _mended(parts: Objects, owner: Ints) -> tuple[Objects, Ints]:
    """Return simple valid parts, where moving vertices by 0.1 mm has folded polygons up."""
    valid = shapely.is_valid(parts)
    if valid.all():
        return parts, owner
    mended, mended_owner = _simple_parts(shapely.make_valid(parts[~valid]), owner[~valid])
    parts, owner = np.append(parts[valid], mended), np.append(owner[valid], mended_owner)
    order = np.argsort(owner, kind="stable")
    return parts[order], owner[order]


def _lines_of(part: BaseGeometry) -> Objects:
    polygon = part.geom_type == "Polygon"
    lines: Objects = shapely.get_rings(part) if polygon else np.array([part], dtype=object)
    return lines
