"""The bundled facts, read once and checked row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from rangemap.catalogue.files import data_path
from rangemap.catalogue.model import (
    Coalition,
    DisputedBand,
    RangeEstimate,
    Release,
    Site,
    Source,
    System,
)
from rangemap.catalogue.overlay import Layers, Overlay
from rangemap.catalogue.records import (
    coalition_of,
    disputed_band_of,
    estimate_of,
    read_toml,
    release_of,
    site_of,
    source_of,
    system_of,
)
from rangemap.errors import CatalogueError, UnknownNameError

T = TypeVar("T")


@dataclass(frozen=True)
class Catalogue:
    """All records, by id, in the order of their files."""

    sources: dict[str, Source]
    systems: dict[str, System]
    estimates: tuple[RangeEstimate, ...]
    disputed_bands: tuple[DisputedBand, ...]
    sites: dict[str, Site]
    coalitions: dict[str, Coalition]
    release: Release
    overlay: Overlay | None = None

    def system(self, system_id: str) -> System:
        """Return a system; an unknown id raises with a near name."""
        return _get("system", self.systems, system_id)

    def site(self, site_id: str) -> Site:
        """Return a site; an unknown id raises with a near name."""
        return _get("site", self.sites, site_id)

    def source(self, key: str) -> Source:
        """Return a source; an unknown key raises with a near name."""
        return _get("source", self.sources, key)

    def estimates_of(self, system_id: str) -> tuple[RangeEstimate, ...]:
        """Return the published ranges of a system."""
        return tuple(e for e in self.estimates if e.system_id == system_id)

    def disputed_bands_of(self, system_id: str) -> tuple[DisputedBand, ...]:
        """Return each side's range where the range or role of a system is disputed."""
        return tuple(b for b in self.disputed_bands if b.system_id == system_id)


def _get(kind: str, records: dict[str, T], name: str) -> T:
    try:
        return records[name]
    except KeyError:
        raise UnknownNameError(kind, name, records) from None


_Used = tuple[Path, str]  # a folder, and the state of its files when it was taken into use
_USED: ContextVar[_Used | None] = ContextVar("rangemap_catalogue", default=None)


def load_catalogue() -> Catalogue:
    """Return the catalogue in use: the bundled one, with a user's own laid over it if asked.

    Returns
    -------
    Catalogue
        Read once and shared; its records are frozen. See `use_catalogue`.

    Raises
    ------
    CatalogueError
        If a row breaks a rule: the message names the file, the row, the value, the rule.

    Examples
    --------
    >>> load_catalogue().system("df-26").plot_km
    4000.0
    """
    return _load(_USED.get())


def catalogue_folder() -> Path | None:
    """Return the user's catalogue folder in use, if there is one."""
    used = _USED.get()
    return used[0] if used else None


def catalogue_state() -> str:
    """Return what changes when a file of the user's folder does; a key for caches."""
    used = _USED.get()
    return used[1] if used else ""


@contextmanager
def use_catalogue(folder: str | Path | None) -> Iterator[Catalogue]:
    """Lay the files of a folder over the bundled catalogue while the context lasts.

    Parameters
    ----------
    folder : str, pathlib.Path or None
        With any of ``systems.csv``, ``range_estimates.csv``, ``sites.csv``, ``sources.csv``,
        ``disputed_bands.csv``, ``coalitions.toml`` and ``claims.csv``, in the format of the
        bundled files. A row with the id of a bundled row overrides it; every output says so.
        None is the bundled catalogue alone.

    Yields
    ------
    Catalogue
        Its ``overlay`` tells what was added and overridden.

    Raises
    ------
    CatalogueError
        If the folder or a row breaks a rule.

    Examples
    --------
    >>> with use_catalogue(None) as catalogue:
    ...     catalogue.overlay is None
    True
    """
    token = _USED.set(_used(folder))
    try:
        yield load_catalogue()
    finally:
        _USED.reset(token)


def set_catalogue(folder: str | Path | None) -> None:
    """Lay the files of a folder over the bundled catalogue from now on, as the command line does.

    Examples
    --------
    >>> set_catalogue(None)
    """
    _USED.set(_used(folder))


def _used(folder: str | Path | None) -> _Used | None:
    """Return the folder with the sizes and times of its files: files that change are read anew."""
    if folder is None:
        return None
    path = Path(folder).absolute()
    found = sorted(path.iterdir()) if path.is_dir() else []
    return path, repr([(p.name, p.stat().st_size, p.stat().st_mtime_ns) for p in found])


@cache
def _load(used: _Used | None) -> Catalogue:
    return read_catalogue(data_path("sites.csv").parent, used[0] if used else None)


def read_catalogue(folder: Path, over: Path | None = None) -> Catalogue:
    """Read a catalogue from a folder with the same files as the bundled one.

    Files of ``over``, any of them, are laid over it.
    """
    layers = Layers(folder, over)
    sources = _unique(source_of(row) for row in layers.rows("sources.csv", "key,url,evidence"))
    systems = _unique(
        system_of(row, sources) for row in layers.rows("systems.csv", "id,name,launch_mode,type")
    )
    coalitions = _coalitions(layers, sources)
    sites = _unique(
        site_of(row, sources, systems, coalitions)
        for row in layers.rows("sites.csv", "id,name,lon,lat,precision_km,kind,launches")
    )
    estimates = tuple(
        estimate_of(row, sources, systems)
        for row in layers.rows("range_estimates.csv", "system_id,value_km,use,source_key")
    )
    systems = {
        key: _with_spread(system, estimates, extended=key in layers.extended_systems)
        for key, system in systems.items()
    }
    disputed = tuple(
        _unique(
            disputed_band_of(row, sources, systems)
            for row in layers.rows("disputed_bands.csv", "id,system_id,said_by,max_km")
        ).values()
    )
    if over is not None and (over / "claims.csv").is_file():
        # Its records are made elsewhere; here only what the file changes is noted.
        layers.rows("claims.csv", "id,statement,kind")
    return Catalogue(
        sources,
        systems,
        estimates,
        disputed,
        sites,
        coalitions,
        release_of(folder / "release.toml"),
        layers.summary(),
    )


def _unique(records: Any) -> dict[str, Any]:
    by_id: dict[str, Any] = {}
    for row, record in records:
        key = getattr(record, "id", None) or record.key
        if key in by_id:
            raise row.fail("id" if hasattr(record, "id") else "key", "is there twice")
        by_id[key] = record
    return by_id


def _with_spread(system: System, estimates: tuple[RangeEstimate, ...], *, extended: bool) -> System:
    """Return a system whose low and high are those of its estimates in use.

    A bound in systems.csv must equal them, unless it is listed as recalled; a bound left
    empty there is taken from them.
    """
    values = [e.value_km for e in estimates if e.system_id == system.id and e.counts]
    if not values:
        return system
    bounds: dict[str, Any] = {}
    for key, found in (("low", min(values)), ("high", max(values))):
        written = getattr(system, f"max_{key}_km")
        if written is None or (extended and key not in system.recalled_fields):
            bounds[f"max_{key}_km"] = found
        elif extended:
            bounds[f"max_{key}_km"] = min(written, found) if key == "low" else max(written, found)
        elif written != found and (
            key not in system.recalled_fields or (written > found) == (key == "low")
        ):
            raise CatalogueError(
                f"systems.csv, {system.id}, max_{key}_km {written:g}: the {key}est of its range "
                f"estimates in use is {found:g} (list {key!r} in recalled_fields if no row has it)"
            )
    system = replace(system, **bounds)
    low, plot, high = system.max_low_km, system.plot_km, system.max_high_km
    if low is not None and high is not None:
        if low > high:
            raise CatalogueError(f"systems.csv, {system.id}, max_low_km {low:g}: is over {high:g}")
        if plot is None:
            system = replace(system, plot_km=high)
        elif not low <= plot <= high:
            raise CatalogueError(
                f"systems.csv, {system.id}, plot_km {plot:g}: must lie in [{low:g}, {high:g}]"
            )
    return system


def _coalitions(layers: Layers, sources: dict[str, Source]) -> dict[str, Coalition]:
    result: dict[str, Coalition] = {}
    for path in layers.toml("coalitions.toml"):
        own = path.parent == layers.over
        tables = read_toml(path)
        if own:
            known = [key for key in tables if key in result]
            layers.note(path.name, [key for key in tables if key not in result], known)
        for key, table in tables.items():
            result[key] = coalition_of(key, table, path.name, sources)
    return result
