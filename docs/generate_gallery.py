"""The pictures of the documentation site, drawn by the program while the site is built.

A page asks for one with ``<!-- picture: europe theatre slide light -->`` (scenario, kind, layout,
theme, then options such as ``site=mozdok``). The gallery has every kind there is.
``python docs/generate_gallery.py FOLDER`` draws the gallery's pictures into a folder.
"""

from __future__ import annotations

import html
import re
import struct
import sys
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rangemap.analysis import Analysis, analyse
from rangemap.errors import ArgumentError
from rangemap.views.markdown import escaped
from rangemap.views.picture import KINDS, draw_picture, picture_bytes

MARK: Final = re.compile(r"<!-- picture: (.+?) -->")
DPI: Final = 120
FOLDER: Final = "gallery"

FIRST: Final = ("slide", "light")
MORE: Final = {
    "theatre": ("page", "print"),
    "bars": ("square", "dark"),
    "ladder": ("page-landscape", "print"),
}
"""Each kind is drawn as a slide, and some in these, so that all layouts and themes are shown."""

SCENARIOS: Final = ("europe", "europe-vs-china", "ssc-8", "asia-pacific")
"""Tried in turn: a kind that compares two sides has nothing to show where there is but one."""
BEST: Final = {"sides": "europe-vs-china", "change": "ssc-8"}

_OPTIONS: Final = {"site": "--from-site"}


@dataclass(frozen=True)
class Wanted:
    """One picture, as it is asked for."""

    scenario: str
    kind: str
    layout: str
    theme: str
    options: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, text: str) -> Wanted:
        """Read what a page asks for."""
        first, rest = text.split()[:4], text.split()[4:]
        options = tuple((name, value) for name, value in (one.split("=") for one in rest))
        return cls(*first, options)

    @property
    def name(self) -> str:
        """The path of its file in the site."""
        parts = [self.scenario, self.kind, self.layout, self.theme, *dict(self.options).values()]
        return f"{FOLDER}/{'-'.join(parts)}.png"

    @property
    def command(self) -> str:
        """The command that makes it."""
        words = ["rangemap", "figure", self.scenario]
        if self.kind != "theatre":
            words += ["--kind", self.kind]
        if self.layout != "slide":
            words += ["--layout", self.layout]
        if self.theme != "light":
            words += ["--theme", self.theme]
        for name, value in self.options:
            words += [_OPTIONS.get(name, f"--{name}"), value]
        return " ".join([*words, "-o", f"{self.kind}.png"])


@dataclass(frozen=True)
class Drawn:
    """What is said of a picture beside it."""

    title: str
    finding: str
    alt: str


class Gallery:
    """Pictures drawn once each, however many pages ask for them.

    Parameters
    ----------
    blank : bool, default False
        Draw nothing: one pixel stands for each picture.
    """

    def __init__(self, *, blank: bool = False) -> None:
        self._blank = blank
        self._drawn: dict[Wanted, Drawn] = {}
        self._files: dict[str, bytes] = {}
        self._given: set[Wanted] = set()
        self._analyses: dict[str, Analysis] = {}
        self._shown: list[tuple[str, list[Wanted]]] = []

    def all_pictures(self) -> list[str]:
        """Choose the gallery's pictures, and return them as pages ask for them."""
        self._shown = [(kind, self._looks(kind)) for kind in KINDS]
        return [
            f"{one.scenario} {one.kind} {one.layout} {one.theme}"
            for _, looks in self._shown
            for one in looks
        ]

    def draw(self, asked: Iterable[str]) -> dict[str, bytes]:
        """Return the files of those pictures that were not drawn before."""
        wanted = [one for one in dict.fromkeys(map(Wanted.read, asked)) if one not in self._given]
        self._given.update(wanted)
        return {one.name: self._draw(one) for one in wanted}

    def figure(self, asked: str, to_top: str) -> str:
        """Return a picture with its finding, for a page that lies as far below the top."""
        one = Wanted.read(asked)
        drawn, path = self._drawn[one], f"{to_top}/{one.name}"
        alt = html.escape(drawn.alt.replace("\n", " "))
        said = html.escape(drawn.finding or drawn.title)
        return (
            f'<figure><a href="{path}"><img src="{path}" alt="{alt}" loading="lazy"></a>'
            f"<figcaption>{said}</figcaption></figure>"
        )

    def page(self) -> str:
        """Return what the gallery page shows."""
        return "\n".join(self._section(kind, looks) for kind, looks in self._shown)

    def _section(self, kind: str, looks: list[Wanted]) -> str:
        parts = [f"## {kind}\n", f"{_said_of().get(kind, '')}\n"]
        for one in looks:
            drawn = self._drawn[one]
            asked = f"{one.scenario} {one.kind} {one.layout} {one.theme}"
            parts += [
                f"### {kind}: {one.layout}, {one.theme}\n",
                self.figure(asked, "."),
                f"\n```sh\n{one.command}\n```\n",
                f'??? note "Alternative text"\n    {escaped(drawn.alt)}\n',
            ]
        return "\n".join(parts)

    def _looks(self, kind: str) -> list[Wanted]:
        first = self._first(kind)
        more = [MORE[kind]] if kind in MORE else []
        return [first, *(Wanted(first.scenario, kind, *look) for look in more)]

    def _first(self, kind: str) -> Wanted:
        """Return the slide of the first scenario that has something of a kind to show."""
        best = BEST.get(kind, SCENARIOS[0])
        for scenario in dict.fromkeys((best, *SCENARIOS)):
            one = Wanted(scenario, kind, *FIRST)
            try:
                self._draw(one)
            except ArgumentError:
                continue
            return one
        raise ArgumentError(f"no scenario of {', '.join(SCENARIOS)} has a picture of kind {kind!r}")

    def _draw(self, one: Wanted) -> bytes:
        if one not in self._drawn:
            self._files[one.name] = self._content(one)
        return self._files[one.name]

    def _content(self, one: Wanted) -> bytes:
        if self._blank:
            self._drawn[one] = Drawn(one.kind, "Not drawn.", "Not drawn.")
            return _pixel()
        options: dict[str, Any] = dict(one.options)
        picture = draw_picture(
            self._analysis(one.scenario), one.kind, layout=one.layout, theme=one.theme, **options
        )
        self._drawn[one] = Drawn(picture.title, picture.finding, picture.alt)
        return picture_bytes(picture, "png", dpi=DPI)

    def _analysis(self, name: str) -> Analysis:
        if name not in self._analyses:
            self._analyses[name] = analyse(name)
        return self._analyses[name]


def _said_of() -> dict[str, str]:
    """Return what docs/figures.md says of each kind."""
    text = Path(__file__).with_name("figures.md").read_text(encoding="utf-8")
    rows = text.partition("## Kinds")[2].partition("\n## ")[0]
    said = re.findall(r"^\| `([\w-]+)` \| (.+?) \|$", rows, re.M)
    return {kind: f"{words[0].upper()}{words[1:]}." for kind, words in said}


def _pixel() -> bytes:
    """Return a PNG of one grey pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xdd")) + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    target = Path(sys.argv[1])
    gallery = Gallery()
    for name, content in gallery.draw(gallery.all_pictures()).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path)
