"""Where the bundled data lies: inside an installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from rangemap.errors import CatalogueError


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
