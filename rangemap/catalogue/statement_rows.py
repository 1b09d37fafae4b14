"""Rows of ``claims.csv`` become statements, each cell checked."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final, TypeVar

from rangemap.catalogue.inventory import BASES, read_inventory, read_share_definitions
from rangemap.catalogue.model import Evidence
from rangemap.catalogue.reader import load_catalogue
from rangemap.catalogue.rows import Row
from rangemap.catalogue.spots import find_area, find_point, known_names, not_found, sites_of
from rangemap.catalogue.statements import (
    Claim,
    ClaimKind,
    Comparator,
    Ranges,
    Reading,
    Says,
    Together,
    Unit,
)
from rangemap.errors import ArgumentError, near_name

E = TypeVar("E", bound=StrEnum)

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_SAID_ON: Final = re.compile(r"(c\. )?\d{4}(-\d{2}){0,2}s?|n\.d\.")
_LONGEST_KM: Final = 20_003.0
_MOST: Final = 1e9
_WORDS: Final = {"statement": 400, "quote": 400, "qualifier": 400, "note": 1000, "who": 200,
                 "launch": 2000, "target": 2000}  # fmt: skip
_POINT: Final = ("launch", "launch_lon", "launch_lat", "launch_precision_km", "system", "target",
                 "target_lon", "target_lat")  # fmt: skip
_COMMON: Final = ("id", "main", "who", "said_on", "statement", "quote", "qualifier", "kind",
                  "source_keys", "evidence", "note")  # fmt: skip
_OF_KIND: Final = {
    ClaimKind.REACH: (
        *_POINT, "claim_says", "launch_together", "range_km", "ranges", "as_of", "target_reading",
        "target_together", "target_except",
    ),
    ClaimKind.DISTANCE: (*_POINT, "value"),
    ClaimKind.TOTAL: (
        "value", "comparator", "tolerance", "dataset", "country", "item", "basis", "check_dataset",
    ),
    ClaimKind.SHARE: (
        "value", "comparator", "tolerance", "unit", "dataset", "basis", "definition",
        "check_dataset",
    ),
}  # fmt: skip
COLUMNS: Final = tuple(
    dict.fromkeys([*_COMMON, *(c for cells in _OF_KIND.values() for c in cells)])
)
"""All columns that ``claims.csv`` may have."""


def claim_of(row: Row) -> Claim:
    """Return a statement from its row; a cell that breaks a rule raises a `CatalogueError`."""
    _check_words(row)
    kind = row.choice("kind", ClaimKind)
    for key in row.values:
        if key not in (*_COMMON, *_OF_KIND[kind]) and row.text(key):
            raise row.fail(key, f"must be empty for the kind {kind.value!r}")
    catalogue = load_catalogue()
    claim = Claim(
        id=_id(row),
        main=_yes(row, "main"),
        who=row.text("who") or "not given",
        said_on=_said_on(row),
        statement=row.text("statement", required=True),
        quote=row.text("quote"),
        qualifier=row.text("qualifier"),
        kind=kind,
        says=_one(row, "claim_says", Says, Says.NONE),
        value=row.optional_number("value", 0, _MOST),
        comparator=_one(row, "comparator", Comparator, Comparator.EQUAL),
        tolerance=row.optional_number("tolerance", 0, _MOST) or 0.0,
        unit=_one(row, "unit", Unit, Unit.PERCENT),
        launch=row.keys_of("launch"),
        launch_lon=row.optional_number("launch_lon", -180, 180),
        launch_lat=row.optional_number("launch_lat", -90, 90),
        launch_precision_km=row.optional_number("launch_precision_km", 0, 1000),
        launch_together=_together(row, "launch_together"),
        system_ids=row.keys_of("system", catalogue.systems),
        range_km=row.optional_number("range_km", 1, _LONGEST_KM),
        ranges=_one(row, "ranges", Ranges, Ranges.IN_USE),
        as_of=row.optional_int("as_of", 1940, 2060),
        target=row.keys_of("target"),
        target_lon=row.optional_number("target_lon", -180, 180),
        target_lat=row.optional_number("target_lat", -90, 90),
        target_readings=_readings(row),
        target_together=tuple(
            Together(name)
            for name in row.keys_of("target_together", [one.value for one in Together])
        ),
        target_except=row.keys_of("target_except"),
        datasets=row.keys_of("dataset", {item.dataset for item in read_inventory()}),
        country=row.keys_of("country"),
        items=row.keys_of("item"),
        basis=row.keys_of("basis", BASES),
        definitions=row.keys_of("definition", read_share_definitions()),
        check_dataset=row.text("check_dataset"),
        source_keys=row.keys_of("source_keys", catalogue.sources),
        evidence=_one(row, "evidence", Evidence, Evidence.RECALLED),
        note=row.text("note"),
        row=f"{row.file}, row {row.number}",
    )
    if kind in (ClaimKind.REACH, ClaimKind.DISTANCE):
        _check_launch(row, claim)
        _check_target(row, claim)
        _check_range(row, claim)
    else:
        _check_counts(row, claim)
    return claim


def _check_words(row: Row) -> None:
    for key, value in row.values.items():
        if key not in COLUMNS:
            raise row.fail(
                key, f"{key[:60]!r} is not a column of claims.csv{near_name(key, COLUMNS)}"
            )
        limit = _WORDS.get(key, 300)
        if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") for char in value):
            raise row.fail(key, "must not hold control characters")
        if len(value) > limit:
            raise row.fail(key, f"has {len(value):,} characters, and must not have over {limit:,}")


def _id(row: Row) -> str:
    text = row.text("id", required=True)
    if not _ID.fullmatch(text):
        raise row.fail("id", "must be up to 60 letters, digits and hyphens")
    return text


def _said_on(row: Row) -> str:
    text = row.text("said_on") or "n.d."
    if not _SAID_ON.fullmatch(text):
        raise row.fail("said_on", "must be a date like 2018-02-14, 2018-02 or 2018, or n.d.")
    return text


def _yes(row: Row, key: str) -> bool:
    text = row.text(key) or "yes"
    if text not in ("yes", "no"):
        raise row.fail(key, "must be yes or no")
    return text == "yes"


def _one(row: Row, key: str, kind: type[E], default: E) -> E:
    return row.choice(key, kind) if row.text(key) else default


def _together(row: Row, key: str) -> Together | None:
    return row.choice(key, Together) if row.text(key) else None


def _readings(row: Row) -> tuple[Reading, ...]:
    names = row.keys_of("target_reading", [reading.value for reading in Reading])
    return tuple(Reading(name) for name in names)


def _check_launch(row: Row, claim: Claim) -> None:
    lon, lat = claim.launch_lon, claim.launch_lat
    if (lon is None) != (lat is None):
        raise row.fail("launch_lat", "launch_lon and launch_lat go together")
    if not claim.launch:
        raise row.fail("launch", "must name a launch site (or * for all sites of the system)")
    if lon is not None:
        if len(claim.launch) > 1 or claim.launch[0] == "*":
            raise row.fail("launch", "with launch_lon and launch_lat must be one name")
        return
    if claim.launch_precision_km is not None:
        raise row.fail("launch_precision_km", "is for a site given by launch_lon and launch_lat")
    for name in claim.launch:
        if name == "*":
            _check_all_sites(row, claim)
            continue
        if _point(row, "launch", name):
            continue
        if not find_area(name):
            raise row.fail("launch", not_found(name))
        if claim.kind is ClaimKind.DISTANCE or claim.launch_together is Together.ALL:
            raise row.fail("launch", f"{name!r} is an area: only a point can be taken here")


def _check_all_sites(row: Row, claim: Claim) -> None:
    if not claim.system_ids:
        raise row.fail("launch", "* is for the sites of a system: give system")
    for system_id in claim.system_ids:
        if not sites_of(system_id, claim.as_of):
            raise row.fail("launch", f"no launch site of {system_id!r} is in sites.csv")


def _check_target(row: Row, claim: Claim) -> None:
    lon, lat = claim.target_lon, claim.target_lat
    if (lon is None) != (lat is None):
        raise row.fail("target_lat", "target_lon and target_lat go together")
    if not claim.target:
        raise row.fail("target", "must name a target")
    areas = [reading for reading in claim.target_readings if reading is not Reading.POINT]
    if lon is not None:
        if len(claim.target) > 1:
            raise row.fail("target", "with target_lon and target_lat must be one name")
        if areas:
            raise row.fail("target_reading", "is point where target_lon and target_lat are given")
        return
    if areas and len(areas) < len(claim.target_readings):
        raise row.fail("target_reading", "point does not go with readings of an area")
    for name in claim.target:
        if areas:
            if not find_area(name):
                hint = near_name(name, known_names(areas=True))
                raise row.fail("target", f"{name!r} is not a country or a region{hint}")
        elif not _point(row, "target", name) and (
            claim.target_readings or claim.kind is ClaimKind.DISTANCE or not find_area(name)
        ):
            raise row.fail("target", not_found(name))
    for name in claim.target_except:
        area = find_area(name)
        if area is None or area.region:
            raise row.fail("target_except", f"{name!r} is not a country")


def _point(row: Row, key: str, name: str) -> bool:
    try:
        return find_point(name) is not None
    except ArgumentError as problem:
        raise row.fail(key, str(problem)) from None


def _check_range(row: Row, claim: Claim) -> None:
    if claim.kind is ClaimKind.DISTANCE:
        return
    if claim.range_km is not None:
        if row.text("ranges"):
            raise row.fail("ranges", "must be empty where range_km is given")
        return
    if not claim.system_ids:
        raise row.fail("range_km", "must not be empty where no system is given")
    catalogue = load_catalogue()
    for system_id in claim.system_ids:
        system = catalogue.system(system_id)
        known = system.max_high_km or system.plot_km or catalogue.disputed_bands_of(system_id)
        if not known:
            raise row.fail("range_km", f"{system_id!r} has no published range: give one")


def _check_counts(row: Row, claim: Claim) -> None:
    if not claim.datasets:
        raise row.fail("dataset", "must name a data set of inventory.csv")
    if claim.comparator is Comparator.ABOUT and not claim.tolerance:
        raise row.fail("tolerance", "must be over 0 where comparator is about")
    if claim.value is None and row.text("comparator"):
        raise row.fail("value", "must not be empty where comparator is given")
    rows = [item for item in read_inventory() if item.dataset in claim.datasets]
    for key, names, known in (
        ("country", claim.country, {item.country for item in rows}),
        ("item", claim.items, {item.item for item in rows}),
    ):
        for name in names:
            if name not in known:
                raise row.fail(key, f"{name!r} is not in {', '.join(claim.datasets)}"
                                    f"{near_name(name, known)}")  # fmt: skip
    checks = {item.dataset for item in read_inventory()}
    if claim.check_dataset and claim.check_dataset not in checks:
        rule = f"is not a data set of inventory.csv{near_name(claim.check_dataset, checks)}"
        raise row.fail("check_dataset", rule)
