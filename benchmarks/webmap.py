"""The interactive map beside folium's own way: size, loading, redrawing, and the globe."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from benchmarks import webmap_browser as browser
from benchmarks import webmap_pages as pages
from benchmarks.report import Row, Section, duration, ratio
from benchmarks.webmap_browser import Frames, Loads
from benchmarks.webmap_pages import Page, Site

SITES = 52
BANDS = 2 * SITES
CAPITALS = 197
GOAL, GLOBE_GOAL = 1.0, 0.5


def sections(*, quick: bool) -> Iterator[Section]:
    """Measure the same scenario in all pages."""
    missing = "no Chromium on PATH" if browser.browser_path() is None else pages.why_no_stock()
    if missing:
        yield Section("The interactive map", ["page"], [], [f"Skipped: {missing}."])
        return
    with tempfile.TemporaryDirectory() as folder:
        scenario = pages.scenario_file(Path(folder), SITES)
        ours = pages.ours(scenario, CAPITALS, BANDS)
        every_ring = pages.ours(scenario, CAPITALS, BANDS, every_ring=True)
        stock, pins = pages.stock(scenario), pages.stock(scenario, pins=True)
        land = pages.stock(scenario, land=True)
    floor = pages.empty()
    compared = [ours, every_ring, stock, pins, land]
    with pages.served([*compared, floor]) as site, browser.chromium() as chromium:
        loads = loaded([*compared, floor], chromium, site, rounds=3 if quick else 15)
        yield sizes(ours, [stock, pins, land])
        yield loading(loads, ours, stock, floor)
        redraws, turns = redrawn(compared, chromium, site, rounds=1 if quick else 6)
        yield redrawing(redraws, stock, chromium.version)
        yield turning(turns, redraws)


def loaded(
    opened: list[Page], chromium: Browser, site: Site, rounds: int
) -> dict[str, tuple[Page, Loads]]:
    """Load all pages in turn, round by round; a first round warms up and does not count."""
    found = {page.name: (page, Loads()) for page in opened}
    for page in opened:
        browser.load(chromium, site, page, Loads())
    for _ in range(rounds):
        for page, loads in found.values():
            browser.load(chromium, site, page, loads)
    return found


def redrawn(
    compared: list[Page], chromium: Browser, site: Site, rounds: int
) -> tuple[dict[str, Frames], dict[str, Frames]]:
    """Redraw all pages in turn, round by round, in maps of one size; and turn the globe."""
    redraws = {page.name: Frames() for page in compared}
    turns = {page.name: Frames() for page in compared if page.settled}
    with browser.opened(chromium, site, compared[0]) as tab:
        size = browser.map_size(tab, compared[0])
    for number in range(rounds):
        for page in compared:
            window = browser.WINDOW if page.settled else size
            with browser.opened(chromium, site, page, window) as tab:
                if browser.map_size(tab, page) != size:
                    raise RuntimeError(f"{page.name}: the map is not {size[0]} x {size[1]}")
                browser.redraw(tab, page, number, redraws[page.name])
                if page.settled:
                    browser.turn(tab, 40, turns[page.name])
    return redraws, turns


def sizes(ours: Page, others: list[Page]) -> Section:
    """Compare files and what is fetched besides."""
    stock = others[0]
    whole = stock.size + sum(stock.downloads.values())
    whole_gzip = stock.size_gzip + stock.downloads_gzip
    rows = []
    for page in (ours, *others):
        fetched = sum(page.downloads.values())
        everything, packed = page.size + fetched, page.size_gzip + page.downloads_gzip
        mine = page is ours
        rows.append(
            Row(
                cells=[
                    page.name,
                    _kb(page.size),
                    _kb(page.size_gzip),
                    f"{_kb(fetched)} in {len(page.downloads)}" if fetched else "none",
                    _kb(everything),
                    ratio(everything / whole),
                    f"<= {GOAL:g}" if mine else "",
                    _kb(packed),
                    ratio(packed / whole_gzip),
                ],
                data={
                    "file_bytes": page.size,
                    "file_gzip_bytes": page.size_gzip,
                    "download_bytes": fetched,
                    "download_gzip_bytes": page.downloads_gzip,
                    "downloads": page.downloads,
                    "over_stock": everything / whole,
                    "gzip_over_stock": packed / whole_gzip,
                },
                missed=mine and everything > GOAL * whole,
            )
        )
    left_out = pages.localised(stock.saved)[1]
    return Section(
        title=f"A map of {BANDS} bands and {CAPITALS} capitals: bytes",
        columns=[
            "page", "file", "file, gzip", "downloads", "all", "/ stock", "goal", "all, gzip",
            "/ stock, gzip",
        ],
        rows=rows,
        notes=[
            f"{SITES} made-up sites with the treaty's band and {pages.RANGE_KM:,} km each. Stock: "
            "folium's map with one GeoJson for each band of range_bands, one marker with popup and "
            "tooltip for each capital, a LayerControl, and no tiles: it has no land, no names, no "
            "verdicts and no table. rangemap's page has them, and asks for nothing. With land: the "
            "242 countries of read_countries as one GeoJson more.",
            "The stock pages are served with what they fetch from npm's packages of the versions "
            f"that folium names. npm has no package of {' and '.join(left_out)}: both are left "
            "out.",
        ],
    )  # fmt: skip


def loading(loads: dict[str, tuple[Page, Loads]], ours: Page, stock: Page, floor: Page) -> Section:
    """Compare the times until a page is interactive."""
    base = median(loads[stock.name][1].interactive)
    rows = []
    for page, times in loads.values():
        ms = median(times.interactive)
        mine = bool(page.settled)
        low, high = min(times.interactive), max(times.interactive)
        rows.append(
            Row(
                cells=[
                    page.name,
                    duration(ms / 1000),
                    "" if page is floor else ratio(ms / base),
                    f"<= {GOAL:g}" if mine else "",
                    f"{duration(low / 1000)} to {duration(high / 1000)}",
                    f"{len(times.interactive)}",
                ],
                data={
                    "seconds": ms / 1000,
                    "over_stock": ms / base,
                    "settled_seconds": median(times.settled) / 1000,
                    "all_ms": times.interactive,
                },
                missed=mine and ms > GOAL * base,
            )
        )
    fine = duration(median(loads[ours.name][1].settled) / 1000)
    return Section(
        title="The same map: from navigation until it can be used",
        columns=["page", "median", "/ stock", "goal", "of", "n"],
        rows=rows,
        notes=[
            "Until the first frame after the one in which all bands and capitals were in the page. "
            "Each load in a fresh context, the pages in turn, all from a server on this machine: "
            "what the stock pages fetch comes from it as well, without the way to a real server.",
            f"rangemap draws a coarse world first; its finer one is there after {fine}.",
        ],
    )


def redrawing(redraws: dict[str, Frames], stock: Page, version: str) -> Section:
    """Compare views of an unchanged scenario."""
    base, base_busy = redraws[stock.name].ms, redraws[stock.name].busy_ms
    rows = []
    for name, times in redraws.items():
        mine = name.startswith("rangemap")
        rows.append(
            Row(
                cells=[
                    name,
                    duration(times.ms / 1000),
                    ratio(times.ms / base),
                    f"<= {GOAL:g}" if mine else "",
                    duration(median(times.floor) / 1000),
                    duration(times.busy_ms / 1000),
                    ratio(times.busy_ms / base_busy),
                    f"{len(times.spent)}",
                ],
                data={
                    "seconds": times.ms / 1000,
                    "over_stock": times.ms / base,
                    "main_thread_seconds": times.busy_ms / 1000,
                    "main_thread_over_stock": times.busy_ms / base_busy,
                    **vars(times),
                },
                missed=mine and times.ms > GOAL * base,
            )
        )
    return Section(
        title="The same map: a move or a zoom step",
        columns=[
            "page", "a view", "/ stock", "goal", "floor", "main thread", "/ stock, main thread",
            "n",
        ],
        rows=rows,
        notes=[
            "A view: from setView to the second frame after it, less the floor, two frames of the "
            "same page at rest; medians. Main thread: all that it did for a view, also later, less "
            "the same at rest. Frames come 60 times a second: a view that takes less than one may "
            "show as none.",
            f"Maps of one size. Without more words rangemap draws footprints. Chromium {version}.",
        ],
    )  # fmt: skip


def turning(turns: dict[str, Frames], redraws: dict[str, Frames]) -> Section:
    """Compare the globe, while it turns, with the flat map of the same page."""
    rows = []
    for name, times in turns.items():
        flat = redraws[name]
        drawn = median(times.drawn)
        times_flat = drawn / flat.ms if flat.ms else float("inf")
        rows.append(
            Row(
                cells=[
                    name,
                    duration(drawn / 1000),
                    ratio(times_flat),
                    f"<= {GLOBE_GOAL:g}",
                    duration(median(times.spent) / 1000),
                    duration(median(times.floor) / 1000),
                    duration(times.busy_ms / 1000),
                    ratio(times.busy_ms / flat.busy_ms),
                    f"{len(times.drawn)}",
                ],
                data={
                    "seconds": drawn / 1000,
                    "over_flat": times_flat,
                    "main_thread_seconds": times.busy_ms / 1000,
                    "main_thread_over_flat": times.busy_ms / flat.busy_ms,
                    **vars(times),
                },
                missed=times_flat > GLOBE_GOAL,
            )
        )
    return Section(
        title="rangemap's globe while it turns, beside its flat map",
        columns=[
            "page", "a frame", "/ flat map's view", "goal", "from frame to frame", "floor",
            "main thread", "/ flat map, main thread", "n",
        ],
        rows=rows,
        notes=[
            "A frame: what the globe's own script takes for it. The browser paints what it was "
            "told later, without a graphics card on the same processors: main thread has that as "
            "well. Floor: from frame to frame at rest.",
        ],
    )  # fmt: skip


def _kb(size: int) -> str:
    return f"{size / 1000:,.0f} kB"
