"""Which layouts of a master serve, and where on the slide there is room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn

from rangemap.views.deck_template import all_layouts
from rangemap.views.deck_text import Ruler

__all__ = ["Frame", "Plan", "frame_of", "plan_of", "title_style"]

_PT: Final = 12700
_TITLES: Final = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
_EDGES: Final = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_TEXTS: Final = (PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY)
_MARGIN: Final = 0.045  # of the slide, where a template leaves it open
_GAP: Final = 8.0


@dataclass(frozen=True)
class Frame:
    """A rectangle on a slide, in points, y downwards."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def within(self, width: float, height: float) -> Frame:
        """Return the part that lies on a slide of a size."""
        left, top = min(max(self.left, 0.0), width), min(max(self.top, 0.0), height)
        right = min(max(self.left + self.width, 0.0), width)
        bottom = min(max(self.bottom, 0.0), height)
        return Frame(left, top, max(right - left, 0.0), max(bottom - top, 0.0))


@dataclass(frozen=True)
class Plan:
    """How slides are made from a master.

    Attributes
    ----------
    presentation : pptx.presentation.Presentation
        Without slides.
    opening, text, plain : pptx.slide.SlideLayout
        Layouts of the title slide, of a title with text, and of a title alone; one layout may
        serve as several.
    width, height : float
        Of a slide, points.
    area : Frame
        Below the title, for tables and pictures.
    foot : Frame
        For the provenance, if a layout has no footer.
    own : bool
        Whether the master is ours.
    ruler : Ruler
        Measures its text.
    """

    presentation: Any
    opening: Any
    text: Any
    plain: Any
    width: float
    height: float
    area: Frame
    foot: Frame
    own: bool
    ruler: Ruler

    @property
    def quiet(self) -> Any:
        """The theme's colour of small print."""
        return MSO_THEME_COLOR.TEXT_2 if self.own else MSO_THEME_COLOR.TEXT_1


def frame_of(shape: Any) -> Frame:
    """Return where a shape stands, wherever in the layout or master that is said."""
    values = (shape.left, shape.top, shape.width, shape.height)
    return Frame(*((value or 0) / _PT for value in values))


def plan_of(presentation: Any, *, own: bool) -> Plan:
    """Return the plan for a presentation that has at least one layout with a title."""
    width, height = presentation.slide_width / _PT, presentation.slide_height / _PT
    titled = [layout for layout in all_layouts(presentation) if _kinds(layout, _TITLES)]
    plain = min(titled, key=lambda layout: (_others(layout), -_title_width(layout)))
    texts = [layout for layout in titled if _text_rank(layout) is not None]
    text = min(texts, key=lambda layout: _text_rank(layout) or 0) if texts else plain
    openings = [layout for layout in titled if _kinds(layout, (PP_PLACEHOLDER.SUBTITLE,))]
    opening = openings[0] if openings else text
    foot = Frame(width * _MARGIN, height - 24, width * (1 - 2 * _MARGIN) - 60, 16)
    area = _area(plain, text, width, height)
    return Plan(presentation, opening, text, plain, width, height, area, foot, own,
                Ruler(arial=own))  # fmt: skip


def _kinds(layout: Any, kinds: tuple[Any, ...]) -> list[Any]:
    return [shape for shape in layout.placeholders if shape.placeholder_format.type in kinds]


def _others(layout: Any) -> int:
    """Count the placeholders that a slide with a title alone would have to leave empty."""
    return sum(
        shape.placeholder_format.type not in (*_TITLES, *_EDGES) for shape in layout.placeholders
    )


def _title_width(layout: Any) -> float:
    return frame_of(_kinds(layout, _TITLES)[0]).width


def _text_rank(layout: Any) -> float | None:
    """Return how well a layout serves for a title with text, low is good; None if not at all."""
    bodies = _kinds(layout, _TEXTS)
    if _others(layout) != 1 or len(bodies) != 1:
        return None
    frame = frame_of(bodies[0])
    return -frame.width * frame.height if frame.height > 100 and frame.width > 200 else None


def _area(plain: Any, text: Any, width: float, height: float) -> Frame:
    """Return the room below the title: as the text layout has it, or what the title leaves."""
    title = frame_of(_kinds(plain, _TITLES)[0]).within(width, height)
    edges = [frame_of(shape) for shape in _kinds(plain, _EDGES)]
    low = [edge.top for edge in edges if edge.top > height * 0.7]
    bottom = min([*low, height - 30.0]) - _GAP / 2
    bodies = _kinds(text, _TEXTS)
    if bodies:
        body = frame_of(bodies[0]).within(width, height)
        top = max(body.top, title.bottom if title.top < body.top else body.top)
        room = Frame(body.left, top, body.width, min(body.bottom, bottom) - top)
        if room.width > width * 0.5 and room.height > height * 0.35:
            return room
    side = width * _MARGIN
    top = title.bottom + _GAP if title.bottom < height * 0.5 else height * 0.2
    return Frame(side, top, width - 2 * side, max(bottom - top, height * 0.3))


def title_style(layout: Any) -> tuple[float, bool]:
    """Return the size of a layout's title in points, and whether it is set in capitals."""
    title = _kinds(layout, _TITLES)[0]
    master = layout.slide_master
    lists = [title.element.txBody.find(qn("a:lstStyle"))]
    lists += [shape.element.txBody.find(qn("a:lstStyle")) for shape in master.placeholders
              if shape.placeholder_format.type in _TITLES]  # fmt: skip
    styles = master._element.find(qn("p:txStyles"))
    lists.append(styles.find(qn("p:titleStyle")) if styles is not None else None)
    size, capitals = None, None
    for one in lists:
        level = one.find(qn("a:lvl1pPr")) if one is not None else None
        run = level.find(qn("a:defRPr")) if level is not None else None
        if run is not None:
            size = size or run.get("sz")
            capitals = capitals or run.get("cap")
    return float(size or 4400) / 100, capitals == "all"
