"""The command line as a user meets it: output, one line for a mistake, exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import shapely

from rangemap.cli import cli, main
from rangemap.geodesy import area_km2


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> object:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize(
    ("lon", "lat"),
    [("37.62", "55.75"), ("179.9", "-16"), ("0", "89.9"), ("144.9", "13.6"), ("166.7", "-77.8")],
)
def test_ring_prints_a_valid_polygon(run, lon: str, lat: str) -> None:
    code, out, err = run("ring", lon, lat, "5500")
    assert (code, err) == (0, "")
    polygon = shapely.from_geojson(out)
    assert polygon.is_valid
    # A disc of this radius on the sphere of the same area, as a coarse authority.
    assert area_km2(polygon) == pytest.approx(89_264_000, rel=6e-3)


def test_moscow_ring_covers_the_pole(run) -> None:
    _, out, _ = run("ring", "37.62", "55.75", "5500")
    polygon = shapely.from_geojson(out)
    assert all(polygon.covers(shapely.Point(lon, 89.999)) for lon in range(-180, 181))


def test_negative_numbers_are_not_options(run) -> None:
    code, out, _ = run("ring", "-150.5", "-77.5", "3e2")
    assert code == 0
    assert shapely.from_geojson(out).covers(shapely.Point(-150.5, -77.5))
    assert run("ring", "−150.5", "−77.5", "300")[0] == 0


def test_band_and_feature(run) -> None:
    code, out, _ = run("band", "144.9", "13.6", "500", "5500", "--feature", "--tolerance", "1000")
    assert code == 0
    feature = json.loads(out)
    assert feature["properties"]["min_km"] == 500
    assert not shapely.from_geojson(out).covers(shapely.Point(144.9, 13.6))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ring", "10", "95", "500"], 2, ("latitude 95", "[-90, 90]")),
        (["ring", "10", "5", "25000"], 2, ("25,000 km", "(0, 19,950]")),
        (["band", "10", "5", "600", "500"], 2, ("600 km", "not less than", "500 km")),
        (["band", "10", "5", "500", "500"], 2, ("500 km", "not less than")),
        (["ring", "ten", "5", "500"], 2, ("'ten'", "number")),
        (["ring", "10", "5"], 2, ("KM",)),
        (["ring", "10", "5", "500", "--tolernce", "5"], 2, ("--tolernce", "--tolerance")),
        (["build", "eurpe"], 2, ("unknown scenario 'eurpe'", "did you mean 'europe'")),
        (["coverage", "missing.toml"], 1, ("missing.toml", "no such")),
        (["show", "df26"], 2, ("'df26'", "did you mean 'df-26'")),
        (["show", "krychev"], 2, ("'krychev'", "did you mean 'krichev'")),
        (["list", "missiles"], 2, ("'missiles'", "systems")),
        (["compare", "europe:natus", "europe"], 2, ("'natus'", "did you mean 'nato-us'")),
        (["figure", "europe", "-o", "x.gif"], 2, ("'x.gif'", ".png, .svg or .pdf")),
        (["figure", "korea", "--kind", "bars", "--of", "sites"], 2, ("option --of", "takes none")),
        (
            ["figure", "korea", "--kind", "rose", "--by", "year"],
            2,
            ("option --by", "takes --from-site, --distances"),
        ),
        (["table", "europe", "-o", "x.doc"], 2, ("x.doc", ".csv")),
        (["coverage", "europe", "--places", "no.csv"], 1, ("no.csv", "cannot be read")),
        (["check", "nowhere"], 1, ("nowhere", "no such file")),
        (["frobnicate"], 2, ("frobnicate",)),
        (["init", "../x"], 2, ("'../x'", "letters")),
    ],
)
def test_a_mistake_is_one_line_and_an_exit_code(
    run, arguments: list[str], code: int, words: tuple[str, ...], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    got, out, err = run(*arguments)
    assert got == code
    assert out == ""
    assert err.startswith("rangemap: error: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err
    assert list(tmp_path.iterdir()) == []


def test_a_hostile_name_cannot_steer_the_terminal(run) -> None:
    _, _, err = run("show", "\x1b[2Jdf-26\nrangemap: all is well")
    assert "\x1b" not in err
    assert err.count("\n") == 1


def test_lists_and_cards(run) -> None:
    for what in ("systems", "sites", "scenarios", "sources"):
        code, out, _ = run("list", what)
        assert code == 0
        assert len(out.splitlines()) > 4
        code, out, _ = run("list", what, "--json")
        assert len(json.loads(out)) >= 3
    _, out, _ = run("show", "df-26")
    assert "CSIS" in out
    assert "4,000" in out
    assert "unverified" in run("show", "df-21e")[1]
    assert json.loads(run("show", "krichev", "--json")[1])["precision_km"] == 20
    assert run("show", "INF_TEXT")[0] == 0
    assert "deveselu" in run("show", "europe")[1]


def test_check_passes_on_what_is_bundled(run) -> None:
    code, out, err = run("check")
    assert code == 0
    assert "no problem found" in out
    assert "79 systems" in err


def test_init_writes_a_scenario_that_passes_check(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init", "my-study")[0] == 0
    assert run("check", "my-study.toml")[0] == 0
    code, _, err = run("init", "my-study")
    assert code == 1
    assert "there already" in err
    code, out, _ = run("coverage", "my-study.toml")
    assert code == 0
    assert "Bucharest" in out


def test_check_of_a_folder_tells_every_mistake(run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("place,lon,lat\nA,1,99\n", encoding="utf-8")
    (tmp_path / "b.toml").write_text("format = 3\n", encoding="utf-8")
    code, _, err = run("check", str(tmp_path))
    assert code == 1
    assert "a.csv" in err
    assert "b.toml" in err


def test_coverage_of_ones_own_places(run, tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_text("name,lon,lat\n=HYPERLINK(1),21,52\n", encoding="utf-8")
    code, out, _ = run("coverage", "europe", "--places", str(path), "--format", "csv")
    assert code == 0
    assert "'=HYPERLINK(1)" in out
    code, out, _ = run("coverage", "europe", "--places", str(path), "--format", "json")
    assert json.loads(out)[0]["place"] == "=HYPERLINK(1)"
    path.write_text("name,lon,lat\n", encoding="utf-8")
    code, out, err = run("coverage", "europe", "--places", str(path))
    assert (code, out) == (1, "")
    assert "holds no place" in err


def test_table_formats(run, tmp_path: Path) -> None:
    target = tmp_path / "zones.csv"
    assert run("table", "europe", "-o", str(target))[0] == 0
    assert target.read_text(encoding="utf-8").startswith("place_id,place,")
    assert json.loads(run("table", "europe", "--format", "json")[1])[0]["place_id"] == "AFG"
    assert "own side" in run("table", "europe")[1]


def test_the_ending_of_a_file_says_its_format(run, tmp_path: Path) -> None:
    for ending, start in (("csv", "place_id,"), ("json", "["), ("geojson", "{"), ("txt", "place ")):
        target = tmp_path / f"x.{ending}"
        assert run("coverage", "europe", "-o", str(target))[0] == 0
        assert target.read_text(encoding="utf-8").startswith(start)
    code, _, err = run("coverage", "europe", "-o", str(tmp_path / "x.doc"))
    assert code == 2
    assert ".csv, .json, .geojson or .txt" in err


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_output_is_utf8_whatever_the_locale(encoding: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "rangemap", "table", "europe", "--format", "csv"],
        capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert "Chișinău" in run.stdout.decode("utf-8")


def test_compare_as_text_and_json(run) -> None:
    code, out, _ = run("compare")
    assert code == 0
    assert "Launch sites in Europe against China" in out
    summary = json.loads(run("compare", "europe", "asia-pacific:china", "--json")[1])
    assert sum(summary["counts"].values()) == 197
    assert len(summary["table"]) == 197
    assert summary["table"][0]["a_nearest_km"] > 0
    assert "nearest site of A" in out
    assert run("compare", "europe", "europe")[0] == 2


def test_completion_and_help(run) -> None:
    for shell in ("bash", "zsh", "fish"):
        code, out, _ = run("completion", shell)
        assert code == 0
        assert "_RANGEMAP_COMPLETE" in out
    assert run("--version")[1].startswith("rangemap ")
    for name in cli.commands:
        code, out, _ = run(name, "--help")
        assert code == 0
        assert "Usage" in out


def test_a_reader_that_goes_away_is_no_error() -> None:
    run = subprocess.run(
        f"{sys.executable} -m rangemap coverage europe --format csv | head -n 1",
        shell=True, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.startswith("place_id,")
    assert run.stderr == ""


def test_a_card_names_every_source_of_its_ranges(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "9m729"]) == 0
    shown = capsys.readouterr().out
    for words in (
        "up to 480 km, declared, Russia MoD, 2019-01-23 [HINDU480, verified]",
        "about 476 km, declared, Patrushev",
        "an outlier, not used",
        "INF Treaty: Depends on source",
        "https://",
    ):
        assert words in shown
    assert main(["show", "9m729", "--json"]) == 0
    card = json.loads(capsys.readouterr().out)
    keys = {source["key"] for source in card["sources"]}
    assert {estimate["source_key"] for estimate in card["range_estimates"]} <= keys
