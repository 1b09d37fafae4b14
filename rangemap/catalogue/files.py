"""Where the bundled data lies, installed or in a checkout; TOML files, whoever wrote them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from rangemap.errors import CatalogueError, DataError


def data_path(*parts: str) -> Path:
    """Return the path of a bundled file or folder.

    Raises
    ------
    CatalogueError
        If the installation lacks it.

    Examples
    --------
    >>> data_path("sites.csv").name
    'sites.csv'
    """
    package = Path(__file__).resolve().parent.parent
    for root in (package / "data", package.parent / "data"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise CatalogueError(f"bundled data file {'/'.join(parts)!r} is missing from the installation")


def read_toml(
    path: Path, shown_as: str | None = None, *, error: type[DataError] = CatalogueError
) -> dict[str, Any]:
    """Return a TOML file as a table; what cannot be read raises ``error`` in one line.

    Examples
    --------
    >>> sorted(read_toml(data_path("release.toml")))[:2]
    ['boundaries', 'capitals']
    """
    shown = shown_as or path.name
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise error(f"{shown}: not UTF-8 text (byte {problem.start})") from None
    except tomllib.TOMLDecodeError as problem:
        raise error(f"{shown}: not valid TOML: {problem}") from None
    except RecursionError:
        raise error(f"{shown}: not valid TOML: nested too deeply") from None
    except OSError as problem:
        raise error(f"{shown}: cannot be read: {problem.strerror}") from None
