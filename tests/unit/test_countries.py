"""Countries, people and listed cities in range: sums that agree, and brute force by pyproj."""

from __future__ import annotations

import json

import geopandas
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from pyproj import Geod

import rangemap as rm
from rangemap.analysis import country_share_table, country_table, people_table, range_bands
from rangemap.analysis.countries import CITY_COLUMNS, COUNTRY_TABLE_COLUMNS, NO_CODE
from rangemap.analysis.people import PEOPLE_COLUMNS
from rangemap.catalogue import read_cities, read_countries
from rangemap.catalogue.continents import CONTINENTS
from rangemap.cli import cli, main
from rangemap.errors import ArgumentError

BY = ["coalition", "band_kind"]


@pytest.fixture(scope="module")
def bands() -> geopandas.GeoDataFrame:
    return range_bands("europe-vs-china")


@pytest.fixture(scope="module")
def table(bands: geopandas.GeoDataFrame) -> pd.DataFrame:
    return country_table(bands)


def random_bands(seed: int) -> geopandas.GeoDataFrame:
    """Bands at random places, of systems that one side or several sides speak of."""
    bands = range_bands("europe-vs-china").sample(9, random_state=seed)
    bands = bands[bands["band_kind"] != "treaty"].reset_index(drop=True)
    rng = np.random.default_rng(seed)
    n = len(bands)
    bands["site_lon"] = rng.uniform(-180, 180, n)
    bands["site_lat"] = np.degrees(np.arcsin(rng.uniform(-1, 1, n)))
    bands["site_precision_km"] = rng.choice([0, 5, 80], n)
    bands["min_km"] = rng.choice([0.0, 300.0], n)
    bands["max_low_km"] = rng.uniform(900, 4000, n)
    bands["max_km"] = bands["max_low_km"] * rng.uniform(1, 1.2, n)
    bands["max_high_km"] = bands["max_km"] * rng.uniform(1, 1.2, n)
    bands["coalition"], bands["band_kind"] = "china", "system"
    bands["disputed"] = bands["alleged"] = bands["assumed"] = False
    bands["band_id"] = [f"china:{i}:x" for i in range(n)]
    bands["site_id"] = [f"site-{i}" for i in range(n)]
    return bands


def sure_and_possible(bands: pd.DataFrame, cities: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The definition written down again, one geodesic for each pair."""
    geod = Geod(ellps="WGS84")
    sure, may = np.zeros((2, len(cities)), dtype=bool)
    for band in bands.itertuples():
        n = len(cities)
        _, _, metres = geod.inv(
            np.full(n, band.site_lon), np.full(n, band.site_lat), cities["lon"], cities["lat"]
        )
        near, far = metres / 1e3 - band.site_precision_km, metres / 1e3 + band.site_precision_km
        inner = band.min_km > 0
        sure |= (far <= band.max_low_km) & ((near >= band.min_km) if inner else True)
        may |= (near <= band.max_high_km) & ((far >= band.min_km) if inner else True)
    return sure, may & ~sure


@pytest.mark.parametrize("seed", [3, 11, 2026])
def test_cities_agree_with_brute_force(seed: int) -> None:
    bands = random_bands(seed)
    cities = read_cities().sample(6000, random_state=seed)
    inside, marginal = sure_and_possible(bands, cities)
    found = country_table(bands, cities=cities).set_index("iso_a3")
    assert inside.any()
    assert marginal.any()
    people = cities["population"].fillna(0).astype(int).to_numpy()
    for column, flags in (("inside", inside), ("marginal", marginal)):
        counts = pd.Series(flags.astype(int)).groupby(cities["iso_a3"].to_numpy()).sum()
        sums = pd.Series(people * flags).groupby(cities["iso_a3"].to_numpy()).sum()
        for code in counts.index:
            assert found.loc[code, f"cities_{column}"] == counts[code]
            assert found.loc[code, f"city_population_{column}"] == sums[code]


def test_treaty_bands_agree_with_the_place_table(
    bands: geopandas.GeoDataFrame, table: pd.DataFrame
) -> None:
    cities = read_cities().iloc[::40].reset_index(drop=True)
    some = country_table(bands, cities=cities)
    rows = rm.place_table(bands, cities)
    for coalition, part in rows.groupby("coalition"):
        treaty = some[(some["coalition"] == coalition) & (some["band_kind"] == "treaty")]
        assert treaty["cities_inside"].sum() == part["in_band_surely"].sum()
        maybe = part["in_band_possibly"] & ~part["in_band_surely"]
        assert treaty["cities_marginal"].sum() == maybe.sum()
        systems = some[(some["coalition"] == coalition) & (some["band_kind"] == "system")]
        assert systems["cities_inside"].sum() == (part["verdict"] == "inside").sum()
        assert systems["cities_marginal"].sum() == (part["verdict"] == "marginal").sum()


def test_each_country_once_and_every_city_counted(table: pd.DataFrame) -> None:
    assert list(table.columns) == COUNTRY_TABLE_COLUMNS
    assert not table.duplicated(["iso_a3", *BY]).any()
    cities = read_cities()
    for _, part in table.groupby(BY):
        assert part["cities"].sum() == len(cities)
        assert part["city_population"].sum() == cities["population"].sum()
        assert set(read_countries()["iso_a3"]) <= set(part["iso_a3"])
    assert (table["cities_inside"] + table["cities_marginal"] <= table["cities"]).all()
    assert set(table["continent"]) <= set(CONTINENTS) - {"Unknown"}
    none = table[table["iso_a3"] == "ATA"]
    assert len(none)
    assert (none["cities"] == 0).all()


def test_shares_are_those_of_the_share_table(
    bands: geopandas.GeoDataFrame, table: pd.DataFrame
) -> None:
    shares = country_share_table(bands).set_index([*BY, "iso_a3"])
    both = table.dropna(subset="area_km2").set_index([*BY, "iso_a3"])
    for name in ("area_km2", "covered_km2", "share", "share_error", "own_side"):
        assert both[name].sort_index().equals(shares[name].sort_index()), name


def test_codes_without_a_shape_have_cities_and_no_area(table: pd.DataFrame) -> None:
    bare = table[table["area_km2"].isna()]
    assert "GUF" in set(bare["iso_a3"])
    assert set(bare["iso_a3"]) == set(read_cities()["iso_a3"]) - set(read_countries()["iso_a3"])
    assert (bare["cities"] > 0).all()
    assert bare.set_index("iso_a3").loc["REU", "continent"].unique().tolist() == ["Africa"]


def test_people_are_the_sums_over_countries(
    bands: geopandas.GeoDataFrame, table: pd.DataFrame
) -> None:
    people = people_table(bands).set_index(BY)
    assert [*BY, *people.columns] == PEOPLE_COLUMNS
    for key, part in table.groupby(BY):
        own = part["own_side"]
        for name in (*CITY_COLUMNS, "covered_km2"):
            assert people.loc[key, name] == pytest.approx(part.loc[~own, name].sum())
            assert people.loc[key, f"own_{name}"] == pytest.approx(part.loc[own, name].sum())
        touched = (part["covered_km2"] > 0) | (part["cities_inside"] + part["cities_marginal"] > 0)
        assert people.loc[key, "countries_touched"] == (touched & ~own).sum()
        assert people.loc[key, "countries"] + people.loc[key, "own_countries"] == len(part)


def test_cities_are_joined_by_code_and_never_by_location(bands: geopandas.GeoDataFrame) -> None:
    cities = read_cities().iloc[:3].copy()
    cities["iso_a3"] = ["NZL", "", "DEU"]
    cities["lon"], cities["lat"] = 37.6, 55.75
    table = country_table(bands, cities=cities)
    one = table[table["band_kind"] == "treaty"].groupby("iso_a3")["cities"].first()
    assert one[one > 0].to_dict() == {"": 1, "DEU": 1, "NZL": 1}
    assert set(table.loc[table["iso_a3"] == "", "country"]) == {NO_CODE}


def test_own_ranges_are_a_kind_of_their_own() -> None:
    own = rm.read_scenario("europe")
    assert own
    bands = range_bands(rm.own_case(("0,0,Null Island",), (800.0,)))
    table = country_table(bands)
    assert set(table["band_kind"]) >= {"own"}
    ghana = table[(table["iso_a3"] == "GHA") & (table["band_kind"] == "own")].iloc[0]
    assert ghana["share"] > 0
    assert not ghana["own_side"]


def test_no_bands_and_missing_columns(bands: geopandas.GeoDataFrame) -> None:
    assert list(country_table(bands.iloc[:0]).columns) == COUNTRY_TABLE_COLUMNS
    assert list(people_table(bands.iloc[:0]).columns) == PEOPLE_COLUMNS
    with pytest.raises(ArgumentError, match="cities lack the column 'iso_a3'"):
        country_table(bands, cities=read_cities().drop(columns="iso_a3"))


def run(*arguments: str) -> str:
    found = CliRunner().invoke(cli, list(arguments))
    assert found.exit_code == 0, found.output
    return found.stdout


def test_the_terminal_table_is_readable() -> None:
    text = run("coverage", "europe", "--by", "country")
    rows = [line for line in text.splitlines() if line.startswith(("Poland", "Germany", "France"))]
    assert rows
    assert max(map(len, text.splitlines())) <= 122
    people = run("coverage", "europe", "--by", "coalition")
    assert max(map(len, people.splitlines())) <= 120
    blocks = text.split("Russia and Belarus: ")
    assert len(blocks) == 3
    listed = [line.split("  ")[0] for line in blocks[1].splitlines()[4:] if "%" in line]
    assert listed[-2:] == ["* Belarus", "* Russian Federation"]
    assert "(131 of" not in text  # own side is not in the counts of others
    assert "34,006" not in text
    assert "GeoNames" in text


def test_units_change_readers_tables_alone() -> None:
    km, mi = (run("coverage", "europe", "--by", "coalition", "--units", u) for u in ("km", "mi"))
    assert "covered km²" in km
    assert "covered mi²" in mi
    both = [
        run("coverage", "europe", "--by", "coalition", "--units", u, "--format", "json")
        for u in ("km", "nmi")
    ]
    assert both[0] == both[1]
    covered = json.loads(both[0])[0]["covered_km2"]
    assert f"{covered:,.0f}" in km
    assert f"{covered / 1.609344**2:,.0f}" in mi
    near = run("table", "europe", "--units", "nmi")
    assert "nearest nmi" in near


def test_own_places_stand_for_the_cities(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "orte.csv"
    path.write_text(
        "Ort;Länge;Breite;iso3;Einwohner\nA;13,4;52,5;DEU;1.000.000\nB;37,6;55,7;RUS;7\n",
        encoding="utf-8",
    )
    arguments = ["coverage", "europe", "--by", "coalition", "--places", str(path)]
    assert main([*arguments, "--format", "json"]) == 0
    out = capsys.readouterr()
    rows = {(row["coalition"], row["band_kind"]): row for row in json.loads(out.out)}
    row = rows["russia-belarus", "treaty"]
    assert (row["cities"], row["city_population_inside"], row["own_city_population"]) == (
        1, 1_000_000, 7,
    )  # fmt: skip
    assert "name from 'Ort', ISO code from 'iso3', longitude from 'Länge'" in out.err
    assert main(arguments) == 0
    assert "Places: orte.csv" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--layer", "x"), "--layer needs --places"),
        (("--by", "country", "--format", "geojson"), "geojson has no meaning here"),
        (("--by", "country", "-o", "x.geojson"), "must end in .md, .xlsx, .csv, .json or .txt"),
        (("--by", "country", "--format", "xlsx"), "needs -o FILE"),
        (("--population", "x.tif", "--by", "place"), "goes by coalition or country"),
        (("--population", "no.tif"), "no.tif: no such file"),
    ],
)
def test_what_has_no_meaning_is_one_line(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["coverage", "europe", *arguments]) in (1, 2)
    err = capsys.readouterr().err
    assert words in err
    assert err.count("\n") == 1
