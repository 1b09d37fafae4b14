"""What the page of the web map is told: one JSON object of facts, made from an analysis.

The page itself computes rings, distances and verdicts, by the same rules as `rangemap.analysis`,
so that they follow its switches. Nothing here is markup: names, notes and addresses go as they
are, and the page puts them on the screen as text.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Analysis
from rangemap.analysis.bands import band_rows
from rangemap.analysis.years import YearlyBands, yearly_bands
from rangemap.catalogue import (
    Coalition,
    load_catalogue,
)
from rangemap.views import reading, style
from rangemap.views.webmap_facts import Cited, Registry, range_record, site_record, system_record
from rangemap.views.webmap_geometry import SCALE
from rangemap.views.webmap_modes import comparison_mode, zone_symbols
from rangemap.views.webmap_start import start_distances, start_outlines

_EDITION_DIGITS: Final = 8


def payload(analysis: Analysis) -> dict[str, Any]:
    """Return the facts of the page, ready for JSON; the same analysis gives the same object."""
    scenario = analysis.scenario
    catalogue = load_catalogue()
    cited = Cited(catalogue)
    years = _years(analysis)
    coalitions = _coalitions(analysis, years)
    sites, ranges, bands = _bands(analysis, years, [c.id for c in coalitions], cited)
    release = catalogue.release
    systems = Registry()
    for one in ranges:
        if one["system"]:
            systems.add(
                one["system"], lambda key=one["system"]: system_record(key, catalogue, cited)
            )
    return with_edition(
        frame(
            title=scenario.title,
            subtitle=scenario.subtitle,
            caveats=style.caveats(scenario),
            provenance=style.provenance(scenario),
        )
        | {
            "name": scenario.name,
            "headline": list(analysis.summary["headline"]),
            "view": {"center": scenario.view.center, "width_km": scenario.view.width_km},
            "treaty_km": [release.treaty_min_km, release.treaty_max_km],
            "coalitions": [_coalition(c, analysis, years) for c in coalitions],
            "sides": _sides(analysis, [c.id for c in coalitions]),
            "comparison": comparison_mode(analysis.comparison) if analysis.comparison else None,
            "years": None
            if years is None
            else {"first": years.first, "last": years.last, "as_of": scenario.as_of},
            "places": places(analysis.places),
            "places_are_capitals": scenario.places_from == "capitals",
            "sites": sites,
            "ranges": ranges,
            "bands": [{k: v for k, v in band.items() if k != "id"} for band in bands],
            "systems": systems.items,
            "sources": cited.registry.items,
            "outlines": start_outlines(analysis, sites, bands),
            "distances": start_distances(analysis, sites, bands),
            "scale": SCALE,
        }
    )


def frame(*, title: str, subtitle: str, caveats: list[str], provenance: str) -> dict[str, Any]:
    """Return what every page has, whatever it draws."""
    return {
        "format": 1,
        "name": "map",
        "title": title,
        "subtitle": subtitle,
        "headline": [],
        "caveats": caveats,
        "caveats_short": list(style.CAVEATS_SHORT),
        "reading": [{"heading": h, "text": t} for h, t in reading.SECTIONS],
        "credits": style.CREDITS,
        "borders": style.BORDERS_NOTE,
        "provenance": provenance,
        "view": {"center": None, "width_km": None},
        "treaty_km": [500.0, 5500.0],
        "symbols": zone_symbols(),
        "coalitions": [],
        "sides": None,
        "comparison": None,
        "years": None,
        "places": [],
        "places_are_capitals": True,
        "sites": [],
        "ranges": [],
        "bands": [],
        "systems": [],
        "sources": [],
        "areas": [],
        "outlines": [],
        "distances": None,
    }


def with_edition(content: dict[str, Any]) -> dict[str, Any]:
    """Add a digest of the facts: a link that another edition made must not switch wrong bands."""
    text = json.dumps(content, ensure_ascii=True, sort_keys=True, allow_nan=False)
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    return content | {"edition": digest[:_EDITION_DIGITS]}


def places(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return target places as the page wants them."""
    return [
        {
            "id": row["place_id"],
            "name": row["place"],
            "country": row["country"],
            "iso": row["iso_a3"],
            "lon": row["lon"],
            "lat": row["lat"],
            "note": row["note"],
            "population": _whole(row["population"]),
            "country_population": _whole(row["country_population"]),
        }
        for row in frame.drop(columns="geometry").to_dict("records")
    ]


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _years(analysis: Analysis) -> YearlyBands | None:
    """Return the bands of all years, unless the analysis is of some of its scenario's bands."""
    whole = {band.band_id for band in band_rows(analysis.scenario)}
    if whole != set(analysis.bands["band_id"]):
        return None
    return yearly_bands(analysis.scenario)


def _coalitions(analysis: Analysis, years: YearlyBands | None) -> list[Coalition]:
    used = set(analysis.bands["coalition"])
    known = [c for c in analysis.scenario.coalitions if c.id in used]
    others = years.coalitions.values() if years else ()
    return known + [c for c in others if c.id not in used]


def _coalition(c: Coalition, analysis: Analysis, years: YearlyBands | None) -> dict[str, Any]:
    codes = analysis.places["iso_a3"].tolist()

    def own(members: frozenset[str]) -> list[int]:
        return [number for number, code in enumerate(codes) if code in members]

    spans: list[dict[str, Any]] = []
    base = next((one for one in analysis.scenario.coalitions if one.id == c.id), None)
    if base is not None:
        spans.append({"from": None, "to": None, "places": own(base.members)})
    for (first, last), members in years.members.get(c.id, []) if years else []:
        spans.append({"from": first, "to": last, "places": own(members)})
    return {
        "id": c.id,
        "name": c.name,
        "short": c.short,
        "color": c.color,
        "note": c.note,
        "own": spans,
    }


def _sides(analysis: Analysis, order: list[str]) -> list[dict[str, Any]] | None:
    """Return the two sides of a comparison, with the coalitions of every year."""
    if analysis.comparison is None:
        return None
    asked = analysis.scenario.comparison_in_all_years()
    sides = []
    for number, side in enumerate((analysis.comparison.a, analysis.comparison.b)):
        names = asked[number] if asked else side.coalitions
        sides.append(
            {
                "name": side.name,
                "short": analysis.scenario.coalition(side.coalitions[0]).short
                if len(side.coalitions) == 1
                else side.name,
                "color": side.color,
                "coalitions": [order.index(name) for name in names if name in order],
            }
        )
    return sides


def _bands(
    analysis: Analysis, years: YearlyBands | None, order: list[str], cited: Cited
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    base = set(analysis.bands["band_id"])
    rows = [band for band in band_rows(analysis.scenario) if band.band_id in base]
    rows = list({band.band_id: band for band in rows}.values())
    facts = {f"{one.site.id}:{one.coalition}": one.site for one in analysis.scenario.launches}
    if years:
        rows += [band for key, band in years.bands.items() if key not in base]
        facts = {key: one.site for key, one in years.launches.items()} | facts
    lead = analysis.scenario.view.lead
    treaty_max = cited.catalogue.release.treaty_max_km
    sites, ranges = Registry(), Registry()
    bands = []
    for band in sorted(rows, key=lambda row: order.index(row.coalition)):
        site = facts[f"{band.site_id}:{band.coalition}"]
        coalition = order.index(band.coalition)
        number = sites.add(
            (coalition, band.site_id),
            lambda site=site, coalition=coalition: (
                site_record(site)
                | {"coalition": coalition, "sources": cited.numbers(site.source_keys)}
            ),
        )
        about = range_record(band, cited)
        entry: dict[str, Any] = {
            "id": band.band_id,
            "site": number,
            "range": ranges.add(json.dumps(about, sort_keys=True), lambda about=about: about),
        }
        if band.band_id in base:
            entry["base"] = 1
        if band.band_kind == "treaty" or (lead == "systems" and band.max_km <= treaty_max):
            entry["shown"] = 1
        if years:
            entry["years"] = [list(span) for span in years.spans.get(band.band_id, [])]
        bands.append(entry)
    return sites.items, ranges.items, bands
