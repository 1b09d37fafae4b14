"""The fonts of pictures, slides and reports: the same on every machine, for most scripts.

Source Sans 3 draws Latin, Greek and Cyrillic; DejaVu Sans, which comes with matplotlib, adds
further letters and symbols; WenQuanYi Micro Hei draws Chinese, Japanese and Korean.
"""

from __future__ import annotations

import base64
import hashlib
import io
from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontEntry, FontProperties, findfont, fontManager, get_font

__all__ = ["FAMILY", "face_for", "font_file", "svg_faces", "uncovered"]

_SANS: Final = "rangemap Sans"
_EAST: Final = "rangemap East"
_MORE: Final = "DejaVu Sans"
_FOLDER: Final = Path(__file__).parent / "assets" / "fonts"
_FILES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    (_SANS, "normal"): (
        "SourceSans3-Regular.ttf",
        "4644c81b86ec9caaa76b634889968ed3c4f4f52f054855933acc7c2b21e53b0f",
    ),
    (_SANS, "bold"): (
        "SourceSans3-Bold.ttf",
        "9214b9d95e4231c609802815c2646c98174e2102d0d37f88978a7f8e71006e6a",
    ),
    (_EAST, "normal"): (
        "wqy-microhei.ttf",
        "1c6503e656e7bda78d5958185a49fa9c7692c0446b7a3031a14655095acc8b61",
    ),
}
# It has one weight, which stands for bold as well.
_FILES[_EAST, "bold"] = _FILES[_EAST, "normal"]
CSS: Final = "'Source Sans 3', 'Source Sans Pro', 'Noto Sans', 'Segoe UI', sans-serif"
"""The families that a page or drawing without our fonts falls back to."""


def font_file(*, bold: bool = False, east: bool = False) -> Path:
    """Return the TrueType file of a face.

    Parameters
    ----------
    bold : bool, default False
        The bold face of Source Sans 3.
    east : bool, default False
        WenQuanYi Micro Hei, for Chinese, Japanese and Korean; it has one weight.

    Examples
    --------
    >>> font_file(bold=True).name, font_file(east=True).name
    ('SourceSans3-Bold.ttf', 'wqy-microhei.ttf')
    """
    key = (_EAST, "normal") if east else (_SANS, "bold" if bold else "normal")
    return _FOLDER / _FILES[key][0]


def _registered() -> list[str]:
    """Make the bundled files known to matplotlib, under names that no system font has."""
    known = {entry.name for entry in fontManager.ttflist}
    for (name, weight), (file, pin) in _FILES.items():
        if name in known:
            continue
        path = _FOLDER / file
        if hashlib.sha256(path.read_bytes()).hexdigest() != pin:
            raise RuntimeError(f"{path} is not the font that rangemap was made with")
        fontManager.ttflist.append(
            FontEntry(
                fname=str(path), name=name, style="normal", variant="normal",
                weight=700 if weight == "bold" else 400, stretch="normal", size="scalable",
            )
        )  # fmt: skip
    return [_SANS, _MORE, _EAST]


FAMILY: Final = _registered()
"""What to give as ``family`` to matplotlib: each character is drawn by the first that has it."""


@cache
def _face(family: str, bold: bool) -> Path:
    properties = FontProperties(family=family, weight="bold" if bold else "normal")
    return Path(findfont(properties, fallback_to_default=False))


@cache
def face_for(character: str, bold: bool = False) -> Path | None:
    """Return the file of the first font that can draw a character, None if none can.

    Examples
    --------
    >>> [face_for(c).name for c in "Aж京서"]
    ['SourceSans3-Regular.ttf', 'SourceSans3-Regular.ttf', 'wqy-microhei.ttf', 'wqy-microhei.ttf']
    >>> face_for(chr(0x1F600)) is None or face_for(chr(0x1F600)).name.startswith("DejaVu")
    True
    """
    for family in FAMILY:
        path = _face(family, bold)
        if get_font(path).get_char_index(ord(character)):
            return path
    return None


def uncovered(text: str) -> str:
    """Return the characters of a text that no font can draw, each once.

    Examples
    --------
    >>> uncovered("Seoul 서울 東京 Москва")
    ''
    """
    return "".join(dict.fromkeys(c for c in text if not c.isspace() and face_for(c) is None))


def svg_faces(text: str, bold_text: str) -> str:
    """Return CSS that carries just the glyphs of some text, for drawings that stand alone.

    Parameters
    ----------
    text, bold_text : str
        All text in the regular and in the bold weight.

    Returns
    -------
    str
        ``@font-face`` rules with WOFF files inside; the same text gives the same bytes.
    """
    rules = []
    for bold, wanted in ((False, text), (True, bold_text)):
        by_face: dict[Path, set[str]] = {}
        for character in set(wanted):
            face = face_for(character, bold)
            if face is not None:
                by_face.setdefault(face, set()).add(character)
        for family in FAMILY:
            characters = by_face.get(_face(family, bold))
            if characters:
                woff = base64.b64encode(_subset(_face(family, bold), frozenset(characters)))
                weight = 700 if bold else 400
                rules.append(
                    f"@font-face{{font-family:'{family}';font-weight:{weight};"
                    f"src:url(data:font/woff;base64,{woff.decode('ascii')})}}"
                )
    return "".join(rules)


@cache
def _subset(path: Path, characters: frozenset[str]) -> bytes:
    options = subset.Options()
    options.flavor = "woff"
    options.layout_features = []  # the drawing fixes the width of each text by itself
    options.name_IDs = [1, 2, 13, 14]  # the names and the licence stay
    options.notdef_outline = True
    options.hinting = False
    font: Any = TTFont(path, recalcTimestamp=False)
    for table in ("GPOS", "GSUB", "GDEF", "FFTM"):  # reading them takes a second
        if table in font:
            del font[table]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in characters])
    cutter.subset(font)
    font.flavor = "woff"
    stream = io.BytesIO()
    font.save(stream)
    return stream.getvalue()
