"""Published statements about who can reach whom, as fixed-range checks.

A statement is borderline if the slack is within its margin: 25 km, the precision of the
site or 2 % of the range, whichever is largest (the margin stands in the row).
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rangemap.geodesy import distance_km

TEXT = Path(__file__).with_name("published_reach.csv").read_text(encoding="utf-8")
CASES = list(csv.DictReader(TEXT.splitlines()))


def test_there_are_cases() -> None:
    assert len(CASES) == 57


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_published_statement(case: dict[str, str]) -> None:
    distance = distance_km(
        *(float(case[key]) for key in ("site_lon", "site_lat", "target_lon", "target_lat"))
    )
    assert distance == pytest.approx(float(case["geodesic_km"]), abs=0.06)
    slack = float(case["range_km"]) - distance
    verdict = "in" if slack > 0 else "out"
    if abs(slack) <= float(case["margin_km"]):
        verdict = "borderline"
    assert verdict == case["expected"]
