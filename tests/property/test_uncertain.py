"""Verdicts with uncertainty: exact, and never more settled by knowing less."""

import math

import geopandas
import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from rangemap.analysis import coverage_table, place_table, range_bands
from rangemap.analysis.uncertain import (
    HANGS_ON_BOTH,
    HANGS_ON_POSITION,
    HANGS_ON_RANGE,
    HANGS_ON_SAYER,
    INSIDE,
    MARGINAL,
    OUTSIDE,
    Spread,
    certain_and_possible,
    place_verdicts,
    verdicts,
)
from rangemap.catalogue import read_capitals

KM = st.floats(1, 15_000)


@st.composite
def spreads(draw: st.DrawFn) -> tuple[float, ...]:
    """A minimum, a low, drawn and high range, and a precision."""
    low, drawn, high = sorted(draw(st.tuples(KM, KM, KM)))
    minimum = draw(st.one_of(st.just(0.0), st.floats(0, 0.9))) * low
    return minimum, low, drawn, high, draw(st.one_of(st.just(0.0), st.floats(0, 300)))


def told(distance: float, spread: tuple[float, ...]) -> tuple[str, str]:
    verdict, hangs_on = verdicts(np.array([distance]), Spread(*(np.array([v]) for v in spread)))
    return str(verdict[0]), str(hangs_on[0])


@given(st.floats(0, 20_000), spreads())
def test_verdict_is_that_of_every_case(distance: float, spread: tuple[float, ...]) -> None:
    minimum, low, _, high, off = spread
    ranges = np.linspace(low, high, 7)
    away = np.linspace(distance - off, distance + off, 7)
    seen = {bool(minimum <= d <= r or (minimum == 0 and d <= r)) for r in ranges for d in away}
    verdict, hangs_on = told(distance, spread)
    if verdict == INSIDE:
        assert seen == {True}
    elif verdict == OUTSIDE:
        assert seen == {False}
    else:
        # The two extremes decide what is certain; where they agree, a case between differs.
        ends = {distance - off, distance + off, minimum, low, high}
        assert seen == {True, False} or off > 0 or distance in ends
    assert bool(hangs_on) == (verdict == MARGINAL)


@given(st.floats(0, 20_000), spreads(), st.floats(0, 500), st.floats(0, 500), st.floats(0, 50))
def test_knowing_less_never_settles_a_verdict(
    distance: float, spread: tuple[float, ...], lower: float, higher: float, coarser: float
) -> None:
    minimum, low, drawn, high, off = spread
    wider = (minimum, max(low - lower, minimum, 0.1), drawn, high + higher, off + coarser)
    before, after = told(distance, spread)[0], told(distance, wider)[0]
    assert after in {before, MARGINAL}


@pytest.mark.parametrize(
    ("distance", "spread", "expected"),
    [
        (100, (0, 480, 480, 2350, 5), (INSIDE, "")),
        (475, (0, 480, 480, 2350, 5), (INSIDE, "")),
        (475.1, (0, 480, 2350, 2350, 5), (MARGINAL, HANGS_ON_BOTH)),
        (1000, (0, 480, 480, 2350, 5), (MARGINAL, HANGS_ON_RANGE)),
        (2353, (0, 480, 2350, 2350, 5), (MARGINAL, HANGS_ON_POSITION)),
        (2356, (0, 480, 2350, 2350, 5), (OUTSIDE, "")),
        (498, (500, 5500, 5500, 5500, 5), (MARGINAL, HANGS_ON_POSITION)),
        (494.9, (500, 5500, 5500, 5500, 5), (OUTSIDE, "")),
        (505, (500, 5500, 5500, 5500, 5), (INSIDE, "")),
        (500, (500, 5500, 5500, 5500, 0), (INSIDE, "")),
        (5500, (500, 5500, 5500, 5500, 0), (INSIDE, "")),
    ],
)
def test_named_cases(distance: float, spread: tuple[float, ...], expected: tuple[str, str]) -> None:
    found = told(distance, spread)
    if expected[1] == HANGS_ON_BOTH:  # the drawn range alone, or the place alone, may settle it
        assert found[0] == MARGINAL
    else:
        assert found == expected


@given(st.integers(0, 2**32 - 1))
def test_fast_verdicts_are_those_of_the_table(seed: int) -> None:
    rng = np.random.default_rng(seed)
    bands = range_bands("europe")
    bands = bands.iloc[rng.choice(len(bands), 6, replace=False)].reset_index(drop=True)
    bands["site_precision_km"] = rng.uniform(0, 200, 6)
    places = read_capitals().iloc[::9]
    table = coverage_table(bands, places)
    sure, may = certain_and_possible(bands, places["lon"], places["lat"])
    assert table["verdict"].eq(INSIDE).tolist() == sure.T.ravel().tolist()
    assert table["verdict"].ne(OUTSIDE).tolist() == may.T.ravel().tolist()


def test_a_site_moved_within_its_precision_never_changes_a_settled_verdict() -> None:
    rng = np.random.default_rng(7)
    bands = range_bands("europe")
    places = read_capitals()
    table = coverage_table(bands, places)
    settled = table[table["verdict"] != MARGINAL].sample(400, random_state=7)
    for row in settled.itertuples():
        gone = Geodesic.WGS84.Direct(
            row.site_lat,
            row.site_lon,
            rng.uniform(-180, 180),
            1000 * row.site_precision_km * math.sqrt(rng.uniform()),
        )
        moved = Geodesic.WGS84.Inverse(gone["lat2"], gone["lon2"], row.place_lat, row.place_lon)
        distance = moved["s12"] / 1000
        for most in (row.max_low_km, row.max_km, row.max_high_km):
            inside = row.min_km <= distance <= most
            assert inside == (row.verdict == INSIDE)


def bands_of(name: str) -> geopandas.GeoDataFrame:
    bands = range_bands("europe")
    return bands[bands["system_id"] == name].reset_index(drop=True)


def test_two_sides_of_a_dispute_are_one_question() -> None:
    bands = bands_of("9m729")
    bands = bands[bands["site_id"] == "shuya"].reset_index(drop=True)
    moscow, warsaw, lisbon = (37.6, 55.75), (21.0, 52.2), (-9.1, 38.7)
    verdict, hangs_on, inside, marginal = place_verdicts(
        bands, *np.array([moscow, warsaw, lisbon]).T
    )
    assert verdict == [INSIDE, MARGINAL, OUTSIDE]
    assert hangs_on == ["", HANGS_ON_SAYER, ""]
    assert inside == ["9m729", "", ""]
    assert marginal == ["", "9m729", ""]


def test_every_reason_of_a_marginal_verdict_is_named() -> None:
    table = place_table(range_bands("europe"), read_capitals()).set_index(["place", "coalition"])
    # Dark Eagle by its range, and Tomahawk from Mk 41 as alleged.
    assert table.loc[("Yerevan", "nato-us"), "hangs_on"] == f"{HANGS_ON_RANGE} and {HANGS_ON_SAYER}"
    # Oreshnik alone, undisputed.
    assert table.loc[("Niamey", "russia-belarus"), "hangs_on"] == HANGS_ON_RANGE


def test_an_alleged_range_never_makes_more_than_marginal() -> None:
    verdict, hangs_on, inside, marginal = place_verdicts(
        bands_of("mk41-ashore"), np.array([23.3, 116.4]), np.array([42.7, 39.9])
    )
    assert verdict == [MARGINAL, OUTSIDE]
    assert hangs_on == [HANGS_ON_SAYER, ""]
    assert inside == ["", ""]
    assert marginal == ["mk41-ashore", ""]


def test_place_table_tells_zone_and_verdict_apart() -> None:
    table = place_table(range_bands("europe"), read_capitals()).set_index(["place", "coalition"])
    stockholm = table.loc[("Stockholm", "nato-us")]
    assert stockholm["zone"] == "banned-band-only"
    assert stockholm["zone_marginal"]  # 513 km from a site placed within 20 km
    assert not table.loc[("Paris", "nato-us"), "zone_marginal"]
    yaounde = table.loc[("Yaoundé", "russia-belarus")]
    assert yaounde["in_band_possibly"]
    assert not yaounde["in_band_surely"]


def test_a_range_that_nobody_published_never_makes_more_than_marginal() -> None:
    bands = range_bands("sea-and-air-launched")
    assert set(bands.loc[bands["assumed"], "system_id"]) == {"slcm-n"}
    table = coverage_table(bands, read_capitals())
    mine = table[table["system_id"] == "slcm-n"]
    assert set(mine["verdict"]) == {MARGINAL, OUTSIDE}
    near = mine["distance_km"] <= mine["max_km"]
    assert mine.loc[near, "verdict"].eq(MARGINAL).all()
    assert mine.loc[near, "hangs_on"].str.startswith(HANGS_ON_RANGE).all()
