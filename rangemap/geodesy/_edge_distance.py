"""The exact distance to the nearest point of straight lon/lat edges, by branch and bound.

Edges are cut into pieces. A piece of length L, whose ends lie at f0 and f1 from a place, comes
no nearer than (f0 + f1 - L) / 2, for distance is 1-Lipschitz, nor than min(f0, f1) - C L^2 / 8,
for it is semi-concave. Pieces that may still win are halved until none can by over half
a millimetre.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from rangemap.geodesy._bending import bending, edge_curvature, edge_lengths_m, split_edges
from rangemap.geodesy._nearest import Ints, PointIndex
from rangemap.geodesy._outline import Outline
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import inverse

_LONGEST_M: Final = 25_000.0
_SAG_M: Final = 200.0  # what the curvature of a piece may take from a distance, at most
_ENOUGH_M: Final = 0.0005
_HALVINGS: Final = 60


class EdgeIndex:
    """Edges and points of an outline, for exact distances.

    Parameters
    ----------
    outline : Outline
    """

    def __init__(self, outline: Outline) -> None:
        edges = outline.edges
        counts = edge_lengths_m(edges) * np.maximum(
            1 / _LONGEST_M, np.sqrt(edge_curvature(edges) / (8 * _SAG_M))
        )
        pieces = split_edges(edges, np.maximum(np.ceil(counts), 1).astype(np.intp))
        points = outline.points
        self._pieces = np.concatenate([pieces, np.concatenate([points, points], axis=1)])
        # Nodes are the starts of all pieces, then their ends where no other piece starts.
        starts = len(self._pieces)
        follows = np.append((self._pieces[1:, :2] == self._pieces[:-1, 2:]).all(axis=1), False)
        loose = np.flatnonzero(~follows)
        self.nodes = nodes = np.concatenate([self._pieces[:, :2], self._pieces[loose, 2:]])
        self._after = np.append(np.arange(starts), loose)  # a piece at each node
        before = np.flatnonzero(follows)
        self._before = self._after.copy()  # the other one, if there is one
        self._before[before + 1] = before
        self._index = PointIndex(nodes[:, 0].copy(), nodes[:, 1].copy())

    def nearest(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Return metres to the nearest point of the edges, and that point, for each place.

        Returns
        -------
        metres : numpy.ndarray, shape (n,)
            At most half a millimetre more than the distance.
        points : numpy.ndarray, shape (n, 2)
            Degrees.
        """
        metres, points = np.empty(len(lon)), np.empty((len(lon), 2))
        for part, place, node in self._index.near(lon, lat, _margin):
            both = np.concatenate([self._after[node], self._before[node]])
            pairs = np.unique(np.tile(place, 2) * len(self._pieces) + both)
            place, piece = np.divmod(pairs, len(self._pieces))
            metres[part], points[part] = _refined(lon[part], lat[part], place, self._pieces[piece])
        return metres, points


def _margin(metres: Floats) -> Floats:
    """Return by how much the better end of the nearest piece may miss its nearest point."""
    least = np.maximum(metres - _LONGEST_M, 1.0)
    bowed = _SAG_M + bending(least) * (_LONGEST_M**2 / 8)
    result: Floats = np.minimum(0.5 * _LONGEST_M, bowed) + 1.0
    return result


def _refined(lon: Floats, lat: Floats, place: Ints, pieces: Floats) -> tuple[Floats, Floats]:
    """Halve the pieces offered to each place until the nearest point is found."""
    best = np.full(len(lon), np.inf)
    point = np.empty((len(lon), 2))

    def measured(where: Ints, at: Floats) -> Floats:
        _, metres = inverse(lon[where], lat[where], at[:, 0].copy(), at[:, 1].copy())
        order = np.argsort(metres, kind="stable")[::-1]
        order = order[metres[order] < best[where[order]]]
        best[where[order]] = metres[order]  # the last written is the least
        point[where[order]] = at[order]
        return metres

    length, curvature = edge_lengths_m(pieces), edge_curvature(pieces)
    low, high = pieces[:, :2], pieces[:, 2:]
    from_low, from_high = measured(place, low), measured(place, high)
    for _ in range(_HALVINGS):
        nearer = np.minimum(from_low, from_high)
        lipschitz = 0.5 * (from_low + from_high - length)
        bowed = nearer - (curvature + bending(nearer - length)) * length**2 / 8
        open_ = np.maximum(lipschitz, bowed) < best[place] - _ENOUGH_M
        if not open_.any():
            break
        place, low, high = place[open_], low[open_], high[open_]
        from_low, from_high = from_low[open_], from_high[open_]
        length, curvature = 0.5 * length[open_], curvature[open_]
        middle = 0.5 * (low + high)
        from_middle = measured(place, middle)
        place = np.tile(place, 2)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        from_low, from_high = (
            np.concatenate([from_low, from_middle]),
            np.concatenate([from_middle, from_high]),
        )
        length, curvature = np.tile(length, 2), np.tile(curvature, 2)
    return best, point
