"""What-if in Chromium against the library: hundreds of random sites and ranges."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rangemap as rm

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

CASES = 400
AZIMUTHS = [0.0, 33.0, 90.0, 137.5, 180.0, 251.0, 270.0, 359.0]
WITHIN_KM = 0.001


def _cases() -> list[dict[str, float]]:
    seed = int(os.environ.get("RANGEMAP_SEED", "0")) or None
    random = np.random.default_rng(seed)
    lon = random.uniform(-180, 180, CASES)
    lat = np.degrees(np.arcsin(random.uniform(-1, 1, CASES)))
    most = np.exp(random.uniform(np.log(0.01), np.log(19_900), CASES))
    least = np.where(random.random(CASES) < 0.5, 0.0, most * random.uniform(0, 0.99, CASES))
    # Poles, the date line, the equator and places just beside them.
    lat[:8] = [90, -90, 89.9999, -89.9999, 0, 1e-9, 0, 45]
    lon[8:14] = [180, -180, 179.99999, -179.99999, 0, 1e-9]
    return [
        {"lon": float(a), "lat": float(b), "min_km": float(c), "max_km": float(d)}
        for a, b, c, d in zip(lon, lat, least, most, strict=True)
    ]


def test_distances_verdicts_and_rings_are_those_of_the_library(opened: Open) -> None:
    cases = _cases()
    page = opened("oreshnik")
    found = page.run(
        """([cases, azimuths]) => cases.map(one => ({
          places: rangemap.whatIf(one).map(p => [p.distance_km, p.verdict]),
          ring: rangemap.ring(one.lon, one.lat, one.max_km, azimuths),
        }))""",
        [cases, AZIMUTHS],
    )
    capitals = rm.read_capitals()
    for case, result in zip(cases, found, strict=True):
        km = rm.geodesy.distance_km(case["lon"], case["lat"], capitals["lon"], capitals["lat"])
        assert np.abs(np.array([row[0] for row in result["places"]]) - km).max() < WITHIN_KM, case
        inside = (case["min_km"] <= km) & (km <= case["max_km"])
        sure = (np.abs(km - case["min_km"]) > 1e-6) & (np.abs(km - case["max_km"]) > 1e-6)
        said = np.array([row[1] == "inside" for row in result["places"]])
        assert (said == inside)[sure].all(), case
        lon, lat = rm.geodesy.destination(case["lon"], case["lat"], AZIMUTHS, case["max_km"])
        ring = np.array(result["ring"])
        east = (ring[:, 0] + 180) % 360 - 180  # the page's longitudes run on past 180
        apart = rm.geodesy.distance_km(east, ring[:, 1], lon, lat)
        assert apart.max() < WITHIN_KM, case


def test_the_counts_on_the_screen_are_those_of_the_library(opened: Open) -> None:
    """The same through the page's own controls: legend, table and the point's own line."""
    page = opened("oreshnik")
    capitals = rm.read_capitals()
    for case in _cases()[:60]:
        page.run(
            "one => rangemap.set({own: [{id: 1, lon: one.lon, lat: one.lat, min: one.min_km,"
            " max: one.max_km}], mode: 'own', tab: 'legend'})",
            case,
        )
        km = rm.geodesy.distance_km(case["lon"], case["lat"], capitals["lon"], capitals["lat"])
        inside = int(((case["min_km"] <= km) & (km <= case["max_km"])).sum())
        shown = page.run(
            "+document.querySelector('.rm-legend input[data-key=inside]')"
            ".closest('li').querySelector('.rm-count').textContent"
        )
        assert shown == inside, case
        rows = page.run("rangemap.csv().split('\\r\\n').filter(r => r.includes(',inside,')).length")
        assert rows == inside, case
