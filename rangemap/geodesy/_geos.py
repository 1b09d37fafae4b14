"""Overlays of GEOS without its floating-point noise.

On coordinates like 1e-246 degrees GEOS divides by zero on its way to a right result, and numpy,
which calls it, would warn. Only these calls are silenced, not what is computed around them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry


def union_all(shapes: Any, **options: Any) -> Any:
    """Return the union of shapes."""
    with np.errstate(all="ignore"):
        return shapely.union_all(shapes, **options)


def union(a: BaseGeometry, b: BaseGeometry) -> Any:
    """Return the union of two shapes."""
    with np.errstate(all="ignore"):
        return shapely.union(a, b)


def difference(a: Any, b: Any) -> Any:
    """Return what is in the one and not in the other."""
    with np.errstate(all="ignore"):
        return shapely.difference(a, b)


def intersection(a: Any, b: Any) -> Any:
    """Return what shapes share."""
    with np.errstate(all="ignore"):
        return shapely.intersection(a, b)


def intersection_all(shapes: Any) -> Any:
    """Return what all shapes share."""
    with np.errstate(all="ignore"):
        return shapely.intersection_all(shapes)


def symmetric_difference(a: Any, b: Any) -> Any:
    """Return what is in one of two shapes only."""
    with np.errstate(all="ignore"):
        return shapely.symmetric_difference(a, b)
