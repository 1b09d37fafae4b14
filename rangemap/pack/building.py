"""Scenarios become folders of outputs, whole or not at all, and an index of them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from rangemap.analysis import Analysis, Comparison, Scenario, analyse, as_analysis
from rangemap.analysis.scenario import BUILT_IN
from rangemap.errors import ArgumentError, OutputError
from rangemap.pack.folder import put_in_place, refuse_foreign, staged
from rangemap.pack.gallery import write_index
from rangemap.pack.job import SHARES, Job, Made, Options, Share
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
        How many processes share the work out, from 1 to 64. With more than one, a script must
        have ``if __name__ == "__main__":`` before what it does, as for all use of
        `multiprocessing`.
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
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"cannot write {folder}: it is a file")
    for name in names:
        refuse_foreign(folder / name)
    step = _Steps(progress, len(analyses))
    try:
        if jobs > 1:
            _share_out(analyses, folder, options, jobs, step)
        else:
            for analysis in analyses:
                write_pack(analysis, folder, partial(step, analysis.scenario.name), options=options)
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
    with _begun(analysis, target, options or Options()) as job:
        for one in STEPS:
            step(one.text)
            one.run(job)
        put_in_place(job.folder, target)
    return target


@contextlib.contextmanager
def _begun(analysis: Analysis, target: Path, options: Options) -> Iterator[Job]:
    """Give a pack to write, in a folder aside, which is taken away at the end."""
    with explained(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        refuse_foreign(target)
        with staged(target.parent) as staging:
            try:
                yield Job(analysis, staging, options)
            except OutputError as problem:
                # Name the folder that the user asked for, not the one aside.
                raise OutputError(str(problem).replace(str(staging), str(target))) from problem


def _share_out(
    analyses: list[Analysis],
    output: Path,
    options: Options,
    jobs: int,
    step: Callable[[str, str], None],
) -> None:
    """Write packs in several processes; each is put in place as soon as it is whole."""
    with contextlib.ExitStack() as stack:
        packs = {}
        for analysis in analyses:
            name = analysis.scenario.name
            packs[name] = stack.enter_context(_begun(analysis, output / name, options))
        made: dict[str, dict[Share, Made]] = {name: {} for name in packs}

        def done(task: Task, result: Made) -> Iterator[Task]:
            job, share = task.arguments
            if share == "end":
                with explained(output / task.name):
                    put_in_place(job.folder, output / task.name)
                return
            made[task.name][share] = result
            if len(made[task.name]) == len(SHARES):
                for one in dict.fromkeys(one.share for one in STEPS if one.share != "end"):
                    job.take_over(made[task.name][one])
                yield Task(task.name, _do_share, (job, "end"))

        tasks = [Task(name, _do_share, (job, one)) for name, job in packs.items() for one in SHARES]
        run_tasks(tasks, jobs, lambda task, what: step(task.name, what), done)


def _do_share(job: Job, share: Share, step: Callable[[str], None]) -> Made:
    """Do the steps of a share of a pack, and return what they wrote."""
    with explained(job.folder):
        for one in STEPS:
            if one.share == share:
                step(one.text)
                one.run(job)
    return job.made


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
