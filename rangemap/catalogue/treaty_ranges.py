"""The possible classes of a missile by range, and how sure they are."""

from __future__ import annotations

from typing import Final

from rangemap.catalogue.model import Confidence, Evidence
from rangemap.catalogue.treaty_answer import Certainty, ClassFound
from rangemap.catalogue.treaty_missile import Missile, RangeValue
from rangemap.catalogue.treaty_regimes import Measure, RangeClass, Regime

_NEAR: Final = 0.01
"""A range within this part of a class line may belong to the other side of it."""


def classes_found(missile: Missile, regime: Regime, measure: Measure) -> tuple[ClassFound, ...]:
    """Return every class that a range of the missile gives, from the lowest to the highest.

    Published ranges give their classes, each at its printed value. Where the treaty counts the
    tested range and that is given, it alone decides. The longest flight on record adds a class
    if it went farther than any published range, or if it is only known to be over its figure
    and so may lie in a class that no published range is in.
    """
    if missile.tested_km is not None and measure is Measure.TESTED:
        return _grouped([(regime.class_of(missile.tested_km), _tested(missile.tested_km))], regime)
    pairs = [(regime.class_of(one.value_km), one) for one in missile.published]
    flight = _flight(missile, measure)
    if flight is not None:
        pairs += [(one, flight) for one in _classes_of_flight(flight, missile, regime, measure)]
    return _grouped(pairs, regime)


def _flight(missile: Missile, measure: Measure) -> RangeValue | None:
    if missile.tested_km is not None and measure is not Measure.TESTED:
        return _tested(missile.tested_km)
    return missile.longest_flight


def _tested(value_km: float) -> RangeValue:
    return RangeValue(value_km, "flown", "max", "as given", "n.d.", "", Evidence.SEEN)


def _classes_of_flight(
    flight: RangeValue, missile: Missile, regime: Regime, measure: Measure
) -> list[RangeClass]:
    own = regime.class_of(flight.value_km)
    published = [regime.class_of(one.value_km) for one in missile.published]
    if not published or own.low_km > max(one.low_km for one in published):
        return [own]
    if measure is not Measure.TESTED or flight.bound != "greater-than":
        return []
    both = dict.fromkeys((own, class_beyond(flight, regime)))
    return [one for one in both if one not in published]


def _grouped(pairs: list[tuple[RangeClass, RangeValue]], regime: Regime) -> tuple[ClassFound, ...]:
    return tuple(
        ClassFound(
            one.id,
            one.short,
            one.term,
            one.covered,
            one.article,
            tuple(sorted({value for found, value in pairs if found is one})),
        )
        for one in regime.range_classes
        if any(found is one for found, _ in pairs)
    )


def class_by_published_range(missile: Missile, regime: Regime) -> str:
    """Return the one class of all published ranges, or an empty text."""
    ids = {regime.class_of(one.value_km).id for one in missile.published}
    return ids.pop() if len(ids) == 1 else ""


def class_by_measure(missile: Missile, regime: Regime, measure: Measure) -> str:
    """Return the class by the treaty's own measure, or an empty text if it is not settled.

    A flight on record is a lower bound of the tested range and of the distance to fuel
    exhaustion. It settles the class if the highest published range is in the same class, or
    if nothing lies above its class.
    """
    if measure is Measure.PUBLISHED:
        return ""
    if missile.tested_km is not None and measure is Measure.TESTED:
        return regime.class_of(missile.tested_km).id
    flight = _flight(missile, measure)
    if flight is None:
        return ""
    own = regime.class_of(flight.value_km)
    if own.high_km is None:
        return own.id
    published = {regime.class_of(one.value_km).id for one in missile.published}
    open_ended = any(
        one.bound == "greater-than" and class_beyond(one, regime) is not own
        for one in (flight, *missile.published)
        if regime.class_of(one.value_km) is own
    )
    return own.id if published == {own.id} and not open_ended else ""


def class_beyond(value: RangeValue, regime: Regime) -> RangeClass:
    """Return the class that a range only known to be over its figure may lie in."""
    return regime.class_of(value.value_km / (1 - _NEAR))


def certainty_of_class(
    missile: Missile, regime: Regime, found: ClassFound, measure: Measure
) -> tuple[Certainty, str]:
    """Return how sure the one class of a missile is, and why."""
    if missile.tested_km is not None and measure is Measure.TESTED:
        return Certainty.HIGH, "the maximum tested range is given, and it is what counts"
    if missile.hypothetical:
        return Certainty.HIGH, "it follows from the range given"
    values = found.values
    if missile.confidence is Confidence.LOW:
        return Certainty.LOW, "the catalogue's confidence in this system is low"
    if all(one.evidence is Evidence.RECALLED for one in values):
        return Certainty.LOW, "no range of it was read at a source"
    doubts = []
    if near := [one for one in values if _near_line(one.value_km, regime)]:
        doubts.append(f"{near[0].text} lies at a class line")
    if any(one.evidence is not Evidence.SEEN for one in values):
        doubts.append("some of its ranges were not read again at a source")
    if all(one.quantity == "bound" for one in values):
        doubts.append("no estimate stands behind the low and high of the system")
    elif len({one.said_by for one in values}) == 1:
        doubts.append("one voice gives its range")
    flight = missile.longest_flight
    if measure is Measure.TESTED and flight and regime.class_of(flight.value_km).id != found.id:
        doubts.append("the longest flight on record is in a lower class")
    if doubts:
        return Certainty.MEDIUM, "; ".join(doubts)
    return Certainty.HIGH, "all published ranges in use give the same class"


def _near_line(value_km: float, regime: Regime) -> bool:
    return any(abs(value_km - line) <= _NEAR * line for line in regime.lines_km())
