"""How a picture looks on a screen, on a dark slide and on a printer without colours."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import Final

from matplotlib.colors import to_hex, to_rgb

from rangemap.errors import ArgumentError, near_name

__all__ = ["DARK", "LIGHT", "PRINT", "THEMES", "Theme", "theme_of"]

_GREYS: Final = ("#111111", "#5a5a5a", "#8a8a8a", "#333333")
_HATCHES: Final = ("", "////", "....", "xxxx")


@dataclass(frozen=True)
class Theme:
    """The colours of a picture's ground, text and data.

    Attributes
    ----------
    name : str
        "light", "dark" or "print".
    paper, ink, muted, rule : str
        Background, text, small print and fine lines, as "#rrggbb".
    land, sea, coast, border, graticule : str
        The ground of a map.
    fill_alpha : float
        Opacity of a footprint's fill.
    grey : bool
        No colours: sides differ by grey, hatching, line and symbol.
    """

    name: str
    paper: str
    ink: str
    muted: str
    rule: str
    land: str
    sea: str
    coast: str
    border: str
    graticule: str
    fill_alpha: float
    grey: bool = False

    @property
    def dark(self) -> bool:
        """Whether text is lighter than its ground."""
        return _luminance(self.paper) < 0.2

    def data(self, color: str, order: int = 0) -> str:
        """Return a data colour as this theme shows it, at least 3 to 1 against the paper.

        Parameters
        ----------
        color : str
            The colour on white paper, "#rrggbb".
        order : int, default 0
            Which of several it is; the greys of the print theme go by it.

        Examples
        --------
        >>> LIGHT.data("#1f5fa8"), PRINT.data("#1f5fa8", 1)
        ('#1f5fa8', '#5a5a5a')
        >>> contrast(DARK.data("#1f5fa8"), DARK.paper) >= 3
        True
        """
        if self.grey:
            return _GREYS[order % len(_GREYS)]
        hue, light, strong = colorsys.rgb_to_hls(*to_rgb(color))
        step = 0.02 if self.dark else -0.02
        least = 5.5 if self.dark else 3.2  # thin lines and small names glow less than they print
        while contrast(_hex(hue, light, strong), self.paper) < least and 0 < light < 1:
            light = min(max(light + step, 0.0), 1.0)
        return _hex(hue, light, strong)

    def hatch(self, order: int) -> str:
        """Return matplotlib's hatching of the fill of one of several sides; mostly none."""
        return _HATCHES[order % len(_HATCHES)] if self.grey else ""

    def on(self, color: str) -> str:
        """Return the colour of text on a filled shape.

        Examples
        --------
        >>> LIGHT.on("#4a148c"), DARK.on("#f2d16b")
        ('#ffffff', '#16191d')
        """
        dark = "#000000" if self.grey else "#16191d"
        return "#ffffff" if contrast("#ffffff", color) >= contrast(dark, color) else dark


LIGHT: Final = Theme(
    "light", paper="#ffffff", ink="#20262c", muted="#5b6670", rule="#c9d1d8",
    land="#f4efe6", sea="#e3edf5", coast="#8a98a5", border="#b3a999", graticule="#c3d0da",
    fill_alpha=0.17,
)  # fmt: skip
DARK: Final = Theme(
    "dark", paper="#12171d", ink="#eef2f5", muted="#a7b3bd", rule="#3b4752",
    land="#2b333b", sea="#1a222b", coast="#5d6b78", border="#4d5863", graticule="#2f3b47",
    fill_alpha=0.24,
)  # fmt: skip
PRINT: Final = Theme(
    "print", paper="#ffffff", ink="#000000", muted="#444444", rule="#bbbbbb",
    land="#f3f3f3", sea="#ffffff", coast="#777777", border="#aaaaaa", graticule="#dddddd",
    fill_alpha=0.16, grey=True,
)  # fmt: skip
THEMES: Final = {theme.name: theme for theme in (LIGHT, DARK, PRINT)}


def theme_of(name: str | Theme) -> Theme:
    """Return a theme by its name.

    Raises
    ------
    ArgumentError
        If there is no such theme.

    Examples
    --------
    >>> theme_of("dark").dark
    True
    """
    if isinstance(name, Theme):
        return name
    if name not in THEMES:
        raise ArgumentError(
            f"theme {name!r} is not one of {', '.join(THEMES)}{near_name(name, THEMES)}"
        )
    return THEMES[name]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(color)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _hex(hue: float, light: float, strong: float) -> str:
    return str(to_hex(colorsys.hls_to_rgb(hue, light, strong)))
