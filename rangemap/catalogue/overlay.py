"""A user's own catalogue files, laid over the bundled ones: same format, ids may override."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from rangemap.catalogue.rows import Row, read_rows
from rangemap.errors import CatalogueError

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

_OF_A_SYSTEM: Final = {
    "range_estimates.csv": "range estimates",
    "disputed_bands.csv": "disputed ranges",
}
"""Files whose bundled rows go with a bundled system that the overlay overrides."""

_SHOWN: Final = ("systems.csv", "sites.csv", "sources.csv", "coalitions.toml")
"""Files whose records `rangemap show` finds by id, as it does the built-in scenarios."""


@dataclass(frozen=True)
class Overlay:
    """What a user's catalogue folder changed; ids by file."""

    folder: str
    sha256: str
    added: tuple[tuple[str, tuple[str, ...]], ...]
    overridden: tuple[tuple[str, tuple[str, ...]], ...]
    dropped: tuple[tuple[str, tuple[str, ...]], ...] = ()  # the systems, not the rows

    def file_of(self, file: str, record_id: str) -> str:
        """Return the file that a record is from, with the folder's name if it is the user's."""
        changed = (*self.added, *self.overridden)
        own = any(name == file and record_id in ids for name, ids in changed)
        return f"{self.folder}/{file}" if own else file

    def sentences(self) -> list[str]:
        """Return what a reader of an output must know, one sentence for each file."""
        lines = [f"Facts of the catalogue folder {self.folder} are laid over the bundled ones."]
        for what, changed in (("overrides", self.overridden), ("adds", self.added)):
            for file, names in changed:
                if names:
                    lines.append(f"{self.folder}/{file} {what} {_listed(names)}.")
        for file, names in self.dropped:
            lines.append(f"The bundled {_OF_A_SYSTEM[file]} of {_listed(names)} are left out.")
        return lines


class Layers:
    """The rows of the bundled catalogue with those of an overlay folder, if there is one."""

    def __init__(self, base: Path, over: Path | None = None) -> None:
        self.base = base
        self.over = over
        self.folder = (over.name or str(over)) if over is not None else ""
        self._scenarios = {path.stem for path in (base / "scenarios").glob("*.toml")}
        self._changes: dict[str, tuple[list[str], list[str]]] = {}
        self._dropped: dict[str, tuple[str, ...]] = {}
        self.replaced_systems: set[str] = set()
        self.extended_systems: set[str] = set()
        if over is not None:
            _check_folder(over)

    def rows(self, name: str, required: str) -> list[Row]:
        """Return the rows of one file; a row of the overlay takes the place of its namesake."""
        columns = required.split(",")
        base = list(read_rows(self.base / name, columns, error=CatalogueError))
        path = self.over / name if self.over else None
        over: list[Row] = []
        if path is not None and path.is_file():
            shown = self.shown(name)
            over = list(read_rows(path, columns, error=CatalogueError, shown_as=shown))
        for row in (*base, *over):
            row.check_characters()
        if name == "range_estimates.csv":
            return self._estimates(self._kept(name, base), over)
        return self._merged(name, base, over)

    def shown(self, name: str) -> str:
        """Return the name of a file of the overlay for readers."""
        return f"{self.folder}/{name}"

    def id_rule(self, name: str, record_id: str) -> str:
        """Return the rule that an id of the overlay breaks by hiding a built-in scenario."""
        if name in _SHOWN and record_id in self._scenarios:
            return "is the name of a built-in scenario; take another id"
        return ""

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
            folder=self.folder,
            sha256=digest.hexdigest(),
            added=tuple((name, tuple(ids)) for name, (ids, _) in self._changes.items()),
            overridden=tuple((name, tuple(ids)) for name, (_, ids) in self._changes.items()),
            dropped=tuple(self._dropped.items()),
        )

    def _kept(self, name: str, base: list[Row]) -> list[Row]:
        """Leave out the bundled rows of systems that the overlay overrides."""
        gone = [one for row in base if (one := row.text("system_id")) in self.replaced_systems]
        if gone:
            self._dropped[name] = tuple(dict.fromkeys(gone))
        return [row for row in base if row.text("system_id") not in self.replaced_systems]

    def _merged(self, name: str, base: list[Row], over: list[Row]) -> list[Row]:
        key = KEYS[name]
        bundled = {row.text(key) for row in base}
        kept = self._kept(name, base) if name in _OF_A_SYSTEM else base
        if not over:
            return kept  # all of them: reading finds an id that is there twice
        by_id = {row.text(key): row for row in kept}
        added: list[str] = []
        overridden: list[str] = []
        for row in over:
            one = row.text(key, required=True)
            if one in added or one in overridden:
                raise row.fail(key, "is there twice")
            if one not in bundled and (rule := self.id_rule(name, one)):
                raise row.fail(key, rule)
            (overridden if one in bundled else added).append(one)
            by_id[one] = row
        self.note(name, added, overridden)
        if name == "systems.csv":
            self.replaced_systems = {*added, *overridden}
        return list(by_id.values())

    def _estimates(self, kept: list[Row], over: list[Row]) -> list[Row]:
        """Add estimates to the bundled ones that are kept."""
        ids = list(dict.fromkeys(row.text("system_id") for row in over))
        self.extended_systems = {one for one in ids if one not in self.replaced_systems}
        counts = [f"{sum(r.text('system_id') == one for r in over)} of {one}" for one in ids]
        if over:
            self.note("range_estimates.csv", counts, [])
        return kept + over


def meant_file(name: str) -> str | None:
    """Return the file of a catalogue that a file's name is, or is a slip for.

    Examples
    --------
    >>> meant_file("sites.csv"), meant_file("Site.csv"), meant_file("places.csv")
    ('sites.csv', 'sites.csv', None)
    """
    folded = name.casefold().replace("-", "_")
    close = get_close_matches(folded, KEYS, n=1, cutoff=0.88)
    return close[0] if close else next((key for key in KEYS if key.endswith(f"_{folded}")), None)


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise CatalogueError(f"{folder}: no such folder (--catalogue takes a folder of CSV files)")
    try:
        paths = {p.name: p for p in sorted(folder.iterdir())}
    except OSError as problem:
        raise CatalogueError(f"{folder}: cannot be read: {problem.strerror}") from None
    for name, path in paths.items():
        meant = meant_file(name) if path.suffix.casefold() in (".csv", ".toml") else None
        if meant is not None and name != meant and meant not in paths:
            raise CatalogueError(
                f"{folder}: {name!r} is not a file of a catalogue; did you mean {meant!r}?"
            )
        if name in KEYS and not path.is_file():
            what = "is a folder" if path.is_dir() else "cannot be read as one"
            raise CatalogueError(f"{folder.name}/{name}: must be a file, and {what}")
    if not any(name in paths for name in KEYS):
        raise CatalogueError(f"{folder}: holds no file of a catalogue ({', '.join(KEYS)})")


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:8])
    return f"{shown} and {len(names) - 8} more" if len(names) > 8 else shown
