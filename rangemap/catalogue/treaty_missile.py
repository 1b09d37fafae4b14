"""What the treaty classifier looks at in a missile; never the catalogue's own reading of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rangemap.catalogue.model import Confidence, DisputedBand, Evidence, RangeEstimate, System
from rangemap.catalogue.treaty_regimes import ListedType


@dataclass(frozen=True, order=True)
class RangeValue:
    """One range and who gives it; ``quantity`` is "max_range", "flown" or "bound"."""

    value_km: float
    quantity: str
    bound: str
    said_by: str
    date: str
    source_key: str
    evidence: Evidence

    @property
    def is_open(self) -> bool:
        """Whether it is only a lower bound: "over" a figure, that figure not included."""
        return self.bound == "greater-than"

    @property
    def text(self) -> str:
        """Wording for readers.

        Examples
        --------
        >>> RangeValue(500, "flown", "greater-than", "DoD", "2019", "X", Evidence.SEEN).text
        'over 500 km flown'
        """
        over = "over " if self.is_open else ""
        flown = " flown" if self.quantity == "flown" else ""
        return f"{over}{km(self.value_km)}{flown}"


@dataclass(frozen=True)
class Missile:
    """The facts that count: launch mode, type, names, owner, ranges and longest flight.

    ``tested_km`` is the maximum tested range where it is given as such; ``longest_flight`` is
    only the longest of the ``flights`` on record. ``set_aside`` are outliers, shown and not
    used. ``open_ends`` are the low and high of the system where its estimates give them only
    as over that figure.
    """

    id: str
    name: str
    designation: str
    country: str
    launch_mode: str
    type: str
    published: tuple[RangeValue, ...]
    set_aside: tuple[RangeValue, ...] = ()
    open_ends: tuple[RangeValue, ...] = ()
    flights: tuple[RangeValue, ...] = ()
    longest_flight: RangeValue | None = None
    tested_km: float | None = None
    disputed: tuple[DisputedBand, ...] = ()
    year_from: int | None = None
    confidence: Confidence = Confidence.HIGH
    evidence: Evidence = Evidence.SEEN

    @property
    def hypothetical(self) -> bool:
        """Whether it is described by the user and not in the catalogue."""
        return not self.id


def missile_of(
    system: System, estimates: Iterable[RangeEstimate], disputed: Iterable[DisputedBand] = ()
) -> Missile:
    """Return the facts of a system that count, in an order of their own."""
    own = [e for e in estimates if e.system_id == system.id]
    published = {_value(e) for e in own if e.counts}
    published |= _bounds(system, {one.value_km for one in published})
    flights = [_value(e) for e in own if e.quantity == "flown"]
    return Missile(
        id=system.id,
        name=system.name,
        designation=system.designation if system.designation != "none" else "",
        country=system.country,
        launch_mode=system.launch_mode,
        type=system.type,
        published=tuple(sorted(published)),
        set_aside=tuple(
            sorted({_value(e) for e in own if e.quantity == "max_range" and not e.counts})
        ),
        open_ends=tuple(sorted(_open_ends(system, published))),
        flights=tuple(sorted(set(flights))),
        longest_flight=max(flights, key=_reach) if flights else None,
        disputed=tuple(sorted(disputed, key=lambda band: band.id)),
        year_from=system.year_from,
        confidence=system.confidence,
        evidence=system.evidence,
    )


def _value(estimate: RangeEstimate) -> RangeValue:
    return RangeValue(
        estimate.value_km,
        estimate.quantity,
        estimate.bound,
        estimate.said_by,
        estimate.date,
        estimate.source_key,
        estimate.evidence,
    )


def _reach(flight: RangeValue) -> tuple[float, bool, RangeValue]:
    return flight.value_km, flight.is_open, flight


def _bounds(system: System, known: set[float]) -> set[RangeValue]:
    """Return the low and high of the system that no estimate in use gives."""
    bounds = set()
    for name, value in (("low", system.max_low_km), ("high", system.max_high_km)):
        if (
            value is not None
            and value not in known
            and (name in system.recalled_fields or not known)
        ):
            bounds.add(_bound(system, name, value))
    return bounds


def _open_ends(system: System, published: set[RangeValue]) -> set[RangeValue]:
    """Return the low and high of the system that its estimates give only as over the figure."""
    exact = {one.value_km for one in published if not one.is_open}
    over = {one.value_km for one in published if one.is_open} - exact
    return {
        _bound(system, name, value)
        for name, value in (("low", system.max_low_km), ("high", system.max_high_km))
        if value is not None and value in over
    }


def _bound(system: System, name: str, value_km: float) -> RangeValue:
    evidence = Evidence.RECALLED if name in system.recalled_fields else system.evidence
    said_by = f"the catalogue's {name} of this system"
    return RangeValue(value_km, "bound", name, said_by, "n.d.", "", evidence)


_SMALLEST_KM: Final = 1e-06  # a millimetre
_IN_BRACKETS: Final = re.compile(r"\(([^)]*)\)?")


def listed_type(missile: Missile, listed: Iterable[ListedType]) -> ListedType | None:
    """Return the type that the regime names, if a whole name of the missile is its name.

    The name and the designation may hold alternatives, with "/", "," or ";" between them or in
    brackets; those in brackets count only if no other one is listed. Two names of one type in a
    row are its name as well ("RSD-10 Pioneer"); any other word makes it another name
    ("SS-20 replica"). Where two types match, the longer name is meant.
    """
    types = tuple(listed)
    texts = (missile.name, missile.designation)
    outside = [part for text in texts for part in _parts(_IN_BRACKETS.sub(";", text))]
    inside = [part for text in texts for one in _IN_BRACKETS.findall(text) for part in _parts(one)]
    for parts in (outside, inside):
        found = [(len(part), one) for one in types for part in parts if _is_name(part, one)]
        if found:
            return max(found, key=lambda pair: (pair[0], pair[1].name))[1]
    return None


def _parts(text: str) -> list[str]:
    """Return the alternatives in a text, each as bare letters and digits."""
    return [bare for part in re.split(r"[/,;]", text) if (bare := _bare(part))]


def _is_name(part: str, listed: ListedType) -> bool:
    names = "|".join(re.escape(_bare(name)) for name in (listed.name, *listed.aliases))
    return re.fullmatch(f"(?:{names})+", part) is not None


def _bare(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", text.casefold()))


def one_of(texts: Iterable[str]) -> str:
    """Return alternatives for readers, each once.

    Examples
    --------
    >>> one_of(["a", "b", "a", "c"]), one_of(["a"])
    ('a, b or c', 'a')
    """
    *most, last = dict.fromkeys(texts)
    return f"{', '.join(most)} or {last}" if most else last


def km(value: float) -> str:
    """Return a range for readers, with as many digits as it was given and no exponent.

    Examples
    --------
    >>> km(5500), km(499.9), km(1e-05), km(1e-12)
    ('5,500 km', '499.9 km', '0.00001 km', 'under 0.000001 km')
    """
    if 0 < value < _SMALLEST_KM:
        return f"under {Decimal(repr(_SMALLEST_KM)):f} km"
    whole = f"{int(value):,}" if value == int(value) else f"{Decimal(repr(float(value))):,f}"
    return f"{whole} km"
