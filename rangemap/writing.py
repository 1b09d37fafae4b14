"""Writing outputs whole or not at all, with one clear line when it cannot be done."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rangemap.errors import OutputError


def write_whole(path: Path, content: str | bytes) -> None:
    r"""Write a file aside, then move it into place.

    Parameters
    ----------
    path : pathlib.Path
        Where the file shall stand. Text is written as UTF-8 with ``\n`` line ends.
    content : str or bytes
        All of it.

    Raises
    ------
    OutputError
        If it cannot be written; nothing is left behind then.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise OutputError(f"cannot write {path}: it is a folder")
        handle, aside = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(aside).chmod(0o666 & ~_umask())
            Path(aside).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(aside).unlink()
            raise


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an operating-system error into one line that names the path and the reason."""
    try:
        yield
    except OutputError:
        raise
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise OutputError(f"cannot write {path}: {reason}") from problem


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
