"""A sensitivity sweep on worker processes: identical results, and how cost grows."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Iterator
from typing import Any

import pandas as pd

from benchmarks.report import Row, Section, duration, ratio
from rangemap.analysis.sweep import sensitivity_sweep

WORKERS = (1, 2, 4)
SCENARIO = "europe-vs-china"


def sections(*, quick: bool) -> Iterator[Section]:
    """Run the same sweeps with one, two and four workers, in turn, twice; the faster counts."""
    from distributed import LocalCluster

    logging.getLogger("distributed").setLevel(logging.ERROR)
    size = 50 if quick else 400
    jobs: dict[str, dict[str, Any]] = {
        "capitals": {"draws": 10 * size, "area_draws": 0},
        "and all cities": {"draws": 4 * size, "area_draws": 0, "cities": True},
        "and areas": {"draws": size, "area_draws": size, "cities": True},
    }
    best = {(name, workers): float("inf") for name in jobs for workers in WORKERS}
    prints: dict[str, set[str]] = {name: set() for name in jobs}
    for _ in range(1 if quick else 2):
        for workers in WORKERS:
            with LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                dashboard_address="127.0.0.1:0", silence_logs=50,
            ) as cluster:  # fmt: skip
                sensitivity_sweep(SCENARIO, draws=25, scheduler=cluster.scheduler_address)
                for name, asked in jobs.items():
                    start = time.perf_counter()
                    found = sensitivity_sweep(
                        SCENARIO, scheduler=cluster.scheduler_address, **asked
                    )
                    seconds = time.perf_counter() - start
                    best[name, workers] = min(best[name, workers], seconds)
                    prints[name].add(_fingerprint(found))
    yield Section(
        title=f"Sensitivity sweep of {SCENARIO} on worker processes",
        columns=[
            "sweep", "draws", *(f"workers: {workers}" for workers in WORKERS), "1 / 2",
            "a draw, 1 worker", "results",
        ],
        rows=[_row(name, jobs[name], best, prints[name]) for name in jobs],
        notes=[
            f"By the clock, on {os.cpu_count()} processors, with the scheduler on the same ones: "
            "more workers than processors gain nothing. Results: tables of shares, counts by draw "
            "and percentiles, hashed, over all runs.",
        ],
    )  # fmt: skip


def _row(
    name: str, asked: dict[str, Any], best: dict[tuple[str, int], float], prints: set[str]
) -> Row:
    seconds = [best[name, workers] for workers in WORKERS]
    return Row(
        cells=[
            name,
            f"{asked['draws']:,}",
            *(duration(value) for value in seconds),
            ratio(seconds[0] / seconds[1]),
            duration(seconds[0] / asked["draws"]),
            "identical" if len(prints) == 1 else "differ",
        ],
        data={
            "draws": asked["draws"],
            "seconds": dict(zip(map(str, WORKERS), seconds, strict=True)),
            "identical": len(prints) == 1,
        },
        missed=len(prints) != 1,
    )


def _fingerprint(sweep: Any) -> str:
    digest = hashlib.sha256()
    for name in ("shares", "spread", "by_draw"):
        table = getattr(sweep, name)
        hashed = pd.util.hash_pandas_object(table.reset_index(drop=True), index=False)
        digest.update(hashed.to_numpy().tobytes())
    return digest.hexdigest()
