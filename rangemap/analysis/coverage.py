"""Who is in range of what: bands against places, from geodesic distances alone."""

from __future__ import annotations

from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.scenario import Scenario
from rangemap.analysis.uncertain import (
    Spread,
    place_verdicts,
    positions,
    verdicts,
)
from rangemap.catalogue import Coalition, load_catalogue
from rangemap.errors import ArgumentError
from rangemap.geodesy import distance_matrix_km, nearest_sites, reach_counts

ZONE_NEAR: Final = "within-500"
ZONE_BAND: Final = "banned-band-only"
ZONE_FAR: Final = "beyond-5500"
ZONES: Final = (ZONE_NEAR, ZONE_BAND, ZONE_FAR)

_FROM_BAND: Final = [
    "band_id", "band_kind", "site_id", "site", "site_lon", "site_lat", "site_precision_km",
    "coalition", "system_id", "label", "said_by", "min_km", "max_km", "max_low_km", "max_high_km",
    "disputed", "alleged", "assumed", "confidence", "evidence", "source_keys",
]  # fmt: skip
_FROM_PLACE: Final = ["place_id", "place", "country", "iso_a3", "lon", "lat"]
COVERAGE_COLUMNS: Final = [
    "place_id", "place", "country", "place_lon", "place_lat", "site_id", "site", "site_lon",
    "site_lat", "site_precision_km", "coalition", "own_side", "band_id", "band_kind", "system_id",
    "label", "said_by", "min_km", "max_km", "max_low_km", "max_high_km", "disputed", "alleged",
    "assumed", "confidence", "evidence", "source_keys", "distance_km", "margin_km",
    "in_drawn_band", "verdict", "hangs_on",
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
        (to the nearest edge of the drawn band, negative outside), ``in_drawn_band`` (whether
        min_km <= distance_km <= max_km), ``verdict`` ("inside" if that is so under every
        range estimate, max_low_km to max_high_km, and from anywhere within the site's
        precision; "outside" if under none; else "marginal"), ``hangs_on`` (what a marginal
        verdict hangs on: "range estimate", "site position" or both), ``own_side``.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> from rangemap.catalogue import read_capitals
    >>> table = coverage_table(range_bands("europe"), read_capitals())
    >>> row = table[(table.place == "Berlin") & (table.site_id == "krichev")].iloc[0]
    >>> row.verdict, round(row.distance_km)
    ('inside', 1229)
    """
    _need(bands, places)
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
    to_inner = np.where(low > 0, distance - low, np.inf)
    table["distance_km"] = distance
    table["margin_km"] = np.minimum(to_inner, high - distance)
    table["in_drawn_band"] = (low <= distance) & (distance <= high)
    table["verdict"], table["hangs_on"] = verdicts(distance, Spread.of(table))
    table["own_side"] = own_side(table["coalition"], table["iso_a3"], coalitions_of(bands))
    return table[COVERAGE_COLUMNS]


def place_table(bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return, for every place and launching coalition, the zone and the nearest site.

    Fit for many bands and many places: memory grows with the places, not with bands times
    places.

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
        ``sites_under_min`` (nearer than the band's minimum), ``in_band_surely`` and
        ``in_band_possibly`` (whether some site has the place in the band wherever within its
        precision it is, and whether one may), ``zone_marginal`` (whether the
        zone hangs on where within their precision the sites are), ``verdict`` and
        ``hangs_on`` of the ranges of systems and of the scenario together (empty without
        any), ``systems_in_range`` and ``systems_marginal`` (ids, separated by semicolons),
        ``positions`` (what each side of a dispute makes of the place) and
        ``position_sources``,
        ``population``, ``country_population``.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> from rangemap.catalogue import read_capitals
    >>> table = place_table(range_bands("europe"), read_capitals())
    >>> table.set_index(["place_id", "coalition"]).loc[("POL", "russia-belarus"), "zone"]
    'within-500'
    """
    _need(bands, places)
    known = coalitions_of(bands)
    parts = []
    for number, coalition in enumerate(dict.fromkeys(bands["coalition"])):
        part = _of_coalition(bands[bands["coalition"] == coalition], places)
        part["coalition"] = coalition
        part["own_side"] = places["iso_a3"].isin(known[coalition].members).to_numpy()
        # Rows go by place, then by coalition in the order of the bands.
        parts.append(part.assign(_place=np.arange(len(places)), _coalition=number))
    table = pd.concat(parts).sort_values(["_place", "_coalition"], ignore_index=True)
    about = places[[*_FROM_PLACE, "population", "country_population"]].iloc[table["_place"]]
    about = pd.DataFrame(about).reset_index(drop=True)
    about = about.rename(columns={"lon": "place_lon", "lat": "place_lat"})
    return pd.concat([table, about], axis=1)[PLACE_COLUMNS]


def _of_coalition(bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return zone, nearest site and counts of every place; never a row for each band."""
    lon, lat = places["lon"].to_numpy(), places["lat"].to_numpy()
    sites = bands.drop_duplicates("site_id")
    nearest = nearest_sites(sites["site_lon"], sites["site_lat"], lon, lat)
    first = sites.iloc[nearest.index[:, 0]]
    treaty = bands[bands["band_kind"] == "treaty"]
    zone, in_band, near = _zones(treaty, lon, lat, 0.0)
    precision = treaty["site_precision_km"].to_numpy(dtype=float)
    nearer, farther = (_zones(treaty, lon, lat, off)[0] for off in (precision, -precision))
    own = bands[bands["band_kind"] != "treaty"]
    verdict, hangs_on, inside_of, marginal_of = place_verdicts(own, lon, lat)
    return pd.DataFrame(
        {
            "zone": zone if len(treaty) else "",
            "zone_marginal": (nearer != farther) if len(treaty) else False,
            "nearest_site_id": first["site_id"].to_numpy(),
            "nearest_site": first["site"].to_numpy(),
            "nearest_km": nearest.distance_km[:, 0],
            "sites_in_band": in_band,
            "sites_under_min": near,
            "in_band_surely": _in_band(treaty, lon, lat, -precision),
            "in_band_possibly": _in_band(treaty, lon, lat, precision),
            "verdict": verdict if len(own) else "",
            "hangs_on": hangs_on if len(own) else "",
            "systems_in_range": inside_of,
            "systems_marginal": marginal_of,
            "positions": positions(own, lon, lat),
            "position_sources": ";".join(
                dict.fromkeys(
                    key
                    for keys in own.loc[own["disputed"].astype(bool), "range_source_keys"]
                    for key in keys.split(";")
                )
            ),
        }
    )


def _zones(treaty: geopandas.GeoDataFrame, lon: Any, lat: Any, wider: Any) -> tuple[Any, Any, Any]:
    """Return the zone of each place and how many sites have it in the band and under it.

    ``wider`` km are added to every limit of a site: what a site so much nearer would reach.
    """
    east, north = treaty["site_lon"].to_numpy(), treaty["site_lat"].to_numpy()
    low, high = treaty["min_km"].to_numpy(), treaty["max_km"].to_numpy()
    to = np.maximum(high + wider, 1e-6)
    start = np.where(low < to, low, to / 2)
    in_band = reach_counts(east, north, lon, lat, to, start).sites_per_place
    near = np.zeros(len(lon), dtype=np.int64)
    inner = low + wider
    has = (low > 0) & (inner > 0)
    if has.any():
        below = np.nextafter(inner[has], 0)  # nearer than the minimum, which is in the band
        near = reach_counts(east[has], north[has], lon, lat, below).sites_per_place
    reached = in_band > 0
    if np.any(wider):
        reached = reach_counts(east, north, lon, lat, to).sites_per_place > 0
    return np.select([near > 0, reached], [ZONE_NEAR, ZONE_BAND], ZONE_FAR), in_band, near


def _in_band(treaty: geopandas.GeoDataFrame, lon: Any, lat: Any, wider: Any) -> Any:
    """Return whether some site has each place in a band that is wider on both sides."""
    low = treaty["min_km"].to_numpy(dtype=float)
    inner = np.where(low > 0, np.maximum(low - wider, 0.0), 0.0)
    outer = treaty["max_km"].to_numpy(dtype=float) + wider
    real = inner < outer
    east, north = (treaty[name].to_numpy()[real] for name in ("site_lon", "site_lat"))
    return reach_counts(east, north, lon, lat, outer[real], inner[real]).sites_per_place > 0


PLACE_COLUMNS: Final = [
    "place_id", "place", "country", "iso_a3", "place_lon", "place_lat", "coalition", "own_side",
    "zone", "zone_marginal", "nearest_site_id", "nearest_site", "nearest_km", "sites_in_band",
    "sites_under_min", "in_band_surely", "in_band_possibly", "verdict", "hangs_on",
    "systems_in_range", "systems_marginal", "positions", "position_sources", "population",
    "country_population",
]  # fmt: skip


def _need(bands: geopandas.GeoDataFrame, places: geopandas.GeoDataFrame) -> None:
    for frame, kind, needed in ((bands, "bands", _FROM_BAND), (places, "places", _FROM_PLACE)):
        missing = [name for name in needed if name not in frame.columns]
        if missing:
            raise ArgumentError(f"{kind} lack the column {missing[0]!r}")


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


def coalitions_of(bands: geopandas.GeoDataFrame) -> dict[str, Coalition]:
    """Return the coalitions of the catalogue and those of the scenario of some bands."""
    scenario = bands.attrs.get("scenario")
    known = dict(load_catalogue().coalitions)
    if isinstance(scenario, Scenario):
        known.update({c.id: c for c in scenario.coalitions})
    return known
