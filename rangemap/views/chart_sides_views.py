"""Views of several maps at one scale, each centred on what it is to show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas
import numpy as np

from rangemap.views.projection import (
    MAX_WIDTH_KM,
    MIN_WIDTH_KM,
    Floats,
    MapView,
    fit_view,
    mean_direction,
)

__all__ = ["Extent", "extent_of", "views_of"]

_ROUNDS: Final = 3
_AIR: Final = 1.03  # between what is covered and the frame
_COARSE_KM: Final = 25.0
_ROUND_SHARE: Final = 0.3  # of half the extent, that rounding the centre may move a map
_KM_PER_DEGREE: Final = 111.2


@dataclass(frozen=True)
class Extent:
    """What a map must show: a centre in degrees, and how far round it in km on the plane."""

    centre: tuple[float, float]
    half_width: float
    half_height: float

    def widest(self, height: float) -> float:
        """Return how wide a map of a height may be and still show all: the world has an end."""
        return height * max(1.0, MAX_WIDTH_KM / (2 * self.half_height))


def extent_of(bands: geopandas.GeoDataFrame) -> Extent:
    """Return where a map of bands is centred, in round degrees, and what it must show.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> bands = range_bands("europe")
    >>> extent = extent_of(bands[bands["band_kind"] == "treaty"])
    >>> extent.centre, round(extent.half_width, -3), round(extent.half_height, -3)
    ((33.0, 53.0), 7000.0, 6000.0)
    """
    rows = bands[["site_lon", "site_lat", "max_km"]].drop_duplicates().to_numpy(dtype=float)
    first = mean_direction(rows[:, 0], rows[:, 1])
    low, high = _bounds(first, rows)
    digits = _digits(float(max(high - low)) / 2)
    centre = _rounded(*first, digits)
    low, high = _bounds(centre, rows)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        lon, lat = _plane(centre).projection.inverse(middle[0], middle[1])
        if not (np.isfinite(lon) and np.isfinite(lat)):
            break  # the ranges hold the antipode: any centre shows as much
        moved = _rounded(float(lon), float(lat), digits)
        if moved == centre:
            break
        centre = moved
        low, high = _bounds(centre, rows)
    half = np.maximum(np.abs(low), np.abs(high)) * _AIR
    return Extent(centre, float(half[0]), float(half[1]))


def _digits(half_km: float) -> int:
    """Return how many decimals of a degree are small against half the extent of a map.

    Examples
    --------
    >>> _digits(5500.0), _digits(480.0), _digits(100.0), _digits(1.0)
    (0, 0, 1, 3)
    """
    share = _ROUND_SHARE * half_km / _KM_PER_DEGREE
    return max(0, -math.floor(math.log10(max(share, 1e-6))))


def _rounded(lon: float, lat: float, digits: int) -> tuple[float, float]:
    return round(float(lon), digits), round(float(lat), digits)


def _plane(centre: tuple[float, float]) -> MapView:
    return fit_view(np.empty(0), np.empty(0), 0.0, aspect=1.0, center=centre, width_km=1000.0)


def _bounds(centre: tuple[float, float], rows: Floats) -> tuple[Floats, Floats]:
    """Return the least and the largest coordinates of the ranges on the plane."""
    projection = _plane(centre).projection
    boxes = np.array(
        [
            projection.disk(lon, lat, reach, tolerance_km=_COARSE_KM).bounds
            for lon, lat, reach in rows
        ]
    )
    return boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)


def views_of(extents: Sequence[Extent], width: float, height: float) -> list[MapView]:
    """Return views of one scale for maps of one size in points, the largest that shows all.

    Examples
    --------
    >>> views = views_of([Extent((0, 0), 500, 100), Extent((9, 9), 100, 300)], 300, 200)
    >>> [(view.width_km, view.height_km) for view in views]
    [(1000.0, 666.6666666666666), (1000.0, 666.6666666666666)]
    """
    aspect = width / height
    wide = 2 * max(max(one.half_width, one.half_height * aspect) for one in extents)
    wide = min(max(wide, MIN_WIDTH_KM), MAX_WIDTH_KM)
    nowhere = np.empty(0)
    return [
        fit_view(nowhere, nowhere, 0.0, aspect=aspect, center=one.centre, width_km=wide)
        for one in extents
    ]
