"""The web map in a real Chromium: offline, quiet, complete, usable, and safe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import pytest

from rangemap.views.webmap import explore

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

HOSTILE = str(Path(__file__).with_name("hostile.toml"))
MARKERS = "document.querySelectorAll('.leaflet-rm-capitals-pane .rm-marker')"
# The middle copy takes the focus; the others are for the eye.
MIDDLE = "[...document.querySelectorAll('.leaflet-rm-capitals-pane .rm-marker[tabindex]')]"
LINES = "document.querySelectorAll('.leaflet-rm-lines-pane path:not(.rm-hit)').length"
MAP = "range_map_1"


def _marker(label: str) -> str:
    return f"document.querySelector('.rm-marker[aria-label^=\"{label}\"]')"


def _tap(label: str) -> str:
    return f"{_marker(label)}.click()"


@pytest.mark.parametrize("scenario", ["europe", "asia-pacific", "europe-vs-china"])
def test_every_capital_is_shown_once_and_on_two_more_worlds(opened: Open, scenario: str) -> None:
    page = opened(scenario)
    assert page.run(f"{MARKERS}.length") == 3 * 197
    names = page.run(f"{MIDDLE}.map(node => node.getAttribute('aria-label'))")
    assert len(set(names)) == 197
    assert page.run(f"{MIDDLE}.every(node => node.querySelector('svg'))")
    counts = page.run(
        "[...document.querySelectorAll('.rm-legend .rm-count')].map(n => +n.textContent)"
    )
    assert sum(counts) == 197


def test_folium_markers_and_popups_work_offline(
    chromium: Any, tmp_path: Path, saved: Callable[[str], Path]
) -> None:
    found = explore("europe")
    folium.Marker([50, 10], popup="A <b>note</b>", tooltip="hover").add_to(found)
    folium.GeoJson({"type": "Point", "coordinates": [5, 45]}).add_to(found)
    found.save(tmp_path / "own.html")
    page = chromium.page()
    page.open(tmp_path / "own.html", "document.documentElement.dataset.rangemap === 'ready'")
    assert page.run("document.querySelectorAll('img.leaflet-marker-icon').length") == 2
    page.run("document.querySelector('img.leaflet-marker-icon').click()")
    page.wait("document.querySelector('.leaflet-popup-content b')")
    assert page.run("document.querySelector('.leaflet-popup-content').innerText.trim()") == "A note"
    assert page.said() == []
    page.close()


def test_the_choice_of_coalition_changes_symbols_and_counts(opened: Open) -> None:
    page = opened("europe")
    before = page.run("document.querySelector('.rm-legend').textContent")
    name = page.run(f"{_marker('Kyiv')}.getAttribute('aria-label')")
    page.run("document.querySelector('.rm-mode input:not(:checked)').click()")
    assert page.run("document.querySelector('.rm-legend').textContent") != before
    assert page.run(f"{_marker('Kyiv')}.getAttribute('aria-label')") != name


def test_a_switch_shows_and_hides_a_ring(opened: Open) -> None:
    page = opened("europe")
    before = page.run(LINES)
    box = "document.querySelector('.rm-leaf input:not(:checked)')"
    page.run(f"window.box = {box}; box.click()")
    assert page.run(LINES) == before + 2  # outer and inner edge
    page.run("box.click()")
    assert page.run(LINES) == before


def test_a_group_switches_all_that_is_under_it(opened: Open) -> None:
    page = opened("europe")
    group = "document.querySelector('.rm-level-0')"
    page.run(f"{group}.querySelector('label input').click()")
    leaves = f"[...{group}.querySelectorAll('.rm-leaf input')]"
    assert page.run(f"{leaves}.every(box => box.checked)")
    page.run(f"{leaves}[1].click()")
    assert page.run(f"{group}.querySelector('label input').indeterminate")
    page.run(f"{group}.querySelector('label input').click()")
    page.run(f"{group}.querySelector('label input').click()")
    assert page.run(f"{leaves}.every(box => !box.checked)")


def test_no_fill_or_line_runs_along_the_date_line_or_the_pole(opened: Open) -> None:
    page = opened(HOSTILE)
    page.run("document.querySelectorAll('.rm-level-0 > label input').forEach(box => box.click())")
    # Every stroke is a true ring: no two vertices in a row on the same meridian far apart.
    steps = page.run(f"""(() => {{
        let worst = 0;
        {MAP}.eachLayer(layer => {{
          if (!(layer instanceof L.Polyline) || layer instanceof L.Polygon) return;
          const lines = layer.getLatLngs();
          for (const line of Array.isArray(lines[0]) ? lines : [lines]) {{
            for (let i = 1; i < line.length; i += 1) {{
              const same = Math.abs(line[i].lng - line[i - 1].lng) < 1e-6;
              if (same) worst = Math.max(worst, Math.abs(line[i].lat - line[i - 1].lat));
            }}
          }}
        }});
        return worst;
      }})()""")
    assert steps < 5


@pytest.mark.parametrize("lon", [0, 180, -180])
def test_the_land_goes_on_across_the_date_line(opened: Open, lon: int) -> None:
    page = opened("europe")
    page.run(f"void {MAP}.setView([66.5, {lon}], 6, {{animate: false}})")
    page.wait("document.querySelectorAll('canvas').length >= 2")
    # The row of pixels through the middle of Chukotka is land on both sides of 180.
    seen = page.run("""new Promise(done => setTimeout(() => {
        const box = document.querySelector('.folium-map').getBoundingClientRect();
        const x = box.left + box.width / 2, y = box.top + box.height / 2;
        const colours = new Set();
        const one = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
        for (let dx = -40; dx <= 40; dx += 1) {
          for (const tile of document.querySelectorAll('canvas')) {
            const at = tile.getBoundingClientRect();
            const px = x + dx - at.left, py = y - at.top;
            if (px < 0 || py < 0 || px >= at.width || py >= at.height) continue;
            const k = tile.width / at.width;
            one.drawImage(tile, px * k, py * k, 1, 1, 0, 0, 1, 1);
            colours.add(one.getImageData(0, 0, 1, 1).data.join());
          }
        }
        done([...colours]);
      }, 300))""")
    if lon == 0:
        assert seen  # the sea: transparent or coast
    else:
        assert seen == ["244,239,230,255"]


def test_a_capital_tells_who_reaches_it(opened: Open) -> None:
    page = opened("europe")
    page.run(_tap("Kyiv"))
    text = page.run("document.querySelector('.leaflet-popup').innerText")
    for words in (
        "Ukraine",
        "NATO and the United States",
        "Russia and Belarus",
        "372 km",
        "Oreshnik",
    ):
        assert words in text
    assert "of the country" in text


def test_a_site_tells_its_kind_ranges_and_sources(opened: Open) -> None:
    page = opened("europe")
    page.run(_tap("Shuya"))
    text = page.run("document.querySelector('.leaflet-popup').textContent")
    for words in ("current deployment reported", "within about", "as Russia says", "verified"):
        assert words in text
    links = page.run(
        "[...document.querySelectorAll('.leaflet-popup .rm-sources a')]"
        ".map(a => [a.protocol, a.rel, a.textContent.length > 0])"
    )
    assert links
    assert all(
        scheme in ("http:", "https:") and "noopener" in rel and named
        for scheme, rel, named in links
    )


def test_keys_alone_open_and_close_a_popup(opened: Open) -> None:
    page = opened("europe")
    page.run(f"{_marker('Kyiv')}.focus()")
    page.key("Enter")
    page.wait("document.querySelector('.leaflet-popup')")
    assert page.run("document.activeElement.className") == "rm-pop"
    page.key("Escape")
    page.wait("!document.querySelector('.leaflet-popup')")
    page.wait(f"document.activeElement === {_marker('Kyiv')}")


def test_the_search_finds_a_capital(opened: Open) -> None:
    page = opened("asia-pacific")
    page.run(
        "(() => { const box = document.querySelector('.rm-search input'); box.value = 'manila';"
        " box.dispatchEvent(new Event('change')); })()"
    )
    page.wait(
        "(document.querySelector('.leaflet-popup') || {innerText: ''})"
        ".innerText.includes('Philippines')"
    )


def test_everything_that_takes_the_focus_has_a_name(opened: Open) -> None:
    page = opened("europe")
    nameless = page.run("""[...document.querySelectorAll(
          'button, a[href], input, summary, [tabindex="0"]')]
        .filter(node => !node.closest('[aria-hidden]'))
        .filter(node => !(node.getAttribute('aria-label') || node.textContent.trim()
          || node.title || (node.labels && node.labels.length)))
        .map(node => node.outerHTML.slice(0, 120))""")
    assert nameless == []


def test_on_a_phone_the_map_comes_first_and_the_panel_opens(opened: Open) -> None:
    page = opened("europe", 360, 740)
    share = "document.querySelector('.folium-map').clientHeight / innerHeight"
    assert page.run(share) > 0.6
    assert page.run("document.documentElement.scrollWidth") <= 360
    page.run("document.querySelector('.rm-toggle').click()")
    assert 0.25 < page.run(share) < 0.6
    assert page.run("document.querySelector('.rm-legend').getBoundingClientRect().height") > 40
    page.run("document.querySelector('.rm-toggle').click()")
    page.run(_tap("Kyiv"))
    assert "Ukraine" in page.run("document.querySelector('.rm-card').innerText")


def test_hostile_names_show_as_text_and_do_nothing(opened: Open) -> None:
    page = opened(HOSTILE)
    page.run("document.querySelectorAll('.rm-tree details').forEach(node => { node.open = true })")
    text = page.run("document.body.innerText")
    for shown in (
        "<script>window.hacked=4</script>",
        "<img src=x onerror=window.hacked=2> {{7*7}}",
        "{{7*7}} ''' ` ${window.hacked=7}",
        "@@rangemap:data@@ {% raw %} {# x #}",
        "<b>Bad</b>",
    ):
        assert shown in text
    assert page.run("document.title").startswith("</title></script><script>window.hacked=1")
    page.run(_tap("<script>"))
    said = "(document.querySelector('.leaflet-popup') || document.querySelector('.rm-card'))"
    assert "<!-- javascript:alert(9)" in page.run(f"{said}.innerText")
    assert page.run(
        f"[...{said}.querySelectorAll('a[href]')].every(a => /^http/.test(a.href)"
        " || a.href.endsWith('#close'))"
    )
    assert page.run("typeof window.hacked") == "undefined"
    assert page.run("document.querySelectorAll('img, #rm-panel script, #rm-panel b').length") == 0
    assert page.run("document.documentElement.scrollWidth <= innerWidth")


def test_the_policy_stops_a_script_that_got_in(chromium: Any, saved: Callable[[str], Path]) -> None:
    page = chromium.page()
    page.open(saved("europe"), "document.documentElement.dataset.rangemap === 'ready'")
    page.run(
        "(() => { const script = document.createElement('script');"
        " script.textContent = 'window.hacked = 1'; document.body.append(script); })()"
    )
    assert page.run("typeof window.hacked") == "undefined"
    page.close()


def test_marginal_places_have_a_symbol_and_say_what_it_hangs_on(opened: Open) -> None:
    page = opened("ssc-8")
    counts = page.run(
        "[...document.querySelectorAll('.rm-legend li')].map(n => [n.innerText.trim(), "
        "+n.querySelector('.rm-count').textContent])"
    )
    assert sum(number for _, number in counts) == 197
    marginal = next(number for words, number in counts if "marginal" in words)
    halves = page.run(f"{MIDDLE}.filter(n => n.querySelector('svg path[d^=\"M0-5A5\"]')).length")
    assert halves == marginal > 20
    page.run(_tap("Warsaw"))
    page.wait("document.querySelector('.rm-pop')")
    words = page.run("document.querySelector('.rm-pop').innerText")
    assert "hangs on: range estimate, site position and who says it" in words
    assert "2,350 km as Western sources say" in words


def test_the_edges_of_an_estimate_are_drawn_and_switched(opened: Open) -> None:
    page = opened("oreshnik")
    dotted = (
        "document.querySelectorAll('.leaflet-rm-lines-pane path[stroke-dasharray=\"1 4\"]').length"
    )
    shown = page.run(dotted)
    assert shown >= 1
    page.run(
        "[...document.querySelectorAll('.rm-leaf label')].filter("
        "n => n.textContent.includes('Lowest and highest'))"
        ".forEach(n => n.querySelector('input').click())"
    )
    assert page.run(dotted) == 0


def test_a_zone_that_hangs_on_a_position_is_half_filled(opened: Open) -> None:
    page = opened("europe")
    half = f"{_marker('Yaound')}.querySelector('svg path[d^=\"M0-5A5\"]') !== null"
    page.run("document.querySelectorAll('.rm-mode input')[1].click()")  # NATO: well within
    assert not page.run(half)
    page.run("document.querySelectorAll('.rm-mode input')[2].click()")  # Russia: 5,487 km
    assert page.run(half)
    assert "marginal" in page.run(f"{_marker('Yaound')}.getAttribute('aria-label')")
