"""Counts of places against the coverage table, and memory that does not grow with pairs."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest

from rangemap.analysis import count_table, coverage_table, place_table, range_bands
from rangemap.catalogue import read_capitals, read_cities
from rangemap.errors import ArgumentError


def test_counts_are_those_of_the_coverage_table() -> None:
    bands = range_bands("europe-vs-china")
    places = pd.concat([read_capitals(), read_cities().iloc[::400]])
    coverage = coverage_table(bands, places)
    inside = coverage[coverage["in_drawn_band"] & ~coverage["own_side"]]
    people = places.set_index("place_id")["population"].fillna(0)
    for row in count_table(bands, places).itertuples():
        its = inside[inside["coalition"] == row.coalition]
        if row.scope == "kind":
            its = its[its["band_kind"] == row.key]
        elif row.scope == "system":
            its = its[its["band_id"].str.endswith(f":{row.key}")]
        elif row.scope == "band":
            its = its[its["band_id"] == row.key]
        found = its["place_id"].unique()
        assert row.places_in_range == len(found)
        assert row.listed_population == people[found].sum()
        own = coverage.loc[(coverage["coalition"] == row.coalition) & ~coverage["own_side"]]
        assert row.places == own["place_id"].nunique()


def test_the_minimum_itself_is_in_the_band() -> None:
    bands, berlin = range_bands("europe"), read_capitals().query("place_id == 'DEU'")
    bands = bands[bands["band_id"] == "russia-belarus:krichev:treaty"].reset_index(drop=True)
    distance = coverage_table(bands, berlin)["distance_km"].item()
    for nudge, zone, in_band in ((0, "banned-band-only", 1), (1, "within-500", 0)):
        bands["min_km"] = np.nextafter(distance, distance + nudge)
        row = place_table(bands, berlin).iloc[0]
        assert (row["zone"], row["sites_in_band"]) == (zone, in_band)
        assert row["sites_under_min"] == nudge


def test_tables_of_many_bands_and_all_cities_stay_small() -> None:
    bands = range_bands("europe-vs-china")
    many = pd.concat([bands] * 4, ignore_index=True)  # 292 bands; 9.9 million pairs
    many.attrs.update(bands.attrs)
    cities = read_cities()
    count_table(many.iloc[:5], cities.iloc[:5])
    tracemalloc.start()
    counts, rows = count_table(many, cities), place_table(many, cities)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6
    assert len(rows) == 3 * len(cities)
    once = count_table(bands, cities).set_index(["coalition", "scope", "key"])
    for row in counts[counts["scope"] == "coalition"].itertuples():
        same = once.loc[(row.coalition, row.scope, row.key)]
        assert row.places_in_range == same["places_in_range"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(ArgumentError, match="places lack the column 'population'"):
        count_table(range_bands("europe"), read_capitals().drop(columns="population"))
