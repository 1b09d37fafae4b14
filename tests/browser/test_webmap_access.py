"""Access to the web map: no finding of axe-core, keys alone, a phone, a large zoom, the dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_cases import needs_axe, violations

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

STATES = {
    "legend": "rangemap.set({tab: 'legend'}); document.querySelectorAll('details')"
    ".forEach(n => { n.open = true })",
    "table": "rangemap.set({tab: 'table'})",
    "what-if": "rangemap.set({tab: 'whatif', own: [{id: 1, lon: 20, lat: 50, min: 0, max: 1500}],"
    " measure: [[0, 50], [10, 55]]})",
    "notes": "rangemap.set({tab: 'notes'}); document.querySelectorAll('details')"
    ".forEach(n => { n.open = true })",
    "card": "rangemap.set({selected: {kind: 'place', index: 10}})",
    "globe": "rangemap.set({projection: 'globe'})",
    "overlap": "rangemap.set({draw: 'overlap', tab: 'legend'})",
}


@needs_axe
@pytest.mark.parametrize(
    ("scenario", "size", "scheme"),
    [
        ("europe-vs-china", (1280, 800), "light"),
        ("europe-vs-china", (360, 740), "dark"),
    ],
)
def test_axe_finds_nothing(opened: Open, scenario: str, size: tuple[int, int], scheme: str) -> None:
    page = opened(scenario, *size, color_scheme=scheme)
    if size[0] < 500:
        page.page.tap(".rm-toggle")
        page.settle()
    found = {}
    for name, script in STATES.items():
        page.run(f"(() => {{ {script} }})()")
        page.settle()
        if wrong := violations(page.page):
            found[name] = wrong
    if scenario == "europe-vs-china":
        page.run("rangemap.set({projection: 'map', split: true})")
        page.settle()
        if wrong := violations(page.page):
            found["split"] = wrong
    assert found == {}
    page.shot(f"{scenario}-{size[0]}-{scheme}")


def test_everything_that_takes_the_focus_has_a_name_and_a_size(opened: Open) -> None:
    page = opened("europe")
    nameless = page.run("""[...document.querySelectorAll(
          'button, a[href], input, select, summary, [tabindex="0"]')]
        .filter(node => !node.closest('[aria-hidden=true]') && node.offsetParent)
        .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim()
          || node.title || node.getAttribute('aria-labelledby')
          || (node.labels && node.labels.length)))
        .map(node => node.outerHTML.slice(0, 120))""")
    assert nameless == []


def test_tab_goes_through_the_panel_to_the_map_and_is_seen(opened: Open) -> None:
    page = opened("europe")
    seen = []
    for _ in range(14):
        page.key("Tab")
        seen.append(page.run("document.activeElement.className || document.activeElement.id"))
        outline = page.run("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", seen
    assert "rm-skip" in seen[0]
    assert len(set(seen)) > 5
    page.page.focus(".rm-skip")
    page.key("Enter")
    assert "leaflet-container" in page.run("document.activeElement.className")


def test_single_keys_can_be_switched_off(opened: Open) -> None:
    page = opened("europe")
    page.click("#rm-tab-notes")
    page.page.uncheck("#rm-keys-on")
    page.page.focus(".leaflet-container")
    page.key("g")
    page.settle()
    assert page.run("rangemap.state().projection") == "map"
    page.click("#rm-tab-notes")
    page.page.check("#rm-keys-on")
    page.page.focus(".leaflet-container")
    page.key("g")
    page.settle()
    assert page.run("rangemap.state().projection") == "globe"


@pytest.mark.parametrize(("width", "height"), [(640, 400), (360, 740), (320, 568)])
def test_at_a_large_zoom_nothing_is_cut_off(opened: Open, width: int, height: int) -> None:
    """1280 by 800 at 200 % is 640 by 400 pixels."""
    page = opened("europe", width, height)
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    tools = page.run(
        "[...document.querySelectorAll('.rm-toolbar button')].filter(n => n.offsetParent)"
        ".map(n => n.getBoundingClientRect()).every(r => r.left >= 0 && r.right <= innerWidth"
        " && r.top >= 0 && r.bottom <= innerHeight)"
    )
    assert tools
    page.shot(f"small-{width}")


def test_the_dark_page_is_dark_and_its_colours_stand_out(opened: Open) -> None:
    page = opened("europe", color_scheme="dark")
    assert page.run("document.documentElement.dataset.theme") == "dark"
    ratio = page.run(
        "(() => { const lum = c => { const p = c.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)"
        ".map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);"
        " return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]; };"
        " const style = getComputedStyle(document.body);"
        " const [a, b] = [lum(style.color), lum(style.backgroundColor)];"
        " return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); })()"
    )
    assert ratio >= 7
    page.click("#rm-tab-notes")
    page.page.select_option("#rm-theme", "light")
    page.settle()
    assert page.run("document.documentElement.dataset.theme") == "light"


def test_reduced_motion_moves_nothing(opened: Open) -> None:
    page = opened("europe")
    page.run("rangemap.set({projection: 'globe'})")
    page.settle()
    page.page.fill("#rm-search", "Canberra")
    page.key("Enter")
    page.settle()
    view = page.run("rangemap.state().view")
    assert view["lon"] == pytest.approx(149.1, abs=1)
    assert view["lat"] == pytest.approx(-35.3, abs=1)
