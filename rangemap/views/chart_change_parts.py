"""What the map of two ranges shows, and the numbers beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import geopandas

from rangemap.analysis import Analysis, RangeChange
from rangemap.analysis.uncertain import MARGINAL
from rangemap.views import style
from rangemap.views.chart_blocks import Bar, Block, Listing, Part, Row, Rows
from rangemap.views.chart_keys import line_sketch, mark_sketch, million, site_rows
from rangemap.views.figure_bands import (
    DISPUTED_DASHES,
    EDGE_DOTS,
    INNER_DASHES,
    Footprint,
    footprints,
    ring_name,
)
from rangemap.views.figure_places import places_of, sites_of
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import Mark, Side
from rangemap.views.figure_small import Content, Shade, Stroke
from rangemap.views.figure_symbols import Sites
from rangemap.views.labels import clean_text
from rangemap.views.projection import MapView
from rangemap.views.units import KM

__all__ = ["Changed"]

_ADDED: Final = ("#6a1b9a", "#1f5fa8")  # the second for a coalition whose colour is the first
_DARKER: Final = 1.9  # the fill of the shorter range, against the fill of what is added
_NAMED_SITES: Final = 12


@dataclass(frozen=True)
class Changed:
    """Two ranges from the same sites, as a map and a panel need them."""

    analysis: Analysis
    change: RangeChange
    look: Look

    @property
    def reach(self) -> geopandas.GeoDataFrame:
        """The longer range by its highest figure, which the map must show."""
        longer = self.change.longer
        return self.change.longer_bands.assign(max_km=max(longer.max_km, longer.high_km))

    @property
    def noun(self) -> str:
        """What the places are called."""
        return self.change.scenario.noun

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many places are in each category."""
        found: dict[str, int] = self.change.summary["counts"]
        return found

    @property
    def said(self) -> tuple[str, str]:
        """Both ranges with who says them, in the unit asked for, the shorter first."""
        shorter, longer = (
            clean_text(one.words.replace(KM.text(one.max_km), self.look.units.text(one.max_km)), 80)
            for one in (self.change.shorter, self.change.longer)
        )
        return shorter, longer

    @cached_property
    def _colors(self) -> tuple[str, str]:
        """The colour of the coalition, and that of what is added."""
        own = self.change.scenario.coalition(self.change.coalitions[0]).color
        added = _ADDED[1] if own.lower() == _ADDED[0] else _ADDED[0]
        return self.look.theme.data(own, 0), self.look.theme.data(added, 1)

    @cached_property
    def marks(self) -> dict[str, Mark]:
        """The mark of each category, in the order of the legend."""
        own, added = self._colors
        theme = self.look.theme
        doubt = theme.data(style.VERDICT_SYMBOLS[MARGINAL].color, 3)
        grey = theme.data(style.CATEGORY_SYMBOLS["neither"].color, 1)
        marks = (
            Mark("gained", added, "o", True, "added by the longer range", -2),
            Mark("already", own, "s", True, "in the shorter range already", 1),
            Mark("marginal", doubt, "o", True,
                 "marginal: hangs on the figure or on where a site is", 1, half=True),
            Mark("out-of-range", grey, "o", False, "beyond the longer range", 3),
            Mark("own-side", theme.data(style.CATEGORY_SYMBOLS["own-side"].color, 0), "X", False,
                 "the launching side's own, not counted", 2),
        )  # fmt: skip
        return {mark.category: mark for mark in marks}

    def content(self, view: MapView) -> Content:
        """Return what stands on the map."""
        change, theme = self.change, self.look.theme
        own, added = self._colors
        shorter = self._print(change.shorter_bands, own, view)
        longer = self._print(change.longer_bands, added, view)
        shades = (
            Shade(longer.area.difference(shorter.area), added, theme.fill_alpha, theme.hatch(1)),
            Shade(shorter.area, own, _DARKER * theme.fill_alpha),
        )
        table = change.table
        marks = [self.marks[category] for category in table["category"]]
        places = places_of(view.projection, table, marks)
        sites = self._sites(view)
        strokes = (
            *self._spread(view), *self._edge(shorter, 0), *self._edge(longer, 1),
        )  # fmt: skip
        return Content(
            shades, strokes, sites, places, frozenset(places.keys),
            site_names=len(sites.names) <= _NAMED_SITES,
        )  # fmt: skip

    def _print(self, bands: geopandas.GeoDataFrame, color: str, view: MapView) -> Footprint:
        """Return what one range covers on the plane."""
        side = Side("", "", color, DISPUTED_DASHES, self.change.coalitions)
        drawn = replace(
            self.analysis, bands=bands.assign(band_kind="system", disputed=self._disputed)
        )
        return footprints(drawn, [side], view, self.look)[0]

    @property
    def _disputed(self) -> bool:
        return self.change.shorter.said_by != self.change.longer.said_by

    def _edge(self, one: Footprint, number: int) -> tuple[Stroke, ...]:
        said = (self.change.shorter, self.change.longer)[number]
        label = style.starred(ring_name(clean_text(said.label, 60), said.max_km, self.look),
                              said.evidence)  # fmt: skip
        dashes = DISPUTED_DASHES if self._disputed else "solid"
        color = self._colors[number]
        return (
            Stroke(one.inner, color, 0.8, INNER_DASHES),
            Stroke(one.outline, color, 1.7, dashes, label, bold=True),
        )

    def _spread(self, view: MapView) -> list[Stroke]:
        """Return the lowest and highest figures of each range, where they differ, dotted."""
        found = []
        pairs = ((self.change.shorter_bands, self.change.shorter),
                 (self.change.longer_bands, self.change.longer))  # fmt: skip
        for number, (bands, said) in enumerate(pairs):
            for reach in sorted({said.low_km, said.high_km} - {said.max_km}):
                edge = self._print(bands.assign(max_km=reach), self._colors[number], view)
                found.append(Stroke(edge.outline, self._colors[number], 0.7, EDGE_DOTS))
        return found

    def _sites(self, view: MapView) -> Sites:
        """Return the launch sites of the change."""
        ids = self.change.sites["site_id"]
        return sites_of(view.projection, self.analysis, self.look.theme, ids)

    def blocks(self, _columns: int) -> list[Block]:
        """Return what stands beside the map: symbols, both ranges, sums, what is added."""
        return [self._key(), *self._bars(), self._ranges(), self._site_kinds(),
                *self._gained()]  # fmt: skip

    def _key(self) -> Rows:
        rows = [
            Row(mark.label[:1].upper() + mark.label[1:], f"{self.counts[key]:,}", mark_sketch(mark))
            for key, mark in self.marks.items()
            if self.counts[key] or key in ("gained", "already")
        ]
        return Rows(f"{self.noun.capitalize()}, by both ranges", rows)

    def _bars(self) -> list[Block]:
        own, added = self._colors
        units, summary = self.look.units, self.change.summary
        area = summary["footprint_km2"]
        parts = [(units.area(area["shorter"]), own), (units.area(area["gained"]), added)]
        people = summary["cities"]["populations"]
        maybe = people["marginal"]
        note = f"and {million(maybe)} million marginal" if maybe else ""
        return [
            Bar(f"Area, sea included, million {units.square}: already and added",
                [Part(value, million(value), color) for value, color in parts]),
            Bar("Population of listed cities, million: already and added",
                [Part(people[key], million(people[key]), color)
                 for key, color in (("already", own), ("gained", added))], note),
        ]  # fmt: skip

    def _ranges(self) -> Rows:
        rows = []
        dashes = DISPUTED_DASHES if self._disputed else "solid"
        for said, color in zip((self.change.shorter, self.change.longer), self._colors,
                               strict=True):  # fmt: skip
            text = ring_name(clean_text(said.label, 60), said.max_km, self.look)
            rows.append(Row(text, "", line_sketch(color, 1.7, dashes)))
            spread = ""
            if said.low_km < said.high_km:
                of = self.look.units.of
                spread = f"; {of(said.low_km):,.0f} to {self.look.units.text(said.high_km)}"
            rows.append(Row(f"said by: {clean_text(said.said_by, 70)}{spread}"))
        if any(said.low_km < said.high_km for said in (self.change.shorter, self.change.longer)):
            rows.append(Row("lowest and highest figure of a side", "",
                            line_sketch(self.look.theme.ink, 0.7, EDGE_DOTS)))  # fmt: skip
        return Rows("The two ranges, and who says them", rows, indent=30.0)

    def _site_kinds(self) -> Rows:
        bands = self.analysis.bands
        mine = bands[bands["site_id"].isin(set(self.change.sites["site_id"]))]
        return site_rows(mine, self._colors[0], whose="")

    def _gained(self) -> list[Block]:
        """Return the places added, the nearest to a site first, and the marginal ones."""
        table = self.change.table.sort_values(["nearest_km", "place_id"])
        units = self.look.units
        found: list[Block] = []
        for key, title in (("gained", "Added"), ("marginal", "Marginal")):
            rows = [
                (clean_text(row["place"], 28), units.text(round(float(row["nearest_km"]))))
                for row in table[table["category"] == key].to_dict("records")
            ]
            found.append(Listing(f"{title}, with distance from the nearest site", rows))
        return found
