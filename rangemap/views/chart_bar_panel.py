"""A panel of stacked bars with its numbers: true to scale, small parts numbered underneath."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.views.chart_parts import Entry, draw_key, key_rows, spread
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box, fit, text_size, wrap

_BAR: Final = 1.55  # of the size of text
_LABEL: Final = 1.3
_UNDER: Final = 1.15
_GAP: Final = 0.75
MARGINAL_HATCH: Final = "//////"


@dataclass(frozen=True)
class Part:
    """One part of a bar.

    Attributes
    ----------
    value : float
        Its extent.
    text : str
        The number; empty for none.
    color, hatch : str
        Of its fill.
    """

    value: float
    text: str
    color: str
    hatch: str = ""


@dataclass(frozen=True)
class Bar:
    """One bar; of ``labels`` and ``asides``, longest first, the first that have room are set."""

    labels: Sequence[str]
    color: str
    parts: Sequence[Part]
    asides: Sequence[str] = ()


@dataclass(frozen=True)
class Swatch:
    """One entry of a panel's key."""

    text: str
    color: str
    hatch: str = ""


@dataclass(frozen=True)
class BarPanel:
    """Bars on one scale, under a title."""

    name: str
    title: str
    bars: Sequence[Bar]
    swatches: Sequence[Swatch] = ()

    def height(self, sheet: Sheet, width: float, size: float, thick: float = 1.0) -> float:
        """Return how high the panel is at a width, size of text and thickness, in points."""
        return self._head(sheet, width, size) + sum(
            self._bar_height(bar, width, size, thick) for bar in self.bars
        )

    def _head(self, sheet: Sheet, width: float, size: float) -> float:
        rows = len(wrap(self.title, width, size, bold=True, lines=3))
        keys = len(key_rows(self._entries(sheet, size), width, 0.9 * size))
        return size * (0.75 + 1.24 * rows + 1.5 * 0.9 * keys + 0.25)

    def _bar_height(self, bar: Bar, width: float, size: float, thick: float) -> float:
        under = _UNDER if any(self._under(bar, width, size)) else 0.0
        return size * (_LABEL + _BAR * thick + under + _GAP)

    @property
    def _whole(self) -> float:
        return max([sum(part.value for part in bar.parts) for bar in self.bars], default=0.0) or 1.0

    def _under(self, bar: Bar, width: float, size: float) -> list[bool]:
        """Return which parts are too narrow for their number."""
        return [
            bool(part.text)
            and text_size(part.text, size, bold=True)[0] + 5 > part.value / self._whole * width
            for part in bar.parts
        ]

    def draw(self, sheet: Sheet, box: Box, size: float, thick: float = 1.0) -> None:
        """Draw it from the top of a box."""
        width = box.x1 - box.x0
        sheet.line(box.x0, box.x1, box.y1, sheet.look.theme.rule, 0.7)
        y = box.y1 - 1.35 * size
        rows = wrap(self.title, width, size, bold=True, lines=3)
        y = sheet.rows(box.x0, y, rows, size, bold=True) - 0.15 * size
        draw_key(sheet, self._entries(sheet, size), box.x0, y, width, 0.9 * size)
        y = box.y1 - self._head(sheet, width, size)
        for bar in self.bars:
            self._draw_bar(sheet, bar, Box(box.x0, y, box.x1, y), size, thick * _BAR * size)
            y -= self._bar_height(bar, width, size, thick)

    def _entries(self, sheet: Sheet, size: float) -> list[Entry]:
        return [Entry(one.text, 0.8 * size, _painter(sheet, one, size)) for one in self.swatches]

    def _draw_bar(self, sheet: Sheet, bar: Bar, at: Box, size: float, high: float) -> None:
        """Write the label above, the aside on the right, and fill the parts."""
        width, small = at.x1 - at.x0, 0.9 * size
        label, aside = _words(bar, width, size)
        sheet.text(at.x0, at.y1 - size, label, size, bar.color, bold=True)
        sheet.text(at.x1, at.y1 - size, aside, small, sheet.muted, align="right")
        base = at.y1 - size * _LABEL - high
        x = at.x0
        middles = []
        for part in bar.parts:
            extent = part.value / self._whole * width
            if extent > 0:
                edge = sheet.look.theme.paper if extent > 1.5 else "none"
                sheet.block(x, base, extent, high, part.color, hatch=part.hatch, edge=edge)
            middles.append(x + extent / 2)
            x += extent
        under = self._under(bar, width, size)
        for part, middle, below in zip(bar.parts, middles, under, strict=True):
            if part.text and not below:
                _inside(sheet, part, middle, base + high / 2, size)
        low = [
            (part, middle) for part, middle, below in zip(bar.parts, middles, under, strict=True)
            if below
        ]  # fmt: skip
        _underneath(sheet, low, at, base, size)


def _words(bar: Bar, width: float, size: float) -> tuple[str, str]:
    """Return the longest label and aside that stand on one line."""
    for label in bar.labels:
        room = width - text_size(label, size, bold=True)[0] - 8
        for aside in (*bar.asides, *([] if bar.asides else [""])):
            if text_size(aside, 0.9 * size)[0] <= room:
                return label, aside
    return fit(bar.labels[-1], width, size, bold=True), ""


def _inside(sheet: Sheet, part: Part, middle: float, level: float, size: float) -> None:
    """Write a number on its part, on a plain ground where the part is hatched."""
    extent = text_size(part.text, size, bold=True)[0] + 3
    if part.hatch:
        sheet.block(middle - extent / 2, level - 0.6 * size, extent, 1.2 * size, part.color)
    color = sheet.look.theme.on(part.color)
    sheet.text(middle, level - 0.34 * size, part.text, size, color, bold=True, align="center")


def _underneath(
    sheet: Sheet, parts: Sequence[tuple[Part, float]], at: Box, base: float, size: float
) -> None:
    """Write the numbers of narrow parts under the bar, apart from each other."""
    small = 0.95 * size
    wide = [text_size(part.text, small, bold=True)[0] + 4 for part, _ in parts]
    places = spread([middle for _, middle in parts], wide, at.x0, at.x1)
    y = base - 0.97 * size
    for (part, middle), place in zip(parts, places, strict=True):
        sheet.text(place, y, part.text, small, sheet.ink, bold=True, align="center")
        points = [(middle, base + 0.25 * size), (middle, base), (place, y + 0.76 * size)]
        sheet.path(points, sheet.ink, 0.5)


def _painter(sheet: Sheet, one: Swatch, size: float) -> Callable[[float, float], None]:
    return lambda x, y: _swatch(sheet, one, x, y, size)


def _swatch(sheet: Sheet, one: Swatch, x: float, y: float, size: float) -> None:
    side = 0.78 * size
    edge = sheet.look.theme.paper if one.hatch else "none"
    sheet.block(x, y - side / 2, side, side, one.color, hatch=one.hatch, edge=edge)
