"""Work shared out to processes of their own, one for each core.

A process says that it is ready before it is given work, does one task after the other, and
sends back what each returned. Whoever is interrupted without a task has written nothing;
whoever is interrupted at one takes away what it wrote aside.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Final

from rangemap.catalogue.reader import catalogue_folder, set_catalogue
from rangemap.errors import ArgumentError, OutputError, RangemapError
from rangemap.interrupts import quiet, uninterrupted

__all__ = ["Task", "checked_jobs", "cores", "run_tasks"]

_SPAWN: Final = get_context("spawn")  # a fork would copy the threads' locks, not the threads
_GRACE: Final = 20.0  # seconds for taking away what was written aside
_AGAIN: Final = 2.0  # seconds until one that goes on is interrupted again
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


def run_tasks(
    tasks: Sequence[Task],
    jobs: int,
    step: Callable[[Task, str], None],
    done: Callable[[Task, Any], Iterable[Task]] | None = None,
) -> None:
    """Do all tasks, at most `jobs` at a time.

    Parameters
    ----------
    tasks : sequence of Task
        Begun in this order.
    jobs : int
        The number of processes.
    step : callable
        Called here with the task and what its process is doing.
    done : callable, optional
        Called here with each task that is done and what its work returned. The tasks that it
        returns are begun before those that still wait.

    Raises
    ------
    RangemapError
        What a task raised, or that its process was killed; the others are interrupted.

    Examples
    --------
    >>> run_tasks([], 2, lambda task, text: None)
    """
    waiting = list(tasks)
    workers: list[_Worker] = []
    try:
        while waiting or not all(worker.idle for worker in workers):
            for worker in workers:
                if waiting and worker.idle:
                    worker.take(waiting.pop(0))
            while waiting and len(workers) < jobs:
                workers.append(_started(waiting.pop(0)))
            ready = wait([worker.line for worker in workers if not worker.idle])
            for worker in workers:
                if worker.line in ready and worker.heard(step) and done:
                    waiting[:0] = done(worker.task, worker.result)
    finally:
        with uninterrupted():  # whoever presses Ctrl-C twice waits for the cleaning all the same
            _end(workers)


class _Worker:
    """A process, the line to it, and the task that it is started for, does or has done."""

    def __init__(self, task: Task, process: SpawnProcess, line: Connection) -> None:
        self.task = task
        self.process = process
        self.line = line
        self.begun = False  # it has been given the task
        self.idle = False  # it has done the task, and waits for another
        self.result: Any = None

    def take(self, task: Task) -> None:
        """Give it another task."""
        self.task, self.result, self.idle = task, None, False
        with contextlib.suppress(ConnectionError):  # it was killed: told when it is listened to
            self._send()

    def heard(self, step: Callable[[Task, str], None]) -> bool:
        """Take one message; return True when the task is done."""
        try:
            kind, what = self.line.recv()
            if kind == _READY:
                self._send()
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
        elif kind == _DONE:
            self.idle, self.result = True, what
        return self.idle

    def _send(self) -> None:
        self.line.send((self.task, catalogue_folder()))
        self.begun = True


def _started(task: Task) -> _Worker:
    here, there = _SPAWN.Pipe()
    hears = signal.getsignal(signal.SIGINT) != signal.SIG_IGN  # not in the background of a script
    process = _SPAWN.Process(target=_serve, args=(there, hears), name=task.name)
    with _deaf():
        process.start()
    there.close()
    return _Worker(task, process, here)


def _serve(line: Connection, hears: bool) -> None:
    """Do tasks in a process of its own, until there are no more.

    It is interrupted by SIGTERM, which whoever shares out sends, for Ctrl-C may be ignored.
    """
    try:
        quiet()
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        if hears:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        line.send((_READY, None))
        while _do(line):
            pass
    except (KeyboardInterrupt, EOFError, ConnectionError):
        sys.exit(1)  # interrupted, or nobody listens any more: all is taken away
    finally:
        for one in (signal.SIGINT, signal.SIGTERM):
            signal.signal(one, signal.SIG_IGN)


def _do(line: Connection) -> bool:
    """Do the next task; return whether to ask for another."""
    task, folder = line.recv()
    if task is None:
        return False
    try:
        set_catalogue(folder)
        result = task.work(*task.arguments, lambda text: line.send((_STEP, text)))
    except RangemapError as problem:
        line.send((_FAILED, problem))
        return False
    except Exception as problem:  # a fault of the program: told here too, for no one sees stderr
        line.send((_FAILED, OutputError(f"{task.name}: {type(problem).__name__}: {problem}")))
        raise
    line.send((_DONE, result))
    return True


def _end(workers: list[_Worker]) -> None:
    """End processes: those at work are let take away what they wrote, all in the same time."""
    end = time.monotonic() + _GRACE
    for worker in workers:
        if worker.idle:
            with contextlib.suppress(OSError):  # it may have been killed meanwhile
                worker.line.send((None, None))
        elif not worker.begun:
            worker.process.terminate()
    busy = [worker.process for worker in workers if worker.begun and not worker.idle]
    while (busy := [one for one in busy if one.is_alive()]) and time.monotonic() < end:
        for one in busy if os.name == "posix" else []:
            one.terminate()  # again and again: Python loses what it hears in a destructor
        wait([one.sentinel for one in busy], _AGAIN)
    for worker in workers:
        worker.process.join(max(0.0, end - time.monotonic()))
        worker.process.kill()
        worker.process.join()
        worker.line.close()


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
