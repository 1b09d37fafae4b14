"""The assumed launches of a sensitivity sweep: where, and with which range, in each draw.

Random numbers are counter-based (Philox), keyed by seed and by what they are for, with the
draw as the counter. A draw is therefore the same whoever computes it, in whatever order.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import geopandas
import numpy as np
import numpy.typing as npt
import pandas as pd

from rangemap.catalogue import Catalogue, DisputedBand
from rangemap.errors import ArgumentError
from rangemap.geodesy import MAX_DISTANCE_KM, destination

Floats = npt.NDArray[np.float64]

MEAN_RADIUS_KM: Final = 6_371.0072  # of the sphere with the area of WGS 84

ASSUMPTIONS: Final = (
    "The draws vary what the catalogue leaves open, evenly and on purpose without judgement: no "
    "place and no published range counts for more than another. A share of draws says how far a "
    "verdict depends on what is not known; it does not say how likely anything is.",
    "Launch points: for each site one point for each draw, uniform by area over the geodesic disc "
    "of the site's precision radius (density even to within 0.01 %); the site itself where the "
    "radius is 0. All ranges of a site start from the same point of a draw.",
    "Ranges of a system: one of its published maximum ranges in use, each publication counting "
    "once; where none is in use, one of its low, plotted and high values. One range for each draw "
    "and system, at all sites alike. Minimum ranges are as in the catalogue.",
    "Disputed ranges: each side's statement is a band of its own, and its range is one of the "
    "distinct low, plotted and high values that this side gave.",
    "Treaty bands and ranges given in the scenario do not vary.",
    "Sites are independent of each other, and of the ranges.",
)


@dataclass(frozen=True)
class RangeChoice:
    """The maximum ranges of a band, km, each drawn equally often; and where they come from."""

    key: str  # bands with one key share their draws
    values_km: tuple[float, ...]
    basis: str


@dataclass(frozen=True)
class Launches:
    """Assumed launches of some draws, arrays of shape (draws, bands)."""

    first_draw: int
    lon: Floats
    lat: Floats
    min_km: Floats
    max_km: Floats

    def __len__(self) -> int:
        return len(self.lon)


def range_choices(bands: geopandas.GeoDataFrame, catalogue: Catalogue) -> list[RangeChoice]:
    """Return the ranges from which each band is drawn, in the order of the bands."""
    return [
        _choice(str(band_id), str(kind), str(system_id), float(low), float(high), catalogue)
        for band_id, kind, system_id, low, high in zip(
            bands["band_id"],
            bands["band_kind"],
            bands["system_id"],
            bands["min_km"],
            bands["max_km"],
            strict=True,
        )
    ]


def _choice(
    band_id: str, kind: str, system_id: str, min_km: float, max_km: float, catalogue: Catalogue
) -> RangeChoice:
    own = band_id.rsplit(":", 1)[1]
    if kind != "system":
        basis = "fixed by the treaty" if kind == "treaty" else "given in the scenario"
        return RangeChoice(own, (max_km,), basis)
    entry = next((e for e in catalogue.disputed_bands_of(system_id) if e.id == own), None)
    if entry is not None:
        values, basis = _stated(entry), f"low, plotted and high of {entry.said_by}"
    else:
        values = tuple(
            e.value_km
            for e in catalogue.estimates_of(system_id)
            if e.use == "yes" and e.quantity == "max_range"
        )
        basis = f"published maximum ranges in use ({len(values)})"
        if not values:
            system = catalogue.systems[system_id]
            spread = (system.max_low_km, system.plot_km, system.max_high_km)
            values = tuple(sorted({v for v in spread if v is not None}))
            basis = "low, plotted and high of the catalogue"
    values = tuple(min(value, MAX_DISTANCE_KM) for value in values)
    for value in values:
        if value <= min_km:
            raise ArgumentError(
                f"{band_id}: a published range of {value:g} km is not over its minimum, {min_km:g}"
            )
    return RangeChoice(own, values, basis)


def _stated(entry: DisputedBand) -> tuple[float, ...]:
    return tuple(sorted({entry.max_low_km, entry.max_km, entry.max_high_km}))


def draw_launches(
    bands: geopandas.GeoDataFrame,
    choices: list[RangeChoice],
    seed: int,
    first_draw: int,
    draws: int,
) -> Launches:
    """Return the assumed launches of draws first_draw to first_draw + draws - 1."""
    shape = (draws, len(bands))
    lon, lat, outer = np.empty(shape), np.empty(shape), np.empty(shape)
    site_of, names = pd.factorize(bands["site_id"])
    columns = ("site_lon", "site_lat", "site_precision_km")
    sites = bands.loc[~bands["site_id"].duplicated(), list(columns)].to_numpy(dtype=np.float64)
    for row, (name, site) in enumerate(zip(names, sites, strict=True)):
        u = uniform(seed, f"site {name}", first_draw, draws)
        east, north = disc_points(site[0], site[1], site[2], u)
        lon[:, site_of == row], lat[:, site_of == row] = east[:, None], north[:, None]
    for number, choice in enumerate(choices):
        values = np.array(choice.values_km)
        u = uniform(seed, f"range {choice.key}", first_draw, draws)[:, 0]
        outer[:, number] = values[np.minimum((u * len(values)).astype(int), len(values) - 1)]
    inner = np.broadcast_to(bands["min_km"].to_numpy(dtype=np.float64), shape).copy()
    return Launches(first_draw, lon, lat, inner, outer)


def disc_points(lon: float, lat: float, radius_km: float, u: Floats) -> tuple[Floats, Floats]:
    """Return a point of a geodesic disc for each row of `u`, numbers in [0, 1).

    On a sphere the area within a distance s goes with sin(s / 2R) squared; on the ellipsoid
    curvature differs by at most 0.7 % from the mean, which for discs up to 1,000 km changes
    the density by under 0.01 %.
    """
    if radius_km == 0:
        return np.full(len(u), lon), np.full(len(u), lat)
    edge = np.sin(radius_km / (2 * MEAN_RADIUS_KM))
    distance = 2 * MEAN_RADIUS_KM * np.arcsin(np.sqrt(u[:, 0]) * edge)
    east, north = destination(lon, lat, 360 * u[:, 1], distance)
    return np.asarray(east), np.asarray(north)


def uniform(seed: int, purpose: str, first: int, count: int) -> Floats:
    """Return numbers in [0, 1), four for each draw, shape (count, 4)."""
    digest = hashlib.sha256(f"rangemap sweep\0{seed}\0{purpose}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8").astype(np.uint64)
    raw = np.random.Philox(key=key, counter=first).random_raw(4 * count)
    whole = (raw >> np.uint64(11)).astype(np.float64)
    return whole.reshape(count, 4) * 2.0**-53
