"""Check a built site: ``python docs/check_site.py FOLDER``.

Nothing may be fetched from elsewhere, every link inside must lead somewhere, every picture has a
text that can stand for it, and every public name has one place in the reference.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import generate_api

_FETCHED: Final = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "input": "src",
    "link": "href", "object": "data", "script": "src", "source": "src", "track": "src",
    "use": "href", "video": "src",
}  # fmt: skip
"""Elements that a browser fetches, and the attribute that says from where."""

_ELSEWHERE: Final = re.compile(r"^(?:[a-z][a-z+.-]*:)?//|^(?!data:)[a-z][a-z+.-]*:", re.I)
_CSS: Final = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


@dataclass
class Page(HTMLParser):
    """What a page asks for, links to and has.

    Attributes
    ----------
    fetched, linked : list of str
        Addresses.
    ids : list of str
        Anchors.
    mute : list of str
        Pictures without a text.
    styles : list of str
        The texts of its style elements, in parts as they are read.
    """

    fetched: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    mute: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        found = {name: value or "" for name, value in attrs}
        address = found.get(_FETCHED.get(tag, ""))
        if address and found.get("rel") not in ("canonical", "prev", "next"):
            self.fetched.append(address)
        self.fetched += [
            one.split()[0] for one in found.get("srcset", "").split(",") if one.strip()
        ]
        if "style" in found:
            self.fetched += _in_css(found["style"])
        if tag == "a" and "href" in found:
            self.linked.append(found["href"])
        if tag == "img" and not found.get("alt", "").strip():
            self.mute.append(found.get("src", ""))
        self.ids += [found[name] for name in ("id", "name") if found.get(name)]

    def handle_data(self, data: str) -> None:
        """Take the text of a style element in."""
        if self.cdata_elem == "style":
            self.styles.append(data)

    def close(self) -> None:
        """Take in what the page's styles fetch."""
        super().close()
        self.fetched += _in_css("".join(self.styles))


def read(path: Path) -> Page:
    """Return what is on a page."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    return page


def faults(site: Path) -> Iterator[str]:
    """Yield what is wrong with a site, a line each."""
    pages = {path: read(path) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for address in page.fetched:
            if _ELSEWHERE.match(address):
                yield f"{name}: fetches {address}"
        for address in page.mute:
            yield f"{name}: no text stands for {address}"
        for address in [*page.fetched, *page.linked]:
            if not _ELSEWHERE.match(address) and not address.startswith("data:"):
                yield from _leads_nowhere(site, path, address, pages)
    for path in sorted(site.rglob("*.css")):
        for address in _in_css(path.read_text(encoding="utf-8")):
            if _ELSEWHERE.match(address):
                yield f"{path.relative_to(site).as_posix()}: fetches {address}"
    yield from _names(site, pages)


def _in_css(text: str) -> list[str]:
    return [first or second for first, second in _CSS.findall(text)]


def _leads_nowhere(site: Path, path: Path, address: str, pages: dict[Path, Page]) -> Iterator[str]:
    parts = urlsplit(address)
    place = unquote(parts.path)
    start = site if place.startswith("/") else path.parent
    target = (start / place.lstrip("/")).resolve() if place else path
    if target == site.resolve():
        target = site / "index.html"
    name = path.relative_to(site).as_posix()
    if not target.is_relative_to(site.resolve()) and target != path:
        yield f"{name}: {address} leads outside"
        return
    if not target.is_file():
        yield f"{name}: {address} leads nowhere"
        return
    there = pages.get(site / target.relative_to(site.resolve())) if place else pages[path]
    anchor = unquote(parts.fragment)
    if there and anchor and anchor not in there.ids and not anchor.startswith("__"):
        yield f"{name}: {address} has no such anchor"


def _names(site: Path, pages: dict[Path, Page]) -> Iterator[str]:
    found = Counter(
        anchor
        for page in generate_api.PARTS.values()
        for anchor in pages[site / page.replace(".md", ".html")].ids
    )
    for entry in dict.fromkeys(generate_api.homes().values()):
        if found[entry.anchor] != 1:
            yield f"{entry.path} is {found[entry.anchor]} times in the reference"


if __name__ == "__main__":
    wrong = list(faults(Path(sys.argv[1])))
    print("\n".join(wrong) or "the site is whole, and asks nothing of any server")
    sys.exit(bool(wrong))
