"""Places of a user's own: CSV, GeoJSON and GeoPackage, what is guessed, and what is refused."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from rangemap.analysis import read_scenario
from rangemap.catalogue import read_places
from rangemap.catalogue.place_columns import SPELLINGS, folded, guess_columns
from rangemap.cli import main
from rangemap.errors import PlacesError

POINTS = [("Évora", -7.9, 38.57), ("東京", 139.69, 35.68), ("<script>=1+1", -179.99, -89.0)]


def columns(frame: geopandas.GeoDataFrame) -> list[tuple[str, float, float]]:
    return list(zip(frame["place"], frame["lon"], frame["lat"], strict=True))


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def frame_of(points: list[tuple[str, float, float]], **more: object) -> geopandas.GeoDataFrame:
    names, lon, lat = zip(*points, strict=True)
    return geopandas.GeoDataFrame(
        {"Nom": names, **more}, geometry=geopandas.points_from_xy(lon, lat), crs="EPSG:4326"
    )


# -- Guessing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_any_spelling_in_any_order_is_understood(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    used = {key: chance.choice(SPELLINGS[key]) for key in ("place", "lon", "lat", "population")}
    shown = {
        key: chance.choice([str.upper, str.title, lambda name: f" {name.replace('_', ' ')} (°)"])(
            name
        )
        for key, name in used.items()
    }
    order = [*shown, "other"]
    chance.shuffle(order)
    cells = {"place": "A", "lon": "12.5", "lat": "-3", "population": "7", "other": "?"}
    mark = chance.choice(",;\t|")
    lines = [mark.join(shown.get(key, "zz_other") for key in order),
             mark.join(cells[key] for key in order)]  # fmt: skip
    found = read_places(written(tmp_path / "p.csv", "\n".join(lines)))
    assert columns(found) == [("A", 12.5, -3.0)]
    assert found["population"].tolist() == [7]
    assert f"name from {' '.join(shown['place'].split())[:40]!r}" in found.attrs["read_as"]


def test_spellings_are_told_apart() -> None:
    names = [folded(one) for spellings in SPELLINGS.values() for one in spellings]
    assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]


def test_the_first_spelling_wins_and_the_message_lists_columns() -> None:
    found = guess_columns("f", ["x", "Name", "Longitude", "y", "lat"])
    assert (found["lon"], found["lat"]) == ("Longitude", "lat")
    with pytest.raises(PlacesError, match=r"no column for lon .*there are 'Name', 'wide'"):
        guess_columns("f", ["Name", "wide"])


def test_decimal_commas_semicolons_minus_and_grouped_persons(tmp_path: Path) -> None:
    text = "sep=;\nNom;x;y;Habitants\nA;\N{MINUS SIGN}7,9;38,57;1 234 567\n;;;\nB;1;2;3.000\n"
    found = read_places(written(tmp_path / "p.csv", text))
    assert columns(found) == [("A", -7.9, 38.57), ("B", 1.0, 2.0)]
    assert found["population"].tolist() == [1234567, 3000]
    assert "semicolons; decimal commas; 2 rows" in found.attrs["read_as"]
    mixed = written(tmp_path / "m.csv", "Nom;x;y\nA;1,5;2.5\n")
    with pytest.raises(PlacesError, match="row 2, x '1,5': must be a number"):
        read_places(mixed)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16 text"), ("latin-1", "not UTF-8")],
)
def test_encodings(encoding: str, told: str | None, tmp_path: Path) -> None:
    path = written(tmp_path / "p.csv", "name\tlon\tlat\nÉvora\t1\t2\n".encode(encoding))
    if encoding == "latin-1":
        with pytest.raises(PlacesError, match=r"byte 13 is 0xC9\); if it is Latin-1"):
            read_places(path)
        return
    found = read_places(path)
    assert columns(found) == [("Évora", 1.0, 2.0)]
    assert (told or "tabs") in found.attrs["read_as"]


def test_swapped_columns_are_one_clear_line(tmp_path: Path) -> None:
    path = written(tmp_path / "p.csv", "name,lon,lat\nA,-35.3,149.1\nB,35.7,139.7\n")
    with pytest.raises(PlacesError, match=r"look swapped: 'lat' goes to 149\.1, beyond 90"):
        read_places(path)
    one = written(tmp_path / "o.csv", "name,lon,lat\nA,-35.3,49.1\nB,35.7,139.7\nC,1,2\n")
    with pytest.raises(PlacesError, match=r"row 3, lat '139\.7': must lie in \[-90, 90\]"):
        read_places(one)


def test_repeated_places_are_kept_and_told(tmp_path: Path) -> None:
    found = read_places(written(tmp_path / "p.csv", "name,lon,lat\nA,1,2\nB,1,2\nA,1,2\n"))
    assert len(found) == 3
    assert found["place_id"].tolist() == ["place-1", "place-2", "place-3"]
    assert found.attrs["read_as"].endswith("3 rows; row 4 repeats row 2")


# -- GeoJSON and GeoPackage --------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "shp", "fgb"])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_vector_files_come_back(ending: str, crs: str, tmp_path: Path) -> None:
    points = [("A", -7.9, 38.57), ("東京", 139.69, 35.68), ("C", -179.99, -80.0)]
    made = frame_of(points, iso3=["PRT", "JPN", ""], pop=[5, 9_000_000_000, 7]).to_crs(crs)
    if ending == "shp":
        made["pop"] = made["pop"].astype(float)
    path = tmp_path / f"p.{ending}"
    made.to_file(path, engine="pyogrio")
    found = read_places(path)
    key = (lambda rows: sorted(rows)) if ending == "fgb" else list
    for (name, lon, lat), (expected, x, y) in zip(
        key(columns(found)), key(points), strict=True
    ):  # fmt: skip
        assert name == expected
        assert (lon, lat) == pytest.approx((x, y), abs=1e-6)
    by_name = found.set_index("place")
    assert by_name.loc["東京", "population"] == 9_000_000_000
    assert by_name.loc["A", "iso_a3"] == "PRT"
    assert ("transformed from" in found.attrs["read_as"]) == (crs != "EPSG:4326")
    assert "name from 'Nom'" in found.attrs["read_as"]
    assert "longitude from the points" in found.attrs["read_as"]


def test_layers_are_chosen_and_told(tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    areas = geopandas.GeoDataFrame({"name": ["S"]}, geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    areas.to_file(path, layer="areas", engine="pyogrio")
    frame_of([("A", 1, 2)]).to_file(path, layer="towns", engine="pyogrio")
    frame_of([("B", 3, 4)]).to_file(path, layer="villages", engine="pyogrio")
    found = read_places(path)
    assert columns(found) == [("A", 1.0, 2.0)]
    assert "layer 'towns' of 'areas', 'towns', 'villages' (--layer)" in found.attrs["read_as"]
    assert columns(read_places(path, layer="villages")) == [("B", 3.0, 4.0)]
    with pytest.raises(PlacesError, match="no layer 'vilages'; did you mean 'villages'"):
        read_places(path, layer="vilages")
    with pytest.raises(PlacesError, match="row 1: is a Polygon; a place is a Point"):
        read_places(path, layer="areas")
    csv = written(tmp_path / "p.csv", "name,lon,lat\nA,1,2\n")
    with pytest.raises(PlacesError, match="has no layers, so there is no layer 'x'"):
        read_places(csv, layer="x")


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


POINT = {"type": "Point", "coordinates": [1, 2]}


def test_geojson_is_known_by_what_it_holds(tmp_path: Path) -> None:
    text = geojson(feature(POINT, name=POINTS[2][0], population=None, list=[1, 2]))
    for name in ("p.txt", "p", "p.geojson"):
        found = read_places(written(tmp_path / name, "\ufeff\n" * (name == "p.txt") + text))
        assert columns(found) == [(POINTS[2][0], 1.0, 2.0)]
        assert found["population"].isna().all()
        assert found["place_id"].tolist() == ["place-1"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.geojson", "", "cannot be read as a file of points"),
        ("p.geojson", "{", "cannot be read as a file of points"),
        ("p.geojson", '{"a": 1}', "cannot be read as a file of points"),
        ("p.geojson", geojson(), "holds no place"),
        ("p.geojson", geojson(feature(POINT, wide=1)), "no column for place"),
        ("p.geojson", geojson(feature(None, name="A")), "row 1: has no point"),
        ("p.geojson", geojson(feature(POINT, name="A"), feature(None, name="B")),
         "row 2: has no point"),
        ("p.geojson", geojson(feature(POINT, name="")), "row 1, name '': must not be empty"),
        ("p.geojson", geojson(feature(POINT, name="A", iso_a3="Peru")), "alpha-3"),
        ("p.geojson", geojson(feature(POINT, name="A"), feature(
            {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, name="B")),
         "row 2: is a LineString"),
        ("p.geojson", geojson(feature({"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
                                      name="A")), "row 1: has several points"),
        ("p.geojson", geojson(feature({"type": "Point", "coordinates": [1, 95]}, name="A")),
         "must lie in [-90, 90]"),
        ("p.gpkg", b"SQLite format 3\0" + bytes(200), "cannot be read as a file of points"),
        ("p.gpkg", b"\x89PNG rubbish" * 99, "cannot be read as a file of points"),
        ("p.csv", bytes(range(256)) * 9, "not a CSV file (it holds a NUL byte)"),
        ("p.csv", "name,lon,lat\nA,1e999,2\n", "row 2, lon '1e999'"),
        ("p.csv", "name,lon,lat\nA,inf,2\n", "row 2, lon 'inf'"),
        ("p.csv", "\n\n", "is empty"),
        ("p.csv", "sep=;", "is empty"),
        ("p.csv", "name;lon;lat\nA;1;2;3\n", "row 2: has not as many cells as the header (4 and 3"),
    ],
)  # fmt: skip
def test_hostile_files_are_one_clear_line(
    name: str, content: str | bytes, words: str, tmp_path: Path
) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(PlacesError) as caught:
        read_places(path)
    message = str(caught.value)
    assert words in message
    assert name in message
    assert "\n" not in message
    assert len(message) < 400


def test_folders_missing_files_and_files_without_a_system(tmp_path: Path) -> None:
    with pytest.raises(PlacesError, match="is a folder"):
        read_places(tmp_path)
    with pytest.raises(PlacesError, match="No such file"):
        read_places(tmp_path / "no.gpkg")
    bare = frame_of([("A", 1, 2)]).set_crs(None, allow_override=True)
    with pytest.warns(UserWarning, match="crs"):
        bare.to_file(tmp_path / "bare.fgb", engine="pyogrio")
    with pytest.raises(PlacesError, match="names no coordinate system"):
        read_places(tmp_path / "bare.fgb")


@pytest.mark.parametrize("ending", ["csv", "geojson"])
def test_very_many_places_are_read_in_seconds(ending: str, tmp_path: Path) -> None:
    n, rng = 100_000, np.random.default_rng(5)
    lon, lat = rng.uniform(-180, 180, n).round(5), rng.uniform(-90, 90, n).round(5)
    path = tmp_path / f"p.{ending}"
    table = pd.DataFrame({"Name": [f"P{i}" for i in range(n)], "Lon": lon, "Lat": lat})
    if ending == "csv":
        table.to_csv(path, index=False)
    else:
        points = geopandas.points_from_xy(lon, lat)
        made = geopandas.GeoDataFrame(table, geometry=points, crs="EPSG:4326")
        made.to_file(path, engine="pyogrio")
    start = time.process_time()
    found = read_places(path)
    assert time.process_time() - start < 30
    assert len(found) == n
    assert found["lon"].to_numpy() == pytest.approx(lon, abs=1e-7)


# -- Where they are used -----------------------------------------------------------------------


def test_a_scenario_may_name_any_of_them(tmp_path: Path, root: Path) -> None:
    text = (root / "examples" / "two-sites.toml").read_text(encoding="utf-8")
    frame_of([("A", 20, 50), ("B", 21, 51)]).to_file(tmp_path / "mine.gpkg", engine="pyogrio")
    changed, count = re.subn(r'places = "places\.csv"', 'places = "mine.gpkg"', text)
    assert count == 1
    written(tmp_path / "two.toml", changed)
    scenario = read_scenario(tmp_path / "two.toml")
    assert [place.place for place in scenario.places] == ["A", "B"]
    assert scenario.noun == "places"


def test_the_command_tells_what_it_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / "p.csv", "Ville;x;y\n=cmd();2,35;48,85\n")
    assert main(["coverage", "europe", "--places", str(path), "--format", "csv"]) == 0
    out = capsys.readouterr()
    assert "name from 'Ville', longitude from 'x', latitude from 'y'" in out.err
    assert "place-1,'=cmd(),," in out.out
    assert main(["coverage", "europe", "--places", str(path), "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["place"] for row in rows} == {"=cmd()"}
