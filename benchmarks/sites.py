"""The sites and points that every method is asked about; the same in each run."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
NAMED = [
    (37.62, 55.75),  # Moscow
    (144.9, 13.6),  # Guam
    (178.4, -18.1),  # Fiji
    (166.7, -77.8),  # McMurdo
    (-170.7, -14.3),  # Pago Pago
    (177.5, 64.7),  # Anadyr
    (-51.7, 68.7),  # Kangerlussuaq
    (0.0, 51.5),  # Greenwich
]


def anywhere(rng: np.random.Generator, size: int) -> np.ndarray:
    """Return longitudes and latitudes, uniform by area, shape (size, 2)."""
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, size)))
    return np.column_stack([rng.uniform(-180, 180, size), lat])


def disc_sites(size: int) -> np.ndarray:
    """Return sites: half of them hard, the other half anywhere.

    Hard ones lie at or near the antimeridian, the poles or the equator, in places known for
    trouble, or so that a ring of 5,500 km passes close to a pole.
    """
    rng = np.random.default_rng(20260214)
    hard = anywhere(rng, size // 2)
    kind = np.arange(len(hard)) % 10
    near = 10.0 ** rng.uniform(-6, 1, len(hard))
    side = np.where(rng.random(len(hard)) < 0.5, -1.0, 1.0)
    lon, lat = hard.T
    lon = np.where((kind == 0) | (kind == 1), side * (180 - near), lon)
    lon = np.where(kind == 2, side * 180.0, lon)
    lat = np.where((kind == 3) | (kind == 4), side * (90 - near), lat)
    lat = np.where(kind == 5, side * 90.0, lat)
    lat = np.where(kind == 6, 0.0, lat)
    lat = np.where(kind == 7, side * (40.6 + rng.normal(0, 0.3, len(hard))), lat)
    named = np.array(NAMED)[np.arange(len(hard)) % len(NAMED)] + rng.normal(0, 0.5, (len(hard), 2))
    hard = np.where(kind[:, None] >= 8, named, np.column_stack([lon, lat]))
    hard[:, 0] = (hard[:, 0] + 180) % 360 - 180
    return np.concatenate([hard, anywhere(rng, size - len(hard))])


def distances_m(site: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return metres from one site to many points; infinite for a point that is no place."""
    good = np.isfinite(points).all(axis=1) & (np.abs(points[:, 1]) <= 90)
    metres = np.full(len(points), np.inf)
    size = int(good.sum())
    if size:
        start = np.full(size, site[0]), np.full(size, site[1])
        metres[good] = GEOD.inv(*start, points[good, 0], points[good, 1])[2]
    return metres
