"""A map that a chart puts together itself: shades, lines, symbols, and names that find room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.catalogue import SiteKind
from rangemap.views.figure_base import (
    LAYER_FILL,
    LAYER_LAND,
    LAYER_LINES,
    LAYER_RINGS,
    LAYER_SYMBOLS,
    draw_base,
    fill,
    ground,
    strokes,
)
from rangemap.views.figure_canvas import Canvas
from rangemap.views.figure_inset import corners, load
from rangemap.views.figure_map import frame_axes
from rangemap.views.figure_marks import symbol
from rangemap.views.figure_scale import draw_scale_bar, scale_size
from rangemap.views.figure_sheet import Sheet
from rangemap.views.figure_sides import Mark
from rangemap.views.figure_symbols import (
    PLACE_PT,
    SITE_MARKS,
    SITE_PT,
    Flags,
    Places,
    Sites,
    Symbols,
    label_boxes,
    visible,
    write_labels,
)
from rangemap.views.label_choices import leader_of
from rangemap.views.labels import Box, Label
from rangemap.views.projection import Floats, MapView

__all__ = [
    "Content",
    "Shade",
    "Shown",
    "Stroke",
    "bar_size",
    "canvas_in",
    "draw_content",
    "scale_box",
]

_RING_TEXT: Final = 6.9
_FINE_PT: Final = 0.5  # detail of a ground: half of it is the most that a line is moved
_FINEST_PT: Final = 0.3  # detail of a plain ground
_SHADED: Final = 4.0  # a corner full of shade is as bad as so many places


@dataclass(frozen=True)
class Shade:
    """An area on the plane, filled flat or hatched."""

    area: BaseGeometry
    color: str
    alpha: float
    hatch: str = ""


@dataclass(frozen=True)
class Stroke:
    """A line on the plane, with a label that stands on it where there is room."""

    line: BaseGeometry
    color: str
    width: float
    dashes: object = "solid"
    label: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Content:
    """What stands on a map.

    Attributes
    ----------
    shades, strokes : tuple
        From the ground up.
    sites, places
        Their symbols.
    named : frozenset of str
        Keys of the places that are to be named.
    site_names : bool
        Whether sites are named.
    factor : float
        Of the size of symbols.
    """

    shades: tuple[Shade, ...]
    strokes: tuple[Stroke, ...]
    sites: Sites
    places: Places
    named: frozenset[str] = frozenset()
    site_names: bool = False
    factor: float = 1.0


@dataclass(frozen=True)
class Shown:
    """Which places a map shows, in the order of its table, and the keys of those it names."""

    seen: Flags
    named: frozenset[str]


def canvas_in(sheet: Sheet, place: Box, view: MapView, *, plain: bool = False) -> Canvas:
    """Return a framed map over a rectangle of the page, with its ground drawn.

    A ``plain`` ground is land and coasts alone, no finer than the map is large: for many maps.
    """
    axes = sheet.axes_at(place)
    canvas = Canvas(axes, view, place.x1 - place.x0, place.y1 - place.y0, sheet.look)
    frame_axes(axes, view, sheet.look)
    if plain:
        _plain_ground(canvas)
    else:
        draw_base(axes, view, sheet.look.theme, finest_km=_FINE_PT / canvas.scale)
    return canvas


def _plain_ground(canvas: Canvas) -> None:
    theme, view, axes = canvas.look.theme, canvas.view, canvas.axes
    land, coasts = _coarse(view, _FINEST_PT / canvas.scale)
    axes.set_facecolor(theme.paper)
    fill(axes, view.box.intersection(view.projection.world), theme.sea, zorder=0.1)
    fill(axes, land, theme.land, zorder=LAYER_LAND, edge=theme.land)
    strokes(axes, coasts, theme.coast, 0.3, zorder=LAYER_LINES)


@lru_cache(maxsize=4)
def _coarse(view: MapView, tolerance_km: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Return land and coasts, less what a small map cannot show."""
    land, _, coasts, _, _ = ground(view)
    parts = shapely.get_parts(shapely.simplify(land, tolerance_km))
    routes = shapely.get_parts(shapely.simplify(coasts, tolerance_km))
    large = parts[shapely.area(parts) > (2 * tolerance_km) ** 2]
    return (
        shapely.MultiPolygon([part for part in large if part.geom_type == "Polygon"]),
        shapely.MultiLineString(list(routes[shapely.length(routes) > 4 * tolerance_km])),
    )


def scale_box(canvas: Canvas, content: Content, size: tuple[float, float]) -> Box:
    """Return the corner in which a scale bar of a size covers least."""
    boxes = corners(canvas, *size)
    loads = np.zeros(4)
    for xy, weight in ((content.places.xy, 1.0), (content.sites.xy, 3.0)):
        shown = visible(canvas, xy, [])
        page = canvas.to_page(*xy[shown].T)
        loads += [weight * load(box, page) for box in boxes]
    covered = shapely.union_all([shade.area for shade in content.shades])
    for number, box in enumerate(boxes):
        ground = shapely.box(*canvas.to_plane(box.x0, box.y0), *canvas.to_plane(box.x1, box.y1))
        loads[number] += _SHADED * shapely.intersection(ground, covered).area / ground.area
    return boxes[int(np.argmin(loads))]


def bar_size(canvases: Sequence[Canvas]) -> tuple[float, float]:
    """Return width and height of the box of a scale bar that serves all of some maps."""
    sizes = [scale_size(canvas) for canvas in canvases]
    return max(wide for wide, _ in sizes), max(high for _, high in sizes)


def draw_content(canvas: Canvas, content: Content, bar: Box | None = None) -> Shown:
    """Draw shades, lines, symbols and names, and a scale bar into a box on the map."""
    hidden = [] if bar is None else [bar]
    canvas.taken.extend(hidden)
    box = canvas.view.box
    for shade in content.shades:
        fill(
            canvas.axes, shade.area.intersection(box), shade.color, zorder=LAYER_FILL,
            alpha=shade.alpha, hatch=shade.hatch,
        )  # fmt: skip
    for number, stroke in enumerate(content.strokes):
        strokes(
            canvas.axes, stroke.line, stroke.color, stroke.width,
            zorder=LAYER_RINGS + 0.01 * number, dashes=stroke.dashes,
        )  # fmt: skip
    symbols = _symbols(canvas, content, hidden)
    named = _names(canvas, content, symbols, hidden)
    for stroke in content.strokes:
        if stroke.label:
            size = _RING_TEXT + (0.5 if stroke.bold else 0.0)
            canvas.label_line(
                stroke.line, stroke.label, size, stroke.color, symbols[0], np.empty((0, 2)),
                bold=stroke.bold,
            )  # fmt: skip
    if hidden:
        draw_scale_bar(canvas, hidden[0])
    return Shown(visible(canvas, content.places.xy, hidden), named)


def _names(
    canvas: Canvas, content: Content, symbols: Symbols, hidden: Sequence[Box]
) -> frozenset[str]:
    """Place and write names; return the keys of the places that got theirs."""
    places = _only(content.places, content.named)
    sites = content.sites if content.site_names else _NO_SITES
    if not (places.keys or sites.names):
        return frozenset()
    lines = canvas.line_points([stroke.line for stroke in content.strokes])
    wanted, found = label_boxes(canvas, sites, places, symbols, lines=lines, hidden=hidden)
    write_labels(canvas, sites, places, wanted, found)
    _take(canvas, wanted, found)
    return frozenset(key for key in places.keys if f"place-{key}" in found)


def _take(canvas: Canvas, wanted: Sequence[Label], found: dict[str, Box]) -> None:
    """Keep labels of lines off the names and the fine lines to their points."""
    for label in wanted:
        box = found.get(label.key)
        if box is None:
            continue
        canvas.taken.append(box)
        leader = leader_of(label, box)
        if leader is not None:
            (x0, x1), (y0, y1) = sorted(leader[::2]), sorted(leader[1::2])
            canvas.taken.append(Box(x0, y0, x1, y1).grown(0.5))


_NO_SITES: Final = Sites(np.empty((0, 2)), [], [], [], [])


def _only(places: Places, keys: frozenset[str]) -> Places:
    kept = [n for n, key in enumerate(places.keys) if key in keys]
    return Places(
        places.xy[kept],
        [places.keys[n] for n in kept],
        [places.names[n] for n in kept],
        [places.marks[n] for n in kept],
        [places.priority[n] for n in kept],
    )


def _symbols(canvas: Canvas, content: Content, hidden: Sequence[Box]) -> Symbols:
    """Draw the symbols, those alike at once; return their centres and radii in points."""
    centres, radii = [np.empty((0, 2))], [np.empty(0)]
    places, paper = content.places, canvas.look.theme.paper
    seen = np.flatnonzero(visible(canvas, places.xy, hidden))
    # What matters most is drawn last, on top; of one kind, the larger countries.
    order = sorted(seen, key=lambda n: (_rank(places.marks[n]), -places.priority[n]))
    for step, (mark, alike) in enumerate(groupby(order, key=lambda n: places.marks[n])):
        size = PLACE_PT * content.factor * (1.0 if mark.filled else 0.85)
        options = symbol(
            mark.marker, mark.color, size, filled=mark.filled, half=mark.half, paper=paper
        )
        options["markeredgewidth"] *= min(1.0, content.factor)
        xy = places.xy[list(alike)]
        canvas.axes.plot(*xy.T, **options, zorder=LAYER_SYMBOLS + 1e-3 * step)
        centres.append(canvas.to_page(*xy.T))
        radii.append(np.full(len(xy), size / 2 + 0.4))
    size = SITE_PT * content.factor
    xy = _draw_sites(canvas, content.sites, visible(canvas, content.sites.xy, hidden), size)
    radii.append(np.full(len(xy), size / 2 + 0.4))
    return np.concatenate([*centres, xy]), np.concatenate(radii)


def _draw_sites(canvas: Canvas, sites: Sites, shown: Flags, size: float) -> Floats:
    alike: dict[tuple[str, str], list[int]] = {}
    for n in np.flatnonzero(shown):
        alike.setdefault((sites.kinds[n], sites.colors[n]), []).append(int(n))
    for (kind, color), rows in alike.items():
        known = SITE_MARKS.get(kind, SITE_MARKS[SiteKind.AD_HOC])
        options: dict[str, Any] = symbol(
            known.marker, color, size, filled=known.filled, paper=canvas.look.theme.paper
        )
        options["markeredgewidth"] *= min(1.0, size / SITE_PT)
        canvas.axes.plot(*sites.xy[rows].T, **options, zorder=LAYER_SYMBOLS + 1)
    return canvas.to_page(*sites.xy[np.flatnonzero(shown)].T)


def _rank(mark: Mark) -> tuple[int, str, bool]:
    return -mark.rank, mark.category, mark.half
