"""What the documentation site adds to the pages: pictures, API pages, notebooks, files.

`mkdocs.yml` names this file as a hook. Nothing that it makes is committed: pictures are drawn and
notebooks run while the site is built. With ``RANGEMAP_SITE=quick`` pictures are blank and notebooks
are shown without outputs, which is what the tests need to look at everything else.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import generate_api
import generate_gallery
import notebook_pages
from mkdocs.structure.files import File, Files

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parent.parent
FONTS: Final = ROOT / "rangemap" / "views" / "assets" / "fonts"
FONT_FILES: Final = (
    "SourceSans3-Regular.ttf", "SourceSans3-Bold.ttf", "LICENSE-SourceSans3.md"
)  # fmt: skip

OUTSIDE: Final = {
    "data/README.md": "project/data-files.md",
    "THIRD_PARTY.md": "project/third-party.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "CHANGELOG.md": "project/changes.md",
    "README.md": "index.md",
}
"""Pages that stand outside of docs/, and where the site has them."""

ALONE: Final = {
    "index.md": ["navigation"],
    "tutorial.md": ["navigation"],
    "gallery.md": ["navigation"],
}
"""Pages without neighbours, and what is hidden beside them."""

_LINK: Final = re.compile(r"(?<=\]\()(?!#|[a-z]+:)([^)\s#]+)(#[^)\s]*)?(?=\))")
_FENCE: Final = re.compile(r"^```.*?^```$", re.M | re.S)


class _Build:
    """What one build has made so far."""

    gallery: generate_gallery.Gallery
    origins: Final[dict[str, str]] = {}
    """Path in the repository of pages that come from elsewhere."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is not a file of docs/."""
    quick = os.environ.get("RANGEMAP_SITE") == "quick"
    _Build.gallery = generate_gallery.Gallery(blank=quick)
    with ThreadPoolExecutor(1) as aside:
        run = partial(notebook_pages.page, run=not quick)
        notebooks = aside.map(run, notebook_pages.NOTEBOOKS)
        _add(files, config, _texts())
        for page in list(files.documentation_pages()):
            _add_pictures(page, files, config)
            _add_linked_files(page, files, config)
        for path, made in zip(notebook_pages.NOTEBOOKS, notebooks, strict=True):
            _add(files, config, {f"notebooks/{path.stem}.md": made.text, **made.files})
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put pictures and links in."""
    del config, files
    here = page.file.src_uri
    if here in ALONE:
        page.meta["hide"] = ALONE[here]
    if here == "gallery.md":
        markdown = markdown.replace("<!-- gallery -->", _Build.gallery.page())
    if here == "api.md":
        markdown = generate_api.linked(markdown)
    to_top = posixpath.relpath(".", posixpath.dirname(here) or ".")
    markdown = generate_gallery.MARK.sub(
        lambda found: _Build.gallery.figure(found[1], to_top), markdown
    )
    return _outside_code(markdown, lambda text: _LINK.sub(lambda f: _moved(f, here), text))


def _texts() -> dict[str, str | bytes]:
    """Return pages from outside of docs/, the Python reference, and fonts."""
    made: dict[str, str | bytes] = dict(generate_api.pages())
    for name, target in OUTSIDE.items():
        if target.startswith("project/"):
            made[target] = (ROOT / name).read_text(encoding="utf-8")
            _Build.origins[target] = name
    for name in FONT_FILES:
        made[f"assets/fonts/{name.replace('.md', '.txt')}"] = (FONTS / name).read_bytes()
    return made


def _add(files: Files, config: MkDocsConfig, made: Mapping[str, str | bytes]) -> None:
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))


def _add_pictures(page: File, files: Files, config: MkDocsConfig) -> None:
    marks = generate_gallery.MARK.findall(page.content_string)
    asked = _Build.gallery.all_pictures() if page.src_uri == "gallery.md" else marks
    _add(files, config, _Build.gallery.draw(asked))


def _add_linked_files(page: File, files: Files, config: MkDocsConfig) -> None:
    for found in _LINK.finditer(_FENCE.sub("", page.content_string)):
        origin = _origin(page.src_uri, found[1])
        target = _target(origin)
        if target.startswith("files/") and files.get_file_from_path(target) is None:
            _add(files, config, {target: (ROOT / origin).read_bytes()})


def _origin(here: str, link: str) -> str:
    """Return the path in the repository that a page's link leads to."""
    place = _Build.origins.get(here, f"docs/{here}")
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), link))


def _target(origin: str) -> str:
    """Return where the site has a file of the repository."""
    if origin in OUTSIDE:
        return OUTSIDE[origin]
    if origin.startswith("docs/"):
        return origin.removeprefix("docs/")
    return f"files/{origin}" if (ROOT / origin).is_file() else origin


def _moved(found: re.Match[str], here: str) -> str:
    origin = _origin(here, found[1])
    if here not in _Build.origins and origin.startswith("docs/"):
        return found[0]
    target = posixpath.relpath(_target(origin), posixpath.dirname(here) or ".")
    return target + (found[2] or "")


def _outside_code(markdown: str, change: Callable[[str], str]) -> str:
    """Change all that is not in a fence."""
    parts, end = [], 0
    for fence in _FENCE.finditer(markdown):
        parts += [change(markdown[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, change(markdown[end:])])
