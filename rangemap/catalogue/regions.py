"""Areas by name: countries, and regions that a row of data describes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.catalogue.files import data_path
from rangemap.catalogue.frames import read_countries
from rangemap.catalogue.model import Evidence
from rangemap.catalogue.places import read_capitals
from rangemap.catalogue.reader import load_catalogue
from rangemap.catalogue.rows import Row, keyed, read_rows
from rangemap.errors import ArgumentError, CatalogueError, near_name

MAP_ERROR_KM: Final = 5.0
"""What the bundled 1:50 million outlines may be off: no capital lies farther outside its own."""

_ALSO: Final = {
    "usa": "USA", "us": "USA", "u.s.": "USA", "america": "USA", "uk": "GBR", "britain": "GBR",
    "great britain": "GBR", "holland": "NLD", "prc": "CHN", "rok": "KOR", "dprk": "PRK",
    "turkiye": "TUR", "mainland china": "CHN",
}  # fmt: skip


@dataclass(frozen=True)
class Region:
    """Countries under one name, cut to a box in degrees if there is one.

    ``west`` over ``east`` is a box across the antimeridian.
    """

    id: str
    name: str
    countries: tuple[str, ...]
    except_countries: tuple[str, ...]
    box: tuple[float, float, float, float] | None
    note: str
    source_keys: tuple[str, ...]
    evidence: Evidence

    def codes(self) -> tuple[str, ...]:
        """Return the ISO alpha-3 codes of its countries, in the order of the alphabet."""
        left_out = {code for name in self.except_countries for code in _codes_of(name)}
        return tuple(sorted({c for name in self.countries for c in _codes_of(name)} - left_out))


def read_regions(folder: Path | None = None) -> dict[str, Region]:
    """Return the regions, by id.

    Examples
    --------
    >>> read_regions()["alaska"].codes()
    ('USA',)
    """
    return dict(_regions(folder or data_path("regions.csv").parent))


def country_code(name: str) -> str | None:
    """Return the ISO alpha-3 code of a country given by name or ISO code, or None.

    Examples
    --------
    >>> country_code("South Korea"), country_code("kor"), country_code("US"), country_code("Mars")
    ('KOR', 'KOR', 'USA', None)
    """
    return _country_names().get(" ".join(name.split()).casefold())


def country_names() -> tuple[str, ...]:
    """Return the usual English names and the ISO alpha-3 codes of all countries.

    Examples
    --------
    >>> {"Germany", "DEU"} <= set(country_names())
    True
    """
    return tuple(name for pair in _labels().items() for name in reversed(pair))


def country_label(code: str) -> str:
    """Return the usual English name of a country.

    Examples
    --------
    >>> country_label("KOR"), country_label("GUM")
    ('South Korea', 'Guam')
    """
    return _labels()[code]


def area_of(code: str, *, mainland: bool = False,
            box: tuple[float, float, float, float] | None = None) -> BaseGeometry:  # fmt: skip
    """Return the territory of a country as the bundled 1:50 million world draws it.

    Parameters
    ----------
    code : str
        ISO alpha-3.
    mainland : bool, default False
        Only its largest polygon.
    box : tuple of float, optional
        West, east, south, north in degrees: only what lies in it.

    Returns
    -------
    shapely geometry
        EPSG:4326; empty if nothing lies in the box.

    Examples
    --------
    >>> area_of("CHN", mainland=True).geom_type, area_of("FRA", box=(10, 20, 60, 70)).is_empty
    ('Polygon', True)
    """
    return _area(code, mainland, box)


@cache
def _area(code: str, mainland: bool, box: tuple[float, float, float, float] | None) -> BaseGeometry:
    area: BaseGeometry = _geometries()[code]
    if mainland:
        area = max(shapely.get_parts(area), key=shapely.area)
    if box is None:
        return area
    west, east, south, north = box
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    frame = shapely.union_all([shapely.box(w, south, e, north) for w, e in spans])
    cut = shapely.intersection(area, frame)
    parts = [part for part in shapely.get_parts(cut) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)


@cache
def _world() -> Any:
    return read_countries("50m")


@cache
def _geometries() -> dict[str, BaseGeometry]:
    world = _world()
    return dict(zip(world["iso_a3"], world.geometry, strict=True))


@cache
def _labels() -> dict[str, str]:
    world, capitals = _world(), read_capitals()
    labels = dict(zip(world["iso_a3"], world["name"], strict=True))
    return labels | dict(zip(capitals["iso_a3"], capitals["country"], strict=True))


@cache
def _country_names() -> dict[str, str]:
    world, capitals = _world(), read_capitals()
    names: dict[str, str] = {}
    for frame, columns in ((world, ("name", "iso_a2", "iso_a3")), (capitals, ("country",))):
        for column in columns:
            for name, code in zip(frame[column], frame["iso_a3"], strict=True):
                if name and code in _geometries():
                    names[name.casefold()] = code
    return names | _ALSO


def _codes_of(name: str) -> tuple[str, ...]:
    """Return the codes of a country, a coalition (of a year) or a continent; may raise."""
    kind, _, rest = name.partition(":")
    if kind == "coalition":
        coalition_id, _, year = rest.partition("@")
        coalitions = load_catalogue().coalitions
        if coalition_id not in coalitions:
            raise ArgumentError(
                f"{name!r}: no coalition {coalition_id!r}{near_name(coalition_id, coalitions)}"
            )
        if year and not re.fullmatch(r"\d{4}", year):
            raise ArgumentError(f"{name!r}: {year!r} is not a year of four digits")
        return tuple(sorted(coalitions[coalition_id].members_in(int(year) if year else None)))
    if kind in ("continent", "subregion"):
        world = _world()
        known = sorted(set(world[kind]))
        if rest not in known:
            raise ArgumentError(f"{name!r}: no {kind} {rest!r}{near_name(rest, known)}")
        return tuple(world.loc[world[kind] == rest, "iso_a3"])
    code = country_code(name)
    if code is None:
        raise ArgumentError(f"{name!r} is not a country{near_name(name, country_names())}")
    return (code,)


@cache
def _regions(folder: Path) -> tuple[tuple[str, Region], ...]:
    needed = ("id", "name", "countries", "west", "east", "south", "north", "evidence")
    rows = read_rows(folder / "regions.csv", needed, error=CatalogueError)
    return tuple(keyed((row, _region_of(row)) for row in rows).items())


def _region_of(row: Row) -> Region:
    sides = {"west": 180.0, "east": 180.0, "south": 90.0, "north": 90.0}
    edges = [row.optional_number(side, -limit, limit) for side, limit in sides.items()]
    given = [edge for edge in edges if edge is not None]
    if given and len(given) < 4:
        raise row.fail("west", "a box needs west, east, south and north")
    if given and given[2] >= given[3]:
        raise row.fail("south", f"must be less than north {given[3]:g}")
    for key in ("countries", "except_countries"):
        for name in row.keys_of(key):
            try:
                _codes_of(name)
            except ArgumentError as problem:
                raise row.fail(key, str(problem)) from None
    region = Region(
        id=row.text("id", required=True),
        name=row.text("name", required=True),
        countries=row.keys_of("countries"),
        except_countries=row.keys_of("except_countries"),
        box=(given[0], given[1], given[2], given[3]) if given else None,
        note=row.text("note"),
        source_keys=row.keys_of("source_keys", load_catalogue().sources),
        evidence=row.choice("evidence", Evidence),
    )
    if not region.codes():
        raise row.fail("countries", "must name at least one country")
    return region
