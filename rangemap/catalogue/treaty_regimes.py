"""Records of a regime: whom it binds, when, and which missiles its terms take in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from rangemap.catalogue.model import Evidence
from rangemap.errors import UnknownNameError


class RegimeKind(StrEnum):
    """A treaty binds its Parties; a guideline binds no state."""

    TREATY = "treaty"
    GUIDELINE = "guideline"


class LaunchEffect(StrEnum):
    """What a launch mode means: inside, outside, or under a definition that we do not hold."""

    COVERED = "covered"
    OUTSIDE = "outside"
    NOT_HELD = "not-held"


class TypeEffect(StrEnum):
    """What decides for a type of missile."""

    RANGE = "range"
    UNCLEAR = "unclear"
    EXEMPT = "exempt"
    LAUNCHER = "launcher"


class Measure(StrEnum):
    """Which range counts: tested at most, flown until the fuel is out, or as published."""

    TESTED = "tested"
    FUEL = "fuel"
    PUBLISHED = "published"


@dataclass(frozen=True)
class RangeClass:
    """A span of ranges in kilometres; ``high_km`` None has no end."""

    id: str
    short: str
    term: str
    low_km: float
    low_inside: bool
    high_km: float | None
    high_inside: bool
    covered: bool
    article: str
    evidence: Evidence

    def holds(self, value_km: float) -> bool:
        """Tell whether a range lies in the class.

        Examples
        --------
        >>> shorter = RangeClass("s", "", "shorter", 500, True, 1000, True, True, "", Evidence.SEEN)
        >>> [shorter.holds(km) for km in (499.9, 500, 1000, 1000.1)]
        [False, True, True, False]
        """
        over = value_km >= self.low_km if self.low_inside else value_km > self.low_km
        if self.high_km is None:
            return over
        return over and (value_km <= self.high_km if self.high_inside else value_km < self.high_km)


@dataclass(frozen=True)
class ListedType:
    """A type that the regime names; its class holds whatever range is claimed."""

    name: str
    aliases: tuple[str, ...]
    class_id: str
    type: str
    owners: tuple[str, ...]
    article: str
    tested_only: bool
    evidence: Evidence
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class TypeRule:
    """How the regime reads one type; ``catalogue`` are the words of systems.csv for it."""

    type: str
    catalogue: tuple[str, ...]
    called: str
    effect: TypeEffect
    measure: Measure
    article: str
    says: str
    evidence: Evidence
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class LaunchRule:
    """How the regime reads one launch mode."""

    mode: str
    effect: LaunchEffect
    article: str
    says: str
    evidence: Evidence


@dataclass(frozen=True)
class Party:
    """A state that the regime binds, by the name that systems.csv uses."""

    country: str
    called: str
    also: tuple[str, ...]
    since: date | None
    until: date | None
    basis: str
    evidence: Evidence
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class Position:
    """What one side says about a disputed system. ``says`` completes the name of the side."""

    system_id: str
    said_by: str
    says: str
    evidence: Evidence
    source_keys: tuple[str, ...]


@dataclass(frozen=True)
class Regime:
    """A treaty or guideline, in our own words."""

    id: str
    name: str
    called: str
    title: str
    kind: RegimeKind
    covered_as: str
    scope: str
    condition: str
    announced: date | None
    signed: date | None
    in_force: date | None
    suspended: date | None
    suspended_says: str
    ended: date | None
    ended_says: str
    parties: tuple[Party, ...]
    launch: tuple[LaunchRule, ...]
    range_classes: tuple[RangeClass, ...]
    types: tuple[TypeRule, ...]
    listed: tuple[ListedType, ...]
    positions: tuple[Position, ...]
    evidence: Evidence
    source_keys: tuple[str, ...]

    def class_of(self, value_km: float) -> RangeClass:
        """Return the class of a range."""
        return next(c for c in self.range_classes if c.holds(value_km))

    def class_by_id(self, class_id: str) -> RangeClass:
        """Return a class by its id."""
        return next(c for c in self.range_classes if c.id == class_id)

    def party(self, country: str) -> Party | None:
        """Return a Party by any of its names, or None if the state is not one."""
        folded = country.casefold()
        for one in self.parties:
            if folded in (name.casefold() for name in (one.country, *one.also)):
                return one
        return None

    def type_rule(self, kind: str) -> TypeRule | None:
        """Return the rule for a type, by its id or by the word of systems.csv."""
        return next((r for r in self.types if kind == r.type or kind in r.catalogue), None)

    def launch_rule(self, mode: str) -> LaunchRule | None:
        """Return the rule for a launch mode."""
        return next((r for r in self.launch if r.mode == mode), None)

    def lines_km(self) -> tuple[float, ...]:
        """Return the ranges at which one class ends and the next begins."""
        return tuple(c.high_km for c in self.range_classes if c.high_km is not None)


@dataclass(frozen=True)
class Regimes:
    """All regimes by id, and why the classifier differs from the catalogue's own reading."""

    by_id: dict[str, Regime]
    differences: dict[str, str]

    def regime(self, regime_id: str) -> Regime:
        """Return a regime; an unknown id raises with a near name."""
        try:
            return self.by_id[regime_id]
        except KeyError:
            where = f" (known: {', '.join(self.by_id)})"
            raise UnknownNameError("regime", regime_id, self.by_id, where) from None
