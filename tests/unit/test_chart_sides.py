"""The sides of a comparison: numbers as in its table, one scale, no text on another."""

from __future__ import annotations

import numpy as np
import pytest
from figure_cases import assert_legible, case, words_of

import rangemap as rm
from rangemap.analysis import as_analysis
from rangemap.errors import ArgumentError
from rangemap.geodesy import distance_km
from rangemap.views.chart_blocks import Bar, Listing, Names, Part, Pen, Row, Rows, Words
from rangemap.views.chart_flow import flow, needed
from rangemap.views.chart_sides import sides
from rangemap.views.chart_sides_views import Extent, extent_of, views_of
from rangemap.views.figure_sheet import Look, Sheet
from rangemap.views.figure_sides import category_counts
from rangemap.views.labels import Box
from rangemap.views.picture import draw_picture, picture_bytes


@pytest.fixture(scope="module")
def versus():
    return rm.analyse("europe-vs-china")


@pytest.fixture(scope="module")
def slide(versus):
    return draw_picture(versus, "sides")


def maps_of(picture):
    return [axes for axes in picture.figure.axes if axes.collections]


def test_numbers_are_those_of_the_comparison(versus, slide):
    table = versus.comparison.table
    counts = table["category"].value_counts()
    words = words_of(slide)
    for key in ("a-only", "b-only"):
        assert f"{counts[key] + counts['both']}" in words
    for count in (counts["a-only"], counts["b-only"], counts["both"], counts["neither"]):
        assert words.count(f"{count}") >= 2  # in the bar and beside the symbol
        assert f"{count}" in slide.alt
    area = versus.comparison.summary["footprint_km2"]
    shared = area["both"] / area["either"]
    assert f"{shared:.0%} of the area" in slide.alt
    people = versus.comparison.record()["cities"]["populations"]
    assert f"{people['both'] / 1e6:,.0f}" in words


def test_both_maps_have_one_scale_and_bars_of_one_length(slide):
    maps = maps_of(slide)
    assert len(maps) == 2
    widths, scales, bars = [], [], []
    for axes in maps:
        x0, x1 = axes.get_xlim()
        box = axes.get_window_extent()
        widths.append(box.width)
        scales.append(box.width / (x1 - x0))
        bars.append([text.get_text() for text in axes.texts if text.get_text().endswith(" km")])
    assert widths[0] == pytest.approx(widths[1])
    assert scales[0] == pytest.approx(scales[1])
    assert bars[0][-1] == bars[1][-1]
    assert "same scale" in " ".join(words_of(slide))


def test_each_capital_is_named_on_a_map_of_a_side_that_reaches_it(versus, slide):
    table = versus.comparison.table.set_index("place_id")
    for number, axes in enumerate(maps_of(slide)):
        keys = [text.get_gid()[6:] for text in axes.texts if (text.get_gid() or "")[:6] == "place-"]
        assert len(keys) > 30
        key = "ab"[number]
        reached = table.loc[keys, f"{key}_reaches"] | (
            table.loc[keys, f"{key}_verdict"] != "outside"
        )
        assert reached.all()
    labels = slide.labels
    all_names = (
        labels["places_named"] + labels["places_without_name"]
        + labels["places_left_unnamed"] + labels["places_off_the_map"]
    )  # fmt: skip
    assert len(all_names) == len(versus.places)
    assert {"Reykjavík", "Tokyo", "Moscow"} <= set(labels["places_named"])


@pytest.mark.parametrize(
    ("layout", "theme", "units"),
    [("page", "print", "mi"), ("page-landscape", "dark", "nmi")],
)
def test_nothing_stands_on_another_text(versus, layout, theme, units):
    picture = draw_picture(versus, "sides", layout=layout, theme=theme, units=units)
    assert_legible(picture)
    assert not picture.labels["panels_dropped"]


@pytest.mark.parametrize("size", [(1000, 470), (220, 160)])
def test_plain_pictures_of_any_size(versus, size):
    picture = draw_picture(versus, "sides", plain=True, size=size)
    assert_legible(picture)
    assert bool(picture.labels["panels_dropped"]) == (size == (220, 160))
    if size == (220, 160):
        again = draw_picture(versus, "sides", plain=True, size=size)
        assert picture_bytes(picture, "png", dpi=72) == picture_bytes(again, "png", dpi=72)


def two(tmp_path, **options):
    return case(
        tmp_path,
        [
            ("North", ["FRA"], [(2.0, 48.0, "N1")], [("Far", 0, 900)]),
            ("From South", ["ITA"], [(12.0, 40.0, "S1")], [("Near", 100, 700)]),
        ],
        treaty=False,
        **options,
    )


def test_two_coalitions_are_compared_without_being_asked_to(tmp_path):
    analysis = two(tmp_path)
    assert analysis.comparison is None
    picture = draw_picture(analysis, "sides", units="mi")
    assert picture.title == "A case: North against South"
    assert_legible(picture)
    places = analysis.places[analysis.places["iso_a3"] != "FRA"]
    apart = distance_km(2.0, 48.0, places["lon"], places["lat"])
    reached = set(places.loc[apart <= 900, "place"])
    sure = sides(analysis, Look()).compared
    table = sure.comparison.table
    assert set(table.loc[table["a_reaches"], "place"]) <= reached
    assert sure.reached(0) + sure.marginal(0) >= len(reached) - 1
    assert f"{sure.reached(0)}" in words_of(picture)


def test_what_cannot_be_compared_says_so(tmp_path):
    one = case(tmp_path, [("North", [], [(2.0, 48.0, "N1")], [("Far", 0, 900)])], treaty=False)
    with pytest.raises(ArgumentError, match="compares no two sides and has one coalition"):
        draw_picture(one, "sides")
    with pytest.raises(ArgumentError, match="has 3 coalitions"):
        draw_picture(rm.analyse("guam"), "sides")


def test_any_comparison_by_systems():
    both = as_analysis(rm.compare("korea:north-korea", "guam:us-allies-pacific", "systems"))
    chart = sides(both, Look())
    assert chart.title.startswith("North Korea against ")
    view = views_of([extent_of(chart.compared.bands(n)) for n in (0, 1)], 300, 300)[0]
    content = chart.compared.content(0, view)
    assert [stroke.label for stroke in content.strokes][-1] == "Hwasong-12, 4,500 km"
    assert len(content.sites.names) == 1
    assert "Pyongyang" not in {both.places.set_index("place_id")["place"][k] for k in content.named}


def test_what_is_marginal_stands_apart_as_in_the_headline():
    chart = sides(rm.analyse("oreshnik"), Look())
    table, headline = chart.compared.comparison.table, chart.compared.comparison.summary["headline"]
    counted = table[table["category"] != "own-side"]
    sure = counted.loc[~counted["marginal"], "category"].value_counts()
    marginal = int(counted["marginal"].sum())
    assert table.loc[table["marginal"], "category"].eq("a-only").any()
    assert f"{marginal} more are marginal" in headline[0]
    assert f"only: {sure['a-only']} capitals" in headline[0]
    assert f": {sure['a-only']} from Kapustin Yar only" in chart.finding
    assert f"{sure['neither']} from neither, {marginal} marginal." in chart.finding
    bar, key = chart.compared.blocks(1)[:2]
    assert [part.value for part in bar.parts] == [
        sure.get("a-only", 0), sure.get("both", 0), sure.get("b-only", 0), marginal,
        sure["neither"],
    ]  # fmt: skip
    rows = {row.text: row.value for row in key.rows}
    assert rows["Kapustin Yar only"] == f"{sure['a-only']}"
    assert rows["Neither"] == f"{sure['neither']}"
    assert [value for text, value in rows.items() if text.startswith("Marginal")] == [f"{marginal}"]
    whole = chart.compared.analysis
    assert category_counts(whole, chart.compared.categories)["marginal"] == marginal
    names = {one.title: one.names for one in chart.compared.blocks(1) if isinstance(one, Names)}
    assert len(names["Of Kapustin Yar only"]) == sure["a-only"]
    assert len(names["Marginal"]) == marginal


def long(end):
    return f"A coalition with a name that is longer than any legend has room for, {end}"


def test_sides_whose_names_begin_alike_keep_their_rows(tmp_path):
    ranges = [("Far", 0, 900)]
    alike = case(
        tmp_path,
        [
            (long("east"), [], [(2.0, 48.0, "N1")], ranges),
            (long("west"), [], [(12.0, 40.0, "S1")], ranges),
        ],
    )
    chart = sides(alike, Look())
    rows = [row.text for row in chart.compared.blocks(1)[1].rows]
    assert [text.endswith(("east only", "west only")) for text in rows[:3]] == [True, False, True]
    assert len(set(rows)) == len(rows)


def test_ranges_given_are_not_called_published(tmp_path):
    chart = sides(two(tmp_path), Look())
    assert chart.finding.startswith("Capitals in range by the ranges given: ")
    assert "published" not in chart.alt
    lines = chart.compared.blocks(1)
    assert not any("published" in row.text for one in lines if isinstance(one, Rows)
                   for row in one.rows)  # fmt: skip


def test_small_maps_are_centred_on_what_they_show(tmp_path):
    tiny = case(tmp_path, [("North", [], [(2.44, 48.56, "N1")], [("Near", 0, 2)])], treaty=False)
    extent = extent_of(tiny.bands)
    assert extent.half_width < 2.6
    assert extent.half_height < 2.6


def test_a_view_shows_all_that_its_bands_cover():
    bands = rm.range_bands("asia-pacific")
    treaty = bands[(bands["band_kind"] == "treaty") & (bands["coalition"] == "us-allies-pacific")]
    extent = extent_of(treaty)
    view = views_of([extent, Extent((0, 0), 100.0, 100.0)], 300, 260)[0]
    for row in treaty.to_dict("records"):
        disk = view.projection.disk(row["site_lon"], row["site_lat"], row["max_km"],
                                    tolerance_km=10)  # fmt: skip
        assert view.box.buffer(20).contains(disk)
    assert view.width_km <= 2 * 1.1 * max(extent.half_width, extent.half_height * 300 / 260)


def test_no_map_is_so_wide_that_the_end_of_the_world_cuts_what_it_shows(versus):
    extents = [extent_of(sides(versus, Look()).compared.bands(n)) for n in (0, 1)]
    for extent in extents:
        wide = extent.widest(200.0)
        view = views_of([extent], wide, 200.0)[0]
        assert view.height_km >= 2 * extent.half_height - 1
        assert views_of([extent], 1.2 * wide, 200.0)[0].height_km < 2 * extent.half_height


def test_a_block_that_fits_to_the_point_stands(slide):
    sheet = Sheet(slide.figure, Look())
    blocks = [Rows("Fits", [Row(f"row {n}") for n in range(7)])]
    for low in np.linspace(60, 70, 23):
        high = needed(sheet, 150.0, blocks, 1)
        assert flow(sheet, Box(0, low, 150, low + high), blocks, 1) == []


def test_blocks_stand_whole_or_are_told(slide):
    sheet = Sheet(slide.figure, Look())
    blocks = [
        Rows("Many", [Row(f"row {n}") for n in range(6)]),
        Bar("Parts", [Part(1, "1", "#111111"), Part(999, "999", None)], "a note"),
        Words("Text", "some words " * 90),
        Names("Names", [f"Name {n}" for n in range(90)]),
        Listing("List", [(f"Row {n}", f"{n}") for n in range(90)]),
    ]
    blank = Pen(sheet, 0, 150, 0, draws=False)
    before = len(sheet.axes.texts)
    assert [block.run(blank, 500) < 480 for block in blocks] == [True] * 5
    assert len(sheet.axes.texts) == before
    left_out = flow(sheet, Box(0, 0, 150, 195), blocks, 1)
    assert left_out == ["Text"]
    texts = [text.get_text() for text in sheet.axes.texts[before:]]
    assert {"Many", "Parts", "999"} <= set(texts)
    assert any(text.startswith("Names: 90") or text.endswith("more") for text in texts)
    places = np.array([text.get_position()[1] for text in sheet.axes.texts[before:]])
    assert places.min() >= 0
