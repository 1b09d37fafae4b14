"""The briefing as a document: A4, tagged for screen readers, to be archived and printed.

It tells what the slides tell, with the whole tables. Typst sets it: it makes PDF/UA-1 and
PDF/A-2a and refuses what breaks them, repeats the heads of tables, and draws our own SVG as
vectors. The words go to it as JSON, so no name can be taken for a command.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlsplit

import typst
from matplotlib import get_data_path

from rangemap.analysis import Analysis
from rangemap.catalogue import Evidence, Source
from rangemap.views.fonts import font_file, uncovered
from rangemap.views.picture import Picture, draw_picture, picture_bytes
from rangemap.views.story import tell
from rangemap.views.story_parts import (
    ELSEWHERE,
    Bars,
    Chapter,
    Drawing,
    Grid,
    Item,
    Points,
    References,
    Story,
)
from rangemap.views.story_words import clean
from rangemap.views.theme import LIGHT
from rangemap.views.units import Units, units_of

if TYPE_CHECKING:
    from typst import PDFStandard

__all__ = ["report_pdf"]

FONTS: Final = ("Source Sans 3", "DejaVu Sans", "WenQuanYi Micro Hei")
"""Families of `rangemap.views.fonts`, as the files themselves name them."""

_TEMPLATE: Final = Path(__file__).parent / "assets" / "report.typ"
_STANDARDS: Final[list[PDFStandard]] = ["ua-1", "a-2a"]
_PICTURE: Final = (481.89, 350.0)  # the width of the text on A4, points
_TEXT_PT: Final = 9.0
_ANNEX_PT: Final = 8.0
_IN_ANNEX: Final = "listed in the annex"
_LONG_WORD: Final = re.compile(r"[!-\u2fff]{22,}")  # Chinese and its kin break by themselves
_BREAK: Final = "\u200b"
_LOST: Final = "\ufffd"
_UNREAD: Final = "* Not, or only in part, read again at the source."


def report_pdf(analysis: Analysis, *, units: str | Units = "km") -> bytes:
    """Return a briefing as a PDF document.

    Parameters
    ----------
    analysis : Analysis
        As `analyse` makes it.
    units : {"km", "mi", "nmi"} or Units
        Of distances and areas; the treaty's own limits stay in km.

    Returns
    -------
    bytes
        PDF 1.7, PDF/UA-1 and PDF/A-2a; the same analysis gives the same bytes.

    Raises
    ------
    ArgumentError
        If there is no such unit.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> report_pdf(analyse("kaliningrad"))[:8]
    b'%PDF-1.7'
    """
    unit = units_of(units)
    story = tell(analysis, unit)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = _content(story, _Pictures(analysis, unit, folder))
        text = json.dumps(content, ensure_ascii=False)
        lost = {ord(character): _LOST for character in uncovered(text)}
        (folder / "story.json").write_text(text.translate(lost), encoding="utf-8")
        (folder / "main.typ").write_bytes(_TEMPLATE.read_bytes())
        return _compiled(folder, date.fromisoformat(story.date))


def _compiled(folder: Path, day: date) -> bytes:
    """Set the document, with our fonts alone."""
    made = typst.compile(
        str(folder / "main.typ"),
        root=str(folder),
        font_paths=[str(font_file().parent), str(Path(get_data_path()) / "fonts" / "ttf")],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=_STANDARDS,
        timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst returned several files for one document")
    return made


class _Pictures:
    """Draws the pictures of a report into its folder."""

    def __init__(self, analysis: Analysis, units: Units, folder: Path) -> None:
        self.analysis, self.units, self.folder = analysis, units, folder

    def draw(self, kind: str) -> tuple[str, Picture]:
        picture = draw_picture(self.analysis, kind, units=self.units, plain=True, size=_PICTURE)
        file = f"{kind}.svg"
        svg = picture_bytes(picture, "svg").decode("utf-8")
        (self.folder / file).write_text(_with_our_fonts(svg), encoding="utf-8")
        return file, picture


def _with_our_fonts(svg: str) -> str:
    """Name the fonts of a drawing as their files do."""
    names = {"rangemap Sans": FONTS[0], "rangemap East": FONTS[2]}
    for ours, real in names.items():
        svg = svg.replace(ours, real)
    return svg


def _content(story: Story, pictures: _Pictures) -> dict[str, Any]:
    day = date.fromisoformat(story.date)
    last = [chapter for chapter in story.chapters if isinstance(chapter.item, References)]
    first = [chapter for chapter in story.chapters if chapter not in last]
    annexes = [chapter for chapter in story.chapters if chapter.full is not None]
    chapters = [_chapter(chapter, pictures) for chapter in first]
    if annexes:
        chapters += [_annex_head(), *map(_annex, annexes)]
    chapters += [_chapter(chapter, pictures) for chapter in last]
    return {
        "title": story.title,
        "subtitle": story.subtitle,
        "description": clean(f"{story.lead} {story.provenance}", 500),
        "provenance": story.provenance,
        "keywords": list(story.keywords),
        "date": [day.year, day.month, day.day],
        "day": story.date,
        "fonts": list(FONTS),
        "chapters": chapters,
    }


def _chapter(chapter: Chapter, pictures: _Pictures) -> dict[str, Any]:
    return {
        "heading": chapter.heading,
        "title": "" if chapter.title == chapter.heading else chapter.title,
        "level": 1,
        "lead": list(chapter.lead),
        "break": False,
        "item": _item(chapter.item, pictures),
    }


def _annex_head() -> dict[str, Any]:
    return {
        "heading": "Annex: the whole tables",
        "title": "",
        "level": 1,
        "lead": ["Distances are geodesics to the nearest launch site; the nearest comes first."],
        "break": True,
        "item": {"kind": "none"},
    }


def _annex(chapter: Chapter) -> dict[str, Any]:
    grid = chapter.full
    return {
        "heading": chapter.heading,
        "title": "",
        "level": 2,
        "lead": [],
        "break": False,
        "item": _grid(grid, _ANNEX_PT) if grid is not None else {"kind": "none"},
    }


def _item(item: Item, pictures: _Pictures) -> dict[str, Any]:
    if isinstance(item, Points):
        return {"kind": "points", "texts": [list(pair) for pair in item.texts]}
    if isinstance(item, Drawing):
        file, picture = pictures.draw(item.kind)
        finding, alt = clean(picture.finding), clean(picture.alt)
        return {"kind": "drawing", "file": file, "alt": alt, "finding": finding, "note": item.note}
    if isinstance(item, Bars):
        return _bars(item)
    if isinstance(item, Grid):
        return _grid(item, _TEXT_PT)
    return _references(item)


def _grid(grid: Grid, size: float) -> dict[str, Any]:
    return {
        "kind": "grid",
        "header": list(grid.header),
        "rows": [
            {
                "heading": row.heading,
                "cells": [
                    _breakable(_IN_ANNEX if text == ELSEWHERE else text) for text in row.cells
                ],
            }
            for row in grid.rows
        ],
        "right": sorted(grid.right),
        "widths": list(grid.widths),
        "note": grid.note,
        "size": size,
    }


def _breakable(text: str) -> str:
    """Let a name without spaces break anywhere before it would leave its column."""
    return _LONG_WORD.sub(lambda match: _BREAK.join(match[0]), text)


def _bars(bars: Bars) -> dict[str, Any]:
    colors = [LIGHT.data(series.color, number) for number, series in enumerate(bars.series)]
    return {
        "kind": "bars",
        "categories": list(bars.categories),
        "series": [
            {
                "name": series.name,
                "color": color,
                "on": LIGHT.on(color),
                "values": list(series.values),
                "labels": [f"{value:,}" for value in series.values],
            }
            for series, color in zip(bars.series, colors, strict=True)
        ],
        "alt": bars.alt,
        "grid": _grid(bars.grid, _TEXT_PT),
    }


def _references(references: References) -> dict[str, Any]:
    sources = [_source(number, source) for number, source in enumerate(references.sources, 1)]
    return {"kind": "sources", "sources": sources, "note": _note(references.sources)}


def _note(sources: Iterable[Source]) -> str:
    unread = any(source.evidence != Evidence.SEEN for source in sources)
    return _UNREAD if unread else ""


def _source(number: int, source: Source) -> Mapping[str, str]:
    published = f", {clean(source.date, 40)}" if source.date else ""
    star = "" if source.evidence == Evidence.SEEN else " *"
    web = urlsplit(source.url).scheme in ("http", "https")
    address = quote(source.url, safe=":/?#[]@!$&'()*+,;=%~") if web else ""
    return {
        "mark": f"[{number}]",
        "text": f"{clean(source.publisher)}{published}: {clean(source.title)}.{star}",
        "link": address,
        "shown": clean(source.url, 400) if web else "",
    }
