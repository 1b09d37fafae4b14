"""The engine of the web map finds what the library finds: distances, rings, verdicts."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import page_cases as cases
import pandas as pd
import pytest

import rangemap as rm
from rangemap.analysis.comparison import ComparedSide, compare_sides
from rangemap.analysis.coverage import coalitions_of
from rangemap.catalogue import load_catalogue
from rangemap.geodesy import distance_km, in_range

ASSETS = Path(rm.__file__).parent / "views" / "assets"
NODE = shutil.which("node")
SEED = int(os.environ.get("RANGEMAP_SEED") or secrets.randbits(32))
FULL = bool(os.environ.get("RANGEMAP_TEST_FULL"))
PAIRS = 50_000 if FULL else 4_000
RINGS = 2_000 if FULL else 200
WORLDS = 40 if FULL else 4
LOTS = 12 if FULL else 2
TREATY_ONLY = "europe, treaty bands"
SCENARIOS = ("europe", "asia-pacific", "europe-vs-china", "ssc-8", "oreshnik")

if not NODE:
    pytest.skip("node is not on PATH (Node.js 20 or later)", allow_module_level=True)
if not (ASSETS / "node_modules" / "geographiclib-geodesic").is_dir():
    pytest.skip(f"npm ci has not been run in {ASSETS}", allow_module_level=True)

_PLAIN = {
    "own": "own_side",
    "zone": "zone",
    "zoneMarginal": "zone_marginal",
    "inBand": "sites_in_band",
    "underMin": "sites_under_min",
    "inBandSurely": "in_band_surely",
    "inBandPossibly": "in_band_possibly",
    "verdict": "verdict",
}


class Case:
    """A model for the page with the bands and places that it is of, and lots of its bands."""

    def __init__(
        self,
        bands: pd.DataFrame,
        places: pd.DataFrame,
        rng: np.random.Generator,
        analysis: rm.Analysis | None = None,
    ) -> None:
        self.bands = bands.reset_index(drop=True)
        self.places = places.reset_index(drop=True)
        self.compared = analysis.comparison if analysis else None
        sides = (self.compared.a, self.compared.b) if self.compared else None
        self.model = cases.model_of(
            self.bands,
            self.places,
            coalitions_of(bands),
            [side.coalitions for side in sides] if sides else None,
        )
        self.lots = cases.subsets(rng, len(bands), LOTS)
        self.points = np.column_stack(cases.fresh_points(rng, 60))

    def given(self) -> dict[str, Any]:
        return {"model": self.model, "lots": self.lots, "points": self.points.tolist()}


@pytest.fixture(scope="module")
def rng() -> np.random.Generator:
    print(f"to run these cases again: RANGEMAP_SEED={SEED}")
    return np.random.default_rng(SEED)


@pytest.fixture(scope="module")
def pairs(rng: np.random.Generator) -> dict[str, Any]:
    found: dict[str, Any] = cases.pairs(rng, PAIRS)
    km = np.asarray(found["km"])[:, None]
    # Limits on both sides of the distance, and the distance's neighbours a metre off.
    factor = np.array([0.99, 0.9999, 1.0001, 1.01])
    found["limits"] = np.hstack([km * factor, np.maximum(km - 1e-3, 0), km + 1e-3]).tolist()
    return found


@pytest.fixture(scope="module")
def rings(rng: np.random.Generator) -> dict[str, Any]:
    found: dict[str, Any] = cases.rings(rng, RINGS)
    return found


@pytest.fixture(scope="module")
def models(rng: np.random.Generator) -> dict[str, Case]:
    found = {}
    for name in SCENARIOS:
        analysis = rm.analyse(name)
        found[name] = Case(analysis.bands, analysis.places, rng, analysis)
        if name == "europe":
            treaty = analysis.bands[analysis.bands["band_kind"] == "treaty"]
            found[TREATY_ONLY] = Case(treaty, analysis.places, rng)
    members = {code for c in load_catalogue().coalitions.values() for code in sorted(c.members)[:3]}
    for n in range(WORLDS):
        places = cases.random_places(rng, 60, sorted(members))
        found[f"random {n}"] = Case(cases.random_bands(rng, 18, places), places, rng)
    return found


@pytest.fixture(scope="module")
def answers(
    pairs: dict[str, Any],
    rings: dict[str, Any],
    models: dict[str, Case],
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("page")
    given, found = folder / "given.json", folder / "found.json"
    content = {
        "pairs": pairs,
        "rings": {"given": rings["given"], "azimuths": rings["azimuths"]},
        "models": [case.given() for case in models.values()],
    }
    given.write_text(json.dumps(content, default=_plain), encoding="utf-8")
    run = subprocess.run(
        [str(NODE), str(ASSETS / "test" / "run_cases.mjs"), str(given), str(found)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    result: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
    result["models"] = dict(zip(models, result["models"], strict=True))
    return result


def test_distances_are_the_library_s(pairs: dict[str, Any], answers: dict[str, Any]) -> None:
    expected = np.asarray(pairs["km"])
    assert np.abs(np.asarray(answers["pairs"]["km"]) - expected).max() < 1e-6
    inverse = answers["pairs"]["inverse"]
    assert np.abs([one["km"] for one in inverse] - expected).max() < 1e-6


def test_bounds_give_the_verdict_of_the_geodesic(
    pairs: dict[str, Any], answers: dict[str, Any]
) -> None:
    limits, km = np.asarray(pairs["limits"]), np.asarray(pairs["km"])[:, None]
    clear = np.abs(limits - km) > 1e-6
    within = np.asarray(answers["pairs"]["within"])
    assert (within == (km <= limits))[clear].all()
    assert clear.mean() > 0.9


def test_rings_are_the_library_s(rings: dict[str, Any], answers: dict[str, Any]) -> None:
    expected, found = (np.asarray(x["points"]) for x in (rings, answers["rings"]))
    lon = np.mod(found[..., 0] + 180, 360) - 180
    off_m = 1000 * distance_km(lon, found[..., 1], expected[..., 0], expected[..., 1])
    assert off_m.max() < 1e-4
    assert answers["rings"]["poles"] == rings["poles"]
    assert set(rings["poles"]) == {"none", "north", "south", "both"}


@pytest.mark.parametrize("name", [*SCENARIOS, TREATY_ONLY, *(f"random {n}" for n in range(WORLDS))])
def test_rows_of_places_are_those_of_the_tables(
    name: str, models: dict[str, Case], answers: dict[str, Any]
) -> None:
    case = models[name]
    coalitions = [c["id"] for c in case.model["coalitions"]]
    sites = [site["id"] for site in case.model["sites"]]
    for lot, answer in zip(case.lots, answers["models"][name]["lots"], strict=True):
        bands = case.bands.iloc[lot]
        bands.attrs.update(case.bands.attrs)
        expected = cases.expected_rows(bands, case.places)
        present = set(bands["coalition"])
        found = []
        for place, rows in zip(case.places["place_id"], answer["rows"], strict=True):
            for coalition, row in zip(coalitions, rows, strict=True):
                assert (row is None) == (coalition not in present)
                if row is not None:
                    found.append((place, coalition, row))
        by_key = {(row["place_id"], row["coalition"]): row for row in expected}
        assert len(found) == len(expected)
        for place, coalition, row in found:
            want = by_key[place, coalition]
            got = {key: row[key] for key in _PLAIN}
            assert got == {key: want[column] for key, column in _PLAIN.items()}, (place, coalition)
            assert sites[row["nearestSite"]] == want["nearest_site_id"]
            assert row["nearestKm"] == pytest.approx(want["nearest_km"], abs=1e-6, rel=0)
            assert _reasons(row["hangsOn"]) == want["hangs_on"], (place, coalition)
            assert _systems(case, row["inside"]) == want["systems_in_range"]
            assert _systems(case, row["marginal"]) == want["systems_marginal"]
            _check_reaching(row["reaching"], want["reaching"])


def test_the_cases_have_every_kind_of_row(models: dict[str, Case]) -> None:
    tables = [cases.expected_rows(case.bands, case.places) for case in models.values()]
    rows = pd.DataFrame([row for table in tables for row in table])
    assert set(rows["zone"]) == {"", "within-500", "banned-band-only", "beyond-5500"}
    assert {"", "inside", "marginal", "outside"} <= set(rows["verdict"])
    texts = rows["hangs_on"]
    for reason in cases.REASONS.values():
        assert texts.str.contains(reason).any()
    assert (rows["zone_marginal"] & ~rows["own_side"]).any()
    assert (rows["in_band_possibly"] & ~rows["in_band_surely"]).any()
    assert rows["systems_marginal"].str.contains("sys-b").any()


@pytest.mark.parametrize("name", ["europe", "asia-pacific", "europe-vs-china"])
def test_categories_are_those_of_the_comparison(
    name: str, models: dict[str, Case], answers: dict[str, Any]
) -> None:
    case = models[name]
    compared = case.compared
    assert compared
    checked = set()
    for lot, answer in zip(case.lots, answers["models"][name]["lots"], strict=True):
        bands = case.bands.iloc[lot]
        sides = [
            ComparedSide(
                side.name, side.scenario, side.coalitions,
                bands[bands["coalition"].isin(side.coalitions)],
            )
            for side in (compared.a, compared.b)
        ]  # fmt: skip
        if not all((side.bands["band_kind"] == "treaty").any() for side in sides):
            continue
        expected = cases.expected_categories(compare_sides(*sides))
        assert answer["categories"] == expected
        checked.update(category for category, _ in expected)
    assert {"both", "neither"} <= checked
    assert any(category.startswith("own-reached") for category in checked)


@pytest.mark.parametrize("name", ["europe", "random 0"])
def test_counts_of_points_are_those_of_the_drawn_bands(
    name: str, models: dict[str, Case], answers: dict[str, Any]
) -> None:
    case = models[name]
    bands = case.bands
    inside = in_range(
        bands["site_lon"], bands["site_lat"], *case.points.T, bands["max_km"], bands["min_km"]
    )
    for lot, answer in zip(case.lots, answers["models"][name]["lots"], strict=True):
        for number, found in enumerate(answer["counts"]):
            want = [band for band in lot if inside[band, number]]
            assert found == {"count": len(want), "bands": want}


def _check_reaching(found: list[dict[str, Any]], expected: list[list[Any]]) -> None:
    def by_band(item: list[Any]) -> Any:
        return item[0]

    got = [
        [one["band"], one["km"], one["marginKm"], one["verdict"], _both(one["hangsOn"])]
        for one in found
    ]
    assert [row[1] for row in got] == sorted(row[1] for row in got)
    for one, want in zip(sorted(got, key=by_band), sorted(expected, key=by_band), strict=True):
        assert [one[0], *one[3:]] == [want[0], *want[3:]]
        assert one[1:3] == pytest.approx(want[1:3], abs=1e-6, rel=0)


def _both(reasons: list[str]) -> str:
    return " and ".join(cases.REASONS[reason] for reason in reasons)


def _reasons(reasons: list[str]) -> str:
    texts = [cases.REASONS[reason] for reason in reasons]
    return " and ".join([*([", ".join(texts[:-1])] if texts[1:] else []), *texts[-1:]])


def _systems(case: Case, bands: list[int]) -> str:
    names = dict.fromkeys(case.model["bands"][band]["system"] for band in bands)
    return ";".join(name for name in names if name)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value.tolist()
