"""Symbols of figures, as matplotlib draws them."""

from __future__ import annotations

from typing import Any, Final

_BULK: Final = {"s": 0.88, "D": 0.8, "X": 1.05, "*": 1.45, "P": 1.05}


def symbol(
    marker: str, color: str, size: float, *, filled: bool, half: bool = False,
    paper: str = "#ffffff",
) -> dict[str, Any]:  # fmt: skip
    """Return the options of `Axes.plot` for one kind of symbol; a marginal one is half filled.

    Parameters
    ----------
    marker : str
        Of matplotlib.
    color, paper : str
        Of the symbol, and of what shows inside a hollow one.
    size : float
        Diameter in points; shapes are scaled so that they look alike.
    filled, half : bool
        Filled, hollow, or filled on the left.

    Examples
    --------
    >>> symbol("s", "#1f5fa8", 4, filled=False)["markerfacecolor"]
    '#ffffff'
    """
    if half:
        return {
            "linestyle": "none",
            "marker": marker,
            "markersize": size * 1.12,
            "fillstyle": "left",
            "markerfacecolor": color,
            "markerfacecoloralt": paper,
            "markeredgecolor": color,
            "markeredgewidth": max(0.6, size * 0.11),
        }
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": size * _BULK.get(marker, 1.0),
        "markerfacecolor": color if filled else paper,
        "markeredgecolor": paper if filled else color,
        "markeredgewidth": 0.45 if filled else max(0.7, size * 0.13),
    }
