"""No seam, hairline or hole at +-180 or at the poles, on map and globe: counted in pixels."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
Pixels = npt.NDArray[np.int16]

PACIFIC = """
format = 1
title = "Round the date line"
[[coalitions]]
id = "us"
name = "Round"
color = "#1f5fa8"
[[sites]]
id = "fiji"
name = "Fiji"
lon = 179.5
lat = -17
[[sites]]
id = "chukotka"
name = "Chukotka"
lon = -178
lat = 66
[[sites]]
id = "antarctica"
name = "Antarctica"
lon = 40
lat = -80
[[launches]]
coalition = "us"
sites = ["fiji", "chukotka", "antarctica"]
systems = "none"
[[launches.ranges]]
min_km = 300
max_km = 2500
[[launches.ranges]]
max_km = 11000
"""


@pytest.fixture
def pacific(tmp_path: Path) -> Path:
    from rangemap.views.webmap import explore

    (tmp_path / "pacific.toml").write_text(PACIFIC, encoding="utf-8")
    explore(tmp_path / "pacific.toml").save(tmp_path / "pacific.html")
    return tmp_path / "pacific.html"


def _picture(page: Any) -> tuple[Pixels, float, float]:
    """Return the pixels of the map without what lies on it, and its middle."""
    page.settle()
    page.page.wait_for_timeout(400)  # the fine world is painted when the view rests
    page.page.add_style_tag(
        content=".rm-label, .rm-toolbar, .rm-caveat, .rm-scale, .rm-marker, .rm-toggle,"
        " .leaflet-control-attribution { visibility: hidden !important }"
    )
    box = page.run(
        "(() => { const b = document.querySelector('#rm-stage').getBoundingClientRect();"
        " return {x: b.left, y: b.top, width: b.width, height: b.height}; })()"
    )
    image = Image.open(io.BytesIO(page.page.screenshot(clip=box))).convert("RGB")
    return np.asarray(image).astype(np.int16), box["width"] / 2, box["height"] / 2


def _seam_rows(pixels: Pixels, x: float, reach: int = 4) -> float:
    """Return the share of rows in which the column differs from two equal neighbours."""
    column = round(x)
    left = pixels[:, column - reach - 1]
    right = pixels[:, column + reach]
    alike = np.abs(left - right).max(axis=1) <= 2
    middle = pixels[:, column - 2 : column + 2]
    off = np.abs(middle - left[:, None]).max(axis=(1, 2)) > 6
    return float((alike & off).sum() / max(1, alike.sum()))


def _unlike(a: Pixels, b: Pixels) -> float:
    """Return the share of pixels that differ, wherever within a pixel the picture begins."""
    shifts = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    apart = [np.abs(np.roll(a, shift, axis=(1, 0)) - b).max(axis=2) for shift in shifts]
    return float((np.min(apart, axis=0) > 24).mean())


def _look(page: Any, view: dict[str, float], projection: str) -> None:
    page.run(
        "([view, projection]) => { rangemap.set({projection}); rangemap.go(view); }",
        [view, projection],
    )


VIEWS = [
    (180.0, 66.0, 3.0),  # Chukotka
    (180.0, -17.0, 2.0),  # Fiji
    (180.0, 70.5, 1.0),  # Wrangel
    (180.0, 0.0, 25.0),
    (-180.0, -78.0, 6.0),  # Antarctica
]


@pytest.mark.parametrize("projection", ["map", "globe"])
@pytest.mark.parametrize("bands", [False, True])
def test_nothing_shows_along_the_date_line(
    opened: Open, pacific: Path, projection: str, bands: bool
) -> None:
    page = opened(pacific)
    shown = "rangemap.derived().available" if bands else "[]"
    page.run(f"rangemap.set({{on: new Set({shown})}})")
    # The graticule of the globe has a line just there.
    page.run("void (rangemap.scene().colors.graticule = rangemap.scene().colors.sea)")
    for lon, lat, scale in VIEWS:
        _look(page, {"lon": lon, "lat": lat, "kmPerPixel": scale}, projection)
        pixels, x, _ = _picture(page)
        assert _seam_rows(pixels, x) < 0.03, (lon, lat)


@pytest.mark.parametrize("lat", [90.0, -90.0])
def test_the_globe_has_no_hole_at_a_pole(opened: Open, pacific: Path, lat: float) -> None:
    page = opened(pacific)
    page.run("rangemap.set({on: new Set()})")
    _look(page, {"lon": 0.0, "lat": lat, "kmPerPixel": 4.0}, "globe")
    pixels, x, y = _picture(page)
    around = pixels[round(y) - 40 : round(y) + 40, round(x) - 40 : round(x) + 40].reshape(-1, 3)
    expected = np.array([0xE3, 0xED, 0xF5] if lat > 0 else [0xF4, 0xEF, 0xE6])
    share = float((np.abs(around - expected).max(axis=1) < 4).mean())
    assert share > (0.9 if lat > 0 else 0.99)


@pytest.mark.parametrize("projection", ["map", "globe"])
def test_a_range_that_encloses_a_pole_is_filled_over_it(
    opened: Open, pacific: Path, projection: str
) -> None:
    page = opened(pacific)
    page.run("rangemap.set({on: new Set(), own: [{id: 1, lon: 20, lat: 70, min: 0, max: 5500}]})")
    lat = 90.0 if projection == "globe" else 82.0
    _look(page, {"lon": -150.0, "lat": lat, "kmPerPixel": 1.0}, projection)  # the Arctic Ocean
    pixels, x, y = _picture(page)
    sea = np.array([0xE3, 0xED, 0xF5])
    around = pixels[round(y) - 30 : round(y) + 30, round(x) - 30 : round(x) + 30].reshape(-1, 3)
    tinted = np.abs(around - sea).max(axis=1) > 8
    assert tinted.mean() > 0.98


def test_the_map_goes_on_east_and_west_with_everything_on_it(opened: Open, pacific: Path) -> None:
    page = opened(pacific)
    seen = []
    for lon in (-360.0, 0.0, 360.0, 1080.0):
        page.run(f"rangemap.map.setView([10, {lon + 170}], 3, {{animate: false}})")
        pixels, _, _ = _picture(page)
        seen.append(pixels)
    for pixels in seen[1:]:
        assert _unlike(pixels, seen[0]) < 0.002


def test_every_world_lies_where_the_first_one_does_at_any_zoom(opened: Open, pacific: Path) -> None:
    """Tiles are for whole zooms; redrawn between two, they must not drift apart."""
    page = opened(pacific)
    page.run("rangemap.set({on: new Set(), draw: 'overlap'})")
    for zoom in (2.25, 2.5, 2.75, 3.25):
        seen = []
        for lon in (-190.0, 170.0):
            page.run(f"void rangemap.map.setView([20, {lon}], {zoom}, {{animate: false}})")
            page.run("rangemap.set({theme: 'dark'})")
            page.run("rangemap.set({theme: 'light'})")
            pixels, _, _ = _picture(page)
            seen.append(pixels)
        assert _unlike(seen[1], seen[0]) < 0.002, zoom
