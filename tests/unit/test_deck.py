"""Slides: content, accessibility, room for the text, templates of the user's, LibreOffice."""

import io
import random
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from built_packs import built_file
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.util import Emu, Pt

from rangemap.__main__ import main
from rangemap.analysis import Analysis, analyse, own_case, scenario_names
from rangemap.catalogue import load_catalogue
from rangemap.errors import DataError
from rangemap.views.deck import deck_pptx
from rangemap.views.deck_table import SIZES, pages_of
from rangemap.views.deck_template import read_template
from rangemap.views.deck_text import Ruler
from rangemap.views.story_parts import Grid, Row
from rangemap.views.story_words import LONGEST, shortened

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
RTL = "\u202e"
HOSTILE = [
    "=cmd()|calc",
    "<script>alert(1)</script>",
    "😀👩‍👩‍👧 town",
    f"{RTL}gnirts\u202c",
    "北京市",
    "東京タワー",
    "서울특별시",
    "Москва",
    "x" * 300,
    "W" * 59,
    "@SUM(A1)",
    "tab\tand\x0bvertical",
    "𠮷野家",
]
CASE = """
format = 1
title = "北京 & <b>Москва</b> {rtl}live 서울 東京タワー: is it all 😀 right?"
subtitle = "One site, three hundred places"
notes = ["A note & <tag>, after [W_P1; NOT_A_KEY]."]
[[coalitions]]
id = "c1"
name = "Ünïcode 中华人民共和国 {long}"
short = "東京"
color = "#1f5fa8"
members = []
[[sites]]
id = "s1"
name = "=HYPERLINK(1) 北京基地"
country = "Nowhere"
lon = {lon}
lat = {lat}
precision_km = 5
note = "x"
[[launches]]
coalition = "c1"
sites = ["s1"]
ranges = [{{ label = "射程 2,500 km <i>", max_km = 2500 }}]
[targets]
places = "places.csv"
"""


def hostile_case(folder: Path, seed: int) -> Path:
    """Write a case with 300 places, some with names that break what is not careful."""
    chance = random.Random(seed)
    rows = ["place_id,place,country,iso_a3,lon,lat"]
    for number in range(300):
        name = HOSTILE[number] if number < len(HOSTILE) else f"Place {number} of somewhere"
        quoted = '"' + name.replace('"', '""') + '"'
        lon, lat = chance.uniform(-179, 179), chance.uniform(-80, 80)
        rows.append(f"p{number},{quoted},Country {number % 40},,{lon:.3f},{lat:.3f}")
    (folder / "places.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    path = folder / "hostile.toml"
    text = CASE.format(
        rtl=RTL, long="long " * 50, lon=chance.randint(-170, 170), lat=chance.randint(-60, 60)
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def europe() -> Analysis:
    return analyse("europe")


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template of 4:3 with slides, notes and sections of its own."""
    presentation = Presentation()
    for number in range(3):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = f"OLD SECRET {number}"
        slide.notes_slide.notes_text_frame.text = "OLD SECRET note"
    root = presentation.part._element
    extensions = etree.SubElement(root, f"{P}extLst")
    extension = etree.SubElement(
        extensions, f"{P}ext", uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
    )
    etree.SubElement(
        extension, "{http://schemas.microsoft.com/office/powerpoint/2010/main}sectionLst"
    )
    presentation.core_properties.author = "OLD SECRET author"
    path = tmp_path_factory.mktemp("template") / "narrow.pptx"
    presentation.save(str(path))
    return path


LONE = "-71.5,-42.2,Somewhere"


@pytest.fixture(scope="module")
def decks(
    europe: Analysis, narrow: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    """Decks of several kinds, made once."""
    hostile = analyse(hostile_case(tmp_path_factory.mktemp("hostile"), 11))
    lone = analyse(own_case([LONE], ranges=[777]))
    return {
        "europe": built_file("europe", "deck.pptx", lambda: deck_pptx(europe)),
        "hostile": deck_pptx(hostile),
        "lone": deck_pptx(lone, theme="dark", units="mi"),
        "narrow": deck_pptx(hostile, template=narrow),
    }


def opened(content: bytes) -> Any:
    return Presentation(io.BytesIO(content))


def texts_of(slide: Any) -> list[str]:
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def table_rows(deck: Any, first: str) -> list[list[str]]:
    """Return the rows of all tables whose first head is a text."""
    tables = [s.table for slide in deck.slides for s in slide.shapes if s.has_table]
    return [
        [cell.text for cell in row.cells]
        for table in tables
        if table.cell(0, 0).text == first
        for row in list(table.rows)[1:]
    ]


def alt_of(shape: Any) -> str:
    return str(next(shape._element.iter(f"{P}cNvPr")).get("descr") or "")


# -- content ------------------------------------------------------------------------------------


def test_words_and_numbers_are_those_of_the_analysis(
    europe: Analysis, decks: dict[str, bytes]
) -> None:
    deck = opened(decks["europe"])
    summary = europe.summary
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles[0] == summary["title"]
    findings = texts_of(deck.slides[1])
    for line in summary["comparison"]["headline"]:
        assert any(line in text for text in findings), line
    rows = {row[0]: row for row in table_rows(deck, "In the banned range of")}
    for label, key in (("Both", "both"), ("Neither", "neither")):
        assert rows[label][1] == str(summary["comparison"]["counts"][key])
        names = re.split(", ", rows[label][3])
        assert sorted(names) == sorted(summary["comparison"]["lists"][key])
    counts = {row[0]: row[1:] for row in reversed(table_rows(deck, "Coalition"))}
    for entry in summary["coalitions"]:
        assert counts[entry["name"]][:2] == [str(entry["sites"]), str(entry["capitals_counted"])]
        assert counts[entry["name"]][2:5] == [str(n) for n in entry["zones"].values()]


def test_each_side_of_a_dispute_has_its_row(europe: Analysis, decks: dict[str, bytes]) -> None:
    rows = [row for row in table_rows(opened(decks["europe"]), "Range") if "9M729" in row[0]]
    assert sorted(row[1].split()[0] for row in rows) == ["Russia", "Western"]
    assert all("(disputed)" in row[0] for row in rows)
    wanted = {
        system["label"]: (system["capitals"], system["marginal"])
        for entry in europe.summary["coalitions"]
        for system in entry["systems"]
    }
    for row in rows:
        label = row[0].removesuffix(" (disputed)").removesuffix("*")
        assert (int(row[4]), int(row[5])) == wanted[label]


def test_chart_can_be_edited_and_has_the_counts(europe: Analysis, decks: dict[str, bytes]) -> None:
    deck = opened(decks["europe"])
    chart = next(s.chart for slide in deck.slides for s in slide.shapes if s.has_chart)
    entries = europe.summary["coalitions"]
    assert list(chart.plots[0].categories) == [entry["name"] for entry in entries]
    for number, series in enumerate(chart.plots[0].series):
        zone = list(entries[0]["zones"])[number]
        assert list(series.values) == [entry["zones"][zone] for entry in entries]
    book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in cells[1:]] == [entry["name"] for entry in entries]
    assert list(cells[1][1:]) == list(entries[0]["zones"].values())


@pytest.mark.parametrize("name", ["europe", "hostile", "lone", "narrow"])
def test_bars_start_at_nothing(decks: dict[str, bytes], name: str) -> None:
    charts = [s.chart for slide in opened(decks[name]).slides for s in slide.shapes if s.has_chart]
    assert charts
    for chart in charts:
        sums = [
            sum(values) for values in zip(*(s.values for s in chart.plots[0].series), strict=True)
        ]
        assert chart.value_axis.minimum_scale == 0
        assert chart.value_axis.maximum_scale == max(*sums, 1)


def test_sources_are_all_there_numbered_with_links(
    europe: Analysis, decks: dict[str, bytes]
) -> None:
    deck = opened(decks["europe"])
    paragraphs = [
        paragraph
        for slide in deck.slides
        for shape in slide.shapes
        if shape.name.startswith("Sources")
        for paragraph in shape.text_frame.paragraphs
    ]
    sources = europe.sources()
    assert len(paragraphs) == len(sources)
    for number, (paragraph, source) in enumerate(zip(paragraphs, sources, strict=True), 1):
        text = "".join(run.text for run in paragraph.runs)
        assert text.startswith(f"[{number}] ")
        assert source.publisher[:40] in text
        assert (" *" in text) == (source.evidence.value != "seen")
        links = [run.hyperlink.address for run in paragraph.runs if run.hyperlink.address]
        assert links == [source.url]


def test_notes_hold_the_figures_and_the_provenance(
    europe: Analysis, decks: dict[str, bytes]
) -> None:
    deck = opened(decks["europe"])
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert all("rangemap " in note and europe.scenario.hash[:12] in note for note in notes)
    whole = "\n".join(notes)
    for entry in europe.summary["coalitions"]:
        for names in entry["verdict_lists"].values():
            assert all(name in whole for name in names)
    row = europe.place_rows.iloc[40]
    assert f"{row['place']} ({row['nearest_km']:,.0f} km" in whole


def test_units_and_cases_of_ones_own(decks: dict[str, bytes]) -> None:
    deck = opened(decks["lone"])
    whole = "\n".join(text for slide in deck.slides for text in texts_of(slide))
    assert "million mi²" in whole
    assert "777 km" in whole
    assert "Sources" not in [slide.shapes.title.text for slide in deck.slides]
    paper = deck.slide_master._element.find(f"{P}clrMap").get("bg1")
    assert paper == "dk1"


# -- for everybody ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["europe", "hostile", "lone", "narrow"])
def test_titles_alternative_texts_and_languages(decks: dict[str, bytes], name: str) -> None:
    deck = opened(decks[name])
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert 6 <= len(titles) <= 40
    for slide in deck.slides:
        assert slide.shapes[0] == slide.shapes.title  # read first
        for shape in slide.shapes:
            if shape.shape_type == MSO_SHAPE_TYPE.PICTURE or shape.has_chart or shape.has_table:
                assert re.search(r"\d", alt_of(shape)), (titles, shape.name)
                assert len(alt_of(shape)) > 30
        for run in slide._element.iter(f"{A}r"):
            language = run.find(f"{A}rPr").get("lang")
            east = [c for c in run.find(f"{A}t").text if "CJK" in unicodedata.name(c, "")]
            assert (language in ("zh-CN", "ja-JP", "ko-KR")) if east else (language is not None)
            assert bool(east) <= (run.find(f"{A}rPr").find(f"{A}ea") is not None)
        kinds = [p.placeholder_format.type for p in slide.placeholders]
        assert PP_PLACEHOLDER.SLIDE_NUMBER in kinds


@pytest.mark.parametrize("name", ["europe", "hostile", "lone", "narrow"])
def test_everything_stays_on_the_slide_and_apart(decks: dict[str, bytes], name: str) -> None:
    deck = opened(decks[name])
    for number, slide in enumerate(deck.slides, 1):
        boxes = []
        for shape in slide.shapes:
            left, top = shape.left, shape.top
            right, bottom = left + shape.width, top + shape.height
            if shape.has_table:
                bottom = top + sum(row.height for row in shape.table.rows)
                right = left + sum(column.width for column in shape.table.columns)
            where = (number, shape.name)
            assert left >= 0 <= top, where
            assert right <= deck.slide_width + 2, where
            assert bottom <= deck.slide_height + 2, where
            boxes.append((left, top, right, bottom, where))
        for one, other in ((a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :]):
            apart = (
                one[2] <= other[0] + Pt(1) or other[2] <= one[0] + Pt(1)
                or one[3] <= other[1] + Pt(1) or other[3] <= one[1] + Pt(1)
            )  # fmt: skip
            assert apart, (one[4], other[4])


@pytest.mark.parametrize("name", ["europe", "hostile", "lone", "narrow"])
def test_tables_are_legible(decks: dict[str, bytes], name: str) -> None:
    for slide in opened(decks[name]).slides:
        for shape in slide.shapes:
            if shape.has_table:
                sizes = {
                    run.font.size.pt
                    for row in shape.table.rows
                    for cell in row.cells
                    for run in cell.text_frame.paragraphs[0].runs
                }
                assert min(sizes) >= 12


def test_hostile_names_stand_as_they_are_but_for_what_steers(decks: dict[str, bytes]) -> None:
    deck = opened(decks["hostile"])
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    for name in ("<script>alert(1)</script>", "=cmd()|calc", "東京タワー", "서울특별시", "𠮷野家"):
        assert name in notes
    assert "tab and vertical" in notes
    assert "x" * 61 not in notes
    with zipfile.ZipFile(io.BytesIO(decks["hostile"])) as package:
        for member in package.namelist():
            if member.endswith((".xml", ".rels")):
                data = package.read(member)
                etree.fromstring(data)
                text = data.decode("utf-8")
                assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b]", text)


def test_all_places_are_told(decks: dict[str, bytes]) -> None:
    deck = opened(decks["hostile"])
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    for number in range(len(HOSTILE), 300):
        assert f"Place {number} of somewhere (" in notes


# -- the file ------------------------------------------------------------------------------------


def members(content: bytes) -> Iterator[tuple[str, bytes, tuple[int, ...]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for info in package.infolist():
            yield info.filename, package.read(info), info.date_time


def test_same_bytes_on_every_day_and_in_every_process(
    decks: dict[str, bytes], tmp_path: Path
) -> None:
    """That of europe too, where the one came from the pack and the other from the README's tour."""
    script = (
        "import sys; from pathlib import Path; from rangemap.analysis import analyse, own_case;"
        "from rangemap.views.deck import deck_pptx; lone = own_case([sys.argv[2]], ranges=[777]);"
        "deck = deck_pptx(analyse(lone), theme='dark', units='mi');"
        "Path(sys.argv[1]).write_bytes(deck)"
    )
    path = tmp_path / "again.pptx"
    env = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "HOME": str(tmp_path), "PATH": "/usr/bin"}
    command = [sys.executable, "-c", script, str(path), LONE]
    subprocess.run(command, check=True, env=env, timeout=240)
    assert path.read_bytes() == decks["lone"]


def test_moments_are_those_of_the_data(europe: Analysis, decks: dict[str, bytes]) -> None:
    day = load_catalogue().release.date
    for name, data, moment in members(decks["europe"]):
        assert moment[:3] == (day.year, day.month, day.day), name
        if name.endswith(".xlsx"):
            assert {entry[2][:3] for entry in members(data)} == {moment[:3]}
            core = {n: d for n, d, _ in members(data)}["docProps/core.xml"].decode()
            assert set(re.findall(r">(\d{4}-\d\d-\d\d)T", core)) == {day.isoformat()}
    properties = opened(decks["europe"]).core_properties
    assert properties.created.date() == properties.modified.date() == day
    assert properties.title == europe.scenario.title
    assert properties.author == properties.last_modified_by == "rangemap"
    assert europe.scenario.hash[:12] in properties.comments
    assert "not modelled" in properties.comments
    assert properties.language == "en-GB"
    assert not any("thumbnail" in name for name, _, _ in members(decks["europe"]))


# -- templates ------------------------------------------------------------------------------------


def test_template_keeps_its_look_and_loses_its_slides(
    decks: dict[str, bytes], narrow: Path
) -> None:
    deck, old = opened(decks["narrow"]), Presentation(str(narrow))
    assert (deck.slide_width, deck.slide_height) == (old.slide_width, old.slide_height)
    assert [x.name for x in deck.slide_layouts] == [x.name for x in old.slide_layouts]
    for name, data, _ in members(decks["narrow"]):
        assert b"OLD SECRET" not in data, name
        assert b"sectionLst" not in data, name


def test_template_file_potx(narrow: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.potx"
    with zipfile.ZipFile(narrow) as old, zipfile.ZipFile(path, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            new.writestr(member.filename, data)
    assert len(read_template(path).slides) == 0


def _types(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", content)
    return stream.getvalue()


def bad_templates(narrow: Path) -> dict[str, bytes]:
    """Return templates that cannot serve, by what the message must say."""
    good = narrow.read_bytes()
    bomb, macros, untitled, cut = io.BytesIO(), io.BytesIO(), io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b"<Types/>")
        for number in range(5):
            package.writestr(f"zeros{number}", bytes(90 * 2**20))
    with zipfile.ZipFile(narrow) as old:
        with zipfile.ZipFile(macros, "w") as package:
            for member in old.infolist():
                package.writestr(member.filename, old.read(member))
            package.writestr("ppt/vbaProject.bin", b"x")
        with zipfile.ZipFile(cut, "w") as package:
            for member in old.infolist():
                data = old.read(member)
                package.writestr(
                    member.filename,
                    data[:200] if member.filename.endswith("presentation.xml") else data,
                )
    presentation = Presentation(io.BytesIO(good))
    for layout in presentation.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (1, 3):
                shape._element.getparent().remove(shape._element)
    presentation.save(untitled)
    return {
        "is not a PowerPoint file": b"just some text",
        "is not a PowerPoint file (": _types(b"<Types>wordprocessingml</Types>"),
        "is encrypted, or a .ppt of the old kind": b"\xd0\xcf\x11\xe0" + bytes(600),
        "unpacks to more than": bomb.getvalue(),
        "holds macros": macros.getvalue(),
        "is damaged": cut.getvalue(),
        "has no layout with a title": untitled.getvalue(),
    }


def test_bad_templates_give_one_clear_line(
    narrow: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, (message, content) in enumerate(bad_templates(narrow).items()):
        path = tmp_path / f"bad{number}.pptx"
        path.write_bytes(content)
        with pytest.raises(DataError) as problem:
            read_template(path)
        assert message in str(problem.value)
        assert "\n" not in str(problem.value)
    with pytest.raises(DataError, match=r"cannot read template .*No such file"):
        read_template(tmp_path / "none.pptx")
    target = tmp_path / "out.pptx"
    assert main(["deck", "guam", "--template", str(tmp_path / "bad0.pptx"), "-o", str(target)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not target.exists()


def test_odd_templates_never_overflow(tmp_path: Path) -> None:
    """A title beyond the slide, capitals, no footer: what a careless master has."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Emu(6858000), Emu(9144000)
    for shape in presentation.slide_master.placeholders:
        if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
            shape.left, shape.top, shape.width, shape.height = Pt(-50), Pt(-5), Pt(900), Pt(60)
            styles = presentation.slide_master._element.find(f"{P}txStyles")
            styles.find(f".//{A}defRPr").set("cap", "all")
    for layout in presentation.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (13, 15, 16):
                shape._element.getparent().remove(shape._element)
    path = tmp_path / "odd.pptx"
    presentation.save(str(path))
    deck = opened(deck_pptx(analyse("guam"), template=path))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 <= shape.top
            assert shape.left + shape.width <= deck.slide_width + 2
            assert shape.top + shape.height <= deck.slide_height + 2


# -- measured text ---------------------------------------------------------------------------------


def random_text(chance: random.Random, most: int) -> str:
    words = [
        "".join(
            chance.choice("abcdefghijklmnoprstuvwyzÀéØŁİ") for _ in range(chance.randint(1, 14))
        )
        for _ in range(chance.randint(0, most))
    ]
    return " ".join(words)


@pytest.mark.parametrize("seed", range(12))
def test_tables_fit_their_slides_and_lose_nothing(seed: int) -> None:
    chance = random.Random(seed)
    columns = chance.randint(2, 6)
    shares = [chance.uniform(1, 5) for _ in range(columns)]
    rows = tuple(
        Row((random_text(chance, 3) or "x",), heading=True)
        if chance.random() < 0.1
        else Row(tuple(random_text(chance, chance.choice([2, 8, 150])) for _ in range(columns)))
        for _ in range(chance.randint(1, 60))
    )
    grid = Grid(
        tuple(f"h{n}" for n in range(columns)), rows, frozenset({1}),
        tuple(share / sum(shares) for share in shares), "alt 1",
    )  # fmt: skip
    pages = pages_of(grid, 870, 380, Ruler(arial=True))
    for page in pages:
        assert page.size in SIZES
        assert not page.rows[-1].heading or page is pages[-1]
        assert page.height <= 380.01
    for column in range(columns):
        told = "".join(row.cells[column] for page in pages for row in page.rows if not row.heading)
        wanted = "".join(row.cells[column] for row in rows if not row.heading)
        if column:
            assert told.replace(" ", "") == wanted.replace(" ", "")
        else:  # labels stand again where a row goes on
            assert len(told.replace(" ", "")) >= len(wanted.replace(" ", ""))


def test_ruler_is_never_short_of_the_real_font() -> None:
    fonts = sorted(Path("/usr/share/fonts").rglob("LiberationSans-*.ttf"))
    faces = {path.stem.split("-")[1]: path for path in fonts}
    if "Regular" not in faces or "Bold" not in faces:
        pytest.skip("needs Liberation Sans, which is as wide as Arial")
    from PIL import ImageFont

    chance = random.Random(3)
    for bold, name in ((False, "Regular"), (True, "Bold")):
        font = ImageFont.truetype(str(faces[name]), 1000)
        for _ in range(60):
            text = random_text(chance, 8) or "Wi"
            real = font.getlength(text, features=["-kern"]) / 1000
            assert Ruler(arial=True).width(text, 1, bold=bold) >= real * 0.999
            assert Ruler().width(text, 1, bold=bold) >= real


# -- outside readers ------------------------------------------------------------------------------


def test_libreoffice_shows_every_slide_whole(decks: dict[str, bytes], tmp_path: Path) -> None:
    missing = [name for name in ("soffice", "pdftoppm", "pdftotext") if not shutil.which(name)]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    names = ["europe", "hostile", "narrow"]
    for name in names:
        (tmp_path / f"{name}.pptx").write_bytes(decks[name])
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    files = [f"{name}.pptx" for name in names]
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", *files],
        cwd=tmp_path, check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    for name in names:
        deck = opened(decks[name])
        boxes = subprocess.run(
            ["pdftotext", "-bbox", f"{name}.pdf", "-"], cwd=tmp_path, check=True,
            capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=60,
        ).stdout  # fmt: skip
        pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', boxes, re.S)
        assert len(pages) == len(deck.slides)
        for slide, (width, height, words) in zip(deck.slides, pages, strict=True):
            _check_page(slide, float(width), float(height), words)
        subprocess.run(
            ["pdftoppm", "-r", "30", "-png", f"{name}.pdf", name], cwd=tmp_path, check=True,
            timeout=120,
        )  # fmt: skip
        for path in sorted(tmp_path.glob(f"{name}-*.png")):
            with Image.open(path) as picture:
                assert len(picture.convert("L").getcolors() or range(999)) > 20, path.name


def _check_page(slide: Any, width: float, height: float, words: str) -> None:
    found = re.findall(
        r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)<', words
    )
    title = slide.shapes.title.text
    shown = "".join(word[4] for word in found)
    for part in re.findall(r"[A-Za-z]{4,}", title):
        assert part in shown, title
    foot = min(
        shape.top / 12700
        for shape in slide.shapes
        if shape.name in ("Footer", "Provenance", "Slide number")
    )
    small = next(s for s in slide.shapes if s.name in ("Footer", "Provenance")).text_frame.text
    for left, top, right, bottom, text in found:
        assert 0 <= float(left) <= float(right) <= width, (title, text)
        assert 0 <= float(top) <= float(bottom) <= height, (title, text)
        if float(bottom) > foot + 3:  # no table has grown into the foot of the slide
            assert text in small or text.isdigit(), (title, text)


@pytest.mark.slow
@pytest.mark.parametrize("name", scenario_names())
def test_every_built_in_scenario(name: str) -> None:
    deck = opened(deck_pptx(analyse(name), units="nmi"))
    assert len(deck.slides) >= 7


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.pptx"
    options = ["--site", "24.40,44.07,Slatina", "--range", "2500", "--units", "mi", "-o", str(path)]
    assert main(["deck", *options]) == 0
    assert "wrote" in capsys.readouterr().err
    assert "Slatina" in opened(path.read_bytes()).slides[0].shapes.title.text
    assert main(["deck", "guam", "-o", str(tmp_path / "x.ppt")]) == 2
    assert "must end in .pptx" in capsys.readouterr().err


def test_slides_of_one_table_are_about_as_full_as_each_other() -> None:
    rows = tuple(Row((f"Land {n}", str(n))) for n in range(20))
    grid = Grid(("Name", "Number"), rows, frozenset({1}), (0.7, 0.3), "alt")
    for height in range(120, 400, 20):
        pages = pages_of(grid, 870, height, Ruler(arial=True))
        numbers = [len(page.rows) for page in pages]
        assert sum(numbers) == len(rows)
        assert max(numbers) - min(numbers) <= len(pages), numbers


def test_long_names_that_differ_at_their_end_stay_different() -> None:
    long = "The Very Long Coalition of Nations and Friends of the Upper Reaches and "
    first, second = shortened(f"{long}AAA"), shortened(f"{long}BBB")
    assert first != second
    assert max(map(len, (first, second))) <= LONGEST
