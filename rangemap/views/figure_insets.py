"""Where names crowd on a map, how much larger that part must be drawn, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Final

import numpy as np

from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import Inset, corners, load
from rangemap.views.figure_inset_trials import (
    Trial,
    lost_names,
    names_within,
    trial_of,
    value_of,
)
from rangemap.views.figure_symbols import Places, Sites, visible
from rangemap.views.labels import Box
from rangemap.views.projection import Floats

__all__ = ["choose_insets"]

_SIZES: Final = ((0.34, 0.43), (0.41, 0.52), (0.27, 0.34), (0.47, 0.4), (0.3, 0.6), (0.345, 0.46))
"""Shares of the map's width and height that the first inset may take."""
_SMALL_SIZES: Final = ((0.13, 0.18), (0.16, 0.2), (0.2, 0.26), (0.24, 0.3))
"""And the second."""
_ZOOMS: Final = (2.0, 2.6, 3.3, 4.2)
_CROWDED: Final = (4, 1)  # names without room that call for a first inset, and for a second
_DEPTH: Final = 2  # how far names may move others in a long search
_STARTS: Final = 3  # windows from which that begins, at most
_MANY: Final = 6  # missed names: of more, a long search does not save enough
_FEW: Final = 1  # after one long search, those for which others pay
_TRIALS: Final = 9  # windows that are tried in earnest, of the many looked at
_KEPT: Final = 64  # themes, units and resolutions of one map share its insets
_HOPELESS: Final = 3.0  # a window worth so much less than none is not moved about

_known: dict[tuple[object, ...], tuple[Inset, ...]] = {}


def choose_insets(
    canvas: Canvas, sites: Sites, places: Places, lines: Floats, *,
    beside: Hashable, named: Callable[[list[Inset]], set[str]],
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
    beside : hashable
        What else may be written, and where: maps that differ in it do not share insets.
    named : callable
        Returns the keys of the names that the map itself has, all labels told, with insets.
    """
    key = (
        canvas.view, canvas.width, canvas.height, tuple(canvas.taken), tuple(sites.names),
        tuple(places.keys), tuple(places.names), tuple(mark.category for mark in places.marks),
        lines.tobytes(), beside,
    )  # fmt: skip
    if key not in _known:
        if len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        found = _chosen(trial_of(canvas, sites, places, lines, 0), 1)
        trial = trial_of(canvas, sites, places, lines, _DEPTH)
        _known[key] = tuple(_best(trial, found, named))
    return list(_known[key])


def _best(
    trial: Trial, found: list[Inset], named: Callable[[list[Inset]], set[str]]
) -> list[Inset]:
    """Look longer and longer, until no name is missed; return what misses the fewest."""
    least = _missed(trial, found, named)
    worth = value_of(trial, found)
    for starts in range(1, _STARTS + 1):
        if not 0 < least <= (_MANY if starts == 1 else _FEW):
            break
        other = _chosen(trial, starts)
        missed, value = _missed(trial, other, named), value_of(trial, other)
        if (missed, -value) < (least, -worth):
            found, least, worth = other, missed, value
    return found


def _missed(
    trial: Trial, chosen: list[Inset], named: Callable[[list[Inset]], set[str]]
) -> int:  # fmt: skip
    """Return how many names are missing that readers would miss."""
    written = named(chosen).union(*(names_within(trial, inset) for inset in chosen))
    shown = {
        f"place-{key}" for key, seen in zip(trial.places.keys, trial.shown, strict=True) if seen
    }
    sites = {f"site-{n}" for n in np.flatnonzero(trial.site_shown)}
    return len(((trial.places.missed() & shown) | sites) - written)


def _chosen(trial: Trial, starts: int) -> list[Inset]:
    """Return the insets that are worth most, of those found from so many starts."""
    chosen: list[Inset] = []
    for crowded in _CROWDED:
        lost = lost_names(trial, chosen)
        if len(lost) < crowded:
            break
        base = value_of(trial, chosen)
        tried = [
            (value_of(trial, [*chosen, inset]), inset)
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
    trial: Trial, chosen: Sequence[Inset], best: tuple[float, Inset]
) -> tuple[float, Inset]:
    """Move and scale the window step by step while more names find room."""
    value, inset = best
    step = 0.16
    while step > 0.03:
        better = None
        for one in _neighbours(trial.canvas, inset, step, chosen):
            found = value_of(trial, [*chosen, one])
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
