"""The union of discs round those points of a territory that support its buffer.

Few points of a long coast matter: those that are nearest to some place on the boundary of
the result. They are found from a coarse union, and added until nothing is missed.

The tolerance is shared out (`rangemap.geodesy._inspection`). With D the distance from the territory
and r the radius, a point of the drawn boundary has D - r <= ring, for it lies on a disc; and
D - r >= -(slack + between + spacing), for it was inspected: no source is nearer than r - slack to a
place asked, D is semi-concave and falls by no more than `between` from one place to the next,
and sources stand so densely that none is missed by more than `spacing`.

Many territories grow side by side, in one pass over arrays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from rangemap.geodesy._boundary import Objects
from rangemap.geodesy._discs import Area, discs, sources_of
from rangemap.geodesy._growth import Growth
from rangemap.geodesy._inspection import SPACING
from rangemap.geodesy._outline import Outline, Outlines

_OF_RADIUS: Final = 0.2  # a small buffer is drawn finer than the tolerance: no more than this
_EDGES_AT_ONCE: Final = 40_000  # of territories that grow side by side
_EDGES_FOR_EACH: Final = 500  # that a territory counts for at least


def buffer_area(outline: Outline, radius_m: float, tolerance_m: float) -> Area:
    """Return the buffer of one territory: all discs round it, and itself."""
    area: Area = buffer_areas(Outlines.of(outline), radius_m, tolerance_m)[0]
    return area


def buffer_areas(outlines: Outlines, radius_m: float, tolerance_m: float) -> Objects:
    """Return the buffers of territories, one after another some of them at a time."""
    tolerance_m = min(tolerance_m, _OF_RADIUS * radius_m)
    groups = [_group(part, radius_m, tolerance_m) for part in _some_at_a_time(outlines)]
    return np.concatenate(groups) if groups else np.empty(0, dtype=object)


def _some_at_a_time(outlines: Outlines) -> Iterator[Outlines]:
    edges = np.bincount(outlines.edge_owner, minlength=len(outlines)) + _EDGES_FOR_EACH
    group = np.cumsum(edges) // _EDGES_AT_ONCE
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    for start, end in zip(starts, np.append(starts, len(outlines))[1:], strict=True):
        yield outlines.some(int(start), int(end))


def _group(outlines: Outlines, radius_m: float, tolerance_m: float) -> Objects:
    sources = sources_of(outlines, radius_m, SPACING * tolerance_m)
    areas = np.empty(len(outlines), dtype=object)
    single = np.bincount(sources.owner, minlength=len(outlines)) == 1
    alone = sources.some(single[sources.owner])
    areas[single] = discs(alone.lon, alone.lat, radius_m, tolerance_m)
    if not single.all():
        rest = sources.some(~single[sources.owner])
        areas[~single] = Growth(outlines, rest, radius_m, tolerance_m).run()[~single]
    return areas
