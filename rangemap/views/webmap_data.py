"""What the page of the web map is told: one JSON object, made from an analysis.

Nothing here is markup: names, notes and addresses go as they are, and the page puts them on
the screen as text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import OWN
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.catalogue import Evidence, Site, SiteKind, Source, load_catalogue
from rangemap.geodesy import MAX_DISTANCE_KM, footprint, ring_polygons
from rangemap.views import style
from rangemap.views.webmap_geometry import SCALE, half_ring, region_of
from rangemap.views.webmap_modes import categories, modes

_EDGE_M: Final = 1_000.0  # of the dotted edges of an estimate: what they show is hundreds of km
_EDGE_DEG: Final = 0.04
_KIND_TITLES: Final = {"system": "Systems’ own ranges", "own": "Ranges given in the scenario"}
# How the symbol of a site tells its kind; a site of any other kind is drawn filled.
_MARKS: Final = {
    SiteKind.EXERCISE: "dot",
    SiteKind.ACCUSED: "bar",
    SiteKind.HYPOTHETICAL: "hollow",
    SiteKind.AD_HOC: "dashed",
}


@dataclass
class _Registry:
    """Records by key, numbered in the order in which they are first met."""

    items: list[Any] = field(default_factory=list)
    number_of: dict[Any, int] = field(default_factory=dict)

    def add(self, key: Any, make: Any) -> int:
        if key not in self.number_of:
            self.number_of[key] = len(self.items)
            self.items.append(make())
        return self.number_of[key]


def payload(analysis: Analysis) -> dict[str, Any]:
    """Return the data of the page, ready for JSON; the same analysis gives the same object."""
    rings, sources = _Registry(), _Registry()
    used = set(analysis.bands["coalition"])
    coalitions = [c for c in analysis.scenario.coalitions if c.id in used]
    sites, bands, site_number = _sites_and_bands(analysis, rings, sources)
    labels = _Registry()
    scenario = analysis.scenario
    return {
        "title": scenario.title,
        "subtitle": scenario.subtitle,
        "headline": list(analysis.summary["headline"]),
        "caveats": style.caveats(scenario),
        "credits": style.CREDITS,
        "provenance": style.provenance(scenario),
        "view": {"center": scenario.view.center, "width_km": scenario.view.width_km},
        "colors": {"land": style.LAND, "sea": style.SEA, "coast": style.COAST}
        | {"border": style.BORDER, "ink": style.INK, "muted": style.MUTED},
        "scale": SCALE,
        "coalitions": [
            {"id": c.id, "name": c.name, "short": c.short, "color": c.color, "note": c.note}
            for c in coalitions
        ],
        "modes": modes(analysis, [c.id for c in coalitions]),
        "places": _places(analysis, site_number, labels),
        "places_are_capitals": scenario.places_from == "capitals",
        "labels": labels.items,
        "sites": sites,
        "bands": bands,
        "groups": _groups(analysis),
        "rings": rings.items,
        "sources": sources.items,
    }


def _places(
    analysis: Analysis, site_number: dict[tuple[str, str], int], labels: _Registry
) -> list[dict[str, Any]]:
    reaching, may_reach = (_reaching(analysis.coverage, v) for v in (INSIDE, MARGINAL))
    doubt = _in_doubt(analysis)
    order = list(dict.fromkeys(coalition for coalition, _ in site_number))
    number = {
        c.id: i for i, c in enumerate(c for c in analysis.scenario.coalitions if c.id in order)
    }
    seen: dict[str, list[dict[str, Any]]] = {}
    for row in analysis.place_rows.to_dict("records"):
        seen.setdefault(row["place_id"], []).append(
            {
                "coalition": number[row["coalition"]],
                "zone": OWN if row["own_side"] else row["zone"] or row["verdict"],
                "nearest": site_number[row["coalition"], row["nearest_site_id"]],
                "km": round(float(row["nearest_km"])),
                "in_band": int(row["sites_in_band"]),
                "ranges": [
                    labels.add(label, lambda label=label: label)
                    for label in reaching.get((row["place_id"], row["coalition"]), ())
                ],
            }
            | _doubts(
                row,
                [
                    labels.add(label, lambda label=label: label)
                    for label in may_reach.get((row["place_id"], row["coalition"]), ())
                    if label not in reaching.get((row["place_id"], row["coalition"]), ())
                ],
            )
        )
    category = categories(analysis.comparison)
    return [
        {
            "name": row["place"],
            "country": row["country"],
            "lon": round(row["lon"], 5),
            "lat": round(row["lat"], 5),
            "note": row["note"],
            "population": _whole(row["population"]),
            "country_population": _whole(row["country_population"]),
            "rows": seen.get(row["place_id"], []),
            "category": category.get(row["place_id"]),
        }
        | ({"marginal": True} if row["place_id"] in doubt else {})
        for row in analysis.places.drop(columns="geometry").to_dict("records")
    ]


def _doubts(row: dict[Any, Any], maybe: list[int]) -> dict[str, Any]:
    """Return what is marginal about a place; most places have nothing of it."""
    found: dict[str, Any] = {}
    if row["zone_marginal"] and not row["own_side"]:
        found["marginal"] = True
    if row["hangs_on"]:
        found["hangs_on"] = row["hangs_on"]
    if maybe:
        found["maybe"] = maybe
    return found


def _in_doubt(analysis: Analysis) -> set[str]:
    """Return the places whose category in the comparison hangs on where the sites are."""
    if analysis.comparison is None:
        return set()
    table = analysis.comparison.table
    return set(table.loc[table["marginal"], "place_id"])


def _reaching(coverage: pd.DataFrame, verdict: str) -> dict[tuple[str, str], list[str]]:
    """Return the labels of the ranges, the treaty's apart, with a verdict on each place."""
    rows = coverage[(coverage["verdict"] == verdict) & (coverage["band_kind"] != "treaty")]
    grouped = rows.groupby(["place_id", "coalition"], sort=False)["label"]
    return {key: list(dict.fromkeys(values)) for key, values in grouped}


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _sites_and_bands(
    analysis: Analysis, rings: _Registry, sources: _Registry
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], dict[tuple[str, str], int]]:
    catalogue = load_catalogue()
    facts = {launch.site.id: launch.site for launch in analysis.scenario.launches}
    coalition_ids = [
        c.id for c in analysis.scenario.coalitions if c.id in set(analysis.bands["coalition"])
    ]
    sites = _Registry()
    bands: list[dict[str, Any]] = []

    def cite(keys: tuple[str, ...]) -> list[int]:
        return [sources.add(k, lambda k=k: _source(catalogue.sources[k])) for k in keys if k]

    def ring(row: dict[str, Any], distance_km: float) -> int:
        lon, lat = row["site_lon"], row["site_lat"]
        return rings.add((lat, distance_km), lambda: half_ring(lon, lat, distance_km))

    for row in analysis.bands.drop(columns="geometry").to_dict("records"):
        coalition = coalition_ids.index(row["coalition"])
        site = facts[row["site_id"]]
        number = sites.add(
            (row["coalition"], row["site_id"]),
            lambda site=site, coalition=coalition: (
                _site(site) | {"coalition": coalition, "sources": cite(site.source_keys)}
            ),
        )
        bands.append(
            {
                "site": number,
                "coalition": coalition,
                "kind": row["band_kind"],
                "label": row["label"],
                "said_by": row["said_by"],
                "km": [row["min_km"], row["max_km"]],
                "spread": [row["max_low_km"], row["max_high_km"]],
                "line": _line(row),
                "note": row["range_note"],
                "evidence": Evidence(row["evidence"]).verified,
                "confidence": _confidence(row),
                "sources": cite(tuple(row["source_keys"].split(";"))),
                "outer": ring(row, row["max_km"]),
                "inner": ring(row, row["min_km"]) if row["min_km"] > 0 else None,
            }
        )
    return sites.items, bands, sites.number_of


def _line(row: dict[str, Any]) -> str:
    if row["alleged"]:
        return "alleged"
    return "disputed" if row["disputed"] else "published"


def _confidence(row: dict[str, Any]) -> str:
    """Return the confidence in a system's range; other ranges are what they are defined to be."""
    system = load_catalogue().systems.get(row["system_id"])
    return system.confidence.value if system else ""


def _site(site: Site) -> dict[str, Any]:
    return {
        "name": site.name,
        "country": site.country,
        "lon": site.lon,
        "lat": site.lat,
        "kind": site.kind.label,
        "mark": _MARKS.get(site.kind, "filled"),
        "precision_km": site.precision_km,
        "operator": site.operator,
        "note": site.note,
        "evidence": site.evidence.verified,
        "confidence": site.confidence.value,
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "title": source.title,
        "publisher": source.publisher,
        "date": source.date,
        "url": source.url,
        "evidence": source.evidence.verified,
    }


def _edges(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the outlines of a range by its lowest and highest estimate, where they differ."""
    drawn = float(rows["max_km"].iloc[0])
    bounds = {float(rows["max_low_km"].min()), float(rows["max_high_km"].max())} - {drawn}
    sites = rows[["site_lon", "site_lat"]].drop_duplicates()
    return [
        region_of(
            footprint(
                ring_polygons(
                    sites["site_lon"], sites["site_lat"], min(radius, MAX_DISTANCE_KM), _EDGE_M
                )
            ),
            thin_deg=_EDGE_DEG,
        ).as_json()
        for radius in sorted(bounds)
    ]


def _in_subject(rows: pd.DataFrame) -> bool:
    """Tell whether a range is one that the treaty is about; longer ones wait for a click."""
    return bool(rows["max_km"].max() <= load_catalogue().release.treaty_max_km)


def _groups(analysis: Analysis) -> list[dict[str, Any]]:
    """Return the tree of switches: coalition, layer, range; each range with its bands by number.

    A range that several sites share has the outline of what they cover together.
    """
    bands = analysis.bands.reset_index(drop=True)
    lead = analysis.scenario.view.lead
    result = []
    order = [c.id for c in analysis.scenario.coalitions if c.id in set(bands["coalition"])]
    for number, coalition in enumerate(order):
        own = bands[bands["coalition"] == coalition]
        layers = []
        for kind in ("treaty", "system", "own"):
            of_kind = own[own["band_kind"] == kind]
            if of_kind.empty:
                continue
            ranges = [
                {
                    "label": label,
                    "bands": [int(index) for index in rows.index],
                    "line": _line(rows.iloc[0].to_dict()),
                    "km": [float(rows["min_km"].min()), float(rows["max_km"].max())],
                    "together": region_of(footprint(rows.geometry)).as_json()
                    if len(rows) > 1
                    else None,
                    "edges": _edges(rows),
                    "shown": kind == "treaty" or (lead == "systems" and _in_subject(rows)),
                }
                for label, rows in sorted(
                    of_kind.groupby("label", sort=False),
                    key=lambda item: (-item[1]["max_km"].max(), item[0]),
                )
            ]
            title = ranges[0]["label"] if kind == "treaty" else _KIND_TITLES[kind]
            layers.append({"kind": kind, "label": title, "ranges": ranges})
        result.append({"coalition": number, "layers": layers})
    return result
