"""What the two maps of a comparison show, and the numbers beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import pandas as pd

from rangemap.analysis import Analysis, Comparison
from rangemap.analysis.comparison import (
    A_ONLY,
    B_ONLY,
    BOTH,
    BY_TREATY,
    NEITHER,
    OWN,
    inline_name,
)
from rangemap.analysis.comparison_summary import cities_summary
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.views import style
from rangemap.views.basis import figures_of, published
from rangemap.views.chart_blocks import Bar, Block, Names, Part, Row, Rows
from rangemap.views.chart_keys import line_sketch, mark_sketch, million, site_rows
from rangemap.views.figure_bands import (
    DISPUTED_DASHES,
    INNER_DASHES,
    Footprint,
    SystemRing,
    footprints,
    system_rings,
    without_twins,
)
from rangemap.views.figure_places import sites_of
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import (
    Mark,
    Side,
    category_counts,
    marks_of,
    place_categories,
    sides_of,
)
from rangemap.views.figure_small import Content, Shade, Stroke
from rangemap.views.figure_symbols import Places, Sites, places_on
from rangemap.views.findings import counts_of, noun_of, shown_categories
from rangemap.views.labels import clean_text
from rangemap.views.projection import MapView

__all__ = ["Compared", "edges", "ring_strokes"]

_RINGS: Final = 4
_OTHER_MARGINAL: Final = "in a side's colour: marginal for the other side, counted as marginal"
_NAMED_SITES: Final = 5  # of a side with more sites, the capitals' names come first
_STRONGER: Final = 1.5  # of a fill that stands alone


@dataclass(frozen=True)
class Compared:
    """An analysis of two sides, as two maps and a panel need it."""

    analysis: Analysis
    comparison: Comparison
    look: Look

    @cached_property
    def sides(self) -> list[Side]:
        """Both sides, with the colours and lines of the theatre map."""
        return sides_of(self.analysis, self.look.theme)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """The mark of each category."""
        return marks_of(self.analysis, self.sides, self.look.theme)

    @cached_property
    def categories(self) -> pd.Series:
        """The category of each place, by place_id."""
        return place_categories(self.analysis, self.sides)

    @property
    def noun(self) -> str:
        """What the places are called."""
        return noun_of(self.analysis)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many places are in each category, as the finding says."""
        return counts_of(self.comparison)

    def reached(self, number: int) -> int:
        """Return how many places a side has in range, its own members left apart."""
        counts: dict[str, int] = self.comparison.summary["counts"]
        return counts[(A_ONLY, B_ONLY)[number]] + counts[BOTH]

    def marginal(self, number: int) -> int:
        """Return how many more places a side may have in range."""
        table = self.comparison.table
        verdicts = table[f"{'ab'[number]}_verdict"]
        return int(((verdicts == MARGINAL) & ~table[f"{'ab'[number]}_reaches"]).sum())

    def bands(self, number: int) -> Any:
        """Return the bands by which a side is compared."""
        side = (self.comparison.a, self.comparison.b)[number]
        return side.of_basis(self.comparison.by)

    def content(self, number: int, view: MapView) -> Content:
        """Return what stands on the map of one side."""
        side = self.sides[number]
        theme = self.look.theme
        prints, groups = without_twins(
            footprints(self.analysis, [side], view, self.look), self._rings(side, view)
        )
        # Greys need their contrast for the symbols.
        alpha = theme.fill_alpha * (1.0 if theme.grey else _STRONGER)
        shade = Shade(prints[0].area, side.color, alpha, theme.hatch(number))
        places = places_on(view.projection, self.analysis, self.sides, self.categories, self.marks)
        sites = self._sites(number, view)
        return Content(
            (shade,),
            (*ring_strokes(groups), *edges(prints[0])),
            sites,
            places,
            self._named(number, places),
            len(sites.names) <= _NAMED_SITES,
        )

    def _rings(self, side: Side, view: MapView) -> list[list[SystemRing]]:
        """Return the longest ranges of systems, where these are compared."""
        if self.comparison.by == BY_TREATY:
            return []
        groups = system_rings(self.analysis, view, self.look, limit=_RINGS)
        return [group for group in groups if group[0].coalition in side.coalitions]

    def _sites(self, number: int, view: MapView) -> Sites:
        """Return the launch sites of one side."""
        ids = self.bands(number)["site_id"]
        return sites_of(view.projection, self.analysis, self.look.theme, ids)

    def _named(self, number: int, places: Places) -> frozenset[str]:
        """Return which places the map of a side names: those that it reaches or may reach."""
        table = self.comparison.table.set_index("place_id")
        key = "ab"[number]
        there = table[f"{key}_reaches"] | table[f"{key}_verdict"].isin([INSIDE, MARGINAL])
        return frozenset(table.index[there]) & frozenset(places.keys)

    def blocks(self, columns: int) -> list[Block]:
        """Return what stands beside the maps: bars, the legend, names."""
        capitals, *other_bars = self._bars
        # In one column the symbols come early, for what has no room is left out at the end.
        first = [capitals, self._key(), *other_bars] if columns == 1 else (
            [capitals, *other_bars, self._key()]
        )  # fmt: skip
        return [*first, self._lines(), site_rows(self.analysis.bands), *self._lists()]

    def _lists(self) -> list[Block]:
        """Return which places are in each category, as far as there is room."""
        names = [inline_name(side.name) for side in self.sides]
        titles = {A_ONLY: f"Of {names[0]} only", BOTH: "In range of both",
                  B_ONLY: f"Of {names[1]} only", MARGINAL: "Marginal"}  # fmt: skip
        table = self.comparison.table.sort_values(["place", "place_id"])
        shown = shown_categories(self.comparison)
        found: list[Block] = []
        for key, title in titles.items():
            rows = table[shown[table.index] == key]
            listed = [
                clean_text(name, 28) + (" (marginal)" if doubt and key != MARGINAL else "")
                for name, doubt in zip(rows["place"], rows["marginal"], strict=True)
            ]
            found.append(Names(title, listed))
        return found

    def _colors(self) -> dict[str, str | None]:
        return {
            A_ONLY: self.sides[0].color, BOTH: self.marks[BOTH].color,
            B_ONLY: self.sides[1].color, NEITHER: None,
        }  # fmt: skip

    def _places(self) -> list[Part]:
        """Return the parts of the bar of places; what is marginal stands before the rest."""
        colors, counts = self._colors(), self.counts
        if counts[MARGINAL]:
            del colors[NEITHER]
            colors |= {MARGINAL: self.marks[MARGINAL].color, NEITHER: None}
        return [Part(counts[key], f"{counts[key]:,}", color) for key, color in colors.items()]

    @cached_property
    def _bars(self) -> list[Block]:
        colors, units = self._colors(), self.look.units
        summary = self.comparison.summary
        people = cities_summary(self.comparison.cities)
        area = {key: units.area(summary["footprint_km2"][key]) for key in (A_ONLY, BOTH, B_ONLY)}
        areas = [Part(value, million(value), colors[key]) for key, value in area.items()]
        listed = people["populations"]
        persons = [Part(listed[key], million(listed[key]), colors[key]) for key in colors]
        doubt = people["marginal_populations"]
        open_people = sum(doubt[key] for key in colors)
        note = f"{million(open_people)} million of these marginal" if open_people else ""
        return [
            Bar(self.noun.capitalize(), self._places(), self._notes()[0]),
            Bar(f"Area within, sea included, million {units.square}", areas, self._notes()[1]),
            Bar("Population of listed cities, million", persons, note),
        ]

    def _notes(self) -> tuple[str, str]:
        """Return what both sides share, of the places and of the area, and what is marginal."""
        parts = self.comparison.summary["jaccard"]
        counts = self.comparison.summary["marginal_counts"]
        doubtful = sum(counts[key] for key in self._colors())
        shared = [
            "" if parts[key] is None
            else f"{parts[key]:.0%} shared (Jaccard index)"
            for key in ("places", "area")
        ]  # fmt: skip
        which = " of these" if self.comparison.by == BY_TREATY else ""
        marginal = f"{doubtful:,}{which} marginal" if doubtful else ""
        return "; ".join(part for part in (shared[0], marginal) if part), shared[1]

    def _key(self) -> Rows:
        """Return the symbols with the count of each, as the maps show them."""
        table, counts = self.comparison.table, category_counts(self.analysis, self.categories)
        rows: list[Row] = []
        drawn = set(self.categories) | {key for key, count in counts.items() if count}
        first = ("only-0", BOTH, "only-1")
        for key in dict.fromkeys((*first, NEITHER, *self.marks)):
            if key not in drawn and key not in first:
                continue
            mark = self.marks[key]
            label = mark.label[:1].upper() + mark.label[1:]
            rows.append(Row(label, f"{counts.get(key, 0):,}", mark_sketch(mark)))
        doubtful = int((table["marginal"] & ~table["category"].isin(self._without_half)).sum())
        if doubtful:
            text = style.MARGINAL_NOTE if self.comparison.by == BY_TREATY else _OTHER_MARGINAL
            half = Mark(MARGINAL, self.look.theme.ink, "o", True, text, 1, half=True)
            rows.append(Row(text[:1].upper() + text[1:], f"{doubtful:,}", mark_sketch(half)))
        return Rows(f"Symbols, and how many {self.noun}", rows)

    @property
    def _without_half(self) -> tuple[str, ...]:
        """The categories of which no symbol in a side's colour is counted as marginal."""
        return (NEITHER,) if self.comparison.by == BY_TREATY else (NEITHER, OWN)

    def _lines(self) -> Rows:
        rows = []
        for number, side in enumerate(self.sides):
            bands = self.bands(number)
            longest, units = float(bands["max_km"].max()), self.look.units
            treaty = self.comparison.by == BY_TREATY
            reach = units.fixed(longest) if treaty else units.text(longest)
            several = "up to " if len(set(bands["max_km"])) > 1 else ""
            text = f"{side.name}: {several}{reach}"
            rows.append(Row(text, "", line_sketch(side.color, 1.9, side.line)))
        inner = sorted({float(low) for n in (0, 1) for low in self.bands(n)["min_km"] if low > 0})
        if inner:
            text = (f"{self.look.units.fixed(inner[0])} from a site, inner edge"
                    if len(inner) == 1 else "minimum range, inner edge")  # fmt: skip
            rows.append(Row(text, "", line_sketch(self.look.theme.ink, 0.9, INNER_DASHES)))
        if self.comparison.by != BY_TREATY and any(self._has_rings(n) for n in (0, 1)):
            given = figures_of(self.comparison) == published()
            text = "range given" if given else "published range of a system; dashed: disputed"
            rows.append(Row(text, "", line_sketch(self.look.theme.ink, 0.8, "solid")))
        return Rows("Lines", rows, indent=30.0)

    def _has_rings(self, number: int) -> bool:
        """Return whether a side has a range whose line is not the edge of all it covers."""
        bands = self.bands(number)
        sites = set(bands["site_id"])
        return any(
            float(key[-1]) < float(bands["max_km"].max()) or set(rows["site_id"]) != sites
            for key, rows in bands.groupby(["system_id", "label", "said_by", "max_km"])
        )

    def legend_of(self, number: int) -> str:
        """Return what stands beside the large number of a side."""
        where = "in the banned band" if self.comparison.by == BY_TREATY else "in range"
        only = self.counts[(A_ONLY, B_ONLY)[number]]
        text = f"{self.noun} {where}, {only:,} from here only"
        more = self.marginal(number)
        return f"{text}; {more:,} more marginal" if more else text


def edges(one: Footprint) -> tuple[Stroke, ...]:
    """Return the edges of a footprint, the inner one dashed."""
    color = one.side.color
    label = one.label.removeprefix(f"{one.side.short}: ")
    return (
        Stroke(one.inner, color, 0.9, INNER_DASHES, one.inner_label),
        Stroke(one.outline, color, 1.9, one.side.line, label, bold=True),
    )


def ring_strokes(groups: Sequence[Sequence[SystemRing]]) -> list[Stroke]:
    """Return the lines of ranges; those in dispute are dashed."""
    return [
        Stroke(ring.outline, ring.color, 0.8, DISPUTED_DASHES if ring.disputed else "solid",
               ring.label)
        for group in groups
        for ring in group
        if not ring.outline.is_empty
    ]  # fmt: skip
