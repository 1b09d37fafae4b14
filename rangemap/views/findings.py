"""The sentence that leads a picture, from the numbers."""

from __future__ import annotations

from typing import Final

import pandas as pd

from rangemap.analysis import Analysis, Comparison
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, BY_TREATY, NEITHER, OWN, inline_name
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.views.basis import by_treaty, figures_of, verdicts
from rangemap.views.labels import clean_text
from rangemap.views.names import told_apart

_MOST: Final = 6
_NAMED: Final = 4  # of more coalitions than the most


def finding_of(analysis: Analysis) -> tuple[str, str]:
    """Return what leads, and what stands beside it: the difference between the sides.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> finding_of(analyse("europe"))[0].startswith("Capitals in the banned band: ")
    True
    """
    comparison = analysis.comparison
    if comparison is None:
        several = {key: found for key, found in verdicts(analysis).items() if sum(found.values())}
        if len(several) > 1 and not by_treaty(analysis):
            return _of_several(analysis, several), ""
        headline = [clean_text(line, 400) for line in analysis.summary.get("headline", [])]
        return (headline or [_none(analysis)])[0], "".join(headline[1:2])
    counts = counts_of(comparison)
    names = told_apart([side.name for side in (comparison.a, comparison.b)], 48)
    a, b = (inline_name(name) for name in names)
    marginal = f", {counts[MARGINAL]} marginal" if counts[MARGINAL] else ""
    noun = noun_of(analysis).capitalize()
    lead = (
        f"{noun} {reach_of(comparison)}: {counts[A_ONLY]} from {a} only, "
        f"{counts[B_ONLY]} from {b} only, {counts[BOTH]} from both, "
        f"{counts[NEITHER]} from neither{marginal}."
    )
    own = comparison.summary["own_reached_by_other_side"]
    if not any(own.values()):
        return lead, ""
    reached = f"{len(own['b'])} from {a}, {len(own['a'])} from {b}"
    return lead, f"{noun} of the other side's members: {reached}."


def counts_of(comparison: Comparison) -> dict[str, int]:
    """Return how many places are in each category, as the headline of a comparison counts them.

    Compared by ranges, what is marginal stands apart; by the treaty nothing does.

    Examples
    --------
    >>> from rangemap.analysis import compare
    >>> counts_of(compare("korea:north-korea", "guam:us-allies-pacific", "systems"))["marginal"]
    18
    """
    counts = shown_categories(comparison).value_counts()
    return {key: int(counts.get(key, 0)) for key in (A_ONLY, BOTH, B_ONLY, MARGINAL, NEITHER, OWN)}


def shown_categories(comparison: Comparison) -> pd.Series:
    """Return the category of each row of a comparison's table, as `counts_of` counts them."""
    table: pd.DataFrame = comparison.table
    shown = table["category"]
    if comparison.by == BY_TREATY:
        return shown
    return shown.mask(table["marginal"] & (shown != OWN), MARGINAL)


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
    return f"in range {figures_of(comparison)}"


def noun_of(analysis: Analysis) -> str:
    """Return what the places are called."""
    return "capitals" if analysis.scenario.places_from == "capitals" else "places"


def _of_several(analysis: Analysis, found: dict[str, dict[str, int]]) -> str:
    """Return the counts of each coalition where ranges are counted; of many, the largest."""
    coalitions = [c for c in analysis.scenario.coalitions if c.id in found]
    shorts = told_apart([c.short for c in coalitions], 40)
    names = {c.id: short for c, short in zip(coalitions, shorts, strict=True)}
    keys = list(names)
    if len(keys) > _MOST:
        keys = sorted(keys, key=lambda key: (-found[key][INSIDE], -found[key][MARGINAL]))[:_NAMED]
    parts = [
        f"{names[key]} {found[key][INSIDE]}"
        + (f" (+{found[key][MARGINAL]})" if found[key][MARGINAL] else "")
        for key in keys
    ]
    more = f" and {len(names) - len(keys)} more coalitions" if len(keys) < len(names) else ""
    doubt = any(found[key][MARGINAL] for key in keys)
    lead = (
        f"{noun_of(analysis).capitalize()} in range, not their own"
        f"{' (+ marginal)' if doubt else ''}: {', '.join(parts)}{more}; of {len(analysis.places)}."
    )
    return clean_text(lead, 400)


def _none(analysis: Analysis) -> str:
    """Return the counts where no headline was made."""
    rows = analysis.place_rows[~analysis.place_rows["own_side"].astype(bool)]
    noun = noun_of(analysis)
    if rows.empty:
        return f"All {noun} here are the launching sides' own: none is counted."
    reached = rows[(rows["verdict"] != OUTSIDE) & (rows["verdict"] != "")]
    return (
        f"{reached['place_id'].nunique()} of {rows['place_id'].nunique()} {noun} lie "
        "within a range drawn here, for certain or marginally."
    )
