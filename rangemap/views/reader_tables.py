"""Tables for readers: fewer columns, chosen units, sorted; as terminal text or Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import pandas as pd

from rangemap.views.units import Units

__all__ = [
    "KINDS",
    "ReaderTable",
    "comparison_table",
    "country_tables",
    "notes_once",
    "overlap_areas",
    "people_tables",
    "place_table_of",
    "population_country_tables",
    "population_tables",
    "share_text",
]

KINDS: Final = {
    "treaty": "the range that the INF Treaty banned, 500 to 5,500 km",
    "system": "ranges of systems",
    "own": "ranges of the scenario",
}
_MILLION: Final = 1e6
_OWN_NOTE: Final = "* A member of the coalition: own side, kept apart and not counted."


@dataclass(frozen=True)
class ReaderTable:
    """A table as a person reads it.

    Attributes
    ----------
    title : str
        Stands above it; may be empty.
    header : tuple of str
        Names of columns, with units where they have one.
    rows : tuple of tuple
        Texts, numbers, booleans or None.
    right : tuple of str
        Columns of texts that are set to the right like numbers.
    note : str
        Stands below it; may be empty.
    widest : int
        Of a column in a terminal, in characters.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    right: tuple[str, ...] = ()
    note: str = ""
    widest: int = 44


def share_text(share: float) -> str:
    """Return a share in per cent; what is nearly all or nearly none is never rounded to it.

    Examples
    --------
    >>> share_text(0.8604), share_text(1.0), share_text(0.99996), share_text(1e-5), share_text(0)
    ('86.0 %', '100 %', '>99.9 %', '<0.1 %', '0 %')
    """
    if share in (0, 1):
        return f"{share:.0%}".replace("%", " %")
    if share >= 0.9995:
        return ">99.9 %"
    return "<0.1 %" if share < 0.0005 else f"{share:.1%}".replace("%", " %")


def place_table_of(frame: pd.DataFrame, units: Units) -> ReaderTable:
    """Return places with zone and nearest site, as `rangemap.analysis.place_table` has them."""
    banned = bool(frame["zone"].ne("").any())
    columns = ["place", "country", "coalition", *(["zone"] if banned else [])]
    nearest = f"nearest {units.name}"
    columns += [nearest, "nearest site", *(["in band of"] if banned else [])]
    columns += ["by systems"] if frame["verdict"].ne("").any() else []
    rows = []
    for row in frame.to_dict("records"):
        verdict = row["verdict"] + (f": {row['hangs_on']}" if row["hangs_on"] else "")
        zone = row["zone"] + (" (marginal)" if row["zone_marginal"] else "")
        cells = {
            **{name: row[name] for name in ("place", "country", "coalition")},
            "zone": "own side" if row["own_side"] else zone,
            nearest: units.of(row["nearest_km"]),
            "nearest site": row["nearest_site"],
            "in band of": row["sites_in_band"],
            "by systems": "own side" if row["own_side"] else verdict,
        }
        rows.append(tuple(cells[name] for name in columns))
    return ReaderTable("", tuple(columns), tuple(rows), widest=28)


def country_tables(
    frame: pd.DataFrame, names: Mapping[str, str], units: Units, places: str = ""
) -> list[ReaderTable]:
    """Return for each coalition and kind of band the countries that it touches.

    Those covered most come first, then by name; the coalition's own members come last.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `rangemap.analysis.country_table` makes it.
    names : mapping
        Of coalitions, by their ids.
    units : Units
        Of the areas.
    places : str
        The file that stands for the listed cities; empty for GeoNames' list.
    """
    noun = "places" if places else "cities"
    covered = f"covered {units.square}"
    header = ("country", "share", "off by", covered, noun, "in", "marg.", "their people", "in",
              "marg.")  # fmt: skip
    in_range = (frame["covered_km2"] > 0) | (frame["cities_inside"] + frame["cities_marginal"] > 0)
    tables = []
    for title, part in _groups(frame, in_range, names):
        rows = tuple(
            (
                _own(row),
                _or_empty(row["share"], share_text),
                _or_empty(row["share_error"], _error_text),
                _or_empty(row["covered_km2"], units.area),
                *(row[name] for name in ("cities", "cities_inside", "cities_marginal")),
                *(row[f"city_population{end}"] for end in ("", "_inside", "_marginal")),
            )
            for row in _sorted(part, "share").to_dict("records")
        )
        note = f"{_OWN_NOTE} {_cities_note(places)}"
        tables.append(ReaderTable(title, header, rows, ("share", "off by"), note, 26))
    return tables


def people_tables(
    frame: pd.DataFrame, names: Mapping[str, str], units: Units, places: str = ""
) -> list[ReaderTable]:
    """Return the sums of listed cities in range, then those of the own sides, not counted."""
    noun = "places" if places else "cities"
    header = ("coalition", "bands", "touched", "of", f"covered {units.square}", f"{noun} in",
              "marg.", "of", "people (m) in", "marg.", "of")  # fmt: skip
    return [
        ReaderTable(title, header, _people_rows(frame, prefix, names, units), _MILLIONS, note)
        for title, prefix, note in (
            (f"Countries and {'places' if places else 'listed cities'} in range", "", ""),
            ("Own side, not counted above", "own_", _cities_note(places)),
        )
    ]


_MILLIONS: Final = ("people (m) in", "marg.", "of")


def _people_rows(
    frame: pd.DataFrame, prefix: str, names: Mapping[str, str], units: Units
) -> tuple[tuple[Any, ...], ...]:
    return tuple(
        (
            names.get(row["coalition"], row["coalition"]),
            row["band_kind"],
            row[f"{prefix}countries_touched"],
            row[f"{prefix}countries"],
            units.area(row[f"{prefix}covered_km2"]),
            *(row[f"{prefix}cities{end}"] for end in ("_inside", "_marginal", "")),
            *(
                f"{row[f'{prefix}city_population{end}'] / _MILLION:,.1f}"
                for end in ("_inside", "_marginal", "")
            ),
        )
        for row in frame.to_dict("records")
    )


def population_tables(frame: pd.DataFrame, names: Mapping[str, str]) -> list[ReaderTable]:
    """Return the people of a raster within footprints, by coalition and kind of band."""
    header = ("coalition", "bands", "people", "own side", "outside countries as drawn")
    rows = tuple(
        (names.get(row["coalition"], row["coalition"]), row["band_kind"], row["people"],
         row["own_people"], row["unassigned_people"])
        for row in frame.to_dict("records")
    )  # fmt: skip
    return [ReaderTable("People within footprints, by a raster", header, rows, (), _file(frame))]


def population_country_tables(frame: pd.DataFrame, names: Mapping[str, str]) -> list[ReaderTable]:
    """Return the people of a raster within footprints, by country."""
    header = ("country", "people", "of", "share")
    tables = []
    for title, part in _groups(frame, frame["people"] > 0, names):
        rows = tuple(
            (_own(row), row["people"], row["people_in_country"],
             _or_empty(row["people_share"], share_text))
            for row in _sorted(part, "people_share").to_dict("records")
        )  # fmt: skip
        tables.append(ReaderTable(title, header, rows, ("share",), f"{_OWN_NOTE} {_file(frame)}"))
    return tables


def comparison_table(frame: pd.DataFrame, a: str, b: str, units: Units) -> ReaderTable:
    """Return which side reaches each place, as the table of a comparison has it."""
    header = ("place", "country", "category", f"nearest of A, {units.name}",
              f"nearest of B, {units.name}")  # fmt: skip
    rows = tuple(
        (row["place"], row["country"], row["category"] + (" (marginal)" if row["marginal"] else ""),
         units.of(row["a_nearest_km"]), units.of(row["b_nearest_km"]))
        for row in frame.to_dict("records")
    )  # fmt: skip
    return ReaderTable("Which side reaches each place", header, rows, (), f"A: {a}. B: {b}.")


def overlap_areas(frame: pd.DataFrame, units: Units) -> ReaderTable:
    """Return the area that so many bands cover, and so many or more."""
    area = frame.groupby("count")["area_km2"].sum()
    at_least = area[::-1].cumsum()[::-1]
    header = ("bands", f"area {units.square}", f"area of so many or more {units.square}")
    rows = tuple(
        (int(count), units.area(one), units.area(more))
        for count, one, more in zip(area.index, area, at_least, strict=True)
    )
    return ReaderTable("", header, rows)


def notes_once(tables: Iterable[ReaderTable]) -> list[ReaderTable]:
    """Return tables without the notes that the next one repeats."""
    listed = list(tables)
    after = [one.note for one in listed[1:]] + [""]
    return [
        replace(one, note="" if one.note == later else one.note)
        for one, later in zip(listed, after, strict=True)
    ]


def _cities_note(places: str) -> str:
    cities = "Cities: GeoNames' list of 15,000 inhabitants and more"
    return (
        f"{f'Places: {places}' if places else cities}; their population is not that of an area. "
        "In (inside) and marginal by exact geodesics; shares of area within the error stated."
    )


def _groups(
    frame: pd.DataFrame, in_range: pd.Series, names: Mapping[str, str]
) -> Iterator[tuple[str, pd.DataFrame]]:
    for (coalition, kind), part in frame.groupby(["coalition", "band_kind"], sort=False):
        touched = part[in_range.loc[part.index]]
        who, what = names.get(str(coalition), str(coalition)), KINDS.get(str(kind), str(kind))
        others, total = (int((~rows["own_side"].astype(bool)).sum()) for rows in (touched, part))
        yield f"{who}: {what} ({others} of {total} other countries)", touched


def _sorted(part: pd.DataFrame, by: str) -> pd.DataFrame:
    order = part.assign(_least=-part[by].fillna(0).round(4), _name=part["country"].str.casefold())
    return order.sort_values(["own_side", "_least", "_name"], kind="stable")


def _own(row: Mapping[Any, Any]) -> str:
    return f"{'* ' if row['own_side'] else ''}{row['country']}"


def _or_empty(value: float, shown: Any) -> Any:
    return None if pd.isna(value) else shown(value)


def _error_text(error: float) -> str:
    if error == 0:
        return "0"
    return f"{error * 100:.2f} %" if error >= 0.00005 else "<0.01 %"


def _file(frame: pd.DataFrame) -> str:
    if not len(frame):
        return ""
    first = frame.iloc[0]
    return (
        f"From the user's file {first['population_file']} (SHA-256 "
        f"{first['population_sha256'][:12]}), read as counts of people in each cell; bands as "
        "drawn, cells on a boundary by the share of their area."
    )
