"""The small globe beside a map: where it finds room, what it shows, that it costs no name."""

from __future__ import annotations

import random

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import rangemap as rm
from rangemap.geodesy import distance_km
from rangemap.views import chart_theatre
from rangemap.views.figure_base import LAYER_BOXES
from rangemap.views.figure_locator import (
    draw_locator,
    free_corner,
    free_square,
    is_wanted,
    occupied,
)
from rangemap.views.figure_sheet import Look, Sheet
from rangemap.views.labels import Box
from rangemap.views.picture import draw_picture, picture_bytes
from rangemap.views.projection import MapView, Projection
from rangemap.views.theme import THEMES

HEAD = """
format = 1
title = "A case"
[[coalitions]]
id = "x"
name = "X land"
short = "X"
color = "#1f5fa8"
members = ["FRA"]
[[launches]]
coalition = "x"
sites = ["s"]
systems = "none"
treaty_band = false
ranges = [{{ max_km = {max_km} }}]
[[sites]]
id = "s"
name = "Point"
lon = {lon}
lat = {lat}
{extra}
"""


FEW = '[targets]\ncountries = ["FJI", "NZL", "ISL"]'


def case(tmp_path, lon=12.0, lat=48.0, max_km=900, extra=""):
    path = tmp_path / "case.toml"
    text = HEAD.format(lon=lon, lat=lat, max_km=max_km, extra=extra)
    path.write_text(text, encoding="utf-8")
    return rm.analyse(path)


def globes(picture):
    return [axes for axes in picture.figure.axes if axes.get_gid() == "locator"]


def box_of(axes):
    k = 72 / axes.figure.dpi
    return Box(*(float(v) * k for v in axes.get_window_extent().extents))


def blank_sheet(theme="light"):
    figure = Figure(figsize=(4, 4))
    FigureCanvasAgg(figure)
    return Sheet(figure, Look(THEMES[theme]))


def test_random_squares_touch_nothing_and_the_largest_is_found():
    rng = random.Random(8)
    for _ in range(40):
        area = Box(0, 0, rng.uniform(60, 250), rng.uniform(60, 400))
        used = []
        for _ in range(rng.randint(0, 25)):
            x, y = rng.uniform(0, area.x1), rng.uniform(0, area.y1)
            used.append(Box(x, y, x + rng.uniform(1, 90), y + rng.uniform(1, 9)))
        found = free_square([area], used)
        if found is None:
            continue
        side = found.x1 - found.x0
        assert side == pytest.approx(found.y1 - found.y0)
        assert 42 <= side <= 66
        assert found.within(area.grown(1e-6))
        assert not any(found.overlaps(box.grown(3.9)) for box in used)
        if side < 66:  # a full square would touch something wherever it stood
            steps = ((x, y) for x in np.arange(0, area.x1 - 66, 5) for y in
                     np.arange(0, area.y1 - 66, 5))  # fmt: skip
            assert all(
                any(Box(x, y, x + 66, y + 66).overlaps(box.grown(4.1)) for box in used)
                for x, y in steps
            )


def test_a_full_panel_has_no_room_and_the_last_column_comes_first():
    full = [Box(0, y, 200, y + 8) for y in range(0, 400, 20)]
    assert free_square([Box(0, 0, 200, 400)], full) is None
    left, right = Box(0, 0, 100, 100), Box(120, 0, 220, 100)
    assert free_square([left, right], []).x1 == 220
    assert free_square([left, right], [right]).x1 == 100


def test_a_corner_that_holds_something_is_left_alone():
    place = Box(0, 0, 600, 400)
    first = free_corner(place, [])
    assert (first.x1, first.y1) == (592, 392)
    low = free_corner(place, [Box(590, 390, 595, 395)])
    assert (low.x1, low.y0) == (592, 8)
    corners = [Box(x, y, x + 1, y + 1) for x in (30, 570) for y in (30, 370)]
    assert free_corner(place, corners) is None
    assert free_corner(Box(0, 0, 600, 150), []) is None


@pytest.mark.parametrize("centre", [(26, 44), (180, 0), (-70, -85), (0, 90)])
def test_the_outline_on_the_globe_is_that_of_the_map(centre):
    view = MapView(Projection(*centre), -5000, 5000, -3000, 2000)
    sheet = blank_sheet()
    draw_locator(sheet, Box(10, 10, 70, 70), view)
    axes = sheet.figure.axes[-1]
    (outline,) = [p for p in axes.patches if p.get_gid() == "locator-view"]
    points = outline.get_xy()[:-1]
    assert np.hypot(*points.T).max() <= 1 + 1e-9
    # As seen from far above, a point c degrees from the centre is at sin c: ask the geodesics.
    edge = shapely.get_coordinates(view.box.segmentize(view.width_km / 60).exterior)[:-1]
    lon, lat = view.projection.inverse(edge[:, 0], edge[:, 1])
    away = np.asarray(distance_km(*centre, lon, lat)) / 6371.0
    assert np.hypot(*points.T) == pytest.approx(np.sin(away), abs=0.005)
    turned = np.arctan2(points[:, 0], points[:, 1]) - np.arctan2(edge[:, 0], edge[:, 1])
    assert np.abs(np.sin(turned / 2)).max() < 1e-9


def test_only_maps_of_less_than_a_hemisphere_have_one(tmp_path):
    assert not is_wanted(MapView(Projection(0, 0), -12_000, 12_000, -12_000, 12_000))
    wide = draw_picture(case(tmp_path, max_km=12_000, extra=FEW), plain=True, size=(430, 180))
    assert wide.labels["locator"] == "none"
    assert not globes(wide)
    near = draw_picture(case(tmp_path), plain=True, size=(700, 420))
    assert near.labels["locator"] == "panel"
    assert len(globes(near)) == 1


def words_of(picture):
    k = 72 / picture.figure.dpi
    for axes in picture.figure.axes:
        for text in axes.texts:
            if text.get_text():
                yield (
                    text.get_text(),
                    Box(*(float(v) * k for v in text.get_window_extent().extents)),
                )


@pytest.mark.parametrize("layout", ["slide", "page"])
def test_it_covers_no_text_and_costs_no_name(layout, tmp_path, monkeypatch):
    analysis = case(tmp_path)
    with_globe = draw_picture(analysis, layout=layout)
    (globe,) = globes(with_globe)
    box = box_of(globe)
    assert not [words for words, at in words_of(with_globe) if at.overlaps(box)]
    monkeypatch.setattr(chart_theatre, "is_wanted", lambda view: False)
    without = draw_picture(analysis, layout=layout)
    assert not globes(without)
    same = {key: value for key, value in with_globe.labels.items() if key != "locator"}
    assert same == {key: value for key, value in without.labels.items() if key != "locator"}
    assert [w for w, _ in words_of(with_globe)] == [w for w, _ in words_of(without)]


def test_without_room_in_the_panel_it_stands_on_the_map_and_covers_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(chart_theatre, "free_square", lambda columns, used: None)
    picture = draw_picture(case(tmp_path), plain=True, size=(760, 440))
    assert picture.labels["locator"] == "map"
    (globe,) = globes(picture)
    box = box_of(globe)
    chart = next(axes for axes in picture.figure.axes if len(axes.lines) > 5 and axes.texts
                 and axes is not picture.figure.axes[0])  # fmt: skip
    assert box.within(box_of(chart))
    assert not any(box.overlaps(other) for other in occupied(chart))
    k = 72 / picture.figure.dpi
    symbols = [
        chart.transData.transform(line.get_xydata()[0]) * k
        for line in chart.lines
        if len(line.get_xydata()) == 1
    ]
    assert len(symbols) > 20
    assert all(box.distance(x, y) > 3 for x, y in symbols)


def test_texts_symbols_leaders_and_boxes_count_as_occupied_and_coasts_do_not():
    figure = Figure(figsize=(4, 3))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, 288)
    axes.set_ylim(0, 216)
    axes.text(20, 190, "A name")
    axes.plot([100], [100], marker="o", linestyle="none")
    axes.plot([200, 230], [50, 60])
    axes.plot([0, 100, 288], [10, 12, 10])  # a long line, as of a ring
    axes.add_patch(Rectangle((240, 150), 30, 20, zorder=LAYER_BOXES))
    axes.inset_axes((0.02, 0.2, 0.1, 0.1))
    boxes = occupied(axes)
    held = [(25, 193), (100, 100), (215, 55), (255, 160), (20, 55)]
    for x, y in held:
        assert any(float(box.distance(x, y)) == 0 for box in boxes), (x, y)
    assert len(boxes) == len(held)


def test_a_view_too_small_to_see_is_ringed():
    sheet = blank_sheet("print")
    draw_locator(sheet, Box(10, 10, 70, 70), MapView(Projection(20, 50), -90, 90, -60, 60))
    near = [p.get_radius() for p in sheet.figure.axes[-1].patches if hasattr(p, "get_radius")]
    draw_locator(sheet, Box(80, 10, 140, 70), MapView(Projection(20, 50), -3000, 3000, -2e3, 2e3))
    far = [p.get_radius() for p in sheet.figure.axes[-1].patches if hasattr(p, "get_radius")]
    assert len(near) == len(far) + 1
    assert min(near) < 0.2


def test_same_input_same_bytes(tmp_path):
    analysis = case(tmp_path, max_km=300)
    once, again = (
        picture_bytes(draw_picture(analysis, theme="print", plain=True, size=(500, 300)), "svg")
        for _ in range(2)
    )
    assert once == again
