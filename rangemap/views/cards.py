"""Records of the catalogue as lists and as readable cards with their sources."""

from __future__ import annotations

import textwrap
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Scenario, read_scenario, scenario_names
from rangemap.catalogue import (
    Catalogue,
    Coalition,
    Evidence,
    Site,
    Source,
    System,
    load_catalogue,
    read_sites,
    read_sources,
    read_systems,
)
from rangemap.catalogue.model import years_text
from rangemap.catalogue.treaty import classify
from rangemap.errors import UnknownNameError
from rangemap.views.table import plain


def list_records(what: str) -> tuple[pd.DataFrame, list[str]]:
    """Return the records of one kind and the columns that a terminal shows."""
    if what == "systems":
        columns = ["id", "name", "country", "launch_mode", "type", "max_low_km", "plot_km",
                   "max_high_km", "evidence"]  # fmt: skip
        return read_systems(), columns
    if what == "sites":
        frame = pd.DataFrame(read_sites().drop(columns="geometry"))
        return frame, ["id", "name", "country", "coalition", "kind", "launches", "evidence"]
    if what == "sources":
        return read_sources(), ["key", "publisher", "title", "date", "evidence"]
    rows = [
        [name, s.title, len({launch.site.id for launch in s.launches}), s.places_from]
        for name in scenario_names()
        for s in [read_scenario(name)]
    ]
    frame = pd.DataFrame(rows, columns=["name", "title", "sites", "places"])
    return frame, list(frame.columns)


def find_record(name: str) -> dict[str, Any]:
    """Return a system, site, source, coalition or scenario by id, with its sources, for JSON.

    Raises
    ------
    UnknownNameError
        If nothing has that id; suggests a near one.

    Examples
    --------
    >>> find_record("df-26")["kind"]
    'system'
    """
    catalogue = load_catalogue()
    if name in catalogue.systems:
        record = _system(catalogue.systems[name], catalogue)
        return record | _laid_over("systems.csv", name, catalogue)
    if name in catalogue.sites:
        record = _site(catalogue.sites[name], catalogue)
        return record | _laid_over("sites.csv", name, catalogue)
    if name in catalogue.sources:
        record = {"kind": "source", **_source(catalogue.sources[name])}
        return record | _laid_over("sources.csv", name, catalogue)
    if name in scenario_names():
        return _scenario(read_scenario(name))
    if name in catalogue.coalitions:
        record = _coalition(catalogue.coalitions[name], catalogue)
        return record | _laid_over("coalitions.toml", name, catalogue)
    known = [
        *catalogue.systems,
        *catalogue.sites,
        *scenario_names(),
        *catalogue.coalitions,
        *catalogue.sources,
    ]
    raise UnknownNameError("system, site, source, coalition or scenario", name, known)


def _laid_over(file: str, name: str, catalogue: Catalogue) -> dict[str, Any]:
    """Return that a record is from a user's own catalogue folder, if it is."""
    over = catalogue.overlay
    if over is None:
        return {}
    bundled = "coalition" if file.endswith(".toml") else "row"
    for changed, how in (
        (over.overridden, f"overrides the bundled {bundled}"),
        (over.added, "added"),
    ):
        if name in dict(changed).get(file, ()):
            return {"from": f"{over.folder}/{file}: {how}"}
    return {}


def card_text(record: dict[str, Any]) -> str:
    """Return a record as text for a terminal."""
    lines = [plain(f"{record.get('name') or record.get('title')} ({record['kind']})"), ""]
    for key, value in record.items():
        if key in ("kind", "name") or value in ("", None, []):
            continue
        label = _LABELS.get(key, key.replace("_", " "))
        if isinstance(value, list):
            lines += ["", f"{label}:"]
            lines += [line for item in value for line in _wrapped(_item(item), "  - ", "    ")]
        else:
            lines += _wrapped(f"{label}: {_text(value)}", "", "    ")
    return "\n".join(lines) + "\n"


_LABELS: Final = {
    "min_km": "minimum range, km",
    "max_low_km": "lowest estimate of the maximum range, km",
    "plot_km": "drawn maximum range, km",
    "max_high_km": "highest estimate of the maximum range, km",
    "range_estimates": "published ranges (those in use give the lowest and the highest)",
    "inf_treaty": "INF Treaty",
    "precision_km": "placed to, km",
    "lon": "longitude",
    "lat": "latitude",
}
_BOUNDS: Final = {"max": "up to ", "approx": "about ", "min": "from ", "greater-than": "over "}
_QUANTITIES: Final = {"max_range": "", "min_range": " as minimum", "flown": " flown"}
_USES: Final = {"yes": "", "outlier": "; an outlier, not used", "context": "; not used"}


def _estimate_text(item: dict[str, Any]) -> str:
    """Return one published range as a reader would say it."""
    note = f": {item['note']}" if item["note"] else ""
    return (
        f"{_BOUNDS[item['bound']]}{item['value_km']:,.0f} km{_QUANTITIES[item['quantity']]}, "
        f"{item['kind']}, {item['said_by']}, {item['date']} [{item['source_key']}, "
        f"{item['verified']}]{_USES[item['use']]}{note}"
    )


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        plain(text), 96, initial_indent=first, subsequent_indent=rest, break_long_words=False,
        break_on_hyphens=False,
    )  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.10g}"
    return str(value)


def _item(item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    if "value_km" in item:
        return _estimate_text(item)
    if "url" in item:
        return (
            f"[{item['key']}] {item['publisher']}: {item['title']} ({item['date']}, "
            f"{item['verified']}) {item['url']}"
        )
    return "; ".join(f"{key.replace('_', ' ')} {_text(value)}" for key, value in item.items())


def _system(system: System, catalogue: Catalogue) -> dict[str, Any]:
    at = [site for site in catalogue.sites.values() if system.id in site.system_ids]
    return {
        "kind": "system",
        "id": system.id,
        "name": system.name,
        "designation": system.designation,
        "country": system.country,
        "launch_mode": system.launch_mode,
        "type": system.type,
        "status": system.status,
        "years": years_text(system.year_from, system.year_to),
        "min_km": system.min_km,
        "max_low_km": system.max_low_km,
        "plot_km": system.plot_km,
        "max_high_km": system.max_high_km,
        "range_note": system.range_note,
        "inf_treaty": classify(system).headline,
        "not_re-read_at_a_source": ", ".join(system.recalled_fields),
        "confidence": system.confidence.value,
        "read_at_source": system.evidence.verified,
        "disputed_ranges": [
            {"said_by": b.said_by, "max_km": b.max_km, "low": b.max_low_km, "high": b.max_high_km,
             "note": b.note}
            for b in catalogue.disputed_bands_of(system.id)
        ],
        "range_estimates": [
            {
                "value_km": e.value_km, "quantity": e.quantity, "bound": e.bound, "kind": e.kind,
                "said_by": e.said_by, "date": e.date, "source_key": e.source_key,
                "verified": e.evidence.verified, "use": e.use, "note": e.note,
            }
            for e in catalogue.estimates_of(system.id)
        ],
        "sites": [f"{site.name} ({site.id})" for site in at],
        "sources": _sources(_keys_of(system, catalogue), catalogue),
    }  # fmt: skip


def _keys_of(system: System, catalogue: Catalogue) -> tuple[str, ...]:
    """Return every source that the card of a system names."""
    keys = [*system.source_keys, *(e.source_key for e in catalogue.estimates_of(system.id))]
    for band in catalogue.disputed_bands_of(system.id):
        keys += band.source_keys
    return tuple(dict.fromkeys(keys))


def _site(site: Site, catalogue: Catalogue) -> dict[str, Any]:
    systems = [catalogue.systems[key] for key in site.system_ids]
    return {
        "kind": "site",
        "id": site.id,
        "name": site.name,
        "country": site.country,
        "lon": site.lon,
        "lat": site.lat,
        "precision_km": site.precision_km,
        "coordinates": site.coord_basis,
        "theatre": site.theatre,
        "coalition": site.coalition,
        "launches": site.launches,
        "what": f"{site.kind.label}: {site.kind_note}",
        "operator": site.operator,
        "years": years_text(site.year_from, site.year_to),
        "note": site.note,
        "confidence": site.confidence.value,
        "read_at_source": site.evidence.verified,
        "systems": [f"{system.name} ({system.id})" for system in systems],
        "sources": _sources(site.source_keys, catalogue),
    }


def _scenario(scenario: Scenario) -> dict[str, Any]:
    return {
        "kind": "scenario",
        "name": scenario.name,
        "title": scenario.title,
        "subtitle": scenario.subtitle,
        "hash": scenario.hash,
        "range_estimate": scenario.range_estimate,
        "places": f"{len(scenario.places)} ({scenario.places_from})",
        "coalitions": [f"{c.name} ({c.id})" for c in scenario.coalitions],
        "launches": [
            f"{launch.site.name} ({launch.site.id}): {launch.coalition}, "
            f"{launch.site.kind.label}; {', '.join(launch.system_ids) or 'no system'}"
            for launch in scenario.launches
        ],
        "notes": list(scenario.notes),
    }


def _coalition(coalition: Coalition, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "kind": "coalition",
        "id": coalition.id,
        "name": coalition.name,
        "note": coalition.note,
        "members": ", ".join(sorted(coalition.members)),
        "read_at_source": coalition.evidence.verified,
        "sites": [
            f"{site.name} ({site.id})"
            for site in catalogue.sites.values()
            if site.coalition == coalition.id
        ],
        "sources": _sources(coalition.source_keys, catalogue),
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "key": source.key,
        "title": source.title,
        "publisher": source.publisher,
        "date": source.date,
        "url": source.url,
        "verified": source.evidence.verified if source.evidence else Evidence.RECALLED.verified,
    }


def _sources(keys: tuple[str, ...], catalogue: Catalogue) -> list[dict[str, Any]]:
    return [_source(catalogue.sources[key]) for key in keys]
