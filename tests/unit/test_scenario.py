"""Scenario files: what they select, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from rangemap.analysis import range_bands, read_scenario, scenario_names
from rangemap.analysis.scenario import BUILT_IN
from rangemap.catalogue.files import data_path
from rangemap.errors import ScenarioError, UnknownNameError

MINIMAL = """
format = 1
title = "Test"

[[sites]]
id = "spot"
name = "Spot"
lon = 10
lat = 50

[[coalitions]]
id = "side"
name = "Side"
color = "#123456"
members = ["DEU"]

[[launches]]
coalition = "side"
sites = ["spot"]
"""


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_schema_is_a_schema() -> None:
    schema = json.loads(data_path("schema", "scenario.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", scenario_names())
def test_built_in_scenarios_launch_only_from_sites_that_launch(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.launches
    for launch in scenario.launches:
        assert launch.site.launches
        if name in BUILT_IN:
            assert not launch.site.kind.value.startswith("historical")
    if name in BUILT_IN:
        assert len(scenario.places) == 197


def test_europe_has_both_sides_and_their_sites() -> None:
    sites = {launch.site.id: launch for launch in read_scenario("europe").launches}
    assert {"deveselu", "redzikowo", "wiesbaden", "kapustin-yar", "krichev", "shuya"} <= set(sites)
    assert "kaliningrad" not in sites  # a reference point launches nothing
    assert "ss-20" not in sites["kapustin-yar"].system_ids  # gone since 1991


def test_europe_vs_china_holds_all_of_both() -> None:
    both = {launch.site.id for launch in read_scenario("europe-vs-china").launches}
    europe = {launch.site.id for launch in read_scenario("europe").launches}
    china = {
        launch.site.id
        for launch in read_scenario("asia-pacific").launches
        if launch.coalition == "china"
    }
    assert both == europe | china


@pytest.mark.parametrize(
    ("note", "read"),
    [
        ("Sites made up", "Sites made up."),
        ("Sites made up. ", "Sites made up."),
        ("Are they? (Nobody knows.)", "Are they? (Nobody knows.)"),
        ("As said then (1987)", "As said then (1987)."),
        ('He said: "Enough"', 'He said: "Enough".'),
        ("地點為假設。", "地點為假設。"),
        ("A share of 5 %", "A share of 5 %."),
        ("See https://example.org/x/", "See https://example.org/x/."),
    ],
)
def test_a_note_ends_as_a_sentence(tmp_path: Path, note: str, read: str) -> None:
    text = MINIMAL.replace('title = "Test"', f'title = "Test"\nnotes = [{json.dumps(note)}]')
    assert read_scenario(write(tmp_path, text)).notes == (read,)


def test_a_scenario_of_ones_own(tmp_path: Path) -> None:
    text = MINIMAL + 'systems = ["df-26"]\nranges = [{ min_km = 100, max_km = 900 }]\n'
    bands = range_bands(read_scenario(write(tmp_path, text)))
    assert bands["max_km"].tolist() == [5500, 4000, 900]
    assert bands["min_km"].tolist() == [500, 0, 100]
    assert bands["coalition"].unique().tolist() == ["side"]
    assert bands["system_id"].tolist() == ["", "df-26", ""]


@pytest.mark.parametrize(("estimate", "km"), [("low", 3000), ("plot", 4000), ("high", 4000)])
def test_the_estimate_chosen_is_used(tmp_path: Path, estimate: str, km: float) -> None:
    text = f'range_estimate = "{estimate}"' + MINIMAL + 'systems = ["df-26"]\n'
    bands = range_bands(read_scenario(write(tmp_path, text)))
    assert bands["max_km"].iloc[1] == km
    assert bands[["max_low_km", "max_high_km"]].iloc[1].tolist() == [3000, 4000]


def test_a_disputed_range_is_one_band_for_each_who_says_it() -> None:
    bands = range_bands("europe")
    at_shuya = bands[(bands["site_id"] == "shuya") & bands["disputed"]]
    assert at_shuya["max_km"].tolist() == [480, 2350]
    assert at_shuya["said_by"].nunique() == 2
    alleged = bands[bands["alleged"]]
    assert set(alleged["site_id"]) == {"deveselu", "redzikowo"}
    assert alleged["said_by"].str.contains("Russia").all()


def test_the_hash_follows_content_and_data(tmp_path: Path) -> None:
    one = read_scenario(write(tmp_path, MINIMAL))
    same = read_scenario(write(tmp_path, "# a comment\n" + MINIMAL, "other.toml"))
    moved = read_scenario(write(tmp_path, MINIMAL.replace("lon = 10", "lon = 11")))
    assert one.hash == same.hash
    assert one.hash != moved.hash


def test_targets_from_a_file_and_by_country(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("place,lon,lat\nA,1,2\nB,3,4\n", encoding="utf-8")
    text = MINIMAL + '\n[targets]\nplaces = "towns.csv"\n'
    assert [p.place for p in read_scenario(write(tmp_path, text)).places] == ["A", "B"]
    text = MINIMAL + '\n[targets]\ncountries = ["FRA", "DEU"]\n'
    assert {p.place for p in read_scenario(write(tmp_path, text)).places} == {"Paris", "Berlin"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("format = 1", "format = 2", ("format 2", "must be 1")),
        ("title =", "titel =", ("unknown key 'titel'", "did you mean 'title'")),
        ('title = "Test"', "", ("key 'title' is missing",)),
        ("lat = 50", "lat = 95", ("sites[0].lat 95", "at most 90")),
        ("lat = 50", 'lat = "north"', ("sites[0].lat 'north'", "a number")),
        ("lat = 50", "lat = nan", ("sites[0].lat",)),
        ("lon = 10", "lon = inf", ("sites[0].lon",)),
        ('sites = ["spot"]', 'sites = ["spit"]',
         ("launches[0].sites[0] 'spit'", "did you mean 'spot'")),
        ('sites = ["spot"]', 'sites = ["kaliningrad"]', ("'kaliningrad'", "launches nothing")),
        ('sites = ["spot"]', "", ("launches[0]", "either sites or select")),
        ('sites = ["spot"]', 'select = { kind = "brigade" }', ("select.kind 'brigade'",)),
        ('sites = ["spot"]', 'select = { kind = "plarf", theatre = "Europe" }',
         ("select", "no site that launches")),
        ('sites = ["spot"]', 'sites = ["spot"]\nsystems = ["df26"]',
         ("launches[0].systems[0] 'df26'", "did you mean 'df-26'")),
        ('sites = ["spot"]', 'sites = ["spot"]\nranges = [{ min_km = 5, max_km = 4 }]',
         ("ranges[0]", "min_km 5", "max_km 4")),
        ('sites = ["spot"]', 'sites = ["spot"]\nranges = [{ max_km = 25000 }]',
         ("ranges[0].max_km 25000", "19,950")),
        ('sites = ["spot"]', 'sites = ["spot"]\ntreaty_band = false', ("'spot'", "any range")),
        ('coalition = "side"', 'coalition = "sid"', ("coalition 'sid'", "did you mean 'side'")),
        ('"DEU"', '"GER"', ("members[0] 'GER'", "no country has")),
        ('title = "Test"', "title = 2020-01-01", ("title 2020-01-01", "must be a text")),
        ('title = "Test"', "title = true", ("title true", "must be a text")),
        ('sites = ["spot"]', 'select = { years = [2000] }', ("years [2000]", "at least 2")),
        ('sites = ["spot"]', 'sites = ["spot"]\nsystems = "all"', ("'all'", '"site", "none"')),
        ('sites = ["spot"]', 'sites = ["spot"]\nranges = [{ max_km = 1e-12 }]', ("0.001",)),
        ("#123456", "blue", ("color 'blue'", "#1f5fa8")),
        ('"DEU"', '"Germany"', ("members[0] 'Germany'", "alpha-3")),
        ('id = "spot"', 'id = "mutlangen"', ("sites[0].id 'mutlangen'", "already")),
        ("format = 1", "format = ", ("not valid TOML", "line 2")),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_file_key_value_and_rule(
    tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    assert old in MINIMAL
    path = write(tmp_path, MINIMAL.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        range_bands(read_scenario(path))
    message = str(caught.value)
    assert message.startswith("mine.toml")
    assert "\n" not in message
    for word in words:
        assert word in message


def test_an_empty_target_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "none.csv").write_text("", encoding="utf-8")
    path = write(tmp_path, MINIMAL + '\n[targets]\nplaces = "none.csv"\n')
    with pytest.raises(ValueError, match=r"none.csv \(targets of mine.toml\): the file is empty"):
        read_scenario(path)


def test_unknown_scenarios() -> None:
    with pytest.raises(UnknownNameError, match="unknown scenario 'eurpe'; did you mean 'europe'"):
        read_scenario("eurpe")
    with pytest.raises(ScenarioError, match=r"nowhere/x.toml: no such scenario file"):
        read_scenario("nowhere/x.toml")


def test_binary_and_deep_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_scenario(path)
    path.write_text("a = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(ScenarioError, match="not valid TOML"):
        read_scenario(path)
    path.write_text("a" + ".a" * 3000 + " = 1", encoding="utf-8")
    with pytest.raises(ScenarioError, match="nested too deeply"):
        read_scenario(path)


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL, encoding="utf-8-sig")
    assert read_scenario(path).title == "Test"


def test_an_own_range_is_labelled_as_it_is(tmp_path: Path) -> None:
    text = MINIMAL + "ranges = [{ max_km = 0.5 }, { min_km = 100, max_km = 1234.5 }]\n"
    labels = range_bands(read_scenario(write(tmp_path, text)))["label"].tolist()
    assert labels[1:] == ["0.5 km", "100 to 1,234.5 km"]
