"""Pictures of every kind, layout and theme: a page with title, finding, chart and small print.

Drawn with matplotlib's objects alone; neither pyplot nor global settings are touched. The same
analysis gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import signature
from typing import Any, Final, cast

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rangemap.analysis import Analysis
from rangemap.errors import ArgumentError, near_name
from rangemap.views.figure_sheet import Chart, Look, Sheet
from rangemap.views.labels import Box
from rangemap.views.picture_files import FORMATS, picture_bytes, settings
from rangemap.views.picture_shell import MARGIN, draw_footer, draw_header, footer_of
from rangemap.views.theme import Theme, theme_of
from rangemap.views.units import Units, units_of

__all__ = ["FORMATS", "KINDS", "LAYOUTS", "Picture", "draw_picture", "options_of", "picture_bytes"]

LAYOUTS: Final = {
    "slide": (960.0, 540.0),
    "page": (595.28, 841.89),
    "page-landscape": (841.89, 595.28),
    "square": (720.0, 720.0),
}
"""Width and height in points: 16:9 slide, A4 upright and lying, square."""

_HOMES: Final = {
    "theatre": "rangemap.views.chart_theatre:theatre",
    "bars": "rangemap.views.chart_bars:bars",
    "ladder": "rangemap.views.chart_ladder:ladder",
    "rose": "rangemap.views.chart_rose:rose",
    "panels": "rangemap.views.chart_panels:panels",
    "overlap": "rangemap.views.chart_overlap:overlap",
    "sides": "rangemap.views.chart_sides:sides",
    "change": "rangemap.views.chart_change:change",
}
KINDS: Final = tuple(_HOMES)
"""What can be drawn."""

Maker = Callable[..., Chart]


@dataclass(frozen=True)
class Picture:
    """A drawn picture and what it says.

    Attributes
    ----------
    kind, layout, theme, units : str
        As asked for; layout is "plain" if a size of its own was given.
    figure : matplotlib.figure.Figure
        With an Agg canvas.
    title, finding : str
        The heading and the sentence that leads.
    alt : str
        Text that can stand for the picture, with the finding's numbers.
    labels : dict
        What was named and what found no room, ready for JSON.
    metadata : dict
        What the file will say about itself.
    """

    kind: str
    layout: str
    theme: str
    units: str
    figure: Figure
    title: str
    finding: str
    alt: str
    labels: dict[str, Any]
    metadata: dict[str, str]


def draw_picture(
    analysis: Analysis,
    kind: str = "theatre",
    *,
    layout: str = "slide",
    theme: str | Theme = "light",
    units: str | Units = "km",
    plain: bool = False,
    size: tuple[float, float] | None = None,
    **options: Any,
) -> Picture:
    """Draw one picture of an analysis.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    kind : str, default "theatre"
        One of `KINDS`.
    layout : {"slide", "page", "page-landscape", "square"}
        The page.
    theme : {"light", "dark", "print"} or Theme
        Colours.
    units : {"km", "mi", "nmi"} or Units
        Of distances and areas; the treaty's own limits stay in km, with the unit beside.
    plain : bool, default False
        Leave out title, finding and small print, for slides and pages that carry these as text.
    size : tuple of float, optional
        Width and height in points of a plain picture, instead of a layout.
    **options
        What the kind takes besides.

    Returns
    -------
    Picture
        Write it with `picture_bytes`.

    Raises
    ------
    ArgumentError
        If a kind, layout, theme, unit or option is not known, or the analysis has nothing of
        that kind to show.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> picture = draw_picture(analyse("asia-pacific"), layout="square")
    >>> picture.figure.get_size_inches().tolist(), picture.title
    ([10.0, 10.0], 'Asia-Pacific: capitals within the ranges that the INF Treaty banned')
    """
    look = Look(theme_of(theme), units_of(units))
    wide, high = _size(layout, size, plain)
    chart = _chart(analysis, kind, look, options)
    with settings():
        figure = Figure(figsize=(wide / 72, high / 72), facecolor=look.theme.paper)
        FigureCanvasAgg(figure)
        sheet = Sheet(figure, look)
        if plain:
            drawn = chart.draw(sheet, Box(0.0, 0.0, wide, high))
        else:
            footer = footer_of(analysis, sheet)
            top = draw_header(sheet, analysis, chart)
            drawn = chart.draw(sheet, Box(MARGIN, footer.top, wide - MARGIN, top))
            draw_footer(sheet, footer, drawn.notes)
    return Picture(
        kind=kind, layout="plain" if size else layout, theme=look.theme.name,
        units=look.units.name, figure=figure, title=chart.title, finding=chart.finding,
        alt=chart.alt, labels=drawn.labels,
        metadata=footer_of(analysis, sheet).metadata(chart.title, chart.alt),
    )  # fmt: skip


def _size(layout: str, size: tuple[float, float] | None, plain: bool) -> tuple[float, float]:
    if size is not None:
        if not plain:
            raise ArgumentError("only a plain picture takes a size; others take a layout")
        wide, high = size
        if not (72 <= wide <= 5000 and 72 <= high <= 5000):
            raise ArgumentError(f"size {size} must be from 72 to 5,000 points each way")
        return wide, high
    if layout not in LAYOUTS:
        raise ArgumentError(
            f"layout {layout!r} is not one of {', '.join(LAYOUTS)}{near_name(layout, LAYOUTS)}"
        )
    return LAYOUTS[layout]


def _chart(analysis: Analysis, kind: str, look: Look, options: dict[str, Any]) -> Chart:
    maker, taken = _maker(kind), options_of(kind)
    for name in options:
        if name not in taken:
            known = f"takes {', '.join(taken)}" if taken else "takes none"
            raise ArgumentError(f"a picture of kind {kind!r} has no option {name!r}; it {known}")
    return maker(analysis, look, **options)


def options_of(kind: str) -> tuple[str, ...]:
    """Return the names of the options that a kind of picture takes.

    Raises
    ------
    ArgumentError
        If the kind is not known.

    Examples
    --------
    >>> options_of("rose")
    ('site', 'distances')
    """
    parameters = signature(_maker(kind)).parameters
    return tuple(name for name in parameters if name not in ("analysis", "look"))


def _maker(kind: str) -> Maker:
    if kind not in _HOMES:
        raise ArgumentError(
            f"kind of picture {kind!r} is not one of {', '.join(KINDS)}{near_name(kind, KINDS)}"
        )
    module, name = _HOMES[kind].split(":")
    return cast("Maker", getattr(import_module(module), name))
