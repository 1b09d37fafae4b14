"""The sentences of an answer: headline, reasons by owner and date, positions, sources."""

from __future__ import annotations

from rangemap.catalogue.model import Evidence
from rangemap.catalogue.treaty_answer import Held, Outcome
from rangemap.catalogue.treaty_finding import Finding
from rangemap.catalogue.treaty_missile import Missile, km, one_of
from rangemap.catalogue.treaty_ranges import class_read, ranges_read
from rangemap.catalogue.treaty_regimes import LaunchEffect, Regime, TypeEffect
from rangemap.catalogue.treaty_status import called


def headline(
    missile: Missile, regime: Regime, found: Finding, outcome: Outcome, is_party: bool | None
) -> str:
    """Return the answer in one line."""
    shorts = one_of(one.short for one in found.classes) if found.classes else ""
    owner = called(regime, missile.country)
    if outcome is Outcome.DEPENDS and found.meets:
        condition = f" if {owner} were a Party" if is_party is False else ""
        return f"Covered by range{condition}; {shorts} depends on source"
    if outcome is Outcome.DEPENDS:
        outside = f"; {owner} {_was(regime)} not a Party" if is_party is False else ""
        return f"Depends on source: {shorts}{outside}"
    if outcome is Outcome.UNCLEAR:
        return f"Definition unclear; by range {shorts}{_if_source(found)}"
    if outcome is Outcome.NO_VERDICT:
        return f"No verdict: {_why_open(missile, regime, found)}"
    if outcome is Outcome.NOT_COVERED and found.basis != "range":
        return f"Not covered: {_why_outside(missile, regime, found)}"
    term = regime.class_by_id(found.range_class).term
    if outcome is Outcome.NOT_COVERED:
        return f"Not covered: {term}"
    if outcome is Outcome.COVERED_IF_PARTY:
        return f"{term[:1].upper()}{term[1:]} if {owner} were a Party"
    return term if term.startswith(regime.covered_as) else f"{regime.covered_as}, {term}"


def _was(regime: Regime) -> str:
    return "was" if regime.ended else "is"


def _if_source(found: Finding) -> str:
    return ", depending on source" if len(found.classes) > 1 else ""


def _why_open(missile: Missile, regime: Regime, found: Finding) -> str:
    rule = regime.type_rule(missile.type)
    if rule is not None and rule.effect is TypeEffect.LAUNCHER:
        held = ", and the sides hold different positions" if positions(missile, regime) else ""
        return f"it is a launcher, not a missile{held}"
    if found.basis == "launch mode":
        return f"{missile.launch_mode}-launched, under a definition that is not held here"
    if found.range_class:
        return f"{regime.class_by_id(found.range_class).term}; the payload is not known"
    return "no range is on record" if found.basis == "range" else "no rule for this type"


def _why_outside(missile: Missile, regime: Regime, found: Finding) -> str:
    if found.basis == "launch mode":
        return f"{missile.launch_mode}-launched"
    rule = regime.type_rule(missile.type)
    name = rule.called if rule else missile.type
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def setting_reasons(
    missile: Missile, regime: Regime, party: str, is_party: bool | None, meets: bool | None
) -> tuple[str, ...]:
    """Return the reasons that lie in owner, time and scope."""
    reasons = [party] if party else []
    if is_party is None and regime.parties and meets is not False:
        reasons.append("No owner is given: this is by the terms, if its owner is a Party.")
    if regime.ended and missile.year_from and missile.year_from > regime.ended.year:
        reasons.append(
            f"The catalogue dates it from {missile.year_from}, after {regime.called} had ended; "
            "this is how the terms would read it."
        )
    if aside := _set_aside(missile, regime):
        reasons.append(aside)
    if regime.scope:
        reasons.append(regime.scope)
    return tuple(reasons)


def _set_aside(missile: Missile, regime: Regime) -> str:
    known = {one.id for one, _ in ranges_read(missile, regime)}
    others = [one for one in missile.set_aside if class_read(one, regime).id not in known]
    rule, launch = regime.type_rule(missile.type), regime.launch_rule(missile.launch_mode)
    if not known or not others or not rule or not launch:
        return ""
    if launch.effect is not LaunchEffect.COVERED or rule.effect is TypeEffect.LAUNCHER:
        return ""
    texts = "; ".join(
        f"{one.text} ({one.said_by}), {class_read(one, regime).short}" for one in others
    )
    return f"The catalogue sets aside, as an outlier or context: {texts}."


def if_party_sentence(owner: str, is_party: bool | None, meets: bool | None) -> str:
    """Return what would hold for a state that is not a Party, or an empty text."""
    if is_party is not False or meets is False:
        return ""
    if meets:
        return f"It would be covered if {owner} were a Party."
    return f"The question would arise only if {owner} were a Party."


def positions(missile: Missile, regime: Regime) -> tuple[Held, ...]:
    """Return what each side holds, where the catalogue or the regime's data know of a dispute."""
    rule = regime.type_rule(missile.type)
    held = []
    if rule is not None and rule.effect is not TypeEffect.LAUNCHER:
        held = [
            Held(
                band.said_by,
                f"{km(band.max_km)}, {band.basis}; {band.note}",
                regime.class_of(band.max_km).id,
                band.evidence,
                band.source_keys,
            )
            for band in missile.disputed
        ]
    held += [
        Held(one.said_by, one.says, "", one.evidence, one.source_keys)
        for one in regime.positions
        if one.system_id == missile.id
    ]
    return tuple(held)


def unverified(regime: Regime, missile: Missile, found: Finding) -> tuple[str, ...]:
    """Return what was not read again at its source, in sentences."""
    rule = regime.type_rule(missile.type)
    points = [regime.class_by_id(one.id) for one in found.classes if found.basis.endswith("range")]
    recalled = [one.article or f"the range class {one.short!r}" for one in points
                if one.evidence is not Evidence.SEEN]  # fmt: skip
    if rule is not None and rule.evidence is not Evidence.SEEN and found.basis != "launch mode":
        recalled.append(rule.article or f"the rule for a {rule.called}")
    if found.listed is not None and found.listed.evidence is not Evidence.SEEN:
        recalled = [found.listed.article]
    lines = []
    if recalled:
        lines.append(f"Recalled, not read again: {', '.join(dict.fromkeys(recalled))}.")
    values = [*(one for part in found.classes for one in part.values), *found.flights]
    ranges = [f"{one.text} ({one.said_by})" for one in values if one.evidence is not Evidence.SEEN]
    if ranges:
        texts = "; ".join(dict.fromkeys(ranges))
        lines.append(f"Ranges not read again at their source: {texts}.")
    return tuple(lines)


def source_keys(regime: Regime, missile: Missile, found: Finding) -> tuple[str, ...]:
    """Return the keys of every source that the answer rests on."""
    rule, party = regime.type_rule(missile.type), regime.party(missile.country)
    keys = [
        *regime.source_keys,
        *(rule.source_keys if rule else ()),
        *(party.source_keys if party else ()),
        *(found.listed.source_keys if found.listed else ()),
        *(one.source_key for part in found.classes for one in part.values),
        *(one.source_key for one in found.flights),
        *(key for one in positions(missile, regime) for key in one.source_keys),
    ]
    return tuple(dict.fromkeys(key for key in keys if key))
