"""Places of a chart of its own: their symbols on the plane, and what was named of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from rangemap.analysis import Analysis
from rangemap.views.figure_sides import Mark
from rangemap.views.figure_small import Shown
from rangemap.views.figure_symbols import Places, Sites, sites_on
from rangemap.views.labels import clean_text
from rangemap.views.projection import Projection
from rangemap.views.theme import Theme

__all__ = ["places_of", "report", "sites_of"]


def places_of(projection: Projection, table: pd.DataFrame, marks: Sequence[Mark]) -> Places:
    """Return places with a mark for each row; what differs comes first, then larger countries.

    ``table`` has ``place_id``, ``place``, ``lon``, ``lat`` and ``country_population``.
    """
    x, y = projection.forward(table["lon"], table["lat"])
    people = pd.to_numeric(table["country_population"], errors="coerce").fillna(0).to_numpy(float)
    size = np.log10(np.maximum(people, 1e4))
    return Places(
        np.column_stack([x, y]),
        table["place_id"].astype(str).tolist(),
        [clean_text(name, 28) for name in table["place"]],
        list(marks),
        [-float(s) + 0.9 * mark.rank for s, mark in zip(size, marks, strict=True)],
    )


def sites_of(
    projection: Projection, analysis: Analysis, theme: Theme, ids: Collection[str]
) -> Sites:
    """Return some of the launch sites of an analysis."""
    found = sites_on(projection, analysis, theme)
    known = analysis.bands.drop_duplicates("site_id")["site_id"]
    mine = np.flatnonzero(known.isin(set(ids)).to_numpy())
    return Sites(
        found.xy[mine],
        [found.names[n] for n in mine],
        [found.kinds[n] for n in mine],
        [found.colors[n] for n in mine],
        [found.priority[n] for n in mine],
    )


def report(places: Places, shown: Shown, wanted: frozenset[str]) -> dict[str, list[str]]:
    """Return what one map names, what it shows without a name, and what lies off it.

    ``places_left_unnamed`` are those that the map does not mean to name.
    """
    rows = list(zip(places.keys, places.names, shown.seen.tolist(), strict=True))
    return {
        "places_named": [name for key, name, _ in rows if key in shown.named],
        "places_without_name": [
            name for key, name, seen in rows if seen and key in wanted - shown.named
        ],
        "places_left_unnamed": [name for key, name, seen in rows if seen and key not in wanted],
        "places_off_the_map": [name for _, name, seen in rows if not seen],
    }
