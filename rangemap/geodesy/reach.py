"""Exact verdicts for many sites and many places: in range, counts, nearest, margins.

Every verdict is that of the WGS 84 geodesic (Karney 2013): min_km <= distance <= max_km. A
filter that is right for certain spares nearly all geodesics; `rangemap.geodesy._filter` has
its proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.errors import ArgumentError
from rangemap.geodesy._filter import Limits, Points
from rangemap.geodesy._parallel import Progress, in_order, tell, thread_count
from rangemap.geodesy._ranking import nearest_of
from rangemap.geodesy._validation import (
    Bools,
    Floats,
    check_lat,
    check_length_km,
    check_lon,
    check_numbers,
    shown,
)
from rangemap.geodesy._verdicts import (
    Block,
    Integers,
    ReachCounts,
    blocks_of,
    count,
    fill,
    tile_blocks,
)
from rangemap.geodesy.wgs84 import inverse

__all__ = [
    "NearestSites",
    "ReachCounts",
    "distance_matrix_km",
    "in_range",
    "margins_km",
    "nearest_sites",
    "reach_counts",
]

_PAIRS_AT_ONCE: Final = 250_000  # geodesics in one block: 10 MB of working memory


@dataclass(frozen=True)
class NearestSites:
    """For each place its nearest sites: ``index`` and ``distance_km``, both of shape (m, k)."""

    index: Integers
    distance_km: Floats


def distance_matrix_km(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Floats:
    """Return the geodesic distance from every site to every place.

    Parameters
    ----------
    site_lon, site_lat : array_like, shape (n,)
        Degrees, EPSG:4326.
    place_lon, place_lat : array_like, shape (m,)
        Degrees, EPSG:4326.
    threads : int, optional
        By default one for each usable core. The result does not depend on it.
    progress : callable, optional
        Called as ``progress(what, done, total)``, in pairs.

    Returns
    -------
    numpy.ndarray, shape (n, m)
        Kilometres.

    Raises
    ------
    ArgumentError
        If a coordinate is not a finite number in its range, or arrays differ in length.

    Examples
    --------
    >>> distance_matrix_km([0, 10], [0, 0], [0], [0]).round(1).tolist()
    [[0.0], [1113.2]]
    """
    lon1, lat1 = _points_of(site_lon, site_lat)
    lon2, lat2 = _points_of(place_lon, place_lat)
    result = np.empty((len(lon1), len(lon2)))

    def solve(block: Block) -> int:
        rows, columns = block
        part = result[block]
        if part.size:
            _, metres = inverse(
                np.repeat(lon1[rows], part.shape[1]),
                np.repeat(lat1[rows], part.shape[1]),
                np.tile(lon2[columns], part.shape[0]),
                np.tile(lat2[columns], part.shape[0]),
            )
            part[...] = metres.reshape(part.shape) / 1000
        return part.size

    columns = min(max(len(lon2), 1), _PAIRS_AT_ONCE)
    blocks = blocks_of(result.shape, max(1, _PAIRS_AT_ONCE // columns), columns)
    done = 0
    for pairs in in_order(solve, blocks, thread_count(threads)):
        done += pairs
        tell(progress, done, result.size)
    return result


def in_range(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
    max_km: npt.ArrayLike,
    min_km: npt.ArrayLike = 0.0,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Bools:
    """Return whether each place is in range of each site.

    Parameters
    ----------
    site_lon, site_lat : array_like, shape (n,)
        Degrees, EPSG:4326.
    place_lon, place_lat : array_like, shape (m,)
        Degrees, EPSG:4326.
    max_km, min_km : array_like, shape () or (n,)
        Ranges of each site, 0 <= min_km < max_km; both ends count as in range.
    threads : int, optional
        By default one for each usable core. The result does not depend on it.
    progress : callable, optional
        Called as ``progress(what, done, total)``, in pairs.

    Returns
    -------
    numpy.ndarray of bool, shape (n, m)
        For every pair what ``min_km <= distance_matrix_km(...) <= max_km`` gives.

    Raises
    ------
    ArgumentError
        If a coordinate or a range breaks a rule, or arrays differ in length.

    Examples
    --------
    >>> in_range([0, 10], [0, 0], [0, 60], [0, 0], max_km=[5_000, 6_000], min_km=500).tolist()
    [[False, False], [True, True]]
    """
    sites, limits, places = _inputs(site_lon, site_lat, place_lon, place_lat, max_km, min_km)
    result = np.empty((len(sites), len(places)), dtype=np.bool_)
    done = 0
    for rows, columns in in_order(
        lambda block: fill(sites, limits, places, block, result),
        tile_blocks(result.shape),
        thread_count(threads),
    ):
        done += result[rows, columns].size
        tell(progress, done, result.size)
    return result


def reach_counts(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
    max_km: npt.ArrayLike,
    min_km: npt.ArrayLike = 0.0,
    *,
    weights: npt.ArrayLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ReachCounts:
    """Count places in range of each site, and sites in range of each place.

    The matrix of verdicts is never held: memory stays flat whatever n times m.

    Parameters
    ----------
    site_lon, site_lat, place_lon, place_lat, max_km, min_km, threads, progress
        As for `in_range`.
    weights : array_like, shape (m,), optional
        Of the places, zero or more, such as the population of a listed city.

    Returns
    -------
    ReachCounts
        ``places_per_site`` (n,), ``sites_per_place`` (m,), and ``weight_per_site`` (n,),
        the sum of the weights of the places in range: exact for whole numbers below 2^53,
        and the same whatever the number of threads.

    Raises
    ------
    ArgumentError
        If a coordinate, a range or a weight breaks a rule, or arrays differ in length.

    Examples
    --------
    >>> counts = reach_counts([0, 90], [0, 0], [1, 2, 89], [0, 0, 0], 500, weights=[5, 6, 7])
    >>> counts.places_per_site.tolist(), counts.sites_per_place.tolist()
    ([2, 1], [1, 1, 1])
    >>> counts.weight_per_site.tolist()
    [11.0, 7.0]
    """
    sites, limits, places = _inputs(site_lon, site_lat, place_lon, place_lat, max_km, min_km)
    loads = _weights(weights, len(places))
    return count(sites, limits, places, loads, thread_count(threads), progress)


def nearest_sites(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
    k: int = 1,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> NearestSites:
    """Return the k nearest sites of each place, nearest first.

    Parameters
    ----------
    site_lon, site_lat, place_lon, place_lat, threads, progress
        As for `in_range`.
    k : int, default 1
        How many sites, at most n.

    Returns
    -------
    NearestSites
        ``index`` of the sites and exact ``distance_km``, both of shape (m, k), as a stable
        sort of `distance_matrix_km` gives them: of equal distances the lower index first.

    Raises
    ------
    ArgumentError
        If a coordinate breaks a rule, arrays differ in length, or k is not in [1, n].

    Examples
    --------
    >>> found = nearest_sites([0, 10, 20], [0, 0, 0], [12, 15], [0, 0], k=2)
    >>> found.index.tolist()
    [[1, 2], [1, 2]]
    >>> found.distance_km.round(1).tolist()
    [[222.6, 890.6], [556.6, 556.6]]
    """
    sites = Points.of(*_points_of(site_lon, site_lat))
    places = Points.of(*_points_of(place_lon, place_lat))
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= len(sites):
        raise ArgumentError(f"k {k!r} is not a whole number in [1, {len(sites)}], the sites given")
    index = np.empty((len(places), int(k)), dtype=np.int64)
    distance = np.empty(index.shape)
    columns = max(1, _PAIRS_AT_ONCE * 2 // max(len(sites), 1))
    blocks = (slice(s, min(s + columns, len(places))) for s in range(0, len(places), columns))

    def find(block: slice) -> int:
        index[block], distance[block] = nearest_of(sites, places.take(block), int(k))
        return int(block.stop)

    for done in in_order(find, blocks, thread_count(threads)):
        tell(progress, done * len(sites), len(places) * len(sites))
    return NearestSites(index, distance)


def margins_km(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
    max_km: npt.ArrayLike,
    min_km: npt.ArrayLike = 0.0,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Floats:
    """Return how far each place is from the nearest edge of each site's range band.

    Parameters
    ----------
    site_lon, site_lat, place_lon, place_lat, max_km, min_km, threads, progress
        As for `in_range`.

    Returns
    -------
    numpy.ndarray, shape (n, m)
        Kilometres along the geodesic from the site; negative outside the band. A minimum
        of 0 is no edge. Takes a geodesic for every pair.

    Raises
    ------
    ArgumentError
        If a coordinate or a range breaks a rule, or arrays differ in length.

    Examples
    --------
    >>> margins_km([0], [0], [0, 10], [0, 0], max_km=1_500, min_km=500).round(1).tolist()
    [[-500.0, 386.8]]
    """
    sites, limits, places = _inputs(site_lon, site_lat, place_lon, place_lat, max_km, min_km)
    distance = distance_matrix_km(
        sites.lon, sites.lat, places.lon, places.lat, threads=threads, progress=progress
    )
    return edge_margin_km(distance, limits.min_km[:, None], limits.max_km[:, None])


def edge_margin_km(distance_km: Floats, min_km: Floats, max_km: Floats) -> Floats:
    """Return the distance to the nearest edge of a band, negative outside it."""
    to_inner = np.where(min_km > 0, distance_km - min_km, np.inf)
    margin: Floats = np.minimum(to_inner, max_km - distance_km)
    return margin


def _inputs(
    site_lon: npt.ArrayLike,
    site_lat: npt.ArrayLike,
    place_lon: npt.ArrayLike,
    place_lat: npt.ArrayLike,
    max_km: npt.ArrayLike,
    min_km: npt.ArrayLike,
) -> tuple[Points, Limits, Points]:
    sites = Points.of(*_points_of(site_lon, site_lat))
    places = Points.of(*_points_of(place_lon, place_lat))
    return sites, Limits.of(*_ranges(min_km, max_km, len(sites))), places


def _points_of(lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.atleast_1d(check_lon(lon)), np.atleast_1d(check_lat(lat))
    for values in (x, y):
        if values.ndim != 1:
            raise ArgumentError(f"coordinates of shape {values.shape} are not a list of points")
    if len(x) != len(y):
        raise ArgumentError(
            f"longitudes of shape {x.shape} and latitudes of shape {y.shape} differ in length"
        )
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


def _ranges(min_km: npt.ArrayLike, max_km: npt.ArrayLike, size: int) -> tuple[Floats, Floats]:
    """Return a minimum and a maximum for each site; a maximum may exceed half the Earth."""
    inner = check_length_km(min_km, "minimum range")
    outer = check_length_km(max_km, "maximum range")
    for name, values in (("minimum", inner), ("maximum", outer)):
        if values.shape not in ((), (1,), (size,)):
            raise ArgumentError(f"{name} ranges of shape {values.shape} do not match {size} sites")
    inner, outer = (np.ascontiguousarray(np.broadcast_to(v, size)) for v in (inner, outer))
    bad = inner >= outer
    if bad.any():
        raise ArgumentError(
            f"minimum range {shown(inner, bad, 'km')} is not less than the maximum range, "
            f"{float(outer[bad][0]):,.10g} km"
        )
    return inner, outer


def _weights(weights: npt.ArrayLike | None, size: int) -> Floats | None:
    if weights is None:
        return None
    values = check_numbers(weights, "weight")
    if values.shape != (size,):
        raise ArgumentError(f"weights of shape {values.shape} do not match {size} places")
    bad = values < 0
    if bad.any():
        raise ArgumentError(f"weight {shown(values, bad)} is negative")
    return values
