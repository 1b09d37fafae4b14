"""Findings as plain text for a terminal: a comparison, and what a longer range adds."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from rangemap.analysis import RangeChange
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, BY_TREATY, NEITHER, OWN, Comparison
from rangemap.views.table import plain, to_terminal

__all__ = ["change_text", "comparison_text"]

_WIDE: Final = 96
_ORDER: Final = (BOTH, A_ONLY, B_ONLY, NEITHER, OWN)
_SHORT: Final = ("both", "A only", "B only", "neither", "own side")
_COUNTRIES: Final = 25  # in the terminal; all of them are in countries.csv


def comparison_text(comparison: Comparison) -> str:
    """Return a comparison: findings, counts, areas, continents, countries, places, distances."""
    record = comparison.record()
    a, b = record["a"]["name"], record["b"]["name"]
    noun = record["noun"]
    labels = {
        BOTH: "both",
        A_ONLY: f"{a} only",
        B_ONLY: f"{b} only",
        NEITHER: "neither",
        OWN: "a member's own, left apart",
    }
    parts = [plain(f"{a} against {b}: {_question(comparison, noun)}\n")]
    for line in record["headline"]:
        parts += [*_wrapped(line), ""]
    parts += [plain(f"A: {a}; B: {b}"), ""]
    parts += _counts(record, labels, noun)
    parts += ["", to_terminal(["footprint", "km2"], _footprints(record), widest=90)]
    parts += _shared(record)
    parts += ["", *_continents(record, noun), "", *_countries(comparison.countries)]
    for key in _ORDER:
        names = ", ".join(record["lists"][key]) or "none"
        parts += ["", *_wrapped(f"{labels[key]}: {names}", indent="  ")]
    if record["marginal"]:
        names = ", ".join(record["marginal"])
        parts += ["", *_wrapped(f"{_marginal_words(comparison)}: {names}", indent="  ")]
    parts += ["", *_distances(record, noun), "", *_places(comparison)]
    return _joined(parts)


def _question(comparison: Comparison, noun: str) -> str:
    low, high = comparison.summary["band_km"]
    if comparison.by == BY_TREATY:
        return f"{noun} brought into the band of {low:,.0f} to {high:,.0f} km"
    return f"{noun} in range of the systems of each, by every published figure"


def _marginal_words(comparison: Comparison) -> str:
    if comparison.by == BY_TREATY:
        return "marginal, by where within their precision the sites are"
    return "marginal, by the estimate, where a site is or who says it"


def _counts(record: Mapping[str, Any], labels: Mapping[str, str], noun: str) -> list[str]:
    cities = record["cities"]
    rows = [
        [
            labels[key],
            record["counts"][key],
            record["marginal_counts"][key],
            round(record["country_population"][key] / 1e6),
            cities["counts"][key],
            round(cities["populations"][key] / 1e6),
            round(cities["marginal_populations"][key] / 1e6),
        ]
        for key in _ORDER
    ]
    header = ["reached by", noun, "marginal", "country pop. M", "cities", "city pop. M",
              "marginal M"]  # fmt: skip
    note = (
        f"marginal: how many of those before. country pop.: of the countries of these {noun}, each "
        f"once, in millions; not people in range. cities: of {cities['listed']:,} listed ones, "
        "each by its own distance; their population is that of listed cities, not of an area."
    )
    return [to_terminal(header, rows, widest=60), *_wrapped(note)]


def _footprints(record: Mapping[str, Any]) -> list[list[Any]]:
    area = record["footprint_km2"]
    return [
        ["of A", area["a"]],
        ["of B", area["b"]],
        ["of A only", area["a-only"]],
        ["of B only", area["b-only"]],
        ["of both", area["both"]],
        ["of either", area["either"]],
    ]


def _shared(record: Mapping[str, Any]) -> list[str]:
    shares = record["jaccard"]
    words = [
        f"{shares[key]:.1%} of the {what} of either {verb} of both"
        for key, what, verb in (("area", "area", "is"), ("places", record["noun"], "are"))
        if shares[key] is not None
    ]
    return _wrapped(f"Jaccard index: {'; '.join(words)}.") if words else []


def _continents(record: Mapping[str, Any], noun: str) -> list[str]:
    rows = [
        [
            entry["continent"],
            *(entry["counts"][key] for key in _ORDER),
            entry["marginal"],
            *(round(entry["area_km2"][key] / 1e3) for key in _ORDER),
        ]
        for entry in record["continents"]
    ]
    header = ["continent", *_SHORT, "marginal", *_SHORT]
    note = f"First {noun}, then land in thousands of km2."
    return [note, to_terminal(header, rows, widest=20)]


def _countries(countries: pd.DataFrame) -> list[str]:
    covered = countries["a_km2"] + countries["b_km2"]
    touched = countries[covered > 0].sort_values("area_km2", ascending=False, kind="stable")
    rows = [
        [
            row["country"],
            f"{row['category']}{' (marginal)' if row['marginal'] else ''}",
            *(f"{row[f'{name}_share']:6.1%}" for name in ("both", "a_only", "b_only")),
            f"{row['own_side_km2'] / row['area_km2']:6.1%}",
            row["city_population"] / 1e6,
        ]
        for row in touched.head(_COUNTRIES).to_dict("records")
    ]
    header = ["country", "its capital", "both", "A only", "B only", "own side", "city pop. M"]
    left = len(touched) - len(rows)
    note = f"Shares of a country's area; the {len(rows)} largest in range" + (
        f", {left} more in the output folder's countries.csv and in --json." if left else "."
    )
    return [note, to_terminal(header, rows, widest=30)]


def _distances(record: Mapping[str, Any], noun: str) -> list[str]:
    lines = []
    for key, letter in (("a", "A"), ("b", "B")):
        near = record["nearest"][key]
        if near["places"]:
            low, high = near["min"], near["max"]
            lines.append(
                f"Nearest site of {letter}, of {near['places']} {noun} not its own: from "
                f"{low['km']:,.0f} km ({low['place']}, {low['site']}) over a median of "
                f"{near['median_km']:,.0f} km to {high['km']:,.0f} km ({high['place']})."
            )
    pair = record["nearest"]["closest_sites"]
    lines.append(
        f"Closest sites of the two: {pair['a_site']} and {pair['b_site']}, {pair['km']:,.0f} km."
    )
    return [line for text in lines for line in _wrapped(text, indent="  ")]


def _places(comparison: Comparison) -> list[str]:
    header = ["place", "reached by", "km from A", "nearest site of A", "km from B",
              "nearest site of B"]  # fmt: skip
    columns = ["place", "category", "a_nearest_km", "a_nearest_site", "b_nearest_km",
               "b_nearest_site"]  # fmt: skip
    doubtful = comparison.table["marginal"]
    shown = comparison.table[columns].copy()
    shown["category"] = shown["category"].where(~doubtful, shown["category"] + " (marginal)")
    near = shown.itertuples(index=False, name=None)
    return [to_terminal(header, near, widest=34)]


def change_text(change: RangeChange) -> str:
    """Return what a longer range adds: the finding, who says what, places, countries, sources."""
    summary = change.summary
    noun = change.scenario.noun
    parts: list[str] = [*_wrapped(summary["headline"]), ""]
    for what, said in (("shorter", change.shorter), ("longer", change.longer)):
        spread = "" if said.low_km == said.high_km else (
            f", {said.low_km:,.10g} to {said.high_km:,.10g} km"
        )  # fmt: skip
        keys = f" [{'; '.join(said.source_keys)}]" if said.source_keys else ""
        note = f" {said.note}." if said.note else ""
        text = f"{what}: {said.max_km:,.10g} km{spread}: {said.said_by}.{note}{keys}"
        parts += _wrapped(text, indent="  ")
    counts, people = summary["counts"], summary["country_population"]
    cities = summary["cities"]
    rows = [
        [label, counts[key], round(people[key] / 1e6), cities["counts"][key],
         round(cities["populations"][key] / 1e6)]
        for key, label in _CHANGES.items()
    ]  # fmt: skip
    header = ["", noun, "country pop. M", "cities", "city pop. M"]
    area = summary["footprint_km2"]
    parts += ["", to_terminal(header, rows, widest=50)]
    parts += _wrapped(
        f"Area: {area['shorter']:,} km2 within the shorter range, {area['longer']:,} km2 within "
        f"the longer, {area['gained']:,} km2 gained. Populations in millions: of whole countries, "
        f"and of {cities['listed']:,} listed cities by their own distance."
    )
    if summary["gained"]:
        near = [
            [row["place"], row["country"], row["nearest_km"], row["nearest_site"]]
            for row in summary["gained"]
        ]
        parts += ["", "Gained, nearest first:"]
        parts += [to_terminal(["place", "country", "km", "nearest site"], near)]
    for key in ("marginal", "already", "own-side"):
        if summary["lists"][key]:
            names = ", ".join(summary["lists"][key])
            parts += ["", *_wrapped(f"{_CHANGES[key]}: {names}", indent="  ")]
    parts += ["", *_gained_countries(change)]
    return _joined(parts)


_CHANGES: Final = {
    "already": "within the shorter range already",
    "gained": "only within the longer range",
    "marginal": "marginal: hangs on the figure or the site's place",
    "out-of-range": "beyond the longer range",
    "own-side": "the launching side's own, left apart",
}


def _gained_countries(change: RangeChange) -> list[str]:
    table = change.countries.sort_values(["gained_km2", "iso_a3"], ascending=[False, True])
    table = table[table["gained_km2"] > 0]
    rows = [
        [
            row["country"],
            f"{row['shorter_km2'] / row['area_km2']:6.1%}",
            f"{row['longer_km2'] / row['area_km2']:6.1%}",
            row["gained_km2"],
            row["city_population_gained"] / 1e6,
            row["own_side"],
        ]
        for row in table.head(_COUNTRIES).to_dict("records")
    ]
    if not rows:
        return []
    header = ["country", "shorter", "longer", "gained km2", "cities gained, M", "own side"]
    left = len(table) - len(rows)
    note = "Share of a country's area within each range" + (
        f"; {left} more in --json" if left else ""
    )
    return [f"{note}:", to_terminal(header, rows, widest=30)]


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(plain(text), _WIDE, subsequent_indent=indent)


def _joined(parts: Sequence[str]) -> str:
    return "\n".join(part.rstrip("\n") if part else "" for part in parts) + "\n"
