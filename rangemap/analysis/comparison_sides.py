"""What two sides of a comparison are: scenarios or their coalitions, with bands of one kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import geopandas

from rangemap.analysis.bands import range_bands
from rangemap.analysis.scenario import Scenario, read_scenario, scenario_names
from rangemap.catalogue import Place
from rangemap.errors import ArgumentError, near_name

__all__ = [
    "A_ONLY",
    "BASES",
    "BOTH",
    "BY_SYSTEMS",
    "BY_TREATY",
    "B_ONLY",
    "CATEGORIES",
    "NEITHER",
    "OWN",
    "Basis",
    "ComparedSide",
    "inline_name",
    "merged_places",
    "read_sides",
    "usable_basis",
]  # fmt: skip

A_ONLY: Final = "a-only"
B_ONLY: Final = "b-only"
BOTH: Final = "both"
NEITHER: Final = "neither"
OWN: Final = "own-side"
CATEGORIES: Final = (A_ONLY, B_ONLY, BOTH, NEITHER, OWN)

Basis = Literal["treaty", "systems"]
BY_TREATY: Final = "treaty"
BY_SYSTEMS: Final = "systems"
BASES: Final[tuple[Basis, ...]] = (BY_TREATY, BY_SYSTEMS)

_DATED: Final = re.compile(r"(.+)@(\d{4})")


@dataclass(frozen=True)
class ComparedSide:
    """One side: its name, its scenario, the coalitions taken from it and their bands.

    ``origins`` are the ids of its coalitions before they were told apart from those of the
    other side; empty if they were not.
    """

    name: str
    scenario: Scenario
    coalitions: tuple[str, ...]
    bands: geopandas.GeoDataFrame
    origins: tuple[str, ...] = ()

    @property
    def color(self) -> str:
        """The colour of its first coalition."""
        return self.scenario.coalition(self.coalitions[0]).color

    def of_basis(self, by: Basis) -> geopandas.GeoDataFrame:
        """Return its treaty bands, or its other bands: ranges of systems and of the scenario."""
        treaty = self.bands["band_kind"] == "treaty"
        return self.bands[treaty if by == BY_TREATY else ~treaty]

    def shares_a_coalition(self, other: ComparedSide) -> bool:
        """Tell whether both hold the same coalition, be it in two years or two scenarios."""
        own, theirs = (set(side.origins or side.coalitions) for side in (self, other))
        return bool(own & theirs)

    def with_label(self, label: str) -> ComparedSide:
        """Return it with something behind its name that tells it from the other side."""
        return replace(self, name=f"{self.name} ({label})")

    def owners(self, iso_a3: str) -> frozenset[str]:
        """Return the ids of its coalitions that a country, by ISO alpha-3 code, is a member of."""
        return frozenset(
            name for name in self.coalitions if iso_a3 in self.scenario.coalition(name).members
        )


def usable_basis(a: ComparedSide, b: ComparedSide, by: Basis | None) -> Basis:
    """Return the basis asked for, or the treaty if both sides have its band, else systems.

    Raises
    ------
    ArgumentError
        If there is no such basis, or a side has no band of that kind.
    """
    if by is not None and by not in BASES:
        raise ArgumentError(f"basis {by!r} is not one of {', '.join(BASES)}{near_name(by, BASES)}")
    if by is None:
        by = BY_TREATY if all(len(side.of_basis(BY_TREATY)) for side in (a, b)) else BY_SYSTEMS
    for side in (a, b):
        if len(side.of_basis(by)):
            continue
        if by == BY_TREATY:
            raise ArgumentError(
                f"{side.name!r} has no treaty band to compare (treaty_band = false in its "
                "scenario); compare by systems"
            )
        raise ArgumentError(
            f"{side.name!r} has no range of a system or of its own to compare by systems"
        )
    return by


def read_sides(
    a: str | Path | Scenario, b: str | Path | Scenario
) -> tuple[ComparedSide, ComparedSide]:
    """Return two sides with ids and names that tell them apart.

    Two scenarios may each have a coalition of the same id: then each gets the scenario's name
    behind its own, so that a view of both can tell them apart.
    """
    first, second = _Asked.of(a), _Asked.of(b)
    labels = [one.scenario.name for one in (first, second)]
    if labels[0] == labels[1]:
        labels = [f"{label}-{key}" for label, key in zip(labels, "ab", strict=True)]
    if first.scenario.hash != second.scenario.hash:
        ids = [{c.id for c in one.scenario.coalitions} for one in (first, second)]
        shared = ids[0] & ids[1]
        if shared:
            first, second = first.apart(shared, labels[0]), second.apart(shared, labels[1])
    a_side, b_side = first.side(), second.side()
    if a_side.name == b_side.name and first.scenario.hash != second.scenario.hash:
        return a_side.with_label(labels[0]), b_side.with_label(labels[1])
    return a_side, b_side


@dataclass(frozen=True)
class _Asked:
    """A scenario and those of its coalitions that were asked for; ``origins`` are their ids."""

    scenario: Scenario
    origins: dict[str, str]
    coalition: str | None

    @classmethod
    def of(cls, what: str | Path | Scenario) -> _Asked:
        if isinstance(what, Scenario):
            return cls(what, {c.id: c.id for c in what.coalitions}, None)
        name, coalition, year = str(what), None, None
        if name not in scenario_names() and not Path(name).is_file() and ":" in name:
            name, coalition = name.rsplit(":", 1)
        dated = _DATED.fullmatch(name)
        if dated and not Path(name).is_file():
            name, year = dated[1], int(dated[2])
        scenario = read_scenario(name, as_of=year)
        if coalition is not None:
            scenario.coalition(coalition)
        asked = cls(scenario, {c.id: c.id for c in scenario.coalitions}, coalition)
        if year is None:
            return asked
        return asked.renamed(set(asked.origins), f"-{year}", f", {year}", f" {year}")

    def apart(self, shared: set[str], label: str) -> _Asked:
        """Give the coalitions that the other side has as well ids of their own."""
        return self.renamed(shared, f"-{label}", "", "")

    def renamed(self, ids: set[str], key: str, name: str, short: str) -> _Asked:
        """Put something behind the ids and names of some coalitions."""
        new = {one: f"{one}{key}" if one in ids else one for one in self.origins}
        scenario = _renamed(self.scenario, ids, key, name, short)
        coalition = new[self.coalition] if self.coalition else None
        return _Asked(scenario, {new[k]: first for k, first in self.origins.items()}, coalition)

    def side(self) -> ComparedSide:
        scenario, coalition = self.scenario, self.coalition
        bands = range_bands(scenario)
        name, chosen = _whole_name(scenario), tuple(c.id for c in scenario.coalitions)
        if coalition is not None:
            name, chosen = scenario.coalition(coalition).name, (coalition,)
            bands = bands[bands["coalition"] == coalition].reset_index(drop=True)
        origins = tuple(self.origins[one] for one in chosen)
        return ComparedSide(name, scenario, chosen, bands, origins)


def _renamed(scenario: Scenario, ids: set[str], key: str, name: str, short: str) -> Scenario:
    """Return a scenario with something put behind the ids and names of some coalitions."""
    return replace(
        scenario,
        coalitions=tuple(
            replace(c, id=f"{c.id}{key}", name=f"{c.name}{name}", short=f"{c.short}{short}")
            if c.id in ids
            else c
            for c in scenario.coalitions
        ),
        launches=tuple(
            replace(launch, coalition=f"{launch.coalition}{key}")
            if launch.coalition in ids
            else launch
            for launch in scenario.launches
        ),
        comparison=None,
    )


def _whole_name(scenario: Scenario) -> str:
    if len(scenario.coalitions) == 1:
        return scenario.coalitions[0].name
    theatres = {launch.site.theatre for launch in scenario.launches}
    where = theatres.pop() if len(theatres) == 1 else ""
    if where and scenario.as_of is not None:
        return f"Launch sites in {where}, {scenario.as_of}"
    return f"Launch sites in {where}" if where else scenario.title.split(":")[0]


def inline_name(name: str) -> str:
    """Return a side's name for the middle of a sentence.

    Examples
    --------
    >>> inline_name("Launch sites in Europe"), inline_name("China"), inline_name("NATO sites")
    ('launch sites in Europe', 'China', 'NATO sites')
    """
    return name[0].lower() + name[1:] if name.startswith("Launch sites") else name


def merged_places(a: Scenario, b: Scenario) -> tuple[Place, ...]:
    """Return the places of both scenarios, each once.

    Raises
    ------
    ArgumentError
        If one id stands for two places.
    """
    merged: dict[str, Place] = {}
    for place in (*a.places, *b.places):
        known = merged.setdefault(place.place_id, place)
        if (known.lon, known.lat) != (place.lon, place.lat):
            raise ArgumentError(
                f"place_id {place.place_id!r} is {known.place!r} in {a.name} and "
                f"{place.place!r} in {b.name}: give the places of both ids of their own"
            )
    return tuple(merged.values())
