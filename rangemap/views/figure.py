"""The briefing image: one page with a map, the numbers and all that a reader must know.

The figure is drawn with matplotlib's objects alone; neither pyplot nor global settings
are touched. The same analysis gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import geopandas
from matplotlib import rc_context, rcParamsDefault
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rangemap.analysis import Analysis, Comparison, Scenario, as_analysis
from rangemap.errors import ArgumentError
from rangemap.views import style
from rangemap.views.figure_map import draw_map
from rangemap.views.figure_page import MAP, PAGE, Sheet, draw_footer, draw_header, draw_panel
from rangemap.views.labels import FONT, clean_text
from rangemap.writing import write_whole

__all__ = ["FORMATS", "draw_figure", "plot", "save_figure"]

FORMATS: Final = ("png", "svg", "pdf")
DPI: Final = 300
_SETTINGS: Final[dict[str, Any]] = {
    "font.family": [FONT],
    "svg.fonttype": "none",
    "svg.hashsalt": "rangemap",
    "pdf.fonttype": 42,
    "pdf.compression": 9,
    "path.simplify": True,
    "text.usetex": False,
    "axes.unicode_minus": True,
    "figure.dpi": 100,
    "savefig.dpi": DPI,
    "savefig.bbox": "standard",
}
_OURS: Final = re.compile(
    r"(axes|figure|font|grid|hatch|image|legend|lines|markers|mathtext|patch|path|pdf|savefig|"
    r"svg|text|xaxis|xtick|yaxis|ytick)\."
)
_PATH_DATA: Final = re.compile(r' d="[^"]*"')
_LONG_NUMBER: Final = re.compile(r"(\.\d\d)\d+")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def plot(
    what: Analysis | Comparison | Scenario | geopandas.GeoDataFrame | str | Path,
    ax: Axes | None = None,
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

    Returns
    -------
    matplotlib.axes.Axes
        The axes drawn on.

    Raises
    ------
    ArgumentError
        If `what` is not something to draw.

    Examples
    --------
    >>> ax = plot("europe")
    >>> ax.get_title(loc="left")
    'Europe: capitals within the ranges that the INF Treaty banned'
    """
    analysis = as_analysis(what)
    with _settings():
        if ax is None:
            figure = Figure(figsize=(10, 6.25))
            FigureCanvasAgg(figure)
            ax = figure.add_axes((0.02, 0.05, 0.96, 0.88))
        extent = ax.get_window_extent()
        points = 72 / ax.figure.dpi
        draw_map(ax, analysis, float(extent.width) * points, float(extent.height) * points)
        ax.set_title(
            clean_text(analysis.scenario.title, 90), loc="left", fontsize=11, fontweight="bold",
            color=style.INK, family=FONT, parse_math=False,
        )  # fmt: skip
        ax.set_xlabel(
            f"{style.CREDITS} In range does not mean targeted.\n{style.BORDERS_NOTE}",
            fontsize=5.5, color=style.MUTED, family=FONT, loc="left", parse_math=False,
        )  # fmt: skip
    return ax


def draw_figure(analysis: Analysis) -> Figure:
    """Draw the briefing page: 13.333 x 7.5 inches, map, numbers, legend, caveats.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.

    Returns
    -------
    matplotlib.figure.Figure
        With an Agg canvas; no window, no pyplot.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> draw_figure(analyse("asia-pacific")).get_size_inches().round(3).tolist()
    [13.333, 7.5]
    """
    with _settings():
        figure = Figure(figsize=(PAGE.x1 / 72, PAGE.y1 / 72), facecolor="#ffffff")
        FigureCanvasAgg(figure)
        share = (
            MAP.x0 / PAGE.x1,
            MAP.y0 / PAGE.y1,
            (MAP.x1 - MAP.x0) / PAGE.x1,
            (MAP.y1 - MAP.y0) / PAGE.y1,
        )
        sheet = Sheet(figure.add_axes((0, 0, 1, 1)))
        axes = figure.add_axes(share)
        drawn = draw_map(axes, analysis, MAP.x1 - MAP.x0, MAP.y1 - MAP.y0)
        draw_header(sheet, analysis, drawn)
        draw_panel(sheet, analysis, drawn)
        draw_footer(sheet, analysis, drawn)
    return figure


def save_figure(analysis: Analysis, stem: Path, formats: Sequence[str] = FORMATS) -> list[Path]:
    """Write the briefing page: PNG at 300 dpi, SVG with text as text, PDF with its fonts.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    stem : pathlib.Path
        Path without suffix.
    formats : sequence of str, default ("png", "svg", "pdf")
        Any of these.

    Returns
    -------
    list of pathlib.Path
        The files written, in the order of the formats.

    Raises
    ------
    ArgumentError
        If a format is not known.
    OutputError
        If a file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from rangemap.analysis import analyse
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in save_figure(analyse("europe"), Path(folder, "map"), ["svg"])]
    ['map.svg']
    """
    for name in formats:
        if name not in FORMATS:
            raise ArgumentError(f"figure format {name!r} is not one of {', '.join(FORMATS)}")
    figure = draw_figure(analysis)
    written = []
    for name in formats:
        path = stem.with_name(f"{stem.name}.{name}")
        page = io.BytesIO()
        with _settings():
            figure.savefig(page, format=name, dpi=DPI, metadata=_metadata(analysis, name))
        content = page.getvalue()
        write_whole(path, _finished_svg(content.decode("utf-8")) if name == "svg" else content)
        written.append(path)
    return written


def _metadata(analysis: Analysis, name: str) -> dict[str, Any]:
    """Return what a file says about itself: never the clock."""
    title = clean_text(analysis.scenario.title, 200)
    made = clean_text(style.provenance(analysis.scenario), 200)
    about = " ".join(clean_text(text, 1000) for text in style.caveats(analysis.scenario))
    if name == "png":
        return {"Title": _latin(title), "Description": _latin(about), "Software": _latin(made)}
    if name == "svg":
        return {"Title": title, "Description": about, "Creator": made, "Date": None}
    return {
        "Title": title,
        "Subject": about,
        "Creator": made,
        "Producer": "matplotlib",
        "CreationDate": None,
    }


def _latin(text: str) -> str:
    """PNG text chunks hold Latin-1."""
    return text.encode("latin-1", "replace").decode("latin-1")


def _finished_svg(text: str) -> str:
    """Name fonts of like widths for readers without ours; drop what XML forbids."""
    text = text.replace(f"'{FONT}'", f"'{FONT}', Verdana, sans-serif")
    text = text.replace(
        f"'{FONT}', Verdana, sans-serif, sans-serif", f"'{FONT}', Verdana, sans-serif"
    )
    # Two decimals of a point are finer than any printer and halve the file.
    text = _PATH_DATA.sub(lambda match: _LONG_NUMBER.sub(r"\1", match.group()), text)
    return _CONTROL.sub("", text).replace("\r\n", "\n")


@contextmanager
def _settings() -> Iterator[None]:
    """Draw as if no user settings existed, and leave them as they were."""
    defaults = {key: value for key, value in rcParamsDefault.items() if _OURS.match(key)}
    with rc_context(cast("Any", defaults | _SETTINGS)):
        yield
