"""Launch sites and places of the figure: symbols, and the labels that find room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from rangemap.analysis import Analysis
from rangemap.catalogue import SiteKind
from rangemap.views import style
from rangemap.views.figure_base import LAYER_SYMBOLS
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_sides import Mark, Side, marginal_places, readable
from rangemap.views.labels import Box, Label, clean_text, place_labels
from rangemap.views.projection import Floats, Projection

Flags = npt.NDArray[np.bool_]

PLACE_PT: Final = 4.4  # diameter of a place's symbol
SITE_PT: Final = 7.4
PLACE_TEXT: Final = 6.2
SITE_TEXT: Final = 6.8
_LEAD_SITES: Final = 8
_EDGE_PT: Final = 3.0  # a symbol nearer to the frame would be cut


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


def sites_on(projection: Projection, analysis: Analysis) -> Sites:
    """Return each launch site once, in the colour of the first coalition that has it."""
    bands = analysis.bands
    colors = {c.id: readable(c.color) for c in analysis.scenario.coalitions}
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
        [colors.get(c, style.INK) for c in rows["coalition"]],
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
    canvas: Canvas, sites: Sites, places: Places, *, hidden: list[Box], factor: float = 1.0
) -> tuple[Floats, Floats]:
    """Draw what the view shows; return centres and radii of the symbols, in points."""
    centres, radii = [np.empty((0, 2))], [np.empty(0)]
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
            **symbol(mark.marker, mark.color, size, filled=mark.filled, half=mark.half),
            zorder=LAYER_SYMBOLS + step * 1e-4,
        )  # fmt: skip
        centres.append(canvas.to_page(xy[:, 0], xy[:, 1]))
        radii.append(np.array([size / 2 + 0.4]))
    for index in np.flatnonzero(visible(canvas, sites.xy, hidden)):
        known = SITE_MARKS.get(sites.kinds[index], SITE_MARKS[SiteKind.AD_HOC])
        size = SITE_PT * (1 + (factor - 1) / 2)
        x, y = sites.xy[index]
        canvas.axes.plot(
            [x], [y], **symbol(known.marker, sites.colors[index], size, filled=known.filled),
            zorder=LAYER_SYMBOLS + 1,
        )  # fmt: skip
        centres.append(canvas.to_page(np.array([x]), np.array([y])))
        radii.append(np.array([size / 2 + 0.4]))
    return np.concatenate(centres), np.concatenate(radii)


def symbol(
    marker: str, color: str, size: float, *, filled: bool, half: bool = False
) -> dict[str, Any]:
    """Return the options of `Axes.plot` for one kind of symbol; a marginal one is half filled.

    Examples
    --------
    >>> symbol("s", "#1f5fa8", 4, filled=False)["markerfacecolor"]
    '#ffffff'
    """
    if half:
        return {
            "linestyle": "none",
            "marker": marker,
            "markersize": size * 1.12,
            "fillstyle": "left",
            "markerfacecolor": color,
            "markerfacecoloralt": "#ffffff",
            "markeredgecolor": color,
            "markeredgewidth": max(0.6, size * 0.11),
        }
    bulk = {"s": 0.88, "D": 0.8, "X": 1.05, "*": 1.45, "P": 1.05}.get(marker, 1.0)
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": size * bulk,
        "markerfacecolor": color if filled else "#ffffff",
        "markeredgecolor": "#ffffff" if filled else color,
        "markeredgewidth": 0.45 if filled else max(0.7, size * 0.13),
    }


def visible(canvas: Canvas, xy: Floats, hidden: list[Box]) -> Flags:
    """Return which points the view shows, whole, and no box covers."""
    finite: Flags = np.isfinite(xy[:, 0]) & np.isfinite(xy[:, 1])
    page = canvas.to_page(*np.where(finite[:, None], xy, 0.0).T)
    shown = finite & (page[:, 0] > _EDGE_PT) & (page[:, 1] > _EDGE_PT)
    shown &= (page[:, 0] < canvas.width - _EDGE_PT) & (page[:, 1] < canvas.height - _EDGE_PT)
    for box in hidden:
        shown &= box.distance(page[:, 0], page[:, 1]) > 2.5
    return shown


def write_labels(
    canvas: Canvas,
    sites: Sites,
    places: Places,
    *,
    points: Floats,
    radii: Floats,
    lines: Floats,
    hidden: list[Box],
    skip: Box | None = None,
    draw: bool = True,
) -> set[str]:
    """Place and write the labels; return the keys of those that found no room."""
    covered = [*hidden, *([skip] if skip else [])]
    wanted = [
        *_site_labels(canvas, sites, covered),
        *_place_labels(canvas, places, covered),
    ]
    found = place_labels(
        wanted, frame=canvas.frame, points=points, radii=radii,
        obstacles=canvas.taken + ([skip] if skip else []), lines=lines,
    )  # fmt: skip
    if draw:
        _write(canvas, wanted, found, sites, places)
    return {label.key for label in wanted if label.key not in found}


def _site_labels(canvas: Canvas, sites: Sites, covered: list[Box]) -> list[Label]:
    x, y = canvas.to_page(sites.xy[:, 0], sites.xy[:, 1]).T
    return [
        Label(
            f"site-{n}", sites.names[n], float(x[n]), float(y[n]), SITE_TEXT, SITE_PT / 2,
            sites.priority[n] + n * 1e-3, bold=True,
        )
        for n in np.flatnonzero(visible(canvas, sites.xy, covered))
    ]  # fmt: skip


def _place_labels(canvas: Canvas, places: Places, covered: list[Box]) -> list[Label]:
    x, y = canvas.to_page(places.xy[:, 0], places.xy[:, 1]).T
    return [
        Label(
            f"place-{places.keys[n]}", places.names[n], float(x[n]), float(y[n]), PLACE_TEXT,
            PLACE_PT / 2 + 0.2, places.priority[n],
        )
        for n in np.flatnonzero(visible(canvas, places.xy, covered))
    ]  # fmt: skip


def _write(
    canvas: Canvas, wanted: list[Label], found: dict[str, Box], sites: Sites, places: Places
) -> None:
    faint = {key for key, mark in zip(places.keys, places.marks, strict=True) if mark.rank >= 3}
    for label in wanted:
        box = found.get(label.key)
        if box is None:
            continue
        kind, _, key = label.key.partition("-")
        if kind == "site":
            color = sites.colors[int(key)]
            canvas.write(box, label.text, label.size, color, weight="bold")
        else:
            canvas.write(box, label.text, label.size, style.MUTED if key in faint else style.INK)
