"""Is a drawn boundary where it should be? Both drawings of each edge are judged, by few places.

Let D be the distance that matters: of a place from a territory; along the boundary it should be r.
Between two places h apart on a line of curvature k, D falls below the lesser of its values by no
more than (k + c) h^2 / 8, since it is semi-concave (`rangemap.geodesy._bending`). Neither of the
two drawings of an edge has a greater curvature than the bound used here, and they share their ends.
So if an edge is short enough, it is proven by its two ends, in both drawings at once. Only edges
that are too long, or have an end that is itself a little too near, are asked between the ends,
and once for each drawing if these lie apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rangemap.geodesy import _drawn
from rangemap.geodesy._bending import (
    STRAIGHT_PER_M,
    Ints,
    edge_curvature,
    edge_lengths_m,
    follows,
    piece_counts,
)
from rangemap.geodesy._validation import Floats

# Shares of the tolerance. RING: an edge strays so far from the ring that it was drawn from. SLACK:
# where D is nearer to r than this, nothing is amiss. BETWEEN: what D may lose from one place asked
# to the next. SPACING: what is lost since a boundary is asked for its dense points only.
RING: Final = 0.62
SLACK: Final = 0.63
BETWEEN: Final = 0.18
SPACING: Final = 0.16
_ALL: Final = SLACK + BETWEEN  # for ends and what lies between them together
_APART: Final = 0.01  # drawings so near to each other are one
_LONGEST: Final = 0.66  # an edge on which D may lose more than this is asked between its ends

# Of places (degrees, owner) and slacks (metres): the index of what makes D wrong by more, or -1.
Ask = Callable[[Floats, Floats, Ints, Floats], Ints]


@dataclass(frozen=True)
class Faults:
    """Places of a boundary where D is wrong, with what makes it so; and edges to be halved.

    Attributes
    ----------
    lon, lat : degrees
    owner, cause : of each place
    edge, share : the edge of each place, and how far along it the place is, from 0 to 1
    bowed : numpy.ndarray, shape (k, 4)
        Edges that are right in longitude and latitude and wrong in Web Mercator.
    bowed_owner : numpy.ndarray, shape (k,)
    proven : numpy.ndarray of bool, shape (n,)
        Of the edges inspected: nothing is amiss on them, in either drawing.
    """

    lon: Floats
    lat: Floats
    owner: Ints
    cause: Ints
    edge: Ints
    share: Floats
    bowed: Floats
    bowed_owner: Ints
    proven: npt.NDArray[np.bool_]


def inspect(edges: Floats, owner: Ints, ask: Ask, bend: float, tolerance_m: float) -> Faults:
    """Judge the edges of boundaries.

    Parameters
    ----------
    edges : numpy.ndarray, shape (n, 4)
        Those of each ring in order; owners ascend.
    owner : numpy.ndarray, shape (n,)
    ask : callable
        See `Ask`.
    bend : float
        How fast D bends, per metre; of the side on which it may be wrong.
    tolerance_m : float
    """
    curvature = edge_curvature(edges) + bend + STRAIGHT_PER_M
    fall = curvature * edge_lengths_m(edges) ** 2 / 8
    allowed = SLACK * tolerance_m
    ask_between = fall > _LONGEST * tolerance_m
    slack = np.where(ask_between, allowed, _ALL * tolerance_m - fall)
    ends = _Ends(edges, owner, slack)
    cause = ask(ends.lon, ends.lat, ends.owner, ends.slack)
    low = np.flatnonzero(cause >= 0)
    if len(low):
        ask_between[ends.edge[low]] = True
        ask_between[ends.edge_before[low]] = True
        # Nearer than the edges beside it allow, but is it amiss?
        strict = low[ends.slack[low] < allowed]
        some = ends.lon[strict], ends.lat[strict], ends.owner[strict]
        cause[strict] = ask(*some, np.full(len(strict), allowed))
    amiss = cause >= 0
    places = [
        (
            ends.lon[amiss], ends.lat[amiss], ends.owner[amiss], cause[amiss],
            ends.edge[amiss], ends.share[amiss],
        )
    ]  # fmt: skip
    proven = np.ones(len(edges), dtype=bool)
    proven[ends.edge[amiss]] = proven[ends.edge_before[amiss]] = False
    long = np.flatnonzero(ask_between)
    counts = piece_counts(edges[long], bend, BETWEEN * tolerance_m, owner[long])
    plain, wrong = _between(edges[long], owner[long], counts, ask, allowed, mercator=False)
    lon, lat, cause, which, share = plain
    places.append((lon, lat, owner[long][which], cause, long[which], share))
    proven[long[wrong]] = False
    apart = _drawn.shown(edges[long]) & (_drawn.apart_m(edges[long]) > _APART * tolerance_m)
    long, counts = long[apart], counts[apart]
    _, bowed = _between(edges[long], owner[long], counts, ask, allowed, mercator=True)
    bowed = long[bowed]
    proven[bowed] = False
    lon, lat, place_owner, cause, edge, share = (
        np.concatenate(column) for column in zip(*places, strict=True)
    )
    order = np.argsort(place_owner, kind="stable")
    return Faults(
        lon[order], lat[order], place_owner[order], cause[order], edge[order], share[order],
        edges[bowed], owner[bowed], proven,
    )  # fmt: skip


class _Ends:
    """The ends of edges, once each where one edge follows another; with the edges beside them."""

    def __init__(self, edges: Floats, owner: Ints, slack: Floats) -> None:
        followed = follows(edges, owner)
        # Each edge stands for its start; the last of a chain a second time, for its end.
        self.edge = edge = np.repeat(np.arange(len(edges)), 2 - followed)
        last = np.append(edge[1:] == edge[:-1], False)
        last[1:], last[:1] = last[:-1].copy(), False
        after_another = np.append(False, followed[:-1])
        self.edge_before = edge - (after_another[edge] & ~last)
        self.share = last.astype(np.float64)
        self.lon = np.where(last, edges[edge, 2], edges[edge, 0])
        self.lat = np.where(last, edges[edge, 3], edges[edge, 1])
        self.owner = owner[edge]
        self.slack = np.minimum(slack[edge], slack[self.edge_before])


_NO_FLOATS: Final = np.empty(0)
_NO_INTS: Final = np.empty(0, dtype=np.intp)
_NOTHING: Final = ((_NO_FLOATS, _NO_FLOATS, _NO_INTS, _NO_INTS, _NO_FLOATS), _NO_INTS)


def _between(
    edges: Floats, owner: Ints, counts: Ints, ask: Ask, allowed_m: float, *, mercator: bool
) -> tuple[tuple[Floats, Floats, Ints, Ints, Floats], Ints]:
    """Ask inner places of edges: return those that are amiss, and the edges that have them.

    Of a place: longitude, latitude, cause, edge, and its share of the edge.
    """
    if not len(edges):
        return _NOTHING
    lon, lat, which = _drawn.inner_points(edges, counts, mercator=mercator)
    nth = np.arange(len(which)) - np.searchsorted(which, which) + 1
    share = nth / counts[which]
    if mercator and len(lat):
        # A piece counts if an end of it is shown.
        hidden = np.abs(lat) > _drawn.LIMIT_DEG
        beside = np.append(hidden[1:], True) & np.append(True, hidden[:-1])
        kept = ~(hidden & beside)
        lon, lat, which, share = lon[kept], lat[kept], which[kept], share[kept]
    cause = ask(lon, lat, owner[which], np.full(len(lon), allowed_m))
    amiss = np.flatnonzero(cause >= 0)
    found = lon[amiss], lat[amiss], cause[amiss], which[amiss], share[amiss]
    return found, np.unique(which[amiss])
