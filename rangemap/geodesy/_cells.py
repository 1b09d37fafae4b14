"""Counting by cells: small groups of neighbouring places, mostly in or out of range as a whole.

A cell is a cap: a centre c and the angle rho to its farthest member. Angles obey the triangle
inequality, so with the bounds of `rangemap.geodesy._filter` all members are within r of a
site where angle(site, c) <= r / a - rho, and none is where angle(site, c) > r / b + rho.
The cosine of a sum is cos cos -+ sin sin, so both tests are dot products of five terms, of
which sum |x_i y_i| <= 2: in float32 they are off by at most (2u + 5u / (1 - 5u)) 2 < 14.1 u <
8.5e-7. `_MARGIN` is 1e-6.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._filter import (
    A_KM,
    B_KM,
    Floats32,
    Indexes,
    Limits,
    Points,
    decide,
    exactly_in_range,
)
from rangemap.geodesy._validation import Bools, Floats

Integers = npt.NDArray[np.int64]

CELL: Final = 64
_GROUP: Final = 96  # cells in one block of work
_MARGIN: Final = 1e-6
_CURVE_BITS: Final = 15
_TILE: Final = 50_000  # products of five terms: OpenBLAS stays in the calling thread
_PLACES_TILE: Final = 1_280  # sites at once against the places of one cell, likewise


@dataclass(frozen=True)
class Counts:
    """What one block adds: for its sites, and for the places of its cells in curve order."""

    per_site: Integers
    per_place: Integers
    weight: Floats | None


@dataclass(frozen=True)
class Cells:
    """Places along a space-filling curve, cut into cells of `CELL`; the last may be smaller.

    ``terms`` has a row for each cell: centre, cos(rho), sin(rho).
    """

    order: Indexes
    places: Points
    start: Indexes
    size: Floats32
    rho: Floats
    terms: Floats32
    weights: Floats | None
    weight: Floats | None

    @classmethod
    def of(cls, places: Points, weights: Floats | None) -> Cells:
        """Group places into cells."""
        order = np.argsort(_curve(places.unit), kind="stable")
        places = places.take(order)
        start = np.arange(0, len(places), CELL)
        size = np.diff(np.append(start, len(places)))
        centre = np.add.reduceat(places.unit, start, axis=0)
        length = np.linalg.norm(centre, axis=1)
        # Members that balance out have no mean direction; any centre will do then.
        balanced = length < 1e-3
        centre[balanced], length[balanced] = places.unit[start[balanced]], 1.0
        centre /= length[:, None]
        chord = np.linalg.norm(places.unit - np.repeat(centre, size, axis=0), axis=1)
        farthest = np.maximum.reduceat(chord, start)
        rho = 2 * np.arcsin(np.minimum(farthest / 2, 1.0)) + 1e-9
        terms = np.column_stack([centre, np.cos(rho), np.sin(rho)]).astype(np.float32)
        own = None if weights is None else weights[order]
        weight = None if own is None else np.add.reduceat(own, start)
        return cls(order, places, start, size.astype(np.float32), rho, terms, own, weight)

    def groups(self) -> Iterator[slice]:
        """Yield slices of cells, each enough for one block of work."""
        for first in range(0, len(self.start), _GROUP):
            yield slice(first, min(first + _GROUP, len(self.start)))

    def places_of(self, group: slice) -> slice:
        """Return where the members of a group of cells stand along the curve."""
        return slice(int(self.start[group.start]), min(group.stop * CELL, len(self.places)))


def count_in_cells(sites: Points, limits: Limits, cells: Cells, group: slice) -> Counts:
    """Count the places of some cells in range of some sites."""
    span = cells.places_of(group)
    weighted = cells.weight is not None
    per_site = np.zeros(len(sites), dtype=np.int64)
    per_place = np.zeros(span.stop - span.start, dtype=np.int64)
    weight = np.zeros(len(sites)) if weighted else None
    mixed = np.empty((group.stop - group.start, len(sites)), dtype=np.bool_)
    step = max(1, _TILE // len(mixed))
    for first in range(0, len(sites), step):
        rows = slice(first, min(first + step, len(sites)))
        whole = _whole(sites.take(rows), limits.take(rows), cells, group, mixed[:, rows])
        per_site[rows] += (cells.size[group] @ whole.astype(np.float32)).astype(np.int64)
        each = np.count_nonzero(whole, axis=1)
        per_place += np.repeat(each, cells.size[group].astype(np.intp))
        if weight is not None and cells.weight is not None:
            weight[rows] += cells.weight[group] @ whole.astype(np.float64)
    doubtful: list[tuple[Indexes, Indexes]] = []
    for number in range(len(mixed)):
        first = int(cells.start[group.start + number])
        own = slice(first, min(first + CELL, span.stop))
        places, at = cells.places.rows32[:, own], slice(first - span.start, own.stop - span.start)
        all_rows = np.flatnonzero(mixed[number])
        for begin in range(0, len(all_rows), _PLACES_TILE):
            site = all_rows[begin : begin + _PLACES_TILE]
            inside, flat = decide(sites.unit32[site] @ places, limits.take(site))
            single = inside.astype(np.float32)
            per_site[site] += single.sum(axis=1).astype(np.int64)
            per_place[at] += single.sum(axis=0).astype(np.int64)
            if weight is not None and cells.weights is not None:
                weight[site] += inside @ cells.weights[own]
            if flat.size:
                row, column = np.divmod(flat, inside.shape[1])
                doubtful.append((site[row], column + first))
    if doubtful:
        site, place = (np.concatenate(part) for part in zip(*doubtful, strict=True))
        inside = exactly_in_range(sites, limits, cells.places, site, place)
        site, place = site[inside], place[inside]
        per_site += np.bincount(site, minlength=len(per_site))
        per_place += np.bincount(place - span.start, minlength=len(per_place))
        if weight is not None and cells.weights is not None:
            weight += np.bincount(site, cells.weights[place], minlength=len(weight))
    return Counts(per_site, per_place, weight)


def _whole(sites: Points, limits: Limits, cells: Cells, group: slice, mixed: Bools) -> Bools:
    """Return which cells (rows) are wholly in range of which sites; tell `mixed` the rest."""
    terms, rho = cells.terms[group], cells.rho[group]
    inside = _all_within(sites, limits.max_km, terms, rho)
    outside = _all_beyond(sites, limits.max_km, terms, rho)
    if limits.has_min:
        outside |= _all_within(sites, limits.min_km, terms, rho)
        inside &= _all_beyond(sites, limits.min_km, terms, rho) | (limits.min_km == 0)
    np.logical_or(inside, outside, out=mixed)
    np.logical_not(mixed, out=mixed)
    return inside


def _all_within(sites: Points, km: Floats, terms: Floats32, rho: Floats) -> Bools:
    angle = np.minimum(km / A_KM, np.pi)
    result: Bools = terms @ _terms(sites, -np.cos(angle), -np.sin(angle)) >= _MARGIN
    if rho.max() > angle.min():  # the cosine of a negative difference would mean nothing
        result &= rho[:, None] <= angle
    return result


def _all_beyond(sites: Points, km: Floats, terms: Floats32, rho: Floats) -> Bools:
    angle = np.minimum(km / B_KM, np.pi)
    result: Bools = terms @ _terms(sites, -np.cos(angle), np.sin(angle)) <= -_MARGIN
    if rho.max() + angle.max() > np.pi:  # nor would that of a sum beyond a half turn
        result &= rho[:, None] + angle <= np.pi
    return result


def _terms(sites: Points, by_cos: Floats, by_sin: Floats) -> Floats32:
    return np.vstack([sites.rows32, by_cos.astype(np.float32), by_sin.astype(np.float32)])


def _curve(unit: Floats) -> npt.NDArray[np.uint64]:
    """Return keys that run through space in Z-order, so that neighbours get near keys."""
    cell = ((unit + 1) * (2**_CURVE_BITS - 1)).astype(np.uint64)
    x, y, z = (_spread(cell[:, axis]) for axis in range(3))
    keys: npt.NDArray[np.uint64] = x | (y << np.uint64(1)) | (z << np.uint64(2))
    return keys


def _spread(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Put two empty bits before each of the low 21 bits."""
    for shift, mask in (
        (32, 0x1F00000000FFFF),
        (16, 0x1F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        value = np.bitwise_and(value | (value << np.uint64(shift)), np.uint64(mask))
    return value
