"""Cases of one's own, without a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pack_cases import quick_packs

from rangemap.analysis import coverage_table, own_case, range_bands
from rangemap.catalogue import read_capitals
from rangemap.cli import main
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.geodesy import distance_km


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(1, 19_000))
def test_every_capital_is_judged_by_its_distance(lon: float, lat: float, radius: float) -> None:
    bands = range_bands(own_case([f"{lon!r},{lat!r},Somewhere"], ranges=[radius]))
    places = read_capitals().iloc[::8]
    table = coverage_table(bands, places)
    truth = distance_km(lon, lat, places["lon"].to_numpy(), places["lat"].to_numpy()) <= radius
    assert (table["verdict"] == "inside").tolist() == truth.tolist()
    assert not (table["verdict"] == "marginal").any()


def test_several_sites_ranges_and_systems() -> None:
    scenario = own_case(
        ["24.4,44.07,Slatina", "krichev"], ranges=[500, 900], systems=["9m729", "typhon-tomahawk"]
    )
    bands = range_bands(scenario)
    assert bands["site_id"].nunique() == 2
    assert len(bands) == 2 * (2 + 2 + 1)  # 9M729 is two bands, one for each who says it
    assert scenario.name == "slatina"
    assert "Slatina and 1 more" in scenario.title
    assert any("not sourced" in note or "nor ranges" in note for note in scenario.notes)


@pytest.mark.parametrize(
    ("sites", "ranges", "systems", "words"),
    [
        ([], [500], [], "at least one site"),
        (["1,2"], [], [], "needs a range in km or a system"),
        (["1"], [500], [], "'1' is not LON,LAT"),
        (["a,b"], [500], [], "'a,b' is not LON,LAT"),
        (["nan,1"], [500], [], "not a longitude"),
        (["181,1"], [500], [], "not a longitude in"),
        (["1,2"], [0], [], "must lie in [0.001, 19,950]"),
        (["1,2"], [float("nan")], [], "must lie in"),
        (["1,2"], [30000], [], "19,950]"),
        (["1,2"], [], ["mk41"], "unknown system 'mk41'"),
        (["plarf-hq"], [5], [], "is not LON,LAT"),
    ],
)
def test_a_mistake_names_the_value(
    sites: list[str], ranges: list[float], systems: list[str], words: str
) -> None:
    with pytest.raises((ArgumentError, UnknownNameError)) as caught:
        own_case(sites, ranges, systems)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_build_needs_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With pictures that show nothing; the README's tour builds such a case whole."""
    quick_packs(monkeypatch)
    arguments = ["build", "--site", "-60.5,-51.7,Mount <Pleasant>", "--range", "1200"]
    assert main([*arguments, "-o", str(tmp_path)]) == 0
    folder = tmp_path / "mount-pleasant"
    assert capsys.readouterr().out.strip() == str(folder)
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["coalitions"][0]["verdicts"]["marginal"] == 0
    page = (folder / "map.html").read_text(encoding="utf-8")
    assert "<Pleasant>" not in page
    assert (folder / "figures" / "theatre-slide.pdf").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ["map", "europe", "--site", "1,2", "--range", "3"],
        ["map"],
        ["map", "--range", "3"],
        ["build", "--all", "europe"],
        ["build", "--system", "df-26"],
    ],
)
def test_a_case_that_is_not_one_is_a_usage_mistake(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.count("\n") == 1
