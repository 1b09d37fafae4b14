"""Legends, bars and lists beside or under a chart, as blocks of a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import fit, text_size, wrap

__all__ = ["Bar", "Block", "Listing", "Names", "Part", "Pen", "Row", "Rows", "Sketch", "Words"]

HEAD: Final = 8.2
TEXT: Final = 7.6
FINE: Final = 7.1
_BAR_HIGH: Final = 11.6
_INDENT: Final = 16.0

Sketch = Callable[[Sheet, float, float], None]
"""Draws a symbol or a line: its left end and the baseline of the text beside it."""


@dataclass(frozen=True)
class Pen:
    """Where a block stands: its edges, how far down it may go, whether it is only measured."""

    sheet: Sheet
    x0: float
    x1: float
    bottom: float
    draws: bool = True

    @property
    def width(self) -> float:
        """Between its edges."""
        return self.x1 - self.x0

    def text(self, x: float, y: float, text: str, size: float, color: str | None = None,
             **options: Any) -> None:  # fmt: skip
        """Write a line, unless it is only measured."""
        if self.draws:
            self.sheet.text(x, y, text, size, color, **options)

    def heading(self, y: float, text: str) -> float:
        """Write a heading under a fine line; return the next baseline."""
        if self.draws:
            self.sheet.line(self.x0, self.x1, y, self.sheet.look.theme.rule, 0.7)
        for row in wrap(text, self.width, HEAD, bold=True, lines=2):
            y -= 1.25 * HEAD
            self.text(self.x0, y, row, HEAD, bold=True)
        return y - 12.0


class Block(Protocol):
    """Something that stands in a column."""

    @property
    def title(self) -> str:
        """Its heading."""

    @property
    def stretches(self) -> bool:
        """Whether it takes what room is left, instead of standing whole or not at all."""

    def run(self, pen: Pen, y: float) -> float:
        """Draw from a height down and return the height reached; the same if it has nothing."""


@dataclass(frozen=True)
class Row:
    """A line of a legend: a symbol or none, a text, and a number at the right."""

    text: str
    value: str = ""
    sketch: Sketch | None = None
    color: str | None = None
    strong: bool = True


@dataclass(frozen=True)
class Rows:
    """A legend, or facts with their numbers."""

    title: str
    rows: Sequence[Row]
    indent: float = _INDENT
    stretches: bool = False

    def run(self, pen: Pen, y: float) -> float:
        """As of `Block`."""
        if not self.rows:
            return y
        y = pen.heading(y, self.title) if self.title else y - 9.0
        before = self.indent if any(row.sketch for row in self.rows) else 0.0
        for row in self.rows:
            y = self._row(pen, row, y, before)
        return y + 5

    def _row(self, pen: Pen, row: Row, y: float, before: float) -> float:
        if row.sketch is not None and pen.draws:
            row.sketch(pen.sheet, pen.x0, y)
        wide = text_size(row.value, 8.6, bold=row.strong)[0] + 6 if row.value else 0.0
        pen.text(pen.x1, y, row.value, 8.6, None if row.strong else pen.sheet.muted,
                 bold=row.strong, align="right")  # fmt: skip
        for line in wrap(row.text, pen.width - before - wide, TEXT, lines=2):
            pen.text(pen.x0 + before, y, line, TEXT, row.color)
            y -= 9.4
        return y - 1.8


@dataclass(frozen=True)
class Part:
    """A part of a bar; without a colour it is hollow."""

    value: float
    shown: str
    color: str | None


@dataclass(frozen=True)
class Bar:
    """One bar of parts with their numbers inside; a small part is wide enough for its number."""

    title: str
    parts: Sequence[Part]
    note: str = ""
    stretches: bool = False

    def run(self, pen: Pen, y: float) -> float:
        """As of `Block`."""
        total = sum(part.value for part in self.parts)
        if total <= 0:
            return y
        y = pen.heading(y, self.title) - 3.0
        x = pen.x0
        for part, wide in zip(self.parts, self._widths(pen.width, total), strict=True):
            if pen.draws and wide:
                self._part(pen.sheet, part, x, y, wide)
            x += wide
        y -= 5.0
        for line in wrap(self.note, pen.width, FINE, lines=3):
            y -= 0.75 * FINE
            pen.text(pen.x0, y, line, FINE, pen.sheet.muted)
            y -= 0.5 * FINE
        return y

    def _part(self, sheet: Sheet, part: Part, x: float, y: float, wide: float) -> None:
        theme = sheet.look.theme
        hollow = part.color is None
        edge = theme.muted if part.color is None else theme.paper
        sheet.block(x, y, wide, _BAR_HIGH, part.color or theme.paper, edge=edge)
        color = theme.ink if part.color is None else theme.on(part.color)
        sheet.text(x + wide / 2, y + 3.2, part.shown, TEXT, color, bold=not hollow, align="center")

    def _widths(self, width: float, total: float) -> list[float]:
        least = [
            text_size(part.shown, TEXT, bold=True)[0] + 5 if part.value else 0.0
            for part in self.parts
        ]
        slim = [p.value / total * width < m for p, m in zip(self.parts, least, strict=True)]
        room = width - sum(m for m, one in zip(least, slim, strict=True) if one)
        rest = sum(p.value for p, one in zip(self.parts, slim, strict=True) if not one)
        return [
            m if one else p.value / max(rest, 1e-12) * max(room, 0.0)
            for p, m, one in zip(self.parts, least, slim, strict=True)
        ]


@dataclass(frozen=True)
class Listing:
    """Rows with a value each; one after the other in lines of text where there is no room."""

    title: str
    rows: Sequence[tuple[str, str]]
    stretches: bool = True

    def run(self, pen: Pen, y: float) -> float:
        """As of `Block`."""
        room = int((y - 26 - pen.bottom) / 9.6)
        if not self.rows:
            return y
        if room < len(self.rows):
            return Names(self.title, [f"{text} {value}" for text, value in self.rows]).run(pen, y)
        y = pen.heading(y, f"{self.title}: {len(self.rows):,}")
        for text, value in self.rows:
            wide = text_size(value, FINE, bold=True)[0]
            pen.text(pen.x0, y, fit(text, pen.width - wide - 6, FINE), FINE)
            pen.text(pen.x1, y, value, FINE, bold=True, align="right")
            y -= 9.6
        return y + 6


@dataclass(frozen=True)
class Names:
    """Names one after the other, as many as there is room for."""

    title: str
    names: Sequence[str]
    stretches: bool = True

    def run(self, pen: Pen, y: float) -> float:
        """As of `Block`."""
        room = min(int((y - 22 - pen.bottom) / 9.0), 80)
        if not self.names or room < 2:
            return y
        y = pen.heading(y, f"{self.title}: {len(self.names):,}")
        for line in self._lines(pen.width, room):
            pen.text(pen.x0, y, line, FINE)
            y -= 9.0
        return y + 5

    def _lines(self, width: float, room: int) -> list[str]:
        """Return the names in lines; those that have no room are counted."""
        kept = len(self.names)
        lines = wrap(", ".join(self.names), width, FINE)
        while len(lines) > room and kept:
            kept -= 1
            more = len(self.names) - kept
            lines = wrap(f"{', '.join(self.names[:kept])}, and {more} more", width, FINE)
        return lines[:room]


@dataclass(frozen=True)
class Words:
    """A short text under a heading."""

    title: str
    text: str
    stretches: bool = False

    def run(self, pen: Pen, y: float) -> float:
        """As of `Block`."""
        if not self.text:
            return y
        y = pen.heading(y, self.title) if self.title else y - 9.0
        for line in wrap(self.text, pen.width, FINE, lines=8):
            pen.text(pen.x0, y, line, FINE)
            y -= 9.0
        return y + 6
