"""Folders of outputs: put in place whole, other people's files kept, nothing left behind."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rangemap.errors import DataError, OutputError
from rangemap.interrupts import uninterrupted
from rangemap.pack.reading import MANIFEST, is_pack, read_record

__all__ = ["put_in_place", "refuse_foreign", "staged"]


@contextlib.contextmanager
def staged(output: Path) -> Iterator[Path]:
    """Give a folder aside to write into, and take it away at the end whatever happens."""
    output.mkdir(parents=True, exist_ok=True)
    staging: Path | None = None
    try:
        with uninterrupted():
            staging = Path(tempfile.mkdtemp(prefix=".rangemap-", dir=output))
        yield staging
    finally:
        if staging is not None:
            with uninterrupted():
                shutil.rmtree(staging, ignore_errors=True)


def refuse_foreign(target: Path) -> None:
    """Never replace a folder that somebody else made.

    Raises
    ------
    OutputError
        If `target` is a file, or a folder with something in it and no manifest of ours.
    """
    if target.is_dir() and any(target.iterdir()) and not is_pack(target):
        raise OutputError(
            f"cannot write {target}: the folder is not empty and was not made by rangemap"
        )
    if target.exists() and not target.is_dir():
        raise OutputError(f"cannot write {target}: it is a file")


def put_in_place(staging: Path, target: Path) -> None:
    """Exchange a folder for the one that was written aside, keeping files that are not ours.

    An interruption is heard before or after, never between: the old folder or the new one
    stands there whole.
    """
    staging.chmod(0o755)
    if not target.exists():
        with uninterrupted():
            staging.rename(target)
        return
    _keep_others(target, staging)
    with uninterrupted():
        old = Path(tempfile.mkdtemp(prefix=".rangemap-old-", dir=target.parent))
        try:
            target.rename(old / "pack")
            try:
                staging.rename(target)
            except BaseException:
                (old / "pack").rename(target)
                raise
        finally:
            shutil.rmtree(old, ignore_errors=True)


def _keep_others(target: Path, staging: Path) -> None:
    """Copy what is not ours, in sub-folders too; links stay links."""
    ours = {MANIFEST}
    with contextlib.suppress(DataError):
        ours |= {one.name for one in read_record(target).files}
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target).as_posix()
        there = staging / name
        if name in ours or _under_link(path.parent, target):
            continue
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()) and not there.exists():
                there.mkdir(parents=True)  # an empty folder of the user's stays too
            continue
        if there.exists() or _behind_file(there.parent):
            raise OutputError(
                f"cannot write {target}: {name} in it is not rangemap's and stands in the way"
            )
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, there, follow_symlinks=False)


def _behind_file(folder: Path) -> bool:
    """Whether a file of ours stands where a folder of the user's would have to be."""
    while not folder.exists():
        folder = folder.parent
    return not folder.is_dir()


def _under_link(folder: Path, top: Path) -> bool:
    while folder != top:
        if folder.is_symlink():
            return True
        folder = folder.parent
    return False
