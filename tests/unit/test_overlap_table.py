"""Overlap faces and country shares as tables, in every format, against verdicts by distance."""

from __future__ import annotations

import json

import geopandas
import numpy as np
import pytest
import shapely

from rangemap.analysis import country_share_table, coverage_table, overlap_table, range_bands
from rangemap.analysis.overlap import COUNTRY_SHARE_COLUMNS, OVERLAP_COLUMNS
from rangemap.catalogue import read_capitals, read_countries
from rangemap.cli import main
from rangemap.errors import ArgumentError
from rangemap.geodesy import area_km2, footprint


@pytest.fixture(scope="module")
def bands() -> geopandas.GeoDataFrame:
    return range_bands("europe-vs-china")


@pytest.fixture(scope="module")
def faces(bands: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    return overlap_table(bands)


def test_each_capital_stands_in_the_face_of_the_bands_that_reach_it(bands, faces) -> None:
    capitals = read_capitals()
    coverage = coverage_table(bands, capitals)
    doubtful = set(coverage.loc[coverage["margin_km"].abs() < 0.1, "place_id"])
    inside = coverage[coverage["in_drawn_band"]].groupby("place_id")["band_id"].agg(set)
    points = capitals[~capitals["place_id"].isin(doubtful)]
    joined = points.sjoin(faces, predicate="within").set_index("place_id")["band_ids"]
    assert joined.index.is_unique
    assert set(joined.index) == set(inside.index) - doubtful
    for place_id, text in joined.items():
        assert set(text.split(";")) == inside[place_id]


def test_columns_of_the_faces_agree(bands, faces) -> None:
    assert list(faces.columns) == OVERLAP_COLUMNS
    assert faces.crs.to_epsg() == 4326
    assert faces.attrs["scenario"].name == "europe-vs-china"
    assert faces["count"].is_monotonic_increasing
    assert (faces["band_ids"].str.count(";") + 1 == faces["count"]).all()
    assert (faces["site_ids"].str.count(";") + 1 == faces["site_count"]).all()
    site_of = dict(zip(bands["band_id"], bands["site_id"], strict=True))
    for row in faces.itertuples():
        assert {site_of[i] for i in row.band_ids.split(";")} == set(row.site_ids.split(";"))
        assert {i.split(":")[0] for i in row.band_ids.split(";")} == set(row.coalitions.split(";"))
    assert faces["area_km2"].sum() == pytest.approx(area_km2(footprint(bands)), rel=1e-9)


def test_shares_of_countries(bands) -> None:
    table = country_share_table(bands)
    countries = read_countries()
    assert list(table.columns) == COUNTRY_SHARE_COLUMNS
    assert len(table) == len(countries) * len(bands.groupby(["coalition", "band_kind"]))
    assert table["share"].between(0, 1).all()
    assert np.allclose(table["share"], table["covered_km2"] / table["area_km2"])
    assert (table["share_error"] < 0.3).all()
    treaty = table[(table["coalition"] == "russia-belarus") & (table["band_kind"] == "treaty")]
    by_code = treaty.set_index("iso_a3")
    assert by_code.loc["DEU", "share"] == 1
    assert by_code.loc["ARG", "share"] == 0
    assert by_code.loc["RUS", "own_side"]
    assert not by_code.loc["DEU", "own_side"]
    # A country wholly covered has its capital in the band, wherever that stands.
    capitals = read_capitals()
    coverage = coverage_table(bands, capitals)
    reached = coverage[
        (coverage["coalition"] == "russia-belarus")
        & (coverage["band_kind"] == "treaty")
        & coverage["in_drawn_band"]
    ]["place_id"]
    whole = set(by_code.index[by_code["share"] == 1]) & set(capitals["place_id"])
    assert len(whole) > 50
    assert whole <= set(reached)


def test_a_footprint_instead_of_bands() -> None:
    cover = shapely.box(-10, 35, 20, 60)
    table = country_share_table(cover, read_countries("110m"), tolerance_m=1)
    assert set(table["coalition"]) == set(table["band_kind"]) == {""}
    assert not table["own_side"].any()
    assert table.set_index("iso_a3").loc["DEU", "share"] == 1
    series = geopandas.GeoSeries([cover], crs="EPSG:4326")
    assert country_share_table(series, read_countries("110m"), 1).equals(table)


def test_no_bands_give_empty_tables(bands) -> None:
    none = bands[bands["band_kind"] == "own"]
    assert list(overlap_table(none).columns) == OVERLAP_COLUMNS
    assert len(overlap_table(none)) == 0
    assert list(country_share_table(none).columns) == COUNTRY_SHARE_COLUMNS


def test_what_is_missing_is_named(bands) -> None:
    with pytest.raises(ArgumentError, match="bands lack the column 'site_id'"):
        overlap_table(bands.drop(columns="site_id"))
    with pytest.raises(ArgumentError, match="bands lack the column 'band_kind'"):
        country_share_table(bands.drop(columns="band_kind"))
    with pytest.raises(ArgumentError, match="countries lack the column 'name'"):
        country_share_table(bands, read_countries().drop(columns="name"))
    with pytest.raises(ArgumentError, match="area is in EPSG:3857"):
        country_share_table(bands, read_countries("110m").cx[:, -60:70].to_crs(3857))


def test_command_overlap(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["overlap", "europe", "--kind", "treaty"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("bands")
    assert len(lines) == 2 + 11
    assert main(["overlap", "europe", "--format", "geojson"]) == 0
    collection = json.loads(capsys.readouterr().out)
    shapes = [shapely.geometry.shape(f["geometry"]) for f in collection["features"]]
    assert shapely.is_valid(shapes).all()
    want = area_km2(footprint(range_bands("europe")))
    assert area_km2(shapes).sum() == pytest.approx(want, rel=1e-6)
    assert list(collection["features"][0]["properties"]) == OVERLAP_COLUMNS[:-1]
    assert main(["overlap", "europe", "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith(",".join(OVERLAP_COLUMNS[:-1]) + "\n1,")


def test_command_coverage_by_country(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "europe", "--by", "country"]) == 0
    text = capsys.readouterr().out
    assert "Germany" in text
    assert "Brazil" not in text
    assert main(["coverage", "europe", "--by", "country", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert set(COUNTRY_SHARE_COLUMNS) < set(rows[0])
    for extra in (["--format", "geojson"], ["-o", "x.geojson"]):
        assert main(["coverage", "europe", "--by", "country", *extra]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("rangemap: error: ")
