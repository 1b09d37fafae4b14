"""Sensitivity sweeps: what is drawn, what is counted, restart, clusters, what is said."""

from __future__ import annotations

import builtins
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from rangemap.analysis import range_bands, read_scenario, sweep, sweep_tables
from rangemap.analysis.sweep import BLOCK_DRAWS, sensitivity_sweep
from rangemap.analysis.sweep_block import same_in_every_draw
from rangemap.analysis.sweep_draws import disc_points, draw_launches, range_choices, uniform
from rangemap.analysis.sweep_store import BlockStore, _hash_of
from rangemap.catalogue import load_catalogue
from rangemap.cli import main
from rangemap.errors import ArgumentError, MissingExtraError, OutputError
from rangemap.geodesy import area_km2, band_polygons, distance_km, distance_matrix_km, footprint
from rangemap.views.sweep_files import refuse_foreign, summary, sweep_text, write_sweep

DRAWS = 60  # three blocks, the last one not full


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Any:
    store = tmp_path_factory.mktemp("sweep") / "blocks"
    return store, sensitivity_sweep("europe", draws=DRAWS, area_draws=3, store=store)


def outputs(result: Any, folder: Path) -> dict[str, bytes]:
    """Return all files of a sweep by name."""
    write_sweep(result, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# -- What is drawn -----------------------------------------------------------------------------


def test_points_fill_the_disc_evenly_by_area() -> None:
    u = uniform(5, "site x", 0, 40_000)
    lon, lat = disc_points(179.9, 71.0, 400.0, u)
    distance = distance_km(179.9, 71.0, lon, lat)
    assert distance.max() <= 400.0001
    share = [np.mean(distance <= 400 * np.sqrt(q)) for q in (0.1, 0.25, 0.5, 0.9)]
    assert share == pytest.approx([0.1, 0.25, 0.5, 0.9], abs=0.01)
    east = np.mean(((lon - 179.9 + 180) % 360 - 180) > 0)
    assert east == pytest.approx(0.5, abs=0.01)
    fixed = disc_points(10, 20, 0.0, u[:3])
    assert fixed[0].tolist() == [10.0] * 3


def test_random_numbers_depend_on_seed_purpose_and_draw_only() -> None:
    whole = uniform(7, "site luga", 0, 100)
    parts = [uniform(7, "site luga", first, 10) for first in range(0, 100, 10)]
    assert np.array_equal(np.concatenate(parts), whole)
    assert len(np.unique(whole)) == 400
    assert whole.min() >= 0
    assert whole.max() < 1
    for other in (uniform(8, "site luga", 0, 100), uniform(7, "site shuya", 0, 100)):
        assert abs(np.corrcoef(whole[:, 0], other[:, 0])[0, 1]) < 0.35
        assert not np.array_equal(whole, other)


def test_ranges_are_published_ones_each_as_often() -> None:
    bands, catalogue = range_bands("asia-pacific"), load_catalogue()
    choices = range_choices(bands, catalogue)
    launches = draw_launches(bands, choices, 1, 0, 4_000)
    for number, (band, choice) in enumerate(zip(bands.itertuples(), choices, strict=True)):
        drawn = launches.max_km[:, number]
        if band.band_kind == "treaty":
            assert choice.values_km == (5500.0,)
            assert (launches.min_km[:, number] == 500).all()
        else:
            published = [
                e.value_km for e in catalogue.estimates_of(band.system_id)
                if e.use == "yes" and e.quantity == "max_range"
            ]  # fmt: skip
            if published and not band.disputed:
                assert list(choice.values_km) == [min(v, 19_950) for v in published]
        for value in set(choice.values_km):
            wanted = choice.values_km.count(value) / len(choice.values_km)
            assert np.mean(drawn == value) == pytest.approx(wanted, abs=0.05)
        assert set(drawn) == set(choice.values_km)
    # One system flies as far from every site of a draw, and a site lies in one place.
    for _, same in bands.groupby("system_id"):
        if same.iloc[0].system_id:
            assert (launches.max_km[:, same.index] == launches.max_km[:, same.index[:1]]).all()
    for _, same in bands.groupby("site_id"):
        assert (launches.lon[:, same.index] == launches.lon[:, same.index[:1]]).all()


def test_points_stay_within_the_precision_of_the_site() -> None:
    bands = range_bands("europe")
    launches = draw_launches(bands, range_choices(bands, load_catalogue()), 3, 50, 200)
    far = distance_km(bands["site_lon"], bands["site_lat"], launches.lon, launches.lat)
    precision = bands["site_precision_km"].to_numpy()
    assert (far <= precision + 1e-3).all()
    assert (far.max(axis=0) > 0.8 * precision).all()


def test_disputed_ranges_are_each_sides_own() -> None:
    bands = range_bands("europe")
    by_id = dict(zip(bands["band_id"], range_choices(bands, load_catalogue()), strict=True))
    assert by_id["russia-belarus:shuya:9m729-russia"].values_km == (476.0, 480.0)
    assert by_id["russia-belarus:shuya:9m729-west"].values_km == (2000.0, 2350.0, 2500.0)


# -- What is counted ---------------------------------------------------------------------------


def test_shares_and_counts_are_those_of_the_geodesics(swept: Any) -> None:
    _, result = swept
    scenario = result.scenario
    bands = range_bands(scenario)
    launches = draw_launches(bands, range_choices(bands, load_catalogue()), 0, 0, DRAWS)
    lon, lat = ([getattr(p, axis) for p in scenario.places] for axis in ("lon", "lat"))
    inside = np.empty((DRAWS, len(bands), len(lon)), dtype=bool)
    for draw in range(DRAWS):
        distance = distance_matrix_km(launches.lon[draw], launches.lat[draw], lon, lat)
        low, high = launches.min_km[draw][:, None], launches.max_km[draw][:, None]
        inside[draw] = (low <= distance) & (distance <= high)
    members = {c.id: c.members for c in scenario.coalitions}
    shares = result.shares.groupby(["coalition", "scope", "key"])
    for group in result.groups.itertuples():
        its = np.array(bands["coalition"] == group.coalition)
        if group.scope == "kind":
            its &= (bands["band_kind"] == group.key).to_numpy()
        elif group.scope == "system":
            its &= bands["band_id"].str.endswith(f":{group.key}").to_numpy()
        elif group.scope == "band":
            its &= (bands["band_id"] == group.key).to_numpy()
        assert its.sum() == group.bands
        wanted = inside[:, its].any(axis=1)
        found = shares.get_group((group.coalition, group.scope, group.key))
        assert found["draws_in_range"].tolist() == wanted.sum(axis=0).tolist()
        assert found["share_of_draws"].tolist() == (wanted.sum(axis=0) / DRAWS).tolist()
        theirs = np.array([p.iso_a3 not in members[group.coalition] for p in scenario.places])
        by_draw = result.by_draw[result.by_draw["group"] == group.group]
        assert by_draw["places_in_range"].tolist() == wanted[:, theirs].sum(axis=1).tolist()
        assert found["own_side"].tolist() == (~theirs).tolist()


def test_an_area_larger_than_the_range_leaves_verdicts_open() -> None:
    lon = np.linspace(0, 20, 401)
    lat = np.zeros(401)
    distance = distance_km(0, 0, lon, lat)
    site = np.zeros(3), np.zeros(3), np.array([600.0, 600.0, 5.0])
    inner, least, most = np.array([50.0, 0, 50]), np.array([400.0] * 3), np.array([480.0] * 3)
    always, still = same_in_every_draw(site, inner, least, most, lon, lat)
    assert not always[:2].any()
    assert always[2].tolist() == ((distance >= 55.001) & (distance <= 394.999)).tolist()
    for row, reach in ((0, 1080.001), (1, 1080.001), (2, 485.001)):
        maybe = (distance <= reach) & (distance >= (44.999 if row == 2 else 0)) & ~always[row]
        assert still[row].tolist() == np.flatnonzero(maybe).tolist()


def test_areas_are_those_of_the_footprints(swept: Any) -> None:
    _, result = swept
    bands = range_bands(result.scenario)
    launches = draw_launches(bands, range_choices(bands, load_catalogue()), 0, 0, 3)
    areas = result.by_draw.dropna(subset="area_km2")
    assert sorted(areas["draw"].unique()) == [0, 1, 2]
    its = (bands["coalition"] == "russia-belarus").to_numpy()
    drawn = band_polygons(launches.lon[2], launches.lat[2], launches.min_km[2],
                          launches.max_km[2], 100)  # fmt: skip
    group = result.groups.query("coalition == 'russia-belarus' and scope == 'coalition'").iloc[0]
    found = areas[(areas["draw"] == 2) & (areas["group"] == group["group"])]["area_km2"].item()
    assert found == pytest.approx(area_km2(footprint(drawn[its])), rel=1e-3)


def test_cities_are_counted_and_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = sweep.read_cities().iloc[::173]
    monkeypatch.setattr(sweep, "read_cities", lambda: few)
    result = sensitivity_sweep("europe", draws=12, area_draws=0, cities=True)
    assert result.city_shares is not None
    rows = result.city_shares.query("coalition == 'nato-us' and scope == 'coalition'")
    assert len(rows) == len(few)
    counted = rows[~rows["own_side"]]
    totals = result.by_draw[result.by_draw["group"] == 0]
    assert totals["cities_in_range"].sum() == counted["draws_in_range"].sum()
    weight = few["population"].fillna(0).to_numpy()[~rows["own_side"].to_numpy()]
    wanted = (weight * counted["draws_in_range"].to_numpy()).sum()
    assert totals["listed_city_population"].sum() == wanted
    assert "listed cities" in " ".join(result.assumptions)
    assert "city_shares.parquet" in outputs(result, tmp_path)


def test_percentiles_are_values_of_draws(swept: Any) -> None:
    _, result = swept
    row = result.spread.query("coalition == 'russia-belarus' and key == 'system'").iloc[0]
    group = result.groups.query("coalition == 'russia-belarus' and key == 'system'").iloc[0]
    values = np.sort(result.by_draw.query(f"group == {group['group']}")["places_in_range"])
    assert (row["p0"], row["p100"]) == (values[0], values[-1])
    assert row["p50"] == values[DRAWS // 2 - 1]
    assert row["draws"] == DRAWS


def test_range_decides_some_verdicts_and_not_others(swept: Any) -> None:
    _, result = swept
    shares = result.shares.set_index(["coalition", "key", "place_id"])["share_of_draws"]
    shares = shares.sort_index()
    assert shares["russia-belarus", "9m729-west", "POL"] == 1
    assert shares["russia-belarus", "9m729-russia", "FRA"] == 0
    west = shares["russia-belarus", "9m729-west"]
    assert 5 < ((west > 0) & (west < 1)).sum() < 30


# -- The same whoever computes it --------------------------------------------------------------


def test_threads_and_number_of_draws_change_nothing(swept: Any, tmp_path: Path) -> None:
    _, result = swept
    wanted = outputs(result, tmp_path / "a")
    again = sensitivity_sweep("europe", draws=DRAWS, area_draws=3, threads=1)
    assert outputs(again, tmp_path / "b") == wanted
    more = sensitivity_sweep("europe", draws=DRAWS + 30, area_draws=0, threads=3)
    same = more.by_draw["draw"] < DRAWS
    columns = ["draw", "group", "places_in_range"]
    pd.testing.assert_frame_equal(more.by_draw.loc[same, columns], result.by_draw[columns])
    other = sensitivity_sweep("europe", draws=DRAWS, area_draws=3, seed=1)
    assert outputs(other, tmp_path / "c")["shares.csv"] != wanted["shares.csv"]


def test_restart_computes_only_what_is_missing(
    swept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, result = swept
    store = tmp_path / "blocks"
    done: list[int] = []
    compute = sweep.compute_block

    def watched(setup: Any, launches: Any) -> Any:
        done.append(launches.first_draw)
        if len(done) == 2:
            raise KeyboardInterrupt
        return compute(setup, launches)

    monkeypatch.setattr(sweep, "compute_block", watched)
    run = {"draws": DRAWS, "area_draws": 3, "store": store, "threads": 1}
    with pytest.raises(KeyboardInterrupt):
        sensitivity_sweep("europe", **run)
    assert not [path for path in store.iterdir() if path.name.startswith(".")]
    first = set(done)
    done.clear()
    done.extend([-1, -2])  # no interruption any more
    again = sensitivity_sweep("europe", **run)
    assert len(done) - 2 == 3 - 1
    assert len(first & set(done)) == 1  # the one that was cut off
    assert outputs(again, tmp_path / "a") == outputs(result, tmp_path / "b")
    done.clear()
    done.extend([-1, -2])
    sensitivity_sweep("europe", **run)
    assert done == [-1, -2]
    sensitivity_sweep("europe", **{**run, "seed": 9})
    assert len(done) == 2 + 3


@pytest.mark.parametrize("damage", ["cut", "garbage", "gone", "foreign"])
def test_a_damaged_block_is_computed_again(swept: Any, tmp_path: Path, damage: str) -> None:
    done, result = swept
    store = tmp_path / "blocks"
    shutil.copytree(done, store)
    run = {"draws": DRAWS, "area_draws": 3, "store": store}
    path = store / f"draw-{BLOCK_DRAWS:08d}-places.parquet"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "garbage":
        content = bytearray(path.read_bytes())
        content[20:60] = b"\xff" * 40
        path.write_bytes(content)
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes((store / "draw-00000000-places.parquet").read_bytes())
    again = sensitivity_sweep("europe", **run)
    assert outputs(again, tmp_path / "a") == outputs(result, tmp_path / "b")


def test_no_flipped_bit_goes_unseen(swept: Any, tmp_path: Path) -> None:
    done, result = swept
    store = BlockStore(tmp_path, result.ranges["band_id"].tolist())
    for path in done.glob("draw-00000000-*"):
        shutil.copy(path, tmp_path)
    path = store.path(0, "places")
    block = _hash_of(path)
    assert block
    whole, content = store.read_result(0, block), path.read_bytes()
    assert whole is not None
    seen = 0
    for place in range(4, len(content), 97):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        path.write_bytes(damaged)
        found = store.read_result(0, block)
        seen += found is None
        assert found is None or np.array_equal(found.place_draws, whole.place_draws)
    assert seen > 10


def test_percentiles_are_never_between_draws() -> None:
    groups = pd.DataFrame({"group": [0], "coalition": "x", "scope": "kind", "key": "k",
                           "label": "l"})  # fmt: skip
    by_draw = pd.DataFrame({"draw": range(4), "group": 0, "places_in_range": [0, 10, 20, 90]})
    row = sweep_tables._spread(groups, by_draw).iloc[0]
    assert [row[f"p{p}"] for p in (0, 5, 25, 50, 75, 95, 100)] == [0, 0, 0, 10, 20, 90, 90]


def test_blocks_are_parquet_that_others_can_read(swept: Any) -> None:
    store, result = swept
    table = pq.read_table(store / f"draw-{BLOCK_DRAWS:08d}-launches.parquet").to_pandas()
    assert list(table.columns) == ["draw", "band_id", "lon", "lat", "min_km", "max_km"]
    assert set(table["draw"]) == set(range(BLOCK_DRAWS, 2 * BLOCK_DRAWS))
    assert set(table["band_id"]) == set(result.ranges["band_id"])


# -- Clusters ----------------------------------------------------------------------------------


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[Any]:
    from distributed import LocalCluster

    workers = getattr(request, "param", 2)
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address="127.0.0.1:0", silence_logs=50,
    ) as started:  # fmt: skip
        yield started


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
def test_a_killed_worker_changes_nothing(swept: Any, tmp_path: Path, cluster: Any) -> None:
    _, result = swept
    killed: list[int] = []

    def kill_one(what: str, done: int, total: int) -> None:
        if done == 1 and not killed:
            killed.append(next(iter(cluster.workers.values())).process.pid)
            os.kill(killed[0], signal.SIGKILL)

    again = sensitivity_sweep(
        "europe", draws=DRAWS, area_draws=3, scheduler=cluster.scheduler_address,
        progress=kill_one,
    )  # fmt: skip
    assert killed
    assert outputs(again, tmp_path / "a") == outputs(result, tmp_path / "b")


@pytest.mark.slow
@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("cluster", [1, 2, 4], indirect=True)
def test_workers_change_nothing(tmp_path: Path, cluster: Any) -> None:
    run: dict[str, Any] = {"draws": 210, "area_draws": 40, "cities": True}
    here = outputs(sensitivity_sweep("europe-vs-china", **run), tmp_path / "a")
    there = sensitivity_sweep("europe-vs-china", **run, scheduler=cluster.scheduler_address)
    assert outputs(there, tmp_path / "b") == here


@pytest.mark.enable_socket
@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "ANSWER_WITHIN", "200ms")
    with pytest.raises(ArgumentError, match=r"scheduler 'tcp://127.0.0.1:9' does not answer"):
        sensitivity_sweep("europe", draws=1, area_draws=0, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(ArgumentError, match=r"scheduler 'nonsense://x' does not answer"):
        sensitivity_sweep("europe", draws=1, area_draws=0, scheduler="nonsense://x")


# -- What is said ------------------------------------------------------------------------------


def test_what_is_assumed_is_said_and_never_a_probability(swept: Any, tmp_path: Path) -> None:
    _, result = swept
    write_sweep(result, tmp_path)
    about = json.loads((tmp_path / "sweep.json").read_text(encoding="utf-8"))
    assert about["assumptions"] == list(result.assumptions)
    assert about["provenance"].startswith("rangemap ")
    assert about["scenario"]["hash"] == result.scenario.hash
    assert about["data"]["date"]
    assert (about["seed"], about["draws"], about["area_draws"]) == (0, DRAWS, 3)
    assert set(about["files"]) == {
        path.name for path in tmp_path.iterdir() if path.name != "sweep.json"
    }
    said = sweep_text(result) + json.dumps({**about, "caveats": []})
    said += "".join(p.read_text(encoding="utf-8") for p in tmp_path.glob("*.csv"))
    assert not re.search(r"probab|likelihood|chance|\brisk|people in range", said, re.I)
    for group in about["coalitions"][0]["groups"]:
        counted = group["in_every_draw"] + group["in_some_draws"] + group["in_no_draw"]
        assert counted == 197 - 32
        assert len(group["depends"]) == group["in_some_draws"]
    assert summary(result) == {k: v for k, v in about.items() if k != "files"}


def test_only_the_folder_of_a_sweep_is_written(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError, match="does not hold a sweep"):
        refuse_foreign(tmp_path)
    with pytest.raises(OutputError, match="it is a file"):
        refuse_foreign(tmp_path / "mine.txt")
    (tmp_path / "blocks").mkdir()
    refuse_foreign(tmp_path)
    refuse_foreign(tmp_path / "new")


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "out"
    command = ["sweep", "europe", "--draws", "10", "--area-draws", "1", "-o", str(folder)]
    assert main(command) == 0
    text = capsys.readouterr()
    assert "10 assumed draws" in text.out
    assert "Oreshnik" in text.out
    assert f"wrote {folder}" in text.err
    assert (folder / "sweep.json").is_file()
    assert main(command) == 0
    assert capsys.readouterr().out == text.out
    assert main(["sweep", "europe", "--draws", "0"]) == 2
    assert main(["sweep", "nowhere"]) == 2


@pytest.mark.parametrize("name", ["dask", "distributed", "pyarrow"])
def test_one_line_without_the_extra(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    real = builtins.__import__

    def missing(module: str, *args: Any, **kwargs: Any) -> Any:
        if module.split(".")[0] == name:
            raise ImportError(f"No module named {module!r}")
        return real(module, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"pip install 'rangemap\[dask\]'"):
        sensitivity_sweep("europe", draws=1)
    assert main(["sweep", "europe", "-o", str(tmp_path / "x")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        line == f"rangemap: error: a sweep needs the package {name}: pip install 'rangemap[dask]'"
    )
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"draws": 0}, "draws 0"),
        ({"draws": 100_001}, "[1, 100,000]"),
        ({"draws": 1.5}, "draws 1.5"),
        ({"seed": -1}, "seed -1"),
        ({"area_draws": True}, "area_draws True"),
        ({"draws": 1, "threads": 0}, "threads 0"),
    ],
)
def test_what_is_refused(numbers: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError) as raised:
        sensitivity_sweep("europe", **numbers)
    assert words in str(raised.value)


def test_a_range_under_its_minimum_is_refused() -> None:
    bands = range_bands("europe")
    bands.loc[bands["band_kind"] == "system", "min_km"] = 400.0
    with pytest.raises(ArgumentError, match="is not over its minimum, 400"):
        range_choices(bands, load_catalogue())


def test_places_of_a_file_are_swept_too() -> None:
    scenario = read_scenario("europe")
    few = replace(scenario, places=scenario.places[:7], places_from="own.csv")
    result = sensitivity_sweep(few, draws=3, area_draws=0)
    assert result.shares["place_id"].nunique() == 7
    assert "places, 90 % of draws" in sweep_text(result)
    assert sweep_tables.PERCENTILES[0] == 0
