"""Names along a distance ladder: symbol, distance and name, with a fine line to the rail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final

from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.views.chart_ladder_frame import MARK, Frame, LadderPlan
from rangemap.views.chart_ladder_rows import Step
from rangemap.views.chart_parts import spread
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import fit

TILT: Final = 55.0
"""Of names along a lying ladder, in degrees."""
TICK: Final = 4.0
"""From the rail to where a fine line may bend, in points."""


@dataclass(frozen=True)
class Writing:
    """How names are set: their size, room, and the numbers' column, in points."""

    size: float
    pitch: float
    leader: float
    numbers: float
    names: float
    capacity: int


def draw_side(
    sheet: Sheet, frame: Frame, plan: LadderPlan, named: Sequence[Step], writing: Writing,
    steps: Sequence[Step], right: float,
) -> None:  # fmt: skip
    """Draw the ticks of one side, and names with fine lines to them."""
    theme = sheet.look.theme
    ids = {step.place_id for step in named}
    mine = [step for step in steps if step.place_id in ids]
    ends = spread(
        [frame.along(step.distance_km) for step in mine], [writing.pitch] * len(mine),
        -writing.pitch / 2, frame.length + writing.pitch / 2,
    )  # fmt: skip
    for step in steps:
        along = frame.along(step.distance_km)
        if step.place_id not in ids:
            points = [
                frame.at(along, right * frame.half),
                frame.at(along, right * (frame.half + 3)),
            ]
            sheet.path(points, theme.ink, 0.6)
    for step, end in zip(mine, ends, strict=True):
        along = frame.along(step.distance_km)
        out = frame.half + TICK
        points = [
            frame.at(along, right * frame.half), frame.at(along, right * out),
            frame.at(end, right * (out + writing.leader - 4)),
            frame.at(end, right * (out + writing.leader)),
        ]  # fmt: skip
        sheet.path(points, theme.muted, 0.45)
        _draw_name(sheet, frame, plan, writing, step, end, right)


def _draw_name(
    sheet: Sheet, frame: Frame, plan: LadderPlan, writing: Writing, step: Step, end: float,
    right: float,
) -> None:  # fmt: skip
    """Draw symbol, distance and name, outwards from the end of the fine line."""
    x, y = frame.at(end, right * (frame.half + TICK + writing.leader))
    turn = TILT * right if frame.lying else 0.0
    back = not frame.lying and right < 0
    east, north = (-1.0, 0.0) if back else (cos(radians(turn)), sin(radians(turn)))
    size = writing.size
    down = (0.35 * size * sin(radians(turn)), -0.35 * size * cos(radians(turn)))

    def outwards(distance: float) -> tuple[float, float]:
        return x + distance * east + down[0], y + distance * north + down[1]

    draw_mark(sheet, plan, step, x + 0.4 * MARK * east, y + 0.4 * MARK * north)
    number = f"{sheet.look.units.of(step.distance_km):,.0f}"
    start = MARK + 2.6
    at = outwards(start if back else start + writing.numbers)
    muted = sheet.muted
    sheet.text(*at, number, size, muted, align="right", turn=turn)
    at = outwards(start + writing.numbers + 2.5)
    name = fit(step.name, writing.names, size)
    color = muted if step.own else sheet.ink
    sheet.text(*at, name, size, color, align="right" if back else "left", turn=turn)


def draw_mark(sheet: Sheet, plan: LadderPlan, step: Step, x: float, y: float) -> None:
    """Draw the symbol of a place: filled, half filled, hollow, or a cross for the side's own."""
    first = next(iter(plan.coalitions), "")
    color = plan.colors.get(first, sheet.ink)
    if step.own:
        sheet.mark(x, y, "X", sheet.muted, MARK, False)
    elif step.verdict == MARGINAL:
        sheet.mark(x, y, "o", color, MARK, True, half=True)
    elif step.verdict == INSIDE:
        sheet.mark(x, y, "o", color, MARK, True)
    else:
        sheet.mark(x, y, "o", sheet.muted, 0.9 * MARK, False)
