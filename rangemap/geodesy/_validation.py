"""Each check of a coordinate, distance or tolerance, once."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.errors import ArgumentError

MAX_DISTANCE_KM: Final = 19_950.0
"""Largest radius: beyond about 19,970 km a WGS 84 geodesic circle crosses itself."""

MIN_DISTANCE_KM: Final = 0.001
"""Smallest radius, 1 m: the finest tolerance; below it a ring is a point."""

MIN_TOLERANCE_M: Final = 1.0
MAX_TOLERANCE_M: Final = 10_000.0

Floats = npt.NDArray[np.float64]


def check_lon(lon: npt.ArrayLike) -> Floats:
    """Return longitudes in degrees as floats in [-180, 180]."""
    values = _finite(lon, "longitude")
    bad = (values < -180) | (values > 360)
    if bad.any():
        raise ArgumentError(
            f"longitude {_first(values, bad)} is outside [-180, 180] degrees "
            "(0 to 360 is accepted too)"
        )
    wrapped: Floats = np.where(values > 180, values - 360, values)
    return wrapped


def check_lat(lat: npt.ArrayLike) -> Floats:
    """Return latitudes in degrees as floats in [-90, 90]."""
    values = _finite(lat, "latitude")
    bad = (values < -90) | (values > 90)
    if bad.any():
        raise ArgumentError(f"latitude {_first(values, bad)} is outside [-90, 90] degrees")
    return values


def check_distance_km(distance_km: npt.ArrayLike, name: str = "distance") -> Floats:
    """Return radii in km as floats in (0, 19,950], at least a metre."""
    values = _finite(distance_km, name)
    bad = (values < MIN_DISTANCE_KM) | (values > MAX_DISTANCE_KM)
    if bad.any():
        raise ArgumentError(
            f"{name} {_first(values, bad)} km is outside (0, {MAX_DISTANCE_KM:,.0f}] km"
            + (" (at least 0.001)" if 0 < values[bad].flat[0] < MIN_DISTANCE_KM else "")
        )
    return values


def check_band_km(min_km: npt.ArrayLike, max_km: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return minimum and maximum radii in km with 0 <= min < max <= 19,950."""
    outer = check_distance_km(max_km, "maximum range")
    inner = _finite(min_km, "minimum range")
    if (inner < 0).any():
        raise ArgumentError(f"minimum range {_first(inner, inner < 0)} km is negative")
    inner, outer = broadcast(inner, outer)
    bad = inner >= outer
    if bad.any():
        raise ArgumentError(
            f"minimum range {_first(inner, bad)} km is not less than "
            f"maximum range {_first(outer, bad)} km"
        )
    return inner, outer


def check_tolerance_m(tolerance_m: float) -> float:
    """Return a tolerance in metres in [1, 10,000]."""
    value = float(_finite(tolerance_m, "tolerance"))
    if not MIN_TOLERANCE_M <= value <= MAX_TOLERANCE_M:
        raise ArgumentError(
            f"tolerance {value:g} m is outside [{MIN_TOLERANCE_M:g}, {MAX_TOLERANCE_M:,.0f}] m"
        )
    return value


def broadcast(*arrays: Floats) -> tuple[Floats, ...]:
    """Return the arrays in one shape."""
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ArgumentError(f"arrays of shapes {shapes} do not broadcast") from None


def _finite(value: npt.ArrayLike, name: str) -> Floats:
    try:
        values = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ArgumentError(f"{name} {str(value)[:60]!r} is not a number") from None
    if not np.isfinite(values).all():
        bad = values[~np.isfinite(values)].flat[0]
        raise ArgumentError(f"{name} {bad} is not a finite number")
    return values


def _first(values: Floats, bad: npt.NDArray[np.bool_]) -> str:
    value = float(np.atleast_1d(values)[np.atleast_1d(bad)][0])
    if value == math.trunc(value) and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.10g}"
