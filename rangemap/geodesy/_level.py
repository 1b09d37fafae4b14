"""Which point of a territory lies nearer to a place than about one distance, for many at once.

Where s is near to a known level L, Lambert's formula is linear in products of coordinates:
s < L exactly if, but for terms of second order in the flattening,

    u1.u2 + sin(L/a) [(p + q) (z1^2 + z2^2) + 2 (q - p) z1 z2] > cos(L/a)

with p and q the constants of the formula at L. The terms of second order are, at one distance, a
polynomial of fourth degree in z1 and z2; its five coefficients are fitted to geodesics of length L
in all latitudes and azimuths, which leaves an error of millimetres. So one matrix product answers
for many places and points, and exact geodesics are needed only where it is too near to call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._nearest import A_M, B_M, FLATTENING, caps, morton_keys, unit_vectors
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import forward, inverse

Ints = npt.NDArray[np.intp]

_TERMS: Final = 7
_POINTS: Final = 16  # of a block
_PLACES: Final = 8  # of a block, asked together
_OFF_LEVEL: Final = 0.015  # error for each metre that a limit is off the level; 0.0114 was found
_FITTED: Final = 0.05  # of the formula's range: larger coefficients might err far from the level
_SAFETY: Final = 3.0  # times the largest error found on a grid
_COARSE_GRID: Final = (13, 17)  # latitudes, azimuths
_FINE_GRID: Final = (26, 33)
_PAIRS_AT_ONCE: Final = 8_000  # of blocks, whose products stay in the processor's cache


@dataclass(frozen=True)
class Formula:
    """A function of two points that exceeds `needed` where they are nearer than the level.

    It is u1.u2 + even (z1^2 + z2^2) + odd z1 z2 + even_4 (z1^4 + z2^4) + both z1^2 z2^2
    + odd_4 z1 z2 (z1^2 + z2^2), and off by no more than `error_m` metres of distance.
    """

    level_m: float
    even: float
    odd: float
    even_4: float
    both: float
    odd_4: float
    needed: float
    slope: float  # of `needed`, for each metre less than the level
    error_m: float

    def own(self, z: Floats) -> Floats:
        """Return the terms of one point alone."""
        square = z * z
        result: Floats = square * (self.even + self.even_4 * square)
        return result

    def excess(self, one: Floats, other: Floats) -> tuple[Floats, Floats]:
        """Return the value less `needed`, of pairs, and its gradient by the second point."""
        z1, z2 = one[:, 2], other[:, 2]
        linear = z1 * (self.odd + self.odd_4 * z1 * z1)
        square, cube = self.both * z1 * z1, self.odd_4 * z1
        value = dot(one, other) + self.own(z1) + self.own(z2) - self.needed
        value += z2 * (linear + z2 * (square + z2 * cube))
        slope = one.copy()
        slope[:, 2] += 2 * self.even * z2 + 4 * self.even_4 * z2**3 + linear
        slope[:, 2] += z2 * (2 * square + 3 * cube * z2)
        return value, slope

    def threshold(self, limit_m: Floats) -> tuple[Floats, Floats]:
        """Return the value of points at limits near to the level, and a bound on its error."""
        less = self.level_m - limit_m
        needed = self.needed + self.slope * less * (1 - 0.5 * less / A_M / np.tan(self._arc))
        metres = self.error_m + _OFF_LEVEL * np.abs(less) + np.abs(less) ** 3 / A_M**2
        return needed, metres * self.slope + 1e-13

    @property
    def _arc(self) -> float:
        return self.level_m / A_M


class LevelIndex:
    """Points of several territories, each asked only for places of the same owner.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (n,)
        Degrees.
    owner : numpy.ndarray of int, shape (n,)
        In ascending order.
    level_m : float
        In (0, 19,950,000].
    """

    def __init__(self, lon: Floats, lat: Floats, owner: Ints, level_m: float) -> None:
        self.lon, self.lat, self.level_m = lon, lat, level_m
        self.formula = formula_at(level_m)
        keys = morton_keys(lon, lat) | (owner.astype(np.uint64) << np.uint64(32))
        order = np.argsort(keys, kind="stable")
        rows, self._block_owner = _ragged_blocks(np.bincount(owner), _POINTS)
        self._members = order[rows]
        blocks = unit_vectors(lon, lat)[self._members]
        self._centres, self._radii = caps(blocks)
        z = blocks[:, :, 2]
        formula = self.formula
        features = np.empty((len(blocks), _TERMS, _POINTS))
        features[:, :3] = blocks.transpose(0, 2, 1)
        features[:, 2] += z * (formula.odd + formula.odd_4 * z * z)
        features[:, 3], features[:, 4] = formula.own(z), 1.0
        features[:, 5], features[:, 6] = formula.both * z * z, formula.odd_4 * z
        self._features = features

    def nearest(self, lon: Floats, lat: Floats, owner: Ints, limit_m: float | Floats) -> Ints:
        """Return the nearest point to each place if it is nearer than the limit, else -1.

        Limits, one or one for each place, should be near to the level. Which of several points
        within some metres of each other in distance is returned is open; whether one is nearer
        than the limit is not. Owners are in ascending order.
        """
        found = np.full(len(lon), -1, dtype=np.intp)
        if not len(lon):
            return found
        limit = np.broadcast_to(np.asarray(limit_m, dtype=np.float64), lon.shape)
        rows, asked_owner = _ragged_blocks(np.bincount(owner), _PLACES)
        places = unit_vectors(lon, lat)[rows]
        pair_asked, pair_block = self._pairs(places, asked_owner, float(limit.max()))
        z = places[:, :, 2]
        features = np.empty((*places.shape[:2], _TERMS))
        features[:, :, :3], features[:, :, 3] = places, 1.0
        features[:, :, 4], features[:, :, 5] = self.formula.own(z), z * z
        features[:, :, 6] = z * z * z
        needed, margin = (values[rows] for values in self.formula.threshold(limit))
        for part in _at_once(pair_asked):
            first, end = pair_asked[part.start], pair_asked[part.stop - 1] + 1
            index = self._best(
                features, pair_asked[part], pair_block[part], needed, margin, slice(first, end)
            )
            point, row, column = index
            asked = rows[first + row, column]
            near = point >= 0
            found[asked[near]] = point[near]
            self._measure(found, asked[~near], -1 - point[~near], (lon, lat, limit))
        return found

    def _best(
        self,
        features: Floats,
        pair_asked: Ints,
        pair_block: Ints,
        needed: Floats,
        margin: Floats,
        span: slice,
    ) -> tuple[Ints, Ints, Ints]:
        """Return points that are nearer than the limit, and, as -1 - point, those to be measured.

        Besides them their places: row of the blocks asked, from the start of the span, and column.
        """
        score = np.matmul(features[pair_asked], self._features[pair_block])
        best_column = score.argmax(axis=2)
        rows = np.arange(best_column.size).reshape(best_column.shape)
        top = score.ravel()[rows * score.shape[2] + best_column]
        starts = np.flatnonzero(np.diff(pair_asked, prepend=-1))
        here = pair_asked - span.start
        best = np.full((span.stop - span.start, _PLACES), -np.inf)
        best[here[starts]] = np.maximum.reduceat(top, starts, axis=0)
        least, most = (needed - margin)[span], (needed + margin)[span]
        # Nearer for certain: any point of the best score will do.
        pair, column = np.nonzero((top == best[here]) & (best > most)[here])
        point = self._members[pair_block[pair], best_column[pair, column]]
        row = here[pair]
        # Too near to call.
        close = (best > least) & (best <= most)
        if not close.any():
            return point, row, column
        some = np.flatnonzero((close[here] & (top > least[here])).any(axis=1))
        inner, place, member = np.nonzero(score[some] > least[here[some], :, None])
        at = some[inner]
        keep = close[here[at], place]
        at, place, member = at[keep], place[keep], member[keep]
        measured = -1 - self._members[pair_block[at], member]
        return (
            np.concatenate([point, measured]),
            np.concatenate([row, here[at]]),
            np.concatenate([column, place]),
        )

    def _measure(
        self, found: Ints, place: Ints, point: Ints, asked: tuple[Floats, Floats, Floats]
    ) -> None:
        if not len(place):
            return
        lon, lat, limit = asked
        _, metres = inverse(lon[place], lat[place], self.lon[point], self.lat[point])
        order = np.lexsort((point, -metres, place))
        order = order[(metres < limit[place])[order]]  # the last of each place is its nearest
        found[place[order]] = point[order]

    def _pairs(self, places: Floats, asked_owner: Ints, limit_m: float) -> tuple[Ints, Ints]:
        """Return which blocks of places and of points may hold a pair nearer than the limit."""
        centres, radii = caps(places)
        slack = np.minimum(limit_m / B_M + radii, np.pi)
        cosine, sine = np.cos(slack), np.sin(slack)
        own_cosine, own_sine = np.cos(self._radii), np.sin(self._radii)
        owners = np.unique(asked_owner)
        asked_at = np.searchsorted(asked_owner, np.append(owners, owners[-1] + 1))
        own_first = np.searchsorted(self._block_owner, owners)
        own_end = np.searchsorted(self._block_owner, owners, side="right")
        found_asked, found_block = [], []
        for number in range(len(owners)):
            asked = slice(asked_at[number], asked_at[number + 1])
            own = slice(own_first[number], own_end[number])
            # cos(slack + radius) is a product of two columns, and so of matrices.
            left = np.column_stack([centres[asked], -cosine[asked], sine[asked]])
            right = np.column_stack([self._centres[own], own_cosine[own], own_sine[own]])
            near = left @ right.T >= -1e-12
            if slack[asked].max() + self._radii[own].max() >= np.pi:
                near |= slack[asked, None] + self._radii[own] >= np.pi
            row, column = np.nonzero(near)
            found_asked.append(row + asked.start)
            found_block.append(column + own.start)
        return np.concatenate(found_asked), np.concatenate(found_block)


@lru_cache(maxsize=64)
def formula_at(level_m: float) -> Formula:
    """Return Lambert's formula at a level, with fitted terms of second order where they hold."""
    arc = min(level_m / A_M * (1 + 0.5 * FLATTENING), np.pi - 1e-4)
    sine, cosine = np.sin(arc), np.cos(arc)
    p = 0.25 * FLATTENING * (arc + sine) / max(1 - cosine, 1e-15) * sine
    q = 0.25 * FLATTENING * (arc - sine) / (1 + cosine) * sine
    needed = cosine + sine * (arc - level_m / A_M)
    slope = np.sin(level_m / A_M) / A_M
    left = np.pi - arc
    error = 1.0 + 16 * arc + 20 * arc * arc / np.tan(min(arc, np.pi / 4))
    error += 250 * max(1 / left - 2 / np.pi, 0.0)
    plain = Formula(level_m, p + q, 2 * (q - p), 0.0, 0.0, 0.0, needed, slope, error)
    terms, missing = _misses(plain, *_COARSE_GRID)
    scale = np.abs(terms).max(axis=0)
    found = np.linalg.lstsq(terms / scale, missing, rcond=1e-10)[0] / scale
    less, more, less_4, mixed, more_4, constant = (float(value) for value in found)
    # Off the level the terms must stay small beside what the cosine itself changes by.
    steep = 2 * abs(less) + 8 * (abs(less_4) + abs(mixed))
    flat = (4 * abs(more) + 16 * abs(more_4)) / min(1 - cosine, 1 + cosine)
    if max(steep, flat) > _FITTED:
        return plain
    terms, missing = _misses(plain, *_FINE_GRID)
    left_m = np.abs(missing - terms @ found).max() / slope
    return Formula(
        level_m,
        even=p + q + less + more,
        odd=2 * (q - p + more - less),
        even_4=less_4 + mixed + more_4,
        both=6 * less_4 - 2 * mixed + 6 * more_4,
        odd_4=4 * (more_4 - less_4),
        needed=needed + constant,
        slope=slope,
        error_m=_SAFETY * left_m + 1e-3,
    )


def _misses(formula: Formula, latitudes: int, azimuths: int) -> tuple[Floats, Floats]:
    """Return the terms to be fitted, and what the formula misses, on a grid of pairs.

    With L = (z1 - z2)^2 and M = (z1 + z2)^2 the terms are L, M, L^2, LM, M^2 and -1.
    """
    lat = np.repeat(np.linspace(0, 90, latitudes), azimuths)
    azimuth = np.tile(np.linspace(0, 180, azimuths), latitudes)
    nought = np.zeros(len(lat))
    one = unit_vectors(nought, lat)
    other = unit_vectors(*forward(nought, lat, azimuth, nought + formula.level_m))
    z1, z2 = one[:, 2], other[:, 2]
    value = dot(one, other) + formula.own(z1) + formula.own(z2) + formula.odd * z1 * z2
    less, more = (z1 - z2) ** 2, (z1 + z2) ** 2
    terms = [less, more, less * less, less * more, more * more, nought - 1]
    return np.column_stack(terms), formula.needed - value


def dot(one: Floats, other: Floats) -> Floats:
    """Return the products of vectors, row by row."""
    result: Floats = np.einsum("ij,ij->i", one, other)
    return result


def _ragged_blocks(counts: Ints, size: int) -> tuple[Ints, Ints]:
    """Return rows of indices of `counts` consecutive items each, and the owner of each row.

    The last row of an owner is filled with its last index.
    """
    number = -(-counts // size)
    owner = np.repeat(np.arange(len(counts)), number)
    nth = np.arange(len(owner)) - np.repeat(np.cumsum(number) - number, number)
    place = np.minimum(nth[:, None] * size + np.arange(size), (counts - 1)[owner, None])
    return place + (np.cumsum(counts) - counts)[owner, None], owner


def _at_once(pair_asked: Ints) -> Iterator[slice]:
    """Yield slices of pairs, sorted by what is asked, that never part pairs of one block."""
    start = 0
    while start < len(pair_asked):
        stop = start + _PAIRS_AT_ONCE
        if stop >= len(pair_asked):
            stop = len(pair_asked)
        else:
            stop = int(np.searchsorted(pair_asked, pair_asked[stop]))
            if stop <= start:
                stop = int(np.searchsorted(pair_asked, pair_asked[start], side="right"))
        yield slice(start, stop)
        start = stop
