"""A page to draw on: a transparent axes in points, in the colours of a theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rangemap.views.figure_marks import symbol
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import Box
from rangemap.views.theme import LIGHT, Theme
from rangemap.views.units import KM, Units

Align = Literal["left", "center", "right"]
_ABOVE_AXES: Final = 5.0


@dataclass(frozen=True)
class Look:
    """How a picture shows things: its colours and its unit of length."""

    theme: Theme = LIGHT
    units: Units = KM


@dataclass(frozen=True)
class Drawn:
    """What the drawing of a chart found out.

    Attributes
    ----------
    labels : dict
        What was named and what found no room, for the manifest; ready for JSON.
    notes : tuple of str
        Sentences that the small print must carry besides.
    """

    labels: dict[str, Any]
    notes: tuple[str, ...] = ()


class Chart(Protocol):
    """One kind of picture of one analysis, ready to be drawn into any rectangle."""

    @property
    def title(self) -> str:
        """The heading."""

    @property
    def finding(self) -> str:
        """One sentence that leads, with its numbers."""

    @property
    def beside(self) -> str:
        """What stands under it in smaller type; may be empty."""

    @property
    def alt(self) -> str:
        """What the picture shows, for those who cannot see it, with the finding's numbers."""

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw it into a rectangle of the sheet, in points."""


class Sheet:
    """A transparent axes over the page, in points, that text and symbols are written on."""

    def __init__(self, figure: Figure, look: Look) -> None:
        self.figure = figure
        self.look = look
        wide, high = (float(inches) * 72 for inches in figure.get_size_inches())
        self.page = Box(0.0, 0.0, wide, high)
        self.axes: Axes = figure.add_axes((0, 0, 1, 1), zorder=_ABOVE_AXES)
        self.axes.patch.set_visible(False)
        self.axes.set_xlim(0, wide)
        self.axes.set_ylim(0, high)
        self.axes.set_axis_off()

    @property
    def ink(self) -> str:
        """The colour of text."""
        return self.look.theme.ink

    @property
    def muted(self) -> str:
        """The colour of small print."""
        return self.look.theme.muted

    def axes_at(self, box: Box, *, above: float = 0.0) -> Axes:
        """Return new axes in a rectangle of the page, under the text."""
        wide, high = self.page.x1, self.page.y1
        share = (
            box.x0 / wide,
            box.y0 / high,
            (box.x1 - box.x0) / wide,
            (box.y1 - box.y0) / high,
        )
        return self.figure.add_axes(share, zorder=above)

    def text(
        self, x: float, y: float, text: str, size: float, color: str | None = None,
        *, bold: bool = False, align: Align = "left", turn: float = 0.0, gid: str | None = None,
    ) -> None:  # fmt: skip
        """Write one line with its baseline at y; ``turn`` degrees against the clock."""
        self.axes.text(
            x, y, text, fontsize=size, color=color or self.ink, family=FAMILY, ha=align,
            va="baseline", weight="bold" if bold else "normal", parse_math=False, rotation=turn,
            rotation_mode="anchor", gid=gid,
        )  # fmt: skip

    def rows(
        self, x: float, y: float, lines: Sequence[str], size: float, color: str | None = None,
        *, step: float = 1.24, bold: bool = False, align: Align = "left",
    ) -> float:  # fmt: skip
        """Write lines, the first baseline at y; return where the next would stand."""
        for line in lines:
            self.text(x, y, line, size, color, bold=bold, align=align)
            y -= step * size
        return y

    def line(
        self, x0: float, x1: float, y: float, color: str, width: float, dashes: Any = "solid"
    ) -> None:
        """Draw a level line."""
        self.path([(x0, y), (x1, y)], color, width, dashes)

    def path(
        self, points: Sequence[tuple[float, float]], color: str, width: float,
        dashes: Any = "solid", *, gid: str | None = None,
    ) -> None:  # fmt: skip
        """Draw a line through points."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        self.axes.plot(
            xs, ys, color=color, linewidth=width, linestyle=dashes, gid=gid,
            solid_capstyle="butt", dash_capstyle="butt",
        )  # fmt: skip

    def mark(
        self, x: float, y: float, marker: str, color: str, size: float, filled: bool,
        half: bool = False,
    ) -> None:  # fmt: skip
        """Draw a symbol."""
        paper = self.look.theme.paper
        options = symbol(marker, color, size, filled=filled, half=half, paper=paper)
        self.axes.plot([x], [y], **options)

    def block(
        self, x: float, y: float, width: float, height: float, color: str, *, hatch: str = "",
        edge: str = "none", gid: str | None = None,
    ) -> None:  # fmt: skip
        """Fill a rectangle."""
        self.axes.add_patch(
            Rectangle(
                (x, y), width, height, facecolor=color, edgecolor=edge, hatch=hatch or None,
                linewidth=0.5 if edge != "none" else 0.0, gid=gid,
            )
        )  # fmt: skip
