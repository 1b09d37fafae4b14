"""Geodesic paths between two points, as lines that a flat map can draw."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from shapely import LineString, MultiLineString

from rangemap.errors import ArgumentError
from rangemap.geodesy._validation import Floats, check_lat, check_lon, check_tolerance_m
from rangemap.geodesy.wgs84 import EQUATORIAL_RADIUS_M, GEOD

_MERCATOR_LIMIT_DEG: Final = 85.0511287798066
_THROUGH_POLE_M: Final = 1e-3  # a path that passes a pole nearer than this goes through it
_SHARE: Final = 0.9  # of the tolerance that an edge may use; the rest covers what samples miss
_GRID: Final = 96  # pieces in which the need of vertices is measured
_SPARE: Final = 1.03  # a few more edges at once need fewer mended one by one
_SAMPLES: Final = np.array([1, 2, 3, 4, 5]) / 6
_MOST_ROUNDS: Final = 40


def geodesic_path(
    lon1: float, lat1: float, lon2: float, lat2: float, tolerance_m: float = 100
) -> LineString | MultiLineString:
    """Return the geodesic between two points, as a line to draw.

    Parameters
    ----------
    lon1, lat1, lon2, lat2 : float
        Start and end, degrees, EPSG:4326.
    tolerance_m : float, default 100
        In [1, 10,000]. Every point of the line lies within this of the true WGS 84
        geodesic, whether edges are straight in EPSG:4326 or in EPSG:3857 (within
        +-85.0511 degrees).

    Returns
    -------
    shapely.LineString or shapely.MultiLineString
        EPSG:4326, from start to end, cut at the antimeridian exactly where it crosses. A
        path through a pole (nearer than 1 mm) is cut there too: up one meridian to
        latitude 90 and down the other, without an edge along the pole; an end on a pole
        is drawn on the meridian of the other end. Where several geodesics are shortest
        (points opposite each other) it is the one that PROJ gives.

    Raises
    ------
    ArgumentError
        If a coordinate is out of range, the tolerance is, or the points are the same.

    Examples
    --------
    >>> path = geodesic_path(37.62, 55.75, -122.42, 37.77)
    >>> path.geom_type, round(path.bounds[3], 1)
    ('LineString', 81.2)
    >>> geodesic_path(131.9, 43.1, -157.9, 21.3).geom_type
    'MultiLineString'
    """
    start = float(check_lon(lon1)), float(check_lat(lat1))
    end = float(check_lon(lon2)), float(check_lat(lat2))
    tolerance = check_tolerance_m(tolerance_m)
    azimuth, _, length = GEOD.inv(*start, *end)
    if length == 0:
        raise ArgumentError(f"both ends are {start[0]:g}, {start[1]:g}: there is no path")
    lines = _along_meridians(start, end, azimuth, length)
    if lines is None:
        lines = _Curve(start, end, azimuth, length, tolerance).lines()
    # A path that ends on the antimeridian may have but its end on the other side.
    drawn = [LineString(line) for line in lines if (line != line[0]).any()]
    return drawn[0] if len(drawn) == 1 else MultiLineString(drawn)


def _along_meridians(
    start: tuple[float, float], end: tuple[float, float], azimuth: float, length: float
) -> list[Floats] | None:
    """Return a path that keeps to meridians, which every map draws straight; else None."""
    if abs(start[1]) == 90:
        start = (start[0] if abs(end[1]) == 90 else end[0], start[1])
        return [np.array([start, (start[0], end[1])])]
    if abs(end[1]) == 90:
        return [np.array([start, (start[0], end[1])])]
    reduced = np.arctan(np.sqrt(1 - GEOD.es) * np.tan(np.radians(start[1])))
    nearest_m = EQUATORIAL_RADIUS_M * np.cos(reduced) * abs(np.sin(np.radians(azimuth)))
    if nearest_m > _THROUGH_POLE_M:
        return None
    pole = 90.0 if abs(azimuth) < 90 else -90.0
    to_pole = GEOD.inv(*start, start[0], pole)[2]
    if length <= to_pole:
        same = (end[0] - start[0]) % 360 == 0
        return [np.array([start, (start[0], end[1])])] if same else None
    return [np.array([start, (start[0], pole)]), np.array([(end[0], pole), end])]


class _Curve:
    """A geodesic that meets no pole, with its vertices by distance from the start."""

    def __init__(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        azimuth: float,
        length: float,
        tolerance_m: float,
    ) -> None:
        self.east = 1.0 if azimuth >= 0 else -1.0
        # A point on the antimeridian stands on the side from which, or to which, the path runs.
        self.lon = -180.0 * self.east if abs(start[0]) == 180 else start[0]
        self.lat = start[1]
        self.end = end
        self.azimuth = azimuth
        self.length = length
        self.allowed_m = _SHARE * tolerance_m
        self.whole_turn = _from_zero(self.east * (end[0] - self.lon))

    def lines(self) -> list[Floats]:
        """Return vertices, in one line or in two that meet at the antimeridian."""
        room = 180 - self.east * self.lon
        crossing = self._crossing_m(room) if self.whole_turn > room else None
        metres = self._split(crossing)
        turn, lat, _ = self._points(metres)
        lon = self.lon + self.east * turn
        xy = np.column_stack([lon, lat])
        xy[-1] = self.lon + self.east * self.whole_turn, self.end[1]
        if crossing is None:
            return [np.clip(xy, -180.0, 180.0)]
        at = int(np.flatnonzero(metres == crossing)[0])
        seam = 180.0 * self.east
        before, after = xy[: at + 1], xy[at:] - [360 * self.east, 0]
        before[-1, 0], after[0, 0] = seam, -seam
        return [before, after]

    def _points(self, metres: Floats) -> tuple[Floats, Floats, Floats]:
        """Return longitude gained along the path, latitude, and azimuth as if it ran east."""
        size = len(metres)
        lon, lat, back = GEOD.fwd(
            np.full(size, self.lon), np.full(size, self.lat), np.full(size, self.azimuth), metres
        )
        turn = _from_zero(self.east * (np.asarray(lon) - self.lon))
        return turn, np.asarray(lat), self.east * (np.asarray(back) + 180)

    def _crossing_m(self, room: float) -> float:
        """Return how far along the path it meets the antimeridian."""
        low, high = 0.0, self.length
        while True:
            middle = 0.5 * (low + high)
            if not low < middle < high or high - low < 1e-9:
                return middle
            turn = self._points(np.array([middle, middle]))[0][0]
            low, high = (middle, high) if turn < room else (low, middle)

    def _split(self, crossing: float | None) -> Floats:
        """Return distances of vertices, so close that no edge strays over the tolerance."""
        grid = np.linspace(0.0, self.length, _GRID + 1)
        wanted = np.sqrt(self._deviation_m(grid) / self.allowed_m)
        reached = np.concatenate([[0.0], np.cumsum(np.maximum(wanted, 1e-9))])
        edges = int(np.ceil(_SPARE * reached[-1]))
        metres = np.interp(np.linspace(0.0, reached[-1], edges + 1), reached, grid)
        metres[-1] = self.length
        if crossing is not None:
            metres = np.unique(np.append(metres, crossing))
        for _ in range(_MOST_ROUNDS):
            deviation = self._deviation_m(metres)
            parts = np.where(
                deviation > self.allowed_m,
                np.clip(np.ceil(np.sqrt(deviation / self.allowed_m)), 2, 16),
                1,
            ).astype(int)
            if (parts == 1).all():
                return metres
            edge = np.repeat(np.arange(len(parts)), parts)
            number = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
            step = np.diff(metres)[edge] / parts[edge]
            metres = np.append(metres[edge] + number * step, metres[-1])
        raise RuntimeError(f"path of {self.length} m from {self.lon}, {self.lat} does not settle")

    def _deviation_m(self, metres: Floats) -> Floats:
        """Return how far each edge, in both projections, strays from the geodesic."""
        turn, lat, _ = self._points(metres)
        lon_in = turn[:-1, None] + np.diff(turn)[:, None] * _SAMPLES
        plain = lat[:-1, None] + np.diff(lat)[:, None] * _SAMPLES
        height = np.arctanh(np.sin(np.radians(np.clip(lat, -89.9999, 89.9999))))
        mercator = np.degrees(
            np.arcsin(np.tanh(height[:-1, None] + np.diff(height)[:, None] * _SAMPLES))
        )
        # Beyond its limit Web Mercator draws nothing.
        mercator = np.where(np.abs(mercator) <= _MERCATOR_LIMIT_DEG, mercator, plain)
        along = metres[:-1, None] + np.diff(metres)[:, None] * _SAMPLES
        worst = np.maximum(self._off_m(lon_in, plain, along), self._off_m(lon_in, mercator, along))
        off: Floats = worst.max(axis=1)
        return off

    def _off_m(self, turn: Floats, lat: Floats, along: Floats) -> Floats:
        """Return the distance of points from the geodesic, each near a point along it."""
        base_turn, base_lat, base_azimuth = self._points(along.ravel())
        azimuth, _, metres = GEOD.inv(base_turn, base_lat, turn.ravel(), lat.ravel())
        across = np.sin(np.radians(np.asarray(azimuth) - base_azimuth))
        radius = EQUATORIAL_RADIUS_M
        off: Floats = radius * np.abs(np.arcsin(np.sin(np.asarray(metres) / radius) * across))
        return off.reshape(turn.shape)


def _from_zero(turn: Any) -> Any:
    """Return longitudes gained by a path, which gains none or up to 180 degrees and a bit."""
    positive = np.mod(turn, 360.0)
    return np.where(positive > 300, positive - 360, positive)[()]  # rounding at the start
