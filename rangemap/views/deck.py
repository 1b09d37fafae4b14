"""Slides for a briefing: PowerPoint's own text, tables and charts, with notes for the speaker.

The same analysis and template give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pptx.opc.constants import RELATIONSHIP_TYPE as RT

from rangemap.analysis import Analysis
from rangemap.views.deck_maker import Maker, add_text
from rangemap.views.deck_master import own_presentation
from rangemap.views.deck_package import APP_XML, packed, set_properties
from rangemap.views.deck_plan import Frame, plan_of
from rangemap.views.deck_slides import (
    add_bars,
    add_picture,
    add_source_column,
    source_pages,
    text_pages,
)
from rangemap.views.deck_table import Page, add_table, pages_of
from rangemap.views.deck_template import read_template
from rangemap.views.deck_text import LINE
from rangemap.views.picture import draw_picture
from rangemap.views.story import tell
from rangemap.views.story_parts import (
    Bars,
    Chapter,
    Drawing,
    Grid,
    Points,
    References,
    Story,
)
from rangemap.views.theme import Theme, theme_of
from rangemap.views.units import Units, units_of

__all__ = ["deck_pptx"]

_LEAD: Final = 14.0
_NOTE: Final = 12.0
_UNREAD: Final = "* Not, or only in part, read again at the source."


def deck_pptx(
    analysis: Analysis,
    *,
    template: str | Path | None = None,
    units: str | Units = "km",
    theme: str | Theme = "light",
) -> bytes:
    """Return a briefing as a PPTX file.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    template : str or pathlib.Path, optional
        A presentation or template of one's own (``.pptx``, ``.potx``): its masters, layouts,
        fonts, colours and slide size are used, its slides are left out.
    units : {"km", "mi", "nmi"} or Units
        Of distances and areas; the treaty's own limits stay in km.
    theme : {"light", "dark", "print"} or Theme
        Of our own master and of pictures and charts.

    Returns
    -------
    bytes
        The file; the same input gives the same bytes.

    Raises
    ------
    ArgumentError
        If there is no such theme or unit.
    DataError
        If the template cannot be used.
    """
    look, unit = theme_of(theme), units_of(units)
    own = template is None
    presentation = own_presentation(look) if own else read_template(str(template))
    deck = _Deck(analysis, Maker(plan_of(presentation, own=own), ""), look, unit)
    story = tell(analysis, unit)
    deck.maker.provenance = story.provenance
    deck.open(story)
    for chapter in story.chapters:
        deck.add(chapter)
    set_properties(presentation.core_properties, story)
    _forget(presentation)
    stream = io.BytesIO()
    presentation.save(stream)
    return packed(stream.getvalue(), date.fromisoformat(story.date))


class _Deck:
    """Turns chapters into slides."""

    def __init__(self, analysis: Analysis, maker: Maker, theme: Theme, units: Units) -> None:
        self.analysis, self.maker, self.theme, self.units = analysis, maker, theme, units
        self.plan = maker.plan

    def open(self, story: Story) -> None:
        lines = [text for text in (story.subtitle, f"Data of {story.date}") if text]
        self.maker.opening(story.title, lines, (story.lead, *story.caveats))

    def add(self, chapter: Chapter) -> None:
        item = chapter.item
        if isinstance(item, Points):
            self._points(chapter, item)
        elif isinstance(item, Drawing):
            self._drawing(chapter, item)
        elif isinstance(item, Bars):
            self._bars(chapter, item)
        elif isinstance(item, Grid):
            self._grid(chapter, item)
        else:
            self._references(chapter, item)

    def _points(self, chapter: Chapter, points: Points) -> None:
        pages, size = text_pages(points, self.plan)
        for title, page in zip(_titles(chapter.title, len(pages)), pages, strict=True):
            slide = self.maker.slide(title, chapter.notes, text=True)
            self.maker.body(slide, page, size)
            self.maker.finish(slide)

    def _drawing(self, chapter: Chapter, drawing: Drawing) -> None:
        slide = self.maker.slide(chapter.title, chapter.notes)
        top = self._lead(slide, chapter.lead)

        def draw(size: tuple[float, float]) -> Any:
            return draw_picture(self.analysis, drawing.kind, theme=self.theme, units=self.units,
                                plain=True, size=size)  # fmt: skip

        add_picture(slide, self.plan, draw, drawing.note, top)
        self.maker.finish(slide)

    def _bars(self, chapter: Chapter, bars: Bars) -> None:
        area = self.plan.area
        below = self._note_height(bars.grid.note)
        pages = pages_of(bars.grid, area.width, area.height * 0.45 - below, self.plan.ruler)
        slide = self.maker.slide(chapter.title, chapter.notes)
        top = self._lead(slide, chapter.lead)
        beside = len(pages) == 1
        bottom = area.bottom - (pages[0].height + below + 12 if beside else 0)
        add_bars(slide, bars, Frame(area.left, top, area.width, bottom - top), self.theme)
        if beside:
            self._table(slide, pages[0], bottom + 12, bars.grid.alt)
        self.maker.finish(slide)
        if not beside:
            title = f"{chapter.title}: the numbers"
            self._grid(replace(chapter, title=title, lead=(), item=bars.grid), bars.grid)

    def _grid(self, chapter: Chapter, grid: Grid) -> None:
        area = self.plan.area
        above = self._lead_height(chapter.lead)
        room = area.height - self._note_height(grid.note)
        pages = pages_of(grid, area.width, room - above, self.plan.ruler)
        if len(pages) > 1 and above > room * 0.25:
            self._points(chapter, Points(tuple(("", text) for text in chapter.lead)))
            chapter = replace(chapter, title=f"{chapter.title}: the list", lead=())
            pages = pages_of(grid, area.width, room, self.plan.ruler)
        titles = _titles(chapter.title, len(pages))
        for number, (title, page) in enumerate(zip(titles, pages, strict=True)):
            slide = self.maker.slide(title, chapter.notes if number == 0 else ())
            top = self._lead(slide, chapter.lead) if number == 0 else area.top
            self._table(slide, page, top, _alt(grid, number, len(pages)))
            self.maker.finish(slide)

    def _note_height(self, note: str) -> float:
        lines = self.plan.ruler.lines(note, self.plan.area.width, _NOTE) if note else []
        return len(lines) * _NOTE * LINE + 4 if lines else 0.0

    def _table(self, slide: Any, page: Page, top: float, alt: str) -> None:
        """Add a table, and its note at the foot of the room."""
        area, note = self.plan.area, page.grid.note
        add_table(slide, page, Frame(area.left, top, area.width, page.height), alt)
        if note:
            high = self._note_height(note) - 4
            place = Frame(area.left, area.bottom - high, area.width, high)
            add_text(slide, self.plan, place, [note], _NOTE)

    def _lead_height(self, lead: Sequence[str]) -> float:
        if not lead:
            return 0.0
        width = self.plan.area.width
        lines = sum(len(self.plan.ruler.lines(text, width, _LEAD)) for text in lead)
        return lines * _LEAD * LINE + 12

    def _lead(self, slide: Any, lead: Sequence[str]) -> float:
        """Set the sentences before the item, and return where it may begin."""
        area, height = self.plan.area, self._lead_height(lead)
        if lead:
            frame = Frame(area.left, area.top, area.width, height - 8)
            add_text(slide, self.plan, frame, lead, _LEAD).name = "Lead"
        return area.top + height

    def _references(self, chapter: Chapter, references: References) -> None:
        pages = source_pages(references.sources, self.plan)
        for title, page in zip(_titles(chapter.title, len(pages)), pages, strict=True):
            slide = self.maker.slide(title, chapter.notes if page is pages[0] else ())
            for column, entries in enumerate(page):
                add_source_column(slide, self.plan, entries, column)
            area = self.plan.area
            place = Frame(area.left, area.bottom - 14, area.width, 14)
            add_text(slide, self.plan, place, [_UNREAD], 10.0)
            self.maker.finish(slide)


def _titles(title: str, count: int) -> list[str]:
    """Return a title for each slide: no two slides have the same."""
    if count <= 1:
        return [title] * count
    return [f"{title} ({number}\u00a0of\u00a0{count})" for number in range(1, count + 1)]


def _alt(grid: Grid, number: int, count: int) -> str:
    return f"{grid.alt} Part {number + 1} of {count}." if count > 1 else grid.alt


def _forget(presentation: Any) -> None:
    """Drop what the template says of itself: its thumbnail, its program, its old slides’ names."""
    package = presentation.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            package._rels.pop(key)
        elif relation.reltype == RT.EXTENDED_PROPERTIES:
            relation.target_part.blob = APP_XML
