"""The boundary of a union of discs, put together directly: arcs of rings between kinks.

Round a closed loop near to the boundary, places are labelled with the source that is nearest to
each. Where the label changes, the rings of both sources cross: that kink is solved for. Between
kinks run arcs, each as finely divided as the tolerance asks. A source whose arc would run
backwards is hidden by its neighbours and left out. No polygon is united with another.

Rings are those of `rangemap.geodesy._level.Formula`, which is millimetres from the geodesic
ring, and whose gradient is known: a kink takes a few steps of Newton's method in space.

A loop that cannot be had in this way, for it crosses the antimeridian, comes near to a pole or
belongs to one source, is left to others. So is the proof that nothing was missed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from rangemap.geodesy._boundary import Ints
from rangemap.geodesy._level import Formula, dot
from rangemap.geodesy._loops import Labels, Loops
from rangemap.geodesy._nearest import A_M, degrees, tangents
from rangemap.geodesy._sectors import Spacing
from rangemap.geodesy._validation import Bools, Floats

_STEPS: Final = 12
_RING_STEPS: Final = 2  # from an arc that is off by the flattening
_DROPPINGS: Final = 12
_LEAST_DEG: Final = 1e-7  # an arc narrower than this is none
_MOST_DEG: Final = 350.0
_CONVERGED: Final = 1e-7  # radians; the step after would be some hundred thousand times shorter
_LEAST_CORNERS: Final = 4  # of a ring, the first twice
_AT_POLE: Final = 1e-9


@dataclass(frozen=True)
class _Arcs:
    """Stretches of loops with one label each, in order; azimuths in degrees at their source.

    `turn` is by how much the azimuth falls from the first place of the stretch to its last.
    """

    loop: Ints
    source: Ints
    first: Floats
    last: Floats
    first_azimuth: Floats
    last_azimuth: Floats
    turn: Floats

    def some(self, kept: Bools) -> _Arcs:
        return _Arcs(*(getattr(self, field.name)[kept] for field in fields(self)))

    def after(self) -> Ints:
        """Return the arc after each, round its loop."""
        number = np.arange(len(self.loop))
        starts = np.flatnonzero(np.diff(self.loop, prepend=-1))
        ends = np.append(starts[1:], len(number)) - 1
        following = number + 1
        following[ends] = starts
        return following


def loops(labels: Labels, count: int, vectors: Floats, formula: Formula, spacing: Spacing) -> Loops:
    """Return the boundaries of unions of discs.

    Parameters
    ----------
    labels : Labels
    count : int
        How many loops there are.
    vectors : numpy.ndarray, shape (s, 3)
        Of all sources.
    formula : Formula
        At the radius of the discs.
    spacing : Spacing
        How finely arcs are divided.
    """
    good = np.zeros(count, dtype=bool)
    arcs = _merged(_single_arcs(labels, vectors))
    good[np.unique(arcs.loop)] = True
    good[arcs.loop[np.abs(vectors[arcs.source, 2]) > 1 - _AT_POLE]] = False
    for _ in range(_DROPPINGS):
        good &= np.bincount(arcs.loop, minlength=count) > 1
        arcs = arcs.some(good[arcs.loop])
        if not len(arcs.loop):
            break
        kinks, start, width = _between_kinks(arcs, vectors, formula, good)
        hidden = (width <= _LEAST_DEG) & good[arcs.loop]
        if not hidden.any():
            return _drawn(arcs, kinks, start, width, good, vectors, formula, spacing)
        arcs = _merged(arcs.some(~_first_to_go(hidden, width, arcs.after())))
    return Loops.none(count)


def _single_arcs(labels: Labels, vectors: Floats) -> _Arcs:
    azimuth = azimuths(vectors[labels.source], labels.places)
    places = labels.places
    still = np.zeros(len(azimuth))
    return _Arcs(labels.loop, labels.source, places, places, azimuth, azimuth, still)


def _merged(arcs: _Arcs) -> _Arcs:
    """Merge arcs of one source that follow each other round a loop."""
    count = len(arcs.loop)
    if not count:
        return arcs
    new = np.ones(count, dtype=bool)
    new[1:] = (np.diff(arcs.loop) != 0) | (np.diff(arcs.source) != 0)
    first = np.flatnonzero(new)
    last = np.append(first[1:], count) - 1
    step = np.zeros(count)  # from the arc before
    step[1:] = _turned(arcs.last_azimuth[:-1] - arcs.first_azimuth[1:])
    step[first] = 0
    turn = np.add.reduceat(arcs.turn + step, first)
    loop, source = arcs.loop[first], arcs.source[first]
    heads, head_azimuth = arcs.first[first].copy(), arcs.first_azimuth[first].copy()
    # The last arc of a loop may go on in its first.
    starts = np.flatnonzero(np.diff(loop, prepend=-1))
    ends = np.append(starts[1:], len(loop)) - 1
    round_ = (source[starts] == source[ends]) & (starts != ends)
    starts, ends = starts[round_], ends[round_]
    turn[starts] += turn[ends]
    turn[starts] += _turned(arcs.last_azimuth[last[ends]] - head_azimuth[starts])
    heads[starts], head_azimuth[starts] = heads[ends], head_azimuth[ends]
    kept = np.ones(len(loop), dtype=bool)
    kept[ends] = False
    whole = _Arcs(loop, source, heads, arcs.last[last], head_azimuth, arcs.last_azimuth[last], turn)
    return whole.some(kept)


def _between_kinks(
    arcs: _Arcs, vectors: Floats, formula: Formula, good: Bools
) -> tuple[Floats, Floats, Floats]:
    """Return the kink after each arc, and the first azimuth and the width of each arc.

    A loop of which a kink cannot be found is no longer good.
    """
    after = arcs.after()
    before = np.empty_like(after)
    before[after] = np.arange(len(after))
    kinks, found = _crossings(
        vectors[arcs.source], vectors[arcs.source[after]], arcs.last + arcs.first[after], formula
    )
    good[arcs.loop[~found]] = False
    own = vectors[arcs.source]
    start, end = azimuths(own, kinks[before]), azimuths(own, kinks)
    width = arcs.turn + _turned(start - arcs.first_azimuth) + _turned(arcs.last_azimuth - end)
    good[arcs.loop[width > _MOST_DEG]] = False
    return kinks, start, width


def _crossings(one: Floats, other: Floats, near: Floats, formula: Formula) -> tuple[Floats, Bools]:
    """Return where the rings of two sources cross, near to given places; and if they do."""
    place = near / np.sqrt(dot(near, near))[:, None]
    moving = np.ones(len(place), dtype=bool)  # each stops by itself, whatever the others do
    for _ in range(_STEPS):
        value_1, slope_1 = formula.excess(one, place)
        value_2, slope_2 = formula.excess(other, place)
        off = 0.5 * (dot(place, place) - 1)
        across = _cross(slope_1, slope_2)
        volume = dot(across, place)
        safe = np.where(np.abs(volume) > 1e-30, volume, 1.0)
        move = (
            value_1[:, None] * _cross(slope_2, place)
            + value_2[:, None] * _cross(place, slope_1)
            + off[:, None] * across
        ) / safe[:, None]
        step = np.sqrt(dot(move, move))
        # Too long a step is shortened: no kink is so far from where it is looked for.
        share = np.where(moving, np.minimum(1.0, 0.3 / np.maximum(step, 1e-30)), 0.0)
        place = place - move * share[:, None]
        moving &= ~((step < _CONVERGED) & (np.abs(volume) > 1e-30))
        if not moving.any():
            break
    return place, ~moving


def _first_to_go(hidden: Bools, width: Floats, after: Ints) -> Bools:
    """Return those hidden arcs that are narrower than hidden arcs beside them."""
    depth = np.where(hidden, width, np.inf)
    before = np.empty_like(after)
    before[after] = np.arange(len(after))
    return hidden & (depth <= depth[before]) & (depth < depth[after])


def _drawn(
    arcs: _Arcs,
    kinks: Floats,
    start: Floats,
    width: Floats,
    good: Bools,
    vectors: Floats,
    formula: Formula,
    spacing: Spacing,
) -> Loops:
    counts, polar = spacing.pieces(vectors[arcs.source, 2], start - width, start)
    good[arcs.loop[polar]] = False
    kept = good[arcs.loop]
    if not kept.any():
        return Loops.none(len(good))
    arcs, kinks, start, width, counts = (
        arcs.some(kept), kinks[kept], start[kept], width[kept], counts[kept]
    )  # fmt: skip
    # Each arc gives its inner vertices and the kink after it.
    arc = np.repeat(np.arange(len(counts)), counts)
    nth = np.arange(len(arc)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    azimuth = start[arc] - width[arc] * nth / counts[arc]
    places = np.empty((len(arc), 3))
    inner = nth < counts[arc]
    places[inner] = _on_ring(vectors[arcs.source[arc[inner]]], azimuth[inner], formula)
    places[~inner] = kinks
    coordinates, loop, source = degrees(places), arcs.loop[arc], arcs.source[arc]
    bare = ~inner & (counts == 1)[arc]
    # Without a vertex that stands twice, and closed.
    starts = np.flatnonzero(np.diff(loop, prepend=-1))
    ends = np.append(starts, len(loop))[1:]
    coordinates = np.insert(coordinates, ends, coordinates[starts], axis=0)
    loop, source = np.insert(loop, ends, loop[starts]), np.insert(source, ends, -1)
    kink, bare = np.insert(~inner, ends, False), np.insert(bare, ends, False)
    steps = np.diff(coordinates, axis=0)
    within = np.diff(loop) == 0
    good[loop[1:][within & (np.abs(steps[:, 0]) > 180)]] = False
    good[loop[1:][within & (steps[:, 0] == 0) & (steps[:, 1] == 0)]] = False
    good &= np.bincount(loop, minlength=len(good)) >= _LEAST_CORNERS
    kept = good[loop]
    return Loops(coordinates[kept], loop[kept], source[kept], kink[kept], bare[kept], good)


def _on_ring(sources: Floats, azimuth: Floats, formula: Formula) -> Floats:
    """Return places of rings at azimuths on the auxiliary sphere."""
    north, east = tangents(sources)
    turned = np.radians(azimuth)[:, None]
    towards = np.cos(turned) * north + np.sin(turned) * east
    arc = np.full(len(azimuth), formula.level_m / A_M)
    for _ in range(_RING_STEPS):
        sin_arc, cos_arc = np.sin(arc)[:, None], np.cos(arc)[:, None]
        place = cos_arc * sources + sin_arc * towards
        value, slope = formula.excess(sources, place)
        arc = arc - value / dot(slope, cos_arc * towards - sin_arc * sources)
    result: Floats = np.cos(arc)[:, None] * sources + np.sin(arc)[:, None] * towards
    return result


def azimuths(start: Floats, end: Floats) -> Floats:
    """Return azimuths on the auxiliary sphere, degrees: 0.2 off those of geodesics at most.

    Along a ring they turn as those of geodesics do, so arcs can be told by them exactly.
    """
    x, y, z = start.T
    east = x * end[:, 1] - y * end[:, 0]
    north = end[:, 2] * (x * x + y * y) - z * (x * end[:, 0] + y * end[:, 1])
    result: Floats = np.degrees(np.arctan2(east, north))
    return result


def _cross(one: Floats, other: Floats) -> Floats:
    (a, b, c), (x, y, z) = one.T, other.T
    result = np.empty_like(one)
    result[:, 0], result[:, 1], result[:, 2] = b * z - c * y, c * x - a * z, a * y - b * x
    return result


def _turned(angle: Floats) -> Floats:
    """Return angles in (-180, 180]."""
    result: Floats = 180.0 - np.mod(180.0 - angle, 360.0)
    return result
