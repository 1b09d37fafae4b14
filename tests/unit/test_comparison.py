"""Comparisons: against brute force, symmetric, by treaty and by systems, by country and city."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

import rangemap as rm
from rangemap.analysis import as_analysis
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, CATEGORIES, NEITHER, OWN
from rangemap.analysis.comparison_countries import COUNTRY_COLUMNS
from rangemap.analysis.comparison_summary import jaccard
from rangemap.catalogue.continents import CONTINENTS, continents
from rangemap.cli import main
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.views.findings import finding_of
from rangemap.views.story import tell
from rangemap.views.story_tables import comparison_grid

SEED = int(os.environ.get("RANGEMAP_SEED", "0")) or int(np.random.SeedSequence().entropy % 2**31)
GEOD = Geod(ellps="WGS84")
OTHER_WAY = {A_ONLY: B_ONLY, B_ONLY: A_ONLY, BOTH: BOTH, NEITHER: NEITHER, OWN: OWN}


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    print(f"to run these cases again: RANGEMAP_SEED={SEED}")
    return np.random.default_rng(SEED)


def scenario_file(
    folder: Path, name: str, rng: np.random.Generator, members: list[list[str]], *, treaty: bool
) -> Path:
    """A scenario of one or two coalitions of random sites and ranges, against all capitals."""
    lines = ["format = 1", f'title = "{name}: random"']
    for number, codes in enumerate(members):
        lines += [
            "[[coalitions]]", f'id = "{name}-{number}"', f'name = "{name.upper()} {number}"',
            'color = "#225588"', f"members = {json.dumps(codes)}",
        ]  # fmt: skip
    launches = []
    for number in range(len(members)):
        sites = []
        for _ in range(int(rng.integers(1, 4))):
            key = f"{name}-{number}-{len(sites)}"
            sites.append(key)
            lon, lat = rng.uniform(-180, 180), np.degrees(np.arcsin(rng.uniform(-1, 1)))
            lines += ["[[sites]]", f'id = "{key}"', f'name = "{key}"', f"lon = {lon:.6f}",
                      f"lat = {lat:.6f}"]  # fmt: skip
        reach = rng.uniform(500, 8000)
        launches += [
            "[[launches]]", f'coalition = "{name}-{number}"', f"sites = {json.dumps(sites)}",
            'systems = "none"', f"treaty_band = {str(treaty).lower()}",
            f"ranges = [{{ max_km = {reach:.3f} }}]",
        ]  # fmt: skip
    path = folder / f"{name}.toml"
    path.write_text("\n".join([*lines, *launches]), encoding="utf-8")
    return path


def brute(side: rm.Scenario, by: str) -> tuple[set[str], set[str]]:
    """Return the places that a side reaches and those of its members, a geodesic for each pair."""
    bands = rm.range_bands(side)
    bands = bands[(bands["band_kind"] == "treaty") == (by == "treaty")]
    reached, own = set(), set()
    for place in side.places:
        for coalition in side.coalitions:
            if place.iso_a3 in coalition.members:
                own.add(place.place_id)
                continue
            for row in bands[bands["coalition"] == coalition.id].to_dict("records"):
                metres = GEOD.inv(row["site_lon"], row["site_lat"], place.lon, place.lat)[2]
                if row["min_km"] <= metres / 1000 <= row["max_km"]:
                    reached.add(place.place_id)
    return reached, own


@pytest.mark.parametrize("by", ["treaty", "systems"])
def test_categories_agree_with_a_geodesic_for_each_pair(
    by: str, rng: np.random.Generator, tmp_path: Path
) -> None:
    codes = list(rm.read_capitals()["iso_a3"])
    for number in range(4):
        members = [list(rng.choice(codes, 12, replace=False)) for _ in range(3)]
        a = scenario_file(tmp_path, f"a{number}", rng, members[:2], treaty=by == "treaty")
        b = scenario_file(tmp_path, f"b{number}", rng, members[2:], treaty=by == "treaty")
        found = rm.compare(a, b, by)
        sides = [brute(rm.read_scenario(path), by) for path in (a, b)]
        table = found.table.set_index("place_id")
        for place_id, row in table.iterrows():
            in_a, in_b = (place_id in side[0] for side in sides)
            apart = any(place_id in own and place_id not in got for got, own in sides)
            expected = OWN if apart else {
                (True, True): BOTH, (True, False): A_ONLY, (False, True): B_ONLY,
                (False, False): NEITHER,
            }[in_a, in_b]  # fmt: skip
            assert row["category"] == expected, place_id
        summary = found.summary
        assert summary["counts"] == {c: int((table["category"] == c).sum()) for c in CATEGORIES}
        assert sum(summary["counts"].values()) == len(codes)
        # Sites given in a scenario are exact points, so nothing hangs on where they are.
        assert not found.table["marginal"].any()
        matrix = summary["verdicts"]
        assert matrix["inside"]["inside"] == summary["counts"][BOTH]
        assert matrix["inside"]["outside"] == summary["counts"][A_ONLY]
        assert matrix["outside"]["inside"] == summary["counts"][B_ONLY]


@pytest.mark.parametrize(
    ("a", "b", "by"),
    [
        ("europe", "asia-pacific:china", None),
        ("europe:nato-us", "europe:russia-belarus", "systems"),
        ("euromissiles-1987", "europe", None),
        ("europe@1987", "europe", None),
    ],
)
def test_swapping_the_sides_swaps_the_result(a: str, b: str, by) -> None:
    one, two = rm.compare(a, b, by), rm.compare(b, a, by)
    first = one.table.set_index("place_id")["category"]
    second = two.table.set_index("place_id")["category"]
    assert first.map(OTHER_WAY).sort_index().equals(second.sort_index())
    s, t = one.summary, two.summary
    assert s["jaccard"]["places"] == t["jaccard"]["places"]
    assert s["jaccard"]["area"] == pytest.approx(t["jaccard"]["area"], abs=2e-6)
    assert s["footprint_km2"]["a"] == t["footprint_km2"]["b"]
    assert s["nearest"]["a"] == t["nearest"]["b"]
    assert s["nearest"]["closest_sites"]["km"] == t["nearest"]["closest_sites"]["km"]
    assert sum(s["marginal_counts"].values()) == sum(t["marginal_counts"].values())


def test_areas_add_up(rng: np.random.Generator, tmp_path: Path) -> None:
    a = scenario_file(tmp_path, "a", rng, [["FRA"], ["DEU", "CHN"]], treaty=True)
    b = scenario_file(tmp_path, "b", rng, [["CHN", "USA"]], treaty=True)
    found = rm.compare(a, b)
    area = found.summary["footprint_km2"]
    assert area["either"] == area["a"] + area["b"] - area["both"]
    assert area["either"] == area["a-only"] + area["b-only"] + area["both"]
    union = rm.geodesy.area_km2(
        rm.geodesy.footprint(
            [*found.a.of_basis("treaty").geometry, *found.b.of_basis("treaty").geometry]
        )
    )
    assert area["either"] == pytest.approx(union, rel=1e-6)
    countries = found.countries
    assert list(countries.columns) == COUNTRY_COLUMNS
    parts = [f"{name.replace('-', '_')}_km2" for name in CATEGORIES]
    assert np.allclose(countries[parts].sum(axis=1), countries["area_km2"], rtol=1e-9, atol=1e-6)
    assert (countries[parts] >= 0).all(axis=None)
    people = [f"city_population_{name.replace('-', '_')}" for name in CATEGORIES]
    assert (countries[people].sum(axis=1) == countries["city_population"]).all()
    record = found.record()
    assert sum(record["cities"]["counts"].values()) == 34_006
    listed = int(rm.read_cities()["population"].sum())
    assert sum(record["cities"]["populations"].values()) == listed
    for key in CATEGORIES:
        assert sum(c["counts"][key] for c in record["continents"]) == record["counts"][key]
    land = sum(sum(c["area_km2"].values()) for c in record["continents"])
    assert land == pytest.approx(countries["area_km2"].sum(), rel=1e-6)


def test_country_shares_agree_with_the_country_share_table() -> None:
    both = rm.compare("europe:russia-belarus", "asia-pacific:china")
    shares = rm.country_share_table(both.a.of_basis("treaty")).set_index("iso_a3")
    mine = both.countries.set_index("iso_a3")
    for code in ("DEU", "EGY", "CHN", "AUS"):
        assert mine.loc[code, "a_km2"] == pytest.approx(shares.loc[code, "covered_km2"])
    assert mine.loc["RUS", "a_km2"] == 0  # its own sites do not count
    assert mine.loc["CHN", "own_side_km2"] == pytest.approx(mine.loc["CHN", "area_km2"])
    assert bool(mine.loc["CHN", "b_own"])
    assert not mine.loc["CHN", "a_own"]
    assert mine.loc["DEU", "capital"] == "Berlin"
    assert mine.loc["DEU", "category"] in CATEGORIES


def test_listed_cities_have_the_categories_of_single_places(rng: np.random.Generator) -> None:
    both = rm.compare("europe", "asia-pacific:china")
    some = both.cities.sample(60, random_state=int(rng.integers(2**31)))
    members = {c.id: c.members for c in both.a.scenario.coalitions + both.b.scenario.coalitions}
    for row in some.to_dict("records"):
        got = {}
        for key, side in (("a", both.a), ("b", both.b)):
            others = [c for c in side.coalitions if row["iso_a3"] not in members[c]]
            bands = side.of_basis("treaty")
            km = [
                GEOD.inv(lon, lat, row["lon"], row["lat"])[2] / 1000
                for lon, lat, c in zip(
                    bands["site_lon"], bands["site_lat"], bands["coalition"], strict=True
                )
                if c in others
            ]
            got[key] = any(500 <= d <= 5500 for d in km), len(others) < len(side.coalitions)
        own = any(is_own and not reached for reached, is_own in got.values())
        expected = OWN if own else (BOTH, A_ONLY, B_ONLY, NEITHER)[
            0 if got["a"][0] and got["b"][0] else 1 if got["a"][0] else 2 if got["b"][0] else 3
        ]  # fmt: skip
        assert row["category"] == expected, row


def test_jaccard() -> None:
    assert jaccard(3, 4) == 0.75
    assert jaccard(0, 5) == 0
    assert jaccard(0, 0) is None


def test_by_systems_keeps_what_is_not_certain_apart() -> None:
    both = rm.compare("ssc-8", "oreshnik:belarus-based")
    assert both.by == "systems"
    analysis = rm.analyse("ssc-8")
    rows = analysis.place_rows[~analysis.place_rows["own_side"]].set_index("place_id")["verdict"]
    mine = both.table.set_index("place_id")["a_verdict"]
    assert mine[rows.index].eq(rows).all()
    marginal = both.table[both.table["marginal"]]
    assert len(marginal) > 10
    assert not both.table.loc[both.table["a_verdict"] == "marginal", "a_reaches"].any()
    assert "By every published figure" in both.summary["headline"][0]
    assert " more are marginal" in both.summary["headline"][0]
    verdicts = both.summary["verdicts"]
    total = sum(sum(row.values()) for row in verdicts.values())
    assert total == len(both.table) - both.summary["counts"][OWN]


def test_alleged_ranges_are_never_more_than_marginal() -> None:
    both = rm.compare("aegis-ashore", "europe:russia-belarus")
    assert both.by == "systems"
    assert not both.table["a_reaches"].any()
    assert (both.table["a_verdict"] == "marginal").any()


def test_basis_is_refused_in_one_line() -> None:
    with pytest.raises(ArgumentError, match=r"no treaty band to compare.*compare by systems"):
        rm.compare("ssc-8", "europe", by="treaty")
    with pytest.raises(ArgumentError, match=r"'system' is not one of treaty, systems.*'systems'"):
        rm.compare("ssc-8", "europe", by="system")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="both sides are the same"):
        rm.compare("europe", "europe")
    with pytest.raises(UnknownNameError, match="did you mean 'nato-us'"):
        rm.compare("europe:natus", "europe")


def test_coalitions_of_one_id_are_told_apart() -> None:
    both = rm.compare("ssc-8", "europe:russia-belarus")
    assert not set(both.a.coalitions) & set(both.b.coalitions)
    assert both.a.shares_a_coalition(both.b)
    analysis = rm.analysis.as_analysis(both)
    assert {c.id for c in analysis.scenario.coalitions} == {*both.a.coalitions, *both.b.coalitions}
    assert analysis.comparison is both
    assert set(analysis.bands["band_kind"]) == {"system"}  # no treaty band beside systems
    one, two = (rm.own_case([f"{lon},50,Here"], ranges=[2000]) for lon in (10, 20))
    own = rm.compare(one, two)
    assert own.a.name != own.b.name
    assert own.a.coalitions != own.b.coalitions
    assert own.summary["counts"][BOTH] > 0


def test_every_country_has_a_continent() -> None:
    assert set(continents().values()) <= set(CONTINENTS)
    assert set(rm.read_countries()["iso_a3"]) <= set(continents())
    capitals = rm.compare("europe", "asia-pacific:china").table
    assert "Unknown" not in set(capitals["continent"])


def test_command_line_gives_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "euromissiles-1987", "europe", "--by", "systems", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["by"] == "systems"
    assert len(content["countries"]) == len(rm.read_countries())
    assert content["cities"]["listed"] == 34_006
    assert {"provenance", "hash", "caveats", "table", "continents", "jaccard"} <= set(content)
    assert main(["compare", "euromissiles-1987", "europe"]) == 0
    text = capsys.readouterr().out
    for word in ("Jaccard index", "own side", "Nearest site of A", "marginal", "continent"):
        assert word in text
    assert main(["compare", "ssc-8", "europe", "--by", "treaty"]) == 2
    assert "compare by systems" in capsys.readouterr().err


def test_comparison_is_the_same_every_time() -> None:
    one, two = (rm.compare("europe", "asia-pacific:china") for _ in range(2))
    assert json.dumps(one.record()) == json.dumps(two.record())
    pd.testing.assert_frame_equal(one.countries, two.countries)


def test_the_headline_says_whose_capitals_are_reached():
    said = rm.compare("europe", "asia-pacific:china").summary["headline"][1:]
    assert said == [
        "Capitals of the states behind launch sites in Europe in the banned range of China: 22.",
        "Capital of China itself in the banned range of launch sites in Europe: Beijing.",
    ]
    said = rm.compare("europe:russia-belarus", "asia-pacific:china").summary["headline"][1:]
    assert said[0].startswith("Capitals of the members of Russia and Belarus in the banned range")


def test_by_systems_nothing_is_called_banned() -> None:
    """Who compares published ranges must not read of the treaty's band."""
    comparison = rm.compare("ssc-8", "oreshnik", by="systems")
    analysis = as_analysis(comparison)
    lead, beside = finding_of(analysis)
    assert "in range by every published figure" in lead
    told = tell(analysis)
    said = [lead, beside, *(chapter.title for chapter in told.chapters)]
    said += [comparison_grid(comparison, "capitals").alt, *comparison_grid(comparison, "x").header]
    assert not [text for text in said if "banned" in text]
    treaty = rm.compare("europe", "asia-pacific:china")
    assert "in the banned band" in finding_of(as_analysis(treaty))[0]
