"""What a briefing consists of, as data: the slides and the report show the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from rangemap.catalogue import Source

__all__ = [
    "ELSEWHERE", "Bars", "Chapter", "Drawing", "Grid", "Item", "Points", "References", "Row",
    "Series", "Story",
]  # fmt: skip


ELSEWHERE: Final = "listed in the notes and in the report"
"""Stands for a long list of names on a slide."""


@dataclass(frozen=True)
class Row:
    """One row of a table; a heading has one cell that spans all columns."""

    cells: tuple[str, ...]
    heading: bool = False


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes
    ----------
    header : tuple of str
        One text for each column.
    rows : tuple of Row
        All texts are clean: short, one line, without control characters.
    right : frozenset of int
        Columns set to the right: numbers.
    widths : tuple of float
        Share of the table's width that each column has, adding up to 1.
    alt : str
        What the table shows, with its main numbers, for who cannot see it.
    note : str
        What to know when reading it.
    """

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    right: frozenset[int]
    widths: tuple[float, ...]
    alt: str
    note: str = ""


@dataclass(frozen=True)
class Series:
    """One series of a chart: name, colour ("#rrggbb" on white paper), a count for each category."""

    name: str
    color: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Bars:
    """Stacked bars, one for each category, and the same numbers as a table."""

    categories: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    alt: str
    grid: Grid


@dataclass(frozen=True)
class Drawing:
    """A picture that `draw_picture` makes; kind and small print."""

    kind: str
    note: str


@dataclass(frozen=True)
class Points:
    """Paragraphs, each with a lead-in word or none."""

    texts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class References:
    """Numbered sources."""

    sources: tuple[Source, ...]


Item: TypeAlias = Grid | Bars | Drawing | Points | References


@dataclass(frozen=True)
class Chapter:
    """One part of a briefing.

    Attributes
    ----------
    key : str
        What it is about, the same in every scenario.
    heading : str
        Neutral, for a list of contents.
    title : str
        What a reader should take away, with the numbers: the title of a slide.
    lead : tuple of str
        Sentences before the item.
    item : Item
        What a slide shows.
    notes : tuple of str
        Paragraphs with the figures behind it, for the speaker.
    full : Grid or None
        The whole table for a document, where a slide shows a part.
    """

    key: str
    heading: str
    title: str
    lead: tuple[str, ...]
    item: Item
    notes: tuple[str, ...] = ()
    full: Grid | None = None


@dataclass(frozen=True)
class Story:
    """A whole briefing.

    Attributes
    ----------
    title, subtitle, lead : str
        Of the first page; the lead is the finding that comes first.
    date : str
        Date of the data, ISO 8601.
    provenance : str
        What made it, from which scenario and data.
    caveats : tuple of str
        What to keep in mind.
    keywords : tuple of str
        For the properties of a file.
    chapters : tuple of Chapter
        In order.
    """

    title: str
    subtitle: str
    lead: str
    date: str
    provenance: str
    caveats: tuple[str, ...]
    keywords: tuple[str, ...]
    chapters: tuple[Chapter, ...]
