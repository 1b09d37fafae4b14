"""The order of the rules: launcher, launch mode, name, type, range."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rangemap.catalogue.treaty_answer import Certainty, ClassFound, Outcome
from rangemap.catalogue.treaty_missile import Missile, RangeValue, km, listed_type, one_of
from rangemap.catalogue.treaty_ranges import (
    at_line,
    certainty_of_class,
    class_beyond,
    class_read,
    classes_found,
    classes_from,
    contradicts,
    ends_at_line,
    rests_on_one_flight,
)
from rangemap.catalogue.treaty_regimes import (
    LaunchEffect,
    LaunchRule,
    ListedType,
    Measure,
    Regime,
    TypeEffect,
    TypeRule,
)
from rangemap.catalogue.treaty_status import called


@dataclass(frozen=True)
class Finding:
    """What the terms say of a missile, whoever owns it."""

    outcome: Outcome
    meets: bool | None
    basis: str
    certainty: Certainty
    certainty_why: str
    reasons: tuple[str, ...]
    article: str = ""
    range_class: str = ""
    classes: tuple[ClassFound, ...] = ()
    listed: ListedType | None = None
    flights: tuple[RangeValue, ...] = ()


def find(missile: Missile, regime: Regime) -> Finding:
    """Return what the terms of a regime say of a missile, the first rule that decides."""
    rule = regime.type_rule(missile.type)
    if rule is None:
        return _open("type", f"{regime.name} has no rule here for the type {missile.type!r}.")
    if rule.effect is TypeEffect.LAUNCHER:
        return _open("launcher", rule.says, article=rule.article)
    launch = regime.launch_rule(missile.launch_mode)
    if launch is None:
        said = f"{regime.name} has no rule here for the launch mode {missile.launch_mode!r}."
        return _open("launch mode", said)
    classes = classes_found(missile, regime, rule.measure)
    if launch.effect is not LaunchEffect.COVERED:
        return _by_launch(launch, classes)
    named = listed_type(missile, regime.listed)
    if named is not None and named.type == rule.type:
        return _by_name(missile, regime, named, classes)
    if rule.effect is TypeEffect.EXEMPT:
        return _by_exemption(rule, classes)
    if not classes:
        named_too = ", and it is not listed by name" if regime.listed else ""
        said = f"No range is on record for it{named_too}."
        return _open("range", said, article=rule.article)
    found = _by_range(missile, regime, rule, classes)
    if named is not None:
        note = f"{named.name} is listed as a {named.type} missile; this is not one."
        found = _with_reason(found, note)
    return found


def _open(basis: str, reason: str, *, article: str = "") -> Finding:
    return Finding(
        Outcome.NO_VERDICT, None, basis, Certainty.LOW, "the terms alone do not settle it",
        (reason,), article,
    )  # fmt: skip


def _by_launch(launch: LaunchRule, classes: tuple[ClassFound, ...]) -> Finding:
    if launch.effect is LaunchEffect.NOT_HELD:
        return Finding(
            Outcome.NO_VERDICT, None, "launch mode", Certainty.LOW,
            "the definition that would decide is not in this file", (launch.says,),
            launch.article, classes=classes,
        )  # fmt: skip
    return Finding(
        Outcome.NOT_COVERED, False, "launch mode", Certainty.HIGH,
        "the launch mode alone decides", (launch.says,), launch.article, classes=classes,
    )  # fmt: skip


def _by_name(
    missile: Missile, regime: Regime, named: ListedType, classes: tuple[ClassFound, ...]
) -> Finding:
    own = regime.class_by_id(named.class_id)
    how = "declares it as tested and not deployed" if named.tested_only else "lists it by name"
    reasons = [f"The treaty {how}: {named.name}, {own.short} ({named.article})."]
    others = [one for one in classes if one.id != named.class_id]
    if others:
        lowest = others[0].values[0]
        reasons.append(
            f"A listed type is covered whatever range is claimed: here {lowest.text} "
            f"({lowest.said_by}) would be {others[0].short}."
        )
    if missile.country and missile.country not in named.owners:
        reasons.append(
            f"The treaty lists it as a type of {called(regime, named.owners[0])}; "
            "missiles of the type in other hands were outside its limits."
        )
    return Finding(
        Outcome.COVERED, True, "listed by name", Certainty.HIGH,
        "the treaty names the type, so no range has to be weighed", tuple(reasons),
        named.article, named.class_id, classes, named,
    )  # fmt: skip


def _by_exemption(rule: TypeRule, classes: tuple[ClassFound, ...]) -> Finding:
    return Finding(
        Outcome.NOT_COVERED, False, "type", Certainty.MEDIUM,
        "it rests on the type being what it is said to be", (rule.says,), rule.article,
        classes=classes,
    )  # fmt: skip


def _by_range(
    missile: Missile, regime: Regime, rule: TypeRule, classes: tuple[ClassFound, ...]
) -> Finding:
    told = _flights_told(missile, regime, rule)
    reasons = (
        rule.says,
        *_flight_reasons(missile, regime, rule, classes),
        *_over_reasons(missile, regime, classes),
    )
    if len(classes) == 1:
        return replace(_settled(missile, regime, rule, classes[0], reasons), flights=told)
    return replace(_several(missile, rule, classes, reasons), flights=told)


def _several(
    missile: Missile, rule: TypeRule, classes: tuple[ClassFound, ...], reasons: tuple[str, ...]
) -> Finding:
    meets = True if all(one.covered for one in classes) else None
    known = "given" if missile.hypothetical else "on record"
    why = f"ranges {known} give different classes"
    if contradicts(missile):
        why = "the range and the test given contradict each other"
    if rule.effect is TypeEffect.UNCLEAR:
        return Finding(
            Outcome.UNCLEAR, None, "type and range", Certainty.LOW,
            f"the definition is unclear, and {why}", reasons, rule.article, "", classes,
        )  # fmt: skip
    if meets:
        return Finding(
            Outcome.DEPENDS, True, "range", Certainty.MEDIUM,
            f"every class {known} is covered; only which one is open", reasons,
            _articles(classes, rule), "", classes,
        )  # fmt: skip
    return Finding(
        Outcome.DEPENDS, None, "range", Certainty.LOW, why, reasons,
        _articles(classes, rule), "", classes,
    )  # fmt: skip


def _settled(
    missile: Missile, regime: Regime, rule: TypeRule, one: ClassFound, reasons: tuple[str, ...]
) -> Finding:
    certainty, why = certainty_of_class(missile, regime, one, rule.measure)
    article = _articles((one,), rule)
    if not one.covered:
        if rule.effect is TypeEffect.UNCLEAR:
            reasons = (*reasons, "By its range it is outside, whichever definition is asked.")
        return Finding(
            Outcome.NOT_COVERED, False, "range", certainty, why, reasons, article, one.id, (one,)
        )
    if rule.effect is TypeEffect.UNCLEAR:
        return Finding(
            Outcome.UNCLEAR, None, "type and range", Certainty.LOW,
            "the range is clear, the definition is not", reasons, rule.article, one.id, (one,),
        )  # fmt: skip
    if regime.condition:
        return Finding(
            Outcome.NO_VERDICT, None, "range", Certainty.LOW,
            "one of two lines is known", (*reasons, regime.condition), article, one.id, (one,),
        )  # fmt: skip
    return Finding(Outcome.COVERED, True, "range", certainty, why, reasons, article, one.id, (one,))


def _articles(classes: tuple[ClassFound, ...], rule: TypeRule) -> str:
    names = [one.article for one in classes if one.covered] or [one.article for one in classes]
    return ", ".join(dict.fromkeys(name for name in (*names, rule.article) if name))


def _flights_told(missile: Missile, regime: Regime, rule: TypeRule) -> tuple[RangeValue, ...]:
    """Return the flights on record of which the reasons tell."""
    if missile.longest_flight is None or missile.tested_km is not None:
        return ()
    if rule.measure is Measure.PUBLISHED:
        return ()
    others = [one for one in missile.flights if one.value_km != missile.longest_flight.value_km]
    shorter = others if rests_on_one_flight(missile, regime, rule.measure) else []
    return (missile.longest_flight, *shorter)


def _flight_reasons(
    missile: Missile, regime: Regime, rule: TypeRule, classes: tuple[ClassFound, ...]
) -> list[str]:
    if missile.tested_km is not None:
        return _test_reasons(missile, regime, rule, missile.tested_km)
    told = _flights_told(missile, regime, rule)
    if not told:
        return []
    flight, shorter = told[0], told[1:]
    own = class_read(flight, regime)
    text = f"Longest flight on record: {flight.text} ({flight.said_by}){_where(flight, regime)}."
    if any(class_read(one, regime).low_km < own.low_km for one in missile.published):
        text += " If that is accepted, a smaller figure is not its full range."
    if rule.measure is Measure.FUEL:
        return [f"{text} A short flight would not lower the class."]
    in_use = any(flight in one.values for one in classes)
    same = [one.id for one in classes] == [own.id]
    if flight.is_open and in_use:
        text += " How much farther it flew is not public, so the tested range is not settled."
    elif not same:
        text += " It is a lower bound of the tested range; longer tests may be missing here."
    if not shorter:
        return [text]
    flown = "; ".join(f"{one.text} ({one.said_by})" for one in shorter)
    where = one_of(class_read(one, regime).short for one in shorter)
    return [
        text,
        f"Shorter flights on record: {flown}, {where}. Its published ranges repeat the one long "
        "flight, so its class rests on that flight.",
    ]


def _where(flight: RangeValue, regime: Regime) -> str:
    """Return the class of a flight, or every class that a lower bound leaves open."""
    own, beyond = class_read(flight, regime), class_beyond(flight, regime)
    if not flight.is_open or own.high_km is None:
        return f", {own.short}"
    if beyond is not own:
        return f", at the line of {own.short} and {beyond.short}"
    shorts = one_of(one.short for one in classes_from(flight, regime))
    return f", a lower bound: {shorts}"


def _test_reasons(missile: Missile, regime: Regime, rule: TypeRule, tested_km: float) -> list[str]:
    """Tell what a test that is given means beside the range that is given."""
    text = f"Tested to {km(tested_km)}"
    if not missile.published:
        counts = rule.measure is Measure.TESTED
        return [] if counts else [f"{text}; that is a lower bound, and no full range is given."]
    highest = max(one.value_km for one in missile.published)
    clash = f"farther than the range given ({km(highest)}): the two contradict each other."
    if rule.measure is not Measure.TESTED:
        if contradicts(missile):
            return [f"{text}, {clash} If the test is right, the range given is not the full one."]
        short = rule.measure is Measure.FUEL and tested_km < highest
        return [f"{text}; a test short of the full range lowers nothing."] if short else []
    reasons = [f"{text}, {clash}"] if contradicts(missile) else []
    own = regime.class_of(tested_km)
    published = [class_read(one, regime) for one in missile.published]
    if any(one is not own for one in published):
        reasons.append(
            f"{text}: that counts, not the published range, which would be "
            f"{one_of(one.short for one in published)}."
        )
    return reasons


def _over_reasons(missile: Missile, regime: Regime, classes: tuple[ClassFound, ...]) -> list[str]:
    """Tell how a range printed as "over" a figure is read, where the class may turn on it."""
    over: dict[tuple[str, ...], list[str]] = {}
    for value in (value for found in classes for value in found.values):
        shorts = tuple(one.short for one in classes_from(value, regime))
        open_above = len(classes) > 1 and len(shorts) > 1
        if value.is_open and value.quantity != "flown" and (open_above or at_line(value, regime)):
            over.setdefault(shorts, []).append(f"{value.text} ({value.said_by})")
    if not over:
        return []
    texts = [
        f"{', '.join(dict.fromkeys(values))}: {one_of(shorts)}" for shorts, values in over.items()
    ]
    reasons = [
        "A range printed as over a figure is a lower bound and is read just above the figure: "
        f"{'; '.join(texts)}."
    ]
    for end, estimates in ends_at_line(missile, regime).items():
        printed = one_of(f"{one.text} ({one.said_by})" for one in estimates)
        below, above = regime.class_of(end.value_km), class_read(estimates[0], regime)
        reasons.append(
            f"{end.said_by[:1].upper()}{end.said_by[1:]} is {km(end.value_km)}, at the line: "
            f"{km(end.value_km)} itself is still {below.short}. It is printed only as {printed}, "
            f"which is {above.short}."
        )
    return reasons


def _with_reason(found: Finding, reason: str) -> Finding:
    return replace(found, reasons=(*found.reasons, reason))
