"""The tables of a briefing: counts, capitals by zone and verdict, ranges, the comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from rangemap.analysis import Analysis, Comparison
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, BY_TREATY, NEITHER, OWN
from rangemap.analysis.coverage import ZONE_BAND, ZONE_FAR, ZONE_NEAR, ZONES
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE, VERDICTS
from rangemap.views.story_parts import ELSEWHERE, Bars, Grid, Row, Series
from rangemap.views.story_words import (
    count_of,
    in_words,
    listed,
    millions,
    shortened,
)
from rangemap.views.style import VERDICT_SYMBOLS, ZONE_SYMBOLS
from rangemap.views.units import Units

__all__ = [
    "by_treaty", "capitals_grid", "comparison_grid", "counts_bars", "every_capital_grid",
    "group_notes", "pair_notes",
]  # fmt: skip


def by_treaty(analysis: Analysis) -> bool:
    """Tell whether the treaty's ranges lead, and not the ranges of systems.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> by_treaty(analyse("europe")), by_treaty(analyse("ssc-8"))
    (True, False)
    """
    zoned = any(sum(entry["zones"].values()) for entry in analysis.summary["coalitions"])
    judged = any(sum(entry["verdicts"].values()) for entry in analysis.summary["coalitions"])
    leads = analysis.comparison is not None or analysis.scenario.view.lead == "treaty"
    return zoned and (leads or not judged)


def counts_bars(analysis: Analysis, units: Units) -> Bars:
    """Return how many capitals each coalition has in each zone, or under each verdict."""
    entries = analysis.summary["coalitions"]
    treaty = by_treaty(analysis)
    kinds = ZONES if treaty else VERDICTS
    names = _zone_names(units) if treaty else _verdict_names(entries)
    symbols = ZONE_SYMBOLS if treaty else VERDICT_SYMBOLS
    found = "zones" if treaty else "verdicts"
    noun = analysis.scenario.noun
    series = tuple(
        Series(names[kind], symbols[kind].color, tuple(entry[found][kind] for entry in entries))
        for kind in kinds
    )
    header = ("Coalition", "Sites", "Counted", *(names[kind] for kind in kinds), "Own, left out")
    rows = tuple(
        Row(
            (
                shortened(entry["name"]),
                f"{entry['sites']:,}",
                f"{entry['capitals_counted']:,}",
                *(f"{entry[found][kind]:,}" for kind in kinds),
                f"{len(entry['own_capitals_left_out']):,}",
            )
        )
        for entry in entries
    )
    alt = f"{noun.capitalize()} by coalition. " + " ".join(
        f"{shortened(entry['name'])}: "
        + ", ".join(f"{names[kind]} {entry[found][kind]}" for kind in kinds)
        + f", of {entry['capitals_counted']} counted."
        for entry in entries
    )
    widths = (0.26, 0.09, 0.11, 0.14, 0.14, 0.14, 0.12)
    grid = Grid(header, rows, frozenset(range(1, 7)), widths, alt)
    return Bars(tuple(row.cells[0] for row in rows), series, noun, alt, grid)


def _zone_names(units: Units) -> dict[str, str]:
    return {
        ZONE_NEAR: f"Within {units.fixed(500)}",
        ZONE_BAND: "Banned band only",
        ZONE_FAR: f"Beyond {units.fixed(5500)}",
    }


def _verdict_names(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    alleged = all(system["alleged"] for entry in entries for system in entry["systems"])
    return {
        INSIDE: "Inside",
        MARGINAL: "Only if the allegation is true" if alleged else "Marginal",
        OUTSIDE: "Outside",
    }


def capitals_grid(analysis: Analysis, entry: Mapping[str, Any], units: Units) -> Grid:
    """Return a coalition's capitals, by zone and by verdict, as names."""
    noun = analysis.scenario.noun
    rows: list[Row] = []
    parts: list[str] = []
    treaty, judged = sum(entry["zones"].values()) > 0, sum(entry["verdicts"].values()) > 0
    if treaty:
        names = _zone_names(units)
        if judged:
            rows.append(Row(("By the ranges that the treaty banned",), heading=True))
        for zone in ZONES:
            far = zone == ZONE_FAR
            rows.append(_names_row(names[zone], entry["zone_lists"][zone], count_only=far))
            parts.append(f"{names[zone]}: {entry['zones'][zone]}")
        if entry["zone_marginal"]:
            rows.append(_names_row("Zone is marginal", entry["zone_marginal"]))
    if judged:
        names = _verdict_names([entry])
        if treaty:
            rows.append(Row(("By the ranges of the systems there",), heading=True))
        for verdict in VERDICTS:
            lists = entry["verdict_lists"][verdict]
            rows.append(_names_row(names[verdict], lists, count_only=verdict == OUTSIDE))
            parts.append(f"{names[verdict]}: {entry['verdicts'][verdict]}")
    if entry["own_capitals_left_out"]:
        own = entry["own_capitals_left_out"]
        rows.append(_names_row("Own side, not counted", own, count_only=len(own) > 12))
    alt = f"{shortened(entry['name'])}, {noun} by group. {'; '.join(parts)}."
    header = ("Group", noun.capitalize(), "Which")
    return Grid(header, tuple(rows), frozenset({1}), (0.19, 0.09, 0.72), alt)


def _names_row(label: str, names: list[str], *, count_only: bool = False) -> Row:
    which = ELSEWHERE if count_only and len(names) > 12 else listed(names)
    return Row((label, f"{len(names):,}", which))


def every_capital_grid(analysis: Analysis, entry: Mapping[str, Any], units: Units) -> Grid:
    """Return every capital that a coalition's sites are measured to, with its nearest site."""
    rows = _rows_of(analysis, entry)
    treaty, judged = sum(entry["zones"].values()) > 0, sum(entry["verdicts"].values()) > 0
    header = ["Capital" if analysis.scenario.noun == "capitals" else "Place", "Country"]
    header += ["Treaty’s ranges"] if treaty else []
    header += ["Systems’ ranges"] if judged else []
    header += ["Nearest site", f"Distance, {units.name}"]
    names = _zone_names(units)
    table = [
        Row(
            (
                shortened(row["place"]),
                shortened(row["country"]),
                *([_zone_cell(row, names)] if treaty else []),
                *([_verdict_cell(row)] if judged else []),
                shortened(row["nearest_site"]),
                f"{units.of(row['nearest_km']):,.0f}",
            )
        )
        for row in rows.to_dict("records")
    ]
    widths = (0.15, 0.135, 0.15, 0.18, 0.27, 0.115) if treaty and judged else (
        (0.19, 0.22, 0.22, 0.25, 0.12) if treaty or judged else (0.25, 0.28, 0.32, 0.15)
    )  # fmt: skip
    alt = (
        f"{shortened(entry['name'])}: {count_of(len(table), analysis.scenario.noun)}, nearest site."
    )
    return Grid(tuple(header), tuple(table), frozenset({len(header) - 1}), widths, alt)


def _rows_of(analysis: Analysis, entry: Mapping[str, Any]) -> pd.DataFrame:
    rows = analysis.place_rows[analysis.place_rows["coalition"] == entry["id"]]
    return rows.sort_values(["nearest_km", "place_id"], kind="stable")


def _zone_cell(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    if row["own_side"]:
        return "own side"
    text = names.get(row["zone"], "")
    return f"{text}, marginal" if row["zone_marginal"] else text


def _verdict_cell(row: Mapping[Any, Any]) -> str:
    if row["own_side"]:
        return "own side"
    return f"{row['verdict']}: {row['hangs_on']}" if row["hangs_on"] else str(row["verdict"])


def group_notes(analysis: Analysis, entry: Mapping[str, Any], units: Units) -> tuple[str, ...]:
    """Return each group of a coalition's capitals with distances and countries' populations."""
    rows = _rows_of(analysis, entry)
    counted = rows[~rows["own_side"].astype(bool)]
    notes = [
        "In brackets: geodesic distance to the nearest site, and the country’s population in "
        "millions. Nearest first."
    ]
    names = _zone_names(units)
    for zone in ZONES:
        notes += _group(names[zone], counted[counted["zone"] == zone], units)
    verdicts = _verdict_names([entry])
    for verdict in VERDICTS:
        label = f"By the systems’ own ranges: {verdicts[verdict].lower()}"
        notes += _group(label, counted[counted["verdict"] == verdict], units)
    notes += _group("Own side, not counted", rows[rows["own_side"].astype(bool)], units)
    return tuple(notes)


def _group(label: str, rows: pd.DataFrame, units: Units) -> list[str]:
    if not len(rows):
        return []
    people = rows.drop_duplicates("iso_a3")["country_population"].sum()
    total = f", countries of {millions(float(people))} million people" if people > 0 else ""
    texts = [
        f"{shortened(row['place'])} ({units.of(row['nearest_km']):,.0f} {units.name}"
        + ("" if pd.isna(row["country_population"]) else f"; {millions(row['country_population'])}")
        + ")"
        for row in rows.to_dict("records")
    ]
    return [f"{label} ({len(rows)}{total}): {', '.join(texts)}."]


def comparison_grid(comparison: Comparison, noun: str) -> Grid:
    """Return whom each side of the comparison reaches, by names."""
    summary = comparison.summary
    a, b = shortened(summary["a"]["name"]), shortened(summary["b"]["name"])
    labels = {
        BOTH: "Both", A_ONLY: f"{a} only", B_ONLY: f"{b} only", NEITHER: "Neither",
        OWN: "Own members, left apart",
    }  # fmt: skip
    rows = [
        Row(
            (
                labels[key],
                f"{summary['counts'][key]:,}",
                millions(summary["country_population"][key]),
                listed(summary["lists"][key]),
            )
        )
        for key in labels
    ]
    if summary["marginal"]:
        names = summary["marginal"]
        rows.append(Row(("Of these marginal", f"{len(names):,}", "", listed(names))))
    where = "in the banned range" if comparison.by == BY_TREATY else "in range"
    alt = f"{noun.capitalize()} {where}. " + in_words(
        [f"{labels[key]}: {summary['counts'][key]}" for key in labels]
    )
    header = (f"{where.capitalize()} of", noun.capitalize(), "Millions*", "Which")
    note = "* Population of these countries, each counted once; not of an area within the range."
    return Grid(header, tuple(rows), frozenset({1, 2}), (0.2, 0.09, 0.09, 0.62), f"{alt}.", note)


def pair_notes(comparison: Comparison, units: Units) -> tuple[str, ...]:
    """Return each capital of a comparison with its distance to the nearest site of each side."""
    summary, table = comparison.summary, comparison.table
    notes = [
        f"In brackets: distance in {units.name} to the nearest site of "
        f"{shortened(summary['a']['name'])} and of {shortened(summary['b']['name'])}."
    ]
    for label, key in (("Both", BOTH), ("First only", A_ONLY), ("Second only", B_ONLY),
                       ("Neither", NEITHER), ("Own members", OWN)):  # fmt: skip
        part = table[table["category"] == key].sort_values(["place", "place_id"])
        texts = [
            f"{shortened(row['place'])} ({units.of(row['a_nearest_km']):,.0f}; "
            f"{units.of(row['b_nearest_km']):,.0f})"
            for row in part.to_dict("records")
        ]
        notes.append(f"{label} ({len(part)}): {', '.join(texts) or 'none'}.")
    return tuple(notes)
