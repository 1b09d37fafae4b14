"""The drawing of a distance ladder: rails, rungs, ranges between them, names on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin
from typing import Final

from rangemap.analysis.uncertain import MARGINAL
from rangemap.views.chart_ladder_frame import MARK, Frame, LadderDrawn, LadderPlan
from rangemap.views.chart_ladder_key import key_of
from rangemap.views.chart_ladder_middle import LANE, Middle
from rangemap.views.chart_ladder_names import TICK, TILT, Writing, draw_side
from rangemap.views.chart_ladder_rows import Reach, Step
from rangemap.views.chart_parts import draw_key, key_rows
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box, text_size

_SIZES: Final = (10.0, 9.4, 8.8, 8.2, 7.6, 7.0)
_LEAST_NAME: Final = 44.0  # points that a name has at least
_FEW_LETTERS: Final = 20.0
_LYING: Final = 1.4  # an area that is so much wider than high holds a lying ladder


def draw_ladder(sheet: Sheet, area: Box, plan: LadderPlan) -> LadderDrawn:
    """Draw a ladder along the longer side of an area."""
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    size = 8.2 if min(wide, high) > 380 else 7.2
    lying = wide >= _LYING * high
    pad = 6.0
    inner = wide - 2 * pad
    keys = key_of(sheet, plan, dropped=True)
    body = Box(
        area.x0, area.y0 + 4, area.x1, area.y1 - 4 - 1.5 * size * len(key_rows(keys, inner, size))
    )
    scale = 1.22 if min(wide, high) > 380 else 1.0
    lanes, left_over = _lanes(plan.reaches, body, lying, scale)
    ticks = scale * (12.0 if lying else 28.0)
    frame, writing = _frame(sheet, plan, body, lying, ticks + LANE * scale * len(lanes) + 3)
    named = _chosen(plan, writing)
    key = key_of(sheet, plan, dropped=len(named) < len(plan.steps))
    draw_key(sheet, key, area.x0 + pad, area.y1 - size, inner, size)
    Middle(sheet, frame, plan, lanes, ticks, scale).draw()
    for side, right in ((0, 1.0), (1, -1.0)):
        draw_side(sheet, frame, plan, named, writing, plan.steps[side::2], right)
    names = {step.place_id for step in named}
    return LadderDrawn(
        [step.name for step in named],
        [step.name for step in plan.steps if step.place_id not in names],
        [one.label for one in left_over],
    )


def _lanes(
    reaches: Sequence[Reach], body: Box, lying: bool, scale: float
) -> tuple[list[Reach], list[Reach]]:
    """Return the ranges that have room between the rails, and the others."""
    across = body.y1 - body.y0 if lying else body.x1 - body.x0
    most = max(1, int((0.36 * across - 12) / (LANE * scale)))
    if len(reaches) <= most:
        return list(reaches), []
    # The longest stay: they say where the ladder ends.
    kept = [*reaches[:1], *reaches[len(reaches) - most + 1 :]]
    return kept, list(reaches[1 : len(reaches) - most + 1])


def _frame(
    sheet: Sheet, plan: LadderPlan, body: Box, lying: bool, between: float
) -> tuple[Frame, Writing]:
    """Return the ladder's place, with the largest size of names at which all have room."""
    units = sheet.look.units
    wide, high = body.x1 - body.x0, body.y1 - body.y0
    depth = ((high if lying else wide) - between) / 2 - 2
    turn = radians(TILT) if lying else 0.0
    for size in _SIZES:
        numbers = text_size(f"{units.of(plan.end_km):,.0f}", size)[0]
        longest = max((text_size(step.name, size)[0] for step in plan.steps), default=0.0)
        before = MARK + 5.1 + numbers
        steep = sin(turn) if lying else 1.0
        least = 10.0 + TICK
        room = (depth - least - 0.4 * size) / steep - before
        names = max(min(longest, room), min(_LEAST_NAME, room))
        leader = min(46.0, depth - TICK - (before + names) * steep - 0.4 * size)
        pitch = size * (1.16 / sin(turn) if lying else 1.17)
        end = (before + names) * cos(turn) if lying else 0.0
        length = wide - 14 - end - 6 if lying else high - 2 * pitch
        # Without room for a few letters there are ticks alone.
        capacity = int(length / pitch) + 1 if room >= _FEW_LETTERS and length > 0 else 0
        if 2 * capacity >= min(len(plan.steps), plan.limit or len(plan.steps)):
            break
    zero = body.x0 + 14 if lying else body.y1 - pitch
    middle = (body.y0 + body.y1) / 2 if lying else (body.x0 + body.x1) / 2
    frame = Frame(lying, zero, middle, length, between / 2, plan.end_km)
    return frame, Writing(size, pitch, leader, numbers, names, capacity)


def _chosen(plan: LadderPlan, writing: Writing) -> list[Step]:
    """Return the steps that are named: marginal ones first, own ones last, else by population."""
    most = 2 * writing.capacity if plan.limit is None else plan.limit

    def rank(step: Step) -> tuple[int, float, float]:
        order = 2 if step.own else 0 if step.verdict == MARGINAL else 1
        return order, -step.population, step.distance_km

    picked: list[Step] = []
    free = [writing.capacity, writing.capacity]
    sides = {step.place_id: number % 2 for number, step in enumerate(plan.steps)}
    for step in sorted(plan.steps, key=rank):
        side = sides[step.place_id]
        if free[side] and len(picked) < most:
            free[side] -= 1
            picked.append(step)
    return sorted(picked, key=lambda step: (step.distance_km, step.place_id))
