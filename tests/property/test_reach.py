"""Verdicts at scale are those of the geodesic for every pair, wherever and whatever the range."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from rangemap.errors import ArgumentError
from rangemap.geodesy import _cells as cells_module
from rangemap.geodesy import (
    distance_matrix_km,
    in_range,
    margins_km,
    nearest_sites,
    reach_counts,
)
from rangemap.geodesy._filter import MARGIN, Limits, Points, unit_vectors
from rangemap.geodesy._parallel import in_order
from rangemap.geodesy._verdicts import count_by_cells, count_by_tiles

GEOD = Geod(ellps="WGS84")
FULL = bool(os.environ.get("RANGEMAP_TEST_FULL"))
HALF_MERIDIAN_KM = 20_003.931458625

Floats = np.ndarray

longitudes = st.one_of(
    st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 0.0, -179.9999999, 179.9999999, 90.0])
)
latitudes = st.one_of(
    st.floats(-90, 90),
    st.sampled_from([90.0, -90.0, 0.0, 89.9999999, -89.9999999, 1e-9, 65.0]),
)
ranges_km = st.one_of(
    st.floats(0.001, 20_004),
    st.sampled_from([0.001, 1.0, 480.0, 500.0, 5_500.0, 10_018.7, 19_950.0, 19_970.5, 20_003.9314]),
)


def truth(sites: Floats, places: Floats, max_km: Floats, min_km: Floats) -> Floats:
    """Return verdicts by `Geod.inv` on every pair, in one bulk call."""
    n, m = len(sites), len(places)
    _, _, metres = GEOD.inv(
        np.repeat(sites[:, 0], m), np.repeat(sites[:, 1], m),
        np.tile(places[:, 0], n), np.tile(places[:, 1], n),
    )  # fmt: skip
    distance = np.reshape(metres, (n, m)) / 1000
    return (min_km[:, None] <= distance) & (distance <= max_km[:, None])


def at_the_edge(site: Floats, distances_km: Floats, azimuths: Floats) -> Floats:
    """Return places exactly at distances and a hair off them, in some azimuths."""
    off_m = np.array([0, 1e-9, -1e-9, 1e-6, -1e-6, 1e-3, -1e-3, 0.3, -0.3])
    metres = (distances_km[:, None] * 1000 + off_m).ravel()
    grid = [part.ravel() for part in np.meshgrid(metres[metres >= 0], azimuths)]
    size = len(grid[0])
    lon, lat, _ = GEOD.fwd(np.full(size, site[0]), np.full(size, site[1]), grid[1], grid[0])
    return np.column_stack([lon, lat])


def hard_cases(seed: int, count: int, own_places: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return sites, places, max and min ranges: poles, +-180, antipodes, twins, edges."""
    rng = np.random.default_rng(seed)
    special = np.array(
        [[0, 90], [0, -90], [180, 0], [-180, 0], [180, 65], [-180, -65], [0, 0], [179.5, 0.2]]
    )
    anywhere = np.column_stack(
        [rng.uniform(-180, 180, count), np.degrees(np.arcsin(rng.uniform(-1, 1, count)))]
    )
    sites = np.concatenate([special, anywhere])
    n = len(sites)
    outer = np.concatenate(
        [[0.001, 0.01, 1, 480, 5_500, 19_950, 19_980, 20_003.93], 10 ** rng.uniform(-3, 4.301, n)]
    )[:n]
    outer = rng.permutation(np.minimum(outer, 20_004.0))
    inner = outer * rng.choice([0, 0, 1e-3, 0.1, 0.9, 0.999999], n)
    inner[outer > 10_000] *= rng.choice([0, 1], n, p=[0.8, 0.2])[outer > 10_000]  # wide bands
    antipodes = np.column_stack([(sites[:, 0] + 360) % 360 - 180, -sites[:, 1]])
    antipodes[:, 0] = np.clip(antipodes[:, 0], -180, 180)
    near = np.clip(antipodes + rng.normal(0, 0.2, antipodes.shape), [-180, -90], [180, 90])
    lists = [sites, antipodes, near]
    for site, low, high in zip(sites, inner, outer, strict=True):
        azimuths = np.append(rng.uniform(0, 360, own_places), [0, 90])
        lists.append(at_the_edge(site, np.array([high, low]), azimuths))
    return sites, np.concatenate(lists), outer, inner


@pytest.mark.parametrize("seed", range(12 if FULL else 3))
def test_every_verdict_is_that_of_the_geodesic(seed: int) -> None:
    sites, places, outer, inner = hard_cases(seed, 60, 4)
    wanted = truth(sites, places, outer, inner)
    assert 0.05 < wanted.mean() < 0.95
    found = in_range(*sites.T, *places.T, outer, inner)
    assert np.array_equal(found, wanted)
    without = in_range(*sites.T, *places.T, outer)
    assert np.array_equal(without, truth(sites, places, outer, np.zeros(len(outer))))


@pytest.mark.parametrize("way", [count_by_cells, count_by_tiles])
@pytest.mark.parametrize("seed", range(6 if FULL else 2))
def test_counts_both_ways_and_weights(way: object, seed: int) -> None:
    sites, places, outer, inner = hard_cases(100 + seed, 80, 3)
    weights = np.random.default_rng(seed).integers(0, 30_000_000, len(places)).astype(float)
    wanted = truth(sites, places, outer, inner)
    for threads in (1, 2, 3):
        counts = way(  # type: ignore[operator]
            Points.of(*sites.T), Limits.of(inner, outer), Points.of(*places.T), weights, threads,
            None,
        )  # fmt: skip
        assert np.array_equal(counts.places_per_site, wanted.sum(axis=1))
        assert np.array_equal(counts.sites_per_place, wanted.sum(axis=0))
        assert np.array_equal(counts.weight_per_site, wanted @ weights)


def test_counts_of_many_go_by_cells_and_agree() -> None:
    rng = np.random.default_rng(4)
    towns = rng.normal(0, [60, 25], (4_200, 2))
    places = np.column_stack([(towns[:, 0] + 180) % 360 - 180, np.clip(towns[:, 1], -90, 90)])
    sites = np.column_stack([rng.uniform(-180, 180, 260), rng.uniform(-90, 90, 260)])
    outer = rng.uniform(300, 12_000, 260)
    counts = reach_counts(*sites.T, *places.T, outer, outer * 0.1)
    wanted = truth(sites, places, outer, outer * 0.1)
    assert np.array_equal(counts.places_per_site, wanted.sum(axis=1))
    assert np.array_equal(counts.sites_per_place, wanted.sum(axis=0))
    assert counts.weight_per_site is None


@given(st.lists(st.tuples(longitudes, latitudes, ranges_km), min_size=1, max_size=12),
       st.lists(st.tuples(longitudes, latitudes), max_size=12), st.floats(0, 0.999))  # fmt: skip
def test_anything_goes(
    launches: list[tuple[float, float, float]], points: list[tuple[float, float]], share: float
) -> None:
    sites = np.array(launches)
    own = [at_the_edge(s[:2], np.array([s[2], s[2] * share]), np.array([17.0])) for s in sites]
    places = np.concatenate([np.array(points).reshape(-1, 2), *own])
    outer, inner = sites[:, 2], sites[:, 2] * share
    wanted = truth(sites[:, :2], places, outer, inner)
    args = (*sites[:, :2].T, *places.T, outer, inner)
    assert np.array_equal(in_range(*args), wanted)
    counts = count_by_cells(
        Points.of(*sites[:, :2].T), Limits.of(inner, outer), Points.of(*places.T), None, 1, None
    )
    assert np.array_equal(counts.sites_per_place, wanted.sum(axis=0))
    assert np.array_equal(margins_km(*args) >= 0, wanted | (margins_km(*args) == 0))


@pytest.mark.parametrize("k", [1, 2, 7, 68])
@pytest.mark.parametrize("seed", [1, 2])
def test_nearest_sites_are_a_stable_sort_of_geodesics(k: int, seed: int) -> None:
    sites, places, _, _ = hard_cases(200 + seed, 52, 1)
    sites = np.concatenate([sites, sites[::-1][:8]])  # coincident sites: the lower index wins
    distance = distance_matrix_km(*sites.T, *places.T)
    order = np.argsort(distance, axis=0, kind="stable")[:k].T
    found = nearest_sites(*sites.T, *places.T, k)
    assert np.array_equal(found.index, order)
    assert np.array_equal(found.distance_km, np.take_along_axis(distance.T, order, axis=1))


def test_nearest_of_very_many_sites() -> None:
    rng = np.random.default_rng(3)
    sites = np.column_stack([rng.uniform(-180, 180, 21_000), rng.uniform(-90, 90, 21_000)])
    places = np.column_stack([rng.uniform(-180, 180, 12), rng.uniform(-90, 90, 12)])
    distance = distance_matrix_km(*sites.T, *places.T)
    order = np.argsort(distance, axis=0, kind="stable")[:3].T
    assert np.array_equal(nearest_sites(*sites.T, *places.T, 3).index, order)


def test_rounding_stays_within_the_proven_margin() -> None:
    """The float32 product differs from the true cosine by less than the margin allows."""
    rng = np.random.default_rng(11)
    unit = unit_vectors(rng.uniform(-180, 180, 3_000), rng.uniform(-90, 90, 3_000))
    single = unit.astype(np.float32)
    off = np.abs((single @ single.T).astype(np.float64) - unit @ unit.T)
    assert off.max() < 5.01 * 2.0**-24 < MARGIN - 2.0**-24
    assert off.max() > 0.5 * 2.0**-24  # it does round, so the margin is needed


def test_angles_on_reduced_latitudes_bound_the_geodesic() -> None:
    rng = np.random.default_rng(12)
    lon, lat = rng.uniform(-180, 180, (2, 50_000)), rng.uniform(-90, 90, (2, 50_000))
    chord = np.linalg.norm(unit_vectors(lon[0], lat[0]) - unit_vectors(lon[1], lat[1]), axis=1)
    angle = 2 * np.arcsin(np.minimum(chord / 2, 1))
    metres = np.asarray(GEOD.inv(lon[0], lat[0], lon[1], lat[1])[2])
    assert (metres <= GEOD.a * angle + 1e-6).all()
    assert (metres >= GEOD.b * angle - 1e-6).all()


def test_most_pairs_need_no_geodesic(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(
        "rangemap.geodesy._filter.inverse",
        lambda *a: asked.append(len(a[0])) or (None, np.zeros(len(a[0]))),
    )
    rng = np.random.default_rng(5)
    sites, places = rng.uniform([-180, -90], [180, 90], (2, 1_000, 2))
    in_range(*sites.T, *places.T, 5_500, 500, threads=1)
    assert 0 < sum(asked) < 0.003 * 1_000_000


def test_cells_decide_most_pairs_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    decide = cells_module.decide

    def watched(cosine: Floats, *rest: object) -> object:
        looked.append(cosine.size)
        return decide(cosine, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("rangemap.geodesy._cells.decide", watched)
    rng = np.random.default_rng(6)
    sites = rng.uniform([-180, -90], [180, 90], (300, 2))
    places = rng.uniform([-10, 35], [40, 65], (30_000, 2))
    reach_counts(*sites.T, *places.T, 2_000, threads=1)
    assert 0 < sum(looked) < 0.1 * 9_000_000


def test_result_does_not_depend_on_threads_or_order_of_places() -> None:
    sites, places, outer, inner = hard_cases(300, 300, 2)
    weights = np.random.default_rng(0).random(len(places))
    one = reach_counts(*sites.T, *places.T, outer, inner, weights=weights, threads=1)
    for threads in (2, 5):
        more = reach_counts(*sites.T, *places.T, outer, inner, weights=weights, threads=threads)
        assert np.array_equal(one.sites_per_place, more.sites_per_place)
        assert one.weight_per_site is not None
        assert more.weight_per_site is not None
        assert one.weight_per_site.tobytes() == more.weight_per_site.tobytes()
    turned = reach_counts(*sites.T, *places[::-1].T, outer, inner)
    assert np.array_equal(turned.sites_per_place[::-1], one.sites_per_place)


@pytest.mark.parametrize("function", ["in_range", "counts", "nearest", "matrix"])
def test_progress_runs_to_the_end(function: str) -> None:
    sites, places, outer, inner = hard_cases(301, 250, 2)
    if function == "matrix":
        places = places[:2_500]
    said: list[tuple[str, int, int]] = []
    points = (*sites.T, *places.T)
    tell = lambda *args: said.append(args)  # noqa: E731
    {
        "in_range": lambda: in_range(*points, outer, inner, progress=tell),
        "counts": lambda: reach_counts(*points, outer, inner, progress=tell),
        "nearest": lambda: nearest_sites(*points, progress=tell),
        "matrix": lambda: distance_matrix_km(*points, progress=tell),
    }[function]()
    done = [entry[1] for entry in said]
    assert done == sorted(done)
    assert said[-1] == ("pairs", len(sites) * len(places), len(sites) * len(places))


def test_an_interruption_stops_cleanly() -> None:
    begun: list[int] = []

    def slow(number: int) -> int:
        begun.append(number)
        time.sleep(0.005)
        return number

    def stop(done: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        list(map(stop, in_order(slow, range(1_000), 2)))
    assert threading.active_count() == before
    assert len(begun) < 30


_MANY = """
import os
import resource
import numpy as np
from rangemap.geodesy import distance_matrix_km, reach_counts

rng = np.random.default_rng(1)
towns = rng.uniform([-180, -55], [180, 70], (3_000, 2))
places = towns[rng.integers(0, 3_000, 150_000)] + rng.normal(0, 1, (150_000, 2))
places[:, 0] = (places[:, 0] + 180) % 360 - 180
sites = rng.uniform([-180, -90], [180, 90], (10_000, 2))
outer = rng.uniform(300, 6_000, 10_000)
inner = np.where(rng.random(10_000) < 0.5, 0, outer * 0.1)
weights = rng.integers(0, 10_000_000, 150_000).astype(float)
counts = reach_counts(*sites.T, *places.T, outer, inner, weights=weights)
assert counts.places_per_site.sum() == counts.sites_per_place.sum() > 50_000_000
for site in range(0, 10_000, 1_999):
    distance = distance_matrix_km(*sites[site : site + 1].T, *places.T)[0]
    inside = (inner[site] <= distance) & (distance <= outer[site])
    assert counts.places_per_site[site] == inside.sum()
    assert counts.weight_per_site[site] == weights[inside].sum()
# Not ru_maxrss, which knows what the parent held when it forked.
status = open("/proc/self/status").read() if os.path.exists("/proc/self/status") else ""
held = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")]
print((held or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss])[0] / 1024)
"""


@pytest.mark.slow
def test_ten_thousand_sites_and_150_000_places_in_little_memory() -> None:
    run = subprocess.run(
        [sys.executable, "-c", _MANY], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) < 500  # MB, the interpreter and its libraries included


def test_empty_lists_and_single_points() -> None:
    assert in_range([], [], [1, 2], [1, 2], 500).shape == (0, 2)
    assert in_range(1, 2, [], [], 500).shape == (1, 0)
    assert in_range(1, 2, 1, 2, 500).tolist() == [[True]]
    assert reach_counts([], [], [1], [1], 500).sites_per_place.tolist() == [0]
    assert reach_counts([1], [1], [], [], 500, weights=[]).places_per_site.tolist() == [0]
    assert nearest_sites([1], [1], [], []).index.shape == (0, 1)
    assert distance_matrix_km([], [], [], []).shape == (0, 0)
    assert margins_km([], [], [1], [1], 5).shape == (0, 1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: in_range([0, 1], [0, 91], [0], [0], 5), ("latitude 91", "index 1")),
        (lambda: in_range([0], [0], [0, 1], [0, 1, 2], 5), ("(2,)", "(3,)")),
        (lambda: in_range([0, 1, 2], [0, 1, 2], [0], [0], [5, 6]), ("(2,)", "3 sites")),
        (lambda: in_range([0], [0], [0], [0], 0), ("0 km", "not less")),
        (lambda: in_range([0], [0], [0], [0], 5, -1), ("-1 km", "negative")),
        (lambda: in_range([0, 0], [0, 0], [0], [0], [9, 5], [5, 5]), ("5 km", "index 1")),
        (lambda: in_range([[0]], [[0]], [0], [0], 5), ("shape (1, 1)", "list of points")),
        (lambda: in_range([0], [0], [0], [0], 5, threads=0), ("threads 0", "at least 1")),
        (lambda: reach_counts([0], [0], [0], [0], 5, weights=[1, 2]), ("(2,)", "1 places")),
        (lambda: reach_counts([0], [0], [0], [0], 5, weights=[-3]), ("weight -3", "negative")),
        (lambda: nearest_sites([0], [0], [0], [0], 2), ("k 2", "[1, 1]")),
        (lambda: nearest_sites([], [], [0], [0]), ("k 1", "[1, 0]")),
        (lambda: nearest_sites([0], [0], [0], [0], 1.5), ("k 1.5",)),
    ],
)
def test_what_is_refused(call: object, words: tuple[str, ...]) -> None:
    with pytest.raises(ArgumentError) as raised:
        call()  # type: ignore[operator]
    message = str(raised.value)
    assert all(word in message for word in words), message
    assert "\n" not in message
