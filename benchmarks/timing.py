"""Interleaved timings, best of several; and the peak memory of a process."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TURNS, _TURN_S = 4, 0.3  # an entrant has up to so many runs in a round, and so much time


@dataclass
class Entrant:
    """One competitor of a race.

    Attributes
    ----------
    name : str
        As the table shows it.
    run : callable
        Does `work` units of work.
    work : float
        How many units (discs, pairs, countries) one run does.
    warm : callable, optional
        A small piece of the same work, done once before the race.
    budget_s : float
        No further run once this much has been spent.
    wall : bool
        Whether to go by the clock, for what runs in several threads; else by the processor's
        time, all threads added up, on which a busy machine has less influence.
    """

    name: str
    run: Callable[[], Any]
    work: float = 1.0
    warm: Callable[[], Any] | None = None
    budget_s: float = 6.0
    wall: bool = False
    runs: list[tuple[float, float]] = field(default_factory=list)
    result: Any = None

    @property
    def best_s(self) -> float:
        """Seconds of the fastest run for one unit of work."""
        return min(wall if self.wall else processor for wall, processor in self.runs) / self.work

    @property
    def spent_s(self) -> float:
        """Seconds of all runs."""
        return sum(wall for wall, _ in self.runs)

    def run_once(self) -> None:
        """Run and keep the time and the result."""
        processor, wall = time.process_time(), time.perf_counter()
        self.result = self.run()
        wall = time.perf_counter() - wall
        self.runs.append((wall, time.process_time() - processor))


def race(entrants: list[Entrant], rounds: int) -> dict[str, Entrant]:
    """Run all in turn, round by round, so that a slow minute of the machine hits them alike."""
    for entrant in entrants:
        if entrant.warm is not None:
            entrant.warm()
    for _ in range(rounds):
        for entrant in entrants:
            before = entrant.spent_s
            for _ in range(_TURNS):
                if entrant.spent_s > min(entrant.budget_s, before + _TURN_S):
                    break
                entrant.run_once()
    return {entrant.name: entrant for entrant in entrants}


def peak_mb() -> float:
    """Return the largest memory that this process has held, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
