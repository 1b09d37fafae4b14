"""Who is in range of what: bands against places, from geodesic distances alone."""

from __future__ import annotations

from typing import Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.scenario import Scenario
from rangemap.catalogue import Coalition, load_catalogue
from rangemap.errors import ArgumentError
from rangemap.geodesy import distance_matrix_km

INSIDE: Final = "inside"
OUTSIDE: Final = "outside"

ZONE_NEAR: Final = "within-500"
ZONE_BAND: Final = "banned-band-only"
ZONE_FAR: Final = "beyond-5500"
ZONES: Final = (ZONE_NEAR, ZONE_BAND, ZONE_FAR)

_FROM_BAND: Final = [
    "band_id", "band_kind", "site_id", "site", "site_lon", "site_lat", "site_precision_km",
    "coalition", "system_id", "label", "said_by", "min_km", "max_km", "max_low_km", "max_high_km",
    "confidence", "evidence",
]  # fmt: skip
_FROM_PLACE: Final = ["place_id", "place", "country", "iso_a3", "lon", "lat"]
COVERAGE_COLUMNS: Final = [
    "place_id", "place", "country", "place_lon", "place_lat", "site_id", "site", "site_lon",
    "site_lat", "site_precision_km", "coalition", "own_side", "band_id", "band_kind", "system_id",
    "label", "said_by", "min_km", "max_km", "max_low_km", "max_high_km", "confidence",
    "evidence", "distance_km", "margin_km", "verdict",
]  # fmt: skip


def coverage_table(bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return the verdict for every place and band.

    Parameters
    ----------
    bands : geopandas.GeoDataFrame
        As `range_bands` makes it.
    places : geopandas.GeoDataFrame
        As `read_capitals` or `read_places` make it.

    Returns
    -------
    pandas.DataFrame
        One row for each place and band, in the order of the two tables: place and site
        columns, ``min_km``, ``max_km``, ``distance_km`` (WGS 84 geodesic), ``margin_km``
        (to the nearest edge of the band, negative outside), ``verdict`` ("inside" where
        min_km <= distance_km <= max_km, else "outside"), ``own_side``.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> from rangemap.catalogue import read_capitals
    >>> table = coverage_table(range_bands("europe"), read_capitals())
    >>> row = table[(table.place == "Berlin") & (table.site_id == "krichev")].iloc[0]
    >>> row.verdict, round(row.distance_km)
    ('inside', 1229)
    """
    for frame, kind, needed in ((bands, "bands", _FROM_BAND), (places, "places", _FROM_PLACE)):
        missing = [name for name in needed if name not in frame.columns]
        if missing:
            raise ArgumentError(f"{kind} lack the column {missing[0]!r}")
    sites = bands[["site_lon", "site_lat"]].drop_duplicates()
    distances = distance_matrix_km(
        sites["site_lon"], sites["site_lat"], places["lon"], places["lat"]
    )
    row_of = {key: row for row, key in enumerate(sites.itertuples(index=False, name=None))}
    index = [row_of[key] for key in zip(bands["site_lon"], bands["site_lat"], strict=True)]
    # Bands run along the rows, so that all bands of a place stand together.
    distance = distances[index].T.ravel()
    n_bands, n_places = len(bands), len(places)
    repeated = bands[_FROM_BAND].iloc[np.tile(np.arange(n_bands), n_places)].reset_index(drop=True)
    of_place = np.repeat(np.arange(n_places), n_bands)
    named = places[_FROM_PLACE].rename(columns={"lon": "place_lon", "lat": "place_lat"})
    table = pd.concat([pd.DataFrame(named.iloc[of_place]).reset_index(drop=True), repeated], axis=1)
    low, high = table["min_km"].to_numpy(), table["max_km"].to_numpy()
    inside = (low <= distance) & (distance <= high)
    to_inner = np.where(low > 0, distance - low, np.inf)
    table["distance_km"] = distance
    table["margin_km"] = np.minimum(to_inner, high - distance)
    table["verdict"] = np.where(inside, INSIDE, OUTSIDE)
    table["own_side"] = own_side(table["coalition"], table["iso_a3"], coalitions_of(bands))
    return table[COVERAGE_COLUMNS]


def place_table(bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return, for every place and launching coalition, the zone and the nearest site.

    Zones belong to the treaty band: "within-500" if some site is nearer than 500 km
    (missiles that the treaty allowed reach it), "banned-band-only" if none is and at
    least one lies within 5,500 km, else "beyond-5500".

    Parameters
    ----------
    bands, places
        As for `coverage_table`.

    Returns
    -------
    pandas.DataFrame
        ``place_id``, ``place``, ``country``, ``iso_a3``, ``place_lon``, ``place_lat``,
        ``coalition``, ``own_side``, ``zone`` (empty without a treaty band),
        ``nearest_site_id``, ``nearest_site``, ``nearest_km``, ``sites_in_band``,
        ``sites_under_min`` (nearer than the band's minimum), ``systems_in_range`` (systems
        whose own range covers the place, separated by semicolons), ``population``,
        ``country_population``.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> from rangemap.catalogue import read_capitals
    >>> table = place_table(range_bands("europe"), read_capitals())
    >>> table.set_index(["place_id", "coalition"]).loc[("POL", "russia-belarus"), "zone"]
    'within-500'
    """
    coverage = coverage_table(bands, places)
    reach = _systems_in_range(coverage[coverage["band_kind"] == "system"])
    grouped = coverage.groupby(["place_id", "coalition"], sort=False)
    nearest = coverage.loc[grouped["distance_km"].idxmin()].reset_index(drop=True)
    treaty = coverage[coverage["band_kind"] == "treaty"]
    in_band = treaty[treaty["verdict"] == INSIDE].groupby(["place_id", "coalition"])
    near = treaty[treaty["distance_km"] < treaty["min_km"]].groupby(["place_id", "coalition"])
    keys = pd.MultiIndex.from_frame(nearest[["place_id", "coalition"]])
    table = nearest[["place_id", "place", "country", "place_lon", "place_lat", "coalition"]].copy()
    table["own_side"] = nearest["own_side"]
    table["sites_in_band"] = in_band["site_id"].nunique().reindex(keys, fill_value=0).to_numpy()
    table["sites_under_min"] = near["site_id"].nunique().reindex(keys, fill_value=0).to_numpy()
    table["zone"] = np.select(
        [
            ~table["coalition"].isin(treaty["coalition"]),
            table["sites_under_min"] > 0,
            table["sites_in_band"] > 0,
        ],
        ["", ZONE_NEAR, ZONE_BAND],
        ZONE_FAR,
    )
    table["nearest_site_id"] = nearest["site_id"]
    table["nearest_site"] = nearest["site"]
    table["nearest_km"] = nearest["distance_km"]
    table["systems_in_range"] = [reach.get(key, "") for key in keys]
    about = places.set_index("place_id")[["iso_a3", "population", "country_population"]]
    table = table.join(about, on="place_id")
    return table[_PLACE_COLUMNS]


_PLACE_COLUMNS: Final = [
    "place_id", "place", "country", "iso_a3", "place_lon", "place_lat", "coalition", "own_side",
    "zone", "nearest_site_id", "nearest_site", "nearest_km", "sites_in_band", "sites_under_min",
    "systems_in_range", "population", "country_population",
]  # fmt: skip


def own_side(
    coalition: pd.Series, iso_a3: pd.Series, coalitions: dict[str, Coalition]
) -> pd.Series:
    """Return whether each place belongs to a member of the launching coalition."""
    empty: frozenset[str] = frozenset()
    members = {key: c.members for key, c in coalitions.items()}
    return pd.Series(
        [code in members.get(name, empty) for name, code in zip(coalition, iso_a3, strict=True)],
        index=coalition.index,
        dtype=bool,
    )


def country_population(rows: pd.DataFrame) -> int:
    """Return the population of the countries of some places, each country once.

    Examples
    --------
    >>> rows = pd.DataFrame({"iso_a3": ["FRA", "FRA", ""], "country_population": [5, 5, 7]})
    >>> country_population(rows)
    12
    """
    again = rows["iso_a3"].ne("") & rows["iso_a3"].duplicated()
    return int(rows.loc[~again, "country_population"].fillna(0).sum())


def _systems_in_range(coverage: pd.DataFrame) -> dict[tuple[str, str], str]:
    inside = coverage[coverage["verdict"] == INSIDE]
    grouped = inside.groupby(["place_id", "coalition"], sort=False)["system_id"]
    return {key: ";".join(dict.fromkeys(values)) for key, values in grouped}


def coalitions_of(bands: geopandas.GeoDataFrame) -> dict[str, Coalition]:
    """Return the coalitions of the catalogue and those of the scenario of some bands."""
    scenario = bands.attrs.get("scenario")
    known = dict(load_catalogue().coalitions)
    if isinstance(scenario, Scenario):
        known.update({c.id: c for c in scenario.coalitions})
    return known
