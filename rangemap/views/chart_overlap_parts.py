"""What the map of counts shows, and its legend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from shapely.geometry.base import BaseGeometry

from rangemap.analysis import Analysis
from rangemap.analysis.comparison import NEITHER
from rangemap.views import style
from rangemap.views.chart_blocks import Block, Listing, Row, Rows, Sketch
from rangemap.views.chart_keys import mark_sketch, million, site_rows
from rangemap.views.chart_overlap_counts import Counted
from rangemap.views.figure_bands import footprints
from rangemap.views.figure_places import places_of
from rangemap.views.figure_sheet import Look, Sheet
from rangemap.views.figure_sides import Mark, Side
from rangemap.views.figure_small import Content, Shade, Stroke
from rangemap.views.figure_symbols import Places, Sites, sites_on
from rangemap.views.findings import noun_of
from rangemap.views.labels import clean_text
from rangemap.views.projection import MapView

__all__ = ["RAMPS", "Parts"]

RAMPS: Final = {
    "light": ("#e2f1c5", "#c0e2bd", "#98d0bb", "#70bbbd", "#4fa3bd", "#3d88b4"),
    "dark": ("#20405c", "#22536f", "#276781", "#2f7b90", "#378894", "#489595"),
    "print": ("#e4e4e4", "#d2d2d2", "#c0c0c0", "#adadad", "#999999", "#868686"),
}
"""From few to many, in steps that greys keep; names stay legible on all of them."""
_DISPUTED: Final = " A disputed range counts as far as anybody says."
_OPAQUE: Final = 0.92
_STEPS: Final = 4  # of the order in which names are placed, by count


@dataclass(frozen=True)
class Parts:
    """Counts as a map and a panel need them."""

    analysis: Analysis
    counted: Counted
    look: Look

    @property
    def noun(self) -> str:
        """What is counted, in the plural."""
        if self.counted.of == "coalitions":
            return f"{self.counted.whole} coalitions"
        return f"{self.counted.whole} launch sites"

    @property
    def where(self) -> str:
        """Where a place is that counts."""
        return "in the banned band" if self.counted.by_treaty else "in range"

    @property
    def note(self) -> str:
        """What the shades and the numbers count."""
        return (
            "Shades count all "
            f"{'launch sites' if self.counted.of == 'sites' else 'coalitions'}; the number beside "
            "a name leaves out those of coalitions that its country is a member of."
            f"{'' if self.counted.by_treaty else _DISPUTED}"
        )

    @cached_property
    def colors(self) -> list[str]:
        """The shade of each class, spread over the whole ramp."""
        ramp, number = RAMPS[self.look.theme.name], len(self.counted.classes)
        if number == 1:
            return [ramp[2]]
        return [ramp[round(n * (len(ramp) - 1) / (number - 1))] for n in range(number)]

    def _mark(self, count: int, surely: int, own: bool) -> Mark:
        """Return the symbol of a place; those in range of more are drawn and named first."""
        theme = self.look.theme
        if not count and not own:
            grey = theme.data(style.CATEGORY_SYMBOLS[NEITHER].color, 1)
            return Mark("none", grey, "o", False, "in range of none", 3)
        most = max(1, int(self.counted.places["n"].max()))
        rank = 1 - round(_STEPS * count / most)
        shape = "X" if own else "o"
        return Mark(f"{shape}-{rank}", theme.ink, shape, bool(count), "", rank,
                    half=count != surely and not own)  # fmt: skip

    def content(self, view: MapView) -> Content:
        """Return what stands on the map."""
        shapes = self.counted.shapes(view)
        shades = tuple(
            Shade(shape, color, _OPAQUE) for shape, color in zip(shapes, self.colors, strict=True)
        )
        table = self.counted.places
        marks = [
            self._mark(int(n), int(surely), bool(own))
            for n, surely, own in zip(table["n"], table["surely"], table["own"], strict=True)
        ]
        places = places_of(view.projection, table, marks)
        named = [
            f"{clean_text(name, 28)} {n}" if n else clean_text(name, 28)
            for name, n in zip(table["place"], table["n"], strict=True)
        ]
        sites = self._sites(view)
        reached = frozenset(table.loc[table["n"] > 0, "place_id"].astype(str))
        edge = Stroke(self._edge(view), self.look.theme.muted, 0.9)
        return Content(shades, (edge,), sites, replace(places, names=named), reached)

    def _edge(self, view: MapView) -> BaseGeometry:
        """Return the outer edge of what any site covers."""
        bands = self.counted.bands
        all_of_them = Side("", "", "", "solid", tuple(dict.fromkeys(bands["coalition"])))
        shown = replace(self.analysis, bands=bands)
        return footprints(shown, [all_of_them], view, self.look)[0].outline

    def bare(self, places: Places) -> Places:
        """Return places with their names alone, for the record."""
        names = [clean_text(name, 28) for name in self.counted.places["place"]]
        return replace(places, names=names)

    def _sites(self, view: MapView) -> Sites:
        shown = replace(self.analysis, bands=self.counted.bands)
        return sites_on(view.projection, shown, self.look.theme)

    def blocks(self, _columns: int) -> list[Block]:
        """Return the legend, and the places that most have in range."""
        return [self._classes(), self._symbols(), site_rows(self.counted.bands), self._most()]

    def _classes(self) -> Rows:
        counts, units = self.counted.places["n"], self.look.units
        noun = noun_of(self.analysis)
        rows = [
            Row(f"{one.text}; {million(units.area(area))} million {units.square}",
                f"{int(counts.between(one.low, one.high).sum()):,}", _swatch(color))
            for one, area, color in zip(self.counted.classes, self.counted.areas_km2(),
                                        self.colors, strict=True)
        ]  # fmt: skip
        rows.append(Row("none", f"{int((counts == 0).sum()):,}"))
        what = "Launch sites" if self.counted.of == "sites" else "Coalitions"
        title = f"{what} with{self.where}; area; how many {noun}"
        return Rows(title, rows, indent=24.0)

    def _symbols(self) -> Rows:
        table = self.counted.places
        ink = self.look.theme.ink
        rows = [Row(f"{self.where}; the number says of how many",
                    "", mark_sketch(Mark("", ink, "o", True, "", 0)))]  # fmt: skip
        if ((table["n"] != table["surely"]) & ~table["own"]).any():
            rows.append(Row("of some of these only marginally", "",
                            mark_sketch(Mark("", ink, "o", True, "", 0, half=True))))  # fmt: skip
        if table["own"].any():
            text = "member of a coalition here; the number leaves out its own"
            rows.append(Row(text, "", mark_sketch(Mark("", ink, "X", True, "", 0))))
        grey = self.look.theme.data(style.CATEGORY_SYMBOLS[NEITHER].color, 1)
        rows.append(
            Row(f"{self.where} of none", "", mark_sketch(Mark("", grey, "o", False, "", 0)))
        )
        return Rows(noun_of(self.analysis).capitalize(), rows)

    def _most(self) -> Listing:
        """Return the places in range, those of most first."""
        table = self.counted.places.sort_values(["n", "place"], ascending=[False, True])
        table = table[table["n"] > 0]
        rows = [(clean_text(row["place"], 28), _shown(row)) for row in table.to_dict("records")]
        return Listing(f"{self.where.capitalize()} (in brackets: for certain)", rows)


def _shown(row: dict[str, int]) -> str:
    return f"{row['n']}" if row["n"] == row["surely"] else f"{row['n']} ({row['surely']})"


def _swatch(color: str) -> Sketch:
    def draw(sheet: Sheet, x: float, y: float) -> None:
        sheet.block(x, y - 1.0, 17.0, 8.0, color, edge=sheet.look.theme.muted)

    return draw
