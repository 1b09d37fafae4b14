"""The pages of the Python reference, from the tables of docs/api.md.

A name of those tables gets one place in the reference, with its docstring, and the table leads
there. `site_hooks.py` puts the pages into the site; they are not committed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

OVERVIEW: Final = Path(__file__).with_name("api.md")

PARTS: Final = {
    "rangemap": "api/rangemap.md",
    "rangemap.geodesy": "api/geodesy.md",
    "rangemap.views": "api/outputs.md",
    "rangemap.errors": "api/errors.md",
}
"""The second-level headings of the overview, which are modules, and the page of each."""

ELSEWHERE: Final = "rangemap.geodesy"
"""What `rangemap` takes over from here is described here."""

_ROW: Final = re.compile(r"^\| `([\w.]+)` \|", re.M)


@dataclass(frozen=True)
class Entry:
    """One name of the overview.

    Attributes
    ----------
    part, group : str
        The headings that it stands under.
    name : str
        As in the table.
    """

    part: str
    group: str
    name: str

    @property
    def path(self) -> str:
        """The dotted path by which it is imported."""
        return f"{self.part}.{self.name}"

    @property
    def page(self) -> str:
        """The page that describes it: a module of the reference has its own."""
        return PARTS.get(self.path, PARTS[self.part])

    @property
    def anchor(self) -> str:
        """The dotted path by which the reference finds it.

        It is the same, unless a module of the same name hides the object from whoever reads the
        sources without running them.
        """
        home = str(getattr(_named(self.path), "__module__", ""))
        hidden = home.rpartition(".")[2] == self.name
        return f"{home}.{self.name}" if hidden else self.path


def entries() -> list[Entry]:
    """Return all names of the overview, in its order."""
    text = OVERVIEW.read_text(encoding="utf-8")
    return [
        Entry(part, group, name)
        for part, body in _sections(text, "## ")
        if part in PARTS
        for group, rows in _sections(body, "### ")
        for name in _ROW.findall(rows)
    ]


def homes() -> dict[str, Entry]:
    """Return, for each dotted path of the overview, the entry that describes it."""
    found = entries()
    geodesy = {entry.name: entry for entry in found if entry.part == ELSEWHERE}
    return {
        entry.path: geodesy.get(entry.name, entry) if entry.part == "rangemap" else entry
        for entry in found
    }


def pages() -> dict[str, str]:
    """Return the pages by their paths in the site."""
    homed = set(homes().values())
    described = sorted((e for e in entries() if e in homed), key=lambda e: e.path not in PARTS)
    return {
        page: "".join(_page(part, [entry for entry in described if entry.page == page]))
        for part, page in PARTS.items()
    }


def linked(markdown: str) -> str:
    """Return the overview with each name a link to its description."""
    where = homes()

    def link(part: str, found: re.Match[str]) -> str:
        entry = where[f"{part}.{found[1]}"]
        return f"| [`{found[1]}`]({entry.page}#{entry.anchor}) |"

    for part, body in _sections(markdown, "## "):
        if part in PARTS:
            markdown = markdown.replace(body, _ROW.sub(lambda f, p=part: link(p, f), body))
    return markdown


def _named(path: str) -> object:
    """Return the object of a dotted path."""
    part = next(one for one in sorted(PARTS, key=len, reverse=True) if path.startswith(f"{one}."))
    *modules, name = path.removeprefix(f"{part}.").split(".")
    return getattr(import_module(".".join([part, *modules])), name)


def _page(part: str, described: list[Entry]) -> Iterator[str]:
    yield f"# {part}\n"
    group = ""
    for entry in described:
        if entry.path == part:
            yield f"\n::: {part}\n    options: {{members: false, show_root_heading: false}}\n"
            continue
        if entry.group != group:
            group = entry.group
            yield f"\n## {group or part}\n"
        yield f"\n::: {entry.anchor}\n"


def _sections(text: str, mark: str) -> list[tuple[str, str]]:
    """Return the headings of one level with what stands under them, first what stands before."""
    parts = re.split(rf"^{mark}(.+)\n", text, flags=re.M)
    return [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
