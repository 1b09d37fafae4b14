"""By which ranges a picture counts: the treaty's band, or the ranges of systems."""

from __future__ import annotations

import geopandas
import pandas as pd

from rangemap.analysis import Analysis, Comparison
from rangemap.analysis.comparison import BY_TREATY
from rangemap.analysis.coverage import place_table
from rangemap.analysis.uncertain import VERDICTS

__all__ = [
    "by_treaty", "figures_of", "leading", "place_rows", "published", "treaty_leads", "verdicts",
]  # fmt: skip

_TREATY = "treaty"


def treaty_leads(bands: geopandas.GeoDataFrame) -> bool:
    """Return whether each coalition that launches has the treaty's band.

    If one has none, all are counted by the ranges of systems, so that they can be compared.

    Examples
    --------
    >>> from rangemap.analysis import range_bands
    >>> treaty_leads(range_bands("europe")), treaty_leads(range_bands("korea"))
    (True, False)
    """
    with_band = set(bands.loc[bands["band_kind"] == _TREATY, "coalition"])
    return bool(with_band) and with_band == set(bands["coalition"])


def by_treaty(analysis: Analysis) -> bool:
    """Return whether the treaty's bands are counted: as its sides are compared, if they are."""
    if analysis.comparison is not None:
        return bool(analysis.comparison.by == BY_TREATY)
    return treaty_leads(analysis.bands)


def leading(bands: geopandas.GeoDataFrame, treaty: bool | None = None) -> geopandas.GeoDataFrame:
    """Return the bands that count: the treaty's, or else all other ranges.

    Where others have no treaty band, the band of a coalition without any other range counts
    as a range of its own.
    """
    of_treaty = bands["band_kind"] == _TREATY
    if treaty_leads(bands) if treaty is None else treaty:
        return bands[of_treaty]
    alone = of_treaty & ~bands["coalition"].isin(set(bands.loc[~of_treaty, "coalition"]))
    kinds = bands["band_kind"].where(~alone, "own")
    return bands.assign(band_kind=kinds)[~of_treaty | alone]


def place_rows(analysis: Analysis) -> pd.DataFrame:
    """Return each place by coalition, with a verdict of all where the treaty does not lead."""
    bands = analysis.bands
    ranged = set(bands.loc[bands["band_kind"] != _TREATY, "coalition"])
    if by_treaty(analysis) or ranged == set(bands["coalition"]):
        return analysis.place_rows
    return place_table(leading(bands, treaty=False), analysis.places)


def verdicts(analysis: Analysis) -> dict[str, dict[str, int]]:
    """Return how many places each coalition has under each verdict, without its own.

    Examples
    --------
    >>> from rangemap.analysis import analyse
    >>> found = verdicts(analyse("korea"))
    >>> list(found), list(found["north-korea"])
    (['north-korea', 'us-allies-pacific'], ['inside', 'marginal', 'outside'])
    """
    rows = place_rows(analysis)
    rows = rows[~rows["own_side"].astype(bool)]
    launching = set(analysis.bands["coalition"])
    counts = rows.groupby(["coalition", "verdict"]).size()
    return {
        c.id: {one: int(counts.get((c.id, one), 0)) for one in VERDICTS}
        for c in analysis.scenario.coalitions
        if c.id in launching
    }


def published(*tables: geopandas.GeoDataFrame) -> str:
    """Return by which figures ranges count, in words: published ones, or those given alone."""
    kinds = {kind for bands in tables for kind in bands["band_kind"]}
    return "by every published figure" if "system" in kinds else "by the ranges given"


def figures_of(comparison: Comparison) -> str:
    """Return `published` of two sides."""
    return published(comparison.a.bands, comparison.b.bands)
