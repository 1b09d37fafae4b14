"""Who is in range of what: scenarios, bands, coverage, comparison."""

from rangemap.analysis.bands import range_bands
from rangemap.analysis.change import RangeChange, range_change
from rangemap.analysis.claim_result import ClaimResult
from rangemap.analysis.claims import check_claim, check_claims
from rangemap.analysis.comparison import Comparison, compare
from rangemap.analysis.countries import country_table
from rangemap.analysis.counts import count_table
from rangemap.analysis.coverage import coverage_table, place_table
from rangemap.analysis.overlap import country_share_table, overlap_table
from rangemap.analysis.own_case import own_case
from rangemap.analysis.people import people_table
from rangemap.analysis.raster import population_raster
from rangemap.analysis.reaching import reach_table
from rangemap.analysis.result import Analysis, analyse, as_analysis
from rangemap.analysis.scenario import Scenario, read_scenario, scenario_names
from rangemap.analysis.sweep import sensitivity_sweep
from rangemap.analysis.sweep_tables import Sweep

__all__ = [
    "Analysis",
    "ClaimResult",
    "Comparison",
    "RangeChange",
    "Scenario",
    "Sweep",
    "analyse",
    "as_analysis",
    "check_claim",
    "check_claims",
    "compare",
    "count_table",
    "country_share_table",
    "country_table",
    "coverage_table",
    "overlap_table",
    "own_case",
    "people_table",
    "place_table",
    "population_raster",
    "range_bands",
    "range_change",
    "reach_table",
    "read_scenario",
    "scenario_names",
    "sensitivity_sweep",
]
