"""What a disputed range changes: names and numbers of `range_change`, both ranges drawn."""

from __future__ import annotations

import pytest
from figure_cases import assert_legible, case, words_of

import rangemap as rm
from rangemap.analysis.change_ranges import has_two_ranges
from rangemap.errors import ArgumentError, UnknownNameError
from rangemap.geodesy import distance_km
from rangemap.views.chart_change import change
from rangemap.views.chart_sides_views import extent_of, views_of
from rangemap.views.figure_sheet import Look
from rangemap.views.picture import draw_picture
from rangemap.views.units import UNITS


@pytest.fixture(scope="module")
def ssc8():
    return rm.analyse("ssc-8")


@pytest.fixture(scope="module")
def page(ssc8):
    return draw_picture(ssc8, "change", layout="page")


def test_numbers_and_names_are_those_of_the_change(ssc8, page):
    found = rm.range_change("ssc-8")
    counts, lists = found.summary["counts"], found.summary["lists"]
    assert f"bring {counts['gained']} capitals into range" in page.finding
    assert f"{counts['marginal']} more marginally" in page.finding
    assert "No position is taken" in page.alt
    people = found.summary["cities"]["populations"]["gained"]
    assert f"{people / 1e6:.0f} million people" in page.alt
    area = found.summary["footprint_km2"]["gained"]
    assert f"Added: {area / 1e6:.0f} million km²" in page.alt
    words = words_of(page)
    for key in ("gained", "already", "marginal", "out-of-range", "own-side"):
        assert f"{counts[key]}" in words
    shown = set(page.labels["places_named"]) | set(page.labels["places_without_name"])
    assert set(lists["gained"]) <= shown
    assert len(set(lists["gained"]) & set(page.labels["places_named"])) >= 33
    listed = " ".join(words)
    for entry in found.summary["gained"]:
        assert f"{entry['place']} {entry['nearest_km']:,.0f} km" in listed


def test_both_ranges_are_drawn_with_who_says_them(ssc8, page):
    words = " ".join(words_of(page))
    for text in ("9M729, 480 km as Russia says", "said by: Russia (Ministry of Defence, 2019)",
                 "2,000 to 2,500 km"):  # fmt: skip
        assert text in words
    chart = change(ssc8, Look())
    view = views_of([extent_of(chart.changed.reach)], 500, 400)[0]
    content = chart.changed.content(view)
    added, already = (shade.area for shade in content.shades)
    assert added.intersection(already).area < 1e-6 * added.area
    areas = chart.changed.change.summary["footprint_km2"]
    assert already.area == pytest.approx(areas["shorter"], rel=0.01)
    assert added.area == pytest.approx(areas["gained"], rel=0.01)
    # The highest figure lies within the frame.
    lines = [stroke.line for stroke in content.strokes if not stroke.line.is_empty]
    assert len(lines) >= 4
    assert all(view.box.contains_properly(line) for line in lines)
    assert sum(bool(stroke.label) for stroke in content.strokes) == 2


@pytest.mark.parametrize(
    ("layout", "theme", "units"), [("slide", "print", "mi"), ("square", "dark", "nmi")]
)
def test_nothing_stands_on_another_text(ssc8, layout, theme, units):
    picture = draw_picture(ssc8, "change", layout=layout, theme=theme, units=units)
    assert_legible(picture)
    assert f"{UNITS[units].of(2350):,.0f} {units}" in picture.title
    assert "million people" in picture.alt
    assert not picture.labels["panels_dropped"]


def test_page_and_small_plain_pictures(ssc8, page):
    assert_legible(page)
    small = draw_picture(ssc8, "change", plain=True, size=(220, 160))
    assert_legible(small)
    assert len(small.labels["panels_dropped"]) == 7


def test_the_system_may_be_named():
    analysis = rm.analyse("europe")
    chart = change(analysis, Look(), system="lrhw")
    found = rm.range_change("europe", "lrhw", coalition="nato-us")
    assert chart.changed.change.longer == found.longer
    assert chart.title.startswith("Dark Eagle")
    assert change(analysis, Look()).title.startswith("9M729")
    with pytest.raises(UnknownNameError):
        change(analysis, Look(), system="no-such")
    with pytest.raises(ArgumentError, match="does not launch here"):
        change(analysis, Look(), system="df-26")


def test_a_comparison_shows_the_change_of_the_side_that_has_it():
    versus = rm.analyse("europe-vs-china")
    chart = change(versus, Look())
    assert chart.changed.change.coalitions == ("russia-belarus",)
    table = chart.changed.change.table
    row = table[table["place"] == "Kyiv"].iloc[0]
    sites = chart.changed.change.sites
    least = distance_km(row["lon"], row["lat"], sites["site_lon"], sites["site_lat"]).min()
    assert row["category"] == "gained"
    assert 480 < least < 2000


def test_without_a_dispute_one_line_says_so(tmp_path):
    one = case(tmp_path, [("North", [], [(2.0, 48.0, "N1")], [("Far", 0, 900)])], treaty=False)
    with pytest.raises(ArgumentError, match=r"no range in scenario 'case' is disputed$"):
        draw_picture(one, "change")
    with pytest.raises(ArgumentError, match=r"is disputed; a system may be named \(here: "):
        draw_picture(rm.analyse("korea"), "change")


def test_only_systems_with_two_ranges_are_suggested():
    with pytest.raises(ArgumentError, match=r"'aegis-ashore' is disputed$"):
        change(rm.analyse("aegis-ashore"), Look())
    korea = rm.analyse("korea")
    with pytest.raises(ArgumentError) as problem:
        change(korea, Look())
    named = str(problem.value).split("here: ")[1].rstrip(")").split(", ")
    assert {"hwasong-12", "nodong"} <= set(named)
    assert "hyunmoo-2b" not in named
    assert all(has_two_ranges(one) for one in named)
