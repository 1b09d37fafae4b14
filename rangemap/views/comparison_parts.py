"""The pieces of a comparison's page: escaped texts, tables, bars, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from rangemap.catalogue import Source
from rangemap.errors import ArgumentError
from rangemap.views.story_words import clean

__all__ = [
    "Number", "bars", "bullets", "cell", "figure", "named", "section", "source_list", "table",
    "text", "written_area",
]  # fmt: skip

_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|webp|svg\+xml)[;,][^\s\"'<>]*")
_LINK: Final = re.compile(r"https?://[^\s\"'<>]+")


class Number(str):
    """A number that is written already, for the right of a cell."""

    __slots__ = ()


def text(value: object, limit: int = 4000) -> str:
    r"""Return an untrusted text for HTML: no markup, no control or direction characters.

    Examples
    --------
    >>> text("<b>R&D\u202e")
    '&lt;b&gt;R&amp;D'
    """
    return escape(clean(value, limit), quote=True)


def named(value: object) -> str:
    """Return a name whose writing direction does not spread to what follows.

    Examples
    --------
    >>> named("Oslo")
    '<bdi>Oslo</bdi>'
    """
    return f"<bdi>{text(value, 300)}</bdi>"


def written_area(km2: float) -> str:
    """Return an area for readers.

    Examples
    --------
    >>> written_area(71_944_354), written_area(9_269)
    ('71.9 million km²', '9,269 km²')
    """
    return f"{km2 / 1e6:,.1f} million km²" if km2 >= 1e6 else f"{km2:,.0f} km²"


def section(key: str, heading: str, *parts: str) -> str:
    """Return a section of the page; parts are HTML already."""
    inner = "\n".join(part for part in parts if part)
    return f'<section aria-labelledby="{key}">\n<h2 id="{key}">{heading}</h2>\n{inner}\n</section>'


def bullets(items: Iterable[str], name: str = "") -> str:
    """Return a list of texts that are HTML already."""
    inner = "\n".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="{name}">\n{inner}\n</ul>' if name else f"<ul>\n{inner}\n</ul>"


def cell(value: Any, *, first: bool = False) -> str:
    """Return a table cell: numbers to the right, texts as they are (HTML already).

    ``first`` is whether it begins a group of columns.

    Examples
    --------
    >>> cell(1234), cell("<bdi>Oslo</bdi>"), cell(None)
    ('<td class="n">1,234</td>', '<td><bdi>Oslo</bdi></td>', '<td></td>')
    """
    written = "" if value is None else value if isinstance(value, str) else f"{value:,.0f}"
    return f"<td{_class(first, right=_right(value))}>{written}</td>"


def _right(value: Any) -> bool:
    return isinstance(value, int | float | Number)


def table(
    caption: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    groups: Sequence[tuple[str, int]] = (),
    total: bool = False,
    label: str,
) -> str:
    """Return a table in a region that scrolls sideways where there is no room.

    Parameters
    ----------
    caption : str
        HTML already, as are all texts here but ``label``.
    header : sequence of str
        One for each column.
    rows : iterable of sequences
        The first of each is its heading; numbers are set to the right.
    groups : sequence of (str, int)
        Headings above several columns each.
    total : bool
        Whether the last row is the sum of the others.
    label : str
        What the region is called.
    """
    body = [list(row) for row in rows]
    numeric = [bool(body) and all(_right(row[n]) for row in body) for n in range(len(header))]
    starts, place = set(), 0
    for _, width in groups:
        starts.add(place)
        place += width
    starts.discard(0)
    above = "".join(
        f'<th scope="colgroup" colspan="{width}" class="group">{name}</th>'
        if name
        else f'<td colspan="{width}"></td>'
        for name, width in groups
    )
    lines = [f"<tr>{above}</tr>"] if groups else []
    lines.append(
        "<tr>"
        + "".join(
            f'<th scope="col"{_class(n in starts, right=numeric[n] and n > 0)}>{name}</th>'
            for n, name in enumerate(header)
        )
        + "</tr>"
    )
    inner = []
    for number, row in enumerate(body):
        last = total and number == len(body) - 1
        cells = "".join(cell(value, first=n in starts) for n, value in enumerate(row) if n)
        opening = '<tr class="total">' if last else "<tr>"
        inner.append(f'{opening}<th scope="row">{row[0]}</th>{cells}</tr>')
    called = escape(f"Table: {label}", quote=True)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{called}">\n'
        f'<table class="full">\n<caption><span>{caption}</span></caption>\n'
        f"<thead>\n{''.join(lines)}\n</thead>\n"
        f"<tbody>\n{chr(10).join(inner)}\n</tbody>\n</table>\n</div>"
    )


def _class(first: bool, *, right: bool) -> str:
    names = " ".join(name for name, there in (("first", first), ("n", right)) if there)
    return f' class="{names}"' if names else ""


def bars(rows: Iterable[tuple[str, Sequence[tuple[str, str, float, str]]]]) -> str:
    """Return bars of 100 %, each divided in parts, with its numbers as text below it.

    Parameters
    ----------
    rows : iterable of (heading, parts)
        Each part is a class of `comparison_style.CLASSES`, a label, a value and the value in
        words; heading, label and words are HTML already.
    """
    found = []
    for heading, parts in rows:
        whole = sum(part[2] for part in parts)
        left, shapes, words = 0.0, [], []
        for name, label, value, written in parts:
            wide = 1000 * value / whole if whole else 0.0
            if wide > 0:
                shapes.append(
                    f'<rect class="{name}" x="{left:.2f}" y="0" width="{max(wide - 2, 0.5):.2f}" '
                    'height="32"/>'
                )
            left += wide
            share = f" ({value / whole:.0%})" if whole else ""
            words.append(f'<li><span class="key {name}"></span>{label}: {written}{share}</li>')
        picture = (
            '<svg viewBox="0 0 1000 32" preserveAspectRatio="none" aria-hidden="true" '
            f'focusable="false">{"".join(shapes)}</svg>'
        )
        found.append(f"<div>\n<h3>{heading}</h3>\n{picture}\n<ul>{''.join(words)}</ul>\n</div>")
    return '<div class="bars">\n' + "\n".join(found) + "\n</div>"


def figure(key: str, pictures: Mapping[str, str], alt: str, caption: str) -> str:
    """Return a picture with its dark twin, if there is one; nothing if there is no picture.

    Raises
    ------
    ArgumentError
        If a picture is no data URI of an image: the page asks nothing of anybody.
    """
    if key not in pictures:
        return ""
    for name in (key, f"{key}-dark"):
        address = pictures.get(name, "data:image/png,")
        if not _PICTURE.fullmatch(address):
            raise ArgumentError(
                f"picture {name!r} must be a data: URI of a PNG, JPEG, WebP or SVG image; it "
                f"starts with {address[:30]!r}"
            )
    dark = pictures.get(f"{key}-dark")
    source = (
        f'<source media="screen and (prefers-color-scheme: dark)" srcset="{dark}">' if dark else ""
    )
    return (
        f'<figure>\n<picture>{source}<img src="{pictures[key]}" alt="{text(alt)}"></picture>\n'
        f"<figcaption>{caption}</figcaption>\n</figure>"
    )


def source_list(sources: Sequence[Source]) -> str:
    """Return sources as a list with links; an address that is no web address is text.

    Examples
    --------
    >>> source_list([])
    ''
    """
    if not sources:
        return ""
    items = []
    for source in sources:
        address = text(source.url, 500)
        if _LINK.fullmatch(source.url):
            address = f'<a href="{address}" rel="noreferrer">{address}</a>'
        read = "" if source.evidence.value == "seen" else f" ({source.evidence.verified})"
        items.append(
            f"<li>{text(source.publisher)}: {text(source.title)}. "
            f"{text(source.date).rstrip('.')}. {address}{read} [{text(source.key)}]</li>"
        )
    return '<ol class="sources">\n' + "\n".join(items) + "\n</ol>"
