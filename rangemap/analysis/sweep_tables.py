"""From blocks of a sweep to its tables: shares of draws, values by draw, percentiles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd

from rangemap.analysis.coverage import coalitions_of, own_side
from rangemap.analysis.scenario import Scenario
from rangemap.analysis.sweep_block import BlockResult, Setup, Targets, same_in_every_draw
from rangemap.analysis.sweep_draws import ASSUMPTIONS, RangeChoice
from rangemap.catalogue import Coalition

AREA_TOLERANCE_M: Final = 1_000.0
PERCENTILES: Final = (0, 5, 25, 50, 75, 95, 100)

ANY, KIND, SYSTEM, BAND = "coalition", "kind", "system", "band"
_KIND_LABELS: Final = {
    "treaty": "the treaty's banned range",
    "system": "ranges of systems",
    "own": "ranges given in the scenario",
}


@dataclass(frozen=True)
class Sweep:
    """What `sensitivity_sweep` returns.

    Attributes
    ----------
    scenario, seed, draws, area_draws
        What was asked; areas are of the first ``area_draws`` draws.
    groups : pandas.DataFrame
        What shares and counts are of: all bands of a coalition, those of a kind, those of a
        system at all its sites, and single bands.
    shares : pandas.DataFrame
        One row for each place and group: ``draws_in_range``, ``share_of_draws``.
    city_shares : pandas.DataFrame or None
        The same for cities and the groups of whole coalitions.
    by_draw : pandas.DataFrame
        One row for each draw and group: numbers in range, population of listed cities, and
        area in km2 where worked out.
    spread : pandas.DataFrame
        Percentiles over draws of these values, one row for each group and value.
    ranges : pandas.DataFrame
        The ranges drawn for each band, and on what basis.
    assumptions : tuple of str
        What was assumed, in words that belong beside every figure.
    """

    scenario: Scenario
    seed: int
    draws: int
    area_draws: int
    groups: pd.DataFrame
    shares: pd.DataFrame
    city_shares: pd.DataFrame | None
    by_draw: pd.DataFrame
    spread: pd.DataFrame
    ranges: pd.DataFrame
    assumptions: tuple[str, ...]


def groups_of(bands: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Return groups of bands: coalitions and kinds first, then systems, then single bands."""
    own_key = bands["band_id"].str.rsplit(":", n=1).str[1]
    rows: list[dict[str, Any]] = []

    def add(scope: str, key: str, coalition: str, label: str, index: Any) -> None:
        rows.append(
            {"coalition": coalition, "scope": scope, "key": key, "label": label,
             "bands": np.flatnonzero(index)}
        )  # fmt: skip

    for coalition in dict.fromkeys(bands["coalition"]):
        its = bands["coalition"] == coalition
        add(ANY, "any", coalition, "any of its bands", its)
        for kind in dict.fromkeys(bands.loc[its, "band_kind"]):
            add(KIND, kind, coalition, _KIND_LABELS[kind], its & (bands["band_kind"] == kind))
    for coalition in dict.fromkeys(bands["coalition"]):
        its = (bands["coalition"] == coalition) & (bands["band_kind"] == "system")
        for key in dict.fromkeys(own_key[its]):
            same = its & (own_key == key)
            first = bands[same].iloc[0]
            label = first["system"] + (f": {first['said_by']}" if first["disputed"] else "")
            add(SYSTEM, key, coalition, label, same)
    for number, band in enumerate(bands.itertuples()):
        label = f"{band.site}: {band.system or band.label}"
        add(BAND, band.band_id, band.coalition, label, np.arange(len(bands)) == number)
    frame = pd.DataFrame(rows)
    frame.insert(0, "group", np.arange(len(frame)))
    return frame


def setup_of(
    bands: geopandas.GeoDataFrame,
    groups: pd.DataFrame,
    places: geopandas.GeoDataFrame,
    towns: geopandas.GeoDataFrame | None,
    choices: list[RangeChoice],
    area_draws: int,
) -> Setup:
    """Return what the blocks need, as plain arrays."""
    coalitions = coalitions_of(bands)
    sites = tuple(
        bands[name].to_numpy(dtype=np.float64)
        for name in ("site_lon", "site_lat", "site_precision_km")
    )
    inner = bands["min_km"].to_numpy(dtype=np.float64)
    least, most = (np.array([end(c.values_km) for c in choices]) for end in (min, max))

    def targets(frame: geopandas.GeoDataFrame) -> Targets:
        counted = [
            ~frame["iso_a3"].isin(coalitions[name].members).to_numpy()
            for name in groups["coalition"]
        ]
        lon, lat = (frame[name].to_numpy(dtype=np.float64) for name in ("lon", "lat"))
        weight = frame["population"].fillna(0).to_numpy(dtype=np.float64)
        same = same_in_every_draw(sites, inner, least, most, lon, lat)
        return Targets(lon, lat, weight, np.array(counted), *same)

    return Setup(
        groups=tuple(groups["bands"]),
        coarse=int(groups["scope"].isin([ANY, KIND]).sum()),
        places=targets(places),
        cities=None if towns is None else targets(towns),
        area_draws=area_draws,
        area_tolerance_m=AREA_TOLERANCE_M,
    )


def merged(
    scenario: Scenario,
    seed: int,
    draws: int,
    bands: geopandas.GeoDataFrame,
    choices: list[RangeChoice],
    groups: pd.DataFrame,
    places: geopandas.GeoDataFrame,
    towns: geopandas.GeoDataFrame | None,
    setup: Setup,
    results: Iterator[BlockResult],
) -> Sweep:
    """Add the blocks up, in order."""
    place_draws = np.zeros((len(groups), len(places)), dtype=np.int64)
    city_draws = np.zeros((setup.coarse, len(setup.cities.lon) if setup.cities else 0), np.int64)
    values: dict[str, list[Any]] = {"places": [], "cities": [], "weight": [], "area": []}
    for result in results:
        place_draws += result.place_draws
        city_draws += result.city_draws
        values["places"].append(result.places_in_range)
        values["cities"].append(result.cities_in_range)
        values["weight"].append(result.city_weight)
        values["area"].append(result.area_km2)
    by_draw = pd.DataFrame(
        {
            "draw": np.repeat(np.arange(draws), len(groups)),
            "group": np.tile(groups["group"].to_numpy(), draws),
            "places_in_range": np.concatenate(values["places"]).ravel(),
        }
    )
    if towns is not None:
        by_draw["cities_in_range"] = np.concatenate(values["cities"]).ravel()
        weight = np.concatenate(values["weight"]).ravel()
        by_draw["listed_city_population"] = weight.astype(np.int64)
    areas = np.full((draws, len(groups)), np.nan)
    areas[:, : setup.coarse] = np.concatenate(values["area"])
    by_draw["area_km2"] = areas.ravel()
    coalitions = coalitions_of(bands)
    coarse = groups.iloc[: setup.coarse]
    return Sweep(
        scenario=scenario,
        seed=seed,
        draws=draws,
        area_draws=setup.area_draws,
        groups=groups.assign(bands=[len(index) for index in groups["bands"]]),
        shares=_shares(groups, places, place_draws, draws, coalitions),
        city_shares=(
            None if towns is None else _shares(coarse, towns, city_draws, draws, coalitions)
        ),
        by_draw=by_draw,
        spread=_spread(groups, by_draw),
        ranges=pd.DataFrame(
            {
                "band_id": bands["band_id"],
                "min_km": bands["min_km"],
                "ranges_km": [";".join(f"{v:g}" for v in choice.values_km) for choice in choices],
                "basis": [choice.basis for choice in choices],
                "site_precision_km": bands["site_precision_km"],
            }
        ),
        assumptions=_assumptions(draws, seed, setup),
    )


def _shares(
    groups: pd.DataFrame,
    points: geopandas.GeoDataFrame,
    over_draws: Any,
    draws: int,
    coalitions: dict[str, Coalition],
) -> pd.DataFrame:
    """Return a row for each group and point."""
    about = groups.loc[groups.index.repeat(len(points)), ["coalition", "scope", "key", "label"]]
    columns = ["place_id", "place", "country", "iso_a3"]
    named = pd.DataFrame(points[columns].iloc[np.tile(np.arange(len(points)), len(groups))])
    table = pd.concat([named.reset_index(drop=True), about.reset_index(drop=True)], axis=1)
    table["own_side"] = own_side(table["coalition"], table["iso_a3"], coalitions)
    table["draws_in_range"] = over_draws.ravel()
    table["share_of_draws"] = table["draws_in_range"] / draws
    return table


def _spread(groups: pd.DataFrame, by_draw: pd.DataFrame) -> pd.DataFrame:
    """Return percentiles over draws, each the value of some draw; areas to 1 km2."""
    rows = []
    names = [name for name in by_draw.columns if name not in ("draw", "group")]
    for group in groups.itertuples():
        own = by_draw[by_draw["group"] == group.group]
        for name in names:
            values = own[name].dropna().to_numpy(dtype=np.float64)
            if not values.size:
                continue
            found = np.percentile(values, PERCENTILES, method="inverted_cdf")
            row = {
                "coalition": group.coalition, "scope": group.scope, "key": group.key,
                "label": group.label, "value": name, "draws": len(values),
            }  # fmt: skip
            row.update({f"p{p}": round(v) for p, v in zip(PERCENTILES, found, strict=True)})
            rows.append(row)
    return pd.DataFrame(rows)


def _assumptions(draws: int, seed: int, setup: Setup) -> tuple[str, ...]:
    lines = [
        f"{draws:,} draws with seed {seed}.",
        *ASSUMPTIONS,
        "Counts leave out the coalition's own places; shares are given for all places.",
    ]
    if setup.area_draws:
        lines.append(
            f"Areas are those of the first {setup.area_draws:,} draws, from outlines within "
            f"{setup.area_tolerance_m:,.0f} m of the geodesic."
        )
    if setup.cities is not None:
        lines.append(
            "Cities are the 34,006 of GeoNames' cities15000 list (CC BY 4.0). The population of "
            "listed cities leaves out the countryside and counts some districts twice."
        )
    return tuple(lines)
