"""Whether a pack is still what its manifest says, and what has changed since it was made."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rangemap.errors import DataError
from rangemap.pack.changes import Changes, what_changed
from rangemap.pack.reading import (
    MANIFEST,
    FileRecord,
    NotInsideError,
    PackRecord,
    open_inside,
    read_record,
)
from rangemap.pack.record import seal_of

__all__ = ["FileFinding", "Verdict", "verify_pack"]

_MOST_ADDED: Final = 10_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class FileFinding:
    """What was found at one name: "altered", "missing", "unreadable" or "added"."""

    name: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Verdict:
    """What `verify_pack` found.

    Attributes
    ----------
    folder : str
        As it was given.
    problem : str
        Why the manifest could not be used; nothing else is known then.
    made_by : str
        The line of provenance.
    files : int
        How many files the manifest lists.
    findings : tuple of FileFinding
        Every file that is not as the manifest says.
    added : tuple of FileFinding
        Files that the manifest does not know: allowed, and told.
    changes : Changes or None
        What has changed since, unless it was not asked for.
    """

    folder: str
    problem: str = ""
    made_by: str = ""
    files: int = 0
    findings: tuple[FileFinding, ...] = ()
    added: tuple[FileFinding, ...] = ()
    changes: Changes | None = field(default=None)

    @property
    def whole(self) -> bool:
        """Whether every file is there and as it was written."""
        return not self.problem and not self.findings

    @property
    def current(self) -> bool:
        """Whether it would be made the same way today."""
        return self.changes is None or self.changes.none

    @property
    def state(self) -> str:
        """In one word: "invalid", "altered", "older" or "current"."""
        if self.problem:
            return "invalid"
        if self.findings:
            return "altered"
        return "current" if self.current else "older"

    def record(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {
            "folder": self.folder,
            "state": self.state,
            "problem": self.problem,
            "made_by": self.made_by,
            "files": self.files,
            "findings": [vars(one) for one in self.findings],
            "added": [one.name for one in self.added],
            "changes": self.changes.record() if self.changes is not None else None,
        }


def verify_pack(folder: str | Path, *, changes: bool = True) -> Verdict:
    """Check a pack against its manifest, and tell what has changed since it was made.

    Nothing outside of the folder is read, whatever the manifest names; links are not
    followed. A manifest that is not ours or breaks a rule is a verdict and not an error.

    Parameters
    ----------
    folder : str or pathlib.Path
        A folder that `build` made, perhaps with another version.
    changes : bool, default True
        Also compare version, data and definition with those of today, and compute the
        findings anew where something differs.

    Returns
    -------
    Verdict
        Its ``state`` is "invalid", "altered", "older" or "current".

    Examples
    --------
    >>> verify_pack("no-such-folder").problem
    'no-such-folder/manifest.json: is missing'
    """
    path = Path(folder)
    try:
        record = read_record(path)
    except DataError as problem:
        return Verdict(str(folder), str(problem))
    findings = [found for one in record.files if (found := _check(path, one)) is not None]
    seal = record.content.get("seal")
    if seal is not None and seal != seal_of(record.content):
        findings.append(FileFinding(MANIFEST, "altered", "it is not as it was written"))
    whole = {one.name for one in record.files} - {one.name for one in findings}
    return Verdict(
        folder=str(folder),
        made_by=record.provenance,
        files=len(record.files),
        findings=tuple(findings),
        added=tuple(FileFinding(name, "added") for name in _added(path, record)),
        changes=what_changed(record, path, whole) if changes else None,
    )


def _check(folder: Path, one: FileRecord) -> FileFinding | None:
    try:
        with open_inside(folder, one.name) as stream:
            size = os.fstat(stream.fileno()).st_size
            if size != one.bytes:
                return FileFinding(one.name, "altered", f"{size:,} bytes, not {one.bytes:,}")
            digest = hashlib.sha256()
            while block := stream.read(_BLOCK):
                digest.update(block)
    except NotInsideError as problem:
        missing = str(problem) == "is missing"
        return FileFinding(one.name, "missing" if missing else "unreadable",
                           "" if missing else str(problem))  # fmt: skip
    except OSError as problem:
        return FileFinding(one.name, "unreadable", problem.strerror or "")
    if digest.hexdigest() != one.sha256:
        return FileFinding(one.name, "altered", "same size, other content")
    return None


def _added(folder: Path, record: PackRecord) -> list[str]:
    """Return what lies in the folder besides: links are named, not followed."""
    known = {one.name for one in record.files} | {MANIFEST}
    found: list[str] = []
    for place, folders, files in os.walk(folder, followlinks=False):
        folders.sort()
        here = Path(place)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in sorted([*files, *links]):
            shown = (here / name).relative_to(folder).as_posix()
            if shown not in known:
                found.append(os.fsencode(shown).decode("utf-8", "replace"))
        if len(found) > _MOST_ADDED:
            break
    return found[:_MOST_ADDED]
