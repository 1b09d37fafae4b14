"""The union of discs round those points of a territory that support its buffer.

Few points of a long coast matter: those that are nearest to some place on the boundary of
the result. They are found from a coarse union, and added until nothing is missed.

The tolerance is shared out (`rangemap.geodesy._inspection`). With D the distance from the territory
and r the radius, a point of the drawn boundary has D - r <= ring, for it lies on a disc; and
D - r >= -(slack + between + spacing), for it was inspected: no source is nearer than r - slack to a
place asked, D is semi-concave and falls by no more than `between` from one place to the next,
and sources stand so densely that none is missed by more than `spacing`.

Many territories grow side by side, in one pass over arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _assembly
from rangemap.geodesy._bending import bending, dense_points_of, follows, unbending
from rangemap.geodesy._envelope import Labels, azimuths, loops
from rangemap.geodesy._halving import halved
from rangemap.geodesy._inspection import RING, SPACING, Faults, inspect
from rangemap.geodesy._level import LevelIndex
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._outline import Ints, Objects, Outline, Outlines, boundaries
from rangemap.geodesy._sectors import Spacing, rough_discs, sectors
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.rings import _in_passes

_RADIUS_M: Final = 6_371_000.0
HALF_WAY_M: Final = 20_003_900.0
_COARSE: Final = 0.3  # of the radius: how far apart the first sources may be
ROUNDS: Final = 40
_ROUGH: Final = 0.04  # of the reach: by how much a coarse disc may fall short
_PINHOLE: Final = 0.2  # of the tolerance: no point of a hole that is closed is farther from its rim
_MOST_DISCS: Final = 100_000  # some minutes of work
_DEGREE_M: Final = 111_700.0  # at most
_OF_RADIUS: Final = 0.2  # a small buffer is drawn finer than the tolerance: no more than this
_SECTOR_TURNS: Final = 3  # after which whole discs are added, which cannot leave gaps
_MARGIN: Final = 1.5  # of the distance between samples: how far a sector goes beyond them
_EDGES_AT_ONCE: Final = 40_000  # of territories that grow side by side
_EDGES_FOR_EACH: Final = 500  # that a territory counts for at least

_NEARLY_EXACT: Final = 0.002  # of the tolerance: what the level's formula may be off
_COMPLEX: Final = np.array([1.0, 1.0j])
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well spread

Area: TypeAlias = Polygon | MultiPolygon
Flags: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sources:
    """Points that stand for territories: discs round them make their buffers."""

    lon: Floats
    lat: Floats
    owner: Ints
    vectors: Floats

    def some(self, kept: Flags | Ints) -> Sources:
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


def buffer_area(outline: Outline, radius_m: float, tolerance_m: float) -> Area:
    """Return the buffer of one territory: all discs round it, and itself."""
    area: Area = buffer_areas(Outlines.of(outline), radius_m, tolerance_m)[0]
    return area


def buffer_areas(outlines: Outlines, radius_m: float, tolerance_m: float) -> Objects:
    """Return the buffers of territories, one after another some of them at a time."""
    tolerance_m = min(tolerance_m, _OF_RADIUS * radius_m)
    groups = [_group(part, radius_m, tolerance_m) for part in _some_at_a_time(outlines)]
    return np.concatenate(groups) if groups else np.empty(0, dtype=object)


def _some_at_a_time(outlines: Outlines) -> Iterator[Outlines]:
    edges = np.bincount(outlines.edge_owner, minlength=len(outlines)) + _EDGES_FOR_EACH
    group = np.cumsum(edges) // _EDGES_AT_ONCE
    ends = np.append(np.flatnonzero(np.diff(group)) + 1, len(outlines)) if len(group) else []
    start = 0
    for end in ends:
        yield outlines.some(start, int(end))
        start = int(end)


def _group(outlines: Outlines, radius_m: float, tolerance_m: float) -> Objects:
    sources = sources_of(outlines, radius_m, SPACING * tolerance_m)
    areas = np.empty(len(outlines), dtype=object)
    single = np.bincount(sources.owner, minlength=len(outlines)) == 1
    alone = sources.some(single[sources.owner])
    areas[single] = discs(alone.lon, alone.lat, radius_m, tolerance_m)
    if not single.all():
        rest = sources.some(~single[sources.owner])
        areas[~single] = _Growth(outlines, rest, radius_m, tolerance_m).run()[~single]
    return areas


class _Growth:
    """Buffers that grow until no source reaches over their boundaries.

    Owners without sources are left as they are: None.
    """

    def __init__(
        self, outlines: Outlines, sources: Sources, radius_m: float, tolerance_m: float
    ) -> None:
        self.outlines, self.sources = outlines, sources
        self.radius_m, self.tolerance_m = radius_m, tolerance_m
        self.reach_m = min(radius_m, HALF_WAY_M - radius_m)
        self.bend = float(bending(radius_m))
        self.level = LevelIndex(sources.lon, sources.lat, sources.owner, radius_m)
        self.areas: Objects = np.empty(len(outlines), dtype=object)
        self._proven = _Edges()
        either_way = max(self.bend, float(unbending(radius_m + tolerance_m)))
        self._spacing = Spacing(radius_m, either_way, RING * tolerance_m)

    def run(self) -> Objects:
        active = np.unique(self.sources.owner)
        self._start()
        edges, edge_owner = self._edges(active)
        lon, lat, owner, edge = dense_points_of(edges, edge_owner, self.bend, self.tolerance_m)
        nearest = self.level.nearest(lon, lat, owner, self.radius_m)
        served = self._put_together(edges, edge_owner, edge, lon, lat, nearest)
        for turn in range(ROUNDS):
            rest = (nearest >= 0) & ~served[owner]
            whole = turn > _SECTOR_TURNS
            pieces, piece_owner = self._pieces(lon[rest], lat[rest], nearest[rest], whole=whole)
            self._unite(pieces, piece_owner)
            edges, faults = self._inspected(active)
            lon, lat, owner, nearest = faults.lon, faults.lat, faults.owner, faults.cause
            left = np.union1d(owner, faults.bowed_owner)
            for index in np.setdiff1d(active, left):
                if self._cover_sources(index):
                    left = np.append(left, index)
            if not len(left):
                return self.areas
            for index in np.setdiff1d(faults.bowed_owner, owner):
                bowed = faults.bowed[faults.bowed_owner == index]
                self.areas[index] = halved(self.areas[index], bowed)
            served = self._put_together_again(edges, faults, served)
            active = np.sort(left)
        raise RuntimeError(f"buffer of {self.radius_m} m does not settle")

    def _start(self) -> None:
        """Make coarse areas of coarse discs, which stay within the true ones."""
        chosen = thinned(self.sources.vectors, _COARSE * self.reach_m, self.sources.owner)
        most = np.bincount(self.sources.owner[chosen]).max()
        if most > _MOST_DISCS:
            raise ArgumentError(
                f"distance {self.radius_m / 1000:g} km is too small for so long a boundary: "
                f"{most:,} discs would be needed, over {_MOST_DISCS:,}"
            )
        rough, owner = self._whole(chosen)
        for index, own in _by_owner(owner, rough):
            area = self._filled(index, shapely.union_all(own))
            self.areas[index] = shapely.orient_polygons(area, exterior_cw=False)

    def _whole(self, chosen: Ints) -> tuple[Objects, Ints]:
        """Return coarse discs, sorted by owner."""
        coarse = min(max(0.01 * self.reach_m, self.tolerance_m * RING), 10_000.0)
        lon, lat, owner = (
            values[chosen] for values in (self.sources.lon, self.sources.lat, self.sources.owner)
        )
        rough, refused = rough_discs(
            lon, lat, radius_m=self.radius_m, most_m=_ROUGH * self.reach_m
        )
        if refused.any():
            inner = self.radius_m - coarse
            rough = np.append(rough, discs(lon[refused], lat[refused], inner, coarse))
            owner = np.append(owner[~refused], owner[refused])
            order = np.argsort(owner, kind="stable")
            rough, owner = rough[order], owner[order]
        return rough, owner

    def _edges(self, active: Ints) -> tuple[Floats, Ints]:
        parts, index = shapely.get_parts(self.areas[active], return_index=True)
        edges, owner, _, _ = boundaries(parts, active[index])
        return edges, owner

    def _put_together(
        self, edges: Floats, edge_owner: Ints, edge: Ints, lon: Floats, lat: Floats, nearest: Ints
    ) -> Flags:
        """Replace areas by what the sources nearest to their boundaries bound.

        Samples are of edges of the areas. Returns which owners could be served.
        """
        served = np.zeros(len(self.areas), dtype=bool)
        if self.level.formula.error_m > _NEARLY_EXACT * self.tolerance_m:
            return served
        served[edge_owner] = True
        first = np.flatnonzero(~np.append(False, follows(edges, edge_owner)[:-1]))
        last = np.append(first[1:], len(edges)) - 1
        loop_owner = edge_owner[first]
        closed = (edges[first, :2] == edges[last, 2:]).all(axis=1)
        served[loop_owner[~closed]] = False
        loop = np.repeat(np.arange(len(first)), last - first + 1)[edge]
        served[loop_owner[loop[nearest < 0]]] = False
        some = served[loop_owner[loop]]
        labels = Labels(loop[some], nearest[some], unit_vectors(lon[some], lat[some]))
        return self._traced(labels, loop_owner, served)

    def _put_together_again(self, edges: Floats, faults: Faults, served: Flags) -> Flags:
        """Do the same with the sources that were missed in areas put together before."""
        wanted = np.zeros(len(served), dtype=bool)
        wanted[faults.owner] = True
        wanted &= served
        if not wanted.any():
            return wanted
        whole = self._loops.some(wanted[self._loop_owner[self._loops.loop]])
        vertex_owner = self._loop_owner[whole.loop]
        vertex = np.full(len(faults.owner), -1)
        vertices = whole.coordinates @ _COMPLEX
        starts = edges[faults.edge, :2] @ _COMPLEX
        for index in np.flatnonzero(wanted):
            own = slice(*np.searchsorted(vertex_owner, (index, index + 1)))
            asked = slice(*np.searchsorted(faults.owner, (index, index + 1)))
            order = np.argsort(vertices[own], kind="stable")
            found = vertices[own][order]
            at = np.minimum(np.searchsorted(found, starts[asked]), len(found) - 1)
            vertex[asked] = own.start + order[at]
            wanted[index] = (found[at] == starts[asked]).all()
        some = wanted[faults.owner]
        whole_again = whole.some(wanted[vertex_owner])
        renumbered = np.cumsum(wanted[vertex_owner]) - 1
        labels = whole_again.relabelled(
            renumbered[vertex[some]], faults.share[some], faults.cause[some]
        )
        return self._traced(labels, self._loop_owner, wanted)

    def _traced(self, labels: Labels, loop_owner: Ints, served: Flags) -> Flags:
        """Replace the areas of owners by loops from labels, where these are good."""
        found = loops(
            labels, len(loop_owner), self.sources.vectors, self.level.formula, self._spacing
        )
        self._loops, self._loop_owner = found, loop_owner
        served[loop_owner[~found.good]] = False
        kept = served[loop_owner[found.loop]]
        ring = np.cumsum(np.diff(found.loop[kept], prepend=-1) != 0) - 1
        rings = shapely.linearrings(found.coordinates[kept], indices=ring)
        return self._replaced(served, rings)

    def _replaced(self, served: Flags, rings: Objects) -> Flags:
        """Replace the rings of areas, in the order of `boundaries`; where that is not valid, not."""
        owners = np.flatnonzero(served)
        parts, part_owner = shapely.get_parts(self.areas[owners], return_index=True)
        ring_part = shapely.get_rings(parts, return_index=True)[1]
        if len(ring_part) != len(rings):
            raise RuntimeError("a buffer has other loops than rings")
        shell = np.diff(ring_part, prepend=-1) != 0
        polygons = shapely.polygons(rings[shell])
        for part in np.unique(ring_part[~shell]):
            own = rings[ring_part == part]
            polygons[part] = Polygon(own[0], own[1:])
        single = np.bincount(part_owner, minlength=len(owners)) == 1
        areas = np.empty(len(owners), dtype=object)
        areas[single] = polygons[single[part_owner]]
        if not single.all():
            several = shapely.multipolygons(polygons, indices=part_owner)
            areas[~single] = several[~single]
        valid = shapely.is_valid(areas)
        served[owners[~valid]] = False
        for index, area in zip(owners[valid], areas[valid], strict=True):
            self.areas[index] = self._filled(index, area)
        return served

    def _inspected(self, active: Ints) -> tuple[Floats, Faults]:
        """Inspect those edges of areas that are new; return them and what is amiss."""
        def ask(lon: Floats, lat: Floats, owner: Ints, slack: Floats) -> Ints:
            return self.level.nearest(lon, lat, owner, self.radius_m - slack)

        edges, owner = self._edges(active)
        new = ~self._proven.holds(edges, owner)
        edges, owner = edges[new], owner[new]
        faults = inspect(edges, owner, ask, self.bend, self.tolerance_m)
        going_on = np.zeros(len(self.areas), dtype=bool)
        going_on[faults.owner] = going_on[faults.bowed_owner] = True
        kept = faults.proven & going_on[owner]
        self._proven.add(edges[kept], owner[kept])
        return edges, faults

    def _unite(self, pieces: Objects, owner: Ints) -> None:
        order = np.argsort(owner, kind="stable")
        for index, own in _by_owner(owner[order], pieces[order]):
            area = shapely.union_all(np.append(own, self.areas[index]))
            area = self._filled(index, area)
            self.areas[index] = _without_pinholes(area, _PINHOLE * self.tolerance_m)

    def _cover_sources(self, index: int) -> bool:
        """Add discs round sources outside an area whose boundary is right; return whether any are.

        The boundary does not cross the territory: a part of it is inside if one point of it is.
        """
        simple = self.outlines.only(index).simple
        first = shapely.get_coordinates(shapely.point_on_surface(simple))
        area = self.areas[index]
        if shapely.intersects_xy(area, first[:, 0], first[:, 1]).all():
            return False
        own = np.flatnonzero(self.sources.owner == index)
        outside = own[~shapely.intersects_xy(area, self.sources.lon[own], self.sources.lat[own])]
        if not len(outside):
            self.areas[index] = shapely.union(area, self.outlines.areas[index])
            return True
        some = outside[thinned(self.sources.vectors[outside], _COARSE * self.reach_m)]
        rough, _ = self._whole(some)
        self.areas[index] = self._filled(index, shapely.union_all(np.append(rough, area)))
        return True

    def _pieces(
        self, lon: Floats, lat: Floats, nearest: Ints, *, whole: bool
    ) -> tuple[Objects, Ints]:
        """Return sectors, or whole discs, that reach over the boundary at given samples."""
        if whole:
            return self._fine(np.unique(nearest))
        turn = np.sin(self.radius_m / _RADIUS_M) * _RADIUS_M
        apart = np.sqrt(8 * self.tolerance_m / (self.bend + 0.02 / _RADIUS_M))
        margin = min(np.degrees(_MARGIN * apart / turn), 30.0)
        azimuth = azimuths(self.sources.vectors[nearest], unit_vectors(lon, lat))
        which, low, high = _intervals(nearest, azimuth, margin)
        polygons, sector, refused = sectors(
            self.sources.lon[which],
            self.sources.lat[which],
            low,
            high,
            spacing=self._spacing,
            reach_m=self.reach_m,
        )
        fine, fine_owner = self._fine(np.unique(which[refused]))
        owner = np.append(self.sources.owner[which[sector]], fine_owner)
        return np.append(polygons, fine), owner

    def _fine(self, chosen: Ints) -> tuple[Objects, Ints]:
        lon, lat = self.sources.lon[chosen], self.sources.lat[chosen]
        fine = discs(lon, lat, self.radius_m, RING * self.tolerance_m)
        return fine, self.sources.owner[chosen]

    def _filled(self, index: int, area: Area) -> Area:
        """Add the territory, whose inside may be farther from its boundary than the radius."""
        own = self.outlines.areas[index]
        if own.is_empty:
            return area
        west, south, east, north = own.bounds
        if west == -180 or east == 180 or south == -90 or north == 90:
            return shapely.union(area, own)
        rings = _holes(area)
        if not rings:
            return area
        holes = shapely.polygons(rings)
        shapely.prepare(own)
        inside = shapely.covers(own, holes)
        if shapely.intersects(own, holes[~inside]).any():
            return shapely.union(area, own)
        return shapely.union_all([area, *holes[inside]]) if inside.any() else area


class _Edges:
    """A set of edges, each of an owner; coordinates must be the same to the last bit."""

    def __init__(self) -> None:
        self._keys = np.empty(0, dtype=np.uint64)
        self._edges = np.empty((0, 4))
        self._owner = np.empty(0, dtype=np.intp)

    def add(self, edges: Floats, owner: Ints) -> None:
        """Add edges."""
        keys = np.concatenate([self._keys, _keys(edges)])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._edges = np.concatenate([self._edges, edges])[order]
        self._owner = np.concatenate([self._owner, owner])[order]

    def holds(self, edges: Floats, owner: Ints) -> Flags:
        """Return which edges are in the set; two of one key may hide each other, no more."""
        if not len(self._keys):
            return np.zeros(len(edges), dtype=bool)
        at = np.minimum(np.searchsorted(self._keys, _keys(edges)), len(self._keys) - 1)
        same: Flags = (self._edges[at] == edges).all(axis=1) & (self._owner[at] == owner)
        return same


def _keys(edges: Floats) -> npt.NDArray[np.uint64]:
    """Return a number for each edge, nearly always another one for another edge."""
    bits = np.ascontiguousarray(edges + 0.0).view(np.uint64)
    keys = bits[:, 0].copy()
    for column in (1, 2, 3):
        keys *= _MIX
        keys ^= bits[:, column] ^ (keys >> np.uint64(29))
    return keys


def _by_owner(owner: Ints, shapes: Objects) -> Iterator[tuple[int, Objects]]:
    """Yield each owner with its shapes; both are sorted by owner."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    for start, end in zip(first, np.append(first, len(owner))[1:], strict=True):
        yield int(owner[start]), shapes[start:end]


def _intervals(which: Ints, azimuth: Floats, margin: float) -> tuple[Ints, Floats, Floats]:
    """Return for each source the ranges of azimuth round given ones, merged."""
    order = np.lexsort((azimuth, which))
    which, azimuth = which[order], azimuth[order]
    apart = (np.diff(which) != 0) | (np.diff(azimuth) > 2 * margin)
    first = np.flatnonzero(np.append(True, apart)) if len(which) else np.empty(0, dtype=np.intp)
    last = np.append(first[1:], len(which)) - 1 if len(which) else first
    return which[first], azimuth[first] - margin, azimuth[last] + margin


def _without_pinholes(area: Area, pinhole_m: float) -> Area:
    """Close holes that rounding leaves where edges nearly coincide.

    No point of a hole of area A is farther from its rim than sqrt(A / pi), since a disc of
    that radius about the point would else lie within the hole and be larger.
    """
    least = np.pi * (pinhole_m / _DEGREE_M) ** 2
    rings = _holes(area)
    if not rings or shapely.area(shapely.polygons(rings)).min() > least:
        return area
    parts = [
        Polygon(part.exterior, [hole for hole in part.interiors if Polygon(hole).area > least])
        for part in shapely.get_parts(area)
    ]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def _holes(area: Area) -> list[LinearRing]:
    parts = shapely.get_parts(area)
    if not shapely.get_num_interior_rings(parts).any():
        return []
    return [hole for part in parts for hole in part.interiors]


def discs(lon: Floats, lat: Floats, radius_m: float, tolerance_m: float) -> Objects:
    """Return discs; unlike `ring_polygons`, of any radius and tolerance."""
    radius_km = np.full(len(lon), radius_m / 1000)
    return _in_passes(_assembly.polygons, (lon, lat, radius_km), tolerance_m)


def polygonal(area: BaseGeometry) -> Area:
    """Return the polygons of a geometry, without lines and points."""
    parts = shapely.get_parts(area)
    kept = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    whole: Area = area if len(kept) == len(parts) else shapely.union_all(kept)
    return whole
