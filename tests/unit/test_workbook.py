"""Workbooks, Markdown and schemas of tables, read again by openpyxl, LibreOffice and jsonschema."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from rangemap.analysis import (
    Analysis,
    analyse,
    country_share_table,
    country_table,
    overlap_table,
    people_table,
    range_change,
    read_scenario,
)
from rangemap.analysis.raster import RASTER_COLUMNS, RASTER_COUNTRY_COLUMNS
from rangemap.catalogue import Place, load_catalogue
from rangemap.cli import main
from rangemap.errors import OutputError, UnknownNameError
from rangemap.views import workbook
from rangemap.views.markdown import escaped, tables_markdown, to_markdown
from rangemap.views.table import to_csv, to_json
from rangemap.views.table_schema import TABLES, json_schema, table_of, tables_metadata
from rangemap.views.workbook import table_xlsx, tables_xlsx

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = [
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "<script>alert(1)</script>", "a|b", "x" * 300,
    "\u202eevil\u202c", "北京 東京 서울", "😀 emoji", "https://example.org/x", "{=1}", "_x0041_",
    "tab\tnew\nline", "bell\x07\x0b\ufffe", "# no heading", "![x](y)", "$x$ `code` &amp;",
]  # fmt: skip


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return analyse("europe-vs-china")


@pytest.fixture(scope="module")
def content(analysis: Analysis) -> bytes:
    return tables_xlsx(analysis)


@pytest.fixture(scope="module")
def hostile() -> Analysis:
    """A small scenario whose places and title are whatever someone may type."""
    places = tuple(
        Place(f"p{n}", name, name, "", float(n), 50.0, n, None, name)
        for n, name in enumerate(HOSTILE)
    )
    return analyse(
        replace(read_scenario("guam"), places=places, places_from="p.csv", title=HOSTILE[0],
                subtitle=HOSTILE[4])
    )  # fmt: skip


@pytest.fixture(scope="module")
def frames(analysis: Analysis) -> dict[str, pd.DataFrame]:
    bands, both = analysis.bands, analysis.comparison
    assert both
    change = range_change("europe", "9m729")
    return {
        "places": analysis.place_rows,
        "coverage": analysis.coverage,
        "bands": pd.DataFrame(bands.drop(columns="geometry")),
        "countries": country_table(bands),
        "people": people_table(bands),
        "overlap": pd.DataFrame(overlap_table(bands.iloc[::4]).drop(columns="geometry")),
        "country-shares": country_share_table(bands),
        "comparison": both.table,
        "comparison-countries": both.countries,
        "comparison-cities": both.cities,
        "change": change.table,
        "change-countries": change.countries,
    }


# -- The schema --------------------------------------------------------------------------------


def test_every_column_of_every_table_is_described(frames: dict[str, pd.DataFrame]) -> None:
    rasters = {"population": RASTER_COLUMNS, "population-by-country": RASTER_COUNTRY_COLUMNS}
    assert set(frames) | set(rasters) == set(TABLES)
    for name, columns in (*((n, list(f.columns)) for n, f in frames.items()), *rasters.items()):
        table = table_of(name)
        assert [column.name for column in table.columns] == columns, name
        for column in table.columns:
            assert len(column.description) > 10, (name, column.name)
            assert "`" not in column.description
            numeric = column.type in ("integer", "number")
            assert bool(column.unit) == numeric, (name, column.name)


def test_every_description_is_used() -> None:
    text = (ROOT / "data" / "schema" / "columns.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        assert row["table"] in ("", *TABLES)
        holders = [t for t in TABLES.values() if not row["table"] or t.name == row["table"]]
        used = [c for t in holders for c in t.columns if c.name == row["column"]]
        assert any(c.description == row["description"] for c in used), row["column"]


def test_json_outputs_are_valid_by_their_schemas(frames: dict[str, pd.DataFrame]) -> None:
    for name, frame in frames.items():
        schema = json_schema(table_of(name))
        Draft202012Validator.check_schema(schema)
        some = frame.iloc[:: max(1, len(frame) // 800)]
        problems = list(Draft202012Validator(schema).iter_errors(json.loads(to_json(some))))
        assert not problems, (name, problems[0].message)
        broken = json.loads(to_json(some))
        del broken[0][frame.columns[0]]
        assert not Draft202012Validator(schema).is_valid(broken)


def test_keys_tell_rows_apart(frames: dict[str, pd.DataFrame]) -> None:
    for name, frame in frames.items():
        key = list(table_of(name).key)
        assert not key or not frame.duplicated(key).any(), name


def test_pages_and_schemas_are_current() -> None:
    path = ROOT / "docs" / "generate_tables.py"
    spec = importlib.util.spec_from_file_location("generate_tables", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    advice = "run python docs/generate_tables.py"
    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == module.render(), advice
    written = module.schemas()
    assert set(written) == set((ROOT / "data" / "schema" / "tables").iterdir())
    for file, text in written.items():
        assert file.read_text(encoding="utf-8") == text, advice


def test_metadata_of_csv_files(analysis: Analysis) -> None:
    names = ["places.csv", "coverage.csv", "comparison.csv"]
    found = tables_metadata(analysis, names)
    json.dumps(found, allow_nan=False)
    assert found["dc:identifier"] == analysis.scenario.hash
    assert [table["url"] for table in found["tables"]] == names
    header = to_csv(analysis.place_rows).splitlines()[0].split(",")
    columns = found["tables"][0]["tableSchema"]["columns"]
    assert [column["name"] for column in columns] == header
    by_name = {column["name"]: column for column in columns}
    assert by_name["nearest_km"]["schema:unitCode"] == "KMT"
    assert by_name["systems_in_range"]["separator"] == ";"
    cells = list(csv.DictReader(io.StringIO(to_csv(analysis.place_rows))))
    for name, column in by_name.items():
        values = {row[name] for row in cells}
        if column["required"]:
            assert "" not in values, name
        if "format" in column["datatype"]:
            assert all(re.fullmatch(column["datatype"]["format"], v) for v in values - {""})
    assert {s["dc:identifier"] for s in found["dc:source"]} == {s.key for s in analysis.sources()}
    with pytest.raises(UnknownNameError, match=r"did you mean 'places'"):
        tables_metadata(analysis, ["plces.csv"])


# -- XLSX --------------------------------------------------------------------------------------


def test_workbook_holds_the_tables(
    analysis: Analysis, content: bytes, frames: dict[str, pd.DataFrame]
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == [
        "About", "Summary", "Places", "Countries", "People", "Bands", "Coverage", "Comparison",
        "Columns",
    ]  # fmt: skip
    for sheet, name in (("Places", "places"), ("Countries", "countries"), ("People", "people"),
                        ("Bands", "bands"), ("Comparison", "comparison")):  # fmt: skip
        rows = list(book[sheet].iter_rows(values_only=True))
        expected = json.loads(to_json(frames[name]))
        assert len(rows) == len(expected) + 1
        for row, record in zip(rows[1:], expected, strict=True):
            values = [None if value == "" else value for value in record.values()]
            assert list(row) == values
        assert list(rows[0]) == list(frames[name].columns)
        assert book[sheet].freeze_panes is not None
        assert book[sheet].auto_filter.ref
        for cell in book[sheet][1]:
            assert cell.comment, cell.value
            assert cell.comment.author == "rangemap"
    coverage = list(book["Coverage"].iter_rows(values_only=True))
    assert len(coverage) == len(analysis.coverage) + 1
    assert set(coverage[0]) < set(analysis.coverage.columns)
    about = "\n".join(str(row[1]) for row in book["About"].iter_rows(values_only=True))
    for text in (analysis.scenario.hash, "Natural Earth", "does not mean targeted",
                 *(source.url for source in analysis.sources())):  # fmt: skip
        assert text in about
    summary = [row[1] for row in book["Summary"].iter_rows(min_row=3, values_only=True)]
    assert summary == analysis.summary["headline"]
    formats = {c.value: book["Countries"].cell(5, c.column).number_format
               for c in book["Countries"][1]}  # fmt: skip
    assert (formats["share"], formats["cities"], formats["area_km2"]) == ("0.0%", "#,##0", "#,##0")


def test_workbook_is_the_same_bytes_on_any_day(
    analysis: Analysis, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 4_000_000_000.0)
    assert tables_xlsx(analysis) == content
    day = load_catalogue().release.date
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
        text = b"".join(archive.read(name) for name in archive.namelist())
    assert re.findall(r">(\d{4}-\d\d-\d\d)T00:00:00Z<", core) == [day.isoformat()] * 2
    assert analysis.scenario.hash in core
    assert str(Path.home()).encode() not in text


def test_hostile_names_stay_texts(hostile: Analysis) -> None:
    book = openpyxl.load_workbook(io.BytesIO(tables_xlsx(hostile)))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
    names = [row[1] for row in book["Places"].iter_rows(min_row=2, values_only=True)]
    for name in HOSTILE:
        safe = " ".join(re.sub("[\x07\x0b\ufffe]", "", name).split())
        assert safe in names or safe in map(openpyxl.utils.escape.unescape, names), name
    with zipfile.ZipFile(io.BytesIO(tables_xlsx(hostile))) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
        assert not any("externalLink" in name for name in archive.namelist())


def test_libreoffice_reads_the_same_cells(hostile: Analysis, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("needs soffice (Debian: libreoffice-calc-nogui), which make test installs")
    path = tmp_path / "places.xlsx"
    path.write_bytes(table_xlsx("places", hostile.place_rows, hostile.scenario))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    # All sheets, UTF-8, commas, texts quoted, as stored and not as shown.
    options = 'csv:"Text - txt - csv (StarCalc)":44,34,76,1,,0,false,false,false,false,false,-1'
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", options.replace('"', ""), "--outdir",
         str(tmp_path), str(path)], check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    (sheet,) = tmp_path.glob("places-Places*.csv")
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8"), newline="")))
    assert len(rows) == len(hostile.place_rows)
    expected = json.loads(to_json(hostile.place_rows))
    for row, record in zip(rows, expected, strict=True):
        assert float(row["nearest_km"]) == pytest.approx(record["nearest_km"], abs=1e-3)
        assert row["place"].split() == re.sub("[\x07\x0b\ufffe]", "", record["place"]).split()
        assert row["own_side"] == str(record["own_side"]).upper()


def test_too_long_a_table_is_left_out_and_told(
    analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2000)
    book = openpyxl.load_workbook(io.BytesIO(tables_xlsx(analysis)))
    assert "Coverage" not in book.sheetnames
    about = {row[0]: row[1] for row in book["About"].iter_rows(values_only=True)}
    assert about["Coverage"].endswith("rows; left out here, for it is too long: see the CSV file")
    with pytest.raises(OutputError, match=r"are too many for a workbook .*write \.csv"):
        table_xlsx("coverage", analysis.coverage, analysis.scenario)


# -- Markdown ----------------------------------------------------------------------------------


def cells_of(line: str) -> list[str]:
    return re.split(r"(?<!\\)\|", line)[1:-1]


def test_hostile_names_stay_in_their_cell_of_markdown(hostile: Analysis) -> None:
    table = to_markdown(["name", "n"], [[name, 1] for name in HOSTILE])
    lines = table.splitlines()
    assert len(lines) == len(HOSTILE) + 2
    assert all(len(cells_of(line)) == 2 for line in lines)
    whole = tables_markdown(hostile)
    assert "<script" not in whole
    assert "\u202e" not in whole
    assert not re.search(r"(?<!\\)!\[", whole)
    assert whole.startswith("# =1+1\n")


@pytest.mark.parametrize("name", HOSTILE)
def test_escaped_text_says_the_same(name: str) -> None:
    text = escaped(name).replace("&#8203;", "")
    text = re.sub(r"\\(.)", r"\1", text)
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    kept = re.sub(r"[\u202e\u202c\x07\x0b]", "", name)
    assert text.split() == kept.replace("\ufffe", text[-1] if "\ufffe" in text else "").split()


def test_markdown_tells_findings_units_and_sources(analysis: Analysis) -> None:
    text = tables_markdown(analysis, "nmi")
    assert "covered nmi²" in text
    assert "nearest nmi" in text
    assert analysis.scenario.hash in text
    for source in analysis.sources():
        assert not source.url or f"<{source.url}>" in text
    for place in analysis.place_rows["place"].head(20):
        assert escaped(place) in text
    wide = [len(cells_of(line)) for line in text.splitlines() if line.startswith("|")]
    assert min(wide) >= 5


# -- By the command line -----------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["txt", "csv", "json", "md", "xlsx"])
def test_the_ending_of_the_file_chooses(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{ending}"
    assert main(["coverage", "guam", "--by", "coalition", "-o", str(path)]) == 0
    data = path.read_bytes()
    starts: dict[str, Any] = {
        "txt": b"Countries", "csv": b"coalition,", "json": b"[\n{", "md": b"# ", "xlsx": b"PK",
    }  # fmt: skip
    assert data.startswith(starts[ending])
    again = tmp_path / f"again.{ending}"
    assert main(["coverage", "guam", "--by", "coalition", "-o", str(again)]) == 0
    assert again.read_bytes() == data
