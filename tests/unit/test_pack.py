"""Packs: whole or not at all, the same bytes again, and never on top of somebody's work."""

from __future__ import annotations

import errno
import hashlib
import json
from pathlib import Path

import pytest

import rangemap as rm
from rangemap import pack
from rangemap.cli import main
from rangemap.errors import OutputError
from rangemap.writing import write_whole

FILES = {
    "map.html", "figure.png", "figure.svg", "figure.pdf", "coverage.csv", "places.csv",
    "summary.json", "bands.geojson", "manifest.json", "comparison.csv",
}  # fmt: skip

SMALL = """
format = 1
title = "One site <b>& two</b>"
[[sites]]
id = "spot"
name = "Spot"
lon = 179.5
lat = 70
[[coalitions]]
id = "side"
name = "Side"
color = "#123456"
[[launches]]
coalition = "side"
sites = ["spot"]
[targets]
countries = ["FJI", "NZL", "ISL"]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def europe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rm.build("europe", tmp_path_factory.mktemp("out"))[0]


def test_a_pack_has_all_its_files_and_a_true_manifest(europe: Path) -> None:
    assert {path.name for path in europe.iterdir()} == FILES
    manifest = json.loads((europe / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["version"] == rm.__version__
    assert manifest["scenario"]["hash"] == rm.read_scenario("europe").hash
    assert manifest["data"]["date"] == "2026-11-23"
    assert manifest["caveats"]
    assert {source["key"] for source in manifest["sources"]} >= {"INF_TEXT", "OR_KRI"}
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, entry in manifest["files"].items():
        content = (europe / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def test_the_index_shows_and_links_every_pack(europe: Path) -> None:
    page = (europe.parent / "index.html").read_text(encoding="utf-8")
    for name in FILES:
        assert f"europe/{name}" in page
    assert "<script" not in page


def test_building_again_gives_the_same_bytes(europe: Path) -> None:
    before = hashes(europe)
    again = rm.build("europe", europe.parent)[0]
    assert again == europe
    assert hashes(europe) == before
    assert {path.name for path in europe.parent.iterdir()} == {"europe", "index.html"}


def test_titles_from_a_file_are_escaped_in_the_index(small: Path, tmp_path: Path) -> None:
    rm.build(small, tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "<b>" not in page
    assert "One site &lt;b&gt;&amp; two&lt;/b&gt;" in page


def test_a_failure_leaves_what_was_there(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    folder = rm.build(small, out)[0]
    before = hashes(folder)

    def full(*_: object, **__: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device", str(out))

    monkeypatch.setattr(pack, "bands_geojson", full)
    assert main(["build", str(small), "-o", str(out)]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "No space left on device" in message
    assert hashes(folder) == before
    assert {path.name for path in out.iterdir()} == {"small", "index.html"}


def test_an_interruption_leaves_nothing(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(pack, "bands_geojson", stop)
    out = tmp_path / "out"
    assert main(["build", str(small), "-o", str(out)]) == 130
    assert list(out.iterdir()) == []


def test_somebody_elses_folder_is_not_replaced(small: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "small"
    theirs.mkdir(parents=True)
    (theirs / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not made by rangemap"):
        rm.build(small, tmp_path / "out")
    assert (theirs / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_somebody_elses_index_is_not_replaced(small: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>my page</p>", encoding="utf-8")
    with pytest.raises(OutputError, match=r"index.html: it is there already"):
        rm.build(small, tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "<p>my page</p>"


def test_files_beside_ours_are_kept(small: Path, tmp_path: Path) -> None:
    folder = rm.build(small, tmp_path / "out")[0]
    (folder / "notes.txt").write_text("keep me", encoding="utf-8")
    rm.build(small, tmp_path / "out")
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "keep me"


@pytest.mark.parametrize("place", ["a-file", "/proc/nowhere"])
def test_an_output_folder_that_cannot_be_is_one_line(
    small: Path, tmp_path: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a-file").write_text("", encoding="utf-8")
    target = place if place.startswith("/") else str(tmp_path / place)
    assert main(["build", str(small), "-o", target]) == 1
    message = capsys.readouterr().err
    assert message.startswith(f"rangemap: error: cannot write {target}")
    assert message.count("\n") == 1


def test_a_file_is_written_whole_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.csv"
    write_whole(path, "old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError, match=r"cannot write .*x.csv: Permission denied"):
        write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.csv"]


def test_compare_writes_a_pack_too(tmp_path: Path) -> None:
    out = tmp_path / "both"
    assert main(["compare", "europe:nato-us", "asia-pacific:china", "-o", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == FILES
    assert list(tmp_path.iterdir()) == [out]


def test_progress_is_told(small: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    rm.build(small, tmp_path / "out", progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert all(total == len(told) for _, _, total in told)
