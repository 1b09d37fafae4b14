"""Everything computed from one scenario, which the views draw from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import geopandas
import pandas as pd

from rangemap.analysis.bands import range_bands
from rangemap.analysis.comparison import (
    BY_SYSTEMS,
    BY_TREATY,
    ComparedSide,
    Comparison,
    compare_in_scenario,
)
from rangemap.analysis.countries import country_table
from rangemap.analysis.coverage import coverage_table, place_table
from rangemap.analysis.scenario import Scenario, Side, View, read_scenario
from rangemap.analysis.summary import summarise
from rangemap.catalogue import Source, load_catalogue, places_frame
from rangemap.errors import ArgumentError


@dataclass(frozen=True)
class Analysis:
    """A scenario with its bands, places, coverage, zones and summary."""

    scenario: Scenario
    bands: geopandas.GeoDataFrame
    places: geopandas.GeoDataFrame
    coverage: pd.DataFrame
    place_rows: pd.DataFrame
    summary: dict[str, Any]
    comparison: Comparison | None

    @cached_property
    def countries(self) -> pd.DataFrame:
        """The bundled countries, as `country_table` makes them."""
        return country_table(self.bands)

    def sources(self) -> list[Source]:
        """Return the sources of all bands, by key."""
        catalogue = load_catalogue()
        keys = {key for text in self.bands["source_keys"] for key in text.split(";") if key}
        keys.update(key for c in self.scenario.coalitions for key in c.source_keys)
        return [catalogue.sources[key] for key in sorted(keys)]


def analyse(scenario: Scenario | str | Path) -> Analysis:
    """Compute all that the views of a scenario need.

    Parameters
    ----------
    scenario : Scenario, str or pathlib.Path
        A scenario, or what `read_scenario` takes.

    Returns
    -------
    Analysis
        Bands, coverage, zones, summary, and the comparison if the scenario asks for one.

    Examples
    --------
    >>> analyse("europe").summary["places"]
    197
    """
    resolved = scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    return _analyse(resolved, range_bands(resolved))


def as_analysis(
    what: Analysis | Comparison | Scenario | geopandas.GeoDataFrame | str | Path,
) -> Analysis:
    """Return the analysis behind whatever a view is asked to draw.

    Parameters
    ----------
    what : Analysis, Comparison, Scenario, geopandas.GeoDataFrame, str or pathlib.Path
        Bands keep the scenario that made them, so a subset of them is drawn as a subset.

    Raises
    ------
    ArgumentError
        If bands do not come from `range_bands`.
    """
    if isinstance(what, Analysis):
        return what
    if isinstance(what, Comparison):
        return _of_comparison(what)
    if isinstance(what, geopandas.GeoDataFrame):
        scenario = what.attrs.get("scenario")
        if not isinstance(scenario, Scenario) or "band_id" not in what.columns:
            raise ArgumentError("these bands do not come from range_bands: they have no scenario")
        return _analyse(scenario, what.reset_index(drop=True))
    return analyse(what)


_SUBTITLES: Final = {
    BY_TREATY: "{} that each side brings into the range that the INF Treaty banned",
    BY_SYSTEMS: "{} in range of each side, by the published ranges of its systems",
}


def _of_comparison(comparison: Comparison) -> Analysis:
    """Join the bands of both sides under one title."""
    a, b = comparison.a, comparison.b
    if a.scenario.hash == b.scenario.hash:
        scenario = a.scenario
    else:
        coalitions = {c.id: c for c in (*a.scenario.coalitions, *b.scenario.coalitions)}
        places = {p.place_id: p for p in (*a.scenario.places, *b.scenario.places)}
        notes = dict.fromkeys((*a.scenario.notes, *b.scenario.notes))
        digest = hashlib.sha256((a.scenario.hash + b.scenario.hash).encode()).hexdigest()
        scenario = replace(
            a.scenario,
            coalitions=tuple(coalitions.values()),
            launches=a.scenario.launches + b.scenario.launches,
            places=tuple(places.values()),
            notes=tuple(notes),
            hash=digest,
            _read=None,
        )
    used = set(a.coalitions) | set(b.coalitions)
    scenario = replace(
        scenario,
        name=f"{_short(a)}-vs-{_short(b)}",
        title=f"{a.name} against {b.name}",
        subtitle=_SUBTITLES[comparison.by].format(comparison.summary["noun"].capitalize()),
        coalitions=tuple(c for c in scenario.coalitions if c.id in used),
        comparison=(Side(a.name, a.coalitions), Side(b.name, b.coalitions)),
        view=View(None, None, "treaty" if comparison.by == BY_TREATY else "systems"),
    )
    # By systems, a treaty band that one side happens to have would be taken for its coverage.
    parts = [side.bands if comparison.by == BY_TREATY else side.of_basis(BY_SYSTEMS)
             for side in (a, b)]  # fmt: skip
    bands = pd.concat(parts).drop_duplicates("band_id").reset_index(drop=True)
    bands.attrs["scenario"] = scenario
    analysis = _analyse(replace(scenario, comparison=None), bands)
    summary = _with_comparison(analysis.summary, comparison)
    return replace(analysis, scenario=scenario, comparison=comparison, summary=summary)


def _short(side: ComparedSide) -> str:
    whole = len(side.coalitions) == len(side.scenario.coalitions)
    return side.scenario.name if whole else "-".join(side.coalitions)


def _analyse(resolved: Scenario, bands: geopandas.GeoDataFrame) -> Analysis:
    places = places_frame(resolved.places)
    coverage = coverage_table(bands, places)
    place_rows = place_table(bands, places)
    summary = summarise(resolved, bands, coverage, place_rows)
    comparison = None
    if resolved.comparison and _has_both(resolved.comparison, bands):
        comparison = compare_in_scenario(resolved, bands, resolved.comparison)
        summary = _with_comparison(summary, comparison)
    return Analysis(resolved, bands, places, coverage, place_rows, summary, comparison)


def _has_both(sides: tuple[Side, Side], bands: geopandas.GeoDataFrame) -> bool:
    """Tell whether a subset of bands still has a treaty band on each side."""
    launching = set(bands.loc[bands["band_kind"] == "treaty", "coalition"])
    return all(launching & set(side.coalitions) for side in sides)


def _with_comparison(summary: dict[str, Any], comparison: Comparison) -> dict[str, Any]:
    headline = [*comparison.summary["headline"], *summary["headline"]]
    return {**summary, "headline": headline, "comparison": comparison.summary}
