"""Labels on outlines and rings of a map, and which names are left without room beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from rangemap.views.figure_bands import Footprint, SystemRing
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import Inset, windows_of
from rangemap.views.figure_symbols import Places, Sites, label_boxes, symbols_of
from rangemap.views.label_choices import with_leaders
from rangemap.views.labels import Box
from rangemap.views.projection import Floats

__all__ = ["Bare", "label_rings", "named_beside_rings"]

_RING_TEXT: Final = 6.9


@dataclass(frozen=True)
class Bare:
    """What stands on a map before anything is written: edges, rings by group, symbols."""

    prints: list[Footprint]
    groups: list[list[SystemRing]]
    sites: Sites
    places: Places
    lines: Floats  # points along the edges of footprints


def label_rings(canvas: Canvas, bare: Bare, insets: list[Inset]) -> list[SystemRing]:
    """Label outlines and rings; a ring that cannot be named is left out, unless disputed."""
    sites, places, lines = bare.sites, bare.places, bare.lines
    canvas.taken.extend(inset.window for inset in insets)
    points, _ = symbols_of(canvas, sites, places, hidden=canvas.taken)
    names, dear = _free_names(canvas, bare, insets)
    nowhere = np.empty((0, 2))
    for one in bare.prints:
        canvas.label_line(
            one.outline,
            one.label,
            _RING_TEXT + 0.6,
            one.side.color,
            points,
            nowhere,
            bold=True,
            names=names,
            dear=dear,
        )
        canvas.label_line(
            one.inner,
            one.inner_label,
            _RING_TEXT - 0.6,
            one.side.color,
            points,
            lines,
            names=names,
            dear=dear,
        )
    drawn = []
    for group in bare.groups:
        named = [
            ring.outline.is_empty  # the footprint's edge stands for it
            or canvas.label_line(
                ring.outline,
                ring.label,
                _RING_TEXT,
                ring.color,
                points,
                lines,
                names=names,
                dear=dear,
            )
            for ring in group
        ]
        if any(named) or group[0].disputed:
            drawn.extend(group)
    for inset in insets:
        canvas.taken.remove(inset.window)
    return sorted(drawn, key=lambda ring: (-ring.max_km, ring.label))


def _free_names(
    canvas: Canvas, bare: Bare, insets: list[Inset]
) -> tuple[list[Box], list[Box]]:  # fmt: skip
    """Return where names and the lines to their points would stand, were no ring labelled.

    And of these, the names that would be missed.
    """
    windows = [inset.window for inset in insets]
    hidden = [box for box in canvas.taken if box not in windows]
    symbols = symbols_of(canvas, bare.sites, bare.places, hidden=hidden)
    wanted, free = label_boxes(
        canvas, bare.sites, bare.places, symbols, lines=bare.lines, hidden=hidden,
        skip=windows_of(insets),
    )  # fmt: skip
    missed = {label.key for label in wanted if label.missed}
    dear = {key: box for key, box in free.items() if key in missed}
    return with_leaders(wanted, free), with_leaders(wanted, dear)


def named_beside_rings(canvas: Canvas, bare: Bare, insets: list[Inset]) -> set[str]:
    """Return the keys of the names that a map would have, with all else on it; nothing is drawn."""
    hidden = [*canvas.taken, *(inset.corner for inset in insets)]
    page = replace(canvas, axes=Figure().add_axes((0, 0, 1, 1)), taken=list(hidden))
    rings = label_rings(page, bare, insets)
    lines = np.concatenate([bare.lines, page.line_points([ring.outline for ring in rings])])
    symbols = symbols_of(page, bare.sites, bare.places, hidden=hidden)
    _, found = label_boxes(
        page, bare.sites, bare.places, symbols, lines=lines, hidden=hidden,
        skip=windows_of(insets),
    )  # fmt: skip
    return set(found)
