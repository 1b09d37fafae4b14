"""Styles and symbols of KML files: colours of coalitions, shapes of zones and verdicts."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from PIL import Image, ImageDraw

from rangemap.analysis.comparison import OWN
from rangemap.analysis.coverage import ZONES
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.catalogue import Coalition
from rangemap.views.style import VERDICT_SYMBOLS, ZONE_SYMBOLS, Symbol

__all__ = ["PLACE_LABELS", "PLACE_SYMBOLS", "add_styles", "icons", "place_class", "style_id"]

_PLACES: Final[list[tuple[str, Symbol]]] = [
    *((zone, ZONE_SYMBOLS[zone]) for zone in ZONES),
    *((verdict, VERDICT_SYMBOLS[verdict]) for verdict in (INSIDE, MARGINAL, OUTSIDE)),
    (OWN, ZONE_SYMBOLS[OWN]),
]
PLACE_SYMBOLS: Final = dict(_PLACES)
"""Symbols of the classes of places, in the order of their folders."""

PLACE_LABELS: Final = {name: symbol.label for name, symbol in _PLACES}
_FAINT: Final = (ZONES[-1], OUTSIDE, OWN)
_PIXELS: Final = 48
_FINER: Final = 4


def place_class(row: dict[str, Any], lead: str) -> str:
    """Return a place's class for one coalition: own side, else its zone or its verdict.

    Examples
    --------
    >>> place_class({"own_side": False, "zone": "beyond-5500", "verdict": "inside"}, "systems")
    'inside'
    """
    if row["own_side"]:
        return OWN
    first, second = ("zone", "verdict") if lead == "treaty" else ("verdict", "zone")
    return str(row[first] or row[second] or OUTSIDE)


def style_id(kind: str, row: dict[str, Any], side: int) -> str:
    """Return the id of the style of a placemark; ``side`` numbers the coalition."""
    if kind == "places":
        return f"place-{row['class']}"
    if kind == "sites":
        return f"site-{side}"
    doubtful = kind == "bands" and (row["disputed"] or row["alleged"] or row["assumed"])
    return f"{'doubtful' if doubtful else row['band_kind']}-{side}"


def add_styles(document: ET.Element, coalitions: Sequence[Coalition], *, with_icons: bool) -> None:
    """Add one style for each kind of range and each symbol.

    KML has no dashes: a range that is disputed, alleged or assumed has a thin outline and no
    fill, and its name says why.
    """
    for number, coalition in enumerate(coalitions):
        color = coalition.color
        for kind, width, opacity in (("treaty", 2.0, 0.22), ("system", 2.6, 0.16),
                                     ("own", 2.6, 0.22), ("doubtful", 1.4, 0.0)):  # fmt: skip
            style = ET.SubElement(document, "Style", id=f"{kind}-{number}")
            _add(style, "LineStyle", color=_abgr(color, 1.0), width=f"{width:g}")
            _add(
                style, "PolyStyle", color=_abgr(color, opacity), fill="1" if opacity else "0",
                outline="0",
            )  # fmt: skip
        icon = f"files/site-{number}.png" if with_icons else None
        _icon_style(document, f"site-{number}", color, icon, 0.9, 0.9)
    for name, symbol in PLACE_SYMBOLS.items():
        icon = f"files/place-{name}.png" if with_icons else None
        size = 0.45 if name in _FAINT else 0.6
        _icon_style(document, f"place-{name}", symbol.color, icon, size, 0.75)


def icons(coalitions: Sequence[Coalition]) -> dict[str, bytes]:
    """Return the symbols as PNG files, by the name that the styles give them."""
    drawn = {
        f"files/site-{number}.png": _drawn("triangle", coalition.color)
        for number, coalition in enumerate(coalitions)
    }
    for name, symbol in PLACE_SYMBOLS.items():
        drawn[f"files/place-{name}.png"] = _drawn(symbol.shape, symbol.color)
    return drawn


def _icon_style(
    document: ET.Element, name: str, color: str, icon: str | None, size: float, text: float
) -> None:
    style = ET.SubElement(document, "Style", id=name)
    node = ET.SubElement(style, "IconStyle")
    if icon is None:
        ET.SubElement(node, "color").text = _abgr(color, 1.0)
    ET.SubElement(node, "scale").text = f"{size:g}"
    if icon is not None:
        ET.SubElement(ET.SubElement(node, "Icon"), "href").text = icon
        ET.SubElement(node, "hotSpot", x="0.5", y="0.5", xunits="fraction", yunits="fraction")
    _add(style, "LabelStyle", scale=f"{text:g}")


def _add(parent: ET.Element, name: str, **values: str) -> None:
    node = ET.SubElement(parent, name)
    for key, value in values.items():
        ET.SubElement(node, key).text = value


def _abgr(color: str, opacity: float) -> str:
    """Return "#rrggbb" as KML writes it: opacity, blue, green, red."""
    return f"{round(opacity * 255):02x}{color[5:7]}{color[3:5]}{color[1:3]}".lower()


def _drawn(shape: str, color: str) -> bytes:
    """Return a symbol on a transparent ground, with a white rim, as PNG."""
    size = _PIXELS * _FINER
    image = Image.new("RGBA", (size, size), (255, 255, 255, 0))
    pen = ImageDraw.Draw(image)
    low, mid, high, rim = size * 0.14, size / 2, size * 0.86, size // 16
    box = (low, low, high, high)
    if shape in ("circle", "ring", "half"):
        solid = shape == "circle"
        inner, edge = (color, "white") if solid else ("white", color)
        pen.ellipse(box, fill=inner, outline=edge, width=rim if solid else rim * 2)
        if shape == "half":
            pen.pieslice(box, 90, 270, fill=color)
    elif shape == "square":
        pen.rectangle(box, fill=color, outline="white", width=rim)
    elif shape == "cross":
        for ends in ((low, low, high, high), (low, high, high, low)):
            pen.line(ends, fill="white", width=rim * 4)
        for ends in ((low, low, high, high), (low, high, high, low)):
            pen.line(ends, fill=color, width=rim * 2)
    else:
        corners = [(mid, low), (high, mid), (mid, high), (low, mid)]
        if shape == "triangle":
            corners = [(mid, low), (high, high), (low, high)]
        pen.polygon(corners, fill=color, outline="white", width=rim)
    stream = io.BytesIO()
    small = image.resize((_PIXELS, _PIXELS), Image.Resampling.LANCZOS)
    small.save(stream, "PNG", optimize=False, compress_level=9)
    return stream.getvalue()
