"""What stands on a range rose: its site, and the places with the symbol of their verdict."""

from __future__ import annotations

from typing import Final

import numpy as np

from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.views.chart_ladder_rows import Step
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_sides import Mark
from rangemap.views.figure_symbols import Places, Sites
from rangemap.views.labels import clean_text
from rangemap.views.projection import Projection

__all__ = ["OWN", "mark_of", "marks_of", "places_of", "site_marks"]

OWN: Final = "own"
_LEAST_PEOPLE: Final = 1e4
_NEAREST: Final = -50.0  # the sentence that leads names the nearest: so should the map
_RANK_COST: Final = 0.9  # what a further rank weighs, in powers of ten of people


def marks_of(facts: SiteFacts) -> dict[str, Mark]:
    """Return the mark of each verdict, in the order of a legend.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.figure_sheet import Look
    >>> list(marks_of(SiteFacts(analyse("europe"), Look(), "mozdok")))
    ['inside', 'marginal', 'outside', 'own']
    """
    theme = facts.look.theme
    color = facts.colors[next(iter(facts.coalitions))]
    words = facts.verdict_words
    return {
        INSIDE: Mark(INSIDE, color, "o", True, words[INSIDE], 0),
        MARGINAL: Mark(MARGINAL, color, "o", True, words[MARGINAL], 0, half=True),
        OUTSIDE: Mark(OUTSIDE, theme.muted, "o", False, words[OUTSIDE], 3),
        OWN: Mark(OWN, theme.muted, "X", False, "the side's own, not counted", 2),
    }


def mark_of(marks: dict[str, Mark], step: Step) -> Mark:
    """Return the mark of one place."""
    return marks[OWN] if step.own else marks.get(step.verdict, marks[OUTSIDE])


def places_of(
    facts: SiteFacts, projection: Projection, reach_km: float, *, distances: bool = False
) -> Places:
    """Return the places within a distance of the site on the plane, with their marks.

    Parameters
    ----------
    facts : SiteFacts
    projection : Projection
        Centred on the site.
    reach_km : float
    distances : bool, default False
        Write the distance behind each name.
    """
    table = facts.analysis.places.set_index("place_id")
    steps = [step for step in facts.steps if step.distance_km <= reach_km]
    rows = table.loc[[step.place_id for step in steps]]
    x, y = projection.forward(rows["lon"], rows["lat"])
    marks = marks_of(facts)
    chosen = [mark_of(marks, step) for step in steps]
    size = np.log10(np.maximum([step.population for step in steps], _LEAST_PEOPLE))
    return Places(
        np.column_stack([x, y]),
        [step.place_id for step in steps],
        [_name(facts, step, distances) for step in steps],
        chosen,
        [
            _NEAREST if step in facts.theirs[:1] else _RANK_COST * mark.rank - float(s)
            for step, s, mark in zip(steps, size, chosen, strict=True)
        ],
    )


def _name(facts: SiteFacts, step: Step, distances: bool) -> str:
    name = clean_text(step.name, 28)
    return f"{name} {facts.look.units.of(step.distance_km):,.0f}" if distances else name


def site_marks(facts: SiteFacts, kind: str) -> Sites:
    """Return the one site, at the centre of the plane."""
    return Sites(
        np.zeros((1, 2)), [clean_text(facts.name, 40)], [kind],
        [facts.colors[next(iter(facts.coalitions))]], [-100.0],
    )  # fmt: skip
