"""A user's own catalogue files, laid over the bundled ones; the output says so."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest
from pack_cases import quick_packs

from rangemap.analysis import analyse, own_case, range_bands, read_scenario
from rangemap.catalogue import load_catalogue, set_catalogue, use_catalogue
from rangemap.catalogue.overlay import meant_file
from rangemap.catalogue.plausible import check_plausible
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


@pytest.mark.long
def test_every_output_says_so(own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quick_packs(monkeypatch)
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
        ("systems.csv", "low,recalled,MY1,3600", "low,recalled,MY1,9000",
         ("own/systems.csv, row 2, plot_km '9000'", "[3500, 3700]", "df-26")),
        ("systems.csv", "my-cruise", "df-26", ("own/systems.csv, row 3", "is there twice")),
        ("sources.csv", "https://example.org/x", "ftp://example.org", ("own/sources.csv, row 2",)),
        ("range_estimates.csv", "3500", "=1+1", ("own/range_estimates.csv, row 2", "number")),
        ("sites.csv", "mine,yes", "nine,yes", ("own/sites.csv, row 2", "coalition 'nine'")),
        ("coalitions.toml", '"#00796b"', '"green"', ("coalitions.toml, mine", "colour")),
        ("coalitions.toml", "short", "shirt", ("coalitions.toml, mine",)),
        ("coalitions.toml", '["POL"]', '"POL"', ("coalitions.toml, mine", "a list")),
        ("coalitions.toml", "[mine]", "mine = 3\n[other]", ("coalitions.toml, mine", "table")),
        ("coalitions.toml", "[mine]", "[mine", ("own/coalitions.toml: not valid TOML",)),
        ("coalitions.toml", "[mine]", "[korea]",
         ("own/coalitions.toml, korea", "built-in scenario")),
        ("systems.csv", "my-cruise", "europe",
         ("own/systems.csv, row 3, id 'europe'", "built-in scenario")),
        ("systems.csv", "Poland,ground,cruise", "Poland,ground,cruse",
         ("own/systems.csv, row 3, type 'cruse'", "did you mean 'cruise'")),
        ("systems.csv", "My cruise", "My\u202ecruise", ("own/systems.csv, row 3, name", "U+202E")),
        ("systems.csv", "my-cruise", "my/cruise", ("own/systems.csv, row 3, id 'my/cruise'",)),
        ("range_estimates.csv", "ss-4,", "ss-44,", ("own/range_est", "did you mean 'ss-4'")),
        ("range_estimates.csv", "ss-4,2500", "ss-20,500",
         ("own/range_estimates.csv, row 5, value_km '500'", "min_km 600 of ss-20")),
    ],
)  # fmt: skip
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


HEAD = "id,name,country,launch_mode,type,status,confidence,evidence"
BODY = "{},Mine,Poland,ground,cruise,proposed,low,recalled"
RANGES = ("min_km", "max_low_km", "plot_km", "max_high_km")


def one_system(folder: Path, system_id: str = "my-own", **cells: object) -> Path:
    """Write a folder with one system."""
    folder.mkdir(exist_ok=True)
    lines = [[HEAD, *cells], [BODY.format(system_id), *cells.values()]]
    text = "".join(",".join(map(str, line)) + "\n" for line in lines)
    (folder / "systems.csv").write_text(text, encoding="utf-8")
    return folder


def test_an_overridden_system_is_wholly_the_users(tmp_path: Path) -> None:
    folder = one_system(tmp_path / "own", "9m729", plot_km=700, min_km=600)
    with use_catalogue(folder) as catalogue:
        assert catalogue.estimates_of("9m729") == ()
        assert catalogue.disputed_bands_of("9m729") == ()
        assert catalogue.disputed_bands_of("pershing-2")
        bands = range_bands(own_case(["20,52,Here"], systems=["9m729"]))
        assert bands[["min_km", "max_km"]].to_numpy().tolist() == [[600, 700]]
        assert catalogue.overlay is not None
        told = " ".join(catalogue.overlay.sentences())
        assert "The bundled range estimates of 9m729 are left out." in told
        assert "The bundled disputed ranges of 9m729 are left out." in told
    rows = (
        "id,system_id,said_by,label,max_km,max_low_km,max_high_km,basis,evidence\n"
        "9m729-west,9m729,Me,Mine,{0},{0},{0},assessed,recalled\n"
    )
    (folder / "disputed_bands.csv").write_text(rows.format(900), encoding="utf-8")
    with use_catalogue(folder) as catalogue:
        assert [band.max_km for band in catalogue.disputed_bands_of("9m729")] == [900]
        assert catalogue.overlay is not None
        assert "own/disputed_bands.csv overrides 9m729-west." in catalogue.overlay.sentences()
    (folder / "disputed_bands.csv").write_text(rows.format(480), encoding="utf-8")
    with pytest.raises(CatalogueError) as caught, use_catalogue(folder):
        pass
    assert str(caught.value) == (
        "own/disputed_bands.csv, row 2, max_low_km '480': is not over min_km 600 of 9m729"
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ((None, None, 900, 800), "plot_km '900': is over max_high_km 800"),
        ((None, 950, 900, None), "max_low_km '950': is over plot_km 900"),
        ((None, 950, None, 900), "max_low_km '950': is over max_high_km 900"),
        ((900, None, 900, None), "min_km '900': is not less than plot_km 900"),
        ((900, None, None, 800), "min_km '900': is not less than max_high_km 800"),
        ((900, 900, None, None), "min_km '900': is not less than max_low_km 900"),
        ((19_950, None, None, 20_000), "min_km '19950': must lie in [0, 19,949]"),
    ],
)
def test_ranges_out_of_order_are_refused(
    tmp_path: Path, cells: tuple[int | None, ...], message: str
) -> None:
    given = {key: cell for key, cell in zip(RANGES, cells, strict=True) if cell is not None}
    folder = one_system(tmp_path / "own", **given)
    with pytest.raises(CatalogueError) as caught, use_catalogue(folder):
        pass
    assert str(caught.value) == f"own/systems.csv, row 2, {message}"


@pytest.mark.parametrize(
    ("cells", "filled"),
    [
        ((100, None, 900), (100, 900, 900)),
        ((None, None, 900), (900, 900, 900)),
        ((100, None, None), (100, 100, 100)),
        ((100, 500, None), (100, 500, 500)),
        ((None, 500, 900), (500, 500, 900)),
        ((None, 500, None), (None, 500, None)),  # drawn as assumed
    ],
)
def test_what_is_left_empty_is_filled_so_that_it_can_be_drawn(
    tmp_path: Path, cells: tuple[int | None, ...], filled: tuple[int | None, ...]
) -> None:
    given = {key: cell for key, cell in zip(RANGES[1:], cells, strict=True) if cell is not None}
    with use_catalogue(one_system(tmp_path / "own", **given)) as catalogue:
        system = catalogue.system("my-own")
        assert (system.max_low_km, system.plot_km, system.max_high_km) == filled
        bands = range_bands(own_case(["20,52,Here"], systems=["my-own"]))
        assert bands["max_km"].tolist() == [filled[1]]
        assert ("assumed" in bands["label"][0]) == (filled[2] is None)


def test_estimates_widen_a_system_to_hold_its_own_ranges(tmp_path: Path) -> None:
    (tmp_path / "range_estimates.csv").write_text(
        "system_id,value_km,quantity,bound,kind,said_by,date,source_key,evidence,use\n"
        "slcm-n,1000,max_range,max,claimed,Me,2026,INF_TEXT,recalled,yes\n",
        encoding="utf-8",
    )
    assert load_catalogue().systems["slcm-n"].max_low_km is None
    with use_catalogue(tmp_path) as catalogue:
        system = catalogue.system("slcm-n")
        assert system.max_low_km == 1000
        assert system.max_high_km == system.plot_km


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("systems.csv", "Poland", "Polnd",
         ("own/systems.csv, my-cruise, country 'Polnd'", "did you mean 'Poland'")),
        ("sites.csv", "Poland", "Polnd",
         ("own/sites.csv, my-site, country 'Polnd'", "did you mean 'Poland'")),
        ("sites.csv", "19.4,54.16", "59.4,54.16", ("own/sites.csv, my-site: 59.4, 54.16 lies",)),
        ("coalitions.toml", "POL", "PLD", ("own/coalitions.toml, mine, members 'PLD'",)),
    ],
)  # fmt: skip
def test_what_is_not_on_the_map_is_found(
    own: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    path = own / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with use_catalogue(own) as catalogue, pytest.raises(CatalogueError) as caught:
        check_plausible(catalogue)
    for word in words:
        assert word in str(caught.value)


def test_a_folder_in_the_place_of_a_file_is_refused(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "sites.csv").unlink()
    (own / "sites.csv").mkdir()
    assert main(["check", str(own)]) == 1
    assert "own/sites.csv: must be a file, and is a folder" in capsys.readouterr().err
    (own / "sites.csv").rmdir()
    (own / "sites.csv").symlink_to(own / "nothing.csv")
    assert main(["check", str(own)]) == 1
    assert "own/sites.csv: must be a file" in capsys.readouterr().err


def test_places_beside_a_catalogue_are_no_slip(own: Path) -> None:
    for name in ("places.csv", "cities.csv", "targets.csv", "towns.csv"):
        assert meant_file(name) is None
        (own / name).write_text("place,lon,lat\nA,1,2\n", encoding="utf-8")
    (own / "claims.csv").unlink(missing_ok=True)
    assert main(["check", str(own)]) == 0
    for name in ("system.csv", "Sites.csv", "estimates.csv", "range-estimates.csv", "claim.csv"):
        assert meant_file(name) is not None


def test_a_byte_order_mark_is_no_mistake(own: Path) -> None:
    for path in own.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    with use_catalogue(own) as catalogue:
        assert catalogue.coalitions["mine"].members == {"POL"}
    (own / "coalitions.toml").write_bytes(b"\xff\xfe")
    with (
        pytest.raises(CatalogueError, match=r"^own/coalitions.toml: not UTF-8 text \(byte 0\)$"),
        use_catalogue(own),
    ):
        pass


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "systems", "--catalogue", "{own}"],
        ["list", "systems", "--catalogue", "{own}", "--help"],
        ["list", "systems", "--catalogue", "{own}/nope"],
        ["list", "nonsense", "--catalogue", "{own}"],
        ["show", "df-27x", "--catalogue", "{own}"],
    ],
)
def test_main_leaves_the_catalogue_of_its_caller(
    own: Path, tmp_path: Path, arguments: list[str]
) -> None:
    bundled = load_catalogue()
    given = [text.format(own=own) for text in arguments]
    main(given)
    assert load_catalogue() is bundled
    with use_catalogue(one_system(tmp_path / "other", plot_km=900)) as catalogue:
        main(given)
        assert load_catalogue() is catalogue
    assert load_catalogue() is bundled


def test_a_folder_with_a_mistake_is_not_taken_into_use(own: Path, tmp_path: Path) -> None:
    bundled = load_catalogue()
    with pytest.raises(CatalogueError, match="no such folder"):
        set_catalogue(tmp_path / "nope")
    assert load_catalogue() is bundled
    (own / "sources.csv").write_text("key\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"own/sources\.csv"):
        set_catalogue(own)
    assert load_catalogue() is bundled


def test_what_was_read_with_another_catalogue_says_so(own: Path) -> None:
    with use_catalogue(own):
        scenario = own_case(["20,52,Here"], systems=["my-cruise"])
        analysis = analyse(scenario)
    words = r"'my-cruise': is not in the catalogue in use \(the bundled one\).* use_catalogue$"
    with pytest.raises(CatalogueError, match=words):
        load_catalogue().systems["my-cruise"]
    with pytest.raises(CatalogueError, match="'here' was read with other catalogue files"):
        range_bands(scenario)
    with pytest.raises(CatalogueError, match="source 'MY1'"):
        analysis.sources()


def test_a_thread_has_it_if_it_is_passed_on(own: Path) -> None:
    bundled = load_catalogue()
    with use_catalogue(own) as catalogue, ThreadPoolExecutor(1) as pool:
        assert pool.submit(load_catalogue).result() is bundled
        assert pool.submit(copy_context().run, load_catalogue).result() is catalogue


def test_a_coalition_says_where_it_is_from(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "mine", "--catalogue", str(own)]) == 0
    assert "from: own/coalitions.toml: added" in capsys.readouterr().out
    path = own / "coalitions.toml"
    path.write_text(COALITIONS + COALITIONS.replace("[mine]", "[china]"), encoding="utf-8")
    assert main(["show", "china", "--catalogue", str(own)]) == 0
    assert "own/coalitions.toml: overrides the bundled coalition" in capsys.readouterr().out


def test_a_bundled_name_that_is_a_scenarios_may_be_overridden(tmp_path: Path) -> None:
    with use_catalogue(one_system(tmp_path / "own", "oreshnik", plot_km=900)) as catalogue:
        assert catalogue.system("oreshnik").plot_km == 900


def test_a_scenario_belongs_to_the_catalogue_that_it_was_read_with(own: Path) -> None:
    with use_catalogue(own):
        scenario = own_case(["20,52,Here"], systems=["df-26"])
        assert range_bands(scenario)["max_km"].tolist() == [3600]
    with pytest.raises(CatalogueError, match="'here' was read with other catalogue files"):
        range_bands(scenario)
    plain = own_case(["20,52,Here"], systems=["df-26"])
    with use_catalogue(own), pytest.raises(CatalogueError, match="other catalogue files"):
        range_bands(plain)
