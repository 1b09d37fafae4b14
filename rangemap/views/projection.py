"""The projection of the figure: Lambert azimuthal equal-area, centred on the theatre.

Coordinates are kilometres from the centre. Rings are followed in azimuth and become
polygons *here*, where neither a pole nor the antimeridian is special. The only special
point is the antipode of the centre, which lies all round the edge of the world.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Proj
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import MAX_DISTANCE_KM, destination, distance_km, ring_polygon

Floats = npt.NDArray[np.float64]

EARTH_RADIUS_KM: Final = 6371.007  # authalic; the whole world is a disk of twice this radius
HALF_WORLD_KM: Final = 20_003.9
MAX_WIDTH_KM: Final = 24_000.0
MIN_WIDTH_KM: Final = 4.0
_WORLD_EDGE_KM: Final = 19_940.0
_AT_ANTIPODE_KM: Final = 0.5
_START_POINTS: Final = 73
_MAX_ROUNDS: Final = 24


@dataclass(frozen=True)
class Projection:
    """Lambert azimuthal equal-area on WGS 84, in kilometres from its centre.

    Attributes
    ----------
    lon, lat : float
        Centre, degrees, EPSG:4326.

    Examples
    --------
    >>> x, y = Projection(24, 52).forward(24, 52)
    >>> abs(round(float(x), 6)), abs(round(float(y), 6))
    (0.0, 0.0)
    """

    lon: float
    lat: float

    @cached_property
    def _proj(self) -> Proj:
        return Proj(proj="laea", lat_0=self.lat, lon_0=self.lon, ellps="WGS84", units="km")

    @property
    def antipode(self) -> tuple[float, float]:
        """The point that has no single image: longitude and latitude."""
        return (self.lon + 180 if self.lon <= 0 else self.lon - 180), -self.lat

    def forward(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return kilometres east and north on the plane; infinite at the antipode."""
        x, y = self._proj(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
        return np.asarray(x), np.asarray(y)

    def inverse(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return degrees; infinite outside the world."""
        lon, lat = self._proj(np.asarray(x, dtype=float), np.asarray(y, dtype=float), inverse=True)
        return np.asarray(lon), np.asarray(lat)

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry with its vertices projected; edges stay straight."""
        return shapely.transform(
            geometry, lambda points: np.column_stack(self.forward(points[:, 0], points[:, 1]))
        )

    @cached_property
    def world(self) -> BaseGeometry:
        """All that is drawn at all: the world less the last 60 km round the antipode."""
        return shapely.Polygon(self._loop(self.lon, self.lat, _WORLD_EDGE_KM, 2.0))

    def disk(self, lon: float, lat: float, radius_km: float, *, tolerance_km: float) -> Polygon:
        """Return all points within a geodesic distance of a site, on the plane.

        Parameters
        ----------
        lon, lat : float
            Site, degrees.
        radius_km : float
            In (0, 19,950].
        tolerance_km : float
            How far an edge may stray from the projected ring, on the plane.

        Returns
        -------
        shapely geometry
            Valid. A ring that holds the antipode of the centre is the world less the
            inside of its line.
        """
        to_antipode = np.asarray(distance_km(lon, lat, *self.antipode)).item()
        if abs(radius_km - to_antipode) < _AT_ANTIPODE_KM:
            radius_km = to_antipode + _AT_ANTIPODE_KM
        inside = Polygon(self._loop(lon, lat, min(radius_km, MAX_DISTANCE_KM), tolerance_km))
        if not inside.is_valid:
            inside = inside.buffer(0)
        return self.world.difference(inside) if radius_km > to_antipode else inside

    def _loop(self, lon: float, lat: float, radius_km: float, tolerance_km: float) -> Floats:
        """Follow the ring in azimuth; halve steps until the middle of each edge is near it."""
        azimuth = np.linspace(0.0, 360.0, _START_POINTS)
        points = self._ring_points(lon, lat, radius_km, azimuth)
        for _ in range(_MAX_ROUNDS):
            middle = 0.5 * (azimuth[1:] + azimuth[:-1])
            between = self._ring_points(lon, lat, radius_km, middle)
            off = np.hypot(*(between - 0.5 * (points[1:] + points[:-1])).T)
            (bad,) = np.nonzero(off > tolerance_km)
            if not len(bad):
                break
            azimuth = np.insert(azimuth, bad + 1, middle[bad])
            points = np.insert(points, bad + 1, between[bad], axis=0)
        points[-1] = points[0]
        return points

    def _ring_points(self, lon: float, lat: float, radius_km: float, azimuth: Floats) -> Floats:
        lons, lats = destination(lon, lat, azimuth, radius_km)
        return np.column_stack(self.forward(lons, lats))


@dataclass(frozen=True)
class MapView:
    """A rectangle on the plane of a projection, km."""

    projection: Projection
    x_min: float
    x_max: float
    y_min: float
    y_max: float

    @property
    def width_km(self) -> float:
        """Width on the plane; true at the map centre."""
        return self.x_max - self.x_min

    @property
    def height_km(self) -> float:
        """Height on the plane."""
        return self.y_max - self.y_min

    @property
    def tolerance_km(self) -> float:
        """A distance that the finest output cannot show."""
        return self.width_km / 6000

    @cached_property
    def box(self) -> BaseGeometry:
        """The rectangle as a polygon."""
        return shapely.box(self.x_min, self.y_min, self.x_max, self.y_max)

    @cached_property
    def lonlat(self) -> BaseGeometry:
        """An EPSG:4326 polygon, round the map centre, that holds all the rectangle shows."""
        corner = max(
            math.hypot(x, y) for x in (self.x_min, self.x_max) for y in (self.y_min, self.y_max)
        )
        reach = min(ground_km(corner) * 1.02 + 20, _WORLD_EDGE_KM)
        centre = self.projection
        return ring_polygon(centre.lon, centre.lat, reach, tolerance_m=10_000)

    def contains(self, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
        """Return which points lie inside."""
        inside: npt.NDArray[np.bool_] = (
            (self.x_min < x) & (x < self.x_max) & (self.y_min < y) & (y < self.y_max)
        )
        return inside


def ground_km(plane_km: float) -> float:
    """Return the distance on the ground from the centre of a point on the plane.

    Examples
    --------
    >>> round(ground_km(2 * EARTH_RADIUS_KM))
    20015
    """
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, plane_km / (2 * EARTH_RADIUS_KM)))


def plane_km(distance_on_ground_km: float) -> float:
    """Return how far from the centre a point is drawn.

    Examples
    --------
    >>> round(plane_km(ground_km(5000)))
    5000
    """
    half = min(distance_on_ground_km / (2 * EARTH_RADIUS_KM), math.pi / 2)
    return 2 * EARTH_RADIUS_KM * math.sin(half)


def mean_direction(lon: Floats, lat: Floats) -> tuple[float, float]:
    """Return the middle of points on the globe, the first point if they have none.

    Examples
    --------
    >>> lon, lat = mean_direction(np.array([170.0, -170.0]), np.array([0.0, 0.0]))
    >>> round(abs(lon)), round(lat)
    (180, 0)
    """
    lam, phi = np.radians(lon), np.radians(lat)
    x = float(np.mean(np.cos(phi) * np.cos(lam)))
    y = float(np.mean(np.cos(phi) * np.sin(lam)))
    z = float(np.mean(np.sin(phi)))
    if math.sqrt(x * x + y * y + z * z) < 1e-3:
        return float(lon[0]), float(lat[0])
    horizontal = math.hypot(x, y)
    # The longitude of a pole is any: take the site's, so that its map stands upright.
    middle = float(lon[0]) if horizontal < 1e-9 else math.degrees(math.atan2(y, x))
    return middle, math.degrees(math.atan2(z, horizontal))


def fit_view(
    lon: Floats,
    lat: Floats,
    reach_km: float,
    *,
    aspect: float,
    center: tuple[float, float] | None = None,
    width_km: float | None = None,
) -> MapView:
    """Return the view of sites and of what lies within a distance of them.

    Parameters
    ----------
    lon, lat : numpy.ndarray
        Sites, degrees.
    reach_km : float
        Distance round the sites to show, if the width is not given.
    aspect : float
        Width over height of the map on the page.
    center, width_km
        As in a scenario; None to fit.
    """
    middle = center or mean_direction(lon, lat)
    if width_km is None:
        farthest = float(np.max(distance_km(*middle, lon, lat)))
        radius = plane_km(min(farthest + reach_km, HALF_WORLD_KM)) * 1.04
        width_km = 2 * radius * max(aspect, 1.0)
    width_km = min(max(width_km, MIN_WIDTH_KM), MAX_WIDTH_KM)
    half, high = width_km / 2, width_km / aspect / 2
    return MapView(_projection(*middle), -half, half, -high, high)


@cache
def _projection(lon: float, lat: float) -> Projection:
    return Projection(lon, lat)
