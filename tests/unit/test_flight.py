"""Flight against the textbook, against a step-by-step integration, and what is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rangemap.errors import ArgumentError
from rangemap.geodesy import (
    ILLUSTRATIVE,
    cruise_flight_time_s,
    minimum_energy_flight_time_s,
    minimum_energy_trajectory,
    rotation_shift_km,
)
from rangemap.geodesy.flight import (
    EARTH_RADIUS_KM,
    GM_KM3_S2,
    ROTATION_RAD_S,
    _free_flight,
    _minimum_energy,
)

CIRCULAR = math.sqrt(GM_KM3_S2 / EARTH_RADIUS_KM)


def flown_deg(q: float, elevation_deg: float) -> float:
    """Range angle for a speed of q (squared, in units of the circular one) and an elevation."""
    speed, elevation = math.sqrt(q) * CIRCULAR, math.radians(elevation_deg)
    level, up = speed * math.cos(elevation), speed * math.sin(elevation)
    return math.degrees(_free_flight(np.array(level), np.array(up))[0])


# -- Bate, Mueller and White (1971), chapter 6.2: the worked examples -----------------------------


def test_textbook_free_flight_range() -> None:
    # p. 290: Q = 0.533, cos(angle) = 0.625: free-flight range 36.4 degrees.
    assert flown_deg(16 / 30, math.degrees(math.acos(0.625))) == pytest.approx(36.4, abs=0.1)


def test_textbook_high_trajectory_at_more_than_circular_speed() -> None:
    # p. 291: Q = 1.2 and a range angle of 128.7 degrees ask for 39.36 degrees.
    assert flown_deg(1.2, 39.36) == pytest.approx(128.68, abs=0.05)


def test_textbook_longest_range_for_a_speed() -> None:
    # p. 294: Q = 0.95 reaches at most 129 degrees; p. 295: 8,000 nautical miles take Q = 0.957.
    longest = math.radians(129)
    speed, _, _ = _minimum_energy(np.array(longest / 2))
    assert (speed / CIRCULAR) ** 2 == pytest.approx(0.95, abs=0.002)
    speed, _, _ = _minimum_energy(np.array(8_000 / 60 / 2 * math.pi / 180))
    assert (speed / CIRCULAR) ** 2 == pytest.approx(0.957, abs=0.001)


@pytest.mark.parametrize("distance_km", [1, 300, 1_000, 5_500, 10_000, 13_000, 19_000])
def test_no_other_elevation_goes_farther(distance_km: float) -> None:
    flight = minimum_energy_trajectory(distance_km)
    # eq. 6.2-18: the angle is (180 degrees - range angle) / 4.
    angle = math.degrees(distance_km / EARTH_RADIUS_KM)
    assert flight.elevation_deg == pytest.approx((180 - angle) / 4, rel=1e-12)
    q = (flight.speed_km_s / CIRCULAR) ** 2
    assert flown_deg(q, flight.elevation_deg) == pytest.approx(angle, rel=1e-8)
    for other in (-0.5, 0.5):
        assert flown_deg(q, flight.elevation_deg + other) < angle


# -- Known figures --------------------------------------------------------------------------------


def test_an_intercontinental_range() -> None:
    # The round figures of the literature: 7 km/s, half an hour, 1,300 km high.
    flight = minimum_energy_trajectory(10_000)
    assert flight.speed_km_s == pytest.approx(7.2, abs=0.05)
    assert flight.apogee_km == pytest.approx(1_320, abs=5)
    assert flight.time_s / 60 == pytest.approx(32, abs=0.5)
    assert flight.elevation_deg == pytest.approx(22.5, abs=0.1)


def test_a_short_range_is_that_of_a_flat_earth() -> None:
    flight = minimum_energy_trajectory(1.0)
    gravity = GM_KM3_S2 / EARTH_RADIUS_KM**2
    assert flight.speed_km_s == pytest.approx(math.sqrt(gravity), rel=1e-3)
    assert flight.time_s == pytest.approx(math.sqrt(2 / gravity), rel=1e-3)
    assert flight.apogee_km == pytest.approx(0.25, rel=1e-3)
    assert flight.elevation_deg == pytest.approx(45, abs=0.01)


def test_half_way_round_is_half_a_low_orbit() -> None:
    flight = minimum_energy_trajectory(math.pi * EARTH_RADIUS_KM)
    assert flight.speed_km_s == pytest.approx(CIRCULAR, rel=1e-12)
    assert flight.elevation_deg == pytest.approx(0, abs=1e-6)
    assert flight.apogee_km == pytest.approx(0, abs=1e-6)
    assert flight.time_s == pytest.approx(math.pi * EARTH_RADIUS_KM / CIRCULAR, rel=1e-9)


def test_nothing_takes_no_time() -> None:
    flight = minimum_energy_trajectory(0)
    assert (flight.speed_km_s, flight.time_s, flight.apogee_km) == (0, 0, 0)
    assert rotation_shift_km(50, 90, 0) == 0


# -- A step-by-step integration, as an authority of another kind ----------------------------------


def flight_over_turning_ground(
    lat_deg: float, azimuth_deg: float, distance_km: float, rotation: float
) -> tuple[float, float, float]:
    """Range, time and apogee by Runge-Kutta in coordinates fixed to the turning Earth."""
    start = minimum_energy_trajectory(distance_km)
    lat, azimuth = math.radians(lat_deg), math.radians(azimuth_deg)
    elevation = math.radians(start.elevation_deg)
    up = np.array([math.cos(lat), 0, math.sin(lat)])
    north = np.array([-math.sin(lat), 0, math.cos(lat)])
    level = math.sin(azimuth) * np.array([0, 1, 0]) + math.cos(azimuth) * north
    velocity = start.speed_km_s * (math.cos(elevation) * level + math.sin(elevation) * up)
    spin = np.array([0, 0, rotation])

    def slope(state: np.ndarray) -> np.ndarray:
        place, speed = state[:3], state[3:]
        pull = -GM_KM3_S2 * place / np.linalg.norm(place) ** 3
        turn = -2 * np.cross(spin, speed) - np.cross(spin, np.cross(spin, place))
        return np.concatenate([speed, pull + turn])

    state, step, time, highest = np.concatenate([EARTH_RADIUS_KM * up, velocity]), 2.0, 0.0, 0.0
    while True:
        k1 = slope(state)
        k2 = slope(state + step / 2 * k1)
        k3 = slope(state + step / 2 * k2)
        k4 = slope(state + step * k3)
        after = state + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        height = np.linalg.norm(after[:3]) - EARTH_RADIUS_KM
        if height < 0:
            before = np.linalg.norm(state[:3]) - EARTH_RADIUS_KM
            share = before / (before - height)
            landing = state[:3] + share * (after[:3] - state[:3])
            cosine = landing @ up / np.linalg.norm(landing)
            return EARTH_RADIUS_KM * math.acos(cosine), time + share * step, highest
        state, time, highest = after, time + step, max(highest, height)


@pytest.mark.parametrize("distance_km", [500, 2_500, 5_500, 10_000])
def test_trajectory_equals_an_integration(distance_km: float) -> None:
    flight = minimum_energy_trajectory(distance_km)
    flown, time, highest = flight_over_turning_ground(30, 60, distance_km, 0.0)
    assert flown == pytest.approx(distance_km, abs=0.1)
    assert time == pytest.approx(flight.time_s, abs=0.05)
    assert highest == pytest.approx(flight.apogee_km, abs=0.02)


@pytest.mark.parametrize(
    ("lat", "azimuth", "distance_km"),
    [
        (50, 90, 5_500),
        (50, 270, 5_500),
        (50, 0, 5_500),
        (-35, 120, 2_500),
        (0, 90, 9_000),
        (0, 270, 9_000),
        (89, 45, 5_500),
        (60, 330, 500),
    ],
)
def test_shift_equals_an_integration(lat: float, azimuth: float, distance_km: float) -> None:
    flown, _, _ = flight_over_turning_ground(lat, azimuth, distance_km, ROTATION_RAD_S)
    shift = rotation_shift_km(lat, azimuth, distance_km)
    assert shift == pytest.approx(flown - distance_km, abs=0.1)


def test_the_shift_that_the_page_on_method_states() -> None:
    east, west = 5_500 + rotation_shift_km(50, [90, 270], 5_500)
    assert round(east, -1) == 5_820
    assert round(west, -1) == 5_220


def test_shift_by_symmetry() -> None:
    assert rotation_shift_km(90, np.arange(0, 360, 30), 5_500) == pytest.approx(0, abs=1e-6)
    assert rotation_shift_km(40, 70, 3_000) == pytest.approx(rotation_shift_km(-40, 110, 3_000))
    assert rotation_shift_km(40, -90, 3_000) == rotation_shift_km(40, 270, 3_000)


# -- Arrays, cruise missiles, refusals ------------------------------------------------------------


def test_arrays_broadcast_and_scalars_are_floats() -> None:
    assert isinstance(minimum_energy_flight_time_s(500), float)
    assert minimum_energy_trajectory([[500], [600]]).apogee_km.shape == (2, 1)
    assert rotation_shift_km([0, 50], [[90], [270]], 5_500).shape == (2, 2)
    assert rotation_shift_km([], 90, 5_500).shape == (0,)
    assert minimum_energy_flight_time_s([]).shape == (0,)
    assert isinstance(rotation_shift_km(0, 90, 500), float)


def test_cruise_missiles_take_distance_over_speed() -> None:
    assert cruise_flight_time_s(2_500, 880) == pytest.approx(2_500 / 880 * 3600)
    assert cruise_flight_time_s([0, 440], 880).tolist() == [0, 1800]


def test_the_caveat_says_what_it_is() -> None:
    assert ILLUSTRATIVE.startswith("Illustrative")
    for name in (minimum_energy_trajectory, minimum_energy_flight_time_s, rotation_shift_km):
        assert "Illustrative" in (name.__doc__ or "")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: minimum_energy_flight_time_s([500, 20_100]),
            "distance 20,100 km at index 1 is more than half way round the Earth, 20,015 km",
        ),
        (lambda: minimum_energy_trajectory(-5), "distance -5 km is negative"),
        (lambda: minimum_energy_trajectory(math.nan), "distance nan is not a finite number"),
        (lambda: rotation_shift_km(95, 0, 500), "latitude 95 is outside [-90, 90] degrees"),
        (lambda: rotation_shift_km(0, None, 500), "azimuth None is not a number"),
        (
            lambda: rotation_shift_km(0, 90, [500, 19_000]),
            "range 19,000 km at index 1: with the Earth's rotation the flight would go half way",
        ),
        (lambda: rotation_shift_km([1, 2], [1, 2, 3], 500), "shapes (2,), (3,), () do not broad"),
        (lambda: cruise_flight_time_s(500, 0), "speed 0 km/h is not more than 0"),
        (lambda: cruise_flight_time_s(500, [800, -1]), "speed -1 km/h at index 1 is not more"),
        (lambda: cruise_flight_time_s(-1, 800), "distance -1 km is negative"),
    ],
)
def test_what_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        call()
    assert message in str(caught.value)


# -- The page -------------------------------------------------------------------------------------


def rows(heading: str, width: int) -> list[list[str]]:
    page = (Path(__file__).resolve().parents[2] / "docs" / "flight.md").read_text(encoding="utf-8")
    part = page.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [re.split(r" *\| *", line)[1:-1] for line in part.splitlines() if "|" in line]
    found = [row for row in cells if len(row) == width and re.search(r"\d$", row[-1])]
    return [[cell.replace(",", "").replace("−", "-") for cell in row] for row in found]


def test_the_page_states_these_trajectories() -> None:
    table = rows("Minimum-energy ballistic flight", 5)
    assert len(table) == 7
    for row in table:
        distance, speed, elevation, apogee, minutes = map(float, row)
        flight = minimum_energy_trajectory(distance)
        assert speed == pytest.approx(flight.speed_km_s, abs=0.005)
        assert elevation == pytest.approx(flight.elevation_deg, abs=0.05)
        assert apogee == pytest.approx(flight.apogee_km, abs=0.5)
        assert minutes == pytest.approx(flight.time_s / 60, abs=0.05)


def test_the_page_states_these_shifts() -> None:
    table = rows("The Earth's rotation", 4)
    assert len(table) == 6
    for site, distance, east, west in table:
        lat = 0 if site == "equator" else float(site.rstrip("°"))
        shifts = rotation_shift_km(lat, [90, 270], float(distance))
        assert [float(east), float(west)] == pytest.approx(shifts.tolist(), abs=0.5)
