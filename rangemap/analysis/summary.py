"""The numbers that lead: counts by coalition and by system, and the findings in words."""

from __future__ import annotations

from typing import Any

import geopandas
import pandas as pd

from rangemap.analysis.coverage import (
    ZONE_BAND,
    ZONE_FAR,
    ZONE_NEAR,
    ZONES,
    country_population,
)
from rangemap.analysis.scenario import Scenario
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE, VERDICTS
from rangemap.catalogue import Coalition
from rangemap.geodesy import area_km2, footprint


def summarise(
    scenario: Scenario,
    bands: geopandas.GeoDataFrame,
    coverage: pd.DataFrame,
    place_rows: pd.DataFrame,
) -> dict[str, Any]:
    """Return counts by coalition and by system; a coalition's own capitals stand apart."""
    coalitions = [
        _of_coalition(coalition, bands, coverage, place_rows, scenario.noun)
        for coalition in scenario.coalitions
    ]
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "places": len(scenario.places),
        "places_from": scenario.places_from,
        "range_estimate": scenario.range_estimate,
        "coalitions": coalitions,
        "headline": [sentence for entry in coalitions for sentence in entry["headline"]],
    }


def _of_coalition(
    coalition: Coalition,
    bands: geopandas.GeoDataFrame,
    coverage: pd.DataFrame,
    place_rows: pd.DataFrame,
    noun: str,
) -> dict[str, Any]:
    own_bands = bands[bands["coalition"] == coalition.id]
    rows = place_rows[place_rows["coalition"] == coalition.id]
    counted = rows[~rows["own_side"].astype(bool)]
    zones = {zone: counted[counted["zone"] == zone] for zone in ZONES}
    treaty = own_bands[own_bands["band_kind"] == "treaty"]
    in_band = counted[counted["sites_in_band"] > 0]
    by_system = _by_system(coverage[coverage["coalition"] == coalition.id], own_bands)
    entry: dict[str, Any] = {
        "id": coalition.id,
        "name": coalition.name,
        "sites": int(own_bands["site_id"].nunique()),
        "sites_by_kind": {
            str(kind): int(count)
            for kind, count in own_bands.drop_duplicates("site_id")["site_kind"]
            .value_counts(sort=False)
            .items()
        },
        "own_capitals_left_out": rows.loc[rows["own_side"].astype(bool), "place"].tolist(),
        "capitals_counted": len(counted),
        "in_band": len(in_band),
        "zones": {zone: len(part) for zone, part in zones.items()},
        "zone_lists": {zone: part["place"].tolist() for zone, part in zones.items()},
        "zone_marginal": counted.loc[counted["zone_marginal"].astype(bool), "place"].tolist(),
        "verdicts": {v: int((counted["verdict"] == v).sum()) for v in VERDICTS},
        "verdict_lists": {
            v: counted.loc[counted["verdict"] == v, "place"].tolist() for v in VERDICTS
        },
        "marginal": [
            {"place": str(row["place"]), "hangs_on": str(row["hangs_on"])}
            for row in counted[counted["verdict"] == MARGINAL].to_dict("records")
        ],
        "country_population": {
            "in_band": country_population(in_band),
            **{zone: country_population(part) for zone, part in zones.items()},
        },
        "footprint_km2": round(area_km2(footprint(treaty.geometry))),
        "systems": by_system,
    }
    entry["headline"] = _headline(coalition, entry, noun)
    return entry


def _by_system(coverage: pd.DataFrame, bands: geopandas.GeoDataFrame) -> list[dict[str, Any]]:
    """Count the capitals that each range, from any of its sites, covers; longest range first.

    ``capitals`` are inside under every estimate and anywhere within the sites' precision;
    ``marginal`` are the others that may be in range.
    """
    named = ["system_id", "label", "said_by", "max_km", "max_low_km", "max_high_km", "own_side",
             "verdict", "place_id", "place", "site"]  # fmt: skip
    systems = coverage.loc[coverage["band_kind"] != "treaty", named]
    result = []
    for (system_id, label, said_by, max_km), rows in systems.groupby(
        ["system_id", "label", "said_by", "max_km"], sort=False
    ):
        theirs = rows[~rows["own_side"]]
        inside = theirs[theirs["verdict"] == INSIDE]
        marginal = theirs[
            (theirs["verdict"] == MARGINAL) & ~theirs["place_id"].isin(inside["place_id"])
        ]
        rows_of_drawn = bands[
            (bands["system_id"] == system_id)
            & (bands["said_by"] == said_by)
            & (bands["label"] == label)
        ]
        drawn = rows_of_drawn.iloc[0]
        result.append(
            {
                "system_id": system_id,
                "label": label,
                "said_by": said_by,
                "max_km": float(max_km),
                "max_low_km": float(rows["max_low_km"].min()),
                "max_high_km": float(rows["max_high_km"].max()),
                "disputed": bool(drawn["disputed"]),
                "alleged": bool(drawn["alleged"]),
                "source_keys": list(
                    dict.fromkeys(
                        key for k in rows_of_drawn["range_source_keys"] for key in k.split(";")
                    )
                ),
                "evidence": str(drawn["range_evidence"]),
                "sites": list(dict.fromkeys(rows["site"])),
                "capitals": int(inside["place_id"].nunique()),
                "capital_list": list(dict.fromkeys(inside["place"])),
                "marginal": int(marginal["place_id"].nunique()),
                "marginal_list": list(dict.fromkeys(marginal["place"])),
            }
        )
    return sorted(result, key=lambda entry: (-entry["max_km"], entry["label"]))


def _headline(coalition: Coalition, entry: dict[str, Any], noun: str) -> list[str]:
    zones, counted = entry["zones"], entry["capitals_counted"]
    near, band, far = zones[ZONE_NEAR], zones[ZONE_BAND], zones[ZONE_FAR]
    sites = f"{entry['sites']} site{'s' if entry['sites'] != 1 else ''}"
    left_out = " not their own" if entry["own_capitals_left_out"] else ""
    lines = []
    if near + band + far:
        lines.append(
            f"{coalition.name} ({sites}): of {_of(counted, noun)}{left_out}, {near} within 500 km "
            f"of a site, {band} in range only of missiles with the ranges that the treaty banned, "
            f"{far} beyond 5,500 km."
        )
    lines += _of_systems(coalition, entry, noun, sites, left_out)
    undisputed = [s for s in entry["systems"] if not s["disputed"]]
    longest = next((s for s in undisputed if s["max_km"] <= 5500), None)
    if longest and lines and near + band + far:
        also = f", {longest['marginal']} more marginally" if longest["marginal"] else ""
        lines.append(
            f"{coalition.name}: the longest undisputed range up to 5,500 km there, "
            f"{longest['label']}, covers {longest['capitals']} of these {noun}{also}."
        )
    return lines


def _of(number: int, noun: str) -> str:
    """Return a count and its noun, which is given in the plural."""
    return f"{number} {noun[:-1] if number == 1 else noun}"


def _of_systems(
    coalition: Coalition, entry: dict[str, Any], noun: str, sites: str, left_out: str
) -> list[str]:
    """Return the findings on systems' own ranges: all together, and each side of a dispute."""
    found, counted = entry["verdicts"], entry["capitals_counted"]
    lines = []
    if not sum(entry["zones"].values()) and sum(found.values()):
        lead = f"{coalition.name} ({sites}): of {_of(counted, noun)}{left_out}, "
        if all(system["alleged"] for system in entry["systems"]):
            lines.append(
                f"{lead}{found[MARGINAL]} in range only if the allegation is true, "
                f"{found[OUTSIDE]} out of range either way."
            )
        else:
            given = all(not system["system_id"] for system in entry["systems"])
            ranges = "range" if len(entry["systems"]) == 1 else "ranges"
            figure = f"by the {ranges} given here" if given else "by every published figure"
            lines.append(
                f"{lead}{found[INSIDE]} in range {figure}, {found[MARGINAL]} marginal, "
                f"{found[OUTSIDE]} out of range."
            )
    by_system: dict[str, list[str]] = {}
    for system in entry["systems"]:
        if system["disputed"]:
            also = f" (and {system['marginal']} marginally)" if system["marginal"] else ""
            part = f"{system['label']}, would cover {system['capitals']}{also}"
            by_system.setdefault(system["system_id"], []).append(part)
    lines += [
        f"{coalition.name}, {noun}{left_out}: {'; '.join(parts)}." for parts in by_system.values()
    ]
    return lines
