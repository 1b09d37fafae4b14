"""The plane of a range rose: azimuthal equidistant, so that ranges from its centre are circles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import shapely
from pyproj import Proj
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import ring_polygon
from rangemap.views.figure_base import segments_of
from rangemap.views.projection import Floats, MapView, Projection

__all__ = ["WORLD_KM", "Equidistant", "RoseView", "circle", "rose_view"]

WORLD_KM: Final = 19_940.0
"""How far from the centre the world is drawn: the last kilometres lie all round its edge."""
_MARGIN_KM: Final = 20.0
_RING_TOLERANCE_M: Final = 10_000
_FINE_DEG: Final = 0.02
_TURN: Final = 0.06  # radians that an edge near the antipode may turn about it


class Equidistant(Projection):
    """Azimuthal equidistant on WGS 84, in kilometres from its centre.

    Distances and azimuths from the centre are those of the geodesics.

    Examples
    --------
    >>> from rangemap.geodesy import destination
    >>> x, y = Equidistant(44.6, 43.7).forward(*destination(44.6, 43.7, 90, 5500))
    >>> round(float(x), 6), abs(round(float(y), 6))
    (5500.0, 0.0)
    """

    @cached_property
    def _proj(self) -> Proj:
        return Proj(proj="aeqd", lat_0=self.lat, lon_0=self.lon, ellps="WGS84", units="km")

    @cached_property
    def world(self) -> BaseGeometry:
        """All that is drawn at all: the world less the last 60 km round the antipode."""
        return shapely.Polygon(circle(WORLD_KM))

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return lines or one polygon projected; near the antipode edges follow the ground."""
        if geometry.geom_type == "Polygon":
            rings = [self._along(shapely.get_coordinates(r)) for r in shapely.get_rings(geometry)]
            return shapely.Polygon(rings[0], rings[1:])
        lines = [self._along(points) for points in segments_of(geometry)]
        return shapely.LineString(lines[0]) if len(lines) == 1 else shapely.MultiLineString(lines)

    def _along(self, points: Floats) -> Floats:
        """Return vertices projected, with more of them where an edge passes the antipode."""
        length = np.hypot(*np.diff(points, axis=0).T)
        lon, lat = self.antipode
        middle = (points[1:] + points[:-1]) / 2
        east = (middle[:, 0] - lon + 180) % 360 - 180
        # Near the antipode a degree of longitude is as long as everywhere on its parallel.
        away = np.hypot(east * math.cos(math.radians(lat)), middle[:, 1] - lat)
        step = np.maximum(_TURN * np.maximum(away - length / 2, 0), _FINE_DEG)
        parts = np.maximum(np.ceil(length / step), 1).astype(int)
        if (parts > 1).any():
            edge = np.repeat(np.arange(len(parts)), parts)
            share = np.concatenate([np.arange(n) / n for n in parts])[:, None]
            inner = points[edge] * (1 - share) + points[edge + 1] * share
            points = np.concatenate([inner, points[-1:]])
        return np.column_stack(self.forward(points[:, 0], points[:, 1]))


@dataclass(frozen=True)
class RoseView(MapView):
    """A rectangle on the plane, of which only what lies on a disk is drawn.

    Attributes
    ----------
    reach_km : float
        Radius of the disk.
    """

    reach_km: float

    @cached_property
    def box(self) -> BaseGeometry:
        """The part of the disk in the rectangle, as a polygon."""
        rectangle = shapely.box(self.x_min, self.y_min, self.x_max, self.y_max)
        return rectangle.intersection(shapely.Polygon(circle(self.reach_km)))

    @cached_property
    def lonlat(self) -> BaseGeometry:
        """An EPSG:4326 polygon, round the centre, that holds all the rectangle shows."""
        corner = math.hypot(max(-self.x_min, self.x_max), max(-self.y_min, self.y_max))
        reach = min(self.reach_km, corner) * 1.02 + _MARGIN_KM
        centre = self.projection
        return ring_polygon(
            centre.lon, centre.lat, min(reach, WORLD_KM), tolerance_m=_RING_TOLERANCE_M
        )


def rose_view(lon: float, lat: float, reach_km: float, width: float, height: float,
              disk: tuple[float, float, float]) -> RoseView:  # fmt: skip
    """Return the view on which a disk has a centre and a radius on the page.

    Parameters
    ----------
    lon, lat : float
        Centre of the projection, degrees, EPSG:4326.
    reach_km : float
        What the disk's radius shows.
    width, height : float
        Of the view on the page, in points.
    disk : tuple of float
        Centre and radius of the disk on the page, in points from the lower left corner.

    Examples
    --------
    >>> view = rose_view(10, 50, 1000, 400, 300, (150, 150, 100))
    >>> view.x_min, view.x_max, view.y_min, view.y_max
    (-1500.0, 2500.0, -1500.0, 1500.0)
    """
    x, y, radius = disk
    k = reach_km / radius
    return RoseView(
        Equidistant(lon, lat), -x * k, (width - x) * k, -y * k, (height - y) * k, reach_km
    )


def circle(radius_km: float, steps: int = 720) -> Floats:
    """Return the closed line of a distance from the centre, shape (n, 2).

    Examples
    --------
    >>> circle(100.0, 4).round().tolist()
    [[0.0, 100.0], [100.0, 0.0], [0.0, -100.0], [-100.0, -0.0], [0.0, 100.0]]
    """
    azimuth = np.radians(np.linspace(0, 360, steps + 1))
    points = radius_km * np.column_stack([np.sin(azimuth), np.cos(azimuth)])
    points[-1] = points[0]
    return points
