"""Polygons as the page wants them: continuous in longitude, small, drawn in JS.

The page sees the world as a cylinder of endless copies. A region on it is bounded by *loops*
(closed lines) and *belts* (lines that run once round the Earth), and is what an odd number of
them enclose, where a belt encloses all that lies north of it; *inverted* turns inside and
outside about. So a region needs neither a cut at +-180 nor an edge along a pole, and the page
has no seam to stroke.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

Line = npt.NDArray[np.float64]

SCALE: Final = 10_000  # units per degree: 1e-4 degrees are 11 m, a thirtieth of a pixel
_ON_FRAME_DEG: Final = 1e-9
_THIN_DEG: Final = 0.001  # 111 m: how far a boundary may stray when vertices are dropped


def quantised(line: Line) -> list[int]:
    """Return lon, lat, then the differences to each next vertex, as whole units of `SCALE`.

    Examples
    --------
    >>> quantised(np.array([[1.0, 2.0], [1.5, 2.0], [1.5, 1.0]]))
    [10000, 20000, 5000, 0, 0, -10000]
    """
    whole = np.rint(line * SCALE).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    keep = np.any(steps != 0, axis=1)
    keep[0] = True
    return [int(value) for value in steps[keep].ravel()]


@dataclass(frozen=True)
class Region:
    """Loops and belts (see the module) in degrees, with continuous longitudes."""

    loops: list[Line] = field(default_factory=list)
    belts: list[Line] = field(default_factory=list)
    inverted: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it for the page."""
        return {
            "loops": [quantised(line) for line in self.loops],
            "belts": [quantised(line) for line in self.belts],
            "inverted": self.inverted,
        }


def region_of(geometry: BaseGeometry, thin_deg: float = _THIN_DEG) -> Region:
    """Return the true boundary of polygons cut at +-180, sewn together again there.

    Parameters
    ----------
    geometry : shapely geometry
        Polygons in EPSG:4326, as `rangemap.geodesy.footprint` returns.
    thin_deg : float
        How far the boundary may stray when vertices are dropped, degrees.

    Returns
    -------
    Region
        Without the edges along +-180 and +-90.

    Examples
    --------
    >>> from rangemap.geodesy import ring_polygon
    >>> fiji = region_of(ring_polygon(179.5, -17, 500))
    >>> len(fiji.loops), len(fiji.belts), fiji.inverted
    (1, 0, False)
    >>> pole = region_of(ring_polygon(0, -80, 2_000))
    >>> len(pole.loops), len(pole.belts), pole.inverted
    (0, 1, True)
    """
    region = Region(inverted=bool(shapely.intersects(geometry, shapely.Point(0, -90))))
    chains: list[Line] = []
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            chains.extend(_off_frame(shapely.get_coordinates(ring)))
    while chains:
        line = chains.pop()
        while not _closed(line):
            following = _next(line, chains)
            if following is None:
                break
            chain = chains.pop(following)
            shift = 360.0 * round((line[-1, 0] - chain[0, 0]) / 360.0)
            line = np.concatenate([line, chain[1:] + np.array([shift, 0.0])])
        turns_round = abs(abs(line[-1, 0] - line[0, 0]) - 360.0) < 1.0
        (region.belts if turns_round else region.loops).append(_thinned(line, thin_deg))
    return region


def _off_frame(ring: Line) -> list[Line]:
    """Return the runs of a ring that do not lie along +-180 or +-90."""
    lon, lat = ring.T
    on_seam = np.abs(np.abs(lon) - 180) < _ON_FRAME_DEG
    on_pole = np.abs(np.abs(lat) - 90) < _ON_FRAME_DEG
    along_seam = on_seam[:-1] & on_seam[1:] & (np.abs(np.diff(lon)) < 1)
    drop = np.flatnonzero(along_seam | (on_pole[:-1] & on_pole[1:]))
    if not len(drop):
        return [ring]
    # Start behind a dropped edge, so that no run is split where the ring begins.
    turned = np.concatenate([ring[drop[0] + 1 : -1], ring[: drop[0] + 1]])
    cuts = np.concatenate([[-1], (drop[1:] - drop[0] - 1), [len(turned) - 1]])
    runs = [turned[a + 1 : b + 1] for a, b in pairwise(cuts)]
    return [run for run in runs if len(run) > 1]


def _closed(line: Line) -> bool:
    """Tell whether a line ends where it began, on the plane or after a turn round the Earth."""
    east, north = np.abs(line[-1] - line[0])
    return bool(north < 1e-6 and min(east, abs(east - 360.0)) < 1e-6)


def _next(line: Line, chains: list[Line]) -> int | None:
    """Return which chain goes on where the line leaves +-180 at the other side, if any does."""
    if not chains:
        return None
    starts = np.array([chain[0] for chain in chains])
    away = np.abs(starts[:, 1] - line[-1, 1])
    across = np.round((starts[:, 0] - line[-1, 0]) / 180.0).astype(int) % 2 == 0
    own_start = abs(line[0, 1] - line[-1, 1])
    away[~across] = np.inf
    best = int(np.argmin(away))
    return best if away[best] < min(own_start, 1.0) else None


def _thinned(line: Line, thin_deg: float) -> Line:
    """Drop vertices that nobody would see."""
    return np.asarray(shapely.get_coordinates(shapely.simplify(shapely.LineString(line), thin_deg)))
