"""Sections of a comparison's page on lands: continents and countries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from rangemap.analysis.comparison import (
    A_ONLY,
    B_ONLY,
    BOTH,
    NEITHER,
    OWN,
    Comparison,
)
from rangemap.views.comparison_parts import (
    Number,
    named,
    section,
    table,
    text,
)
from rangemap.views.comparison_style import CLASSES
from rangemap.views.comparison_words import short_names
from rangemap.views.story_words import millions

__all__ = ["continents", "countries"]

_ORDER: Final = (BOTH, A_ONLY, B_ONLY, NEITHER, OWN)
_FIRST_COUNTRIES: Final = 30

Record = Mapping[str, Any]


def continents(comparison: Comparison, record: Record) -> str:
    """Return the table by continent: places and land by category."""
    a, b = map(named, short_names(comparison))
    short = ["Both", f"{a} only", f"{b} only", "Neither", "Own"]
    rows: list[list[Any]] = [
        [
            text(entry["continent"]),
            *(entry["counts"][key] for key in _ORDER),
            entry["marginal"],
            *(round(entry["area_km2"][key] / 1e3) for key in _ORDER),
        ]
        for entry in record["continents"]
    ]
    rows.append(["All", *(sum(row[n] for row in rows) for n in range(1, 12))])
    noun = text(record["noun"].capitalize())
    found = table(
        "Natural Earth’s continents, each country with one: Russia with Europe, Turkey, Georgia "
        "and Kazakhstan with Asia. Land goes by the rules of the capitals: what no other "
        "coalition of its side has in range of a member’s country is own.",
        ["Continent", *short, "Marginal", *short],
        rows,
        groups=(("", 1), (noun, 6), ("Land, thousand km²", 5)),
        total=True,
        label="By continent",
    )
    return section("continents", "By continent", found)


def countries(comparison: Comparison) -> str:
    """Return the table by country: its capital's category, shares of its area, its cities."""
    frame = comparison.countries
    touched = frame[frame["a_km2"] + frame["b_km2"] > 0]
    touched = touched.sort_values(["area_km2", "iso_a3"], ascending=[False, True])
    first = _country_table(
        comparison, touched.head(_FIRST_COUNTRIES),
        f"The {min(_FIRST_COUNTRIES, len(touched))} largest of {len(touched)} countries and "
        "territories of which something is in range.", "Largest countries",
    )  # fmt: skip
    rest = touched.iloc[_FIRST_COUNTRIES:].sort_values(["country", "iso_a3"])
    more = ""
    if len(rest):
        inner = _country_table(comparison, rest, "In alphabetical order.", "Other countries")
        more = f"<details><summary>The other {len(rest)}</summary>\n{inner}\n</details>"
    largest = float(touched["share_error"].max()) if len(touched) else 0.0
    notes = (
        '<p class="small read">A country counts by its capital, and apart from that by its area at '
        "1:50 million. The share says nothing about how many people live there. Shares are off by "
        f"at most {largest:.1%} because ranges are drawn within 100 m. † marginal.</p>"
    )
    return section("countries", "By country", first, more, notes)


def _country_table(comparison: Comparison, rows: pd.DataFrame, caption: str, label: str) -> str:
    a, b = short_names(comparison)
    labels = {BOTH: "both", A_ONLY: f"{a} only", B_ONLY: f"{b} only", NEITHER: "neither",
              OWN: "own"}  # fmt: skip
    a, b = named(a), named(b)
    body = [
        [
            named(row["country"]),
            _capital(row, labels),
            *(_share(row[f"{name}_share"]) for name in ("both", "a_only", "b_only")),
            _share(row["neither_km2"] / row["area_km2"]),
            _share(row["own_side_km2"] / row["area_km2"]),
            Number(millions(row["city_population"])),
        ]
        for row in rows.to_dict("records")
    ]
    header = ["Country", "Its capital", "Both", f"{a} only", f"{b} only", "Neither", "Own",
              "Listed cities, million"]  # fmt: skip
    groups = (("", 2), ("Share of its area", 5), ("", 1))
    return table(caption, header, body, groups=groups, label=label)


def _share(share: float) -> Number:
    if share == 0:
        return Number("–")
    return Number("&lt; 0.1%" if share < 0.0005 else f"{share:.1%}")


def _capital(row: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    if not row["capital"]:
        return ""
    mark = "†" if row["marginal"] else ""
    key = f'<span class="key {CLASSES[row["category"]]}"></span>'
    return f"{key}{named(row['capital'])}: {text(labels[row['category']])}{mark}"
