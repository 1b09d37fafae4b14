"""The view of borders: Crimea belongs to Ukraine, as UN General Assembly resolution 68/262 has it.

Natural Earth's default view is de facto and draws Crimea as a part of Russia. This module moves
that polygon part to Ukraine and makes the boundary lines agree. Everything else stays as Natural
Earth draws it.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from fetch import BuildError

SIMFEROPOL = shapely.Point(34.1, 44.95)
PEREKOP_NE_ID = 1746708787
KERCH_NE_ID = 1746708837
SEA_NOTES = {
    KERCH_NE_ID: "Kerch Strait, between Crimea (Ukraine) and Russia",
    1746708827: "between Japan and the southern Kuril Islands, which Russia holds and Japan claims",
}
"""By ``NE_ID``: what a disputed line through the sea divides, since no country touches it."""
MAX_SLIVER_DEG2 = 1e-9


def move_crimea(countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Move the polygon part that holds Simferopol from Russia to Ukraine.

    Parameters
    ----------
    countries : GeoDataFrame
        Natural Earth countries, EPSG:4326, with the column ``ADM0_A3``.

    Returns
    -------
    GeoDataFrame
        A copy; the shared edge across Perekop is dissolved.

    Raises
    ------
    BuildError
        If not exactly one part of Russia holds Simferopol, or the union is not clean: area lost, or
        a sliver left along the old edge.
    """
    result = countries.copy()
    (russia,) = np.flatnonzero(result["ADM0_A3"] == "RUS")
    (ukraine,) = np.flatnonzero(result["ADM0_A3"] == "UKR")
    geometry = result.geometry.to_numpy().copy()
    parts = shapely.get_parts(geometry[russia])
    inside = shapely.contains(parts, SIMFEROPOL)
    if inside.sum() != 1:
        raise BuildError(f"{inside.sum()} parts of Russia hold Simferopol; exactly one must")
    crimea = parts[inside][0]
    joined = shapely.union(geometry[ukraine], crimea)
    sliver = abs(joined.area - geometry[ukraine].area - crimea.area)
    if sliver > MAX_SLIVER_DEG2:
        raise BuildError(f"joining Crimea changes the area by {sliver:.1e} square degrees")
    holes = shapely.get_num_interior_rings(shapely.get_parts(joined)).sum()
    if holes:
        raise BuildError(f"joining Crimea leaves {holes} slivers inside Ukraine")
    geometry[russia] = shapely.multipolygons(parts[~inside])
    geometry[ukraine] = joined
    return result.set_geometry(gpd.GeoSeries(geometry, index=result.index, crs=result.crs))


def adjust_lines(lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Make the boundary lines agree with :func:`move_crimea`.

    The line across Perekop is inside Ukraine and goes. The line through the Kerch Strait stays
    disputed, as Natural Earth has it. Lines through the sea get a note.

    Parameters
    ----------
    lines : GeoDataFrame
        Natural Earth land boundary lines with the columns ``NE_ID`` and ``note``.

    Returns
    -------
    GeoDataFrame
        A copy with one row fewer.

    Raises
    ------
    BuildError
        If either line is not there exactly once.
    """
    for ne_id in (PEREKOP_NE_ID, KERCH_NE_ID):
        count = int((lines["NE_ID"] == ne_id).sum())
        if count != 1:
            raise BuildError(f"boundary line NE_ID {ne_id} occurs {count} times; once is expected")
    result = lines[lines["NE_ID"] != PEREKOP_NE_ID].copy()
    for ne_id, note in SEA_NOTES.items():
        result.loc[result["NE_ID"] == ne_id, "note"] = note
    return result
