"""The sentence that leads a picture, from the numbers."""

from __future__ import annotations

from typing import Any

from rangemap.analysis import Analysis, Comparison
from rangemap.analysis.comparison import BY_TREATY, inline_name
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.views.labels import clean_text


def finding_of(analysis: Analysis) -> tuple[str, str]:
    """Return what leads, and what stands beside it: the difference between the sides.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> finding_of(analyse("europe"))[0].startswith("Capitals in the banned band: ")
    True
    """
    comparison = analysis.comparison
    several = [c for c in analysis.summary["coalitions"] if sum(c["verdicts"].values())]
    if comparison is None:
        if len(several) > 1 and not any(sum(c["zones"].values()) for c in several):
            return _of_several(analysis, several), ""
        headline = [clean_text(line, 400) for line in analysis.summary.get("headline", [])]
        return (headline or [_none(analysis)])[0], "".join(headline[1:2])
    counts = comparison.summary["counts"]
    names = [clean_text(side.name, 48) for side in (comparison.a, comparison.b)]
    a, b = (inline_name(name) for name in names)
    noun = noun_of(analysis).capitalize()
    lead = (
        f"{noun} {reach_of(comparison)}: {counts['a-only']} from {a} only, "
        f"{counts['b-only']} from {b} only, {counts['both']} from both, "
        f"{counts['neither']} from neither."
    )
    own = comparison.summary["own_reached_by_other_side"]
    if not any(own.values()):
        return lead, ""
    reached = f"{len(own['b'])} from {a}, {len(own['a'])} from {b}"
    return lead, f"{noun} of the other side's members: {reached}."


def reach_of(comparison: Comparison) -> str:
    """Return what it means that a side reaches a place, by what the sides are compared.

    Examples
    --------
    >>> from rangemap.analysis import compare
    >>> reach_of(compare("europe", "asia-pacific:china"))
    'in the banned band'
    """
    if comparison.by == BY_TREATY:
        return "in the banned band"
    return "in range by every published figure"


def noun_of(analysis: Analysis) -> str:
    """Return what the places are called."""
    return "capitals" if analysis.scenario.places_from == "capitals" else "places"


def _of_several(analysis: Analysis, entries: list[dict[str, Any]]) -> str:
    """Return the counts of each coalition where systems' own ranges alone are drawn."""
    parts = [
        f"{c.short} {entry['verdicts'][INSIDE]}"
        + (f" (+{entry['verdicts'][MARGINAL]})" if entry["verdicts"][MARGINAL] else "")
        for entry in entries
        for c in [analysis.scenario.coalition(entry["id"])]
    ]
    doubt = any(entry["verdicts"][MARGINAL] for entry in entries)
    lead = (
        f"{noun_of(analysis).capitalize()} in range, not their own"
        f"{' (+ marginal)' if doubt else ''}: {', '.join(parts)}; of {len(analysis.places)}."
    )
    return clean_text(lead, 400)


def _none(analysis: Analysis) -> str:
    """Return the counts where no headline was made."""
    rows = analysis.place_rows[~analysis.place_rows["own_side"].astype(bool)]
    reached = rows[(rows["verdict"] != OUTSIDE) & (rows["verdict"] != "")]
    return (
        f"{reached['place_id'].nunique()} of {rows['place_id'].nunique()} {noun_of(analysis)} lie "
        "within a range drawn here, for certain or marginally."
    )
