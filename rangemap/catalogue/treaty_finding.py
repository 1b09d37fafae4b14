"""The order of the rules: launcher, launch mode, name, type, range."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rangemap.catalogue.treaty_answer import Certainty, ClassFound, Outcome
from rangemap.catalogue.treaty_missile import Missile, km, listed_type, one_of
from rangemap.catalogue.treaty_ranges import certainty_of_class, class_beyond, classes_found
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
    reasons = (rule.says, *_flight_reasons(missile, regime, rule, classes))
    if len(classes) == 1:
        return _settled(missile, regime, rule, classes[0], reasons)
    meets = True if all(one.covered for one in classes) else None
    reasons = (*reasons, *_over_reasons(classes))
    why = "ranges on record give different classes"
    if rule.effect is TypeEffect.UNCLEAR:
        return Finding(
            Outcome.UNCLEAR, None, "type and range", Certainty.LOW,
            f"the definition is unclear, and {why}", reasons, rule.article, "", classes,
        )  # fmt: skip
    if meets:
        return Finding(
            Outcome.DEPENDS, True, "range", Certainty.MEDIUM,
            "every class on record is covered; only which one is open", reasons,
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


def _flight_reasons(
    missile: Missile, regime: Regime, rule: TypeRule, classes: tuple[ClassFound, ...]
) -> list[str]:
    if missile.tested_km is not None and rule.measure is Measure.TESTED:
        published = [regime.class_of(one.value_km) for one in missile.published]
        if any(one.id != classes[0].id for one in published):
            return [
                f"Tested to {km(missile.tested_km)}: that counts, not the published range, which "
                f"would be {one_of(one.short for one in published)}."
            ]
        return []
    flight = missile.longest_flight
    if flight is None or rule.measure is Measure.PUBLISHED:
        return _short_test(missile, rule)
    own = regime.class_of(flight.value_km)
    beyond = class_beyond(flight, regime) if flight.bound == "greater-than" else own
    where = own.short if beyond is own else f"at the line of {own.short} and {beyond.short}"
    text = f"Longest flight on record: {flight.text} ({flight.said_by}), {where}."
    if any(regime.class_of(one.value_km).low_km < own.low_km for one in missile.published):
        text += " If that is accepted, a smaller figure is not its full range."
    if rule.measure is Measure.FUEL:
        return [f"{text} A short flight would not lower the class."]
    in_use = any(flight in one.values for one in classes)
    same = [one.id for one in classes] == [own.id]
    if flight.bound == "greater-than" and in_use:
        text += " How much farther it flew is not public, so the tested range is not settled."
    elif not same:
        text += " It is a lower bound of the tested range; longer tests may be missing here."
    return [text]


def _short_test(missile: Missile, rule: TypeRule) -> list[str]:
    if missile.tested_km is None or rule.measure is not Measure.FUEL:
        return []
    return [f"Tested to {km(missile.tested_km)}; a test short of the full range lowers nothing."]


def _over_reasons(classes: tuple[ClassFound, ...]) -> list[str]:
    """Tell that a range printed as "over" a figure is read at the figure."""
    over = [
        one for found in classes for one in found.values
        if one.bound == "greater-than" and one.quantity != "flown"
    ]  # fmt: skip
    if not over:
        return []
    texts = "; ".join(dict.fromkeys(f"{one.text} ({one.said_by})" for one in over))
    return [f"A range printed as over a figure is read at the figure, its lower end: {texts}."]


def _with_reason(found: Finding, reason: str) -> Finding:
    return replace(found, reasons=(*found.reasons, reason))
