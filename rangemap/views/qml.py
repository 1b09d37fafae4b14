"""QGIS 3 style files: a tree of rules with symbols, and labels."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from xml.etree import ElementTree as ET

from rangemap.views.gis_about import xml_text
from rangemap.views.style import INK

__all__ = ["Labels", "Look", "Mark", "Rule", "Stroke", "fill", "flush", "lines", "marker", "qml"]

VERSION: Final = "3.22.0"
_KEYS: Final = uuid.UUID("6f9f5a0e-1f8b-5f38-9f0b-6d1f4a1f5a00")
_FRAME: Final = (
    "geom_from_wkt('POLYGON((-179.999999 -89.999999, 179.999999 -89.999999, 179.999999 "
    "89.999999, -179.999999 89.999999, -179.999999 -89.999999))')"
)
BOUNDARY: Final = f"intersection(boundary($geometry), {_FRAME})"
"""The outline of a polygon without the seams of the map, as an expression of QGIS."""


@dataclass(frozen=True)
class Stroke:
    """A line: colour "#rrggbb", width in mm, and "solid", "dash" or "dot"."""

    color: str
    width: float
    dashes: str = "solid"


@dataclass(frozen=True)
class Mark:
    """One marker of a point symbol; sizes in mm, ``right`` moves it to the right."""

    shape: str
    color: str
    edge: str
    size: float
    width: float = 0.3
    right: float = 0.0

    def moved(self, right: float) -> Mark:
        """Return it moved to the right, in mm."""
        return replace(self, right=right)


@dataclass(frozen=True)
class Look:
    """A symbol: its kind and its layers, each a class, properties and perhaps a line in it."""

    kind: Literal["fill", "line", "marker"]
    layers: tuple[tuple[str, dict[str, str], Stroke | None], ...]


@dataclass(frozen=True)
class Rule:
    """One entry of the legend: a filter, and a symbol or rules under it."""

    label: str
    where: str
    look: Look | None = None
    children: list[Rule] = field(default_factory=list)
    checked: bool = True


@dataclass(frozen=True)
class Labels:
    """Labels by a field or an expression; on points, or along the boundary of polygons."""

    text: str
    size: float = 8.0
    bold: bool = False
    expression: bool = False
    on: Literal["point", "boundary"] = "point"


def lines(stroke: Stroke) -> Look:
    """Return a polygon symbol that is an outline without the seams of the map."""
    return Look("fill", (_outline(stroke),))


def fill(color: str, opacity: float, stroke: Stroke | None, *, hatch: bool = False) -> Look:
    """Return a polygon symbol with a fill, or hatching, and an outline without seams."""
    layers: list[tuple[str, dict[str, str], Stroke | None]] = []
    if opacity > 0:
        plain = {"color": _rgba(color, opacity), "style": "solid", "outline_style": "no"}
        layers.append(("SimpleFill", plain, None))
    if hatch:
        hatched = {"color": _rgba(color, 0.3), "style": "b_diagonal", "outline_style": "no"}
        layers.append(("SimpleFill", hatched, None))
    if stroke is not None:
        layers.append(_outline(stroke))
    return Look("fill", tuple(layers))


def flush(color: str) -> Look:
    """Return an opaque fill that leaves no gap to a neighbour of the same colour."""
    properties = {
        "color": _rgba(color),
        "style": "solid",
        "outline_color": _rgba(color),
        "outline_style": "solid",
        "outline_width": "0.1",
        "outline_width_unit": "MM",
    }
    return Look("fill", (("SimpleFill", properties, None),))


def marker(marks: list[Mark]) -> Look:
    """Return a point symbol."""
    layers = [
        (
            "SimpleMarker",
            {
                "name": mark.shape,
                "color": _rgba(mark.color),
                "outline_color": _rgba(mark.edge),
                "outline_style": "solid",
                "outline_width": f"{mark.width:g}",
                "outline_width_unit": "MM",
                "size": f"{mark.size:g}",
                "size_unit": "MM",
                "offset": f"{mark.right:g},0",
                "offset_unit": "MM",
            },
            None,
        )
        for mark in marks
    ]
    return Look("marker", tuple(layers))


def qml(rules: list[Rule], labels: Labels | None, *, opacity: float = 1.0) -> str:
    """Return a style file of QGIS 3.

    Parameters
    ----------
    rules : list of Rule
        From top to bottom of the legend.
    labels : Labels or None
        How features are labelled, if they are.
    opacity : float, default 1.0
        Of the whole layer.

    Examples
    --------
    >>> text = qml([Rule("all", "", lines(Stroke("#123456", 0.3)))], None)
    >>> ET.fromstring(text).find("renderer-v2").get("type")
    'RuleRenderer'
    """
    root = ET.Element(
        "qgis", version=VERSION, styleCategories="Symbology|Labeling",
        labelsEnabled="0" if labels is None else "1",
    )  # fmt: skip
    renderer = ET.SubElement(
        root,
        "renderer-v2",
        type="RuleRenderer",
        symbollevels="0",
        enableorderby="0",
        forceraster="0",
    )
    top = ET.SubElement(renderer, "rules", key=_key("top"))
    symbols = ET.SubElement(renderer, "symbols")
    for number, rule in enumerate(rules):
        _add_rule(top, symbols, rule, f"{number}")
    if labels is not None:
        _add_labels(root, labels)
    ET.SubElement(root, "layerOpacity").text = f"{opacity:g}"
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + ET.tostring(root, encoding="unicode") + "\n"


def _outline(stroke: Stroke) -> tuple[str, dict[str, str], Stroke]:
    generator = {"geometryModifier": BOUNDARY, "SymbolType": "Line"}
    return "GeometryGenerator", generator, stroke


def _rgba(color: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def _key(path: str) -> str:
    return "{" + str(uuid.uuid5(_KEYS, path)) + "}"


def _add_rule(parent: ET.Element, symbols: ET.Element, rule: Rule, path: str) -> None:
    node = ET.SubElement(parent, "rule", key=_key(path), label=xml_text(rule.label))
    if rule.where:
        node.set("filter", xml_text(rule.where))
    if not rule.checked:
        node.set("checkstate", "0")
    if rule.look is not None:
        name = str(len(symbols))
        node.set("symbol", name)
        _add_symbol(symbols, name, rule.look)
    for number, child in enumerate(rule.children):
        _add_rule(node, symbols, child, f"{path}.{number}")


def _add_symbol(parent: ET.Element, name: str, look: Look) -> None:
    symbol = ET.SubElement(
        parent, "symbol", name=name, type=look.kind, alpha="1", clip_to_extent="1", force_rhr="0"
    )
    for kind, properties, stroke in look.layers:
        layer = ET.SubElement(
            symbol, "layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"}
        )
        for key, value in properties.items():
            ET.SubElement(layer, "prop", k=key, v=value)
        if stroke is not None:
            simple = {
                "line_color": _rgba(stroke.color),
                "line_style": stroke.dashes,
                "line_width": f"{stroke.width:g}",
                "line_width_unit": "MM",
                "joinstyle": "round",
                "capstyle": "flat",
            }
            inner = Look("line", (("SimpleLine", simple, None),))
            _add_symbol(layer, f"@{name}@{len(symbol) - 1}", inner)


def _add_labels(root: ET.Element, labels: Labels) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    style = ET.SubElement(
        settings, "text-style", fieldName=xml_text(labels.text),
        isExpression="1" if labels.expression else "0", fontFamily="Open Sans",
        fontSize=f"{labels.size:g}", fontSizeUnit="Point", fontWeight="75" if labels.bold else "50",
        textColor=_rgba(INK), textOpacity="1",
    )  # fmt: skip
    ET.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM",
        bufferColor=_rgba("#ffffff", 0.85), bufferOpacity="1",
    )  # fmt: skip
    along = labels.on == "boundary"
    place = ET.SubElement(
        settings, "placement", placement="3" if along else "6", dist="1.2" if along else "1.8",
        distUnits="MM", offsetType="1", predefinedPositionOrder="TR,R,BR,TL,L,BL,T,B",
        placementFlags="10", maxCurvedCharAngleIn="25", maxCurvedCharAngleOut="-25",
    )  # fmt: skip
    if along:
        place.set("geometryGeneratorEnabled", "1")
        place.set("geometryGenerator", BOUNDARY)
        place.set("geometryGeneratorType", "LineGeometry")
        place.set("layerType", "PolygonGeometry")
    ET.SubElement(
        settings, "rendering", drawLabels="1", obstacle="0" if along else "1", scaleVisibility="0",
        displayAll="0", mergeLines="1",
    )  # fmt: skip
