"""A sensitivity sweep as files: tables, a summary with its provenance, and text."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

from rangemap._version import __version__
from rangemap.analysis.sweep_tables import BAND, KIND, Sweep
from rangemap.catalogue import load_catalogue
from rangemap.errors import OutputError
from rangemap.views.style import BORDERS_NOTE, CAVEATS_SHORT, provenance
from rangemap.views.table import to_csv, to_terminal
from rangemap.writing import write_whole

SUMMARY: Final = "sweep.json"
BLOCKS: Final = "blocks"


def refuse_foreign(folder: Path) -> None:
    """Refuse a folder that holds something other than a sweep."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise OutputError(f"cannot write {folder}: it is a file")
    if any(folder.iterdir()) and not any((folder / name).exists() for name in (SUMMARY, BLOCKS)):
        raise OutputError(
            f"cannot write {folder}: the folder is not empty and does not hold a sweep"
        )


def write_sweep(sweep: Sweep, folder: Path) -> None:
    """Write the tables and the summary of a sweep; each file whole.

    CSV files hold what a person reads; Parquet files hold all, by single band, draw and city.
    """
    from rangemap.analysis.sweep_store import table_bytes

    frames = {"shares": sweep.shares, "by_draw": sweep.by_draw, "groups": sweep.groups}
    if sweep.city_shares is not None:
        frames["city_shares"] = sweep.city_shares
    files: dict[str, bytes] = {
        "shares.csv": to_csv(sweep.shares[sweep.shares["scope"] != BAND]).encode(),
        "spread.csv": to_csv(sweep.spread[sweep.spread["scope"] != BAND]).encode(),
        "ranges.csv": to_csv(sweep.ranges).encode(),
    }
    files.update({f"{name}.parquet": table_bytes(frame) for name, frame in frames.items()})
    for name, content in files.items():
        write_whole(folder / name, content)
    about = summary(sweep)
    about["files"] = {
        name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
        for name in sorted(files)
    }
    text = json.dumps(about, ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(folder / SUMMARY, text + "\n")


def summary(sweep: Sweep) -> dict[str, Any]:
    """Return what was assumed, from which data, and the findings by coalition."""
    scenario, release = sweep.scenario, load_catalogue().release
    return {
        "made_by": "rangemap",
        "version": __version__,
        "provenance": provenance(scenario),
        "scenario": {"name": scenario.name, "title": scenario.title, "hash": scenario.hash},
        "data": {
            "date": release.date.isoformat(),
            "catalogue": release.catalogue,
            "capitals": release.capitals,
        },
        "seed": sweep.seed,
        "draws": sweep.draws,
        "area_draws": sweep.area_draws,
        "assumptions": list(sweep.assumptions),
        "caveats": [*CAVEATS_SHORT, *scenario.notes, BORDERS_NOTE],
        "coalitions": [
            {"id": c.id, "name": c.name, "groups": _groups(sweep, c.id)}
            for c in scenario.coalitions
        ],
    }


def _groups(sweep: Sweep, coalition: str) -> list[dict[str, Any]]:
    groups = sweep.groups[
        (sweep.groups["coalition"] == coalition) & (sweep.groups["scope"] != BAND)
    ]
    keys = ["coalition", "scope", "key"]
    shares = dict(iter(sweep.shares.groupby(keys, sort=False)))
    spread = dict(iter(sweep.spread.groupby(keys, sort=False)))
    result = []
    for scope, key, label, bands in zip(
        groups["scope"], groups["key"], groups["label"], groups["bands"], strict=True
    ):
        rows = shares[(coalition, scope, key)]
        rows = rows[~rows["own_side"]]
        some = rows[(rows["draws_in_range"] > 0) & (rows["share_of_draws"] < 1)]
        over = spread[(coalition, scope, key)].set_index("value")
        percentiles = [name for name in over.columns if name[1:].isdigit()]
        result.append(
            {
                "scope": scope,
                "key": key,
                "label": label,
                "bands": int(bands),
                "in_every_draw": int((rows["share_of_draws"] == 1).sum()),
                "in_some_draws": len(some),
                "in_no_draw": int((rows["draws_in_range"] == 0).sum()),
                "depends": [
                    {"place_id": place, "place": name, "share_of_draws": share}
                    for place, name, share in zip(
                        some["place_id"], some["place"], some["share_of_draws"], strict=True
                    )
                ],
                "over_draws": {
                    str(value): {name: int(over.loc[value, name]) for name in percentiles}
                    for value in over.index
                },
            }
        )
    return result


def sweep_text(sweep: Sweep) -> str:
    """Return the findings as an aligned table, under what was assumed."""
    names = {c.id: c.short for c in sweep.scenario.coalitions}
    rows = []
    for coalition in sweep.scenario.coalitions:
        for group in _groups(sweep, coalition.id):
            if group["scope"] == KIND and group["key"] == "own":
                continue
            places = group["over_draws"]["places_in_range"]
            cities = group["over_draws"].get("cities_in_range", {})
            rows.append(
                [
                    names[coalition.id],
                    group["label"],
                    group["in_every_draw"],
                    group["in_some_draws"],
                    group["in_no_draw"],
                    f"{places['p5']:,} to {places['p95']:,}",
                    *([f"{cities['p5']:,} to {cities['p95']:,}"] if cities else []),
                ]
            )
    noun = sweep.scenario.noun
    header = [
        "coalition",
        "ranges",
        "in every draw",
        "in some",
        "in none",
        f"{noun}, 90 % of draws",
    ]
    if sweep.city_shares is not None:
        header.append("cities, 90 % of draws")
    lead = (
        f"{sweep.draws:,} assumed draws of launch points and ranges, seed {sweep.seed}. "
        "Shares of draws show what a verdict depends on; they are no statement of how likely it "
        "is.\n\n"
    )
    return lead + to_terminal(header, rows, widest=60)
