"""Sectors of discs: the strip under a piece of a ring, drawn to the tolerance.

A source on a coast supports the buffer over a few degrees of azimuth only. Drawing that piece of
its ring, and not the whole, is what makes the buffer of a country cheap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import box

from rangemap.geodesy import _geos
from rangemap.geodesy._bending import unbending
from rangemap.geodesy._boundary import Ints, Objects
from rangemap.geodesy._nearest import A_M, degrees, tangents
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import forward

_RADIUS_M: Final = 6_371_000.0
_DEPTH: Final = 0.3  # of the reach: how far a sector goes inwards
_SHALLOW: Final = 0.06  # it must go so far, to overlap the coarse discs
_BOWED: Final = 0.6  # of its edges' radius of curvature: no farther than this
_WIDEST_DEG: Final = 45.0
_INNER_STEP_DEG: Final = 15.0
_POLAR_DEG: Final = 84.0  # beyond it a whole ring is drawn, which knows about poles
_ONE_POLE_M: Final = 9_900_000.0  # a larger ring may hold both poles, and bound its outside
_ROUGH_SIDES: Final = 32
_WORLDS: Final = tuple((turn, box(turn - 180, -90, turn + 180, 90)) for turn in (-360, 0, 360))


@dataclass(frozen=True)
class Spacing:
    """How finely arcs of rings are divided, so that no edge strays by more than a tolerance.

    Edges may be drawn straight in lon/lat or in Web Mercator. `bend` is as `bending` returns.
    """

    radius_m: float
    bend: float
    tolerance_m: float

    def curvature(self, steepest: Floats) -> Floats:
        """Return a bound on how edges bend away from rings, per metre, below a latitude."""
        result: Floats = self.bend + (1.1 * np.tan(np.radians(steepest)) + 0.02) / _RADIUS_M
        return result

    def counts(self, width_deg: Floats, curvature: Floats) -> Ints:
        """Return into how many edges arcs so wide must be divided."""
        across = np.radians(width_deg) * _RADIUS_M * np.sin(self.radius_m / _RADIUS_M)
        edges = np.ceil(across * np.sqrt(curvature / (8 * self.tolerance_m)))
        counts: Ints = np.maximum(edges, 1).astype(np.intp)
        return counts

    def pieces(self, sine: Floats, low: Floats, high: Floats) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Return the same for sources given by the sine of their latitude; and if near a pole."""
        lat = np.degrees(np.arcsin(np.clip(sine, -1, 1)))
        steepest = _steepest(lat, low, high, self.radius_m)
        return self.counts(high - low, self.curvature(steepest)), steepest > _POLAR_DEG


def sectors(
    lon: Floats,
    lat: Floats,
    low: Floats,
    high: Floats,
    *,
    spacing: Spacing,
    reach_m: float,
) -> tuple[Objects, Ints, npt.NDArray[np.bool_]]:
    """Return a polygon for each sector, and where a whole ring must be drawn instead.

    Parameters
    ----------
    lon, lat : numpy.ndarray, shape (n,)
        Sources, degrees.
    low, high : numpy.ndarray, shape (n,)
        Azimuths, degrees, high > low.
    spacing : Spacing
        Of the outer edges.
    reach_m : float
        The radius or its complement to half way round, whichever is less.

    Returns
    -------
    polygons : numpy.ndarray of object
        Valid, within +-180, any number for each sector.
    sector : numpy.ndarray of int
        The sector of each polygon.
    refused : numpy.ndarray of bool, shape (n,)
        True for sectors near a pole, or too wide to be drawn as a strip.
    """
    parts = np.maximum(np.ceil((high - low) / _WIDEST_DEG), 1).astype(np.intp)
    owner = np.repeat(np.arange(len(lon)), parts)
    step = np.arange(len(owner)) - np.repeat(np.cumsum(parts) - parts, parts)
    width = ((high - low) / parts)[owner]
    low, high = low[owner] + step * width, low[owner] + (step + 1) * width
    radius_m = spacing.radius_m
    steepest = _steepest(lat[owner], low, high, radius_m)
    curvature = spacing.curvature(steepest)
    depth = np.minimum(_DEPTH * reach_m, _BOWED / curvature)
    outer = spacing.counts(high - low, curvature)
    inner = np.ceil((high - low) / _INNER_STEP_DEG).astype(np.intp)
    refused = (steepest > _POLAR_DEG) | (depth < _SHALLOW * reach_m)
    rings_lon, rings_lat, ring = _strips(
        lon[owner], lat[owner], low, high, outer, inner, radius_m, depth
    )
    # Longitudes run on past +-180, near to the first vertex of each strip.
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    rings_lon += 360 * np.round((rings_lon[starts][ring] - rings_lon) / 360)
    west = np.minimum.reduceat(rings_lon, starts)
    east = np.maximum.reduceat(rings_lon, starts)
    refused |= (east - west > 90) | (np.maximum.reduceat(np.abs(rings_lat), starts) > _POLAR_DEG)
    polygons = shapely.polygons(
        shapely.linearrings(np.column_stack([rings_lon, rings_lat]), indices=ring)
    )
    refused |= ~shapely.is_valid(polygons)
    whole = np.zeros(len(lon), dtype=bool)
    whole[owner[refused]] = True
    kept = ~whole[owner]
    polygons, sector, crossing = polygons[kept], owner[kept], ((west < -180) | (east > 180))[kept]
    if not crossing.any():
        return polygons, sector, whole
    pieces, piece = _cut(polygons[crossing])
    sector = np.concatenate([sector[~crossing], sector[crossing][piece]])
    return np.concatenate([polygons[~crossing], pieces]), sector, whole


def rough_discs(
    lat: Floats, vectors: Floats, *, radius_m: float, most_m: float
) -> tuple[Objects, npt.NDArray[np.bool_]]:
    """Return coarse polygons that lie within discs, and where there is none so simple.

    Parameters
    ----------
    lat : numpy.ndarray, shape (n,)
        Of the sources, degrees.
    vectors : numpy.ndarray, shape (n, 3)
        The sources on the auxiliary sphere.
    radius_m : float
        Radius.
    most_m : float
        No polygon's vertices lie much farther than this within the ring.

    Returns
    -------
    polygons : numpy.ndarray of object
        Within +-180.
    refused : numpy.ndarray of bool, shape (n,)
        True for discs near a pole or across the antimeridian.
    """
    turn = np.full(len(lat), 360.0)
    steepest = _steepest(lat, 0 * turn, turn, radius_m)
    side = 2 * np.pi / _ROUGH_SIDES * _RADIUS_M * np.sin(radius_m / _RADIUS_M)
    curvature = 1.2 * np.tan(np.radians(steepest)) / _RADIUS_M + unbending(radius_m)
    within = curvature * side**2 / 8  # edges straight in lon/lat may bulge by so much
    refused = (within > most_m) | (steepest > _POLAR_DEG) | (radius_m > _ONE_POLE_M)
    some = np.flatnonzero(~refused)
    # No geodesic is longer than a times the angle.
    arc = ((radius_m - within[some]) / A_M)[:, None, None]
    north, east = tangents(vectors[some])
    azimuth = np.arange(_ROUGH_SIDES)[:, None] * (-2 * np.pi / _ROUGH_SIDES)
    towards = np.cos(azimuth) * north[:, None] + np.sin(azimuth) * east[:, None]
    places = np.cos(arc) * vectors[some, None] + np.sin(arc) * towards
    rings = degrees(places.reshape(-1, 3)).reshape(len(some), _ROUGH_SIDES, 2)
    crossing = rings[:, :, 0].max(axis=1) - rings[:, :, 0].min(axis=1) > 180
    refused[some[crossing]] = True
    rings = rings[~crossing]
    closed: Floats = np.concatenate([rings, rings[:, :1]], axis=1)
    return shapely.polygons(closed), refused


def _steepest(lat: Floats, low: Floats, high: Floats, radius_m: float) -> Floats:
    """Return the highest latitude, south or north, of each arc, and half a degree more.

    Along an arc the sine of latitude goes with the cosine of azimuth (on the sphere).
    """
    phi, arc = np.radians(lat), radius_m / _RADIUS_M
    ends = np.cos(np.radians([low, high]))
    north = np.floor(high / 360) >= np.ceil(low / 360)
    south = np.floor((high - 180) / 360) >= np.ceil((low - 180) / 360)
    most = np.where(north, 1.0, ends.max(axis=0))
    least = np.where(south, -1.0, ends.min(axis=0))
    middle, swing = np.sin(phi) * np.cos(arc), np.cos(phi) * np.sin(arc)
    sine = np.maximum(np.abs(middle + swing * most), np.abs(middle + swing * least))
    highest: Floats = np.degrees(np.arcsin(np.clip(sine, 0, 1))) + 0.5
    return np.minimum(highest, 89.9)


def _strips(
    lon: Floats,
    lat: Floats,
    low: Floats,
    high: Floats,
    outer: Ints,
    inner: Ints,
    radius_m: float,
    depth_m: Floats,
) -> tuple[Floats, Floats, Ints]:
    """Return closed counter-clockwise rings: the outer arc back, the inner arc forth."""
    sizes = outer + inner + 3
    ring = np.repeat(np.arange(len(lon)), sizes)
    place = np.arange(len(ring)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.where(place == (sizes - 1)[ring], 0, place)  # the last point is the first
    on_outer = place <= outer[ring]
    share = np.where(
        on_outer, 1 - place / outer[ring], (place - outer[ring] - 1) / np.maximum(inner, 1)[ring]
    )
    azimuth = low[ring] + (high - low)[ring] * share
    metres = np.where(on_outer, radius_m, radius_m - depth_m[ring])
    end_lon, end_lat = forward(lon[ring], lat[ring], azimuth, metres)
    return end_lon.copy(), end_lat, ring


def _cut(polygons: Objects) -> tuple[Objects, Ints]:
    """Return the pieces of polygons within +-180, and the polygon of each."""
    pieces, numbers = [], []
    for turn, world in _WORLDS:
        found, number = shapely.get_parts(_geos.intersection(polygons, world), return_index=True)
        areal = shapely.area(found) > 0
        moved = shapely.transform(found[areal], lambda xy, turn=turn: xy - [turn, 0])
        pieces.append(moved)
        numbers.append(number[areal])
    return np.concatenate(pieces), np.concatenate(numbers)
