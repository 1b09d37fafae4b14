"""Cases for the engine of the web map, with the answers of the library: see test_page_engine.py.

The page's scripts compute rings, distances and verdicts by themselves; what they find must be
what `rangemap.geodesy` and `rangemap.analysis` find.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rangemap.analysis import Comparison, coverage_table, place_table
from rangemap.analysis.comparison import OWN
from rangemap.catalogue import Coalition
from rangemap.geodesy import MAX_DISTANCE_KM, destination, distance_km, unwrapped_ring

REASONS = {
    "range": "range estimate",
    "position": "site position",
    "sayer": "who says it",
}
_COALITIONS = ("nato-us", "russia-belarus", "china")
_TREATY_KM = (500.0, 5500.0)


def fresh_points(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes: half anywhere, the rest on or near what is hard."""
    lon = rng.uniform(-180, 180, size)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, size)))
    near = 10.0 ** rng.uniform(-10, 0, size)
    kind = rng.integers(0, 14, size)
    lon = np.where(kind == 0, np.copysign(180 - near, lon), lon)
    lon = np.where(kind == 1, np.copysign(180.0, lon), lon)
    lat = np.where(kind == 2, np.copysign(90 - near, lat), lat)
    lat = np.where(kind == 3, np.copysign(90.0, lat), lat)
    lat = np.where(kind == 4, 0.0, lat)
    lat = np.where(kind == 5, np.copysign(near, lat), lat)
    return lon, lat


def pairs(rng: np.random.Generator, size: int) -> dict[str, Any]:
    """Return pairs of points, some nearly opposite or nearly the same, and their distances."""
    lon1, lat1 = fresh_points(rng, size)
    lon2, lat2 = fresh_points(rng, size)
    kind = rng.integers(0, 5, size)
    off = 10.0 ** rng.uniform(-9, 0.5, size) * rng.choice([-1, 1], size)
    opposite = np.mod(lon1 + 360 + off, 360) - 180
    lon2 = np.where(kind == 0, opposite, np.where(kind == 1, lon1, lon2))
    lat2 = np.where(kind == 0, np.clip(-lat1 + off / 3, -90, 90), lat2)
    lat2 = np.where(kind == 1, np.clip(lat1 + off, -90, 90), lat2)
    given = np.column_stack([lon1, lat1, lon2, lat2])
    return {"given": given.tolist(), "km": distance_km(lon1, lat1, lon2, lat2).tolist()}


def rings(rng: np.random.Generator, size: int) -> dict[str, Any]:
    """Return rings: some of their points, and which poles they hold."""
    lon, lat = fresh_points(rng, size)
    km = 10.0 ** rng.uniform(-3, np.log10(MAX_DISTANCE_KM), size)
    km = np.where(rng.random(size) < 0.4, rng.uniform(0.001, MAX_DISTANCE_KM, size), km)
    km = np.where(rng.random(size) < 0.1, MAX_DISTANCE_KM, km)
    azimuths = np.concatenate([[0.0, 90.0, 180.0, 270.0], rng.uniform(0, 360, 20)])
    points = [
        np.column_stack(destination(x, y, azimuths, r)).tolist()
        for x, y, r in zip(lon, lat, km, strict=True)
    ]
    return {
        "given": np.column_stack([lon, lat, km]).tolist(),
        "azimuths": azimuths.tolist(),
        "points": points,
        "poles": [unwrapped_ring(x, y, r).poles for x, y, r in zip(lon, lat, km, strict=True)],
    }


def random_places(rng: np.random.Generator, size: int, codes: Sequence[str]) -> pd.DataFrame:
    """Return places anywhere, in countries of the catalogue."""
    lon, lat = fresh_points(rng, size)
    return pd.DataFrame(
        {
            "place_id": [f"p{n}" for n in range(size)],
            "place": [f"Place {n}" for n in range(size)],
            "country": "Somewhere",
            "iso_a3": rng.choice(list(codes), size),
            "lon": lon,
            "lat": lat,
            "population": 1,
            "country_population": 1,
        }
    )


def random_bands(rng: np.random.Generator, sites: int, places: pd.DataFrame) -> pd.DataFrame:
    """Return bands of random sites, of every kind, disputed and alleged ones too."""
    rows: list[dict[str, Any]] = []
    lon, lat = fresh_points(rng, sites)
    for n in range(sites):
        site = {
            "site_id": f"s{n}",
            "site": f"Site {n}",
            "site_lon": lon[n],
            "site_lat": lat[n],
            "site_precision_km": float(rng.choice([0, 0, 1, 50, 400, 900])),
            "coalition": _COALITIONS[n % len(_COALITIONS)],
        }
        if rng.random() < 0.6:
            rows.append(site | _band("treaty", "", *_TREATY_KM))
        if rng.random() < 0.7:
            rows.append(site | _band("system", "sys-a", *_range(rng, site, places)))
        if rng.random() < 0.3:
            rows.append(site | _band("own", "", *_range(rng, site, places)))
        if rng.random() < 0.2:
            low, drawn, _, most = _range(rng, site, places)
            rows.append(site | _band("system", "sys-d", low, drawn, 0.0, most, assumed=True))
        if rng.random() < 0.6:  # both sides, or but one of them
            sides = [False, True] if rng.random() < 0.7 else [bool(rng.random() < 0.7)]
            for alleged in sides:
                spread = _range(rng, site, places)
                rows.append(
                    site | _band("system", "sys-b", *spread, disputed=True, alleged=alleged)
                )
    frame = pd.DataFrame(rows)
    frame["band_id"] = [f"b{n}" for n in range(len(frame))]
    frame["label"] = [f"Band {n}" for n in range(len(frame))]
    for name in ("said_by", "confidence", "evidence", "source_keys", "range_source_keys"):
        frame[name] = ""
    return frame


def _range(
    rng: np.random.Generator, site: dict[str, Any], places: pd.DataFrame
) -> tuple[float, float, float, float]:
    """Return minimum, drawn, lowest and highest maximum: often near the distance of a place."""
    place = places.iloc[int(rng.integers(len(places)))]
    drawn = float(distance_km(site["site_lon"], site["site_lat"], place["lon"], place["lat"]))
    drawn = float(np.clip(drawn + rng.normal(0, 100), 10, MAX_DISTANCE_KM))
    low = 0.0 if rng.random() < 0.6 else float(drawn * rng.uniform(0.05, 0.9))
    least = float(max(low, drawn * rng.choice([1.0, 1.0, 0.9, 0.6])))
    return low, drawn, least, float(drawn * rng.choice([1.0, 1.0, 1.1, 1.6]))


def _band(
    kind: str,
    system: str,
    low: float,
    drawn: float,
    least: float | None = None,
    most: float | None = None,
    *,
    disputed: bool = False,
    alleged: bool = False,
    assumed: bool = False,
) -> dict[str, Any]:
    return {
        "band_kind": kind,
        "system_id": system,
        "min_km": low,
        "max_km": drawn,
        "max_low_km": drawn if least is None else least,
        "max_high_km": drawn if most is None else most,
        "disputed": disputed,
        "alleged": alleged,
        "assumed": assumed,
    }


def model_of(
    bands: pd.DataFrame,
    places: pd.DataFrame,
    coalitions: dict[str, Coalition],
    sides: Iterable[Sequence[str]] | None = None,
) -> dict[str, Any]:
    """Return what the page's scripts take: see src/model.js."""
    order = list(dict.fromkeys(bands["coalition"]))
    sites = list(dict.fromkeys(zip(bands["coalition"], bands["site_id"], strict=True)))
    first = bands.drop_duplicates(["coalition", "site_id"]).set_index(["coalition", "site_id"])
    return {
        "coalitions": [
            {
                "id": name,
                "own": [
                    {
                        "from": None,
                        "to": None,
                        "places": np.flatnonzero(
                            places["iso_a3"].isin(coalitions[name].members)
                        ).tolist(),
                    }
                ],
            }
            for name in order
        ],
        "sides": None
        if sides is None
        else [{"coalitions": [order.index(c) for c in side if c in order]} for side in sides],
        "places": places[["place_id", "lon", "lat"]].to_dict("records"),
        "sites": [
            {
                "id": key[1],
                "coalition": order.index(key[0]),
                "lon": first.loc[key, "site_lon"],
                "lat": first.loc[key, "site_lat"],
                "precision_km": first.loc[key, "site_precision_km"],
            }
            for key in sites
        ],
        "bands": [
            {
                "site": sites.index((row.coalition, row.site_id)),
                "kind": row.band_kind,
                "system": row.system_id,
                "min_km": row.min_km,
                "max_km": row.max_km,
                "low_km": row.max_low_km,
                "high_km": row.max_high_km,
                "disputed": bool(row.disputed),
                "alleged": bool(row.alleged),
                "assumed": bool(row.assumed),
            }
            for row in bands.itertuples()
        ],
    }


def subsets(rng: np.random.Generator, size: int, count: int) -> list[list[int]]:
    """Return all bands, and some random lots of them."""
    lots = [np.flatnonzero(rng.random(size) < rng.uniform(0.1, 0.9)) for _ in range(count)]
    return [list(range(size)), *(lot.tolist() for lot in lots if len(lot))]


def expected_rows(bands: pd.DataFrame, places: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of `place_table`, each with its rows of `coverage_table`."""
    covered = coverage_table(bands, places)
    covered["band"] = np.tile(np.asarray(bands.index), len(places))
    open_ones = covered[covered["verdict"] != "outside"]
    reaching = {
        key: rows[["band", "distance_km", "margin_km", "verdict", "hangs_on"]].to_numpy().tolist()
        for key, rows in open_ones.groupby(["place_id", "coalition"])
    }
    table = place_table(bands, places)
    table["reaching"] = [
        sorted(reaching.get(key, []), key=lambda row: row[1])
        for key in zip(table["place_id"], table["coalition"], strict=True)
    ]
    return table.to_dict("records")


def expected_categories(comparison: Comparison) -> list[list[Any]]:
    """Return the category of each place, own ones by who reaches them; whether marginal."""
    found = []
    for row in comparison.table.to_dict("records"):
        category = row["category"]
        if category == OWN and row["a_own"] and row["b_reaches"]:
            category = "own-reached-by-b"
        elif category == OWN and row["b_own"] and row["a_reaches"]:
            category = "own-reached-by-a"
        found.append([category, bool(row["marginal"])])
    return found
