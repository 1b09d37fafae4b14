"""What is timed in Chromium: loading, redrawing and turning."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from playwright.sync_api import Browser, Error, sync_playwright
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
WINDOW = (1280, 800)
TIMEOUT_MS = 60_000
REST_MS = 300  # before each view, for what a page puts off

# Before the page's own scripts: the time of the first frame after the one in which it was ready,
# and of the one in which nothing was left to come.
WATCH = """
const when = (check) => new Promise((tell, giveUp) => {
  setTimeout(() => giveUp(new Error("the page did not become ready")), 30000);
  const look = () => {
    if (document.body && check()) requestAnimationFrame(() => tell(performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
globalThis.interactive = when(() => READY);
globalThis.settled = when(() => SETTLED);
"""
# Each view from the call to the second frame after it; or, if there is nothing to call, two frames.
REDRAW = """
async ({ views, idle, rest }) => {
  const map = MAP;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  for (const [lat, lon, zoom] of views) {
    await new Promise((done) => setTimeout(done, rest));
    await frame();
    await frame();
    const before = performance.now();
    if (!idle) map.setView([lat, lon], zoom, { animate: false });
    await frame();
    await frame();
    times.push(performance.now() - before);
  }
  return times;
}
"""
# A key held down: one press in each frame.
TURN = """
async ({ presses, idle }) => {
  const globe = rangemap.globe();
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const times = [];
  for (let i = 0; i < presses; i += 1) {
    const before = performance.now();
    if (!idle) globe.canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight" }));
    await frame();
    times.push(performance.now() - before);
  }
  return { times, drawn: globe.frameTimes().slice(-presses) };
}
"""


def browser_path() -> str | None:
    """Return where a Chromium is, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, site: Site, page: Page, window: tuple[int, int] = WINDOW
) -> Iterator[Tab]:
    """Open a page in a context of its own, with nothing kept from before."""
    context = browser.new_context(viewport={"width": window[0], "height": window[1]})
    watch = WATCH.replace("READY", page.ready).replace("SETTLED", page.settled or page.ready)
    context.add_init_script(watch)
    tab = context.new_page()
    tab.set_default_timeout(TIMEOUT_MS)
    said: list[str] = []
    tab.on("pageerror", lambda problem: said.append(problem.stack or str(problem)))
    tab.on("request", lambda asked: said.append(asked.url) if _outside(asked.url, site) else None)
    try:
        tab.goto(site.root + page.path)
        yield tab
    except Error as problem:
        raise RuntimeError(f"{page.name} failed: {problem}; it said {said}") from problem
    finally:
        context.close()
    if said:
        raise RuntimeError(f"{page.name} was not alone, or failed: {said}")


def _outside(address: str, site: Site) -> bool:
    return not address.startswith((site.root, "data:", "blob:"))


@dataclass
class Loads:
    """Times of fresh loads, ms from the start of the navigation."""

    interactive: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)


def load(browser: Browser, site: Site, page: Page, into: Loads) -> None:
    """Load a page once, and keep how long it took."""
    with opened(browser, site, page) as tab:
        into.interactive.append(tab.evaluate("globalThis.interactive"))
        into.settled.append(tab.evaluate("globalThis.settled"))
    site.note_downloads(page)


@dataclass
class Frames:
    """Times of views or of frames, ms.

    Attributes
    ----------
    spent, floor : list of float
        By the clock with the work, and without it.
    busy, busy_floor : list of float
        Of the page's main thread, for one view or frame, likewise.
    drawn : list of float
        What the globe itself says of its frames.
    """

    spent: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    busy_floor: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """The median by the clock, less the floor."""
        return max(0.0, median(self.spent) - median(self.floor))

    @property
    def busy_ms(self) -> float:
        """The median of the main thread, less the floor."""
        return max(0.0, median(self.busy) - median(self.busy_floor))


class Clock:
    """What the main thread of a page has spent on tasks."""

    def __init__(self, tab: Tab) -> None:
        self._session = tab.context.new_cdp_session(tab)
        self._session.send("Performance.enable")

    def ms(self) -> float:
        """Return it, since the page was opened."""
        metrics = self._session.send("Performance.getMetrics")["metrics"]
        return next(1000 * one["value"] for one in metrics if one["name"] == "TaskDuration")


View = tuple[float, float, int]
PLACES = [(45, 65), (30, 100), (55, 20), (20, 60), (50, 120), (35, 140), (60, -10), (10, 40)]
VIEWS_A_ROUND = 6


def views(round_number: int) -> list[View]:
    """Return latitudes, longitudes and zooms: a move, a step in and a step out, twice."""
    found: list[View] = []
    for i in (2 * round_number, 2 * round_number + 1):
        lat, lon = PLACES[i % len(PLACES)]
        found += [(lat, lon, 3), (lat, lon, 4), (lat, lon, 3)]
    return found


def redraw(tab: Tab, page: Page, round_number: int, into: Frames) -> None:
    """Time a sequence of views of an open page, and as many times nothing."""
    tab.evaluate("globalThis.settled")
    script = REDRAW.replace("MAP", page.map_name)
    clock = Clock(tab)
    asked = {"views": views(round_number + 1), "rest": REST_MS}
    tab.evaluate(script, {**asked, "idle": False})
    asked["views"] = views(round_number)
    for idle, times, busy in (
        (True, into.floor, into.busy_floor),
        (False, into.spent, into.busy),
    ):
        before = clock.ms()
        found = tab.evaluate(script, {**asked, "idle": idle})
        times += found
        busy.append((clock.ms() - before) / len(found))


def turn(tab: Tab, presses: int, into: Frames) -> None:
    """Time frames of rangemap's globe while an arrow key is held down."""
    tab.evaluate("globalThis.settled")
    tab.evaluate("rangemap.set({ projection: 'globe' })")
    clock = Clock(tab)
    tab.evaluate(TURN, {"presses": 10, "idle": False})
    tab.wait_for_timeout(1000)
    for idle, times, busy in (
        (True, into.floor, into.busy_floor),
        (False, into.spent, into.busy),
    ):
        before = clock.ms()
        found = tab.evaluate(TURN, {"presses": presses, "idle": idle})
        times += found["times"]
        busy.append((clock.ms() - before) / presses)
        if not idle:
            into.drawn += found["drawn"]


def map_size(tab: Tab, page: Page) -> tuple[int, int]:
    """Return the map's width and height, pixels."""
    tab.evaluate("globalThis.interactive")
    size = tab.evaluate(f"[{page.map_name}.getSize().x, {page.map_name}.getSize().y]")
    return int(size[0]), int(size[1])
