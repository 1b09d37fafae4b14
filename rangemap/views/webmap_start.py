"""What the web map shows first, computed beforehand so that it need not be: outlines, distances."""

from __future__ import annotations

import base64
from typing import Any, Final

import shapely

from rangemap.analysis import Analysis
from rangemap.geodesy import distance_matrix_km, footprint
from rangemap.views.webmap_geometry import region_of

_START_DEG: Final = 0.01  # how far an outline of the start may stray: a fifteenth of its pixel
_MOST_DISTANCES: Final = 15_000  # 160 kB of text
_FEWEST_TOGETHER: Final = 4  # fewer sites take no time


def start_outlines(
    analysis: Analysis, sites: list[dict[str, Any]], bands: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what the page shows first, so that it need not be computed before it shows.

    The outline of what all sites with one range cover together, for the view at the start; seen
    nearer, or with any switch changed, the page computes it.
    """
    shapes = dict(zip(analysis.bands["band_id"], analysis.bands.geometry, strict=True))
    groups: dict[tuple[int, int], list[Any]] = {}
    for entry in bands:
        if entry.get("base") and entry.get("shown"):
            key = (sites[entry["site"]]["coalition"], entry["range"])
            groups.setdefault(key, []).append(shapes[entry["id"]])
    result = []
    for (coalition, range_number), members in groups.items():
        if len(members) < _FEWEST_TOGETHER:
            continue
        together = shapely.orient_polygons(footprint(members))
        result.append(
            {
                "coalition": coalition,
                "range": range_number,
                "count": len(members),
                "region": region_of(together, thin_deg=_START_DEG).as_json(),
            }
        )
    return result


def start_distances(
    analysis: Analysis, sites: list[dict[str, Any]], bands: list[dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the distances from the scenario's own sites to all places, exact, for the start.

    The page computes all others, such as those of bases of other years or of a moved site.
    """
    numbers = sorted({band["site"] for band in bands if band.get("base")})
    if len(numbers) * len(analysis.places) > _MOST_DISTANCES:
        return None
    lon, lat = ([sites[number][key] for number in numbers] for key in ("lon", "lat"))
    km = distance_matrix_km(lon, lat, analysis.places["lon"], analysis.places["lat"])
    packed = base64.b64encode(km.astype("<f8").tobytes()).decode("ascii")
    return {"sites": numbers, "km": packed}
