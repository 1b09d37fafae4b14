"""Edges that need not be looked at again."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._boundary import Ints
from rangemap.geodesy._validation import Floats

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)  # odd, its bits well spread


class EdgeSet:
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

    def holds(self, edges: Floats, owner: Ints) -> npt.NDArray[np.bool_]:
        """Return which edges are in the set; two of one key may hide each other, no more."""
        if not len(self._keys):
            return np.zeros(len(edges), dtype=bool)
        at = np.minimum(np.searchsorted(self._keys, _keys(edges)), len(self._keys) - 1)
        same: npt.NDArray[np.bool_] = self._owner[at] == owner
        for column in range(4):
            same &= self._edges[at, column] == edges[:, column]
        return same


def _keys(edges: Floats) -> npt.NDArray[np.uint64]:
    """Return a number for each edge, nearly always another one for another edge."""
    bits = np.ascontiguousarray(edges + 0.0).view(np.uint64)
    keys = bits[:, 0].copy()
    for column in (1, 2, 3):
        keys *= _MIX
        keys ^= bits[:, column] ^ (keys >> np.uint64(29))
    return keys
