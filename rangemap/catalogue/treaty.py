"""Which missiles a treaty's terms take in: a classifier that can say "depends", and why.

It reads launch mode, type, name, owner and published ranges. It never reads the catalogue's
own reading (``inf_class``, ``inf_basis``, ``treaty_declared_band_km``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from numbers import Real
from typing import Final

from rangemap.catalogue.model import Evidence, System
from rangemap.catalogue.places import read_capitals
from rangemap.catalogue.reader import load_catalogue
from rangemap.catalogue.treaty_answer import Classification, Outcome
from rangemap.catalogue.treaty_finding import find
from rangemap.catalogue.treaty_missile import Missile, RangeValue, missile_of
from rangemap.catalogue.treaty_ranges import class_by_measure, class_by_published_range
from rangemap.catalogue.treaty_regimes import LaunchEffect, Measure, Regime
from rangemap.catalogue.treaty_rules import load_regimes
from rangemap.catalogue.treaty_status import called, party_sentence, status
from rangemap.catalogue.treaty_words import (
    headline,
    if_party_sentence,
    positions,
    setting_reasons,
    source_keys,
    unverified,
)
from rangemap.errors import ArgumentError, UnknownNameError, near_name

_LONGEST_KM: Final = 20_003  # half the meridian, as for every range of the catalogue


def classify(
    system: str | System, *, regime: str = "inf", on: date | None = None
) -> Classification:
    """Return how a regime reads a system of the catalogue.

    Parameters
    ----------
    system : str or System
        An id of the catalogue, or a record.
    regime : str
        An id of ``data/treaties.toml``: inf, start, new-start, mtcr.
    on : datetime.date, optional
        Tells as well whether the regime was in force on that day.

    Returns
    -------
    Classification
        Outcome, possible classes with the ranges that give them, reasons, certainty.

    Raises
    ------
    UnknownNameError
        If the system or the regime is not known; suggests a near name.

    References
    ----------
    INF Treaty, Arts. I to III and VII. What is recalled and not read again is told in
    ``data/treaties.toml`` and in docs/treaty.md.

    Examples
    --------
    >>> classify("ss-23").headline
    'INF-class, shorter-range missile (500 to 1,000 km)'
    >>> classify("df-26").outcome.value
    'covered-if-party'
    """
    catalogue = load_catalogue()
    record = catalogue.system(system) if isinstance(system, str) else system
    missile = missile_of(
        record, catalogue.estimates_of(record.id), catalogue.disputed_bands_of(record.id)
    )
    return classify_missile(missile, load_regimes().regime(regime), on)


def classify_type(
    range_km: float | Sequence[float] = (),
    *,
    launch: str,
    missile_type: str,
    name: str = "",
    country: str = "",
    tested_km: float | None = None,
    regime: str = "inf",
    on: date | None = None,
) -> Classification:
    """Return how a regime reads a missile that you describe.

    Parameters
    ----------
    range_km : float or sequence of float
        Its published range, or the low and high of it, in kilometres.
    launch : str
        ground, sea or air.
    missile_type : str
        ballistic, cruise, glider, interceptor or launcher, or a word of systems.csv.
    name : str
        A name or designation; a type that the treaty lists by name is found by it.
    country : str
        Its owner. Without one, the answer is by the terms alone, if the owner is a Party.
    tested_km : float, optional
        The maximum range to which it has been tested.
    regime, on
        As for `classify`.

    Returns
    -------
    Classification

    Raises
    ------
    ArgumentError
        If a value breaks a rule.

    Examples
    --------
    >>> classify_type(500, launch="ground", missile_type="ballistic").outcome.value
    'covered'
    >>> classify_type(499.9, launch="ground", missile_type="ballistic").outcome.value
    'not-covered'
    """
    terms = load_regimes().regime(regime)
    given: Iterable[object] = (range_km,)
    if isinstance(range_km, Iterable) and not isinstance(range_km, str | bytes):
        given = range_km
    ranges = [_checked("range", value) for value in given]
    tested = None if tested_km is None else _checked("tested range", tested_km)
    modes = [rule.mode for rule in terms.launch]
    if launch not in modes:
        rule = f"must be one of {', '.join(modes)}{near_name(launch, modes)}"
        raise ArgumentError(f"launch {launch!r}: {rule}")
    types = [rule.type for rule in terms.types]
    if terms.type_rule(missile_type) is None:
        rule = f"must be one of {', '.join(types)}{near_name(missile_type, types)}"
        raise ArgumentError(f"type {missile_type!r}: {rule}")
    missile = Missile(
        id="",
        name=name.strip(),
        designation="",
        country=_country(country, terms),
        launch_mode=launch,
        type=missile_type,
        published=tuple(
            RangeValue(value, "max_range", "max", "as given", "n.d.", "", Evidence.SEEN)
            for value in sorted(set(ranges))
        ),
        tested_km=tested,
    )
    return classify_missile(missile, terms, on)


def classify_missile(missile: Missile, regime: Regime, on: date | None = None) -> Classification:
    """Return how a regime reads the facts of a missile; the order of its ranges is of no matter."""
    rule = regime.type_rule(missile.type)
    measure = rule.measure if rule else Measure.PUBLISHED
    found = find(missile, regime)
    outcome, meets = found.outcome, found.meets
    is_party = bool(regime.party(missile.country)) if missile.country and regime.parties else None
    if outcome is Outcome.COVERED and is_party is False:
        outcome = Outcome.COVERED_IF_PARTY
    in_force, status_on = status(regime, on)
    party = party_sentence(regime, missile.country, on) if is_party is not None else ""
    by_treaty = found.range_class if found.listed else class_by_measure(missile, regime, measure)
    launch = regime.launch_rule(missile.launch_mode)
    if rule is None or launch is None or launch.effect is not LaunchEffect.COVERED:
        by_treaty = ""
    return Classification(
        regime=regime.id,
        regime_name=regime.name,
        system_id=missile.id,
        name=missile.name,
        launch_mode=missile.launch_mode,
        type=missile.type,
        country=missile.country,
        outcome=outcome,
        meets_definition=meets,
        range_class=found.range_class,
        classes=found.classes,
        class_by_published_range=class_by_published_range(missile, regime),
        class_by_treaty=by_treaty,
        article=found.article,
        basis=found.basis,
        headline=headline(missile, regime, found, outcome, is_party),
        reasons=(*found.reasons, *setting_reasons(missile, regime, party, is_party, meets)),
        certainty=found.certainty,
        certainty_why=found.certainty_why,
        is_party=is_party,
        if_party=if_party_sentence(called(regime, missile.country), is_party, meets),
        positions=positions(missile, regime),
        on=on,
        in_force=in_force,
        status_on=status_on,
        unverified=unverified(regime, missile, found),
        source_keys=source_keys(regime, missile, found),
    )


def _checked(what: str, value: object) -> float:
    """Return a range that a user gives, or refuse it by its value."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ArgumentError(f"{what} {value!r}: must be a number of kilometres")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) or not 0 < number <= _LONGEST_KM:
        raise ArgumentError(f"{what} {number:.15g} km: must be over 0 and at most 20,003")
    return number


def _country(country: str, regime: Regime) -> str:
    """Return a country by the name of the catalogue; a name that is nowhere is refused."""
    text = country.strip()
    if not text:
        return ""
    party = regime.party(text)
    if party is not None:
        return party.country
    known = {one.country for one in load_catalogue().systems.values()}
    known |= set(read_capitals()["country"])
    for terms in load_regimes().by_id.values():
        known |= {name for party in terms.parties for name in (party.country, *party.also)}
    by_folded = {name.casefold(): name for name in known}
    if text.casefold() not in by_folded:
        raise UnknownNameError("country", text, known)
    return by_folded[text.casefold()]
