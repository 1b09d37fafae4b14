"""Counts of launch sites: of places by distance, of areas by exact faces, shades that read."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from figure_cases import assert_legible, case, words_of

import rangemap as rm
from rangemap.errors import ArgumentError
from rangemap.geodesy import area_km2, distance_km, footprint
from rangemap.views.chart_keys import million
from rangemap.views.chart_overlap import overlap
from rangemap.views.chart_overlap_counts import MOST_CLASSES, classes_of
from rangemap.views.chart_overlap_parts import RAMPS
from rangemap.views.chart_sides_views import extent_of, views_of
from rangemap.views.figure_sheet import Look
from rangemap.views.picture import draw_picture
from rangemap.views.theme import THEMES, contrast


@pytest.fixture(scope="module")
def europe():
    return rm.analyse("europe")


@pytest.fixture(scope="module")
def chart(europe):
    return overlap(europe, Look())


def test_places_are_counted_by_distance(europe, chart):
    table = chart.parts.counted.places.set_index("place")
    sites = europe.bands[europe.bands["band_kind"] == "treaty"].drop_duplicates("site_id")
    members = {c.id: c.members for c in europe.scenario.coalitions}
    for name in ("Kyiv", "Berlin", "Minsk", "Beijing", "Canberra"):
        row = table.loc[name]
        others = sites[[row["iso_a3"] not in members[key] for key in sites["coalition"]]]
        apart = distance_km(row["lon"], row["lat"], others["site_lon"], others["site_lat"])
        assert row["n"] == ((apart >= 500) & (apart <= 5500)).sum(), name
    assert table.loc["Berlin", "own"]
    assert not table.loc["Kyiv", "own"]
    most = int(table["n"].max())
    assert f"{most} of 11 launch sites" in chart.finding
    assert f"and {(table['n'] == most).sum() - 3} more capitals" in chart.finding
    assert f"{(table['n'] > 0).sum()} of 197 capitals" in chart.alt


def test_classes_share_out_the_footprint(europe, chart):
    counted = chart.parts.counted
    whole = area_km2(footprint(counted.bands.geometry))
    assert sum(counted.areas_km2()) == pytest.approx(whole, rel=1e-6)
    view = views_of([extent_of(counted.bands)], 400, 300)[0]
    shapes = counted.shapes(view)
    # The projection keeps areas.
    for shape, area in zip(shapes, counted.areas_km2(), strict=True):
        assert shape.is_valid
        assert shape.area == pytest.approx(area, rel=0.01)
    for n, one in enumerate(shapes):
        for other in shapes[n + 1 :]:
            assert one.intersection(other).area < 1e-5 * one.area
    # A capital that no side's membership leaves out stands on the shade of its count.
    table = counted.places[(counted.places["n"] > 0) & ~counted.places["own"]]
    x, y = view.projection.forward(table["lon"], table["lat"])
    held = np.array([shapely.contains_xy(shape, x, y) for shape in shapes])
    for n, one in enumerate(counted.classes):
        belongs = table["n"].map(one.holds).to_numpy()
        assert (held[n] == belongs).mean() > 0.97  # within 100 m of an edge a shade may differ


def test_classes_hold_each_count_once():
    for most in range(1, 60):
        classes = classes_of(most)
        assert len(classes) <= MOST_CLASSES
        held = [sum(one.holds(count) for one in classes) for count in range(most + 2)]
        assert held == [0, *[1] * most, 0]


@pytest.mark.parametrize("name", list(THEMES))
def test_shades_differ_in_grey_and_names_stay_legible_on_them(name):
    theme, ramp = THEMES[name], RAMPS[name]
    assert len(ramp) == MOST_CLASSES
    steps = [contrast(color, theme.paper) for color in ramp]
    assert steps == sorted(steps)
    assert min(b / a for a, b in pairwise(steps)) > 1.08
    assert min(contrast(theme.ink, color) for color in ramp) >= 3


@pytest.mark.parametrize(
    ("layout", "theme", "units"), [("slide", "light", "km"), ("page", "print", "nmi")]
)
def test_nothing_stands_on_another_text(europe, layout, theme, units):
    picture = draw_picture(europe, "overlap", layout=layout, theme=theme, units=units)
    assert_legible(picture)
    words = words_of(picture)
    assert "Dublin 11" in words
    assert any(word.startswith("11; ") and word.endswith(f"million {units}²") for word in words)
    listed = [picture.labels[key] for key in picture.labels if key.startswith("places_")]
    assert sum(map(len, listed)) == len(europe.places)
    assert "Dublin" in picture.labels["places_named"]
    assert not picture.labels["panels_dropped"]


def test_coalitions_may_be_counted(europe):
    chart = overlap(europe, Look(), of="coalitions")
    table = chart.parts.counted.places
    assert [one.text for one in chart.parts.counted.classes] == ["1", "2"]
    both = europe.comparison.summary["counts"]["both"]
    assert (table["n"] == 2).sum() == both
    assert f"and {both - 3} more capitals are in the banned band of 2 of 2" in chart.finding


def test_by_the_treaty_nothing_is_said_of_range_alone(chart):
    for text in (chart.title, chart.finding, chart.beside, chart.alt):
        assert "in the banned band" in text
        assert "in range" not in text
    assert "disputed" not in chart.parts.note


def test_small_areas_and_numbers_read(tmp_path):
    sites = [(-21.9, 64.1, "N1"), (-18.2, 64.1, "N2")]
    small = case(tmp_path, [("North", [], sites, [("Near", 0, 100)])], treaty=False)
    chart = overlap(small, Look())
    assert "1 of 197 capitals is in range of at least one, 0 of two" in chart.beside
    assert " <0.01 million km² are in range of two or more." in chart.beside
    assert "disputed" in chart.parts.note
    assert million(9_000) == "<0.01"


def test_ranges_across_pole_and_antimeridian(tmp_path):
    sites = [(178.0, 75.0, "S1"), (-175.0, 70.0, "S2")]
    polar = case(tmp_path, [("North", [], sites, [("Far", 200, 3000)])], treaty=False)
    counted = overlap(polar, Look()).parts.counted
    view = views_of([extent_of(counted.bands)], 300, 300)[0]
    areas = [shape.area for shape in counted.shapes(view)]
    assert areas == pytest.approx(counted.areas_km2(), rel=0.01)
    small = draw_picture(polar, "overlap", plain=True, size=(240, 200))
    assert_legible(small)
    assert len(small.labels["panels_dropped"]) >= 3


def test_what_cannot_overlap_says_so(europe, tmp_path):
    one = case(tmp_path, [("North", [], [(2.0, 48.0, "N1")], [("Far", 0, 900)])], treaty=False)
    with pytest.raises(ArgumentError, match="has one launch site: nothing overlaps"):
        draw_picture(one, "overlap")
    with pytest.raises(ArgumentError, match="of 'bands' is not one of sites, coalitions"):
        draw_picture(europe, "overlap", of="bands")
