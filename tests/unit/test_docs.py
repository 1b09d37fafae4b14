"""What the documents say is what the program does."""

import ast
import csv
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click
import pytest
from built_packs import built_pack
from docs_modules import docs_module

import rangemap
from rangemap.analysis import Analysis, analyse, read_scenario
from rangemap.analysis.coverage import ZONES
from rangemap.analysis.overlap import COUNTRY_SHARE_COLUMNS, OVERLAP_COLUMNS
from rangemap.catalogue import SiteKind
from rangemap.catalogue.model import Place
from rangemap.catalogue.place_columns import SPELLINGS
from rangemap.errors import RangemapError
from rangemap.pack import Job, manifest
from rangemap.views.export import bands_geojson

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OUR_PAGES = [page for page in PAGES if page.name != "THIRD_PARTY.md"]
SHOWN = docs_module("shown")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, up to the next of the same level or above."""
    level = len(heading.split()[0])
    kept: list[str] | None = None
    fenced = False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        marks = re.match(r"#+(?= )", line)
        if marks and not fenced:
            if kept is not None and len(marks[0]) <= level:
                break
            if line.rstrip() == heading:
                kept = []
                continue
        if kept is not None:
            kept.append(line)
    assert kept is not None, f"no section {heading!r}"
    return "".join(kept)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def table_rows(text: str) -> list[list[str]]:
    """Return the rows of all tables whose first cell is code, as texts."""
    lines = re.findall(r"^\| (`.*) \|$", text, re.M)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)] for line in lines]


def first_cells(text: str) -> list[str]:
    return [row[0].strip("`") for row in table_rows(text)]


@pytest.fixture(scope="module")
def compared() -> Analysis:
    return analyse("europe-vs-china")


# -- README ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tour_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a user has it: the examples, and an output folder."""
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "output").mkdir()
    return folder


def run_in(folder: Path, *command: str) -> str:
    scripts = Path(sys.executable).parent
    env = os.environ | {
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "MPLCONFIGDIR": str(folder / ".mpl"),
    }
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, encoding="utf-8", timeout=480
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="the tour is written for a POSIX shell")
def test_tour_runs_as_written(tour_folder: Path) -> None:
    tour = section(text_of("README.md"), "## A five-minute tour")
    sh = "".join(blocks(tour, "sh"))
    for name in rangemap_commands():
        assert f"rangemap {name}" in sh, f"the tour leaves out {name}"
    shown = run_in(tour_folder, "sh", "-euc", sh)
    assert "Wiesbaden" in shown
    output = tour_folder / "output"
    pack = output / "slatina"
    documented = set(first_cells(section(text_of("docs/outputs.md"), "## The files of a pack")))
    there = {f"{path.name}/" if path.is_dir() else path.name for path in pack.iterdir()}
    left_out = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))["left_out"]
    without = {one["what"] for one in left_out if "/" not in one["what"]}
    assert {"comparison.csv", "comparison.html"} <= without <= documented
    assert there == documented - without
    assert (output / "index.html").is_file()
    if built := built_pack("europe"):  # by another process
        assert (output / "europe.pptx").read_bytes() == (built / "deck.pptx").read_bytes()
        assert (output / "europe.pdf").read_bytes() == (built / "report.pdf").read_bytes()
    for name in ("moscow", "guam"):
        assert json.loads((output / f"{name}.geojson").read_text(encoding="utf-8"))["type"]


def test_python_session_runs_as_written(tour_folder: Path) -> None:
    (session,) = blocks(section(text_of("README.md"), "## A five-minute tour"), "python")
    shown = run_in(tour_folder, sys.executable, "-c", session)
    assert "1,614 km from Berlin to Moscow" in shown
    assert (tour_folder / "output" / "bands.html").stat().st_size > 100_000
    assert (tour_folder / "output" / "bands.png").read_bytes()[:4] == b"\x89PNG"


def rangemap_commands() -> list[str]:
    from rangemap.cli import cli

    return list(cli.commands)


def test_ci_runs_the_two_commands() -> None:
    commands = section(text_of("README.md"), "## Two commands")
    (first,) = blocks(commands.split("### ")[0], "sh")
    assert first.split("\n") == ["make build", "make test", ""]
    script = text_of(".ci/run").splitlines()
    for command in first.split("\n"):
        assert not command or command in script


def test_readme_picture_tells_the_finding() -> None:
    found = re.match(r"!\[(?P<text>.+?)\]\((?P<path>[^)]+)\)\n", text_of("README.md"))
    assert found
    assert (ROOT / found["path"]).is_file()
    comparison = analyse("europe").summary["comparison"]
    counts, own_reached = comparison["counts"], comparison["own_reached_by_other_side"]
    for key in ("a-only", "b-only", "both", "neither"):
        assert re.search(rf"\b{counts[key]} (are|of)\b", found["text"]), key
    assert f"{len(own_reached['a'])} NATO capitals" in found["text"]
    assert sorted(own_reached["b"]) == ["Minsk", "Moscow"]


def test_the_data_page_counts_its_sources() -> None:
    with (ROOT / "data" / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    page = text_of("data/README.md")
    words = ("None", "One", "Two", "Three", "Four", "Five", "Six", "Seven")
    without = words[sum(not row["url"] for row in rows)]
    assert f"\n{len(rows)} publications: " in page
    assert f"`evidence`. {without} have no address" in page


def test_changelog_and_citation_name_the_version() -> None:
    version = rangemap.__version__
    citation = text_of("CITATION.cff")
    assert re.findall(r"^version: (.+)$", citation, re.M) == [version]
    released = re.search(r"^date-released: (.+)$", citation, re.M)
    newest = re.search(r"^## \[(\d.*?)\] - (\S+)$", text_of("CHANGELOG.md"), re.M)
    assert newest
    assert released
    assert (newest[1], newest[2]) == (version, released[1])


# -- Commands and Python of other pages ---------------------------------------------------------


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize("page", SHOWN.PAGES, ids=named)
def test_page_shows_what_its_commands_print(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == SHOWN.updated(text), "run python docs/shown.py"


@pytest.mark.parametrize("page", [p for p in OUR_PAGES if p.parent != ROOT], ids=named)
def test_options_on_pages_exist(page: Path) -> None:
    for example in SHOWN.examples_of(page.read_text(encoding="utf-8")):
        for words in example.commands:
            SHOWN.read_options(words[:-2] if words[-2:-1] == (">",) else words)


def pages_with_python() -> list[Path]:
    """Return the pages with Python, but for those that are run as a whole."""
    others = [page for page in OUR_PAGES if page not in SHOWN.PAGES and page.name != "README.md"]
    return [page for page in others if blocks(page.read_text(encoding="utf-8"), "python")]


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize("page", pages_with_python(), ids=named)
def test_python_on_pages_runs(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    with SHOWN.workplace(text) as names:
        for example in SHOWN.examples_of(text):
            if example.language == "python":
                tree = ast.parse(example.code)
                imports = [
                    node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
                ]
                tree.body = imports if example.slow else tree.body
                SHOWN.run(replace(example, code=ast.unparse(tree)), names)


@pytest.mark.parametrize(
    ("page", "error"),
    [
        ("```sh\nrangemap figure europe --colour red\n```\n", "--colour"),
        ("```sh\nrangemap draw europe\n```\n", "no command"),
        ("<!-- slow -->\n```sh\nrangemap show a b\n```\n", "too many arguments"),
        ("```sh\nmake build\n```\n", "no command"),
    ],
)
def test_a_wrong_command_on_a_page_is_found(page: str, error: str) -> None:
    (example,) = SHOWN.examples_of(page)
    with pytest.raises(click.UsageError, match=error):
        SHOWN.read_options(example.commands[0])


def test_outputs_on_pages_are_cut_and_compared() -> None:
    page = "```sh\nrangemap show INF_TEXT\n```\n\n```text\nwrong\nwrong\n...\nwrong\n```\nend\n"
    new = SHOWN.updated(page)
    shown = blocks(new, "text")[0].splitlines()
    assert shown[0] == "INF Treaty text (Arts. I-II re-read; the rest recalled) (source)"
    assert shown[1:3] == ["", "..."]
    assert shown[3] == "verified: verified"
    assert new.endswith("```\nend\n")
    assert SHOWN.updated(new) == new
    with pytest.raises(RuntimeError, match="unknown"), SHOWN.workplace("") as names:
        SHOWN.run(SHOWN.examples_of("```sh\nrangemap show none\n```\n")[0], names)


# -- Words and links ---------------------------------------------------------------------------


@pytest.mark.parametrize("page", OUR_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", text)
    for link in links:
        path, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        target = (page.parent / path) if path else page
        assert target.exists(), f"{link} leads nowhere"
        if anchor and target.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)
            anchors = [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings]
            assert anchor in anchors, f"{link}: no such heading"


@pytest.mark.parametrize("page", OUR_PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_words_of_the_field(page: Path) -> None:
    wrong = re.compile(r"\b(great[ -]circles?|circles?|donuts?|hits?|theaters?|bearings?)\b", re.I)
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    assert not wrong.findall(text)


# -- Scenario format ---------------------------------------------------------------------------


def schema_keys() -> dict[str, bool]:
    """Return each key of the schema, as a dotted path, and whether it is required."""
    schema = json.loads(text_of("data/schema/scenario.schema.json"))
    found: dict[str, bool] = {}

    def walk(node: dict[str, object], prefix: str) -> None:
        if "$ref" in node:
            node = schema["$defs"][str(node["$ref"]).rsplit("/", 1)[1]]
        node = node.get("items", node) if node.get("type") == "array" else node  # type: ignore[assignment]
        for name, child in node.get("properties", {}).items():  # type: ignore[attr-defined]
            found[f"{prefix}{name}"] = name in node.get("required", [])  # type: ignore[operator]
            walk(child, f"{prefix}{name}.")

    walk(schema, "")
    return found


def test_every_scenario_key_is_documented() -> None:
    rows = table_rows(section(text_of("docs/scenarios.md"), "## All keys"))
    documented = {row[0].strip("`"): row[2] == "yes" for row in rows}
    assert documented == schema_keys()
    assert len(rows) == len(documented)


def test_kinds_and_places_columns_are_documented() -> None:
    text = text_of("docs/scenarios.md")
    kinds = first_cells(section(text, "### Sites by name, or by conditions"))
    assert kinds == [kind.value for kind in SiteKind]
    rows = table_rows(section(text, "## A file of places"))
    spellings = {
        row[0].strip("`"): (row[0].strip("`"), *re.findall(r"`([^`]+)`", row[1])) for row in rows
    }
    assert spellings == SPELLINGS
    assert set(spellings) == {field.name for field in fields(Place)}


def test_worked_example_is_the_file_and_builds() -> None:
    (example, *_) = blocks(section(text_of("docs/scenarios.md"), "## A worked example"), "toml")
    assert example == text_of("examples/two-sites.toml")
    assert len(read_scenario(ROOT / "examples" / "two-sites.toml").places) == 9


def mistakes() -> list[tuple[str, str]]:
    text = section(text_of("docs/scenarios.md"), "## What a mistake looks like")
    return list(zip(blocks(text, "toml"), blocks(text, "text"), strict=True))


@pytest.mark.parametrize(("line", "message"), mistakes())
def test_messages_are_real(line: str, message: str, tmp_path: Path) -> None:
    key = line.split(" = ")[0].replace("range_estimates", "range_estimate")
    example = text_of("examples/two-sites.toml")
    broken, count = re.subn(rf"^{key} = .*\n", lambda _: line, example, count=1, flags=re.M)
    assert count == 1
    (tmp_path / "two-sites.toml").write_text(broken, encoding="utf-8")
    shutil.copy(ROOT / "examples" / "places.csv", tmp_path)
    with pytest.raises(RangemapError) as raised:
        read_scenario(tmp_path / "two-sites.toml")
    assert str(raised.value) == message.strip()


# -- Outputs -----------------------------------------------------------------------------------

_DYNAMIC = {"sites_by_kind": "<kind>", "files": "<name>"}
_OF_CATEGORIES = ("counts", "marginal_counts", "lists", "country_population")
_OPAQUE = {"definition", "labels", "overlay"}
"""Documented as wholes."""


def json_keys(value: object, path: str = "") -> set[str]:
    """Return the keys of all leaves as dotted paths, those of a set written <like this>."""
    if isinstance(value, list):
        return {key for item in value for key in json_keys(item, f"{path}[]")} or {f"{path}[]"}
    if not isinstance(value, dict):
        return {path}
    parent = path.rsplit(".", 1)[-1]
    keys: set[str] = set()
    for name, child in value.items():
        if name in _OPAQUE:
            keys.add(f"{path}.{name}")
            continue
        shown = _DYNAMIC.get(parent, name)
        if name in ZONES:
            shown = "<zone>"
        elif parent in ("verdicts", "verdict_lists", "<verdict>"):
            shown = "<verdict>"
        elif parent in _OF_CATEGORIES and path.startswith("comparison"):
            shown = "<category>"
        keys |= json_keys(child, f"{path}.{shown}".removeprefix("."))
    return keys


def documented_output(name: str) -> list[str]:
    return first_cells(section(text_of("docs/outputs.md"), f"## {name}"))


def test_columns_are_documented(compared: Analysis) -> None:
    assert compared.comparison
    assert documented_output("coverage.csv") == list(compared.coverage.columns)
    assert documented_output("places.csv") == list(compared.place_rows.columns)
    assert documented_output("comparison.csv") == list(compared.comparison.table.columns)


def test_columns_of_overlaps_and_shares_are_documented() -> None:
    overlaps = documented_output("Overlaps, from `rangemap overlap`")
    assert overlaps == [name for name in OVERLAP_COLUMNS if name != "geometry"]
    shares = documented_output("Country shares, from `country_share_table`")
    assert shares == COUNTRY_SHARE_COLUMNS


def test_geojson_properties_are_documented(compared: Analysis) -> None:
    collection = json.loads(bands_geojson(compared.bands))
    documented = documented_output("bands.geojson")
    assert all(list(f["properties"]) == documented for f in collection["features"])
    assert set(collection["rangemap"]) == {"provenance", "title", "caveats"}


def test_json_keys_are_documented(compared: Analysis) -> None:
    assert set(documented_output("summary.json")) == json_keys(compared.summary)


def test_manifest_keys_are_documented(compared: Analysis, tmp_path: Path) -> None:
    documented = set(documented_output("manifest.json"))
    schema = json.loads(text_of("data/schema/manifest.schema.json"))
    job = Job(compared, tmp_path)
    job.write("a.csv", "a\n", "tables", "A", "A table.")
    assert documented == _schema_leaves(schema)
    assert {key for key in json_keys(manifest(job)) if not key.endswith("[]")} <= documented


def _schema_leaves(node: dict[str, Any], path: str = "") -> set[str]:
    """Return the keys of a JSON Schema's leaves as `json_keys` writes them."""
    if path.rsplit(".", 1)[-1] in _OPAQUE:
        return {path}
    if node.get("type") == "array":
        return _schema_leaves(node["items"], f"{path}[]")
    if isinstance(node.get("additionalProperties"), dict):
        return _schema_leaves(node["additionalProperties"], f"{path}.<name>")
    if "properties" not in node:
        return {path}
    return {
        key
        for name, child in node["properties"].items()
        for key in _schema_leaves(child, f"{path}.{name}".removeprefix("."))
    }


# -- Command line, architecture, tools ---------------------------------------------------------


def test_cli_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("generate_cli", ROOT / "docs" / "generate_cli.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert text_of("docs/cli.md") == module.render(), "run python docs/generate_cli.py"


def test_architecture_names_every_module() -> None:
    page = text_of("docs/architecture.md")
    named = set(re.findall(r"`(rangemap/[\w/]+\.py)`", page))
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "rangemap").rglob("*.py")
        if path.name != "__init__.py" and "node_modules" not in path.parts
    }
    assert named - {"rangemap/__init__.py"} == there
    scripts = {path.name for path in (ROOT / "rangemap/views/assets/src").glob("*.js")}
    part = page.split("### The page of the map")[1].split("### On top")[0]
    assert set(re.findall(r"`(\w+\.js)`", part)) == scripts


def test_architecture_shows_the_layers_of_the_contract() -> None:
    contracts = tomllib.loads(text_of("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    names = [name.removeprefix("rangemap.") for name in reversed(layers)]
    drawn = text_of("docs/architecture.md").split("\n\n")[1].splitlines()[0].split("->")
    assert [name.strip() for name in drawn] == [
        name for name in names if name not in ("errors", "writing")
    ]


def test_pre_commit_runs_what_make_lint_runs() -> None:
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", text_of("Makefile"), re.M)
    assert recipe
    lint = [
        line.strip().removeprefix("$(BIN)/").removesuffix(" .") for line in recipe[1].splitlines()
    ]
    hooks = re.findall(r"^ +entry: (.+)$", text_of(".pre-commit-config.yaml"), re.M)
    assert hooks == lint
