"""Shares of countries' areas in range as a dot plot, with the numbers in columns beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.views.chart_bar_rows import Country
from rangemap.views.chart_parts import Entry, draw_key, key_rows
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box, fit, text_size, wrap

_PITCH: Final = 1.5  # of the size of text
_MARKERS: Final = ("o", "s", "D", "^", "v", "P")
_MOST_COLUMNS: Final = 4
_LEAST_PLOT: Final = 60.0
_GOOD_PLOT: Final = 90.0
_SMALLER: Final = 0.84  # of the size, for names that are long
LEAST_ROWS: Final = 6
MOST_ROWS: Final = 20


@dataclass(frozen=True)
class Dots:
    """How a coalition is shown: id, name, colour."""

    key: str
    name: str
    color: str


@dataclass(frozen=True)
class CountryPanel:
    """One row for each country, one dot for each coalition that it is not a member of."""

    title: str
    countries: Sequence[Country]
    dots: Sequence[Dots]
    name: str = "countries"

    def height(self, sheet: Sheet, width: float, size: float, rows: int) -> float:
        """Return how high the panel is with so many rows, in points."""
        return self._head(sheet, width, size) + rows * _PITCH * size

    def rows_in(self, sheet: Sheet, width: float, height: float, size: float) -> int:
        """Return how many rows have room."""
        rows = int((height - self._head(sheet, width, size)) / (_PITCH * size))
        return max(0, min(rows, MOST_ROWS, len(self.countries)))

    def numbered(self, width: float, size: float) -> bool:
        """Return whether the numbers have room beside the dots."""
        return self._columns(width - self._names(width, size), size) > 0

    def _names(self, width: float, size: float) -> float:
        longest = max((text_size(one.name, size)[0] for one in self.countries), default=0.0)
        numbers = len(self.dots) * (text_size(">99%", 0.9 * size)[0] + 6)
        return min(longest, max(0.36 * width, width - numbers - 14 - _GOOD_PLOT))

    def _head(self, sheet: Sheet, width: float, size: float) -> float:
        rows = len(wrap(self.title, width, size, bold=True, lines=3))
        keys = len(key_rows(self._entries(sheet, size), width, 0.9 * size))
        return size * (0.75 + 1.24 * rows + 1.35 * keys + 1.6)

    def _entries(self, sheet: Sheet, size: float) -> list[Entry]:
        found = []
        for number, dot in enumerate(self.dots):
            marker = _MARKERS[number % len(_MARKERS)]

            def draw(x: float, y: float, marker: str = marker, color: str = dot.color) -> None:
                sheet.mark(x + 0.3 * size, y, marker, color, 0.62 * size, True)

            found.append(Entry(dot.name, 0.6 * size, draw, color=dot.color))
        return found

    def draw(self, sheet: Sheet, box: Box, size: float) -> None:
        """Draw as many rows as its countries from the top of a box, spread over its height."""
        width, small = box.x1 - box.x0, 0.9 * size
        sheet.line(box.x0, box.x1, box.y1, sheet.look.theme.rule, 0.7)
        y = box.y1 - 1.35 * size
        rows = wrap(self.title, width, size, bold=True, lines=3)
        y = sheet.rows(box.x0, y, rows, size, bold=True) - 0.15 * size
        draw_key(sheet, self._entries(sheet, size), box.x0, y, width, small)
        head = box.y1 - self._head(sheet, width, size)
        pitch = min((head - box.y0) / max(1, len(self.countries)), 1.5 * _PITCH * size)
        names = self._names(width, size)
        columns = self._columns(width - names, size)
        used = columns * (text_size(">99%", small)[0] + 6)
        plot = (box.x0 + names + 9, box.x1 - used - (5 if columns else 6))
        self._scale(sheet, plot, head, head - pitch * len(self.countries), small)
        for number, country in enumerate(self.countries):
            middle = head - (number + 0.5) * pitch
            whole = text_size(country.name, size)[0] <= names
            type_size = size if whole else _SMALLER * size
            name = fit(country.name, names, type_size)
            sheet.text(box.x0, middle - 0.34 * type_size, name, type_size)
            self._row(sheet, country, plot, middle, size)
            for column in range(columns):
                dot = self.dots[column]
                x = box.x1 - (columns - 1 - column) * used / columns
                text, color = _percent(country.shares.get(dot.key)), dot.color
                if country.shares.get(dot.key) is None:
                    color = sheet.muted
                sheet.text(x, middle - 0.31 * small, text, small, color, align="right")

    def _columns(self, width: float, size: float) -> int:
        """Return how many columns of numbers have room beside the plot: all or none."""
        need = len(self.dots) * (text_size(">99%", 0.9 * size)[0] + 6)
        fits = len(self.dots) <= _MOST_COLUMNS and width - need - 14 >= _LEAST_PLOT
        return len(self.dots) if fits else 0

    def _scale(
        self, sheet: Sheet, plot: tuple[float, float], top: float, base: float, size: float
    ) -> None:
        """Draw the lines of the scale, with its numbers above."""
        wide = plot[1] - plot[0]
        steps = (0, 25, 50, 75, 100) if wide > 26 * size / 2 else (0, 50, 100)
        for percent in steps:
            x = plot[0] + percent / 100 * wide
            sheet.path([(x, base), (x, top)], sheet.look.theme.rule, 0.6)
            text = f"{percent}%" if percent in (0, 100) else f"{percent}"
            sheet.text(x, top + 0.3 * size, text, 0.9 * size, sheet.muted, align="center")

    def _row(
        self, sheet: Sheet, country: Country, plot: tuple[float, float], y: float, size: float
    ) -> None:
        wide = plot[1] - plot[0]
        there = [
            (number, dot, share)
            for number, dot in enumerate(self.dots)
            if (share := country.shares.get(dot.key)) is not None
        ]
        xs = [plot[0] + min(share, 1.0) * wide for _, _, share in there]
        if len(xs) > 1 and max(xs) - min(xs) > 1:
            sheet.line(min(xs), max(xs), y, sheet.muted, 1.4)
        # Dots at one place stay visible beside each other.
        off = 0.22 * size
        for (number, dot, _), x in zip(there, xs, strict=True):
            up = (len(self.dots) - 1) / 2 - number
            marker = _MARKERS[number % len(_MARKERS)]
            sheet.mark(x, y + up * off, marker, dot.color, 0.62 * size, True)


def _percent(share: float | None) -> str:
    """Return a share for readers, never rounded to all or nothing.

    Examples
    --------
    >>> [_percent(share) for share in (None, 0.0, 0.001, 0.5, 0.999, 1.0)]
    ['own', '0%', '<1%', '50%', '>99%', '100%']
    """
    if share is None:
        return "own"
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1 - 1e-6:
        return ">99%"
    return f"{share:.0%}"
