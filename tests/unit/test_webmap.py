"""The web map as a file: deterministic, sealed, escaped, small, and open to folium."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import folium
import folium.plugins
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

import rangemap as rm
from rangemap.errors import OutputError, RangemapError
from rangemap.geodesy import ring_polygon
from rangemap.views.webmap import RangeMap, explore
from rangemap.views.webmap_data import payload
from rangemap.views.webmap_geometry import SCALE, half_ring, quantised, region_of
from rangemap.views.webmap_page import ASSETS, as_json_block, script_safe

ONE_SITE = """
format = 1
title = "One"
[[coalitions]]
id = "us"
name = {name}
color = "#112233"
[[sites]]
id = "x"
name = {name}
lon = 10
lat = 50
[[launches]]
coalition = "us"
sites = ["x"]
systems = "none"
"""


@pytest.fixture(scope="module")
def europe() -> rm.Analysis:
    return rm.analyse("europe")


@pytest.fixture(scope="module")
def page(europe: rm.Analysis) -> str:
    return explore(europe).to_html()


def _data(page: str) -> dict[str, object]:
    found = re.search(r'id="rangemap-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_same_input_gives_the_same_bytes(europe: rm.Analysis, page: str) -> None:
    again = explore(europe)
    assert again.to_html() == page
    assert again.to_html() == page


def test_folium_layers_keep_the_bytes_the_same(europe: rm.Analysis) -> None:
    def with_layers() -> str:
        found = explore(europe)
        folium.Marker([50, 10], popup="Here", tooltip="There").add_to(found)
        folium.Circle([50, 10], radius=1000).add_to(found)
        return found.to_html()

    assert with_layers() == with_layers()


@pytest.mark.parametrize("name", ["europe", "asia-pacific"])
def test_a_page_is_small(name: str) -> None:
    assert len(explore(name).to_html().encode()) < 1_500_000


def test_a_page_asks_for_nothing(page: str) -> None:
    outside = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"<(link|img|iframe|script)[^>]*(src|href)=", outside)
    assert "@@rangemap:" not in page
    assert "sourceMappingURL" not in page
    assert "Redistribution and use in source and binary forms" in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-inline" not in policy[1].split("style-src")[0]
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')


def test_a_vendored_file_is_the_one_listed() -> None:
    listed = tomllib.loads((ASSETS / "assets.toml").read_text(encoding="utf-8"))
    for package, entry in listed.items():
        assert (ASSETS / package / "LICENSE").is_file()
        for name, digest in entry["files"].items():
            content = (ASSETS / package / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
    on_disk = {p.name for p in ASSETS.iterdir() if p.is_dir()} - {"rangemap"}
    assert on_disk == set(listed)


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        (folium.TileLayer("OpenStreetMap"), "openstreetmap"),
        (folium.WmsTileLayer("https://example.org/wms", layers="a"), "example.org"),
        (folium.plugins.MarkerCluster(), "markercluster"),
        (folium.plugins.Fullscreen(), "fullscreen"),
        (folium.Marker([0, 0], icon=folium.Icon()), "folium.Icon"),
    ],
)
def test_a_layer_from_the_network_is_refused_by_name(
    europe: rm.Analysis, layer: folium.Element, named: str
) -> None:
    found = explore(europe)
    found.add_child(layer)
    with pytest.raises(RangemapError, match=re.compile(named, re.IGNORECASE)):
        found.to_html()


def test_an_unknown_script_or_image_is_refused(europe: rm.Analysis) -> None:
    for markup in (
        '<script src="https://x.example/a.js"></script>',
        '<img src="//x.example/a.png">',
    ):
        found = explore(europe)
        found.get_root().html.add_child(folium.Element(markup))
        with pytest.raises(RangemapError, match=r"x\.example"):
            found.to_html()


def test_folium_itself_is_left_alone(page: str) -> None:
    assert page
    assert dict(folium.Map().default_js)["leaflet"].startswith("https://")


NAMES = [
    "<script>alert(1)</script>",
    "</script><!--",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "quotes \" ' ` &amp; \u2028 \u2029 \u202e",
    "@@rangemap:style@@",
    "rangemap-csp rangemap-title",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stays_a_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / "one.toml"
    file.write_text(ONE_SITE.format(name=json.dumps(name)), encoding="utf-8")
    page = explore(file).to_html()
    data = _data(page)
    assert data["sites"][0]["name"] == name  # type: ignore[index]
    assert data["coalitions"][0]["name"] == name  # type: ignore[index]
    block = re.search(r'id="rangemap-data">(.*?)</script>', page, re.DOTALL)
    assert block
    assert not set("<>&\u2028\u2029") & set(block[1])


@given(st.text())
def test_json_in_a_page_has_no_markup_and_keeps_its_text(text: str) -> None:
    block = as_json_block({"x": text})
    assert not set("<>&\u2028\u2029") & set(block)
    assert json.loads(block) == {"x": text}


def test_code_cannot_close_its_element() -> None:
    assert "</script" not in script_safe("a = '</script>' + '<!-- x'")


def test_every_thing_a_view_takes_is_taken(europe: rm.Analysis) -> None:
    bands = europe.bands
    assert isinstance(explore(bands), RangeMap)
    some = explore(bands[bands.site_id != "shuya"])
    assert len(_data(some.to_html())["sites"]) == 10  # type: ignore[arg-type]
    both = explore(rm.compare("europe:russia-belarus", "asia-pacific:china"))
    assert _data(both.to_html())["modes"][0]["id"] == "comparison"  # type: ignore[index]


def test_bands_are_not_changed(europe: rm.Analysis) -> None:
    before = europe.bands.copy()
    explore(europe).to_html()
    assert_geodataframe_equal(before, europe.bands)


def test_it_shows_itself_in_a_notebook(europe: rm.Analysis) -> None:
    shown = explore(europe)._repr_html_()
    assert "srcdoc=" in shown
    assert "default-src" in shown


def test_saving_where_one_cannot_is_one_clear_line(europe: rm.Analysis, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        explore(europe).save(tmp_path / "file" / "map.html")
    target = tmp_path / "map.html"
    with target.open("wb") as stream:
        explore(europe).save(stream, close_file=False)
    assert target.read_bytes().decode("utf-8") == explore(europe).to_html()


def test_places_carry_what_the_table_says(europe: rm.Analysis) -> None:
    data = payload(europe)
    kyiv = next(place for place in data["places"] if place["name"] == "Kyiv")
    rows = europe.place_rows.set_index(["place_id", "coalition"])
    for row in kyiv["rows"]:
        coalition = data["coalitions"][row["coalition"]]["id"]
        expected = rows.loc[("UKR", coalition)]
        assert row["zone"] == expected["zone"]
        assert data["sites"][row["nearest"]]["name"] == expected["nearest_site"]
        assert row["km"] == round(expected["nearest_km"])
        assert row["in_band"] == expected["sites_in_band"]


def test_sources_keep_their_addresses_as_data(europe: rm.Analysis) -> None:
    sources = payload(europe)["sources"]
    assert sources
    assert {"title", "publisher", "date", "url", "evidence"} == set(sources[0])
    assert {source["evidence"] for source in sources} <= {
        "verified",
        "unverified",
        "partly verified",
    }


def _decoded(numbers: list[int]) -> np.ndarray:
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) / SCALE


def _inside(region: object, lon: float, lat: float) -> bool:
    """Tell by the even-odd rule of the page whether a point lies in a region."""
    inside = region.inverted  # type: ignore[attr-defined]
    for loop in region.loops:  # type: ignore[attr-defined]
        polygon = shapely.Polygon(loop)
        inside ^= any(polygon.contains(shapely.Point(lon + 360 * k, lat)) for k in range(-3, 4))
    for belt in region.belts:  # type: ignore[attr-defined]
        eastward = belt if belt[0, 0] < belt[-1, 0] else belt[::-1]
        turned = eastward[0, 0] + (lon - eastward[0, 0]) % 360
        inside ^= bool(lat > np.interp(turned, eastward[:, 0], eastward[:, 1]))
    return bool(inside)


@given(
    lon=st.floats(-180, 180),
    lat=st.floats(-89, 89),
    km=st.floats(300, 19_000),
    points=st.lists(st.tuples(st.floats(-179.9, 179.9), st.floats(-89.5, 89.5)), max_size=20),
)
def test_a_region_is_the_polygon_it_was_made_from(
    lon: float, lat: float, km: float, points: list[tuple[float, float]]
) -> None:
    polygon = ring_polygon(lon, lat, km)
    region = region_of(polygon)
    for x, y in points:
        point = shapely.Point(x, y)
        if polygon.boundary.distance(point) > 0.5:
            assert _inside(region, x, y) == polygon.contains(point)


def test_a_half_ring_mirrors_to_the_whole_ring() -> None:
    line = _decoded(half_ring(37.62, 55.75, 500)["half"])
    assert line[0, 0] == pytest.approx(0, abs=1e-3)
    assert line[-1, 0] == pytest.approx(0, abs=1e-3)
    outline = shapely.Polygon([*line, *(line[::-1] * [-1, 1])]).buffer(0)
    expected = shapely.affinity.translate(ring_polygon(37.62, 55.75, 500), -37.62, 0)
    assert outline.symmetric_difference(expected).area < 0.01 * expected.area


def test_quantising_drops_repeated_vertices_only() -> None:
    assert quantised(np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 1.0]])) == [10_000, 10_000, 10_000, 0]
