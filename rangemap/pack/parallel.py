"""Packs built in processes of their own, one for each core.

A process says that it is ready before it is given its work. Whoever is interrupted before that
has written nothing; whoever is interrupted after it takes away what it wrote aside.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from rangemap.catalogue.reader import catalogue_folder, set_catalogue
from rangemap.errors import ArgumentError, OutputError, RangemapError
from rangemap.pack.folder import uninterrupted

__all__ = ["Task", "checked_jobs", "cores", "run_tasks"]

_SPAWN: Final = get_context("spawn")  # a fork would copy the threads' locks, not the threads
_GRACE: Final = 20.0  # seconds for taking away what was written aside
_READY: Final = "ready"
_STEP: Final = "step"
_DONE: Final = "done"
_FAILED: Final = "failed"


@dataclass(frozen=True)
class Task:
    """One piece of work for a process.

    Attributes
    ----------
    name : str
        What it is, for messages.
    work : callable
        A function of a module, called with `arguments` and a function to tell steps to.
    arguments : tuple
        Sent to the process.
    """

    name: str
    work: Callable[..., Any]
    arguments: tuple[Any, ...]


def cores() -> int:
    """Return how many processor cores this process may use.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked_jobs(jobs: int) -> int:
    """Return the number of processes to use.

    Raises
    ------
    ArgumentError
        If it is not a whole number from 1 to 64.

    Examples
    --------
    >>> checked_jobs(2)
    2
    """
    if isinstance(jobs, bool) or not isinstance(jobs, int) or not 1 <= jobs <= 64:
        raise ArgumentError(f"jobs={jobs!r} must be a whole number from 1 to 64")
    return jobs


def run_tasks(tasks: Sequence[Task], jobs: int, step: Callable[[Task, str], None]) -> None:
    """Do all tasks, at most `jobs` at a time.

    Parameters
    ----------
    tasks : sequence of Task
        Begun in this order.
    jobs : int
        The number of processes.
    step : callable
        Called here with the task and what its process is doing.

    Raises
    ------
    RangemapError
        What a task raised, or that its process was killed; the others are interrupted.

    Examples
    --------
    >>> run_tasks([], 2, lambda task, text: None)
    """
    waiting = list(tasks)
    running: list[_Worker] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                running.append(_started(waiting.pop(0)))
            ready = wait([worker.line for worker in running])
            for worker in [one for one in running if one.line in ready]:
                if worker.heard(step):
                    running.remove(worker)
                    worker.ended()
    finally:
        with uninterrupted():  # whoever presses Ctrl-C twice waits for the cleaning all the same
            _interrupt(running)


class _Worker:
    """A process, the line to it, and whether it has been given its task."""

    def __init__(self, task: Task, process: SpawnProcess, line: Connection) -> None:
        self.task = task
        self.process = process
        self.line = line
        self.begun = False

    def heard(self, step: Callable[[Task, str], None]) -> bool:
        """Take one message; return True when the task is done."""
        try:
            kind, what = self.line.recv()
            if kind == _READY:
                self.line.send((self.task, catalogue_folder()))
                self.begun = True
        except (EOFError, ConnectionError):
            self.process.join()
            code = self.process.exitcode
            how = f"signal {-code}" if code and code < 0 else f"exit code {code}"
            raise OutputError(f"the process that built {self.task.name} ended ({how})") from None
        if kind == _STEP:
            step(self.task, what)
        elif kind == _FAILED:
            self.process.join()  # it ends by itself, and is not to be interrupted in that
            raise what
        return bool(kind == _DONE)

    def ended(self) -> None:
        """Wait until the process has gone."""
        self.process.join()
        self.line.close()


def _started(task: Task) -> _Worker:
    here, there = _SPAWN.Pipe()
    hears = signal.getsignal(signal.SIGINT) != signal.SIG_IGN  # not in the background of a script
    process = _SPAWN.Process(target=_serve, args=(there, hears), name=task.name)
    with _deaf():
        process.start()
    there.close()
    return _Worker(task, process, here)


def _serve(line: Connection, hears: bool) -> None:
    """Do one task in a process of its own."""
    try:
        if hears:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        _do(line)
    except (KeyboardInterrupt, EOFError, ConnectionError):
        sys.exit(1)  # interrupted, or nobody listens any more: all is taken away
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(line: Connection) -> None:
    try:
        line.send((_READY, None))
        task, folder = line.recv()
        set_catalogue(folder)
        task.work(*task.arguments, lambda text: line.send((_STEP, text)))
        line.send((_DONE, None))
    except RangemapError as problem:
        line.send((_FAILED, problem))


def _interrupt(workers: list[_Worker]) -> None:
    """End processes: those at work are let take away what they wrote."""
    for worker in workers:
        if not worker.begun:
            worker.process.terminate()
        elif os.name == "posix" and worker.process.pid and worker.process.is_alive():
            os.kill(worker.process.pid, signal.SIGINT)
    for worker in workers:
        worker.process.join(_GRACE)
        worker.process.kill()
        worker.ended()


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Start processes that are deaf to Ctrl-C until they can clean up after it.

    A process inherits that; for the moment of the start this one is deaf too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
