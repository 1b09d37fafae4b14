"""Ctrl-C, and being told to end by a signal: heard at once, or held back until a piece is done."""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

__all__ = ["Ended", "exit_code", "quiet", "told_to_end", "uninterrupted"]

_TOLD: Final = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)
)
_HELD: Final = (signal.SIGINT, *_TOLD)


class Ended(KeyboardInterrupt):
    """Somebody told this process to end, by a signal other than Ctrl-C's.

    Attributes
    ----------
    number : int
        Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def exit_code(problem: BaseException) -> int:
    """Return the exit code of an interruption, as shells count it.

    Examples
    --------
    >>> exit_code(KeyboardInterrupt()), exit_code(Ended(15))
    (130, 143)
    """
    return 128 + (problem.number if isinstance(problem, Ended) else int(signal.SIGINT))


@contextlib.contextmanager
def told_to_end() -> Iterator[None]:
    """Raise `Ended` when told to end, so that what was written aside is taken away.

    Only in the main thread; a signal that is ignored stays ignored.

    Examples
    --------
    >>> import signal
    >>> try:
    ...     with told_to_end():
    ...         signal.raise_signal(signal.SIGTERM)
    ... except Ended as problem:
    ...     print(exit_code(problem))
    143
    """
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for one in _TOLD:
            if signal.getsignal(one) == signal.SIG_DFL:
                before[one] = signal.signal(one, _raise)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold an interruption back until the block is done.

    Only the main thread is ever interrupted; elsewhere this does nothing.
    """
    held: list[tuple[int, FrameType | None]] = []

    def hold(number: int, frame: FrameType | None) -> None:
        held.append((number, frame))

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, hold) for one in _HELD if _heard(one)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if held:
            number, frame = held[0]
            handler = before[signal.Signals(number)]
            if callable(handler):
                handler(number, frame)
            else:
                signal.raise_signal(number)


def quiet() -> None:
    """Say nothing of an interruption in a destructor, which Python can only print."""

    def hook(problem: sys.UnraisableHookArgs, /) -> None:
        if not issubclass(problem.exc_type, KeyboardInterrupt):
            sys.__unraisablehook__(problem)

    sys.unraisablehook = hook


def _heard(number: signal.Signals) -> bool:
    """Whether a signal has a handler or its default, and is not ignored or somebody else's."""
    return signal.getsignal(number) not in (signal.SIG_IGN, None)


def _raise(number: int, _frame: FrameType | None) -> None:
    raise Ended(number)
