"""The connected parts of a territory, across the antimeridian and at the poles as well."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import STRtree

from rangemap.geodesy._nearest import Ints
from rangemap.geodesy._outline import Objects, Outline, outline_of


def connected_outlines(outline: Outline) -> list[Outline]:
    """Return an outline for each connected part, in a fixed order."""
    parts = outline.simple
    label = np.arange(len(parts))
    for one, other in _touching(parts):
        label[label == label[other]] = label[one]
    return [outline_of(parts[label == value]) for value in dict.fromkeys(label.tolist())]


def _touching(parts: Objects) -> list[tuple[int, int]]:
    """Return pairs of parts that share a point of the globe."""
    pairs = _crossings(parts, parts, np.arange(len(parts)))
    bounds = shapely.bounds(parts)
    western = np.flatnonzero(bounds[:, 0] == -180)
    moved = shapely.transform(parts[western], lambda xy: xy - [-360.0, 0.0])
    eastern = np.flatnonzero(bounds[:, 2] == 180)
    across = _crossings(parts[eastern], moved, western)
    pairs += [(int(eastern[one]), other) for one, other in across]
    for column, pole in ((1, -90), (3, 90)):
        there = np.flatnonzero(bounds[:, column] == pole)
        pairs += [(int(there[0]), int(other)) for other in there[1:]]
    return pairs


def _crossings(parts: Objects, others: Objects, names: Ints) -> list[tuple[int, int]]:
    if not len(parts) or not len(others):
        return []
    other, one = STRtree(parts).query(others, predicate="intersects")
    return [(int(a), int(names[b])) for a, b in zip(one, other, strict=True) if a != names[b]]
