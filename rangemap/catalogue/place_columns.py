"""Which column of a user's file of places is what: names in many spellings and languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from rangemap.errors import PlacesError, near_name

__all__ = ["SPELLINGS", "folded", "guess_columns"]

SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "place_id": ("place_id", "id"),
    "place": (
        "place", "name", "city", "capital", "label", "town", "place_name", "city_name", "nom",
        "ville", "lieu", "ort", "stadt", "nombre", "ciudad", "lugar", "nome", "cidade", "città",
        "naam", "nazwa", "miasto", "название", "город", "назва", "місто", "名称", "名稱", "地名",
        "城市", "都市", "名前", "이름", "도시", "اسم", "مدينة",
    ),
    "country": (
        "country", "country_name", "nation", "pays", "land", "país", "paese", "kraj", "страна",
        "країна", "国家", "國家", "国", "국가", "دولة",
    ),
    "iso_a3": ("iso_a3", "iso3", "iso_alpha_3", "adm0_a3", "country_iso3"),
    "lon": (
        "lon", "longitude", "lng", "long", "lon_dd", "longitud", "longitudine", "länge",
        "längengrad", "długość", "долгота", "довгота", "经度", "經度", "経度", "경도", "خط الطول",
        "x", "point_x", "x_coord",
    ),
    "lat": (
        "lat", "latitude", "lat_dd", "latitud", "latitudine", "breite", "breitengrad", "szerokość",
        "широта", "纬度", "緯度", "위도", "خط العرض", "y", "point_y", "y_coord",
    ),
    "population": (
        "population", "pop", "habitants", "einwohner", "bevölkerung", "población", "população",
        "popolazione", "ludność", "население", "населення", "人口", "인구", "سكان",
    ),
    "country_population": ("country_population",),
    "note": ("note", "seat_note", "remark", "comment"),
})  # fmt: skip
"""Spellings of each column, best first; compared without case, accents, spaces and marks."""

_UNITS: Final = re.compile(r"[(\[].*?[)\]]|°")
_WORDS: Final = {"place": "name", "lon": "longitude", "lat": "latitude"}


def folded(name: str) -> str:
    """Return a name without case, accents, spaces, marks and a unit in brackets.

    Examples
    --------
    >>> folded(" Länge [deg] "), folded("Lat_DD"), folded("经度")
    ('lange', 'latdd', '经度')
    """
    bare = unicodedata.normalize("NFKD", _UNITS.sub("", name).casefold())
    return "".join(char for char in bare if char.isalnum())


def guess_columns(
    shown: str, header: Iterable[str], needed: Iterable[str] = ("place", "lon", "lat")
) -> dict[str, str]:
    """Return which column of a header stands for what.

    Parameters
    ----------
    shown : str
        What to call the file in a message.
    header : iterable of str
        As in the file.
    needed : iterable of str
        Keys of `SPELLINGS` without which the file is of no use.

    Raises
    ------
    PlacesError
        If a needed column is not found; the message lists the columns that are there.

    Examples
    --------
    >>> guess_columns("towns.csv", ["Ville", "X", "Y", "Habitants"])
    {'place': 'Ville', 'lon': 'X', 'lat': 'Y', 'population': 'Habitants'}
    """
    names = list(header)
    by_folded: dict[str, str] = {}
    for name in names:
        by_folded.setdefault(folded(name), name)
    found = {}
    for key, spellings in SPELLINGS.items():
        hits = [by_folded[folded(one)] for one in spellings if folded(one) in by_folded]
        if hits:
            found[key] = hits[0]
        elif key in needed:
            raise PlacesError(
                f"{shown}, row 1: no column for {key} ({', '.join(SPELLINGS[key][:5])} ...); "
                f"there are {_listed(names)}{near_name(_WORDS[key], names)}"
            )
    return found


def _listed(names: list[str]) -> str:
    flat = [repr(" ".join(name.split())[:40]) for name in names[:8]]
    return ", ".join(flat) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
