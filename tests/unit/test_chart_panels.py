"""Small maps: one view and scale, counts as in the tables, at most twelve."""

from __future__ import annotations

import pytest
from figure_cases import assert_legible, case, words_of

import rangemap as rm
from rangemap.analysis import as_analysis
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.errors import ArgumentError
from rangemap.geodesy import distance_km
from rangemap.views.basis import verdicts
from rangemap.views.chart_bars import bars
from rangemap.views.chart_overlap import overlap
from rangemap.views.chart_panels import panels
from rangemap.views.chart_panels_draw import Drawer
from rangemap.views.chart_panels_parts import MOST, parts_of
from rangemap.views.chart_theatre import theatre
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import place_categories, sides_of
from rangemap.views.picture import draw_picture, picture_bytes


@pytest.fixture(scope="module")
def pacific():
    return rm.analyse("asia-pacific")


def maps_of(picture):
    return [axes for axes in picture.figure.axes if axes.collections]


def test_counts_of_coalitions_are_those_of_the_place_table(pacific):
    picture = draw_picture(pacific, "panels")
    assert_legible(picture)
    rows = pacific.place_rows[~pacific.place_rows["own_side"].astype(bool)]
    words = words_of(picture)
    for coalition in pacific.scenario.coalitions:
        mine = rows[(rows["coalition"] == coalition.id) & (rows["sites_in_band"] > 0)]
        assert f"{coalition.name}: {mine['place_id'].nunique()}" in picture.finding
        assert f"{mine['place_id'].nunique()}" in words
    assert picture.labels["maps"] == [c.name for c in pacific.scenario.coalitions]
    assert {"Tokyo", "Jakarta"} <= set(picture.labels["places_named"])
    listed = [picture.labels[key] for key in picture.labels if key.startswith("places_")]
    assert sum(map(len, listed)) == len(pacific.places)


def test_systems_have_one_view_and_at_most_twelve_maps(pacific):
    picture = draw_picture(pacific, "panels", by="system", layout="page", theme="print", units="mi")
    assert_legible(picture)
    maps = maps_of(picture)
    assert len(maps) == MOST == len(picture.labels["maps"])
    assert len({axes.get_xlim() + axes.get_ylim() for axes in maps}) == 1
    assert len({round(axes.get_window_extent().width, 6) for axes in maps}) == 1
    left = picture.labels["maps_left_out"]
    launching = set(pacific.bands["system_id"]) - {""}
    assert len(left) == len(launching) - MOST
    assert f"{len(left)} more systems with fewer in range are not shown" in picture.alt
    assert any(text.startswith("DF-26, 2,485 mi") for text in picture.labels["maps"])


def test_a_system_counts_what_its_bands_reach(pacific):
    _, kept, left_out = parts_of(pacific, Look(), "system")
    assert min(part.count for part in kept) >= max(part.count for part in left_out)
    part = next(one for one in kept if one.title.startswith("DF-26"))
    coverage = pacific.coverage[
        (pacific.coverage["system_id"] == "df-26") & ~pacific.coverage["own_side"].astype(bool)
    ]
    inside = set(coverage.loc[coverage["verdict"] == INSIDE, "place_id"])
    maybe = set(coverage.loc[coverage["verdict"] == MARGINAL, "place_id"])
    assert part.reach["china"] == inside
    assert part.maybe == maybe - inside
    assert part.own == {"CHN"}


def test_years_are_those_in_which_something_changes():
    europe = rm.analyse("europe")
    picture = draw_picture(europe, "panels", by="year", layout="square", theme="dark")
    assert_legible(picture)
    years = picture.labels["maps"]
    assert len(years) == MOST
    assert years == sorted(years)
    assert {"1960", "2026"} <= set(years)
    dated = rm.analyse(rm.read_scenario("europe", as_of=int(years[5])))
    rows = dated.place_rows
    reached = rows[(rows["sites_in_band"] > 0) & ~rows["own_side"].astype(bool)]
    assert f"{years[5]}: {reached['place_id'].nunique()}" in picture.alt
    assert "The treaty was in force from 1 June 1988" in " ".join(words_of(picture))
    assert "In range: USSR" in words_of(picture)


def test_one_coalition_falls_to_its_systems(tmp_path):
    ranges = [("Far", 0, 900), ("Near", 100, 300)]
    one = case(tmp_path, [("North", ["FRA"], [(2.0, 48.0, "N1")], ranges)], treaty=False)
    chart = panels(one, Look())
    assert chart.by == "system"
    assert [part.title for part in chart.parts] == ["Far, 900 km", "Near, 300 km"]
    assert chart.parts[0].own == {"FRA"}
    picture = draw_picture(one, "panels", plain=True, size=(300, 300))
    assert_legible(picture)
    assert len(picture.labels["panels_dropped"]) == 4
    with pytest.raises(ArgumentError, match="has one coalition"):
        draw_picture(one, "panels", by="coalition")


def mixed(tmp_path):
    """Return a case in which one coalition of three has the treaty's band."""
    analysis = case(
        tmp_path,
        [
            ("Alpha", ["DEU"], [(10.0, 50.0, "N1")], [("A", 0, 1000)]),
            ("Beta", [], [(40.0, 50.0, "N2")], [("B", 0, 2000)]),
            ("Gamma", [], [(20.0, 40.0, "N3")], [("C", 0, 300)]),
        ],
        treaty=False,
    )
    path = tmp_path / "case.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("treaty_band = false", "treaty_band = true", 1), encoding="utf-8")
    return analysis, rm.analyse(path)


def test_one_treaty_band_among_others_changes_no_count(tmp_path):
    without, analysis = mixed(tmp_path)
    assert (analysis.bands["band_kind"] == "treaty").sum() == 1
    look = Look()
    for chart in (panels, theatre, bars):
        assert chart(analysis, look).finding == chart(without, look).finding
        assert "banned" not in chart(analysis, look).alt
    assert "by the ranges given, not their own: Alpha: " in panels(analysis, look).finding
    assert overlap(analysis, look).alt == overlap(without, look).alt
    assert overlap(analysis, look).parts.counted.whole == 3
    assert list(verdicts(analysis)) == ["c0", "c1", "c2"]
    picture = draw_picture(analysis, "theatre")
    assert "banned" not in " ".join(words_of(picture))
    sides = sides_of(analysis)
    assert place_categories(analysis, sides).equals(place_categories(without, sides))


def test_a_coalition_with_the_band_alone_counts_by_it(tmp_path):
    mixed(tmp_path)
    path = tmp_path / "case.toml"
    text = path.read_text(encoding="utf-8")
    first, rest = text.split("[[launches.ranges]]", 1)
    path.write_text(first + "[[launches]]" + rest.split("[[launches]]", 1)[1], encoding="utf-8")
    analysis = rm.analyse(path)
    assert set(analysis.bands.loc[analysis.bands["coalition"] == "c0", "band_kind"]) == {"treaty"}
    parts = panels(analysis, Look()).parts
    apart = distance_km(10.0, 50.0, analysis.places["lon"], analysis.places["lat"])
    there = (apart >= 500) & (apart <= 5500) & (analysis.places["iso_a3"] != "DEU")
    assert len(parts) == 3
    assert abs(parts[0].count + len(parts[0].maybe) - there.sum()) <= 1
    assert f"Alpha {parts[0].count}" in bars(analysis, Look()).finding


def test_no_id_of_a_coalition_is_taken_for_a_category(tmp_path):
    sites = {"both": (2.0, 48.0), "marginal": (60.0, 40.0), "neither": (20.0, 5.0)}
    case(tmp_path, [(key, [], [(*at, key)], [("R", 0, 900)]) for key, at in sites.items()],
         treaty=False)  # fmt: skip
    path = tmp_path / "case.toml"
    text = path.read_text(encoding="utf-8")
    for number, key in enumerate(sites):
        text = text.replace(f'"c{number}"', f'"{key}"')
    path.write_text(text, encoding="utf-8")
    analysis = rm.analyse(path)
    chart = panels(analysis, Look())
    drawer = Drawer(analysis, Look(), analysis.scenario.coalitions)
    for part, coalition in zip(chart.parts, analysis.scenario.coalitions, strict=True):
        assert part.count > 0
        place = min(part.reach[coalition.id])
        mark = drawer.marks[drawer.category(part, place)]
        assert mark.color == coalition.color
        assert mark.label == f"in range: {coalition.id}"
    assert drawer.marks["neither"].label == "out of range"


def test_systems_of_one_name_tell_whose_they_are(tmp_path):
    ranges = [("700 km", 0, 700)]
    one = case(
        tmp_path,
        [("North", [], [(2.0, 48.0, "N1")], ranges), ("South", [], [(2.0, 8.0, "S1")], ranges)],
        treaty=False,
    )
    titles = [part.title for part in panels(one, Look(), by="system").parts]
    assert titles == ["700 km, North", "700 km, South"]
    assert panels(one, Look()).alt.count("North: ") == 1


def test_a_year_that_was_asked_for_is_not_passed_over():
    dated = rm.analyse(rm.read_scenario("europe", as_of=1987))
    with pytest.raises(ArgumentError, match="is as of 1987: panels by year show all years"):
        panels(dated, Look(), by="year")


def test_what_has_nothing_to_set_side_by_side_says_so(tmp_path):
    sites = [(2.0, 48.0, "N1")]
    one = case(tmp_path, [("North", [], sites, [("Far", 0, 900)])], treaty=False)
    with pytest.raises(ArgumentError, match="has one system and one coalition"):
        draw_picture(one, "panels")
    with pytest.raises(ArgumentError, match="nothing that changes with the years"):
        draw_picture(one, "panels", by="year")
    with pytest.raises(ArgumentError, match="is not one of coalition, system, year"):
        draw_picture(one, "panels", by="systems")
    both = as_analysis(rm.compare("korea:north-korea", "guam:us-allies-pacific", "systems"))
    with pytest.raises(ArgumentError, match="was put together from others"):
        draw_picture(both, "panels", by="year")


def test_vector_files_stay_under_two_megabytes():
    picture = draw_picture(rm.analyse("europe-vs-china"), "panels")
    assert len(picture_bytes(picture, "svg")) < 2_000_000
