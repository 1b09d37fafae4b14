"""The key of a distance ladder: the site, what its symbols and lines mean, and how many."""

from __future__ import annotations

from collections.abc import Callable

from rangemap.views.chart_ladder_frame import MARK, LadderPlan
from rangemap.views.chart_ladder_middle import BAR, DISPUTED, LIMIT_DASHES
from rangemap.views.chart_ladder_names import draw_mark
from rangemap.views.chart_ladder_rows import Step
from rangemap.views.chart_parts import Entry, nothing
from rangemap.views.chart_site import verdict_words
from rangemap.views.figure_sheet import Sheet


def key_of(sheet: Sheet, plan: LadderPlan, *, dropped: bool) -> list[Entry]:
    """Return the entries of the key, of what is on the ladder only."""
    entries = [
        Entry(f"{plan.site}: {name}", 0.0, nothing, bold=True, color=plan.colors.get(key))
        for key, name in plan.coalitions.items()
    ]
    return [*entries, *_symbols(sheet, plan), *_lines(sheet, plan, dropped)]


def _symbols(sheet: Sheet, plan: LadderPlan) -> list[Entry]:
    systems = any(not one.treaty for one in plan.reaches)
    words = verdict_words(plan.noun.capitalize(), systems=systems)
    entries = []
    for verdict, text in words.items():
        steps = [step for step in plan.steps if step.verdict == verdict and not step.own]
        if steps:
            entries.append(Entry(f"{text}: {len(steps):,}", MARK, _mark(sheet, plan, steps[0])))
    own = [step for step in plan.steps if step.own]
    if own:
        text = f"the side's own, not counted: {len(own):,}"
        entries.append(Entry(text, MARK, _mark(sheet, plan, own[0])))
    return entries


def _mark(sheet: Sheet, plan: LadderPlan, step: Step) -> Callable[[float, float], None]:
    return lambda x, y: draw_mark(sheet, plan, step, x + MARK / 2, y)


def _lines(sheet: Sheet, plan: LadderPlan, dropped: bool) -> list[Entry]:
    theme = sheet.look.theme
    entries = []
    if any(one.treaty for one in plan.reaches):
        entries.append(
            Entry(
                "limits of the INF Treaty", 14.0,
                lambda x, y: sheet.path([(x, y), (x + 14, y)], theme.ink, 1.0, LIMIT_DASHES),
            )
        )  # fmt: skip
    if any(one.disputed for one in plan.reaches):
        color = next(plan.colors[one.coalition] for one in plan.reaches if one.disputed)
        entries.append(
            Entry(
                "disputed or alleged", 11.0,
                lambda x, y: sheet.path([(x, y), (x + 11, y)], color, BAR, DISPUTED),
            )
        )  # fmt: skip
    if any(one.low_km < one.high_km for one in plan.reaches):
        entries.append(
            Entry("lowest to highest estimate", 14.0, lambda x, y: _whisker(sheet, x, y))
        )
    if dropped:
        entries.append(
            Entry(
                f"more {plan.noun}", 3.0,
                lambda x, y: sheet.path([(x + 1, y - 2), (x + 1, y + 2)], theme.ink, 0.6),
            )
        )  # fmt: skip
    return entries


def _whisker(sheet: Sheet, x: float, y: float) -> None:
    ink = sheet.look.theme.ink
    sheet.path([(x, y), (x + 14, y)], ink, 0.9)
    for edge in (x, x + 14):
        sheet.path([(edge, y - 2.6), (edge, y + 2.6)], ink, 0.9)
