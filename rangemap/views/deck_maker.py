"""Slides with a title, a footer, a number and the speaker's notes, by a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from rangemap.views.deck_plan import Frame, Plan, frame_of, title_style
from rangemap.views.deck_text import LANGUAGE, LINE, add_runs
from rangemap.views.labels import shorten
from rangemap.views.story_words import clean

__all__ = ["GAP", "INSET", "Maker", "add_text", "values_of"]

INSET: Final = 7.2
"""Margin inside a text frame of PowerPoint, points."""

GAP: Final = 0.55
"""After a paragraph, in sizes of its text."""

_TITLE_SIZES: Final = (44.0, 40.0, 36.0, 32.0, 28.0, 26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0)
_NEARLY: Final = 0.84


class Maker:
    """Makes slides by a plan, each with title, footer, number and notes."""

    def __init__(self, plan: Plan, provenance: str) -> None:
        self.plan = plan
        self.provenance = provenance
        self._titles: Counter[str] = Counter()

    def slide(self, title: str, notes: Sequence[str], *, text: bool = False) -> Any:
        """Add a slide with its title; with ``text``, on the layout that has room for text."""
        layout = self.plan.text if text else self.plan.plain
        slide = self.plan.presentation.slides.add_slide(layout)
        self._fill_title(slide, layout, title)
        for shape in list(slide.placeholders):
            kind = shape.placeholder_format.type
            keep = text and kind in (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
            if not keep and kind not in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                shape._element.getparent().remove(shape._element)
        self.notes(slide, notes)
        return slide

    def opening(self, title: str, lines: Sequence[str], notes: Sequence[str]) -> None:
        """Add the first slide."""
        layout = self.plan.opening
        slide = self.plan.presentation.slides.add_slide(layout)
        self._fill_title(slide, layout, title)
        seconds = (PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
        used = False
        for shape in list(slide.placeholders):
            kind = shape.placeholder_format.type
            if kind in seconds and not used:
                self._fill_text(shape, list(lines), (20.0, 18.0, 16.0, 14.0, 12.0))
                used = True
            elif kind not in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                shape._element.getparent().remove(shape._element)
        self.notes(slide, notes)
        self.finish(slide)

    def _fill_title(self, slide: Any, layout: Any, title: str) -> None:
        self._titles[title] += 1
        if self._titles[title] > 1:  # two long names may look alike once shortened
            title = f"{title} ({self._titles[title]})"
        shape = slide.shapes.title
        frame = frame_of(shape)
        inside = frame.within(self.plan.width, self.plan.height)
        if inside != frame or inside.height < 30:
            inside = Frame(inside.left, inside.top, inside.width, max(inside.height, 40.0))
            _place(shape, inside)
        size, capitals = title_style(layout)
        shown = title.upper() if capitals else title
        sizes = [size, *(one for one in _TITLE_SIZES if one < size)]
        width = inside.width - 2 * INSET
        room = inside.height - INSET
        # One line if a slightly smaller size gives that, else as large as fits.
        near = [one for one in sizes if one >= size * _NEARLY]
        fit = self.plan.ruler.fit([shown], width, near[0] * LINE, near, bold=True)
        fit = fit or self.plan.ruler.fit([shown], width, room, sizes, bold=True)
        if fit is None:
            fit = sizes[-1]
            lines = self.plan.ruler.lines(shown, width, fit, bold=True)
            kept = sum(len(line) + 1 for line in lines[: max(int(room / (fit * LINE)), 1)])
            title = shorten(title, max(kept - 2, 8))
        paragraph = shape.text_frame.paragraphs[0]
        add_runs(paragraph, title, size=fit)

    def body(self, slide: Any, texts: Sequence[tuple[str, str]], size: float) -> None:
        """Fill the text placeholder of a slide, or a text box if its layout has none."""
        shape = next((s for s in slide.placeholders if s.placeholder_format.type in
                      (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)), None)  # fmt: skip
        area = self.plan.area
        if shape is None:
            shape = slide.shapes.add_textbox(*(Pt(v) for v in values_of(area)))
        else:
            _place(shape, area)
        frame = shape.text_frame
        frame.word_wrap = True
        for number, (lead, text) in enumerate(texts):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.line_spacing = 1.0
            paragraph.space_before = Pt(0)
            paragraph.space_after = Pt(size * GAP)
            if lead:
                add_runs(paragraph, f"{lead}: ", size=size, bold=True)
            add_runs(paragraph, text, size=size)

    def _fill_text(self, shape: Any, lines: list[str], sizes: Sequence[float]) -> None:
        frame = frame_of(shape).within(self.plan.width, self.plan.height)
        _place(shape, frame)
        width = frame.width - 2 * INSET
        room = frame.height - INSET
        size = self.plan.ruler.fit(lines, width, room, sizes, gap=0.4)
        while size is None and len(lines) > 1:
            lines = lines[:-1]
            size = self.plan.ruler.fit(lines, width, room, sizes, gap=0.4)
        size = size or sizes[-1]
        for number, text in enumerate(lines):
            paragraph = shape.text_frame.paragraphs[0] if number == 0 else (
                shape.text_frame.add_paragraph())  # fmt: skip
            paragraph.space_after = Pt(size * 0.4)
            paragraph.line_spacing = 1.0
            add_runs(paragraph, text, size=size)

    def notes(self, slide: Any, notes: Sequence[str]) -> None:
        """Write the speaker's notes, the provenance last."""
        frame = slide.notes_slide.notes_text_frame
        for number, text in enumerate([*notes, self.provenance]):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            add_runs(paragraph, clean(text, 20_000))

    def finish(self, slide: Any) -> None:
        """Add footer and slide number, last in the order of reading."""
        layout = slide.slide_layout
        found = {shape.placeholder_format.type: shape for shape in layout.placeholders}
        footer = found.get(PP_PLACEHOLDER.FOOTER)
        if footer is not None and self._fits(frame_of(footer)):
            _clone(slide, footer, "ftr", self.provenance)
        else:
            text = add_text(slide, self.plan, self.plan.foot, [self.provenance], 9.0)
            text.name = "Provenance"
        number = found.get(PP_PLACEHOLDER.SLIDE_NUMBER)
        if number is not None:
            _clone(slide, number, "sldNum", None)

    def _fits(self, frame: Frame) -> bool:
        """Tell whether a template's footer holds the provenance in its small print."""
        if frame != frame.within(self.plan.width, self.plan.height):
            return False
        lines = self.plan.ruler.lines(self.provenance, frame.width - 2 * INSET, 9.0)
        return self.plan.own or len(lines) * 9.0 * LINE <= frame.height


def values_of(frame: Frame) -> tuple[float, float, float, float]:
    """Return left, top, width and height, as python-pptx takes them."""
    return frame.left, frame.top, frame.width, frame.height


def _place(shape: Any, frame: Frame) -> None:
    shape.left, shape.top, shape.width, shape.height = (Pt(value) for value in values_of(frame))


def _clone(slide: Any, placeholder: Any, kind: str, text: str | None) -> None:
    """Add a placeholder that python-pptx leaves out: the footer or the slide's number."""
    tree = slide.shapes._spTree
    index = placeholder.placeholder_format.idx
    number = max(int(entry.get("id")) for entry in tree.iter(qn("p:cNvPr"))) + 1
    name = "Footer" if text is not None else "Slide number"
    content = "<a:r><a:rPr/><a:t/></a:r>" if text is not None else (
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum">'
        f'<a:rPr lang="{LANGUAGE}"/><a:t>‹#›</a:t></a:fld>'
    )  # fmt: skip
    shape = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/>'
        '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{kind}" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/><a:lstStyle/><a:p>{content}</a:p></p:txBody></p:sp>"
    )
    if text is not None:
        run = shape.find(f".//{qn('a:r')}")
        run.find(qn("a:rPr")).set("lang", LANGUAGE)
        run.find(qn("a:rPr")).set("sz", "900")
        run.find(qn("a:t")).text = text
    tree.append(shape)


def add_text(slide: Any, plan: Plan, frame: Frame, texts: Sequence[str], size: float) -> Any:
    """Add small print in a text box of its own and return it."""
    shape = slide.shapes.add_textbox(*(Pt(value) for value in values_of(frame)))
    shape.name = "Note"
    box = shape.text_frame
    box.word_wrap = True
    box.vertical_anchor = MSO_ANCHOR.TOP
    box.margin_left = box.margin_right = box.margin_top = box.margin_bottom = 0
    for number, text in enumerate(texts):
        paragraph = box.paragraphs[0] if number == 0 else box.add_paragraph()
        paragraph.line_spacing = 1.0
        add_runs(paragraph, text, size=size, color=plan.quiet)
    return shape
