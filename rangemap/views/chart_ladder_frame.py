"""Where along and across a distance ladder is on the page, and what is drawn on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rangemap.views.chart_ladder_rows import Reach, Step

MARK: Final = 4.6
"""Diameter of a symbol, in points."""


@dataclass(frozen=True)
class LadderPlan:
    """What is drawn: steps by distance up to ``end_km``, ranges, and their colours."""

    site: str
    noun: str
    steps: Sequence[Step]
    reaches: Sequence[Reach]
    colors: dict[str, str]
    coalitions: dict[str, str]
    end_km: float
    limit: int | None


@dataclass(frozen=True)
class LadderDrawn:
    """Names that were written and those that found no room, and ranges without a lane."""

    named: list[str]
    dropped: list[str]
    ranges_dropped: list[str]


@dataclass(frozen=True)
class Frame:
    """A ladder on the page, in points; 0 km is on the left or at the top.

    Attributes
    ----------
    lying : bool
        Along the width of the page.
    zero, middle : float
        Where 0 km is along, and the middle between the rails across.
    length, half : float
        Of the rails, and half the distance between them.
    end_km : float
        At the end of the rails.
    """

    lying: bool
    zero: float
    middle: float
    length: float
    half: float
    end_km: float

    def at(self, along: float, across: float) -> tuple[float, float]:
        """Return a point of the page; ``across`` grows to the right, or upwards if lying.

        Examples
        --------
        >>> Frame(True, 10, 50, 100, 20, 5500).at(5, 20)
        (15, 70)
        """
        if self.lying:
            return self.zero + along, self.middle + across
        return self.middle + across, self.zero - along

    def along(self, distance_km: float) -> float:
        """Return how far along the rails a distance is."""
        return self.length * distance_km / self.end_km
