"""The gallery in Chromium: no finding of axe-core, light and dark, a phone, paper, keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pack_cases
import pytest
from axe_cases import needs_axe, violations
from playwright.sync_api import Browser, Page

import rangemap as rm

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
SIZES = [(1280, 800), (360, 740)]
SCHEMES = ["light", "dark"]


@pytest.fixture(scope="session")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder whose names need care in an address, with three packs."""
    cases = pack_cases
    top = tmp_path_factory.mktemp("packs")
    (top / "small.toml").write_text(cases.SMALL, encoding="utf-8")
    folder = top / "my output #1, 50 %"
    with pytest.MonkeyPatch.context() as patch:
        cases.quick_packs(patch)
        rm.build(["europe", "asia-pacific", top / "small.toml"], folder)
        (folder / "small").rename(folder / "ein Büro #2?")
        rm.pack.write_index(folder)
    return folder


@pytest.fixture
def opened(chromium: Browser, output: Path) -> Iterator[Open]:
    """Open the gallery or the page of a pack; at the end it must have been quiet and alone."""
    pages: list[tuple[Page, list[str], list[str]]] = []

    def open_page(
        name: str = "index.html", width: int = 1280, height: int = 800, **options: Any
    ) -> Page:
        phone = width < 500
        context = chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone, **options
        )
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        pages.append((page, asked, said))
        page.goto((output / name).as_uri())
        return page

    yield open_page
    for page, asked, said in pages:
        page.context.close()
        assert [url for url in asked[1:] if not url.startswith("data:")] == []
        assert said == []


@needs_axe
@pytest.mark.parametrize("name", ["index.html", "europe/index.html"])
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_axe_finds_nothing(opened: Open, name: str, size: tuple[int, int], scheme: str) -> None:
    page = opened(name, *size, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
    assert violations(page) == []
    ARTEFACTS.mkdir(exist_ok=True)
    shot = f"gallery-{name.split('/')[0]}-{size[0]}-{scheme}.png"
    page.screenshot(path=str(ARTEFACTS / shot), full_page=True)


@pytest.mark.parametrize("width", [1280, 640, 360, 320])
def test_nothing_is_cut_off_or_too_small_to_touch(opened: Open, width: int) -> None:
    page = opened("index.html", width, 740)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('a:not(.skip), summary')].filter(n => n.offsetParent)"
        ".map(n => [n.textContent.slice(0, 30), n.getBoundingClientRect()])"
        ".filter(([, r]) => r.height < 24 || r.width < 24 || r.right > innerWidth + 1)"
        ".map(([text]) => text)"
    )
    assert small == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_style_applies_and_words_stand_out(opened: Open, scheme: str) -> None:
    """Without the right hash in the policy, Chromium would leave the style out."""
    page = opened(color_scheme=scheme)
    colours = page.evaluate(
        "['body', '.sub', '.parts small', 'footer'].map(s => document.querySelector(s))"
        ".map(n => [getComputedStyle(n).color, getComputedStyle(document.body).backgroundColor])"
    )
    for ink, paper in colours:
        one, two = (_luminance(text) for text in (ink, paper))
        assert (one < two) == (scheme == "light")
        assert (max(one, two) + 0.05) / (min(one, two) + 0.05) >= 4.5
    source = page.evaluate("document.querySelector('picture img').currentSrc")
    dark = page.evaluate("document.querySelector('picture source').srcset")
    assert (source == dark) == (scheme == "dark")


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_link_opens_a_file_that_is_there(opened: Open) -> None:
    page = opened()
    addresses = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(n => n.href).filter(u => !u.includes('#'))"
    )
    assert len(addresses) > 40
    context = page.context
    for url in dict.fromkeys(addresses):
        if url.endswith((".html", ".json")):
            other = context.new_page()
            answer = other.goto(url)
            assert answer is not None
            assert answer.status in (0, 200)
            other.close()


def test_a_reader_without_a_mouse_gets_everywhere(opened: Open) -> None:
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    names = []
    for _ in range(12):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "document.activeElement.getAttribute('aria-label')"
                " || document.activeElement.textContent.trim()"
                " || document.activeElement.querySelector('img').alt"
            )
        )
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert all(names)
    assert "Open the interactive map" in names


def test_on_paper_it_is_light_and_complete(opened: Open, tmp_path: Path) -> None:
    page = opened(color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    # The light picture: it comes once the new medium is known, which is not at once.
    page.wait_for_function(
        "(image => image.currentSrc === image.src)(document.querySelector('picture img'))"
    )
    from pypdf import PdfReader

    paper = tmp_path / "gallery.pdf"
    page.pdf(path=str(paper), format="A4")
    text = " ".join(one.extract_text() for one in PdfReader(paper).pages)
    assert "Europe: capitals within" in text
    assert "Read this with the maps" in text
