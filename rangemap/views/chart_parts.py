"""What charts share: texts spread along a line, and a key of symbols that wraps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import fit, text_size

_GAP: Final = 14.0  # between two entries of a key


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres for things along a line, in order and apart, as near as can be to a wish.

    The sum of the squared shifts is the least there is (isotonic regression).

    Parameters
    ----------
    wanted : sequence of float
        Where each wants its centre, rising.
    sizes : sequence of float
        Their extents along the line.
    low, high : float
        Between which all must lie; from ``low`` on if the room is too small for all.

    Examples
    --------
    >>> spread([5, 5, 20], [4, 4, 4], 0, 30)
    [3.0, 7.0, 20.0]
    >>> spread([29, 29], [4, 4], 0, 30)
    [24.0, 28.0]
    """
    if not len(wanted):
        return []
    size = np.asarray(sizes, dtype=float)
    offset = np.concatenate([[0.0], np.cumsum((size[:-1] + size[1:]) / 2)])
    blocks: list[tuple[float, int]] = []  # mean and length of runs that touch
    for value in np.asarray(wanted, dtype=float) - offset:
        mean, count = float(value), 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        blocks.append((mean, count))
    settled = np.concatenate([np.full(count, mean) for mean, count in blocks])
    least, most = low + size[0] / 2, high - size[-1] / 2 - offset[-1]
    return [float(value) for value in np.clip(settled, least, max(least, most)) + offset]


@dataclass(frozen=True)
class Entry:
    """One entry of a key.

    Attributes
    ----------
    text : str
        What the symbol means.
    width : float
        Points that the symbol takes, without the gap to the text.
    draw : callable
        Takes the left end of the symbol and the middle of its height.
    bold : bool
    color : str, optional
        Of the text.
    """

    text: str
    width: float
    draw: Callable[[float, float], None]
    bold: bool = False
    color: str | None = None


def key_rows(entries: Sequence[Entry], width: float, size: float) -> list[list[Entry]]:
    """Return the entries in rows of at most a width in points."""
    rows: list[list[Entry]] = []
    used = 0.0
    for entry in entries:
        need = min(_extent(entry, size), width)
        if rows and used + _GAP + need <= width:
            rows[-1].append(entry)
            used += _GAP + need
        else:
            rows.append([entry])
            used = need
    return rows


def draw_key(
    sheet: Sheet, entries: Sequence[Entry], x: float, y: float, width: float, size: float
) -> float:
    """Draw a key, the first baseline at ``y``; return where the next row would stand."""
    for row in key_rows(entries, width, size):
        at = x
        for entry in row:
            entry.draw(at, y + 0.33 * size)
            before = entry.width + (4.0 if entry.width else 0.0)
            text = fit(entry.text, width - before, size, bold=entry.bold)
            sheet.text(at + before, y, text, size, entry.color, bold=entry.bold)
            at += _extent(entry, size) + _GAP
        y -= 1.5 * size
    return y


def _extent(entry: Entry, size: float) -> float:
    before = entry.width + (4.0 if entry.width else 0.0)
    return before + text_size(entry.text, size, bold=entry.bold)[0]


def nothing(_x: float, _y: float) -> None:
    """Draw no symbol: for an entry that is words alone."""


def counted(number: int, noun: str) -> str:
    """Return a number and its noun, in the singular if it is one.

    Examples
    --------
    >>> counted(1, "capitals"), counted(2000, "capitals")
    ('1 capital', '2,000 capitals')
    """
    return f"{number:,} {noun if number != 1 else noun.removesuffix('s')}"


def nice_step(most: float, steps: int) -> float:
    """Return a round step that divides a length into about so many.

    Examples
    --------
    >>> nice_step(5500, 6), nice_step(280, 6)
    (1000.0, 50.0)
    """
    rough = most / max(1, steps)
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(k * power for k in (1, 2, 2.5, 5, 10) if k * power >= rough * 0.999))
