"""Our own master: sober, accessible, for a screen of 16:9; built on python-pptx's plain one."""

from __future__ import annotations

import re
from typing import Any, Final

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Pt

from rangemap.views.theme import Theme

__all__ = ["WIDE", "own_presentation"]

WIDE: Final = (960.0, 540.0)
"""Size of our slides, points."""

FONT: Final = "Arial"  # with Liberation Sans, of the same widths, on every desk and server
LEFT: Final = 43.0
_ACCENT: Final = "#c2185b"
_ACCENTS: Final = ("#c2185b", "#1f5fa8", "#c26a00", "#4a148c", "#2e7d32", "#5f6b76")
_TITLE: Final = (LEFT, 24.0, 874.0, 66.0)
_BODY: Final = (LEFT, 106.0, 874.0, 386.0)
_FOOTER: Final = (LEFT, 505.0, 790.0, 22.0)
_NUMBER: Final = (857.0, 505.0, 60.0, 22.0)
_KEPT: Final = {0: "Title", 1: "Title and text", 5: "Title only"}
_BULLET_PT: Final = 16.0


def own_presentation(theme: Theme) -> Any:
    """Return an empty presentation with three layouts: title, title and text, title only."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = (Pt(side) for side in WIDE)
    layouts = list(presentation.slide_layouts)
    for number, layout in enumerate(layouts):
        if number in _KEPT:
            layout.name = _KEPT[number]
        else:
            presentation.slide_layouts.remove(layout)
    master = presentation.slide_master
    _set_theme(master, theme)
    _set_master(master, theme)
    for number, layout in enumerate(presentation.slide_layouts):
        _set_layout(layout, title_slide=number == 0)
    return presentation


def _set_theme(master: Any, theme: Theme) -> None:
    """Replace the colours and fonts of the theme."""
    part = master.part.part_related_by(RT.THEME)
    dark, light = (theme.paper, theme.ink) if theme.dark else (theme.ink, theme.paper)
    quiet, faint = (theme.rule, theme.muted) if theme.dark else (theme.muted, theme.rule)
    colors = {"dk1": dark, "lt1": light, "dk2": quiet, "lt2": faint}
    colors |= {f"accent{n}": theme.data(color) for n, color in enumerate(_ACCENTS, 1)}
    link = theme.data("#1f5fa8")
    colors |= {"hlink": link, "folHlink": link}
    xml = part.blob.decode("utf-8")
    for name, color in colors.items():
        value = f'<a:{name}><a:srgbClr val="{color[1:].upper()}"/></a:{name}>'
        xml = re.sub(rf"<a:{name}>.*?</a:{name}>", value, xml, flags=re.DOTALL)
    xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", xml)
    xml = re.sub(r'(<a:(?:theme|clrScheme|fontScheme)\b[^>]*? name=")[^"]*', r"\g<1>rangemap", xml)
    part.blob = xml.encode("utf-8")


def _set_master(master: Any, theme: Theme) -> None:
    element = master._element
    if theme.dark:
        names = {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}
        for name, value in names.items():
            element.find(qn("p:clrMap")).set(name, value)
    for shape in list(master.placeholders):
        kind = shape.element.nvSpPr.nvPr.find(qn("p:ph")).get("type")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
            continue
        where = {"title": _TITLE, "body": _BODY, "ftr": _FOOTER, "sldNum": _NUMBER}[kind]
        _place(shape, where)
        body = shape.element.txBody.find(qn("a:bodyPr"))
        body.set("anchor", {"title": "b", "body": "t"}.get(kind, "ctr"))
        for side in "lr":
            body.set(f"{side}Ins", "0")
        if kind in ("ftr", "sldNum"):
            _small(shape, "l" if kind == "ftr" else "r")
    _styles(element.find(qn("p:txStyles")))
    for entry in element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
        entry.set("lang", "en-GB")
    _accent(master, 44.0, 0.0, 9.0, LEFT)


def _small(shape: Any, side: str) -> None:
    style = shape.element.txBody.find(qn("a:lstStyle")).find(qn("a:lvl1pPr"))
    style.set("algn", side)
    run = style.find(qn("a:defRPr"))
    run.set("sz", "900")
    color = run.find(qn("a:solidFill")).find(qn("a:schemeClr"))
    color.set("val", "tx2")
    for child in list(color):
        color.remove(child)


def _styles(styles: Any) -> None:
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    run = title.find(qn("a:defRPr"))
    run.set("sz", "2600")
    run.set("b", "1")
    for level, size in enumerate((2000, 1800, 1600, 1400, 1400), 1):
        style = styles.find(qn("p:bodyStyle")).find(qn(f"a:lvl{level}pPr"))
        indent = round(_BULLET_PT * 12700)
        style.set("marL", str(indent * level))
        style.set("indent", str(-indent))
        style.find(qn("a:defRPr")).set("sz", str(size))


def _set_layout(layout: Any, *, title_slide: bool) -> None:
    for shape in list(layout.placeholders):
        kind = shape.element.nvSpPr.nvPr.find(qn("p:ph")).get("type")
        if kind == "dt":
            shape.element.getparent().remove(shape.element)
        elif title_slide and kind in ("ctrTitle", "subTitle"):
            _place(shape, (LEFT, 120.0, 874.0, 150.0) if kind == "ctrTitle" else
                   (LEFT, 292.0, 780.0, 120.0))  # fmt: skip
            _title_style(shape, kind)
    for entry in layout._element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
        entry.set("lang", "en-GB")


def _title_style(shape: Any, kind: str) -> None:
    body = shape.element.txBody.find(qn("a:bodyPr"))
    body.set("anchor", "b" if kind == "ctrTitle" else "t")
    styles = shape.element.txBody.find(qn("a:lstStyle"))
    for child in list(styles):
        styles.remove(child)
    style = styles.makeelement(qn("a:lvl1pPr"), {"marL": "0", "indent": "0", "algn": "l"})
    size = "4000" if kind == "ctrTitle" else "2000"
    if kind == "subTitle":
        style.append(style.makeelement(qn("a:buNone"), {}))
    run = style.makeelement(qn("a:defRPr"), {"sz": size})
    style.append(run)
    if kind == "subTitle":
        fill = run.makeelement(qn("a:solidFill"), {})
        fill.append(fill.makeelement(qn("a:schemeClr"), {"val": "tx2"}))
        run.append(fill)
    styles.append(style)


def _place(shape: Any, where: tuple[float, float, float, float]) -> None:
    shape.left, shape.top, shape.width, shape.height = (Pt(value) for value in where)


def _accent(master: Any, width: float, top: float, height: float, left: float) -> None:
    """Add a short coloured bar above the title; decoration, so on the master alone."""
    xml = master.shapes._spTree
    shape = xml.makeelement(qn("p:sp"), {})
    xml.append(shape)
    head = shape.makeelement(qn("p:nvSpPr"), {})
    name = {"id": "20", "name": "Accent"}
    for tag, values in (("p:cNvPr", name), ("p:cNvSpPr", {}), ("p:nvPr", {})):
        head.append(head.makeelement(qn(tag), values))
    body = shape.makeelement(qn("p:spPr"), {})
    frame = body.makeelement(qn("a:xfrm"), {})
    frame.append(frame.makeelement(qn("a:off"), {"x": str(Pt(left)), "y": str(Pt(top))}))
    frame.append(frame.makeelement(qn("a:ext"), {"cx": str(Pt(width)), "cy": str(Pt(height))}))
    form = body.makeelement(qn("a:prstGeom"), {"prst": "rect"})
    form.append(form.makeelement(qn("a:avLst"), {}))
    fill = body.makeelement(qn("a:solidFill"), {})
    fill.append(fill.makeelement(qn("a:schemeClr"), {"val": "accent1"}))
    for part in (frame, form, fill):
        body.append(part)
    shape.append(head)
    shape.append(body)
