"""A user's own catalogue files, laid over the bundled ones: same format, ids may override."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rangemap.catalogue.rows import Row, read_rows
from rangemap.errors import CatalogueError, near_name

KEYS: Final = {
    "sources.csv": "key",
    "systems.csv": "id",
    "sites.csv": "id",
    "disputed_bands.csv": "id",
    "claims.csv": "id",
    "range_estimates.csv": "",
    "coalitions.toml": "",
}
"""The files that an overlay may have, and the column that tells rows apart."""


@dataclass(frozen=True)
class Overlay:
    """What a user's catalogue folder changed; ids by file."""

    folder: str
    sha256: str
    added: tuple[tuple[str, tuple[str, ...]], ...]
    overridden: tuple[tuple[str, tuple[str, ...]], ...]

    def sentences(self) -> list[str]:
        """Return what a reader of an output must know, one sentence for each file."""
        lines = [f"Facts of the catalogue folder {self.folder} are laid over the bundled ones."]
        for what, changed in (("overrides", self.overridden), ("adds", self.added)):
            for file, names in changed:
                if names:
                    lines.append(f"{self.folder}/{file} {what} {_listed(names)}.")
        return lines


class Layers:
    """The rows of the bundled catalogue with those of an overlay folder, if there is one."""

    def __init__(self, base: Path, over: Path | None = None) -> None:
        self.base = base
        self.over = over
        self._changes: dict[str, tuple[list[str], list[str]]] = {}
        self.replaced_systems: set[str] = set()
        self.extended_systems: set[str] = set()
        if over is not None:
            _check_folder(over)

    def rows(self, name: str, required: str) -> list[Row]:
        """Return the rows of one file; a row of the overlay takes the place of its namesake."""
        columns = required.split(",")
        base = list(read_rows(self.base / name, columns, error=CatalogueError))
        path = self.over / name if self.over else None
        if path is None or not path.is_file():
            return base
        over = list(
            read_rows(path, columns, error=CatalogueError, shown_as=f"{path.parent.name}/{name}")
        )
        if name == "range_estimates.csv":
            return self._estimates(base, over)
        return self._merged(name, base, over)

    def toml(self, name: str) -> list[Path]:
        """Return the paths of a TOML file: the bundled one, then that of the overlay."""
        paths = [self.base / name]
        if self.over and (self.over / name).is_file():
            paths.append(self.over / name)
        return paths

    def note(self, name: str, added: list[str], overridden: list[str]) -> None:
        """Remember which ids of a file the overlay added or overrode."""
        self._changes[name] = (added, overridden)

    def summary(self) -> Overlay | None:
        """Return what the overlay changed."""
        if self.over is None:
            return None
        digest = hashlib.sha256()
        for name in KEYS:
            path = self.over / name
            if path.is_file():
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        return Overlay(
            folder=self.over.name or str(self.over),
            sha256=digest.hexdigest(),
            added=tuple((name, tuple(ids)) for name, (ids, _) in self._changes.items()),
            overridden=tuple((name, tuple(ids)) for name, (_, ids) in self._changes.items()),
        )

    def _merged(self, name: str, base: list[Row], over: list[Row]) -> list[Row]:
        key = KEYS[name]
        by_id = {row.text(key): row for row in base}
        added: list[str] = []
        overridden: list[str] = []
        for row in over:
            one = row.text(key, required=True)
            if one in added or one in overridden:
                raise row.fail(key, "is there twice")
            (overridden if one in by_id else added).append(one)
            by_id[one] = row
        self.note(name, added, overridden)
        if name == "systems.csv":
            self.replaced_systems = {*added, *overridden}
        return list(by_id.values())

    def _estimates(self, base: list[Row], over: list[Row]) -> list[Row]:
        """Add estimates; those of a system that the overlay defines replace the bundled ones."""
        kept = [row for row in base if row.text("system_id") not in self.replaced_systems]
        ids = list(dict.fromkeys(row.text("system_id") for row in over))
        self.extended_systems = {one for one in ids if one not in self.replaced_systems}
        counts = [f"{sum(r.text('system_id') == one for r in over)} of {one}" for one in ids]
        self.note("range_estimates.csv", counts, [])
        return kept + over


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: no such folder (--catalogue takes a folder of CSV files)")
    found = sorted(p.name for p in folder.iterdir() if p.suffix in (".csv", ".toml"))
    known = [name for name in found if name in KEYS]
    for name in found:
        hint = near_name(name, [key for key in KEYS if key not in found])
        if name not in KEYS and hint:
            raise CatalogueError(f"{folder}: {name!r} is not a file of a catalogue{hint}")
    if not known:
        raise CatalogueError(f"{folder}: holds no file of a catalogue ({', '.join(KEYS)})")


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown
