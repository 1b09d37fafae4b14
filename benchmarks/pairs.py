"""Pairs: who is in range of whom, for many sites and many places."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
from geographiclib.geodesic import Geodesic
from geopy.distance import geodesic as geopy_distance

from benchmarks import postgis
from benchmarks.report import Row, Section, duration, metres, ratio
from benchmarks.sites import GEOD, anywhere
from benchmarks.timing import Entrant, peak_mb, race
from rangemap.catalogue import read_cities
from rangemap.geodesy import in_range, nearest_sites, reach_counts

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
SITES, PLACES = 10_000, 150_000
_MEAN_RADIUS_M = 6_371_008.8


def sections(*, quick: bool) -> Iterator[Section]:
    """Run the races over pairs."""
    yield verdicts(quick=quick)
    yield counts(quick=quick)


def cities(size: int) -> np.ndarray:
    """Return places as unevenly spread as cities: the bundled ones, and copies some 20 km off."""
    rng = np.random.default_rng(5)
    table = read_cities()
    real = table[["lon", "lat"]].to_numpy(dtype=float)
    places = np.tile(real, (-(-size // len(real)), 1))
    places[len(real) :] += rng.normal(0, 0.2, (len(places) - len(real), 2))
    places[:, 0] = (places[:, 0] + 180) % 360 - 180
    places[:, 1] = places[:, 1].clip(-90, 90)
    return places[:size]


def launch_sites(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sites, half anywhere and half near cities, and a range for each in km."""
    rng = np.random.default_rng(6)
    near = cities(34_000)[rng.integers(0, 34_000, size // 2)] + rng.normal(0, 0.3, (size // 2, 2))
    near = np.column_stack([(near[:, 0] + 180) % 360 - 180, near[:, 1].clip(-90, 90)])
    return np.concatenate([near, anywhere(rng, size - size // 2)]), rng.uniform(500, 5_500, size)


def haversine_m(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return distances on a sphere, as numpy users write it."""
    lon1, lat1 = np.radians(one).T
    lon2, lat2 = np.radians(other).T
    half = (
        np.sin((lat2 - lat1) / 2) ** 2
        + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _MEAN_RADIUS_M * np.arcsin(np.sqrt(half))


def bulk_inverse_m(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return distances by Karney in one call of PROJ."""
    return np.asarray(GEOD.inv(*one.T, *other.T)[2])


def geographiclib_m(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return distances by Karney's own Python."""
    solve = Geodesic.WGS84.Inverse
    return np.array(
        [
            solve(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)["s12"]
            for (lon1, lat1), (lon2, lat2) in zip(one.tolist(), other.tolist(), strict=True)
        ]
    )


def geopy_m(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return distances by geopy."""
    return np.array(
        [
            geopy_distance((lat1, lon1), (lat2, lon2)).m
            for (lon1, lat1), (lon2, lat2) in zip(one.tolist(), other.tolist(), strict=True)
        ]
    )


def verdicts(*, quick: bool) -> Section:
    """Race the matrix of verdicts against distances compared with the range."""
    n, m = (200, 5_000) if quick else (1_000, 20_000)
    sites, ranges = launch_sites(n)
    places = cities(PLACES)[:: PLACES // m][:m]
    rng = np.random.default_rng(8)
    pick = rng.integers(0, n * m, 200_000 if quick else 1_000_000)
    row, column = np.divmod(pick, m)
    one, other, limit = sites[row], places[column], ranges[row] * 1000
    some = slice(0, 2_000)
    arguments = (*sites.T, *places.T, ranges)
    names = {
        "rangemap in_range, 1 thread": lambda: in_range(*arguments, threads=1),
        f"rangemap in_range, {CORES} threads": lambda: in_range(*arguments),
        "pyproj Geod.inv, bulk": lambda: bulk_inverse_m(one, other),
        "numpy haversine": lambda: haversine_m(one, other),
        "geographiclib (Python)": lambda: geographiclib_m(one[some], other[some]),
        "geopy geodesic": lambda: geopy_m(one[some], other[some]),
    }
    work = dict.fromkeys(names, len(one)) | dict.fromkeys(list(names)[:2], n * m)
    work |= dict.fromkeys(list(names)[-2:], 2_000)
    entrants = [
        Entrant(name, run, work[name], budget_s=4, wall=name.endswith("threads"))
        for name, run in names.items()
    ]
    done = race(entrants, rounds=3 if quick else 7)
    base = next(iter(names))
    ours = done[base].best_s
    true = done["pyproj Geod.inv, bulk"].result
    rows = []
    for name in names:
        entrant = done[name]
        if entrant.result.dtype == bool:
            error, wrong = None, int((entrant.result[row, column] != (true <= limit)).sum())
            asked = len(one)
        else:
            asked = len(entrant.result)
            error = float(np.abs(entrant.result - true[:asked]).max())
            wrong = int(((entrant.result <= limit[:asked]) != (true <= limit)[:asked]).sum())
        rows.append(_row(name, entrant.best_s, ours, error, wrong, asked, name != base))
    notes = [
        f"{n:,} sites x {m:,} places, ranges of 500 to 5,500 km; for the others "
        f"{len(one):,} pairs of them (2,000 for those in Python). Wrong: verdicts other than "
        "Karney's. rangemap answers with verdicts, the others with distances, which are "
        "compared for free here.",
    ]
    why = postgis.why_not()
    if why:
        notes.append(f"PostGIS ST_Distance(geography): skipped, {why}.")
    else:
        size = 20_000
        seconds, lengths = postgis.distances(one[:size], other[:size], 3)
        error = float(np.abs(lengths - true[:size]).max())
        wrong = int(((lengths <= limit[:size]) != (true <= limit)[:size]).sum())
        rows.append(
            _row("PostGIS ST_Distance(geography)", seconds / size, ours, error, wrong, size, True)
        )
    return Section(
        title="Verdicts for pairs",
        columns=["method", "a pair", "peer / ours", "goal", "largest error", "wrong"],
        rows=rows,
        notes=notes,
    )


def _row(
    name: str, seconds: float, ours: float, error: float | None, wrong: int, asked: int, peer: bool
) -> Row:
    goal = 250.0 if name.startswith("pyproj") else None
    times = seconds / ours
    return Row(
        cells=[
            name,
            duration(seconds),
            ratio(times) if peer else "",
            "" if goal is None else f">= {goal:g}",
            "" if error is None else _length(error),
            f"{wrong:,} of {asked:,}",
        ],
        data={
            "seconds": seconds, "peer_over_ours": times, "goal": goal, "error_m": error,
            "wrong": wrong, "asked": asked,
        },
        missed=goal is not None and times < goal,
    )  # fmt: skip


def _length(value: float) -> str:
    return metres(value) if value == 0 or value >= 1e-3 else f"{value * 1e9:,.0f} nm"


def counts(*, quick: bool) -> Section:
    """Race counts both ways for 10,000 sites and 150,000 places; Karney's from a sample."""
    n, m = (2_000, 30_000) if quick else (SITES, PLACES)
    sites, ranges = launch_sites(n)
    places = cities(m)
    few = np.linspace(0, n - 1, 4 if quick else 12).astype(int)

    def sample() -> np.ndarray:
        return np.array(
            [
                (bulk_inverse_m(np.broadcast_to(sites[i], places.shape), places) <= ranges[i] * 1e3)
                for i in few
            ]
        )

    arguments = (*sites.T, *places.T, ranges)
    entrants = [
        Entrant("1", lambda: reach_counts(*arguments, threads=1), n * m, budget_s=8),
        Entrant("all", lambda: reach_counts(*arguments), n * m, budget_s=6, wall=True),
        Entrant("inv", sample, len(few) * m, budget_s=4),
    ]
    done = race(entrants, rounds=3)
    start = time.perf_counter()
    nearest_sites(*sites.T, *places.T)
    nearest_s = time.perf_counter() - start
    wrong = int((done["1"].result.places_per_site[few] != done["inv"].result.sum(axis=1)).sum())
    memory = {what: _peak(what, quick=quick) for what in ("counts", "nearest")}
    pairs, karney = n * m, done["inv"].best_s
    goal = None if quick else 400.0
    rows = [
        _count_row("rangemap reach_counts, 1 thread", done["1"].best_s, karney, pairs, goal,
                   memory["counts"]),
        _count_row(f"rangemap reach_counts, {CORES} threads", done["all"].best_s, karney, pairs,
                   None, memory["counts"]),
        _count_row(f"rangemap nearest_sites, {CORES} threads", nearest_s / pairs, karney, pairs,
                   None, memory["nearest"]),
        _count_row("pyproj Geod.inv, bulk, extrapolated", karney, karney, pairs, None, None),
    ]  # fmt: skip
    return Section(
        title=f"Counts both ways: {n:,} sites x {m:,} places",
        columns=["method", "all", "a pair", "Geod.inv / this", "goal", "peak memory", "goal "],
        rows=rows,
        notes=[
            f"Geod.inv is timed on {len(few)} of the sites and all places, in one thread, and "
            f"extrapolated. Of those sites {wrong} have a count other than Karney's. Memory: the "
            "whole process, imports and arrays included.",
        ],
    )


def _count_row(
    name: str, a_pair: float, karney: float, pairs: int, goal: float | None, memory: float | None
) -> Row:
    times = karney / a_pair
    limit = None if memory is None else 500.0
    return Row(
        cells=[
            name,
            duration(a_pair * pairs),
            duration(a_pair),
            "" if a_pair == karney else ratio(times),
            "" if goal is None else f">= {goal:g}",
            "" if memory is None else f"{memory:,.0f} MB",
            "" if limit is None else f"< {limit:g} MB",
        ],
        data={
            "seconds": a_pair * pairs, "inv_over_this": times, "goal": goal, "peak_mb": memory,
            "goal_mb": limit,
        },
        missed=(goal is not None and times < goal) or (memory or 0) >= 500,
    )  # fmt: skip


def _peak(what: str, *, quick: bool) -> float:
    """Return the peak memory of a fresh process that does nothing else."""
    command = [sys.executable, "-m", "benchmarks.pairs", what, *(["quick"] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    _n, _m = (2_000, 30_000) if "quick" in sys.argv else (SITES, PLACES)
    _sites, _ranges = launch_sites(_n)
    if sys.argv[1] == "counts":
        reach_counts(*_sites.T, *cities(_m).T, _ranges)
    else:
        nearest_sites(*_sites.T, *cities(_m).T)
    print(peak_mb())
