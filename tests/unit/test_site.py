"""The documentation site is whole, works offline, and says what the program does."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from docs_modules import docs_module

from rangemap.views import style
from rangemap.views.picture import KINDS, LAYOUTS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def test_site_is_whole_and_asks_nothing_of_any_server(tmp_path: Path) -> None:
    pytest.importorskip("material", reason="pip install -e '.[docs]'")
    pytest.importorskip("mkdocstrings_handlers.python", reason="pip install -e '.[docs]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "-d", tmp_path]
    env = os.environ | {"RANGEMAP_SITE": "quick", "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    assert list(docs_module("check_site").faults(tmp_path)) == []
    gallery = (tmp_path / "gallery.html").read_text(encoding="utf-8")
    assert re.findall(r'<h2 id="([\w-]+)"', gallery) == list(KINDS)
    assert (tmp_path / "search" / "search_index.js").is_file()
    assert "polyfill" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert (tmp_path / "files" / "examples" / "two-sites.toml").is_file()


# -- The check of a site -----------------------------------------------------------------------


def faults_of(folder: Path, body: str) -> list[str]:
    """Return what is wrong with a site whose first page holds this."""
    api = docs_module("generate_api")
    for name, text in api.pages().items():
        page = folder / name.replace(".md", ".html")
        page.parent.mkdir(exist_ok=True)
        ids = re.findall(r"^::: (\S+)$", text, re.M)
        page.write_text("".join(f'<h3 id="{one}">x</h3>' for one in ids), encoding="utf-8")
    (folder / "index.html").write_text(body, encoding="utf-8")
    return list(docs_module("check_site").faults(folder))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<script src="https://cdn.example.org/a.js"></script>', "fetches https://cdn"),
        ('<script src="//cdn.example.org/a.js"></script>', "fetches //cdn"),
        ('<link rel="stylesheet" href="https://fonts.example.org/a">', "fetches https://fonts"),
        ('<img alt="a" src="http://example.org/a.png">', "fetches http://example"),
        ('<img alt="a" src="a.png">', "a.png leads nowhere"),
        ('<p style="background: url(https://example.org/a)">', "fetches https://example"),
        ("<style>@import url(https://example.org/a)</style>", "fetches https://example"),
        ("<style>p { background: url('//example.org/a') }</style>", "fetches //example"),
        ('<a href="../outside.html">', "../outside.html leads outside"),
        ('<img src="data:image/png;base64,AA">', "no text stands for data:"),
        ('<a href="other.html">', "other.html leads nowhere"),
        ('<a href="#there">', "no such anchor"),
        ('<a href="api/errors.html#no">', "no such anchor"),
    ],
)
def test_faults_of_a_site_are_found(body: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "outside.html").write_text("", encoding="utf-8")
    (tmp_path / "site").mkdir()
    (found,) = faults_of(tmp_path / "site", body)
    assert fault in found


@pytest.mark.parametrize(
    "body",
    ['<a href="https://example.org">', '<a href="#">', '<a href="api/errors.html">', '<p id="a">'],
)
def test_plain_links_are_no_fault(body: str, tmp_path: Path) -> None:
    assert faults_of(tmp_path, body) == []


def test_a_style_sheet_may_fetch_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text('@import "https://example.org/a.css";', encoding="utf-8")
    (found,) = faults_of(tmp_path, "")
    assert found == "a.css: fetches https://example.org/a.css"


def test_a_name_that_is_not_once_in_the_reference_is_a_fault(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "") == []
    page = tmp_path / "api" / "rangemap.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace('id="rangemap.analyse"', ""), encoding="utf-8")
    assert "rangemap.analyse is 0 times in the reference" in _now(tmp_path)
    page.write_text(f'{text}<h3 id="rangemap.analyse">', encoding="utf-8")
    assert "rangemap.analyse is 2 times in the reference" in _now(tmp_path)


def _now(folder: Path) -> list[str]:
    return list(docs_module("check_site").faults(folder))


# -- The reference -----------------------------------------------------------------------------


def test_reference_has_every_public_name_once() -> None:
    import rangemap
    from rangemap import errors, geodesy

    api = docs_module("generate_api")
    paths = [entry.path for entry in api.entries()]
    assert len(paths) == len(set(paths))
    public = {f"rangemap.{name}" for name in rangemap.__all__}
    public |= {f"rangemap.geodesy.{name}" for name in geodesy.__all__}
    public |= {f"rangemap.errors.{name}" for name in errors.__all__ if name != "near_name"}
    assert public <= set(paths)
    described = "".join(api.pages().values())
    for entry in set(api.homes().values()):
        assert described.count(f"::: {entry.anchor}\n") == 1, entry.path


def test_overview_leads_to_the_reference() -> None:
    api = docs_module("generate_api")
    text = api.linked((DOCS / "api.md").read_text(encoding="utf-8"))
    assert "| [`ring_polygon`](api/geodesy.md#rangemap.geodesy.ring_polygon) |" in text
    assert "| [`analyse`](api/rangemap.md#rangemap.analyse) |" in text
    assert "| [`own_case`](api/rangemap.md#rangemap.analysis.own_case.own_case) |" in text
    assert not re.findall(r"^\| `\w", text.partition("## rangemap\n")[2], re.M)


# -- Pictures ----------------------------------------------------------------------------------


def test_gallery_draws_what_its_command_draws(tmp_path: Path) -> None:
    gallery_module = docs_module("generate_gallery")
    gallery = gallery_module.Gallery()
    asked = "guam ladder square print"
    ((name, content),) = gallery.draw([asked]).items()
    assert name == "gallery/guam-ladder-square-print.png"
    assert gallery.draw([asked]) == {}
    figure = gallery.figure(asked, "..")
    assert f'src="../{name}"' in figure
    assert re.search(r'alt="[^"]{80,}"', figure)
    command = gallery_module.Wanted.read(asked).command
    assert command == (
        "rangemap figure guam --kind ladder --layout square --theme print -o ladder.png"
    )
    shown = docs_module("shown")
    (example,) = shown.examples_of(f"```sh\n{command} --dpi {gallery_module.DPI}\n```\n")
    with shown.workplace("") as names:
        shown.run(example, names)
        assert Path("ladder.png").read_bytes() == content


def test_gallery_shows_all_kinds_layouts_and_themes() -> None:
    gallery = docs_module("generate_gallery").Gallery(blank=True)
    asked = [one.split() for one in gallery.all_pictures()]
    assert list(dict.fromkeys(kind for _, kind, _, _ in asked)) == list(KINDS)
    assert {layout for _, _, layout, _ in asked} == set(LAYOUTS)
    assert {theme for _, _, _, theme in asked} == {"light", "dark", "print"}
    for one in asked:
        docs_module("shown").read_options(
            tuple(docs_module("generate_gallery").Wanted.read(" ".join(one)).command.split())
        )


def test_gallery_leaves_a_scenario_that_has_nothing_to_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = docs_module("generate_gallery")
    gallery = module.Gallery(blank=True)
    drawn = gallery._content

    def only_guam(one: object) -> bytes:
        if one.scenario != "guam":  # type: ignore[attr-defined]
            raise module.ArgumentError("nothing of that kind")
        return drawn(one)

    monkeypatch.setattr(gallery, "_content", only_guam)
    with pytest.raises(module.ArgumentError, match="has a picture of kind 'theatre'"):
        gallery.all_pictures()
    monkeypatch.setattr(module, "SCENARIOS", ("europe", "guam"))
    assert {one.split()[0] for one in gallery.all_pictures()} == {"guam"}


# -- Words and material ------------------------------------------------------------------------


def test_lines_to_print_are_those_of_the_pictures() -> None:
    text = (DOCS / "using.md").read_text(encoding="utf-8")
    assert f"\n> {style.CREDITS}\n>\n> {style.BORDERS_NOTE}\n" in text


def test_shim_of_the_search_is_as_published() -> None:
    script = (DOCS / "assets" / "iframe-worker.js").read_bytes()
    known = "e8e412dbcfea9b7e31b5ffa288d7b6035915e714c542f4176a0cdbe262fc9609"
    assert hashlib.sha256(script).hexdigest() == known
    assert known in (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")


def test_every_page_is_in_the_navigation() -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^ +- (?:.+: )?([\w/-]+\.md)$", config, re.M))
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    made = {path.relative_to(DOCS).with_suffix(".md").as_posix() for path in DOCS.rglob("*.ipynb")}
    assert listed == there | made | {
        name for name in listed if name.startswith(("api/", "project/"))
    }


def test_extra_for_the_site_pins_majors() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for one in project["optional-dependencies"]["docs"]:
        assert "<" in one or one.startswith("rangemap["), one


def test_alternative_texts_are_no_markdown() -> None:
    made = docs_module("notebook_pages").Made("")
    output = {
        "output_type": "display_data", "data": {"image/png": "AA=="},
        "metadata": {"image/png": {"alt": "DF-26* [a]\n](x) *b*"}},
    }  # fmt: skip
    text = docs_module("notebook_pages")._output(
        pytest.importorskip("nbformat").from_dict(output), "a", made
    )
    assert text == r"![DF-26\* \[a\] \](x) \*b\*](a-1.png)"
    gallery = docs_module("generate_gallery")
    drawn = gallery.Drawn("T", "F", "DF-26* and\nDF-21*")
    shown = gallery.Gallery(blank=True)
    one = gallery.Wanted("europe", "theatre", "slide", "light")
    shown._drawn[one] = drawn
    assert r"    DF-26\* and DF-21\*" in shown._section("theatre", [one])
