"""Scenario files: which launch sites, with which ranges, against which places."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from rangemap.analysis.launches import Launch, read_launches, years_note
from rangemap.analysis.scenario_schema import check_against_schema
from rangemap.catalogue import (
    Catalogue,
    Coalition,
    Evidence,
    Place,
    load_catalogue,
)
from rangemap.catalogue.files import data_path, read_toml
from rangemap.catalogue.frames import iso_codes
from rangemap.catalogue.places import _capitals, load_places
from rangemap.errors import (
    ArgumentError,
    NothingLaunchesError,
    ScenarioError,
    UnknownNameError,
    near_name,
)

FIRST_YEAR: Final = 1940
LAST_YEAR: Final = 2060
BUILT_IN: Final = ("europe", "asia-pacific", "europe-vs-china")
_NAME: Final = re.compile(r"[^a-z0-9]+")
_NO_END: Final = ",;:%‰&#*/\\@§¶†‡•·'\""  # marks that end no sentence

Estimate = Literal["low", "plot", "high"]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a name and the ids of its coalitions."""

    name: str
    coalitions: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """How to show it: projection centre (degrees) and width (km), or None to fit."""

    center: tuple[float, float] | None
    width_km: float | None
    lead: Literal["treaty", "systems"]


@dataclass(frozen=True)
class Scenario:
    """A scenario, resolved against the catalogue.

    ``hash`` is the SHA-256 of all that decides the outputs: the file's content and the
    records that it drew from the catalogue.
    """

    name: str
    title: str
    subtitle: str
    range_estimate: Estimate
    notes: tuple[str, ...]
    coalitions: tuple[Coalition, ...]
    launches: tuple[Launch, ...]
    places: tuple[Place, ...]
    places_from: str
    comparison: tuple[Side, Side] | None
    view: View
    hash: str
    as_of: int | None = None
    catalogue: str = ""  # hash of the user's catalogue folder that it was read with
    _read: tuple[dict[str, Any], Path] | None = field(default=None, repr=False, compare=False)

    def __deepcopy__(self, memo: dict[int, Any]) -> Scenario:
        return self  # frozen all through; pandas copies `attrs` at every step

    @property
    def noun(self) -> str:
        """What the targets are, in the plural: capitals, or places of a file."""
        return "capitals" if self.places_from == "capitals" else "places"

    def in_year(self, year: int) -> Scenario | None:
        """Return the same scenario as of a year; None if nothing launches then.

        Raises
        ------
        ArgumentError
            If the scenario was put together from others, so that no file describes it.
        """
        if self._read is None:
            raise ArgumentError(f"scenario {self.name!r} cannot be read again for another year")
        try:
            return resolve(*self._read, as_of=year)
        except NothingLaunchesError:
            return None

    def comparison_in_all_years(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Return the coalitions of both sides, also those of other years than this one."""
        table = self._read[0].get("comparison") if self._read else None
        if not table:
            return None
        a, b = (tuple(table[key]["coalitions"]) for key in ("a", "b"))
        return a, b

    @property
    def definition(self) -> dict[str, Any] | None:
        """The parsed file, with the year asked for; None if put together from others."""
        return self._read[0] if self._read else None

    @property
    def path(self) -> Path | None:
        """Where its file is; a case of one's own has a path at which there is none."""
        return self._read[1] if self._read else None

    @property
    def has_years(self) -> bool:
        """Whether `in_year` can be asked."""
        return self._read is not None

    def coalition(self, coalition_id: str) -> Coalition:
        """Return a coalition by id; an unknown id raises with a near name."""
        by_id = {c.id: c for c in self.coalitions}
        if coalition_id not in by_id:
            raise UnknownNameError(
                "coalition", coalition_id, by_id, where=f" in scenario {self.name!r}"
            )
        return by_id[coalition_id]


def scenario_names() -> tuple[str, ...]:
    """Return the names of the built-in scenarios.

    Examples
    --------
    >>> scenario_names()[:3]
    ('europe', 'asia-pacific', 'europe-vs-china')
    """
    others = sorted(p.stem for p in data_path("scenarios").glob("*.toml"))
    return BUILT_IN + tuple(name for name in others if name not in BUILT_IN)


def read_scenario(name_or_path: str | Path, *, as_of: int | None = None) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path : str or pathlib.Path
        A built-in name (`scenario_names`), or the path of a TOML file in the format of
        ``docs/scenarios.md``.
    as_of : int, optional
        A year: sites and systems that are known not to have been there are left out. It
        takes the place of the scenario's own ``as_of`` and of the years that it selects by,
        and the scenario's name ends in it.

    Returns
    -------
    Scenario
        Resolved against the catalogue.

    Raises
    ------
    UnknownNameError
        If there is neither a built-in nor a file of that name.
    ScenarioError
        If the file breaks a rule: the message names the file, the key, the value, the rule.

    Examples
    --------
    >>> read_scenario("europe").coalitions[1].name
    'Russia and Belarus'
    """
    text = str(name_or_path)
    if text in scenario_names():
        return _resolved(data_path("scenarios", f"{text}.toml"), as_of)
    path = Path(text)
    if path.is_file():
        return _resolved(path, as_of)
    if path.suffix == ".toml" or "/" in text or "\\" in text:
        raise ScenarioError(f"{text}: no such scenario file")
    raise UnknownNameError("scenario", text, scenario_names())


def _resolved(path: Path, as_of: int | None) -> Scenario:
    return resolve(read_toml(path, error=ScenarioError), path, as_of=as_of)


def resolve(table: dict[str, Any], path: Path, *, as_of: int | None = None) -> Scenario:
    """Return the scenario that a parsed TOML table describes, as of a year if one is given."""
    try:
        check_against_schema(table, path.name)
    except RecursionError:
        raise ScenarioError(f"{path.name}: nested too deeply") from None
    catalogue = load_catalogue()
    if as_of is not None:
        _check_year(as_of)
        table = {**table, "as_of": as_of}
    year: int | None = table.get("as_of")
    coalitions = _coalitions(table, catalogue, path.name)
    launches = read_launches(table, catalogue, coalitions, path.name, year)
    places, places_from = _targets(table.get("targets", {}), path)
    view = table.get("view", {})
    center = view.get("center")
    if center is not None and not (-180 <= center[0] <= 180 and -90 <= center[1] <= 90):
        raise ScenarioError(f"{path.name}, view.center {center}: not a longitude and a latitude")
    used = {launch.coalition for launch in launches}
    notes = tuple(_ended(note) for note in table.get("notes", ()))
    if year is not None:
        notes = (*notes, years_note(launches, year, catalogue))
        if places_from == "capitals":
            notes = (*notes, "The capitals are those of today.")
    if catalogue.overlay is not None:
        notes = (*notes, *catalogue.overlay.sentences())
    name = _NAME.sub("-", path.stem.casefold()).strip("-")[:60] or "scenario"
    subtitle = table.get("subtitle", "")
    return Scenario(
        name=f"{name}-{as_of}" if as_of and not name.endswith(f"-{as_of}") else name,
        title=_dated_title(table["title"], as_of),
        subtitle=f"As of {as_of}" if as_of is not None else subtitle,
        range_estimate=table.get("range_estimate", "plot"),
        notes=notes,
        coalitions=tuple(c for c in coalitions.values() if c.id in used),
        launches=launches,
        places=places,
        places_from=places_from,
        comparison=_comparison(
            table.get("comparison"), used, _may_launch(table, used, year), coalitions, path.name
        ),
        view=View(
            center=(float(center[0]), float(center[1])) if center else None,
            width_km=view.get("width_km"),
            lead=view.get("lead", "systems"),
        ),
        hash=_hash(table, launches, coalitions, places, catalogue),
        as_of=year,
        catalogue=catalogue.overlay.sha256 if catalogue.overlay else "",
        _read=(table, path),
    )


def _may_launch(table: dict[str, Any], used: set[str], year: int | None) -> set[str]:
    """Return the coalitions that launch something in some year that could be asked for."""
    at_times = {
        launch["coalition"]
        for launch in table["launches"]
        if year is not None or launch.get("history", False)
    }
    return used | at_times


def _dated_title(title: str, as_of: int | None) -> str:
    return title if as_of is None or str(as_of) in title else f"{title} ({as_of})"


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ArgumentError(f"year {year} must lie in [{FIRST_YEAR}, {LAST_YEAR}]")


def _ended(note: str) -> str:
    """Return a note with a full stop at its end, for others follow it on the same line."""
    text = note.rstrip()
    said = text.rstrip("\"')]}”’»」』）")
    marked = unicodedata.category(said[-1:] or " ") == "Po" and said[-1] not in _NO_END
    return text if marked or not said else f"{text}."


def _coalitions(table: dict[str, Any], catalogue: Catalogue, file: str) -> dict[str, Coalition]:
    """Return the coalitions named, in order; the catalogue fills what the file leaves out."""
    listed = table.get("coalitions") or [
        {"id": name} for name in dict.fromkeys(launch["coalition"] for launch in table["launches"])
    ]
    result: dict[str, Coalition] = {}
    for number, entry in enumerate(listed):
        key = entry["id"]
        where = f"{file}, coalitions[{number}]"
        if key in result:
            raise ScenarioError(f"{where}.id {key!r}: is there twice")
        base = catalogue.coalitions.get(key)
        if base is None and not {"name", "color"} <= entry.keys():
            hint = near_name(key, catalogue.coalitions)
            raise ScenarioError(
                f"{where}.id {key!r}: not in the catalogue, so it needs a name and a color{hint}"
            )
        _check_members(entry.get("members", []), where)
        name = entry.get("name") or (base.name if base else key)
        result[key] = Coalition(
            id=key,
            name=name,
            short=entry.get("short") or (base.short if base and "name" not in entry else name),
            color=entry.get("color") or (base.color if base else "#555555"),
            members=frozenset(entry["members"])
            if "members" in entry
            else (base.members_in(table.get("as_of")) if base else frozenset()),
            note=base.note if base else "",
            source_keys=base.source_keys if base else (),
            evidence=base.evidence if base else Evidence.RECALLED,
            year_from=base.year_from if base else None,
            year_to=base.year_to if base else None,
        )
    return result


def _check_members(members: list[str], where: str) -> None:
    """Refuse a code that no country has: it would leave a capital on nobody's side."""
    for number, code in enumerate(members):
        if code not in iso_codes():
            raise ScenarioError(
                f"{where}.members[{number}] {code!r}: no country has this ISO alpha-3 code"
            )


def _targets(table: dict[str, Any], path: Path) -> tuple[tuple[Place, ...], str]:
    source = table.get("places", "capitals")
    if source == "capitals":
        places, shown = _capitals(), "capitals"
    else:
        file = path.parent / source
        places = load_places(file, shown_as=f"{source} (targets of {path.name})")
        shown = Path(source).name
    countries = table.get("countries")
    if countries:
        known = {place.iso_a3 for place in places}
        for number, code in enumerate(countries):
            if code not in known:
                raise ScenarioError(
                    f"{path.name}, targets.countries[{number}] {code!r}: no target place has it"
                )
        places = tuple(place for place in places if place.iso_a3 in countries)
    return places, shown


def _comparison(
    table: dict[str, Any] | None,
    used: set[str],
    known: set[str],
    coalitions: dict[str, Coalition],
    file: str,
) -> tuple[Side, Side] | None:
    if table is None:
        return None
    for key in ("a", "b"):
        for name in table[key]["coalitions"]:
            if name not in known:
                raise ScenarioError(
                    f"{file}, comparison.{key}.coalitions {name!r}: launches nothing here"
                    f"{near_name(name, used)}"
                )
    sides = []
    for key in ("a", "b"):
        listed = table[key]["coalitions"]
        there = tuple(name for name in listed if name in used)
        if not there:
            return None
        # The name is that of the first coalition's side; in another year it may be another's.
        name = table[key]["name"]
        if listed[0] not in used:
            name = " and ".join(coalitions[one].name for one in there)
        sides.append(Side(name, there))
    return sides[0], sides[1]


def _hash(
    table: dict[str, Any],
    launches: tuple[Launch, ...],
    coalitions: dict[str, Coalition],
    places: tuple[Place, ...],
    catalogue: Catalogue,
) -> str:
    system_ids = sorted({name for launch in launches for name in launch.system_ids})
    decides = {
        "scenario": table,
        "launches": [repr(launch) for launch in launches],
        "coalitions": [
            [c.id, c.name, c.short, c.color, *sorted(c.members)] for c in coalitions.values()
        ],
        "places": [repr(place) for place in places],
        "systems": [repr(catalogue.systems[name]) for name in system_ids],
        "disputed": [repr(b) for b in catalogue.disputed_bands if b.system_id in system_ids],
        "release": repr(catalogue.release),
        "catalogue": catalogue.overlay.sha256 if catalogue.overlay else "",
    }
    text = json.dumps(decides, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
