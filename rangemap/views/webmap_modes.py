"""The symbols of the page: zones and verdicts of one coalition, or two sides compared."""

from __future__ import annotations

from typing import Any, Final

from rangemap.analysis import Comparison
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, OWN, inline_name
from rangemap.views import style

OWN_REACHED_BY_A: Final = "own-reached-by-a"
OWN_REACHED_BY_B: Final = "own-reached-by-b"


def zone_symbols() -> dict[str, list[dict[str, str]]]:
    """Return the symbols of zones (of treaty bands) and of verdicts (of systems' ranges)."""
    return {
        "zones": [_symbol(key, symbol) for key, symbol in style.ZONE_SYMBOLS.items()],
        "verdicts": [_symbol(key, symbol) for key, symbol in style.VERDICT_SYMBOLS.items()],
    }


def comparison_mode(comparison: Comparison) -> dict[str, Any]:
    """Return the band that is compared, and the symbols of the categories."""
    a, b = comparison.a, comparison.b
    short_a, short_b = (
        side.scenario.coalition(side.coalitions[0]).short
        if len(side.coalitions) == 1
        else side.name
        for side in (a, b)
    )
    base = style.CATEGORY_SYMBOLS
    # Each side keeps the colour that its sites have on this map.
    color_a, color_b = base[A_ONLY].color, base[B_ONLY].color
    if a.color != b.color:
        color_a, color_b = a.color, b.color
    rows = (
        (A_ONLY, color_a, base[A_ONLY].shape, f"{a.name} only", f"{short_a} only"),
        (B_ONLY, color_b, base[B_ONLY].shape, f"{b.name} only", f"{short_b} only"),
        (BOTH, base[BOTH].color, base[BOTH].shape, "both", "both"),
        (
            OWN_REACHED_BY_A,
            color_a,
            "ring-cross",
            f"the other side’s own, in range of {inline_name(a.name)}",
            f"own, reached by {inline_name(short_a)}",
        ),
        (
            OWN_REACHED_BY_B,
            color_b,
            "box-cross",
            f"the other side’s own, in range of {inline_name(b.name)}",
            f"own, reached by {inline_name(short_b)}",
        ),
        (NEITHER, base[NEITHER].color, base[NEITHER].shape, "neither", "neither"),
        (
            OWN,
            base[OWN].color,
            base[OWN].shape,
            "a side’s own, out of the other’s range",
            "own, not reached",
        ),
    )
    keys = ("key", "color", "shape", "label", "short")
    return {
        "label": f"Compared: {inline_name(a.name)} and {inline_name(b.name)}",
        "band_km": comparison.summary["band_km"],
        "symbols": [dict(zip(keys, row, strict=True)) for row in rows],
    }


def _symbol(key: str, symbol: style.Symbol) -> dict[str, str]:
    return {
        "key": key,
        "color": symbol.color,
        "shape": symbol.shape,
        "label": symbol.label,
        "short": symbol.short,
    }
