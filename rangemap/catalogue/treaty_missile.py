"""What the treaty classifier looks at in a missile; never the catalogue's own reading of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
    def text(self) -> str:
        """Wording for readers.

        Examples
        --------
        >>> RangeValue(500, "flown", "greater-than", "DoD", "2019", "X", Evidence.SEEN).text
        'over 500 km flown'
        """
        over = "over " if self.bound == "greater-than" else ""
        flown = " flown" if self.quantity == "flown" else ""
        return f"{over}{km(self.value_km)}{flown}"


@dataclass(frozen=True)
class Missile:
    """The facts that count: launch mode, type, names, owner, ranges and longest flight.

    ``tested_km`` is the maximum tested range where it is given as such; ``longest_flight`` is
    only the longest one on record. ``set_aside`` are outliers, shown and not used.
    """

    id: str
    name: str
    designation: str
    country: str
    launch_mode: str
    type: str
    published: tuple[RangeValue, ...]
    set_aside: tuple[RangeValue, ...] = ()
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
    return flight.value_km, flight.bound == "greater-than", flight


def _bounds(system: System, known: set[float]) -> set[RangeValue]:
    """Return the low and high of the system that no estimate in use gives."""
    bounds = set()
    for name, value in (("low", system.max_low_km), ("high", system.max_high_km)):
        if (
            value is not None
            and value not in known
            and (name in system.recalled_fields or not known)
        ):
            recalled = name in system.recalled_fields
            bounds.add(
                RangeValue(
                    value,
                    "bound",
                    name,
                    f"the catalogue's {name} of this system",
                    "n.d.",
                    "",
                    Evidence.RECALLED if recalled else system.evidence,
                )
            )
    return bounds


_COMMENT: Final = re.compile(r"\([^)]*\)")


def listed_type(missile: Missile, listed: Iterable[ListedType]) -> ListedType | None:
    """Return the type that the regime names, if a name or designation of the missile is it.

    Words in brackets are a remark, not the name: "Pershing IB (Pershing II reduced range)" is
    not a Pershing II. Where two names match, the longer one is meant.
    """
    names = [
        part
        for text in (missile.name, missile.designation)
        for part in re.split(r"\s/\s|[,;]", _COMMENT.sub(" ", text))
    ]
    found = [
        (len(alias), one)
        for one in listed
        for alias in (one.name, *one.aliases)
        if any(_same(alias, name) for name in names)
    ]
    return max(found, key=lambda pair: (pair[0], pair[1].name))[1] if found else None


def _same(alias: str, name: str) -> bool:
    wanted, words = _words(alias), _words(name)
    if not words:
        return False
    if "".join(wanted) == "".join(words):
        return True
    if len(wanted) == 1:  # a word such as "Oka" must be the whole name
        return False
    return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


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
    """Return a range for readers, with as many digits as it was given.

    Examples
    --------
    >>> km(5500), km(499.9)
    ('5,500 km', '499.9 km')
    """
    whole = f"{value:,.10g}" if value != int(value) else f"{int(value):,}"
    return f"{whole} km"
