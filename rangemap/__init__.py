"""rangemap: missile-range maps that can be checked.

Geodesic range bands round launch sites, exact verdicts for capitals, and sourced facts.
Names are loaded when first used, so that ``import rangemap`` stays light.

Examples
--------
>>> import rangemap as rm
>>> rm.ring_polygon(37.62, 55.75, 5_500).is_valid
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rangemap._version import __version__

if TYPE_CHECKING:
    from rangemap import geodesy
    from rangemap.analysis import (
        Analysis,
        ClaimResult,
        Comparison,
        RangeChange,
        Scenario,
        Sweep,
        analyse,
        check_claim,
        check_claims,
        compare,
        count_table,
        country_share_table,
        country_table,
        coverage_table,
        overlap_table,
        own_case,
        people_table,
        place_table,
        population_raster,
        range_bands,
        range_change,
        reach_table,
        read_scenario,
        scenario_names,
        sensitivity_sweep,
    )
    from rangemap.catalogue import (
        classify,
        read_capitals,
        read_cities,
        read_claims,
        read_countries,
        read_inventory,
        read_places,
        read_range_estimates,
        read_sites,
        read_sources,
        read_systems,
        use_catalogue,
    )
    from rangemap.geodesy import band_polygon, buffer, ring_polygon, territory_band
    from rangemap.pack import build
    from rangemap.views.figure import plot
    from rangemap.views.webmap import explore

_HOME = {
    "geodesy": "rangemap.geodesy",
    "band_polygon": "rangemap.geodesy",
    "buffer": "rangemap.geodesy",
    "ring_polygon": "rangemap.geodesy",
    "territory_band": "rangemap.geodesy",
    "classify": "rangemap.catalogue",
    "read_claims": "rangemap.catalogue",
    "read_inventory": "rangemap.catalogue",
    "read_capitals": "rangemap.catalogue",
    "read_cities": "rangemap.catalogue",
    "read_countries": "rangemap.catalogue",
    "read_places": "rangemap.catalogue",
    "read_range_estimates": "rangemap.catalogue",
    "read_sites": "rangemap.catalogue",
    "read_sources": "rangemap.catalogue",
    "read_systems": "rangemap.catalogue",
    "use_catalogue": "rangemap.catalogue",
    "Analysis": "rangemap.analysis",
    "Comparison": "rangemap.analysis",
    "RangeChange": "rangemap.analysis",
    "Scenario": "rangemap.analysis",
    "Sweep": "rangemap.analysis",
    "ClaimResult": "rangemap.analysis",
    "analyse": "rangemap.analysis",
    "check_claim": "rangemap.analysis",
    "check_claims": "rangemap.analysis",
    "compare": "rangemap.analysis",
    "count_table": "rangemap.analysis",
    "country_share_table": "rangemap.analysis",
    "country_table": "rangemap.analysis",
    "coverage_table": "rangemap.analysis",
    "overlap_table": "rangemap.analysis",
    "own_case": "rangemap.analysis",
    "people_table": "rangemap.analysis",
    "place_table": "rangemap.analysis",
    "population_raster": "rangemap.analysis",
    "range_bands": "rangemap.analysis",
    "range_change": "rangemap.analysis",
    "reach_table": "rangemap.analysis",
    "read_scenario": "rangemap.analysis",
    "scenario_names": "rangemap.analysis",
    "sensitivity_sweep": "rangemap.analysis",
    "explore": "rangemap.views.webmap",
    "plot": "rangemap.views.figure",
    "build": "rangemap.pack",
}

__all__ = [
    "Analysis",
    "ClaimResult",
    "Comparison",
    "RangeChange",
    "Scenario",
    "Sweep",
    "__version__",
    "analyse",
    "band_polygon",
    "buffer",
    "build",
    "check_claim",
    "check_claims",
    "classify",
    "compare",
    "count_table",
    "country_share_table",
    "country_table",
    "coverage_table",
    "explore",
    "geodesy",
    "overlap_table",
    "own_case",
    "people_table",
    "place_table",
    "plot",
    "population_raster",
    "range_bands",
    "range_change",
    "reach_table",
    "read_capitals",
    "read_cities",
    "read_claims",
    "read_countries",
    "read_inventory",
    "read_places",
    "read_range_estimates",
    "read_scenario",
    "read_sites",
    "read_sources",
    "read_systems",
    "ring_polygon",
    "scenario_names",
    "sensitivity_sweep",
    "territory_band",
    "use_catalogue",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'rangemap' has no attribute {name!r}")
    module = import_module(home)
    value = module if home == f"rangemap.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
