"""How single values of a table are written, in every format alike."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

DECIMALS: Final = {
    "distance_km": 3,
    "margin_km": 3,
    "nearest_km": 3,
    "a_nearest_km": 3,
    "b_nearest_km": 3,
    "area_km2": 6,
    "covered_km2": 6,
    "own_covered_km2": 6,
    "people": 3,
    "own_people": 3,
    "unassigned_people": 3,
    "people_in_file": 3,
    "people_in_country": 3,
    "people_share": 6,
    "share": 6,
    "share_error": 6,
    "a_km2": 6,
    "b_km2": 6,
    "a_only_km2": 6,
    "b_only_km2": 6,
    "both_km2": 6,
    "neither_km2": 6,
    "own_side_km2": 6,
    "a_only_share": 6,
    "b_only_share": 6,
    "both_share": 6,
    "shorter_km2": 6,
    "longer_km2": 6,
    "gained_km2": 6,
    "gained_share": 6,
}
"""Decimals of computed values: 1 m, far above the 15 nm error of the geodesics, and 1 m2."""


def plain_value(column: str, value: Any) -> Any:
    """Return a value as text, number, boolean or None, distances rounded to 1 m.

    Examples
    --------
    >>> plain_value("distance_km", 1.23456), plain_value("population", pd.NA)
    (1.235, None)
    """
    if value is None or value is pd.NA:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return round(value, DECIMALS[column]) if column in DECIMALS else value
    return value
