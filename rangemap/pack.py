"""A scenario becomes a folder of outputs with a manifest, whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from rangemap._version import __version__
from rangemap.analysis import (
    Analysis,
    Comparison,
    Scenario,
    analyse,
    as_analysis,
    scenario_names,
)
from rangemap.analysis.scenario import BUILT_IN
from rangemap.catalogue import load_catalogue
from rangemap.errors import ArgumentError, OutputError
from rangemap.views.export import bands_geojson
from rangemap.views.index_page import GENERATOR, Pack, render_index
from rangemap.views.style import BORDERS_NOTE, CAVEATS_SHORT, caveats, provenance
from rangemap.views.table import to_csv
from rangemap.writing import explained, write_whole

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""

MANIFEST: Final = "manifest.json"


def build(
    scenario: str | Path | Scenario | Iterable[str | Path | Scenario] | None = None,
    output: str | Path = "output",
    *,
    progress: Progress | None = None,
) -> list[Path]:
    """Build every view of one or more scenarios.

    Parameters
    ----------
    scenario : str, pathlib.Path, Scenario or an iterable of them, optional
        Built-in names, paths of scenario files or scenarios; by default the built-in three.
    output : str or pathlib.Path, default "output"
        Each scenario goes into ``output/<name>/``; ``output/index.html`` shows them all.
    progress : callable, optional
        Called with a text, the steps done and the number of steps.

    Returns
    -------
    list of pathlib.Path
        The folders, in the order of the scenarios.

    Raises
    ------
    RangemapError
        If a scenario breaks a rule or an output cannot be written. A folder is replaced
        only when all its files are ready.
    """
    if scenario is None:
        wanted: list[str | Path | Scenario] = list(BUILT_IN)
    elif isinstance(scenario, str | Path | Scenario):
        wanted = [scenario]
    else:
        wanted = list(scenario)
    analyses = [analyse(one) for one in wanted]  # every mistake shows before work begins
    names = [analysis.scenario.name for analysis in analyses]
    for name in names:
        if names.count(name) > 1:
            raise ArgumentError(f"two scenarios would both be written to the folder {name!r}")
    folder = Path(output)
    folders = []
    for number, analysis in enumerate(analyses):
        step = _steps(progress, analysis.scenario.name, number, len(analyses))
        folders.append(write_pack(analysis, folder, step))
    write_index(folder)
    return folders


def write_comparison(
    comparison: Comparison, folder: Path, *, progress: Progress | None = None
) -> Path:
    """Write the pack of a comparison as ``folder`` itself, with ``comparison.csv`` in it."""
    analysis = as_analysis(comparison)
    step = _steps(progress, analysis.scenario.name, 0, 1)
    return write_pack(analysis, folder.parent, step, name=folder.name)


def write_pack(
    analysis: Analysis,
    output: Path,
    step: Callable[[str], None],
    *,
    name: str | None = None,
) -> Path:
    """Write the files of one scenario aside, then put the folder in place."""
    target = output / (name or analysis.scenario.name)
    with explained(target):
        output.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(target)
        staging = Path(tempfile.mkdtemp(prefix=".rangemap-", dir=output))
        try:
            _write_files(analysis, staging, step)
            staging.chmod(0o755)
            _put_in_place(staging, target)
        except OutputError as problem:
            # Name the folder that the user asked for, not the one aside.
            raise OutputError(str(problem).replace(str(staging), str(target))) from problem
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return target


def _write_files(analysis: Analysis, folder: Path, step: Callable[[str], None]) -> None:
    from rangemap.views.figure import save_figure
    from rangemap.views.webmap import explore

    step("tables")
    write_whole(folder / "coverage.csv", to_csv(analysis.coverage))
    write_whole(folder / "places.csv", to_csv(analysis.place_rows))
    if analysis.comparison:
        write_whole(folder / "comparison.csv", to_csv(analysis.comparison.table))
    write_whole(folder / "summary.json", _json(analysis.summary))
    step("bands.geojson")
    write_whole(folder / "bands.geojson", bands_geojson(analysis.bands))
    step("map.html")
    explore(analysis).save(folder / "map.html")
    step("figure.png, .svg, .pdf")
    save_figure(analysis, folder / "figure")
    step("manifest.json")
    write_whole(folder / MANIFEST, _json(manifest(analysis, folder)))


def manifest(analysis: Analysis, folder: Path) -> dict[str, Any]:
    """Return what made the files of a folder, from which data and sources, and their hashes."""
    scenario, release = analysis.scenario, load_catalogue().release
    return {
        "made_by": "rangemap",
        "version": __version__,
        "provenance": provenance(scenario),
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "subtitle": scenario.subtitle,
            "hash": scenario.hash,
            "range_estimate": scenario.range_estimate,
        },
        "headline": analysis.summary["headline"],
        "data": {
            "date": release.date.isoformat(),
            "catalogue": release.catalogue,
            "boundaries": release.boundaries,
            "capitals": release.capitals,
            "country_population": release.country_population,
        },
        "caveats": caveats(scenario),
        "sources": [
            {
                "key": source.key,
                "title": source.title,
                "publisher": source.publisher,
                "date": source.date,
                "url": source.url,
                "evidence": source.evidence.value,
            }
            for source in analysis.sources()
        ],
        "files": {
            path.name: {
                "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                "bytes": path.stat().st_size,
            }
            for path in sorted(folder.iterdir())
            if path.name != MANIFEST
        },
    }


def write_index(output: Path) -> Path:
    """Write the page that shows all packs that stand in a folder."""
    page = output / "index.html"
    if page.exists() and GENERATOR not in page.read_text(encoding="utf-8", errors="replace"):
        raise OutputError(f"cannot write {page}: it is there already and is not rangemap's")
    order = {name: number for number, name in enumerate(scenario_names())}
    packs = [
        pack
        for path in output.iterdir()
        if not path.name.startswith(".") and (pack := _read_pack(path))
    ]
    packs.sort(key=lambda pack: (order.get(pack.name, len(order)), pack.name))
    write_whole(page, render_index(packs, [*CAVEATS_SHORT, BORDERS_NOTE]))
    return page


def _read_pack(folder: Path) -> Pack | None:
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if content["made_by"] != "rangemap":
            return None
        return Pack(
            name=folder.name,
            title=content["scenario"]["title"],
            subtitle=content["scenario"]["subtitle"],
            headline=tuple(content["headline"]),
            files=(*content["files"], MANIFEST),
            provenance=content["provenance"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _refuse_foreign(target: Path) -> None:
    """Never replace a folder that somebody else made."""
    if target.is_dir() and any(target.iterdir()) and _read_pack(target) is None:
        raise OutputError(
            f"cannot write {target}: the folder is not empty and was not made by rangemap"
        )
    if target.exists() and not target.is_dir():
        raise OutputError(f"cannot write {target}: it is a file")


def _put_in_place(staging: Path, target: Path) -> None:
    """Exchange the folder, keeping files in it that are not ours."""
    if not target.exists():
        staging.rename(target)
        return
    known = {MANIFEST}
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        known |= set(json.loads((target / MANIFEST).read_text(encoding="utf-8"))["files"])
    for path in target.iterdir():
        if path.name not in known and not (staging / path.name).exists():
            if path.is_dir():
                shutil.copytree(path, staging / path.name, symlinks=True)
            else:
                shutil.copy2(path, staging / path.name, follow_symlinks=False)
    old = Path(tempfile.mkdtemp(prefix=".rangemap-old-", dir=target.parent))
    target.rename(old / "pack")
    try:
        staging.rename(target)
    except BaseException:
        (old / "pack").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


_STEPS: Final = 5


def _steps(progress: Progress | None, name: str, number: int, total: int) -> Callable[[str], None]:
    done = number * _STEPS

    def step(what: str) -> None:
        nonlocal done
        if progress:
            progress(f"{name}: {what}", done, total * _STEPS)
        done += 1

    return step


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
