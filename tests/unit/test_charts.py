"""Bars and distance ladder: numbers as in the tables, no text on another, odd scenarios."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
import shapely
from figure_cases import case
from pack_cases import SMALL
from shapely import affinity

import rangemap as rm
from rangemap.analysis import country_table, people_table
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.geodesy import distance_km
from rangemap.views.chart_bar_panels import millions
from rangemap.views.chart_bar_rows import Covered
from rangemap.views.chart_bars import PARTS
from rangemap.views.chart_ladder_rows import site_of, steps_of
from rangemap.views.chart_parts import spread
from rangemap.views.picture import LAYOUTS, draw_picture, picture_bytes
from rangemap.views.units import UNITS

SVG = "{http://www.w3.org/2000/svg}"
HEAD = 'format = 1\ntitle = "{title}"\n'
HOSTILE = (
    "x" * 300,
    "word " * 60,
    "北京的一个非常长的名字" * 9,
    "<script>alert(1)</script> & co",
    "$x^2$ \\\\frac{1}{2}",
    "=cmd()|' /C calc'!A0",
    "\u202eevil\u202c \u200f",
)


@dataclass(frozen=True)
class Text:
    """One line of text in an SVG file."""

    words: str
    size: float
    shape: shapely.Polygon


def texts_of(picture, content=None) -> tuple[list[Text], tuple[float, float]]:
    """Return the texts of a picture with the ground that each covers, and the page's size."""
    root = ET.fromstring((content or picture_bytes(picture, "svg")).decode("utf-8"))
    _, _, wide, high = map(float, root.attrib["viewBox"].split())
    found = []
    for node in root.iter(f"{SVG}text"):
        style = node.attrib["style"]
        size = float(re.search(r"font-size: ([\d.]+)px", style).group(1))
        x, y = float(node.attrib["x"]), float(node.attrib["y"])
        length = float(node.attrib.get("textLength", "0"))
        anchor = re.search(r"text-anchor: (\w+)", style).group(1)
        left = x - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * length
        turn = float(re.search(r"rotate\((\S+) ", node.attrib["transform"]).group(1))
        box = shapely.box(left + 0.2, y - 0.68 * size, left + length - 0.2, y + 0.17 * size)
        found.append(Text(node.text or "", size, affinity.rotate(box, turn, origin=(x, y))))
    return found, (wide, high)


def assert_legible(picture, content=None) -> list[Text]:
    """No text stands on another or leaves the page, and none is too small to read."""
    found, (wide, high) = texts_of(picture, content)
    page = shapely.box(0, 0, wide, high)
    shapes = np.array([one.shape for one in found])
    for one in found:
        assert page.contains(one.shape), f"{one.words!r} leaves the page"
        assert one.size >= 6.1, f"{one.words!r} is set in {one.size} pt"
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for a, b in zip(first, second, strict=True):
        if a < b:
            shared = shapely.intersection(shapes[a], shapes[b]).area
            assert shared < 0.4, f"{found[a].words!r} on {found[b].words!r}: {shared:.1f} pt²"
    return found


def drawn_case(tmp_path, seed):
    """Return a random analysis."""
    rng = random.Random(seed)
    treaty = rng.random() < 0.6
    coalitions = []
    for index in range(rng.randint(1, 7)):
        sites = [
            (round(rng.uniform(-180, 180), 3), round(rng.uniform(-85, 85), 3), f"Site {index}/{n}")
            for n in range(rng.randint(1, 5))
        ]
        ranges = []
        for n in range(rng.randint(0 if treaty else 1, 6)):
            low = rng.choice((0, 0, 60, 480))
            ranges.append((f"Range {n}", low, low + round(rng.uniform(20, 9000))))
        members = rng.sample(["FRA", "USA", "CHN", "RUS", "IND", "BRA"], rng.randint(0, 3))
        coalitions.append((f"Coalition {index}", members, sites, ranges))
    return case(tmp_path, coalitions, treaty=treaty, title=f"Case {seed}"), rng


@pytest.fixture(scope="module")
def europe():
    return rm.analyse("europe")


@pytest.fixture(scope="module")
def versus():
    return rm.analyse("europe-vs-china")


@pytest.mark.parametrize("kind", ["bars", "ladder"])
@pytest.mark.parametrize(
    ("layout", "theme", "units"),
    [
        ("slide", "light", "km"),
        ("page", "print", "mi"),
        ("page-landscape", "dark", "nmi"),
        ("square", "light", "mi"),
        ("square", "print", "km"),
    ],
)
def test_nothing_stands_on_another_text(kind, layout, theme, units, europe, versus):
    for analysis in (europe, versus):
        picture = draw_picture(analysis, kind, layout=layout, theme=theme, units=units)
        assert_legible(picture)
        assert picture.layout == layout
        assert LAYOUTS[layout][0] == pytest.approx(picture.figure.get_figwidth() * 72)


@pytest.mark.parametrize("kind", ["bars", "ladder"])
@pytest.mark.parametrize("size", [(600, 340), (300, 300), (400, 700), (1400, 420), (220, 160)])
def test_plain_pictures_of_any_size(kind, size, versus):
    picture = draw_picture(versus, kind, plain=True, size=size)
    assert_legible(picture)
    if size != (220, 160):
        assert len(picture.labels["named"]) + len(picture.labels.get("panels", ())) > 1


@pytest.mark.parametrize("seed", range(8))
def test_random_scenarios(seed, tmp_path):
    analysis, rng = drawn_case(tmp_path, seed)
    for kind in ("bars", "ladder"):
        picture = draw_picture(
            analysis, kind, layout=rng.choice(list(LAYOUTS)),
            theme=rng.choice(["light", "dark", "print"]), units=rng.choice(list(UNITS)),
        )  # fmt: skip
        assert_legible(picture)
        assert re.search(r"\d", picture.finding)
        assert picture.finding in picture.alt


def test_distances_on_the_ladder_are_those_of_the_coverage(europe):
    picture = draw_picture(europe, "ladder", site="kapustin-yar", layout="page")
    rows = europe.coverage[europe.coverage["site_id"] == "kapustin-yar"]
    expected = rows.drop_duplicates("place_id").set_index("place")["distance_km"]
    end = 5500 * 1.02
    within = expected[expected <= end]
    assert sorted(picture.labels["named"]) == sorted(within.index)
    assert picture.labels["dropped"] == []
    assert picture.labels["beyond"] == len(expected) - len(within)
    texts = assert_legible(picture)
    by_words = {}
    for number, one in enumerate(texts):
        by_words.setdefault(one.words, number)
    for name, distance in within.items():
        number = texts[by_words[name] - 1]  # each number is written right before its name
        assert number.words == f"{distance:,.0f}", name
        assert number.shape.distance(texts[by_words[name]].shape) < 12


def test_labels_keep_the_order_of_the_distances(europe):
    picture = draw_picture(europe, "ladder", site="wiesbaden", layout="page")
    texts, _ = texts_of(picture)
    at = {one.words: one.shape.centroid for one in texts}
    steps = [step for step in steps_of(europe, "wiesbaden") if step.name in at]
    for side in (0, 1):
        heights = [at[step.name].y for step in steps[side::2]]
        assert heights == sorted(heights)
        assert min(np.diff(heights)) > 7


def test_ladder_distances_agree_with_an_outside_geodesic(europe):
    bands = europe.bands[europe.bands["site_id"] == "mozdok"].iloc[0]
    places = europe.places.set_index("place_id")
    for step in steps_of(europe, "mozdok")[::17]:
        place = places.loc[step.place_id]
        known = distance_km(bands["site_lon"], bands["site_lat"], place["lon"], place["lat"])
        assert step.distance_km == pytest.approx(float(known), abs=1e-6)


def test_ladder_counts_and_ranges(europe):
    picture = draw_picture(europe, "ladder", site="kapustin-yar")
    rows = europe.coverage[
        (europe.coverage["site_id"] == "kapustin-yar") & ~europe.coverage["own_side"]
    ]
    treaty = rows[rows["band_kind"] == "treaty"]
    banned = int(treaty["in_drawn_band"].sum())
    assert picture.finding.startswith(f"{banned} capitals, its own side's left out, lie 500 km")
    words = " ".join(one.words for one in texts_of(picture)[0])
    for label in ("9M729, 480 km as Russia says", "9M729, 2,350 km as Western sources say"):
        verdicts = rows.loc[rows["label"] == label, "verdict"]
        inside, marginal = (int((verdicts == one).sum()) for one in ("inside", "marginal"))
        assert f"{label}: {inside}" + (f" + {marginal} marginal" if marginal else "") in words
    assert "estimates 2,000 to 2,500 km" in words
    assert "Banned by the INF Treaty: 500 km to 5,500 km" in words


def test_the_treatys_limits_stay_in_km(europe):
    picture = draw_picture(europe, "ladder", units="mi", site="mozdok")
    words = " ".join(one.words for one in texts_of(picture)[0])
    assert "500 km (311 mi) to 5,500 km (3,418 mi)" in words
    assert "9M729, 298 mi as Russia says" in words
    bars = " ".join(one.words for one in texts_of(draw_picture(europe, "bars", units="mi"))[0])
    assert "within 500 km (311 mi)" in bars
    assert "beyond 5,500 km (3,418 mi)" in bars


def test_sites_by_id_by_name_and_by_default(europe):
    assert site_of(europe, " Kapustin YAR ") == site_of(europe, "kapustin-yar") == "kapustin-yar"
    counted = europe.coverage[~europe.coverage["own_side"] & europe.coverage["in_drawn_band"]]
    most = counted.groupby("site_id")["place_id"].nunique()
    assert most[site_of(europe, None)] == most.max()
    with pytest.raises(UnknownNameError, match=r"'kapustin-jar'.*did you mean 'kapustin-yar'"):
        draw_picture(europe, "ladder", site="kapustin-jar")
    for options in ({"limit": -1}, {"limit": 2.5}, {"limit": True}, {"site": 7}):
        with pytest.raises(ArgumentError):
            draw_picture(europe, "ladder", **options)


def test_a_limit_keeps_the_most_populous_and_lists_the_rest(europe):
    picture = draw_picture(europe, "ladder", site="bornholm", limit=9)
    assert len(picture.labels["named"]) == 9
    steps = {step.name: step for step in steps_of(europe, "bornholm")}
    dropped = [steps[name] for name in picture.labels["dropped"]]
    named = [steps[name] for name in picture.labels["named"]]
    least = min(step.population for step in named if step.verdict != "marginal")
    assert all(step.own or step.population <= least for step in dropped)
    words = " ".join(one.words for one in texts_of(picture)[0])
    assert f"{len(dropped)} of {len(dropped) + 9} are marked by a tick without a name" in words


def test_bars_show_the_numbers_of_the_tables(europe):
    picture = draw_picture(europe, "bars", layout="page")
    words = [one.words for one in assert_legible(picture)]
    for entry in europe.summary["coalitions"]:
        for number in entry["zones"].values():
            assert f"{number:,}" in words
        assert millions(entry["footprint_km2"]) in words
    counts = europe.comparison.summary["counts"]
    for key in ("a-only", "b-only", "both", "neither"):
        assert str(counts[key]) in words
    bands = europe.bands[europe.bands["band_kind"] == "treaty"]
    for row in people_table(bands).to_dict("records"):
        assert millions(row["city_population_inside"]) in words
        assert millions(row["city_population_marginal"]) in words
        assert f"of {millions(row['city_population'])} million listed" in words
    table = country_table(bands).set_index(["coalition", "country"])
    numbered = words[words.index("China") :]
    for coalition, share in zip(("nato-us", "russia-belarus"), numbered[1:3], strict=True):
        assert share == f"{table.loc[(coalition, 'China'), 'share']:.0%}"
    assert picture.labels["panels_dropped"] == []


def test_bars_are_true_to_scale(europe):
    picture = draw_picture(europe, "bars", part="area")
    widths = {}
    for patch in picture.figure.axes[-1].patches:
        widths[patch.get_facecolor()] = widths.get(patch.get_facecolor(), 0) + patch.get_width()
    areas = Covered(europe).areas
    drawn = sorted(widths.values())
    assert drawn[0] / drawn[-1] == pytest.approx(min(areas.values()) / max(areas.values()))


@pytest.mark.parametrize("part", PARTS)
def test_one_part_alone(part, versus):
    picture = draw_picture(versus, "bars", part=part, layout="page-landscape")
    assert_legible(picture)
    assert picture.labels["panels"][0] == part
    assert re.search(r"\d", picture.finding)


def test_an_unknown_part(europe):
    with pytest.raises(ArgumentError, match="did you mean 'people'"):
        draw_picture(europe, "bars", part="peoples")


@pytest.mark.parametrize(
    "name", ["kaliningrad", "ssc-8", "china-rocket-force", "guam", "euromissiles-1987"]
)
def test_scenarios_without_a_treaty_band(name):
    analysis = rm.analyse(name)
    bars = draw_picture(analysis, "bars")
    words = " ".join(one.words for one in assert_legible(bars))
    assert "banned" not in bars.title
    assert "by verdict" in words
    assert "marginal" in words
    for entry in analysis.summary["coalitions"]:
        for number in entry["verdicts"].values():
            assert number == 0 or re.search(rf"\b{number}\b", words)
    for layout in ("slide", "page"):
        assert_legible(draw_picture(analysis, "ladder", layout=layout))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(name, tmp_path):
    sites = [(20.0, 50.0, name), (30.0, 55.0, name), (-100.0, 40.0, "Plain")]
    ranges = [(name, 0, 900), (name, 300, 2500)]
    analysis = case(
        tmp_path, [(name, ["POL"], sites, ranges), ("Other", [], sites[:1], ranges)], title=name
    )
    for kind, layout in product(("bars", "ladder"), ("slide", "page")):
        picture = draw_picture(analysis, kind, layout=layout)
        content = picture_bytes(picture, "svg")
        assert_legible(picture, content)
        assert b"<script" not in content
        assert "\u202e".encode() not in content


def test_no_capital_in_range(tmp_path):
    analysis = case(tmp_path, [("Alone", [], [(-130.0, -50.0, "Deep")], [("R", 0, 40)])],
                    treaty=False)  # fmt: skip
    ladder = draw_picture(analysis, "ladder")
    assert "0 lie within the ranges based at Deep" in ladder.finding
    assert ",," not in ladder.finding
    assert len(ladder.labels["named"]) >= 1  # the nearest is shown all the same
    assert_legible(ladder)
    bars = draw_picture(analysis, "bars")
    assert_legible(bars)
    assert "countries" not in bars.labels["panels"]


def test_three_hundred_sites(tmp_path):
    rng = random.Random(3)
    sites = [(rng.uniform(-179, 179), rng.uniform(-60, 80), f"S{n}") for n in range(300)]
    analysis = case(tmp_path, [("Many", ["FRA"], sites, [("R", 0, 1500)])])
    for kind in ("bars", "ladder"):
        assert_legible(draw_picture(analysis, kind, layout="square"))


def test_many_ranges_at_one_site(tmp_path):
    ranges = [(f"Range number {n}", 0, 300 * n) for n in range(1, 19)]
    analysis = case(tmp_path, [("Many", [], [(20.0, 50.0, "Hub")], ranges)])
    picture = draw_picture(analysis, "ladder", plain=True, size=(600, 340))
    assert_legible(picture)
    dropped = picture.labels["ranges_dropped"]
    assert dropped
    assert "Range number 18, 5,400 km" not in " ".join(dropped)
    assert all(f"number {n}" not in " ".join(dropped) for n in (17, 18))


@pytest.mark.parametrize("kind", ["bars", "ladder"])
@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_same_input_same_bytes(kind, form, europe):
    once, again = (
        picture_bytes(draw_picture(europe, kind, theme="print"), form, dpi=60) for _ in range(2)
    )
    assert once == again
    assert len(once) < 2_000_000


def test_print_has_greys_alone(europe):
    for kind in ("bars", "ladder"):
        content = picture_bytes(draw_picture(europe, kind, theme="print"), "svg").decode()
        colors = set(re.findall(r"#([0-9a-f]{6})\b", content))
        # The theme's colour of dark text on a light fill is as good as black.
        colors.discard("16191d")
        assert all(color[:2] == color[2:4] == color[4:] for color in colors), colors


def test_spread_keeps_order_and_distance():
    rng = np.random.default_rng(11)
    for _ in range(200):
        n = int(rng.integers(1, 40))
        wanted = np.sort(rng.uniform(0, 100, n))
        sizes = rng.uniform(0.5, 2.5, n)
        places = spread(wanted, sizes, 0, 100)
        gaps = np.diff(places) - (sizes[:-1] + sizes[1:]) / 2
        assert (gaps > -1e-9).all()
        if sizes.sum() <= 100:
            assert places[0] >= sizes[0] / 2 - 1e-9
            assert places[-1] <= 100 - sizes[-1] / 2 + 1e-9


def test_a_coalition_without_places_of_others_is_not_counted_by_naught(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        SMALL.replace('color = "#123456"', 'color = "#123456"\nmembers = ["FJI", "NZL", "ISL"]'),
        encoding="utf-8",
    )
    bars = draw_picture(rm.analyse(path), "bars")
    assert bars.finding.endswith(" of a site, not their own: Side none but its own.")
    assert "0 of 0" not in " ".join(one.words for one in assert_legible(bars))
