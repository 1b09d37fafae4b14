"""Every row of the bundled data is checked; a bad row is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rangemap.catalogue import (
    load_catalogue,
    read_capitals,
    read_countries,
    read_places,
    read_range_estimates,
    read_sites,
    read_sources,
    read_systems,
)
from rangemap.catalogue.files import data_path
from rangemap.catalogue.plausible import check_plausible
from rangemap.catalogue.reader import read_catalogue
from rangemap.errors import CatalogueError, PlacesError, UnknownNameError


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the catalogue to spoil."""
    for path in data_path("sites.csv").parent.iterdir():
        if path.suffix in (".csv", ".toml"):
            shutil.copy(path, tmp_path)
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_counts_and_columns() -> None:
    assert len(read_systems()) == 79
    assert len(read_range_estimates()) == 361
    assert len(read_sites()) == 131
    assert len(read_sources()) >= 460
    assert len(read_capitals()) == 197
    assert {"iso_a3", "name", "geometry"} <= set(read_countries().columns)
    assert read_sites().crs.to_epsg() == 4326


def test_every_record_has_a_source_or_says_why() -> None:
    catalogue = load_catalogue()
    for record in (*catalogue.systems.values(), *catalogue.sites.values()):
        assert record.source_keys, record.id
    for entry in catalogue.disputed_bands:
        assert entry.source_keys, entry.id
        assert entry.said_by


def test_bundled_catalogue_is_plausible() -> None:
    check_plausible(load_catalogue())


def test_support_sites_launch_nothing() -> None:
    for site in load_catalogue().sites.values():
        if site.kind.value in ("historical-support", "reference"):
            assert not site.launches, site.id


def test_coalition_members_are_countries_with_a_capital() -> None:
    known = set(read_capitals()["iso_a3"])
    for coalition in load_catalogue().coalitions.values():
        assert coalition.members <= known, coalition.members - known
    assert len(load_catalogue().coalitions["nato-us"].members) == 32


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("sites.csv", "mutlangen,Mutlangen (Schwaebisch Gmuend),Germany,9.8061,48.815",
         "mutlangen,Mutlangen (Schwaebisch Gmuend),Germany,9.8061,98.815",
         ("sites.csv, row 2", "lat '98.815'", "[-90, 90]")),
        ("sites.csv", "nato-us,yes,historical-base", "nato-us,maybe,historical-base",
         ("launches 'maybe'", "yes or no")),
        ("sites.csv", "historical-base", "historical-bose",
         ("kind 'historical-bose'", "did you mean 'historical-base'")),
        ("sites.csv", "pershing-1a;pershing-2", "pershing-1a;pershing-3",
         ("'pershing-3' is not known", "did you mean")),
        ("sites.csv", "1964,1990", "1990,1964", ("year_to '1964'", "before year_from 1990")),
        ("systems.csv", ",1700,1931,", ",2700,1931,", ("max_low_km '2700'", "over max_high_km")),
        ("sources.csv", "https://nuke.fas.org/control/inf/text/inf.htm", "javascript:alert(1)",
         ("url 'javascript:alert(1)'", "http")),
        ("systems.csv", ",US,ground,ballistic,,", ",US,grond,ballistic,,",
         ("launch_mode 'grond'", "did you mean 'ground'")),
        ("range_estimates.csv", "1800,max_range,approx", "1800,maxrange,approx",
         ("quantity 'maxrange'", "did you mean 'max_range'")),
        ("range_estimates.csv", "usual US figure,yes", "usual US figure,maybe",
         ("use 'maybe'", "yes, outlier, context")),
        ("range_estimates.csv", "WAPO83", "WAPO84", ("source_key 'WAPO84'", "sources.csv")),
        ("range_estimates.csv", "pershing-2,1800", "pershing-2,far", ("'far'", "number")),
        ("disputed_bands.csv", "480,476,480", "480,476,470", ("max_km '480'", "[476, 470]")),
        ("disputed_bands.csv", "480,declared", "480,declareed",
         ("basis 'declareed'", "declared, assessed, alleged; did you mean 'declared'")),
        ("systems.csv", "US,ground,ballistic", "US,ground,balistic",
         ("type 'balistic'", "did you mean 'ballistic'")),
        ("systems.csv", "pershing-2,", "Pershing 2,", ("row 2, id 'Pershing 2'", "small letters")),
        ("sites.csv", "mutlangen,", "-mutlangen,", ("row 2, id '-mutlangen'", "small letters")),
        ("sites.csv", ",Mutlangen", ",Mut\u202elangen", ("row 2, name", "U+202E")),
        ("sites.csv", "36 Pershing II", "36\x1b Pershing II", ("row 2, note", "U+001B")),
        ("coalitions.toml", 'name = "NATO', 'name = "\\u2066NATO', ("nato-us: name", "U+2066")),
        ("coalitions.toml", "[nato-us]", "[NATO]", ("'NATO'", "small letters")),
        ("systems.csv", "id,name", "id,nome", ("column 'name' is missing", "did you mean 'nome'")),
    ],
)  # fmt: skip
def test_a_bad_row_is_named(
    copy: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    spoil(copy, file, old, new)
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(copy)
    message = str(caught.value)
    assert message.startswith(file)
    assert "\n" not in message
    for word in words:
        assert word in message


def test_a_site_outside_its_country_is_found(copy: Path) -> None:
    spoil(copy, "sites.csv", "Germany,9.8061,48.815", "Germany,19.8061,48.815")
    with pytest.raises(CatalogueError, match=r"mutlangen.*outside Germany"):
        check_plausible(read_catalogue(copy))


def test_a_spread_that_misses_an_estimate_is_found(copy: Path) -> None:
    spoil(copy, "range_estimates.csv", "pershing-2,1800", "pershing-2,2800")
    with pytest.raises(CatalogueError, match=r"systems.csv, row 2, max_high_km '1931'.*2800"):
        check_plausible(read_catalogue(copy))


def test_a_coalition_of_no_country_is_found(copy: Path) -> None:
    spoil(copy, "coalitions.toml", '"BLR"', '"BYR"')
    with pytest.raises(CatalogueError, match=r"coalitions.toml, russia-belarus, members 'BYR'"):
        check_plausible(read_catalogue(copy))


def test_a_country_that_is_none_is_found(copy: Path) -> None:
    spoil(copy, "systems.csv", ",Pakistan,", ",Pakistn,")
    with pytest.raises(CatalogueError, match=r"country 'Pakistn'.*did you mean 'Pakistan'"):
        check_plausible(read_catalogue(copy))


def test_an_id_twice_is_refused(copy: Path) -> None:
    text = (copy / "sites.csv").read_text(encoding="utf-8").splitlines()
    (copy / "sites.csv").write_text("\n".join([*text, text[1]]) + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"row 133, id 'mutlangen': is there twice"):
        read_catalogue(copy)


def test_unknown_names_suggest_a_near_one() -> None:
    with pytest.raises(UnknownNameError, match="unknown system 'df26'; did you mean 'df-26'"):
        load_catalogue().system("df26")
    with pytest.raises(UnknownNameError, match="unknown site 'krychev'"):
        load_catalogue().site("krychev")


def test_places_with_other_column_names(tmp_path: Path) -> None:
    path = tmp_path / "towns.csv"
    path.write_text("Name,Longitude,Latitude\nÉvora,-7.9,38.57\n", encoding="utf-8")
    places = read_places(path)
    assert places["place"].tolist() == ["Évora"]
    assert places.geometry.iloc[0].x == -7.9


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("is empty",)),
        (b"place,lon,lat\n", ("holds no place",)),
        (b"place,lon\nA,1\n", ("no column for lat",)),
        (b"place,lon,lat\nA,1,95\n", ("row 2, lat '95'", "[-90, 90]")),
        (b"place,lon,lat\nA,1,\n", ("row 2, lat", "empty")),
        (b"place,lon,lat\nA,1,nan\n", ("row 2, lat 'nan'",)),
        (b"place,lon,lat\n,1,2\n", ("row 2, place", "empty")),
        (b"place,lon,lat\nA,1,2,3\n", ("row 2", "as many cells")),
        (b"place_id,place,lon,lat\na,A,1,2\na,B,1,2\n", ("row 3", "twice")),
        (b"\xff\xfe\x00", ("UTF-8",)),
        (b"name,lon,lat,lat\nA,1,2,3\n", ("row 1", "'lat' is there twice")),
        (b"name,lon,lat\nA,1_0,2\n", ("row 2, lon '1_0'", "number")),
        (b"name,lon,lat,iso_a3\nA,1,2,Germany\n", ("row 2, iso_a3 'Germany'", "alpha-3")),
        (b'place,lon,lat\n"A,1,2\n', ("line", "not valid CSV")),
        (b"place,lon,lat\nA\x00,1,2\n", ("NUL",)),
    ],
)
def test_a_bad_places_file_is_one_clear_line(
    tmp_path: Path, content: bytes, words: tuple[str, ...]
) -> None:
    path = tmp_path / "towns.csv"
    path.write_bytes(content)
    with pytest.raises(PlacesError) as caught:
        read_places(path)
    message = str(caught.value)
    assert "towns.csv" in message
    assert "\n" not in message
    for word in words:
        assert word in message
