"""The k nearest sites of places: angles leave few candidates, geodesics decide among them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._filter import (
    A_KM,
    B_KM,
    MARGIN,
    TILE_COLUMNS,
    Floats32,
    Points,
    exact_km,
    tile_rows,
)
from rangemap.geodesy._validation import Floats

_FLATTENED = A_KM / B_KM


def nearest_of(sites: Points, places: Points, k: int) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return indexes and distances of the k nearest sites, both of shape (m, k)."""
    cosine = np.empty((len(places), len(sites)), dtype=np.float32)
    step = tile_rows(len(sites))
    for first in range(0, len(places), step):
        rows = slice(first, first + step)
        for left in range(0, len(sites), TILE_COLUMNS):
            columns = slice(left, left + TILE_COLUMNS)
            cosine[rows, columns] = places.unit32[rows] @ sites.rows32[:, columns]
    place, site = np.nonzero(cosine >= _candidates_from(cosine, k)[:, None])
    distance = exact_km(sites, places, site, place)
    order = np.lexsort((site, distance, place))
    place, site, distance = place[order], site[order], distance[order]
    first_of = np.searchsorted(place, np.arange(len(places)))
    pick = first_of[:, None] + np.arange(k)
    return site[pick].astype(np.int64), distance[pick]


def _candidates_from(cosine: Floats32, k: int) -> Floats32:
    """Return the cosine below which a site is not among the k nearest of each place.

    k sites stand at angles of at most acos(c - margin), c being the least of k cosines, so at
    distances of at most a times that; a site at an angle a / b times as large is farther.
    """
    groups = min(cosine.shape[1], max(64, 8 * k))
    each = cosine.shape[1] // groups
    # The k-th largest of the groups' maxima is that of k sites, if not of the k best.
    best = cosine[:, : groups * each].reshape(-1, each, groups).max(axis=1)
    kth = np.partition(best, groups - k, axis=1)[:, groups - k]
    angle = np.arccos(np.clip(kth.astype(np.float64) - MARGIN, -1, 1)) * _FLATTENED
    lowest: Floats32 = (np.cos(np.minimum(angle, np.pi)) - MARGIN).astype(np.float32)
    return lowest
