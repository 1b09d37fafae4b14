"""What holds for every missile: order is of no matter, and one more range never settles."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rangemap.catalogue import load_catalogue
from rangemap.catalogue.model import Evidence
from rangemap.catalogue.treaty import classify_missile
from rangemap.catalogue.treaty_answer import Outcome
from rangemap.catalogue.treaty_missile import Missile, RangeValue, missile_of
from rangemap.catalogue.treaty_ranges import class_read
from rangemap.catalogue.treaty_rules import load_regimes

REGIMES = sorted(load_regimes().by_id)
LINES = [299.0, 300.0, 495.0, 499.0, 499.9, 500.0, 1_000.0, 1_000.1, 5_472.0, 5_500.0, 5_501.0]
KM = st.one_of(st.sampled_from(LINES), st.floats(1, 20_003))
BOUNDS = st.sampled_from(["approx", "max", "min", "greater-than"])
TYPES = st.sampled_from(["ballistic", "cruise", "HGV", "SAM with surface-strike mode"])


def values(quantity: str) -> st.SearchStrategy[RangeValue]:
    return st.builds(
        RangeValue, KM, st.just(quantity), BOUNDS, st.sampled_from(["A", "B"]), st.just("2020"),
        st.just(""), st.sampled_from(Evidence),
    )  # fmt: skip


RANGES = st.lists(values("max_range"), min_size=1, max_size=6)
FLIGHTS = st.none() | values("flown")


def missile(kind: str, ranges: list[RangeValue], flight: RangeValue | None) -> Missile:
    return Missile("x", "X", "", "US", "ground", kind, tuple(sorted(ranges)), longest_flight=flight)


@given(st.sampled_from(REGIMES), st.integers(0, 10_000))
def test_the_order_of_estimates_is_of_no_matter(regime_id: str, seed: int) -> None:
    catalogue, regime = load_catalogue(), load_regimes().regime(regime_id)
    shuffler = random.Random(seed)
    system = shuffler.choice(list(catalogue.systems.values()))
    estimates = list(catalogue.estimates_of(system.id))
    bands = list(catalogue.disputed_bands_of(system.id))
    before = classify_missile(missile_of(system, estimates, bands), regime)
    shuffler.shuffle(estimates)
    shuffler.shuffle(bands)
    assert classify_missile(missile_of(system, estimates, bands), regime) == before


@given(st.sampled_from(REGIMES), TYPES, RANGES, FLIGHTS, values("max_range"))
def test_one_more_range_never_settles_what_depends(
    regime_id: str, kind: str, ranges: list[RangeValue], flight: RangeValue | None, more: RangeValue
) -> None:
    regime = load_regimes().regime(regime_id)
    before = classify_missile(missile(kind, ranges, flight), regime)
    after = classify_missile(missile(kind, [*ranges, more], flight), regime)
    if before.outcome is Outcome.DEPENDS:
        assert after.outcome is Outcome.DEPENDS
        assert before.meets_definition is not None or after.meets_definition is None
    if len(before.classes) > 1:
        assert len(after.classes) > 1
    kept = {one.id for one in before.classes if any(v.quantity != "flown" for v in one.values)}
    assert kept <= {one.id for one in after.classes}


@given(st.sampled_from(REGIMES), KM)
def test_every_range_has_one_class(regime_id: str, range_km: float) -> None:
    regime = load_regimes().regime(regime_id)
    assert sum(one.holds(range_km) for one in regime.range_classes) == 1
    assert regime.class_of(range_km).holds(range_km)


@given(st.sampled_from(REGIMES), values("max_range"), st.booleans())
def test_over_a_figure_is_read_in_the_class_just_above(
    regime_id: str, value: RangeValue, on_a_line: bool
) -> None:
    regime = load_regimes().regime(regime_id)
    if on_a_line:
        value = replace(value, value_km=max(regime.lines_km()), bound="greater-than")
    read, at = class_read(value, regime), regime.class_of(value.value_km)
    if value.is_open and at.high_km == value.value_km:  # the line belongs to the lower class
        assert read is not at
        assert read.low_km == value.value_km
    else:
        assert read is at


@given(TYPES, RANGES, FLIGHTS)
def test_the_answer_agrees_with_its_own_classes(
    kind: str, ranges: list[RangeValue], flight: RangeValue | None
) -> None:
    regime = load_regimes().regime("inf")
    answer = classify_missile(missile(kind, ranges, flight), regime)
    for one in answer.classes:
        assert one.values
        for value in one.values:
            in_class = class_read(value, regime).id == one.id
            assert in_class or (value.quantity == "flown" and value.is_open)
    covered = {one.covered for one in answer.classes}
    if answer.outcome is Outcome.COVERED:
        assert covered == {True}
        assert answer.range_class
    elif answer.outcome is Outcome.NOT_COVERED:
        assert covered == {False}
    elif answer.outcome is Outcome.DEPENDS:
        assert len(answer.classes) > 1
        assert answer.meets_definition is (True if covered == {True} else None)
    else:
        assert kind == "HGV"


@given(RANGES, FLIGHTS)
def test_a_shorter_flight_never_lowers_a_cruise_missile(
    ranges: list[RangeValue], flight: RangeValue | None
) -> None:
    regime = load_regimes().regime("inf")
    without = classify_missile(missile("cruise", ranges, None), regime)
    highest = max(one.value_km for one in ranges)
    if flight is not None and flight.value_km <= highest:
        with_flight = classify_missile(missile("cruise", ranges, flight), regime)
        assert with_flight.classes == without.classes
        assert with_flight.outcome is without.outcome


@given(RANGES, FLIGHTS, st.sampled_from(["China", "US", "Russia", "India"]))
def test_an_owner_that_is_not_a_party_is_never_covered(
    ranges: list[RangeValue], flight: RangeValue | None, country: str
) -> None:
    regime = load_regimes().regime("inf")
    one = replace(missile("ballistic", ranges, flight), country=country)
    answer = classify_missile(one, regime)
    if country in ("China", "India"):
        assert answer.covered is False
        assert answer.outcome is not Outcome.COVERED
    else:
        assert answer.outcome is not Outcome.COVERED_IF_PARTY
        assert answer.covered is answer.meets_definition
