"""From eastern halves to closed rings on the map: mirrored, cut at +-180, poles enclosed.

Sites are mirrored to longitude and latitude >= 0, put together there, and mirrored back.
Each line of the result is a row of *runs*: stretches of a half ring, forwards or backwards,
on the eastern or the western side, and single points such as a crossing of the seam. All
lines of one kind are gathered from their runs in one pass over arrays.

With no pole inside, a ring is a loop round the site; with both, a loop round the antipode
that bounds what is *outside*; either may be whole, or cut in two by the seam. With one
pole inside, the ring runs once round the Earth, from seam to seam.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from rangemap.geodesy._halves import ON_SEAM_DEG, Flags, half_rings
from rangemap.geodesy._series import Ints
from rangemap.geodesy._validation import Floats

WORLD: Final = shapely.box(-180, -90, 180, 90)
# A thinner overhang beyond +-180 is left out: this share of the tolerance, or of the radius.
_SLIVER_SHARE: Final = 0.05
_SLIVER_OF_RADIUS: Final = 1e-4
_M_PER_DEG: Final = 111_320.0

Objects = npt.NDArray[np.object_]


class Run(NamedTuple):
    """A stretch of the pool of vertices in each of k lines: lon = sign * dlon + shift."""

    start: Ints
    size: Ints | int
    step: int
    sign: int
    shift: Floats | float


def polygons(lon: Floats, lat: Floats, radius_m: Floats, tolerance_m: Floats) -> Objects:
    """Return one polygon for each ring; all arrays have shape (n,)."""
    made = _Assembly(lon, lat, radius_m, tolerance_m)
    site, antipode = ~made.both, made.both
    return made.each(
        (made.whole & site, made.discs),
        (made.whole & antipode, made.world_less_hole),
        (made.cut & site, made.discs_in_two),
        (made.cut & antipode, made.world_less_two_bites),
        (made.thin & site, made.discs_to_the_seam),
        (made.thin & antipode, made.world_less_bite),
        (made.one_pole, made.round_a_pole),
    )


def outlines(lon: Floats, lat: Floats, radius_m: Floats, tolerance_m: Floats) -> Objects:
    """Return the lines of each ring without edges along the seam or a pole."""
    made = _Assembly(lon, lat, radius_m, tolerance_m)
    return made.each(
        (made.whole, made.loop_lines),
        (made.thin, lambda rings: made.lines(rings, made.main_line(rings), 1)),
        (made.one_pole, lambda rings: made.lines(rings, made.seam_to_seam(rings), -1)),
        (made.cut, made.lines_in_two),
    )


class _Assembly:
    """What all lines are gathered from, and which ring is of which kind.

    The pool of vertices is that of the halves and, after it, the two poles.
    """

    def __init__(self, lon: Floats, lat: Floats, radius_m: Floats, tolerance_m: Floats) -> None:
        self.mirror = np.copysign(1.0, lon), np.copysign(1.0, lat)
        self.sign = self.mirror[0] * self.mirror[1]  # negative where mirroring turns a line
        east = np.abs(lon)
        self.east = np.where(180 - east < ON_SEAM_DEG, 180.0, east)
        half = half_rings(np.abs(lat), radius_m, tolerance_m, 180.0 - self.east)
        self.counts = half.counts
        self.end = np.cumsum(half.counts)
        self.start = self.end - half.counts
        self.both = half.poles == 2
        self.pool_dlon = np.concatenate([half.dlon, [0.0, 0.0]])
        self.pool_lat = np.concatenate([half.lat, [90.0, -90.0]])
        self.north, self.south = len(half.lat), len(half.lat) + 1
        # How far vertices are beyond the seam, seen from the middle of their loop.
        past = half.dlon - np.repeat(180.0 - self.east, half.counts)
        past *= np.where(np.repeat(self.both, half.counts), -1.0, 1.0)
        self.beyond = np.flatnonzero(past > ON_SEAM_DEG)
        self.within = np.concatenate([[0], np.cumsum(past < -ON_SEAM_DEG)])
        over_m = np.zeros(len(past))
        cos_lat = np.cos(np.radians(half.lat[self.beyond]))
        over_m[self.beyond] = past[self.beyond] * _M_PER_DEG * cos_lat
        over_m = np.maximum.reduceat(over_m, self.start)
        thinnest = np.minimum(_SLIVER_SHARE * tolerance_m, _SLIVER_OF_RADIUS * radius_m)
        loop = half.poles != 1
        halved = np.where(self.both, self.east < ON_SEAM_DEG, self.east == 180)
        thick = halved | (over_m > thinnest)
        self.whole = loop & (over_m == 0) & ~halved
        self.touching = self.whole & (np.maximum.reduceat(past, self.start) > -ON_SEAM_DEG)
        self.thin = loop & (over_m > 0) & ~thick  # nothing beyond is drawn
        self.cut = loop & thick
        self.one_pole = ~loop

    def each(self, *kinds: tuple[Flags, Callable[[Ints], Objects]]) -> Objects:
        """Make the shapes of each kind of ring, and return them in the order of the rings."""
        result = np.empty(len(self.east), dtype=object)
        for which, make in kinds:
            rings = np.flatnonzero(which)
            if rings.size:
                result[rings] = make(rings)
        return result

    def _beyond(self, rings: Ints) -> tuple[Ints, Ints]:
        """Return the first and one past the last vertex beyond the seam (equal if none is)."""
        first, stop = (np.searchsorted(self.beyond, at[rings]) for at in (self.start, self.end))
        padded = np.append(self.beyond, 0)
        return np.where(first < stop, padded[first], self.start[rings]), np.where(
            first < stop, padded[stop - 1] + 1, self.start[rings]
        )

    def _count_within(self, start: Ints, stop: Ints) -> Ints:
        """Return how many vertices lie clearly on the near side of the seam."""
        count: Ints = self.within[stop] - self.within[start]
        return count

    # The lines of each kind, as runs; clockwise where the site is not mirrored, but for
    # `seam_to_seam` (eastwards) and loops round the antipode (counter-clockwise).

    def loop(self, rings: Ints) -> list[Run]:
        """Return a whole loop, closed."""
        start, count = self.start[rings], self.counts[rings]
        near = self._near_shift(rings)
        return [
            Run(start, count, 1, 1, near),
            Run(self.end[rings] - 2, count - 2, -1, -1, self.east[rings]),
            Run(start, 1, 1, 1, near),
        ]

    def main_line(self, rings: Ints) -> list[Run]:
        """Return the part of cut loops about their middle, from seam to seam."""
        near, seam = self._near_shift(rings), self._seam(rings)
        first, stop = self._beyond(rings)
        start, end = self.start[rings], self.end[rings]
        n_before, n_after = self._count_within(start, first), self._count_within(stop, end)
        return [
            Run(stop, 1, 1, 0, seam),
            Run(end - n_after, n_after, 1, 1, near),
            Run(end - 2, end - start - 2, -1, -1, self.east[rings]),
            Run(start, n_before, 1, 1, near),
            Run(first - 1, 1, 1, 0, seam),
        ]

    def line_beyond(self, rings: Ints) -> list[Run]:
        """Return the part of cut loops beyond the seam, from seam to seam."""
        seam = self._seam(rings)
        first, stop = self._beyond(rings)
        return [
            Run(first - 1, 1, 1, 0, -seam),
            Run(first, stop - first, 1, 1, self._near_shift(rings) - 2 * seam),
            Run(stop, 1, 1, 0, -seam),
        ]

    def seam_to_seam(self, rings: Ints) -> list[Run]:
        """Return rings round one pole, from -180 to 180."""
        start, end, east = self.start[rings], self.end[rings], self.east[rings]
        _, crossing = self._beyond(rings)
        n_past, n_within = crossing - start, self._count_within(crossing, end)
        # The vertex over the pole and the one below the site belong to the western side,
        # unless they lie on the seam.
        skip, drop = (n_past == 0).astype(np.int64), (n_within == 0).astype(np.int64)
        n_past, n_within = np.maximum(n_past - 1, 0), np.maximum(n_within - 1, 0)
        return [
            Run(crossing, 1, 1, 0, -180.0),
            Run(start + n_past, n_past, -1, 1, east - 360),
            Run(start + skip, end - start - skip - drop, 1, -1, east),
            Run(end - 2, n_within, -1, 1, east),
            Run(crossing, 1, 1, 0, 180.0),
        ]

    def discs(self, rings: Ints) -> Objects:
        """Return polygons of whole loops round their sites."""
        return _polygons(self.rings(rings, self.loop(rings), 1))

    def world_less_hole(self, rings: Ints) -> Objects:
        """Return the world less whole loops round antipodes."""
        holes = self.rings(rings, self.loop(rings), 1)
        shells = np.broadcast_to(WORLD.exterior, holes.shape)
        return np.asarray(shapely.polygons(shells, holes=holes[:, None]), dtype=object)

    def discs_in_two(self, rings: Ints) -> Objects:
        """Return polygons of loops round their sites that the seam cuts in two."""
        parts = [
            _polygons(self.rings(rings, [*line, line[0]], 1))
            for line in (self.main_line(rings), self.line_beyond(rings))
        ]
        return np.asarray(shapely.multipolygons(np.stack(parts, axis=1)), dtype=object)

    def loop_lines(self, rings: Ints) -> Objects:
        """Return the lines of whole loops, without edges along a seam that they touch."""
        lines = self.lines(rings, self.loop(rings), 1)
        for index in np.flatnonzero(self.touching[rings]):
            lines[index] = _off_the_seam(lines[index])
        return lines

    def lines_in_two(self, rings: Ints) -> Objects:
        """Return the two lines of loops that the seam cuts."""
        pair = [self.lines(rings, line(rings), 1) for line in (self.main_line, self.line_beyond)]
        return np.asarray(shapely.multilinestrings(np.stack(pair, axis=1)), dtype=object)

    def discs_to_the_seam(self, rings: Ints) -> Objects:
        """Return polygons of loops round their sites, without the little beyond the seam."""
        line = self.main_line(rings)
        return _polygons(self.rings(rings, [*line, line[0]], 1))

    def world_less_two_bites(self, rings: Ints) -> Objects:
        """Return the world less loops round antipodes that the seam cuts in two."""
        return self._world_without(rings, self.main_line(rings), self.line_beyond(rings))

    def world_less_bite(self, rings: Ints) -> Objects:
        """Return the world less loops round antipodes, but for the little beyond the seam."""
        return self._world_without(rings, self.main_line(rings), [])

    def _world_without(self, rings: Ints, main: list[Run], beyond: list[Run]) -> Objects:
        """Return the world less a bite out of one side or of both."""
        south, north = (np.full(len(rings), pole) for pole in (self.south, self.north))
        corners = [
            Run(south, 1, 1, 0, -180.0),
            Run(south, 1, 1, 0, 180.0),
            Run(north, 1, 1, 0, 180.0),
            Run(north, 1, 1, 0, -180.0),
        ]
        runs = [*corners[:2], *_reversed(beyond), *corners[2:], *_reversed(main), corners[0]]
        return _polygons(self.rings(rings, runs, -1))

    def round_a_pole(self, rings: Ints) -> Objects:
        """Return polygons that hold one pole."""
        line = self.seam_to_seam(rings)
        pole = np.full(len(rings), self.north)
        runs = [*line, Run(pole, 1, 1, 0, 180.0), Run(pole, 1, 1, 0, -180.0), line[0]]
        return _polygons(self.rings(rings, runs, -1))

    def lines(self, rings: Ints, runs: list[Run], clockwise: int) -> Objects:
        """Return lines gathered from runs, in the sense of rings about their site."""
        coordinates, line = self._gathered(rings, runs, self.sign[rings] * clockwise > 0)
        return np.asarray(shapely.linestrings(coordinates, indices=line), dtype=object)

    def rings(self, rings: Ints, runs: list[Run], clockwise: int) -> Objects:
        """Return counter-clockwise rings (holes clockwise) gathered from closed runs."""
        coordinates, line = self._gathered(rings, runs, self.sign[rings] * clockwise > 0)
        return np.asarray(shapely.linearrings(coordinates, indices=line), dtype=object)

    def _near_shift(self, rings: Ints) -> Floats:
        shift: Floats = self.east[rings] - np.where(self.both[rings], 360.0, 0.0)
        return shift

    def _seam(self, rings: Ints) -> Floats:
        return np.where(self.both[rings], -180.0, 180.0)

    def _gathered(self, rings: Ints, runs: list[Run], flip: Flags) -> tuple[Floats, Ints]:
        shape = (len(rings), len(runs))
        first = np.empty(shape, dtype=np.int64)
        count, step, sign = (np.empty(shape, dtype=np.int64) for _ in range(3))
        shift = np.empty(shape)
        for column, run in enumerate(runs):
            first[:, column], count[:, column], step[:, column] = run.start, run.size, run.step
            sign[:, column], shift[:, column] = run.sign, run.shift
        turned = flip[:, None]
        last = first + step * (count - 1)
        first, step = np.where(turned, last, first), np.where(turned, -step, step)
        first, count, step, sign, shift = (
            np.where(turned, table[:, ::-1], table) for table in (first, count, step, sign, shift)
        )
        mirror_lon, mirror_lat = (mirror[rings] for mirror in self.mirror)
        length = count.sum(axis=1)
        sizes = count.ravel()
        base = first.ravel() - step.ravel() * (np.cumsum(sizes) - sizes)
        index = np.repeat(base, sizes) + np.repeat(step.ravel(), sizes) * np.arange(sizes.sum())
        lon = np.repeat((sign * mirror_lon[:, None]).ravel(), sizes) * self.pool_dlon[index]
        lon += np.repeat((shift * mirror_lon[:, None]).ravel(), sizes)
        coordinates = np.empty((len(index), 2))
        np.clip(lon, -180.0, 180.0, out=coordinates[:, 0])
        np.multiply(np.repeat(mirror_lat, length), self.pool_lat[index], out=coordinates[:, 1])
        return coordinates, np.repeat(np.arange(len(rings)), length)


def _off_the_seam(loop: shapely.LineString) -> shapely.LineString:
    """Return a closed line without its edges along +-180; they follow one another.

    Only loops of a few millimetres have such edges: several of their vertices are less than
    `ON_SEAM_DEG` beyond the seam, and stand on it.
    """
    xy = shapely.get_coordinates(loop)[:-1]
    here = np.abs(xy[:, 0]) == 180
    along = here & np.roll(here, -1)
    if not along.any():
        return loop
    last = int(np.flatnonzero(here & ~along)[0])
    return shapely.LineString(np.roll(xy, -last, axis=0)[: len(xy) - along.sum() + 1])


def _polygons(rings: Objects) -> Objects:
    return np.asarray(shapely.polygons(rings), dtype=object)


def _reversed(runs: list[Run]) -> list[Run]:
    return [
        run._replace(start=run.start + run.step * (run.size - 1), step=-run.step)
        for run in reversed(runs)
    ]
