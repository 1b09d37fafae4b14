"""Eastern halves of rings, seen from sites at longitude 0 and latitude >= 0.

A ring is its own mirror image in the meridian of its site, so half of it is enough.
`spread` places the vertices; then every edge is checked, and split where it strays.

Most edges are short beside their distance to the Earth's axis. There the ring between two
vertices is, to far better than the tolerance, the cubic through both with their velocities,
and the edge strays from it by t (1 - t) |(1 - t) a + t b|, where t runs along the edge, and
a and b are how far the tangent at each end misses the other end. The other edges, long or
near a pole, are judged at points along them: a point of the edge is as far from the ring
as from the nearest point of the ring, or nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy import _series
from rangemap.geodesy._crossing import crossing
from rangemap.geodesy._series import Ints, Points, Series, to_earth_centred
from rangemap.geodesy._spacing import MERCATOR_LIMIT_SIN, spread
from rangemap.geodesy._validation import Floats
from rangemap.geodesy.wgs84 import inverse

_PLANNED: Final = 0.92  # of the tolerance, when vertices are placed
_SHARE: Final = 0.96  # of the tolerance that an edge may use; the rest covers what samples miss
_ROUND: Final = 0.0007  # of the radius, at 100 m or finer: a small ring stays round
_ROUND_AT_M: Final = 100.0  # who asks for coarser gets coarser small rings as well
# A ring through a pole is moved, so that the pole is inside, by the least of these: metres,
# and shares of the radius and of the tolerance.
_AT_POLE_M: Final = 0.05
_AT_POLE_OF_RADIUS: Final = 0.01
_AT_POLE_OF_TOLERANCE: Final = 0.02
_LONG: Final = 0.25  # radians of azimuth: longer edges are sampled
_NEAR_AXIS: Final = 0.15  # and so are edges longer than this share of the way to the axis
_ALONG: Final = (0.23, 0.33, 0.45, 0.55, 0.67, 0.77)
_SAMPLES: Final = np.linspace(0, 1, 13)
_MERCATOR_LIMIT: Final = float(np.pi)  # the ordinate of 85.0511 degrees
_MAX_ROUNDS: Final = 60
ON_SEAM_DEG: Final = 1e-9  # 0.1 mm: a site or vertex this near to the seam is taken to lie on it

Index = Ints | slice
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class HalfRings:
    """Vertices of eastern halves, ragged, in order of azimuth from 0 to pi.

    Attributes
    ----------
    radius_m : shape (n,)
    poles : shape (n,), how many poles each ring holds: 0, 1 or 2
    counts : shape (n,), vertices of each half
    dlon, lat : degrees, shape (sum of counts,); dlon in [0, 180]
    """

    radius_m: Floats
    poles: Ints
    counts: Ints
    dlon: Floats
    lat: Floats


def half_rings(
    site_lat: Floats, radius_m: Floats, tolerance_m: Floats, seam_dlon: Floats | None = None
) -> HalfRings:
    """Return vertices so close that no edge strays from its ring by over its tolerance.

    All arrays have shape (n,); latitudes are degrees in [0, 90]. Where a ring crosses the
    meridian that lies `seam_dlon` degrees from its site's there is a vertex on it.
    """
    radius_m, poles = _poles_inside(site_lat, radius_m, tolerance_m)
    series = _series.fit(site_lat, radius_m)
    limit = _ROUND * radius_m * np.maximum(1.0, tolerance_m / _ROUND_AT_M)
    counts, azimuth = spread(series, np.minimum(_PLANNED * tolerance_m, limit))
    allowed = np.minimum(_SHARE * tolerance_m, limit * (_SHARE / _PLANNED))
    draft = _Draft(series, allowed, counts, azimuth)
    draft.settle(slice(None, -1))
    if seam_dlon is not None:
        draft.cross(seam_dlon)
    counts = np.bincount(draft.ring)
    dlon = np.degrees(draft.points.dlon)
    # On the meridian of the site the longitude is known, whatever rounding makes of it.
    ends = np.cumsum(counts)
    dlon[ends - counts] = np.where(poles >= 1, 180.0, 0.0)
    dlon[ends - 1] = np.where(poles == 2, 180.0, 0.0)
    if seam_dlon is not None:
        dlon = np.where(draft.on_seam, seam_dlon[draft.ring], dlon)
    return HalfRings(radius_m, poles, counts, dlon, np.degrees(draft.points.lat))


def _poles_inside(site_lat: Floats, radius_m: Floats, tolerance_m: Floats) -> tuple[Floats, Ints]:
    """Return radii that keep clear of the poles, and how many poles each ring holds."""
    zero = np.zeros(2 * len(site_lat))
    pole = np.repeat([90.0, -90.0], len(site_lat))
    _, metres = inverse(zero, np.tile(site_lat, 2), zero, pole)
    to_pole = metres.reshape(2, -1)
    clear = np.minimum(
        _AT_POLE_M,
        np.minimum(_AT_POLE_OF_RADIUS * radius_m, _AT_POLE_OF_TOLERANCE * tolerance_m),
    )
    for distance in to_pole:
        near = np.abs(radius_m - distance) < clear
        radius_m = np.where(near, distance + clear, radius_m)
    return radius_m, (radius_m > to_pole).sum(axis=0)


class _Draft:
    """Vertices of half rings while edges are being split."""

    def __init__(self, series: Series, allowed: Floats, counts: Ints, azimuth: Floats) -> None:
        self.series = series
        self.allowed = allowed
        self.ring = np.repeat(np.arange(len(counts)), counts)
        self.points = _series.points(series, counts, azimuth)
        self.on_seam = np.zeros(len(azimuth), dtype=bool)

    def settle(self, edges: Index) -> None:
        """Split edges, from the vertices `edges` to the next, until none strays."""
        for _ in range(_MAX_ROUNDS):
            strays = self._strays(edges)
            bad = np.flatnonzero(strays) if isinstance(edges, slice) else edges[strays]
            if not bad.size:
                return
            azimuth = self.points.azimuth
            edges = self._insert(bad, 0.5 * (azimuth[bad] + azimuth[bad + 1]), on_seam=False)
        raise RuntimeError("a ring does not settle: this is a defect of rangemap")

    def cross(self, seam_dlon: Floats) -> None:
        """Put a vertex where a ring crosses a meridian, `seam_dlon` degrees from its site's."""
        aside = np.degrees(self.points.dlon) - seam_dlon[self.ring]
        aside[np.abs(aside) < ON_SEAM_DEG] = 0.0
        crosses = (aside[1:] * aside[:-1] < 0) & (self.ring[1:] == self.ring[:-1])
        before = np.flatnonzero(crosses)
        if not before.size:
            return
        ring, azimuth = self.ring[before], self.points.azimuth
        at = crossing(self.series, ring, azimuth[before], azimuth[before + 1], seam_dlon[ring])
        self.settle(self._insert(before, at, on_seam=True))

    def _insert(self, after: Ints, azimuth: Floats, *, on_seam: bool) -> Ints:
        """Put vertices behind those of index `after`; return the edges on both sides of them."""
        ring = self.ring[after]
        counts = np.bincount(ring, minlength=len(self.allowed))
        new = _series.points(self.series, counts, azimuth)
        self.points = self.points.merged(after + 1, new)
        self.ring = np.insert(self.ring, after + 1, ring)
        self.on_seam = np.insert(self.on_seam, after + 1, on_seam)
        first = after + np.arange(len(after))
        return np.stack([first, first + 1], axis=1).ravel()

    def _strays(self, edges: Index) -> Flags:
        """Return which edges stray from their ring by more than is allowed."""
        following: Index = slice(1, None) if isinstance(edges, slice) else edges + 1
        a, b, ring = self.points.at(edges), self.points.at(following), self.ring[edges]
        limit = self.allowed[ring]
        step = b.azimuth - a.azimuth
        a_speed, b_speed = (np.sqrt(p.east * p.east + p.north * p.north) for p in (a, b))
        turn, rise, climb = b.dlon - a.dlon, b.lat - a.lat, b.mercator - a.mercator
        a_turn, b_turn = a.north * a.axis / a_speed * turn, b.north * b.axis / b_speed * turn
        a_north, b_north = a.east * a.meridian / a_speed, b.east * b.meridian / b_speed
        strays: Flags = _bow(a_north * rise - a_turn, b_turn - b_north * rise) > limit
        shown = np.minimum(np.abs(a.sin_lat), np.abs(b.sin_lat)) < MERCATOR_LIMIT_SIN
        bow = _bow(a_north * a.cos_lat * climb - a_turn, b_turn - b_north * b.cos_lat * climb)
        strays |= (bow > limit) & shown
        rough = (step > _LONG) | (a_speed * step > _NEAR_AXIS * np.minimum(a.axis, b.axis))
        some = np.flatnonzero(rough & (step > 0))
        if some.size:
            off = _sampled(self.series, ring[some], a.at(some), b.at(some))
            strays[some] = off > limit[some]
        strays &= self.ring[following] == ring
        return strays


def _bow(a: Floats, b: Floats) -> Floats:
    """Return how far an edge strays from a cubic whose end tangents miss the far ends by a, b."""
    most = np.zeros(len(a))
    for t in _ALONG:
        np.maximum(most, np.abs((1 - t) * a + t * b) * (t * (1 - t)), out=most)
    return most


def _sampled(series: Series, ring: Ints, a: Points, b: Points) -> Floats:
    """Return the largest distance from the ring, in metres, of points along each edge."""
    lon = a.dlon[:, None] + (b.dlon - a.dlon)[:, None] * _SAMPLES
    lat = a.lat[:, None] + (b.lat - a.lat)[:, None] * _SAMPLES
    y1, y2 = a.mercator[:, None], b.mercator[:, None]
    share = _visible_share(y1, y2)
    mercator_lon = a.dlon[:, None] + (b.dlon - a.dlon)[:, None] * share
    mercator_lat = np.arctan(np.sinh(y1 + (y2 - y1) * share))
    q = to_earth_centred(np.hstack([lon, mercator_lon]), np.hstack([lat, mercator_lat]))
    counts = np.bincount(ring, minlength=series.x.shape[1]) * q[0].shape[1]
    chord = tuple((end - start)[:, None] for start, end in zip(_xyz(a), _xyz(b), strict=True))
    scale = sum(c * c for c in chord)
    # The point of the ring beside each sample: at first as on the chord, then put right once.
    along = sum((v - s[:, None]) * c for v, s, c in zip(q, _xyz(a), chord, strict=True)) / scale
    for last in (False, True):
        along = np.clip(along, 0.0, 1.0)
        azimuth = a.azimuth[:, None] + (b.azimuth - a.azimuth)[:, None] * along
        beside = _series.positions(series, counts, azimuth.ravel())
        off = tuple(v - p.reshape(v.shape) for v, p in zip(q, beside, strict=True))
        if not last:
            along = along + sum(o * c for o, c in zip(off, chord, strict=True)) / scale
    largest: Floats = np.sqrt(sum(o * o for o in off)).max(axis=1)
    return largest


def _xyz(p: Points) -> tuple[Floats, Floats, Floats]:
    return p.x, p.y, p.z


def _visible_share(y1: Floats, y2: Floats) -> Floats:
    """Return where to sample edges that are straight in Mercator: only where a map shows them.

    An edge that ends near a pole runs far off the map; its visible part needs the samples.
    """
    level = y1 == y2
    step = np.where(level, 1.0, y2 - y1)
    at_limits = (np.array([-_MERCATOR_LIMIT, _MERCATOR_LIMIT]) - y1) / step
    low = np.where(level, 0.0, np.clip(at_limits.min(axis=1, keepdims=True), 0, 1))
    high = np.where(level, 1.0, np.clip(at_limits.max(axis=1, keepdims=True), 0, 1))
    share: Floats = low + (high - low) * _SAMPLES
    hidden = (np.abs(y1) > _MERCATOR_LIMIT) & (np.abs(y2) > _MERCATOR_LIMIT)
    return np.where(hidden & (y1 * y2 > 0), 0.0, share)
