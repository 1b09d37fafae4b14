"""The kernel of a sensitivity sweep: verdicts of one block of draws, counted by groups of bands.

It needs numbers only, so a worker elsewhere gets arrays and gives arrays back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.analysis.sweep_draws import Launches
from rangemap.geodesy import area_km2, band_polygons, footprint, in_range

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.intp]

_SLACK_KM: Final = 0.001  # far above all rounding


@dataclass(frozen=True)
class Targets:
    """Points with weights; ``counted`` tells for each group which of them count for it.

    Of most points each band has the same verdict in every draw that can be: they are in
    ``always``, or out. Only the others, ``open``, are looked at draw by draw.
    """

    lon: Floats
    lat: Floats
    weight: Floats
    counted: Bools  # (groups, points)
    always: Bools  # (bands, points)
    open: tuple[Indexes, ...]  # for each band, indexes of points


@dataclass(frozen=True)
class Setup:
    """All that the blocks of a sweep share. Groups are lists of bands by number.

    The first groups, as many as ``coarse``, are those for which cities and areas are worked
    out one by one.
    """

    groups: tuple[Indexes, ...]
    coarse: int
    places: Targets
    cities: Targets | None
    area_draws: int  # areas are worked out for draws below this number
    area_tolerance_m: float


@dataclass(frozen=True)
class BlockResult:
    """Counts of one block.

    Over draws: ``place_draws`` (groups, places), ``city_draws`` (coarse groups, cities). By
    draw: ``places_in_range``, ``cities_in_range``, ``city_weight`` (draws, groups), and
    ``area_km2`` (draws, coarse groups), NaN where not worked out.
    """

    first_draw: int
    place_draws: Integers
    city_draws: Integers
    places_in_range: Integers
    cities_in_range: Integers
    city_weight: Floats
    area_km2: Floats


def compute_block(setup: Setup, launches: Launches) -> BlockResult:
    """Count who is in range in each draw of a block."""
    place_draws, places_in_range, _ = _count(setup, setup.places, launches, len(setup.groups))
    draws, groups = len(launches), len(setup.groups)
    city_draws = np.zeros((setup.coarse, 0), dtype=np.int64)
    cities_in_range = np.zeros((draws, groups), dtype=np.int64)
    city_weight = np.zeros((draws, groups))
    if setup.cities is not None:
        city_draws, cities_in_range, city_weight = _count(
            setup, setup.cities, launches, setup.coarse
        )
    return BlockResult(
        launches.first_draw,
        place_draws,
        city_draws,
        places_in_range,
        cities_in_range,
        city_weight,
        _areas(setup, launches),
    )


def _count(
    setup: Setup, targets: Targets, launches: Launches, one_by_one: int
) -> tuple[Integers, Integers, Floats]:
    """Return counts over draws for the first groups; by draw and group, numbers and weights."""
    draws, groups = len(launches), len(setup.groups)
    over_draws = np.zeros((one_by_one, len(targets.lon)), dtype=np.int64)
    numbers = np.zeros((draws, groups), dtype=np.int64)
    weights = np.zeros((draws, groups))
    verdicts = [_verdicts(targets, launches, band) for band in range(launches.lon.shape[1])]
    place = np.empty(len(targets.lon), dtype=np.intp)
    for number, group in enumerate(setup.groups):
        always: Bools = np.logical_or.reduce(targets.always[group], axis=0)
        some = np.zeros(len(always), dtype=np.bool_)
        for band in group:
            some[targets.open[band]] = True
        columns = np.flatnonzero(some & ~always)
        place[columns] = np.arange(len(columns))
        inside = np.zeros((len(columns), draws), dtype=np.bool_)
        for band in group:
            still = ~always[targets.open[band]]
            inside[place[targets.open[band][still]]] |= verdicts[band][still]
        if number < one_by_one:
            over_draws[number, always] = draws
            over_draws[number, columns] = np.count_nonzero(inside, axis=1)
        fixed = always & targets.counted[number]
        counted = targets.counted[number, columns]
        inside, load = inside[counted], targets.weight[columns[counted]]
        numbers[:, number] = np.count_nonzero(fixed) + np.count_nonzero(inside, axis=0)
        weights[:, number] = targets.weight[fixed].sum() + load @ inside
    return over_draws, numbers, weights


def _verdicts(targets: Targets, launches: Launches, band: int) -> Bools:
    """Return the verdicts of one band for the points open to it, shape (points, draws)."""
    index = targets.open[band]
    if not index.size:
        return np.zeros((0, len(launches)), dtype=np.bool_)
    verdicts = in_range(
        launches.lon[:, band],
        launches.lat[:, band],
        targets.lon[index],
        targets.lat[index],
        launches.max_km[:, band],
        launches.min_km[:, band],
        threads=1,
    )
    return np.ascontiguousarray(verdicts.T)


def same_in_every_draw(
    site: tuple[Floats, Floats, Floats],
    min_km: Floats,
    least_km: Floats,
    most_km: Floats,
    lon: Floats,
    lat: Floats,
) -> tuple[Bools, tuple[Indexes, ...]]:
    """Return which points each band has always in range, and which are open.

    `site` holds longitudes, latitudes and precision radii of the sites of the bands;
    the maximum range is drawn from [least_km, most_km]. An assumed point lies within the
    radius of the site, so its distances differ from the site's by no more than that.
    """
    east, north, radius = site
    off = radius + _SLACK_KM
    always = np.zeros((len(east), len(lon)), dtype=np.bool_)
    inner = np.where(min_km > 0, min_km + off, 0.0)
    sure = least_km - off > inner
    always[sure] = in_range(east[sure], north[sure], lon, lat, (least_km - off)[sure], inner[sure])
    inner = np.maximum(min_km - off, 0.0)
    maybe = in_range(east, north, lon, lat, most_km + off, inner)
    return always, tuple(np.flatnonzero(row) for row in maybe & ~always)


def _areas(setup: Setup, launches: Launches) -> Floats:
    """Return the area of the footprint of the coarse groups, for the first draws."""
    areas = np.full((len(launches), setup.coarse), np.nan)
    for row in range(min(len(launches), setup.area_draws - launches.first_draw)):
        drawn = band_polygons(
            launches.lon[row],
            launches.lat[row],
            launches.min_km[row],
            launches.max_km[row],
            setup.area_tolerance_m,
        )
        for number, group in enumerate(setup.groups[: setup.coarse]):
            areas[row, number] = area_km2(footprint(drawn[group]))
    return areas
