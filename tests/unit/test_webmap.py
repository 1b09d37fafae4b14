"""The web map as a file: deterministic, sealed, escaped, small, and open to folium."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from pathlib import Path

import folium
import folium.plugins
import geopandas
import numpy as np
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given
from hypothesis import strategies as st

import rangemap as rm
from rangemap.errors import ArgumentError, OutputError, RangemapError
from rangemap.geodesy import ring_polygon
from rangemap.views.webmap import RangeMap, explore
from rangemap.views.webmap_data import payload
from rangemap.views.webmap_geometry import SCALE, quantised, region_of
from rangemap.views.webmap_page import ASSETS, as_json_block, script_safe, tiles_of

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


@pytest.mark.parametrize("name", ["europe", "asia-pacific", "europe-vs-china"])
def test_a_page_is_small(name: str) -> None:
    assert len(explore(name).to_html().encode()) < 900_000


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
    ours = {"src", "test", "built", "node_modules", "fonts"}  # fonts have their own hashes
    on_disk = {p.name for p in ASSETS.iterdir() if p.is_dir()} - ours
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
    data = _data(both.to_html())
    assert data["comparison"]
    assert [side["coalitions"] for side in data["sides"]] == [[0], [1]]  # type: ignore[attr-defined]


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


def test_bands_carry_what_the_library_says(europe: rm.Analysis) -> None:
    data = payload(europe)
    shown = [band for band in data["bands"] if band.get("base")]
    assert len(shown) == len(europe.bands)
    found = sorted(
        (
            data["coalitions"][data["sites"][band["site"]]["coalition"]]["id"],
            data["sites"][band["site"]]["id"],
            data["ranges"][band["range"]]["label"],
            *data["ranges"][band["range"]]["km"],
            *data["ranges"][band["range"]]["spread"],
        )
        for band in shown
    )
    columns = ["coalition", "site_id", "label", "min_km", "max_km", "max_low_km", "max_high_km"]
    assert found == sorted(europe.bands[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize("year", [1962, 1987, 1990, 2018])
def test_the_years_of_the_page_are_those_of_as_of(europe: rm.Analysis, year: int) -> None:
    data = payload(europe)
    then = rm.range_bands(rm.read_scenario("europe", as_of=year))
    found = {
        (data["sites"][band["site"]]["id"], data["ranges"][band["range"]]["label"])
        for band in data["bands"]
        if any(first <= year <= last for first, last in band["years"])
    }
    assert found == set(then[["site_id", "label"]].itertuples(index=False, name=None))
    members = {c.id: c.members for c in rm.read_scenario("europe", as_of=year).coalitions}
    for coalition in data["coalitions"]:
        if coalition["id"] not in members:
            continue
        own = next(
            span["places"]
            for span in coalition["own"]
            if span["from"] is not None and span["from"] <= year <= span["to"]
        )
        codes = {data["places"][number]["iso"] for number in own}
        assert codes == members[coalition["id"]] & set(europe.places["iso_a3"])


def test_some_bands_of_a_scenario_have_no_years_to_slide_through(europe: rm.Analysis) -> None:
    bands = europe.bands
    assert payload(europe)["years"] == {"first": 1960, "last": 2026, "as_of": None}
    assert payload(rm.analysis.as_analysis(bands[bands.site_id != "shuya"]))["years"] is None


def test_an_edition_changes_with_the_facts(europe: rm.Analysis) -> None:
    one, two = payload(europe), payload(rm.analyse("ssc-8"))
    assert re.fullmatch("[0-9a-f]{8}", one["edition"])
    assert one["edition"] == payload(europe)["edition"] != two["edition"]


def _squares(**more: object) -> geopandas.GeoDataFrame:
    shapes = [shapely.box(10, 50, 12, 52), shapely.box(170, -20, 180, -10)]
    return geopandas.GeoDataFrame(
        {"name": ["<b>One</b>", "Two"], "size": [1.5, None], **more}, geometry=shapes, crs=4326
    )


def test_polygons_of_ones_own_are_drawn_with_their_columns() -> None:
    data = _data(explore(_squares().to_crs(3857)).to_html())
    areas: list[dict[str, object]] = data["areas"]  # type: ignore[assignment]
    assert [area["name"] for area in areas] == ["<b>One</b>", "Two"]
    assert areas[0]["facts"] == [["name", "<b>One</b>"], ["size", "1.5"]]
    assert areas[1]["facts"] == [["name", "Two"], ["size", ""]]
    assert len(data["places"]) == 197  # type: ignore[arg-type]
    assert isinstance(explore(rm.read_countries().head(3)), RangeMap)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (_squares().set_crs(None, allow_override=True), "no coordinate system"),
        (_squares().head(0), "has 0 rows"),
        (_squares().set_geometry(_squares().representative_point()), "row 0: geometry is Point"),
        (
            _squares().set_geometry([None, shapely.Polygon()], crs=4326),
            "row 0: geometry is nothing",
        ),
        (
            _squares().set_geometry(
                [shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), shapely.box(0, 0, 1, 1)],
                crs=4326,
            ),
            "row 0: the polygon is not valid",
        ),
        (_squares().set_geometry(_squares().translate(300), crs=4326), "not on Earth"),
    ],
)
def test_polygons_that_cannot_be_drawn_are_refused_in_one_line(
    frame: geopandas.GeoDataFrame, words: str
) -> None:
    with pytest.raises(ArgumentError, match=words) as caught:
        explore(frame)
    assert "\n" not in str(caught.value)


def test_tiles_go_online_only_when_asked_and_say_so(europe: rm.Analysis) -> None:
    page = explore(
        europe, tiles="https://{s}.tile.example.org/{z}/{x}/{y}.png", attribution="Example <b>"
    ).to_html()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert "img-src data: https://*.tile.example.org;" in policy[1]
    block = re.search(r'id="rangemap-online">(.*?)</script>', page, re.DOTALL)
    assert block
    assert json.loads(block[1])["attribution"] == "Example <b>"


@pytest.mark.parametrize(
    ("url", "credit", "words"),
    [
        ("http://tile.example.org/{z}/{x}/{y}.png", "x", "needs an address"),
        ("https://tile.example.org/{z}/{x}.png", "x", "needs an address"),
        ("https://a b.org/{z}/{x}/{y}", "x", "needs an address"),
        ("https://a.org; script-src */{z}/{x}/{y}", "x", "needs an address"),
        ("https://tile.example.org/{z}/{x}/{y}.png", " ", "attribution"),
        ("https://tile.example.org/{z}/{x}/{y}.png", None, "attribution"),
        (None, "x", "without tiles"),
    ],
)
def test_tiles_that_are_not_right_are_refused(
    url: str | None, credit: str | None, words: str
) -> None:
    with pytest.raises(ArgumentError, match=words):
        tiles_of(url, credit)


def test_sources_keep_their_addresses_as_data(europe: rm.Analysis) -> None:
    sources = payload(europe)["sources"]
    assert sources
    assert {"title", "publisher", "date", "url", "evidence"} == set(sources[0])
    assert {source["evidence"] for source in sources} <= {
        "verified",
        "unverified",
        "partly verified",
    }


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


def test_quantising_drops_repeated_vertices_only() -> None:
    assert quantised(np.array([[1.0, 1.0], [1.0, 1.0], [2.0, 1.0]])) == [10_000, 10_000, 10_000, 0]


def _lines(numbers: list[int]) -> np.ndarray:
    return np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) / SCALE


@pytest.mark.parametrize("name", ["europe", "asia-pacific", "europe-vs-china"])
def test_the_outlines_of_the_start_are_those_of_the_unions(name: str) -> None:
    data = payload(rm.analyse(name))
    assert data["outlines"]
    for outline in data["outlines"]:
        low, high = data["ranges"][outline["range"]]["km"]
        members = [
            data["sites"][band["site"]]
            for band in data["bands"]
            if band.get("base")
            and band["range"] == outline["range"]
            and data["sites"][band["site"]]["coalition"] == outline["coalition"]
        ]
        assert len(members) == outline["count"]
        region = outline["region"]
        line = np.concatenate([_lines(one) for one in region["loops"] + region["belts"]])
        east = (line[:, 0] + 180) % 360 - 180
        km = rm.geodesy.distance_km(
            np.array([[site["lon"]] for site in members]),
            np.array([[site["lat"]] for site in members]),
            east,
            line[:, 1],
        )
        away = np.minimum(np.abs(km - high), np.abs(km - low) if low else np.inf)
        assert away.min(axis=0).max() < 2  # on some ring
        inside = (km > low + 2) & (km < high - 2) if low else km < high - 2
        assert not inside.any()  # and in no other band


def test_the_distances_of_the_start_are_the_librarys(europe: rm.Analysis) -> None:
    data = payload(europe)
    packed = data["distances"]
    km = np.frombuffer(base64.b64decode(packed["km"]), dtype="<f8")
    km = km.reshape(len(packed["sites"]), -1)
    assert set(packed["sites"]) == {b["site"] for b in data["bands"] if b.get("base")}
    for row, number in enumerate(packed["sites"]):
        site = data["sites"][number]
        expected = rm.geodesy.distance_km(
            site["lon"], site["lat"], europe.places["lon"], europe.places["lat"]
        )
        assert np.abs(km[row] - expected).max() < 1e-9
