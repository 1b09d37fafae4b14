"""As of a year: who was there, in scenarios, on the command line and in comparisons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rangemap.analysis import compare, range_bands, reach_table, read_scenario
from rangemap.catalogue import load_catalogue
from rangemap.cli import main
from rangemap.errors import ArgumentError, ScenarioError


def there(first: int | None, last: int | None, year: int) -> bool:
    return (first is None or first <= year) and (last is None or year <= last)


@pytest.mark.parametrize("year", [1965, 1979, 1984, 1987, 1988, 1990, 2018, 2024, 2026])
def test_only_what_was_there_in_the_year_launches(year: int) -> None:
    catalogue = load_catalogue()
    scenario = read_scenario("europe", as_of=year)
    assert scenario.name == f"europe-{year}"
    assert str(year) in scenario.title
    for launch in scenario.launches:
        assert there(launch.site.year_from, launch.site.year_to, year), launch.site.id
        for system_id in launch.system_ids:
            system = catalogue.systems[system_id]
            assert there(system.year_from, system.year_to, year), system_id
    # And nobody that the catalogue knows to have been there is missing.
    kinds = {"reported", "accused", "exercise", "hypothetical", "historical-base"}
    wanted = {
        site.id
        for site in catalogue.sites.values()
        if site.launches
        and site.theatre == "Europe"
        and site.kind.value in kinds
        and site.coalition in {c.id for c in scenario.coalitions}
        and (site.kind.value == "historical-base" or year >= 1992 or site.coalition == "nato-us")
        and there(site.year_from, site.year_to, year)
        and (
            not site.system_ids
            or any(
                there(catalogue.systems[s].year_from, catalogue.systems[s].year_to, year)
                for s in site.system_ids
            )
        )
    }
    assert {launch.site.id for launch in scenario.launches} == wanted


def test_europe_in_1987_has_no_system_of_today() -> None:
    bands = range_bands(read_scenario("europe", as_of=1987))
    assert {"ss-20", "pershing-2", "bgm-109g"} <= set(bands["system_id"])
    assert not {"9m729", "oreshnik", "typhon-tomahawk", "mk41-ashore"} & set(bands["system_id"])
    assert set(bands["coalition"]) == {"nato-us", "ussr"}
    assert bands.loc[bands["site_id"] == "comiso", "years"].str.match(r"198\d to 19\d\d").all()


def test_members_are_those_of_the_year() -> None:
    early, late = (read_scenario("europe", as_of=year) for year in (1987, 2026))
    assert "POL" not in early.coalition("nato-us").members
    assert "DEU" in early.coalition("nato-us").members
    assert len(early.coalition("nato-us").members) == 16
    assert len(late.coalition("nato-us").members) == 32


def test_unknown_years_are_shown_as_such() -> None:
    note, capitals = read_scenario("europe", as_of=2018).notes[-2:]
    assert note.startswith("As of 2018")
    assert capitals == "The capitals are those of today."
    assert "No last year is known of" in note
    bands = range_bands("europe")
    assert bands["years"].str.contains("unknown").any()


def test_a_year_in_the_file_counts_and_that_of_the_caller_more(tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_text(
        'format = 1\ntitle = "Old"\nas_of = 1987\n[[launches]]\ncoalition = "nato-us"\n'
        'select = { coalition = "nato-us", theatre = "Europe", years = [2017, 2026] }\n',
        encoding="utf-8",
    )
    names = {launch.site.id for launch in read_scenario(path).launches}
    assert "comiso" in names
    assert "wiesbaden" not in names
    later = {launch.site.id for launch in read_scenario(path, as_of=2026).launches}
    assert "wiesbaden" in later
    assert "comiso" not in later
    assert read_scenario(path).name == "old"
    assert read_scenario(path, as_of=2026).name == "old-2026"


def test_a_year_without_anything_says_so() -> None:
    with pytest.raises(ScenarioError, match="could launch in 1955"):
        read_scenario("europe", as_of=1955)
    with pytest.raises(ArgumentError, match=r"year 1066 must lie in \[1940, 2060\]"):
        read_scenario("europe", as_of=1066)


def test_a_past_year_is_compared_with_now() -> None:
    both = compare("europe@1987", "europe")
    assert both.a.name != both.b.name
    assert set(both.a.bands["coalition"]) == {"nato-us-1987", "ussr-1987"}
    assert set(both.b.bands["coalition"]) == {"nato-us", "russia-belarus"}
    sides = compare("europe@1987:nato-us", "europe:nato-us")
    assert sides.summary["counts"]["both"] > 0
    assert sides.a.name == "NATO and the United States, 1987"
    kyiv = both.table.set_index("place").loc["Kyiv"]
    assert kyiv["a_own"]  # of the Soviet Union


def test_reach_as_of_a_year() -> None:
    table = reach_table("Berlin", as_of=1987)
    assert "ss-20" in set(table["system_id"])
    assert not {"9m729", "oreshnik"} & set(table["system_id"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["table", "europe", "--as-of", "87"], "'87' is not a year of four digits"),
        (["table", "europe", "--as-of", "3000"], "year 3000 must lie in"),
        (["table", "europe", "--as-of", "1955"], "could launch in 1955"),
    ],
)
def test_a_bad_year_is_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) in (1, 2)
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_now_is_the_year_of_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "europe", "--as-of", "now", "--format", "json"]) == 0
    now = json.loads(capsys.readouterr().out)
    year = load_catalogue().release.date.year
    assert main(["table", "europe", "--as-of", str(year), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == now


def test_all_scenarios_as_of_a_year_leave_out_those_without_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rangemap.pack.build", lambda wanted, *_, **__: [s.name for s in wanted])
    assert main(["build", "--all", "--as-of", "1987", "-o", str(tmp_path)]) == 0
    shown = capsys.readouterr()
    assert "europe-1987" in shown.out.split()
    assert "euromissiles-1987" in shown.out.split()  # the year is not told twice
    assert "left out: europe-vs-china.toml" in shown.err


def test_a_proposed_site_is_not_older_than_its_systems() -> None:
    with pytest.raises(ScenarioError, match="could launch in 1955"):
        read_scenario("first-island-chain", as_of=1955)
    scenario = read_scenario("asia-pacific", as_of=1990)
    sites = {launch.site.id for launch in scenario.launches}
    assert not sites & {"babeldaob", "misawa", "kadena"}
    # One without years and without systems is kept, and said to be unknown.
    assert "basco" in sites
    assert "No first year is known of: Basco" in " ".join(scenario.notes)


def test_allies_of_1987_are_nobodys_targets() -> None:
    members = read_scenario("europe", as_of=1987).coalition("ussr").members
    assert {"POL", "CZE", "HUN", "ROU", "BGR", "SVK", "RUS", "UKR"} <= members
