"""Thousands of fresh rings in every run, at three tolerances, checked without rangemap.

The seed is new in each run and printed with a failure; RANGEMAP_SEED=... runs the same
cases again.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
from pathlib import Path

import numpy as np
import pytest

from rangemap.geodesy import band_polygons, ring_outlines, ring_polygons

_spec = importlib.util.spec_from_file_location(
    "ring_checks", Path(__file__).with_name("ring_checks.py")
)
assert _spec
assert _spec.loader
checks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(checks)

SEED = int(os.environ.get("RANGEMAP_SEED") or secrets.randbits(32))
FULL = bool(os.environ.get("RANGEMAP_TEST_FULL"))
CASES = 40_000 if FULL else 4_000
FINE = CASES if FULL else 1_500  # rings at 10 m, of which each has a thousand edges
AT_ONCE = 500


def cases(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sites and radii: anywhere, a third near +-180, some rings within 1 mm of a pole."""
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, size)))
    lon = rng.uniform(-180, 180, size)
    km = rng.uniform(0.5, 19_950, size)
    seam = slice(0, size // 3)
    near = 180 - 10 ** rng.uniform(-13, 1, size // 3)
    lon[seam] = near * rng.choice([-1, 1], size // 3)
    lon[: size // 40] = rng.choice([-180.0, 180.0], size // 40)
    rng.shuffle(lon)
    lat[::41] = (90 - 10 ** rng.uniform(-10, 1, len(lat[::41]))) * rng.choice(
        [-1, 1], len(lat[::41])
    )
    lat[3::160], lat[4::160], lat[5::160] = 90, -90, 0
    km[6::20] = 10 ** rng.uniform(-6, 3.5, len(km[6::20]))
    km[7::20] = 5_500
    km[8::80] = 19_950
    km[9::40] = rng.uniform(19_000, 19_950, len(km[9::40]))
    for first, pole in ((10, 90.0), (11, -90.0)):
        some = slice(first, None, 12)
        zero = np.zeros(len(lat[some]))
        exact = checks.GEOD.inv(zero, lat[some].copy(), zero, zero + pole)[2]
        off = 10 ** rng.uniform(-6, 5.5, len(zero)) * rng.choice([-1, 1], len(zero))
        off[::3] = rng.uniform(-1e-3, 1e-3, len(off[::3]))
        km[some] = (exact + off) / 1000
    return lon, lat, np.clip(km, 1e-6, 19_950)


@pytest.fixture(scope="module")
def fresh() -> tuple[np.ndarray, ...]:
    lon, lat, km = cases(np.random.default_rng(SEED), CASES)
    return lon, lat, km, checks.disc_areas_km2(lon, lat, km)


@pytest.mark.parametrize("tolerance_m", [10, 100, 1_000])
def test_fresh_rings_have_no_fault(fresh: tuple[np.ndarray, ...], tolerance_m: int) -> None:
    rng = np.random.default_rng(SEED + tolerance_m)
    for start in range(0, FINE if tolerance_m < 100 else CASES, AT_ONCE):
        lon, lat, km, areas = (array[start : start + AT_ONCE] for array in fresh)
        polygons = ring_polygons(lon, lat, km, tolerance_m)
        outlines = ring_outlines(lon, lat, km, tolerance_m)
        found = checks.all_faults(lon, lat, km, polygons, outlines, tolerance_m, rng, areas)
        wrong = [
            (*case, texts)
            for *case, texts in zip(lon.tolist(), lat.tolist(), km.tolist(), found, strict=True)
            if texts
        ]
        assert not wrong, f"{len(wrong)} wrong rings with RANGEMAP_SEED={SEED}: {wrong[:5]}"


def test_small_rings_that_just_touch_the_seam_have_no_fault() -> None:
    """Several vertices of a ring of millimetres stand on the seam, which bounds nothing."""
    rng = np.random.default_rng(SEED)
    lat, km = np.degrees(np.arcsin(rng.uniform(-1, 1, 600))), 10 ** rng.uniform(-6, -2, 600)
    azimuth = np.repeat([np.linspace(60, 120, 201)], len(lat), axis=0)
    start, far = (np.repeat(values[:, None], 201, axis=1) for values in (lat, km * 1000))
    reach = checks.GEOD.fwd(np.zeros_like(azimuth), start, azimuth, far)[0].max(axis=1)
    lon = (180 - reach + rng.uniform(-3e-9, 3e-9, 600)) * rng.choice([-1, 1], 600)
    lon[0], lat[0], km[0] = 179.99999998553142, 42.05922737598195, 1.2598060383086131e-06
    for tolerance_m in (10, 1_000):
        drawn = (make(lon, lat, km, tolerance_m) for make in (ring_polygons, ring_outlines))
        found = checks.all_faults(lon, lat, km, *drawn, tolerance_m, rng)
        wrong = [case for case in zip(lon, lat, km, found, strict=True) if case[3]]
        assert not wrong, f"{len(wrong)} wrong rings with RANGEMAP_SEED={SEED}: {wrong[:5]}"


def test_vertices_are_few(fresh: tuple[np.ndarray, ...]) -> None:
    """An edge that used all of its tolerance would span about sqrt(8 * tolerance / curvature)."""
    rng = np.random.default_rng(SEED)
    lat = np.degrees(np.arcsin(rng.uniform(-1, 1, 400)))
    lon = rng.uniform(-180, 180, 400)
    for tolerance_m, most in ((10, 1_620), (100, 520), (1_000, 170)):
        rings = ring_polygons(lon, lat, 5_500, tolerance_m)
        counts = np.array([len(checks.shapely.get_coordinates(ring)) for ring in rings])
        assert counts.mean() < most


def test_fresh_bands_are_their_rings(fresh: tuple[np.ndarray, ...]) -> None:
    lon, lat, km, areas = (array[:400] for array in fresh)
    share = np.random.default_rng(SEED).uniform(0.01, 0.98, len(km))
    wide = km * (1 - share) > 1
    lon, lat, km, areas, share = (array[wide] for array in (lon, lat, km, areas, share))
    bands = band_polygons(lon, lat, km * share, km)
    assert checks.shapely.is_valid(bands).all(), f"RANGEMAP_SEED={SEED}"
    inner = checks.disc_areas_km2(lon, lat, km * share)
    off = np.abs(checks.drawn_areas_km2(bands) - (areas - inner))
    slack = 0.1 * 2 * np.pi * (np.minimum(km, 6_400) + np.minimum(km * share, 6_400)) + 1
    worst = int(np.argmax(off - slack))
    assert (off <= slack).all(), (
        f"RANGEMAP_SEED={SEED}: {lon[worst]}, {lat[worst]}, {km[worst]}, {share[worst]}"
    )
