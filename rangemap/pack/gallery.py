"""From manifests to the pages that show packs, with small pictures inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from rangemap.analysis import scenario_names
from rangemap.errors import DataError, OutputError
from rangemap.pack.job import PARTS, Job
from rangemap.pack.reading import MANIFEST, read_inside, read_record
from rangemap.pack.record import manifest
from rangemap.views.index_page import (
    GENERATOR,
    Download,
    Pack,
    PackLook,
    Shown,
    render_index,
    render_pack,
)
from rangemap.views.style import BORDERS_NOTE, CAVEATS_SHORT
from rangemap.views.thumbnail import Thumbnail, small_image, thumbnail
from rangemap.writing import write_whole

__all__ = ["pack_page", "write_index"]

_LARGEST_PNG: Final = 30_000_000
_ROOM: Final = 1_300_000
"""Characters of small pictures on one page, so that it opens at once and can be sent."""

_LEVELS: Final = ((800, 300), (720, 240), (640, 0), (480, 0), (320, 0), (0, 0))
"""Widths in pixels of the leading picture and of the others; the first that has room."""


@dataclass(frozen=True)
class _Source:
    """A picture of a pack as it is read: made small, but not yet as small as it will be."""

    name: str
    title: str
    alt: str
    light: Image.Image
    dark: Image.Image | None


def write_index(output: Path) -> Path:
    """Write ``index.html``: a gallery of every pack in a folder.

    Raises
    ------
    OutputError
        If there is a page of that name that is not ours, or it cannot be written.
    """
    page = output / "index.html"
    if page.exists() and GENERATOR not in page.read_text(encoding="utf-8", errors="replace"):
        raise OutputError(f"cannot write {page}: it is there already and is not rangemap's")
    order = {name: number for number, name in enumerate(scenario_names())}
    found = []
    for path in output.iterdir():
        if path.name.startswith(".") or path.is_symlink():
            continue
        try:
            record = read_record(path)
        except DataError:
            continue
        found.append((path, record))
    found.sort(key=lambda one: (order.get(one[0].name, len(order)), one[0].name))
    looks = _looks(
        [(_pack(path.name, one.content), _sources(path, one.content)) for path, one in found]
    )
    write_whole(page, render_index(looks, [*CAVEATS_SHORT, BORDERS_NOTE], PARTS))
    return page


def pack_page(job: Job) -> str:
    """Return the page of a pack in the making, for whoever is sent only its folder."""
    content = manifest(job)
    (look,) = _looks([(_pack("", content), _sources(job.folder, content))])
    return render_pack(look, PARTS)


def _pack(folder: str, content: dict[str, Any]) -> Pack:
    """Return what a page shows of a manifest: one of ours, or one that `read_record` checked."""
    scenario, data = content["scenario"], content.get("data")
    date = data.get("date") if isinstance(data, dict) else None
    left_out = content["left_out"] if "format" in content else []
    downloads = [
        Download(
            name, entry.get("title") or name, entry.get("description", ""),
            entry.get("part") or _part(name), entry["bytes"],
        )
        for name, entry in content["files"].items()
        if folder or name != "index.html"
    ]  # fmt: skip
    downloads.append(
        Download(
            MANIFEST, "Manifest",
            "What made the files, from which data and sources, and a hash of each: check them "
            "with rangemap verify.", "provenance", 0,
        )
    )  # fmt: skip
    return Pack(
        folder=folder,
        title=scenario["title"],
        subtitle=scenario["subtitle"],
        provenance=content["provenance"],
        date=date if isinstance(date, str) else "",
        headline=tuple(content["headline"]),
        caveats=tuple(content["caveats"]),
        left_out=tuple(f"{one['what']}: {one['why']}" for one in left_out),
        downloads=tuple(downloads),
    )


def _part(name: str) -> str:
    """Return the part of a file of a pack of version 0.1, whose manifest names none."""
    ending = name.rsplit(".", 1)[-1]
    parts = {"html": "map", "png": "pictures", "svg": "pictures", "pdf": "pictures",
             "csv": "tables", "geojson": "gis"}  # fmt: skip
    return parts.get(ending, "tables")


def _sources(folder: Path, content: dict[str, Any]) -> list[_Source]:
    """Return the pictures that a page can show, small enough to be kept in memory."""
    pictures = content["pictures"] if "format" in content else []
    dark = {(one["kind"], one["layout"]): one for one in pictures if one["theme"] == "dark"}
    found = []
    for one in pictures:
        if one["theme"] != "light" or one["layout"] != "slide":
            continue
        name, image = _read(folder, one)
        if image is None:
            continue
        night = dark.get((one["kind"], one["layout"]))
        at_night = _read(folder, night)[1] if night else None
        found.append(_Source(name, one["title"], one["alt"], image, at_night))
    if not pictures and "figure.png" in content["files"]:
        name, image = _read(folder, {"files": ["figure.png"]})
        if image is not None:
            title = content["scenario"]["title"]
            alt = " ".join([title, *content["headline"]])
            found.append(_Source(name, title, alt, image, None))
    return found


def _read(folder: Path, picture: dict[str, Any]) -> tuple[str, Image.Image | None]:
    names = [name for name in picture["files"] if name.endswith(".png")]
    if not names:
        return "", None
    try:
        content = read_inside(folder, names[0], _LARGEST_PNG)
    except DataError:
        return names[0], None
    return names[0], small_image(content, _LEVELS[0][0])


def _looks(packs: Sequence[tuple[Pack, list[_Source]]]) -> list[PackLook]:
    """Choose how large the small pictures are, so that the page stays small."""
    for hero, other in _LEVELS:
        looks = [_look(pack, sources, hero, other) for pack, sources in packs]
        if sum(map(_weight, looks)) <= _ROOM:
            break
    return looks


def _look(pack: Pack, sources: list[_Source], hero: int, other: int) -> PackLook:
    if not hero or not sources:
        return PackLook(pack)
    first, *rest = sources
    return PackLook(
        pack,
        _shown(first, hero),
        tuple(_shown(one, other, night=False) for one in rest) if other else (),
    )


def _shown(source: _Source, width: int, *, night: bool = True) -> Shown:
    dark = thumbnail(source.dark, width) if source.dark is not None and night else None
    return Shown(source.name, source.title, source.alt, thumbnail(source.light, width), dark)


def _weight(look: PackLook) -> int:
    shown = [*([look.hero] if look.hero else []), *look.others]
    small: list[Thumbnail] = [one.light for one in shown]
    small += [one.dark for one in shown if one.dark is not None]
    return sum(len(one.address) for one in small)
