"""Findings as plain text for a terminal."""

from __future__ import annotations

import textwrap

from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, OWN, Comparison
from rangemap.views.table import plain, to_terminal


def comparison_text(comparison: Comparison) -> str:
    """Return a comparison's counts, populations, areas, and each place with its nearest sites."""
    summary = comparison.summary
    a, b = summary["a"]["name"], summary["b"]["name"]
    low, high = summary["band_km"]
    labels = {
        BOTH: "both",
        A_ONLY: f"{a} only",
        B_ONLY: f"{b} only",
        NEITHER: "neither",
        OWN: "a member's own capital",
    }
    rows = [
        [
            label,
            summary["counts"][key],
            round(summary["country_population"][key] / 1e6),
        ]
        for key, label in labels.items()
    ]
    area = summary["footprint_km2"]
    footprints = [
        [f"footprint of {a}", area["a"]],
        [f"footprint of {b}", area["b"]],
        ["covered by both", area["both"]],
    ]
    parts = [
        plain(f"{a} against {b}: capitals brought into the band of {low:,.0f} to {high:,.0f} km\n"),
        to_terminal(["reached by", "capitals", "country population, millions"], rows, widest=90),
        "",
        to_terminal(["area", "km2"], footprints, widest=90),
    ]
    for line in summary["headline"][1:]:
        parts += ["", *textwrap.wrap(plain(line), 96)]
    for key in (A_ONLY, B_ONLY, BOTH, NEITHER, OWN):
        names = ", ".join(summary["lists"][key]) or "none"
        parts += ["", *textwrap.wrap(plain(f"{labels[key]}: {names}"), 96, subsequent_indent="  ")]
    if summary["marginal"]:
        names = ", ".join(summary["marginal"])
        text = f"marginal, by where within their precision the sites are: {names}"
        parts += ["", *textwrap.wrap(plain(text), 96, subsequent_indent="  ")]
    header = ["place", "reached by", "km from A", "nearest site of A", "km from B",
              "nearest site of B"]  # fmt: skip
    columns = ["place", "category", "a_nearest_km", "a_nearest_site", "b_nearest_km",
               "b_nearest_site"]  # fmt: skip
    doubtful = comparison.table["marginal"]
    shown = comparison.table[columns].copy()
    shown["category"] = shown["category"].where(~doubtful, shown["category"] + " (marginal)")
    near = shown.itertuples(index=False, name=None)
    parts += ["", plain(f"A: {a}; B: {b}"), to_terminal(header, near, widest=34)]
    return "\n".join(part.rstrip("\n") if part else "" for part in parts) + "\n"
