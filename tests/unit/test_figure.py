"""The briefing image: files, determinism, odd scenarios, untrusted names."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pypdf
import pytest
from figure_cases import assert_legible, case, words_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import rangemap as rm
from rangemap.analysis import as_analysis
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER
from rangemap.errors import ArgumentError, OutputError
from rangemap.views import style
from rangemap.views.figure import plot
from rangemap.views.figure_bands import footprints, system_rings, without_twins
from rangemap.views.figure_map import draw_map, view_of
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import marks_of, place_categories, sides_of
from rangemap.views.picture import FORMATS, draw_picture, picture_bytes
from rangemap.writing import write_whole


def draw_figure(analysis):
    return draw_picture(analysis).figure


def save_figure(analysis, stem, formats=FORMATS):
    picture = draw_picture(analysis)
    paths = [stem.with_name(f"{stem.name}.{form}") for form in formats]
    for path in paths:
        write_whole(path, picture_bytes(picture, path.suffix[1:]))
    return paths


SVG = "{http://www.w3.org/2000/svg}"
ONE = """format = 1
title = "{title}"
{notes}
[[coalitions]]
id = "x"
name = "{name}"
short = "X"
color = "{color}"
members = ["FRA"]
{sites}
[[launches]]
coalition = "x"
sites = [{ids}]
systems = "none"
treaty_band = {treaty}
{ranges}
"""


def scenario(
    tmp_path, sites, *, ranges="", treaty=True, title="A case", name="X land", color="#1f5fa8",
    notes="",
):  # fmt: skip
    blocks = [
        f'[[sites]]\nid = "s{n}"\nname = "{site[2] if len(site) > 2 else f"Site {n}"}"\n'
        f"lon = {site[0]}\nlat = {site[1]}\n"
        for n, site in enumerate(sites)
    ]
    text = ONE.format(
        title=title, name=name, color=color, notes=notes, sites="".join(blocks),
        ids=", ".join(f'"s{n}"' for n in range(len(sites))), treaty=str(treaty).lower(),
        ranges=ranges,
    )  # fmt: skip
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    return rm.analyse(path)


@pytest.fixture(scope="module")
def europe():
    return rm.analyse("europe")


@pytest.fixture(scope="module")
def files(europe, tmp_path_factory):
    folder = tmp_path_factory.mktemp("figure")
    return {path.suffix[1:]: path for path in save_figure(europe, folder / "europe")}


def test_svg_is_well_formed_with_text_as_text_and_no_clock(files, europe):
    text = files["svg"].read_text(encoding="utf-8")
    root = ET.fromstring(text)
    written = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert europe.scenario.title in written
    assert "Moscow" in written
    assert any("implies no endorsement" in line for line in written)
    assert any(style.provenance(europe.scenario) in line for line in written)
    assert "dc:date" not in text
    assert style.provenance(europe.scenario) in text
    assert not re.search(r"\d{2}:\d{2}:\d{2}", text)


def test_pdf_embeds_truetype_fonts_and_names_its_making(files, europe):
    data = files["pdf"].read_bytes()
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    assert b"CreationDate" not in data
    reader = pypdf.PdfReader(files["pdf"])
    assert reader.metadata.title == europe.scenario.title
    assert reader.metadata.creator == style.provenance(europe.scenario)
    width, height = (float(value) / 72 for value in reader.pages[0].mediabox[2:])
    assert (width, height) == pytest.approx((13.333, 7.5), abs=0.01)


def test_png_is_300_dpi_and_vector_files_are_small(files):
    header = files["png"].read_bytes()
    assert int.from_bytes(header[16:20]) == 4000
    assert int.from_bytes(header[20:24]) == 2250
    assert files["svg"].stat().st_size < 2_000_000
    assert files["pdf"].stat().st_size < 2_000_000


def test_same_bytes_twice_even_after_other_settings(files, europe, tmp_path):
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "savefig.dpi": 20}):
        again = save_figure(europe, tmp_path / "europe")
    for path in again:
        assert path.read_bytes() == files[path.suffix[1:]].read_bytes(), path.suffix


def test_global_settings_and_pyplot_stay_as_they_were(europe):
    before = dict(mpl.rcParams)
    draw_figure(europe)
    plot(europe)
    assert dict(mpl.rcParams) == before
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_importing_rangemap_does_not_import_matplotlib():
    code = "import sys, rangemap; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["europe", "asia-pacific", "europe-vs-china"])
def test_each_built_in_names_its_findings(name):
    analysis = rm.analyse(name)
    figure = draw_figure(analysis)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert analysis.scenario.title in texts
    counts = analysis.comparison.summary["counts"]
    assert any(f"{counts[A_ONLY]} from" in text for text in texts)
    assert {f"{counts[key]:,}" for key in (A_ONLY, B_ONLY, BOTH, NEITHER)} <= set(texts)
    for entry in analysis.summary["coalitions"]:
        assert entry["name"] in texts


@pytest.mark.parametrize("name", ["europe", "asia-pacific", "europe-vs-china"])
def test_symbols_agree_with_the_comparison(name):
    analysis = rm.analyse(name)
    sides = sides_of(analysis)
    categories = place_categories(analysis, sides)
    expected = analysis.comparison.table.set_index("place_id")["category"]
    names = {"only-0": A_ONLY, "only-1": B_ONLY, BOTH: BOTH, NEITHER: NEITHER}
    for place_id, category in categories.items():
        assert names.get(category, "own-side") == expected[place_id], place_id
    marks = marks_of(analysis, sides)
    assert set(categories) <= set(marks)
    looks = [(mark.marker, mark.filled) for mark in marks.values() if "own" not in mark.category]
    assert len(set(looks)) == len(looks), "a category is told by colour alone"
    assert sides[0].color != sides[1].color
    assert sides[0].line != sides[1].line


def test_both_sides_of_a_dispute_are_drawn(europe):
    figure = Figure(figsize=(10, 6))
    FigureCanvasAgg(figure)
    drawn = draw_map(figure.add_axes((0, 0, 1, 1)), europe, 720, 432)
    said = [ring for ring in drawn.rings if ring.system_id == "9m729"]
    assert len(said) in (0, 2)
    groups = system_rings(europe, drawn.view, Look())
    assert [len(group) for group in groups if group[0].system_id == "9m729"] == [2]
    assert all(ring.disputed for ring in said)


@pytest.mark.parametrize(
    ("sites", "options"),
    [
        ([(0, 90)], {}),
        ([(0, -90), (180, 0)], {"ranges": "ranges = [{ max_km = 19950 }]"}),
        ([(10, 50)], {"ranges": "ranges = [{ max_km = 19950 }]", "treaty": False}),
        ([(180, -16.5)], {"ranges": "ranges = [{ max_km = 1 }]", "treaty": False}),
        ([(0, 0), (180, 0)], {"color": "#ffffff"}),
    ],
    ids=["pole", "south-pole-and-180", "19950-km", "1-km", "antipodes-in-white"],
)
@pytest.mark.filterwarnings("error")
def test_odd_scenarios_draw(tmp_path, sites, options):
    analysis = scenario(tmp_path, sites, **options)
    (path,) = save_figure(analysis, tmp_path / "odd", ["svg"])
    ET.parse(path)


@pytest.mark.filterwarnings("error")
def test_a_hundred_sites_draw(tmp_path):
    rng = random.Random(1)
    sites = [(round(rng.uniform(-180, 180), 3), round(rng.uniform(-80, 80), 3)) for _ in range(100)]
    analysis = scenario(tmp_path, sites, ranges="ranges = [{ max_km = 1500 }]")
    (path,) = save_figure(analysis, tmp_path / "many", ["svg"])
    assert path.stat().st_size < 2_000_000


@pytest.mark.filterwarnings("error")
def test_hostile_names_show_as_text(tmp_path):
    script = "<script>alert(1)</script>"
    analysis = scenario(
        tmp_path,
        [(-30, 10, script)],
        title="$\\\\frac{1}{$ & \\u202Eabc\\n漢" + " long" * 300,
        name="$X_$ ]]> <i>",
        notes='notes = ["$x^2$ <b> ' + "word " * 2000 + '"]',
        ranges='ranges = [{ max_km = 900, label = "$\\\\beta$ & <b> ' + "q" * 300 + '" }]',
    )
    paths = save_figure(analysis, tmp_path / "hostile")
    svg = next(path for path in paths if path.suffix == ".svg")
    root = ET.parse(svg).getroot()
    assert not list(root.iter(f"{SVG}script"))
    written = ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]
    assert any("<script>alert(1)" in line for line in written)
    assert any(line.startswith("$\\frac{1}{$ & abc 漢") for line in written)
    assert "\u202e" not in svg.read_text(encoding="utf-8")


def test_plot_draws_on_the_axes_given_and_keeps_the_scale_square(europe):
    figure = Figure(figsize=(8, 3))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    assert plot(europe.bands, ax=axes) is axes
    width = np.ptp(axes.get_xlim()) / axes.get_window_extent().width
    height = np.ptp(axes.get_ylim()) / axes.get_window_extent().height
    assert width == pytest.approx(height, rel=1e-6)


def test_plot_takes_a_comparison_and_a_subset_of_bands():
    both = rm.compare("europe", "asia-pacific:china")
    assert plot(both).get_title(loc="left") == f"{both.a.name} against {both.b.name}"
    bands = rm.range_bands("asia-pacific")
    treaty = bands[bands["band_kind"] == "treaty"]
    texts = [text.get_text() for text in plot(treaty).texts]
    assert "Korla" in texts
    assert not any("DF-26" in text for text in texts)


def test_a_wrong_format_or_place_is_named(europe, tmp_path):
    with pytest.raises(ArgumentError, match="'gif' is not one of png, svg, pdf"):
        save_figure(europe, tmp_path / "x", ["gif"])
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot write"):
        save_figure(europe, tmp_path / "file" / "x", ["svg"])
    with pytest.raises(ArgumentError):
        plot(rm.read_capitals())


def test_no_module_of_the_figure_uses_pyplot():
    folder = Path(sys.modules["rangemap.views.figure"].__file__).parent
    for path in [one for part in ("figure", "picture", "chart") for one in folder.glob(f"{part}*")]:
        assert "import matplotlib.pyplot" not in path.read_text(encoding="utf-8")
        assert "patheffects" not in path.read_text(encoding="utf-8")


def test_unverified_facts_carry_a_star_and_the_star_is_explained(tmp_path):
    bands = rm.range_bands("asia-pacific")
    figure = draw_figure(as_analysis(bands))
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert "Xining / Datong*" in texts
    assert "Korla" in texts
    assert "DF-21A, 2,150 km*" in texts
    assert any("* Not, or only in part" in text for text in texts)
    seen = bands[(bands["site_evidence"] == "seen") & bands["range_evidence"].isin(["", "seen"])]
    figure = draw_figure(as_analysis(seen))
    assert not any("*" in text.get_text() for axes in figure.axes for text in axes.texts)


FEW = '[targets]\ncountries = ["FRA", "NZL"]\n'


def test_a_line_outside_the_frame_is_told_with_its_own_range(tmp_path):
    sides = [("Alpha", 10, 50, 700), ("Beta", 140, -30, 400), ("Gamma", -100, -40, 1234)]
    analysis = case(
        tmp_path,
        [(name, [], [(lon, lat, name)], [(f"{km:,} km", 0, km)]) for name, lon, lat, km in sides],
        treaty=False, extra=FEW + "[view]\ncenter = [10.0, 50.0]\nwidth_km = 4000\n",
    )  # fmt: skip
    view, look = view_of(analysis, 1.5), Look()
    prints = footprints(analysis, sides_of(analysis), view, look)
    prints, _ = without_twins(prints, system_rings(analysis, view, look))
    assert [one.outline.is_empty for one in prints] == [False, True, True]
    assert [one.label for one in prints] == ["Alpha: 700 km", "Beta: 400 km", "Gamma: 1,234 km"]


def test_a_legend_of_many_coalitions_sums_up_the_rest(tmp_path):
    coalitions = [
        (f"Land {n}", [], [(-150 + 30 * n, 0, f"Site {n}")], [("R", 0, 300 + n)]) for n in range(11)
    ]
    picture = draw_picture(case(tmp_path, coalitions, treaty=False, extra=FEW))
    words = words_of(picture)
    assert {"Capitals in range", "3 more, of one coalition each"} <= set(words)
    assert "and 3 more, in the colours of their sites" in words
    assert sum(word.endswith("outer edge") for word in words) == 8
    assert_legible(picture)


@pytest.mark.parametrize(
    ("countries", "ranges", "told"),
    [
        ('"NZL"', [500], "of 1 capital, 0 in range by the range given here"),
        ('"NZL", "FJI"', [500, 900], "of 2 capitals, 0 in range by the ranges given here"),
    ],
)
def test_a_headline_counts_in_singular_and_plural(tmp_path, countries, ranges, told):
    coalition = ("Alpha", ["FRA"], [(3, 48, "Site")], [("R", 0, km) for km in ranges])
    extra = f"[targets]\ncountries = [{countries}]\n"
    (line,) = case(tmp_path, [coalition], treaty=False, extra=extra).summary["headline"]
    assert told in line
