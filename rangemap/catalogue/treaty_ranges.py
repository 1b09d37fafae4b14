"""The possible classes of a missile by range, and how sure they are."""

from __future__ import annotations

import math
from typing import Final

from rangemap.catalogue.model import Confidence, Evidence
from rangemap.catalogue.treaty_answer import Certainty, ClassFound
from rangemap.catalogue.treaty_missile import Missile, RangeValue, km
from rangemap.catalogue.treaty_regimes import Measure, RangeClass, Regime

_NEAR: Final = 0.01
"""A range within this part of a class line may belong to the other side of it."""


def classes_found(missile: Missile, regime: Regime, measure: Measure) -> tuple[ClassFound, ...]:
    """Return every class that a range of the missile gives, from the lowest to the highest.

    Published ranges give their classes, as `ranges_read` reads them. Where the treaty counts the
    tested range and that is given, it alone decides. The longest flight on record adds a class
    if it went farther than any published range, or if it is only known to be over its figure
    and so may lie in a class that no published range is in.
    """
    if missile.tested_km is not None and measure is Measure.TESTED:
        return _grouped([(regime.class_of(missile.tested_km), _tested(missile.tested_km))], regime)
    pairs = ranges_read(missile, regime)
    flight = _flight(missile, measure)
    if flight is not None:
        pairs += [(one, flight) for one in _classes_of_flight(flight, missile, regime, measure)]
    return _grouped(pairs, regime)


def class_read(value: RangeValue, regime: Regime) -> RangeClass:
    """Return the class of a range; one printed as over a figure is read just above the figure.

    Examples
    --------
    >>> from rangemap.catalogue.treaty_rules import load_regimes
    >>> over = RangeValue(1_000, "max_range", "greater-than", "", "", "", Evidence.SEEN)
    >>> class_read(over, load_regimes().regime("inf")).id
    'intermediate'
    """
    above = math.nextafter(value.value_km, math.inf)
    return regime.class_of(above if value.is_open else value.value_km)


def at_line(value: RangeValue, regime: Regime) -> bool:
    """Tell whether a range is over a figure with which a class ends."""
    return class_read(value, regime) is not regime.class_of(value.value_km)


def classes_from(value: RangeValue, regime: Regime) -> tuple[RangeClass, ...]:
    """Return every class in which a lower bound leaves a range: its own and all above."""
    own = class_read(value, regime)
    return tuple(one for one in regime.range_classes if one.low_km >= own.low_km)


def ends_at_line(missile: Missile, regime: Regime) -> dict[RangeValue, tuple[RangeValue, ...]]:
    """Return each low or high that ends a class and is printed only as over that figure.

    The estimate is read above the line; the figure itself, which the catalogue gives for the
    system, is not. With each come the estimates that print it so.
    """
    over = [one for one in missile.published if at_line(one, regime)]
    found = {
        end: tuple(one for one in over if one.value_km == end.value_km) for end in missile.open_ends
    }
    return {end: estimates for end, estimates in found.items() if estimates}


def ranges_read(missile: Missile, regime: Regime) -> list[tuple[RangeClass, RangeValue]]:
    """Return each published range with its class, and each low or high that lies at a line."""
    values = (*missile.published, *ends_at_line(missile, regime))
    return [(class_read(one, regime), one) for one in values]


def contradicts(missile: Missile) -> bool:
    """Tell whether a missile was tested farther than every range that is given for it."""
    ranges = [one.value_km for one in missile.published]
    return missile.tested_km is not None and bool(ranges) and missile.tested_km > max(ranges)


def rests_on_one_flight(missile: Missile, regime: Regime, measure: Measure) -> bool:
    """Tell whether all ranges repeat one long flight, and all others were in another class."""
    longest = missile.longest_flight
    if measure is not Measure.TESTED or longest is None:
        return False
    own = class_read(longest, regime)
    others = {one.value_km: one for one in missile.flights if one.value_km != longest.value_km}
    return (
        bool(others)
        and all(class_read(one, regime) is not own for one in others.values())
        and {one.value_km for one in missile.published} == {longest.value_km}
    )


def _flight(missile: Missile, measure: Measure) -> RangeValue | None:
    if missile.tested_km is not None and measure is not Measure.TESTED:
        return _tested(missile.tested_km)
    return missile.longest_flight


def _tested(value_km: float) -> RangeValue:
    return RangeValue(value_km, "flown", "max", "as given", "n.d.", "", Evidence.SEEN)


def _classes_of_flight(
    flight: RangeValue, missile: Missile, regime: Regime, measure: Measure
) -> list[RangeClass]:
    own = class_read(flight, regime)
    published = [one for one, _ in ranges_read(missile, regime)]
    if not published or own.low_km > max(one.low_km for one in published):
        return [own]
    if measure is not Measure.TESTED or not flight.is_open:
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
    ids = {one.id for one, _ in ranges_read(missile, regime)}
    return ids.pop() if len(ids) == 1 else ""


def class_by_measure(missile: Missile, regime: Regime, measure: Measure) -> str:
    """Return the class by the treaty's own measure, or an empty text if it is not settled.

    A flight on record is a lower bound of the tested range and of the distance to fuel
    exhaustion. It settles the class if every published range is in the same class, and if no
    range lies so near the end of it that it may be in the next one.
    """
    if measure is Measure.PUBLISHED:
        return ""
    if missile.tested_km is not None and measure is Measure.TESTED:
        return regime.class_of(missile.tested_km).id
    flight = _flight(missile, measure)
    if flight is None:
        return ""
    own = class_read(flight, regime)
    published = {one.id for one, _ in ranges_read(missile, regime)}
    if own.high_km is None and not published:
        return own.id
    open_ended = any(
        one.is_open and class_beyond(one, regime) is not own for one in (flight, *missile.published)
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
    if missile.hypothetical and contradicts(missile):
        return Certainty.MEDIUM, "the range and the test given contradict each other"
    if missile.hypothetical and not missile.published:
        return Certainty.LOW, "only a test is given, a lower bound of the full range"
    if missile.hypothetical:
        return Certainty.HIGH, "it follows from the range given"
    values = found.values
    if missile.confidence is Confidence.LOW:
        return Certainty.LOW, "the catalogue's confidence in this system is low"
    if all(one.evidence is Evidence.RECALLED for one in values):
        return Certainty.LOW, "no range of it was read at a source"
    doubts = []
    if near := [one for one in values if _near_line(one.value_km, regime)]:
        doubts.append(_near_text(near[0], regime))
    if any(one.evidence is not Evidence.SEEN for one in values):
        doubts.append("some of its ranges were not read again at a source")
    if all(one.quantity == "bound" for one in values):
        doubts.append("no estimate stands behind the low and high of the system")
    elif len({one.said_by for one in values}) == 1:
        doubts.append("one voice gives its range")
    if regime.class_by_id(found.id).high_km is not None and all(one.is_open for one in values):
        doubts.append("each of its ranges is a lower bound")
    if rests_on_one_flight(missile, regime, measure):
        doubts.append("its ranges repeat one flight, and its other flights are in another class")
    flight = missile.longest_flight
    if measure is Measure.TESTED and flight and class_read(flight, regime).id != found.id:
        doubts.append("the longest flight on record is in a lower class")
    if doubts:
        return Certainty.MEDIUM, "; ".join(doubts)
    return Certainty.HIGH, "all published ranges in use give the same class"


def _near_text(value: RangeValue, regime: Regime) -> str:
    if value.value_km in regime.lines_km():
        return f"{value.text} lies at a class line"
    line = min(regime.lines_km(), key=lambda one: abs(one - value.value_km))
    return f"{value.text} lies within one per cent of the class line at {km(line)}"


def _near_line(value_km: float, regime: Regime) -> bool:
    return any(abs(value_km - line) <= _NEAR * line for line in regime.lines_km())
