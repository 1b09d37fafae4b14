"""How right a drawn disc is: valid, near the true ring, and the same side for points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from benchmarks.sites import anywhere, distances_m

POINTS = anywhere(np.random.default_rng(7), 20_000)
WRONG_ABOVE = 10  # of 20,000 points misjudged: a site of which 0.05 % of the world is wrong
_SHARES = np.linspace(0, 1, 9)[:-1]


@dataclass(frozen=True)
class Quality:
    """What holds of a method over all sites."""

    valid: int
    wrong: int
    sites: int
    vertices: float
    vertex_error_m: float
    edge_error_m: float
    worst_edge_m: float


@dataclass(frozen=True)
class Truth:
    """Which points lie within the radius of each site."""

    sites: np.ndarray
    km: float
    inside: np.ndarray

    @classmethod
    def of(cls, sites: np.ndarray, km: float) -> Truth:
        """Ask Karney for every site and point."""
        inside = np.array([distances_m(site, POINTS) <= km * 1000 for site in sites])
        return cls(sites, km, inside)


def assess(discs: list[shapely.Geometry], truth: Truth) -> Quality:
    """Measure one method's discs against the truth."""
    vertex, edge, wrong = [], [], 0
    for site, disc, inside in zip(truth.sites, discs, truth.inside, strict=True):
        off_vertex, off_edge = _errors_m(disc, site, truth.km)
        vertex.append(off_vertex)
        edge.append(off_edge)
        shapely.prepare(disc)
        drawn = shapely.contains_xy(disc, *POINTS.T)
        wrong += int((drawn != inside).sum()) > WRONG_ABOVE
    return Quality(
        valid=int(shapely.is_valid(discs).sum()),
        wrong=wrong,
        sites=len(discs),
        vertices=float(np.mean(shapely.get_num_coordinates(discs))),
        vertex_error_m=float(np.median(vertex)),
        edge_error_m=float(np.median(edge)),
        worst_edge_m=float(np.max(edge)),
    )


def _errors_m(disc: shapely.Geometry, site: np.ndarray, km: float) -> tuple[float, float]:
    """Return the largest distance from the ring of vertices, and of points along edges."""
    points = [np.empty((0, 2))]
    for line in shapely.get_parts(shapely.get_rings(shapely.get_parts(disc))):
        xy = shapely.get_coordinates(line)
        start, step = xy[:-1], np.diff(xy, axis=0)
        seam = (np.abs(start[:, 0]) == 180) & (step[:, 0] == 0)
        pole = (np.abs(start[:, 1]) == 90) & (step[:, 1] == 0)
        drawn = ~(seam | pole)
        along = start[drawn, None] + step[drawn, None] * _SHARES[:, None]
        points.append(along.reshape(-1, 2))
    off = np.abs(distances_m(site, np.concatenate(points)) - km * 1000)
    if not len(off):
        return float("inf"), float("inf")
    return float(off[:: len(_SHARES)].max()), float(off.max())
