"""Edges as maps draw them: straight in longitude and latitude, or straight in Web Mercator.

Both drawings of an edge share its ends; between them they differ by up to Delta(lat)^2 tan(lat) / 8
radii. Neither bends more than `rangemap.geodesy._bending.edge_curvature` says: the edge straight in
Web Mercator is a line of nearly constant azimuth psi, whose geodesic curvature is tan(lat) sin(psi)
/ R, and half a percent more on the ellipsoid.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy._bending import Ints
from rangemap.geodesy._validation import Floats

LIMIT_DEG: Final = float(np.degrees(np.arctan(np.sinh(np.pi))))  # 85.0511: Web Mercator's edge
_POLE_DEG: Final = 90.0 - 1e-6  # where Web Mercator goes to infinity
_M_PER_RAD: Final = 6_400_000.0


def inner_points(edges: Floats, counts: Ints, *, mercator: bool) -> tuple[Floats, Floats, Ints]:
    """Return the points that cut each edge into so many pieces, and the edge of each.

    The points of an edge follow each other from its start to its end.
    """
    inner = counts - 1
    which = np.repeat(np.arange(len(edges)), inner)
    step = np.arange(len(which)) - np.repeat(np.cumsum(inner) - inner, inner) + 1
    share = step / counts[which]
    lon1, lat1, lon2, lat2 = edges[which].T
    lon = lon1 + (lon2 - lon1) * share
    if not mercator:
        return lon, lat1 + (lat2 - lat1) * share, which
    low, high = ordinate(lat1), ordinate(lat2)
    return lon, latitude(low + (high - low) * share), which


def split(edges: Floats, counts: Ints) -> Floats:
    """Return each edge of Web Mercator in as many equal pieces as it is given."""
    lon, lat, which = inner_points(edges, counts, mercator=True)
    first = np.cumsum(counts) - counts
    at = (
        np.repeat(first, counts - 1)
        + 1
        + np.arange(len(which))
        - np.repeat(np.cumsum(counts - 1) - (counts - 1), counts - 1)
    )
    pieces = np.empty((int(counts.sum()), 4))
    pieces[first, :2] = edges[:, :2]
    pieces[first + counts - 1, 2:] = edges[:, 2:]
    pieces[at, 0], pieces[at, 1] = lon, lat
    pieces[at - 1, 2], pieces[at - 1, 3] = lon, lat
    return pieces


def ordinate(lat: Floats) -> Floats:
    """Return the Web Mercator ordinate, in radii, of degrees."""
    bounded = np.clip(lat, -_POLE_DEG, _POLE_DEG)
    result: Floats = np.arcsinh(np.tan(np.radians(bounded)))
    return result


def latitude(ordinate: Floats) -> Floats:
    """Return degrees of a Web Mercator ordinate."""
    result: Floats = np.degrees(np.arctan(np.sinh(ordinate)))
    return result


def apart_m(edges: Floats) -> Floats:
    """Return a bound on how far apart the two drawings of each edge run."""
    lat = np.radians(edges[:, 1::2])
    north = np.abs(lat[:, 1] - lat[:, 0])
    steepest = np.minimum(
        np.maximum(np.abs(lat[:, 0]), np.abs(lat[:, 1])), np.radians(LIMIT_DEG) + north
    )
    tangent = np.tan(np.minimum(steepest, np.radians(_POLE_DEG)))
    # Along the meridian; with the slope's cube for edges that are not short.
    bowed = _M_PER_RAD * north * north * tangent / 8 * (1 + north * tangent)
    east = _M_PER_RAD * np.radians(np.abs(edges[:, 2] - edges[:, 0]))
    east *= np.cos(np.minimum(np.abs(lat[:, 0]), np.abs(lat[:, 1])))
    slope = np.minimum(1.01 * east / np.maximum(_M_PER_RAD * north, 1e-9), 1.0)
    result: Floats = bowed * slope
    return result


def shown(edges: Floats) -> npt.NDArray[np.bool_]:
    """Return which edges reach into the square that Web Mercator shows."""
    result: npt.NDArray[np.bool_] = np.minimum(np.abs(edges[:, 1]), np.abs(edges[:, 3])) < LIMIT_DEG
    return result | (edges[:, 1] * edges[:, 3] < 0)
