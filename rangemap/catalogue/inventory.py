"""Counts of missiles as published, and the definitions by which a share of them is counted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import Confidence, Evidence
from rangemap.catalogue.reader import catalogue_folder, catalogue_state, load_catalogue
from rangemap.catalogue.rows import Row, keyed, read_rows
from rangemap.errors import CatalogueError, near_name

BASES: Final = ("missiles", "launchers")
_MOST: Final = 1_000_000


@dataclass(frozen=True)
class InventoryItem:
    """One published count: of one type or class, in one edition of one data set.

    A count is an interval; a high of None means that only a lower bound is published.
    """

    dataset: str
    as_of: str
    country: str
    item: str
    system_id: str
    launchers_low: int | None
    launchers_high: int | None
    missiles_low: int | None
    missiles_high: int | None
    range_low_km: float | None
    range_high_km: float | None
    inf_class: str
    note: str
    confidence: Confidence
    evidence: Evidence
    source_keys: tuple[str, ...]

    def counts(self, basis: str) -> tuple[int | None, int | None]:
        """Return the low and high count of missiles or launchers."""
        if basis == "launchers":
            return self.launchers_low, self.launchers_high
        return self.missiles_low, self.missiles_high

    @property
    def mixed(self) -> bool:
        """Whether some, and not all, of the class lies in a range class of the INF Treaty."""
        return self.inf_class.startswith("mixed")


@dataclass(frozen=True)
class ShareDefinition:
    """What counts and what it is a share of: a weight in [0, 1] for each item, and the total."""

    id: str
    name: str
    counted: tuple[tuple[str, float], ...]
    total: tuple[str, ...]
    meaning: str

    @property
    def label(self) -> str:
        """Wording for readers."""
        return f"{self.id}, {self.name}"


def read_inventory(folder: Path | None = None) -> tuple[InventoryItem, ...]:
    """Return the published counts.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Of the data; by default the bundled one.

    Returns
    -------
    tuple of InventoryItem

    Raises
    ------
    CatalogueError
        If a row breaks a rule: the message names the file, the row, the value, the rule.

    Examples
    --------
    >>> sum(i.missiles_low or 0 for i in read_inventory() if i.dataset == "INF_ELIMINATED")
    2692
    """
    return _inventory(folder or _bundled(), catalogue_folder(), catalogue_state())


def read_share_definitions(folder: Path | None = None) -> dict[str, ShareDefinition]:
    """Return the definitions by which a share is counted, by id.

    Examples
    --------
    >>> read_share_definitions()["B"].name
    'strict: no SRBM counts'
    """
    return dict(_definitions(folder or _bundled()))


def edition_of(dataset: str) -> tuple[str, str]:
    """Return the family and the edition of a data set; the edition may be empty.

    Examples
    --------
    >>> edition_of("DOD_CHINA_2018"), edition_of("INF_ELIMINATED")
    (('DOD_CHINA', '2018'), ('INF_ELIMINATED', ''))
    """
    found = re.fullmatch(r"(.+)_(\d{4})", dataset)
    return (found[1], found[2]) if found else (dataset, "")


def _bundled() -> Path:
    return data_path("sites.csv").parent


@cache
def _inventory(folder: Path, over: Path | None, state: str) -> tuple[InventoryItem, ...]:
    del over, state  # the catalogue in use, which sources and systems are looked up in
    needed = ("dataset", "as_of", "country", "item", "missiles_low", "missiles_high",
              "inf_class", "evidence", "source_keys")  # fmt: skip
    rows = read_rows(folder / "inventory.csv", needed, error=CatalogueError)
    seen: set[tuple[str, str, str]] = set()
    items = []
    for row in rows:
        item = _item_of(row)
        key = (item.dataset, item.country, item.item)
        if key in seen:
            raise row.fail("item", f"is there twice in {item.dataset}, {item.country}")
        seen.add(key)
        items.append(item)
    return tuple(items)


def _item_of(row: Row) -> InventoryItem:
    catalogue = load_catalogue()
    system_id = row.text("system_id")
    if system_id and system_id not in catalogue.systems:
        rule = f"is not in systems.csv{near_name(system_id, catalogue.systems)}"
        raise row.fail("system_id", rule)
    count = {
        f"{basis}_{end}": row.optional_int(f"{basis}_{end}", 0, _MOST)
        for basis in BASES
        for end in ("low", "high")
    }
    for basis in BASES:
        low, high = count[f"{basis}_low"], count[f"{basis}_high"]
        if high is not None and (low is None or low > high):
            raise row.fail(f"{basis}_low", f"must not be empty or over {basis}_high {high}")
    if all(value is None for value in count.values()):
        raise row.fail("missiles_low", "a row needs a count of missiles or of launchers")
    return InventoryItem(
        dataset=row.text("dataset", required=True),
        as_of=row.text("as_of", required=True),
        country=row.text("country", required=True),
        item=row.text("item", required=True),
        system_id=system_id,
        **count,
        range_low_km=row.optional_number("range_low_km", 0, 20_003),
        range_high_km=row.optional_number("range_high_km", 0, 20_003),
        inf_class=row.text("inf_class", required=True),
        note=row.text("note"),
        confidence=row.choice("confidence", Confidence),
        evidence=row.choice("evidence", Evidence),
        source_keys=row.keys_of("source_keys", catalogue.sources),
    )


@cache
def _definitions(folder: Path) -> tuple[tuple[str, ShareDefinition], ...]:
    needed = ("id", "name", "counted", "total", "meaning")
    rows = read_rows(folder / "share_definitions.csv", needed, error=CatalogueError)
    return tuple(keyed((row, _definition_of(row)) for row in rows).items())


def _definition_of(row: Row) -> ShareDefinition:
    total = row.keys_of("total")
    weights = []
    for part in row.keys_of("counted"):
        item, _, weight = part.partition(":")
        if item not in total:
            raise row.fail("counted", f"{item!r} is not in total{near_name(item, total)}")
        try:
            value = float(weight)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise row.fail("counted", f"{part!r} must be ITEM:WEIGHT with a weight in [0, 1]")
        weights.append((item, value))
    if not weights:
        raise row.fail("counted", "must not be empty")
    return ShareDefinition(
        id=row.text("id", required=True),
        name=row.text("name", required=True),
        counted=tuple(weights),
        total=total,
        meaning=row.text("meaning"),
    )
