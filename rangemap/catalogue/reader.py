"""The bundled facts, read once and checked row by row."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import (
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
from rangemap.catalogue.rows import Row, read_rows
from rangemap.errors import CatalogueError, UnknownNameError

T = TypeVar("T")

_FIRST_YEAR: Final = 1940
_LAST_YEAR: Final = 2060
_LONGEST_KM: Final = 20_003  # half the meridian


@dataclass(frozen=True)
class Catalogue:
    """All records, by id, in the order of their files."""

    sources: dict[str, Source]
    systems: dict[str, System]
    estimates: tuple[RangeEstimate, ...]
    disputed_bands: tuple[DisputedBand, ...]
    sites: dict[str, Site]
    coalitions: dict[str, Coalition]
    release: Release

    def system(self, system_id: str) -> System:
        """Return a system; an unknown id raises with a near name."""
        return _get("system", self.systems, system_id)

    def site(self, site_id: str) -> Site:
        """Return a site; an unknown id raises with a near name."""
        return _get("site", self.sites, site_id)

    def source(self, key: str) -> Source:
        """Return a source; an unknown key raises with a near name."""
        return _get("source", self.sources, key)

    def estimates_of(self, system_id: str) -> tuple[RangeEstimate, ...]:
        """Return the published ranges of a system."""
        return tuple(e for e in self.estimates if e.system_id == system_id)

    def disputed_bands_of(self, system_id: str) -> tuple[DisputedBand, ...]:
        """Return each side's range where the range or role of a system is disputed."""
        return tuple(b for b in self.disputed_bands if b.system_id == system_id)


def _get(kind: str, records: dict[str, T], name: str) -> T:
    try:
        return records[name]
    except KeyError:
        raise UnknownNameError(kind, name, records) from None


@cache
def load_catalogue() -> Catalogue:
    """Read the bundled catalogue, checking every row.

    Returns
    -------
    Catalogue
        Read once and shared; its records are frozen.

    Raises
    ------
    CatalogueError
        If a row breaks a rule: the message names the file, the row, the value, the rule.

    Examples
    --------
    >>> load_catalogue().system("df-26").plot_km
    4000.0
    """
    return read_catalogue(data_path("sites.csv").parent)


def read_catalogue(folder: Path) -> Catalogue:
    """Read a catalogue from a folder with the same files as the bundled one."""
    sources = _unique(_source(row) for row in _rows(folder, "sources.csv", "key,url,evidence"))
    systems = _unique(
        _system(row, sources) for row in _rows(folder, "systems.csv", "id,name,launch_mode,type")
    )
    coalitions = _coalitions(folder / "coalitions.toml", sources)
    sites = _unique(
        _site(row, sources, systems, coalitions)
        for row in _rows(folder, "sites.csv", "id,name,lon,lat,precision_km,kind,launches")
    )
    estimates = tuple(
        _estimate(row, sources, systems)
        for row in _rows(folder, "range_estimates.csv", "system_id,value_km,use,source_key")
    )
    systems = {key: _with_spread(system, estimates) for key, system in systems.items()}
    disputed = tuple(
        _disputed(row, sources, systems)
        for row in _rows(folder, "disputed_bands.csv", "id,system_id,said_by,max_km")
    )
    return Catalogue(
        sources, systems, estimates, disputed, sites, coalitions, _release(folder / "release.toml")
    )


def _rows(folder: Path, name: str, required: str) -> list[Row]:
    return list(read_rows(folder / name, required.split(","), error=CatalogueError))


def _unique(records: Any) -> dict[str, Any]:
    by_id: dict[str, Any] = {}
    for row, record in records:
        key = getattr(record, "id", None) or record.key
        if key in by_id:
            raise row.fail("id" if hasattr(record, "id") else "key", "is there twice")
        by_id[key] = record
    return by_id


def _source(row: Row) -> tuple[Row, Source]:
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


def _system(row: Row, sources: dict[str, Source]) -> tuple[Row, System]:
    low, plot, high = (
        row.optional_number(key, 1, _LONGEST_KM) for key in ("max_low_km", "plot_km", "max_high_km")
    )
    if low is not None and high is not None and low > high:
        raise row.fail("max_low_km", f"is over max_high_km {high:g}")
    minimum = row.optional_number("min_km", 0, _LONGEST_KM)
    if minimum is not None and low is not None and minimum >= low:
        raise row.fail("min_km", f"is not less than max_low_km {low:g}")
    first, last = _years(row)
    return row, System(
        id=row.text("id", required=True),
        name=row.text("name", required=True),
        designation=row.text("designation"),
        country=row.text("country", required=True),
        launch_mode=row.text("launch_mode", required=True),
        type=row.text("type", required=True),
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


def _with_spread(system: System, estimates: tuple[RangeEstimate, ...]) -> System:
    """Return a system whose low and high are those of its estimates in use.

    A bound in systems.csv must equal them, unless it is listed as recalled; a bound left
    empty there is taken from them.
    """
    values = [e.value_km for e in estimates if e.system_id == system.id and e.counts]
    if not values:
        return system
    bounds: dict[str, Any] = {}
    for key, found in (("low", min(values)), ("high", max(values))):
        written = getattr(system, f"max_{key}_km")
        if written is None:
            bounds[f"max_{key}_km"] = found
        elif written != found and (
            key not in system.recalled_fields or (written > found) == (key == "low")
        ):
            raise CatalogueError(
                f"systems.csv, {system.id}, max_{key}_km {written:g}: the {key}est of its range "
                f"estimates in use is {found:g} (list {key!r} in recalled_fields if no row has it)"
            )
    system = replace(system, **bounds)
    low, plot, high = system.max_low_km, system.plot_km, system.max_high_km
    if low is not None and high is not None:
        if low > high:
            raise CatalogueError(f"systems.csv, {system.id}, max_low_km {low:g}: is over {high:g}")
        if plot is None:
            system = replace(system, plot_km=high)
        elif not low <= plot <= high:
            raise CatalogueError(
                f"systems.csv, {system.id}, plot_km {plot:g}: must lie in [{low:g}, {high:g}]"
            )
    return system


def _estimate(row: Row, sources: dict[str, Source], systems: dict[str, System]) -> RangeEstimate:
    system_id = row.text("system_id", required=True)
    if system_id not in systems:
        raise row.fail("system_id", "is not in systems.csv")
    source_key = row.text("source_key", required=True)
    if source_key not in sources:
        raise row.fail("source_key", "is not in sources.csv")
    use = row.text("use")
    if use not in ("yes", "outlier", "context"):
        raise row.fail("use", "must be one of yes, outlier, context")
    return RangeEstimate(
        system_id=system_id,
        value_km=row.number_of("value_km", 1, _LONGEST_KM),
        quantity=row.text("quantity", required=True),
        bound=row.text("bound", required=True),
        kind=row.text("kind", required=True),
        said_by=row.text("said_by", required=True),
        date=row.text("date", required=True),
        source_key=source_key,
        evidence=row.choice("evidence", Evidence),
        note=row.text("note"),
        use=use,
    )


def _disputed(row: Row, sources: dict[str, Source], systems: dict[str, System]) -> DisputedBand:
    system_id = row.text("system_id", required=True)
    if system_id not in systems:
        raise row.fail("system_id", "is not in systems.csv")
    low, plot, high = (
        row.number_of(key, 1, _LONGEST_KM) for key in ("max_low_km", "max_km", "max_high_km")
    )
    if not low <= plot <= high:
        raise row.fail("max_km", f"must lie in [max_low_km, max_high_km] = [{low:g}, {high:g}]")
    return DisputedBand(
        id=row.text("id", required=True),
        system_id=system_id,
        said_by=row.text("said_by", required=True),
        label=row.text("label", required=True),
        max_km=plot,
        max_low_km=low,
        max_high_km=high,
        basis=row.text("basis", required=True),
        evidence=row.choice("evidence", Evidence),
        note=row.text("note"),
        source_keys=row.keys_of("source_keys", sources),
    )


def _site(
    row: Row,
    sources: dict[str, Source],
    systems: dict[str, System],
    coalitions: dict[str, Coalition],
) -> tuple[Row, Site]:
    coalition = row.text("coalition", required=True)
    if coalition not in coalitions:
        raise row.fail("coalition", f"must be one of {', '.join(coalitions)}")
    launches = row.text("launches")
    if launches not in ("yes", "no"):
        raise row.fail("launches", "must be yes or no")
    first, last = _years(row)
    return row, Site(
        id=row.text("id", required=True),
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


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise CatalogueError(f"{path.name}: {problem}") from None


def _coalitions(path: Path, sources: dict[str, Source]) -> dict[str, Coalition]:
    result = {}
    for key, table in _toml(path).items():
        for source_key in table["source_keys"]:
            if source_key not in sources:
                raise CatalogueError(f"{path.name}, {key}: source {source_key!r} is not known")
        result[key] = Coalition(
            id=key,
            name=table["name"],
            short=table["short"],
            color=table["color"],
            members=frozenset(table["members"]),
            note=table["note"],
            source_keys=tuple(table["source_keys"]),
            evidence=Evidence(table["evidence"]),
        )
    return result


def _release(path: Path) -> Release:
    table = _toml(path)
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
