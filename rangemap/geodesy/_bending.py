"""How fast a distance can bend along an edge, and so how densely an edge must be sampled.

Along a curve, the distance s from a fixed point has the second derivative h(s) sin(theta)^2 plus at
most the curve's geodesic curvature. By the comparison theorems of Rauch and Bonnet,

    cot(s / P) / P <= h(s) <= cot(s / Q) / Q

where 1 / P^2 and 1 / Q^2 are the greatest and the least Gaussian curvature of the surface (on
WGS 84, at the equator and at the poles); the left side holds up to pi P = 19,970 km. So f is
semi-concave and semi-convex, and between samples h apart it strays from a chord by no more than
the bound times h^2 / 8.

References
----------
Cheeger, J., & Ebin, D. G. (1975). Comparison theorems in Riemannian geometry, chapter 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.errors import ArgumentError
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import GEOD

_P_M: Final = float(GEOD.b)  # sqrt(M N) at the equator
_Q_M: Final = float(GEOD.a**2 / GEOD.b)  # the same at the poles
_MOST_PIECES: Final = 5_000_000  # half a gigabyte of working memory
STRAIGHT_PER_M: Final = 3e-9  # no edge is taken to be straighter: samples at most 500 km apart
_NEAREST_M: Final = 1e-3

Ints = npt.NDArray[np.intp]


def bending(metres: npt.ArrayLike) -> Floats:
    """Return the largest second derivative, per metre, of distance along a geodesic."""
    arc = np.maximum(np.asarray(metres, dtype=np.float64), _NEAREST_M) / _Q_M
    result: Floats = 1 / np.tan(np.minimum(arc, np.pi / 2)) / _Q_M
    return result


def unbending(metres: npt.ArrayLike) -> Floats:
    """Return the least second derivative, its sign changed; infinite near half way round."""
    arc = np.asarray(metres, dtype=np.float64) / _P_M
    beyond = np.minimum(np.maximum(arc - np.pi / 2, 0.0), np.pi / 2)
    result: Floats = np.where(arc < np.pi - 1e-6, np.tan(beyond), np.inf) / _P_M
    return result


def edge_lengths_m(edges: Floats) -> Floats:
    """Return a length that each edge does not exceed, close to its own."""
    lat = np.radians(edges[:, 1::2])
    crosses = edges[:, 1] * edges[:, 3] < 0
    widest = np.where(crosses, 1.0, np.cos(np.minimum(np.abs(lat[:, 0]), np.abs(lat[:, 1]))))
    east = np.radians(edges[:, 2] - edges[:, 0]) * widest
    metres: Floats = 6_400_000.0 * np.hypot(east, lat[:, 1] - lat[:, 0])
    return metres


def edge_curvature(edges: Floats) -> Floats:
    """Return a bound on the geodesic curvature, per metre, of edges straight in lon/lat.

    With psi the angle to the meridian, it is tan(lat) sin(psi) (1 + cos(psi)^2) / R, which is
    at most 1.09 tan(lat) / R, and, since cos(lat) d lon = sin(psi) ds / R, also at most
    2 |d lon / d lat| / R: an edge that runs into a pole keeps a bound.
    """
    highest = np.maximum(np.abs(edges[:, 1]), np.abs(edges[:, 3]))
    steepest = np.tan(np.radians(np.minimum(highest, 90 - 1e-9)))
    east, north = np.abs(edges[:, 2:] - edges[:, :2]).T
    slope = east / np.maximum(north, 1e-12)
    curvature: Floats = np.minimum(1.1 * steepest, 2.02 * slope) / 6_335_000.0
    return curvature


def piece_counts(edges: Floats, bend: float, allowed_m: float, owner: Ints | None = None) -> Ints:
    """Return into how many pieces edges are cut, so that on each a distance strays so little.

    The distance is semi-concave with the given bend; it strays by no more than `allowed_m`.
    """
    curvature = edge_curvature(edges) + bend + STRAIGHT_PER_M
    counts = np.ceil(edge_lengths_m(edges) * np.sqrt(curvature / (8 * allowed_m)))
    total = counts.sum() if owner is None else np.bincount(owner, counts).max(initial=0.0)
    if total > _MOST_PIECES:
        raise ArgumentError(
            f"a boundary so long would need {total:,.0f} points at this distance and "
            f"tolerance, over {_MOST_PIECES:,}: take a greater distance or tolerance"
        )
    return np.maximum(counts, 1).astype(np.intp)


def dense_points(edges: Floats, bend: float, allowed_m: float) -> tuple[Floats, Floats]:
    """Return the ends of such pieces."""
    lon, lat, _, _ = dense_points_of(edges, np.zeros(len(edges), dtype=np.intp), bend, allowed_m)
    return lon, lat


def dense_points_of(
    edges: Floats, owner: Ints, bend: float, allowed_m: float
) -> tuple[Floats, Floats, Ints, Ints]:
    """Return the same of the edges of several owners, with the owner and the edge of each."""
    counts = piece_counts(edges, bend, allowed_m, owner)
    loose = ~follows(edges, owner)
    counts[loose] += 1  # the last point of a chain is its last edge's end
    which = np.repeat(np.arange(len(edges)), counts)
    step = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = step / (counts - loose)[which]
    start = edges[which, :2]
    points = start + (edges[which, 2:] - start) * share[:, None]
    last = np.cumsum(counts)[loose] - 1
    points[last] = edges[loose, 2:]
    return points[:, 0], points[:, 1], owner[which], which


def follows(edges: Floats, owner: Ints) -> npt.NDArray[np.bool_]:
    """Return which edges are followed by one that begins where they end."""
    result = np.zeros(len(edges), dtype=bool)
    result[:-1] = (edges[1:, 0] == edges[:-1, 2]) & (edges[1:, 1] == edges[:-1, 3])
    result[:-1] &= owner[1:] == owner[:-1]
    return result


def split_edges(edges: Floats, counts: Ints) -> Floats:
    """Return each edge in as many equal pieces as it is given."""
    which = np.repeat(np.arange(len(edges)), counts)
    step = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    total = counts[which]
    start, end = edges[which, :2], edges[which, 2:]
    low = start + (end - start) * (step / total)[:, None]
    high = start + (end - start) * ((step + 1) / total)[:, None]
    high[step + 1 == total] = end[step + 1 == total]
    return np.concatenate([low, high], axis=1)
