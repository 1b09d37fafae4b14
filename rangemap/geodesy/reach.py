"""Exact distances from many sites to many places, from which verdicts come."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._validation import Floats, broadcast, check_lat, check_lon
from rangemap.geodesy.wgs84 import inverse

_PAIRS_AT_ONCE: Final = 2_000_000  # keeps the working memory near 100 MB


def distance_matrix_km(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
) -> Floats:
    """Return the geodesic distance from every site to every place.

    Parameters
    ----------
    site_lon, site_lat : array_like, shape (n,)
        Degrees, EPSG:4326.
    place_lon, place_lat : array_like, shape (m,)
        Degrees, EPSG:4326.

    Returns
    -------
    numpy.ndarray, shape (n, m)
        Kilometres.

    Examples
    --------
    >>> distance_matrix_km([0, 10], [0, 0], [0], [0]).round(1).tolist()
    [[0.0], [1113.2]]
    """
    lon1, lat1 = broadcast(np.atleast_1d(check_lon(site_lon)), np.atleast_1d(check_lat(site_lat)))
    lon2, lat2 = broadcast(np.atleast_1d(check_lon(place_lon)), np.atleast_1d(check_lat(place_lat)))
    result = np.empty((len(lon1), len(lon2)))
    rows = max(1, _PAIRS_AT_ONCE // max(len(lon2), 1))
    for start in range(0, len(lon1), rows):
        block = slice(start, start + rows)
        shape = result[block].shape
        _, metres = inverse(
            np.broadcast_to(lon1[block, None], shape).ravel(),
            np.broadcast_to(lat1[block, None], shape).ravel(),
            np.broadcast_to(lon2, shape).ravel(),
            np.broadcast_to(lat2, shape).ravel(),
        )
        result[block] = metres.reshape(shape) / 1000
    return result
