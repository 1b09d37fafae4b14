"""GIS files: read again by GDAL, by other programs' readers, and compared with what was written."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas
import gis_cases as cases
import numpy as np
import pandas as pd
import pytest
import shapely

import rangemap as rm
from rangemap.analysis import Analysis, analyse
from rangemap.cli import main
from rangemap.errors import ArgumentError, OutputError
from rangemap.geodesy import area_km2
from rangemap.views.columns import plain_value
from rangemap.views.gis import LAYERS, PACK_FILES, pack_files, write_gis
from rangemap.views.gis_about import about_of
from rangemap.views.gis_layers import gis_layer
from rangemap.views.shapefile import short_names

SYSTEM_PYTHON = "/usr/bin/python3"


@pytest.fixture(scope="module", params=["awkward", "europe", "sea-and-air-launched"])
def analysis(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    if request.param == "awkward":
        print(f"RANGEMAP_SEED={cases.SEED}")
        return cases.awkward_analysis(tmp_path_factory.mktemp("case"))
    return analyse(request.param)


@pytest.fixture(scope="module")
def gpkg(analysis: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_gis(analysis, tmp_path_factory.mktemp("gis") / "all.gpkg")[0]


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name} (Debian: gdal-bin)")
    return found


def with_module(name: str) -> str:
    """Return the system's Python if it has a module that no virtual environment can have."""
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run(
            [SYSTEM_PYTHON, "-c", f"import {name}"], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip(f"needs {name} in {SYSTEM_PYTHON}")
    return SYSTEM_PYTHON


def by_ogr2ogr(path: Path, layer: str | None = None) -> geopandas.GeoDataFrame:
    """Return a layer as the program ogr2ogr reads it, which is another GDAL than pyogrio's."""
    done = subprocess.run(
        [program("ogr2ogr"), "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/",
         str(path), *([layer] if layer else [])],
        capture_output=True, check=True,
    )  # fmt: skip
    assert b"ERROR" not in done.stderr
    return geopandas.GeoDataFrame.from_features(json.loads(done.stdout)["features"])


def same_values(found: pd.Series, written: pd.Series, name: str) -> None:
    for a, b in zip(found, written, strict=True):
        b = plain_value(name, b)
        if b is None or b == "":
            assert a is None or a == "" or pd.isna(a)
        elif isinstance(b, float):
            assert a == pytest.approx(b, rel=1e-12, abs=1e-9)
        else:
            assert a == b, name


def same_shapes(found: Any, written: Any, *, rounding_deg: float = 0.0) -> None:
    """Every polygon covers what was written, but for what rounding moves along its boundary."""
    for a, b in zip(found, written, strict=True):
        if b.geom_type == "Point":
            assert a.distance(b) <= max(rounding_deg * 2, 1e-13)
            continue
        assert shapely.is_valid(a)
        allowed = max(b.length * rounding_deg, b.area * 1e-9)
        assert a.symmetric_difference(b).area <= allowed


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("reader", ["pyogrio", "ogr2ogr"])
def test_geopackage_comes_back_as_written(
    gpkg: Path, analysis: Analysis, name: str, reader: str
) -> None:
    written = gis_layer(analysis, name).frame
    if reader == "pyogrio":
        found = geopandas.read_file(gpkg, layer=name)
        assert found.crs == "EPSG:4326"
        assert list(found.columns) == [*written.columns.drop("geometry"), "geometry"]
    else:
        found = by_ogr2ogr(gpkg, name)
    assert len(found) == len(written) > 0
    for column in written.columns.drop("geometry"):
        same_values(found[column], written[column], column)
    same_shapes(found.geometry, written.geometry)


def test_geopackage_keeps_the_rules_of_the_standard(gpkg: Path) -> None:
    python = with_module("osgeo_utils.samples.validate_gpkg")
    done = subprocess.run(
        [python, "-m", "osgeo_utils.samples.validate_gpkg", str(gpkg)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "error" not in (done.stdout + done.stderr).lower()


def test_geopackage_says_what_it_is_and_has_no_date_but_the_datas(
    gpkg: Path, analysis: Analysis
) -> None:
    about = about_of(analysis)
    with closing(sqlite3.connect(gpkg)) as database:

        def ask(text: str) -> list[Any]:
            return database.execute(text).fetchall()

        assert ask("PRAGMA application_id") == [(0x47504B47,)]
        assert ask("PRAGMA user_version") == [(10300,)]
        assert ask("PRAGMA integrity_check") == [("ok",)]
        assert ask("PRAGMA foreign_key_check") == []
        tables = {name for (name,) in ask("SELECT table_name FROM gpkg_contents")}
        assert tables == {*LAYERS, "layer_styles"}
        dates = ask(
            "SELECT last_change FROM gpkg_contents UNION SELECT update_time FROM layer_styles "
            "UNION SELECT timestamp FROM gpkg_metadata_reference"
        )
        assert dates == [(about.moment,)]
        (record,) = ask(
            "SELECT metadata FROM gpkg_metadata JOIN gpkg_metadata_reference ON id = md_file_id "
            "WHERE reference_scope = 'geopackage'"
        )
        told = json.loads(record[0])
        assert told == about.record()
        assert told["scenario_hash"] == analysis.scenario.hash
        assert [s["key"] for s in told["sources"]] == [s.key for s in analysis.sources()]
        styles = ask(
            "SELECT f_table_name FROM layer_styles WHERE useAsDefault AND f_table_schema = '' "
            "AND f_geometry_column = 'geom' ORDER BY id"
        )
        assert [name for (name,) in styles] == list(LAYERS)


_QGIS = """
import json, sys
from qgis.core import (QgsApplication, QgsExpression, QgsExpressionContext,
    QgsExpressionContextUtils, QgsVectorLayer)
app = QgsApplication([], False); app.initQgis()
result = {}
for name in sys.argv[2:]:
    layer = QgsVectorLayer(f"{sys.argv[1]}|layername={name}", name, "ogr")
    renderer = layer.renderer()
    leaves = [r for r in renderer.rootRule().descendants() if r.symbol()]
    context = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    bad = [r.filterExpression() for r in renderer.rootRule().descendants()
           if QgsExpression(r.filterExpression()).hasParserError()]
    hits = []
    for feature in layer.getFeatures():
        context.setFeature(feature)
        count = 0
        for rule in leaves:
            here, all_true = rule, True
            while here is not None and here.filterExpression():
                e = QgsExpression(here.filterExpression())
                if not e.evaluate(context) or e.hasEvalError():
                    all_true = False
                here = here.parent()
            count += all_true
        hits.append(count)
    result[name] = {"type": renderer.type(), "bad": bad, "hits": hits,
        "labels": layer.labelsEnabled(), "title": layer.metadata().title(),
        "constraints": len(layer.metadata().constraints()),
        "colors": sorted({layer_.subSymbol().color().name() if layer_.subSymbol()
            else layer_.color().name() for r in leaves for layer_ in r.symbol().symbolLayers()}),
        "dashed": [r.label() for r in leaves for layer_ in r.symbol().symbolLayers()
            if layer_.subSymbol()
            and layer_.subSymbol().symbolLayer(0).penStyle() == 2]}
print("RESULT " + json.dumps(result))
"""


def test_qgis_takes_the_styles_by_itself(gpkg: Path, analysis: Analysis) -> None:
    python = with_module("qgis.core")
    done = subprocess.run(
        [python, "-c", _QGIS, str(gpkg), *LAYERS], capture_output=True, text=True, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    lines = [x for x in done.stdout.splitlines() if x.startswith("RESULT ")]
    assert lines, done.stdout + done.stderr
    found = json.loads(lines[0].removeprefix("RESULT "))
    for name in LAYERS:
        layer = gis_layer(analysis, name)
        assert found[name]["type"] == "RuleRenderer"
        assert found[name]["bad"] == []
        assert found[name]["labels"] == (name != "overlap")
        assert len(found[name]["hits"]) == len(layer.frame)
        assert layer.title in found[name]["title"]
        assert found[name]["constraints"] == len(about_of(analysis).caveats)
        if name != "places":  # which has a symbol by zone and another by verdict
            assert set(found[name]["hits"]) == {1}
    assert min(found["places"]["hits"]) >= 1
    assert set(found["footprints"]["colors"]) == {c.color for c in analysis.scenario.coalitions}
    assert found["bands"]["dashed"] == ["disputed: who says it is in its label"] * len(
        analysis.scenario.coalitions
    )


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("reader", ["pyogrio", "ogr2ogr"])
def test_geojson_comes_back_as_written(
    analysis: Analysis, tmp_path: Path, name: str, reader: str
) -> None:
    path = write_gis(analysis, tmp_path / "x.geojson", layers=[name])[0]
    written = gis_layer(analysis, name).frame
    found = geopandas.read_file(path) if reader == "pyogrio" else by_ogr2ogr(path)
    assert len(found) == len(written)
    for column in written.columns.drop("geometry"):
        same_values(found[column], written[column], column)
    same_shapes(found.geometry, written.geometry, rounding_deg=1e-7)
    told = json.loads(path.read_text(encoding="utf-8"))["rangemap"]
    assert told == {
        **about_of(analysis).record(),
        "layer": name,
        "description": gis_layer(analysis, name).description,
    }


@pytest.mark.parametrize("name", LAYERS)
def test_geoparquet_comes_back_as_written(analysis: Analysis, tmp_path: Path, name: str) -> None:
    import pyarrow.parquet

    path = write_gis(analysis, tmp_path / "x.parquet", layers=[name])[0]
    written = gis_layer(analysis, name).frame
    found = geopandas.read_parquet(path)
    assert found.crs == "EPSG:4326"
    for column in written.columns.drop("geometry"):
        same_values(found[column], written[column], column)
    same_shapes(found.geometry, written.geometry)
    metadata = pyarrow.parquet.read_schema(path).metadata
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert geo["version"] == "1.1.0"
    assert column["encoding"] == "WKB"
    assert column["edges"] == "planar"
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    if name in ("bands", "footprints", "overlap"):
        assert column["orientation"] == "counterclockwise"
        for part in shapely.get_parts(found.geometry.to_numpy()):
            assert shapely.is_ccw(part.exterior)
            assert not any(shapely.is_ccw(hole) for hole in part.interiors)
    assert json.loads(metadata[b"rangemap"])["provenance"] == about_of(analysis).provenance
    box = written.geometry.iloc[0].bounds
    some = geopandas.read_parquet(path, bbox=box)
    assert len(some) == (written.bounds.apply(
        lambda b: b.minx <= box[2] and b.maxx >= box[0] and b.miny <= box[3] and b.maxy >= box[1],
        axis=1)).sum()  # fmt: skip


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("reader", ["pyogrio", "ogr2ogr"])
def test_shapefile_comes_back_within_its_limits(
    analysis: Analysis, tmp_path: Path, name: str, reader: str
) -> None:
    files = write_gis(analysis, tmp_path / "x.shp", layers=[name])
    assert [path.suffix for path in files] == [".shp", ".shx", ".dbf", ".prj", ".cpg", ".txt"]
    written = gis_layer(analysis, name).frame
    found = geopandas.read_file(files[0]) if reader == "pyogrio" else by_ogr2ogr(files[0])
    names = short_names([str(c) for c in written.columns.drop("geometry")])
    assert len(set(names.values())) == len(names)
    told = files[-1].read_text(encoding="utf-8")
    assert about_of(analysis).provenance in told
    for full, short in names.items():
        assert f"{short:<10}  {full}" in told or f"{short}  {full}" in told
        values = written[full]
        if pd.api.types.is_bool_dtype(values):
            values = values.astype(int)
        elif not pd.api.types.is_numeric_dtype(values):
            # The file has no trailing blanks, and GDAL no character cut in two.
            values = values.map(lambda v: v.encode()[:254].decode("utf-8", "ignore").rstrip(" "))
        if pd.api.types.is_float_dtype(values):
            np.testing.assert_allclose(found[short], values, rtol=1e-9)
        else:
            same_values(found[short], values, full)
    same_shapes(found.geometry, written.geometry)
    header = files[2].read_bytes()[1:4]
    assert (1900 + header[0], header[1], header[2]) == tuple(
        int(part) for part in about_of(analysis).data_date.split("-")
    )


def test_validators_from_npm_find_no_fault(analysis: Analysis, tmp_path: Path) -> None:
    """One checks structure, the other also the right-hand rule; both must see a fault."""
    assets = Path(rm.__file__).parent / "views" / "assets"
    if shutil.which("node") is None or not (assets / "node_modules").is_dir():
        pytest.skip("needs node and `npm ci` in rangemap/views/assets (make test does both)")
    paths = [str(write_gis(analysis, tmp_path / f"{name}.json", layers=[name])[0])
             for name in LAYERS]  # fmt: skip
    wrong = tmp_path / "wrong.json"
    text = Path(paths[0]).read_text(encoding="utf-8")
    content = json.loads(text)
    shape = shapely.geometry.shape(content["features"][0]["geometry"])
    content["features"][0]["geometry"] = json.loads(
        shapely.to_geojson(shapely.orient_polygons(shape, exterior_cw=True))
    )
    wrong.write_text(json.dumps(content), encoding="utf-8")
    done = subprocess.run(
        ["node", "--input-type=module", "-e", _NODE, "--", *paths, str(wrong)], cwd=assets,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found[:-1] == [[]] * len(paths)
    assert any("right-hand" in problem for problem in found[-1])


_NODE = """
import { readFileSync } from "node:fs";
import { check } from "@placemarkio/check-geojson";
import hint from "@mapbox/geojsonhint";
const results = process.argv.slice(1).filter((a) => a !== "--").map((path) => {
  const text = readFileSync(path, "utf8");
  const found = hint.hint(text, { precisionWarning: false }).map((one) => one.message);
  try { check(text); } catch (error) { found.push(...error.issues.map((one) => one.message)); }
  return found;
});
console.log(JSON.stringify(results));
"""


def test_another_reader_of_geoparquet_agrees(analysis: Analysis, tmp_path: Path) -> None:
    assets = Path(rm.__file__).parent / "views" / "assets"
    if shutil.which("node") is None or not (assets / "node_modules").is_dir():
        pytest.skip("needs node and `npm ci` in rangemap/views/assets (make test does both)")
    path = write_gis(analysis, tmp_path / "x.parquet")[0]
    script = """
    import { readFileSync } from "node:fs";
    import { parquetMetadata, parquetReadObjects } from "hyparquet";
    import { compressors } from "hyparquet-compressors";
    const bytes = readFileSync(process.argv.at(-1));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const rows = await parquetReadObjects({ file, compressors });
    const told = parquetMetadata(file).key_value_metadata.find((one) => one.key === "rangemap");
    console.log(JSON.stringify({ told: told.value,
      rows: rows.map((row) => [row.band_id, row.label, row.max_km, row.geometry, row.bbox]) }));
    """
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script, "--", str(path)], cwd=assets,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert json.loads(found["told"])["scenario_hash"] == analysis.scenario.hash
    bands = analysis.bands
    assert [row[:3] for row in found["rows"]] == bands[["band_id", "label", "max_km"]].to_numpy(
        dtype=object
    ).tolist()
    same_shapes([shapely.geometry.shape(row[3]) for row in found["rows"]], bands.geometry)
    for row, bounds in zip(found["rows"], bands.bounds.to_numpy(), strict=True):
        assert list(row[4].values()) == pytest.approx(bounds.tolist())


def test_the_pack_has_four_files_in_no_time(analysis: Analysis, tmp_path: Path) -> None:
    start = time.perf_counter()
    written = pack_files(analysis, tmp_path)
    assert [path.name for path in written] == list(PACK_FILES)
    assert time.perf_counter() - start < 20  # about one second on an idle machine
    again = pack_files(analysis, tmp_path / "again")
    for a, b in zip(written, again, strict=True):
        assert a.read_bytes() == b.read_bytes(), a.name


def test_another_process_on_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import sys, hashlib; from rangemap.analysis import analyse; "
        "from rangemap.views.gis import gis_bytes; a = analyse('guam'); "
        "print([hashlib.sha256(content).hexdigest() "
        "for form in ('geojson', 'gpkg', 'kml', 'kmz', 'parquet', 'shp') "
        "for content in gis_bytes(a, form).values()])"
    )
    results = [
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "Pacific/Midway"))
    ]  # fmt: skip
    assert results[0] == results[1]
    assert len(json.loads(results[0].replace("'", '"'))) == 11


def test_footprints_and_overlaps_agree_on_areas(analysis: Analysis) -> None:
    footprints = gis_layer(analysis, "footprints").frame
    overlap = gis_layer(analysis, "overlap").frame
    bands = analysis.bands
    for row in footprints.itertuples():
        mine = bands[(bands["coalition"] == row.coalition) & (bands["band_kind"] == row.band_kind)]
        assert row.band_ids.split(";") == mine["band_id"].tolist()
        assert row.area_km2 >= area_km2(mine.geometry).max() * (1 - 1e-9)
        assert row.disputed_bands == mine["disputed"].sum()
    for kind, faces in overlap.groupby("band_kind"):
        whole = area_km2(bands[bands["band_kind"] == kind].geometry).sum()
        assert (faces["area_km2"] * faces["count"]).sum() == pytest.approx(whole, rel=1e-6)


def test_export_writes_by_the_ending_and_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "guam"]) == 0
    assert geopandas.list_layers("guam.gpkg")["name"].tolist()[:5] == list(LAYERS)
    assert main(["export", "guam", "-o", "v1.2", "--format", "shp", "--layer", "sites"]) == 0
    told = capsys.readouterr().err
    assert "10 characters" in told
    assert "wrote v1.2.shp" in told
    assert {p.name for p in tmp_path.iterdir()} == {
        "guam.gpkg", *(f"v1.2.{e}" for e in ("shp", "shx", "dbf", "prj", "cpg", "txt")),
    }  # fmt: skip
    assert main(["export", "--site", "24.4,44.07,Slatina", "--range", "2500", "-o", "a.KMZ"]) == 0
    assert zipfile.ZipFile("a.KMZ").testzip() is None
    assert main(["export", "guam", "--layer", "sites", "--layer", "bands", "-o", "b.gpkg"]) == 0
    assert geopandas.list_layers("b.gpkg")["name"].tolist()[:2] == ["sites", "bands"]


def test_export_writes_to_standard_output() -> None:
    arguments = ["export", "guam", "--layer", "sites", "--format", "geojson", "-o", "-"]
    done = subprocess.run(
        [sys.executable, "-m", "rangemap", *arguments], capture_output=True, check=True
    )
    assert json.loads(done.stdout)["rangemap"]["layer"] == "sites"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "x.tif"], "must end in .geojson, .gpkg, .kml, .kmz, .parquet, .shp"),
        (["-o", "x.geojson", "--layer", "sites", "--layer", "bands"], "one layer and not 2"),
        (["-o", "x.kml", "--layer", "overlap"], "layer 'overlap' is not written as kml"),
        (["-o", "-"], "needs --format"),
        (["-o", "-", "--format", "shp"], "takes any but shp"),
        (["-o", "/proc/nowhere/x.kml"], "cannot write /proc/nowhere/x.kml"),
        (["--layer", "launchers"], "launchers"),
    ],
)
def test_a_mistake_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "guam", *arguments]) in (1, 2)
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_a_text_file_of_the_users_own_is_not_replaced(tmp_path: Path) -> None:
    notes = tmp_path / "x.txt"
    notes.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not rangemap's"):
        write_gis(analyse("guam"), tmp_path / "x.shp")
    assert notes.read_text(encoding="utf-8") == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["x.txt"]


def test_unknown_layers_and_formats_name_near_ones() -> None:
    guam = analyse("guam")
    with pytest.raises(ArgumentError, match="did you mean 'bands'"):
        write_gis(guam, Path("x.gpkg"), layers=["band"])
    with pytest.raises(ArgumentError, match="did you mean 'geojson'"):
        write_gis(guam, Path("x"), "geojsn")


def test_a_great_many_bands_leave_the_overlap_out_and_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(cases.SEED)
    lines = ["format = 1\ntitle = 'Many'\n[[coalitions]]\nid='a'\nname='A'\ncolor='#1f5fa8'"]
    for number in range(300):
        lon, lat = float(rng.uniform(-180, 180)), float(rng.uniform(-90, 90))
        lines.append(f"[[sites]]\nid='s{number}'\nname='S {number}'\nlon={lon!r}\nlat={lat!r}")
        lines.append(f"[[launches]]\ncoalition='a'\nsites=['s{number}']\nsystems='none'")
    scenario = tmp_path / "many.toml"
    scenario.write_text("\n".join(lines), encoding="utf-8")
    start = time.perf_counter()
    assert main(["export", str(scenario), "-o", str(tmp_path / "many.gpkg")]) == 0
    assert "left out the layer overlap" in capsys.readouterr().err
    assert time.perf_counter() - start < 60  # about 5 s on an idle machine
    names = geopandas.list_layers(tmp_path / "many.gpkg")["name"].tolist()
    assert names == ["bands", "footprints", "sites", "places", "layer_styles"]


def test_the_columns_are_documented(analysis: Analysis, root: Path) -> None:
    page = (root / "docs" / "gis.md").read_text(encoding="utf-8")
    for name in ("footprints", "overlap", "sites"):
        part = page.split(f"\n### {name}\n")[1].split("\n#")[0]
        cells = [line.split("|")[1].strip(" `") for line in part.splitlines()
                 if line.startswith("| `")]  # fmt: skip
        assert cells == gis_layer(analysis, name).frame.columns.drop("geometry").tolist()
