"""The range rose: true circles, places where the geodesics put them, numbers as in the tables."""

from __future__ import annotations

import io
import json
import random
import re
from itertools import pairwise

import numpy as np
import pytest
import shapely
from figure_cases import assert_legible, case, texts_of, words_of
from PIL import Image

import rangemap as rm
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.geodesy import azimuth_deg, destination, distance_km
from rangemap.views.chart_rose import rose
from rangemap.views.chart_rose_layout import spots_for
from rangemap.views.chart_rose_plane import Equidistant, rose_view
from rangemap.views.chart_rose_rings import rings_of
from rangemap.views.chart_rose_sectors import sector_of, sectors_of
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_base import ground
from rangemap.views.figure_sheet import Look
from rangemap.views.labels import Box, text_size
from rangemap.views.picture import LAYOUTS, draw_picture, picture_bytes
from rangemap.views.theme import THEMES

METRE = 0.001
FEW = '[targets]\ncountries = ["FJI", "NZL", "ISL", "NOR", "ESP", "GAB", "ARG"]\n'


@pytest.fixture(scope="module")
def europe():
    return rm.analyse("europe")


@pytest.fixture(scope="module")
def slide(europe):
    return draw_picture(europe, "rose", site="mozdok")


def one_site(tmp_path, lon, lat, *ranges, name="Point", treaty=False, members=("FRA",), extra=""):
    """Return the analysis of one site; ranges as (label, from, to)."""
    coalition = ("X land", list(members), [(lon, lat, name)], ranges)
    return case(tmp_path, [coalition], treaty=treaty, extra=extra)


def disk_of(picture):
    """Return the axes of the disk: those that have azimuths round them."""
    return next(
        axes for axes in picture.figure.axes
        if any((text.get_gid() or "").startswith("azimuth") for text in axes.texts)
    )  # fmt: skip


def circles_of(axes, *, least=300):
    """Return the closed lines round the centre, as arrays of kilometres."""
    lines = [path.vertices for c in axes.collections for path in c.get_paths()]
    return [
        line for line in lines
        if len(line) > least and np.ptp(np.hypot(*line.T)) < 1e-6 * np.hypot(*line[0])
    ]  # fmt: skip


# -- The plane ---------------------------------------------------------------------------------


def test_distances_and_azimuths_from_the_centre_are_geodesic_to_the_metre():
    rng = random.Random(1)
    sites = [(20, 89.9), (180, 0), (0, 0), (-180, -60), (33, -90), (7, 90)]
    sites += [(rng.uniform(-180, 180), rng.uniform(-90, 90)) for _ in range(30)]
    for lon, lat in sites:
        lons = np.array([rng.uniform(-180, 180) for _ in range(40)])
        lats = np.degrees(np.arcsin([rng.uniform(-1, 1) for _ in range(40)]))
        x, y = Equidistant(lon, lat).forward(lons, lats)
        away = distance_km(lon, lat, lons, lats)
        azimuth = np.radians(azimuth_deg(lon, lat, lons, lats))
        assert np.abs(np.hypot(x, y) - away).max() < METRE
        assert np.hypot(x - away * np.sin(azimuth), y - away * np.cos(azimuth)).max() < METRE


@pytest.mark.parametrize(
    ("site", "reach"),
    [
        ((44.6, 43.7), 19_940), ((20, 89.9), 9000), ((180, -17), 5700), ((0, 0), 19_940),
        ((177, -40), 19_940), ((33, -90), 15_000), ((20, 50), 600),
    ],
)  # fmt: skip
def test_land_is_drawn_where_land_is(site, reach):
    """Far parts and the antipode turn nothing inside out: spots of land lie in the fill."""
    view = rose_view(*site, reach, 300, 300, (150, 150, 140))
    land = ground(view)[0].buffer(0)
    spots = {"Africa": (20, 5), "Asia": (95, 60), "Australia": (134, -25), "Brazil": (-52, -10),
             "Kansas": (-98, 38), "Antarctica": (80, -77), "Sahara": (5, 24)}  # fmt: skip
    seas = {"Pacific": (-130, 0), "Indian": (80, -25), "Atlantic": (-35, 35), "South": (-120, -50)}
    for where, wet in ((spots, False), (seas, True)):
        for name, (lon, lat) in where.items():
            x, y = view.projection.forward(lon, lat)
            if np.hypot(x, y) < 0.99 * reach:
                assert land.contains(shapely.Point(float(x), float(y))) != wet, name
    assert land.is_empty or view.box.buffer(1).contains(land)


def test_near_the_antipode_no_edge_cuts_across_the_disk():
    """An edge a degree long that passes the antipode runs along the rim, not straight across."""
    plane = Equidistant(0, 0)
    line = shapely.LineString([(179.4, 0.55), (-179.4 + 360, 0.55)])
    drawn = plane.project(line)
    middle = shapely.get_coordinates(shapely.segmentize(drawn, 200))
    _, lat = plane.inverse(middle[:, 0], middle[:, 1])
    assert len(shapely.get_coordinates(drawn)) > 20
    assert np.abs(lat - 0.55).max() < 0.01
    assert np.hypot(*middle.T).min() > 19_850


# -- What is drawn -----------------------------------------------------------------------------


def test_rings_are_circles_and_each_vertex_lies_at_its_range(europe, slide):
    axes = disk_of(slide)
    site = europe.bands[europe.bands["site_id"] == "mozdok"].iloc[0]
    plane = Equidistant(float(site["site_lon"]), float(site["site_lat"]))
    found = {}
    for line in circles_of(axes):
        lon, lat = plane.inverse(line[:, 0], line[:, 1])
        away = distance_km(site["site_lon"], site["site_lat"], lon, lat)
        assert np.ptp(away) < METRE
        found[round(float(np.mean(away)), 3)] = line
    assert {480.0, 500.0, 2000.0, 2350.0, 2500.0, 5500.0} <= set(found)
    # True circles on the page too: kilometres are as long upwards as they are across.
    (x0, x1), (y0, y1), box = axes.get_xlim(), axes.get_ylim(), axes.get_window_extent()
    assert box.width / (x1 - x0) == pytest.approx(box.height / (y1 - y0), rel=1e-9)


def test_symbols_stand_at_distance_and_azimuth(europe, slide):
    axes = disk_of(slide)
    k = 72 / slide.figure.dpi
    marks = np.array(
        [line.get_xydata()[0] for line in axes.lines
         if len(line.get_xydata()) == 1 and line.get_marker() in ("o", "X")]
    )  # fmt: skip
    rows = europe.coverage[europe.coverage["site_id"] == "mozdok"].drop_duplicates("place_id")
    reach = 5500 * 1.045
    shown = rows[rows["distance_km"] < 0.98 * reach]
    site = rows.iloc[0]
    bearing = np.radians(
        azimuth_deg(site["site_lon"], site["site_lat"], shown["place_lon"], shown["place_lat"])
    )
    wanted = np.column_stack([np.sin(bearing), np.cos(bearing)])
    wanted *= shown["distance_km"].to_numpy()[:, None]
    apart = np.hypot(*(marks[None, :, :] - wanted[:, None, :]).T).min(axis=0)
    assert apart.max() < METRE
    scale = axes.get_window_extent().width * k / np.ptp(axes.get_xlim())
    names = {text.get_gid(): text for text in axes.texts}
    assert names["azimuth-0"].get_text() == "N"
    assert names["azimuth-90"].get_text() == "E"
    for azimuth in range(0, 360, 30):
        x, y = names[f"azimuth-{azimuth}"].get_position()
        assert np.hypot(x, y) * scale > reach * scale + 5
        turned = np.degrees(np.arctan2(x, y)) - azimuth
        assert abs((turned + 180) % 360 - 180) < 2


def test_the_marks_are_those_of_the_verdicts(europe, slide):
    axes = disk_of(slide)
    half = [line for line in axes.lines if line.get_fillstyle() == "left"]
    facts = SiteFacts(europe, Look(), "mozdok")
    marginal = [step for step in facts.theirs if step.verdict == MARGINAL]
    assert len(half) == len(marginal) > 20
    words = words_of(slide)
    assert f"{len(marginal)}" in words
    assert "Marginal" in words


def test_no_name_misleads(europe, slide):
    """No name is nearer to another place's symbol than to its own, on the disk and enlarged."""
    k = 72 / slide.figure.dpi
    keys = dict(zip(europe.places["place_id"], europe.places.index, strict=True))
    site = europe.bands[europe.bands["site_id"] == "mozdok"].iloc[0]
    plane = Equidistant(float(site["site_lon"]), float(site["site_lat"]))
    xy = np.column_stack(plane.forward(europe.places["lon"], europe.places["lat"]))
    checked, disk = 0, disk_of(slide)
    middle = disk.transData.transform((0, 0)) * k
    radius = disk.transData.transform((5500 * 1.045, 0))[0] * k - middle[0]
    for axes in slide.figure.axes:
        symbols = np.array(
            [axes.transData.transform(line.get_xydata()[0]) * k for line in axes.lines
             if len(line.get_xydata()) == 1]
        ).reshape(-1, 2)  # fmt: skip
        for text in axes.texts:
            key = (text.get_gid() or "").removeprefix("place-")
            if key not in keys or not len(symbols):
                continue
            x, y = axes.transData.transform(text.get_position()) * k
            size = text.get_fontsize()
            wide = text_size(text.get_text(), size)[0]
            box = Box(x, y - 0.2 * size, x + wide, y + 0.7 * size)
            own = axes.transData.transform(xy[europe.places.index.get_loc(keys[key])]) * k
            gaps = box.distance(symbols[:, 0], symbols[:, 1])
            apart = np.hypot(*(symbols - own).T) > 1.2
            assert (gaps[apart] > float(box.distance(*own))).all(), text.get_text()
            assert gaps.min() > 1.0, text.get_text()
            if axes is disk:  # whole names stand within the rim
                corners = np.array([(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)])
                assert np.hypot(*(corners - middle).T).max() < radius, text.get_text()
            checked += 1
    assert checked > 80


def test_every_place_is_told_once(europe, slide):
    labels = slide.labels
    json.dumps(labels)
    told = [*labels["places_named"], *labels["places_without_name"], *labels["places_off_the_map"]]
    assert sorted(told) == sorted(europe.places["place"])
    away = europe.coverage[europe.coverage["site_id"] == "mozdok"].drop_duplicates("place_id")
    beyond = set(away.loc[away["distance_km"] > 5500 * 1.045, "place"])
    assert set(labels["places_off_the_map"]) >= beyond
    assert len(set(labels["places_off_the_map"]) - beyond) <= 2  # at the very rim
    written = set(words_of(slide))
    assert set(labels["places_named"]) <= written
    assert labels["sites_without_name"] == labels["rings_without_name"] == []


# -- Numbers -----------------------------------------------------------------------------------


def test_counts_are_those_of_the_coverage(europe, slide):
    rows = europe.coverage[(europe.coverage["site_id"] == "mozdok") & ~europe.coverage["own_side"]]
    treaty = rows[rows["band_kind"] == "treaty"]
    banned = int(treaty["in_drawn_band"].sum())
    assert slide.finding.startswith(f"{banned} capitals, its own side's left out, lie 500 km to")
    words = " ".join(words_of(slide))
    for label in ("9M729, 480 km as Russia says", "9M729, 2,350 km as Western sources say"):
        verdicts = rows.loc[rows["label"] == label, "verdict"]
        assert label in words
        assert f"{(verdicts == INSIDE).sum()}" in words_of(slide)
    nearest = treaty.sort_values("distance_km").iloc[0]
    bearing = azimuth_deg(*nearest[["site_lon", "site_lat", "place_lon", "place_lat"]])
    assert f"{nearest['place']}, {nearest['distance_km']:,.0f} km away at azimuth " in slide.finding
    assert f"{bearing:.0f}°" in slide.finding
    assert slide.finding in slide.alt


def test_sectors_hold_every_place_once(europe):
    facts = SiteFacts(europe, Look(), "mozdok")
    rows = europe.coverage[europe.coverage["site_id"] == "mozdok"].drop_duplicates("place_id")
    bearing = azimuth_deg(rows["site_lon"], rows["site_lat"], rows["place_lon"], rows["place_lat"])
    bearings = dict(zip(rows["place_id"], bearing, strict=True))
    for number, sector in enumerate(sectors_of(facts)):
        members = [
            step for step in facts.theirs
            if -22.5 <= (bearings[step.place_id] - 45 * number + 180) % 360 - 180 < 22.5
        ]  # fmt: skip
        assert sector.inside == sum(step.verdict == INSIDE for step in members), sector.key
        assert sector.marginal == sum(step.verdict == MARGINAL for step in members)
        assert sector.band == sum(500 <= step.distance_km <= 5500 for step in members)
    assert [sector_of(a) for a in (-1, 0, 44, 181, 270, 337.4, 337.5, 720)] == [
        "N", "N", "NE", "S", "W", "NW", "N", "N",
    ]  # fmt: skip


def test_the_direction_that_leads_is_told_only_if_it_leads(europe, tmp_path):
    bands = [one.band for one in sectors_of(SiteFacts(europe, Look(), "mozdok"))]
    assert (
        f"{max(bands)} of the {sum(bands)} lie to the west"
        in rose(europe, Look(), site="mozdok").finding
    )
    lonely = one_site(tmp_path, -130, -50, ("R", 0, 40))
    assert "0 lie within the ranges" in rose(lonely, Look()).finding
    assert "direction" not in rose(lonely, Look()).finding
    assert "all of them" not in rose(lonely, Look()).finding


def test_units_and_distances_behind_names(europe):
    options = {"site": "mozdok", "units": "mi", "distances": True}
    picture = draw_picture(europe, "rose", plain=True, size=(410, 410), **options)
    words = words_of(picture)
    assert "INF Treaty: 5,500 km (3,418 mi)" in " ".join(words)
    assert "9M729, 1,460 mi as Western sources say" in " ".join(words)
    away = europe.coverage[europe.coverage["site_id"] == "mozdok"].drop_duplicates("place_id")
    km = float(away.set_index("place").loc["Astana", "distance_km"])
    assert f"Astana {km / 1.609344:,.0f}" in words
    assert "Astana" in picture.labels["places_named"]
    axes = disk_of(picture)
    scale = [t for t in axes.texts if t.get_gid() == "scale"]
    assert scale
    assert any(t.get_text().endswith(" mi") for t in scale)
    for text in scale:  # each stands on the inner side of its circle
        value = float(text.get_text().split(" ")[0].replace(",", "")) * 1.609344
        assert 0 < value - np.hypot(*text.get_position()) < 500


# -- Pages -------------------------------------------------------------------------------------


NOTE = "Distances and azimuths from Mozdok are true; areas and other directions are not."


def test_a_slide_is_legible(slide):
    assert_legible(slide)
    assert NOTE in " ".join(words_of(slide))


@pytest.mark.parametrize(
    ("layout", "theme"), [("page", "print"), ("page-landscape", "dark"), ("square", "light")]
)
def test_every_layout_is_legible(layout, theme, europe):
    picture = draw_picture(europe, "rose", site="mozdok", layout=layout, theme=theme)
    assert_legible(picture)
    assert picture.figure.get_figwidth() * 72 == pytest.approx(LAYOUTS[layout][0])
    assert NOTE in " ".join(words_of(picture))
    assert "Tbilisi" in words_of(picture)  # which the finding names: on the map or in the list
    if theme == "print":
        content = picture_bytes(picture, "png", dpi=40)
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"), dtype=int)
        assert np.ptp(pixels, axis=2).max() <= 3


@pytest.mark.parametrize("size", [(300, 300), (430, 700), (1400, 420), (200, 150)])
def test_plain_pictures_of_any_size(size, tmp_path):
    analysis = one_site(tmp_path, 20, 50, ("R", 0, 900), ("Q", 100, 400))
    picture = draw_picture(analysis, "rose", plain=True, size=size)
    assert_legible(picture)
    assert len(circles_of(disk_of(picture))) >= 2


def test_the_parts_of_a_page_never_meet():
    rng = random.Random(6)
    for _ in range(300):
        area = Box(10, 10, 10 + rng.uniform(72, 1500), 10 + rng.uniform(72, 1500))
        need = rng.uniform(60, 500)
        spots = spots_for(
            area, lambda wide, columns, need=need: need / columns, with_inset=rng.random() < 0.5
        )
        boxes = [box for box in (spots.disk, spots.inset, spots.panel) if box is not None]
        assert spots.panel is None or spots.panel.x1 - spots.panel.x0 > 170, (area, spots)
        for number, box in enumerate(boxes):
            assert box.within(area.grown(1e-6)), (area, spots)
            assert box.x1 > box.x0
            assert box.y1 > box.y0
            assert not any(box.overlaps(other) for other in boxes[number + 1 :]), (area, spots)


@pytest.mark.parametrize(
    ("lon", "lat", "ranges"),
    [
        (20, 89.9, [("R", 0, 2500)]),
        (33, -90, [("R", 0, 4000)]),
        (180, -17, [("R", 0, 3000), ("S", 500, 2500)]),
        (0, 0, [("R", 0, 900)]),
        (177, -40, [("R", 0, 19_950)]),
        (-130, -50, [("R", 0, 40)]),
    ],
)
def test_poles_date_line_equator_and_antipode(lon, lat, ranges, tmp_path):
    analysis = one_site(
        tmp_path, lon, lat, *ranges, treaty=lat == 89.9,
        extra=FEW,
    )  # fmt: skip
    picture = draw_picture(analysis, "rose", layout="square")
    assert_legible(picture)
    radii = {round(float(np.hypot(*line[0])), 3) for line in circles_of(disk_of(picture))}
    assert {float(high) for _, _, high in ranges} <= radii
    note = "At this pole, azimuth 0° runs along the site's given meridian"
    assert (note in " ".join(words_of(picture))) == (lat == -90)
    assert picture.labels["rings_without_name"] == []
    told = [
        one for key in picture.labels if key.startswith("places") for one in picture.labels[key]
    ]
    assert len(told) == 7


def test_at_a_pole_azimuths_count_as_the_note_says():
    for lat in (90, -90):
        lon, _ = destination(33, lat, 180 if lat > 0 else 0, 1000)
        assert lon == pytest.approx(33)


def test_at_a_pole_no_direction_is_told(tmp_path):
    analysis = one_site(tmp_path, 30, 90, ("R", 0, 12_000), extra=FEW)
    picture = draw_picture(analysis, "rose")
    words = words_of(picture)
    assert {"0°", "90°", "180°", "270°"} <= set(words)
    assert not {"N", "E", "S", "W"} & set(words)
    assert not any(word.startswith("By direction") for word in words)
    assert "the site's given meridian, 30° E" in " ".join(words)
    told = f"{picture.finding} {picture.alt}"
    assert not re.search(r"north|south|east|west|at azimuth|by direction", told)


def test_where_all_places_are_its_own_none_is_counted(tmp_path):
    analysis = one_site(
        tmp_path, 3, 48, ("R", 0, 900), extra='[targets]\ncountries = ["FRA"]\n'
    )  # fmt: skip
    facts = SiteFacts(analysis, Look(), "s0")
    finding = f"{facts.counts()}{facts.nearest()}"
    assert finding.startswith("All capitals counted here (1) are the launching side's own")
    assert not re.search(r"\b0\b|nearest", finding)
    assert rose(analysis, Look()).finding == f"{finding}."


def test_many_ranges_are_told_though_not_all_are_drawn(tmp_path):
    ranges = [(f"Range number {n}", 0, 200 * n) for n in range(1, 15)]
    analysis = one_site(tmp_path, 20, 50, *ranges, extra=FEW)
    picture = draw_picture(analysis, "rose", layout="page-landscape")
    assert_legible(picture)
    left_out = picture.labels["ranges_not_drawn"]
    assert left_out == [f"Range number {n}" for n in range(6, 0, -1)]
    radii = {round(float(np.hypot(*line[0]))) for line in circles_of(disk_of(picture))}
    assert {200 * n for n in range(7, 15)} <= radii
    words = words_of(picture)
    assert all(any(f"Range number {n}, " in word for word in words) for n in range(1, 15))


@pytest.mark.parametrize(
    "name", ["x" * 200, "北京的一个非常长的名字" * 5, "<b>$x^2$</b> & \\\\frac",
             "\u202eevil\u202c"],
)  # fmt: skip
def test_hostile_names(name, tmp_path):
    analysis = one_site(tmp_path, 20, 50, (name, 0, 900), (name, 0, 2500), name=name, extra=FEW)
    picture = draw_picture(analysis, "rose", plain=True, size=(640, 400))
    assert_legible(picture)
    content = picture_bytes(picture, "svg").decode("utf-8")
    assert "<b>" not in content
    assert "\u202e" not in content


def test_scenarios_without_a_treaty_band_speak_of_ranges():
    picture = draw_picture(rm.analyse("kaliningrad"), "rose", plain=True, size=(620, 360))
    words = " ".join(words_of(picture))
    assert "INF" not in words
    assert "in the band" not in words
    assert "By direction: capitals in range" in words
    assert "INF" not in picture.alt


def test_options(europe):
    by_name = rose(europe, Look(), site=" Kapustin YAR ")
    assert by_name.title == "Ranges and directions from Kapustin Yar"
    assert rose(europe, Look()).facts.site_id == "mozdok"
    with pytest.raises(UnknownNameError, match="did you mean 'kapustin-yar'"):
        draw_picture(europe, "rose", site="kapustin-jar")
    with pytest.raises(ArgumentError, match="distances 'yes' must be True or False"):
        draw_picture(europe, "rose", distances="yes")
    with pytest.raises(ArgumentError, match="has no option 'limit'; it takes site, distances"):
        draw_picture(europe, "rose", limit=3)


def test_disputed_ranges_are_dashed_and_treaty_limits_named(europe):
    rings, left_out = rings_of(SiteFacts(europe, Look(), "mozdok"))
    assert not left_out
    assert all((ring.dashes != "solid") == ring.reach.disputed for ring in rings if not ring.treaty)
    assert [ring.short for ring in rings if ring.treaty] == ["5,500 km", "500 km"]


def test_same_input_same_bytes(tmp_path):
    analysis = one_site(tmp_path, 20, 50, ("R", 0, 900), extra=FEW)
    one, two = (draw_picture(analysis, "rose", plain=True, size=(440, 300)) for _ in range(2))
    for form in ("svg", "png"):
        once, again = (picture_bytes(picture, form, dpi=50) for picture in (one, two))
        assert once == again
        assert len(once) < 1_500_000


def test_themes_keep_the_names(tmp_path):
    analysis = one_site(tmp_path, 20, 50, ("R", 0, 900), extra=FEW)
    drawn = [
        draw_picture(analysis, "rose", theme=theme, plain=True, size=(440, 300)) for theme in THEMES
    ]
    for one, other in pairwise(drawn):
        assert one.labels == other.labels
        assert sorted(words_of(one)) == sorted(words_of(other))
    assert re.search(r"\d", drawn[0].finding)
    assert all(text.get_fontsize() > 6 for text in texts_of(drawn[0]))
