"""Scenarios become folders of outputs, whole or not at all, and an index of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from rangemap.analysis import Analysis, Comparison, Scenario, analyse, as_analysis
from rangemap.analysis.scenario import BUILT_IN
from rangemap.errors import ArgumentError, OutputError
from rangemap.pack.folder import put_in_place, refuse_foreign, staged
from rangemap.pack.gallery import write_index
from rangemap.pack.job import Job, Options
from rangemap.pack.steps import STEPS
from rangemap.views.units import units_of
from rangemap.writing import explained

__all__ = ["Progress", "build", "write_comparison", "write_pack"]

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many steps are done, and how many there are."""


def build(
    scenario: str | Path | Scenario | Iterable[str | Path | Scenario] | None = None,
    output: str | Path = "output",
    *,
    units: str = "km",
    progress: Progress | None = None,
) -> list[Path]:
    """Build every view of one or more scenarios.

    Parameters
    ----------
    scenario : str, pathlib.Path, Scenario or an iterable of them, optional
        Built-in names, paths of scenario files or scenarios; by default the built-in three.
    output : str or pathlib.Path, default "output"
        Each scenario goes into ``output/<name>/``; ``output/index.html`` shows them all.
    units : {"km", "mi", "nmi"}
        Of distances and areas in pictures and slides. Tables and GIS files stay in km.
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
    options = Options(units_of(units).name)
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
        folders.append(write_pack(analysis, folder, step, options=options))
    write_index(folder)
    return folders


def write_comparison(
    comparison: Comparison,
    folder: Path,
    *,
    units: str = "km",
    progress: Progress | None = None,
) -> Path:
    """Write the pack of a comparison as ``folder`` itself, with ``comparison.csv`` in it."""
    options = Options(units_of(units).name)
    analysis = as_analysis(comparison)
    step = _steps(progress, analysis.scenario.name, 0, 1)
    return write_pack(analysis, folder.parent, step, name=folder.name, options=options)


def write_pack(
    analysis: Analysis,
    output: Path,
    step: Callable[[str], None],
    *,
    name: str | None = None,
    options: Options | None = None,
) -> Path:
    """Write the files of one scenario aside, then put the folder in place."""
    target = output / (name or analysis.scenario.name)
    with explained(target):
        output.mkdir(parents=True, exist_ok=True)
        refuse_foreign(target)
        with staged(output) as staging:
            job = Job(analysis, staging, options or Options())
            try:
                for one in STEPS:
                    step(one.text)
                    one.run(job)
                put_in_place(staging, target)
            except OutputError as problem:
                # Name the folder that the user asked for, not the one aside.
                raise OutputError(str(problem).replace(str(staging), str(target))) from problem
    return target


def _steps(progress: Progress | None, name: str, number: int, total: int) -> Callable[[str], None]:
    done = number * len(STEPS)

    def step(what: str) -> None:
        nonlocal done
        if progress:
            progress(f"{name}: {what}", done, total * len(STEPS))
        done += 1

    return step
