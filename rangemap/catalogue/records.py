"""Rows and tables of the catalogue become records, each cell checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from rangemap.catalogue.files import read_toml
from rangemap.catalogue.model import (
    BOUNDS,
    DISPUTED_BASES,
    ESTIMATE_KINDS,
    LAUNCH_MODES,
    QUANTITIES,
    SYSTEM_TYPES,
    USES,
    Coalition,
    Confidence,
    DisputedBand,
    Evidence,
    RangeEstimate,
    Release,
    Site,
    SiteKind,
    Source,
    System,
)
from rangemap.catalogue.rows import ID_RULE, Row, control_rule, is_id
from rangemap.errors import CatalogueError, near_name
from rangemap.geodesy import MAX_DISTANCE_KM

_FIRST_YEAR: Final = 1940
_LAST_YEAR: Final = 2060
_LONGEST_KM: Final = 20_003  # half the meridian
_LONGEST_MIN_KM: Final = MAX_DISTANCE_KM - 1  # what is drawn ends at MAX_DISTANCE_KM


def source_of(row: Row) -> tuple[Row, Source]:
    """Return a publication."""
    url = row.text("url")
    parts = urlsplit(url.split(" ")[0])
    if url and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise row.fail("url", "must start with http:// or https://")
    return row, Source(
        key=row.text("key", required=True),
        title=row.text("title", required=True),
        publisher=row.text("publisher", required=True),
        date=row.text("date", required=True),
        url=url,
        evidence=row.choice("evidence", Evidence),
    )


def _years(row: Row) -> tuple[int | None, int | None]:
    first = row.optional_int("year_from", _FIRST_YEAR, _LAST_YEAR)
    last = row.optional_int("year_to", _FIRST_YEAR, _LAST_YEAR)
    if first is not None and last is not None and first > last:
        raise row.fail("year_to", f"is before year_from {first}")
    return first, last


def system_of(row: Row, sources: dict[str, Source]) -> tuple[Row, System]:
    """Return a system, as its row gives it."""
    low, plot, high = (
        row.optional_number(key, 1, _LONGEST_KM) for key in ("max_low_km", "plot_km", "max_high_km")
    )
    if low is not None and high is not None and low > high:
        raise row.fail("max_low_km", f"is over max_high_km {high:g}")
    if low is not None and plot is not None and low > plot:
        raise row.fail("max_low_km", f"is over plot_km {plot:g}")
    if plot is not None and high is not None and plot > high:
        raise row.fail("plot_km", f"is over max_high_km {high:g}")
    minimum = row.optional_number("min_km", 0, _LONGEST_MIN_KM)
    for key, value in (("max_low_km", low), ("plot_km", plot), ("max_high_km", high)):
        if minimum is not None and value is not None and minimum >= value:
            raise row.fail("min_km", f"is not less than {key} {value:g}")
    first, last = _years(row)
    return row, System(
        id=row.identifier("id"),
        name=row.text("name", required=True),
        designation=row.text("designation"),
        country=row.text("country", required=True),
        launch_mode=row.one_of("launch_mode", LAUNCH_MODES),
        type=row.one_of("type", SYSTEM_TYPES),
        min_km=minimum,
        max_low_km=low,
        max_high_km=high,
        plot_km=plot,
        treaty_declared_band_km=row.text("treaty_declared_band_km"),
        range_note=row.text("range_note"),
        payload=row.text("payload"),
        status=row.text("status", required=True),
        status_evidence=row.text("status_evidence"),
        year_from=first,
        year_to=last,
        inf_class=row.text("inf_class"),
        inf_basis=row.text("inf_basis"),
        confidence=row.choice("confidence", Confidence),
        evidence=row.choice("evidence", Evidence),
        recalled_fields=row.keys_of("recalled_fields"),
        source_keys=row.keys_of("source_keys", sources),
    )


def estimate_of(row: Row, sources: dict[str, Source], systems: dict[str, System]) -> RangeEstimate:
    """Return a published range."""
    system_id = row.text("system_id", required=True)
    if system_id not in systems:
        raise row.fail("system_id", f"is not in systems.csv{near_name(system_id, systems)}")
    source_key = row.text("source_key", required=True)
    if source_key not in sources:
        raise row.fail("source_key", f"is not in sources.csv{near_name(source_key, sources)}")
    return RangeEstimate(
        system_id=system_id,
        value_km=row.number_of("value_km", 1, _LONGEST_KM),
        quantity=row.one_of("quantity", QUANTITIES),
        bound=row.one_of("bound", BOUNDS),
        kind=row.one_of("kind", ESTIMATE_KINDS),
        said_by=row.text("said_by", required=True),
        date=row.text("date", required=True),
        source_key=source_key,
        evidence=row.choice("evidence", Evidence),
        note=row.text("note"),
        use=row.one_of("use", USES),
    )


def disputed_band_of(
    row: Row, sources: dict[str, Source], systems: dict[str, System]
) -> tuple[Row, DisputedBand]:
    """Return one side's range."""
    system_id = row.text("system_id", required=True)
    if system_id not in systems:
        raise row.fail("system_id", f"is not in systems.csv{near_name(system_id, systems)}")
    low, plot, high = (
        row.number_of(key, 1, MAX_DISTANCE_KM) for key in ("max_low_km", "max_km", "max_high_km")
    )
    if not low <= plot <= high:
        raise row.fail("max_km", f"must lie in [max_low_km, max_high_km] = [{low:g}, {high:g}]")
    minimum = systems[system_id].min_km
    if minimum is not None and minimum >= low:
        raise row.fail("max_low_km", f"is not over min_km {minimum:g} of {system_id}")
    return row, DisputedBand(
        id=row.identifier("id"),
        system_id=system_id,
        said_by=row.text("said_by", required=True),
        label=row.text("label", required=True),
        max_km=plot,
        max_low_km=low,
        max_high_km=high,
        basis=row.one_of("basis", DISPUTED_BASES),
        evidence=row.choice("evidence", Evidence),
        note=row.text("note"),
        source_keys=row.keys_of("source_keys", sources),
    )


def site_of(
    row: Row,
    sources: dict[str, Source],
    systems: dict[str, System],
    coalitions: dict[str, Coalition],
) -> tuple[Row, Site]:
    """Return a launch site."""
    coalition = row.text("coalition", required=True)
    if coalition not in coalitions:
        hint = near_name(coalition, coalitions)
        raise row.fail("coalition", f"must be one of {', '.join(coalitions)}{hint}")
    launches = row.text("launches")
    if launches not in ("yes", "no"):
        raise row.fail("launches", "must be yes or no")
    first, last = _years(row)
    return row, Site(
        id=row.identifier("id"),
        name=row.text("name", required=True),
        country=row.text("country", required=True),
        lon=row.number_of("lon", -180, 180),
        lat=row.number_of("lat", -90, 90),
        precision_km=row.number_of("precision_km", 0, 1000),
        coord_basis=row.text("coord_basis"),
        theatre=row.text("theatre", required=True),
        coalition=coalition,
        launches=launches == "yes",
        kind=row.choice("kind", SiteKind),
        kind_note=row.text("kind_note"),
        operator=row.text("operator"),
        system_ids=row.keys_of("system_ids", systems),
        year_from=first,
        year_to=last,
        note=row.text("note"),
        confidence=row.choice("confidence", Confidence),
        evidence=row.choice("evidence", Evidence),
        source_keys=row.keys_of("source_keys", sources),
    )


def coalition_of(key: str, table: Any, file: str, sources: dict[str, Source]) -> Coalition:
    """Return a coalition from its table, every key checked."""

    def fail(rule: str) -> CatalogueError:
        return CatalogueError(f"{file}, {key}: {rule}")

    if not is_id(key):
        raise CatalogueError(f"{file}, {key[:64]!r}: {ID_RULE}")
    if not isinstance(table, dict):
        raise fail("must be a table, [id]")
    for name, kind in _COALITION.items():
        if name not in table and name in _MAY_LACK:
            continue
        if name not in table:
            raise fail(f"key {name!r} is missing")
        if not isinstance(table[name], kind):
            raise fail(f"{name} {str(table[name])[:40]!r}: must be {_KIND_NAMES[kind]}")
    for name in ("name", "short", "note"):
        text = table.get(name, "")
        if name in table and name not in _MAY_LACK and not text.strip():
            raise fail(f"{name} {text[:40]!r}: must not be empty")
        if rule := control_rule(text.strip()):
            raise fail(f"{name} {text[:40]!r}: {rule}")
    for name in table:
        if name not in _COALITION:
            raise fail(f"unknown key {name!r}{near_name(name, _COALITION)}")
    if not re.fullmatch("#[0-9a-fA-F]{6}", table["color"]):
        raise fail(f"color {table['color'][:40]!r}: must be a colour like #1f5fa8")
    for code in table["members"]:
        if not isinstance(code, str) or not re.fullmatch("[A-Z]{3}", code):
            raise fail(f"members {str(code)[:40]!r}: must be ISO alpha-3 codes like DEU")
    joined = table.get("joined", {})
    for code, year in joined.items():
        if code not in table["members"] or not isinstance(year, int):
            raise fail(f"joined.{code} {year!r}: must be the year in which a member joined")
    for source_key in table.get("source_keys", []):
        if source_key not in sources:
            raise fail(f"source {source_key!r} is not known{near_name(str(source_key), sources)}")
    if table["evidence"] not in {e.value for e in Evidence}:
        raise fail(f"evidence {table['evidence'][:40]!r}: must be one of {', '.join(Evidence)}")
    return Coalition(
        id=key,
        name=table["name"],
        short=table["short"],
        color=table["color"],
        members=frozenset(table["members"]),
        note=table.get("note", ""),
        source_keys=tuple(table.get("source_keys", ())),
        evidence=Evidence(table["evidence"]),
        joined=tuple(sorted(joined.items())),
        year_from=table.get("year_from"),
        year_to=table.get("year_to"),
    )


_COALITION: Final[dict[str, type[Any]]] = {
    "name": str, "short": str, "color": str, "members": list, "evidence": str, "note": str,
    "source_keys": list, "joined": dict, "year_from": int, "year_to": int,
}  # fmt: skip
_MAY_LACK: Final = ("note", "source_keys", "joined", "year_from", "year_to")
_KIND_NAMES: Final[dict[Any, str]] = {
    str: "a text", list: "a list", dict: "a table", int: "a whole number",
}  # fmt: skip


def release_of(path: Path) -> Release:
    """Return what this edition of the data is."""
    table = read_toml(path)
    band = table["treaty_band"]
    return Release(
        date=table["date"],
        catalogue=table["catalogue"],
        boundaries=table["boundaries"],
        capitals=table["capitals"],
        country_population=table["country_population"],
        treaty_min_km=float(band["min_km"]),
        treaty_max_km=float(band["max_km"]),
        treaty_name=band["name"],
        treaty_source_keys=tuple(band["source_keys"]),
    )
