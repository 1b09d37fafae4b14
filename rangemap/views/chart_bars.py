"""Bars and dots: what each coalition covers of capitals, listed cities, countries and area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from rangemap.analysis import Analysis
from rangemap.analysis.coverage import ZONE_BAND, ZONE_NEAR
from rangemap.analysis.uncertain import INSIDE, MARGINAL
from rangemap.errors import ArgumentError, near_name
from rangemap.views.chart_bar_layout import arranged
from rangemap.views.chart_bar_panel import BarPanel
from rangemap.views.chart_bar_panels import Panels, millions
from rangemap.views.chart_bar_rows import Covered
from rangemap.views.chart_countries import CountryPanel
from rangemap.views.figure_sheet import Drawn, Look, Sheet
from rangemap.views.labels import Box, clean_text
from rangemap.views.names import with_value

__all__ = ["PARTS", "Bars", "bars"]

PARTS: Final = ("capitals", "people", "countries", "area")
"""What can be drawn alone."""
_MOST_COALITIONS: Final = 5
_IN_WORDS: Final = 3


@dataclass(frozen=True)
class Bars:
    """A chart, as `Chart` says."""

    analysis: Analysis
    look: Look
    part: str | None

    @cached_property
    def _covered(self) -> Covered:
        return Covered(self.analysis)

    @cached_property
    def _panels(self) -> Panels:
        return Panels(self._covered, self.look)

    @cached_property
    def _keys(self) -> list[str]:
        """The coalitions that are shown: all, or those that cover the largest area."""
        keys = self._covered.coalitions
        if len(keys) <= _MOST_COALITIONS:
            return keys
        largest = sorted(keys, key=lambda key: (-self._covered.areas[key], keys.index(key)))
        return [key for key in keys if key in largest[:_MOST_COALITIONS]]

    @property
    def title(self) -> str:
        """The scenario's name, and what the picture is about."""
        name = clean_text(self.analysis.scenario.title, 200).split(": ")[0]
        one = len(self._covered.coalitions) == 1
        what = {
            None: "what the coalition covers" if one else "what each coalition covers",
            "capitals": f"{self._panels.noun} {self._panels.where}",
            "people": f"listed cities {self._panels.where}",
            "countries": f"shares of countries {self._panels.where}",
            "area": f"area {self._panels.where}",
        }[self.part]
        return f"{name}: {what}"

    def _short(self, key: str) -> str:
        return self._panels.short(key)

    def _listed(self, values: dict[str, str], after: str = "") -> str:
        keys = self._keys[:_IN_WORDS]
        parts = [
            with_value(self._short(key), values[key]) + (after if n == 0 else "")
            for n, key in enumerate(keys)
        ]
        more = len(self._covered.coalitions) - len(keys)
        return ", ".join(parts) + (f", and {more} more" if more else "")

    @property
    def finding(self) -> str:
        """The numbers of each coalition."""
        if self.part == "people":
            return self._people()
        if self.part == "area":
            return self._area()
        if self.part == "countries":
            return self._touched()
        return self._capitals()

    def _capitals(self) -> str:
        entries = {entry["id"]: entry for entry in self.analysis.summary["coalitions"]}
        noun = self._panels.noun.capitalize()
        values = {}
        for key, entry in entries.items():
            zones, verdicts = entry["zones"], self._covered.verdicts.get(key)
            if verdicts is None:
                continue  # it launches nothing
            if not entry["capitals_counted"]:
                values[key] = "none but its own"
            elif self._covered.treaty:
                values[key] = (
                    f"{zones[ZONE_NEAR] + zones[ZONE_BAND]} of {entry['capitals_counted']}"
                )
            else:
                values[key] = f"{verdicts[INSIDE]} of {entry['capitals_counted']}"
                if verdicts[MARGINAL]:
                    values[key] += f" (+{verdicts[MARGINAL]} marginal)"
        where = f"within {self.look.units.fixed(5500)} of a site" if self._covered.treaty else (
            "in range"
        )  # fmt: skip
        return f"{noun} {where}, not their own: {self._listed(values)}."

    def _people(self) -> str:
        rows = self._covered.people
        values = {
            key: f"{millions(row['city_population_inside'])} million"
            + (
                f" (+{millions(row['city_population_marginal'])} marginal)"
                if row["city_population_marginal"]
                else ""
            )
            for key, row in rows.items()
        }
        where = self._panels.where
        return f"Population of listed cities {where}, not their own: {self._listed(values)}."

    def _area(self) -> str:
        units = self.look.units
        values = {k: f"{millions(units.area(v))}" for k, v in self._covered.areas.items()}
        where = self._panels.where
        return f"Area {where}, in million {units.square}: {self._listed(values)}."

    def _touched(self) -> str:
        rows = self._covered.people
        values = {
            key: f"{row['countries_touched']} of {row['countries']}" for key, row in rows.items()
        }
        where = self._panels.where
        return (
            f"Countries and territories {where} at least in part, not their own: "
            f"{self._listed(values)}."
        )

    @property
    def beside(self) -> str:
        """What else is large, where all parts are shown."""
        if self.part is not None:
            return ""
        # One line of a slide holds the numbers of two.
        two = len(self._covered.coalitions) < _IN_WORDS
        return f"{self._people()} {self._area()}" if two else self._people()

    @property
    def alt(self) -> str:
        """What the charts show and what follows from them."""
        words = {
            None: "Bars and dots: capitals, listed cities, countries and area",
            "capitals": f"Bars: {self._panels.noun}",
            "people": "Bars: population of listed cities",
            "countries": "Dots: shares of countries' area",
            "area": "Bars: area",
        }[self.part]
        names = ", ".join(self._panels.name(key) for key in self._keys)
        return f"{words} {self._panels.where} of {names}. {self.finding} {self.beside}".strip()

    def draw(self, sheet: Sheet, area: Box) -> Drawn:
        """Draw the panels in the arrangement that shows them largest."""
        pad = 6.0 if area.x0 == 0 else 0.0
        inner = Box(area.x0 + pad, area.y0 + 4, area.x1 - pad, area.y1 - 3)
        small, countries = self._chosen()
        found = arranged(sheet, inner, small, countries)
        shown = []
        for placed in found.bars:
            placed.panel.draw(sheet, placed.box, found.size, found.thick)
            shown.append(placed.panel.name)
        named: list[str] = []
        if countries is not None and found.countries is not None:
            rows = countries.rows_in(
                sheet, found.countries.x1 - found.countries.x0,
                found.countries.y1 - found.countries.y0, found.size,
            )  # fmt: skip
            final = self._of_rows(countries, rows)
            final.draw(sheet, found.countries, found.size)
            shown.append(final.name)
            named = [country.name for country in final.countries]
        wanted = [*(panel.name for panel in small), *(["countries"] if countries else [])]
        missing = [c for c in self._covered.coalitions if c not in self._keys]
        labels: dict[str, Any] = {
            "named": named,
            "dropped": [self._panels.name(key) for key in missing],
            "panels": shown,
            "panels_dropped": [name for name in wanted if name not in shown],
        }
        return Drawn(labels, tuple(self._notes(missing, labels["panels_dropped"], bool(named))))

    def _of_rows(self, panel: CountryPanel, rows: int) -> CountryPanel:
        """Return the panel with the most populous countries that have room."""
        if rows >= len(panel.countries):
            return panel
        kept = self._covered.largest(rows)
        return replace(panel, title=self._panels.countries_title(rows), countries=kept)

    def _chosen(self) -> tuple[list[BarPanel], CountryPanel | None]:
        panels, keys = self._panels, self._keys
        small: list[BarPanel] = []
        if self.part in (None, "capitals"):
            small.append(panels.capitals(keys))
            if self.analysis.comparison is not None:
                small.append(panels.comparison(self.analysis.comparison))
        if self.part in (None, "people"):
            small.append(panels.people(keys))
        if self.part in (None, "area"):
            small.append(panels.area(keys))
        countries = panels.countries(keys) if self.part in (None, "countries") else None
        return small, countries if countries and countries.countries else None

    def _notes(self, missing: Sequence[str], panels: Sequence[str], countries: bool) -> list[str]:
        notes = []
        if missing:
            notes.append(f"{len(missing)} coalitions of smaller area are not shown.")
        if panels:
            notes.append(f"No room for: {', '.join(panels)}.")
        if countries:
            rows = self._covered.countries
            most = float(rows["share_error"].fillna(0).max())
            if most >= 0.0005:
                notes.append(f"Shares of area are within {100 * most:.1f} percentage points.")
        if self.part in (None, "people"):
            notes.append("Listed cities: GeoNames, 15,000 inhabitants and more.")
        return notes


def bars(analysis: Analysis, look: Look, *, part: str | None = None) -> Bars:
    """Return the bars of what each coalition covers.

    Parameters
    ----------
    analysis : Analysis
    look : Look
    part : {"capitals", "people", "countries", "area"}, optional
        One part alone; by default all.

    Raises
    ------
    ArgumentError
        If there is no such part, or the analysis has no range.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> bars(analyse("europe"), Look(), part="area").finding
    'Area in the banned band, in million km²: NATO/US 107, Russia/Belarus 123.'
    """
    if part is not None and part not in PARTS:
        hint = near_name(str(part), PARTS)
        raise ArgumentError(f"part {part!r} is not one of {', '.join(PARTS)}{hint}")
    if analysis.bands.empty:
        raise ArgumentError("the analysis has no range to draw bars of")
    return Bars(analysis, look, part)
