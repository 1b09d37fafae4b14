"""Chromium for the browser tests, driven by Playwright: fails, never skips, where there is none."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from rangemap.views.webmap import explore

ARTEFACTS = Path(__file__).parents[1] / "artefacts"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # What Playwright turns off too, for only the last list counts; and the pages of the address
    # bar, which no test sees and each window would draw for itself.
    "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,"
    "HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,OptimizationHints,NetworkTimeServiceQuerying,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
)
PATIENCE_S = 20.0
READY = "document.documentElement.dataset.rangemapWorld === 'fine'"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail(
            f"no Chromium on PATH (looked for {', '.join(NAMES)}): the browser tests open real "
            "pages; on Debian run 'apt-get install chromium'",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Opened:
    """A page with all that it asked for and all that it said."""

    page: Page
    context: BrowserContext
    path: Path
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, expression: str, argument: Any = None) -> Any:
        """Return the value of a JavaScript expression or function; a promise is awaited."""
        return self.page.evaluate(expression, argument)

    def wait(self, condition: str) -> None:
        """Wait until an expression is true.

        Asked again and again from here: the page's policy forbids Playwright's own way, which
        evaluates text inside the page.
        """
        end = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(f"!!({condition})"):
            if time.monotonic() > end:
                raise AssertionError(f"still false: {condition}; the page said {self.said}")
            self.page.wait_for_timeout(30)

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def click(self, selector: str) -> None:
        """Click with the mouse."""
        self.page.click(selector, timeout=10_000)

    def key(self, name: str) -> None:
        """Press a key."""
        self.page.keyboard.press(name)

    def shot(self, name: str) -> Path:
        """Keep a screenshot as an artefact."""
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        self.page.screenshot(path=str(path))
        return path


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write the map of a scenario once, and return its file."""
    folder = tmp_path_factory.mktemp("maps")
    files: dict[str, Path] = {}

    def save(scenario: str) -> Path:
        if scenario not in files:
            name = re.sub(r"[^a-z0-9-]", "-", Path(scenario).stem.lower())
            files[scenario] = folder / f"{name}.html"
            explore(scenario).save(files[scenario])
        return files[scenario]

    return save


@pytest.fixture
def opened(chromium: Browser, saved: Callable[[str], Path]) -> Iterator[Callable[..., Opened]]:
    """Open the map of a scenario; at the end the page must have been quiet and alone."""
    pages: list[Opened] = []

    def open_map(
        scenario: str | Path,
        width: int = 1280,
        height: int = 800,
        *,
        at: str = "",
        **options: Any,
    ) -> Opened:
        phone = width < 500
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            has_touch=phone,
            is_mobile=phone,
            **({"reduced_motion": "reduce"} | options),
        )
        path = scenario if isinstance(scenario, Path) else saved(scenario)
        page = context.new_page()
        found = Opened(page, context, path)
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("console", lambda message: found.said.append(message.text))
        page.on("pageerror", lambda problem: found.said.append(str(problem)))
        pages.append(found)
        page.goto(path.resolve().as_uri() + at)
        found.wait(READY)
        found.settle()
        return found

    yield open_map
    for found in pages:
        outside = [
            url
            for url in found.requests
            if not url.startswith(("data:", "blob:"))
            and url.split("#")[0] != found.path.resolve().as_uri()
        ]
        found.context.close()
        assert outside == []
        assert found.said == []
