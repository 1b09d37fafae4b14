"""What each of many small maps shows: one coalition, one system or one year, and its count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import geopandas
import pandas as pd

from rangemap.analysis import Analysis
from rangemap.analysis.bands import range_bands
from rangemap.analysis.coverage import place_table
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.analysis.years import yearly_bands
from rangemap.errors import ArgumentError, near_name
from rangemap.views import style
from rangemap.views.basis import leading, treaty_leads
from rangemap.views.figure_bands import ring_name
from rangemap.views.figure_sheet import Look
from rangemap.views.labels import clean_text
from rangemap.views.names import told_apart

__all__ = ["BY", "MOST", "Part", "parts_of"]

BY: Final = ("coalition", "system", "year")
"""What each map may be of."""
MOST: Final = 12
"""How many maps there may be."""


@dataclass(frozen=True)
class Part:
    """One small map.

    Attributes
    ----------
    title : str
        What it is of.
    bands : geopandas.GeoDataFrame
        What is drawn and counted.
    reach : dict of str to frozenset of str
        The ids of the places that each coalition has in range, not its own.
    maybe, own : frozenset of str
        Ids of those that are marginal and in range of nobody for certain, and of the
        coalitions' own that nobody reaches.
    color : str
        Of its heading.
    """

    title: str
    bands: geopandas.GeoDataFrame
    reach: dict[str, frozenset[str]]
    maybe: frozenset[str]
    own: frozenset[str]
    color: str

    @property
    def count(self) -> int:
        """How many places are in range of somebody whose own they are not."""
        return len(frozenset().union(*self.reach.values()))


def parts_of(analysis: Analysis, look: Look, by: str | None) -> tuple[str, list[Part], list[Part]]:
    """Return by what the maps differ, the maps, and those beyond the most that are drawn.

    Raises
    ------
    ArgumentError
        If there is no such choice, or fewer than two maps.
    """
    if by is not None and by not in BY:
        raise ArgumentError(f"by {by!r} is not one of {', '.join(BY)}{near_name(str(by), BY)}")
    name = analysis.scenario.name
    if by == "year":
        return (by, *_limited_years(_by_year(analysis, look)))
    coalitions = _by_coalition(analysis, look)
    if by != "system" and len(coalitions) > 1:
        return ("coalition", *_limited(coalitions))
    if by == "coalition":
        raise ArgumentError(f"scenario {name!r} has one coalition: panels by system or by year")
    systems = _by_system(analysis, look)
    if len(systems) < 2:
        number = "no system" if not systems else "one system"
        also = " and one coalition" if by is None else ""
        raise ArgumentError(f"scenario {name!r} has {number}{also}: nothing to set side by side")
    return ("system", *_limited(systems))


def _limited(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Keep the parts with most places in range, in their order."""
    most = sorted(range(len(parts)), key=lambda n: (-parts[n].count, n))[:MOST]
    return [parts[n] for n in sorted(most)], [p for n, p in enumerate(parts) if n not in most]


def _limited_years(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Keep the first and the last year, and the years in which most changes come to light."""
    kept = list(range(len(parts)))
    while len(kept) > MOST:
        # The year that differs least from the one before it goes.
        gaps = [
            (len(_all(parts[kept[n]]) ^ _all(parts[kept[n - 1]])), n)
            for n in range(1, len(kept) - 1)
        ]
        del kept[min(gaps)[1]]
    return [parts[n] for n in kept], [p for n, p in enumerate(parts) if n not in kept]


def _all(part: Part) -> frozenset[tuple[str, str]]:
    return frozenset((key, place) for key, places in part.reach.items() for place in places)


def _by_coalition(analysis: Analysis, look: Look) -> list[Part]:
    bands = leading(analysis.bands)
    coalitions = analysis.scenario.coalitions
    names = told_apart([coalition.name for coalition in coalitions], 60)
    found = []
    for number, (coalition, name) in enumerate(zip(coalitions, names, strict=True)):
        mine = bands[bands["coalition"] == coalition.id]
        if len(mine):
            color = look.theme.data(coalition.color, number)
            found.append(_part(name, mine, analysis.places, color))
    return found


def _by_system(analysis: Analysis, look: Look) -> list[Part]:
    """Return each system of each coalition, the longest range first."""
    bands = analysis.bands[analysis.bands["band_kind"] != "treaty"]
    coalitions = analysis.scenario.coalitions
    shorts = told_apart([coalition.short for coalition in coalitions], 26)
    found = []
    whose = []
    for number, (coalition, short) in enumerate(zip(coalitions, shorts, strict=True)):
        mine = bands[bands["coalition"] == coalition.id]
        keys = mine["system_id"].where(mine["system_id"] != "", mine["label"])
        groups = [rows for _, rows in mine.groupby(keys, sort=True)]
        groups.sort(key=lambda rows: -float(rows["max_km"].max()))
        color = look.theme.data(coalition.color, number)
        found += [_part(_system_title(rows, look), rows, analysis.places, color) for rows in groups]
        whose += [short] * len(groups)
    titles = [part.title for part in found]
    return [
        replace(part, title=f"{part.title}, {short}") if titles.count(part.title) > 1 else part
        for part, short in zip(found, whose, strict=True)
    ]


def _system_title(rows: geopandas.GeoDataFrame, look: Look) -> str:
    """Return the system's name and its ranges, all those that are said."""
    first = rows.iloc[0]
    name = clean_text(first["system"] or first["label"], 40)
    ranges = [look.units.text(reach) for reach in sorted(set(rows["max_km"]))]
    if len(ranges) > 1:
        title = f"{name}, {' or '.join(ranges)}"
    else:
        title = ring_name(name, float(first["max_km"]), look)
    return style.starred(title, str(first["range_evidence"]))


def _by_year(analysis: Analysis, look: Look) -> list[Part]:
    """Return the years in which what is shown changes."""
    scenario = analysis.scenario
    if scenario.as_of is not None:
        raise ArgumentError(
            f"scenario {scenario.name!r} is as of {scenario.as_of}: panels by year show all years "
            "and take no year"
        )
    years = yearly_bands(scenario) if scenario.has_years else None
    if years is None:
        raise ArgumentError(
            f"scenario {scenario.name!r} has nothing that changes with the years"
            if scenario.has_years
            else f"scenario {scenario.name!r} was put together from others: no panels by year"
        )
    treaty = treaty_leads(analysis.bands)
    changes = {years.first}
    for key, spans in years.spans.items():
        if (years.bands[key].band_kind == "treaty") == treaty:
            changes |= {year for first, last in spans for year in (first, last + 1)}
    found = []
    for year in sorted(year for year in changes if years.first <= year <= years.last):
        dated = scenario.in_year(year)
        if dated is not None:
            bands = leading(range_bands(dated), treaty)
            found.append(_part(f"{year}", bands, analysis.places, look.theme.ink))
    if len(found) < 2:
        raise ArgumentError(f"scenario {scenario.name!r} has nothing that changes with the years")
    return found


def _part(
    title: str, bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame, color: str
) -> Part:
    rows = place_table(bands, places)
    rows = rows.assign(other=~rows["own_side"].astype(bool))
    by_treaty = bool((bands["band_kind"] == "treaty").any())
    sure = rows["sites_in_band"] > 0 if by_treaty else rows["verdict"] == INSIDE
    reach = {
        str(key): frozenset(mine.loc[sure[mine.index] & mine["other"], "place_id"])
        for key, mine in rows.groupby("coalition", sort=False)
    }
    anybody = frozenset().union(*reach.values())
    maybe = frozenset() if by_treaty else _ids(rows, (rows["verdict"] == MARGINAL) & rows["other"])
    return Part(
        title, bands, reach, maybe - anybody, _ids(rows, ~rows["other"]) - anybody - maybe, color
    )


def _ids(rows: pd.DataFrame, which: pd.Series) -> frozenset[str]:
    return frozenset(rows.loc[which, "place_id"])
