"""Fresh cases in each run, against programs that share no code with PROJ.

`GeodSolve -E` and `Planimeter -E` (C++, Debian's geographiclib-tools) solve geodesics by elliptic
integrals, where PROJ and PyPI's geographiclib use Karney's series. The seed is new in each run
and printed with a failure; RANGEMAP_SEED=... runs the same cases again.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess

import numpy as np
import pytest
import shapely
from geographiclib.geodesic import Geodesic

from rangemap.geodesy import (
    area_km2,
    azimuth_deg,
    destination,
    distance_km,
    distance_matrix_km,
    ring_outline,
    ring_polygon,
)

SEED = int(os.environ.get("RANGEMAP_SEED") or secrets.randbits(32))
FULL = bool(os.environ.get("RANGEMAP_TEST_FULL"))
PAIRS = 100_000 if FULL else 20_000
PYTHON_PAIRS = 20_000 if FULL else 2_000
RINGS = 200 if FULL else 30
MERCATOR_LIMIT = 85.0511287798066
WORLD_KM2 = 510_065_621.724

needs_programs = pytest.mark.skipif(
    not (shutil.which("GeodSolve") and shutil.which("Planimeter")),
    reason="GeodSolve is not on PATH (Debian: apt-get install geographiclib-tools)",
)


@pytest.fixture
def rng() -> np.random.Generator:
    print(f"to run these cases again: RANGEMAP_SEED={SEED}")
    return np.random.default_rng(SEED)


def fresh_points(rng: np.random.Generator, size: int) -> np.ndarray:
    """Longitudes and latitudes: half anywhere, the rest near what is hard."""
    lon = rng.uniform(-180, 180, size)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, size)))
    nearness = 10.0 ** rng.uniform(-10, 0, size)
    kind = rng.integers(0, 10, size)
    lon = np.where(kind == 0, np.copysign(180 - nearness, lon), lon)
    lon = np.where(kind == 1, np.copysign(180.0, lon), lon)
    lat = np.where(kind == 2, np.copysign(90 - nearness, lat), lat)
    lat = np.where(kind == 3, np.copysign(90.0, lat), lat)
    lat = np.where(kind == 4, 0.0, lat)
    return np.column_stack([lon, lat])


def fresh_pairs(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of points: half independent, the rest nearly antipodal, close, or on a meridian."""
    one, other = fresh_points(rng, size), fresh_points(rng, size)
    step = rng.normal(size=(size, 2)) * 10.0 ** rng.uniform(-9, 0.5, (size, 1))
    kind = rng.integers(0, 8, size)[:, None]
    antipode = one * [1, -1] + [180, 0]
    other = np.where(kind <= 1, antipode + step, other)
    other = np.where(kind == 2, one + step, other)
    other[:, :1] = np.where(kind == 3, one[:, :1], other[:, :1])
    other[:, 0] = (other[:, 0] + 180) % 360 - 180
    other[:, 1] = np.clip(other[:, 1], -90, 90)
    return one, other


def program(*command: str, rows: np.ndarray) -> np.ndarray:
    """Pipe rows of numbers, each written in full, through a program of GeographicLib."""
    one_row = " ".join(["%.17f"] * rows.shape[1])  # not 1e-7, whose e would mean east
    text = "\n".join(one_row % tuple(row) for row in rows.tolist())
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return np.array([line.split() for line in done.stdout.splitlines()], dtype=float)


def solve_inverse(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return metres from point to point."""
    one, other = np.broadcast_arrays(one, other)
    rows = np.concatenate([one, other], axis=1)
    return program("GeodSolve", "-E", "-i", "-w", "-p", "9", rows=rows)[:, 2]


def solve_direct(
    start: np.ndarray, azimuth: np.ndarray, metres: np.ndarray, *, exact: bool = True
) -> np.ndarray:
    """Return longitude and latitude where each geodesic ends."""
    rows = np.column_stack([start, azimuth, metres])
    command = ("GeodSolve", *(["-E"] if exact else []), "-w", "-p", "9")
    return program(*command, rows=rows)[:, :2]


def metres_apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The straight line through the Earth: exact for points close together."""

    def cartesian(points: np.ndarray) -> np.ndarray:
        lon, lat = np.radians(points).T
        e2 = (2 - 1 / 298.257223563) / 298.257223563
        normal = 6378137 / np.sqrt(1 - e2 * np.sin(lat) ** 2)
        flat = normal * np.cos(lat)
        return np.array([flat * np.cos(lon), flat * np.sin(lon), normal * (1 - e2) * np.sin(lat)])

    return np.linalg.norm(cartesian(one) - cartesian(other), axis=0)


@needs_programs
def test_inverse_equals_geodsolve(rng: np.random.Generator) -> None:
    one, other = fresh_pairs(rng, PAIRS)
    metres = distance_km(*one.T, *other.T) * 1000
    assert np.abs(metres - solve_inverse(one, other)).max() < 1e-7
    azimuth = azimuth_deg(*one.T, *other.T)
    assert ((azimuth >= 0) & (azimuth < 360)).all()
    # Of nearly antipodal points azimuths are ill-defined; where they lead to is not.
    assert metres_apart(solve_direct(one, azimuth, metres), other).max() < 1e-6


@needs_programs
def test_direct_equals_geodsolve(rng: np.random.Generator) -> None:
    start = fresh_points(rng, PAIRS)
    azimuth = np.where(
        rng.random(PAIRS) < 0.2, rng.integers(0, 5, PAIRS) * 90.0, rng.uniform(-360, 720, PAIRS)
    )
    metres = 10 ** rng.uniform(-3, np.log10(2.5e7), PAIRS)
    lon, lat = destination(*start.T, azimuth, metres / 1000)
    truth = solve_direct(start, azimuth, metres)
    assert metres_apart(np.column_stack([lon, lat]), truth).max() < 1e-6


@needs_programs
def test_matrix_equals_geodsolve(rng: np.random.Generator) -> None:
    sites, places = fresh_points(rng, 20), fresh_points(rng, PAIRS // 20)
    matrix = distance_matrix_km(*sites.T, *places.T) * 1000
    for site, row in zip(sites, matrix, strict=True):
        assert np.abs(row - solve_inverse(site[None], places)).max() < 1e-7


def test_both_problems_equal_geographiclib_in_python(rng: np.random.Generator) -> None:
    one, other = fresh_pairs(rng, PYTHON_PAIRS)
    metres = distance_km(*one.T, *other.T) * 1000
    azimuth = azimuth_deg(*one.T, *other.T)
    far_lon, far_lat = destination(*one.T, azimuth, metres / 1000)
    for i in range(PYTHON_PAIRS):
        (lon1, lat1), (lon2, lat2) = one[i], other[i]
        truth = Geodesic.WGS84.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE)
        assert abs(metres[i] - truth["s12"]) < 1e-7, (lon1, lat1, lon2, lat2)
        end = Geodesic.WGS84.Direct(
            lat1, lon1, azimuth[i], metres[i], Geodesic.LATITUDE | Geodesic.LONGITUDE
        )
        ours = np.array([[far_lon[i], far_lat[i]]])
        theirs = np.array([[end["lon2"], end["lat2"]]])
        assert metres_apart(ours, theirs)[0] < 1e-6, (lon1, lat1, lon2, lat2)


def fresh_rings(rng: np.random.Generator, size: int) -> list[tuple[float, float, float]]:
    """Sites and radii; a third of the rings pass within 10 km of a pole, or a metre."""
    rings = []
    for lon, lat in fresh_points(rng, size).tolist():
        km = 10 ** rng.uniform(1, np.log10(19_950))
        if rng.random() < 1 / 3:
            to_pole = float(distance_km(0, lat, 0, 90)) + rng.choice([-1, 1]) * 10 ** rng.uniform(
                -3, 1
            )
            km = min(max(to_pole, 1), 19_950)
        rings.append((lon, lat, float(km)))
    return rings


def edge_points(line: shapely.LineString, *, mercator: bool) -> np.ndarray:
    """Thirds of each edge and its ends, straight in lon/lat or straight in Web Mercator."""
    xy = shapely.get_coordinates(line)
    height = np.arctanh(np.sin(np.radians(xy[:, 1]))) if mercator else xy[:, 1]
    plane = np.column_stack([xy[:, 0], height])
    share = np.array([0, 0.27, 0.5, 0.73])[:, None, None]
    points = (plane[:-1] * (1 - share) + plane[1:] * share).reshape(-1, 2)
    if mercator:
        points[:, 1] = np.degrees(np.arcsin(np.tanh(points[:, 1])))
        points = points[np.abs(points[:, 1]) <= MERCATOR_LIMIT]
    return points


@needs_programs
@pytest.mark.parametrize("tolerance_m", [10, 100, 1_000])
def test_rings_keep_their_tolerance_by_geodsolve(
    rng: np.random.Generator, tolerance_m: float
) -> None:
    rings = fresh_rings(rng, RINGS)
    sites, points, radii = [], [], []
    for lon, lat, km in rings:
        for line in shapely.get_parts(ring_outline(lon, lat, km, tolerance_m=tolerance_m)):
            for mercator in (False, True):
                along = edge_points(line, mercator=mercator)
                points.append(along)
                sites.append(np.tile([lon, lat], (len(along), 1)))
                radii.append(np.full(len(along), km * 1000))
    site, point, radius = np.concatenate(sites), np.concatenate(points), np.concatenate(radii)
    some = rng.permutation(len(site))[:PAIRS]
    site, point, radius = site[some], point[some], radius[some]
    off = np.abs(solve_inverse(site, point) - radius)
    worst = off.argmax()
    assert off[worst] <= tolerance_m, (*site[worst], radius[worst] / 1000, *point[worst])


@needs_programs
def test_vertices_lie_on_the_ring_by_geodsolve(rng: np.random.Generator) -> None:
    off = []
    for lon, lat, km in fresh_rings(rng, RINGS):
        vertices = shapely.get_coordinates(ring_outline(lon, lat, km))
        off.append(np.abs(solve_inverse(np.array([[lon, lat]]), vertices) - km * 1000))
    # A ring through a pole is moved off it by 5 cm, and an overhang beyond the seam that is
    # thinner than a twentieth of the tolerance is flattened.
    assert max(one.max() for one in off) < 5.1
    assert np.median([np.median(one) for one in off]) < 1e-6
    assert np.quantile(np.concatenate(off), 0.9) < 0.06


@needs_programs
def test_areas_of_discs_equal_planimeter(rng: np.random.Generator) -> None:
    azimuth = np.linspace(360, 0, 4_000, endpoint=False)
    for lon, lat, km in fresh_rings(rng, 60 if FULL else 8):
        start = np.tile([lon, lat], (len(azimuth), 1))
        rim = solve_direct(start, azimuth, np.full(len(azimuth), km * 1000), exact=False)
        _, length, area = program("Planimeter", "-w", "-p", "6", rows=rim)[0]
        drawn = area_km2(ring_polygon(lon, lat, km, tolerance_m=10))
        truth = area / 1e6 % WORLD_KM2  # of a large disc Planimeter gives minus the rest
        chords = 1e-6 * truth  # what 4,000 chords leave out
        assert abs(drawn - truth) <= 0.010 * length / 1000 + chords, (lon, lat, km)
