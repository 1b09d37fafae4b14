"""What stands between the rails of a distance ladder: rungs with distances, and the ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rangemap.views.chart_ladder_frame import Frame, LadderPlan
from rangemap.views.chart_ladder_rows import Reach
from rangemap.views.chart_parts import nice_step
from rangemap.views.figure_bands import ring_name
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import fit, text_size

LANE: Final = 15.5
"""Width of the lane of one range, in points, at the least."""
LIMIT_DASHES: Final = (0, (3, 1.6))
"""Of the treaty's limits."""
DISPUTED: Final = (0, (1.1, 0.7))
"""Of the bar of a disputed range, in its widths."""
BAR: Final = 3.8
_TEXT: Final = 7.2
_BAR_AT: Final = 0.2  # of a lane
_TEXT_FROM: Final = 0.38
_BASELINES: Final = {True: 0.86, False: 0.5}


@dataclass(frozen=True)
class Middle:
    """The room between the rails: the ticks' numbers first, then a lane for each range."""

    sheet: Sheet
    frame: Frame
    plan: LadderPlan
    lanes: Sequence[Reach]
    ticks: float
    scale: float

    @property
    def _inwards(self) -> float:
        """Ticks stand above, or on the left, and lanes follow from there."""
        return -1.0 if self.frame.lying else 1.0

    @property
    def _size(self) -> float:
        return _TEXT * self.scale

    def _across(self, lane: float) -> float:
        start = -self._inwards * self.frame.half
        return start + self._inwards * (self.ticks + lane * LANE * self.scale)

    def draw(self) -> None:
        """Draw rungs, rails, ranges and their texts."""
        texts = [self._text(number, reach) for number, reach in enumerate(self.lanes)]
        theme = self.sheet.look.theme
        self._ticks(texts)
        treaty = next((one for one in self.lanes if one.treaty), None)
        for limit in (treaty.min_km, treaty.max_km) if treaty else ():
            if limit > 0:
                self._rung(self.frame.along(limit), texts, theme.ink, 1.0, LIMIT_DASHES)
        frame = self.frame
        for side in (-1, 1):
            ends = [frame.at(0, side * frame.half), frame.at(frame.length, side * frame.half)]
            self.sheet.path(ends, theme.ink, 1.1)
        for number, reach in enumerate(self.lanes):
            self._bar(number, reach)

    def _ticks(self, texts: Sequence[tuple[float, float]]) -> None:
        frame, units = self.frame, self.sheet.look.units
        most = units.of(self.plan.end_km)
        step = nice_step(most, max(1, int(frame.length / (58 if frame.lying else 46))))
        for count in range(int(most / step) + 1):
            along = frame.along(count * step * units.km)
            self._rung(along, texts, self.sheet.look.theme.rule, 0.7, "solid")
            text = f"{count * step:,.6g}" if count else f"0 {units.name}"
            x, y = frame.at(along, -self._inwards * (frame.half - self.ticks / 2))
            self.sheet.text(
                x, y - 2.4 * self.scale, text, 7.0 * self.scale, self.sheet.muted, align="center"
            )

    def _rung(
        self, along: float, texts: Sequence[tuple[float, float]], color: str, width: float,
        dashes: Any,
    ) -> None:  # fmt: skip
        """Draw a rung, broken where a range's text stands."""
        runs = [[0.0, 0.0]]
        for number, (low, high) in enumerate(texts):
            if low - 2 < along < high + 2:
                runs[-1][1] = number + _TEXT_FROM - 0.06
                runs.append([number + 1.0, number + 1.0])
            else:
                runs[-1][1] = number + 1.0
        for first, last in runs:
            if last > first:
                ends = [self.frame.at(along, self._across(lane)) for lane in (first, last)]
                self.sheet.path(ends, color, width, dashes)

    def _text(self, number: int, reach: Reach) -> tuple[float, float]:
        """Write what a range is beside its bar; return from where to where along."""
        frame = self.frame
        room = frame.length - 4
        text = fit(self._words(reach, room), room, self._size)
        extent = text_size(text, self._size)[0]
        start = max(2.0, min(frame.along(reach.min_km) + 2.0, frame.length - extent - 2.0))
        x, y = frame.at(start, self._across(number + _BASELINES[frame.lying]))
        self.sheet.text(x, y, text, self._size, turn=0.0 if frame.lying else -90.0)
        return start, start + extent

    def _words(self, reach: Reach, room: float) -> str:
        """Return what a range is, as much as has room: who says it, estimates, capitals in it."""
        units = self.sheet.look.units
        if reach.treaty:
            limits = f"{units.fixed(reach.min_km)} to {units.fixed(reach.max_km)}"
            return f"Banned by the INF Treaty: {limits}"
        name = ring_name(reach.label, reach.max_km, self.sheet.look)
        said = "" if _names(name, reach.said_by) else f" ({reach.said_by})"
        low, high = units.of(reach.low_km), units.text(reach.high_km)
        spread = f"; estimates {low:,.0f} to {high}" if reach.low_km < reach.high_km else ""
        count = f": {reach.inside:,}"
        count += f" + {reach.marginal:,} marginal" if reach.marginal else ""
        ways = [f"{name}{said}{count}{spread}", f"{name}{said}{count}", f"{name}{count}"]
        if reach.disputed:
            ways.pop()
        fitting = [one for one in ways if text_size(one, self._size)[0] <= room]
        return fitting[0] if fitting else ways[-1]

    def _bar(self, number: int, reach: Reach) -> None:
        """Draw a range from its least to its plotted distance, with a whisker of estimates."""
        theme, frame = self.sheet.look.theme, self.frame
        across = self._across(number + _BAR_AT)

        def path(
            points: Sequence[tuple[float, float]], color: str, width: float, dash: Any
        ) -> None:
            self.sheet.path([frame.at(*point) for point in points], color, width, dash)

        start, end, low, high = (
            frame.along(value)
            for value in (reach.min_km, reach.max_km, reach.low_km, reach.high_km)
        )
        color = theme.muted if reach.treaty else self.plan.colors.get(reach.coalition, theme.ink)
        path([(start, across), (end, across)], color, BAR, DISPUTED if reach.disputed else "solid")
        if reach.low_km < reach.high_km:
            path([(low, across), (high, across)], theme.ink, 0.9, "solid")
            for edge in (low, high):
                path([(edge, across - 2.6), (edge, across + 2.6)], theme.ink, 0.9, "solid")


def _names(label: str, said_by: str) -> bool:
    """Return whether a label says already whose figure it is."""
    first = said_by.split()[0].strip("(),;").casefold() if said_by.split() else ""
    return not first or first in label.casefold()
