"""Buffers that grow until no source reaches over their boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from rangemap.errors import ArgumentError
from rangemap.geodesy import _geos
from rangemap.geodesy._bending import bending, dense_points_of, unbending
from rangemap.geodesy._boundary import Ints, Objects, boundaries
from rangemap.geodesy._discs import (
    HALF_WAY_M,
    Area,
    Sources,
    discs,
    holes_of,
    thinned,
    without_pinholes,
)
from rangemap.geodesy._edge_set import EdgeSet
from rangemap.geodesy._envelope import azimuths
from rangemap.geodesy._halving import halved
from rangemap.geodesy._inspection import RING, Faults, inspect
from rangemap.geodesy._level import LevelIndex
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._outline import Outlines
from rangemap.geodesy._sectors import Spacing, rough_discs, sectors
from rangemap.geodesy._tracing import Tracer
from rangemap.geodesy._validation import Floats

ROUNDS: Final = 40
_RADIUS_M: Final = 6_371_000.0
_COARSE: Final = 0.3  # of the radius: how far apart the first sources may be
_ROUGH: Final = 0.04  # of the reach: by how much a coarse disc may fall short
_PINHOLE: Final = 0.2  # of the tolerance: no point of a hole that is closed is farther from its rim
_MOST_DISCS: Final = 100_000  # some minutes of work
_SECTOR_TURNS: Final = 3  # after which whole discs are added, which cannot leave gaps
_MARGIN: Final = 1.5  # of the distance between samples: how far a sector goes beyond them
_NEARLY_EXACT: Final = 0.002  # of the tolerance: what the level's formula may be off


class Growth:
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
        self._proven = EdgeSet()
        either_way = max(self.bend, float(unbending(radius_m + tolerance_m)))
        self._spacing = Spacing(radius_m, either_way, RING * tolerance_m)
        self._tracer = Tracer(self.areas, sources, self.level.formula, self._spacing, self._filled)

    def run(self) -> Objects:
        active = np.unique(self.sources.owner)
        self._start()
        edges, edge_owner = self._edges(active)
        lon, lat, owner, edge = dense_points_of(edges, edge_owner, self.bend, self.tolerance_m)
        nearest = self.level.nearest(lon, lat, owner, self.radius_m)
        served = np.zeros(len(self.areas), dtype=bool)
        if self.level.formula.error_m < _NEARLY_EXACT * self.tolerance_m:
            served = self._tracer.put_together(edges, edge_owner, edge, lon, lat, nearest)
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
            served = self._tracer.put_together_again(edges, faults, served)
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
            area = self._filled(index, _geos.union_all(own))
            self.areas[index] = shapely.orient_polygons(area, exterior_cw=False)

    def _whole(self, chosen: Ints) -> tuple[Objects, Ints]:
        """Return coarse discs, sorted by owner."""
        coarse = min(max(0.01 * self.reach_m, self.tolerance_m * RING), 10_000.0)
        lon, lat, owner = (
            self.sources.lon[chosen], self.sources.lat[chosen], self.sources.owner[chosen]
        )  # fmt: skip
        rough, refused = rough_discs(
            lat, self.sources.vectors[chosen], radius_m=self.radius_m,
            most_m=_ROUGH * self.reach_m,
        )  # fmt: skip
        if refused.any():
            inner = self.radius_m - coarse
            finer = discs(lon[refused], lat[refused], inner, coarse)
            rough = np.concatenate([rough, finer])
            owner = np.concatenate([owner[~refused], owner[refused]])
            order = np.argsort(owner, kind="stable")
            rough, owner = rough[order], owner[order]
        return rough, owner

    def _edges(self, active: Ints) -> tuple[Floats, Ints]:
        parts, index = shapely.get_parts(self.areas[active], return_index=True)
        edges, owner, _, _ = boundaries(parts, active[index])
        return edges, owner

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
            area = _geos.union_all(np.append(own, self.areas[index]))
            area = self._filled(index, area)
            self.areas[index] = without_pinholes(area, _PINHOLE * self.tolerance_m)

    def _cover_sources(self, index: int) -> bool:
        """Add discs round sources outside an area whose boundary is right; return whether any are.

        The boundary does not cross the territory: a part of it is inside if one point of it is.
        """
        xy, part = shapely.get_coordinates(self.outlines.only(index).simple, return_index=True)
        first = xy[np.flatnonzero(np.diff(part, prepend=-1))]
        area = self.areas[index]
        if shapely.intersects_xy(area, first[:, 0], first[:, 1]).all():
            return False
        own = np.flatnonzero(self.sources.owner == index)
        outside = own[~shapely.intersects_xy(area, self.sources.lon[own], self.sources.lat[own])]
        if not len(outside):
            self.areas[index] = _geos.union(area, self.outlines.areas[index])
            return True
        some = outside[thinned(self.sources.vectors[outside], _COARSE * self.reach_m)]
        rough, _ = self._whole(some)
        self.areas[index] = self._filled(index, _geos.union_all(np.append(rough, area)))
        return True

    def _pieces(
        self, lon: Floats, lat: Floats, nearest: Ints, *, whole: bool
    ) -> tuple[Objects, Ints]:
        """Return sectors, or whole discs, that reach over the boundary at given samples."""
        if whole or not len(lon):
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
            return _geos.union(area, own)
        rings = holes_of(area)
        if not rings:
            return area
        holes = shapely.polygons(rings)
        shapely.prepare(own)
        inside = shapely.covers(own, holes)
        if shapely.intersects(own, holes[~inside]).any():
            return _geos.union(area, own)
        return _geos.union_all([area, *holes[inside]]) if inside.any() else area


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
