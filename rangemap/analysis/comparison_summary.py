"""The numbers of a comparison: counts, areas, populations, distances, and findings in words."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from rangemap.analysis.comparison_reach import OWN_VERDICT
from rangemap.analysis.comparison_sides import (
    A_ONLY,
    B_ONLY,
    BOTH,
    BY_TREATY,
    CATEGORIES,
    NEITHER,
    OWN,
    Basis,
    ComparedSide,
    inline_name,
)
from rangemap.analysis.coverage import country_population
from rangemap.analysis.uncertain import VERDICTS
from rangemap.catalogue.continents import CONTINENTS
from rangemap.geodesy import area_km2, distance_matrix_km, footprint, intersection

__all__ = ["cities_summary", "continents_summary", "jaccard", "summarised"]

_AREAS: Final = {name: f"{name.replace('-', '_')}_km2" for name in CATEGORIES}


def summarised(a: ComparedSide, b: ComparedSide, by: Basis, table: pd.DataFrame) -> dict[str, Any]:
    """Return counts, lists, populations, footprints and distances, ready for JSON."""
    parts = {c: table[table["category"] == c] for c in CATEGORIES}
    counts = {c: len(part) for c, part in parts.items()}
    bands = [side.of_basis(by) for side in (a, b)]
    areas = _areas(a, b, by)
    own_reached = {
        "a": table.loc[table["a_own"] & table["b_reaches"], "place"].tolist(),
        "b": table.loc[table["b_own"] & table["a_reaches"], "place"].tolist(),
    }
    return {
        "headline": _headline(a, b, by, table, own_reached),
        "by": by,
        "a": {"name": a.name, "scenario": a.scenario.name, "coalitions": list(a.coalitions)},
        "b": {"name": b.name, "scenario": b.scenario.name, "coalitions": list(b.coalitions)},
        "band_km": [
            min(float(rows["min_km"].min()) for rows in bands),
            max(float(rows["max_km"].max()) for rows in bands),
        ],
        "places": len(table),
        "noun": noun_of(a, b),
        "counts": counts,
        "marginal_counts": {c: int(part["marginal"].sum()) for c, part in parts.items()},
        "lists": {c: part["place"].tolist() for c, part in parts.items()},
        "marginal": table.loc[table["marginal"], "place"].tolist(),
        "verdicts": _matrix(table),
        "country_population": {c: country_population(part) for c, part in parts.items()},
        "own_reached_by_other_side": own_reached,
        "footprint_km2": areas,
        "jaccard": {
            "area": jaccard(areas["both"], areas["either"]),
            "places": jaccard(counts[BOTH], counts[BOTH] + counts[A_ONLY] + counts[B_ONLY]),
        },
        "nearest": {
            "a": _nearest(table, "a"),
            "b": _nearest(table, "b"),
            "closest_sites": _closest_sites(a, b),
        },
        "continents": _continent_counts(table),
    }


def noun_of(a: ComparedSide, b: ComparedSide) -> str:
    """Return what the places are, in the plural."""
    return "capitals" if a.scenario.noun == b.scenario.noun == "capitals" else "places"


def jaccard(both: float, either: float) -> float | None:
    """Return what two sets share, as a part of what is in either; None if both are empty.

    References
    ----------
    Jaccard, P. (1912). The distribution of the flora in the alpine zone. New Phytologist 11.

    Examples
    --------
    >>> jaccard(1, 4), jaccard(0, 0)
    (0.25, None)
    """
    return round(both / either, 6) if either else None


def _areas(a: ComparedSide, b: ComparedSide, by: Basis) -> dict[str, int]:
    """Return areas in whole km2; A and B less what they share is the area of either."""
    shapes = [footprint(side.of_basis(by).geometry) for side in (a, b)]
    first, second = (round(area_km2(shape)) for shape in shapes)
    shared = round(area_km2(intersection(*shapes)))
    return {
        "a": first,
        "b": second,
        "both": shared,
        "a-only": first - shared,
        "b-only": second - shared,
        "either": first + second - shared,
    }


def _matrix(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Return how many places have which verdict of A (outer key) and of B; no own-side ones."""
    counted = table[table["category"] != OWN]
    a, b = (counted[f"{key}_verdict"].replace(OWN_VERDICT, VERDICTS[-1]) for key in "ab")
    return {
        one: {two: int(((a == one) & (b == two)).sum()) for two in VERDICTS} for one in VERDICTS
    }


def _nearest(table: pd.DataFrame, key: str) -> dict[str, Any]:
    """Return how far the places that are not a side's own are from its nearest site."""
    rows = table[~table[f"{key}_own"]]
    km = rows[f"{key}_nearest_km"]
    if rows.empty:
        return {"places": 0, "min": None, "median_km": None, "max": None}

    def one(label: Any) -> dict[str, Any]:
        return {
            "place": str(rows.loc[label, "place"]),
            "site": str(rows.loc[label, f"{key}_nearest_site"]),
            "km": round(float(km[label]), 3),
        }

    return {
        "places": len(rows),
        "min": one(km.idxmin()),
        "median_km": round(float(km.median()), 3),
        "max": one(km.idxmax()),
    }


def _closest_sites(a: ComparedSide, b: ComparedSide) -> dict[str, Any]:
    sites = [side.bands.drop_duplicates("site_id") for side in (a, b)]
    apart = distance_matrix_km(*(rows[name] for rows in sites for name in ("site_lon", "site_lat")))
    first, second = np.unravel_index(int(np.argmin(apart)), apart.shape)
    one, two = sites[0].iloc[int(first)], sites[1].iloc[int(second)]
    return {
        "a_site_id": str(one["site_id"]),
        "a_site": str(one["site"]),
        "b_site_id": str(two["site_id"]),
        "b_site": str(two["site"]),
        "km": round(float(apart[first, second]), 3),
    }


def _continent_counts(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the places of each continent by category, in the order of `CONTINENTS`."""
    found = []
    for name in CONTINENTS:
        rows = table[table["continent"] == name]
        if len(rows):
            counts = rows["category"].value_counts()
            found.append(
                {
                    "continent": name,
                    "places": len(rows),
                    "counts": {c: int(counts.get(c, 0)) for c in CATEGORIES},
                    "marginal": int(rows["marginal"].sum()),
                }
            )
    return found


def continents_summary(table: pd.DataFrame, countries: pd.DataFrame) -> list[dict[str, Any]]:
    """Return places and areas of each continent by category."""
    counted = {entry["continent"]: entry for entry in _continent_counts(table)}
    found = []
    for name in CONTINENTS:
        rows = countries[countries["continent"] == name]
        entry = counted.get(name)
        if entry is None and rows.empty:
            continue
        none = {"places": 0, "counts": dict.fromkeys(CATEGORIES, 0), "marginal": 0}
        found.append({"continent": name, **(entry or none), "area_km2": areas_by_category(rows)})
    return found


def areas_by_category(countries: pd.DataFrame) -> dict[str, int]:
    """Return the area of some countries by category, km2."""
    return {name: round(float(countries[column].sum())) for name, column in _AREAS.items()}


def cities_summary(cities: pd.DataFrame) -> dict[str, Any]:
    """Return number and population of the listed cities by category, and of these marginal."""
    parts = {c: cities[cities["category"] == c] for c in CATEGORIES}
    doubtful = {c: part[part["marginal"]] for c, part in parts.items()}
    return {
        "listed": len(cities),
        "population": _people(cities),
        "counts": {c: len(part) for c, part in parts.items()},
        "populations": {c: _people(part) for c, part in parts.items()},
        "marginal_counts": {c: len(part) for c, part in doubtful.items()},
        "marginal_populations": {c: _people(part) for c, part in doubtful.items()},
    }


def _people(cities: pd.DataFrame) -> int:
    return int(cities["population"].fillna(0).sum())


def _headline(
    a: ComparedSide,
    b: ComparedSide,
    by: Basis,
    table: pd.DataFrame,
    own_reached: dict[str, list[str]],
) -> list[str]:
    """Return the findings; of one coalition in two years nothing is said of its members."""
    noun = noun_of(a, b)
    first, second = inline_name(a.name), inline_name(b.name)
    sure = table if by == BY_TREATY else table[~table["marginal"]]
    counts = {c: int((sure["category"] == c).sum()) for c in CATEGORIES}
    lead = "In the banned range of" if by == BY_TREATY else f"{_by_figures(a, b)}, in range of"
    lines = [
        f"{lead} {first} only: {counts[A_ONLY]} {noun}; of {second} only: "
        f"{counts[B_ONLY]}; of both: {counts[BOTH]}; of neither: {counts[NEITHER]}."
    ]
    doubtful = int(((table["category"] != OWN) & table["marginal"]).sum())
    if by != BY_TREATY and doubtful:
        lines[0] += (
            f" {doubtful} more {'is' if doubtful == 1 else 'are'} marginal: it hangs on the "
            "estimate, on where a site is or on who says it."
        )
    own = int((table["category"] == OWN).sum())
    if own:
        lines[0] += (
            f" {own} {noun[:-1] if own == 1 else noun} of the sides' own members "
            f"{'is' if own == 1 else 'are'} left apart."
        )
    where = "in the banned range of" if by == BY_TREATY else "in range of"
    for side, other, key in ((a, second, "a"), (b, first, "b")):
        names = own_reached[key]
        if names and not a.shares_a_coalition(b):
            which = _listed(names) if len(names) <= 3 else f"{len(names)}"
            what = (noun[:-1] if len(names) == 1 else noun).capitalize()
            lines.append(f"{what} of {_members(side)} {where} {other}: {which}.")
    return lines


def _members(side: ComparedSide) -> str:
    """Return whose places are meant by those of a side's own members."""
    name = inline_name(side.name)
    members = {code for c in side.coalitions for code in side.scenario.coalition(c).members}
    if len(members) == 1:
        return f"{name} itself"
    behind = "states behind" if "sites" in name.split(",")[0] else "members of"
    return f"the {behind} {name}"


def _by_figures(a: ComparedSide, b: ComparedSide) -> str:
    """Return by which figures: published ones, unless the scenarios alone give the ranges."""
    kinds = {kind for side in (a, b) for kind in side.bands["band_kind"]}
    return "By every published figure" if "system" in kinds else "By the ranges given"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
