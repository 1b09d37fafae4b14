"""Closed loops round areas, as labels and as vertices with the sources that they lie on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rangemap.geodesy._boundary import Ints
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._validation import Bools, Floats


@dataclass(frozen=True)
class Labels:
    """Places in order round closed loops, the inside at the left; loops are numbered from 0.

    Attributes
    ----------
    loop, source : numpy.ndarray of int, shape (n,)
    places : numpy.ndarray, shape (n, 3)
        Unit vectors on the auxiliary sphere.
    """

    loop: Ints
    source: Ints
    places: Floats


@dataclass(frozen=True)
class Loops:
    """Closed loops, the first vertex of each repeated as its last.

    Attributes
    ----------
    coordinates : numpy.ndarray, shape (m, 2)
        Degrees.
    loop : numpy.ndarray of int, shape (m,)
        Of each vertex, ascending.
    source : numpy.ndarray of int, shape (m,)
        Of the arc that a vertex lies on, or that ends there in a kink; the last vertex of a loop
        has none, -1.
    kink, bare : numpy.ndarray of bool, shape (m,)
        Vertices where two arcs meet; and of these, where an arc ends that is but one edge.
    good : numpy.ndarray of bool, shape (n,)
        Loops that could be had; the others have no vertices.
    """

    coordinates: Floats
    loop: Ints
    source: Ints
    kink: Bools
    bare: Bools
    good: Bools

    @classmethod
    def none(cls, count: int) -> Loops:
        """Return what there is of `count` loops that could not be had."""
        numbers, flags = np.empty(0, dtype=np.intp), np.empty(0, dtype=bool)
        bad = np.zeros(count, dtype=bool)
        return cls(np.empty((0, 2)), numbers, numbers, flags, flags, bad)

    def some(self, kept: Bools) -> Loops:
        """Return some of the vertices: those of whole loops."""
        return Loops(
            self.coordinates[kept],
            self.loop[kept],
            self.source[kept],
            self.kink[kept],
            self.bare[kept],
            self.good,
        )

    def relabelled(self, vertex: Ints, share: Floats, cause: Ints) -> Labels:
        """Return labels for another turn: those of arcs, and of places where these are wrong.

        Parameters
        ----------
        vertex, share : numpy.ndarray, shape (k,)
            Where: how far from a vertex to the next, from 0 to 1.
        cause : numpy.ndarray of int, shape (k,)
            The source that is nearest there.
        """
        vertex, share = vertex + (share == 1.0), np.where(share == 1.0, 0.0, share)
        fine = (self.source >= 0) & ~self.kink
        fine[vertex[share == 0]] = False
        alone = np.flatnonzero(self.bare)
        before = np.arange(len(self.loop)) - 1
        starts = np.flatnonzero(np.diff(self.loop, prepend=-1))
        before[starts] = np.append(starts, len(self.loop))[1:] - 2  # the last stands for the first
        at = np.concatenate([vertex, np.flatnonzero(fine), before[alone]])
        along = np.concatenate([share, np.zeros(np.count_nonzero(fine)), np.full(len(alone), 0.5)])
        source = np.concatenate([cause, self.source[fine], self.source[alone]])
        order = np.lexsort((along, at))
        at, along, source = at[order], along[order], source[order]
        following = np.minimum(at + 1, len(self.loop) - 1)
        xy = self.coordinates[at] * (1 - along)[:, None]
        xy += self.coordinates[following] * along[:, None]
        return Labels(self.loop[at], source, unit_vectors(xy[:, 0], xy[:, 1]))
