"""The union of discs round those points of a territory that support its buffer.

Few points of a long coast matter: those that are nearest to some place on the boundary of
the result. They are found from a coarse union, and added until nothing is missed.

The tolerance is shared out. With D the distance from the territory and r the radius, a point
of the drawn boundary has D - r <= ring, for it lies on a disc; and D - r >= -(slack +
between + spacing), for it was measured: no source is nearer than r - slack to a sample, D is
semi-concave and falls by no more than `between` from one sample to the next, and sources stand
so densely that none is missed by more than `spacing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import shapely
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _assembly
from rangemap.geodesy._bending import bending, dense_points, unbending
from rangemap.geodesy._nearest import Ints, LevelIndex, unit_vectors
from rangemap.geodesy._outline import (
    Objects,
    Outline,
    boundary_edges,
)
from rangemap.geodesy._sectors import rough_discs, sectors
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.rings import _in_passes
from rangemap.geodesy.wgs84 import inverse

# Shares of the tolerance; see above. The rest, 3 %, is for rounding.
RING: Final = 0.62
SLACK: Final = 0.63
BETWEEN: Final = 0.18
SPACING: Final = 0.16

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

Area: TypeAlias = Polygon | MultiPolygon


@dataclass(frozen=True)
class Sources:
    """Points that stand for a territory: discs round them make its buffer."""

    lon: Floats
    lat: Floats
    vectors: Floats


def thinned(vectors: Floats, gap_m: float) -> Ints:
    """Return indices of some unit vectors, so that each has one of them within 1.8 gaps."""
    cells = np.floor(vectors * (_RADIUS_M / gap_m)).astype(np.int64)
    size = 2 * (int(_RADIUS_M / gap_m) + 2)
    keys = (cells[:, 0] * size + cells[:, 1]) * size + cells[:, 2]
    first: Ints = np.unique(keys, return_index=True)[1]
    return first


def sources_of(outline: Outline, radius_m: float, allowed_m: float) -> Sources:
    """Return points of the boundary so dense that no distance is off by over `allowed_m`."""
    lon, lat = dense_points(outline.edges, float(bending(radius_m)), allowed_m)
    lon, lat = np.append(lon, outline.points[:, 0]), np.append(lat, outline.points[:, 1])
    return Sources(lon, lat, unit_vectors(lon, lat))


def buffer_area(outline: Outline, radius_m: float, tolerance_m: float) -> Area:
    """Return the union of all discs round a territory, and the territory."""
    tolerance_m = min(tolerance_m, _OF_RADIUS * radius_m)
    sources = sources_of(outline, radius_m, SPACING * tolerance_m)
    if len(sources.lon) == 1:
        whole: Area = discs(sources.lon, sources.lat, radius_m, tolerance_m)[0]
        return whole
    level = LevelIndex(sources.lon, sources.lat, radius_m)
    return _Growth(outline, sources, radius_m, tolerance_m, level, float(bending(radius_m))).run()


@dataclass
class _Growth:
    """A buffer that grows until no source reaches over its boundary."""

    outline: Outline
    sources: Sources
    radius_m: float
    tolerance_m: float
    level: LevelIndex
    bend: float

    def run(self) -> Area:
        reach = min(self.radius_m, HALF_WAY_M - self.radius_m)
        chosen = thinned(self.sources.vectors, _COARSE * reach)
        if len(chosen) > _MOST_DISCS:
            raise ArgumentError(
                f"distance {self.radius_m / 1000:g} km is too small for so long a boundary: "
                f"{len(chosen):,} discs would be needed, over {_MOST_DISCS:,}"
            )
        coarse = min(max(0.01 * reach, self.tolerance_m * RING), 10_000.0)
        area = _filled(self._whole(chosen, coarse), self.outline)
        lon, lat = self._samples(area, self.tolerance_m)
        nearest = self.level.nearest(lon, lat, self.radius_m)
        known = nearest >= 0
        lon, lat, nearest = lon[known], lat[known], nearest[known]
        passed = np.empty(0, dtype=complex)
        for turn in range(ROUNDS):
            pieces = self._pieces(lon, lat, nearest, whole=turn > _SECTOR_TURNS)
            area = _filled(shapely.union_all([area, *pieces]), self.outline)
            area = _without_pinholes(area, _PINHOLE * self.tolerance_m)
            shapely.prepare(area)
            outside = np.flatnonzero(
                ~shapely.intersects_xy(area, self.sources.lon, self.sources.lat)
            )
            lon, lat = self._samples(area, BETWEEN * self.tolerance_m)
            place = lon + 1j * lat
            fresh = ~np.isin(place, passed)
            lon, lat, place = lon[fresh], lat[fresh], place[fresh]
            nearest = self.level.nearest(lon, lat, self.radius_m - SLACK * self.tolerance_m)
            missed = nearest >= 0
            passed = np.append(passed, place[~missed])
            lon, lat, nearest = lon[missed], lat[missed], nearest[missed]
            if len(outside):
                some = thinned(self.sources.vectors[outside], _COARSE * reach)
                more = self._whole(outside[some], coarse)
                area = _filled(shapely.union(area, more), self.outline)
            elif not len(nearest):
                return area
        raise RuntimeError(f"buffer of {self.radius_m} m does not settle")

    def _whole(self, chosen: Ints, tolerance_m: float) -> Area:
        """Return the union of coarse discs, which stay within the true ones."""
        lon, lat = self.sources.lon[chosen], self.sources.lat[chosen]
        reach = min(self.radius_m, HALF_WAY_M - self.radius_m)
        rough, refused = rough_discs(lon, lat, radius_m=self.radius_m, most_m=_ROUGH * reach)
        if refused.any():
            inner = self.radius_m - tolerance_m
            rough = np.append(rough, discs(lon[refused], lat[refused], inner, tolerance_m))
        area: Area = shapely.union_all(rough)
        return area

    def _samples(self, area: Area, allowed_m: float) -> tuple[Floats, Floats]:
        edges, _ = boundary_edges(area)
        return dense_points(edges, self.bend, allowed_m)

    def _pieces(self, lon: Floats, lat: Floats, nearest: Ints, *, whole: bool) -> Objects:
        """Return sectors, or whole discs, that reach over the boundary at given samples."""
        if whole:
            return self._fine(np.unique(nearest))
        turn = np.sin(self.radius_m / _RADIUS_M) * _RADIUS_M
        apart = np.sqrt(8 * self.tolerance_m / (self.bend + 0.02 / _RADIUS_M))
        margin = min(np.degrees(_MARGIN * apart / turn), 30.0)
        azimuth, _ = inverse(self.sources.lon[nearest], self.sources.lat[nearest], lon, lat)
        which, low, high = _intervals(nearest, azimuth, margin)
        polygons, refused = sectors(
            self.sources.lon[which],
            self.sources.lat[which],
            low,
            high,
            radius_m=self.radius_m,
            reach_m=min(self.radius_m, HALF_WAY_M - self.radius_m),
            bend=max(self.bend, float(unbending(self.radius_m + self.tolerance_m))),
            tolerance_m=RING * self.tolerance_m,
        )
        return np.concatenate([polygons, self._fine(np.unique(which[refused]))])

    def _fine(self, chosen: Ints) -> Objects:
        lon, lat = self.sources.lon[chosen], self.sources.lat[chosen]
        return discs(lon, lat, self.radius_m, RING * self.tolerance_m)


def _intervals(which: Ints, azimuth: Floats, margin: float) -> tuple[Ints, Floats, Floats]:
    """Return for each source the ranges of azimuth round given ones, merged."""
    order = np.lexsort((azimuth, which))
    which, azimuth = which[order], azimuth[order]
    apart = (np.diff(which) != 0) | (np.diff(azimuth) > 2 * margin)
    first = np.flatnonzero(np.append(True, apart)) if len(which) else np.empty(0, dtype=np.intp)
    last = np.append(first[1:], len(which)) - 1 if len(which) else first
    return which[first], azimuth[first] - margin, azimuth[last] + margin


def _filled(area: Area, outline: Outline) -> Area:
    """Add the territory itself, whose inside may be farther from its boundary than the radius."""
    if outline.area.is_empty:
        return area
    west, south, east, north = outline.area.bounds
    if west == -180 or east == 180 or south == -90 or north == 90:
        return shapely.union(area, outline.area)
    rings = _holes(area)
    if not rings:
        return area
    holes = shapely.polygons(rings)
    shapely.prepare(outline.area)
    inside = shapely.covers(outline.area, holes)
    if shapely.intersects(outline.area, holes[~inside]).any():
        return shapely.union(area, outline.area)
    return shapely.union_all([area, *holes[inside]]) if inside.any() else area


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
    return [hole for part in shapely.get_parts(area) for hole in part.interiors]


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
