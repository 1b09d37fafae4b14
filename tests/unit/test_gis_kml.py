"""KML and KMZ: against the schema, by other readers, and on a globe that joins by geodesics."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import gis_cases as cases
import numpy as np
import pytest
import shapely
from lxml import etree
from PIL import Image
from shapely.geometry.base import BaseGeometry

from rangemap.analysis import Analysis, analyse
from rangemap.geodesy import band_polygon, difference, distance_km, footprint
from rangemap.geodesy.wgs84 import GEOD
from rangemap.views.columns import plain_value
from rangemap.views.gis import write_gis
from rangemap.views.gis_about import about_of, xml_text
from rangemap.views.gis_geometry import WIDEST_DEG, globe_polygons, outline
from rangemap.views.gis_layers import gis_layer
from rangemap.views.kml import LAYERS

KML = "{http://www.opengis.net/kml/2.2}"


@pytest.fixture(scope="module", params=["awkward", "europe", "asia-pacific"])
def analysis(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    if request.param == "awkward":
        print(f"RANGEMAP_SEED={cases.SEED}")
        return cases.awkward_analysis(tmp_path_factory.mktemp("case"))
    return analyse(request.param)


@pytest.fixture(scope="module")
def kml(analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gis(analysis, tmp_path_factory.mktemp("kml") / "all.kml")[0]


@pytest.fixture(scope="module")
def tree(kml: Path) -> Any:
    return etree.parse(kml)


def schema() -> Any:
    """Return the OGC's schema of KML 2.2, from the package that ships it."""
    import fastkml

    path = Path(fastkml.__file__).parent / "schema" / "ogckml22.xsd"
    return etree.XMLSchema(etree.parse(path))


def placemarks(tree: Any, analysis: Analysis) -> dict[str, list[Any]]:
    """Return the placemarks of each layer, known by the first fact in their data."""
    first = {gis_layer(analysis, name).frame.columns[0]: name for name in LAYERS}
    found: dict[str, list[Any]] = {name: [] for name in LAYERS}
    for mark in tree.iter(f"{KML}Placemark"):
        found[first[mark.find(f".//{KML}Data").get("name")]].append(mark)
    return found


def facts(mark: Any) -> dict[str, str]:
    return {d.get("name"): d.findtext(f"{KML}value") or "" for d in mark.iter(f"{KML}Data")}


def ring(node: Any) -> np.ndarray:
    text = node.findtext(f".//{KML}coordinates")
    return np.array([[float(v) for v in pair.split(",")] for pair in text.split()])


def polygons(mark: Any) -> list[shapely.Polygon]:
    return [
        shapely.Polygon(
            ring(node.find(f"{KML}outerBoundaryIs")),
            [ring(hole) for hole in node.findall(f"{KML}innerBoundaryIs")],
        )
        for node in mark.iter(f"{KML}Polygon")
    ]


def test_it_keeps_to_the_schema(tree: Any) -> None:
    checker = schema()
    assert checker.validate(tree), list(checker.error_log)[:5]
    wrong = etree.fromstring(etree.tostring(tree))
    wrong[0].append(etree.SubElement(wrong[0], f"{KML}name"))
    assert not checker.validate(wrong)


def test_every_row_is_there_with_its_facts(tree: Any, analysis: Analysis) -> None:
    for name, marks in placemarks(tree, analysis).items():
        frame = gis_layer(analysis, name).frame
        keys = ["place_id", "coalition"] if name == "places" else [frame.columns[0]]
        keys = ["site_id", "coalition"] if name == "sites" else keys
        expected = {}
        for row in frame.drop(columns="geometry").to_dict("records"):
            values = {k: plain_value(k, v) for k, v in row.items()}
            told = {
                k: "" if v is None else str(v).lower() if isinstance(v, bool) else xml_text(v)
                for k, v in values.items()
            }
            expected[tuple(told[k] for k in keys)] = told
        assert len(marks) == len(frame)
        for mark in marks:
            found = facts(mark)
            told = expected.pop(tuple(found[k] for k in keys))
            # XML readers make one line end of every kind of line end.
            assert found == {
                k: v.replace("\r\n", "\n").replace("\r", "\n") for k, v in told.items()
            }
        assert not expected


def test_polygons_are_the_bands_and_none_is_too_wide(tree: Any, analysis: Analysis) -> None:
    for name in ("bands", "footprints"):
        frame = gis_layer(analysis, name).frame
        true = dict(zip(frame.iloc[:, 0], frame.geometry, strict=True))
        for mark in placemarks(tree, analysis)[name]:
            parts, band = polygons(mark), true[next(iter(facts(mark).values()))]
            for part in parts:
                west, _, east, _ = part.bounds
                assert part.is_valid
                assert east - west <= WIDEST_DEG + 1e-6
                assert part.exterior.is_ccw
                assert len(part.exterior.coords) < 20_000
            assert sum(part.area for part in parts) == pytest.approx(
                shapely.union_all(parts).area, rel=1e-6
            )
            off = shapely.union_all(parts).symmetric_difference(band).area
            assert off <= max(band.length * 2e-7, band.area * 1e-9)


def test_no_geodesic_between_vertices_strays(tree: Any) -> None:
    """What Google Earth draws between two vertices is what a flat map draws, to 100 m."""
    rings = [ring(node) for node in tree.iter(f"{KML}LinearRing", f"{KML}LineString")]
    start = np.concatenate([r[:-1] for r in rings])
    end = np.concatenate([r[1:] for r in rings])
    at_pole = (np.abs(start[:, 1]) == 90) & (start[:, 1] == end[:, 1])
    start, end = start[~at_pole], end[~at_pole]
    azimuth, _, metres = GEOD.inv(*start.T, *end.T)
    lon, lat, _ = GEOD.fwd(*start.T, azimuth, metres / 2)
    middle = (start + end) / 2
    # The nearest point of the straight edge is at most as far as its middle, moved along it.
    back, _, off = GEOD.inv(*middle.T, lon, lat)
    across = np.abs(off * np.sin(np.radians(back - GEOD.inv(*middle.T, *end.T)[0])))
    assert metres.max() < 3.4e6
    assert across.max() < 100


def _sphere(xy: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(xy).T
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


def _inside(points: np.ndarray, polygon: shapely.Polygon) -> np.ndarray:
    """Tell which points a polygon holds on a sphere, joined by arcs, smaller side inside.

    The azimuth from a point to the boundary turns once round if the point is inside, and the
    other way round if its antipode is.
    """
    seen = _sphere(points)
    lon = np.radians(points[:, 0])
    east = np.stack([-np.sin(lon), np.cos(lon), np.zeros_like(lon)], axis=-1)
    north = np.cross(seen, east)

    def turns(line: shapely.LinearRing) -> np.ndarray:
        xyz = _sphere(np.array(line.coords))
        azimuth = np.arctan2(xyz @ east.T, xyz @ north.T)
        step = (np.diff(azimuth, axis=0) + np.pi) % (2 * np.pi) - np.pi
        return -np.round(step.sum(axis=0) / (2 * np.pi))  # azimuths go clockwise

    inside = turns(polygon.exterior) == 1
    for hole in polygon.interiors:
        inside &= turns(hole) != -1
    return inside.astype(int)


@pytest.mark.parametrize("case", range(12))
def test_a_globe_fills_just_the_band(case: int) -> None:
    """Of random points, those in range by geodesic distance are those that a globe paints."""
    rng = np.random.default_rng([cases.SEED, case])
    print(f"RANGEMAP_SEED={cases.SEED}")
    lon, lat = (*cases.AWKWARD, *[(rng.uniform(-180, 180), rng.uniform(-90, 90))] * 7)[case]
    low, high = [(0, 300), (500, 5500), (0, 9000), (9000, 19950), (12000, 19000)][case % 5]
    band = band_polygon(lon, lat, low, high)
    points = np.column_stack(
        [rng.uniform(-180, 180, 400), np.degrees(np.arcsin(rng.uniform(-1, 1, 400)))]
    )
    near = np.column_stack(
        GEOD.fwd([lon] * 400, [lat] * 400, rng.uniform(0, 360, 400),
                 rng.uniform(0, high * 1_300, 400))[:2]
    )  # fmt: skip
    points = np.concatenate([points, near])
    far = distance_km(lon, lat, *points.T)
    seam = np.abs((points[:, 0] + 180) % 1) < 1e-9
    sure = (np.abs(far - low) > 1) & (np.abs(far - high) > 1) & ~seam
    points, far = points[sure], far[sure]
    painted = sum(_inside(points, part) for part in globe_polygons(band))
    np.testing.assert_array_equal(painted, ((low <= far) & (far <= high)).astype(int))


def test_the_smallest_side_test_sees_a_polygon_inside_out() -> None:
    """The check above must fail for the polygon as a flat map has it."""
    band = band_polygon(37.6, 55.8, 0, 15000)
    points = np.array([[37.6, 0.0]])
    assert sum(_inside(points, part) for part in globe_polygons(band)).tolist() == [1]
    assert sum(_inside(points, part) for part in shapely.get_parts(band)).tolist() == [0]


def test_outlines_leave_out_the_seams() -> None:
    for band in (band_polygon(37.6, 55.8, 500, 5500), band_polygon(179.9, 0, 0, 3000)):
        lines = shapely.MultiLineString(outline(band))
        frame = shapely.box(-180, -90, 180, 90).exterior
        assert lines.intersection(frame).length < 1e-9
        kept = band.boundary.difference(frame)
        assert lines.length == pytest.approx(kept.length, rel=1e-6)


def test_thousands_of_vertices_are_cut_into_rings_that_google_earth_takes() -> None:
    rng = np.random.default_rng(cases.SEED)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 60_000))
    radius = rng.uniform(20, 20.5, 60_000)
    star = shapely.Polygon(np.column_stack([np.cos(angle) * radius, np.sin(angle) * radius]))
    star = star.buffer(0)
    parts = globe_polygons(star)
    assert max(len(part.exterior.coords) for part in parts) < 20_000
    assert shapely.union_all(parts).symmetric_difference(star).area < 1e-6


def by_gdal(path: Path) -> dict[str, list[BaseGeometry]]:
    """Return the geometries of placemarks by their names, as ogr2ogr reads them."""
    if shutil.which("ogr2ogr") is None:
        pytest.skip("needs ogr2ogr (Debian: gdal-bin)")
    names = subprocess.run(["ogrinfo", "-q", str(path)], capture_output=True, text=True, check=True)
    found: dict[str, list[BaseGeometry]] = {}
    for line in names.stdout.splitlines():
        layer = line.split(": ", 1)[1].removesuffix(" (3D Geometry Collection)")
        read = subprocess.run(
            ["ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/",
             str(path), layer],
            capture_output=True, check=True,
        )  # fmt: skip
        for feature in json.loads(read.stdout)["features"]:
            if feature["geometry"]:
                shape = shapely.geometry.shape(feature["geometry"])
                found.setdefault(str(feature["properties"]["Name"]), []).append(shape)
    return found


def test_gdal_reads_it_and_sees_the_same(tmp_path: Path) -> None:
    """Through GDAL's own library (pyogrio) and Debian's programs."""
    guam = analyse("guam")
    path = write_gis(guam, tmp_path / "guam.kmz")[0]
    layers = geopandas.list_layers(path)["name"]
    frames = [geopandas.read_file(path, layer=name) for name in layers]
    total = sum(len(gis_layer(guam, name).frame) for name in LAYERS)
    assert sum(len(frame) for frame in frames) == total
    by_band = {}
    for frame in frames:
        if "band_id" in frame.columns:
            by_band |= dict(zip(frame["band_id"], frame.geometry, strict=True))
    assert set(by_band) == set(guam.bands["band_id"])
    seen = by_gdal(path)
    assert sum(len(shapes) for shapes in seen.values()) == total
    for row in guam.bands.itertuples():
        for found in (by_band[row.band_id], *seen[f"{row.site}: {row.label}"]):
            parts = [part for part in shapely.get_parts(found) if part.geom_type == "Polygon"]
            off = shapely.union_all(parts).symmetric_difference(row.geometry).area
            assert off <= max(row.geometry.length * 2e-7, row.geometry.area * 1e-9)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    awkward = cases.awkward_analysis(tmp_path, seed=1)
    tree = etree.parse(write_gis(awkward, tmp_path / "x.kml")[0])
    names = {facts(mark)["site"] for mark in placemarks(tree, awkward)["sites"]}
    assert names == {xml_text(name) for name in cases.HOSTILE}
    allowed = {"table", "tr", "td", "b", "p", "ul", "li", "a", "font", "br"}
    for node in tree.iter(f"{KML}description"):
        page = etree.HTML(f"<div>{node.text}</div>")
        tags = {one.tag for one in page.iter()} - {"html", "body", "div"}
        assert tags <= allowed, tags
        assert all(a.get("href").startswith("http") for a in page.iter("a"))


def test_what_is_shown_at_first_and_what_it_says(tree: Any, analysis: Analysis) -> None:
    document = tree.find(f"{KML}Document")
    about = about_of(analysis)
    told = document.findtext(f"{KML}description")
    shown = "".join(etree.HTML(told).itertext())
    for text in (*about.findings, *about.caveats, about.provenance, about.scenario_hash):
        assert " ".join(xml_text(text).split()) in " ".join(shown.split())
    for source in about.sources:
        assert " ".join(source.cite().split()) in " ".join(shown.split())
    assert facts(document)["scenario_hash"] == about.scenario_hash
    marks = placemarks(tree, analysis)
    assert {m.findtext(f"{KML}visibility") for m in marks["footprints"]} == {"1"}
    assert {m.findtext(f"{KML}visibility") for m in marks["bands"]} == {"0"}
    styles = {node.get("id") for node in tree.iter(f"{KML}Style")}
    for mark in tree.iter(f"{KML}Placemark"):
        assert mark.findtext(f"{KML}styleUrl").removeprefix("#") in styles
        assert mark.findtext(f"{KML}Snippet")
    for node in tree.iter(f"{KML}Polygon", f"{KML}LineString"):
        assert node.findtext(f"{KML}tessellate") == "1"
    for mark in marks["bands"]:
        given = facts(mark)
        doubtful = "true" in (given["disputed"], given["alleged"], given["assumed"])
        assert mark.findtext(f"{KML}styleUrl").startswith("#doubtful") == doubtful
        assert given["said_by"] in mark.findtext(f"{KML}Snippet")


def test_kmz_has_its_symbols_inside_and_the_datas_date(analysis: Analysis, tmp_path: Path) -> None:
    path = write_gis(analysis, tmp_path / "x.kmz")[0]
    day = tuple(int(part) for part in about_of(analysis).data_date.split("-"))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "doc.kml"
        assert {info.date_time for info in archive.infolist()} == {(*day, 0, 0, 0)}
        tree = etree.fromstring(archive.read("doc.kml"))
        assert schema().validate(tree)
        used = {node.text for node in tree.iter(f"{KML}href")}
        assert used == set(archive.namelist()) - {"doc.kml"}
        for name in used:
            image = Image.open(io.BytesIO(archive.read(name)))
            assert image.mode == "RGBA"
            assert image.getextrema()[3] == (0, 255)


def test_holes_are_kept_where_nothing_is_cut() -> None:
    band = band_polygon(10, 20, 500, 1500)
    (part,) = globe_polygons(band)
    assert len(part.interiors) == 1
    assert difference(band, footprint([part])).area < 1e-9
