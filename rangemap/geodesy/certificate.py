"""A certificate for a buffer: measured on the polygon itself, not on how it was made.

Let D(x) be the distance of a place x from the territory, and r the radius. Three findings prove
that the polygon is the buffer, within the tolerance:

1. Along its whole boundary |D - r| <= tolerance, whether edges are drawn straight in longitude
   and latitude or, within +-85.0511, straight in Web Mercator. D is measured exactly at samples;
   between two of them it falls by no more than its semi-concavity allows, and rises by no more
   than the distance from the point nearest to either of them may.
2. The territory lies within the polygon. Then nothing is missed: along the shortest path from the
   territory to a place with D < r - tolerance, D stays below that, so the path cannot cross the
   boundary.
3. No place of the polygon has D > r + tolerance: the polygon is covered by the territory and by
   discs of that radius round points of it. (The boundary alone would not show that a hole was
   filled.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _drawn, _geos
from rangemap.geodesy._bending import (
    Ints,
    bending,
    edge_curvature,
    edge_lengths_m,
    piece_counts,
    split_edges,
    unbending,
)
from rangemap.geodesy._boundary import boundary_edges
from rangemap.geodesy._discs import HALF_WAY_M, discs, polygonal, thinned
from rangemap.geodesy._edge_distance import EdgeIndex
from rangemap.geodesy._nearest import unit_vectors
from rangemap.geodesy._outline import Outline, read_outline
from rangemap.geodesy._validation import (
    Floats,
    check_distance_km,
    check_tolerance_m,
    one_number,
)
from rangemap.geodesy.territory import holds
from rangemap.geodesy.wgs84 import inverse

__all__ = ["BufferCertificate", "certify"]

_BETWEEN: Final = 0.04  # of the tolerance: what D may lose from one sample to the next
_APART: Final = 0.003  # of the tolerance: drawings so near to each other are measured as one
_ROUNDS: Final = 30
_QUARTERINGS: Final = 8
_COARSE: Final = 0.2  # of the radius: how far apart the first discs are
_MOST_PER_M: Final = 1e-3  # no need to sample more densely than this bend asks
_MEASURED_M: Final = 0.001  # distances are exact to half of this


@dataclass(frozen=True)
class BufferCertificate:
    """What was measured on a buffer. `holds` says whether it is one, within the tolerance.

    Attributes
    ----------
    distance_km, tolerance_m : float
        The radius r and the tolerance asked for.
    least_m, greatest_m : float
        Bounds on D - r over the whole boundary, drawn straight in longitude and latitude or in
        Web Mercator, in metres, with what may happen between samples; 0 if there is no boundary
        (the whole world).
    sampled_least_m, sampled_greatest_m : float
        The same at the samples alone.
    samples : int
        How many places on the boundary were measured.
    valid : bool
        The polygon is valid and lies within +-180 and +-90.
    territory_covered : bool
        The territory lies within the polygon.
    nothing_extra : bool
        No place of the polygon is farther from the territory than r + tolerance.
    """

    distance_km: float
    tolerance_m: float
    least_m: float
    greatest_m: float
    sampled_least_m: float
    sampled_greatest_m: float
    samples: int
    valid: bool
    territory_covered: bool
    nothing_extra: bool

    @property
    def boundary_kept(self) -> bool:
        """Every point of the boundary lies within the tolerance of the radius."""
        return -self.tolerance_m <= self.least_m and self.greatest_m <= self.tolerance_m

    @property
    def holds(self) -> bool:
        """The polygon is the buffer, within the tolerance."""
        return self.valid and self.territory_covered and self.boundary_kept and self.nothing_extra


def certify(
    geometry: BaseGeometry, area: BaseGeometry, distance_km: float, tolerance_m: float = 100
) -> BufferCertificate:
    """Measure whether a polygon is the buffer of a territory, whoever made it.

    Parameters
    ----------
    geometry : shapely geometry
        The territory, as for `buffer`.
    area : shapely.Polygon or shapely.MultiPolygon
        What claims to be its buffer: EPSG:4326, edges straight in longitude and latitude, cut
        at the antimeridian, poles enclosed.
    distance_km : float
        Radius in (0, 19,950] km.
    tolerance_m : float, default 100
        In [1, 10,000]. It may exceed the radius; `buffer` itself never uses more than a fifth
        of that.

    Returns
    -------
    BufferCertificate
        Frozen; `holds` is True only if all three findings are proven. In which sense rings
        run is not among them.

    Raises
    ------
    ArgumentError
        As for `buffer`, or if the area is not a polygon.

    Examples
    --------
    >>> from rangemap.geodesy.territory import buffer
    >>> strait = shapely.LineString([(26.2, 40.0), (26.7, 40.4)])
    >>> certify(strait, buffer(strait, 300), 300).holds
    True
    >>> certify(strait, buffer(strait, 299), 300).holds
    False
    """
    radius_m = one_number(check_distance_km(distance_km), "distance") * 1000
    tolerance = check_tolerance_m(tolerance_m)
    outline = read_outline(geometry)
    _check_area(area)
    bounds = area.bounds
    valid = bool(
        area.is_valid and not area.is_empty and (np.abs(bounds) <= [180, 90, 180, 90]).all()
    )
    if not valid:
        return BufferCertificate(
            radius_m / 1000, tolerance, -np.inf, np.inf, -np.inf, np.inf, 0, False, False, False
        )
    index = EdgeIndex(outline)
    bend = max(float(bending(radius_m)), min(float(unbending(radius_m + tolerance)), _MOST_PER_M))
    edges = boundary_edges(area)[0]
    counts = piece_counts(edges, bend, _BETWEEN * tolerance)
    lower, upper, sampled, points = _both_drawings(
        outline, index, edges, counts, (radius_m, tolerance)
    )
    covered = all(shapely.covers(area, part) for part in outline.simple)
    greatest = float(upper.max(initial=radius_m if len(upper) == 0 else -np.inf))
    limits = (greatest, radius_m + tolerance)
    kept = covered and greatest <= radius_m + tolerance
    return BufferCertificate(
        distance_km=radius_m / 1000,
        tolerance_m=tolerance,
        least_m=_spread(lower.min(initial=np.inf), radius_m),
        greatest_m=greatest - radius_m,
        sampled_least_m=_spread(sampled.min(initial=np.inf), radius_m),
        sampled_greatest_m=_spread(sampled.max(initial=-np.inf), radius_m),
        samples=len(sampled),
        valid=True,
        territory_covered=covered,
        nothing_extra=kept and _nothing_beyond(area, outline, index, points, limits),
    )


def _check_area(area: Any) -> None:
    if not isinstance(area, BaseGeometry) or area.geom_type not in ("Polygon", "MultiPolygon"):
        kind = area.geom_type if isinstance(area, BaseGeometry) else type(area).__name__
        raise ArgumentError(f"a buffer is a shapely Polygon or MultiPolygon, not {kind}")


def _spread(metres: float, radius_m: float) -> float:
    return float(metres - radius_m) if np.isfinite(metres) else 0.0


def _both_drawings(
    outline: Outline, index: EdgeIndex, edges: Floats, counts: Ints, asked_m: tuple[float, float]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what `_along` returns, for edges straight in lon/lat and straight in Web Mercator."""
    lower, upper, sampled, points = _measured(
        outline, index, split_edges(edges, counts), asked_m, split_edges
    )
    apart_m = np.where(_drawn.shown(edges), _drawn.apart_m(edges), 0.0)
    apart = apart_m > _APART * asked_m[1]
    less = float(apart_m[~apart].max(initial=0.0))
    pieces = _drawn.split(edges[apart], counts[apart])
    pieces = pieces[_drawn.shown(pieces)]
    bowed = _measured(outline, index, pieces, asked_m, _drawn.split)
    return (
        np.concatenate([lower - less, bowed[0]]),
        np.concatenate([upper + less, bowed[1]]),
        np.concatenate([sampled, bowed[2]]),
        np.concatenate([points, bowed[3]]),
    )


def _measured(
    outline: Outline,
    index: EdgeIndex,
    edges: Floats,
    asked_m: tuple[float, float],
    split: Callable[[Floats, Ints], Floats],
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what `_along` returns, with edges in quarters where that is needed to decide."""
    radius_m, tolerance_m = asked_m
    found = []
    for _ in range(_QUARTERINGS):
        lower, upper, sampled, points = _along(outline, index, edges)
        off = np.maximum(radius_m - lower, upper - radius_m) > tolerance_m
        if (np.abs(sampled - radius_m) > tolerance_m).any():
            off[:] = False  # it is decided
        found.append((lower[~off], upper[~off], sampled, points))
        if not off.any():
            break
        edges = split(edges[off], np.full(np.count_nonzero(off), 4))
    else:
        found.append((lower[off], upper[off], sampled, points))
    lower, upper, sampled, points = (np.concatenate(column) for column in zip(*found, strict=True))
    return lower, upper, sampled, points


def _along(
    outline: Outline, index: EdgeIndex, edges: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return bounds of D on each edge, D at all its ends, and the nearest points."""
    ends = np.concatenate([edges[:, :2], edges[:, 2:]])
    places, which = np.unique(ends, axis=0, return_inverse=True)
    metres, points = index.nearest(places[:, 0].copy(), places[:, 1].copy())
    inside = holds(outline, places[:, 0].copy(), places[:, 1].copy())
    distance = np.where(inside, 0.0, metres)
    first, second = which[: len(edges)], which[len(edges) :]
    curvature, length = edge_curvature(edges), edge_lengths_m(edges)
    nearer = np.minimum(distance[first], distance[second])
    bend = curvature + bending(nearer - length)
    lower = np.maximum(
        nearer - bend * length**2 / 8, 0.5 * (distance[first] + distance[second] - length)
    )
    # From the point nearest to either end, each distance stays below its chord and a rise; the
    # lesser of two chords is greatest at an end or where they cross.
    from_first = _metres(places[second], points[first])
    from_second = _metres(places[first], points[second])
    more_here, more_there = from_second - metres[first], from_first - metres[second]
    share = more_here / np.maximum(more_here + more_there, _MEASURED_M)
    crossing = metres[first] + share * (from_first - metres[first])
    farther = np.maximum(np.maximum(metres[first], metres[second]), crossing)
    farthest = np.maximum(from_first, from_second) + length
    upper = farther + (curvature + unbending(farthest)) * length**2 / 8 + 2 * _MEASURED_M
    upper = np.minimum(upper, 0.5 * (distance[first] + distance[second] + length))
    return lower - _MEASURED_M, upper, distance, points


def _metres(a: Floats, b: Floats) -> Floats:
    return inverse(a[:, 0].copy(), a[:, 1].copy(), b[:, 0].copy(), b[:, 1].copy())[1]


def _nothing_beyond(
    area: BaseGeometry,
    outline: Outline,
    index: EdgeIndex,
    points: Floats,
    limits_m: tuple[float, float],
) -> bool:
    """Return whether an area is covered by the territory and discs round points of it.

    `limits_m` are the greatest distance along the boundary and the greatest allowed anywhere.
    """
    allowed = limits_m[1]
    fine = max((allowed - limits_m[0]) / 4, 1e-3)  # a disc drawn so finely stays within `allowed`
    nodes = index.nodes[thinned(unit_vectors(*index.nodes.T), _COARSE * allowed)]
    gap = np.sqrt(2 * fine * min(allowed, HALF_WAY_M - allowed))
    centres = np.concatenate([nodes, points[thinned(unit_vectors(*points.T), gap)]])
    left = area
    for _ in range(_ROUNDS):
        centres = np.unique(np.round(centres, 7), axis=0)
        round_ = discs(centres[:, 0], centres[:, 1], allowed - fine - 0.02, fine)
        left = polygonal(_geos.difference(left, _geos.union_all(round_)))
        if not left.is_empty and not outline.area.is_empty:
            left = polygonal(_geos.difference(left, outline.area))
        if left.is_empty:
            return True
        asked = np.concatenate(
            [
                shapely.get_coordinates(shapely.get_rings(shapely.get_parts(left))),
                shapely.get_coordinates(shapely.point_on_surface(shapely.get_parts(left))),
            ]
        )
        asked = np.unique(np.round(asked, 9), axis=0)
        metres, centres = index.nearest(asked[:, 0].copy(), asked[:, 1].copy())
        if (metres[~holds(outline, asked[:, 0], asked[:, 1])] > allowed).any():
            return False
    return False
