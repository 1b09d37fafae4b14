"""Two coverages side by side: which capitals one side brings into the band, or both, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.bands import range_bands
from rangemap.analysis.coverage import country_population, place_table
from rangemap.analysis.scenario import Scenario, Side, read_scenario, scenario_names
from rangemap.catalogue import Place, places_frame
from rangemap.errors import ArgumentError
from rangemap.geodesy import area_km2, footprint, intersection

A_ONLY: Final = "a-only"
B_ONLY: Final = "b-only"
BOTH: Final = "both"
NEITHER: Final = "neither"
OWN: Final = "own-side"
_DATED: Final = re.compile(r"(.+)@(\d{4})")
CATEGORIES: Final = (A_ONLY, B_ONLY, BOTH, NEITHER, OWN)


@dataclass(frozen=True)
class ComparedSide:
    """One side: its name, its scenario, the coalitions taken from it and their bands."""

    name: str
    scenario: Scenario
    coalitions: tuple[str, ...]
    bands: geopandas.GeoDataFrame

    @property
    def color(self) -> str:
        """The colour of its first coalition."""
        return self.scenario.coalition(self.coalitions[0]).color


@dataclass(frozen=True)
class Comparison:
    """Two coverages side by side.

    Attributes
    ----------
    a, b : ComparedSide
        What is compared.
    table : pandas.DataFrame
        One row for each place: ``a_reaches``, ``b_reaches``, ``a_own``, ``b_own``,
        ``category`` ("a-only", "b-only", "both", "neither", "own-side"), the nearest site
        of each side and its distance in km, ``marginal`` (the category, which goes by the
        published points, hangs on where within their precision the sites are),
        ``country_population``.
    summary : dict
        Counts, lists, populations and areas, ready for JSON.
    """

    a: ComparedSide
    b: ComparedSide
    table: pd.DataFrame
    summary: dict[str, Any]


def compare(a: str | Path | Scenario, b: str | Path | Scenario) -> Comparison:
    """Compare what two coalitions bring into the treaty's banned band.

    Parameters
    ----------
    a, b : str, pathlib.Path or Scenario
        A scenario (or its name or path), or ``"scenario:coalition"``. A scenario alone
        stands for all its coalitions together. ``"scenario@1987"`` and
        ``"scenario@1987:coalition"`` are the scenario as of a year.

    Returns
    -------
    Comparison
        Its ``table`` has one row for each place, its ``summary`` the counts. A place is
        *reached* by a side if at least one launch site of a coalition that it does not
        itself belong to has it in the band; the capitals of a side's own members are kept
        apart as "own-side", unless the side holds another coalition that reaches them.

    Raises
    ------
    UnknownNameError
        If a scenario or coalition is not known.
    ArgumentError
        If a side has no treaty band, or both sides are the same.

    Examples
    --------
    >>> both = compare("europe", "asia-pacific:china")
    >>> both.summary["counts"]["both"] > 0
    True
    """
    return compare_sides(_side(a), _side(b))


def compare_in_scenario(
    scenario: Scenario, bands: geopandas.GeoDataFrame, sides: tuple[Side, Side]
) -> Comparison:
    """Compare two sides that one scenario names."""
    a, b = (
        ComparedSide(
            side.name,
            scenario,
            side.coalitions,
            bands[bands["coalition"].isin(side.coalitions)].reset_index(drop=True),
        )
        for side in sides
    )
    return compare_sides(a, b)


def compare_sides(a: ComparedSide, b: ComparedSide) -> Comparison:
    """Compare two sides whose bands are drawn already."""
    if a.scenario.hash == b.scenario.hash and set(a.coalitions) == set(b.coalitions):
        raise ArgumentError(f"both sides are the same: {a.name}")
    for side in (a, b):
        if not (side.bands["band_kind"] == "treaty").any():
            raise ArgumentError(
                f"{side.name!r} has no treaty band to compare (treaty_band = false in its scenario)"
            )
    places = places_frame(_places(a.scenario, b.scenario))
    table = places.drop(columns=["geometry", "note"])
    for key, side in (("a", a), ("b", b)):
        table = table.join(_reach_of(side, places, key), on="place_id")
    own = (table["a_own"] & ~table["a_reaches"]) | (table["b_own"] & ~table["b_reaches"])
    table["category"] = np.select(
        [
            own,
            table["a_reaches"] & table["b_reaches"],
            table["a_reaches"],
            table["b_reaches"],
        ],
        [OWN, BOTH, A_ONLY, B_ONLY],
        NEITHER,
    )
    table["marginal"] = (table.pop("a_surely") != table.pop("a_possibly")) | (
        table.pop("b_surely") != table.pop("b_possibly")
    )
    return Comparison(a, b, table, _summary(a, b, table))


def _places(a: Scenario, b: Scenario) -> tuple[Place, ...]:
    merged: dict[str, Place] = {}
    for place in (*a.places, *b.places):
        known = merged.setdefault(place.place_id, place)
        if (known.lon, known.lat) != (place.lon, place.lat):
            raise ArgumentError(
                f"place_id {place.place_id!r} is {known.place!r} in {a.name} and "
                f"{place.place!r} in {b.name}: give the places of both ids of their own"
            )
    return tuple(merged.values())


def _side(what: str | Path | Scenario) -> ComparedSide:
    coalition = None
    if isinstance(what, Scenario):
        scenario = what
    else:
        name, year = str(what), None
        if name not in scenario_names() and not Path(name).is_file() and ":" in name:
            name, coalition = name.rsplit(":", 1)
        dated = _DATED.fullmatch(name)
        if dated and not Path(name).is_file():
            name, year = dated[1], int(dated[2])
        scenario = read_scenario(name, as_of=year)
        if year is not None:
            scenario = _dated(scenario, year)
            coalition = f"{coalition}-{year}" if coalition else None
    bands = range_bands(scenario)
    if coalition is not None:
        chosen = scenario.coalition(coalition)
        bands = bands[bands["coalition"] == coalition].reset_index(drop=True)
        return ComparedSide(chosen.name, scenario, (coalition,), bands)
    return ComparedSide(
        _whole_name(scenario), scenario, tuple(c.id for c in scenario.coalitions), bands
    )


def _dated(scenario: Scenario, year: int) -> Scenario:
    """Give the coalitions ids and names of the year, so that both sides may have the same ones."""
    return replace(
        scenario,
        coalitions=tuple(
            replace(c, id=f"{c.id}-{year}", name=f"{c.name}, {year}", short=f"{c.short} {year}")
            for c in scenario.coalitions
        ),
        launches=tuple(
            replace(launch, coalition=f"{launch.coalition}-{year}") for launch in scenario.launches
        ),
        comparison=None,
    )


def _undated(coalition: str) -> str:
    return re.sub(r"-\d{4}$", "", coalition)


def _whole_name(scenario: Scenario) -> str:
    if len(scenario.coalitions) == 1:
        return scenario.coalitions[0].name
    theatres = {launch.site.theatre for launch in scenario.launches}
    where = theatres.pop() if len(theatres) == 1 else ""
    if where and scenario.as_of is not None:
        return f"Launch sites in {where}, {scenario.as_of}"
    return f"Launch sites in {where}" if where else scenario.title.split(":")[0]


def _reach_of(side: ComparedSide, places: geopandas.GeoDataFrame, key: str) -> pd.DataFrame:
    """Return for each place whether the side reaches it, and its nearest site."""
    rows = place_table(side.bands, places)
    rows["reached"] = (rows["sites_in_band"] > 0) & ~rows["own_side"]
    rows["surely"] = rows["in_band_surely"] & ~rows["own_side"]
    rows["possibly"] = rows["in_band_possibly"] & ~rows["own_side"]
    grouped = rows.groupby("place_id", sort=False)
    nearest = rows.loc[grouped["nearest_km"].idxmin()].set_index("place_id")
    return pd.DataFrame(
        {
            f"{key}_reaches": grouped["reached"].any(),
            f"{key}_surely": grouped["surely"].any(),
            f"{key}_possibly": grouped["possibly"].any(),
            f"{key}_own": grouped["own_side"].any(),
            f"{key}_nearest_site_id": nearest["nearest_site_id"],
            f"{key}_nearest_site": nearest["nearest_site"],
            f"{key}_nearest_km": nearest["nearest_km"],
        }
    )


def _summary(a: ComparedSide, b: ComparedSide, table: pd.DataFrame) -> dict[str, Any]:
    lists = {c: table.loc[table["category"] == c, "place"].tolist() for c in CATEGORIES}
    people = {c: country_population(table[table["category"] == c]) for c in CATEGORIES}
    shapes = [
        footprint(side.bands.loc[side.bands["band_kind"] == "treaty", "geometry"])
        for side in (a, b)
    ]
    areas = [area_km2(shape) for shape in shapes]
    shared = area_km2(intersection(*shapes))
    own_reached = {
        "a": table.loc[table["a_own"] & table["b_reaches"], "place"].tolist(),
        "b": table.loc[table["b_own"] & table["a_reaches"], "place"].tolist(),
    }
    counts = {c: len(lists[c]) for c in CATEGORIES}
    return {
        "headline": _headline(
            a.name,
            b.name,
            counts,
            own_reached,
            a.scenario.noun,
            same=bool({_undated(c) for c in a.coalitions} & {_undated(c) for c in b.coalitions}),
        ),
        "a": {"name": a.name, "scenario": a.scenario.name, "coalitions": list(a.coalitions)},
        "b": {"name": b.name, "scenario": b.scenario.name, "coalitions": list(b.coalitions)},
        "band_km": [
            float(a.bands["min_km"][a.bands["band_kind"] == "treaty"].min()),
            float(a.bands["max_km"][a.bands["band_kind"] == "treaty"].max()),
        ],
        "places": len(table),
        "counts": counts,
        "lists": lists,
        "marginal": table.loc[table["marginal"], "place"].tolist(),
        "country_population": people,
        "own_reached_by_other_side": own_reached,
        "footprint_km2": {
            "a": round(areas[0]),
            "b": round(areas[1]),
            "both": round(shared),
            "a-only": round(areas[0] - shared),
            "b-only": round(areas[1] - shared),
        },
    }


def _headline(
    a: str,
    b: str,
    counts: dict[str, int],
    own_reached: dict[str, list[str]],
    noun: str,
    *,
    same: bool,
) -> list[str]:
    """Return the findings; ``same`` if one coalition is compared with itself in another year."""
    a, b = inline_name(a), inline_name(b)
    lines = [
        f"In the banned range of {a} only: {counts[A_ONLY]} {noun}; of {b} only: "
        f"{counts[B_ONLY]}; of both: {counts[BOTH]}; of neither: {counts[NEITHER]}."
    ]
    if counts[OWN]:
        one = counts[OWN] == 1
        lines[0] += (
            f" {counts[OWN]} {noun[:-1] if one else noun} of the sides' own members "
            f"{'is' if one else 'are'} left apart."
        )
    for side, other, key in ((a, b, "a"), (b, a, "b")):
        names = own_reached[key]
        if names and not same:
            which = _listed(names) if len(names) <= 3 else f"{len(names)}"
            behind = "states behind" if "sites" in side.split(",")[0] else "members of"
            whose = f"{noun.capitalize()} of the {behind} {side}"
            lines.append(f"{whose} in the banned range of {other}: {which}.")
    return lines


def inline_name(name: str) -> str:
    """Return a side's name for the middle of a sentence.

    Examples
    --------
    >>> inline_name("Launch sites in Europe"), inline_name("China"), inline_name("NATO sites")
    ('launch sites in Europe', 'China', 'NATO sites')
    """
    return name[0].lower() + name[1:] if name.startswith("Launch sites") else name


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
