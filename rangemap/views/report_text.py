"""Findings as plain text for a terminal."""

from __future__ import annotations

import textwrap
from typing import Any

from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, OWN
from rangemap.views.table import plain, to_terminal


def comparison_text(summary: dict[str, Any]) -> str:
    """Return a comparison's counts, lists, populations and areas as text."""
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
        to_terminal(["reached by", "capitals", "people in those countries, millions"], rows),
        "",
        to_terminal(["area", "km2"], footprints),
    ]
    for key in (A_ONLY, B_ONLY, BOTH, NEITHER, OWN):
        names = ", ".join(summary["lists"][key]) or "none"
        parts += ["", *textwrap.wrap(plain(f"{labels[key]}: {names}"), 96, subsequent_indent="  ")]
    return "\n".join(part.rstrip("\n") if part else "" for part in parts) + "\n"
