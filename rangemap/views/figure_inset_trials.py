"""Maps on which insets are tried: which names find room, and what a choice of insets is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import Inset, inset_canvas, load, windows_of
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
from rangemap.views.label_choices import Prepared, prepare_labels
from rangemap.views.labels import Box, Label
from rangemap.views.placing import place_prepared
from rangemap.views.projection import Floats

__all__ = ["Trial", "lost_names", "names_within", "trial_of", "value_of"]

_ZOOM_COST: Final = 0.05  # of two insets that name as much, the one nearer to the map's scale
_CUT_COST: Final = 0.15  # of a symbol that a window's frame runs through
_CUT_PT: Final = 2.5
_SITE_WEIGHT: Final = 2.4  # of the name of a launch site; `_weight` has those of places
_MISSED_WEIGHT: Final = 3.6  # of a name that readers would miss
_LOST_UNDER: Final = 1.6  # a reached place that an inset covers weighs more than a name


@dataclass(frozen=True)
class Trial:
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


def trial_of(canvas: Canvas, sites: Sites, places: Places, lines: Floats, depth: int) -> Trial:
    """Return a map to try insets on, on which a name may move others to a depth."""
    symbols = symbols_of(canvas, sites, places, hidden=[])
    wanted = wanted_labels(canvas, sites, places)
    prepared = prepare_labels(
        wanted, frame=canvas.frame, points=symbols[0], radii=symbols[1], obstacles=canvas.taken,
        lines=lines,
    )  # fmt: skip
    return Trial(
        canvas, sites, places, prepared, tuple(wanted), visible(canvas, places.xy, []),
        visible(canvas, sites.xy, []), depth,
    )  # fmt: skip


def lost_names(trial: Trial, chosen: Sequence[Inset]) -> Floats:
    """Return where on the page the names are that find no room."""
    named = trial.place(chosen)
    return np.array(
        [
            (label.x, label.y)
            for label in trial.labels
            if label.key not in named and f"gone:{label.key}" not in named
        ]
    ).reshape(-1, 2)


def value_of(trial: Trial, insets: Sequence[Inset]) -> float:
    """Return how many names would be written, less what the insets cover."""
    key = tuple(insets)
    if key not in trial.values:
        trial.values[key] = _worth(trial, insets)
    return trial.values[key]


def _worth(trial: Trial, insets: Sequence[Inset]) -> float:
    canvas, sites, places = trial.canvas, trial.sites, trial.places
    named = {key for key in trial.place(insets) if not key.startswith("gone:")}
    hidden = [one.corner for one in insets]
    named = named.union(*(names_within(trial, inset) for inset in insets))
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


def _cut(trial: Trial, window: Box) -> int:
    """Return how many symbols the frame of a window would run through."""
    symbols = trial.prepared.page.points
    return load(window.grown(_CUT_PT), symbols) - load(window.grown(-_CUT_PT), symbols)


def names_within(trial: Trial, inset: Inset) -> set[str]:
    """Return the keys of the names that an inset has room for, worked out once."""
    if inset not in trial.within:
        trial.within[inset] = _named_within(trial, inset)
    return trial.within[inset]


def _named_within(trial: Trial, inset: Inset) -> set[str]:
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
