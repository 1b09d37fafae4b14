"""The web map in a real Chromium: offline, quiet, complete, usable, and safe."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import pytest

import rangemap as rm
from rangemap.views.webmap import explore

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
HOSTILE = str(Path(__file__).with_name("hostile.toml"))
PLACES = "document.querySelectorAll('.leaflet-rm-places-pane .rm-marker').length"
LINES = "document.querySelectorAll('.leaflet-rm-lines-pane path:not(.rm-hit)').length"
COUNTS = (
    "[...document.querySelectorAll('.rm-legend li')]"
    ".map(n => [n.querySelector('input').dataset.key, +n.querySelector('.rm-count').textContent])"
)


def _counts(page: Any) -> dict[str, int]:
    return dict(page.run(COUNTS))


def _go(page: Any, name: str) -> None:
    """Find something by the search, as a reader does."""
    page.page.fill("#rm-search", name)
    page.key("Enter")
    page.wait("document.querySelector('.rm-card')")
    page.settle()


def _card(page: Any) -> str:
    text: str = page.run("document.querySelector('.rm-card').innerText")
    return text


# ---- The map


@pytest.mark.parametrize("scenario", ["europe", "asia-pacific", "europe-vs-china"])
def test_every_capital_is_shown_and_counted(opened: Open, scenario: str) -> None:
    page = opened(scenario)
    assert page.run(PLACES) >= 197
    named = page.run("rangemap.scene().symbols.filter(s => s.kind === 'place').map(s => s.name)")
    assert len(set(named)) == 197
    assert sum(_counts(page).values()) == 197
    page.shot(f"{scenario}-desktop")


@pytest.mark.parametrize("scenario", ["europe", "asia-pacific", "ssc-8", "oreshnik"])
def test_the_page_gives_the_verdicts_of_the_library(opened: Open, scenario: str) -> None:
    page = opened(scenario)
    analysis = rm.analyse(scenario)
    page.run("rangemap.set({on: new Set(rangemap.derived().available)})")
    for number, coalition in enumerate(analysis.scenario.coalitions):
        rows = analysis.place_rows[analysis.place_rows["coalition"] == coalition.id]
        found = page.run(
            f"rangemap.derived().rowsOf({number})"
            ".map(r => [r.own, r.zone, r.zoneMarginal, r.verdict, r.inBand, r.nearestKm])"
        )
        expected = (
            rows[["own_side", "zone", "zone_marginal", "verdict", "sites_in_band", "nearest_km"]]
            .to_numpy()
            .tolist()
        )
        assert [row[:5] for row in found] == [row[:5] for row in expected]
        assert [row[5] for row in found] == pytest.approx([row[5] for row in expected], abs=1e-6)


def test_folium_markers_and_popups_work_offline(opened: Open, tmp_path: Path) -> None:
    found = explore("europe")
    folium.Marker([50, 10], popup="A <b>note</b>", tooltip="hover").add_to(found)
    folium.GeoJson({"type": "Point", "coordinates": [5, 45]}).add_to(found)
    found.save(tmp_path / "own.html")
    page = opened(tmp_path / "own.html")
    assert page.run("document.querySelectorAll('img.leaflet-marker-icon').length") == 2
    page.run("document.querySelector('img.leaflet-marker-icon').click()")
    page.wait("document.querySelector('.leaflet-popup-content b')")
    assert page.run("document.querySelector('.leaflet-popup-content').innerText.trim()") == "A note"


def test_the_choice_of_coalition_changes_symbols_and_counts(opened: Open) -> None:
    page = opened("europe")
    before = _counts(page)
    page.click("input[name=rm-mode][value=c1]")
    page.settle()
    after = _counts(page)
    assert after != before
    rows = rm.analyse("europe").place_rows
    russia = rows[(rows["coalition"] == "russia-belarus") & ~rows["own_side"]]
    assert {k: v for k, v in after.items() if k != "own-side"} == russia[
        "zone"
    ].value_counts().to_dict()


def test_a_switch_shows_and_hides_a_ring(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-draw][value=rings]")
    page.settle()
    before = page.run(LINES)
    page.run("document.querySelectorAll('.rm-tree details').forEach(n => { n.open = true })")
    page.run("document.querySelector('.rm-leaf input').click()")
    page.settle()
    assert page.run(LINES) < before
    page.run("document.querySelector('.rm-leaf input:not(:checked)').click()")
    page.settle()
    assert page.run(LINES) == before


def test_a_group_switches_all_that_is_under_it_and_shows_when_some_is(opened: Open) -> None:
    page = opened("europe")
    group = "document.querySelector('.rm-level-0')"
    box = f"{group}.querySelector('label input')"
    leaves = f"[...{group}.querySelectorAll('.rm-leaf input')]"
    page.run(f"{leaves}[0].click()")
    page.settle()
    assert page.run(f"{box}.indeterminate")
    page.run(f"{box}.click()")
    page.settle()
    assert page.run(f"{leaves}.every(box => box.checked)")
    page.run(f"{leaves}[1].click()")
    page.settle()
    assert page.run(f"{box}.indeterminate")
    page.run(f"{box}.click()")
    page.settle()
    page.run(f"{box}.click()")
    page.settle()
    assert page.run(f"{leaves}.every(box => !box.checked)")
    assert not page.run(f"{box}.checked || {box}.indeterminate")


def test_switches_can_be_grouped_by_range(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-group][value=range]")
    page.settle()
    names = page.run("[...document.querySelectorAll('.rm-level-1 > label')].map(n => n.innerText)")
    assert any("9M729" in name for name in names)
    assert any("Banned range" in name for name in names)


def test_the_counts_follow_the_switches(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-mode][value=c1]")
    page.settle()
    before = _counts(page)
    page.run("rangemap.set({on: new Set(rangemap.derived().active.slice(0, 1))})")
    page.settle()
    assert _counts(page) != before


def test_a_legend_line_hides_its_places(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-mode][value=c1]")
    page.settle()
    far = _counts(page)["beyond-5500"]
    before = page.run(PLACES)
    page.click(".rm-legend input[data-key=beyond-5500]")
    page.settle()
    places = "rangemap.scene().symbols.filter(s => s.kind === 'place').length"
    assert page.run(places) == 197 - far
    assert page.run(PLACES) < before


def test_overlap_counts_exactly_what_covers_a_point(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-draw][value=overlap]")
    page.settle()
    page.wait("document.querySelectorAll('.leaflet-rm-overlap-pane canvas').length > 0")
    assert page.run("document.querySelectorAll('.rm-classes li').length") >= 4
    page.run("rangemap.map.setView([44, -20], 4, {animate: false})")  # the Atlantic
    page.settle()
    page.page.mouse.click(350 + (1280 - 350) / 2, 400)
    page.wait("document.querySelector('.rm-card')")
    said = _card(page)
    match = re.search(r"(\d+) of (\d+) range bands", said)
    assert match, said
    at = page.run("rangemap.state().selected")
    bands = rm.range_bands("europe")
    km = rm.geodesy.distance_km(bands["site_lon"], bands["site_lat"], at["lon"], at["lat"])
    assert int(match[1]) == int(((km >= bands["min_km"]) & (km <= bands["max_km"])).sum())
    assert int(match[2]) == len(bands)
    page.shot("overlap")


def _ask_for_year(page: Any, year: str) -> None:
    """Switch the year on, and type one; it is not entered yet."""
    page.run("document.querySelector('#rm-filters').open = true")
    page.page.check("#rm-year-on")
    page.page.fill(".rm-year-number", year)


def test_a_year_brings_back_the_bases_of_its_time(opened: Open) -> None:
    page = opened("europe")
    _ask_for_year(page, "1987")
    page.key("Enter")
    page.settle()
    assert page.run("rangemap.state().year") == 1987
    then = rm.analyse(rm.read_scenario("europe", as_of=1987))
    names = page.run(
        "[...new Set(rangemap.derived().available.map(i => rangemap.scene() && i))].length"
    )
    assert names == len(then.bands)
    ussr = page.run("rangemap.derived().modes")
    number = next(mode for mode in ussr if mode not in ("comparison", "c0"))
    page.click(f"input[name=rm-mode][value={number}]")
    page.settle()
    rows = then.place_rows[(then.place_rows["coalition"] == "ussr") & ~then.place_rows["own_side"]]
    found = {k: v for k, v in _counts(page).items() if k != "own-side" and v}
    assert found == rows["zone"].value_counts().to_dict()
    page.shot("year-1987")


def test_a_year_that_is_being_typed_is_not_written_over(opened: Open) -> None:
    page = opened("europe")
    _ask_for_year(page, "1987")
    page.run("rangemap.set({draw: 'rings'})")
    page.settle()
    page.key("Enter")
    page.settle()
    assert page.run("rangemap.state().year") == 1987
    page.run("rangemap.set({year: 1995})")
    page.settle()
    shown = "document.querySelector('.rm-year-number').value"
    assert page.run(shown) == "1995"
    for wrong in ("1800", ""):
        page.page.fill(".rm-year-number", wrong)
        page.key("Tab")
        assert page.run(shown) == "1995"
    page.page.focus(".rm-year-number")
    page.key("Backspace")
    page.run("rangemap.set({year: 1990})")
    page.key("5")
    page.key("Tab")
    assert page.run(shown) == "1990"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_year_that_is_typed_and_then_switched_on_is_that_year(
    opened: Open, at_once: bool
) -> None:
    page = opened("europe")
    page.run("document.querySelector('#rm-filters').open = true")
    page.page.fill(".rm-year-number", "1987")
    if at_once:  # a tap: the box is switched before anything is drawn again
        page.run("""(() => {
            document.querySelector('.rm-year-number').dispatchEvent(new Event('change'));
            document.querySelector('#rm-year-on').click();
        })()""")
    else:
        page.page.click("#rm-year-on", delay=60)
    page.settle()
    assert page.run("rangemap.state().year") == 1987


def test_a_year_leaves_the_readers_switches_alone(opened: Open) -> None:
    page = opened("europe")
    _ask_for_year(page, "1985")
    page.key("Enter")
    page.settle()
    page.run("rangemap.set({on: new Set()})")
    page.page.fill(".rm-year-number", "1986")
    page.key("Enter")
    page.settle()
    assert page.run("rangemap.derived().active.length") == 0
    page.page.fill(".rm-year-number", "1995")
    page.key("Enter")
    page.settle()
    assert "could launch in 1995" in page.run("document.querySelector('.rm-hint').innerText")


def test_nothing_switched_on_is_no_finding(opened: Open) -> None:
    page = opened("europe-vs-china", at="#on=none")
    assert "no verdict" in page.run("document.querySelector('.rm-trouble').innerText")
    assert "neither" not in page.run("rangemap.csv()")
    _go(page, "Warsaw")
    assert "neither" not in _card(page)


def test_a_filter_by_the_treatys_terms_takes_ranges_away(opened: Open) -> None:
    page = opened("asia-pacific")
    page.run("document.querySelector('#rm-filters').open = true")
    before = page.run("rangemap.derived().available.length")
    page.page.uncheck("#rm-filters input[value=covered-if-party]")
    page.settle()
    assert page.run("rangemap.derived().available.length") < before


def test_the_edges_of_an_estimate_are_drawn_and_switched(opened: Open) -> None:
    page = opened("oreshnik")
    dotted = (
        "document.querySelectorAll('.leaflet-rm-lines-pane path[stroke-dasharray=\"1 4\"]').length"
    )
    assert page.run(dotted) >= 1
    page.page.get_by_label("Lowest and highest estimates").uncheck()
    page.settle()
    assert page.run(dotted) == 0


# ---- Cards and the table


def test_a_capital_tells_who_reaches_it_from_where_and_by_how_much(opened: Open) -> None:
    page = opened("europe")
    _go(page, "Kyiv")
    text = _card(page)
    for words in ("Ukraine", "NATO and the United States", "Russia and Belarus", "372 km"):
        assert words in text
    assert "of the country" in text
    page.run("document.querySelectorAll('.rm-card details').forEach(n => { n.open = true })")
    reach = page.run("document.querySelector('.rm-card .rm-reach').innerText")
    assert re.search(r"[\d,]+\.\d km away, margin [\d,]+\.\d km: inside", reach)
    assert "Source:" in reach
    assert page.run("document.querySelectorAll('.rm-card .rm-reach a[href^=http]').length") > 0
    page.shot("card")


def test_a_site_tells_its_kind_ranges_and_sources(opened: Open) -> None:
    page = opened("europe")
    _go(page, "Shuya")
    text = page.run("document.querySelector('.rm-card').textContent")
    for words in ("current deployment reported", "within about", "as Russia says", "verified"):
        assert words in text
    links = page.run(
        "[...document.querySelectorAll('.rm-card .rm-sources a')]"
        ".map(a => [a.protocol, a.rel, a.textContent.length > 0])"
    )
    assert links
    assert all(
        scheme in ("http:", "https:") and "noopener" in rel and named
        for scheme, rel, named in links
    )


def test_a_click_on_a_symbol_and_on_a_line_opens_a_card(opened: Open) -> None:
    page = opened("europe")
    at = page.run(
        "(() => { const p = rangemap.map.latLngToContainerPoint([50.45466, 30.5238]);"
        " const b = rangemap.map.getContainer().getBoundingClientRect();"
        " return [b.left + p.x, b.top + p.y]; })()"
    )
    page.page.mouse.click(*at)
    page.wait("document.querySelector('.rm-card')")
    page.key("Escape")
    page.wait("!document.querySelector('.rm-card')")
    page.run(
        "document.querySelector('.rm-hit').dispatchEvent(new MouseEvent('click', "
        "{bubbles: true, clientX: 700, clientY: 400}))"
    )
    page.wait("document.querySelector('.rm-card')")
    assert "sites" in _card(page)


def test_keys_alone_reach_a_capital_and_come_back(opened: Open) -> None:
    page = opened("europe")
    page.page.focus("#rm-search")
    page.page.keyboard.type("kyi")
    page.key("ArrowDown")
    page.key("Enter")
    page.wait("document.querySelector('.rm-card')")
    page.settle()
    assert page.run("document.activeElement.className") == "rm-card"
    page.key("Escape")
    page.wait("!document.querySelector('.rm-card')")
    assert page.run("document.activeElement.id") == "rm-search"
    page.page.focus(".leaflet-container")
    page.key("n")
    page.wait("document.querySelector('.rm-card')")


def test_the_table_sorts_filters_and_follows(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-mode][value=c1]")
    page.key("t")
    page.wait("!document.querySelector('#rm-page-table').hidden")
    page.settle()
    rows = "[...document.querySelectorAll('#rm-table tbody tr')]"
    assert page.run(f"{rows}.length") == 197
    page.click("th.rm-col-km button")
    page.settle()
    cell = "r.querySelector('.rm-col-km').textContent"
    km = page.run(f"{rows}.map(r => +{cell}.replace(/,/g, ''))")
    assert km == sorted(km)
    assert (
        page.run("document.querySelector('th.rm-col-km').getAttribute('aria-sort')") == "ascending"
    )
    page.page.fill(".rm-filter", "germ")
    page.settle()
    assert page.run(f"{rows}.map(r => r.innerText).join()").count("Berlin") == 1
    assert page.run(f"{rows}.length") == 1
    page.click("#rm-table tbody button")
    page.wait("document.querySelector('.rm-card')")
    assert "Germany" in _card(page)
    page.click(".rm-widen")
    page.settle()
    assert page.run("document.querySelector('.rm-col-country').offsetWidth") > 0
    page.shot("table-wide")


def test_the_table_downloads_as_csv_with_the_librarys_numbers(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-mode][value=c1]")
    page.click("#rm-tab-table")
    page.settle()
    with page.page.expect_download() as waiting:
        page.click(".rm-download")
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    rows = {row["place_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 197
    table = rm.analyse("europe").place_rows
    for row in table[table["coalition"] == "russia-belarus"].to_dict("records"):
        found = rows[row["place_id"]]
        assert float(found["distance_km"]) == pytest.approx(row["nearest_km"], abs=0.001)
        assert found["nearest"] == row["nearest_site"]
        assert found["verdict"] == ("own-side" if row["own_side"] else row["zone"])


def test_a_cell_of_the_csv_is_never_a_formula(opened: Open) -> None:
    page = opened(HOSTILE)
    for line in page.run("rangemap.csv()").splitlines()[1:]:
        for cell in next(csv.reader([line])):
            assert cell[:1] not in "=@\t" or not cell


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("manila", "Philippines"),
        ("japan", "Tokyo"),
        ("phnom", "Cambodia"),
        ("df-26", "China"),
        ("Andersen", "Launch site"),
    ],
)
def test_the_search_finds_capitals_countries_sites_and_systems(
    opened: Open, typed: str, words: str
) -> None:
    page = opened("asia-pacific")
    _go(page, typed)
    assert words in _card(page)


# ---- What-if


def test_a_point_of_ones_own_shows_what_comes_into_range(opened: Open) -> None:
    page = opened("europe")
    page.key("w")
    page.settle()
    assert page.run("!document.querySelector('.rm-hint').hidden")
    page.page.mouse.click(800, 400)
    page.wait("document.querySelector('.rm-point')")
    page.settle()
    point = page.run("rangemap.state().own[0]")
    capitals = rm.read_capitals()
    km = rm.geodesy.distance_km(point["lon"], point["lat"], capitals["lon"], capitals["lat"])
    assert _counts_inside(page) == int((km <= 2500).sum())
    page.page.fill(".rm-max", "1000")
    page.key("Enter")
    page.settle()
    assert _counts_inside(page) == int((km <= 1000).sum())
    page.page.fill(".rm-min", "400")
    page.key("Enter")
    page.settle()
    assert _counts_inside(page) == int(((km >= 400) & (km <= 1000)).sum())
    assert "not sourced" in page.run("document.querySelector('.rm-banner').innerText")
    assert "not sourced" in page.run("rangemap.csv()")
    page.shot("what-if")
    page.click(".rm-banner .rm-reset")
    page.settle()
    assert page.run("rangemap.state().own.length") == 0
    assert page.run("rangemap.state().mode") == "comparison"
    assert page.run("document.querySelector('.rm-banner').hidden")


def _counts_inside(page: Any) -> int:
    text = page.run("document.querySelector('.rm-found').textContent")
    return int(text.split(" ")[0])


def test_a_point_is_dragged_and_its_ring_follows(opened: Open) -> None:
    page = opened("europe", at="#w=20,50,0,1500&m=own")
    before = page.run("rangemap.scene().lines.find(l => l.key === 'w1o').lines[0][0]")
    at = page.run(
        "(() => { const n = [...document.querySelectorAll('.rm-marker.rm-own')]"
        ".map(m => m.getBoundingClientRect()).find(r => r.left > 350 && r.left < 1280);"
        " return [n.left + n.width / 2, n.top + n.height / 2]; })()"
    )
    page.page.mouse.move(*at)
    page.page.mouse.down()
    page.page.mouse.move(at[0] + 40, at[1] + 30, steps=5)
    page.settle()
    page.page.mouse.up()
    page.settle()
    point = page.run("rangemap.state().own[0]")
    assert point["lon"] > 21
    assert point["lat"] < 49.5
    assert page.run("rangemap.scene().lines.find(l => l.key === 'w1o').lines[0][0]") != before
    after = page.run(
        "rangemap.whatIf({lon: rangemap.state().own[0].lon, lat: rangemap.state().own[0].lat,"
        " max_km: 1500}).filter(p => p.verdict === 'inside').length"
    )
    assert _count_of(page, "inside") == after


def _count_of(page: Any, key: str) -> int:
    page.click("#rm-tab-legend")
    page.settle()
    return _counts(page)[key]


def test_a_site_is_moved_and_put_back(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-mode][value=c1]")
    page.settle()
    before = _counts(page)
    _go(page, "Shuya")
    page.page.get_by_role("button", name="Try another place").click()
    page.settle()
    site = page.run("rangemap.state().selected.index")
    page.run(f"rangemap.set({{moved: new Map([[{site}, [-160, -30]]])}})")
    page.settle()
    assert _counts(page) != before
    assert "moved by you" in _card(page)
    page.page.get_by_role("button", name="Put it back").click()
    page.settle()
    assert _counts(page) == before


def test_the_measure_tool_gives_the_geodesic_to_the_metre(opened: Open) -> None:
    page = opened("europe")
    page.key("m")
    page.settle()
    page.page.mouse.click(600, 300)
    page.page.mouse.click(900, 500)
    page.settle()
    a, b = page.run("rangemap.state().measure")
    expected = float(rm.geodesy.distance_km(*a, *b))
    text = page.run("document.querySelector('#rm-page-whatif').innerText")
    found = re.search(r": ([\d,]+\.\d{3}) km", text)
    assert found, text
    assert float(found[1].replace(",", "")) == pytest.approx(expected, abs=0.001)


def test_units_change_everywhere(opened: Open) -> None:
    page = opened("europe")
    page.click("#rm-tab-notes")
    page.page.select_option("#rm-units", "nmi")
    page.settle()
    _go(page, "Kyiv")
    assert "201 nmi" in _card(page)  # 372 km
    assert "nmi" in page.run("document.querySelector('.rm-scale').textContent")


# ---- Comparison


def test_two_maps_side_by_side_move_together(opened: Open) -> None:
    page = opened("europe-vs-china")
    page.key("s")
    page.settle()
    maps = "document.querySelectorAll('#rm-stage .leaflet-container')"
    assert page.run(f"[...{maps}].filter(n => n.offsetWidth > 200).length") == 2
    page.run("rangemap.map.setView([30, 100], 3.5, {animate: false})")
    page.settle()
    heads = page.run("[...document.querySelectorAll('.rm-side')].map(n => n.innerText)")
    assert len(heads) == 2
    assert all(re.search(r": \d+", head) for head in heads)
    at = "[m.getCenter().lng, m.getCenter().lat, m.getZoom()]"
    first = page.run(f"(m => {at})(rangemap.map)")
    second = page.run(f"(m => {at})(rangemap.second())")
    assert second == pytest.approx(first, abs=0.05)
    page.run("rangemap.second().setView([10, 20], 3, {animate: false})")
    page.settle()
    assert page.run(f"(m => {at})(rangemap.map)") == pytest.approx([20, 10, 3], abs=0.05)
    page.shot("side-by-side")


def test_the_single_map_compares_with_counts(opened: Open) -> None:
    page = opened("europe-vs-china")
    counts = _counts(page)
    comparison = rm.analyse("europe-vs-china").comparison
    assert comparison is not None
    expected = comparison.summary["counts"]
    for key in ("a-only", "b-only", "both", "neither"):
        assert counts.get(key, 0) == expected[key]
    page.click("#rm-tab-table")
    page.page.select_option(".rm-tools select", "both")
    page.settle()
    assert page.run("document.querySelectorAll('#rm-table tbody tr').length") == expected["both"]


# ---- State and picture


def test_a_link_opens_the_same_picture(opened: Open) -> None:
    page = opened("europe")
    page.click("input[name=rm-draw][value=rings]")
    page.click("input[name=rm-mode][value=c1]")
    page.run("document.querySelector('.rm-level-1 > label input').click()")
    page.run("rangemap.map.setView([52.5, 31.25], 5, {animate: false})")
    page.run(
        "rangemap.set({own: [{id: 1, lon: 12.5, lat: 41.9, min: 100, max: 900}], units: 'mi'})"
    )
    page.run("rangemap.set({moved: new Map([[0, [10, 50]]]), hidden: new Set(['beyond-5500'])})")
    page.settle()
    page.wait("location.hash.includes('w=')")
    address = page.run("location.hash")
    again = opened("europe", at=address)
    state = (
        "(() => { const s = rangemap.state(); return JSON.stringify([[...s.on].sort(), s.draw,"
        " s.mode, s.own, [...s.moved], s.units, [...s.hidden]]); })()"
    )
    assert again.run(state) == page.run(state)
    view = "(v => [v.lon, v.lat, v.kmPerPixel])(rangemap.state().view)"
    assert again.run(view) == pytest.approx(page.run(view), abs=0.03)
    assert again.run("document.querySelectorAll('.rm-legend .rm-count').length") > 0


@pytest.mark.parametrize(
    "address",
    [
        "#v=9999,0,1&on=0-999999999&w=a,b,c,d&y=1e9&m=<script>&sel=place:%3Cimg%3E&p=moon",
        "#%E0%A4%A&v=,,&on=-1--5&mv=0,900,900&hide=a'b&u=parsec&t=%00&ms=1,2",
        "#" + "w=0,0,0,1;" * 5000,
    ],
)
def test_an_address_that_is_nonsense_is_left_out(opened: Open, address: str) -> None:
    page = opened("europe", at=address)
    assert sum(_counts(page).values()) == 197


def test_an_address_of_another_edition_keeps_its_view_only(opened: Open) -> None:
    page = opened("europe", at="#v=30,50,5&on=none&ed=00000000")
    assert page.run("rangemap.state().on.size") > 0
    assert "another edition" in page.run("document.querySelector('.rm-toast').innerText")


def test_the_picture_is_saved_with_legend_and_sources(opened: Open, tmp_path: Path) -> None:
    from PIL import Image

    page = opened("europe", at="#w=20,50,0,1500")
    with page.page.expect_download() as waiting:
        page.click(".rm-tool-image")
    file = tmp_path / "picture.png"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename.endswith("what-if.png")
    image = Image.open(file)
    assert image.width >= 1800
    colors = image.convert("RGB").getcolors(1 << 24)
    assert colors
    assert len(colors) > 500
    file.replace(page.shot("picture").with_name("saved-picture.png"))


def test_the_picture_of_two_maps_shows_both(opened: Open) -> None:
    page = opened("europe-vs-china", at="#s=1")
    wide, high = page.run("(c => [c.width, c.height])(rangemap.picture())")
    assert wide > 2000
    assert high > 800
    with page.page.expect_download() as waiting:
        page.click(".rm-tool-image")
    page.shot("x").unlink()
    waiting.value.save_as(page.shot("side-by-side-picture"))
    assert "side-by-side" in waiting.value.suggested_filename


def test_the_page_prints_with_its_legend(opened: Open, tmp_path: Path) -> None:
    page = opened("europe")
    pdf = page.page.pdf(path=str(tmp_path / "page.pdf"))
    from pypdf import PdfReader

    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    assert "Russian and Belarusian sites only" in text
    assert "ended on 2 August 2019" in text
    assert "In range does not mean" in text


# ---- Telephone, names, safety


def test_on_a_phone_the_map_comes_first_and_the_panel_opens(opened: Open) -> None:
    page = opened("europe", 360, 740)
    share = "document.querySelector('#rm-stage').clientHeight / innerHeight"
    assert page.run(share) > 0.6
    assert page.run("document.documentElement.scrollWidth") <= 360
    page.shot("phone")
    page.page.tap(".rm-toggle")
    page.settle()
    assert 0.25 < page.run(share) < 0.6
    assert page.run("document.querySelector('.rm-legend').getBoundingClientRect().height") > 40
    page.shot("phone-panel")
    page.page.tap(".rm-toggle")
    page.run("rangemap.set({selected: {kind: 'place', index: 0}})")
    page.settle()
    assert page.run("document.querySelector('.rm-card').getBoundingClientRect().right") <= 360
    page.shot("phone-card")


def test_hostile_names_show_as_text_and_do_nothing(opened: Open) -> None:
    page = opened(HOSTILE)
    page.run("document.querySelectorAll('.rm-tree details').forEach(node => { node.open = true })")
    text = page.run("document.body.innerText")
    for shown in (
        "<script>window.hacked=4</script>",
        "<img src=x onerror=window.hacked=2> {{7*7}}",
        "{{7*7}} ''' ` ${window.hacked=7}",
        "<b>Bad</b>",
    ):
        assert shown in text
    assert page.run("document.title").startswith("</title></script><script>window.hacked=1")
    for tab in ("table", "whatif", "notes"):
        page.click(f"#rm-tab-{tab}")
        page.settle()
    for index in range(page.run("rangemap.scene().symbols.filter(s => s.kind === 'site').length")):
        page.run(f"rangemap.set({{selected: {{kind: 'site', index: {index}}}}})")
        page.settle()
        assert page.run(
            "[...document.querySelectorAll('.rm-card a[href]')].every(a => /^https?:/.test(a.href))"
        )
    page.key("Escape")
    page.run("rangemap.set({projection: 'globe'})")
    page.settle()
    assert page.run("typeof window.hacked") == "undefined"
    assert page.run("document.querySelectorAll('img, #rm-panel script, #rm-panel b').length") == 0
    assert page.run("document.documentElement.scrollWidth <= innerWidth")
    assert page.run("rangemap.picture().toDataURL().length") > 10_000


def test_the_policy_stops_a_script_that_got_in(opened: Open) -> None:
    page = opened("europe")
    page.run(
        "(() => { const script = document.createElement('script');"
        " script.textContent = 'window.hacked = 1'; document.body.append(script); })()"
    )
    assert page.run("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in line for line in page.said)
    page.said.clear()


# ---- Marginal verdicts


def test_marginal_places_have_a_symbol_and_say_what_it_hangs_on(opened: Open) -> None:
    page = opened("ssc-8")
    counts = _counts(page)
    assert sum(counts.values()) == 197
    halves = page.run(
        "[...document.querySelectorAll('.rm-place')]"
        ".filter(n => n.querySelector('svg path[d^=\"M0-5A5\"]')).length"
    )
    assert halves >= counts["marginal"] > 20
    _go(page, "Warsaw")
    words = _card(page)
    assert "hangs on: range estimate, site position and who says it" in words
    assert "2,350 km as Western sources say" in words


def test_a_zone_that_hangs_on_a_position_is_half_filled(opened: Open) -> None:
    page = opened("europe")
    place = page.run("rangemap.scene().symbols.find(s => s.name.startsWith('Yaound')).index")
    marginal = f"rangemap.derived().marks[{place}].marginal"
    page.click("input[name=rm-mode][value=c0]")
    page.settle()
    assert not page.run(marginal)
    page.click("input[name=rm-mode][value=c1]")
    page.settle()
    assert page.run(marginal)
    assert "half" in page.run(
        f"rangemap.scene().symbols.find(s => s.kind === 'place' && s.index === {place}).look"
    )


def test_it_shows_itself_in_a_notebook(opened: Open, chromium: Any, tmp_path: Path) -> None:
    """Jupyter puts what `_repr_html_` gives into its own page."""
    file = tmp_path / "notebook.html"
    shown = explore("oreshnik")._repr_html_()
    file.write_text(f"<!DOCTYPE html><title>n</title><body>{shown}", encoding="utf-8")
    page = chromium.new_page()
    said: list[str] = []
    page.on("pageerror", lambda problem: said.append(str(problem)))
    page.goto(file.as_uri())
    frame = page.frames[1]
    for _ in range(200):
        if frame.evaluate("document.documentElement.dataset.rangemapWorld === 'fine'"):
            break
        page.wait_for_timeout(50)
    frame.evaluate("rangemap.set({projection: 'globe'})")
    frame.evaluate("rangemap.map.setView([50, 20], 4, {animate: false}) && undefined")
    page.wait_for_timeout(400)  # the address is tried
    assert frame.evaluate("document.querySelectorAll('.rm-legend li').length") > 2
    assert said == []
    page.close()


def test_polygons_of_ones_own_are_drawn_on_both(opened: Open, tmp_path: Path) -> None:
    countries = rm.read_countries()
    areas = countries[countries["iso_a3"].isin(["RUS", "FJI", "ATA"])]
    explore(areas).save(tmp_path / "areas.html")
    page = opened(tmp_path / "areas.html")
    assert page.run(LINES) == 3
    page.run("rangemap.set({selected: {kind: 'area', index: 0}})")
    page.settle()
    assert "Antarctica" in _card(page)
    page.run("rangemap.set({projection: 'globe'})")
    page.settle()
    page.shot("areas-globe")


def test_a_scenario_of_ones_own_works_like_the_others(opened: Open, tmp_path: Path) -> None:
    case = rm.own_case(["178,-70,South", "0,90"], ranges=[0.001, 12_345.678, 19_950])
    explore(case).save(tmp_path / "own.html")
    page = opened(tmp_path / "own.html")
    assert sum(_counts(page).values()) == 197
    page.run("rangemap.set({projection: 'globe', draw: 'rings'})")
    page.settle()
    page.run("rangemap.set({projection: 'map', draw: 'overlap'})")
    page.settle()


def test_the_globe_shows_the_same_and_answers_to_hand_and_key(opened: Open) -> None:
    page = opened("europe")
    page.key("g")
    page.settle()
    assert page.run("document.querySelector('#rm-globe canvas').offsetWidth") > 500
    before = page.run("rangemap.state().view")
    page.page.mouse.move(800, 400)
    page.page.mouse.down()
    page.page.mouse.move(900, 420, steps=5)
    page.page.mouse.up()
    page.settle()
    turned = page.run("rangemap.state().view")
    assert turned["lon"] < before["lon"] - 5
    page.page.mouse.wheel(0, -300)
    page.settle()
    assert page.run("rangemap.state().view.kmPerPixel") < turned["kmPerPixel"]
    page.page.focus("#rm-globe canvas")
    page.key("ArrowRight")
    page.settle()
    assert page.run("rangemap.state().view.lon") != turned["lon"]
    page.run("rangemap.go({lon: 30.5, lat: 50.4, kmPerPixel: 6})")
    page.settle()
    x, y = page.run(
        "(() => { const [x, y] = rangemap.globe().pixelOf([30.5238, 50.45466]);"
        " const b = document.querySelector('#rm-globe canvas').getBoundingClientRect();"
        " return [b.left + x, b.top + y]; })()"
    )
    page.page.mouse.click(x, y)
    page.wait("document.querySelector('.rm-card')")
    assert "Ukraine" in _card(page)
    page.click("input[name=rm-mode][value=c1]")
    page.settle()
    page.shot("globe")
    page.click(".rm-tool-globe")
    page.settle()
    assert page.run("document.querySelector('.leaflet-container').offsetWidth") > 500


def test_tiles_are_fetched_from_the_named_host_alone_and_the_page_says_so(
    chromium: Any, tmp_path: Path
) -> None:
    file = tmp_path / "online.html"
    address = "https://tile.example.org/{z}/{x}/{y}.png"
    explore("oreshnik", tiles=address, attribution="<b>Example</b>").save(file)
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="image/png", body=PIXEL)

    context.route(re.compile("^https?://"), answer)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    page.wait_for_timeout(800)
    assert asked
    assert all(url.startswith("https://tile.example.org/") for url in asked)
    assert page.evaluate("document.querySelectorAll('.leaflet-tile-loaded[src]').length") > 0
    credit = page.evaluate("document.querySelector('.leaflet-control-attribution').innerText")
    assert "<b>Example</b>" in credit
    assert "goes online" in page.evaluate("document.body.innerText")
    page.evaluate("void (new Image().src = 'https://other.example.org/x.png')")
    page.wait_for_timeout(200)
    assert not any("other.example" in url for url in asked)
    assert any("Content Security Policy" in line for line in said)
    context.close()


@pytest.mark.parametrize("at", ["#p=globe", "#s=1"])
def test_a_page_may_start_on_the_globe_or_side_by_side(opened: Open, at: str) -> None:
    page = opened("europe-vs-china", at=at)
    page.run("rangemap.set({projection: 'map', split: true})")
    page.settle()
    maps = page.run(
        "[...document.querySelectorAll('#rm-stage .leaflet-rm-world-pane')]"
        ".map(pane => pane.querySelectorAll('canvas').length)"
    )
    assert len(maps) == 2
    assert all(count > 0 for count in maps)
    assert page.run("document.querySelector('.rm-toast').innerText") == ""
