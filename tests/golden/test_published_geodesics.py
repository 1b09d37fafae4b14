"""Published geodesics on WGS 84, each within half of its last printed digit or nearly so.

The classical test lines of Vincenty (1975) and Rapp (1993) lie on other ellipsoids (Bessel,
International), for which rangemap has no functions; they are left out.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from geographiclib.test import test_geodesic

from rangemap.geodesy import azimuth_deg, destination, distance_km

TEXT = Path(__file__).with_name("published_geodesics.csv").read_text(encoding="utf-8")
LINES = list(csv.DictReader(TEXT.splitlines()))
# Twenty lines of Karney's test set for geodesics (doi:10.5281/zenodo.32156), computed with more
# digits than a float holds, as the PyPI package ships them: lat1 lon1 azi1 lat2 lon2 azi2 s12.
TEST_SET = [tuple(row[:7]) for row in test_geodesic.GeodesicTest.testcases]


def turn_deg(one: float, other: float) -> float:
    return (one - other + 180) % 360 - 180


@pytest.mark.parametrize("line", LINES, ids=[line["id"] for line in LINES])
def test_published_line(line: dict[str, str]) -> None:
    lat1, lon1, azi1, lat2, lon2, azi2, length_m = (
        float(line[key]) for key in ("lat1", "lon1", "azi1", "lat2", "lon2", "azi2", "length_m")
    )
    degrees, metres = float(line["azi_within_deg"]), float(line["length_within_m"])
    assert distance_km(lon1, lat1, lon2, lat2) * 1000 == pytest.approx(length_m, abs=metres)
    assert turn_deg(azimuth_deg(lon1, lat1, lon2, lat2), azi1) == pytest.approx(0, abs=degrees)
    if abs(lat2) < 90:  # at a pole the azimuth back depends on the longitude that one names
        back = azimuth_deg(lon2, lat2, lon1, lat1)
        assert turn_deg(back, azi2 + 180) == pytest.approx(0, abs=degrees)


def test_there_are_lines() -> None:
    assert len(LINES) == 7
    assert len(TEST_SET) == 20


@pytest.mark.parametrize("line", TEST_SET, ids=lambda line: f"{line[6] / 1000:.0f} km")
def test_line_of_the_test_set(line: tuple[float, ...]) -> None:
    lat1, lon1, azi1, lat2, lon2, azi2, length_m = line
    east = turn_deg(lon2, 0)  # the set lets longitudes run on
    assert distance_km(lon1, lat1, east, lat2) * 1000 == pytest.approx(length_m, abs=5e-8)
    assert turn_deg(azimuth_deg(lon1, lat1, east, lat2), azi1) == pytest.approx(0, abs=5e-11)
    assert turn_deg(azimuth_deg(east, lat2, lon1, lat1), azi2 + 180) == pytest.approx(0, abs=5e-11)
    end = destination(lon1, lat1, azi1, length_m / 1000)
    assert end == pytest.approx((east, lat2), abs=5e-11)
