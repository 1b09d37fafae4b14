"""The nearest, or farthest, of many points: a filter that cannot err, then Karney.

On the auxiliary sphere (reduced latitudes) an arc sigma and the geodesic s between two
points satisfy b sigma <= s <= a sigma. That bound picks blocks of points, and then
points, that may be nearest; Lambert's formula, whose error is bounded below, leaves one or
two of them; and those are measured by exact geodesics.

References
----------
Lambert, W. D. (1942). The distance between two widely separated points on the surface of
the Earth. Journal of the Washington Academy of Sciences 32, 125-130.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import GEOD, inverse

Ints = npt.NDArray[np.intp]

A_M: Final = float(GEOD.a)
B_M: Final = float(GEOD.b)
FLATTENING: Final = float(GEOD.f)
_BLOCK: Final = 32  # points of a block; the bounds are taken for blocks first
_ASKED: Final = 16  # places asked together
_AT_ONCE: Final = 3_000_000  # pairs of places and points in memory at once
_ROUNDING_RAD: Final = 1e-7  # what arccos loses near 0


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Return points on the auxiliary sphere, shape (n, 3), from degrees."""
    lam, phi = np.radians(lon), np.radians(lat)
    up, out = (1 - FLATTENING) * np.sin(phi), np.cos(phi)
    length = np.hypot(up, out)
    out /= length
    return np.column_stack([out * np.cos(lam), out * np.sin(lam), up / length])


def degrees(vectors: Floats) -> Floats:
    """Return longitude and latitude of points on the auxiliary sphere, shape (n, 2)."""
    x, y, z = vectors.T
    lat = np.arctan2(z, (1 - FLATTENING) * np.hypot(x, y))
    result: Floats = np.degrees(np.column_stack([np.arctan2(y, x), lat]))
    return result


def tangents(vectors: Floats) -> tuple[Floats, Floats]:
    """Return unit vectors northwards and eastwards at points on the sphere, not at a pole."""
    x, y, z = vectors.T
    out = np.hypot(x, y)
    cosine, sine = x / out, y / out
    north = np.column_stack([-cosine * z, -sine * z, out])
    return north, np.column_stack([-sine, cosine, np.zeros_like(out)])


def lambert_m(cosine: Floats, z1: Floats, z2: Floats) -> tuple[Floats, Floats]:
    """Return Lambert's distance and a bound on its error, both in metres.

    Parameters
    ----------
    cosine : numpy.ndarray
        Of the arc on the auxiliary sphere.
    z1, z2 : numpy.ndarray
        Sines of the reduced latitudes.

    Notes
    -----
    The error is of second order in the flattening: at most 1.41e-6 of the distance up to a
    quarter of the way round, and growing as 1 / (pi - sigma) towards the antipode. The bound
    is nearly twice what a dense search over latitudes, azimuths and distances up to
    19,950 km finds.
    """
    cosine = np.clip(cosine, -1.0, 1.0)
    sigma = np.arccos(cosine)
    sine = np.sqrt(1 - cosine * cosine)
    near = (sigma + sine) * (z2 - z1) ** 2 / np.maximum(1 - cosine, 1e-15)
    far = (sigma - sine) * (z1 + z2) ** 2 / np.maximum(1 + cosine, 1e-15)
    metres = A_M * (sigma - 0.25 * FLATTENING * (near + far))
    left = np.maximum(np.pi - sigma, 1e-9)
    error = 0.7 + 16.0 * sigma + 250.0 * np.maximum(1 / left - 2 / np.pi, 0.0)
    return metres, error


class PointIndex:
    """Points in compact blocks, so that few of them need be looked at.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (n,)
        Degrees, at least one point.
    """

    def __init__(self, lon: Floats, lat: Floats) -> None:
        self.lon, self.lat = lon, lat
        self.vectors = unit_vectors(lon, lat)
        self._members = _blocks(morton_order(lon, lat), _BLOCK)
        self._blocks = self.vectors[self._members]
        self._centres, self._radii = caps(self._blocks)

    def farthest(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
        """Return the index of the farthest point from each place, and metres to it."""
        index = np.empty(len(lon), dtype=np.intp)
        metres = np.empty(len(lon))
        for part in self._passes(lon, lat):
            place, point = self._pairs(lon[part], lat[part], sign=-1.0, margin=_no_margin)
            some = part[place]
            _, exact = inverse(lon[some], lat[some], self.lon[point], self.lat[point])
            first = np.lexsort((point, -exact, place))
            first = first[np.flatnonzero(np.diff(place[first], prepend=-1))]
            index[part], metres[part] = point[first], exact[first]
        return index, metres

    def near(
        self, lon: Floats, lat: Floats, margin: Callable[[Floats], Floats]
    ) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Yield all pairs of places and points that may be nearly the nearest.

        Parameters
        ----------
        lon, lat : numpy.ndarray
            Places, degrees.
        margin : callable
            Of a bound on the metres to the nearest point; points farther by no more than it
            returns are wanted as well.

        Yields
        ------
        part : numpy.ndarray
            Indices of places, in some order.
        place, point : numpy.ndarray
            Pairs, sorted by place; `place` counts within `part`.
        """
        for part in self._passes(lon, lat):
            yield (part, *self._pairs(lon[part], lat[part], sign=1.0, margin=margin))

    def _passes(self, lon: Floats, lat: Floats) -> list[Ints]:
        """Return places in a compact order, so many at a time that memory stays small."""
        order = morton_order(lon, lat)
        step = _ASKED * max(1, _AT_ONCE // (_ASKED * max(len(self._radii), 256)))
        return [order[start : start + step] for start in range(0, len(order), step)]

    def _pairs(
        self, lon: Floats, lat: Floats, *, sign: float, margin: Callable[[Floats], Floats]
    ) -> tuple[Ints, Ints]:
        # Farthest is nearest to the antipode, on the sphere; `sign` turns the one into the other.
        count = len(lon)
        vectors = unit_vectors(lon, lat)
        asked = _blocks(np.arange(count), _ASKED)
        places = sign * vectors[asked]
        pair_asked, pair_block = self._block_pairs(places, sign, margin)
        cosine = np.matmul(places[pair_asked], self._blocks[pair_block].transpose(0, 2, 1))
        best = np.full((len(asked), _ASKED), -2.0)
        np.maximum.at(best, pair_asked, cosine.max(axis=2))
        limit = np.cos(_widest_arc(np.arccos(np.clip(best, -1, 1)), sign, margin))
        pair, row, column = np.nonzero(cosine >= limit[pair_asked, :, None])
        flat = pair_asked[pair] * _ASKED + row
        keep = flat < count
        pair, row, column, place = pair[keep], row[keep], column[keep], flat[keep]
        point = self._members[pair_block[pair], column]
        about, error = lambert_m(
            sign * cosine[pair, row, column], vectors[place, 2], self.vectors[point, 2]
        )
        bound = np.full(count, np.inf)
        np.minimum.at(bound, place, sign * about + error)
        few = sign * about - error <= (bound + margin(bound))[place]
        place, point = place[few], point[few]
        order = np.lexsort((point, place))
        place, point = place[order], point[order]
        twice = np.append(False, (np.diff(place) == 0) & (np.diff(point) == 0))
        return place[~twice], point[~twice]

    def _block_pairs(
        self, places: Floats, sign: float, margin: Callable[[Floats], Floats]
    ) -> tuple[Ints, Ints]:
        centres, radii = caps(places)
        arc = np.arccos(np.clip(centres @ self._centres.T, -1, 1))
        reach = radii[:, None] + self._radii
        most = np.minimum(arc + reach, np.pi).min(axis=1)
        rows, columns = np.nonzero(arc - reach <= _widest_arc(most, sign, margin)[:, None])
        return rows, columns


def _no_margin(metres: Floats) -> Floats:
    return np.zeros_like(metres)


def _widest_arc(arc: Floats, sign: float, margin: Callable[[Floats], Floats]) -> Floats:
    """Return the arc within which wanted points must lie, if a point lies at `arc`."""
    if sign > 0:
        wide = (arc * A_M + margin(arc * A_M)) / B_M
    else:
        wide = np.pi - (np.pi - arc) * (B_M / A_M)
    return np.minimum(wide + _ROUNDING_RAD, np.pi)


def _blocks(order: Ints, size: int) -> Ints:
    """Return indices in rows of `size`; the last row is filled with its last index."""
    missing = -len(order) % size
    return np.pad(order, (0, missing), mode="edge").reshape(-1, size)


def caps(blocks: Floats) -> tuple[Floats, Floats]:
    """Return a centre and an angular radius that hold each block of unit vectors."""
    centres = blocks.sum(axis=1)
    length = np.linalg.norm(centres, axis=1, keepdims=True)
    centres = np.where(length > 1e-9, centres / np.maximum(length, 1e-9), blocks[:, 0])
    cosine = np.matmul(blocks, centres[:, :, None])[:, :, 0].min(axis=1)
    return centres, np.arccos(np.clip(cosine, -1, 1)) + _ROUNDING_RAD


def morton_order(lon: Floats, lat: Floats) -> Ints:
    """Return an order in which points that follow each other are near each other."""
    return np.argsort(morton_keys(lon, lat), kind="stable")


def morton_keys(lon: Floats, lat: Floats) -> npt.NDArray[np.uint64]:
    """Return keys below 2**32, near each other for points that are near each other."""
    x = np.clip((lon + 180) * (65536 / 360), 0, 65535).astype(np.uint64)
    y = np.clip((lat + 90) * (65536 / 360), 0, 65535).astype(np.uint64)
    keys: npt.NDArray[np.uint64] = _spread(x) | (_spread(y) << np.uint64(1))
    return keys


def _spread(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values
