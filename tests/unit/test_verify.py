"""`rangemap verify`: slips found, changes told, hostile manifests harmless, provenance inside."""

from __future__ import annotations

import copy
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pack_cases
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin
from pptx import Presentation
from pypdf import PdfReader, PdfWriter

import rangemap as rm
from rangemap.catalogue.files import data_path
from rangemap.cli import main
from rangemap.errors import ArgumentError, DataError
from rangemap.pack import read_record, verify_pack
from rangemap.pack.inside import look_inside, made_in
from rangemap.pack.inside_formats import pdf_texts, png_texts
from rangemap.pack.reading import name_rule
from rangemap.pack.record import json_text, seal_of
from rangemap.views.style import provenance

CASES = pack_cases
LINE = "rangemap 9.8.7, scenario some-thing (0123456789ab), data of 2031-02-03"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with small.toml and output/small, output/europe."""
    top = tmp_path_factory.mktemp("made")
    (top / "small.toml").write_text(CASES.SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        CASES.quick_packs(patch)
        rm.build([top / "small.toml", "europe"], top / "output")
    return top


@pytest.fixture
def top(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, to spoil; and the current folder."""
    copied = tmp_path / "top"
    shutil.copytree(made, copied)
    monkeypatch.chdir(copied)
    return copied


@pytest.fixture
def pack(top: Path) -> Path:
    return top / "output" / "small"


def change(pack: Path, edit: Callable[[Any], Any], *, sealed: bool = True) -> None:
    """Edit a manifest, as somebody with a program or, without a seal, an editor would."""
    path = pack / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    if sealed:
        content["seal"] = seal_of(content)
    path.write_text(json_text(content), encoding="utf-8")


def told(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


# -- Whole or not ------------------------------------------------------------------------------


def test_all_packs_of_output_are_whole_and_current(
    top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", "--strict"]) == 0
    text = told(capsys)
    assert "output/europe: whole and current" in text
    assert "output/small: whole and current" in text
    count = len(read_record(top / "output" / "small").files)
    assert f"{count} of {count} files as written" in text


def test_altered_missing_and_added_files_are_named(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (pack / "places.csv").read_bytes()
    (pack / "places.csv").write_bytes(content.replace(b"Suva", b"Riga"))  # the size stays
    (pack / "map.html").write_text("shorter", encoding="utf-8")
    (pack / "figures" / "theatre-slide.svg").unlink()
    (pack / "figures" / "mine.txt").write_text("x", encoding="utf-8")
    verdict = verify_pack(pack)
    assert verdict.state == "altered"
    assert [(one.name, one.state) for one in verdict.findings] == [
        ("places.csv", "altered"), ("map.html", "altered"),
        ("figures/theatre-slide.svg", "missing"),
    ]  # fmt: skip
    assert "7 bytes, not" in verdict.findings[1].detail
    assert [one.name for one in verdict.added] == ["figures/mine.txt"]
    assert main(["verify", str(pack)]) == 1
    text = told(capsys)
    assert "altered: places.csv (same size, other content)" in text
    assert "missing: figures/theatre-slide.svg" in text
    assert "figures/mine.txt" in text


def test_files_beside_ours_are_no_failure(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pack / "notes.txt").write_text("x", encoding="utf-8")
    assert main(["verify", "--strict", str(pack)]) == 0
    assert "1 file beside ours, not checked:" in told(capsys)


@pytest.mark.parametrize("seed", range(6))
def test_any_flipped_bit_is_found(seed: int, pack: Path) -> None:
    chance = random.Random(seed)
    name = chance.choice([one.name for one in read_record(pack).files])
    content = bytearray((pack / name).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    (pack / name).write_bytes(content)
    assert [one.name for one in verify_pack(pack, changes=False).findings] == [name]


def test_a_slip_in_the_manifest_itself_is_found(pack: Path) -> None:
    def edit(content: Any) -> None:
        content["headline"][0] = content["headline"][0].replace("1", "7") + " "

    change(pack, edit, sealed=False)
    verdict = verify_pack(pack)
    assert [(one.name, one.state) for one in verdict.findings] == [("manifest.json", "altered")]


def test_json_has_all_of_it(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (pack / "summary.json").unlink()
    assert main(["verify", "--json", str(pack), str(pack / "places.csv")]) == 1
    folder, file = json.loads(told(capsys))
    assert folder["state"] == "altered"
    assert folder["findings"] == [{"name": "summary.json", "state": "missing", "detail": ""}]
    assert file["state"] == "agrees"


def test_without_any_pack_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["verify"]) == 1
    assert "no pack in it" in capsys.readouterr().err
    assert main(["verify", "nowhere"]) == 1
    assert "nowhere/manifest.json: is missing" in told(capsys)


# -- What has changed --------------------------------------------------------------------------


def test_another_version_and_other_data_are_told_and_no_failure(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit(content: Any) -> None:
        content["version"] = "0.0.9"
        content["data"]["date"] = "2020-01-01"
        content["data"]["files"]["sites.csv"] = "0" * 64
        content["data"]["files"]["world/old.fgb"] = "1" * 64
        del content["data"]["files"]["systems.csv"]

    change(pack, edit)
    verdict = verify_pack(pack)
    assert verdict.state == "older"
    assert verdict.changes is not None
    assert verdict.changes.data == ("sites.csv", "systems.csv (new)", "world/old.fgb (gone)")
    assert main(["verify", str(pack)]) == 0
    text = told(capsys)
    assert "made by version 0.0.9; this is " in text
    assert "data of 2020-01-01; today's are of 2026-11-23" in text
    assert "the findings would be the same today" in text
    assert main(["verify", "--strict", str(pack)]) == 1


def test_a_changed_definition_tells_what_would_differ(
    top: Path, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Reykjavik is 3,944 km from the site: a range of 3,000 km no longer has it inside."""
    text = CASES.SMALL.replace("max_km = 9000", "max_km = 3000").replace("9,000", "9000")
    (top / "small.toml").write_text(text, encoding="utf-8")
    verdict = verify_pack(pack)
    assert verdict.state == "older"
    changes = verdict.changes
    assert changes is not None
    assert changes.scenario == "changed"
    assert changes.note == "compared with small.toml as it is here"
    (iceland,) = [
        one for one in changes.rows
        if one.country == "Iceland" and ":range-" not in one.band_id and one.verdict[0] == "inside"
        and one.verdict[1] != "inside"
    ][:1] or [None]  # fmt: skip
    assert iceland is not None
    assert main(["verify", str(pack)]) == 0
    assert "would differ:" in told(capsys)


def test_rows_are_compared_with_their_distances(
    top: Path, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same band from a site a degree away: every distance moves, no id does."""
    text = CASES.SMALL.replace("lat = 70", "lat = 69")
    (top / "small.toml").write_text(text, encoding="utf-8")
    changes = verify_pack(pack).changes
    assert changes is not None
    before = rm.analyse(rm.read_scenario(top / "small.toml"))
    assert len(changes.rows) == len(before.coverage)
    for one in changes.rows:
        then, now = one.distance_km
        assert then is not None
        assert now is not None
        assert 50 < abs(then - now) < 115
    assert main(["verify", str(pack)]) == 0
    assert " -> " in told(capsys)


def test_without_the_file_the_definition_in_the_manifest_is_taken(top: Path, pack: Path) -> None:
    (top / "small.toml").unlink()
    verdict = verify_pack(pack)
    assert verdict.state == "current"
    assert verdict.changes is not None
    assert verdict.changes.scenario == "same"
    assert "definition in the manifest" in verdict.changes.note


def test_a_built_in_scenario_is_read_as_it_is_now(top: Path) -> None:
    folder = top / "output" / "europe"

    def edit(content: Any) -> None:
        content["scenario"]["hash"] = "f" * 64
        content["headline"][0] = "Something else was found."

    change(folder, edit)
    changes = verify_pack(folder).changes
    assert changes is not None
    assert changes.scenario == "changed"
    assert changes.headline[0] == ("Something else was found.",)
    assert len(changes.headline[1]) == 1
    assert changes.rows == ()


@pytest.mark.parametrize("year", [None, 1987])
def test_years_cases_without_a_file_and_comparisons_are_made_again(
    year: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CASES.quick_packs(monkeypatch)
    if year is None:
        case = rm.own_case(["24.40,44.07,Slatina"], ranges=[700])
        folder = rm.build(case, tmp_path)[0]
        both = tmp_path / "both"
        assert main(["compare", "europe:nato-us", "asia-pacific:china", "-o", str(both)]) == 0
        folders = [folder, both]
    else:
        folders = [rm.build(rm.read_scenario("europe", as_of=year), tmp_path)[0]]
    for one in folders:
        verdict = verify_pack(one)
        assert verdict.changes is not None
        assert (verdict.state, verdict.changes.scenario) == ("current", "same"), verdict


def test_a_pack_of_version_0_1_is_checked_too(
    top: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its manifest had fewer keys."""
    folder = top / "output" / "europe"

    def edit(content: Any) -> None:
        for key in ("format", "units", "own_files", "credits", "pictures", "left_out", "seal"):
            del content[key]
        for entry in content["files"].values():
            for key in ("media_type", "part", "title", "description"):
                del entry[key]
        del content["data"]["files"], content["data"]["overlay"]
        for key in ("origin", "file", "as_of", "definition", "sides", "compared_by"):
            del content["scenario"][key]

    change(folder, edit, sealed=False)
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content.pop("seal", None)
    path.write_text(json_text(content), encoding="utf-8")
    verdict = verify_pack(folder)
    assert verdict.whole
    assert verdict.state == "older"
    assert verdict.changes is not None
    assert verdict.changes.scenario == "same"
    assert main(["verify", str(folder)]) == 0


def test_a_pack_with_a_catalogue_of_ones_own_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    CASES.quick_packs(monkeypatch)
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine"
    mine.mkdir()
    sites = data_path("sites.csv").read_text(encoding="utf-8").splitlines()
    (mine / "sites.csv").write_text("\n".join(sites[:2]) + "\n", encoding="utf-8")
    (tmp_path / "small.toml").write_text(CASES.SMALL, encoding="utf-8")
    arguments = ["--catalogue", "mine"]
    assert main(["build", "small.toml", "-o", "out", *arguments]) == 0
    capsys.readouterr()
    assert main(["verify", "out/small"]) == 0
    assert "made with the catalogue folder 'mine'" in told(capsys)
    assert main(["verify", "--strict", "out/small", *arguments]) == 0
    assert "whole and current" in capsys.readouterr().out


# -- Hostile manifests -------------------------------------------------------------------------

ENTRY = {"sha256": "0" * 64, "bytes": 3}
NAMES = {
    "../../etc/passwd": "leads out of the folder",
    "figures/../../x": "leads out of the folder",
    "/etc/passwd": "is not relative to the folder",
    "C:\\Windows\\win.ini": "holds a backslash",
    "..\\..\\x": "holds a backslash",
    "C:x": "holds a colon",
    "a\x00b": "holds a control character",
    "a\x1b[31mb": "holds a control character",
    "a\u202egnp.exe": "holds a control character",
    "a\nb": "holds a control character",
    "": "is no file name: empty or too long",
    "n" * 300: "is no file name: empty or too long",
    "a//b": "is not written in its plain form",
    "./a": "is not written in its plain form",
    "a/": "is not written in its plain form",
    "manifest.json": "is the manifest itself",
}


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
@pytest.mark.parametrize("modern", [True, False])
def test_names_that_lead_elsewhere_are_refused(
    name: str, modern: bool, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def edit(content: Any) -> None:
        entry = dict(next(iter(content["files"].values())))
        content["files"][name] = entry if modern else ENTRY
        if not modern:
            del content["format"]

    change(pack, edit)
    assert name_rule(name) == NAMES[name]
    assert main(["verify", str(pack)]) == 1
    text = told(capsys)
    assert NAMES[name] in text
    assert text.count("\n") == 2
    assert "\x1b" not in text
    assert "\u202e" not in text


TEXTS = {
    "not JSON": "{",
    "a list": "[]",
    "deep": "[" * 100_000,
    "deep objects": '{"made_by":"rangemap","files":' + '{"a":' * 50_000,
    "not ours": "{}",
    "no number": '{"made_by": "rangemap", "bytes": NaN}',
    "a huge number": '{"made_by": "rangemap", "bytes": ' + "9" * 10_000 + "}",
    "not UTF-8": b"\xff\xfe{}",
    "empty": "",
    "null bytes": b"\0" * 1000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_no_manifest_is_one_line(
    text: str | bytes, pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = text.encode() if isinstance(text, str) else text
    (pack / "manifest.json").write_bytes(data)
    assert main(["verify", str(pack)]) == 1
    shown = told(capsys)
    assert shown.count("\n") == 2
    assert "small/manifest.json" in shown


def test_a_manifest_of_a_hundred_megabytes_is_not_read(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (pack / "manifest.json").open("ab") as stream:
        stream.truncate(100_000_000)
    assert main(["verify", str(pack)]) == 1
    assert "100,000,000 bytes are more than the 20,000,000 that are read" in told(capsys)


WRONG: list[Any] = [None, True, -1, 1.5, 10**30, "x", [], ["x"], {}, {"a": 1}, "\x1b[2J" * 9]


@pytest.mark.parametrize("seed", range(40))
def test_values_of_wrong_types_never_break_it(
    seed: int, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A few places of a true manifest get a value that has no business there."""
    chance = random.Random(seed)
    content = json.loads((made / "output/small/manifest.json").read_text(encoding="utf-8"))
    if seed % 2:
        content.pop("format")  # then the schema is not asked
    for _ in range(chance.randint(1, 3)):
        node: Any = content
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(node[key], dict | list) and node[key] and chance.random() < 0.75:
                node = node[key]
                continue
            node[key] = copy.deepcopy(chance.choice(WRONG))
            break
    if chance.random() < 0.7:
        content["seal"] = seal_of(content)
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    assert main(["verify", "--json", str(folder)]) == 1
    (found,) = json.loads(told(capsys))
    assert found["state"] in ("invalid", "altered")
    rm.pack.write_index(tmp_path)  # and the gallery makes do with it
    assert "\x1b" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_nothing_outside_of_the_folder_is_ever_opened(top: Path, pack: Path) -> None:
    """Watched from below, by Python's own audit of every file that is opened."""
    secret = top / "secret"
    secret.mkdir()
    (secret / "places.csv").write_text("secret,lon,lat\n", encoding="utf-8")
    (secret / "a.png").write_bytes(png("x"))
    (pack / "coverage.csv").unlink()
    (pack / "coverage.csv").symlink_to(secret / "places.csv")
    shutil.rmtree(pack / "figures")
    (pack / "figures").symlink_to(secret)
    os.mkfifo(pack / "pipe")

    def edit(content: Any) -> None:
        content["files"]["pipe"] = dict(content["files"]["map.html"])
        content["files"]["figures/places.csv"] = dict(content["files"]["map.html"])
        content["scenario"]["definition"]["targets"] = {"places": "../secret/places.csv"}
        content["scenario"]["file"] = "../../secret/small.toml"
        content["data"]["files"]["../../secret/places.csv"] = "0" * 64
        content["data"]["files"]["scenarios/../../../secret/places.csv"] = "0" * 64
        content["pictures"][0]["files"] = ["../../secret/a.png"]

    change(pack, edit)
    watch = """
import sys
seen = []
sys.addaudithook(lambda name, args: seen.append(str(args[0])) if name == "open" else None)
from pathlib import Path
from rangemap.cli import main
code = main(["verify", sys.argv[1]])
from rangemap.pack import write_index
write_index(Path(sys.argv[1]).parent)
bad = [one for one in seen if "/secret/" in one or one.endswith("pipe")]
print("CODE", code, "BAD", bad, "SAW", any(one.endswith("manifest.json") for one in seen))
"""
    done = subprocess.run(
        [sys.executable, "-c", watch, str(pack)], capture_output=True, text=True, timeout=120,
        cwd=top,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "CODE 1 BAD [] SAW True", done.stdout + done.stderr
    assert "unreadable: coverage.csv (is a link, a folder or a device, and not read)" in done.stdout
    assert "unreadable: pipe" in done.stdout
    assert "'figures' is a link or no folder; it is not followed" in done.stdout


# -- What a file says of itself ----------------------------------------------------------------


def test_every_file_of_a_pack_agrees(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(path) for path in pack.rglob("*") if path.is_file())
    assert main(["verify", "--json", *files]) == 0
    found = {Path(one["file"]).name: one for one in json.loads(told(capsys))}
    line = provenance(rm.read_scenario(pack.parents[1] / "small.toml"))
    speaking = {name for name, one in found.items() if one["made_by"]}
    assert {name for name in found if not name.endswith(".csv")} - {"summary.json"} <= speaking
    for name in speaking:
        (made,) = found[name]["made_by"]
        assert f"{made['version']}, scenario {made['scenario']} ({made['hash']})" in line


def test_a_file_from_another_build_differs(top: Path, pack: Path) -> None:
    shutil.copy(top / "output/europe/map.html", pack / "map.html")
    found = look_inside(pack / "map.html")
    assert (found.state, found.good) == ("differs", False)
    shutil.copy(top / "output/europe/map.html", pack / "other.html")
    assert look_inside(pack / "other.html").state == "unlisted"
    shutil.copy(top / "output/europe/map.html", top / "alone.html")
    assert look_inside(top / "alone.html").state == "alone"
    shutil.copy(pack / "places.csv", top / "alone.csv")
    assert look_inside(top / "alone.csv").state == "silent"
    with pytest.raises(ArgumentError, match="no such file"):
        look_inside(top / "nothing")


def png(text: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG", pnginfo=_info(text))
    return stream.getvalue()


def _info(text: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", text)
    return info


def packed_png(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text, zip=True)
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def world_png(text: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Comment", f"日本 {text}", zip=True)
    stream = io.BytesIO()
    Image.new("RGB", (4, 4)).save(stream, "PNG", pnginfo=info)
    return stream.getvalue()


def drawn(form: str) -> Callable[[str], bytes]:
    def make(text: str) -> bytes:
        figure = Figure(figsize=(1, 1))
        FigureCanvasAgg(figure)
        stream = io.BytesIO()
        key = "Software" if form == "png" else "Creator"
        figure.savefig(stream, format=form, metadata={key: text})
        return stream.getvalue()

    return make


def unicode_pdf(text: str) -> bytes:
    """As another program writes it: pypdf, with a title beyond Latin-1."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_metadata({"/Title": "Пример (скобки) \\", "/Creator": f"Ж {text}"})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def pptx(text: str) -> bytes:
    deck = Presentation()
    deck.core_properties.comments = f"{text} & <more>"
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def xlsx(text: str) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet()
    book.set_custom_property("provenance", text)
    book.close()
    return stream.getvalue()


def kmz(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("doc.kml", f"<kml><description>a &lt; b {text}</description></kml>")
    return stream.getvalue()


def parquet(text: str) -> bytes:
    import pyarrow
    import pyarrow.parquet

    table = pyarrow.table({"a": [1]}).replace_schema_metadata(
        {b"rangemap": json.dumps({"provenance": text, "title": f"{LINE[:-1]}9"}).encode()}
    )
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table, stream)
    return stream.getvalue()


def geopackage(text: str) -> bytes:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE gpkg_metadata (id INTEGER, metadata TEXT)")
    database.execute("INSERT INTO gpkg_metadata VALUES (1, ?)", (json.dumps({"provenance": text}),))
    database.commit()
    content = database.serialize()
    database.close()
    return content


FORMS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "a.png": ("PNG", png),
    "packed.png": ("PNG", packed_png),
    "world.png": ("PNG", world_png),
    "drawn.png": ("PNG", drawn("png")),
    "drawn.svg": ("SVG", drawn("svg")),
    "drawn.pdf": ("PDF", drawn("pdf")),
    "unicode.pdf": ("PDF", unicode_pdf),
    "deck.pptx": ("zip", pptx),
    "book.xlsx": ("zip", xlsx),
    "earth.kmz": ("zip", kmz),
    "bands.parquet": ("Parquet", parquet),
    "bands.gpkg": ("GeoPackage", geopackage),
    "page.html": ("HTML", lambda text: f"<!doctype html><p>{text}</p>".encode()),
    "a.json": ("JSON", lambda text: json.dumps({"rangemap": {"provenance": text}}).encode()),
    "a.md": ("text", lambda text: f"# Title\n\n{text}\n".encode()),
}


@pytest.mark.parametrize("name", FORMS)
def test_each_type_of_file_gives_its_provenance(name: str, tmp_path: Path) -> None:
    form, make = FORMS[name]
    path = tmp_path / f"50 % of #1 {name}"
    path.write_bytes(make(LINE))
    found = look_inside(path)
    assert found.form == form
    assert [str(one) for one in found.made] == [LINE]
    assert found.state == "alone"


@pytest.mark.parametrize("name", FORMS)
def test_spoilt_files_never_break_it(name: str, tmp_path: Path) -> None:
    """Bytes flipped, cut and doubled at random: any answer, no traceback, no warning."""
    content = FORMS[name][1](LINE)
    chance = random.Random(name)
    path = tmp_path / name
    for _ in range(60):
        spoilt = bytearray(content[: chance.randrange(8, len(content) + 1)])
        for _ in range(chance.choice([0, 1, 5, 200])):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        path.write_bytes(bytes(spoilt) * chance.choice([1, 1, 2]))
        look_inside(path)


def test_pdf_strings_are_read_as_pypdf_reads_them() -> None:
    chance = random.Random(5)
    for _ in range(40):
        text = "".join(
            chance.choice("()\\ab é\r\n\t7Ж日\x08") for _ in range(chance.randint(1, 30))
        )
        writer = PdfWriter()
        writer.add_blank_page(72, 72)
        writer.add_metadata({"/Subject": text})
        stream = io.BytesIO()
        writer.write(stream)
        content = stream.getvalue()
        read = PdfReader(io.BytesIO(content)).metadata
        assert read is not None
        assert read["/Subject"] in list(pdf_texts(content))


def test_what_a_small_file_would_unpack_to_is_read_only_so_far(tmp_path: Path) -> None:
    """A line behind six million spaces is not found, so that gigabytes are not unpacked either."""
    path = tmp_path / "bomb.pptx"
    for spaces, state in ((4_000_000, "alone"), (6_000_000, "silent")):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("docProps/core.xml", " " * spaces + LINE)
        assert look_inside(path).state == state
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rangemap.pack.inside._LARGEST", 1000)
        with pytest.raises(DataError, match="are more than"):
            look_inside(path)


def test_a_title_that_claims_to_be_the_provenance_is_not_believed(tmp_path: Path) -> None:
    """Where a format has a place for provenance, only that is read."""
    lie = "rangemap 6.6.6, scenario lie (666666666666), data of 1999-01-01"
    content = json.dumps({"title": lie, "rangemap": {"title": lie, "provenance": LINE}}).encode()
    assert [str(one) for one in made_in(content, tmp_path / "a.geojson")[1]] == [LINE]


def test_texts_of_a_png_end_where_the_file_does() -> None:
    assert list(png_texts(png("x")[:20])) == []
    huge = b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xfftEXt" + b"a\0b" * 10
    assert list(png_texts(huge)) == []
