"""Every error that rangemap raises on purpose, on one page.

Each message is one line that names the offending value and the rule. ``exit_code``
is what the command line returns: 2 for a usage mistake, 1 for bad data or output.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "ArgumentError",
    "CatalogueError",
    "DataError",
    "MissingExtraError",
    "NothingLaunchesError",
    "OutputError",
    "PlacesError",
    "RangemapError",
    "ScenarioError",
    "UnknownNameError",
    "near_name",
]


class RangemapError(Exception):
    """Base of all errors raised by rangemap."""

    exit_code = 1


class ArgumentError(RangemapError, ValueError):
    """A value given by the caller breaks a rule, such as a latitude of 95."""

    exit_code = 2


class UnknownNameError(ArgumentError, LookupError):
    """A name that the catalogue does not hold; suggests a near name if there is one."""

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = "") -> None:
        self.kind = kind
        self.name = name
        self._given = (kind, name, tuple(known), where)
        super().__init__(
            f"unknown {kind} {_one_line(name)!r}{where}{near_name(name, self._given[2])}"
        )

    def __reduce__(self) -> tuple[type[UnknownNameError], tuple[str, str, tuple[str, ...], str]]:
        """Return what makes it again, in another process."""
        return type(self), self._given


class DataError(RangemapError, ValueError):
    """A file holds something that breaks a rule."""


class CatalogueError(DataError):
    """A row of the catalogue breaks a rule."""


class ScenarioError(DataError):
    """A scenario file breaks a rule."""


class NothingLaunchesError(ScenarioError):
    """Nothing that a scenario names was there in the year asked for."""


class PlacesError(DataError):
    """A file of target places breaks a rule."""


class MissingExtraError(RangemapError, ImportError):
    """A package that an optional feature needs is not installed."""


class OutputError(RangemapError, OSError):
    """An output could not be written."""


def near_name(name: str, known: Iterable[str]) -> str:
    """Return a suggestion to append to a message, or an empty string.

    Examples
    --------
    >>> near_name("europ", ["europe", "asia-pacific"])
    "; did you mean 'europe'?"
    >>> near_name("zzz", ["europe"])
    ''
    """
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold()[:100], by_folded, n=1, cutoff=0.7)
    return f"; did you mean {by_folded[close[0]]!r}?" if close else ""


def _one_line(text: str) -> str:
    """Shorten a hostile or long value so that a message stays one readable line."""
    flat = " ".join(str(text).split())
    return flat if len(flat) <= 80 else flat[:77] + "..."
