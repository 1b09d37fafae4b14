"""Pages that show packs: the gallery of an output folder, and the page of one pack."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import quote

from rangemap.views.index_style import POLICY, STYLE
from rangemap.views.table import plain
from rangemap.views.thumbnail import Thumbnail

__all__ = [
    "GENERATOR",
    "Download",
    "Pack",
    "PackLook",
    "Shown",
    "address",
    "render_index",
    "render_pack",
    "size_text",
]

GENERATOR: Final = '<meta name="generator" content="rangemap">'
"""By which our pages are known: no other page is ever replaced."""

_FINDINGS: Final = 4
"""So many are shown beside the first; the rest can be opened."""

_FORMS: Final = {
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "parquet": "GeoParquet",
    "md": "Markdown",
}
_ANCHOR: Final = re.compile(r"[a-z][a-z0-9-]{0,59}")


@dataclass(frozen=True)
class Download:
    """A file that a page links.

    Attributes
    ----------
    name : str
        Relative POSIX path inside of the pack.
    title, description : str
        What it is, for readers.
    part : str
        Under which heading it stands.
    size : int
        Bytes; 0 if not to be told.
    """

    name: str
    title: str
    description: str
    part: str
    size: int


@dataclass(frozen=True)
class Shown:
    """A picture of a pack: its file, what it is, its alternative text, and small versions."""

    name: str
    title: str
    alt: str
    light: Thumbnail
    dark: Thumbnail | None = None


@dataclass(frozen=True)
class Pack:
    """What a page shows of one pack.

    Attributes
    ----------
    folder : str
        Its folder, seen from the page; empty on the pack's own page.
    title, subtitle, provenance : str
        As the manifest has them.
    date : str
        Of the data.
    headline, caveats : tuple of str
        Findings in sentences; what to keep in mind.
    left_out : tuple of str
        What this scenario cannot have, and why.
    downloads : tuple of Download
        All files.
    """

    folder: str
    title: str
    subtitle: str
    provenance: str
    date: str
    headline: tuple[str, ...]
    caveats: tuple[str, ...]
    left_out: tuple[str, ...]
    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class PackLook:
    """A pack with the small pictures that there is room for."""

    pack: Pack
    hero: Shown | None = None
    others: tuple[Shown, ...] = ()


def render_index(
    packs: Sequence[PackLook], caveats: Sequence[str], parts: Mapping[str, str]
) -> str:
    """Return the gallery of an output folder as HTML text; all that comes from files is escaped.

    Parameters
    ----------
    packs : sequence of PackLook
        In the order in which they are shown.
    caveats : sequence of str
        What holds for all of them.
    parts : mapping of str to str
        Keys of `Download.part` and their headings, in order.

    Examples
    --------
    >>> "No packs here yet" in render_index([], [], {})
    True
    """
    anchors = _anchors([look.pack.folder for look in packs])
    links = "\n".join(
        f'<li><a href="#{anchor}">{_text(look.pack.title)}</a></li>'
        for anchor, look in zip(anchors, packs, strict=True)
    )
    menu = f'<nav aria-label="Packs"><ul>\n{links}\n</ul></nav>' if len(packs) > 1 else ""
    body = "\n".join(
        _section(look, parts, anchor, "h2", caveats)
        for anchor, look in zip(anchors, packs, strict=True)
    )
    intro = (
        "Geodesic bands round launch sites, and which capitals they cover. Everything here is "
        "in this folder and opens without a network; each pack's manifest names its sources."
    )
    head = f"<h1>Missile ranges and the capitals within them</h1>\n<p>{intro}</p>\n{menu}"
    return _page(
        "rangemap: missile ranges and capitals",
        head,
        body or '<p class="muted">No packs here yet.</p>',
        caveats,
    )


def render_pack(look: PackLook, parts: Mapping[str, str]) -> str:
    """Return the page of one pack, for whoever is sent only its folder."""
    head = f'<h1 id="title" dir="auto">{_text(look.pack.title)}</h1>'
    body = _section(look, parts, "title", "", look.pack.caveats)
    return _page(plain(look.pack.title), head, body, look.pack.caveats)


def address(*names: str) -> str:
    """Return the relative address of a file, whatever its name holds.

    Examples
    --------
    >>> address("my pack #1", "figures/50 %.png")
    'my%20pack%20%231/figures/50%20%25.png'
    """
    parts = [part for name in names if name for part in name.split("/")]
    return "/".join(quote(os.fsencode(part), safe="") for part in parts)


def size_text(size: int) -> str:
    """Return a file's size for readers.

    Examples
    --------
    >>> size_text(2_345_678), size_text(35_400), size_text(12)
    ('2.3 MB', '35 kB', '1 kB')
    """
    return f"{size / 1e6:.1f} MB" if size >= 999_500 else f"{max(1, round(size / 1000))} kB"


def _page(title: str, head: str, body: str, caveats: Sequence[str]) -> str:
    notes = "\n".join(f"<li>{_text(text)}</li>" for text in caveats)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
{GENERATOR}
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
{head}
</header>
<main id="main">
{body}
</main>
<footer>
<h2>Read this with the maps</h2>
<ul>
{notes}
</ul>
</footer>
</body>
</html>
"""


def _anchors(folders: Sequence[str]) -> list[str]:
    """Return an id for each pack, its folder's name where that may stand in an address."""
    return [
        f"pack-{number}" if not _ANCHOR.fullmatch(name) or name in ("main", "title") else name
        for number, name in enumerate(folders, 1)
    ]


def _section(
    look: PackLook, parts: Mapping[str, str], anchor: str, level: str, said: Sequence[str]
) -> str:
    pack = look.pack
    heading = f'<h2 id="{anchor}" dir="auto">{_text(pack.title)}</h2>\n' if level else ""
    subtitle = f'<p class="sub" dir="auto">{_text(pack.subtitle)}</p>\n' if pack.subtitle else ""
    groups = "".join(
        _group(pack, key, name, "h3" if level else "h2") for key, name in parts.items()
    )
    own = [text for text in pack.caveats if text not in said]
    dated = f"Data of {_text(pack.date)}. " if pack.date else ""
    return (
        f'<section class="pack" aria-labelledby="{anchor}">\n{heading}{subtitle}'
        f'{_lead(look)}<div class="parts">\n{groups}</div>\n'
        f"{_details('Caveats of this scenario', own)}"
        f"{_details('Left out of this pack', pack.left_out)}"
        f'<p class="made">{dated}Made by {_text(pack.provenance)}.</p>\n</section>'
    )


def _lead(look: PackLook) -> str:
    """Return the leading picture with the others under it, and the findings beside them."""
    pack, hero = look.pack, look.hero
    left = ""
    if hero is not None:
        link = escape(address(pack.folder, hero.name), quote=True)
        left += f'<figure><a href="{link}">{_picture(hero)}</a></figure>\n'
    maps = [one for one in pack.downloads if one.part == "map"]
    if maps:
        link = escape(address(pack.folder, maps[0].name), quote=True)
        left += f'<a class="open" href="{link}">Open the {_text(maps[0].title.lower())}</a>\n'
    if look.others:
        shown = "".join(_strip_item(pack, one) for one in look.others)
        left += f'<ul class="strip">\n{shown}</ul>\n'
    kind = "hero" if hero is not None else "hero alone"
    return f'<div class="{kind}">\n<div>\n{left}</div>\n<div>\n{_findings(pack)}</div>\n</div>\n'


def _findings(pack: Pack) -> str:
    lead, *others = pack.headline or ("",)
    words = f'<p class="lead">{_text(lead)}</p>\n' if lead else ""
    first = "\n".join(f"<li>{_text(text)}</li>" for text in others[:_FINDINGS])
    words += f'<ul class="findings">\n{first}\n</ul>\n' if first else ""
    return words + _details("More findings", others[_FINDINGS:])


def _picture(shown: Shown) -> str:
    small = shown.light
    image = (
        f'<img src="{small.address}" width="{small.width}" height="{small.height}" '
        f'alt="{escape(plain(shown.alt), quote=True)}">'
    )
    if shown.dark is None:
        return image
    media = "screen and (prefers-color-scheme: dark)"
    return f'<picture><source media="{media}" srcset="{shown.dark.address}">{image}</picture>'


def _strip_item(pack: Pack, shown: Shown) -> str:
    link = escape(address(pack.folder, shown.name), quote=True)
    return f'<li><a href="{link}">{_picture(shown)}<span>{_text(shown.title)}</span></a></li>\n'


def _group(pack: Pack, part: str, heading: str, level: str) -> str:
    files = [one for one in pack.downloads if one.part == part]
    if not files:
        return ""
    items = []
    for title, same in groupby(files, key=lambda one: one.title):
        forms = list(same)
        links = " ".join(_link(pack, one) for one in forms)
        note = "" if part == "pictures" else f"<small>{_text(forms[0].description)}</small>"
        items.append(f"<li><span>{_text(title)}</span>{links}{note}</li>")
    listed = "\n".join(items)
    return f"<section>\n<{level}>{escape(heading)}</{level}>\n<ul>\n{listed}\n</ul>\n</section>\n"


def _link(pack: Pack, one: Download) -> str:
    ending = PurePosixPath(one.name).suffix[1:]
    form = _FORMS.get(ending, ending.upper()) or one.name
    told = f"{plain(form)}, {size_text(one.size)}" if one.size else plain(form)
    link = escape(address(pack.folder, one.name), quote=True)
    name = escape(f"{told}: {plain(one.title)}", quote=True)
    return f'<a href="{link}" aria-label="{name}">{escape(told)}</a>'


def _details(title: str, texts: Sequence[str]) -> str:
    if not texts:
        return ""
    listed = "\n".join(f"<li>{_text(text)}</li>" for text in texts)
    return f"<details>\n<summary>{escape(title)}</summary>\n<ul>\n{listed}\n</ul>\n</details>\n"


def _text(text: str) -> str:
    return escape(plain(text))
