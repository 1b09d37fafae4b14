"""Published statements recomputed: the acceptance cases, the shares, the readings, bad rows."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from rangemap.analysis.claim_places import SAMPLE_ERROR_KM, Target, farthest_by_nearest
from rangemap.analysis.claim_result import CountFinding, Outcome, ReachFinding
from rangemap.analysis.claims import check_claim, check_claims
from rangemap.catalogue import load_catalogue, read_capitals, set_catalogue, use_catalogue
from rangemap.catalogue.inventory import read_inventory, read_share_definitions
from rangemap.catalogue.regions import area_of, country_code, read_regions
from rangemap.catalogue.rows import Row
from rangemap.catalogue.spots import Spot, find_area, find_point
from rangemap.catalogue.statement_rows import COLUMNS, claim_of
from rangemap.catalogue.statements import Claim, Reading, find_claim, read_claims
from rangemap.cli import main
from rangemap.errors import CatalogueError, UnknownNameError
from rangemap.geodesy import distance_km, distance_matrix_km, territory_distance_km
from rangemap.views.claim_text import claim_card, claim_record


@pytest.fixture(autouse=True)
def _bundled_catalogue() -> Iterator[None]:
    yield
    set_catalogue(None)


ROOT = Path(__file__).resolve().parents[2]
VERDICTS = {"in": "inside", "out": "outside", "borderline": "marginal"}
OUTCOMES = {
    "supported": "holds", "contradicted": "fails", "borderline": "depends", "no claim": "computed",
}  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    with (ROOT / "tests" / "golden" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def claim(**cells: str) -> Claim:
    """A statement from the cells of a row."""
    given_cells = {"id": "x", "statement": "a statement", "kind": "reach", "claim_says": "in"}
    return claim_of(Row("claims.csv", 2, given_cells | cells, CatalogueError))


def only(found: Claim) -> ReachFinding:
    result = check_claim(found)
    assert len(result.findings) == 1
    assert isinstance(result.findings[0], ReachFinding)
    return result.findings[0]


# -- The acceptance cases and the shares ---------------------------------------------------------

CHECKS = rows_of("claim_checks.csv")


@pytest.mark.parametrize("row", CHECKS, ids=[row["id"] for row in CHECKS])
def test_acceptance_cases(row: dict[str, str]) -> None:
    result = check_claim(row["id"])
    (finding,) = result.findings
    assert isinstance(finding, ReachFinding)
    assert result.verdict == VERDICTS.get(row["expected"], row["expected"])
    assert result.outcome == OUTCOMES[row["verdict"]]
    assert finding.distance_km == pytest.approx(float(row["geodesic_km"]), abs=0.051)
    assert finding.slack_km == pytest.approx(float(row["slack_km"]), abs=0.051)
    assert finding.margin_km == pytest.approx(float(row["margin_km"]), abs=0.051)
    assert result.claim.source_keys == tuple(row["source_keys"].split(";"))
    assert result.claim.evidence == row["evidence"]


def test_every_acceptance_case_is_a_claim() -> None:
    assert len(CHECKS) == 62
    assert [c.id for c in read_claims().values() if not c.main] == [row["id"] for row in CHECKS]


def test_shares_are_those_of_the_evidence() -> None:
    found = {
        (f.edition, f.basis, f.bound, f.definition[0]): f
        for f in check_claim("harris-2018-90-percent").findings
        if isinstance(f, CountFinding)
    }
    rows = rows_of("claim_shares.csv")
    assert len(rows) == 96
    for row in rows:
        key = (row["edition"], row["basis"], row["bound"], row["definition"][0])
        finding = found[key]
        assert finding.value == pytest.approx(float(row["share_percent"]), abs=0.051), key
        assert (finding.verdict == "holds") == (row["over_90"] == "yes"), key
        # The evidence prints the edition's total, with cruise missiles, for D as well.
        edition = found[*key[:3], "A"] if key[3] == "D" else finding
        assert edition.total == float(row["total"]), key
        needed = row["srbm_share_needed_for_90_percent"]
        if needed:
            assert finding.mixed_share_needed_percent == pytest.approx(float(needed), abs=0.051)
    high = {key[:2] for key in found if key[2] == "high"}
    assert high == {("2018", "missiles"), ("2018", "launchers"), ("2019", "missiles")}


def test_definitions_are_data() -> None:
    assert list(read_share_definitions()) == ["A", "B", "C", "D"]
    assert dict(read_share_definitions()["C"].counted)["SRBM"] == 0.5


# -- The statements that the debate is about -----------------------------------------------------


@pytest.mark.parametrize(
    ("claim_id", "outcome"),
    [
        ("harris-2017-95-percent", "depends"),
        ("harris-2017-90-percent", "depends"),
        ("harris-2018-90-percent", "depends"),
        ("schriver-2019-90-percent", "depends"),
        ("dod-2020-1250", "depends"),
        ("inf-eliminated-us", "holds"),
        ("inf-eliminated-ussr", "holds"),
        ("inf-eliminated-total", "holds"),
        ("inf-declared-us", "holds"),
        ("inf-declared-ussr", "holds"),
        ("pershing-2-moscow", "depends"),
        ("glcm-moscow", "computed"),
        ("ss-20-western-europe", "holds"),
        ("ss-20-urals-western-europe", "depends"),
        ("ss-20-alaska", "depends"),
        ("iskander-kaliningrad-berlin", "depends"),
        ("9m729-all-but-portugal", "depends"),
        ("9m729-present-bases", "depends"),
        ("df-26-guam", "depends"),
        ("harris-2018-no-ground-based", "holds"),
        ("harris-no-ground-based-today", "fails"),
        ("typhon-luzon-mainland", "holds"),
        ("tomahawk-guam-mainland", "computed"),
    ],
)
def test_outcomes(claim_id: str, outcome: str) -> None:
    assert check_claim(claim_id).outcome == outcome


def test_the_table_of_outcomes_is_complete() -> None:
    tested = test_outcomes.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert [c.id for c in read_claims().values() if c.main] == [name for name, _ in tested]


def test_over_90_percent_hangs_on_the_definition() -> None:
    result = check_claim("harris-2018-90-percent")
    holds, fails = result.under("holds"), result.under("fails")
    assert [label[0] for label in holds] == ["A", "D"]
    assert all("missiles" in label for label in holds)
    assert {label[0] for label in fails} == {"A", "B", "C", "D"}
    assert all("launchers" in label for label in fails if label[0] in "AD")


def test_totals_are_sums_of_the_inventory() -> None:
    for claim_id, total in (("us", 846), ("ussr", 1846), ("total", 2692)):
        result = check_claim(f"inf-eliminated-{claim_id}")
        sums = [f.value for f in result.findings if f.decides]
        sourced = [f.value for f in result.findings if f.dataset == "INF_ELIMINATED_TOTAL"]
        assert sums == sourced == [total]
    assert check_claim("inf-eliminated-total").findings[-3].value == 1846


def test_a_total_that_another_data_set_contradicts_does_not_hold() -> None:
    result = check_claim(
        claim(kind="total", claim_says="", value="859", dataset="INF_MOU_1987", country="US",
              check_dataset="INF_ELIMINATED_TOTAL")
    )  # fmt: skip
    assert result.outcome is Outcome.DEPENDS
    assert "but 846 is the sourced total" in result.answer


def test_pershing_2_is_told_by_who_says_the_range() -> None:
    result = check_claim("pershing-2-moscow")
    assert [f.launch_id for f in result.findings[:3]] == ["mutlangen", "waldheide", "neu-ulm"]
    assert len(result.under("holds")) == 4
    (alleged,) = result.under("fails")
    assert "2,500" in alleged
    assert "Soviet Union (as alleged)" in alleged


def test_df_26_and_guam_hang_on_the_base() -> None:
    result = check_claim("df-26-guam")
    at_4000 = {
        c.setting.removeprefix("from "): c.word for c in result.conditions if "4,000" in c.detail
    }
    assert at_4000["Korla, Xinjiang"] == "fails"
    assert at_4000["Xinyang, Henan (666 Brigade)"] == "holds"


def test_9m729_reaches_all_but_portugal_at_the_range_of_the_report_only() -> None:
    result = check_claim("9m729-all-but-portugal")
    some = {c.detail.split(" [")[0]: c.word for c in result.conditions if "some of" in c.setting}
    assert some["at 2,350 km"] == "holds"
    assert some["at 480 km"] == some["at 2,500 km"] == "fails"  # the latter reaches Portugal
    assert some["at over 500 km"] == "open"
    excepted = [f for f in result.findings if isinstance(f, ReachFinding) and f.excepted]
    assert {f.target for f in excepted} == {"Portugal", "Lisbon (Portugal)"}


def test_harris_on_ground_based_missiles_then_and_now() -> None:
    then = only_finding("harris-2018-no-ground-based", 300)
    assert then.verdict == "outside"
    assert then.distance_km == pytest.approx(388.6, abs=5)
    assert only_finding("harris-no-ground-based-today", 1600).verdict == "inside"


def only_finding(claim_id: str, range_km: float) -> ReachFinding:
    rows = [f for f in check_claim(claim_id).findings if isinstance(f, ReachFinding)]
    return next(f for f in rows if f.range_km == range_km)


# -- The engine ----------------------------------------------------------------------------------

CATALOGUE = load_catalogue()
CAPITALS = read_capitals()


@given(
    site_id=st.sampled_from(sorted(CATALOGUE.sites)),
    place=st.sampled_from(range(len(CAPITALS))),
    range_km=st.floats(1, 20_000),
    says=st.sampled_from(["in", "out", "none"]),
)
def test_a_row_gives_the_verdict_of_its_geodesic(
    site_id: str, place: int, range_km: float, says: str
) -> None:
    site, capital = CATALOGUE.sites[site_id], CAPITALS.iloc[place]
    result = check_claim(
        claim(launch=site_id, range_km=f"{range_km:.3f}", claim_says=says, target=capital.place)
    )
    slack = round(range_km, 3) - distance_km(site.lon, site.lat, capital.lon, capital.lat)
    margin = max(25, site.precision_km, 0.02 * round(range_km, 3))
    wanted = "marginal" if abs(slack) <= margin else "inside" if slack > 0 else "outside"
    assert result.verdict == wanted
    outcome = {
        ("in", "inside"): "holds", ("in", "outside"): "fails",
        ("out", "inside"): "fails", ("out", "outside"): "holds",
    }.get((says, wanted), "computed" if says == "none" else "depends")  # fmt: skip
    assert result.outcome == outcome


@given(
    lon=st.floats(-180, 180), lat=st.floats(-89, 89), place=st.sampled_from(range(len(CAPITALS))),
    first=st.floats(100, 9_000), more=st.floats(0, 9_000),
)  # fmt: skip
def test_a_longer_range_never_turns_in_into_out(
    lon: float, lat: float, place: int, first: float, more: float
) -> None:
    order = ["outside", "marginal", "inside"]
    found = [
        only(
            claim(launch="somewhere", launch_lon=f"{lon:.5f}", launch_lat=f"{lat:.5f}",
                  target=CAPITALS.iloc[place].place, range_km=f"{km:.3f}")
        ).verdict
        for km in (first, first + more)
    ]  # fmt: skip
    # The margin grows with the range by 2 percent of it, the slack by all of it.
    assert order.index(found[0]) <= order.index(found[1])


@given(st.floats(-180, 180), st.floats(-85, 85), st.sampled_from(["DEU", "CHN", "FJI", "NOR"]))
def test_any_is_nearer_than_the_capital_and_all_farther(lon: float, lat: float, code: str) -> None:
    row = {"launch": "p", "launch_lon": f"{lon:.4f}", "launch_lat": f"{lat:.4f}"}
    km = {
        f.reading: f.distance_km
        for f in check_claim(claim(**row, range_km="500", target=code)).findings
        if isinstance(f, ReachFinding)
    }
    slack = 5.0  # a capital may lie just outside its own outline
    assert km["some of the territory"] <= km["the capital"] + slack
    assert km["the capital"] <= km["all of the territory"] + slack + SAMPLE_ERROR_KM


def test_the_farthest_point_is_found_inside_and_on_outlines() -> None:
    rng = np.random.default_rng(7)
    for code, names in (("AUS", ["darwin", "Adelaide"]), ("DEU", ["mutlangen"]),
                        ("CHN", ["plarf-korla", "plarf-dengshahe", "plarf-danzhou"])):  # fmt: skip
        spots = [spot for name in names if (spot := find_point(name))]
        area = area_of(code)
        target = Target(code, Reading.ALL, excepted=False, code=code)
        found = farthest_by_nearest(spots, target)
        west, south, east, north = area.bounds
        lon, lat = rng.uniform(west, east, 20_000), rng.uniform(south, north, 20_000)
        edge = shapely.get_coordinates(shapely.segmentize(area, 0.02))
        held = shapely.contains_xy(area, lon, lat)
        lon = np.concatenate([lon[held], edge[:, 0]])
        lat = np.concatenate([lat[held], edge[:, 1]])
        table = distance_matrix_km([s.lon for s in spots], [s.lat for s in spots], lon, lat)
        farthest = table.min(axis=0).max()
        assert farthest - SAMPLE_ERROR_KM <= found.km <= farthest + 30


def test_launch_from_a_territory_is_from_its_nearest_point() -> None:
    warsaw = CAPITALS.set_index("iso_a3").loc["POL"]
    finding = only(claim(launch="Russia", range_km="500", target="Warsaw"))
    wanted = territory_distance_km(area_of("RUS"), warsaw.lon, warsaw.lat)
    assert finding.distance_km == pytest.approx(wanted)
    assert finding.error_km == 5


def test_mainland_leaves_islands_out() -> None:
    rows = check_claim(
        claim(
            launch="plarf-danzhou", range_km="300", target="CHN", target_reading="any;mainland-any"
        )
    ).findings
    km = [f.distance_km for f in rows if isinstance(f, ReachFinding)]
    assert km[0] == 0
    assert km[1] > 50
    guam = only_finding("tomahawk-guam-mainland", 1600)
    assert guam.distance_km == pytest.approx(2910.2, abs=5)


def test_ways_to_name_a_place() -> None:
    names = ["South Korea", "KOR", "kor", "Republic of Korea", "rok"]
    assert {country_code(name) for name in names} == {"KOR"}
    assert find_point("Springfield, GBR") is None
    assert [s.id for n in ("alaska", "Alaska") if (s := find_area(n))] == ["alaska", "alaska"]
    assert read_regions()["europe"].codes().count("RUS") == 0


def test_negative_statements_and_several_sites() -> None:
    cells = {"launch": "waldheide;mutlangen", "range_km": "2040", "target": "Moscow"}
    near = check_claim(claim(**cells))
    assert [c.setting for c in near.conditions] == [
        "from Waldheide (Heilbronn / Neckarsulm)",
        "from Mutlangen (Schwaebisch Gmuend)",
    ]
    out = check_claim(claim(**cells | {"claim_says": "out", "range_km": "1900"}))
    assert (out.outcome, len(out.conditions)) == (Outcome.HOLDS, 1)
    one = check_claim(claim(**cells | {"claim_says": "out", "range_km": "2200"}))
    assert one.outcome is Outcome.FAILS
    every = check_claim(claim(**cells | {"launch_together": "all", "range_km": "2200"}))
    assert every.outcome is Outcome.HOLDS


def test_several_targets_and_several_systems() -> None:
    cells = {"launch": "wiesbaden", "target": "Minsk;Moscow", "range_km": "1700"}
    assert check_claim(claim(**cells)).outcome is Outcome.FAILS
    assert check_claim(claim(**cells | {"target_together": "any"})).outcome is Outcome.HOLDS
    both = check_claim(claim(**cells | {"target_together": "any;all"}))
    assert both.outcome is Outcome.DEPENDS
    del cells["range_km"]
    systems = check_claim(claim(**cells, system="typhon-sm6;lrhw"))
    assert systems.outcome is Outcome.HOLDS
    assert len(systems.conditions) == 2


def test_a_range_over_some_number_does_not_settle_what_is_out() -> None:
    result = check_claim(claim(launch="shuya", system="9m729", target="Warsaw", claim_says="out"))
    by_range = {c.detail.split(" [")[0]: c.word for c in result.conditions}
    assert by_range["at over 500 km"] == "open"
    assert by_range["at 480 km"] == "holds"
    assert by_range["at 2,350 km"] == "fails"
    far = check_claim(claim(launch="shuya", system="9m729", target="Tokyo", claim_says="out"))
    assert far.outcome is Outcome.HOLDS


def test_a_minimum_range_counts() -> None:
    near = check_claim(claim(launch="postavy", system="ss-20", target="Minsk"))
    assert near.outcome is Outcome.FAILS
    assert all("minimum range is 600" in f.note for f in near.findings)


def test_a_row_with_other_coordinates_than_the_catalogue_says_so() -> None:
    result = check_claim(
        claim(launch="waldheide", launch_lon="9.3", launch_lat="49.2", range_km="1800",
              target="Moscow")
    )  # fmt: skip
    assert any("km from the coordinates used here" in line for line in result.caveats)
    assert isinstance(result.findings[0], ReachFinding)
    assert result.findings[0].launch_id == "waldheide"


# -- The data ------------------------------------------------------------------------------------


def test_bundled_rows_are_complete() -> None:
    for found in read_claims().values():
        assert found.source_keys, found.id
        assert found.who != "not given", found.id
    assert len(read_inventory()) == 57
    keys = {key for item in read_inventory() for key in item.source_keys}
    assert keys <= set(CATALOGUE.sources)


def test_facts_follow_the_catalogue_in_use(tmp_path: Path) -> None:
    text = (ROOT / "data" / "range_estimates.csv").read_text(encoding="utf-8").splitlines()[0]
    row = "pershing-2,2600,max_range,approx,claimed,a user,2026,W_P1,recalled,,yes"
    (tmp_path / "range_estimates.csv").write_text(f"{text}\n{row}\n", encoding="utf-8")
    with use_catalogue(tmp_path):
        fails = check_claim("pershing-2-moscow").under("fails")
        assert any("2,600 km [a user, 2026]" in label for label in fails)
    assert len(check_claim("pershing-2-moscow").under("fails")) == 1


def test_find_claim_is_kind() -> None:
    assert find_claim(" c001 ").id == "C001"
    assert find_claim("HARRIS-2018-90-PERCENT").id == "harris-2018-90-percent"
    with pytest.raises(UnknownNameError, match=r"did you mean 'pershing-2-moscow'\?"):
        find_claim("pershing-2-moskow")
    with pytest.raises(UnknownNameError, match="ids with it are harris-2018-90-percent"):
        find_claim("harris-2018")


REACH = {"launch": "waldheide", "range_km": "1000", "target": "Moscow"}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"kind": "reech"}, "kind 'reech': must be one of reach, distance, total, share"),
        ({"claim_says": "maybe"}, "claim_says 'maybe': must be one of in, out, none"),
        ({"launch": "waldhide"}, "not a site.*did you mean 'waldheide'"),
        ({"launch": ""}, "must name a launch site"),
        ({"launch": "*"}, "give system"),
        ({"launch": "*", "system": "agni-5"}, "no launch site of 'agni-5'"),
        ({"launch": "a;b", "launch_lon": "1", "launch_lat": "1"}, "must be one name"),
        ({"launch_lon": "1"}, "launch_lon and launch_lat go together"),
        ({"launch_lat": "95", "launch_lon": "1"}, r"must lie in \[-90, 90\]"),
        ({"launch_together": "some"}, "must be one of any, all, each"),
        ({"launch": "Russia", "launch_together": "all"}, "only a point can be taken"),
        ({"system": "pershing-3"}, "'pershing-3' is not known; did you mean 'pershing-2'"),
        ({"range_km": ""}, "must not be empty where no system is given"),
        ({"range_km": "-5"}, r"must lie in \[1, 20,003\]"),
        ({"range_km": "nan"}, "must be a number"),
        ({"ranges": "all"}, "must be empty where range_km is given"),
        ({"target": "Moscou"}, "did you mean 'Moscow'"),
        ({"target": "Springfield"}, "the name of 8 cities: give its longitude and latitude"),
        (
            {"target": "Chnia", "target_reading": "any"},
            "not a country or a region; did you mean 'Chi",
        ),
        ({"target_reading": "capitol"}, "did you mean 'capital'"),
        ({"target_reading": "point;any", "target": "DEU"}, "point does not go with"),
        ({"target_lon": "1", "target_lat": "1", "target_reading": "any"}, "is point where"),
        ({"target_except": "Narnia"}, "'Narnia' is not a country"),
        ({"statement": ""}, "must not be empty"),
        ({"id": "bad id!"}, "letters, digits and hyphens"),
        ({"id": "=cmd()"}, "letters, digits and hyphens"),
        ({"said_on": "yesterday"}, "must be a date"),
        ({"statement": "red \x1b[31m"}, "control characters"),
        ({"note": "turned \u202e round"}, "control characters"),
        ({"statement": "a" * 10_000}, "10,000 characters, and must not have over 400"),
        ({"source_keys": "NOPE"}, "'NOPE' is not known"),
        ({"evidence": "certain"}, "must be one of seen, recalled"),
        ({"main": "perhaps"}, "must be yes or no"),
        ({"targot": "x"}, "not a column of claims.csv; did you mean 'target'"),
        ({"dataset": "INF_ELIMINATED"}, "must be empty for the kind 'reach'"),
        ({"system": "mk41-ashore", "range_km": "", "as_of": "12"}, r"must lie in \[1,940, 2,060\]"),
    ],
)
def test_a_bad_cell_is_one_clear_line(cells: dict[str, str], message: str) -> None:
    with pytest.raises(CatalogueError, match=message) as raised:
        claim(**REACH | cells)
    assert str(raised.value).startswith("claims.csv, row 2, ")
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 400


COUNT = {"kind": "total", "claim_says": "", "value": "5", "dataset": "INF_ELIMINATED"}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"dataset": ""}, "must name a data set"),
        ({"dataset": "INF_ELIMINATE"}, "did you mean 'INF_ELIMINATED'"),
        ({"country": "USA"}, "did you mean 'US'"),
        ({"item": "SS-21"}, "'SS-21' is not in INF_ELIMINATED"),
        ({"range_km": "500"}, "must be empty for the kind 'total'"),
        ({"comparator": "about"}, "must be over 0 where comparator is about"),
        ({"comparator": "over", "value": ""}, "must not be empty where comparator is given"),
        ({"comparator": ">"}, "must be one of equal, over"),
        ({"basis": "tanks"}, "'tanks' is not known"),
        ({"check_dataset": "X"}, "is not a data set"),
        ({"kind": "share", "definition": "E"}, "'E' is not known"),
    ],
)
def test_a_bad_count_is_one_clear_line(cells: dict[str, str], message: str) -> None:
    with pytest.raises(CatalogueError, match=message):
        claim(**COUNT | cells)


def test_a_share_of_what_is_not_there_is_one_clear_line() -> None:
    with pytest.raises(CatalogueError, match=r"claims.csv, row 2: INF_ELIMINATED has no count"):
        check_claim(claim(**COUNT | {"kind": "share"}))
    with pytest.raises(CatalogueError, match=r"no launchers are counted in INF_ELIMINATED"):
        check_claim(claim(**COUNT | {"basis": "launchers"}))
    with pytest.raises(CatalogueError, match="no territory or capital"):
        check_claim(claim(**REACH | {"target": "alaska", "target_reading": "capital"}))


def test_counts_without_a_side_are_computed() -> None:
    total = check_claim(claim(**COUNT | {"value": ""}))
    assert (total.outcome, total.verdict) == (Outcome.COMPUTED, "")
    share = check_claim(claim(kind="share", claim_says="", dataset="DOD_CHINA_2024"))
    assert share.outcome is Outcome.COMPUTED
    for result in (total, share):
        assert json.loads(json.dumps(claim_record(result)))["computed_under"]
        assert "computed" in claim_card(result)


@pytest.mark.parametrize("how", ["over", "at-least", "under", "at-most", "about", "equal"])
def test_comparators(how: str) -> None:
    truth = {
        846: {"at-least", "at-most", "about", "equal"}, 845: {"over", "at-least", "about"},
        847: {"under", "at-most", "about"},
    }  # fmt: skip
    for value, kinds in truth.items():
        cells = COUNT | {"value": str(value), "country": "US", "comparator": how}
        cells |= {"tolerance": "1"} if how == "about" else {}
        outcome = check_claim(claim(**cells)).outcome
        assert outcome == ("holds" if how in kinds else "fails"), value


# -- The command line and the page ---------------------------------------------------------------


def test_table_lists_every_statement(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims"]) == 0
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert lines[0].split() == ["id", "who", "when", "statement", "outcome", "found"]
    assert [line.split()[0] for line in lines[2:]] == list(read_claims())
    assert "85 statements" in printed.err


def test_json_has_every_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "--json"]) == 0
    records = {record["id"]: record for record in json.loads(capsys.readouterr().out)}
    assert len(records) == len(read_claims())
    sums = [f["value"] for f in records["inf-eliminated-total"]["findings"]]
    assert {2692, 846, 1846} <= set(sums)
    shares = records["harris-2018-90-percent"]["findings"]
    for letter in "AB":
        editions = {
            f["edition"]
            for f in shares
            if f["definition"][0] == letter and f["verdict"] in ("holds", "fails")
        }
        assert editions == {str(year) for year in range(2018, 2025)}
    for record in records.values():
        assert record["outcome"] in list(Outcome)
        assert record["sources"]
        assert all(source["url"] or source["key"] == "COMPUTED" for source in record["sources"])
        assert all(f["verified"] and f["source_keys"] for f in record["findings"])


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "show", "c033"]) == 0
    card = capsys.readouterr().out
    assert card.startswith("C033: fails\n")
    assert "995.6 km; range 900 km: outside, 95.6 km short (margin 25.0 km)" in " ".join(
        card.split()
    )
    assert "https://www.saechsische.de/" in card
    assert main(["claims", "show", "harris-2018-90-percent", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["outcome"], len(record["holds_under"])) == ("depends", 2)
    assert record["statement_verified"] == "verified"
    assert main(["claims", "show", "harris-2018-90-percen"]) == 2
    assert "did you mean 'harris-2018-90-percent'?" in capsys.readouterr().err


def test_recalled_facts_are_shown_as_unverified() -> None:
    card = claim_card(check_claim("pershing-2-moscow"))
    assert "Some of the deciding ranges are recalled and unverified." in card
    assert "Wikipedia: MGM-31 Pershing (n.d., unverified)" in card


def test_own_statements(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "id,statement,kind,claim_says,launch,range_km,target\n"
    row = 'own,"=HYPERLINK(""x"") is what he said",reach,out,chernyakhovsk,500,Oslo\n'
    (tmp_path / "claims.csv").write_text(text + row, encoding="utf-8")
    assert main(["claims", "--catalogue", str(tmp_path)]) == 0
    printed = capsys.readouterr()
    assert "1 of the statements is from" in printed.err
    assert re.search(r"^own +not given +n\.d\. +=HYPERLINK.* holds ", printed.out, re.M)
    assert main(["claims", "show", "own", "--catalogue", str(tmp_path)]) == 0
    assert "none is given for the statement itself" in capsys.readouterr().out
    bad = tmp_path / "bad"  # a folder is read once
    bad.mkdir()
    (bad / "claims.csv").write_text(text.replace(",kind", "") + row, encoding="utf-8")
    assert main(["claims", "--catalogue", str(bad)]) == 1
    assert "row 1: column 'kind' is missing" in capsys.readouterr().err


def test_page_is_current() -> None:
    path = ROOT / "docs" / "generate_claims.py"
    spec = importlib.util.spec_from_file_location("generate_claims", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert page == module.render(), "run python docs/generate_claims.py"
    assert set(module.COLUMN_MEANINGS) == set(COLUMNS)


def test_all_results_have_text_and_record() -> None:
    for result in check_claims():
        assert claim_card(result).startswith(f"{result.claim.id}: {result.outcome}")
        json.dumps(claim_record(result), allow_nan=False)


def test_spots_are_points_or_areas() -> None:
    assert Spot("x", "X").is_area
    assert not Spot("x", "X", 0.0, 0.0).is_area
