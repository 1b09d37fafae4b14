"""Scenarios become folders of outputs, whole or not at all, and an index of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from rangemap.analysis import Analysis, Comparison, Scenario, analyse, as_analysis
from rangemap.analysis.scenario import BUILT_IN
from rangemap.errors import ArgumentError, OutputError
from rangemap.pack.folder import put_in_place, refuse_foreign, staged
from rangemap.pack.gallery import write_index
from rangemap.pack.job import Job, Options
from rangemap.pack.parallel import Task, checked_jobs, run_tasks
from rangemap.pack.reading import is_pack
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
    jobs: int = 1,
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
    jobs : int, default 1
        How many processes to use, each for one scenario at a time, from 1 to 64. With more than
        one, a script must have ``if __name__ == "__main__":`` before what it does, as for all
        use of `multiprocessing`.
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
    options, jobs = Options(units_of(units).name), checked_jobs(jobs)
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
    step = _Steps(progress, len(analyses))
    try:
        if min(jobs, len(analyses)) > 1:
            tasks = [Task(a.scenario.name, _write, (a, folder, options)) for a in analyses]
            run_tasks(tasks, jobs, lambda task, what: step(task.name, what))
        else:
            for analysis in analyses:
                _write(analysis, folder, options, partial(step, analysis.scenario.name))
    finally:
        if any(is_pack(folder / name) for name in names):  # those that were finished before a fault
            write_index(folder)
    return [folder / name for name in names]


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
    step = partial(_Steps(progress, 1), analysis.scenario.name)
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


def _write(analysis: Analysis, output: Path, options: Options, step: Callable[[str], None]) -> None:
    write_pack(analysis, output, step, options=options)


class _Steps:
    """Counts the steps of all packs and tells of each as it begins."""

    def __init__(self, progress: Progress | None, packs: int) -> None:
        self._progress = progress
        self._total = packs * len(STEPS)
        self._begun = 0

    def __call__(self, name: str, what: str) -> None:
        if self._progress:
            self._progress(f"{name}: {what}", self._begun, self._total)
        self._begun += 1
