"""Illustrative flight: how long, how high, and how the Earth's rotation shifts the range.

Everything here is drag-free free flight from surface to surface over a sphere of the
Earth's mean radius. It shows orders of magnitude, not the performance of a system; verdicts
never use it. The formulas and what they leave out are in ``docs/flight.md``.

References
----------
Bate, R. R., Mueller, D. D., and White, J. E. (1971). Fundamentals of Astrodynamics, ch. 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rangemap.errors import ArgumentError
from rangemap.geodesy._validation import (
    Floats,
    broadcast,
    check_lat,
    check_length_km,
    check_numbers,
    shown,
)

ILLUSTRATIVE: Final = (
    "Illustrative: drag-free flight on the minimum-energy trajectory over a spherical Earth, "
    "without boost phase, re-entry, lofting or manoeuvre; not the performance of any system."
)
"""The caveat that belongs beside every number of this module."""

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius of WGS 84, (2a + b) / 3
GM_KM3_S2: Final = 398_600.4418  # WGS 84
ROTATION_RAD_S: Final = 7.292115e-5  # WGS 84

_HALF_WAY_KM: Final = float(np.pi) * EARTH_RADIUS_KM


@dataclass(frozen=True, eq=False)
class MinimumEnergyTrajectory:
    """The free flight that needs the least speed; illustrative, see `ILLUSTRATIVE`.

    Attributes
    ----------
    distance_km : float or numpy.ndarray
        From launch to landing along the ground.
    speed_km_s : float or numpy.ndarray
        At burnout, which is taken to be at the launch site; the same at landing.
    elevation_deg : float or numpy.ndarray
        Of the flight at burnout, above the horizon: 45 for short ranges, 0 half way round.
    apogee_km : float or numpy.ndarray
        Greatest height above the ground.
    time_s : float or numpy.ndarray
        From launch to landing.
    """

    distance_km: Any
    speed_km_s: Any
    elevation_deg: Any
    apogee_km: Any
    time_s: Any


def minimum_energy_trajectory(distance_km: npt.ArrayLike) -> MinimumEnergyTrajectory:
    """Return the drag-free ballistic flight over a distance that needs the least speed.

    Illustrative: see `ILLUSTRATIVE`. For ballistic missiles alone: a cruise missile flies
    for its range over its speed, `cruise_flight_time_s`.

    Parameters
    ----------
    distance_km : array_like
        Kilometres along the ground, from 0 to 20,015 (half way round).

    Returns
    -------
    MinimumEnergyTrajectory
        Arrays of the shape given, or floats.

    Raises
    ------
    ArgumentError
        If a distance is not a number in that range.

    References
    ----------
    Bate, Mueller and White (1971), eq. 6.2-18 (angle) and 6.2-20 (speed); the time is
    Lambert's for the ellipse of least energy.

    Examples
    --------
    >>> flight = minimum_energy_trajectory(10_000)
    >>> round(flight.speed_km_s, 2), round(flight.apogee_km), round(flight.time_s / 60, 1)
    (7.2, 1319, 32.2)
    """
    distance = _check_range(distance_km)
    half = distance / (2 * EARTH_RADIUS_KM)
    speed, elevation, time = _minimum_energy(half)
    # sin(half) + cos(half) - 1, without loss of digits for short ranges
    rise = np.sin(half) - 2 * np.sin(half / 2) ** 2
    values = (distance, speed, np.degrees(elevation), EARTH_RADIUS_KM / 2 * rise, time)
    return MinimumEnergyTrajectory(*(_plain(value) for value in values))


def minimum_energy_flight_time_s(distance_km: npt.ArrayLike) -> Any:
    """Return how long the minimum-energy ballistic flight over a distance takes.

    Illustrative: see `ILLUSTRATIVE`. Parameters and errors are those of
    `minimum_energy_trajectory`.

    Returns
    -------
    float or numpy.ndarray
        Seconds.

    Examples
    --------
    >>> (minimum_energy_flight_time_s([500, 2_000, 5_500]) / 60).round(1).tolist()
    [5.5, 11.7, 21.9]
    """
    return minimum_energy_trajectory(distance_km).time_s


def cruise_flight_time_s(distance_km: npt.ArrayLike, speed_km_h: npt.ArrayLike) -> Any:
    """Return how long a cruise missile needs at a stated speed: distance over speed.

    Illustrative: the speed is taken as constant and the path as the geodesic, though a
    cruise missile flies round things.

    Parameters
    ----------
    distance_km : array_like
        Kilometres, zero or more.
    speed_km_h : array_like
        Kilometres an hour, more than zero; the two broadcast.

    Returns
    -------
    float or numpy.ndarray
        Seconds.

    Raises
    ------
    ArgumentError
        If a value is not a number in its range.

    Examples
    --------
    >>> cruise_flight_time_s(1_600, 800) / 3600
    2.0
    """
    speed = check_numbers(speed_km_h, "speed")
    if (speed <= 0).any():
        raise ArgumentError(f"speed {shown(speed, speed <= 0, 'km/h')} is not more than 0")
    distance, speed = broadcast(check_length_km(distance_km), speed)
    return _plain(distance / speed * 3600)


def rotation_shift_km(
    site_lat: npt.ArrayLike, azimuth_deg: npt.ArrayLike, distance_km: npt.ArrayLike
) -> Any:
    """Return by how much the Earth's rotation lengthens a range, for a launch azimuth.

    Illustrative: see `ILLUSTRATIVE`. The missile has, relative to its launcher, the
    burnout speed and elevation that carry it over the distance on an Earth that does not
    turn. To this velocity the motion of the ground is added; the flight is a Kepler
    ellipse in space, and the ground turns on below it.

    Parameters
    ----------
    site_lat : array_like
        Latitude of the launcher, degrees.
    azimuth_deg : array_like
        Of the launch, relative to the ground, degrees clockwise from north.
    distance_km : array_like
        Range on an Earth at rest, kilometres; the three broadcast.

    Returns
    -------
    float or numpy.ndarray
        Range over the turning ground less the range at rest, kilometres; positive
        eastwards.

    Raises
    ------
    ArgumentError
        If a value is not a number in its range, or the flight would go half way round.

    Examples
    --------
    >>> round(rotation_shift_km(50, 90, 5_500)), round(rotation_shift_km(50, 270, 5_500))
    (317, -277)
    """
    lat_deg, azimuth, distance = broadcast(
        check_lat(site_lat), check_numbers(azimuth_deg, "azimuth"), _check_range(distance_km)
    )
    lat, launch = np.radians(lat_deg), np.radians(np.mod(azimuth, 360.0))
    speed, elevation, _ = _minimum_energy(distance / (2 * EARTH_RADIUS_KM))
    level = speed * np.cos(elevation)
    ground = ROTATION_RAD_S * EARTH_RADIUS_KM * np.cos(lat)
    east, north = level * np.sin(launch) + ground, level * np.cos(launch)
    up = speed * np.sin(elevation)
    flown, time = _free_flight(np.hypot(east, north), up)
    bad = np.asarray(~(flown < np.pi))
    if bad.any():
        raise ArgumentError(
            f"range {shown(distance, bad, 'km')}: with the Earth's rotation the flight "
            "would go half way round"
        )
    heading = np.arctan2(east, north)
    # From launch to landing in coordinates that turn with the ground.
    lat2 = np.arcsin(
        np.clip(np.sin(lat) * np.cos(flown) + np.cos(lat) * np.sin(flown) * np.cos(heading), -1, 1)
    )
    turned = (
        np.arctan2(
            np.sin(heading) * np.sin(flown) * np.cos(lat),
            np.cos(flown) - np.sin(lat) * np.sin(lat2),
        )
        - ROTATION_RAD_S * time
    )
    square = np.sin((lat2 - lat) / 2) ** 2 + np.cos(lat) * np.cos(lat2) * np.sin(turned / 2) ** 2
    over_ground = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(square, 0, 1)))
    return _plain(np.where(distance > 0, over_ground - distance, 0.0))


def _minimum_energy(half: Floats) -> tuple[Floats, Floats, Floats]:
    """Return speed (km/s), elevation (radians) and time (s) for half of a range angle."""
    sine = np.sin(half)
    speed = np.sqrt(GM_KM3_S2 / EARTH_RADIUS_KM * 2 * sine / (1 + sine))
    semi_axis = EARTH_RADIUS_KM * (1 + sine) / 2
    swept = 2 * np.arctan2(np.sqrt(2 * sine), np.sqrt(np.maximum(1 - sine, 0)))
    time = np.sqrt(semi_axis**3 / GM_KM3_S2) * (swept + np.sin(swept))
    return speed, (np.pi - 2 * half) / 4, time


def _free_flight(level: Floats, up: Floats) -> tuple[Floats, Floats]:
    """Return range angle (radians) and time (s) of a flight from the ground to the ground.

    Parameters
    ----------
    level, up : ndarray
        Parts of the velocity at the ground along and above the horizon, km/s, in space;
        below the speed of escape.
    """
    unit = GM_KM3_S2 / EARTH_RADIUS_KM
    q = (level**2 + up**2) / unit
    # e cos(anomaly) and e sin(anomaly) at the ground; seen from the apogee, both small
    along, across = level**2 / unit - 1, level * up / unit
    eccentricity = np.hypot(along, across)
    from_apogee = np.arctan2(across, -along)
    # tan of half the eccentric anomaly, counted from the apogee
    ratio = np.sqrt((1 + eccentricity) / np.maximum(1 - eccentricity, 1e-300))
    swept = 2 * np.arctan(np.tan(from_apogee / 2) * ratio)
    semi_axis = EARTH_RADIUS_KM / (2 - q)
    time = 2 * np.sqrt(semi_axis**3 / GM_KM3_S2) * (swept + eccentricity * np.sin(swept))
    return 2 * from_apogee, time


def _check_range(distance_km: npt.ArrayLike) -> Floats:
    distance = check_length_km(distance_km)
    bad = distance > _HALF_WAY_KM
    if bad.any():
        raise ArgumentError(
            f"distance {shown(distance, bad, 'km')} is more than half way round the Earth, "
            f"{_HALF_WAY_KM:,.0f} km"
        )
    return distance


def _plain(values: Floats) -> Any:
    return values if np.ndim(values) else float(values)
