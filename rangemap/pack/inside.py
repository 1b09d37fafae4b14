"""The provenance that a file carries inside, whatever its type."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rangemap.errors import ArgumentError, DataError
from rangemap.pack.inside_formats import pdf_texts, png_texts
from rangemap.pack.inside_stores import database_texts, parquet_texts, zip_texts
from rangemap.pack.reading import FileRecord, NotInsideError, read_inside, read_record

__all__ = ["Inside", "Made", "look_inside", "made_in"]

_LARGEST: Final = 100_000_000
_LINE: Final = re.compile(
    r"rangemap (?P<version>\d[\w.+-]{0,30}), scenario (?P<scenario>\S{1,120}) "
    r"\((?P<hash>[0-9a-f]{12})\), data of (?P<date>\d{4}-\d\d-\d\d)"
    r"(?: with (?P<catalogue>.{1,40}?) \((?P<overlay>[0-9a-f]{12})\))?"
)
_UP: Final = 3
"""Folders above a file in which its manifest may be."""


@dataclass(frozen=True, order=True)
class Made:
    """What made a file, as it says itself: version, scenario, the start of its hash, data date."""

    version: str
    scenario: str
    hash: str
    date: str
    catalogue: str = ""

    def __str__(self) -> str:
        """Return it as one line."""
        with_ = f" with {self.catalogue}" if self.catalogue else ""
        return (
            f"rangemap {self.version}, scenario {self.scenario} ({self.hash}), "
            f"data of {self.date}{with_}"
        )


@dataclass(frozen=True)
class Inside:
    """What `look_inside` found.

    Attributes
    ----------
    file : str
        As it was given.
    form : str
        "PNG", "PDF", "SVG", "HTML", "JSON", "zip", "GeoPackage", "Parquet" or "text".
    made : tuple of Made
        What made it, as it says itself; a page that shows several packs names several.
    manifest : str
        The manifest beside it, or "".
    state : str
        "agrees", "differs" (other bytes than those of the manifest's file, or made by
        something else), "unlisted" (the manifest does not name it), "alone" (no manifest
        beside it) or "silent" (nothing inside, and no manifest that vouches for it).
    note : str
        In words.
    """

    file: str
    form: str
    made: tuple[Made, ...]
    manifest: str
    state: str
    note: str

    @property
    def good(self) -> bool:
        """Whether it is known what made the file, and nothing speaks against it."""
        return self.state in ("agrees", "alone", "unlisted")

    def record(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {
            "file": self.file,
            "form": self.form,
            "made_by": [vars(one) for one in self.made],
            "manifest": self.manifest,
            "state": self.state,
            "note": self.note,
        }


def look_inside(file: str | Path) -> Inside:
    """Return what made a file, as it says itself, and whether the manifest beside it agrees.

    Parameters
    ----------
    file : str or pathlib.Path
        A PNG, PDF, SVG, HTML, GeoJSON, JSON, Markdown, PPTX, XLSX, KML, KMZ, GeoPackage or
        GeoParquet file, or any text. CSV has no place for provenance: there the manifest
        alone tells.

    Raises
    ------
    ArgumentError
        If there is no such file.
    DataError
        If it cannot be read.
    """
    path = Path(file)
    if not path.is_file():
        raise ArgumentError(f"{file}: no such file")
    # What is asked for by name may be a link; from here on nothing is followed.
    path = path.resolve()
    try:
        content = read_inside(path.parent, path.name, _LARGEST)
    except NotInsideError as problem:
        raise DataError(f"{path.name}: {problem}") from None
    form, made = made_in(content, path)
    manifest, listed, versions = _beside(path)
    state, note = _state(content, made, listed, versions)
    return Inside(str(file), form, made, manifest, state, note)


def made_in(content: bytes, path: Path) -> tuple[str, tuple[Made, ...]]:
    """Return the type of a file, told by its first bytes, and what made it."""
    form, texts = _reader(content)
    found = {
        Made(m["version"], m["scenario"], m["hash"], m["date"], m["catalogue"] or "")
        for text in texts(content, path)
        for m in _LINE.finditer(text)
    }
    return form, tuple(sorted(found))


_Reader = Callable[[bytes, Path], Iterator[str]]


def _reader(content: bytes) -> tuple[str, _Reader]:
    start = content[:16]
    binary: dict[bytes, tuple[str, _Reader]] = {
        b"\x89PNG\r\n\x1a\n": ("PNG", lambda data, _: png_texts(data)),
        b"%PDF-": ("PDF", lambda data, _: pdf_texts(data)),
        b"PK\x03\x04": ("zip", lambda data, _: zip_texts(data)),
        b"SQLite format 3\0": ("GeoPackage", lambda _, path: database_texts(path)),
        b"PAR1": ("Parquet", lambda data, _: parquet_texts(data)),
    }
    for magic, found in binary.items():
        if start.startswith(magic):
            return found
    head = content[:400].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"{", b"[")):
        return "JSON", lambda data, _: _json_texts(data)
    if b"<svg" in content[:2000].lower():
        return "SVG", lambda data, _: _plain_text(data)
    if head.startswith((b"<!doctype html", b"<html")):
        return "HTML", lambda data, _: _plain_text(data)
    return "text", lambda data, _: _plain_text(data)


def _json_texts(content: bytes) -> Iterator[str]:
    """Yield the provenance that a JSON file names; a title inside may say anything."""
    try:
        table = json.loads(content)
    except (ValueError, RecursionError):
        return
    if not isinstance(table, dict):
        return
    for part in (table, table.get("rangemap"), table.get("metadata")):
        for key in ("provenance", "dc:provenance"):
            if isinstance(part, dict) and isinstance(part.get(key), str):
                yield part[key]


def _plain_text(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")


def _beside(path: Path) -> tuple[str, FileRecord | None, tuple[Made, ...]]:
    """Return the manifest of the pack that a file lies in, its entry there, and what made it."""
    folder = path.parent
    for _ in range(_UP):
        if (folder / "manifest.json").is_file():
            try:
                record = read_record(folder)
            except DataError:
                return "", None, ()
            name = path.relative_to(folder).as_posix()
            found = tuple(
                Made(m["version"], m["scenario"], m["hash"], m["date"], m["catalogue"] or "")
                for m in _LINE.finditer(record.provenance)
            )
            return f"{folder.name}/manifest.json", record.file(name), found
        folder = folder.parent
    return "", None, ()


def _state(
    content: bytes, made: tuple[Made, ...], listed: FileRecord | None, makers: tuple[Made, ...]
) -> tuple[str, str]:
    if listed is not None:
        if hashlib.sha256(content).hexdigest() != listed.sha256:
            return "differs", "its content is not the one that the manifest beside it names"
        if made and not set(makers) <= set(made):
            return "differs", "it says that something else made it than the manifest beside it"
        inside = "what it says of itself agrees" if made else "it says nothing of itself"
        return "agrees", f"the manifest beside it has the same hash; {inside}"
    if not made:
        return "silent", "it does not say what made it, and no manifest beside it names it"
    if makers:
        same = set(makers) <= set(made)
        told = "was made by the same" if same else "was made by something else"
        return "unlisted", f"the manifest beside it does not name it and {told}"
    return "alone", "there is no manifest beside it to compare with"
