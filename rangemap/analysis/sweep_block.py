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

_VERDICTS_AT_ONCE: Final = 8_000_000  # one byte each


@dataclass(frozen=True)
class Targets:
    """Points with weights; ``counted`` tells for each group which of them count for it."""

    lon: Floats
    lat: Floats
    weight: Floats
    counted: Bools  # (groups, points)


@dataclass(frozen=True)
class Setup:
    """All that the blocks of a sweep share. Groups are lists of bands by number.

    The first groups, as many as ``coarse``, are those for which cities and areas are worked
    out one by one.
    """

    groups: tuple[npt.NDArray[np.intp], ...]
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
    draws, bands = launches.lon.shape
    size = len(targets.lon)
    over_draws = np.zeros((one_by_one, size), dtype=np.int64)
    numbers = np.zeros((draws, len(setup.groups)), dtype=np.int64)
    weights = np.zeros((draws, len(setup.groups)))
    step = max(1, _VERDICTS_AT_ONCE // max(1, bands * size))
    for first in range(0, draws, step):
        part = slice(first, min(first + step, draws))
        verdicts = in_range(
            launches.lon[part].ravel(),
            launches.lat[part].ravel(),
            targets.lon,
            targets.lat,
            launches.max_km[part].ravel(),
            launches.min_km[part].ravel(),
            threads=1,
        ).reshape(part.stop - part.start, bands, size)
        for number, group in enumerate(setup.groups):
            inside = verdicts[:, group[0]]
            if len(group) > 1:
                inside = np.logical_or.reduce(verdicts[:, group], axis=1)
            if number < one_by_one:
                over_draws[number] += np.count_nonzero(inside, axis=0)
            counted = inside & targets.counted[number]
            numbers[part, number] = np.count_nonzero(counted, axis=1)
            weights[part, number] = counted @ targets.weight
    return over_draws, numbers, weights


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
