"""An inset of a map: a window drawn again, larger, in a corner; corners and what lies in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_symbols import Window
from rangemap.views.labels import Box, text_size
from rangemap.views.projection import Floats, MapView

MARGIN_PT: Final = 7.0
NOTE_SIZE: Final = 6.2


@dataclass(frozen=True)
class Inset:
    """A window of the map that is drawn again, larger, in a corner.

    Attributes
    ----------
    window, corner : Box
        On the map's page, in points.
    zoom : float
        How much larger.
    """

    window: Box
    corner: Box
    zoom: float


def windows_of(insets: Sequence[Inset]) -> list[Window]:
    """Return the windows with how much larger their insets are."""
    return [(inset.window, inset.zoom) for inset in insets]


def corners(canvas: Canvas, width: float, height: float) -> list[Box]:
    """Return a rectangle in each corner, the lower ones first."""
    left, low = MARGIN_PT, MARGIN_PT
    right, high = canvas.width - MARGIN_PT - width, canvas.height - MARGIN_PT - height
    spots = ((left, low), (right, low), (left, high), (right, high))
    return [Box(x, y, x + width, y + height) for x, y in spots]


def load(box: Box, points: Floats) -> int:
    """Return how many points a rectangle holds."""
    return int((box.distance(points[:, 0], points[:, 1]) == 0).sum()) if len(points) else 0


def note_box(zoom: float) -> Box:
    """Return where an inset says how much larger it is."""
    wide, high = text_size(inset_note(zoom), NOTE_SIZE)
    return Box(4, 4, 10 + wide, 8 + high)


def inset_note(zoom: float) -> str:
    """Return what an inset says about its scale.

    Examples
    --------
    >>> inset_note(2.6)
    'Enlarged 2.6 times'
    """
    return f"Enlarged {zoom:g} times"


def inset_canvas(canvas: Canvas, inset: Inset) -> Canvas:
    """Return the canvas of an inset; its axes are those of the map until it gets its own."""
    x0, y0 = canvas.to_plane(inset.window.x0, inset.window.y0)
    x1, y1 = canvas.to_plane(inset.window.x1, inset.window.y1)
    view = MapView(canvas.view.projection, x0, x1, y0, y1)
    wide, high = inset.corner.x1 - inset.corner.x0, inset.corner.y1 - inset.corner.y0
    return replace(canvas, view=view, width=wide, height=high, taken=[note_box(inset.zoom)])
