"""What a distance ladder shows: the capitals and the ranges of one launch site, from coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Analysis
from rangemap.analysis.uncertain import INSIDE, MARGINAL, place_verdicts
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.views.labels import clean_text

__all__ = ["Reach", "Step", "reaches_of", "site_of", "steps_of"]

_TREATY: Final = "treaty"
_MOST_KM: Final = 5500.0  # longer ranges do not decide which site comes first


@dataclass(frozen=True)
class Step:
    """One capital on the ladder.

    Attributes
    ----------
    place_id, name : str
    distance_km : float
        Geodesic, from the site's published point.
    verdict : str
        Of all ranges of systems at the site together; of the treaty's band if there is none.
    own : bool
        It belongs to the launching coalition.
    population : float
        Of its country, or of itself if that is not known.
    """

    place_id: str
    name: str
    distance_km: float
    verdict: str
    own: bool
    population: float


@dataclass(frozen=True)
class Reach:
    """One range at the site, with how many capitals lie in it; distances in km."""

    label: str
    said_by: str
    coalition: str
    treaty: bool
    min_km: float
    max_km: float
    low_km: float
    high_km: float
    disputed: bool
    inside: int
    marginal: int


def site_of(analysis: Analysis, site: str | None) -> str:
    """Return the id of the site asked for by id or name; by default the one with most in range.

    Raises
    ------
    UnknownNameError
        If no site of the analysis has that id or name.
    ArgumentError
        If the analysis has no site.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> site_of(analyse("europe"), "Mozdok"), site_of(analyse("europe"), None)
    ('mozdok', 'mozdok')
    """
    sites = analysis.bands.drop_duplicates("site_id")
    if sites.empty:
        raise ArgumentError("the analysis has no launch site to measure from")
    ids = [str(one) for one in sites["site_id"]]
    if site is None:
        return _fullest(analysis, ids)
    if not isinstance(site, str):
        raise ArgumentError(f"site {site!r} must be the id or the name of a launch site")
    names: dict[str, str] = {}
    for key, name in zip(ids, sites["site"], strict=True):
        names.setdefault(str(name).casefold(), key)
    names.update({key.casefold(): key for key in ids})
    found = names.get(site.strip().casefold())
    if found is None:
        known = [*ids, *(clean_text(name) for name in sites["site"])]
        raise UnknownNameError("launch site", site, known, where=" in this analysis")
    return found


def _fullest(analysis: Analysis, ids: list[str]) -> str:
    rows = analysis.coverage
    counted = rows[~rows["own_side"].astype(bool) & rows["in_drawn_band"].astype(bool)]
    usual = counted[counted["max_km"] <= _MOST_KM]
    counted = usual if len(usual) else counted
    numbers = counted.groupby("site_id")["place_id"].nunique()
    return max(ids, key=lambda key: (int(numbers.get(key, 0)), -ids.index(key)))


def steps_of(analysis: Analysis, site_id: str) -> list[Step]:
    """Return all places by their distance from a site, nearest first.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> first = steps_of(analyse("europe"), "mozdok")[0]
    >>> first.name, round(first.distance_km)
    ('Tbilisi', 228)
    """
    rows = analysis.coverage[analysis.coverage["site_id"] == site_id]
    own = rows.groupby("place_id")["own_side"].any()
    first = rows.drop_duplicates("place_id").set_index("place_id")
    verdict = _verdicts(analysis, site_id, rows)
    steps = [
        Step(
            place_id=str(place["place_id"]),
            name=clean_text(place["place"], 60),
            distance_km=float(first.loc[place["place_id"], "distance_km"]),
            verdict=verdict[place["place_id"]],
            own=bool(own[place["place_id"]]),
            population=_population(place),
        )
        for place in analysis.places.drop(columns="geometry").to_dict("records")
    ]
    return sorted(steps, key=lambda step: (step.distance_km, step.place_id))


def _verdicts(analysis: Analysis, site_id: str, rows: pd.DataFrame) -> dict[Any, str]:
    """Return the verdict of the site on each place: of its systems, else of the treaty's band."""
    bands = analysis.bands[analysis.bands["site_id"] == site_id]
    systems = bands[bands["band_kind"] != _TREATY]
    if systems.empty:
        return dict(zip(rows["place_id"], rows["verdict"].astype(str), strict=True))
    places = analysis.places
    verdict = place_verdicts(systems, places["lon"], places["lat"])[0]
    return dict(zip(places["place_id"], verdict, strict=True))


def _population(place: dict[Any, Any]) -> float:
    for name in ("country_population", "population"):
        value = place.get(name)
        if value is not None and not pd.isna(value):
            return float(value)
    return 0.0


def reaches_of(analysis: Analysis, site_id: str) -> list[Reach]:
    """Return the ranges at a site: the treaty's band, then the others from the shortest up.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> [one.max_km for one in reaches_of(analyse("europe"), "kapustin-yar")]
    [5500.0, 480.0, 2350.0, 5500.0]
    """
    bands = analysis.bands[analysis.bands["site_id"] == site_id]
    rows = analysis.coverage[
        (analysis.coverage["site_id"] == site_id) & ~analysis.coverage["own_side"].astype(bool)
    ]
    found = []
    for band in bands.drop(columns="geometry").to_dict("records"):
        verdict = rows.loc[rows["band_id"] == band["band_id"], "verdict"]
        found.append(
            Reach(
                label=clean_text(band["label"], 90),
                said_by=clean_text(band["said_by"], 70),
                coalition=str(band["coalition"]),
                treaty=band["band_kind"] == _TREATY,
                min_km=float(band["min_km"]),
                max_km=float(band["max_km"]),
                low_km=float(band["max_low_km"]),
                high_km=float(band["max_high_km"]),
                disputed=bool(band["disputed"]) or bool(band["alleged"]),
                inside=int((verdict == INSIDE).sum()),
                marginal=int((verdict == MARGINAL).sum()),
            )
        )
    kept: dict[tuple[Any, ...], Reach] = {}
    for one in sorted(found, key=lambda one: (not one.treaty, one.max_km, one.label)):
        key = (one.treaty, one.label, one.said_by, one.min_km, one.max_km)
        kept.setdefault(key if one.treaty else (*key, one.coalition), one)
    return list(kept.values())
