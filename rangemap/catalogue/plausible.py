"""Checks of the catalogue against the map: each site lies in its country."""

from __future__ import annotations

from typing import Final

import geopandas
import shapely
from shapely.ops import nearest_points

from rangemap.catalogue.frames import read_countries
from rangemap.catalogue.model import Site
from rangemap.catalogue.reader import Catalogue
from rangemap.errors import CatalogueError
from rangemap.geodesy import distance_km

_KM_SLACK: Final = 50.0  # the 1:50 million map leaves out islets; their neighbours are this near
_OTHER_NAMES: Final = {"United States (Guam)": "Guam"}


def check_plausible(catalogue: Catalogue) -> None:
    """Raise a `CatalogueError` for the first site too far outside its country."""
    countries = read_countries().set_index("name")
    for site in catalogue.sites.values():
        _check_country(site, countries)


def _check_country(site: Site, countries: geopandas.GeoDataFrame) -> None:
    name = _OTHER_NAMES.get(site.country, site.country)
    if name not in countries.index:
        matches = countries[countries["sovereign"].str.startswith(name)]
        if matches.empty:
            raise CatalogueError(
                f"sites.csv, {site.id}, country {site.country!r}: is not on the bundled map"
            )
        shape = matches.geometry.union_all()
    else:
        shape = countries.geometry.loc[name]
    point = shapely.Point(site.lon, site.lat)
    if shape.covers(point):
        return
    near = nearest_points(shape, point)[0]
    off = distance_km(near.x, near.y, site.lon, site.lat)
    if off > site.precision_km + _KM_SLACK:
        raise CatalogueError(
            f"sites.csv, {site.id}: {site.lon}, {site.lat} lies {off:,.0f} km outside {name}"
        )
