"""The map of the figure: ground, footprints, rings, symbols, labels and one inset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rangemap.analysis import Analysis
from rangemap.analysis.uncertain import MARGINAL
from rangemap.views import style
from rangemap.views.figure_bands import (
    Footprint,
    SystemRing,
    draw_footprints,
    draw_outlines,
    footprints,
    system_rings,
    without_twins,
)
from rangemap.views.figure_base import LAYER_BOXES, LAYER_TEXT, draw_base, draw_scale_bar
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_sides import Mark, Side, marks_of, place_categories, sides_of
from rangemap.views.figure_symbols import (
    Places,
    Sites,
    draw_symbols,
    places_on,
    sites_on,
    visible,
    write_labels,
)
from rangemap.views.labels import FONT, Box, text_size
from rangemap.views.projection import Floats, MapView, fit_view

_RING_TEXT: Final = 6.2
_MARGIN: Final = 7.0
_SCALE_SIZE: Final = (134.0, 31.0)
_INSET_SHARE: Final = (0.34, 0.43)  # of the map's width and height
_INSET_ZOOM: Final = 2.1
_CROWDED: Final = 6  # labels without room that call for an inset


@dataclass(frozen=True)
class DrawnMap:
    """What was drawn, for the legend and the notes of the page."""

    view: MapView
    sides: list[Side]
    marks: dict[str, Mark]
    counts: dict[str, int]
    marginal: int  # counted in their category, which hangs on a site's position
    rings: list[SystemRing]
    rings_left_out: int
    prints: list[Footprint]
    places_unseen: int
    scale_km: float


def view_of(analysis: Analysis, aspect: float) -> MapView:
    """Return the view that the scenario asks for, or one that fits its bands."""
    bands = analysis.bands
    treaty = bands.loc[bands["band_kind"] == "treaty", "max_km"]
    wanted = analysis.scenario.view
    return fit_view(
        bands["site_lon"].to_numpy(float),
        bands["site_lat"].to_numpy(float),
        float(treaty.max() if len(treaty) else bands["max_km"].max()),
        aspect=aspect,
        center=wanted.center,
        width_km=wanted.width_km,
    )


def draw_map(axes: Axes, analysis: Analysis, width: float, height: float) -> DrawnMap:
    """Draw the whole map into an axes of a size in points."""
    view = view_of(analysis, width / height)
    canvas = Canvas(axes, view, width, height)
    _frame(axes, view)
    sides = sides_of(analysis)
    marks = marks_of(analysis, sides)
    categories = place_categories(analysis, sides)
    prints = footprints(analysis, sides, view)
    groups = system_rings(analysis, view) if analysis.scenario.view.lead == "systems" else []
    prints, groups = without_twins(prints, groups)
    sites = sites_on(view.projection, analysis)
    places = places_on(view.projection, analysis, sides, categories, marks)
    draw_base(axes, view)
    draw_footprints(axes, prints, view)
    lines = canvas.line_points([line for one in prints for line in (one.outline, one.inner)])
    window, inset, scale = _lay_out(canvas, sites, places, lines)
    hidden = [box for box in (inset, scale) if box is not None]
    canvas.taken.extend(hidden)
    points, radii = draw_symbols(canvas, sites, places, hidden=hidden)
    rings = _label_rings(canvas, prints, groups, points, lines, window)
    draw_outlines(axes, prints, rings)
    lines = np.concatenate([lines, canvas.line_points([ring.outline for ring in rings])])
    write_labels(
        canvas, sites, places, points=points, radii=radii, lines=lines, hidden=hidden, skip=window
    )
    length = draw_scale_bar(axes, view, canvas.scale, scale)
    if window is not None and inset is not None:
        _draw_inset(canvas, window, inset, sites, places, prints, rings)
    counts = {key: int((categories == key).sum()) for key in marks}
    marginal = sum(mark.half for mark in places.marks) - counts.get(MARGINAL, 0)
    unseen = int((~visible(canvas, places.xy, hidden)).sum())
    ranges = analysis.bands[analysis.bands["band_kind"] != "treaty"]
    distinct = len(ranges.drop_duplicates(["coalition", "system_id", "label", "said_by", "max_km"]))
    left_out = distinct - len(rings) if analysis.scenario.view.lead == "systems" else 0
    return DrawnMap(view, sides, marks, counts, marginal, rings, left_out, prints, unseen, length)


def _frame(axes: Axes, view: MapView) -> None:
    axes.set_xlim(view.x_min, view.x_max)
    axes.set_ylim(view.y_min, view.y_max)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_edgecolor(style.MUTED)
        spine.set_linewidth(0.8)
        spine.set_zorder(LAYER_BOXES + 2)


def _label_rings(
    canvas: Canvas,
    prints: list[Footprint],
    groups: list[list[SystemRing]],
    points: Floats,
    lines: Floats,
    window: Box | None,
) -> list[SystemRing]:
    """Label outlines and rings; a ring that cannot be named is left out, unless disputed."""
    if window is not None:
        canvas.taken.append(window)
    nowhere = np.empty((0, 2))
    for one in prints:
        canvas.label_line(
            one.outline, one.label, _RING_TEXT + 0.6, one.side.color, points, nowhere, bold=True
        )
        canvas.label_line(
            one.inner, one.inner_label, _RING_TEXT - 0.6, one.side.color, points, lines
        )
    drawn = []
    for group in groups:
        named = [
            ring.outline.is_empty  # the footprint's edge stands for it
            or canvas.label_line(ring.outline, ring.label, _RING_TEXT, ring.color, points, lines)
            for ring in group
        ]
        if any(named) or group[0].disputed:
            drawn.extend(group)
    if window is not None:
        canvas.taken.remove(window)
    return sorted(drawn, key=lambda ring: (-ring.max_km, ring.label))


def _lay_out(
    canvas: Canvas, sites: Sites, places: Places, lines: Floats
) -> tuple[Box | None, Box | None, Box]:
    """Return the crowded window if there is one, where its inset goes, and the scale bar."""
    corners = _corners(canvas, *_SCALE_SIZE)
    shown = visible(canvas, places.xy, [])
    page = canvas.to_page(places.xy[shown, 0], places.xy[shown, 1])
    seen_sites = visible(canvas, sites.xy, [])
    at_sites = canvas.to_page(*sites.xy[seen_sites].T)
    centres = np.concatenate([page, at_sites])
    dropped = write_labels(
        canvas, sites, places, points=centres, radii=np.full(len(centres), 2.6), lines=lines,
        hidden=[], draw=False,
    )  # fmt: skip
    lost = np.array([f"place-{key}" in dropped for key in places.keys], dtype=bool)[shown]
    lost_sites = np.array([f"site-{n}" in dropped for n in range(len(sites.names))], dtype=bool)
    crowd = np.concatenate([page[lost], at_sites[lost_sites[seen_sites]]])
    size = canvas.width * _INSET_SHARE[0], canvas.height * _INSET_SHARE[1]
    window = _most_crowded(canvas, crowd, centres, size[0] / _INSET_ZOOM, size[1] / _INSET_ZOOM)
    inset = None
    if window is not None:
        free = [box for box in _corners(canvas, *size) if not box.grown(4).overlaps(window)]
        if free:
            # An inset may cover what no side reaches, rather than what a side does.
            reached = page[np.array([mark.rank < 3 for mark in places.marks], dtype=bool)[shown]]
            inset = min(
                free,
                key=lambda box: (
                    _load(box, page) + 20 * _load(box, reached) + 40 * _load(box, at_sites)
                ),
            )
        else:
            window = None
    bars = [box for box in corners if inset is None or not box.overlaps(inset.grown(4))]
    scale = min(bars, key=lambda box: _load(box, page) + 3 * _load(box, at_sites))
    return window, inset, scale


def _corners(canvas: Canvas, width: float, height: float) -> list[Box]:
    """Return a rectangle in each corner, the lower ones first."""
    left, low = _MARGIN, _MARGIN
    right, high = canvas.width - _MARGIN - width, canvas.height - _MARGIN - height
    spots = ((left, low), (right, low), (left, high), (right, high))
    return [Box(x, y, x + width, y + height) for x, y in spots]


def _load(box: Box, points: Floats) -> int:
    return int((box.distance(points[:, 0], points[:, 1]) == 0).sum()) if len(points) else 0


def _most_crowded(
    canvas: Canvas, lost: Floats, symbols: Floats, width: float, height: float
) -> Box | None:
    """Return the window that holds the most points whose labels found no room."""
    best: Box | None = None
    most = 0.0
    for x, y in lost:
        for dx in (-0.3, -0.15, 0, 0.15, 0.3):
            for dy in (-0.3, -0.15, 0, 0.15, 0.3):
                x0 = min(max(x + dx * width - width / 2, 2), canvas.width - width - 2)
                y0 = min(max(y + dy * height - height / 2, 2), canvas.height - height - 2)
                box = Box(x0, y0, x0 + width, y0 + height)
                inner = Box(box.x0 + 9, box.y0 + 4, box.x1 - 9, box.y1 - 4)
                count = _load(inner, lost)
                value = count + 0.1 * _load(inner, symbols)
                if count >= _CROWDED and value > most:
                    best, most = box, value
    return best


def _draw_inset(
    canvas: Canvas,
    window: Box,
    inset: Box,
    sites: Sites,
    places: Places,
    prints: list[Footprint],
    rings: list[SystemRing],
) -> None:
    """Draw the window again, larger, in its corner."""
    x0, y0 = canvas.to_plane(window.x0, window.y0)
    x1, y1 = canvas.to_plane(window.x1, window.y1)
    canvas.axes.add_patch(
        Rectangle(
            (x0, y0),
            x1 - x0,
            y1 - y0,
            facecolor="none",
            edgecolor=style.INK,
            linewidth=0.8,
            zorder=LAYER_TEXT - 1,
        )
    )
    view = MapView(canvas.view.projection, x0, x1, y0, y1)
    share = (
        inset.x0 / canvas.width,
        inset.y0 / canvas.height,
        (inset.x1 - inset.x0) / canvas.width,
        (inset.y1 - inset.y0) / canvas.height,
    )
    axes = canvas.axes.inset_axes(share, zorder=LAYER_BOXES + 1)
    part = Canvas(axes, view, inset.x1 - inset.x0, inset.y1 - inset.y0)
    _frame(axes, view)
    for spine in axes.spines.values():
        spine.set_edgecolor(style.INK)
        spine.set_linewidth(1.0)
    draw_base(axes, view)
    draw_footprints(axes, prints, view)
    draw_outlines(axes, prints, rings)
    note = f"Enlarged {_INSET_ZOOM:g} times"
    wide, high = text_size(note, 5.6)
    corner = Box(4, 4, 10 + wide, 8 + high)
    part.taken.append(corner)
    points, radii = draw_symbols(part, sites, places, hidden=[corner], factor=1.15)
    lines = part.line_points([line for one in prints for line in (one.outline, one.inner)])
    write_labels(part, sites, places, points=points, radii=radii, lines=lines, hidden=[corner])
    part.paper(corner, alpha=0.85)
    x, y = part.to_plane(7, 7.4)
    axes.text(
        x, y, note, fontsize=5.6, family=FONT, color=style.MUTED, zorder=LAYER_BOXES + 1,
        parse_math=False,
    )  # fmt: skip
