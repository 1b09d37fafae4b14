"""Discs: one radius round many sites, ours beside what people use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks import disc_peers as peers
from benchmarks import postgis
from benchmarks.quality import Quality, Truth, assess
from benchmarks.report import Row, Section, duration, metres, ratio
from benchmarks.sites import GEOD, disc_sites
from benchmarks.timing import Entrant, race
from rangemap.geodesy import ring_polygon, ring_polygons

OURS, SINGLY = "rangemap", "singly"
TITLES = {
    OURS: "rangemap ring_polygons, all at once",
    SINGLY: "rangemap ring_polygon, one call a site",
    "360": "360 x Geod.fwd, counter-clockwise + antimeridian",
    "1440": "1,440 x Geod.fwd, counter-clockwise + antimeridian",
    "aeqd": "azimuthal-equidistant recipe, 16 segments",
    "aeqd-fixed": "the same + antimeridian (clockwise)",
    "aeqd-well": "the same, counter-clockwise, 64 segments",
    "cartopy": "cartopy Geodesic.circle, raw",
    "web": "buffer in EPSG:3857",
}
# The least times as long that a peer should take; for cartopy, which draws wrong, half of ours.
GOALS = {"1440": 200, "aeqd": 25, "aeqd-fixed": 25, "aeqd-well": 25, "cartopy": 0.5}


def sections(*, quick: bool) -> Iterator[Section]:
    """Run the races over discs."""
    sites = disc_sites(60 if quick else 400)
    yield against_peers(sites, 5_500.0, quick=quick)
    yield against_the_floor(sites, quick=quick)


def against_peers(sites: np.ndarray, km: float, *, quick: bool) -> Section:
    """Race ours at 100 m against every peer, and measure how right each is."""
    makers = {
        "aeqd": peers.for_each(peers.equidistant),
        "aeqd-fixed": peers.for_each(peers.equidistant_fixed),
        "aeqd-well": peers.for_each(peers.equidistant_fixed_well),
        "360": peers.for_each(lambda lon, lat, km: peers.traced(lon, lat, km, 360)),
        "1440": peers.for_each(lambda lon, lat, km: peers.traced(lon, lat, km, 1_440)),
        "cartopy": peers.for_each(peers.cartopy_circle),
        "web": peers.for_each(peers.web_mercator),
    }
    few = sites[:: max(1, len(sites) // 10)]
    entrants = [
        Entrant(
            OURS,
            lambda: ring_polygons(*sites.T, km),
            len(sites),
            warm=lambda: ring_polygons(*sites.T, km),
        ),
        Entrant(SINGLY, lambda: peers.for_each(ring_polygon)(sites, km), len(sites)),
        *(
            Entrant(
                name,
                lambda make=make: make(sites, km),
                len(sites),
                warm=lambda make=make: make(few, km),
                budget_s=3 if quick else 6,
            )
            for name, make in makers.items()
        ),
    ]
    done = race(entrants, rounds=3 if quick else 9)
    truth = Truth.of(sites, km)
    ours = done[OURS].best_s
    rows = [_row(OURS, ours, ours, assess(list(done[OURS].result), truth))]
    for name in (SINGLY, *makers):
        discs = done[name].result
        if name == "cartopy":
            discs = [shapely.Polygon(ring) for ring in discs]
        rows.append(_row(name, done[name].best_s, ours, assess(discs, truth)))
    skipped = []
    for name, why, run in (
        ("turf circle, 64 steps (node)", peers.why_no_turf(), peers.turf),
        ("PostGIS ST_Buffer(geography)", postgis.why_not(), postgis.buffers),
    ):
        if why:
            skipped.append(f"{name}: skipped, {why}.")
            continue
        seconds, discs = run(sites, km, 2 if quick else 5)
        rows.append(_row(name, seconds / len(sites), ours, assess(discs, truth)))
    return Section(
        title=f"Discs of {km:,.0f} km at {len(sites)} sites, half of them hard",
        columns=[
            "method", "a disc", "peer / ours", "goal", "vertices", "vertices off, median",
            "edges off, median", "edges off, worst", "valid", "wrong",
        ],
        rows=rows,
        notes=[
            "Off: the largest distance from the true ring for a site, of vertices and of points "
            "along edges as drawn straight in longitude and latitude; edges along +-180 and +-90 "
            f"do not count. Wrong: sites of which more than {10} of 20,000 points spread over the "
            "Earth are on the wrong side.",
            "rangemap: tolerance 100 m. Every method runs in one thread.",
            "Cartopy is timed without making a polygon of its vertices, turf and PostGIS within "
            "their own process.",
            *skipped,
        ],
    )  # fmt: skip


def _row(name: str, seconds: float, ours: float, quality: Quality) -> Row:
    goal = GOALS.get(name)
    times = seconds / ours
    return Row(
        cells=[
            TITLES.get(name, name),
            duration(seconds),
            "" if name == OURS else ratio(times),
            "" if goal is None else f">= {goal:g}",
            f"{quality.vertices:,.0f}",
            metres(quality.vertex_error_m),
            metres(quality.edge_error_m),
            metres(quality.worst_edge_m),
            f"{quality.valid} of {quality.sites}",
            f"{quality.wrong} of {quality.sites}",
        ],
        data={"seconds": seconds, "peer_over_ours": times, "goal": goal, **vars(quality)},
        missed=goal is not None and times < goal,
    )


@dataclass(frozen=True)
class Case:
    """A radius and a tolerance."""

    km: float
    tolerance_m: float
    goal: float | None = None


def against_the_floor(sites: np.ndarray, *, quick: bool) -> Section:
    """Race ours against one bulk `Geod.fwd` of as many points as ours puts out."""
    cases = [
        Case(5_500, 100, 1.2), Case(500, 100), Case(5_500, 10), Case(5_500, 1_000),
        Case(500, 10), Case(500, 1_000), Case(12_000, 100),
    ]  # fmt: skip
    rows = []
    for case in cases:
        discs = ring_polygons(*sites.T, case.km, case.tolerance_m)
        points = int(shapely.get_num_coordinates(discs).sum())
        rng = np.random.default_rng(1)
        start = sites[rng.integers(0, len(sites), points)]
        azimuth, length = rng.uniform(0, 360, points), np.full(points, case.km * 1000)
        done = race(
            [
                Entrant(
                    OURS,
                    lambda case=case: ring_polygons(*sites.T, case.km, case.tolerance_m),
                    len(sites),
                ),
                Entrant(
                    "fwd",
                    lambda start=start, azimuth=azimuth, length=length: GEOD.fwd(
                        *start.T, azimuth, length
                    ),
                    len(sites),
                ),
            ],
            rounds=3 if quick else 12,
        )
        times = done[OURS].best_s / done["fwd"].best_s
        row = {
            **vars(case),
            "vertices": points / len(sites),
            "seconds": done[OURS].best_s,
            "fwd_seconds": done["fwd"].best_s,
            "ours_over_fwd": times,
        }
        cells = [
            f"{case.km:,.0f} km",
            f"{case.tolerance_m:,g} m",
            f"{points / len(sites):,.0f}",
            duration(done[OURS].best_s),
            duration(done["fwd"].best_s),
            ratio(times),
            "" if case.goal is None else f"<= {case.goal:g}",
        ]
        rows.append(Row(cells, row, missed=case.goal is not None and times > case.goal))
    return Section(
        title="Discs against the floor: one bulk Geod.fwd of as many points as ours puts out",
        columns=["radius", "tolerance", "vertices", "a disc", "Geod.fwd", "ours / fwd", "goal"],
        rows=rows,
        notes=["Valid, cut and closed polygons on our side; bare points on the other. One thread."],
    )
