"""What a statement names as a place: a site, a capital, a city, a country or a region."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from rangemap.catalogue.places import read_capitals, read_cities
from rangemap.catalogue.reader import load_catalogue
from rangemap.catalogue.regions import country_code, country_label, country_names, read_regions
from rangemap.errors import ArgumentError, near_name

_PLAINLY_LARGER = 5  # times the population of its next namesake


@dataclass(frozen=True)
class Spot:
    """A point, or an area: a country (``codes`` has one) or a region.

    ``lon`` and ``lat`` are None for an area. ``launches`` is False for a site that launches
    nothing.
    """

    id: str
    name: str
    lon: float | None = None
    lat: float | None = None
    precision_km: float = 0.0
    codes: tuple[str, ...] = ()
    region: str = ""
    launches: bool = True
    note: str = ""
    evidence: str = ""
    source_keys: tuple[str, ...] = ()

    @property
    def is_area(self) -> bool:
        """Whether it is a country or a region."""
        return self.lon is None


def find_point(name: str) -> Spot | None:
    """Return a site (by id or name), a capital or a city by its name, or None.

    A city with namesakes is taken if it is plainly the largest; else "City, COUNTRY" tells
    which is meant.

    Raises
    ------
    ArgumentError
        If several cities have the name and none is plainly the largest.

    Examples
    --------
    >>> find_point("mutlangen").precision_km, find_point("Seattle").name, find_point("Mordor")
    (0.5, 'Seattle', None)
    """
    folded = " ".join(name.split()).casefold()
    site = find_site(name)
    if site is not None:
        return site
    point = _capitals().get(folded)
    return point if point is not None else _city(name, folded)


def find_area(name: str) -> Spot | None:
    """Return a region (by id or name) or a country (by name or ISO code), or None.

    Examples
    --------
    >>> find_area("Alaska").codes, find_area("CHN").name, find_area("Mordor")
    (('USA',), 'China', None)
    """
    folded = " ".join(name.split()).casefold()
    for region in read_regions().values():
        if folded in (region.id.casefold(), region.name.casefold()):
            return Spot(
                region.id, region.name, codes=region.codes(), region=region.id, note=region.note,
                evidence=region.evidence.value, source_keys=region.source_keys,
            )  # fmt: skip
    code = country_code(name)
    return None if code is None else Spot(code, country_label(code), codes=(code,))


def known_names(*, areas: bool) -> list[str]:
    """Return the names to look for a near one in: of areas, or of points."""
    if areas:
        return [*read_regions(), *country_names()]
    return [*load_catalogue().sites, *read_capitals()["place"]]


def not_found(name: str) -> str:
    """Return the rule that a name breaks which is no place at all, with a near name."""
    hint = near_name(name, [*known_names(areas=False), *known_names(areas=True)])
    return f"{name!r} is not a site, a capital, a city, a country or a region{hint}"


def find_site(name: str) -> Spot | None:
    """Return a site of the catalogue by its id or name, or None.

    Examples
    --------
    >>> find_site("Mutlangen").precision_km, find_site("Berlin")
    (0.5, None)
    """
    folded = " ".join(name.split()).casefold()
    for site in load_catalogue().sites.values():
        if folded in (site.id.casefold(), site.name.casefold()):
            return Spot(
                site.id, site.name, site.lon, site.lat, site.precision_km, launches=site.launches,
                note=site.kind.label, evidence=site.evidence.value, source_keys=site.source_keys,
            )  # fmt: skip
    return None


@cache
def _capitals() -> dict[str, Spot]:
    frame = read_capitals()
    return {
        row.place.casefold(): Spot(row.iso_a3, row.place, row.lon, row.lat, codes=(row.iso_a3,))
        for row in frame.itertuples()
    }


def capital_of(code: str) -> Spot | None:
    """Return the capital of a country, or None if the bundled list has none.

    Examples
    --------
    >>> capital_of("DEU").name, capital_of("GUM")
    ('Berlin', None)
    """
    return _capitals_by_code().get(code)


@cache
def _capitals_by_code() -> dict[str, Spot]:
    return {spot.codes[0]: spot for spot in _capitals().values()}


@cache
def _cities() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in read_cities().itertuples():
        found.setdefault(row.place.casefold(), []).append(row)
    return found


def _city(name: str, folded: str) -> Spot | None:
    rows = _cities().get(folded, [])
    if not rows and "," in folded:
        city, _, country = folded.rpartition(",")
        code = country_code(country)
        rows = [row for row in _cities().get(city.strip(), []) if row.iso_a3 == code]
    if not rows:
        return None
    rows = sorted(rows, key=lambda row: -int(row.population))
    if len(rows) > 1 and rows[0].population < _PLAINLY_LARGER * rows[1].population:
        alone = [r for r in rows if sum(o.iso_a3 == r.iso_a3 for o in rows) == 1]
        hint = f", or '{alone[0].place}, {alone[0].iso_a3}'" if alone else ""
        raise ArgumentError(
            f"{name!r} is the name of {len(rows)} cities: give its longitude and latitude{hint}"
        )
    row = rows[0]
    return Spot(str(row.place_id), row.place, row.lon, row.lat, codes=(row.iso_a3,))


def sites_of(system_id: str, as_of: int | None = None) -> list[Spot]:
    """Return the sites from which a system may be launched, in a year if one is given.

    Examples
    --------
    >>> [spot.id for spot in sites_of("pershing-2")]
    ['mutlangen', 'waldheide', 'neu-ulm']
    """
    found = []
    for site in load_catalogue().sites.values():
        late = as_of is not None and site.year_from is not None and site.year_from > as_of
        gone = as_of is not None and site.year_to is not None and site.year_to < as_of
        if site.launches and system_id in site.system_ids and not late and not gone:
            spot = find_site(site.id)
            if spot is not None:
                found.append(spot)
    return found
