"""The other way round: which sites and systems of the catalogue have a place in range."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.bands import range_bands
from rangemap.analysis.coverage import coverage_table
from rangemap.analysis.scenario import Scenario, resolve
from rangemap.analysis.uncertain import OUTSIDE
from rangemap.catalogue import load_catalogue, read_capitals
from rangemap.catalogue.treaty import classify
from rangemap.catalogue.treaty_answer import Outcome
from rangemap.errors import ArgumentError, UnknownNameError

EVERY: Final = "every estimate"
PLOTTED: Final = "plotted, not lowest"
HIGHEST: Final = "highest only"
ASSUMED: Final = "no published range"
ELSEWHERE: Final = "not from the published point"

REACH_COLUMNS: Final = [
    "place_id", "place", "site_id", "site", "site_kind", "coalition", "own_side", "system_id",
    "system", "inf_class", "said_by", "disputed", "alleged", "years", "min_km", "max_low_km",
    "max_km", "max_high_km", "distance_km", "margin_km", "site_precision_km", "verdict",
    "hangs_on", "in_range_at", "evidence", "confidence", "source_keys",
]  # fmt: skip


def reach_table(place: str, *, as_of: int | None = None) -> pd.DataFrame:
    """Return the sites and systems of the catalogue that have a place in range.

    Parameters
    ----------
    place : str
        A capital by its name or ISO alpha-3 code, or "LON,LAT" in degrees (EPSG:4326).
    as_of : int, optional
        A year: sites and systems that are known not to have been there are left out.

    Returns
    -------
    pandas.DataFrame
        One row for each site and range whose verdict is not "outside", and for every side of
        a dispute of which one is not, nearest site first:
        ``distance_km``, ``margin_km`` to the edge of the plotted range, ``verdict`` and
        ``hangs_on`` as in `coverage_table`, the low, plotted and high range, ``in_range_at``,
        which tells by which of them ("every estimate", "plotted, not lowest", "highest only",
        "not from the published point", "no published range"), ``inf_class`` (what the rules
        of the INF Treaty make of the system, see `rangemap.catalogue.classify`),
        ``source_keys``. Sites of all times, as ``site_kind`` and ``years`` say; a disputed
        range has a row for each who says it.

    Raises
    ------
    UnknownNameError
        If no capital has that name.
    ArgumentError
        If a coordinate is not one.

    Examples
    --------
    >>> table = reach_table("Warsaw")
    >>> table.loc[0, "site"], table.loc[0, "verdict"]
    ('Malorita (Chorny Les)', 'inside')
    """
    target = find_place(place)
    bands = range_bands(_whole_catalogue(as_of))
    bands = bands[bands["band_kind"] == "system"].reset_index(drop=True)
    table = coverage_table(bands, target)
    for name in ("system", "site_kind", "years"):
        table[name] = bands[name]
    # If one side of a dispute puts the place in range, what the others say stands beside it.
    together = (
        table["site_id"] + "\0" + table["system_id"].where(table["disputed"], table["band_id"])
    )
    reaches = table["verdict"].ne(OUTSIDE).groupby(together).transform("any")
    table = table[reaches].copy()
    classes = {name: _inf_class(name) for name in dict.fromkeys(table["system_id"])}
    table["inf_class"] = table["system_id"].map(classes).astype(object)
    distance, near = table["distance_km"], table["distance_km"] < table["min_km"]
    table["in_range_at"] = np.select(
        [
            table["assumed"].astype(bool),
            near | (distance > table["max_high_km"]),
            distance <= table["max_low_km"],
            distance <= table["max_km"],
        ],
        [ASSUMED, ELSEWHERE, EVERY, PLOTTED],
        HIGHEST,
    )
    order = table.sort_values(["distance_km", "site_id"], kind="stable", ignore_index=True)
    return order[REACH_COLUMNS]


def _inf_class(system_id: str) -> str:
    """Return in a few words what the treaty's rules make of a system."""
    found = classify(system_id)
    kind = "/".join(one.short for one in found.classes)
    match found.outcome:
        case Outcome.COVERED:
            return kind
        case Outcome.COVERED_IF_PARTY:
            return f"{kind}, not a Party"
        case Outcome.DEPENDS:
            return f"depends: {kind}" + (", not a Party" if found.is_party is False else "")
        case Outcome.UNCLEAR:
            return f"{kind}, definition unclear"
        case _:
            return found.outcome.label


def find_place(place: str) -> geopandas.GeoDataFrame:
    """Return one place, with the columns of `read_capitals`: a capital, or a point."""
    capitals = read_capitals()
    parts = place.replace("\N{MINUS SIGN}", "-").split(",")
    if len(parts) == 2:
        try:
            lon, lat = map(float, parts)
        except ValueError:
            pass  # a name with a comma, such as Washington, D.C.
        else:
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                raise ArgumentError(
                    f"{place!r} is not a longitude in [-180, 180] and a latitude in [-90, 90]"
                )
            row = capitals.iloc[:1].copy()
            row[["place_id", "place", "country", "iso_a3", "note"]] = ["point", place, "", "", ""]
            row["lon"], row["lat"] = lon, lat
            return row.set_geometry(geopandas.points_from_xy(row["lon"], row["lat"], crs=row.crs))
    wanted = place.strip().casefold()
    for column in ("place_id", "place", "country"):
        found = capitals[capitals[column].str.casefold() == wanted]
        if len(found) == 1:
            return found
    raise UnknownNameError("capital", place, [*capitals["place"], *capitals["country"]])


def _whole_catalogue(as_of: int | None) -> Scenario:
    """Return a scenario with every site that launches, each with its own systems."""
    launching = {site.coalition for site in load_catalogue().sites.values() if site.launches}
    table = {
        "format": 1,
        "title": "The whole catalogue",
        "launches": [
            {"coalition": name, "select": {"coalition": name}} for name in sorted(launching)
        ],
    }
    return resolve(table, Path("catalogue.toml"), as_of=as_of)
