"""The ways in which the page colours places: by zone or verdict for each coalition, or compared."""

from __future__ import annotations

from typing import Any, Final

from rangemap.analysis import Analysis, Comparison
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, OWN, inline_name
from rangemap.views import style

OWN_REACHED_BY_A: Final = "own-reached-by-a"
OWN_REACHED_BY_B: Final = "own-reached-by-b"


def modes(analysis: Analysis, coalition_ids: list[str]) -> list[dict[str, Any]]:
    """Return the ways to colour the places; the first is shown first."""
    zoned = set(analysis.place_rows["coalition"])
    banned = set(analysis.bands.loc[analysis.bands["band_kind"] == "treaty", "coalition"])
    zones, verdicts = (
        [_symbol(key, symbol) for key, symbol in known.items()]
        for known in (style.ZONE_SYMBOLS, style.VERDICT_SYMBOLS)
    )
    result: list[dict[str, Any]] = [
        {
            "id": f"zones:{number}",
            "coalition": number,
            "label": analysis.scenario.coalition(name).name,
            "symbols": zones if name in banned else verdicts,
        }
        for number, name in enumerate(coalition_ids)
        if name in zoned
    ]
    if analysis.comparison is not None:
        result.insert(0, _comparison_mode(analysis.comparison))  # what differs leads
    return result


def _comparison_mode(comparison: Comparison) -> dict[str, Any]:
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
        (OWN, base[OWN].color, base[OWN].shape, "a side’s own, out of the other’s range", "own"),
    )
    keys = ("key", "color", "shape", "label", "short")
    return {
        "id": "comparison",
        "coalition": None,
        "label": f"Compared: {inline_name(a.name)} and {inline_name(b.name)}",
        "band_km": comparison.summary["band_km"],
        "symbols": [dict(zip(keys, row, strict=True)) for row in rows],
    }


def categories(comparison: Comparison | None) -> dict[str, str]:
    """Return the category of each place; of a side's own, whether the other side reaches it."""
    if comparison is None:
        return {}
    result = {}
    for row in comparison.table.to_dict("records"):
        category = row["category"]
        if category == OWN and row["a_own"] and row["b_reaches"]:
            category = OWN_REACHED_BY_B
        elif category == OWN and row["b_own"] and row["a_reaches"]:
            category = OWN_REACHED_BY_A
        result[row["place_id"]] = category
    return result


def _symbol(key: str, symbol: style.Symbol) -> dict[str, str]:
    return {
        "key": key,
        "color": symbol.color,
        "shape": symbol.shape,
        "label": symbol.label,
        "short": symbol.short,
    }
