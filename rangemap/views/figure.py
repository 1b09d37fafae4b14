"""The map of a scenario in a matplotlib axes of the caller's, or in a new one."""

from __future__ import annotations

from pathlib import Path

import geopandas
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rangemap.analysis import Analysis, Comparison, Scenario, as_analysis
from rangemap.views import style
from rangemap.views.figure_map import draw_map
from rangemap.views.figure_sheet import Look
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import clean_text
from rangemap.views.picture_files import settings
from rangemap.views.theme import Theme, theme_of
from rangemap.views.units import Units, units_of

__all__ = ["plot"]


def plot(
    what: Analysis | Comparison | Scenario | geopandas.GeoDataFrame | str | Path,
    ax: Axes | None = None,
    *,
    theme: str | Theme = "light",
    units: str | Units = "km",
) -> Axes:
    """Draw the map of a scenario, of bands or of a comparison.

    Parameters
    ----------
    what : Analysis, Comparison, Scenario, geopandas.GeoDataFrame, str or pathlib.Path
        What to draw; bands must come from `range_bands`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; its limits are set to kilometres of a Lambert azimuthal
        equal-area projection. By default a new figure of 10 x 6 inches, which is the
        returned ``ax.figure``.
    theme : {"light", "dark", "print"}, default "light"
        Colours.
    units : {"km", "mi", "nmi"}, default "km"
        Of distances; the treaty's own limits stay in km, with the unit beside.

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    ArgumentError
        If `what` is not something to draw, or a theme or unit is not known.

    Examples
    --------
    >>> ax = plot("europe")
    >>> ax.get_title(loc="left")
    'Europe: capitals within the ranges that the INF Treaty banned'
    """
    look = Look(theme_of(theme), units_of(units))
    analysis = as_analysis(what)
    with settings():
        if ax is None:
            figure = Figure(figsize=(10, 6.25), facecolor=look.theme.paper)
            FigureCanvasAgg(figure)
            ax = figure.add_axes((0.02, 0.05, 0.96, 0.88))
        extent = ax.get_window_extent()
        points = 72 / ax.figure.dpi
        draw_map(ax, analysis, float(extent.width) * points, float(extent.height) * points, look)
        ax.set_title(
            clean_text(analysis.scenario.title, 90), loc="left", fontsize=12, fontweight="bold",
            color=look.theme.ink, family=FAMILY, parse_math=False,
        )  # fmt: skip
        ax.set_xlabel(
            f"{style.CREDITS} In range does not mean targeted.\n{style.BORDERS_NOTE}",
            fontsize=6, color=look.theme.muted, family=FAMILY, loc="left", parse_math=False,
        )  # fmt: skip
    return ax
