"""Texts that zip-based documents, databases and Parquet files carry about themselves."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Final

__all__ = ["database_texts", "parquet_texts", "zip_texts"]

_LONGEST: Final = 5_000_000
_TAGS: Final = re.compile(r"<[^<>]*>")
_ABOUT: Final = re.compile(r"docProps/(core|custom|app)\.xml|[^/]+\.kml|.*README[^/]*\.txt", re.I)
_MOST: Final = 50
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    # What zipfile raises for a password, and (a kind of it) for a way of packing that is foreign.
    RuntimeError,
)
"""What reading a damaged or foreign archive raises."""


def zip_texts(content: bytes) -> Iterator[str]:
    """Yield the properties of an Office document, or the text of a KMZ's document.

    Examples
    --------
    >>> list(zip_texts(b"PK nothing"))
    []
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [one for one in archive.infolist() if _ABOUT.fullmatch(one.filename)]
            for one in wanted[:_MOST]:
                with archive.open(one) as stream:
                    data = stream.read(_LONGEST)  # no more, whatever the directory says
                yield unescape(_TAGS.sub(" ", data.decode("utf-8", "replace")))
    except _UNREADABLE:
        return  # says nothing of itself; whether it is as written, its hash tells


def database_texts(path: Path) -> Iterator[str]:
    """Yield the metadata of a GeoPackage (OGC 12-128r19, annex F.8); the file is not written."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            rows = database.execute(
                "SELECT substr(metadata, 1, ?) FROM gpkg_metadata LIMIT ?", (_LONGEST, _MOST)
            )
            for (text,) in rows:
                if isinstance(text, str):
                    yield from _provenance_of(text)
    except (sqlite3.Error, OverflowError):
        return


def parquet_texts(content: bytes) -> Iterator[str]:
    """Yield what the key ``rangemap`` of a Parquet file's metadata holds."""
    import pyarrow
    import pyarrow.parquet

    try:
        metadata = pyarrow.parquet.read_metadata(pyarrow.BufferReader(content)).metadata or {}
    except (pyarrow.ArrowException, OSError, ValueError):
        return
    for key, value in metadata.items():
        if key.startswith(b"rangemap"):
            yield from _provenance_of(value.decode("utf-8", "replace"))


def _provenance_of(text: str) -> Iterator[str]:
    """Yield the provenance that a JSON text names, or else the text without its tags."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        yield unescape(_TAGS.sub(" ", text))
        return
    if isinstance(table, dict) and isinstance(table.get("provenance"), str):
        yield table["provenance"]
