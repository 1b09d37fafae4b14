"""Territories: within a distance of anywhere in each country of Natural Earth 50m."""

from __future__ import annotations

import contextlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from benchmarks import country_peers as peers
from benchmarks.report import Row, Section, duration, metres, ratio
from benchmarks.sites import GEOD, anywhere
from benchmarks.timing import peak_mb
from rangemap.catalogue import read_countries
from rangemap.geodesy import buffer, buffers

POINTS = anywhere(np.random.default_rng(11), 1_000)
WRONG_ABOVE = 10  # of these points
_SAMPLES = 40  # of each boundary
# On reduced latitudes the ellipsoid's distance lies between b and a times the angle.
_MAJOR_M, _MINOR_M = 6378137.0, 6356752.314245
GOALS = {500.0: {"fine": 10.0, "s2": 4.0}, 5_500.0: {"fine": 10.0}}
TITLES = {
    "ours": "rangemap buffers, 100 m, all at once",
    "single": "rangemap buffer, 100 m, one call a country",
    "equidistant": "equidistant at the centroid + antimeridian, 16 segments",
    "fine": "the same with segments for 100 m",
    "s2": "S2BufferOperation, 1 % (PyPI s2geometry)",
}


@dataclass
class Tally:
    """What one method did."""

    seconds: dict[str, float] = field(default_factory=dict)
    valid: int = 0
    wrong: int = 0
    low_m: list[float] = field(default_factory=list)
    high_m: list[float] = field(default_factory=list)


def sections(*, quick: bool) -> Iterator[Section]:
    """Run the races over countries."""
    countries = read_countries("50m")
    step = 12 if quick else 1
    named = list(zip(countries["iso_a3"], countries.geometry, strict=True))[::step]
    memory = _peak_of_all(quick=quick)
    yield _race(named, 500.0, memory, s2_every=1)
    yield _race(named, 5_500.0, memory, s2_every=20)


def _race(
    named: list[tuple[str, shapely.Geometry]], km: float, memory: float, s2_every: int
) -> Section:
    """Run every method on each country in turn, once; ours for all before, amid and after.

    Of the runs for all the median counts. Where S2 is asked for some countries only, so are we.
    """
    tallies = {name: Tally() for name in TITLES}
    shapes = [country for _, country in named]
    buffers(shapes[:2], km)
    buffer(shapes[0], km)
    whole, some = [], []
    at_once: list[Any] = []
    for number, (code, country) in enumerate(named):
        if number in (0, len(named) // 2, len(named) - 1):
            grown, seconds = _timed(lambda c: buffers(c, km), shapes)
            at_once[:] = grown if grown is not None else [None] * len(shapes)
            whole.append(seconds)
            some.append(_timed(lambda c: buffers(c, km), shapes[::s2_every])[1])
        sources = _sources(country, 5.0 if km < 1_000 else 20.0)
        inside, certain = _judge(country, sources, km)
        runs: dict[str, tuple[Callable[[Any], Any], Any]] = {
            "ours": (at_once.__getitem__, number),
            "single": (lambda c: buffer(c, km), country),
            "equidistant": (lambda c: peers.equidistant(c, km), country),
            "fine": (lambda c: peers.fine_equidistant(c, km), country),
        }
        if number % s2_every == 0:
            runs["s2"] = (lambda p: peers.s2_buffer(p, km), peers.s2_polygons(country))
        for name, (run, argument) in runs.items():
            tally = tallies[name]
            grown, tally.seconds[f"{number} {code}"] = _timed(run, argument)
            if grown is None:
                tally.wrong += 1
                continue
            if name == "s2":
                boundary = peers.s2_vertices(grown)
                tally.valid += grown.IsValid()
                drawn = peers.s2_contains(grown, POINTS)
            else:
                boundary = _boundary(grown)
                tally.valid += bool(grown.is_valid)
                shapely.prepare(grown)
                drawn = shapely.contains_xy(grown, *POINTS.T)
            tally.wrong += int(((drawn != inside) & certain).sum()) > WRONG_ABOVE
            if len(boundary):
                off = _distances_m(boundary, sources) - km * 1000
                tally.low_m.append(float(off.min()))
                tally.high_m.append(float(off.max()))
    asked = {len(shapes[::s2_every]): statistics.median(some)}
    asked[len(named)] = statistics.median(whole)
    return Section(
        title=f"Within {km:,.0f} km of each of {len(named)} countries (Natural Earth 50m)",
        columns=[
            "method", "all", "countries", "peer / ours, same countries", "goal",
            "valid", "wrong", "off, least", "off, median of worst", "off, most", "peak memory",
        ],
        rows=[_row(name, tallies[name], km, asked, memory) for name in tallies],
        notes=[
            f"Off: distance of {_SAMPLES} points of each boundary (for S2, of its vertices) from "
            "the country, by brute force over its densified boundary with Karney's algorithm, "
            "less the radius. Wrong: countries for which more than "
            f"{WRONG_ABOVE} of {len(POINTS):,} points of the Earth are on the wrong side, or that "
            "failed.",
            "Every method runs in one thread; peers take one country after another. S2 is timed "
            "without making its loops and without reading its result. Ours at once: the median of "
            "three runs, before, amid and after the others.",
        ],
    )  # fmt: skip


def _timed(run: Callable[[Any], Any], argument: Any) -> tuple[Any | None, float]:
    grown = None
    start = time.process_time()
    with contextlib.suppress(shapely.errors.GEOSException, ValueError, RuntimeError):
        grown = run(argument)  # or a peer gives up on a country
    return grown, time.process_time() - start


def _row(name: str, tally: Tally, km: float, ours: dict[int, float], memory: float) -> Row:
    """Return a row; `ours` has our seconds for so many countries."""
    total = ours[len(tally.seconds)] if name == "ours" else sum(tally.seconds.values())
    times = total / ours[len(tally.seconds)]
    goal = GOALS[km].get(name)
    worst = [max(-low, high) for low, high in zip(tally.low_m, tally.high_m, strict=True)]
    asked = len(tally.seconds)
    return Row(
        cells=[
            TITLES[name],
            duration(total),
            str(asked),
            "" if name == "ours" else ratio(times),
            "" if goal is None else f">= {goal:g}",
            f"{tally.valid} of {asked}",
            f"{tally.wrong} of {asked}",
            _signed(min(tally.low_m)),
            metres(float(np.median(worst))),
            _signed(max(tally.high_m)),
            f"{memory:,.0f} MB" if name == "ours" else "",
        ],
        data={
            "seconds": total,
            "countries": asked,
            "peer_over_ours": times,
            "goal": goal,
            "valid": tally.valid,
            "wrong": tally.wrong,
            "off_m": [min(tally.low_m), max(tally.high_m)],
            "median_worst_m": float(np.median(worst)),
            "peak_mb": memory if name == "ours" else None,
        },
        missed=goal is not None and times < goal,
    )


def _signed(value: float) -> str:
    return ("-" if value < 0 else "+") + metres(abs(value))


def _boundary(grown: shapely.Geometry) -> np.ndarray:
    """Return vertices and middles of edges, but not along the seam and the poles."""
    points = [np.empty((0, 2))]
    for line in shapely.get_rings(shapely.get_parts(grown)):
        xy = shapely.get_coordinates(line)
        seam = (np.abs(xy[:-1, 0]) == 180) & (xy[:-1, 0] == xy[1:, 0])
        pole = (np.abs(xy[:-1, 1]) == 90) & (xy[:-1, 1] == xy[1:, 1])
        drawn = ~(seam | pole)
        points += [xy[:-1][drawn], (xy[:-1] + xy[1:])[drawn] / 2]
    every = np.concatenate(points)
    return every[np.isfinite(every).all(axis=1)]


def _sources(country: shapely.Geometry, apart_km: float) -> np.ndarray:
    """Return points along the country's edges, straight in lon/lat, so far apart at most."""
    points = []
    for line in shapely.get_rings(shapely.get_parts(country)):
        xy = shapely.get_coordinates(line)
        metres = GEOD.inv(*xy[:-1].T, *xy[1:].T)[2]
        # A straight edge may be longer than the geodesic; degrees bound it from above.
        metres = np.maximum(metres, 111_700 * _degrees(xy))
        parts = np.ceil(metres / (apart_km * 1000)).astype(int).clip(1)
        share = np.concatenate([np.arange(part) / part for part in parts])
        start, step = np.repeat(xy[:-1], parts, axis=0), np.repeat(np.diff(xy, axis=0), parts, 0)
        points.append(start + step * share[:, None])
    return np.concatenate(points)


def _degrees(xy: np.ndarray) -> np.ndarray:
    across = np.abs(np.diff(xy[:, 0])) * np.cos(np.radians(np.abs(xy[:-1, 1])))
    return np.hypot(across, np.diff(xy[:, 1]))


def _unit(points: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(points).T
    reduced = np.arctan2(_MINOR_M / _MAJOR_M * np.sin(lat), np.cos(lat))
    flat = np.cos(reduced)
    return np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(reduced)])


def _cosines(points: np.ndarray, sources: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Yield where a block of sources starts, and the cosines of all points with it."""
    here = _unit(points)
    for start in range(0, len(sources), 10_000):
        yield start, here @ _unit(sources[start : start + 10_000]).T


def _least_angles(points: np.ndarray, sources: np.ndarray) -> np.ndarray:
    nearest = np.max([cosine.max(axis=1) for _, cosine in _cosines(points, sources)], axis=0)
    angles: np.ndarray = np.arccos(np.clip(nearest, -1, 1))
    return angles


def _judge(
    country: shapely.Geometry, sources: np.ndarray, km: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return which points are within the radius, and of which that is certain."""
    least = _least_angles(POINTS, sources)
    home = shapely.contains_xy(country, *POINTS.T)
    inside = home | (least * _MAJOR_M < km * 1000)
    outside = ~home & (least * _MINOR_M > (km + 15) * 1000)
    return inside, inside | outside


def _distances_m(boundary: np.ndarray, sources: np.ndarray) -> np.ndarray:
    """Return metres from some points of a boundary to the nearest source."""
    rng = np.random.default_rng(3)
    some = boundary[rng.permutation(len(boundary))[:_SAMPLES]]
    limit = np.cos(_least_angles(some, sources) * (_MAJOR_M / _MINOR_M) + 1e-6)
    least = np.full(len(some), np.inf)
    for start, cosine in _cosines(some, sources):
        one, other = np.nonzero(cosine >= limit[:, None])
        if one.size > 1:
            metres = GEOD.inv(*some[one].T, *sources[start + other].T)[2]
            np.minimum.at(least, one, metres)
        elif one.size:
            metres = GEOD.inv(*some[one[0]], *sources[start + other[0]])[2]
            least[one] = np.minimum(least[one], metres)
    return least


def _peak_of_all(*, quick: bool) -> float:
    """Return the peak memory of a fresh process that makes all buffers of ours."""
    command = [sys.executable, "-m", "benchmarks.countries", *(["quick"] if quick else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    buffers(read_countries("50m").geometry[:: 12 if "quick" in sys.argv else 1], 5_500)
    print(peak_mb())
