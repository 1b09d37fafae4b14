"""What is refused, in which words, and that many threads get the same answers."""

from __future__ import annotations

import decimal
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import shapely

from rangemap import geodesy
from rangemap.errors import ArgumentError
from rangemap.geodesy._validation import (
    broadcast,
    check_band_km,
    check_distance_km,
    check_lat,
    check_lon,
    check_numbers,
    check_tolerance_m,
)

NOT_NUMBERS = [
    (None, "latitude None is not a number"),
    ("5", "latitude '5' is not a number"),
    (b"5", "latitude b'5' is not a number"),
    (True, "latitude True is not a number"),
    ([1, True], "latitude True at index 1 is not a number"),
    (np.array([False]), "latitude False at index 0 is not a number"),
    ([1, "x"], "latitude 'x' at index 1 is not a number"),
    (np.array([["a", "b"]]), "latitude 'a' at index (0, 0) is not a number"),
    ([1, None], "latitude None at index 1 is not a number"),
    (3j, "latitude 3j is not a number"),
    (np.array([1, 2j]), "latitude (1+0j) at index 0 is not a number"),
    ([[1, 2], [3]], "latitude [1, 2] at index 0 is not a number"),
    (np.ma.array([1.0, 2.0], mask=[False, True]), "latitude masked at index 1 is not a number"),
    (np.datetime64("1987-12-08"), "latitude 1987-12-08 is not a number"),
    ({4}, "latitude {4} is not a number"),
    (shapely.Point(1, 2), "latitude POINT (1 2) is not a number"),
    (math.nan, "latitude nan is not a finite number"),
    ([0, 1, -math.inf], "latitude -inf at index 2 is not a finite number"),
    ([[0, 0], [math.nan, 0]], "latitude nan at index (1, 0) is not a finite number"),
    (pd.Series([1, None], index=[7, 8]), "latitude nan at index 1 is not a finite number"),
    (pd.Series([1, pd.NA], dtype="Int64"), "latitude nan at index 1 is not a finite number"),
    ([0, 10**400], "latitude inf at index 1 is not a finite number"),
    ([0, -(10**400)], "latitude -inf at index 1 is not a finite number"),
    (decimal.Decimal("NaN"), "latitude nan is not a finite number"),
]
OUT_OF_RANGE = [
    (lambda: check_lat(95), "latitude 95 is outside [-90, 90] degrees"),
    (lambda: check_lat([0, 1, 2, 95]), "latitude 95 at index 3 is outside [-90, 90] degrees"),
    (
        lambda: check_lat([[0] * 5, [0, 0, 0, 0, -90.5]]),
        "latitude -90.5 at index (1, 4) is outside [-90, 90] degrees",
    ),
    (
        lambda: check_lat(90.00000000000001),
        "latitude 90.00000000000001 is outside [-90, 90] degrees",
    ),
    (
        lambda: check_lon(np.array([10.0, -181.0])),
        "longitude -181 at index 1 is outside [-180, 180] degrees (0 to 360 is accepted too)",
    ),
    (lambda: check_distance_km([1, 20_000]), "distance 20,000 km at index 1 is outside"),
    (lambda: check_distance_km([1, 1e-9]), "(at least 0.000001)"),
    (lambda: check_band_km([0, -1], 5), "minimum range -1 km at index 1 is negative"),
    (
        lambda: check_band_km([0, 9], [[8], [10]]),
        "minimum range 9 km is not less than maximum range 8 km at index (0, 1)",
    ),
    (
        lambda: check_band_km(600, 500),
        "minimum range 600 km is not less than maximum range 500 km",
    ),
    (lambda: check_tolerance_m([1, 2]), "tolerance must be one number"),  # type: ignore[arg-type]
    (lambda: check_tolerance_m(0.5), "tolerance 0.5 m is outside [1, 10,000] m"),
    (lambda: broadcast(np.zeros(2), np.zeros(3)), "arrays of shapes (2,), (3,) do not broadcast"),
]


@pytest.mark.parametrize(("value", "message"), NOT_NUMBERS)
def test_what_is_no_finite_number_is_named_with_its_index(value: object, message: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        check_lat(value)  # type: ignore[arg-type]
    assert str(caught.value) == message


@pytest.mark.parametrize(("call", "message"), OUT_OF_RANGE)
def test_what_is_out_of_range_is_named_with_its_index(
    call: Callable[[], object], message: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_long_or_broken_text_stays_one_short_line() -> None:
    with pytest.raises(ArgumentError) as caught:
        check_numbers("north\n" * 99, "latitude")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 100


@pytest.mark.parametrize(
    "value",
    [
        [1, 2.5],
        (1, 2.5),
        np.array([1, 2.5], dtype=np.float32),
        np.array([1, 2.5], dtype=object),
        np.array([1, 2.5], dtype=np.longdouble),
        np.ma.array([1, 2.5]),
        pd.Series([1, 2.5], index=[9, 3]),
        pd.Series([1, 2.5], dtype="Float64"),
        [np.float32(1), np.array(2.5)],
        [Fraction(1), decimal.Decimal("2.5")],
    ],
)
def test_any_array_of_numbers_is_taken(value: object) -> None:
    values = check_lat(value)  # type: ignore[arg-type]
    assert values.dtype == np.float64
    assert values.tolist() == [1.0, 2.5]


@pytest.mark.parametrize("empty", [[], (), np.array([], dtype=object), pd.Series([], dtype=object)])
def test_empty_in_empty_out(empty: object) -> None:
    assert check_lat(empty).shape == (0,)  # type: ignore[arg-type]
    assert geodesy.distance_km(empty, empty, 0, 0).shape == (0,)  # type: ignore[arg-type]
    assert geodesy.ring_polygons(empty, empty, 500).shape == (0,)  # type: ignore[arg-type]
    lon, lat = geodesy.destination(empty, empty, 0, 500)  # type: ignore[arg-type]
    assert lon.shape == lat.shape == (0,)


def test_empty_keeps_its_other_axes() -> None:
    assert geodesy.distance_km(np.zeros((0, 3)), 0, [1, 2, 3], 0).shape == (0, 3)
    assert geodesy.azimuth_deg(np.zeros((2, 0)), 0, 1, 1).shape == (2, 0)
    assert geodesy.distance_matrix_km([], [], [1, 2], [1, 2]).shape == (0, 2)


def test_what_is_checked_is_not_changed() -> None:
    given = np.array([190.0, 10.0])
    assert check_lon(given).tolist() == [-170.0, 10.0]
    assert given.tolist() == [190.0, 10.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: geodesy.destination(0, 0, math.nan, 5), "azimuth nan is not a finite number"),
        (lambda: geodesy.destination(0, 0, 0, [5, -5]), "distance -5 km at index 1 is negative"),
        (lambda: geodesy.destination(0, 0, "N", 5), "azimuth 'N' is not a number"),
    ],
)
def test_destination_checks_all_it_is_given(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert str(caught.value) == message


def test_many_threads_get_the_same_answers() -> None:
    def work(seed: int) -> tuple[object, ...]:
        rng = np.random.default_rng(seed % 4)
        lon, lat = rng.uniform(-180, 180, 20), rng.uniform(-90, 90, 20)
        bands = geodesy.band_polygons(lon[:4], lat[:4], 500, 5_500)
        faces = geodesy.overlap_counts(shared)
        return (
            geodesy.distance_matrix_km(lon, lat, lat * 2, lon / 2).tobytes(),
            [shapely.to_wkb(band) for band in bands],
            geodesy.area_km2(geodesy.footprint(bands)),
            [shapely.to_wkb(face) for face in faces.polygons],
            geodesy.area_shares(shared, bands[0]).share.tobytes(),
            shapely.to_wkb(geodesy.geodesic_path(lon[0], lat[0], lon[1], lat[1])),
            geodesy.rotation_shift_km(lat, lon, 2_500).tobytes(),
        )

    shared = geodesy.band_polygons([170, -170, 0], [60, 70, 85], 500, 3_000, 1_000)

    alone = [work(seed) for seed in range(4)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(work, range(16)))
    assert all(result == alone[seed % 4] for seed, result in enumerate(together))
