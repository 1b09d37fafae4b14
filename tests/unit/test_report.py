"""The report: content, tags, fonts, links, room for the text."""

import io
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pypdf
import pytest
from built_packs import built_file

from rangemap.__main__ import main
from rangemap.analysis import Analysis, analyse, own_case
from rangemap.catalogue import load_catalogue
from rangemap.views.report import report_pdf

CASE = """
format = 1
title = "北京 & <b>Москва</b> 서울 東京タワー: #let x = [*1*] $a$ @ref"
subtitle = "#panic() \\\\ // /* 😀"
notes = ["A note & <tag> `raw` #include \\"x\\"."]
[[coalitions]]
id = "c1"
name = "Ünïcode 中华人民共和国"
color = "#1f5fa8"
members = []
[[sites]]
id = "s1"
name = "北京基地 = #site"
country = "Nowhere"
lon = 100
lat = 20
precision_km = 5
note = "x"
[[launches]]
coalition = "c1"
sites = ["s1"]
systems = "none"
[targets]
places = "places.csv"
"""
NAMES = ["#eval(1)", "$x$", "W" * 60, "x" * 300, "서울특별시", "东京",
         "https://a.example/" + "b" * 80,
         "\u202eright", "👩‍👩‍👧", "\U0001fae8", "*b* _i_ `c` <l> @r ~"]  # fmt: skip


@pytest.fixture(scope="module")
def europe() -> Analysis:
    return analyse("europe")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("hostile")
    rows = ["place_id,place,country,iso_a3,lon,lat"]
    rows += [f'p{n},"{name}",Land,,{90 + n},{n}' for n, name in enumerate(NAMES)]
    (folder / "places.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "hostile.toml").write_text(CASE, encoding="utf-8")
    return analyse(folder / "hostile.toml")


LONE = "-71.5,-42.2,Somewhere"


@pytest.fixture(scope="module")
def reports(europe: Analysis, hostile: Analysis) -> dict[str, bytes]:
    return {
        "europe": built_file("europe", "report.pdf", lambda: report_pdf(europe)),
        "hostile": report_pdf(hostile, units="mi"),
        "lone": report_pdf(analyse(own_case([LONE], ranges=[777]))),
    }


@cache
def reader(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


@cache
def pages_of(content: bytes) -> tuple[str, ...]:
    """Return the text of each page, which takes seconds to extract."""
    return tuple(page.extract_text() for page in reader(content).pages)


def text_of(content: bytes) -> str:
    return " ".join(" ".join(pages_of(content)).split())


def structure(content: bytes) -> list[tuple[str, str]]:
    """Return the type and alternative text of all elements of structure, in order."""
    found: list[tuple[str, str]] = []

    def visit(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                visit(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append((str(node["/S"]), str(node.get("/Alt", ""))))
            if "/K" in node:
                visit(node["/K"])

    visit(reader(content).trailer["/Root"]["/StructTreeRoot"])
    return found


def test_it_tells_the_findings_and_every_capital(
    europe: Analysis, reports: dict[str, bytes]
) -> None:
    text = text_of(reports["europe"])
    for line in europe.summary["headline"]:
        assert line in text, line
    bare = text.replace(" ", "")
    for row in europe.place_rows.to_dict("records"):
        assert row["place"].replace(" ", "") in bare
        assert f"{row['nearest_km']:,.0f}" in text
    for source in europe.sources():
        assert source.publisher.replace(" ", "") in bare


def test_it_is_tagged_for_screen_readers(reports: dict[str, bytes]) -> None:
    for content in reports.values():
        root = reader(content).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "en-GB"
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        meta = root["/Metadata"].get_data().decode("utf-8")
        assert "pdfuaid:part" in meta
        assert "pdfaid:part" in meta
        kinds = {kind for kind, _ in structure(content)}
        assert {"/H1", "/Table", "/TH", "/TD", "/Figure", "/L", "/Link"} <= kinds


def test_pictures_say_what_they_show(europe: Analysis, reports: dict[str, bytes]) -> None:
    alts = [alt for kind, alt in structure(reports["europe"]) if kind == "/Figure"]
    assert len(alts) >= 2
    counts = europe.summary["comparison"]["counts"]
    assert any(str(counts["both"]) in alt and str(counts["neither"]) in alt for alt in alts)


def test_outline_links_and_properties(europe: Analysis, reports: dict[str, bytes]) -> None:
    pdf = reader(reports["europe"])
    titles = [str(entry.title) for entry in pdf.outline if not isinstance(entry, list)]
    assert titles[0] == "Key findings"
    assert titles[-1] == "Sources"
    links = {
        str(link["/A"]["/URI"])
        for page in pdf.pages
        for link in (entry.get_object() for entry in page.get("/Annots", []))
        if "/A" in link and "/URI" in link["/A"]
    }
    assert {source.url for source in europe.sources()} <= links
    assert pdf.metadata is not None
    assert pdf.metadata.title == europe.scenario.title
    assert pdf.metadata.author == "rangemap"
    assert pdf.metadata.creation_date is not None
    assert pdf.metadata.creation_date.date() == load_catalogue().release.date
    for text in pages_of(reports["europe"]):
        assert europe.scenario.hash[:12] in text


def test_pictures_are_vectors_and_fonts_are_inside(reports: dict[str, bytes]) -> None:
    for name, content in reports.items():
        pdf = reader(content)
        assert not [image for page in pdf.pages for image in page.images], name
        assert len(content) < 3_000_000
        fonts = [
            font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            for page in pdf.pages
            for font in page["/Resources"].get("/Font", {}).values()
        ]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(font.get_object()) for font in fonts)
    assert "/XObject" in str(reader(reports["europe"]).pages[1]["/Resources"]) or any(
        "Moscow" in text for text in pages_of(reports["europe"])[:3]
    )


def test_names_are_never_commands(reports: dict[str, bytes]) -> None:
    text = text_of(reports["hostile"])
    bare = text.replace(" ", "").replace("\u200b", "")
    for name in ("#eval(1)", "$x$", "서울특별시", "东京", "*b*_i_`c`<l>@r~", "right"):
        assert name in bare, name
    assert "#let x = [*1*] $a$ @ref" in text
    assert "x" * 61 not in bare
    assert "\u202e" not in text


def test_text_stays_within_the_margins(reports: dict[str, bytes], tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext")
    for name, content in reports.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        boxes = subprocess.run(
            ["pdftotext", "-bbox", str(path), "-"], check=True, capture_output=True, text=True,
            encoding="utf-8", timeout=60,
        ).stdout  # fmt: skip
        words = re.findall(r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)"', boxes)
        assert len(words) > 400
        assert min(float(word[0]) for word in words) >= 56
        assert max(float(word[2]) for word in words) <= 595.3 - 56


def test_same_bytes_in_every_process(reports: dict[str, bytes], tmp_path: Path) -> None:
    """That of europe too, where the one came from the pack and the other from the README's tour."""
    script = (
        "import sys; from pathlib import Path; from rangemap.analysis import analyse, own_case;"
        "from rangemap.views.report import report_pdf;"
        "lone = own_case([sys.argv[2]], ranges=[777]);"
        "Path(sys.argv[1]).write_bytes(report_pdf(analyse(lone)))"
    )
    path = tmp_path / "again.pdf"
    env = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "HOME": str(tmp_path), "PATH": "/usr/bin",
           "TMPDIR": str(tmp_path)}  # fmt: skip
    command = [sys.executable, "-c", script, str(path), LONE]
    subprocess.run(command, check=True, env=env, timeout=240)
    assert path.read_bytes() == reports["lone"]
    assert str(tmp_path).encode() not in path.read_bytes()


def test_units(reports: dict[str, bytes]) -> None:
    text = text_of(reports["hostile"])
    assert "Distance, mi" in text
    assert "Within 500 km (311 mi)" in text


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.pdf"
    assert main(["report", "--site", "24.40,44.07,Slatina", "--range", "900", "-o", str(path)]) == 0
    assert "Slatina" in text_of(path.read_bytes())
    assert main(["report", "guam", "-o", "x.docx"]) == 2
    assert "must end in .pdf" in capsys.readouterr().err
