"""Where names crowd on a map, how much larger that part must be drawn, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from rangemap.views.figure_bands import SystemRing
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_sides import Mark
from rangemap.views.figure_symbols import (
    Flags,
    Places,
    Sites,
    Window,
    symbols_of,
    to_name,
    visible,
    wanted_labels,
)
from rangemap.views.labels import Box, Label, text_size
from rangemap.views.placing import Prepared, place_prepared, prepare_labels
from rangemap.views.projection import Floats, MapView

MARGIN_PT: Final = 7.0
NOTE_SIZE: Final = 6.2
_SIZES: Final = ((0.34, 0.43), (0.41, 0.52), (0.27, 0.34), (0.47, 0.4), (0.3, 0.6), (0.345, 0.46))
"""Shares of the map's width and height that the first inset may take."""
_SMALL_SIZES: Final = ((0.13, 0.18), (0.16, 0.2), (0.2, 0.26), (0.24, 0.3))
"""And the second."""
_ZOOMS: Final = (2.0, 2.6, 3.3, 4.2)
_CROWDED: Final = (4, 1)  # names without room that call for a first inset, and for a second
_DEPTH: Final = 2  # how far names may move others in a long search
_STARTS: Final = 3  # windows from which that begins, at most
_TRIALS: Final = 9  # windows that are tried in earnest, of the many looked at
_ZOOM_COST: Final = 0.05  # of two insets that name as much, the one nearer to the map's scale
_CUT_COST: Final = 0.15  # of a symbol that a window's frame runs through
_CUT_PT: Final = 2.5
_KEPT: Final = 64  # themes, units and resolutions of one map share its insets
_HOPELESS: Final = 3.0  # a window worth so much less than none is not moved about
_SITE_WEIGHT: Final = 2.4  # of the name of a launch site; `_weight` has those of places
_MISSED_WEIGHT: Final = 3.6  # of a name that readers would miss
_LOST_UNDER: Final = 1.6  # a reached place that an inset covers weighs more than a name


_known: dict[tuple[object, ...], tuple[Inset, ...]] = {}


@dataclass(frozen=True)
class Inset:
    """A window of the map that is drawn again, larger, in a corner.

    Attributes
    ----------
    window, corner : Box
        On the map's page, in points.
    zoom : float
        How much larger.
    """

    window: Box
    corner: Box
    zoom: float


def windows_of(insets: Sequence[Inset]) -> list[Window]:
    """Return the windows with how much larger their insets are."""
    return [(inset.window, inset.zoom) for inset in insets]


def corners(canvas: Canvas, width: float, height: float) -> list[Box]:
    """Return a rectangle in each corner, the lower ones first."""
    left, low = MARGIN_PT, MARGIN_PT
    right, high = canvas.width - MARGIN_PT - width, canvas.height - MARGIN_PT - height
    spots = ((left, low), (right, low), (left, high), (right, high))
    return [Box(x, y, x + width, y + height) for x, y in spots]


def load(box: Box, points: Floats) -> int:
    """Return how many points a rectangle holds."""
    return int((box.distance(points[:, 0], points[:, 1]) == 0).sum()) if len(points) else 0


def note_box(zoom: float) -> Box:
    """Return where an inset says how much larger it is."""
    wide, high = text_size(inset_note(zoom), NOTE_SIZE)
    return Box(4, 4, 10 + wide, 8 + high)


def inset_note(zoom: float) -> str:
    """Return what an inset says about its scale.

    Examples
    --------
    >>> inset_note(2.6)
    'Enlarged 2.6 times'
    """
    return f"Enlarged {zoom:g} times"


def inset_canvas(canvas: Canvas, inset: Inset) -> Canvas:
    """Return the canvas of an inset; its axes are those of the map until it gets its own."""
    x0, y0 = canvas.to_plane(inset.window.x0, inset.window.y0)
    x1, y1 = canvas.to_plane(inset.window.x1, inset.window.y1)
    view = MapView(canvas.view.projection, x0, x1, y0, y1)
    wide, high = inset.corner.x1 - inset.corner.x0, inset.corner.y1 - inset.corner.y0
    return replace(canvas, view=view, width=wide, height=high, taken=[note_box(inset.zoom)])


def choose_insets(
    canvas: Canvas, sites: Sites, places: Places, lines: Floats, *,
    rings: Sequence[SystemRing], named: Callable[[list[Inset]], set[str]],
) -> list[Inset]:  # fmt: skip
    """Return the insets that let most names be written, none where names have room.

    It looks longer while a name is missing that readers would miss.

    Parameters
    ----------
    canvas : Canvas
        With nothing on it yet; it is left as it is.
    sites, places
        What has a name.
    lines : numpy.ndarray, shape (n, 2)
        Points along lines that names had better not cross.
    rings : sequence of SystemRing
        What else may have a label on the map.
    named : callable
        Returns the keys of the names that the map itself has, all labels told, with insets.
    """
    key = (
        canvas.view, canvas.width, canvas.height, tuple(canvas.taken), tuple(sites.names),
        tuple(places.keys), tuple(places.names), tuple(mark.category for mark in places.marks),
        lines.tobytes(), tuple((ring.label, ring.outline.wkb) for ring in rings),
    )  # fmt: skip
    if key not in _known:
        if len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        found = _chosen(_trial(canvas, sites, places, lines, 0), 1)
        trial = _trial(canvas, sites, places, lines, _DEPTH)
        _known[key] = tuple(_best(trial, found, named))
    return list(_known[key])


def _best(
    trial: _Trial, found: list[Inset], named: Callable[[list[Inset]], set[str]]
) -> list[Inset]:
    """Look longer and longer, until no name is missed; return what misses the fewest."""
    least = _missed(trial, found, named)
    worth = _value(trial, found)
    for starts in range(1, _STARTS + 1):
        if not least:
            break
        other = _chosen(trial, starts)
        missed, value = _missed(trial, other, named), _value(trial, other)
        if (missed, -value) < (least, -worth):
            found, least, worth = other, missed, value
    return found


def _missed(
    trial: _Trial, chosen: list[Inset], named: Callable[[list[Inset]], set[str]]
) -> int:  # fmt: skip
    """Return how many names are missing that readers would miss."""
    written = named(chosen).union(*(_within(trial, inset) for inset in chosen))
    shown = {
        f"place-{key}" for key, seen in zip(trial.places.keys, trial.shown, strict=True) if seen
    }
    sites = {f"site-{n}" for n in np.flatnonzero(trial.site_shown)}
    return len(((trial.places.missed() & shown) | sites) - written)


def _chosen(trial: _Trial, starts: int) -> list[Inset]:
    """Return the insets that are worth most, of those found from so many starts."""
    chosen: list[Inset] = []
    for crowded in _CROWDED:
        lost = _lost(trial, chosen)
        if len(lost) < crowded:
            break
        base = _value(trial, chosen)
        tried = [
            (_value(trial, [*chosen, inset]), inset)
            for inset in _windows(trial.canvas, trial.sites, trial.places, lost, chosen)
        ]
        tried.sort(key=lambda item: -item[0])
        best = max(
            (_improved(trial, chosen, one) for one in tried[:starts] if one[0] > base - _HOPELESS),
            key=lambda item: item[0],
            default=None,
        )
        if best is None or best[0] < base + max(crowded - 1, 1):
            break
        chosen.append(best[1])
    return chosen


def _improved(
    trial: _Trial, chosen: Sequence[Inset], best: tuple[float, Inset]
) -> tuple[float, Inset]:
    """Move and scale the window step by step while more names find room."""
    value, inset = best
    step = 0.16
    while step > 0.03:
        better = None
        for one in _neighbours(trial.canvas, inset, step, chosen):
            found = _value(trial, [*chosen, one])
            if found > value + 1e-9:
                value, better = found, one
        if better is None:
            step /= 2
        else:
            inset = better
    return value, inset


def _neighbours(canvas: Canvas, inset: Inset, step: float, chosen: Sequence[Inset]) -> list[Inset]:
    window, corner = inset.window, inset.corner
    wide, high = window.x1 - window.x0, window.y1 - window.y0
    found = []
    for dx, dy, grow in (
        (step, 0, 1), (-step, 0, 1), (0, step, 1), (0, -step, 1), (0, 0, 1 + step),
        (0, 0, 1 / (1 + step)),
    ):  # fmt: skip
        x = (window.x0 + window.x1) / 2 + dx * wide
        y = (window.y0 + window.y1) / 2 + dy * high
        zoom = round(inset.zoom / grow, 1)
        half_x = (corner.x1 - corner.x0) / zoom / 2
        half_y = (corner.y1 - corner.y0) / zoom / 2
        x = min(max(x, half_x + 2), canvas.width - half_x - 2)
        y = min(max(y, half_y + 2), canvas.height - half_y - 2)
        moved = Box(*(round(v, 2) for v in (x - half_x, y - half_y, x + half_x, y + half_y)))
        taken = [corner, *canvas.taken, *(b for one in chosen for b in (one.window, one.corner))]
        if zoom >= _ZOOMS[0] and not any(box.grown(4).overlaps(moved) for box in taken):
            found.append(Inset(moved, corner, zoom))
    return found


@dataclass(frozen=True)
class _Trial:
    """A map on which insets are tried: its labels are prepared once."""

    canvas: Canvas
    sites: Sites
    places: Places
    prepared: Prepared
    labels: tuple[Label, ...]
    shown: Flags
    site_shown: Flags
    depth: int
    within: dict[Inset, set[str]] = field(default_factory=dict)
    """The names that an inset has room for, of those tried."""
    values: dict[tuple[Inset, ...], float] = field(default_factory=dict)
    """What choices of insets are worth, of those tried."""

    def place(self, insets: Sequence[Inset]) -> set[str]:
        """Return the keys of the names that the map itself has room for."""
        hidden, windows = [one.corner for one in insets], windows_of(insets)
        gone = self._gone(self.sites.xy, hidden, windows, "site")
        gone |= self._gone(self.places.xy, hidden, windows, "place")
        return set(
            place_prepared(
                self.prepared,
                obstacles=[*hidden, *(box for box, _ in windows)],
                without=gone,
                depth=self.depth,
            )
        ) | {f"gone:{key}" for key in gone}

    def _gone(
        self, xy: Floats, hidden: Sequence[Box], windows: Sequence[Window], kind: str
    ) -> set[str]:
        kept = to_name(self.canvas, xy, hidden, windows)
        keys = self.places.keys if kind == "place" else [str(n) for n in range(len(xy))]
        return {f"{kind}-{key}" for key, stays in zip(keys, kept, strict=True) if not stays}


def _trial(canvas: Canvas, sites: Sites, places: Places, lines: Floats, depth: int) -> _Trial:
    symbols = symbols_of(canvas, sites, places, hidden=[])
    wanted = wanted_labels(canvas, sites, places)
    prepared = prepare_labels(
        wanted, frame=canvas.frame, points=symbols[0], radii=symbols[1], obstacles=canvas.taken,
        lines=lines,
    )  # fmt: skip
    return _Trial(
        canvas, sites, places, prepared, tuple(wanted), visible(canvas, places.xy, []),
        visible(canvas, sites.xy, []), depth,
    )  # fmt: skip


def _lost(trial: _Trial, chosen: Sequence[Inset]) -> Floats:
    """Return where on the page the names are that find no room."""
    named = trial.place(chosen)
    return np.array(
        [
            (label.x, label.y)
            for label in trial.labels
            if label.key not in named and f"gone:{label.key}" not in named
        ]
    ).reshape(-1, 2)


def _value(trial: _Trial, insets: Sequence[Inset]) -> float:
    """Return how many names would be written, less what the insets cover."""
    key = tuple(insets)
    if key not in trial.values:
        trial.values[key] = _worth(trial, insets)
    return trial.values[key]


def _worth(trial: _Trial, insets: Sequence[Inset]) -> float:
    canvas, sites, places = trial.canvas, trial.sites, trial.places
    named = {key for key in trial.place(insets) if not key.startswith("gone:")}
    hidden = [one.corner for one in insets]
    named = named.union(*(_within(trial, inset) for inset in insets))
    away = trial.shown & ~visible(canvas, places.xy, hidden)
    reached = np.array([mark.rank < 3 for mark in places.marks], dtype=bool)
    gone = np.array([f"place-{key}" not in named for key in places.keys], dtype=bool)
    cost = _LOST_UNDER * (away & gone & reached).sum() + 0.4 * (away & gone & ~reached).sum()
    at_sites = trial.site_shown & ~visible(canvas, sites.xy, hidden)
    weight = {
        f"place-{key}": _weight(mark) for key, mark in zip(places.keys, places.marks, strict=True)
    }
    weight |= dict.fromkeys(places.missed(), _MISSED_WEIGHT)
    strain = sum(_ZOOM_COST * one.zoom + _CUT_COST * _cut(trial, one.window) for one in insets)
    names = sum(weight.get(key, _SITE_WEIGHT) for key in named)
    return names - float(cost) - 5.0 * int(at_sites.sum()) - strain


def _cut(trial: _Trial, window: Box) -> int:
    """Return how many symbols the frame of a window would run through."""
    symbols = trial.prepared.page.points
    return load(window.grown(_CUT_PT), symbols) - load(window.grown(-_CUT_PT), symbols)


def _within(trial: _Trial, inset: Inset) -> set[str]:
    if inset not in trial.within:
        trial.within[inset] = _named_within(trial, inset)
    return trial.within[inset]


def _named_within(trial: _Trial, inset: Inset) -> set[str]:
    canvas, sites, places = trial.canvas, trial.sites, trial.places
    part = inset_canvas(canvas, inset)
    symbols = symbols_of(part, sites, places, hidden=[])
    prepared = prepare_labels(
        wanted_labels(part, sites, places), frame=part.frame, points=symbols[0],
        radii=symbols[1], obstacles=part.taken,
    )  # fmt: skip
    return set(place_prepared(prepared, depth=trial.depth))


def _weight(mark: Mark) -> float:
    """Return how much a name is wanted that few would miss: more if the place is reached."""
    return 1.2 if mark.rank < 3 else 0.7


def _windows(
    canvas: Canvas, sites: Sites, places: Places, lost: Floats, chosen: Sequence[Inset]
) -> list[Inset]:
    """Return the windows that are worth a trial, each with its best corner."""
    shown = visible(canvas, places.xy, [])
    page = canvas.to_page(places.xy[shown, 0], places.xy[shown, 1])
    seen = visible(canvas, sites.xy, [])
    at_sites = canvas.to_page(*sites.xy[seen].T)
    taken = [*canvas.taken, *(one.corner for one in chosen), *(one.window for one in chosen)]
    found: list[tuple[float, int, Inset]] = []
    for share_x, share_y in _SMALL_SIZES if chosen else _SIZES:
        size = canvas.width * share_x, canvas.height * share_y
        free = [
            box
            for box in corners(canvas, *size)
            if not any(box.grown(4).overlaps(o) for o in taken)
        ]
        for zoom in _ZOOMS:
            window = _best_window(canvas, lost, size[0] / zoom, size[1] / zoom)
            inner = window.grown(-4)
            caught = load(inner, lost)
            if caught < _CROWDED[len(chosen)] or any(window.overlaps(one.window) for one in chosen):
                continue
            for corner in free:
                if corner.grown(4).overlaps(window) or any(
                    window.overlaps(one.corner) for one in chosen
                ):
                    continue
                under = load(corner, page) + 6 * load(corner, at_sites)
                guess = caught - 0.8 * under - 6 * share_x * share_y
                found.append((-guess, len(found), Inset(window, corner, zoom)))
    return [inset for _, _, inset in sorted(found, key=lambda item: item[:2])[:_TRIALS]]


def _best_window(canvas: Canvas, lost: Floats, width: float, height: float) -> Box:
    """Return the window of a size that holds most of the names without room."""
    if not len(lost):
        return Box(2, 2, 2 + width, 2 + height)
    x, y = lost[:, 0], lost[:, 1]
    shifts = np.array([-0.36, -0.18, 0.0, 0.18, 0.36])
    dx, dy = np.repeat(shifts, len(shifts)), np.tile(shifts, len(shifts))
    x0 = np.minimum(np.maximum(x[:, None] + dx * width - width / 2, 2), canvas.width - width - 2)
    y0 = np.minimum(
        np.maximum(y[:, None] + dy * height - height / 2, 2), canvas.height - height - 2
    )
    inside = (x0[..., None] + 6 <= x) & (x <= x0[..., None] + width - 6)
    inside &= (y0[..., None] + 4 <= y) & (y <= y0[..., None] + height - 4)
    best = int(np.argmax(inside.sum(axis=2) - 1e-3 * (np.abs(dx) + np.abs(dy))))
    at_x, at_y = float(x0.flat[best]), float(y0.flat[best])
    return Box(at_x, at_y, at_x + width, at_y + height)
