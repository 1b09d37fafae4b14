"""Packs: whole or not at all, the same bytes again, and never on top of somebody's work."""

from __future__ import annotations

import errno
import getpass
import hashlib
import json
import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pack_cases
import pytest
from built_packs import built_pack

import rangemap as rm
from rangemap.catalogue.files import data_path
from rangemap.cli import main
from rangemap.errors import ArgumentError, OutputError
from rangemap.pack import Job, Options, Step, building, manifest, verify_pack
from rangemap.pack.figures import PICTURES
from rangemap.pack.inside import look_inside
from rangemap.pack.job import PARTS
from rangemap.pack.reading import name_rule
from rangemap.pack.record import MEDIA_TYPES, seal_of
from rangemap.pack.steps import STEPS as ALL_STEPS
from rangemap.views.picture import KINDS
from rangemap.writing import write_whole

CASES = pack_cases
FILES = {
    "map.html", "coverage.csv", "places.csv", "summary.json", "index.html", "countries.csv",
    "people.csv",
    "manifest.json", "comparison.csv", "tables.md", "tables.xlsx", "tables-metadata.json",
    *(f"figures/{name}" for name in CASES.FIGURES),
}  # fmt: skip
"""Of the quick steps."""
STEPS = CASES.quick_steps(ALL_STEPS)
hashes = CASES.hashes
ENDED = """
import sys, time
shift = float(sys.argv[1])
true_time = time.time
time.time = lambda: true_time() + shift
import rangemap as rm
from rangemap.pack import building, figures
WANTED = ("theatre-slide",)
if len(sys.argv) > 4:
    building.STEPS = tuple(one for one in building.STEPS if one.text in sys.argv[4:])
figures.PICTURES = tuple(one for one in figures.PICTURES if one.stem in WANTED)
rm.build(sys.argv[2], sys.argv[3])
"""


@pytest.fixture(scope="module", autouse=True)
def quick_pictures() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        CASES.quick_packs(patch)
        yield


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(CASES.SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def europe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return rm.build("europe", tmp_path_factory.mktemp("out"))[0]


def read(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def check_schema(content: Any) -> None:
    text = data_path("schema", "manifest.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema, jsonschema.Draft202012Validator)


# -- What a pack holds -------------------------------------------------------------------------


def test_a_pack_has_all_its_files_and_a_true_manifest(europe: Path) -> None:
    assert set(hashes(europe)) == FILES
    content = read(europe)
    check_schema(content)
    assert content["version"] == rm.__version__
    assert content["scenario"]["hash"] == rm.read_scenario("europe").hash
    assert content["scenario"]["file"] == "europe.toml"
    assert content["data"]["date"] == "2026-11-23"
    assert content["caveats"]
    assert content["own_files"] == []
    assert {source["key"] for source in content["sources"]} >= {"INF_TEXT", "OR_KRI"}
    assert {source["verified"] for source in content["sources"]} <= {
        "verified", "unverified", "partly verified",
    }  # fmt: skip
    assert set(content["files"]) == FILES - {"manifest.json"}
    for name, entry in content["files"].items():
        data = (europe / name).read_bytes()
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert entry["bytes"] == len(data)
        assert entry["media_type"] in MEDIA_TYPES.values()
        assert entry["part"] in PARTS
        assert entry["title"]
        assert entry["description"].endswith((".", "!", "?"))
    assert content["seal"] == seal_of(content)


def test_the_manifest_names_the_data_by_their_hash(europe: Path) -> None:
    files = read(europe)["data"]["files"]
    assert {"sites.csv", "systems.csv", "capitals.csv", "scenarios/europe.toml"} <= set(files)
    for name, digest in files.items():
        content = data_path(*name.split("/")).read_bytes()
        assert digest == hashlib.sha256(content).hexdigest()


def test_every_picture_is_told_with_its_words(europe: Path) -> None:
    content = read(europe)
    told = [name for picture in content["pictures"] for name in picture["files"]]
    assert sorted(told) == sorted(f"figures/{name}" for name in CASES.FIGURES)
    first = content["pictures"][0]
    assert first["alt"] == "Map: All that there is to find."
    assert first["labels"] == {"places_named": ["Suva"], "insets": []}
    assert [(p["layout"], p["theme"]) for p in content["pictures"]] == [
        ("slide", "light"), ("slide", "dark"), ("page-landscape", "print"), ("page", "light"),
        ("square", "light"),
    ]  # fmt: skip


def test_the_table_of_pictures_has_every_kind_once_by_name() -> None:
    assert {picture.kind for picture in PICTURES} >= set(KINDS)
    stems = [picture.stem for picture in PICTURES]
    assert len(set(stems)) == len(stems)
    assert all(name_rule(f"figures/{stem}.png") == "" for stem in stems)
    assert all(picture.use for picture in PICTURES)


def test_what_a_scenario_cannot_have_is_left_out_and_told(small: Path, tmp_path: Path) -> None:
    folder = rm.build(small, tmp_path / "out")[0]
    content = read(folder)
    left = {one["what"]: one["why"] for one in content["left_out"]}
    assert left["comparison.csv"] == "the scenario compares no two sides"
    assert left["figures/sides"] == "the scenario has nothing for 'sides'"
    assert "figures/theatre-slide" not in left
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "figures/change: the scenario has nothing for &#x27;change&#x27;" in page


def test_a_wrong_unit_is_an_error_and_leaves_nothing_out(small: Path, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="furlong"):
        rm.build(small, tmp_path / "out", units="furlong")
    assert not (tmp_path / "out").exists()


def test_units_go_through_to_the_pictures(small: Path, tmp_path: Path) -> None:
    assert main(["build", str(small), "-o", str(tmp_path / "out"), "--units", "nmi"]) == 0
    content = read(tmp_path / "out" / "small")
    assert content["units"] == "nmi"
    assert {picture["units"] for picture in content["pictures"]} == {"nmi"}


def test_a_users_own_files_are_named_without_the_machine(small: Path, tmp_path: Path) -> None:
    (tmp_path / "spots.csv").write_text("place,lon,lat\nHere,1,2\n", encoding="utf-8")
    text = small.read_text(encoding="utf-8")
    table = text.replace('countries = ["FJI", "NZL", "ISL"]', 'places = "spots.csv"')
    small.write_text(table, encoding="utf-8")
    folder = rm.build(small, tmp_path / "out")[0]
    content = read(folder)
    check_schema(content)
    assert content["scenario"]["origin"] == "file"
    assert content["scenario"]["file"] == "small.toml"
    assert content["own_files"] == [
        {"what": what, "name": name,
         "sha256": hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()}
        for what, name in (("scenario", "small.toml"), ("places", "spots.csv"))
    ]  # fmt: skip
    strangers = [str(tmp_path), str(Path.home()), f"/home/{getpass.getuser()}"]
    if len(socket.gethostname()) > 8:  # a shorter one stands in scripts by chance
        strangers.append(socket.gethostname())
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert [text for text in strangers if text.encode() in data] == [], path.name


def test_a_catalogue_of_ones_own_is_named_file_by_file(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    sites = data_path("sites.csv").read_text(encoding="utf-8").splitlines()
    (folder / "sites.csv").write_text("\n".join(sites[:2]) + "\n", encoding="utf-8")
    with rm.use_catalogue(folder):
        out = rm.build(small, tmp_path / "out")[0]
    content = read(out)
    check_schema(content)
    assert content["data"]["overlay"]["folder"] == "mine"
    names = [(one["what"], one["name"]) for one in content["own_files"]]
    assert ("catalogue", "mine/sites.csv") in names


@pytest.mark.parametrize("sides", [("europe:nato-us", "asia-pacific:china")])
def test_a_comparison_tells_both_its_scenarios(sides: tuple[str, str], tmp_path: Path) -> None:
    out = tmp_path / "both"
    building.write_comparison(rm.compare(*sides), out)
    assert set(hashes(out)) == FILES
    content = read(out)
    check_schema(content)
    told = content["scenario"]
    assert (told["origin"], told["definition"]) == ("comparison", None)
    assert [(s["scenario"], s["coalitions"]) for s in told["sides"]] == [
        ("europe", ["nato-us"]), ("asia-pacific", ["china"]),
    ]  # fmt: skip
    assert {"scenarios/europe.toml", "scenarios/asia-pacific.toml"} <= set(content["data"]["files"])
    assert list(tmp_path.iterdir()) == [out]


def test_a_case_without_a_file_is_told_whole(tmp_path: Path) -> None:
    case = rm.own_case(["24.40,44.07,Slatina"], ranges=[700])
    content = read(rm.build(case, tmp_path)[0])
    check_schema(content)
    assert content["scenario"]["origin"] == "options"
    assert content["scenario"]["definition"]["sites"][0]["name"] == "Slatina"


def test_a_file_that_no_step_describes_is_refused(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = Step("stray", lambda job: write_whole(job.folder / "stray.txt", "?"))
    monkeypatch.setattr(building, "STEPS", (stray, *STEPS))
    with pytest.raises(OutputError, match=r"no step .* stray\.txt"):
        rm.build(small, tmp_path / "out")


def test_a_new_output_is_one_step(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = Step("notes", lambda job: job.write("more/notes.md", "# x\n", "slides", "Notes", "N."))
    monkeypatch.setattr(building, "STEPS", (new, *STEPS))
    told: list[tuple[str, int, int]] = []
    folder = rm.build(small, tmp_path / "out", progress=lambda *one: told.append(one))[0]
    assert len(told) == len(STEPS) + 1
    entry = read(folder)["files"]["more/notes.md"]
    assert (entry["part"], entry["media_type"]) == ("slides", "text/markdown")
    for page, link in ((folder / "index.html", "more/notes.md"),
                       (tmp_path / "out" / "index.html", "small/more/notes.md")):  # fmt: skip
        assert f'href="{link}"' in page.read_text(encoding="utf-8")


def test_files_that_a_function_wrote_are_noted(tmp_path: Path) -> None:
    job = Job(rm.analyse("europe"), tmp_path, Options())
    (tmp_path / "gis").mkdir()
    (tmp_path / "gis" / "a.gpkg").write_bytes(b"x")
    job.wrote([tmp_path / "gis" / "a.gpkg"], "gis", "All layers", "Layers.")
    assert list(manifest(job)["files"]) == ["gis/a.gpkg"]


@pytest.mark.long
def test_a_whole_pack_says_in_every_file_what_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    """All steps; only pictures are quick, if it has to be made. CSV has no place for provenance."""
    monkeypatch.setattr(building, "STEPS", ALL_STEPS)
    folder = built_pack("europe") or rm.build("europe", tmp_path)[0]
    content = read(folder)
    check_schema(content)
    text = (root / "docs" / "outputs.md").read_text(encoding="utf-8")
    files = text.partition("## The files of a pack")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([^`]+)`", files, re.M))
    assert {name.partition("/")[0] for name in content["files"]} | {"manifest.json"} == {
        name.rstrip("/") for name in documented
    }
    assert {entry["part"] for entry in content["files"].values()} == set(PARTS)
    assert "application/octet-stream" not in {e["media_type"] for e in content["files"].values()}
    silent = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not look_inside(path).made
    }
    assert silent == {name for name in content["files"] if name.endswith(".csv")} | {"summary.json"}
    assert verify_pack(folder).state == "current"


def test_what_was_finished_before_a_fault_is_in_the_index(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(job: Any) -> None:
        if job.analysis.scenario.name == "other":
            raise OutputError("the disk is full")

    other = small.with_name("other.toml")
    other.write_text(CASES.SMALL, encoding="utf-8")
    out = tmp_path / "out"
    monkeypatch.setattr(building, "STEPS", (*STEPS, Step("fault", fail)))
    with pytest.raises(OutputError, match="the disk is full"):
        rm.build([small, other], out)
    page = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="small/index.html"' in page
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "small"]


# -- Again, and somewhere else -----------------------------------------------------------------


def test_building_again_gives_the_same_bytes(europe: Path) -> None:
    before = hashes(europe)
    again = rm.build("europe", europe.parent)[0]
    assert again == europe
    assert hashes(europe) == before
    assert {path.name for path in europe.parent.iterdir()} == {"europe", "index.html"}


@pytest.mark.long
def test_another_day_folder_zone_and_hash_seed_give_the_same_bytes(tmp_path: Path) -> None:
    """With real pictures, in processes of their own."""
    found = []
    for name, shift, zone, seed in (("one", "0", "UTC", "1"),
                                    ("another place", "9e7", "Asia/Kathmandu", "77")):  # fmt: skip
        folder = tmp_path / name
        folder.mkdir()
        (folder / "small.toml").write_text(CASES.SMALL, encoding="utf-8")
        env = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
        env |= {"TZ": zone, "PYTHONHASHSEED": seed, "LC_ALL": "C.UTF-8"}
        subprocess.run(
            [sys.executable, "-c", ENDED, shift, str(folder / "small.toml"), str(folder / "out")],
            check=True, env=env, cwd=folder, timeout=300,
        )  # fmt: skip
        found.append(hashes(folder / "out"))
    assert found[0] == found[1]
    assert "small/figures/theatre-slide.png" in found[0]
    assert "index.html" in found[0]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_pack_that_is_shared_out_is_the_same(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch, backwards: bool
) -> None:
    """The shares of a pack may be done in any order; other processes are not patched."""

    def do_tasks(tasks: Any, jobs: int, step: Any, done: Any) -> None:
        waiting = tasks[::-1] if backwards else list(tasks)
        while waiting:
            task = waiting.pop(0)
            copied = pickle.loads(pickle.dumps((task.work, task.arguments)))
            result = copied[0](*copied[1], partial(step, task))
            waiting[:0] = done(task, result)

    alone = rm.build([small, "kaliningrad"], tmp_path / "alone")
    monkeypatch.setattr(building, "run_tasks", do_tasks)
    told: list[tuple[str, int, int]] = []
    shared = rm.build(
        [small, "kaliningrad"], tmp_path / "shared", jobs=2, progress=lambda *a: told.append(a)
    )
    assert [hashes(folder) for folder in alone] == [hashes(folder) for folder in shared]
    assert [read(folder) for folder in alone] == [read(folder) for folder in shared]
    assert len(told) == told[0][2] == 2 * len(STEPS)
    assert sorted(path.name for path in (tmp_path / "shared").iterdir()) == [
        "index.html", "kaliningrad", "small"
    ]  # fmt: skip


def test_a_disk_that_is_full_is_told_of_the_pack_that_it_concerns(
    tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(job: Any) -> None:
        if job.analysis.scenario.name == "small":
            raise OSError(28, "No space left on device", str(job.folder))

    def do_tasks(tasks: Any, jobs: int, step: Any, done: Any) -> None:
        for task in tasks:
            done(task, task.work(*task.arguments, partial(step, task)))

    monkeypatch.setattr(building, "run_tasks", do_tasks)
    monkeypatch.setattr(building, "STEPS", (*STEPS[:2], Step("full", full, "data")))
    with pytest.raises(OutputError, match=r"cannot write \S*/out/small: No space left on device$"):
        rm.build([small, "kaliningrad"], tmp_path / "out", jobs=2)
    assert list((tmp_path / "out").iterdir()) == []


# -- Failure and interruption ------------------------------------------------------------------


def test_a_failure_leaves_what_was_there(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    folder = rm.build(small, out)[0]
    before = hashes(folder)

    def full(_: Job) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(out))

    monkeypatch.setattr(building, "STEPS", (*STEPS[:2], Step("full", full)))
    assert main(["build", str(small), "-o", str(out)]) == 1
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert "No space left on device" in message
    assert hashes(folder) == before
    assert {path.name for path in out.iterdir()} == {"small", "index.html"}


@pytest.mark.parametrize("at", range(len(STEPS) + 1))
def test_an_interruption_at_any_step_leaves_nothing(
    at: int, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: Job) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "STEPS", (*STEPS[:at], Step("stop", stop), *STEPS[at:]))
    out = tmp_path / "out"
    assert main(["build", str(small), "-o", str(out)]) == 130
    assert list(out.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("after", "jobs", "number"),
    [
        ("coverage.csv", 1, signal.SIGINT),
        ("figures/theatre-slide.svg", 1, signal.SIGTERM),
        ("manifest.json", 1, signal.SIGINT),
        ("figures/theatre-slide.png", 2, signal.SIGTERM),
    ],
)
def test_a_real_signal_leaves_the_old_pack_or_the_new_one(
    after: str, jobs: int, number: int, small: Path, tmp_path: Path
) -> None:
    """The process is interrupted when a file shows up in the folder aside."""
    out = tmp_path / "out"
    before = hashes(rm.build(small, out)[0])
    code = ENDED.replace("rm.build(", "from rangemap.cli import main\nsys.exit(main(['build', ")
    code = code.replace(
        "sys.argv[2], sys.argv[3])", f"sys.argv[2], '-j{jobs}', '-o', sys.argv[3]]))"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code, "0", str(small), str(out), *CASES.QUICK],
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + 120
    while running.poll() is None and time.monotonic() < end:
        if any((aside / after).exists() for aside in out.glob(".rangemap-*")):
            running.send_signal(number)
            break
        time.sleep(0.002)
    _, said = running.communicate(timeout=120)
    assert {path.name for path in out.iterdir()} == {"small", "index.html"}
    assert "Traceback" not in said
    assert running.returncode in (0, 128 + number)
    if running.returncode:
        assert said.strip().endswith("interrupted; nothing half written")
        if after != "manifest.json":
            assert hashes(out / "small") == before
    content = read(out / "small")
    assert content["seal"] == seal_of(content)
    assert set(content["files"]) | {"manifest.json"} == set(hashes(out / "small"))


# -- Other people's work -----------------------------------------------------------------------


def test_somebody_elses_folder_is_not_replaced(small: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "small"
    theirs.mkdir(parents=True)
    (theirs / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not made by rangemap"):
        rm.build(small, tmp_path / "out")
    assert (theirs / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["small"]


def test_somebody_elses_folder_is_found_before_work_begins(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "small").mkdir(parents=True)
    (out / "small" / "thesis.txt").write_text("mine", encoding="utf-8")
    told: list[str] = []
    with pytest.raises(OutputError, match="not made by rangemap"):
        rm.build(["kaliningrad", small], out, progress=lambda text, *_: told.append(text))
    assert (told, [path.name for path in out.iterdir()]) == ([], ["small"])


def test_an_output_folder_that_is_a_file_is_named(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"cannot write \S*/out: it is a file$"):
        rm.build(small, file)


def test_somebody_elses_index_is_not_replaced(small: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>my page</p>", encoding="utf-8")
    with pytest.raises(OutputError, match=r"index.html: it is there already"):
        rm.build(small, tmp_path)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "<p>my page</p>"


def test_files_beside_ours_are_kept_and_ours_replaced(small: Path, tmp_path: Path) -> None:
    folder = rm.build(small, tmp_path / "out")[0]
    for name in ("notes.txt", "figures/mine.png", "drafts/deep/one.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"keep {name}", encoding="utf-8")
    (folder / "empty").mkdir()
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "s.txt").write_text("s", encoding="utf-8")
    (folder / "link").symlink_to(secret)
    # A picture that a later version no longer makes.
    content = read(folder)
    content["files"]["figures/gone.png"] = content["files"]["figures/theatre-slide.png"]
    content["seal"] = seal_of(content)
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    (folder / "figures" / "gone.png").write_bytes(b"old")
    (folder / "coverage.csv").write_text("edited", encoding="utf-8")
    rm.build(small, tmp_path / "out")
    for name in ("notes.txt", "figures/mine.png", "drafts/deep/one.txt"):
        assert (folder / name).read_text(encoding="utf-8") == f"keep {name}"
    assert (folder / "empty").is_dir()
    assert (folder / "link").is_symlink()
    assert not (folder / "figures" / "gone.png").exists()
    assert (folder / "coverage.csv").read_text(encoding="utf-8").startswith("place_id")
    assert set(hashes(folder)) >= FILES - {"comparison.csv"}


@pytest.mark.parametrize(("theirs", "gone"), [("figures", "figures"), ("map.html/x", "map.html")])
def test_what_stands_in_the_way_is_kept_and_told(
    theirs: str, gone: str, small: Path, tmp_path: Path
) -> None:
    folder = rm.build(small, tmp_path / "out")[0]
    if (folder / gone).is_dir():
        shutil.rmtree(folder / gone)
    else:
        (folder / gone).unlink()
    (folder / theirs).parent.mkdir(exist_ok=True)
    (folder / theirs).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=rf"{theirs} in it is not rangemap's"):
        rm.build(small, tmp_path / "out")
    assert (folder / theirs).read_text(encoding="utf-8") == "mine"
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"small", "index.html"}


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
    assert set(hashes(out)) >= FILES


def test_progress_is_told(small: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    rm.build(small, tmp_path / "out", progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert all(total == len(told) for _, _, total in told)
    assert [text for text, _, _ in told] == [f"small: {step.text}" for step in STEPS]
