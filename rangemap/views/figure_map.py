"""The map of a picture: ground, footprints, rings, symbols, names, insets, scale bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rangemap.analysis import Analysis
from rangemap.analysis.uncertain import MARGINAL
from rangemap.views.figure_bands import (
    Footprint,
    SystemRing,
    draw_footprints,
    draw_outlines,
    footprints,
    system_rings,
    without_twins,
)
from rangemap.views.figure_base import LAYER_BOXES, LAYER_TEXT, draw_base
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import (
    NOTE_SIZE,
    Inset,
    corners,
    inset_canvas,
    inset_note,
    load,
    note_box,
    windows_of,
)
from rangemap.views.figure_insets import choose_insets
from rangemap.views.figure_ring_labels import Bare, label_rings, named_beside_rings
from rangemap.views.figure_scale import ScaleBar, draw_scale_bar, scale_size
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import (
    Mark,
    Side,
    category_counts,
    marks_of,
    place_categories,
    sides_of,
)
from rangemap.views.figure_symbols import (
    Flags,
    Places,
    Sites,
    draw_symbols,
    label_boxes,
    places_on,
    sites_on,
    visible,
    write_labels,
)
from rangemap.views.fonts import FAMILY
from rangemap.views.labels import Box
from rangemap.views.projection import Floats, MapView, fit_view

_INSET_SYMBOLS: Final = 1.12


@dataclass(frozen=True)
class DrawnMap:
    """What was drawn, for the legend, the notes and the manifest."""

    view: MapView
    sides: list[Side]
    marks: dict[str, Mark]
    counts: dict[str, int]
    marginal: int  # counted in their category, which hangs on a site's position
    rings: list[SystemRing]
    rings_left_out: int
    prints: list[Footprint]
    places_unseen: int
    bar: ScaleBar
    labels: dict[str, Any]


@dataclass(frozen=True)
class _Content:
    """What stands on the map, in the map and in its insets alike."""

    sites: Sites
    places: Places
    prints: list[Footprint]
    rings: list[SystemRing]


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


def draw_map(
    axes: Axes,
    analysis: Analysis,
    width: float,
    height: float,
    look: Look | None = None,
    *,
    with_insets: bool = True,
) -> DrawnMap:
    """Draw the whole map into an axes of a size in points."""
    look = look or Look()
    view = view_of(analysis, width / height)
    canvas = Canvas(axes, view, width, height, look)
    frame_axes(axes, view, look)
    sides = sides_of(analysis, look.theme)
    marks = marks_of(analysis, sides, look.theme)
    categories = place_categories(analysis, sides)
    prints = footprints(analysis, sides, view, look)
    groups = system_rings(analysis, view, look) if analysis.scenario.view.lead == "systems" else []
    prints, groups = without_twins(prints, groups)
    sites = sites_on(view.projection, analysis, look.theme)
    places = places_on(view.projection, analysis, sides, categories, marks)
    draw_base(axes, view, look.theme)
    draw_footprints(axes, prints, view, look.theme)
    lines = canvas.line_points([line for one in prints for line in (one.outline, one.inner)])
    scale_box = _scale_corner(canvas, sites, places)
    canvas.taken.append(scale_box)
    bare = Bare(prints, groups, sites, places, lines)
    insets = choose_insets(
        canvas, sites, places, lines, beside=_written(prints, groups),
        named=lambda insets: named_beside_rings(canvas, bare, insets),
    ) if with_insets else []  # fmt: skip
    hidden = [scale_box, *(inset.corner for inset in insets)]
    canvas.taken = list(hidden)
    rings = label_rings(canvas, bare, insets)
    content = _Content(sites, places, prints, rings)
    draw_outlines(axes, prints, rings)
    named = _names(canvas, content, lines, hidden, insets)
    bar = draw_scale_bar(canvas, scale_box)
    within = [_draw_inset(canvas, inset, content) for inset in insets]
    found = category_counts(analysis, categories)
    counts = {key: found.get(key, 0) for key in marks}
    marginal = sum(mark.half for mark in places.marks) - int((categories == MARGINAL).sum())
    shown, sites_shown = (
        np.logical_or.reduce(
            [visible(canvas, xy, hidden)]
            + [visible(inset_canvas(canvas, inset), xy, []) for inset in insets]
        )
        for xy in (places.xy, sites.xy)
    )
    ranges = analysis.bands[analysis.bands["band_kind"] != "treaty"]
    distinct = len(ranges.drop_duplicates(["coalition", "system_id", "label", "said_by", "max_km"]))
    left_out = distinct - len(rings) if analysis.scenario.view.lead == "systems" else 0
    return DrawnMap(
        view, sides, marks, counts, marginal, rings, left_out, prints, int((~shown).sum()), bar,
        _report(content, named.union(*within), shown, sites_shown, insets),
    )  # fmt: skip


def _written(prints: list[Footprint], groups: list[list[SystemRing]]) -> tuple[object, ...]:
    """Return what may be written along which lines, as a key."""
    edges = tuple((one.label, one.inner_label) for one in prints)
    return edges, tuple((ring.label, ring.outline.wkb) for group in groups for ring in group)


def _report(
    content: _Content, named: set[str], shown: Flags, sites_shown: Flags, insets: list[Inset]
) -> dict[str, Any]:
    """Return what was named, what is shown without its name, and what lies off the map."""
    places = content.places
    has_name = [f"place-{key}" in named for key in places.keys]
    rows = list(zip(places.names, has_name, shown.tolist(), strict=True))
    sites = list(enumerate(zip(content.sites.names, sites_shown.tolist(), strict=True)))
    return {
        "places_named": [name for name, has, seen in rows if has and seen],
        "places_without_name": [name for name, has, seen in rows if seen and not has],
        "places_off_the_map": [name for name, _, seen in rows if not seen],
        "sites_without_name": [
            name for n, (name, seen) in sites if seen and f"site-{n}" not in named
        ],
        "sites_off_the_map": [name for _, (name, seen) in sites if not seen],
        "insets": [{"enlarged": inset.zoom} for inset in insets],
    }


def frame_axes(axes: Axes, view: MapView, look: Look) -> None:
    """Set the limits, without ticks, with a neat line."""
    axes.set_xlim(view.x_min, view.x_max)
    axes.set_ylim(view.y_min, view.y_max)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_edgecolor(look.theme.muted)
        spine.set_linewidth(0.8)
        spine.set_zorder(LAYER_BOXES + 2)


def _names(
    canvas: Canvas, content: _Content, lines: Floats, hidden: list[Box], insets: list[Inset]
) -> set[str]:
    """Draw symbols, place and write names; return the keys of the written ones."""
    symbols = draw_symbols(canvas, content.sites, content.places, hidden=hidden)
    rings = [ring.outline for ring in content.rings]
    lines = np.concatenate([lines, canvas.line_points(rings)])
    wanted, found = label_boxes(
        canvas, content.sites, content.places, symbols, lines=lines, hidden=hidden,
        skip=windows_of(insets),
    )  # fmt: skip
    write_labels(canvas, content.sites, content.places, wanted, found)
    return set(found)


def _scale_corner(canvas: Canvas, sites: Sites, places: Places) -> Box:
    """Return the corner in which the scale bar covers least."""
    shown = visible(canvas, places.xy, [])
    page = canvas.to_page(places.xy[shown, 0], places.xy[shown, 1])
    at_sites = canvas.to_page(*sites.xy[visible(canvas, sites.xy, [])].T)
    boxes = corners(canvas, *scale_size(canvas))
    return min(boxes, key=lambda box: load(box, page) + 3 * load(box, at_sites))


def _draw_inset(canvas: Canvas, inset: Inset, content: _Content) -> set[str]:
    """Draw the window again, larger, in its corner; return the keys of the names in it."""
    look = canvas.look
    part = inset_canvas(canvas, inset)
    canvas.axes.add_patch(
        Rectangle(
            (part.view.x_min, part.view.y_min), part.view.width_km, part.view.height_km,
            facecolor="none", edgecolor=look.theme.ink, linewidth=0.8, zorder=LAYER_TEXT - 1,
        )
    )  # fmt: skip
    corner = inset.corner
    share = (
        corner.x0 / canvas.width,
        corner.y0 / canvas.height,
        (corner.x1 - corner.x0) / canvas.width,
        (corner.y1 - corner.y0) / canvas.height,
    )
    axes = canvas.axes.inset_axes(share, zorder=LAYER_BOXES + 1)
    part.axes = axes
    frame_axes(axes, part.view, look)
    for spine in axes.spines.values():
        spine.set_edgecolor(look.theme.ink)
        spine.set_linewidth(1.0)
    draw_base(axes, part.view, look.theme)
    draw_footprints(axes, content.prints, part.view, look.theme)
    draw_outlines(axes, content.prints, content.rings)
    note = note_box(inset.zoom)
    symbols = draw_symbols(
        part, content.sites, content.places, hidden=[note], factor=_INSET_SYMBOLS
    )
    lines = part.line_points([line for one in content.prints for line in (one.outline, one.inner)])
    wanted, found = label_boxes(
        part, content.sites, content.places, symbols, lines=lines, hidden=[note]
    )
    write_labels(part, content.sites, content.places, wanted, found)
    part.paper(note, alpha=0.85)
    x, y = part.to_plane(7, 7.4)
    axes.text(
        x, y, inset_note(inset.zoom), fontsize=NOTE_SIZE, family=FAMILY, color=look.theme.muted,
        zorder=LAYER_BOXES + 1, parse_math=False,
    )  # fmt: skip
    return set(found)
