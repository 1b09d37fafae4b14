"""Each check of a coordinate, distance or tolerance, once."""

from __future__ import annotations

import contextlib
import math
from decimal import Decimal
from numbers import Real
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rangemap.errors import ArgumentError

MAX_DISTANCE_KM: Final = 19_950.0
"""Largest radius: beyond about 19,970 km a WGS 84 geodesic circle crosses itself."""

MIN_DISTANCE_KM: Final = 1e-6
"""Smallest radius, 1 mm: below it a ring in degrees is a point."""

MIN_TOLERANCE_M: Final = 1.0
MAX_TOLERANCE_M: Final = 10_000.0

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def check_lon(lon: npt.ArrayLike) -> Floats:
    """Return longitudes in degrees as floats in [-180, 180]."""
    values = check_numbers(lon, "longitude")
    bad = (values < -180) | (values > 360)
    if bad.any():
        raise ArgumentError(
            f"longitude {shown(values, bad)} is outside [-180, 180] degrees "
            "(0 to 360 is accepted too)"
        )
    wrapped: Floats = np.where(values > 180, values - 360, values)
    return wrapped


def check_lat(lat: npt.ArrayLike) -> Floats:
    """Return latitudes in degrees as floats in [-90, 90]."""
    values = check_numbers(lat, "latitude")
    bad = (values < -90) | (values > 90)
    if bad.any():
        raise ArgumentError(f"latitude {shown(values, bad)} is outside [-90, 90] degrees")
    return values


def check_distance_km(distance_km: npt.ArrayLike, name: str = "distance") -> Floats:
    """Return radii in km as floats in (0, 19,950], at least a millimetre."""
    values = check_numbers(distance_km, name)
    bad = (values < MIN_DISTANCE_KM) | (values > MAX_DISTANCE_KM)
    if bad.any():
        raise ArgumentError(
            f"{name} {shown(values, bad, 'km')} is outside (0, {MAX_DISTANCE_KM:,.0f}] km"
            + (" (at least 0.000001)" if 0 < values[bad].flat[0] < MIN_DISTANCE_KM else "")
        )
    return values


def check_length_km(length_km: npt.ArrayLike, name: str = "distance") -> Floats:
    """Return lengths in km as floats, zero or more."""
    values = check_numbers(length_km, name)
    bad = values < 0
    if bad.any():
        raise ArgumentError(f"{name} {shown(values, bad, 'km')} is negative")
    return values


def check_band_km(min_km: npt.ArrayLike, max_km: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return minimum and maximum radii in km with 0 <= min < max <= 19,950."""
    outer = check_distance_km(max_km, "maximum range")
    inner = check_length_km(min_km, "minimum range")
    inner, outer = broadcast(inner, outer)
    bad = inner >= outer
    if bad.any():
        value, _, place = shown(inner, bad, "km").partition(" at ")
        raise ArgumentError(
            f"minimum range {value} is not less than "
            f"maximum range {shown(outer, bad, 'km').partition(' at ')[0]}"
            + (f" at {place}" if place else "")
        )
    return inner, outer


def check_tolerance_m(tolerance_m: float) -> float:
    """Return a tolerance in metres in [1, 10,000]."""
    values = check_numbers(tolerance_m, "tolerance")
    if values.ndim:
        raise ArgumentError(f"tolerance must be one number, not an array of shape {values.shape}")
    value = float(values.flat[0])
    if not MIN_TOLERANCE_M <= value <= MAX_TOLERANCE_M:
        raise ArgumentError(
            f"tolerance {value:g} m is outside [{MIN_TOLERANCE_M:g}, {MAX_TOLERANCE_M:,.0f}] m"
        )
    return value


def one_number(value: Any, name: str) -> float:
    """Return a checked value that must not be an array."""
    if np.ndim(value):
        raise ArgumentError(f"{name} is one number here, not an array of shape {np.shape(value)}")
    return float(value)


def broadcast(*arrays: Floats) -> tuple[Floats, ...]:
    """Return the arrays in one shape."""
    try:
        return tuple(np.broadcast_arrays(*arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ArgumentError(f"arrays of shapes {shapes} do not broadcast") from None


def check_numbers(value: npt.ArrayLike, name: str) -> Floats:
    """Return finite numbers as floats; refuse text, truth values, complex and masked ones."""
    masked = np.ma.getmaskarray(value) if isinstance(value, np.ma.MaskedArray) else None
    if masked is not None and masked.any():
        raise ArgumentError(f"{name} masked{at_index(masked)} is not a number")
    raw = _as_array(value, name)
    if raw.dtype.kind not in "fiu" and raw.size:
        _check_each(raw, name)
    try:
        with np.errstate(over="ignore"):  # what no float can hold becomes infinite: see below
            values = raw.astype(np.float64)
    except OverflowError:
        values = np.reshape([_to_float(item) for item in raw.ravel()], raw.shape)
    bad = ~np.isfinite(values)
    if bad.any():
        first = values[bad].flat[0]
        raise ArgumentError(f"{name} {first}{at_index(bad)} is not a finite number")
    return values


def at_index(bad: Bools) -> str:
    """Return where the first bad value stands, for a message; nothing for a scalar."""
    if bad.ndim == 0:
        return ""
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(bad)), bad.shape))
    return f" at index {index[0] if bad.ndim == 1 else index}"


def shown(values: Floats, bad: Bools, unit: str = "") -> str:
    """Return the first bad value with its unit and its index, for a message."""
    value = float(np.atleast_1d(values)[np.atleast_1d(bad)][0])
    if value == math.trunc(value) and abs(value) < 1e15:
        text = f"{value:,.0f}"
    else:
        text = f"{value:,.10g}"
        if float(text.replace(",", "")) != value:
            text = repr(value)
    return text + (f" {unit}" if unit else "") + at_index(bad)


def _as_array(value: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Return an array in which no item has been turned into another type by its neighbours."""
    try:
        if not isinstance(value, list | tuple):
            return np.asarray(value)
        items = np.asarray(value, dtype=object)
        if {bool, np.bool_}.isdisjoint(map(type, items.ravel())):
            with contextlib.suppress(ValueError):  # rows of unequal length
                together = np.asarray(value)
                return together if together.dtype.kind in "fiu" else items
        return items
    except (TypeError, ValueError):
        raise ArgumentError(f"{name} {_short(value)} is not an array of numbers") from None


def _check_each(raw: npt.NDArray[Any], name: str) -> None:
    items = raw.ravel()
    if raw.dtype.kind == "O":
        good = {kind: _is_number_type(kind) for kind in set(map(type, items))}
        if all(good.values()):
            return
        bad = np.array([not good[type(item)] for item in items]).reshape(raw.shape)
    else:
        bad = np.ones(raw.shape, dtype=bool)
    first = items[int(np.argmax(bad))]
    text = first.item() if isinstance(first, np.generic) else first
    raise ArgumentError(f"{name} {_short(text)}{at_index(bad)} is not a number")


def _is_number_type(kind: type) -> bool:
    return issubclass(kind, Real | Decimal) and not issubclass(kind, bool | np.bool_)


def _to_float(item: Any) -> float:
    try:
        return float(item)
    except OverflowError:
        return math.inf if item > 0 else -math.inf


def _short(value: object) -> str:
    text = " ".join((repr(value) if isinstance(value, str) else str(value)).split())
    return text if len(text) <= 60 else text[:57] + "..."
