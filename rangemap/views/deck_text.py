"""Text on slides: measured before it is set, with the scripts of each run told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools.agl import toUnicode
from fontTools.ttLib import TTFont
from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, findfont
from pptx.oxml.ns import qn
from pptx.util import Pt

__all__ = ["LANGUAGE", "LINE", "Ruler", "add_runs", "runs_of", "set_language"]

LANGUAGE: Final = "en-GB"
LINE: Final = 1.2
"""Height of a line, in sizes of its text."""

_WIDE: Final = "DejaVu Sans"  # wider than the usual faces of slides: what fits it fits them
_SAFE: Final = 1.01  # programs round widths, each in its way
_EAST: Final = (
    (0x1100, 0x11FF), (0x2E80, 0x303F), (0x3040, 0x30FF), (0x3130, 0x318F), (0x31F0, 0x31FF),
    (0x3200, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xF900, 0xFAFF),
    (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF),
)  # fmt: skip
_KANA: Final = ((0x3040, 0x30FF), (0x31F0, 0x31FF))
_HANGUL: Final = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))
_FACES: Final = {
    "zh-CN": "Microsoft YaHei",
    "ja-JP": "Yu Gothic",
    "ko-KR": "Malgun Gothic",
}


def _in(character: str, ranges: Sequence[tuple[int, int]]) -> bool:
    code = ord(character)
    return any(low <= code <= high for low, high in ranges)


@cache
def _any_widths(bold: bool) -> dict[str, float]:
    """Return the widths of characters in a face that is wider than most, in sizes of the text."""
    path = findfont(FontProperties(family=_WIDE, weight="bold" if bold else "normal"))
    with TTFont(path, lazy=True) as font:
        widths, per_em = font["hmtx"], font["head"].unitsPerEm
        return {chr(code): widths[name][0] / per_em for code, name in font.getBestCmap().items()}


@cache
def _arial_widths(bold: bool) -> dict[str, float]:
    """Return the widths of Helvetica, which are those of Arial and Liberation Sans."""
    name = "Helvetica-Bold.afm" if bold else "Helvetica.afm"
    text = (Path(get_data_path()) / "fonts" / "pdfcorefonts" / name).read_text(encoding="latin-1")
    found = re.findall(r"WX (\d+) ; N (\w+) ;", text)
    return {toUnicode(glyph): int(width) / 1000 * _SAFE for width, glyph in found}


@cache
def _advance(character: str, bold: bool, arial: bool) -> float:
    if unicodedata.combining(character):
        return 0.0
    if _in(character, _EAST):
        return 1.0
    if arial and (width := _arial_widths(bold).get(character)) is not None:
        return width
    return _any_widths(bold).get(character, 1.4)


@dataclass(frozen=True)
class Ruler:
    """Measures text in points, as wide as it may become.

    Attributes
    ----------
    arial : bool
        Whether it is set in Arial. Otherwise the face is not known, and a wide one measures.
    """

    arial: bool = False

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide one line is at most.

        Examples
        --------
        >>> Ruler(arial=True).width("Minsk", 10) < Ruler().width("Minsk", 10)
        True
        """
        return size * sum(_advance(character, bold, self.arial) for character in text)

    def lines(self, text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
        """Return a text broken into lines of at most a width.

        Lines break at spaces, between characters of Chinese, Japanese and Korean, and within
        a word only if it is longer than a line.

        Examples
        --------
        >>> Ruler().lines("one two three", 50, 10)
        ['one two', 'three']
        >>> len(Ruler().lines("x" * 100, 100, 10)) > 4
        True
        """
        lines: list[str] = []
        line, used = "", 0.0
        for whole in _pieces(text):
            piece = whole
            long = self.width(piece.rstrip(), size, bold=bold)
            if line and used + long > width:
                lines.append(line.rstrip())
                line, used = "", 0.0
            while long > width:
                head = self._head(piece, width, size, bold=bold)
                lines.append(head)
                piece = piece[len(head) :]
                long = self.width(piece.rstrip(), size, bold=bold)
            line += piece
            used += self.width(piece, size, bold=bold)
        if line.strip() or not lines:
            lines.append(line.rstrip())
        return lines

    def _head(self, piece: str, width: float, size: float, *, bold: bool) -> str:
        used = 0.0
        for number, character in enumerate(piece):
            used += size * _advance(character, bold, self.arial)
            if used > width and number:
                return piece[:number]
        return piece

    def height(
        self, texts: Sequence[str], width: float, size: float, *, bold: bool = False, gap: float = 0
    ) -> float:
        """Return the height of paragraphs, with a gap after each."""
        lines = sum(len(self.lines(text, width, size, bold=bold)) for text in texts)
        return lines * size * LINE + gap * len(texts)

    def fit(
        self,
        texts: Sequence[str],
        width: float,
        height: float,
        sizes: Sequence[float],
        *,
        bold: bool = False,
        gap: float = 0.0,
    ) -> float | None:
        """Return the first of some sizes with which paragraphs fit a frame; None if none does.

        Examples
        --------
        >>> Ruler().fit(["a few words"], 100, 40, (40, 20, 10))
        10
        >>> Ruler().fit(["a few words"], 10, 10, (40, 20)) is None
        True
        """
        for size in sizes:
            if self.height(texts, width, size, bold=bold, gap=gap * size) <= height:
                return size
        return None


def _pieces(text: str) -> Iterator[str]:
    piece = ""
    for character in text:
        if _in(character, _EAST):
            if piece:
                yield piece
            yield character
            piece = ""
            continue
        if piece.endswith(" ") and character != " ":
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def runs_of(text: str) -> list[tuple[str, str]]:
    """Return the parts of a text, each with the language that a program should take it for.

    Examples
    --------
    >>> runs_of("Seoul 서울, Tokyo 東京")
    [('Seoul ', 'en-GB'), ('서울', 'ko-KR'), (', Tokyo ', 'en-GB'), ('東京', 'zh-CN')]
    """
    parts: list[list[str]] = []
    for character in text:
        east = _in(character, _EAST)
        if parts and (parts[-1][1] == "east") == east:
            parts[-1][0] += character
        else:
            parts.append([character, "east" if east else LANGUAGE])
    kana = any(_in(character, _KANA) for character in text)
    return [(part, kind if kind == LANGUAGE else _language(part, kana)) for part, kind in parts]


def _language(part: str, kana: bool) -> str:
    if any(_in(character, _HANGUL) for character in part):
        return "ko-KR"
    return "ja-JP" if kana else "zh-CN"


def add_runs(
    paragraph: Any,
    text: str,
    *,
    size: float | None = None,
    bold: bool | None = None,
    color: Any = None,
    link: str | None = None,
) -> None:
    """Add a text to a paragraph of python-pptx, one run for each script.

    Parameters
    ----------
    paragraph : pptx.text.text._Paragraph
        Where to.
    text : str
        Clean: one line without control characters.
    size : float, optional
        In points; by default what the layout says.
    bold : bool, optional
        By default what the layout says.
    color : pptx.enum.dml.MSO_THEME_COLOR, optional
        A colour of the theme, so that it follows the user's template.
    link : str, optional
        Address to open.
    """
    for part, language in runs_of(text):
        run = paragraph.add_run()
        run.text = part
        if size is not None:
            run.font.size = Pt(size)
        if bold is not None:
            run.font.bold = bold
        if color is not None:
            run.font.color.theme_color = color
        set_language(run._r.get_or_add_rPr(), language)
        if link:
            run.hyperlink.address = link


def set_language(properties: Any, language: str) -> None:
    """Set the language of a run, and a face for Chinese, Japanese or Korean."""
    properties.set("lang", language)
    if language not in _FACES:
        return
    for old in properties.findall(qn("a:ea")):
        properties.remove(old)
    face = properties.makeelement(qn("a:ea"), {"typeface": _FACES[language]})
    after = [properties.find(qn(tag)) for tag in ("a:latin", "a:solidFill", "a:ln")]
    place = next((element for element in after if element is not None), None)
    if place is None:
        properties.insert(0, face)
    else:
        place.addnext(face)
