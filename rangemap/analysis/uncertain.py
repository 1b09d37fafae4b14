"""Verdicts that say what is not known: inside, outside, or marginal and what it hangs on.

A target is inside a band if it is in range under every range estimate and from anywhere within
the site's precision, outside if under none and from nowhere, else marginal. Both are exact: a
site anywhere within p km of its published point lies between d - p and d + p km from a target
that is d km from the point.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from rangemap.geodesy import distance_matrix_km, in_range

INSIDE: Final = "inside"
MARGINAL: Final = "marginal"
OUTSIDE: Final = "outside"
VERDICTS: Final = (INSIDE, MARGINAL, OUTSIDE)

HANGS_ON_RANGE: Final = "range estimate"
HANGS_ON_POSITION: Final = "site position"
HANGS_ON_BOTH: Final = "range estimate and site position"
HANGS_ON_SAYER: Final = "who says it"

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_VERDICTS_AT_ONCE: Final = 8_000_000  # one byte each
_DISTANCES_AT_ONCE: Final = 250_000  # with a verdict and its reason, some 50 bytes each
_LEAST: Final = 1e-9  # km; the narrowest band that can be asked for


@dataclass(frozen=True)
class Spread:
    """What is known of some bands; all arrays of one length, distances in km."""

    min_km: Floats
    low_km: Floats
    drawn_km: Floats
    high_km: Floats
    precision_km: Floats

    @classmethod
    def of(cls, bands: pd.DataFrame) -> Spread:
        """Return the spread of bands, or of a table with their columns."""
        names = ("min_km", "max_low_km", "max_km", "max_high_km", "site_precision_km")
        low, least, drawn, high, precision = (
            bands[name].to_numpy(dtype=np.float64) for name in names
        )
        # Where no maximum is published, none is known to be reached.
        least = np.where(bands["assumed"].to_numpy(dtype=bool), -1.0, least)
        return cls(low, least, drawn, high, precision)

    def upright(self) -> Spread:
        """Return the same as columns, for distances of a row for each band."""
        return Spread(*(getattr(self, field.name)[:, None] for field in fields(self)))


def verdicts(distance_km: Floats, spread: Spread) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the verdict at each distance, and what a marginal one hangs on.

    Parameters
    ----------
    distance_km : numpy.ndarray, shape (n,) or (n, m)
        From the site's published point to the target.
    spread : Spread
        Of the n bands; upright for m targets.

    Returns
    -------
    verdict : numpy.ndarray of str, shape of the distances
        "inside", "marginal" or "outside".
    hangs_on : numpy.ndarray of str, shape of the distances
        "range estimate" if the verdict would be settled at the published point were it not
        for the estimates, "site position" if it would be settled with the drawn range were
        it not for the precision, "range estimate and site position" if that holds of both or of
        neither; empty where the verdict is not marginal.

    Examples
    --------
    >>> bands = Spread(*(np.full(3, v) for v in (0.0, 480.0, 2350.0, 2350.0, 5.0)))
    >>> verdict, hangs_on = verdicts(np.array([400.0, 1000.0, 2352.0]), bands)
    >>> verdict.tolist()
    ['inside', 'marginal', 'marginal']
    >>> hangs_on.tolist()
    ['', 'range estimate', 'site position']
    """
    inside, outside = _certain(distance_km, spread.min_km, spread.low_km, spread.high_km,
                               spread.precision_km)  # fmt: skip
    verdict = np.where(inside, INSIDE, np.where(outside, OUTSIDE, MARGINAL)).astype(object)
    nowhere = np.zeros_like(spread.precision_km)
    by_range = ~np.logical_or(
        *_certain(distance_km, spread.min_km, spread.low_km, spread.high_km, nowhere)
    )
    by_position = ~np.logical_or(
        *_certain(distance_km, spread.min_km, spread.drawn_km, spread.drawn_km, spread.precision_km)
    )
    hangs_on = np.select(
        [inside | outside, by_range & ~by_position, by_position & ~by_range],
        ["", HANGS_ON_RANGE, HANGS_ON_POSITION],
        HANGS_ON_BOTH,
    ).astype(object)
    return verdict, hangs_on


def _certain(
    distance: Floats, low: Floats, least: Floats, most: Floats, precision: Floats
) -> tuple[Flags, Flags]:
    """Return where a target is in range whatever is true, and where it is not whatever is."""
    near, far = distance - precision, distance + precision
    has_inner = low > 0
    inside = (far <= least) & (~has_inner | (near >= low))
    outside = (near > most) | (has_inner & (far < low))
    return inside, outside


def certain_and_possible(
    bands: pd.DataFrame, lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[Flags, Flags]:
    """Return which points each band covers surely, and which it may cover, shape (n, m).

    Fast for many: no geodesic is solved where bounds settle the verdict.
    """
    spread = Spread.of(bands)
    surely_to = spread.low_km - spread.precision_km
    surely_from = np.where(spread.min_km > 0, spread.min_km + spread.precision_km, 0.0)
    any_sure = surely_from + _LEAST < surely_to
    may_from = np.maximum(spread.min_km - spread.precision_km, 0.0)
    may_to = np.maximum(spread.high_km + spread.precision_km, may_from + _LEAST)
    at = bands["site_lon"], bands["site_lat"], lon, lat
    sure = in_range(
        *at, np.where(any_sure, surely_to, 2 * _LEAST), np.where(any_sure, surely_from, _LEAST)
    )
    return sure & any_sure[:, None], in_range(*at, may_to, may_from)


def inside_and_marginal(
    bands: pd.DataFrame, lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[Flags, Flags]:
    """Return which points several bands together have inside, and which are marginal.

    By the rules of `place_verdicts`, without a reason for each point: fit for very many.

    Parameters
    ----------
    bands : pandas.DataFrame
        As `range_bands` makes them, of any kind.
    lon, lat : array_like, shape (m,)
        Degrees, EPSG:4326.

    Returns
    -------
    inside, marginal : numpy.ndarray of bool, shape (m,)
        No point is both; one that is neither is outside.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> bands = range_bands("europe")
    >>> inside, marginal = inside_and_marginal(bands[bands.site_id == "krichev"], [13.4], [52.5])
    >>> inside.tolist(), marginal.tolist()
    ([True], [False])
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    asked = _Questions.of(bands)
    inside, marginal = np.zeros((2, len(lon)), dtype=bool)
    step = max(1, _VERDICTS_AT_ONCE // max(1, len(bands)))
    for start in range(0, len(lon), step):
        part = slice(start, start + step)
        surely, maybe, _ = asked.answers(*certain_and_possible(bands, lon[part], lat[part]))
        inside[part] = surely.any(axis=0)
        marginal[part] = maybe.any(axis=0) & ~inside[part]
    return inside, marginal


def place_verdicts(
    bands: pd.DataFrame, lon: npt.ArrayLike, lat: npt.ArrayLike
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return the verdict of several bands together on each point, and by which systems.

    What several sides say of one system at one site is one question: the point is inside if
    it is by every side, outside if by none, else marginal and hangs on who says it. A range
    that is only alleged never makes a point more than marginal.

    Parameters
    ----------
    bands : pandas.DataFrame
        As `range_bands` makes them, of systems or a scenario's own.
    lon, lat : array_like, shape (m,)
        Degrees, EPSG:4326.

    Returns
    -------
    verdict, hangs_on, inside_of, marginal_of : list of str, each of length m
        ``hangs_on`` names every reason of every marginal range there. The last two are ids of
        systems, separated by semicolons, in the order of the bands; a system that has the
        point inside from one site is not named as marginal.
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    asked = _Questions.of(bands)
    result: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    step = max(1, _VERDICTS_AT_ONCE // max(1, len(bands)))
    for start in range(0, len(lon), step):
        part = slice(start, start + step)
        sure, may = certain_and_possible(bands, lon[part], lat[part])
        inside, marginal, _ = asked.answers(sure, may)
        kinds, kind_of = _alike(inside, marginal)
        told = [_in_words(asked.system, inside[:, n], marginal[:, n]) for n in kinds]
        for texts, one in zip(result, range(4), strict=True):
            texts.extend(told[kind][one] for kind in kind_of)
    open_ones = [n for n, verdict in enumerate(result[0]) if verdict == MARGINAL]
    for n, reasons in zip(
        open_ones, _reasons(bands, asked, lon[open_ones], lat[open_ones]), strict=True
    ):
        result[1][n] = reasons
    return result


def _alike(*flags: Flags) -> tuple[list[int], list[int]]:
    """Return a column of each kind among those of flags, and which of these each column is.

    Many points are in range of just the same, so that words are made once for each kind.
    """
    packed = np.ascontiguousarray(np.packbits(np.vstack(flags), axis=0).T)
    if not packed.size:  # of no bands every column is alike
        return list(range(min(1, len(packed)))), [0] * len(packed)
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, kinds, kind_of = np.unique(keys, return_index=True, return_inverse=True)
    return kinds.tolist(), kind_of.tolist()


def _in_words(
    systems: npt.NDArray[Any], inside: Flags, marginal: Flags
) -> tuple[str, str, str, str]:
    """Return verdict, what it hangs on (to be found), and the systems inside and marginal."""
    verdict = INSIDE if inside.any() else MARGINAL if marginal.any() else OUTSIDE
    surely = dict.fromkeys(systems[inside])
    maybe = dict.fromkeys(name for name in systems[marginal] if name not in surely)
    return verdict, "", ";".join(filter(None, surely)), ";".join(filter(None, maybe))


@dataclass(frozen=True)
class _Questions:
    """Which bands are one question: a site and a system, whoever speaks of it."""

    of_band: npt.NDArray[np.int64]
    system: npt.NDArray[Any]
    several: Flags  # more than one side gives a range
    contested: Flags  # some side's range is only alleged

    @classmethod
    def of(cls, bands: pd.DataFrame) -> _Questions:
        disputed = bands["disputed"].to_numpy(dtype=bool)
        key = np.where(disputed, bands["system_id"], bands["band_id"]).astype(object)
        of_band = pd.factorize(bands["site_id"].astype(str) + "\0" + key)[0].astype(np.int64)
        n = int(of_band.max()) + 1 if len(of_band) else 0
        system, contested = np.empty(n, dtype=object), np.zeros(n, dtype=bool)
        system[of_band] = bands["system_id"].to_numpy(dtype=object)
        np.logical_or.at(contested, of_band, bands["alleged"].to_numpy(dtype=bool))
        return cls(of_band, system, np.bincount(of_band, minlength=n) > 1, contested)

    def answers(self, sure: Flags, may: Flags) -> tuple[Flags, Flags, Flags]:
        """Return where each question says inside, where marginal, and where by who says it."""
        shape = (len(self.system), sure.shape[1])
        inside, possible, split = np.ones(shape, dtype=bool), *np.zeros((2, *shape), dtype=bool)
        np.logical_and.at(inside, self.of_band, sure)
        np.logical_or.at(possible, self.of_band, may)
        np.logical_or.at(split, self.of_band, sure | ~may)  # a side says surely, or surely not
        # A lone alleged range stands against a side that says there is none.
        inside[self.contested & ~self.several] = False
        marginal = possible & ~inside
        by_sayer = np.where(self.several[:, None], split, self.contested[:, None])
        return inside, marginal, marginal & by_sayer


def _reasons(bands: pd.DataFrame, asked: _Questions, lon: Floats, lat: Floats) -> list[str]:
    """Return what the marginal verdict on each point hangs on: every reason, once."""
    if not len(lon):
        return []
    spread = Spread.of(bands).upright()
    result = []
    step = max(1, _DISTANCES_AT_ONCE // max(1, len(bands)))
    for start in range(0, len(lon), step):
        at = lon[start : start + step], lat[start : start + step]
        distances = distance_matrix_km(bands["site_lon"], bands["site_lat"], *at)
        verdict, hangs_on = verdicts(distances, spread)
        _, marginal, by_sayer = asked.answers(verdict == INSIDE, verdict != OUTSIDE)
        counts = marginal[asked.of_band] & (verdict == MARGINAL)
        holds = [
            counts & ((hangs_on == name) | (hangs_on == HANGS_ON_BOTH))
            for name in (HANGS_ON_RANGE, HANGS_ON_POSITION)
        ]
        for found in np.array([flags.any(axis=0) for flags in (*holds, by_sayer)]).T:
            names = (HANGS_ON_RANGE, HANGS_ON_POSITION, HANGS_ON_SAYER)
            parts = [name for name, one in zip(names, found, strict=True) if one]
            rest = [", ".join(parts[:-1])] if parts[1:] else []
            result.append(" and ".join([*rest, *parts[-1:]]))
    return result


def positions(bands: pd.DataFrame, lon: npt.ArrayLike, lat: npt.ArrayLike) -> list[str]:
    """Return for each point what each side of a dispute makes of it, by the labels of the bands.

    Empty where no band is disputed.
    """
    disputed = bands[bands["disputed"].astype(bool)]
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    labels: list[str] = []
    sure: list[Flags] = []
    may: list[Flags] = []
    for label, rows in disputed.groupby("label", sort=False):
        labels.append(str(label))
        certain, possible = certain_and_possible(rows, lon, lat)
        sure.append(np.logical_or.reduce(certain))
        may.append(np.logical_or.reduce(possible))
    if not labels:
        return [""] * len(lon)
    surely, maybe = np.array(sure), np.array(may)
    verdict = np.select([surely, maybe], [INSIDE, MARGINAL], OUTSIDE)
    kinds, kind_of = _alike(surely, maybe)
    told = ["; ".join(f"{label}: {one}" for label, one in zip(labels, verdict[:, n], strict=True))
            for n in kinds]  # fmt: skip
    return [told[kind] for kind in kind_of]
