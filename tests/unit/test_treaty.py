"""The treaty classifier: named cases, dates, other regimes, and the file of rules."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rangemap.catalogue import load_catalogue
from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import SYSTEM_TYPES, Evidence
from rangemap.catalogue.treaty import classify, classify_missile, classify_type
from rangemap.catalogue.treaty_answer import Certainty, Classification, Outcome
from rangemap.catalogue.treaty_missile import Missile, RangeValue, km, listed_type
from rangemap.catalogue.treaty_reading import differences
from rangemap.catalogue.treaty_rules import load_regimes, read_regimes
from rangemap.cli import main
from rangemap.errors import ArgumentError, CatalogueError, UnknownNameError

ROOT = Path(__file__).resolve().parents[2]
COVERED, OUTSIDE, IF_PARTY = Outcome.COVERED, Outcome.NOT_COVERED, Outcome.COVERED_IF_PARTY
DEPENDS, UNCLEAR, OPEN = Outcome.DEPENDS, Outcome.UNCLEAR, Outcome.NO_VERDICT


def class_ids(answer: Classification) -> list[str]:
    return [one.id for one in answer.classes]


def said(answer: Classification) -> str:
    return " ".join(answer.reasons)


# -- Types listed by name ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system_id", "range_class", "article"),
    [
        ("pershing-2", "intermediate", "Art. III(1)"),
        ("bgm-109g", "intermediate", "Art. III(1)"),
        ("ss-20", "intermediate", "Art. III(1)"),
        ("ss-4", "intermediate", "Art. III(1)"),
        ("ss-5", "intermediate", "Art. III(1)"),
        ("pershing-1a", "shorter", "Art. III(2)"),
        ("ss-12", "shorter", "Art. III(2)"),
        ("ss-23", "shorter", "Art. III(2)"),
        ("pershing-1b", "shorter", "Memorandum of Understanding"),
        ("ssc-x-4", "intermediate", "Memorandum of Understanding"),
    ],
)
def test_types_listed_by_name(system_id: str, range_class: str, article: str) -> None:
    answer = classify(system_id)
    assert answer.outcome is COVERED
    assert answer.basis == "listed by name"
    assert (answer.range_class, answer.article) == (range_class, article)
    assert answer.class_by_treaty == range_class
    assert answer.certainty is Certainty.HIGH
    assert answer.is_party is True
    assert answer.covered is True


def test_no_other_system_is_taken_for_a_listed_one() -> None:
    listed = [s for s in load_catalogue().systems if classify(s).basis == "listed by name"]
    assert len(listed) == 10


def test_ss_23_is_covered_by_name_despite_400_km() -> None:
    answer = classify("ss-23")
    assert "whatever range is claimed: here 400 km" in said(answer)
    assert class_ids(answer) == ["below-500", "shorter"]
    assert answer.class_by_published_range == ""
    assert answer.headline == "INF-class, shorter-range missile (500 to 1,000 km)"


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("Pershing II", "Pershing II"),
        ("pershing-2", "Pershing II"),
        ("MGM-31 Pershing II", "Pershing II"),
        ("Pershing IB (Pershing II reduced range)", "Pershing IB"),
        ("Pershing 1b", "Pershing IB"),
        ("Pershing I", None),
        ("Pershing III", None),
        ("Oka", "SS-23"),
        ("SS23", "SS-23"),
        ("SS-20 Saber", "SS-20"),
        ("SS-N-20", None),
        ("SS-2", None),
        ("BGM-109", None),
        ("BGM-109G", "BGM-109G"),
        ("BGM-109E", None),
        ("New Oka", None),
        ("R-12 Dvina", "SS-4"),
        ("OTR-22", "SS-12"),
        ("Kh-22", None),
        ("", None),
        ("Not an SS-20 at all", None),
        ("SS-20 replica", None),
        ("like the SS-20", None),
        ("Pershing II reduced range", None),
        ("Decoy (Pershing II reduced range)", None),
        ("Pershing IB (Pershing II)", "Pershing IB"),
        ("RSD-10 Pioneer", "SS-20"),
        ("RSD-10 / SS-20", "SS-20"),
        ("Temp/OTR-22", "SS-12"),
        ("New name; Oka", "SS-23"),
        ("R-400 (Oka)", "SS-23"),
        ("R-400 (OTR-23, Oka", "SS-23"),
        ("SS-23 Spider", "SS-23"),
        ("SS-20 Spider", None),
    ],
)
def test_names_are_matched_whole(name: str, listed: str | None) -> None:
    missile = Missile("", name, "", "", "ground", "ballistic", ())
    found = listed_type(missile, load_regimes().regime("inf").listed)
    assert (found.name if found else None) == listed


def test_a_listed_type_in_other_hands_was_outside() -> None:
    answer = classify_type(
        launch="ground", missile_type="ballistic", name="SS-23", country="Germany"
    )
    assert answer.outcome is IF_PARTY
    assert answer.covered is False
    assert "in other hands" in said(answer)


def test_a_listed_name_needs_its_launch_mode_and_type() -> None:
    at_sea = classify_type(2_500, launch="sea", missile_type="cruise", name="BGM-109G")
    assert at_sea.outcome is OUTSIDE
    ballistic = classify_type(300, launch="ground", missile_type="ballistic", name="BGM-109G")
    assert ballistic.outcome is OUTSIDE
    assert "listed as a cruise missile" in said(ballistic)


def test_a_name_that_holds_a_listed_one_does_not_cover() -> None:
    answer = classify_type(
        100, launch="ground", missile_type="ballistic", name="Not an SS-20 at all"
    )
    assert (answer.outcome, answer.basis) == (OUTSIDE, "range")


# -- Range ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("range_km", "range_class", "outcome"),
    [
        (0.1, "below-500", OUTSIDE),
        (499.9, "below-500", OUTSIDE),
        (500, "shorter", COVERED),
        (1_000, "shorter", COVERED),
        (1_000.1, "intermediate", COVERED),
        (5_500, "intermediate", COVERED),
        (5_500.1, "above-5500", OUTSIDE),
        (20_003, "above-5500", OUTSIDE),
    ],
)
@pytest.mark.parametrize("missile_type", ["ballistic", "cruise"])
def test_class_lines(
    range_km: float, range_class: str, outcome: Outcome, missile_type: str
) -> None:
    answer = classify_type(range_km, launch="ground", missile_type=missile_type)
    assert (answer.range_class, answer.outcome) == (range_class, outcome)
    assert answer.covered is (outcome is COVERED)
    assert answer.is_party is None
    assert ("if its owner is a Party" in said(answer)) is (outcome is COVERED)


@pytest.mark.parametrize(
    ("system_id", "classes", "meets"),
    [
        ("9m729", ["below-500", "shorter", "intermediate"], None),
        ("9m723", ["below-500", "shorter"], None),
        ("9m728", ["below-500", "shorter"], None),
        ("df-11a", ["below-500", "shorter"], None),
        ("prsm", ["below-500", "shorter"], None),
        ("df-4", ["intermediate", "above-5500"], None),
        ("agni-5", ["intermediate", "above-5500"], None),
        ("jericho-3", ["intermediate", "above-5500"], None),
        ("df-16", ["shorter", "intermediate"], True),
        ("agni-1", ["shorter", "intermediate"], True),
        ("hf-2e", ["shorter", "intermediate"], True),
        ("hyunmoo-5", ["shorter", "intermediate"], True),
        ("glcm-test-2019", ["shorter", "intermediate"], True),
        ("irbm-test-2019", ["shorter", "intermediate"], True),
    ],
)
def test_a_class_that_depends_on_the_source(
    system_id: str, classes: list[str], meets: bool | None
) -> None:
    answer = classify(system_id)
    assert answer.outcome is DEPENDS
    assert class_ids(answer) == classes
    assert answer.range_class == ""
    assert answer.class_by_treaty == ""
    assert answer.meets_definition is meets
    assert answer.headline.startswith("Covered by range" if meets else "Depends on source")
    assert all(one.values for one in answer.classes)
    assert all(value.said_by for one in answer.classes for value in one.values)


def test_no_other_system_depends_on_the_source() -> None:
    answers = [classify(system_id) for system_id in load_catalogue().systems]
    assert sum(one.outcome is DEPENDS for one in answers) == 14
    assert sum(len(one.classes) > 1 for one in answers) == 16  # and df-27 and ss-23


@pytest.mark.parametrize(
    ("system_id", "range_class", "outcome"),
    [
        ("hyunmoo-3b", "shorter", IF_PARTY),
        ("hyunmoo-2b", "shorter", IF_PARTY),
        ("iskander-1000", "shorter", COVERED),
        ("shahab-3", "intermediate", IF_PARTY),
        ("df-26", "intermediate", IF_PARTY),
        ("typhon-tomahawk", "intermediate", COVERED),
        ("oreshnik", "intermediate", COVERED),
        ("typhon-sm6", "below-500", OUTSIDE),
        ("atacms", "below-500", OUTSIDE),
        ("rs-26", "above-5500", OUTSIDE),
        ("df-41", "above-5500", OUTSIDE),
    ],
)
def test_settled_by_range(system_id: str, range_class: str, outcome: Outcome) -> None:
    answer = classify(system_id)
    assert (answer.range_class, answer.outcome) == (range_class, outcome)
    assert answer.class_by_published_range == range_class


def test_a_state_that_is_not_a_party() -> None:
    answer = classify("hyunmoo-3b")
    assert answer.if_party == "It would be covered if South Korea were a Party."
    assert answer.is_party is False
    assert (answer.covered, answer.meets_definition) == (False, True)
    assert "South Korea was not a Party to the INF Treaty." in answer.reasons
    straddles = classify("agni-5")
    assert straddles.headline.endswith("India was not a Party")
    assert straddles.covered is False


def test_9m729_has_both_positions_and_the_flight() -> None:
    answer = classify("9m729")
    sides = [one.said_by for one in answer.positions]
    assert [side.split(" (")[0] for side in sides] == [
        "Russia",
        "Western assessments",
        "United States",
    ]
    assert [one.class_id for one in answer.positions] == ["below-500", "intermediate", ""]
    assert answer.positions[2].evidence is Evidence.MIXED
    assert "2,070 km flown" in said(answer)
    assert "over 500 km (US (embassy statement))" in said(answer)


def test_prsm_flew_over_499_and_nobody_says_how_far() -> None:
    answer = classify("prsm")
    assert answer.class_by_published_range == "below-500"
    (value,) = answer.classes[1].values
    assert value.text == "over 499 km flown"
    assert "not settled" in said(answer)
    assert "700 km (Pifer), shorter-range" in said(answer)  # set aside, and told


def test_rs_26_escapes_by_one_flight() -> None:
    answer = classify("rs-26")
    assert answer.class_by_treaty == "above-5500"
    assert "5,800 km flown (Podvig)" in said(answer)
    assert answer.certainty is Certainty.MEDIUM
    assert "repeat one flight" in answer.certainty_why
    assert "Shorter flights on record: over 2,000 km flown (Podvig); 2,008 km flown" in said(answer)
    assert {"POD13", "GERTZ_RS26"} <= set(answer.source_keys)
    assert [one.source_keys for one in answer.positions] == [("GERTZ_RS26",)]


def test_no_other_system_rests_on_one_flight() -> None:
    rest = [s for s in load_catalogue().systems if "repeat one flight" in classify(s).certainty_why]
    assert rest == ["rs-26"]


# -- Ranges printed as over a figure -------------------------------------------------------------


def over_of(answer: Classification) -> dict[str, list[tuple[float, str]]]:
    """Return the lower bounds among the ranges of each class."""
    return {
        one.id: [(v.value_km, v.said_by.split(",")[0]) for v in one.values if v.is_open]
        for one in answer.classes
    }


def test_over_a_class_line_is_the_class_above() -> None:
    assert over_of(classify("df-4")) == {"intermediate": [], "above-5500": [(5_500, "US DoD")]}
    start = classify("df-4", regime="start")
    assert over_of(start) == {"up-to-5500": [], "above-5500": [(5_500, "US DoD")]}
    assert "over 5,500 km (US DoD): above 5,500 km." in said(start)
    assert over_of(classify("df-16"))["intermediate"] == [(1_000, "bestcurrentaffairs")]


def test_a_lower_bound_inside_a_class_keeps_it_and_is_open(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer = classify("9m729")
    assert over_of(answer)["shorter"] == [(500, "US (embassy statement)")]
    assert (
        "over 500 km (US (embassy statement)): shorter-range, intermediate-range or above 5,500 km."
    ) in said(answer)
    main(["classify", "9m729"])
    shown = " ".join(capsys.readouterr().out.split())
    assert "over 500 km (US (embassy statement) [TASS_USE], at least this class)" in shown


def test_glcm_test_2019_has_its_low_at_the_line() -> None:
    answer = classify("glcm-test-2019")
    shorter, intermediate = answer.classes
    assert [v.said_by for v in shorter.values] == ["the catalogue's low of this system"]
    assert [v.text for v in intermediate.values] == ["over 1,000 km", "1,600 km"]
    assert "1,000 km itself is still shorter-range" in said(answer)
    assert "which is intermediate-range" in said(answer)
    assert "over 500 km flown (US DoD), a lower bound: shorter-range, intermediate" in said(answer)


def test_ranges_that_are_all_lower_bounds_are_less_sure() -> None:
    ranges = (
        published(2_000, "greater-than"),
        replace(published(3_000, "greater-than"), said_by="x"),
    )
    missile = Missile("x", "X", "", "US", "ground", "ballistic", ranges)
    answer = classify_missile(missile, load_regimes().regime("inf"))
    assert (answer.range_class, answer.certainty) == ("intermediate", Certainty.MEDIUM)
    assert answer.certainty_why == "each of its ranges is a lower bound"
    assert classify("df-5").certainty is Certainty.HIGH  # no class lies above its own


def test_a_recalled_bound_counts_and_is_told() -> None:
    answer = classify("df-21e")
    values = [v for one in answer.classes for v in one.values]
    assert any(v.quantity == "bound" and v.value_km == 1_750 for v in values)
    assert "1,750 km" in " ".join(answer.unverified)
    assert answer.certainty is Certainty.MEDIUM


def test_certainty_of_a_range_at_a_class_line() -> None:
    answer = classify("type-12-up")
    assert answer.certainty is Certainty.MEDIUM
    assert answer.certainty_why == "1,000 km lies at a class line"
    assert classify("typhon-tomahawk").certainty is Certainty.HIGH
    assert classify("jericho-2").certainty is Certainty.LOW
    bare = classify(replace(load_catalogue().system("df-26"), id="bare"))
    assert bare.certainty is Certainty.MEDIUM
    assert "no estimate" in bare.certainty_why


# -- The two measures -------------------------------------------------------------------------


def flown(value_km: float, bound: str = "approx") -> RangeValue:
    return RangeValue(value_km, "flown", bound, "someone", "2020", "", Evidence.SEEN)


def published(value_km: float, bound: str = "approx") -> RangeValue:
    return RangeValue(value_km, "max_range", bound, "someone", "2020", "", Evidence.SEEN)


def read(missile_type: str, ranges: tuple[RangeValue, ...], flight: RangeValue) -> Classification:
    missile = Missile("x", "X", "", "US", "ground", missile_type, ranges, longest_flight=flight)
    return classify_missile(missile, load_regimes().regime("inf"))


@pytest.mark.parametrize(
    ("missile_type", "range_km", "flight", "classes"),
    [
        ("ballistic", 3_000, flown(900), ["intermediate"]),
        ("ballistic", 3_000, flown(900, "greater-than"), ["shorter", "intermediate"]),
        ("ballistic", 499, flown(499, "greater-than"), ["below-500", "shorter"]),
        ("ballistic", 499, flown(499), ["below-500"]),
        ("ballistic", 1_000, flown(1_000, "greater-than"), ["shorter", "intermediate"]),
        ("ballistic", 480, flown(470, "greater-than"), ["below-500"]),
        ("ballistic", 480, flown(700), ["below-500", "shorter"]),
        ("cruise", 3_000, flown(500, "greater-than"), ["intermediate"]),
        ("cruise", 480, flown(2_000), ["below-500", "intermediate"]),
        ("cruise", 900, flown(1_000, "greater-than"), ["shorter", "intermediate"]),
    ],
)
def test_what_a_flight_adds(
    missile_type: str, range_km: float, flight: RangeValue, classes: list[str]
) -> None:
    assert class_ids(read(missile_type, (published(range_km),), flight)) == classes


@pytest.mark.parametrize(
    ("ranges", "flight", "by_treaty"),
    [
        ((published(4_500),), flown(3_700), "intermediate"),
        ((published(4_500),), flown(700), ""),
        ((published(4_500), published(6_000)), flown(3_700), ""),
        ((published(5_472, "greater-than"),), flown(3_700), ""),
        ((published(3_000),), flown(5_800), ""),
        ((published(6_000),), flown(5_800), "above-5500"),
        ((published(6_000),), flown(5_500, "greater-than"), "above-5500"),
        ((published(5_500),), flown(5_500, "greater-than"), ""),
        ((), flown(5_800), "above-5500"),
    ],
)
def test_class_by_the_treatys_own_measure(
    ranges: tuple[RangeValue, ...], flight: RangeValue, by_treaty: str
) -> None:
    assert read("ballistic", ranges, flight).class_by_treaty == by_treaty


def test_the_tested_range_decides_for_ballistic_missiles_only() -> None:
    ballistic = classify_type(6_000, launch="ground", missile_type="ballistic", tested_km=3_000)
    assert (ballistic.outcome, ballistic.range_class) == (COVERED, "intermediate")
    assert ballistic.class_by_published_range == "above-5500"
    assert ballistic.class_by_treaty == "intermediate"
    cruise = classify_type(1_500, launch="ground", missile_type="cruise", tested_km=400)
    assert (cruise.outcome, cruise.range_class) == (COVERED, "intermediate")
    farther = classify_type(400, launch="ground", missile_type="cruise", tested_km=600)
    assert class_ids(farther) == ["below-500", "shorter"]


@pytest.mark.parametrize("missile_type", ["cruise", "ballistic", "glider"])
def test_a_test_beyond_the_range_given_contradicts_it(missile_type: str) -> None:
    answer = classify_type(400, launch="ground", missile_type=missile_type, tested_km=6_000)
    assert "farther than the range given (400 km): the two contradict each other." in said(answer)
    assert "lowers nothing" not in said(answer)


def test_a_contradiction_settles_nothing_for_a_cruise_missile() -> None:
    answer = classify_type(400, launch="ground", missile_type="cruise", tested_km=6_000)
    assert answer.outcome is DEPENDS
    assert answer.class_by_treaty == ""
    assert answer.certainty_why == "the range and the test given contradict each other"
    same = classify_type(600, launch="ground", missile_type="cruise", tested_km=700)
    assert (same.range_class, same.certainty) == ("shorter", Certainty.MEDIUM)
    assert "contradict each other" in said(same)
    short = classify_type(600, launch="ground", missile_type="cruise", tested_km=500)
    assert "short of the full range lowers nothing" in said(short)
    assert short.certainty is Certainty.HIGH
    full = classify_type(600, launch="ground", missile_type="cruise", tested_km=600)
    assert "Tested to" not in said(full)
    alone = classify_type(launch="ground", missile_type="cruise", tested_km=400)
    assert alone.certainty is Certainty.LOW
    assert "that is a lower bound, and no full range is given" in said(alone)


# -- Launch modes, gliders, interceptors, launchers ---------------------------------------------


def test_air_and_sea_launched() -> None:
    for system_id, mode in (("kinzhal", "air"), ("slcm-n", "sea"), ("tlam", "sea")):
        answer = classify(system_id)
        assert answer.outcome is OUTSIDE
        assert answer.headline == f"Not covered: {mode}-launched"
        assert answer.basis == "launch mode"
        assert answer.class_by_treaty == ""
    assert classify("kinzhal").class_by_published_range == "intermediate"
    assert classify("slcm-n").classes == ()


@pytest.mark.parametrize(
    ("system_id", "classes"),
    [
        ("df-17", ["intermediate"]),
        ("lrhw", ["intermediate"]),
        ("df-27", ["intermediate", "above-5500"]),
    ],
)
def test_gliders(system_id: str, classes: list[str]) -> None:
    answer = classify(system_id)
    assert answer.outcome is UNCLEAR
    assert answer.meets_definition is None
    assert class_ids(answer) == classes
    assert answer.headline.startswith("Definition unclear; by range intermediate-range")
    assert ("depending on source" in answer.headline) is (len(classes) > 1)


def test_a_glider_outside_the_ranges_is_outside() -> None:
    for range_km in (300, 6_000):
        answer = classify_type(range_km, launch="ground", missile_type="glider")
        assert answer.outcome is OUTSIDE
        assert "whichever definition" in said(answer)


def test_the_interceptor_exemption_is_for_sole_interceptors() -> None:
    sm6 = classify("typhon-sm6")
    assert "does not exempt it" in said(sm6)
    assert sm6.basis == "range"
    longer = replace(load_catalogue().system("typhon-sm6"), id="longer", max_low_km=600.0,
                     max_high_km=700.0)  # fmt: skip
    assert classify(longer).outcome is COVERED
    sole = classify_type(700, launch="ground", missile_type="interceptor")
    assert sole.outcome is OUTSIDE
    assert sole.article == "Art. VII(3)"


def test_mk_41_ashore_gets_positions_and_no_verdict() -> None:
    answer = classify("mk41-ashore")
    assert answer.outcome is OPEN
    assert answer.covered is None
    assert [one.said_by for one in answer.positions] == ["United States", "Russia"]
    assert answer.classes == ()
    assert answer.basis == "launcher"
    assert "not a missile" in answer.headline
    at_sea = classify_type(1_600, launch="sea", missile_type="launcher")
    assert (at_sea.outcome, at_sea.basis) == (OPEN, "launcher")


def test_a_word_without_a_rule_gets_no_verdict() -> None:
    system = load_catalogue().system("df-26")
    for other in (replace(system, type="balloon"), replace(system, launch_mode="orbit")):
        answer = classify(other)
        assert answer.outcome is OPEN
        assert "has no rule here" in said(answer)


def test_no_range_on_record() -> None:
    answer = classify_type(launch="ground", missile_type="ballistic", name="Nothing")
    assert answer.outcome is OPEN
    assert answer.headline == "No verdict: no range is on record"


# -- What it must not read ---------------------------------------------------------------------


def test_the_catalogues_own_reading_is_never_read() -> None:
    for system in load_catalogue().systems.values():
        other = replace(
            system, inf_class="nonsense", inf_basis="nonsense", treaty_declared_band_km="1-2"
        )
        assert classify(other) == classify(system), system.id


def test_only_one_module_of_the_classifier_reads_it() -> None:
    fields = re.compile(r"\.(inf_class|inf_basis|treaty_declared_band_km)\b")
    readers = [
        path.name
        for path in (ROOT / "rangemap" / "catalogue").glob("treaty*.py")
        if fields.search(path.read_text(encoding="utf-8"))
    ]
    assert readers == ["treaty_reading.py"]


# -- Dates and owners -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "in_force", "words"),
    [
        ("1987-12-07", False, "did not exist"),
        ("1987-12-08", False, "signed but not yet in force"),
        ("1987-12-09", False, "signed but not yet in force"),
        ("1988-05-31", False, "signed but not yet in force"),
        ("1988-06-01", True, "On 1 June 1988 the INF Treaty was in force."),
        ("2019-02-01", True, "was in force."),
        ("2019-02-02", True, "still in force. The United States suspended"),
        ("2019-08-01", True, "still in force. The United States suspended"),
        ("2019-08-02", False, "no longer in force"),
        ("2020-01-01", False, "no longer in force"),
    ],
)
def test_status_on_a_day(day: str, in_force: bool, words: str) -> None:
    answer = classify("ss-20", on=date.fromisoformat(day))
    assert answer.in_force is in_force
    assert words in answer.status_on
    assert answer.outcome is COVERED  # the terms read the same on any day


def test_no_day_asked() -> None:
    answer = classify("ss-20")
    assert answer.on is None
    assert answer.in_force is None
    assert "from 1 June 1988 to 2 August 2019" in answer.status_on


def test_successors_of_the_soviet_union() -> None:
    for country in ("Russia", "Belarus", "Kazakhstan", "Ukraine", "USSR", "Soviet Union"):
        answer = classify_type(
            2_000, launch="ground", missile_type="cruise", country=country, on=date(1999, 1, 1)
        )
        assert answer.outcome is COVERED, country
        assert answer.is_party is True
    assert "successors stood in its place" in said(answer)
    early = classify("9m729", on=date(1989, 1, 1))
    assert "not yet one by itself" in said(early)


def test_a_missile_from_after_the_treaty_says_so() -> None:
    assert "after the INF Treaty had ended" in said(classify("typhon-tomahawk"))
    assert "had ended" not in said(classify("rs-26"))


# -- Other regimes ----------------------------------------------------------------------------


def test_start_reads_icbms() -> None:
    for regime in ("start", "new-start"):
        for system_id in ("df-5", "df-41"):
            answer = classify(system_id, regime=regime)
            assert answer.outcome is IF_PARTY
            assert answer.headline == "ICBM (over 5,500 km) if China were a Party"
        assert classify("rs-26", regime=regime).outcome is COVERED
        assert classify("df-26", regime=regime).headline == (
            "Not covered: not an ICBM (5,500 km or less)"
        )
        assert classify("jl-2", regime=regime).outcome is OPEN
        assert classify("agni-5", regime=regime).outcome is DEPENDS
        assert classify("9m729", regime=regime).headline == "Not covered: a cruise missile"


def test_dates_of_start() -> None:
    def on(regime: str, day: str) -> bool | None:
        return classify("rs-26", regime=regime, on=date.fromisoformat(day)).in_force

    assert [on("start", d) for d in ("1994-12-04", "1994-12-05", "2009-12-04", "2009-12-05")] == [
        False, True, True, False,
    ]  # fmt: skip
    days = ("2011-02-04", "2011-02-05", "2026-02-04", "2026-02-05")
    assert [on("new-start", d) for d in days] == [False, True, True, False]
    assert classify("ss-20", regime="new-start").is_party is False


def test_mtcr_reads_the_range_line_and_not_the_payload() -> None:
    answer = classify("df-11", regime="mtcr", on=date(2000, 1, 1))
    assert answer.outcome is OPEN
    assert "the range line of Category I is met" in answer.headline
    assert "payload is not known" in answer.headline
    assert answer.is_party is None
    assert answer.in_force is None
    short = classify_type(299, launch="air", missile_type="cruise", regime="mtcr")
    assert short.outcome is OUTSIDE
    assert "is not met" in short.headline
    assert classify("atacms", regime="mtcr").outcome is DEPENDS


# -- Against the catalogue's own reading --------------------------------------------------------


def test_differences_from_the_reading_are_few_and_have_reasons() -> None:
    found = differences()
    assert [one.system_id for one in found] == ["df-27", "glcm-test-2019", "hf-2e"]
    assert len(found) <= 5
    assert all(one.why for one in found)
    assert set(load_regimes().differences) == {one.system_id for one in found}


@pytest.mark.parametrize(
    ("reading", "differs"),
    [
        ("intermediate (if a Party)", False),
        ("intermediate (if China were a Party)", False),
        ("intermediate", False),
        ("shorter (if a Party)", True),
        ("not covered", True),
        ("boundary", True),
        ("sometimes", True),
    ],
)
def test_a_difference_would_be_found(
    reading: str, differs: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = load_catalogue()
    other = replace(catalogue.system("df-26"), inf_class=reading)
    changed = replace(catalogue, systems={"df-26": other})
    monkeypatch.setattr("rangemap.catalogue.treaty_reading.load_catalogue", lambda: changed)
    assert bool(differences()) is differs


def test_a_reading_for_a_state_that_is_not_a_party_differs_for_one_that_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catalogue = load_catalogue()
    other = replace(catalogue.system("typhon-tomahawk"), inf_class="intermediate (if a Party)")
    changed = replace(catalogue, systems={"typhon-tomahawk": other})
    monkeypatch.setattr("rangemap.catalogue.treaty_reading.load_catalogue", lambda: changed)
    assert [one.system_id for one in differences()] == ["typhon-tomahawk"]


# -- The page ---------------------------------------------------------------------------------


def rows_of(heading: str) -> list[list[str]]:
    page = (ROOT / "docs" / "treaty.md").read_text(encoding="utf-8")
    part = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^\| (`.*) \|$", part, re.M)
    return [[cell.strip().strip("`") for cell in line.split("|")] for line in lines]


def test_the_page_lists_the_differences() -> None:
    assert rows_of("Where the catalogue's own reading differs") == [
        [one.system_id, one.reading, one.answer, one.why] for one in differences()
    ]


def test_the_page_lists_every_answer() -> None:
    answers = [classify(system_id) for system_id in load_catalogue().systems]
    assert rows_of("Every answer") == [
        [one.system_id, one.country, one.headline, one.certainty.value] for one in answers
    ]


# -- The file of rules -------------------------------------------------------------------------


def test_sources_and_systems_of_the_file_are_known() -> None:
    catalogue = load_catalogue()
    for regime in load_regimes().by_id.values():
        assert set(regime.source_keys) <= set(catalogue.sources)
    for system_id in catalogue.systems:
        for regime_id in load_regimes().by_id:
            answer = classify(system_id, regime=regime_id)
            assert set(answer.source_keys) <= set(catalogue.sources)
            json.dumps(answer.to_dict(), allow_nan=False)


def test_every_type_and_launch_mode_of_the_catalogue_has_a_rule() -> None:
    for regime in load_regimes().by_id.values():
        for system in load_catalogue().systems.values():
            assert regime.type_rule(system.type), (regime.id, system.type)
            assert regime.launch_rule(system.launch_mode), (regime.id, system.launch_mode)


def test_the_types_that_every_regime_knows() -> None:
    for regime in load_regimes().by_id.values():
        words = [word for rule in regime.types for word in rule.catalogue]
        assert sorted(words) == sorted(SYSTEM_TYPES), regime.id
    assert len(set(SYSTEM_TYPES)) == len(SYSTEM_TYPES)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('kind = "treaty"', 'kind = "traety"',
         ("inf.kind 'traety'", "must be one of", "did you mean 'treaty'")),
        ("signed = 1987-12-08", 'signed = "1987-12-08"', ("inf.signed '1987-12-08'", "date like")),
        ("in_force = 1988-06-01", "in_force = 1978-06-01",
         ("inf.in_force 1978-06-01", "is before signed 1987-12-08")),
        ("signed = 1987-12-08\n", "", ("inf", "'signed' is missing from a treaty")),
        ("announced = 1987-04-16\n", "", ("mtcr", "'announced' is missing from a guideline")),
        ('called = "the INF Treaty"\n', "", ("inf", "key 'called' is missing")),
        ("\nended_says", "\nendet_says", ("inf", "unknown key 'endet_says'", "did you mean")),
        ("INF_TEXT", "INF_TXET", ("source_keys", "'INF_TXET' is not known", "'INF_TEXT'")),
        ("below_km = 500\n", "below_km = 400\n",
         ("inf.range_classes[1]", "must start where 'below-500' ends")),
        ("below_km = 500\n", "to_km = 500\n",
         ("inf.range_classes[1]", "must belong to one of the two")),
        ("from_km = 0\n", "from_km = 1\n", ("range_classes[0].from_km 1", "from_km = 0")),
        ("over_km = 5500\n", "over_km = 5500\nto_km = 9000\n",
         ("the last class must have no end",)),
        ("over_km = 1000\nto_km = 5500", "over_km = 1000\nfrom_km = 1000\nto_km = 5500",
         ("needs one of from_km and over_km",)),
        ("to_km = 1000\n", "to_km = 1000\nbelow_km = 1000\n", ("has both to_km and below_km",)),
        ("to_km = 1000\n", "to_km = 100\n", ("range_classes[1].to_km 100", "must be over 500")),
        ("to_km = 1000\n", "to_km = nan\n", ("to_km nan", "number of kilometres")),
        ('class = "intermediate"', 'class = "intermedate"',
         ("inf.listed[0].class 'intermedate'", "did you mean 'intermediate'")),
        ('system_id = "mk41-ashore"', 'system_id = "mk41-ashor"',
         ("inf.positions[0].system_id", "did you mean 'mk41-ashore'")),
        ("covered = false", 'covered = "no"', ("covered 'no'", "true or false")),
        ('catalogue = ["ballistic"]', 'catalogue = "ballistic"', ("catalogue", "list of texts")),
        ('mode = "sea"', 'mode = "ground"', ("inf.launch", "'ground' is there twice")),
        ("[[inf.parties]]", "[[inf.partys]]", ("inf: unknown key 'partys'", "'parties'")),
        ("\ndf-27 =", "\ndf-72 =", ("differences.df-72", "no such system")),
        ("[new-start]", "[New-start]", ("New-start", "lower-case")),
        ("name =", "name", ("treaties.toml",)),
        ("until = 1991-12-26", "since = 1999-01-01\nuntil = 1991-12-26", ("until", "before since")),
    ],
)  # fmt: skip
def test_a_bad_rule_is_named(tmp_path: Path, old: str, new: str, words: tuple[str, ...]) -> None:
    text = data_path("treaties.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "treaties.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    catalogue = load_catalogue()
    with pytest.raises(CatalogueError) as caught:
        read_regimes(path, catalogue.sources, catalogue.systems)
    message = str(caught.value)
    assert message.startswith("treaties.toml")
    assert "\n" not in message
    for word in words:
        assert word in message


# -- What a user gives --------------------------------------------------------------------------


def test_unknown_names_suggest_a_near_one() -> None:
    with pytest.raises(UnknownNameError, match="unknown system 'ss23'; did you mean 'ss-23'"):
        classify("ss23")
    with pytest.raises(UnknownNameError, match=r"unknown regime 'starts'.*did you mean 'start'"):
        classify("ss-23", regime="starts")
    with pytest.raises(UnknownNameError, match="unknown country 'Rusia'; did you mean 'Russia'"):
        classify_type(600, launch="ground", missile_type="cruise", country="Rusia")


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), 20_004])
def test_a_bad_range_is_refused(bad: float) -> None:
    with pytest.raises(ArgumentError, match="over 0 and at most 20,003"):
        classify_type(bad, launch="ground", missile_type="cruise")
    with pytest.raises(ArgumentError, match="over 0 and at most 20,003"):
        classify_type(600, launch="ground", missile_type="cruise", tested_km=bad)


BAD_RANGES = (
    "500", True, None, b"5", 1j, pytest.param(10**400, id="huge"), ["400", "600"], [True],
)  # fmt: skip


@pytest.mark.parametrize("bad", BAD_RANGES)
def test_what_is_no_range_is_refused(bad: object) -> None:
    value = repr(bad[0] if isinstance(bad, list) else bad)
    words = "range inf km" if bad == 10**400 else f"range {value}: must be a number of kilometres"
    with pytest.raises(ArgumentError, match=re.escape(words)):
        classify_type(bad, launch="ground", missile_type="cruise")  # type: ignore[arg-type]
    if bad is not None and not isinstance(bad, list):
        with pytest.raises(ArgumentError, match=re.escape(f"tested {words}")):
            classify_type(600, launch="ground", missile_type="cruise", tested_km=bad)  # type: ignore[arg-type]


def test_ranges_have_no_exponent() -> None:
    answer = classify_type(1e-05, launch="ground", missile_type="cruise")
    assert [v.text for v in answer.classes[0].values] == ["0.00001 km"]
    assert km(499.99999999999994) == "499.99999999999994 km"
    assert km(1_234.5) == "1,234.5 km"
    assert km(1e-300) == "under 0.000001 km"


def test_near_a_line_is_not_at_it() -> None:
    why = classify("oreshnik").certainty_why
    assert why == "over 5,472 km lies within one per cent of the class line at 5,500 km"


def test_a_bad_launch_mode_or_type_is_refused() -> None:
    with pytest.raises(ArgumentError, match=r"launch 'grond'.*did you mean 'ground'"):
        classify_type(600, launch="grond", missile_type="cruise")
    with pytest.raises(ArgumentError, match=r"type 'cruse'.*did you mean 'cruise'"):
        classify_type(600, launch="ground", missile_type="cruse")


# -- The command --------------------------------------------------------------------------------


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["classify", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_the_card(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "ss-23", "--on", "1987-12-09")
    assert (code, err) == (0, "")
    assert out.startswith("OTR-23 Oka (ss-23): ground-launched, ballistic, USSR\n")
    assert "INF Treaty: INF-class, shorter-range missile (500 to 1,000 km)." in out
    assert "signed but not yet in force" in out
    assert "ECW_SS23" in out
    assert max(map(len, out.splitlines())) <= 96


def test_every_card_of_every_regime_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    for regime in load_regimes().by_id:
        for system_id in load_catalogue().systems:
            code, out, _ = run(capsys, system_id, "--regime", regime)
            assert code == 0
            assert max(map(len, out.splitlines())) <= 96
            assert "violat" not in out
            assert "  - \n" not in out
            assert not re.search(r"\.\.|\( ?\)|None|  ,", out), out


def test_a_described_missile(capsys: pytest.CaptureFixture[str]) -> None:
    described = ("--launch", "ground", "--type", "ballistic", "--range")
    assert "INF-class, shorter-range" in run(capsys, *described, "500")[1]
    assert "Not covered: below" in run(capsys, *described, "499.9")[1]
    both = run(capsys, *described, "400", "--range", "600", "--country", "China")[1]
    assert "Depends on source: below 500 km or shorter-range; China was not a Party" in both
    assert "Tested to 3,000 km" in run(capsys, *described, "6000", "--tested", "3000")[1]
    named = run(capsys, *described[:-1], "--name", "Oka", "--json")[1]
    assert json.loads(named)["article"] == "Art. III(2)"


def test_json_is_the_same_answer(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "9m729", "--json", "--on", "2019-08-01")
    record = json.loads(out)
    assert code == 0
    assert record == json.loads(json.dumps(classify("9m729", on=date(2019, 8, 1)).to_dict()))
    assert record["outcome"] == "depends-on-source"
    assert record["covered"] is None
    assert record["on"] == "2019-08-01"


def test_the_table_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--all")
    assert code == 0
    assert len(out.splitlines()) == 2 + len(load_catalogue().systems)
    for one in differences():
        assert f"{one.system_id}: {one.answer}" in err
        assert one.why in err
    records = json.loads(run(capsys, "--all", "--json")[1])
    assert [r["system_id"] for r in records if r["differs_from_reading"]] == [
        one.system_id for one in differences()
    ]
    assert "differs" not in run(capsys, "--all", "--regime", "start")[2]


GROUND = ("--launch", "ground", "--type", "ballistic")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "needs one of SYSTEM, --all"),
        (("ss23",), "did you mean 'ss-23'"),
        (("ss-23", "--all"), "needs one of"),
        (("ss-23", "--range", "500"), "needs one of"),
        ((*GROUND, "--range", "0"), "range 0 km: must be over 0"),
        ((*GROUND, "--range", "nan"), "range nan km"),
        ((*GROUND, "--range", "abc"), "'abc'"),
        (GROUND, "needs --range, --tested or --name"),
        (("--launch", "ground", "--range", "5"), "needs --launch and --type"),
        ((*GROUND, "--range", "1", "--range", "2", "--range", "3"), "once, or twice"),
        (("ss-23", "--on", "1988-13-01"), "'1988-13-01' is not a day"),
        (("ss-23", "--on", "yesterday"), "YYYY-MM-DD"),
        (("ss-23", "--regime", "salt"), "known: inf, start, new-start, mtcr"),
        ((*GROUND, "--range", "600", "--country", "Rusia"), "did you mean 'Russia'"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err
