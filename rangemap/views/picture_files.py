"""Pictures as PNG, SVG with text as text, and PDF with its fonts; the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

from matplotlib import rc_context, rcParamsDefault

from rangemap.errors import ArgumentError, near_name
from rangemap.views.fonts import CSS, FAMILY, svg_faces
from rangemap.views.labels import clean_text, text_size

if TYPE_CHECKING:
    from rangemap.views.picture import Picture

FORMATS: Final = ("png", "svg", "pdf")
DPI: Final = 300
_SETTINGS: Final[dict[str, Any]] = {
    "font.family": FAMILY,
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
    "hatch.linewidth": 0.4,
    "text.hinting": "none",  # the same widths at every resolution
}
_OURS: Final = re.compile(
    r"(axes|figure|font|grid|hatch|image|legend|lines|markers|mathtext|patch|path|pdf|savefig|"
    r"svg|text|xaxis|xtick|yaxis|ytick)\."
)
_PATH_DATA: Final = re.compile(r' d="[^"]*"')
_LONG_NUMBER: Final = re.compile(r"(\.\d\d)\d+")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_FAMILY_CSS: Final = ", ".join(f"'{name}'" for name in FAMILY)
_TEXT: Final = re.compile(r'<text style="([^"]*)"([^>]*)>([^<]*)</text>')
_SIZE: Final = re.compile(r"font-size: ([\d.]+)px")
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


@contextmanager
def settings() -> Iterator[None]:
    """Draw as if no user settings existed, and leave them as they were."""
    defaults = {key: value for key, value in rcParamsDefault.items() if _OURS.match(key)}
    with rc_context(cast("Any", defaults | _SETTINGS)):
        yield


def picture_bytes(picture: Picture, form: str, *, dpi: int = DPI) -> bytes:
    """Return a picture as the content of a file.

    Parameters
    ----------
    picture : Picture
        As `draw_picture` makes it.
    form : {"png", "svg", "pdf"}
        SVG keeps text as text and carries the glyphs it needs; PDF embeds its fonts.
    dpi : int, default 300
        Pixels for each inch of a PNG, 20 to 1,200.

    Raises
    ------
    ArgumentError
        If the format is not known or the resolution out of range.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> from rangemap.views.picture import draw_picture
    >>> picture_bytes(draw_picture(analyse("europe")), "png", dpi=50)[1:4]
    b'PNG'
    """
    if form not in FORMATS:
        raise ArgumentError(
            f"figure format {form!r} is not one of {', '.join(FORMATS)}{near_name(form, FORMATS)}"
        )
    if not 20 <= dpi <= 1200:
        raise ArgumentError(f"dpi {dpi} must be from 20 to 1,200")
    page = io.BytesIO()
    with settings():
        picture.figure.savefig(
            page, format=form, dpi=dpi, metadata=_metadata(picture.metadata, form),
            facecolor=picture.figure.get_facecolor(),
        )  # fmt: skip
    content = page.getvalue()
    if form == "svg":
        return _finished_svg(content.decode("utf-8"), picture).encode("utf-8")
    return content


def _metadata(about: dict[str, str], form: str) -> dict[str, Any]:
    """Return what a file says about itself: never the clock."""
    title, made = clean_text(about["title"], 200), clean_text(about["made"], 200)
    words = clean_text(about["about"], 6000)
    alt = clean_text(about["alt"], 2000)
    if form == "png":
        return {
            "Title": _latin(title),
            "Description": _latin(f"{alt} {words}"),
            "Software": _latin(made),
        }
    if form == "svg":
        return {"Title": title, "Description": f"{alt} {words}", "Creator": made, "Date": None}
    return {
        "Title": title,
        "Subject": f"{alt} {words}",
        "Creator": made,
        "Producer": "matplotlib",
        "CreationDate": None,
    }


def _latin(text: str) -> str:
    """PNG text chunks hold Latin-1."""
    return text.encode("latin-1", "replace").decode("latin-1")


def _finished_svg(text: str, picture: Picture) -> str:
    """Carry the glyphs, fix the width of each text, drop what XML forbids and digits unseen."""
    # Two decimals of a point are finer than any printer and halve the file.
    text = _PATH_DATA.sub(lambda match: _LONG_NUMBER.sub(r"\1", match.group()), text)
    seen: dict[bool, set[str]] = {False: set(), True: set()}

    def measured(match: re.Match[str]) -> str:
        style, rest, words = match.groups()
        bold = "font-weight: 700" in style
        plain = words
        for entity, character in _ENTITIES:
            plain = plain.replace(entity, character)
        seen[bold].update(plain)
        found = _SIZE.search(style)
        size = float(found.group(1)) if found else 10.0
        width = text_size(plain, size, bold=bold)[0]
        style = style.replace(_FAMILY_CSS, f"{_FAMILY_CSS}, {CSS}")
        # Programs without our fonts keep to the place that was found for the words.
        length = f' textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs"' if plain else ""
        return f'<text style="{style}"{rest}{length}>{words}</text>'

    text = _TEXT.sub(measured, text)
    faces = svg_faces("".join(sorted(seen[False])), "".join(sorted(seen[True])))
    title = _escaped(clean_text(picture.title, 200))
    about = _escaped(clean_text(picture.alt, 2000))
    head, _, body = text.partition("<defs>")
    head = head.replace("<svg ", '<svg role="img" aria-labelledby="picture-title picture-alt" ', 1)
    named = f'<title id="picture-title">{title}</title>\n <desc id="picture-alt">{about}</desc>\n '
    start = head.index(">", head.index("<svg ")) + 1
    head = f"{head[:start]}\n {named}{head[start:]}"
    text = f"{head}<defs>\n  <style>{faces}</style>{body}"
    return _CONTROL.sub("", text).replace("\r\n", "\n")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
