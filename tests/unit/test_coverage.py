"""Distances and verdicts, recomputed row by row with GeographicLib alone."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
from geographiclib.geodesic import Geodesic

from rangemap.analysis import (
    analyse,
    as_analysis,
    compare,
    coverage_table,
    place_table,
    range_bands,
    read_scenario,
)
from rangemap.analysis.coverage import COVERAGE_COLUMNS, country_population
from rangemap.catalogue import load_catalogue, read_capitals
from rangemap.errors import ArgumentError, UnknownNameError

ISSUED_COLUMNS = [
    "place_id",
    "place",
    "country",
    "place_lon",
    "place_lat",
    "site_id",
    "site",
    "site_lon",
    "site_lat",
    "coalition",
    "system_id",
    "min_km",
    "max_km",
    "distance_km",
    "verdict",
]


def truth_km(row: dict[str, str]) -> float:
    s12 = Geodesic.WGS84.Inverse(
        float(row["site_lat"]), float(row["site_lon"]), float(row["place_lat"]),
        float(row["place_lon"]),
    )["s12"]  # fmt: skip
    return float(s12) / 1000


def test_coverage_csv_agrees_with_geographiclib_on_every_row() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "rangemap", "coverage", "europe", "--format", "csv"],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert set(ISSUED_COLUMNS) <= set(rows[0])
    assert len(rows) == 197 * len(range_bands("europe"))
    known: dict[tuple[str, str], float] = {}
    seen: set[str] = set()
    for row in rows:
        key = (row["site_id"], row["place_id"])
        if key not in known:
            known[key] = truth_km(row)
        distance = known[key]
        assert float(row["distance_km"]) == pytest.approx(distance, abs=0.0006)
        low, high = float(row["min_km"]), float(row["max_high_km"])
        least, off = float(row["max_low_km"]), float(row["site_precision_km"])
        drawn = low <= distance <= float(row["max_km"])
        assert row["in_drawn_band"] == ("true" if drawn else "false"), row
        inside = (low == 0 or distance - off >= low) and distance + off <= least
        outside = distance + off < low or distance - off > high
        verdict = "inside" if inside else "outside" if outside else "marginal"
        assert row["verdict"] == verdict, row
        assert bool(row["hangs_on"]) == (verdict == "marginal")
        seen.add(verdict)
    assert seen == {"inside", "outside", "marginal"}


@pytest.mark.parametrize("name", ["europe", "asia-pacific", "europe-vs-china"])
def test_zones_and_nearest_sites_by_brute_force(name: str) -> None:
    bands = range_bands(name)
    sites: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in bands.itertuples():
        sites[row.coalition][row.site_id] = (row.site_lon, row.site_lat)
    places = read_capitals().iloc[::7]
    table = place_table(bands, places).set_index(["place_id", "coalition"])
    assert len(table) == len(places) * len(sites)
    members = {key: c.members for key, c in load_catalogue().coalitions.items()}
    for place in places.itertuples():
        for coalition, points in sites.items():
            distances = {
                key: Geodesic.WGS84.Inverse(lat, lon, place.lat, place.lon)["s12"] / 1000
                for key, (lon, lat) in points.items()
            }
            row = table.loc[(place.place_id, coalition)]
            nearest = min(distances, key=distances.__getitem__)
            assert row["nearest_site_id"] == nearest
            assert row["nearest_km"] == pytest.approx(distances[nearest], abs=1e-6)
            in_band = sum(500 <= d <= 5500 for d in distances.values())
            assert row["sites_in_band"] == in_band
            zone = "beyond-5500"
            if distances[nearest] < 500:
                zone = "within-500"
            elif in_band:
                zone = "banned-band-only"
            assert row["zone"] == zone
            assert row["own_side"] == (place.iso_a3 in members[coalition])


def test_edges_of_a_band_are_inside() -> None:
    bands = range_bands("europe").iloc[:1].copy()
    places = read_capitals().iloc[:1]
    distance = coverage_table(bands, places)["distance_km"].iloc[0]
    for low, high, verdict in [
        (500, distance, "inside"),
        (distance, 5500, "inside"),
        (500, distance - 1e-9, "outside"),
        (distance + 1e-9, 5500, "outside"),
    ]:
        bands["min_km"], bands["max_km"] = low, high
        bands["max_low_km"] = bands["max_high_km"] = high
        bands["site_precision_km"] = 0.0
        row = coverage_table(bands, places).iloc[0]
        assert row["verdict"] == verdict
        assert row["in_drawn_band"] == (verdict == "inside")
        assert (row["margin_km"] >= 0) == (verdict == "inside")


def test_coverage_has_a_row_for_each_place_and_band_in_order() -> None:
    bands, places = range_bands("europe"), read_capitals()
    table = coverage_table(bands, places)
    assert list(table.columns) == COVERAGE_COLUMNS
    assert table["place_id"].tolist()[:: len(bands)] == places["place_id"].tolist()
    assert table["band_id"].tolist()[: len(bands)] == bands["band_id"].tolist()


def test_summary_counts_leave_out_own_capitals() -> None:
    summary = analyse("europe").summary
    for entry in summary["coalitions"]:
        own = entry["own_capitals_left_out"]
        assert entry["capitals_counted"] + len(own) == 197
        assert sum(entry["zones"].values()) == entry["capitals_counted"]
        for names in entry["zone_lists"].values():
            assert not set(names) & set(own)
    russia = summary["coalitions"][1]
    assert russia["own_capitals_left_out"] == ["Minsk", "Moscow"]
    assert "Warsaw" in russia["zone_lists"]["within-500"]
    assert "London" in russia["zone_lists"]["banned-band-only"]
    assert "Washington, D.C." in russia["zone_lists"]["beyond-5500"]


def test_compare_partitions_the_capitals() -> None:
    both = compare("europe", "asia-pacific:china")
    assert sum(both.summary["counts"].values()) == 197
    lists = both.summary["lists"]
    assert "Paris" in lists["a-only"]
    assert "Moscow" in lists["both"]
    assert "Tokyo" in lists["b-only"]
    assert "Lima" in lists["neither"]
    assert "Beijing" in lists["own-side"]  # China's own, told apart
    assert both.summary["own_reached_by_other_side"]["b"] == ["Beijing"]


def test_compare_areas_agree_with_each_other() -> None:
    area = compare("europe:nato-us", "europe:russia-belarus").summary["footprint_km2"]
    assert area["a"] == pytest.approx(area["both"] + area["a-only"], abs=2)
    assert area["b"] == pytest.approx(area["both"] + area["b-only"], abs=2)
    assert 0 < area["both"] < min(area["a"], area["b"])


def test_compare_is_symmetric() -> None:
    one = compare("europe:nato-us", "asia-pacific:china").table.set_index("place_id")
    other = compare("asia-pacific:china", "europe:nato-us").table.set_index("place_id")
    swap = {"a-only": "b-only", "b-only": "a-only"}
    assert (one["category"].replace(swap) == other["category"]).all()
    pd.testing.assert_series_equal(one["a_nearest_km"], other["b_nearest_km"], check_names=False)


def test_compare_refuses_an_unknown_coalition() -> None:
    with pytest.raises(UnknownNameError, match=r"'chine' in scenario .*; did you mean 'china'"):
        compare("europe", "asia-pacific:chine")


def test_places_without_a_country_code_are_each_counted() -> None:
    rows = pd.DataFrame({"iso_a3": ["", "", "FRA", "FRA"], "country_population": [1, 2, 4, 4]})
    assert country_population(rows) == 7


def test_compare_refuses_one_id_for_two_places(tmp_path: Path) -> None:
    for name, lon in (("one", 1), ("two", 2)):
        (tmp_path / f"{name}.csv").write_text(f"place,lon,lat\nA,{lon},50\n", encoding="utf-8")
        text = (
            'format = 1\ntitle = "T"\n[[launches]]\ncoalition = "china"\nsites = ["plarf-korla"]\n'
            f'[targets]\nplaces = "{name}.csv"\n'
        )
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ArgumentError, match="'place-1' is 'A' in"):
        compare(tmp_path / "one.toml", tmp_path / "two.toml")


def test_without_a_treaty_band_there_is_no_zone_but_a_nearest_site(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'format = 1\ntitle = "T"\n[[launches]]\ncoalition = "china"\nsites = ["plarf-korla"]\n'
        'treaty_band = false\nsystems = ["slcm-n"]\n',
        encoding="utf-8",
    )
    analysis = analyse(path)
    assert set(analysis.place_rows["zone"]) == {""}
    assert (analysis.place_rows["nearest_site_id"] == "plarf-korla").all()
    assert analysis.summary["headline"]
    assert "no published maximum" in analysis.bands["said_by"].iloc[0]
    with pytest.raises(ArgumentError, match="no treaty band"):
        compare(path, "europe", by="treaty")
    assert compare(path, "europe").by == "systems"


def test_a_subset_of_bands_is_analysed_as_a_subset() -> None:
    bands = range_bands("europe")
    analysis = as_analysis(bands[bands["site_id"] == "shuya"])
    assert analysis.comparison is None
    assert set(analysis.coverage["site_id"]) == {"shuya"}
    assert [entry["sites"] for entry in analysis.summary["coalitions"]] == [0, 1]
    with pytest.raises(ArgumentError, match="do not come from range_bands"):
        as_analysis(read_capitals())


@pytest.mark.parametrize(
    "names",
    [("europe", "asia-pacific:china"), ("europe:nato-us", "europe:russia-belarus")],
)
def test_members_reached_by_the_other_side_are_all_named(names: tuple[str, str]) -> None:
    both = compare(*names)
    for own, other in (("a", "b"), ("b", "a")):
        rows = both.table[both.table[f"{own}_own"] & both.table[f"{other}_reaches"]]
        named = both.summary["own_reached_by_other_side"][own]
        assert named == rows["place"].tolist()
    assert "Berlin" in both.summary["own_reached_by_other_side"]["a"]


def test_compare_takes_scenarios_and_refuses_twins() -> None:
    one, other = read_scenario("europe"), read_scenario("asia-pacific")
    by_name = compare("europe", "asia-pacific").summary["counts"]
    assert compare(one, other).summary["counts"] == by_name
    with pytest.raises(ArgumentError, match="both sides are the same"):
        compare(one, "europe")


def test_places_without_a_column_are_refused() -> None:
    with pytest.raises(ArgumentError, match="places lack the column 'iso_a3'"):
        coverage_table(range_bands("europe"), read_capitals().drop(columns="iso_a3"))


def test_what_was_not_read_at_a_source_says_so_in_every_row() -> None:
    analysis = analyse("asia-pacific")
    rows = analysis.coverage.drop_duplicates("band_id").set_index("band_id")
    assert rows.loc["china:plarf-xining:treaty", "evidence"] == "recalled"
    assert rows.loc["china:plarf-leping:df-21a", "evidence"] == "seen+recalled"
    assert rows.loc["china:plarf-korla:df-26", "evidence"] == "seen"
    # A band is as sure as the weaker of its site and its range.
    doubt, catalogue = ["high", "medium", "low"], load_catalogue()
    weaker = {"site": 0, "range": 0}
    for row in rows[rows["band_kind"] == "system"].itertuples():
        site = doubt.index(catalogue.site(row.site_id).confidence)
        system = doubt.index(catalogue.system(row.system_id).confidence)
        assert row.confidence == doubt[max(site, system)]
        weaker["site"] += site > system
        weaker["range"] += system > site
    assert all(weaker.values())  # both cases are there
    said = {s["label"]: s["evidence"] for s in analysis.summary["coalitions"][0]["systems"]}
    assert said["DF-21A, 2,150 km"] == "recalled"
    assert said["DF-26, 4,000 km"] == "seen"
