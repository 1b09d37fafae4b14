"""Which continent a country is counted with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from rangemap.catalogue.files import data_path
from rangemap.catalogue.frames import read_countries
from rangemap.catalogue.rows import read_rows
from rangemap.errors import CatalogueError

__all__ = ["CONTINENTS", "OPEN_OCEAN", "UNKNOWN", "continents"]

OPEN_OCEAN: Final = "Open ocean"
UNKNOWN: Final = "Unknown"
CONTINENTS: Final = (
    "Africa", "Asia", "Europe", "North America", "South America", "Oceania", "Antarctica",
    OPEN_OCEAN, UNKNOWN,
)  # fmt: skip
"""All continents that a country may be counted with, in the order of tables."""


# ISO 3166 codes without a shape of their own in the bundled world at 1:50 million: their
# continents after UN M49. The map draws all but Gibraltar, if at all, as parts of France,
# Norway, the Netherlands and Australia.
_WITHOUT_SHAPE: Final = {
    "BES": "North America", "CCK": "Oceania", "CXR": "Oceania", "GIB": "Europe",
    "GLP": "North America", "GUF": "South America", "MTQ": "North America", "MYT": "Africa",
    "REU": "Africa", "SJM": "Europe",
}  # fmt: skip


@cache
def continents() -> Mapping[str, str]:
    """Return the continent of each country, by ISO alpha-3 code.

    One for each country, as Natural Earth has it: Russia is counted with Europe, Turkey,
    Georgia and Kazakhstan with Asia, Egypt with Africa, all with their whole area. Of the
    states that Natural Earth puts in its "Seven seas", the continent of ``capitals.csv``
    is taken; the islands without a capital stay in "Open ocean". Codes of lands that the map
    draws as parts of other countries, such as Réunion's, have the continent of UN M49.

    Returns
    -------
    mapping of str to str
        Values are of `CONTINENTS`; never "Unknown", which is for places without a code.

    Examples
    --------
    >>> found = continents()
    >>> found["RUS"], found["MDV"], found["ATF"]
    ('Europe', 'Asia', 'Open ocean')
    """
    countries = read_countries()
    found = dict(_WITHOUT_SHAPE) | {
        str(code): OPEN_OCEAN if str(name).startswith("Seven seas") else str(name)
        for code, name in zip(countries["iso_a3"], countries["continent"], strict=True)
        if code
    }
    path = data_path("capitals.csv")
    for row in read_rows(path, ("iso_a3", "continent"), error=CatalogueError):
        found[row.values["iso_a3"]] = row.values["continent"]
    return MappingProxyType(found)
