"""Checks of the catalogue that need more than one row: geography, spreads, years."""

from __future__ import annotations

from typing import Final

import geopandas
import shapely
from shapely.ops import nearest_points

from rangemap.catalogue.frames import read_countries
from rangemap.catalogue.model import Site, System
from rangemap.catalogue.reader import Catalogue
from rangemap.errors import CatalogueError
from rangemap.geodesy import distance_km

_KM_SLACK: Final = 50.0  # the 1:50 million map leaves out islets; their neighbours are this near
_ROUNDED: Final = 0.01  # a bound may be a rounded mile
_OTHER_NAMES: Final = {"United States (Guam)": "Guam"}


def check_plausible(catalogue: Catalogue) -> None:
    """Raise a `CatalogueError` for the first record that cannot be right.

    Each site lies in its country, or within its precision of it; the low and high of each
    system span its range estimates.
    """
    countries = read_countries().set_index("name")
    for site in catalogue.sites.values():
        _check_country(site, countries)
    for system in catalogue.systems.values():
        _check_spread(system, catalogue)


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


def _check_spread(system: System, catalogue: Catalogue) -> None:
    """Require that the low and the high of a system span the estimates in use."""
    values = [
        e.value_km
        for e in catalogue.estimates_of(system.id)
        if e.use == "yes" and e.quantity == "max_range"
    ]
    if not values or system.max_low_km is None or system.max_high_km is None:
        return
    for key, bound, off in (
        ("low", system.max_low_km, system.max_low_km - min(values)),
        ("high", system.max_high_km, max(values) - system.max_high_km),
    ):
        if off > _ROUNDED * bound:
            raise CatalogueError(
                f"systems.csv, {system.id}, max_{key}_km {bound:g}: does not span the estimates "
                f"in use, {min(values):g} to {max(values):g} km"
            )
