"""Work in blocks on all cores: results in order, memory flat, progress, a clean stop."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from rangemap.errors import ArgumentError

Progress = Callable[[str, int, int], None]
"""Called now and then with what is done, how much of it, and how much there is."""

T = TypeVar("T")
R = TypeVar("R")

_AHEAD: Final = 3  # blocks in hand for each thread: enough to keep all busy, few enough to hold


def thread_count(threads: int | None) -> int:
    """Return the number of threads to use: as asked, else one for each usable core."""
    if threads is None:
        affinity = getattr(os, "sched_getaffinity", None)
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ArgumentError(f"threads {threads!r} is not a whole number of at least 1")
    return threads


def in_order(work: Callable[[T], R], blocks: Iterable[T], threads: int) -> Iterator[R]:
    """Yield ``work(block)`` for each block, in order, computed by several threads.

    Only a few results wait at a time. When the caller stops, or on an error or an
    interruption, blocks not yet begun are dropped and the threads are joined.
    """
    if threads == 1:
        yield from map(work, blocks)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="rangemap")
    waiting: deque[Future[R]] = deque()
    try:
        for block in blocks:
            waiting.append(pool.submit(work, block))
            if len(waiting) >= _AHEAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def tell(progress: Progress | None, done: int, total: int) -> None:
    """Report pairs done, if anybody listens."""
    if progress is not None:
        progress("pairs", done, total)
