"""Manifests of other people: read with care, never a file outside of their folder."""

from __future__ import annotations

import json
import os
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Final

from rangemap.catalogue.files import data_path
from rangemap.errors import DataError

__all__ = [
    "MANIFEST",
    "FileRecord",
    "NotInsideError",
    "PackRecord",
    "is_pack",
    "name_rule",
    "open_inside",
    "read_inside",
    "read_record",
]

MANIFEST: Final = "manifest.json"
LARGEST: Final = 20_000_000
"""Bytes of a manifest that are read at most; ours have about 60,000."""
_MOST_FILES: Final = 10_000
_LARGEST_FILE: Final = 2**53 - 1


class NotInsideError(DataError):
    """A name leads to no plain file inside of its folder."""


@dataclass(frozen=True)
class FileRecord:
    """What a manifest says of one file; the texts are empty in packs of version 0.1."""

    name: str
    sha256: str
    bytes: int
    media_type: str = ""
    part: str = ""
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class PackRecord:
    """A manifest whose parts have been checked as far as they are used.

    Attributes
    ----------
    content : dict
        All of it, as parsed.
    version, provenance : str
        What made it.
    title, subtitle, hash : str
        Of the scenario.
    headline, caveats : tuple of str
        Sentences for readers.
    files : tuple of FileRecord
        In the manifest's order; no name leads out of the folder.
    """

    content: dict[str, Any] = field(repr=False)
    version: str
    provenance: str
    title: str
    subtitle: str
    hash: str
    headline: tuple[str, ...]
    caveats: tuple[str, ...]
    files: tuple[FileRecord, ...]

    def file(self, name: str) -> FileRecord | None:
        """Return what is said of one file, if anything is."""
        return next((one for one in self.files if one.name == name), None)


def is_pack(folder: Path) -> bool:
    """Tell whether a folder has a manifest that says that rangemap made it."""
    try:
        return _parsed(folder).get("made_by") == "rangemap"
    except DataError:
        return False


def read_record(folder: Path) -> PackRecord:
    """Return the manifest of a folder.

    Raises
    ------
    DataError
        If it is not there, cannot be read, is not ours or breaks a rule: one line that names
        the folder, the key, the value and the rule.
    """
    content = _parsed(folder)
    shown = f"{folder.name}/{MANIFEST}"
    if content.get("made_by") != "rangemap":
        raise DataError(f"{shown}: made_by is not 'rangemap': the folder is not ours")
    if "format" in content:
        _check_against_schema(content, shown)
    scenario = content.get("scenario")
    if not isinstance(scenario, dict):
        raise DataError(f"{shown}, scenario: must be an object")
    return PackRecord(
        content=content,
        version=_text(content, "version", shown),
        provenance=_text(content, "provenance", shown),
        title=_text(scenario, "title", shown),
        subtitle=_text(scenario, "subtitle", shown),
        hash=_text(scenario, "hash", shown),
        headline=_texts(content, "headline", shown),
        caveats=_texts(content, "caveats", shown),
        files=_files(content, shown),
    )


def _parsed(folder: Path) -> dict[str, Any]:
    shown = f"{folder.name}/{MANIFEST}"
    try:
        text = read_inside(folder, MANIFEST, LARGEST).decode("utf-8")
        content = json.loads(text, parse_constant=_no_number)
    except NotInsideError as problem:
        raise DataError(f"{shown}: {problem}") from None
    except RecursionError:
        raise DataError(f"{shown}: not valid JSON: nested too deeply") from None
    except UnicodeDecodeError as problem:
        raise DataError(f"{shown}: not UTF-8 text (byte {problem.start})") from None
    except ValueError as problem:
        raise DataError(f"{shown}: not valid JSON: {str(problem)[:120]}") from None
    if not isinstance(content, dict):
        raise DataError(f"{shown}: must be a JSON object")
    return content


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    schema = data_path("schema", "manifest.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema))


def _check_against_schema(content: dict[str, Any], shown: str) -> None:
    from jsonschema.exceptions import best_match

    try:
        problem = best_match(_validator().iter_errors(content))
    except RecursionError:
        raise DataError(f"{shown}: nested too deeply") from None
    if problem is None:
        return
    where = "".join(
        f"[{part}]" if isinstance(part, int) else f".{_shown(part)}"
        for part in problem.absolute_path
    ).removeprefix(".")
    rule = problem.message if len(problem.message) < 160 else f"breaks {problem.validator!r}"
    raise DataError(f"{shown}{', ' + where if where else ''}: {_flat(rule)}")


def _text(table: dict[str, Any], key: str, shown: str) -> str:
    value = table.get(key)
    if not isinstance(value, str):
        raise DataError(f"{shown}, {key}: must be a text")
    return value


def _texts(table: dict[str, Any], key: str, shown: str) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DataError(f"{shown}, {key}: must be a list of texts")
    return tuple(value)


def _files(content: dict[str, Any], shown: str) -> tuple[FileRecord, ...]:
    files = content.get("files")
    if not isinstance(files, dict):
        raise DataError(f"{shown}, files: must be an object")
    if len(files) > _MOST_FILES:
        raise DataError(f"{shown}, files: {len(files):,} are more than {_MOST_FILES:,}")
    return tuple(
        _file(name, entry, f"{shown}, files.{_shown(name)}") for name, entry in files.items()
    )


def _file(name: str, entry: Any, where: str) -> FileRecord:
    rule = name_rule(name)
    if rule:
        raise DataError(f"{where}: {rule}")
    if not isinstance(entry, dict):
        raise DataError(f"{where}: must be an object")
    digest, size = entry.get("sha256"), entry.get("bytes")
    if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise DataError(f"{where}.sha256: must be 64 hexadecimal digits")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= _LARGEST_FILE:
        raise DataError(f"{where}.bytes: must be a whole number of bytes")
    said = {key: entry.get(key, "") for key in ("media_type", "part", "title", "description")}
    for key, value in said.items():
        if not isinstance(value, str):
            raise DataError(f"{where}.{key}: must be a text")
    return FileRecord(name, digest, size, **said)


def name_rule(name: str) -> str:
    r"""Return the rule that a file's name in a manifest breaks, or nothing.

    Examples
    --------
    >>> name_rule("figures/theatre-slide.png")
    ''
    >>> name_rule("../../etc/passwd")
    'leads out of the folder'
    >>> name_rule("a\\b"), name_rule("C:x"), name_rule("/etc/passwd")
    ('holds a backslash', 'holds a colon', 'is not relative to the folder')
    """
    parts = name.split("/")
    longest = max(len(part.encode("utf-8", "replace")) for part in parts)
    if not 0 < len(name) <= 300 or longest > 255:
        return "is no file name: empty or too long"
    if any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for char in name):
        return "holds a control character"
    if "\\" in name:
        return "holds a backslash"
    if ":" in name:
        return "holds a colon"
    if name.startswith("/"):
        return "is not relative to the folder"
    if ".." in parts:
        return "leads out of the folder"
    if "" in parts or "." in parts:
        return "is not written in its plain form"
    return "is the manifest itself" if name == MANIFEST else ""


@contextmanager
def open_inside(folder: Path, name: str) -> Iterator[BinaryIO]:
    """Open a plain file inside of a folder; follow no link on the way.

    Raises
    ------
    NotInsideError
        If it is not there, or is a link, a folder or a device, or lies behind a link.
    """
    rule = name_rule(name) if name != MANIFEST else ""
    if rule:
        raise NotInsideError(rule)
    path = folder
    parts = name.split("/")
    try:
        for part in parts[:-1]:
            path = path / part
            if not stat.S_ISDIR(path.lstat().st_mode):
                raise NotInsideError(f"{_shown(part)} is a link or no folder; it is not followed")
        path = path / parts[-1]
        if not stat.S_ISREG(path.lstat().st_mode):
            raise NotInsideError("is a link, a folder or a device, and not read")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        stream = os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb")
    except NotInsideError:
        raise
    except FileNotFoundError:
        raise NotInsideError("is missing") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a possible name"
        raise NotInsideError(f"cannot be read: {reason}") from None
    with stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise NotInsideError("is not a plain file; it is not read")
        yield stream


def read_inside(folder: Path, name: str, largest: int) -> bytes:
    """Return a plain file inside of a folder, unless it has more bytes than a limit.

    Raises
    ------
    NotInsideError
        As `open_inside`; or if it is too large.
    """
    with open_inside(folder, name) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > largest:
            raise NotInsideError(f"{size:,} bytes are more than the {largest:,} that are read")
        try:
            return stream.read(largest)
        except OSError as problem:
            raise NotInsideError(f"cannot be read: {problem.strerror}") from None


def _shown(text: object) -> str:
    """Return an untrusted text so that it stays one short readable line."""
    flat = _flat(str(text))
    return repr(flat if len(flat) <= 60 else flat[:57] + "...")


def _flat(text: str) -> str:
    return "".join(c if unicodedata.category(c)[0] != "C" else "?" for c in text)
