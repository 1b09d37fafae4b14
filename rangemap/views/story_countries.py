"""Countries in a briefing: shares of their area, and the population of their listed cities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Analysis
from rangemap.analysis.people import people_of
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.views.story_parts import Bars, Grid, Row, Series
from rangemap.views.story_words import count_of, millions, shortened, square_text
from rangemap.views.style import VERDICT_SYMBOLS
from rangemap.views.units import Units

__all__ = ["CITIES_NOTE", "Countries", "area_sentence", "countries_of"]

CITIES_NOTE: Final = (
    "Listed cities are those of 15,000 people or more (GeoNames). Their population is not that of "
    "an area: it leaves out the countryside and smaller towns. Own side left apart."
)

_SHOWN: Final = 12
"""Countries on a slide, for all coalitions together."""

_KINDS: Final = {
    "treaty": "the treaty’s ranges",
    "system": "the ranges of the systems there",
    "own": "the ranges given here",
}


@dataclass(frozen=True)
class Countries:
    """The tables of one kind of band.

    Attributes
    ----------
    basis : str
        Which ranges, in words.
    people : Bars
        Population of listed cities, in millions: a bar for each coalition.
    short, whole : Grid
        The countries with the largest population of listed cities inside, and all.
    most : str
        The coalition with the largest population of listed cities inside, and how large.
    """

    basis: str
    people: Bars
    short: Grid
    whole: Grid
    most: str


def countries_of(analysis: Analysis, units: Units, *, treaty: bool) -> Countries | None:
    """Return the tables; None if no country is touched."""
    table = analysis.countries
    kind = _leading_kind(set(table["band_kind"]), treaty=treaty)
    rows = table[table["band_kind"] == kind]
    cities = rows["cities_inside"] + rows["cities_marginal"]
    touched = rows[(rows["covered_km2"] > 0) | (cities > 0)]
    if not len(touched):
        return None
    names = {entry["id"]: shortened(entry["name"]) for entry in analysis.summary["coalitions"]}
    people = people_of(rows)
    top = people.loc[people["city_population_inside"].idxmax()]
    most = (
        f"{names[str(top['coalition'])]}: population of listed cities inside, "
        f"{millions(float(top['city_population_inside']))} million"
    )
    return Countries(
        _KINDS[kind], _people(people, names, units), _grid(_short(touched, names), names),
        _grid(touched, names), most,
    )  # fmt: skip


def _leading_kind(kinds: set[str], *, treaty: bool) -> str:
    """Return which kind of band a summary goes by: the treaty's, or else systems'."""
    order = ("treaty", "system", "own") if treaty else ("system", "own", "treaty")
    return next((kind for kind in order if kind in kinds), "")


def _people(people: pd.DataFrame, names: Mapping[str, str], units: Units) -> Bars:
    rows = tuple(
        Row(
            (
                names[str(row["coalition"])],
                f"{row['countries_touched']:,}",
                f"{units.area(row['covered_km2']) / 1e6:,.1f}",
                f"{row['cities_inside']:,}",
                f"{row['cities_marginal']:,}",
                millions(row["city_population_inside"]),
                millions(row["city_population_marginal"]),
            )
        )
        for row in people.to_dict("records")
    )
    header = ("Coalition", "Countries touched", f"Covered, million {units.square}",
              "Cities inside", "Cities marginal", "Millions inside",
              "Millions marginal")  # fmt: skip
    alt = "Population of listed cities in range. " + " ".join(
        f"{row.cells[0]}: {row.cells[3]} cities inside, of {row.cells[5]} million; "
        f"{row.cells[4]} marginal, of {row.cells[6]} million."
        for row in rows
    )
    widths = (0.26, 0.13, 0.15, 0.11, 0.11, 0.12, 0.12)
    grid = Grid(header, rows, frozenset(range(1, 7)), widths, alt, CITIES_NOTE)
    series = tuple(
        Series(
            f"Population of listed cities, millions: {verdict}", VERDICT_SYMBOLS[verdict].color,
            tuple(round(count / 1e6) for count in people[f"city_population_{verdict}"]),
        )
        for verdict in (INSIDE, MARGINAL)
    )  # fmt: skip
    return Bars(tuple(row.cells[0] for row in rows), series, "millions", alt, grid)


def _short(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    foreign = rows[~rows["own_side"].astype(bool)]
    each = max(_SHOWN // max(len(names), 1), 3)
    parts = [
        part.sort_values(
            ["city_population_inside", "covered_km2", "country"],
            ascending=[False, False, True], kind="stable",
        ).head(each)
        for _, part in foreign.groupby("coalition", sort=False)
    ]  # fmt: skip
    return pd.concat(parts) if parts else rows.head(0)


def _grid(rows: pd.DataFrame, names: Mapping[str, str]) -> Grid:
    table: list[Row] = []
    for coalition, part in rows.groupby("coalition", sort=False):
        if len(names) > 1:
            table.append(Row((names[str(coalition)],), heading=True))
        table += _rows(part)
    header = ("Country", "Share of area", "At most off by", "Listed cities", "Cities inside",
              "Cities marginal", "Millions inside", "Millions marginal")  # fmt: skip
    shares = [
        f"{row.cells[0]} {row.cells[1]} of its area, population of listed cities inside "
        f"{row.cells[6]} million"
        for row in table
        if not row.heading
    ]
    alt = f"Countries in range: {'; '.join(shares[:12])}."
    widths = (0.26, 0.11, 0.11, 0.1, 0.1, 0.1, 0.11, 0.11)
    note = "Millions: population of the listed cities, not of the area."
    return Grid(header, tuple(table), frozenset(range(1, 8)), widths, alt, note)


def _rows(part: pd.DataFrame) -> Iterable[Row]:
    for row in part.to_dict("records"):
        drawn = not pd.isna(row["share"])
        yield Row(
            (
                shortened(row["country"]) + (" (own side)" if row["own_side"] else ""),
                share_text(row["share"]) if drawn else "–",
                _error_text(row["share_error"]) if drawn else "–",
                *(f"{row[name]:,}" for name in ("cities", "cities_inside", "cities_marginal")),
                *_populations(row),
            )
        )


def _populations(row: Mapping[Any, Any]) -> tuple[str, str]:
    return millions(row["city_population_inside"]), millions(row["city_population_marginal"])


def _error_text(error: float) -> str:
    return f"{error * 100:.2f} %" if error >= 0.00005 else "< 0.01 %"


def share_text(share: float) -> str:
    """Return a share in per cent; what is nearly all or nearly none is never rounded to it.

    Examples
    --------
    >>> share_text(0.8604), share_text(1.0), share_text(0.99996), share_text(0.00001)
    ('86.0 %', '100 %', '> 99.9 %', '< 0.1 %')
    >>> share_text(0.0)
    '0 %'
    """
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    if share >= 0.9995:
        return "> 99.9 %"
    return "< 0.1 %" if share < 0.0005 else f"{share:.1%}".replace("%", " %")


def area_sentence(analysis: Analysis, units: Units) -> str:
    """Return how much of the Earth each coalition's treaty bands cover together."""
    texts = [
        f"{shortened(entry['name'])}: "
        f"{square_text(units.area(entry['footprint_km2']), units.square)} "
        f"({count_of(entry['sites'], 'sites')})"
        for entry in analysis.summary["coalitions"]
        if entry["footprint_km2"]
    ]
    return f"Area of the bands of 500 to 5,500 km together. {'; '.join(texts)}." if texts else ""
