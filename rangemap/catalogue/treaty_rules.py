"""Reading the regimes from data/treaties.toml, every key checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from rangemap.catalogue.files import data_path, read_toml
from rangemap.catalogue.model import Evidence
from rangemap.catalogue.reader import load_catalogue
from rangemap.catalogue.toml_table import Table
from rangemap.catalogue.treaty_regimes import (
    LaunchEffect,
    LaunchRule,
    ListedType,
    Measure,
    Party,
    Position,
    RangeClass,
    Regime,
    RegimeKind,
    Regimes,
    TypeEffect,
    TypeRule,
)
from rangemap.errors import CatalogueError, near_name


def load_regimes() -> Regimes:
    """Return the regimes of the bundled data.

    Raises
    ------
    CatalogueError
        If a key breaks a rule: the message names the file, the key, the value, the rule.

    Examples
    --------
    >>> list(load_regimes().by_id)
    ['inf', 'start', 'new-start', 'mtcr']
    >>> load_regimes().regime("inf").class_of(1_000).id
    'shorter'
    """
    catalogue = load_catalogue()
    path = data_path("treaties.toml")
    return _read(path, frozenset(catalogue.sources), frozenset(catalogue.systems))


@cache
def _read(path: Path, sources: frozenset[str], systems: frozenset[str]) -> Regimes:
    return read_regimes(path, sources, systems)


def read_regimes(path: Path, sources: Iterable[str], systems: Iterable[str]) -> Regimes:
    """Read a file of regimes; source keys and system ids must be among those given."""
    tables = read_toml(path)
    differences = tables.pop("differences", {})
    regimes = {}
    for key, values in tables.items():
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", key):
            raise CatalogueError(
                f"{path.name}, {key}: must be an id of lower-case letters, digits and hyphens"
            )
        regimes[key] = _regime(key, Table(path.name, key, values), sources, systems)
    reasons = Table(path.name, "differences", differences)
    for system_id in differences:
        if system_id not in systems:
            raise reasons.fail(system_id, f"no such system{near_name(system_id, systems)}")
    return Regimes(regimes, {key: reasons.text(key) for key in differences})


def _regime(key: str, table: Table, sources: Iterable[str], systems: Iterable[str]) -> Regime:
    range_classes = _range_classes(table)
    types = tuple(_type(one, sources) for one in table.tables("types"))
    class_ids = [one.id for one in range_classes]
    type_ids = [one.type for one in types]
    regime = Regime(
        id=key,
        name=table.text("name"),
        called=table.text("called"),
        title=table.text("title"),
        kind=table.choice("kind", RegimeKind),
        covered_as=table.text("covered_as"),
        scope=table.text("scope", ""),
        condition=table.text("condition", ""),
        announced=table.optional_date("announced"),
        signed=table.optional_date("signed"),
        in_force=table.optional_date("in_force"),
        suspended=table.optional_date("suspended"),
        suspended_says=table.text("suspended_says", ""),
        ended=table.optional_date("ended"),
        ended_says=table.text("ended_says", ""),
        parties=tuple(_party(one, sources) for one in table.tables("parties")),
        launch=tuple(_launch(one) for one in table.tables("launch")),
        range_classes=range_classes,
        types=types,
        listed=tuple(_listed(one, class_ids, type_ids, sources) for one in table.tables("listed")),
        positions=tuple(_position(one, sources, systems) for one in table.tables("positions")),
        evidence=table.choice("evidence", Evidence),
        source_keys=table.texts("source_keys", sources),
    )
    table.done()
    _check_dates(table, regime)
    for what, names in (
        ("launch", [one.mode for one in regime.launch]),
        ("types", [word for one in types for word in {one.type, *one.catalogue}]),
        ("range_classes", class_ids),
        ("parties", [one.country for one in regime.parties]),
    ):
        _refuse_twice(table, what, names)
    return regime


def _range_classes(table: Table) -> tuple[RangeClass, ...]:
    parts = table.tables("range_classes")
    if not parts:
        raise CatalogueError(f"{table.file}, {table.path}: needs at least one range class")
    classes = [_range_class(one) for one in parts]
    first = classes[0]
    if first.low_km != 0 or not first.low_inside:
        raise parts[0].fail("from_km", "the first class must start from_km = 0")
    for part, (one, following) in zip(parts[1:], pairwise(classes), strict=True):
        if one.high_km != following.low_km or one.high_inside == following.low_inside:
            raise CatalogueError(
                f"{part.file}, {part.path}: must start where {one.id!r} ends, and the line "
                "must belong to one of the two"
            )
    if classes[-1].high_km is not None:
        raise CatalogueError(f"{table.file}, {parts[-1].path}: the last class must have no end")
    return tuple(classes)


def _range_class(table: Table) -> RangeClass:
    from_km, over_km = table.optional_km("from_km"), table.optional_km("over_km")
    to_km, below_km = table.optional_km("to_km"), table.optional_km("below_km")
    low = from_km if from_km is not None else over_km
    if low is None or (from_km is not None and over_km is not None):
        raise CatalogueError(f"{table.file}, {table.path}: needs one of from_km and over_km")
    if to_km is not None and below_km is not None:
        raise CatalogueError(f"{table.file}, {table.path}: has both to_km and below_km")
    high = to_km if to_km is not None else below_km
    if high is not None and high <= low:
        raise table.fail("to_km" if to_km is not None else "below_km", f"must be over {low:g}")
    result = RangeClass(
        id=table.text("id"),
        short=table.text("short"),
        term=table.text("term"),
        low_km=low,
        low_inside=from_km is not None,
        high_km=high,
        high_inside=to_km is not None,
        covered=table.flag("covered"),
        article=table.text("article", ""),
        evidence=table.choice("evidence", Evidence),
    )
    table.done()
    return result


def _type(table: Table, sources: Iterable[str]) -> TypeRule:
    result = TypeRule(
        type=table.text("type"),
        catalogue=table.texts("catalogue"),
        called=table.text("called"),
        effect=table.choice("effect", TypeEffect),
        measure=table.choice("measure", Measure),
        article=table.text("article", ""),
        says=table.text("says"),
        evidence=table.choice("evidence", Evidence),
        source_keys=table.texts("source_keys", sources),
    )
    table.done()
    return result


def _launch(table: Table) -> LaunchRule:
    result = LaunchRule(
        mode=table.text("mode"),
        effect=table.choice("effect", LaunchEffect),
        article=table.text("article", ""),
        says=table.text("says"),
        evidence=table.choice("evidence", Evidence),
    )
    table.done()
    return result


def _party(table: Table, sources: Iterable[str]) -> Party:
    country = table.text("country")
    result = Party(
        country=country,
        called=table.text("called", country),
        also=table.texts("also"),
        since=table.optional_date("since"),
        until=table.optional_date("until"),
        basis=table.text("basis"),
        evidence=table.choice("evidence", Evidence),
        source_keys=table.texts("source_keys", sources),
    )
    table.done()
    if result.since and result.until and result.until < result.since:
        raise table.fail("until", f"is before since {result.since}")
    return result


def _listed(
    table: Table, class_ids: list[str], type_ids: list[str], sources: Iterable[str]
) -> ListedType:
    result = ListedType(
        name=table.text("name"),
        aliases=table.texts("aliases"),
        class_id=_one_of(table, "class", class_ids),
        type=_one_of(table, "type", type_ids),
        owners=table.texts("owners"),
        article=table.text("article"),
        tested_only=table.flag("tested_only", default=False),
        evidence=table.choice("evidence", Evidence),
        source_keys=table.texts("source_keys", sources),
    )
    table.done()
    return result


def _position(table: Table, sources: Iterable[str], systems: Iterable[str]) -> Position:
    result = Position(
        system_id=_one_of(table, "system_id", systems),
        said_by=table.text("said_by"),
        says=table.text("says"),
        evidence=table.choice("evidence", Evidence),
        source_keys=table.texts("source_keys", sources),
    )
    table.done()
    return result


def _one_of(table: Table, key: str, known: Iterable[str]) -> str:
    value = table.text(key)
    if value not in known:
        raise table.fail(key, f"is not known{near_name(value, known)}")
    return value


def _check_dates(table: Table, regime: Regime) -> None:
    if regime.kind is RegimeKind.TREATY and regime.signed is None:
        raise CatalogueError(f"{table.file}, {table.path}: key 'signed' is missing from a treaty")
    if regime.kind is RegimeKind.TREATY and regime.in_force is None:
        raise CatalogueError(f"{table.file}, {table.path}: key 'in_force' is missing from a treaty")
    if regime.kind is RegimeKind.GUIDELINE and regime.announced is None:
        raise CatalogueError(
            f"{table.file}, {table.path}: key 'announced' is missing from a guideline"
        )
    dates = [
        (key, day)
        for key in ("announced", "signed", "in_force", "suspended", "ended")
        if (day := getattr(regime, key)) is not None
    ]
    for (before, first), (after, second) in pairwise(dates):
        if second < first:
            raise table.fail(after, f"is before {before} {first}")


def _refuse_twice(table: Table, what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise CatalogueError(f"{table.file}, {table.path}.{what}: {name!r} is there twice")
