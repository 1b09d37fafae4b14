"""The bundled facts, read once and checked row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NoReturn, TypeVar

from rangemap.catalogue.files import data_path, read_toml
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
    release_of,
    site_of,
    source_of,
    system_of,
)
from rangemap.catalogue.rows import Row, keyed
from rangemap.errors import CatalogueError, UnknownNameError

T = TypeVar("T")


class _Records(dict[str, T]):
    """Records by id; one that is not there was most likely read with another catalogue."""

    def __init__(self, kind: str, records: dict[str, T], folder: str) -> None:
        super().__init__(records)
        self._kind = kind
        self._in_use = folder or "the bundled one"

    def __missing__(self, key: str) -> NoReturn:
        raise CatalogueError(
            f"{self._kind} {str(key)[:80]!r}: is not in the catalogue in use ({self._in_use}); "
            "what was read with another catalogue must be used inside the same use_catalogue"
        )


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

    def file_of(self, file: str, record_id: str) -> str:
        """Return the file that a record is from, with the folder's name if it is the user's."""
        return self.overlay.file_of(file, record_id) if self.overlay else file

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
    if name not in records:
        raise UnknownNameError(kind, name, records)
    return records[name]


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

    Notes
    -----
    What is read inside (scenarios, analyses) is to be used inside. The catalogue in use is a
    context variable: a new thread starts with the bundled one. To pass it on, run the
    thread's function in ``contextvars.copy_context()``: ``executor.submit(copy_context().run,
    function)``, with a copy for each call.

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

    If the folder or a row breaks a rule, the catalogue in use stays as it was.

    Examples
    --------
    >>> set_catalogue(None)
    """
    used = _used(folder)
    if used is not None:
        _load(used)
    _USED.set(used)


def _used(folder: str | Path | None) -> _Used | None:
    """Return the folder with the sizes and times of its files: files that change are read anew."""
    if folder is None:
        return None
    path = Path(folder).absolute()
    try:
        found = [_state(p) for p in sorted(path.iterdir())]
    except OSError:  # reading it will say what is wrong
        found = []
    return path, repr(found)


def _state(path: Path) -> tuple[str, int, int]:
    if not path.is_file():
        return path.name, -1, -1
    stat = path.stat()
    return path.name, stat.st_size, stat.st_mtime_ns


@cache
def _load(used: _Used | None) -> Catalogue:
    return read_catalogue(data_path("sites.csv").parent, used[0] if used else None)


def read_catalogue(folder: Path, over: Path | None = None) -> Catalogue:
    """Read a catalogue from a folder with the same files as the bundled one.

    Files of ``over``, any of them, are laid over it.
    """
    layers = Layers(folder, over)
    sources = keyed(source_of(row) for row in layers.rows("sources.csv", "key,url,evidence"))
    system_rows = [
        system_of(row, sources) for row in layers.rows("systems.csv", "id,name,launch_mode,type")
    ]
    systems = keyed(system_rows)
    coalitions = _coalitions(layers, sources)
    sites = keyed(
        site_of(row, sources, systems, coalitions)
        for row in layers.rows("sites.csv", "id,name,lon,lat,precision_km,kind,launches")
    )
    estimates = [
        (row, estimate_of(row, sources, systems))
        for row in layers.rows("range_estimates.csv", "system_id,value_km,use,source_key")
    ]
    systems = {
        system.id: _with_spread(
            row, system, estimates, extended=system.id in layers.extended_systems
        )
        for row, system in system_rows
    }
    disputed = tuple(
        keyed(
            disputed_band_of(row, sources, systems)
            for row in layers.rows("disputed_bands.csv", "id,system_id,said_by,max_km")
        ).values()
    )
    if over is not None and (over / "claims.csv").is_file():
        # Its records are made elsewhere; here only what the file changes is noted.
        layers.rows("claims.csv", "id,statement,kind")
    return Catalogue(
        _Records("source", sources, layers.folder),
        _Records("system", systems, layers.folder),
        tuple(estimate for _, estimate in estimates),
        disputed,
        _Records("site", sites, layers.folder),
        _Records("coalition", coalitions, layers.folder),
        release_of(folder / "release.toml"),
        layers.summary(),
    )


def _with_spread(
    row: Row, system: System, estimates: list[tuple[Row, RangeEstimate]], *, extended: bool
) -> System:
    """Return a system whose low and high are those of its estimates in use.

    A bound in systems.csv must equal them, unless it is listed as recalled; a bound left
    empty there is taken from them. Estimates that an overlay adds to a bundled system widen
    its bounds. A system with one bound gets the others from it, so that it can be drawn.
    """
    low, plot, high = system.max_low_km, system.plot_km, system.max_high_km
    in_use = [(e.value_km, r) for r, e in estimates if e.system_id == system.id and e.counts]
    if in_use:
        values = [value for value, _ in in_use]
        if extended:
            values += [value for value in (low, plot, high) if value is not None]
            low, high = min(values), max(values)
        else:
            low = _bound(row, system, "low", min(values))
            high = _bound(row, system, "high", max(values))
        if plot is not None and not low <= plot <= high:
            raise row.fail(
                "plot_km",
                f"must lie in [{low:g}, {high:g}], the spread of the estimates of {system.id}",
            )
        for value, one in in_use:
            if system.min_km is not None and value <= system.min_km:
                raise one.fail("value_km", f"is not over min_km {system.min_km:g} of {system.id}")
    bound = high if high is not None else low
    if bound is None:  # without a bound the plotted value is an assumption, and shown as one
        return system
    plot = plot if plot is not None else bound
    return replace(
        system,
        max_low_km=low if low is not None else plot,
        plot_km=plot,
        max_high_km=high if high is not None else plot,
    )


def _bound(row: Row, system: System, key: str, found: float) -> float:
    """Return the low or the high of a system: what its row says, checked, or what is found."""
    written: float | None = getattr(system, f"max_{key}_km")
    if written is None:
        return found
    beyond = written < found if key == "low" else written > found
    if written != found and not (beyond and key in system.recalled_fields):
        raise row.fail(
            f"max_{key}_km",
            f"the {key}est of the range estimates of {system.id} in use is {found:g} "
            f"(list {key!r} in recalled_fields if no row has it)",
        )
    return written


def _coalitions(layers: Layers, sources: dict[str, Source]) -> dict[str, Coalition]:
    result: dict[str, Coalition] = {}
    for path in layers.toml("coalitions.toml"):
        own = path.parent == layers.over
        shown = layers.shown(path.name) if own else path.name
        tables = read_toml(path, shown)
        known = [key for key in tables if key in result]
        if own:
            layers.note(path.name, [key for key in tables if key not in result], known)
        for key, table in tables.items():
            result[key] = coalition_of(key, table, shown, sources)
            if own and key not in known and (rule := layers.id_rule(path.name, key)):
                raise CatalogueError(f"{shown}, {key}: {rule}")
    return result
