"""Pictures: layouts, themes, units; names that never mislead; scale; fonts of many scripts."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import numpy as np
import pypdf
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

import rangemap as rm
from rangemap.cli import main
from rangemap.errors import ArgumentError
from rangemap.geodesy import distance_km
from rangemap.views.figure_map import draw_map
from rangemap.views.figure_sheet import Look
from rangemap.views.fonts import FAMILY, face_for, uncovered
from rangemap.views.labels import Box, text_size
from rangemap.views.picture import KINDS, LAYOUTS, draw_picture, picture_bytes
from rangemap.views.theme import THEMES, contrast
from rangemap.views.units import UNITS

SVG = "{http://www.w3.org/2000/svg}"
_EU = """
    AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU
    SVK SVN ESP SWE
"""
EU = re.findall("[A-Z]{3}", _EU)
NATO_IN_EUROPE = ["ALB", "GBR", "ISL", "MNE", "MKD", "NOR", "TUR"]
CIS = ["ARM", "AZE", "BLR", "KAZ", "KGZ", "MDA", "RUS", "TJK", "UZB"]
OTHERS_IN_EUROPE = ["AND", "BIH", "CHE", "GEO", "LIE", "MCO", "SMR", "SRB", "UKR", "VAT", "XKX"]


def case(tmp_path, sites, *, max_km=1500, treaty=True, name="case"):
    blocks = "".join(
        f'[[sites]]\nid = "s{n}"\nname = "{label}"\nlon = {lon}\nlat = {lat}\n'
        for n, (lon, lat, label) in enumerate(sites)
    )
    ids = ", ".join(f'"s{n}"' for n in range(len(sites)))
    text = (
        'format = 1\ntitle = "A case"\n[[coalitions]]\nid = "x"\nname = "X land"\nshort = "X"\n'
        f'color = "#1f5fa8"\nmembers = ["FRA"]\n{blocks}[[launches]]\ncoalition = "x"\n'
        f'sites = [{ids}]\nsystems = "none"\ntreaty_band = {str(treaty).lower()}\n'
        f"ranges = [{{ max_km = {max_km} }}]\n"
    )
    path = tmp_path / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return rm.analyse(path)


def names_on(axes):
    """Return key, rectangle and axes of each name on a map, in points of the page."""
    figure = axes.figure
    high = figure.get_size_inches()[1] * 72
    k = 72 / figure.dpi
    found = []
    for text in axes.texts:
        key = text.get_gid() or ""
        if key.startswith(("place-", "site-")):
            x, y = axes.transData.transform(text.get_position()) * k
            bold = text.get_fontweight() in ("bold", 700)
            wide, _ = text_size(text.get_text(), text.get_fontsize(), bold=bold)
            size = text.get_fontsize()
            # The letters themselves: from the descent to the height of capitals.
            found.append((key, Box(x, y - 0.2 * size, x + wide, y + 0.7 * size)))
            assert 0 <= y <= high
    return found


def symbols_on(axes):
    k = 72 / axes.figure.dpi
    points = [
        axes.transData.transform(line.get_xydata()[0]) * k
        for line in axes.lines
        if line.get_marker() not in ("None", "", None) and len(line.get_xydata()) == 1
    ]
    return np.array(points).reshape(-1, 2)


def maps_of(figure):
    """Return the axes of maps, insets too."""
    found = []
    for axes in figure.axes:
        found += [axes, *axes.child_axes]
    return [axes for axes in found if symbols_on(axes).size and names_on(axes)]


def check_names(axes, owners):
    """No name on another, on a symbol, over the frame, or nearer to another place's symbol."""
    names, symbols = names_on(axes), symbols_on(axes)
    k = 72 / axes.figure.dpi
    window = axes.get_window_extent()
    frame = Box(*(float(v) * k for v in window.extents))
    for number, (key, box) in enumerate(names):
        assert box.within(frame.grown(0.5)), key
        for other, taken in names[number + 1 :]:
            assert not box.overlaps(taken), (key, other)
        gaps = box.distance(symbols[:, 0], symbols[:, 1])
        assert gaps.min() > 1.0, key
        own = owners.get(key)
        if own is not None:
            x, y = axes.transData.transform(own) * k
            mine = float(box.distance(x, y))
            apart = np.hypot(symbols[:, 0] - x, symbols[:, 1] - y) > 1.2
            assert (gaps[apart] > mine).all(), key


def owners_of(analysis, view):
    places = analysis.places
    x, y = view.projection.forward(places["lon"], places["lat"])
    return {f"place-{key}": (a, b) for key, a, b in zip(places["place_id"], x, y, strict=True)}


def drawn_map(analysis, width, height):
    figure = Figure(figsize=(width / 72, height / 72))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    return axes, draw_map(axes, analysis, width, height)


@pytest.fixture(scope="module")
def europe():
    return rm.analyse("europe")


@pytest.mark.parametrize("size", [(700, 400), (560, 440)], ids=["slide", "upright"])
@pytest.mark.parametrize("name", ["europe", "europe-vs-china", "ssc-8"])
def test_no_name_misleads_or_touches(name, size):
    analysis = rm.analyse(name)
    axes, drawn = drawn_map(analysis, *size)
    owners = owners_of(analysis, drawn.view)
    for part in (axes, *axes.child_axes):
        check_names(part, owners)


def test_no_name_misleads_round_random_sites(tmp_path):
    seed = random.randrange(10**9)
    rng = random.Random(seed)
    for number in range(3):
        count = rng.randint(1, 30)
        sites = [
            (round(rng.uniform(-180, 180), 3), round(rng.uniform(-85, 85), 3), f"Site {n}")
            for n in range(count)
        ]
        analysis = case(tmp_path, sites, max_km=rng.choice([300, 900, 4000]), name=f"c{number}")
        axes, drawn = drawn_map(analysis, 640, 400)
        for part in (axes, *axes.child_axes):
            check_names(part, owners_of(analysis, drawn.view))
        print("seed", seed)


def test_the_slide_of_europe_names_every_capital_of_europe(europe):
    picture = draw_picture(europe)
    places = europe.places.set_index("iso_a3")["place"]
    wanted = {places[code] for code in (*EU, *NATO_IN_EUROPE, *CIS, *OTHERS_IN_EUROPE)}
    wanted -= set(picture.labels["places_off_the_map"])
    assert not wanted - set(picture.labels["places_named"])
    off = set(picture.labels["places_off_the_map"])
    assert not off & {places[code] for code in (*EU, *NATO_IN_EUROPE, *CIS)}
    written = {text.get_text() for axes in maps_of(picture.figure) for text in axes.texts}
    assert wanted <= written
    small = [
        text.get_fontsize()
        for axes in maps_of(picture.figure)
        for text in axes.texts
        if (text.get_gid() or "").startswith("place-")
    ]
    assert min(small) >= 6.5


@pytest.mark.parametrize("layout", ["page", "page-landscape"])
def test_a_page_names_every_capital_of_europe_too(europe, layout):
    labels = draw_picture(europe, layout=layout).labels
    places = europe.places.set_index("iso_a3")["place"]
    wanted = {places[code] for code in (*EU, *NATO_IN_EUROPE, *CIS, *OTHERS_IN_EUROPE)}
    assert not wanted & set(labels["places_without_name"])
    assert len(labels["places_without_name"]) < 6


@pytest.mark.parametrize("name", ["europe", "asia-pacific"])
def test_launch_sites_have_their_names_on_a_slide(name):
    labels = draw_picture(rm.analyse(name)).labels
    assert len(labels["sites_without_name"]) < 2


def test_a_ring_s_label_stands_aside_for_a_name_that_would_be_missed(europe):
    """On the page of Europe the label of the small rings near Moscow has a fine line to its own."""
    figure = draw_picture(europe, layout="page-landscape").figure
    leaders = [
        (axes, line)
        for axes in figure.axes
        for line in axes.lines
        if line.get_gid() == "ring-leader"
    ]
    assert leaders
    for axes, line in leaders:
        x, y = (axes.transData.transform(line.get_xydata()) * 72 / figure.dpi).T
        assert np.hypot(np.diff(x), np.diff(y)) < 50
        boxes = [box for _, box in names_on(axes)]
        between = np.linspace(0, 1, 20)
        at = x[0] + between * (x[1] - x[0]), y[0] + between * (y[1] - y[0])
        assert all((box.distance(*at) > 0).all() for box in boxes)


def test_sites_are_told_as_places_are(tmp_path, capsys):
    sites = [(20.0 + n / 50, 50.0 + n / 80, f"Base number {n}") for n in range(9)]
    analysis = case(tmp_path, [*sites, (-160.0, -60.0, "Far")], max_km=600, treaty=False)
    labels = draw_picture(analysis, plain=True, size=(400, 300)).labels
    assert labels["sites_without_name"]
    assert not set(labels["sites_without_name"]) & set(labels["sites_off_the_map"])
    path = next(tmp_path.glob("*.toml"))
    assert main(["figure", str(path), "-o", str(tmp_path / "x.png"), "--layout", "square"]) == 0
    assert "launch sites shown without a name, for want of room: Base" in capsys.readouterr().err


def test_what_has_no_name_is_listed(europe):
    picture = draw_picture(europe, plain=True, size=(430, 260))
    labels = picture.labels
    everything = [
        *labels["places_named"], *labels["places_without_name"], *labels["places_off_the_map"],
    ]  # fmt: skip
    assert sorted(everything) == sorted(europe.places["place"])
    assert labels["places_without_name"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_and_theme(europe, layout, theme):
    units = random.choice(list(UNITS))
    picture = draw_picture(europe, layout=layout, theme=theme, units=units)
    wide, high = (value * 72 for value in picture.figure.get_size_inches())
    assert (wide, high) == pytest.approx(LAYOUTS[layout], abs=0.01)
    background = picture.figure.get_facecolor()
    assert to_rgb(background) == to_rgb(THEMES[theme].paper)
    sheet = picture.figure.axes[0]
    seen = []
    for text in sheet.texts:
        size, x = text.get_fontsize(), text.get_position()[0]
        bold = text.get_fontweight() in ("bold", 700)
        length = text_size(text.get_text(), size, bold=bold)[0]
        x0 = {"left": x, "right": x - length, "center": x - length / 2}[text.get_ha()]
        y = text.get_position()[1]
        box = Box(x0, y - 0.2 * size, x0 + length, y + 0.7 * size)
        assert box.within(Box(4, 2, wide - 4, high - 2)), text.get_text()
        seen.append((text.get_text(), box))
        ground = THEMES[theme].paper
        if text.get_color().lower() not in ("#ffffff", "#16191d"):
            assert contrast(text.get_color(), ground) >= 3, text.get_text()
    for number, (words, box) in enumerate(seen):
        for other, taken in seen[number + 1 :]:
            assert not box.overlaps(taken), (words, other)


def test_the_print_theme_has_no_colour(europe):
    image = picture_bytes(draw_picture(europe, theme="print"), "png", dpi=40)
    import io

    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(image)).convert("RGB"), dtype=int)
    assert np.ptp(pixels, axis=2).max() <= 3


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    "sites", [[(37.6, 55.7, "A")], [(179.9, -80.0, "B")], [(0.0, 0.0, "C"), (150.0, 60.0, "D")]]
)
def test_the_scale_bar_is_right_where_it_stands(tmp_path, sites, unit):
    analysis = case(tmp_path, sites)
    figure = Figure(figsize=(9, 5))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    drawn = draw_map(axes, analysis, 648, 360, Look(units=UNITS[unit]))
    bar = drawn.bar
    halves = [p for p in axes.patches if (p.get_gid() or "").startswith("scale-bar")]
    assert sum(p.get_width() for p in halves) == pytest.approx(bar.x1 - bar.x0)
    y = bar.y0 if bar.here else 0.0
    x0 = bar.x0 if bar.here else -(bar.x1 - bar.x0) / 2
    lon, lat = drawn.view.projection.inverse(np.array([x0, x0 + bar.x1 - bar.x0]), np.full(2, y))
    true = float(np.asarray(distance_km(lon[0], lat[0], lon[1], lat[1])).item())
    assert true == pytest.approx(bar.length * UNITS[unit].km, rel=1e-6)
    assert any(text.get_text() == f"{bar.length:,g} {unit}" for text in axes.texts)


def test_a_scale_bar_wider_than_the_world_is_measured_at_the_centre(tmp_path):
    analysis = case(tmp_path, [(10, 50, "A"), (100, 30, "B")])
    axes = Figure(figsize=(1, 400 / 72)).add_axes((0, 0, 1, 1))
    drawn = draw_map(axes, analysis, 72, 400, with_insets=False)
    half = (drawn.bar.x1 - drawn.bar.x0) / 2
    lon, lat = drawn.view.projection.inverse(np.array([-half, half]), np.zeros(2))
    true = float(np.asarray(distance_km(lon[0], lat[0], lon[1], lat[1])).item())
    assert true == pytest.approx(drawn.bar.length, rel=1e-6)
    assert not drawn.bar.here
    assert not any("meridian" in text.get_text() for text in axes.texts)  # it has no room


def test_units_convert_ranges_and_leave_the_treaty_in_km(europe):
    svg = picture_bytes(draw_picture(europe, units="mi"), "svg").decode("utf-8")
    words = " ".join("".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text"))
    assert "1,725 mi" in words  # Dark Eagle, 2,776 km
    assert "2,776 km" not in words
    assert "5,500 km (3,418 mi)" in words
    assert "298 mi" in words  # 480 km, as Russia says


def test_svg_carries_its_glyphs_and_fixes_widths(europe):
    svg = picture_bytes(draw_picture(europe), "svg").decode("utf-8")
    root = ET.fromstring(svg)
    assert root.find(f"{SVG}title").text == europe.scenario.title
    assert "Capitals in the banned band" in root.find(f"{SVG}desc").text
    faces = re.findall(r"@font-face\{font-family:'([^']+)';font-weight:(\d+)", svg)
    assert (FAMILY[0], "400") in faces
    assert (FAMILY[0], "700") in faces
    for node in root.iter(f"{SVG}text"):
        words = "".join(node.itertext())
        if words.strip():
            size = float(re.search(r"font-size: ([\d.]+)px", node.get("style")).group(1))
            bold = "font-weight: 700" in node.get("style")
            assert float(node.get("textLength")) == pytest.approx(
                text_size(words, size, bold=bold)[0], abs=0.02
            )
    assert len(svg) < 2_000_000
    assert not re.search(r"https?://(?!www\.w3\.org|purl\.org|creativecommons\.org)", svg)


def test_names_in_many_scripts_are_drawn_and_embedded(tmp_path):
    names = ["Москва", "北京", "東京 ソウル", "서울", "Ελλάδα"]
    sites = [(-165.0 + 14 * n, -15.0 - 6 * n, name) for n, name in enumerate(names)]
    picture = draw_picture(case(tmp_path, sites))
    path = tmp_path / "scripts.pdf"
    path.write_bytes(picture_bytes(picture, "pdf"))
    text = pypdf.PdfReader(path).pages[0].extract_text()
    svg = picture_bytes(picture, "svg").decode("utf-8")
    for name in names:
        assert not uncovered(name)
        assert set(name) - {" "} <= set(text)
        assert name in svg
    assert "rangemap East" in "".join(re.findall(r"@font-face\{[^}]{0,60}", svg))


def test_each_font_draws_what_it_is_for():
    assert [face_for(c).name for c in "AЖΩ"] == ["SourceSans3-Regular.ttf"] * 3
    assert {face_for(c).name for c in "漢カ글"} == {"wqy-microhei.ttf"}
    assert face_for("\U0010fffd") is None


def test_contrast_of_data_colours():
    rng = random.Random(4)
    for theme in THEMES.values():
        for order in range(3):
            color = f"#{rng.randrange(0xFFFFFF):06x}"
            assert contrast(theme.data(color, order), theme.paper) >= 3, (theme.name, color)
    greys = [THEMES["print"].data("#ff0000", order) for order in range(3)]
    shades = sorted(contrast(grey, "#ffffff") for grey in greys)
    assert all(b / a > 1.3 for a, b in pairwise(shades))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "theater"}, "is not one of .*did you mean 'theatre'"),
        ({"layout": "a4"}, "layout 'a4' is not one of slide, page"),
        ({"theme": "drak"}, "did you mean 'dark'"),
        ({"units": "miles"}, "unit 'miles' is not one of km, mi, nmi"),
        ({"size": (100, 100)}, "only a plain picture takes a size"),
        ({"plain": True, "size": (1, 100)}, "must be from 72 to 5,000"),
        ({"colour": "red"}, "has no option 'colour'"),
    ],
)
def test_a_wrong_option_is_named(europe, options, message):
    with pytest.raises(ArgumentError, match=message):
        draw_picture(europe, **options)


def test_alternative_texts_hold_the_finding():
    for name in ("europe", "asia-pacific"):
        analysis = rm.analyse(name)
        picture = draw_picture(analysis, plain=True, size=(300, 200))
        assert picture.finding in picture.alt
        assert str(analysis.comparison.summary["counts"]["both"]) in picture.alt
    assert "theatre" in KINDS
