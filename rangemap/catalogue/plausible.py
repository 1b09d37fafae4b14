"""Checks of the catalogue against the map: sites in their country, names that are known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import geopandas
import shapely
from shapely.ops import nearest_points

from rangemap.catalogue.frames import iso_codes, read_countries
from rangemap.catalogue.model import Site
from rangemap.catalogue.reader import Catalogue, use_catalogue
from rangemap.errors import CatalogueError, near_name
from rangemap.geodesy import distance_km

_KM_SLACK: Final = 50.0  # the 1:50 million map leaves out islets; their neighbours are this near
_OTHER_NAMES: Final = {"United States (Guam)": "Guam"}


def check_plausible(catalogue: Catalogue) -> None:
    """Raise a `CatalogueError` for the first record at odds with the map.

    Countries are those of the map or names that the bundled catalogue uses, members of
    coalitions have a capital or are on the map, and each site lies in its country.
    """
    countries = read_countries()
    with use_catalogue(None) as bundled:
        used = {system.country for system in bundled.systems.values()}
        used |= {site.country for site in bundled.sites.values()}
    known = sorted({*countries["name"], *countries["sovereign"], *used})
    for system in catalogue.systems.values():
        file = catalogue.file_of("systems.csv", system.id)
        _check_name(f"{file}, {system.id}, country", system.country, known)
    for coalition in catalogue.coalitions.values():
        file = catalogue.file_of("coalitions.toml", coalition.id)
        for code in sorted(coalition.members - iso_codes()):
            raise CatalogueError(
                f"{file}, {coalition.id}, members {code!r}: no country has this ISO alpha-3 code"
            )
    by_name = countries.set_index("name")
    for site in catalogue.sites.values():
        where = f"{catalogue.file_of('sites.csv', site.id)}, {site.id}"
        _check_name(f"{where}, country", site.country, known)
        _check_country(site, by_name, where)


def _check_name(where: str, country: str, known: Iterable[str]) -> None:
    if country not in known:
        raise CatalogueError(
            f"{where} {country[:60]!r}: is neither a country of the map nor a name that the "
            f"bundled catalogue uses{near_name(country, known)}"
        )


def _check_country(site: Site, countries: geopandas.GeoDataFrame, where: str) -> None:
    name = _OTHER_NAMES.get(site.country, site.country)
    if name not in countries.index:
        matches = countries[countries["sovereign"].str.startswith(name)]
        if matches.empty:
            raise CatalogueError(f"{where}, country {site.country!r}: is not on the bundled map")
        shape = matches.geometry.union_all()
    else:
        shape = countries.geometry.loc[name]
    point = shapely.Point(site.lon, site.lat)
    if shape.covers(point):
        return
    near = nearest_points(shape, point)[0]
    off = distance_km(near.x, near.y, site.lon, site.lat)
    if off > site.precision_km + _KM_SLACK:
        raise CatalogueError(f"{where}: {site.lon}, {site.lat} lies {off:,.0f} km outside {name}")
