"""A case of one's own without a file: a place and a range, or a system of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rangemap.analysis.scenario import Scenario, resolve, scenario_names
from rangemap.catalogue import load_catalogue
from rangemap.errors import ArgumentError
from rangemap.geodesy import MAX_DISTANCE_KM

_LEAST_KM: Final = 0.001  # as in scenario files: below it a ring is a point
_COALITION: Final = {"id": "own-case", "name": "Own case", "color": "#1f5fa8", "members": []}


def own_case(
    sites: Sequence[str],
    ranges: Sequence[float] = (),
    systems: Sequence[str] = (),
    *,
    as_of: int | None = None,
) -> Scenario:
    """Return a scenario of launch sites given as texts.

    Parameters
    ----------
    sites : sequence of str
        Each ``"LON,LAT"`` or ``"LON,LAT,NAME"`` in degrees (EPSG:4326), or the id of a site of
        the catalogue.
    ranges : sequence of float
        Maximum ranges, km, drawn round every site.
    systems : sequence of str
        Ids of systems, drawn round every site with what is published of their range.
    as_of : int, optional
        A year; see `read_scenario`.

    Returns
    -------
    Scenario
        Its name is made of the first site's; it draws no treaty band. What it says of sites
        that are not in the catalogue is the user's own.

    Raises
    ------
    ArgumentError
        If a site, a range or a system breaks a rule.

    Examples
    --------
    >>> scenario = own_case(["24.40,44.07,Slatina"], ranges=[2500])
    >>> scenario.name, scenario.title
    ('slatina', 'Slatina: capitals within 2,500 km')
    """
    if not sites:
        raise ArgumentError("a case of one's own needs at least one site, LON,LAT[,NAME]")
    if not ranges and not systems:
        raise ArgumentError("a case of one's own needs a range in km or a system beside its site")
    catalogue = load_catalogue()
    for name in systems:
        _check_drawable(name)
    own: list[dict[str, Any]] = []
    named: list[str] = []
    for text in sites:
        if text in catalogue.sites:
            site = catalogue.sites[text]
            if not site.launches:
                raise ArgumentError(f"site {text!r} launches nothing ({site.kind.label})")
            named.append(text)
            continue
        entry = _site(text, len(own) + 1)
        own.append(entry)
        named.append(entry["id"])
    first = next((e["name"] for e in own if e["id"] == named[0]), None)
    first = first or catalogue.sites[named[0]].name
    table: dict[str, Any] = {
        "format": 1,
        "title": _title(first, len(named), ranges, systems),
        "notes": [
            "A case of the user's own: neither sites nor ranges given by hand are sourced.",
            *_positions(systems),
        ],
        "coalitions": [dict(_COALITION)],
        "sites": own,
        "launches": [
            {
                "coalition": _COALITION["id"],
                "sites": list(dict.fromkeys(named)),
                "treaty_band": False,
                "systems": list(systems) if systems else "none",
                "ranges": [{"max_km": float(r)} for r in _ranges(ranges)],
            }
        ],
    }
    stem = re.sub("[^a-z0-9]+", "-", first.casefold()).strip("-") or "own-case"
    if stem in scenario_names():
        stem += "-own-case"
    return resolve(table, Path(f"{stem}.toml"), as_of=as_of)


def _check_drawable(name: str) -> None:
    catalogue = load_catalogue()
    system = catalogue.system(name)
    if system.plot_km is None and not catalogue.disputed_bands_of(name):
        raise ArgumentError(f"system {name!r} has no published range to draw")


def _site(text: str, number: int) -> dict[str, Any]:
    parts = text.replace("\N{MINUS SIGN}", "-").split(",", 2)
    shown = text if len(text) <= 60 else text[:57] + "..."
    try:
        lon, lat = float(parts[0]), float(parts[1])
    except (ValueError, IndexError):
        hint = "; did you mean LON,LAT in degrees, or an id of `rangemap list sites`"
        raise ArgumentError(f"site {shown!r} is not LON,LAT or LON,LAT,NAME{hint}?") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ArgumentError(
            f"site {shown!r}: not a longitude in [-180, 180] and a latitude in [-90, 90]"
        )
    name = " ".join(parts[2].split()) if len(parts) == 3 else ""
    return {
        "id": f"own-{number}",
        "name": (name or f"{lon:g}, {lat:g}")[:500],
        "lon": lon,
        "lat": lat,
    }


def _ranges(ranges: Sequence[float]) -> list[float]:
    for value in ranges:
        if not _LEAST_KM <= value <= MAX_DISTANCE_KM:
            span = f"[{_LEAST_KM:g}, {MAX_DISTANCE_KM:,.0f}]"
            raise ArgumentError(f"range {value:,.10g} km must lie in {span}")
    return list(dict.fromkeys(ranges))


def _title(first: str, count: int, ranges: Sequence[float], systems: Sequence[str]) -> str:
    where = first if count == 1 else f"{first} and {count - 1} more"
    spans = [f"{value:,.10g} km" for value in sorted(set(ranges))]
    catalogue = load_catalogue()
    names = []
    for name in dict.fromkeys(systems):
        alleged = [b for b in catalogue.disputed_bands_of(name) if b.basis == "alleged"]
        if alleged and len(alleged) == len(catalogue.disputed_bands_of(name)):
            names += [f"the range of {band.label}" for band in alleged]
        else:
            names.append(f"the range of {catalogue.systems[name].name}")
    return f"{where}: capitals within {' and '.join([*spans, *names])}"


def _positions(systems: Sequence[str]) -> list[str]:
    """Return what is in dispute about the systems, so that no side stands alone."""
    catalogue = load_catalogue()
    return [
        f"{band.label}: {band.note}."
        for name in dict.fromkeys(systems)
        for band in catalogue.disputed_bands_of(name)
        if band.note
    ]
