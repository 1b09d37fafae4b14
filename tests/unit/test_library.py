"""The scenario library: every built-in reads, cites its sources and draws what it promises."""

from __future__ import annotations

import re
from functools import cache

import geopandas
import numpy as np
import pytest

from rangemap.analysis import range_bands, read_scenario, scenario_names
from rangemap.analysis.coverage import coverage_table
from rangemap.catalogue import load_catalogue, places_frame, read_capitals
from rangemap.catalogue.files import data_path
from rangemap.geodesy import distance_km

# What each scenario draws: systems, and how many launch sites.
LIBRARY = {
    "aegis-ashore": ({"mk41-ashore"}, 2),
    "china-rocket-force": (
        {"df-11a", "df-15", "df-16", "df-17", "df-21a", "df-21d", "df-26", "cj-10", "cj-100"},
        20,
    ),
    "euromissiles-1987": (
        {"pershing-1a", "pershing-2", "bgm-109g", "ss-20", "ss-4", "ss-12", "ss-23"},
        46,
    ),
    "first-island-chain": ({"typhon-tomahawk", "typhon-sm6", "type-12-up", "lrhw", "prsm"}, 7),
    "guam": ({"df-26", "hwasong-12", "hwasong-10", "typhon-tomahawk", "lrhw"}, 9),
    "kaliningrad": ({"9m723", "9m728"}, 2),
    "korea": (
        {"nodong", "hwasong-10", "hwasong-12", "hyunmoo-2b", "hyunmoo-2c", "hyunmoo-3b"}
        | {"hyunmoo-3c", "hyunmoo-4", "atacms", "prsm", "typhon-tomahawk"},
        3,
    ),
    "oreshnik": ({"oreshnik"}, 2),
    "sea-and-air-launched": ({"kalibr-lacm", "kinzhal", "tlam", "slcm-n"}, 4),
    "ssc-8": ({"9m729"}, 4),
}
CITED = re.compile(r"\[([A-Z0-9_]+(?:; [A-Z0-9_]+)*)\]")
# Words that the project does not use for a range, or that would be a verdict of its own.
UNWANTED = re.compile(r"\b(circles?|donuts?|hits?|bearings?|theaters?|violat\w+)\b", re.IGNORECASE)


@cache
def bands_of(name: str) -> geopandas.GeoDataFrame:
    return range_bands(name, tolerance_m=5_000)


def verdicts(name: str, place: str) -> dict[tuple[str, str], str]:
    """Return the verdict of each site and range for one place."""
    places = places_frame(read_scenario(name).places)
    table = coverage_table(bands_of(name), places[places["place"] == place])
    assert len(table)
    keys = zip(table["site_id"], table["label"], strict=True)
    return dict(zip(keys, table["verdict"], strict=True))


def inside(name: str, place: str) -> set[str]:
    """Return the sites that have one place inside a range."""
    return {site for (site, _), verdict in verdicts(name, place).items() if verdict == "inside"}


@pytest.mark.parametrize("name", scenario_names())
def test_every_built_in_reads_under_its_own_name(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.subtitle
    assert scenario.launches
    assert scenario.places


def test_the_library_is_built_in() -> None:
    assert set(LIBRARY) <= set(scenario_names())


@pytest.mark.parametrize("name", LIBRARY)
def test_every_note_cites_known_sources(name: str) -> None:
    sources = load_catalogue().sources
    for note in read_scenario(name).notes:
        keys = [key for group in CITED.findall(note) for key in group.split("; ")]
        assert keys, f"no source: {note}"
        assert set(keys) <= set(sources), set(keys) - set(sources)
        assert note.count("[") == len(CITED.findall(note)), f"a bracket without keys: {note}"


@pytest.mark.parametrize("name", LIBRARY)
def test_a_note_that_rests_on_an_unread_source_alone_says_so(name: str) -> None:
    sources = load_catalogue().sources
    for note in read_scenario(name).notes:
        for group in CITED.findall(note):
            if all(sources[key].evidence.value == "recalled" for key in group.split("; ")):
                assert "unverified" in note, note


@pytest.mark.parametrize("name", LIBRARY)
def test_the_library_draws_what_it_promises_and_no_treaty_band(name: str) -> None:
    systems, sites = LIBRARY[name]
    bands = bands_of(name)
    assert set(bands["system_id"]) - {""} == systems
    assert bands["site_id"].nunique() == sites
    assert not (bands["band_kind"] == "treaty").any()


@pytest.mark.parametrize("name", LIBRARY)
def test_the_files_of_the_library_are_plain_text_in_the_words_of_the_project(name: str) -> None:
    for path in data_path("scenarios").glob(f"{name}*"):
        content = path.read_bytes()
        assert b"\r" not in content
        assert content.endswith(b"\n")
        text = content.decode("utf-8")
        assert not text.startswith("\ufeff")
        assert not UNWANTED.search(text)
        if path.suffix == ".toml":
            assert text.startswith("# ")


@pytest.mark.parametrize(
    ("name", "own", "twin"),
    [
        ("guam", "sunan-2017", "sunan"),
        ("korea", "sunan-2017", "sunan"),
        ("kaliningrad", "kaliningrad-city", "kaliningrad"),
    ],
)
def test_sites_of_a_file_stand_where_the_reference_point_does(
    name: str, own: str, twin: str
) -> None:
    sites = {launch.site.id: launch.site for launch in read_scenario(name).launches}
    known = load_catalogue().sites[twin]
    assert (sites[own].lon, sites[own].lat) == (known.lon, known.lat)
    assert sites[own].precision_km == known.precision_km


@pytest.mark.parametrize("name", ["euromissiles-1987", "first-island-chain", "guam"])
def test_capitals_in_the_files_of_places_stand_where_the_bundled_ones_do(name: str) -> None:
    bundled = {row.place_id: (row.place, row.lon, row.lat) for row in read_capitals().itertuples()}
    places = read_scenario(name).places
    shared = [place for place in places if place.place_id in bundled]
    assert len(shared) > 9
    for place in shared:
        assert (place.place, place.lon, place.lat) == bundled[place.place_id]


def test_euromissiles_uses_nothing_outside_its_years() -> None:
    systems = load_catalogue().systems
    for launch in read_scenario("euromissiles-1987").launches:
        assert launch.system_ids
        used = [systems[name] for name in launch.system_ids]
        spans = [(launch.site.year_from, launch.site.year_to)]
        for first, last in [*spans, *((system.year_from, system.year_to) for system in used)]:
            assert first is None or first <= 1988, launch
            assert last is None or last >= 1983, launch


def test_euromissiles_has_the_six_cruise_missile_bases_and_the_three_of_pershing() -> None:
    launches = read_scenario("euromissiles-1987").launches
    at = {launch.site.id: launch.system_ids for launch in launches}
    cruise = {site for site, systems in at.items() if "bgm-109g" in systems}
    pershing = {site for site, systems in at.items() if "pershing-2" in systems}
    assert cruise == {
        "greenham-common", "molesworth", "comiso", "florennes", "wuschheim", "woensdrecht",
    }  # fmt: skip
    assert pershing == {"mutlangen", "waldheide", "neu-ulm"}


def test_moscow_is_in_range_of_pershing_2_only_at_the_figure_that_moscow_alleged() -> None:
    found = verdicts("euromissiles-1987", "Moscow")
    for site in ("mutlangen", "waldheide", "neu-ulm"):
        by_label = {label: verdict for (at, label), verdict in found.items() if at == site}
        assert by_label["Pershing II, 1,800 km as the US said"] == "outside"
        assert by_label["Pershing II, 2,500 km as Moscow alleged"] == "inside"
    assert found["florennes", "Gryphon GLCM, 2,500 km"] == "inside"


def test_euromissiles_counts_capitals_of_1987() -> None:
    scenario = read_scenario("euromissiles-1987")
    places = {place.place for place in scenario.places}
    assert {"Bonn", "East Berlin", "Belgrade"} <= places
    assert not {"Berlin", "Kyiv", "Vilnius", "Zagreb", "Bratislava"} & places
    assert len(scenario.coalition("nato-us").members) == 16
    nato = {place.iso_a3 for place in scenario.places if place.note.startswith("NATO")}
    assert nato == scenario.coalition("nato-us").members


def test_ssc_8_shows_both_positions_at_every_site_and_names_them() -> None:
    bands = bands_of("ssc-8")
    for _, rows in bands.groupby("site_id"):
        assert sorted(rows["max_km"]) == [480, 2350]
        assert rows["said_by"].str.split().str[0].tolist() == ["Russia", "Western"]
        assert rows["disputed"].all()
    notes = " ".join(read_scenario("ssc-8").notes)
    for words in ("480 km", "2,350 km", "Russia", "Western", "HINDU480", "FAZ_RFE"):
        assert words in notes


def test_ssc_8_reaches_no_nato_capital_at_the_russian_figure() -> None:
    scenario, bands = read_scenario("ssc-8"), bands_of("ssc-8")
    nato = load_catalogue().coalitions["nato-us"].members
    table = coverage_table(bands, places_frame(scenario.places))
    by_figure = {
        km: set(rows.loc[rows["verdict"] != "outside", "place_id"])
        for km, rows in table.groupby("max_km")
    }
    assert not by_figure[480] & nato
    assert {"GEO", "ARM"} <= by_figure[480]
    assert {"DEU", "POL", "EST", "TUR", "SWE"} <= by_figure[2350]
    assert not {"FRA", "PRT", "ESP"} & by_figure[480]


def test_aegis_ashore_is_alleged_and_takes_no_side() -> None:
    bands = bands_of("aegis-ashore")
    assert bands["alleged"].all()
    assert bands["disputed"].all()
    assert set(bands["said_by"]) == {"Russia (as alleged)"}
    notes = " ".join(read_scenario("aegis-ashore").notes)
    assert "The United States says" in notes
    assert "Russia says" in notes
    assert "without a verdict" in notes


def test_kaliningrad_keeps_the_outlier_apart() -> None:
    bands = bands_of("kaliningrad")
    claim = bands[bands["coalition"] == "press-claim"]
    assert set(claim["max_km"]) == {700}
    assert bands.loc[bands["coalition"] != "press-claim", "max_high_km"].max() == 500
    berlin = verdicts("kaliningrad", "Berlin")
    assert {label for (_, label), verdict in berlin.items() if verdict != "outside"} == {
        "700 km, press claim (outlier)"
    }
    assert inside("kaliningrad", "Warsaw") == {"chernyakhovsk", "kaliningrad-city"}


def test_oreshnik_has_lisbon_inside_and_marks_what_hangs_on_5_000_or_5_500() -> None:
    assert inside("oreshnik", "Lisbon") == {"kapustin-yar", "krichev"}
    table = coverage_table(bands_of("oreshnik"), places_frame(read_scenario("oreshnik").places))
    marginal = table[table["verdict"] == "marginal"]
    assert len(marginal)
    assert marginal["distance_km"].between(4950, 5550).all()


def test_china_has_every_brigade_of_the_ranges_that_the_treaty_classed() -> None:
    catalogue = load_catalogue()
    wanted = {
        site.id
        for site in catalogue.sites.values()
        if site.coalition == "china" and site.launches and (site.year_to or 2100) > 2017
    } - {"plarf-xining"}  # an ICBM
    drawn: dict[str, set[str]] = {}
    for launch in read_scenario("china-rocket-force").launches:
        drawn.setdefault(launch.site.id, set()).update(launch.system_ids)
    assert drawn == {site: set(catalogue.sites[site].system_ids) for site in wanted}


def test_china_is_grouped_by_what_all_published_ranges_say_of_the_class() -> None:
    bands = bands_of("china-rocket-force")
    low, high = bands["max_low_km"], bands["max_high_km"]
    by_range = np.select(
        [(low >= 500) & (high <= 1000), (low > 1000) & (high <= 5500)],
        ["shorter-range", "intermediate-range"],
        "depends-on-source",
    )
    assert bands["coalition"].tolist() == by_range.tolist()


def test_first_island_chain_keeps_proposals_apart() -> None:
    kinds = {"deployed": {"exercise", "reported"}, "proposed": {"hypothetical", "exercise"}}
    bands = bands_of("first-island-chain")
    for coalition, rows in bands.groupby("coalition"):
        assert set(rows["site_kind"]) <= kinds[str(coalition)]
    assumed = bands[bands["system_id"].isin(["lrhw", "prsm"])]
    assert set(assumed["coalition"]) == {"proposed"}
    found = verdicts("first-island-chain", "Shanghai")
    assert found["laoag", "Typhon (MRC/SMRF) Tomahawk, 1,600 km"] == "inside"


def test_guam_is_in_range_of_df_26_from_xinyang_at_4_000_km_and_not_from_korla() -> None:
    found = verdicts("guam", "Andersen AFB")
    assert found["plarf-xinyang", "DF-26, 4,000 km"] == "marginal"  # 3,000 to 4,000 km
    assert found["plarf-korla", "DF-26, 4,000 km"] == "outside"
    assert found["sunan-2017", "Hwasong-12, 4,500 km"] == "inside"
    bands = bands_of("guam").set_index("site_id")
    assert distance_km(144.93, 13.584, 114.07, 32.12) < bands.loc["plarf-xinyang", "max_km"]


def test_a_launcher_on_guam_has_the_mainland_out_of_range_of_tomahawk() -> None:
    found = verdicts("guam", "Mainland, nearest to Guam")
    assert found["guam-andersen", "Typhon (MRC/SMRF) Tomahawk, 1,600 km"] == "outside"
    assert found["guam-andersen", "Dark Eagle (LRHW), 2,776 km"] == "marginal"  # 3,500 at most


def test_korea_reaches_neighbours_and_each_other() -> None:
    assert "sunan-2017" in inside("korea", "Tokyo")
    assert "sunan-2017" in inside("korea", "Beijing")
    assert inside("korea", "Pyongyang") >= {"south-korea-point", "pyeongtaek"}
    assert verdicts("korea", "Tokyo")["pyeongtaek", "ATACMS, 300 km"] == "outside"


def test_what_sea_and_air_launch_is_illustration_and_outside_the_treaty() -> None:
    systems = load_catalogue().systems
    for launch in read_scenario("sea-and-air-launched").launches:
        assert launch.site.kind.value == "ad-hoc"
        assert launch.site.precision_km >= 100
        for name in launch.system_ids:
            assert systems[name].launch_mode in ("sea", "air")
    assert "ground-launched missiles alone" in read_scenario("sea-and-air-launched").notes[0]
