"""The page of a comparison in Chromium: axe-core, a phone, the dark, paper, no request."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_cases import needs_axe, violations
from playwright.sync_api import Browser, Page

import rangemap as rm
from rangemap.views.comparison_page import comparison_html

pytestmark = pytest.mark.browser

ARTEFACTS = Path(__file__).parents[1] / "artefacts"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("comparison")
    treaty = rm.analyse("europe-vs-china").comparison
    assert treaty
    found = {}
    for name, both in (("treaty", treaty), ("systems", rm.compare("euromissiles-1987", "europe"))):
        found[name] = folder / f"{name}.html"
        found[name].write_text(comparison_html(both), encoding="utf-8")
    return found


@pytest.fixture
def shown(chromium: Browser, files: dict[str, Path]) -> Iterator[Callable[..., Page]]:
    opened: list[tuple[Any, list[str]]] = []

    def show(name: str, width: int, scheme: str) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=False
        )
        said: list[str] = []
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda problem: said.append(str(problem)))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(("data:", "file:")) else said.append(request.url)
            ),
        )
        opened.append((context, said))
        page.goto(files[name].as_uri())
        return page

    yield show
    for context, said in opened:
        context.close()
        assert said == []


@needs_axe
@pytest.mark.parametrize("name", ["treaty", "systems"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_axe_finds_nothing(shown: Callable[..., Page], name: str, width: int, scheme: str) -> None:
    page = shown(name, width, scheme)
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
    assert violations(page) == []
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTEFACTS / f"comparison-{name}-{width}-{scheme}.png"))


@pytest.mark.parametrize("width", [320, 360, 640, 1280])
def test_nothing_runs_off_the_page(shown: Callable[..., Page], width: int) -> None:
    page = shown("treaty", width, "light")
    page.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    cut = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, p, li, figure, .card')]"
        ".filter(n => n.offsetParent && n.getBoundingClientRect().right > innerWidth + 1)"
        ".map(n => n.outerHTML.slice(0, 100))"
    )
    assert cut == []


def test_the_style_is_in_force(shown: Callable[..., Page]) -> None:
    """A hash that does not fit would leave the page bare, and say so in the console."""
    page = shown("treaty", 1280, "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 29)"
    assert page.evaluate("getComputedStyle(document.querySelector('.grid')).display") == "grid"
    bars = page.evaluate(
        "[...document.querySelectorAll('.bars rect')].map(n => n.getBoundingClientRect().width)"
    )
    assert len(bars) >= 9
    assert min(bars) > 0


def test_keys_reach_every_table(shown: Callable[..., Page]) -> None:
    page = shown("treaty", 360, "light")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
    regions = page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(n => n.tabIndex === 0"
        " && n.getAttribute('aria-label'))"
    )
    assert regions


def test_it_prints_on_a4(files: dict[str, Path], tmp_path: Path, chromium: Browser) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("needs pdftotext (poppler-utils) to read the printed page")
    page = chromium.new_page()
    page.goto(files["treaty"].as_uri())
    paper = tmp_path / "page.pdf"
    page.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
    page.close()
    done = subprocess.run(
        [reader, "-layout", str(paper), "-"], capture_output=True, check=True, timeout=60
    )
    text = done.stdout.decode("utf-8")
    assert "Key findings" in text
    assert "Andorra la Vella" in text
    assert "To the findings" not in text
    info = subprocess.run(["pdfinfo", str(paper)], capture_output=True, check=True, timeout=60)
    assert "A4" in info.stdout.decode("utf-8")
    pages = text.rstrip("\f").split("\f")
    assert 4 <= len(pages) <= 20
    assert all(len(one.strip()) > 200 for one in pages)  # no page that is all but empty
