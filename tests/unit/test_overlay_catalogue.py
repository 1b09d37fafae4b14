"""A user's own catalogue files, laid over the bundled ones; the output says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rangemap.analysis import own_case, read_scenario
from rangemap.catalogue import load_catalogue, use_catalogue
from rangemap.cli import main
from rangemap.errors import CatalogueError
from rangemap.views.style import caveats, provenance

SYSTEMS = """\
id,name,country,launch_mode,type,status,confidence,evidence,source_keys,plot_km
df-26,DF-26 as I see it,China,ground,ballistic,deployed,low,recalled,MY1,3600
my-cruise,My cruise missile,Poland,ground,cruise,proposed,low,recalled,MY1,900
"""
ESTIMATES = """\
system_id,value_km,quantity,bound,kind,said_by,date,source_key,evidence,use
df-26,3500,max_range,approx,claimed,Me,2026,MY1,recalled,yes
df-26,3700,max_range,approx,claimed,You,2026,MY1,recalled,yes
my-cruise,900,max_range,max,claimed,Me,2026,MY1,recalled,yes
ss-4,2500,max_range,max,claimed,Me,2026,MY1,recalled,yes
"""
SOURCES = """\
key,title,publisher,date,url,evidence
MY1,A note of mine,Me,2026,https://example.org/x,recalled
"""
SITES = """\
id,name,country,lon,lat,precision_km,theatre,coalition,launches,kind,system_ids,confidence,evidence
my-site,Elblag,Poland,19.4,54.16,2,Europe,mine,yes,hypothetical,my-cruise,low,recalled
"""
COALITIONS = """\
[mine]
name = "My coalition"
short = "Mine"
color = "#00796b"
members = ["POL"]
evidence = "recalled"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    for name, text in {
        "systems.csv": SYSTEMS, "range_estimates.csv": ESTIMATES, "sources.csv": SOURCES,
        "sites.csv": SITES, "coalitions.toml": COALITIONS,
    }.items():  # fmt: skip
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_rows_override_and_add(own: Path) -> None:
    bundled = load_catalogue()
    with use_catalogue(own) as catalogue:
        assert load_catalogue() is catalogue
        assert catalogue.systems["df-26"].name == "DF-26 as I see it"
        # A system that is overridden has the overlay's estimates alone.
        assert len(catalogue.estimates_of("df-26")) == 2
        assert (catalogue.systems["df-26"].max_low_km, catalogue.systems["df-26"].max_high_km) == (
            3500, 3700,
        )  # fmt: skip
        # A bundled one that gets another estimate is as wide as all of them.
        assert catalogue.systems["ss-4"].max_high_km == 2500
        assert len(catalogue.estimates_of("ss-4")) == len(bundled.estimates_of("ss-4")) + 1
        assert len(catalogue.systems) == len(bundled.systems) + 1
        assert catalogue.overlay is not None
        told = " ".join(catalogue.overlay.sentences())
        assert "own/systems.csv overrides df-26" in told
        assert "own/systems.csv adds my-cruise" in told
    assert load_catalogue() is bundled
    assert bundled.overlay is None


def test_every_output_says_so(own: Path, tmp_path: Path) -> None:
    scenario = own_case(["20,52,Here"], systems=["typhon-tomahawk"])
    assert "own" not in provenance(scenario).split("data of")[1]
    with use_catalogue(own):
        other = own_case(["20,52,Here"], systems=["typhon-tomahawk"])
        assert other.hash != scenario.hash
        assert "with own (" in provenance(other)
        assert any("overrides df-26" in text for text in caveats(other))
    out = tmp_path / "out"
    arguments = ["build", "--site", "my-site", "--system", "my-cruise"]
    assert main([*arguments, "--catalogue", str(own), "-o", str(out)]) == 0
    manifest = json.loads((out / "elblag" / "manifest.json").read_text(encoding="utf-8"))
    assert any("overrides df-26" in text for text in manifest["caveats"])
    page = (out / "elblag" / "map.html").read_text(encoding="utf-8")
    assert "overrides df-26" in page
    assert "my-cruise" not in load_catalogue().systems or main(["list", "systems"]) == 0


def test_the_next_command_is_without_it(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "df-26", "--catalogue", str(own)]) == 0
    shown = capsys.readouterr()
    assert "DF-26 as I see it" in shown.out
    assert "own/systems.csv: overrides the bundled row" in shown.out
    assert "own/systems.csv overrides df-26" in shown.err
    assert main(["show", "df-26", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "DF-26"


def test_it_serves_scenarios(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        'format = 1\ntitle = "Mine"\n[[launches]]\ncoalition = "mine"\nsites = ["my-site"]\n',
        encoding="utf-8",
    )
    with use_catalogue(own):
        scenario = read_scenario(path)
        assert scenario.launches[0].system_ids == ("my-cruise",)
        assert scenario.coalitions[0].name == "My coalition"


def test_check_reads_a_folder(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(own)]) == 0
    assert main(["check", str(own / "systems.csv")]) == 0
    capsys.readouterr()
    sites = own / "sites.csv"
    sites.write_text(SITES.replace("19.4,54.16", "59.4,54.16"), encoding="utf-8")
    assert main(["check", str(own)]) == 1
    assert "my-site: 59.4, 54.16 lies" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("systems.csv", "MY1,900", "MY2,900", ("own/systems.csv, row 3", "'MY2' is not known")),
        ("systems.csv", "id,name", "id,nome", ("own/systems.csv, row 1", "'name' is missing")),
        ("systems.csv", "low,recalled,MY1,3600", "low,recalled,MY1,9000", ("df-26, plot_km 9000",)),
        ("systems.csv", "my-cruise", "df-26", ("own/systems.csv, row 3", "is there twice")),
        ("sources.csv", "https://example.org/x", "ftp://example.org", ("own/sources.csv, row 2",)),
        ("range_estimates.csv", "3500", "=1+1", ("own/range_estimates.csv, row 2", "number")),
        ("sites.csv", "mine,yes", "nine,yes", ("own/sites.csv, row 2", "coalition 'nine'")),
        ("coalitions.toml", '"#00796b"', '"green"', ("coalitions.toml, mine", "colour")),
        ("coalitions.toml", "short", "shirt", ("coalitions.toml, mine",)),
        ("coalitions.toml", '["POL"]', '"POL"', ("coalitions.toml, mine", "a list")),
        ("coalitions.toml", "[mine]", "mine = 3\n[other]", ("coalitions.toml, mine", "table")),
    ],
)
def test_a_bad_cell_is_named(
    own: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    text = (own / file).read_text(encoding="utf-8")
    assert old in text
    (own / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught, use_catalogue(own):
        pass
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_a_folder_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "systems", "--catalogue", str(tmp_path / "nope")]) == 1
    assert "no such folder" in capsys.readouterr().err
    assert main(["list", "systems", "--catalogue", str(tmp_path)]) == 1
    assert "holds no file of a catalogue" in capsys.readouterr().err
    (tmp_path / "system.csv").write_text(SYSTEMS, encoding="utf-8")
    assert main(["list", "systems", "--catalogue", str(tmp_path)]) == 1
    assert "did you mean 'systems.csv'" in capsys.readouterr().err
