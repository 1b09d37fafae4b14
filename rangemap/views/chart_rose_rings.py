"""The circles of a range rose: which ranges are drawn, how, and what stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from matplotlib.axes import Axes

from rangemap.views.chart_ladder_rows import Reach
from rangemap.views.chart_rose_plane import circle
from rangemap.views.chart_site import SiteFacts
from rangemap.views.figure_bands import DISPUTED_DASHES, EDGE_DOTS, INNER_DASHES, ring_name
from rangemap.views.figure_base import LAYER_FILL, LAYER_RINGS, fill, strokes

__all__ = ["Ring", "draw_edges", "draw_fill", "draw_rings", "rings_of", "treaty_name"]

_MOST: Final = 8  # circles of systems; more could not be told apart
_BOLD_WIDTH: Final = 1.9
_WIDTH: Final = 1.05


@dataclass(frozen=True)
class Ring:
    """One circle, with the text on it; distances in km.

    Attributes
    ----------
    reach : Reach
        The range that it belongs to.
    radius_km : float
    label, short : str
        What stands on it, and what does where that has no room.
    color : str
    width : float
        Of the line, in points.
    dashes : object
        As matplotlib takes them.
    treaty : bool
    """

    reach: Reach
    radius_km: float
    label: str
    short: str
    color: str
    width: float
    dashes: Any
    treaty: bool = False


def rings_of(facts: SiteFacts) -> tuple[list[Ring], list[Reach]]:
    """Return the circles, the treaty's first, and the ranges for which there are too many.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.figure_sheet import Look
    >>> rings, left_out = rings_of(SiteFacts(analyse("europe"), Look(), "mozdok"))
    >>> [round(one.radius_km) for one in rings], left_out
    ([5500, 500, 2350, 480], [])
    """
    units = facts.look.units
    rings = []
    if facts.treaty is not None:
        treaty, color = facts.treaty, facts.colors[facts.treaty.coalition]
        outer = f"INF Treaty: {units.fixed(treaty.max_km)}"
        rings.append(Ring(treaty, treaty.max_km, outer, units.fixed(treaty.max_km), color,
                          _BOLD_WIDTH, "solid", True))  # fmt: skip
        if treaty.min_km > 0:
            inner = units.fixed(treaty.min_km)
            rings.append(Ring(treaty, treaty.min_km, f"INF Treaty: {inner}", inner, color, 0.9,
                              INNER_DASHES, True))  # fmt: skip
    kept = _kept(facts.systems)
    rings += [_ring(facts, one) for one in kept]
    return rings, [one for one in facts.systems if one not in kept]


def _kept(systems: Sequence[Reach]) -> list[Reach]:
    """Return the ranges that are drawn: the longest, and every side of a dispute if it can be."""
    if len(systems) <= _MOST:
        return list(systems)
    order = sorted(range(len(systems)), key=lambda n: (n > 0 and not systems[n].disputed, n))
    return [systems[n] for n in sorted(order[:_MOST])]


def _ring(facts: SiteFacts, reach: Reach) -> Ring:
    return Ring(
        reach, reach.max_km, ring_name(reach.label, reach.max_km, facts.look),
        facts.look.units.text(reach.max_km), facts.colors[reach.coalition], _WIDTH,
        DISPUTED_DASHES if reach.disputed else "solid",
    )  # fmt: skip


def treaty_name(facts: SiteFacts) -> str:
    """Return what the treaty's band is, for a legend; empty without one."""
    if facts.treaty is None:
        return ""
    units, low, high = facts.look.units, facts.treaty.min_km, facts.treaty.max_km
    if units.km == 1:
        return f"Banned by the INF Treaty: {low:,.0f} to {units.text(high)}"
    beside = f"{units.of(low):,.0f} to {units.text(high)}"
    return f"Banned by the INF Treaty: {low:,.0f} to {high:,.0f} km ({beside})"


def draw_fill(axes: Axes, facts: SiteFacts) -> None:
    """Fill the treaty's band, or without one the longest range."""
    reach = facts.treaty or facts.systems[0]
    area = shapely.Polygon(circle(reach.max_km))
    if reach.min_km > 0:
        area = area.difference(shapely.Polygon(circle(reach.min_km)))
    theme = facts.look.theme
    fill(axes, area, facts.colors[reach.coalition], zorder=LAYER_FILL, alpha=theme.fill_alpha)


def draw_rings(axes: Axes, rings: Sequence[Ring]) -> None:
    """Stroke the circles."""
    for ring in rings:
        line = shapely.LineString(circle(ring.radius_km))
        layer = LAYER_RINGS + (0.2 if ring.treaty else 0.0)
        strokes(axes, line, ring.color, ring.width, zorder=layer, dashes=ring.dashes)


def draw_edges(axes: Axes, rings: Sequence[Ring], reach_km: float) -> None:
    """Dot the lowest and the highest estimate of each range, where they differ from it."""
    for ring in rings:
        for edge in () if ring.treaty else edges_of(ring.reach, reach_km):
            line = shapely.LineString(circle(edge))
            strokes(axes, line, ring.color, 0.65, zorder=LAYER_RINGS - 0.1, dashes=EDGE_DOTS)


def edges_of(reach: Reach, most_km: float) -> list[float]:
    """Return the lowest and the highest estimate where they differ from the range itself.

    Examples
    --------
    >>> reach = Reach("R", "", "x", False, 0, 2350, 2000, 2500, True, 0, 0)
    >>> edges_of(reach, 6000), edges_of(reach, 2400)
    ([2000, 2500], [2000])
    """
    return sorted(edge for edge in {reach.low_km, reach.high_km} - {reach.max_km}
                  if 0 < edge <= most_km)  # fmt: skip
