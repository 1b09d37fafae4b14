"""What the figure sets against each other, and the symbol of each place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
from matplotlib.colors import to_rgb

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, NEITHER, OWN, inline_name
from rangemap.analysis.coverage import ZONES
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.views import style
from rangemap.views.basis import by_treaty, place_rows
from rangemap.views.names import told_apart
from rangemap.views.theme import LIGHT, Theme

OWN_REACHED: Final = "own-reached"  # a member's own capital that another side reaches
_SEVERAL: Final = ("#00796b", "#5d4037", "#1f5fa8", "#c26a00")
_MARKERS: Final = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle": "^",
    "ring": "o",
    "cross": "X",
    "half": "o",
}
_ONLY: Final = (A_ONLY, B_ONLY)
_FURTHER_SHAPES: Final = ("triangle", "square", "diamond")
LINES: Final[tuple[object, ...]] = ("solid", (0, (9, 1.6, 1.8, 1.6)), (0, (2.2, 1.2)))


@dataclass(frozen=True)
class Side:
    """One or several coalitions that share a colour, a line and a symbol."""

    name: str
    short: str
    color: str
    line: object
    coalitions: tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """How a place is drawn, and what that means."""

    category: str
    color: str
    marker: str
    filled: bool
    label: str
    rank: int  # what differs comes first when labels compete for room
    half: bool = False  # a marginal verdict: half filled


def sides_of(analysis: Analysis, theme: Theme = LIGHT) -> list[Side]:
    """Return the two sides of the comparison, or each coalition."""
    scenario = analysis.scenario
    colors = {c.id: LIGHT.data(c.color) for c in scenario.coalitions}
    if analysis.comparison is not None:
        named = [(s.name, s.coalitions) for s in (analysis.comparison.a, analysis.comparison.b)]
    else:
        named = [(c.name, (c.id,)) for c in scenario.coalitions]
    shorts = {c.id: c.short for c in scenario.coalitions}
    names = told_apart([name for name, _ in named], 48)
    briefs = told_apart(
        [shorts[members[0]] if len(members) == 1 else name for name, members in named], 26
    )
    used: list[str] = []
    sides = []
    for number, (_, members) in enumerate(named):
        wanted = [colors[members[0]]] if len(members) == 1 else []
        # A side of several coalitions takes a colour that belongs to none of them.
        others = used if wanted else [*used, *colors.values()]
        color = next(c for c in (*wanted, *_SEVERAL, *wanted, "#444444") if _apart(c, others))
        used.append(color)
        sides.append(
            Side(
                names[number],
                briefs[number],
                theme.data(color, number),
                LINES[number % len(LINES)],
                members,
            )
        )
    return sides


def _apart(color: str, others: list[str]) -> bool:
    def far(other: str) -> bool:
        gap = sum((a - b) ** 2 for a, b in zip(to_rgb(color), to_rgb(other), strict=True))
        return gap > 0.02

    return color == "#444444" or all(far(other) for other in others)


def place_categories(analysis: Analysis, sides: list[Side]) -> pd.Series:
    """Return the category of each place, by place_id."""
    reach, own = _reach(analysis, sides)
    if by_zone(analysis, sides):
        rows = analysis.place_rows.set_index("place_id")
        return rows["zone"].mask(rows["own_side"].astype(bool), OWN)
    may = _may_reach(analysis, sides)
    return pd.Series(
        {
            place_id: _category(place_id, reach, may, own, analysis, len(sides))
            for place_id in analysis.places["place_id"]
        },
        dtype=object,
    )


def category_counts(analysis: Analysis, categories: pd.Series) -> dict[str, int]:
    """Return how many places a legend says are in each category.

    As in the finding, what is marginal stands apart where two sides are compared by ranges.
    """
    shown = categories
    if analysis.comparison is not None and not by_treaty(analysis):
        table = analysis.comparison.table.set_index("place_id")
        own = table["category"] == OWN
        shown = shown.mask(shown == MARGINAL, OWN)
        shown = shown.mask(shown.index.isin(table.index[table["marginal"] & ~own]), MARGINAL)
    return {str(key): int(count) for key, count in shown.value_counts().items()}


def _category(
    place_id: str,
    reach: list[set[str]],
    may: list[set[str]],
    own: list[set[str]],
    analysis: Analysis,
    n_sides: int,
) -> str:
    """Return who reaches a place; marginal, if nobody surely does and somebody may."""
    reached = [n for n in range(n_sides) if place_id in reach[n]]
    is_own = any(place_id in own[n] for n in range(n_sides))
    many = analysis.comparison is None and n_sides > 2
    if is_own and many:
        reached = [n for n in reached if place_id not in own[n]]
    by_other = [n for n in reached if place_id not in own[n]]
    doubtful = any(place_id in may[n] and place_id not in own[n] for n in range(n_sides))
    if doubtful and not (by_other if is_own else reached):
        return MARGINAL
    if is_own and not (many and reached):
        whole = [n for n in range(n_sides) if place_id in own[n] and n in reached]
        if whole:  # a side of opposed coalitions reaches capitals of its own members
            return BOTH if len(reached) > 1 else f"only-{reached[0]}"
        return f"{OWN_REACHED}-{by_other[0]}" if by_other else OWN
    if len(reached) > 1:
        return BOTH
    return f"only-{reached[0]}" if reached else NEITHER


def _reach(analysis: Analysis, sides: list[Side]) -> tuple[list[set[str]], list[set[str]]]:
    """Return the places that each side reaches, and those of its own members."""
    if analysis.comparison is not None:
        table = analysis.comparison.table.set_index("place_id")
        return (
            [set(table.index[table[f"{key}_reaches"]]) for key in "ab"],
            [set(table.index[table[f"{key}_own"]]) for key in "ab"],
        )
    banned, table = by_treaty(analysis), place_rows(analysis)
    reach, own = [], []
    for side in sides:
        rows = table[table["coalition"].isin(side.coalitions)]
        is_own = rows["own_side"].astype(bool)
        reached = rows["sites_in_band"] > 0 if banned else rows["verdict"] == INSIDE
        reach.append(set(rows.loc[reached & ~is_own, "place_id"]))
        own.append(set(rows.loc[is_own, "place_id"]))
    return reach, own


def _may_reach(analysis: Analysis, sides: list[Side]) -> list[set[str]]:
    """Return the places that each side may reach and does not surely, by systems' own ranges."""
    if by_treaty(analysis):
        return [set() for _ in sides]
    rows = place_rows(analysis)
    open_ones = rows[(rows["verdict"] == MARGINAL) & ~rows["own_side"].astype(bool)]
    return [
        set(open_ones.loc[open_ones["coalition"].isin(side.coalitions), "place_id"])
        for side in sides
    ]


def marginal_places(analysis: Analysis, sides: list[Side]) -> set[str]:
    """Return the places whose category is that of their symbol and could be another.

    With treaty bands it hangs on where within their precision the sites are; with systems'
    own ranges another side may reach the place as well.
    """
    if analysis.comparison is not None:
        table = analysis.comparison.table
        return set(table.loc[table["marginal"], "place_id"])
    rows = analysis.place_rows
    if by_zone(analysis, sides):
        flagged = rows["zone_marginal"].astype(bool)
    elif by_treaty(analysis):
        flagged = rows["in_band_surely"] != rows["in_band_possibly"]
    else:
        reach, _ = _reach(analysis, sides)
        may = _may_reach(analysis, sides)
        surely = set().union(*reach)
        return {
            place
            for n, places in enumerate(may)
            for place in places
            if place in surely and place not in reach[n]
        }
    return set(rows.loc[flagged & ~rows["own_side"].astype(bool), "place_id"])


def by_zone(analysis: Analysis, sides: list[Side]) -> bool:
    """Return whether the places show the zones of one side's treaty bands."""
    return len(sides) == 1 and by_treaty(analysis)


def marks_of(analysis: Analysis, sides: list[Side], theme: Theme = LIGHT) -> dict[str, Mark]:
    """Return the mark of each category, in the order of the legend."""
    if by_zone(analysis, sides):
        symbols = {zone: style.ZONE_SYMBOLS[zone] for zone in (*ZONES, OWN)}
        return {
            key: Mark(
                key, theme.data(s.color, rank), _MARKERS[s.shape], s.shape != "ring", s.label, rank
            )
            for rank, (key, s) in enumerate(symbols.items())
        }
    marks: dict[str, Mark] = {}
    both, neither = style.CATEGORY_SYMBOLS[BOTH], style.CATEGORY_SYMBOLS[NEITHER]
    own = style.CATEGORY_SYMBOLS[OWN]
    single = len(sides) == 1
    for number, side in enumerate(sides):
        shape = (
            style.CATEGORY_SYMBOLS[_ONLY[number]].shape
            if number < 2
            else _FURTHER_SHAPES[(number - 2) % 3]
        )
        label = "inside a range, under every estimate" if single else f"{side.name} only"
        key = f"only-{number}"
        marks[key] = Mark(key, side.color, _MARKERS[shape], True, label, 0)
    if not single:
        label = "both" if len(sides) == 2 else "two or more"
        marks[BOTH] = Mark(BOTH, theme.data(both.color, len(sides)), "o", True, label, 1)
    if not by_treaty(analysis):
        doubt = style.VERDICT_SYMBOLS[MARGINAL]
        color = theme.data(doubt.color, 3)
        marks[MARGINAL] = Mark(MARGINAL, color, "o", True, doubt.label, 1, half=True)
    marks[NEITHER] = Mark(
        NEITHER,
        theme.data(neither.color, 1),
        "o",
        False,
        "outside every range" if single else "neither" if len(sides) == 2 else "none",
        3,
    )
    for number, side in enumerate(sides):
        key = f"{OWN_REACHED}-{number}"
        label = f"other side's own, reached by {inline_name(side.short)}"
        marks[key] = Mark(key, side.color, _MARKERS["cross"], True, label, 1)
    label = "its own, not counted" if single else "a side's own, not counted"
    marks[OWN] = Mark(OWN, theme.data(own.color, 0), _MARKERS["cross"], False, label, 2)
    return marks
