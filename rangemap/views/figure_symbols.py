"""Launch sites and places of the figure: symbols, and the labels that find room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from rangemap.analysis import Analysis
from rangemap.catalogue import SiteKind
from rangemap.views import style
from rangemap.views.figure_base import LAYER_SYMBOLS
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_marks import symbol
from rangemap.views.figure_sides import Mark, Side, marginal_places
from rangemap.views.label_choices import leader_of
from rangemap.views.labels import Box, Label, clean_text
from rangemap.views.placing import place_labels
from rangemap.views.projection import Floats, Projection
from rangemap.views.theme import Theme

Flags = npt.NDArray[np.bool_]
Symbols = tuple[Floats, Floats]
"""Centres, shape (n, 2), and radii of symbols, in points on the map."""
Window = tuple[Box, float]
"""A part of the map that an inset shows, and how much larger."""

PLACE_PT: Final = 4.0  # diameter of a place's symbol
SITE_PT: Final = 7.4
PLACE_TEXT: Final = 6.7
SITE_TEXT: Final = 7.5
_LEAD_SITES: Final = 8
_EDGE_PT: Final = 3.0  # a symbol nearer to the frame would be cut
_MISSED: Final = -7.0  # names of such priority, some ten million people or more


@dataclass(frozen=True)
class SiteMark:
    """How a kind of launch site is drawn."""

    marker: str
    filled: bool


SITE_MARKS: Final[dict[str, SiteMark]] = {
    SiteKind.REPORTED: SiteMark("^", True),
    SiteKind.PLARF: SiteMark("p", True),
    SiteKind.EXERCISE: SiteMark("^", False),
    SiteKind.ACCUSED: SiteMark("v", True),
    SiteKind.HYPOTHETICAL: SiteMark("v", False),
    SiteKind.REFERENCE: SiteMark("P", False),
    SiteKind.HISTORICAL_BASE: SiteMark("<", True),
    SiteKind.HISTORICAL_SUPPORT: SiteMark("<", False),
    SiteKind.AD_HOC: SiteMark("*", True),
}


@dataclass(frozen=True)
class Sites:
    """Launch sites on the plane."""

    xy: Floats
    names: list[str]
    kinds: list[str]
    colors: list[str]
    priority: list[float]


@dataclass(frozen=True)
class Places:
    """Target places on the plane, with the mark of each."""

    xy: Floats
    keys: list[str]
    names: list[str]
    marks: list[Mark]
    priority: list[float]

    def missed(self) -> set[str]:
        """Return the keys of the names that a reader would miss first.

        Those of coalitions' members and of great countries.
        """
        return {
            f"place-{key}"
            for key, mark, priority in zip(self.keys, self.marks, self.priority, strict=True)
            if mark.category.startswith("own") or priority < _MISSED
        }


def sites_on(projection: Projection, analysis: Analysis, theme: Theme) -> Sites:
    """Return each launch site once, in the colour of the first coalition that has it."""
    bands = analysis.bands
    colors = {
        c.id: theme.data(c.color, number) for number, c in enumerate(analysis.scenario.coalitions)
    }
    rows = bands.drop_duplicates("site_id")
    x, y = projection.forward(rows["site_lon"], rows["site_lat"])
    kinds = rows["site_kind"].tolist()
    # Spread over the map, a few sites of each coalition come before all places.
    lead = rows.groupby("coalition", sort=False).cumcount() < _LEAD_SITES
    return Sites(
        np.column_stack([x, y]),
        [
            _short_name(name, kind)
            if kind == SiteKind.AD_HOC
            else style.starred(_short_name(name, kind), evidence)
            for name, kind, evidence in zip(rows["site"], kinds, rows["site_evidence"], strict=True)
        ],
        kinds,
        [colors.get(c, theme.ink) for c in rows["coalition"]],
        [-100.0 if first else -3.5 for first in lead],
    )


def _short_name(name: str, kind: str) -> str:
    """Return the town or base without brackets, province and what kind of base it is."""
    clean = clean_text(name, 60)
    if kind == SiteKind.AD_HOC and len(clean) > 26:
        clean = clean.split(" (")[0].strip() or clean
    if kind != SiteKind.AD_HOC:
        clean = clean.split(" (")[0].split(", ")[0].strip() or clean
        clean = clean.removesuffix(" Airport").removesuffix(" International")
        clean = clean.removeprefix("Aegis Ashore ").removeprefix("RAAF Base ")
    return clean_text(clean, 26)


def places_on(
    projection: Projection,
    analysis: Analysis,
    sides: list[Side],
    categories: pd.Series,
    marks: dict[str, Mark],
) -> Places:
    """Return the places with finite positions, in the order of the table."""
    table = analysis.places
    x, y = projection.forward(table["lon"], table["lat"])
    people = pd.to_numeric(table["country_population"], errors="coerce").fillna(0).to_numpy(float)
    doubt = marginal_places(analysis, sides)
    chosen = [
        replace(marks[str(categories[key])], half=True)
        if key in doubt
        else marks[str(categories[key])]
        for key in table["place_id"]
    ]
    # What differs between the sides comes first, then the bigger countries.
    size = np.log10(np.maximum(people, 1e4))
    rank = [-float(s) + 0.9 * mark.rank for s, mark in zip(size, chosen, strict=True)]
    return Places(
        np.column_stack([x, y]),
        table["place_id"].astype(str).tolist(),
        [clean_text(name, 28) for name in table["place"]],
        chosen,
        rank,
    )


def draw_symbols(
    canvas: Canvas, sites: Sites, places: Places, *, hidden: Sequence[Box], factor: float = 1.0
) -> Symbols:
    """Draw what the view shows; return centres and radii of the symbols, in points."""
    centres, radii = [np.empty((0, 2))], [np.empty(0)]
    paper = canvas.look.theme.paper
    seen = visible(canvas, places.xy, hidden)
    # The more important of two that coincide (Rome and the Vatican) comes last, on top.
    order = sorted(np.flatnonzero(seen), key=lambda n: -places.priority[n])
    for step, index in enumerate(order):
        mark = places.marks[index]
        # Hollow symbols of places out of range are smaller, so that they recede.
        size = PLACE_PT * factor * (1.0 if mark.filled else 0.85)
        xy = places.xy[index : index + 1]
        canvas.axes.plot(
            xy[:, 0], xy[:, 1],
            **symbol(
                mark.marker, mark.color, size, filled=mark.filled, half=mark.half, paper=paper
            ),
            zorder=LAYER_SYMBOLS + step * 1e-4,
        )  # fmt: skip
        centres.append(canvas.to_page(xy[:, 0], xy[:, 1]))
        radii.append(np.array([size / 2 + 0.4]))
    for index in np.flatnonzero(visible(canvas, sites.xy, hidden)):
        known = SITE_MARKS.get(sites.kinds[index], SITE_MARKS[SiteKind.AD_HOC])
        size = SITE_PT * (1 + (factor - 1) / 2)
        x, y = sites.xy[index]
        canvas.axes.plot(
            [x], [y], **symbol(
                known.marker, sites.colors[index], size, filled=known.filled, paper=paper
            ),
            zorder=LAYER_SYMBOLS + 1,
        )  # fmt: skip
        centres.append(canvas.to_page(np.array([x]), np.array([y])))
        radii.append(np.array([size / 2 + 0.4]))
    return np.concatenate(centres), np.concatenate(radii)


def visible(canvas: Canvas, xy: Floats, hidden: Sequence[Box]) -> Flags:
    """Return which points the view shows, whole, and no box covers."""
    finite: Flags = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    page = canvas.to_page(*np.where(finite[:, None], xy, 0.0).T)
    shown = finite & (page[:, 0] > _EDGE_PT) & (page[:, 1] > _EDGE_PT)
    shown &= (page[:, 0] < canvas.width - _EDGE_PT) & (page[:, 1] < canvas.height - _EDGE_PT)
    for box in hidden:
        shown &= box.distance(page[:, 0], page[:, 1]) > 2.5
    return shown


def symbols_of(canvas: Canvas, sites: Sites, places: Places, *, hidden: Sequence[Box]) -> Symbols:
    """Return centres and radii of the symbols that `draw_symbols` would draw."""
    centres, radii = [np.empty((0, 2))], [np.empty(0)]
    for xy, size in ((places.xy, PLACE_PT), (sites.xy, SITE_PT)):
        shown = visible(canvas, xy, hidden)
        centres.append(canvas.to_page(xy[shown, 0], xy[shown, 1]))
        radii.append(np.full(int(shown.sum()), size / 2 + 0.4))
    return np.concatenate(centres), np.concatenate(radii)


def label_boxes(
    canvas: Canvas,
    sites: Sites,
    places: Places,
    symbols: Symbols,
    *,
    lines: Floats,
    hidden: Sequence[Box],
    skip: Sequence[Window] = (),
    leaders: bool = True,
) -> tuple[list[Label], dict[str, Box]]:
    """Return the labels that the view calls for and the rectangles of those that found room.

    Places under ``hidden`` or inside ``skip`` are not labelled, and nothing stands there.
    """
    wanted = wanted_labels(canvas, sites, places, hidden=hidden, skip=skip, leaders=leaders)
    found = place_labels(
        wanted, frame=canvas.frame, points=symbols[0], radii=symbols[1],
        obstacles=[*canvas.taken, *(window for window, _ in skip)], lines=lines,
    )  # fmt: skip
    return wanted, found


def wanted_labels(
    canvas: Canvas,
    sites: Sites,
    places: Places,
    *,
    hidden: Sequence[Box] = (),
    skip: Sequence[Window] = (),
    leaders: bool = True,
) -> list[Label]:
    """Return a label for each site and place that the view shows and no inset names."""
    return [
        *_site_labels(canvas, sites, hidden, skip, leaders=leaders),
        *_place_labels(canvas, places, hidden, skip, leaders=leaders),
    ]


def write_labels(
    canvas: Canvas, sites: Sites, places: Places, wanted: list[Label], found: dict[str, Box]
) -> None:
    """Write the labels that found room, with fine lines to the points of those further off."""
    theme = canvas.look.theme
    faint = {key for key, mark in zip(places.keys, places.marks, strict=True) if mark.rank >= 3}
    for label in wanted:
        box = found.get(label.key)
        if box is None:
            continue
        kind, _, key = label.key.partition("-")
        if kind == "site":
            color, weight = sites.colors[int(key)], "bold"
        else:
            color, weight = theme.muted if key in faint else theme.ink, "normal"
        leader = leader_of(label, box)
        if leader is not None:
            ends = [canvas.to_plane(*leader[:2]), canvas.to_plane(*leader[2:])]
            canvas.axes.plot(
                [x for x, _ in ends], [y for _, y in ends], color=color, linewidth=0.4,
                zorder=LAYER_SYMBOLS - 0.2, gid="leader",
            )  # fmt: skip
        canvas.write(box, label.text, label.size, color, weight=weight, gid=label.key)


def to_name(canvas: Canvas, xy: Floats, hidden: Sequence[Box], skip: Sequence[Window]) -> Flags:
    """Return which points are named here: not those that an inset shows whole."""
    shown = visible(canvas, xy, hidden)
    page = canvas.to_page(*np.where(shown[:, None], xy, 0.0).T)
    for window, zoom in skip:
        inside = window.grown(-_EDGE_PT / zoom)
        shown &= inside.distance(page[:, 0], page[:, 1]) > 0
    return shown


def _site_labels(
    canvas: Canvas, sites: Sites, hidden: Sequence[Box], skip: Sequence[Window], *, leaders: bool
) -> list[Label]:
    x, y = canvas.to_page(sites.xy[:, 0], sites.xy[:, 1]).T
    return [
        Label(
            f"site-{n}", sites.names[n], float(x[n]), float(y[n]), SITE_TEXT, SITE_PT / 2,
            sites.priority[n] + n * 1e-3, bold=True, leader=leaders, missed=True,
        )
        for n in np.flatnonzero(to_name(canvas, sites.xy, hidden, skip))
    ]  # fmt: skip


def _place_labels(
    canvas: Canvas, places: Places, hidden: Sequence[Box], skip: Sequence[Window], *, leaders: bool
) -> list[Label]:
    x, y = canvas.to_page(places.xy[:, 0], places.xy[:, 1]).T
    missed = places.missed()
    return [
        Label(
            f"place-{places.keys[n]}", places.names[n], float(x[n]), float(y[n]), PLACE_TEXT,
            PLACE_PT / 2 + 0.2, places.priority[n], leader=leaders,
            missed=f"place-{places.keys[n]}" in missed,
        )
        for n in np.flatnonzero(to_name(canvas, places.xy, hidden, skip))
    ]  # fmt: skip
