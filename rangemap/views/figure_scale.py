"""The scale bar, right where it stands, and the note on north."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.patches import Rectangle

from rangemap.geodesy import distance_km
from rangemap.views.figure_base import LAYER_BOXES
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import MARGIN_PT
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import Box, Floats, text_size

SCALE_SIZE: Final = (150.0, 34.0)
_ROUND: Final = (1, 2, 5)
_BAR_HIGH: Final = 3.2
_TEXT: Final = 6.8
_NOTE: Final = 6.0
_BETWEEN_PT: Final = 2.0  # numbers of the bar
_BESIDE: Final = 16.0  # a note in its box, in points
_LEAST_WIDE: Final = 50.0  # of the box: room for the bar and its number
_MOST_KM: Final = 18_000.0  # on the plane round its centre: less than half round the world


@dataclass(frozen=True)
class ScaleBar:
    """A bar whose ends are a round geodesic distance apart, where it stands.

    Attributes
    ----------
    length : float
        In the unit of the picture.
    x0, y0, x1 : float
        Its ends on the plane, km.
    here : bool
        Measured where it stands; else, off the edge of the world, at the centre of the map.
    """

    length: float
    x0: float
    y0: float
    x1: float
    here: bool = True


def round_length(longest: float) -> float:
    """Return the longest 1, 2 or 5 times a power of ten that is not above a length.

    Examples
    --------
    >>> round_length(2300.0), round_length(0.9)
    (2000.0, 0.5)
    """
    power = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in _ROUND if step * power <= longest * (1 + 1e-9))


def scale_bar(canvas: Canvas, box: Box) -> ScaleBar:
    """Return the longest round bar that fits a box on the page, measured on the ellipsoid."""
    x0, y0 = canvas.to_plane(box.x0 + 8, box.y0 + 15)
    end, _ = canvas.to_plane(box.x1 - 26, box.y0 + 15)
    units = canvas.look.units
    here = bool(np.isfinite(_degrees(canvas, x0, y0, end)).all())

    def ground(length_on_plane: float) -> float:
        left, at = (x0, y0) if here else (-length_on_plane / 2, 0.0)
        lon, lat = _degrees(canvas, left, at, left + length_on_plane)
        return float(np.asarray(distance_km(lon[0], lat[0], lon[1], lat[1])).item())

    longest = end - x0 if here else min(end - x0, _MOST_KM)
    length = round_length(units.of(ground(longest)))
    low, high = 0.0, longest
    for _ in range(60):
        middle = (low + high) / 2
        if ground(middle) < length * units.km:
            low = middle
        else:
            high = middle
    return ScaleBar(length, x0, y0, x0 + (low + high) / 2, here)


def _degrees(canvas: Canvas, x0: float, y0: float, x1: float) -> tuple[Floats, Floats]:
    """Return longitudes and latitudes of two ends; infinite off the world."""
    return canvas.view.projection.inverse(np.array([x0, x1]), np.array([y0, y0]))


def north_note(canvas: Canvas) -> str:
    """Return which way north is.

    Examples
    --------
    >>> from rangemap.views.projection import MapView, Projection
    >>> north_note(Canvas(None, MapView(Projection(26, 44), -1, 1, -1, 1), 9, 9))
    'north is up on the meridian of 26° E'
    """
    lon = round(canvas.view.projection.lon)
    return f"north is up on the meridian of {abs(lon)}° {'E' if lon >= 0 else 'W'}"


def draw_scale_bar(canvas: Canvas, box: Box) -> ScaleBar:
    """Draw the bar, its marks and the note on north into a box on the page; return the bar.

    On a map narrower than the note there is none.
    """
    bar = scale_bar(canvas, box)
    canvas.paper(box, alpha=0.85)
    theme, unit = canvas.look.theme, canvas.look.units
    k = 1 / canvas.scale
    for part, color in ((0, theme.ink), (1, theme.paper)):
        half = (bar.x1 - bar.x0) / 2
        canvas.axes.add_patch(
            Rectangle(
                (bar.x0 + part * half, bar.y0), half, _BAR_HIGH * k, facecolor=color,
                edgecolor=theme.ink, linewidth=0.6, zorder=LAYER_BOXES + 0.1,
                gid="scale-bar" if part == 0 else "scale-bar-end",
            )
        )  # fmt: skip
    marks = ((0.0, "0"), (0.5, f"{bar.length / 2:,g}"), (1.0, f"{bar.length:,g} {unit.name}"))
    apart = (bar.x1 - bar.x0) / 2 / k - text_size(marks[2][1].split(" ")[0], _TEXT)[0]
    for share, text in marks if apart > _BETWEEN_PT else marks[::2]:
        number = text.split(" ")[0]
        shift = text_size(number, _TEXT)[0] / 2 * k
        _text(
            canvas, bar.x0 + share * (bar.x1 - bar.x0) - shift, bar.y0 + 5.6 * k, text, _TEXT,
            theme.ink,
        )  # fmt: skip
    where = "of this line" if bar.here else "at the map's centre"
    note = f"scale {where}; {north_note(canvas)}"
    if text_size(note, _NOTE)[0] + _BESIDE <= box.x1 - box.x0:
        x, y = canvas.to_plane(box.x0 + 8, box.y0 + 5)
        _text(canvas, x, y, note, _NOTE, theme.muted)
    return bar


def scale_size(canvas: Canvas) -> tuple[float, float]:
    """Return width and height of the box that the bar and its note need, in points."""
    note = text_size(f"scale at the map's centre; {north_note(canvas)}", _NOTE)[0]
    room = max(canvas.width - 2 * MARGIN_PT, _LEAST_WIDE)
    return min(max(SCALE_SIZE[0], note + _BESIDE), room), SCALE_SIZE[1]


def _text(canvas: Canvas, x: float, y: float, text: str, size: float, color: str) -> None:
    canvas.axes.text(
        x, y, text, fontsize=size, family=FAMILY, color=color, zorder=LAYER_BOXES + 0.1,
        parse_math=False,
    )  # fmt: skip
