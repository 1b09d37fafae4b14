"""How much of each area lies in a footprint, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import _geos
from rangemap.geodesy._area import areas_m2, edge_lengths_m
from rangemap.geodesy._shapes import Shapes, ShapesLike, check_polygon, check_polygons
from rangemap.geodesy._validation import Floats, check_tolerance_m

_PIECE_M: Final = 2_000.0  # boundary is counted in pieces of this length
_METRES_PER_DEGREE: Final = 110_000.0  # a little less than anywhere on a meridian
_NEAREST_POLE_DEG: Final = 89.5

Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class AreaShares:
    """What part of each area lies in a footprint; arrays of the shape of the areas.

    Attributes
    ----------
    area_km2 : numpy.ndarray
        Exact area of each polygon, as drawn.
    covered_km2 : numpy.ndarray
        Exact area of its part in the footprint, as drawn.
    share : numpy.ndarray
        The ratio, in [0, 1]; NaN for a polygon without area.
    share_error : numpy.ndarray
        How far the share may be off, up or down, because the footprint is drawn within
        a tolerance; in [0, 1], 0 where no boundary comes near.
    """

    area_km2: Floats
    covered_km2: Floats
    share: Floats
    share_error: Floats


def area_shares(areas: ShapesLike, footprint: ShapesLike, tolerance_m: float = 100) -> AreaShares:
    """Return the share of the exact area of polygons that lies in a footprint.

    A footprint drawn within a tolerance differs from the true one by a strip along its
    boundary, no wider than the tolerance. So the covered area of a polygon is off by at
    most the length of the footprint's boundary inside it times the tolerance. Boundary
    that runs outside but within the tolerance is counted in, across the antimeridian too;
    of such boundary within half a degree of a pole, a part may be missed. Edges along
    these are no boundary. Not included are the lens, at most two tolerances thin, between
    two rings that all but touch within the area, and how far the areas themselves are
    generalized.

    Parameters
    ----------
    areas : array of shapely polygons, GeoSeries or GeoDataFrame
        Valid, EPSG:4326, such as countries.
    footprint : shapely polygon, or an iterable of them, whose union is meant
        Valid, EPSG:4326.
    tolerance_m : float, default 100
        With which the footprint was drawn, in [1, 10,000] m.

    Returns
    -------
    AreaShares

    Raises
    ------
    ArgumentError
        If an item is no valid polygon within the globe, a frame is not in EPSG:4326, or
        the tolerance is out of range.

    Examples
    --------
    >>> found = area_shares([shapely.box(0, 0, 1, 1)], shapely.box(0.75, 0, 3, 3))
    >>> found.share.round(3).tolist(), found.share_error.round(4).tolist()
    ([0.25], [0.0012])
    """
    return MeasuredAreas(areas).shares(footprint, tolerance_m)


class MeasuredAreas:
    """Polygons that are checked and measured once, for the shares of several footprints.

    Parameters
    ----------
    areas : array of shapely polygons, GeoSeries or GeoDataFrame
        Valid, EPSG:4326, such as countries.

    Raises
    ------
    ArgumentError
        If an item is no valid polygon within the globe, or a frame is not in EPSG:4326.

    Examples
    --------
    >>> square = MeasuredAreas([shapely.box(0, 0, 1, 1)])
    >>> [square.shares(shapely.box(west, 0, 3, 3)).share.round(3).item() for west in (0.75, 0.5)]
    [0.25, 0.5]
    """

    def __init__(self, areas: ShapesLike) -> None:
        given = check_polygons(areas, "area")
        self._shape = given.shape
        self._flat = given.ravel()
        self._whole = areas_m2(self._flat)

    def only(self, rows: Ints) -> MeasuredAreas:
        """Return some of the polygons, by their positions in the flat array, not measured again."""
        some = object.__new__(MeasuredAreas)
        some._flat, some._whole = self._flat[rows], self._whole[rows]
        some._shape = some._flat.shape
        return some

    def shares(self, footprint: ShapesLike, tolerance_m: float = 100) -> AreaShares:
        """Return what part of each polygon lies in a footprint, as `area_shares` does."""
        tolerance = check_tolerance_m(tolerance_m)
        cover = check_polygon(footprint, "footprint")
        flat, whole = self._flat, self._whole
        shapely.prepare(cover)
        covered = np.where(shapely.covers(cover, flat), whole, 0.0)
        crossing = np.flatnonzero(shapely.intersects(cover, flat) & (covered == 0))
        covered[crossing] = areas_m2(_geos.intersection(flat[crossing], cover))
        covered = np.minimum(covered, whole)
        doubt = _boundary_lengths_m(flat, cover, tolerance) * tolerance
        share, error = np.full(len(flat), np.nan), np.full(len(flat), np.nan)
        np.divide(covered, whole, out=share, where=whole > 0)
        np.divide(doubt, whole, out=error, where=whole > 0)
        parts = (whole / 1e6, covered / 1e6, share, np.minimum(error, 1.0))
        return AreaShares(*(part.reshape(self._shape) for part in parts))


def _boundary_lengths_m(areas: Shapes, cover: BaseGeometry, tolerance_m: float) -> Floats:
    """Return how much of the boundary of a footprint lies in each area or just beside it.

    Edges within an area count whole. Those that only come near it are cut into short pieces.
    """
    lengths = np.zeros(len(areas))
    start, end = _edges(cover)
    if not len(start) or not len(areas):
        return lengths
    bounds = shapely.bounds(areas)
    highest = np.minimum(np.abs(bounds[:, [1, 3]]).max(axis=1), _NEAREST_POLE_DEG)
    near = tolerance_m / _METRES_PER_DEGREE / np.cos(np.radians(highest))
    near = np.where(np.isnan(near), 0.0, near)  # an empty area is near nothing
    tree = _Lines(start, end, near.max())
    pairs = tree.found(areas, "dwithin", near)
    within = tree.found(areas, "covers")
    keys, inside = (area * len(start) + edge for area, edge in (pairs, within))
    whole = np.isin(keys, inside)
    first, last, owner = _pieces(start, end)
    piece_m = edge_lengths_m(first, last)
    edge_m = np.bincount(owner, weights=piece_m, minlength=len(start))
    area, edge = pairs[:, whole]
    np.add.at(lengths, area, edge_m[edge])
    area, edge = pairs[:, ~whole]
    cut = np.flatnonzero(np.isin(owner, edge))
    if len(cut):
        some = np.unique(area)
        tree = _Lines(first[cut], last[cut], near.max())
        found, piece = tree.found(areas[some], "dwithin", near[some])
        found, piece = some[found], cut[piece]
        asked = np.isin(found * len(start) + owner[piece], keys[~whole])
        np.add.at(lengths, found[asked], piece_m[piece[asked]])
    return lengths


class _Lines:
    """Straight lines in lon/lat, those near the antimeridian also as seen from its other side."""

    def __init__(self, start: Floats, end: Floats, near_deg: float) -> None:
        lon = np.stack([start[:, 0], end[:, 0]])
        east = np.flatnonzero(lon.max(axis=0) >= 180 - near_deg)
        west = np.flatnonzero(lon.min(axis=0) <= -180 + near_deg)
        self._number = np.concatenate([np.arange(len(start)), east, west])
        ends = np.stack([start, end], axis=1)[self._number]
        ends[len(start) : len(start) + len(east), :, 0] -= 360
        ends[len(start) + len(east) :, :, 0] += 360
        lines: Shapes = shapely.linestrings(ends)
        self._tree = shapely.STRtree(lines)
        self._lines = len(start)

    def found(self, areas: Shapes, how: Literal["dwithin", "covers"], near: Any = None) -> Ints:
        """Return each pair of an area and a line that meet so, once; shape (2, k)."""
        area, line = self._tree.query(areas, predicate=how, distance=near)
        once = np.unique(area * self._lines + self._number[line])
        return np.stack(np.divmod(once, self._lines))


def _edges(cover: BaseGeometry) -> tuple[Floats, Floats]:
    """Return both ends of each edge of the true boundary."""
    xy, line = shapely.get_coordinates(shapely.get_parts(cover.boundary), return_index=True)
    start, end = xy[:-1], xy[1:]
    seam = (np.abs(start[:, 0]) == 180) & (start[:, 0] == end[:, 0])
    pole = (np.abs(start[:, 1]) == 90) & (start[:, 1] == end[:, 1])
    true = (line[1:] == line[:-1]) & ~seam & ~pole
    return start[true], end[true]


def _pieces(start: Floats, end: Floats) -> tuple[Floats, Floats, Ints]:
    """Return edges cut into short straight pieces: both their ends, and the edge of each."""
    times = np.ceil(edge_lengths_m(start, end) / _PIECE_M).astype(int)
    edge = np.repeat(np.arange(len(times)), times)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(times) - times, times)
    step = (end - start)[edge] / times[edge, None]
    first = start[edge] + step * number[:, None]
    return first, first + step, edge
