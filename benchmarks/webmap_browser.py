"""What is timed in Chromium: loading, redrawing and turning."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

from benchmarks.webmap_pages import Page, Site

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
# Without these a frame never takes less than 16.7 ms, and what is faster cannot be told apart.
UNLIMITED = ("--disable-frame-rate-limit", "--disable-gpu-vsync")
WINDOW = (1280, 800)
TIMEOUT_MS = 60_000

# Before the page's own scripts: the time of the first frame after the one in which it was ready.
WATCH = """
globalThis.interactive = new Promise((tell) => {
  const look = () => {
    if (READY) requestAnimationFrame(() => tell(performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"""
# Each view from the call to the second frame after it; before each, the same without a call.
REDRAW = """
async ({ views, rest }) => {
  const map = MAP;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const idle = () => new Promise((done) => setTimeout(done, rest)).then(frame);
  const timed = async (work) => {
    await idle();
    const before = performance.now();
    work();
    await frame();
    await frame();
    return performance.now() - before;
  };
  const floor = [];
  const spent = [];
  for (const [lat, lon, zoom] of views) {
    floor.push(await timed(() => {}));
    spent.push(await timed(() => map.setView([lat, lon], zoom, { animate: false })));
  }
  return { floor, spent, zoom: map.getZoom() };
}
"""
# A key held down: one press in each frame. Frames are counted from the tenth on.
TURN = """
async ({ presses }) => {
  const globe = rangemap.globe();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const rounds = async (press) => {
    const times = [];
    for (let i = 0; i < presses; i += 1) {
      const before = performance.now();
      if (press) globe.canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
      await frame();
      times.push(performance.now() - before);
    }
    return times.slice(10);
  };
  await new Promise((done) => setTimeout(done, 1000));
  const floor = await rounds(false);
  const spent = await rounds(true);
  return { floor, spent, drawn: globe.frameTimes().slice(10 - presses) };
}
"""


def browser_path() -> str | None:
    """Return where a Chromium is, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start a Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path(), args=[*FLAGS, *more]
        )
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, site: Site, page: Page, window: tuple[int, int] = WINDOW
) -> Iterator[Tab]:
    """Open a page in a context of its own, with nothing kept from before."""
    context = browser.new_context(viewport={"width": window[0], "height": window[1]})
    context.add_init_script(WATCH.replace("READY", f"document.body && {page.ready}"))
    tab = context.new_page()
    tab.set_default_timeout(TIMEOUT_MS)
    said: list[str] = []
    tab.on("pageerror", lambda problem: said.append(str(problem)))
    tab.on("request", lambda asked: said.append(asked.url) if _outside(asked.url, site) else None)
    tab.goto(site.root + page.path)
    yield tab
    context.close()
    if said:
        raise RuntimeError(f"{page.name} was not alone, or failed: {said}")


def _outside(address: str, site: Site) -> bool:
    return not address.startswith((site.root, "data:", "blob:"))


def load_ms(browser: Browser, site: Site, page: Page) -> float:
    """Return from the start of the navigation until the map is there and a frame later."""
    with opened(browser, site, page) as tab:
        ms: float = tab.evaluate("globalThis.interactive")
    site.note_downloads(page)
    return ms


@dataclass
class Redraw:
    """Times of a sequence of views, ms; `floor` is two idle frames, `spent` includes them."""

    floor: list[float]
    spent: list[float]

    @property
    def ms(self) -> float:
        """The median, less the floor."""
        return max(0.0, median(self.spent) - median(self.floor))


def views(count: int) -> list[tuple[float, float, int]]:
    """Return latitudes, longitudes and zooms: a step in, a step out, and a move, in turn."""
    found: list[tuple[float, float, int]] = []
    places = [(45, 65), (30, 100), (55, 20), (20, 60), (50, 120), (35, 140), (60, -10), (10, 40)]
    for i in range(count):
        lat, lon = places[i // 3 % len(places)]
        found.append((lat, lon, 4 if i % 3 == 1 else 3))
    return found


def redraw(tab: Tab, page: Page, count: int, rest_ms: int = 150) -> Redraw:
    """Time a sequence of views of an open page."""
    wait_until_fine(tab)
    script = REDRAW.replace("MAP", page.map_name)
    tab.evaluate(script, {"views": views(6), "rest": rest_ms})
    found = tab.evaluate(script, {"views": views(count), "rest": rest_ms})
    return Redraw(found["floor"], found["spent"])


def wait_until_fine(tab: Tab) -> None:
    """Wait until rangemap's page has decoded its finer world; others are there at once."""
    tab.evaluate("globalThis.interactive")
    tab.wait_for_function(
        "!globalThis.rangemap || document.documentElement.dataset.rangemapWorld === 'fine'"
    )


def turn(tab: Tab, presses: int) -> dict[str, list[float]]:
    """Time frames of rangemap's globe while an arrow key is held down."""
    wait_until_fine(tab)
    tab.evaluate("rangemap.set({ projection: 'globe' })")
    found: dict[str, list[float]] = tab.evaluate(TURN, {"presses": presses})
    return found


def map_size(tab: Tab, page: Page) -> tuple[int, int]:
    """Return the map's width and height, pixels."""
    tab.evaluate("globalThis.interactive")
    size: dict[str, Any] = tab.evaluate(f"(({{ x, y }}) => ({{ x, y }}))({page.map_name}.getSize())")
    return int(size["x"]), int(size["y"])
