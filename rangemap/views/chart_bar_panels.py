"""The panels of bars of one analysis: capitals, comparison, listed cities, area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rangemap.analysis import Comparison
from rangemap.analysis.comparison import A_ONLY, B_ONLY, BOTH, BY_TREATY, NEITHER, OWN
from rangemap.analysis.coverage import ZONE_BAND, ZONE_FAR, ZONE_NEAR
from rangemap.analysis.uncertain import INSIDE, MARGINAL, OUTSIDE
from rangemap.views import style
from rangemap.views.chart_bar_panel import MARGINAL_HATCH, Bar, BarPanel, Part, Swatch
from rangemap.views.chart_bar_rows import Covered
from rangemap.views.chart_countries import CountryPanel, Dots
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import sides_of
from rangemap.views.findings import counts_of
from rangemap.views.names import told_apart

__all__ = ["Panels", "millions"]

EARTH_KM2: Final = 510_065_622
"""Surface of the WGS 84 ellipsoid."""
_MOST_COUNTRIES: Final = 20


@dataclass(frozen=True)
class Panels:
    """Makes the panels of what an analysis covers."""

    covered: Covered
    look: Look

    @property
    def where(self) -> str:
        """What is covered, for the middle of a title."""
        return "in the banned band" if self.covered.treaty else "in range"

    @property
    def noun(self) -> str:
        """What the places are."""
        return self.covered.analysis.scenario.noun

    def name(self, key: str) -> str:
        """Return a coalition's name."""
        return self._named("name", 60)[key]

    def short(self, key: str) -> str:
        """Return a coalition's short name."""
        return self._named("short", 30)[key]

    def _named(self, field: str, limit: int) -> dict[str, str]:
        coalitions = self.covered.analysis.scenario.coalitions
        names = told_apart([getattr(c, field) for c in coalitions], limit)
        return {c.id: name for c, name in zip(coalitions, names, strict=True)}

    def names(self, key: str) -> list[str]:
        """Return a coalition's name, and a shorter one if it has one."""
        return list(dict.fromkeys([self.name(key), self.short(key)]))

    def color(self, key: str) -> str:
        """Return a coalition's colour in the theme."""
        coalitions = self.covered.analysis.scenario.coalitions
        order = [c.id for c in coalitions].index(key)
        return self.look.theme.data(coalitions[order].color, order)

    def capitals(self, keys: Sequence[str]) -> BarPanel:
        """Return the places by zone, or by verdict where no treaty band is drawn."""
        summary = {entry["id"]: entry for entry in self.covered.analysis.summary["coalitions"]}
        swatches = self._zones() if self.covered.treaty else self._verdicts()
        found = {
            key: summary[key]["zones"] if self.covered.treaty else self.covered.verdicts[key]
            for key in keys
        }
        by = "distance from the nearest site" if self.covered.treaty else "verdict"
        return BarPanel(
            "capitals",
            f"{self.noun.capitalize()} by {by}, not counting each coalition's own",
            [
                Bar(
                    self.names(key), self.color(key),
                    [
                        _part(found[key][name], one.color, one.hatch)
                        for name, one in swatches.items()
                    ],
                    _left_out(summary[key], self.covered.treaty),
                )
                for key in keys
            ],
            list(swatches.values()),
        )  # fmt: skip

    def _zones(self) -> dict[str, Swatch]:
        theme, fixed = self.look.theme, self.look.units.fixed
        words = {
            ZONE_NEAR: f"within {fixed(500)}",
            ZONE_BAND: "in the banned band only",
            ZONE_FAR: f"beyond {fixed(5500)}",
        }
        return {
            zone: Swatch(text, theme.data(style.ZONE_SYMBOLS[zone].color, n), theme.hatch(n))
            for n, (zone, text) in enumerate(words.items())
        }

    def _verdicts(self) -> dict[str, Swatch]:
        theme = self.look.theme
        symbols = style.VERDICT_SYMBOLS
        return {
            INSIDE: Swatch("in range by every estimate", theme.data(symbols[INSIDE].color, 0)),
            MARGINAL: Swatch("marginal", theme.data(symbols[MARGINAL].color, 1), MARGINAL_HATCH),
            OUTSIDE: Swatch("out of range", theme.data(symbols[OUTSIDE].color, 2)),
        }

    def comparison(self, comparison: Comparison) -> BarPanel:
        """Return what one side alone, the other alone, both and neither have in the band."""
        theme, summary = self.look.theme, comparison.summary
        sides = sides_of(self.covered.analysis, theme)
        symbols = style.CATEGORY_SYMBOLS
        shown = {
            A_ONLY: Swatch(f"{sides[0].short} only", sides[0].color, theme.hatch(0)),
            BOTH: Swatch("both", theme.data(symbols[BOTH].color, 2), theme.hatch(2)),
            B_ONLY: Swatch(f"{sides[1].short} only", sides[1].color, theme.hatch(1)),
            NEITHER: Swatch("neither", theme.data(symbols[NEITHER].color, 3), theme.hatch(3)),
        }
        counts = counts_of(comparison)
        if counts[MARGINAL]:
            rest = shown.pop(NEITHER)
            shown |= {MARGINAL: self._verdicts()[MARGINAL], NEITHER: rest}
        doubt = 0
        if comparison.by == BY_TREATY:
            doubt = sum(summary.get("marginal_counts", {}).get(key, 0) for key in shown)
        own = f"{counts[OWN]} of a side's own left out" if counts[OWN] else ""
        marginal = f"{doubt} marginal" if doubt else ""
        parts = [_part(counts[key], one.color, one.hatch) for key, one in shown.items()]
        bar = Bar(
            [f"{sum(counts[key] for key in shown)} {self.noun}"], self.look.theme.ink, parts,
            _asides(own, marginal),
        )  # fmt: skip
        title = f"{self.noun.capitalize()} {self.where}, by the side whose sites bring them there"
        return BarPanel("comparison", title, [bar], list(shown.values()))

    def people(self, keys: Sequence[str]) -> BarPanel:
        """Return the population of listed cities in range, surely and marginally."""
        theme = self.look.theme
        bars = []
        for key in keys:
            row = self.covered.people[key]
            inside, marginal, listed = (
                int(row[f"city_population{which}"]) for which in ("_inside", "_marginal", "")
            )
            color = self.color(key)
            parts = [
                Part(inside, millions(inside) if inside else "", color),
                Part(marginal, millions(marginal) if marginal else "", color, MARGINAL_HATCH),
                Part(listed - inside - marginal, "", theme.rule),
            ]
            asides = [f"of {millions(listed)} million listed", f"of {millions(listed)}"]
            bars.append(Bar(self.names(key), color, parts, asides))
        swatches = [
            Swatch(f"{self.where}, certain", theme.muted),
            Swatch("marginal", theme.muted, MARGINAL_HATCH),
            Swatch("outside", theme.rule),
        ]
        title = f"Population of listed cities {self.where}, millions, not counting their own"
        return BarPanel("people", title, bars, swatches)

    def area(self, keys: Sequence[str]) -> BarPanel:
        """Return the area of each coalition's band."""
        units = self.look.units
        bars = []
        for key in keys:
            area = self.covered.areas[key]
            share = area / EARTH_KM2
            text = f"{share:.0%}" if share >= 0.01 else "under 1%"
            part = Part(area, millions(units.area(area)), self.color(key))
            asides = [f"{text} of the Earth's surface", f"{text} of the Earth"]
            bars.append(Bar(self.names(key), self.color(key), [part], asides))
        plotted = "" if self.covered.treaty else " as plotted"
        what = "the banned band" if self.covered.treaty else "range"
        title = f"Area in {what}{plotted}, land and sea, million {units.square}"
        return BarPanel("area", title, bars)

    def countries(self, keys: Sequence[str]) -> CountryPanel:
        """Return the shares of area of the most populous countries."""
        countries = self.covered.largest(_MOST_COUNTRIES)
        return CountryPanel(
            self.countries_title(len(countries)),
            countries,
            [Dots(key, self.name(key), self.color(key)) for key in keys],
        )

    def countries_title(self, number: int) -> str:
        """Return the title of so many countries."""
        plotted = "" if self.covered.treaty else " as plotted"
        if number == 1:
            return f"Share of area {self.where}{plotted}: the most populous country covered"
        return f"Share of area {self.where}{plotted}: the {number} most populous countries covered"


def _part(number: int, color: str, hatch: str) -> Part:
    return Part(number, f"{number:,}" if number else "", color, hatch)


def _left_out(entry: dict[str, Any], treaty: bool) -> list[str]:
    own = len(entry["own_capitals_left_out"])
    doubt = len(entry["zone_marginal"]) if treaty else 0
    return _asides(f"{own} own left out" if own else "", f"{doubt} marginal" if doubt else "")


def _asides(own: str, marginal: str) -> list[str]:
    """Return the ways to say both, the longest first; what is marginal stays longest."""
    return list(_each(", ".join(part for part in (own, marginal) if part), marginal, own))


def _each(*texts: str) -> Iterator[str]:
    return (text for text in texts if text)


def millions(number: float) -> str:
    """Return a number of millions for readers, with two figures at least.

    Examples
    --------
    >>> millions(1_037_098_291), millions(1_598_137), millions(45_161), millions(12)
    ('1,037', '1.6', '0.045', '<0.001')
    """
    value = number / 1e6
    if 0 < value < 0.001:
        return "<0.001"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"
