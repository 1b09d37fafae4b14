"""A small globe that shows where on Earth a map lies, and where on the page it finds room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon
from shapely.geometry.base import BaseGeometry

from rangemap.geodesy import ring_polygon
from rangemap.views.basemap import layer
from rangemap.views.figure_base import LAYER_BOXES, fill, strokes
from rangemap.views.figure_sheet import Sheet
from rangemap.views.labels import Box
from rangemap.views.projection import EARTH_RADIUS_KM, Floats, MapView, Projection

__all__ = ["draw_locator", "free_corner", "free_square", "is_wanted", "occupied"]

_SIZES: Final = (66.0, 62.0, 58.0, 54.0, 50.0, 46.0, 42.0)
"""Diameters in points, the best first; a smaller globe would not be read."""
_GAP: Final = 4.0
_STEP: Final = 3.0
_CORNER: Final = 8.0
_SIDE: Final = 4.5  # a map's sides are at least so many times the globe that stands on it
_HORIZON_KM: Final = 9_985.0
_GRID_DEG: Final = 30
_SMALL: Final = 0.16  # of the globe: a smaller view is ringed, so that it is found
_HALO: Final = 1.06


def is_wanted(view: MapView) -> bool:
    """Return whether a map shows less than half of the Earth.

    Examples
    --------
    >>> wide = MapView(Projection(0, 0), -12000, 12000, -9000, 9000)
    >>> is_wanted(wide), is_wanted(MapView(Projection(0, 0), -6000, 6000, -4000, 4000))
    (False, True)
    """
    half = 2 * np.pi * EARTH_RADIUS_KM**2  # the plane is equal-area
    return bool(view.box.intersection(view.projection.world).area < half)


def free_square(areas: Sequence[Box], used: Sequence[Box]) -> Box | None:
    """Return the largest square of some areas that nothing touches, rightmost and high; or None.

    Parameters
    ----------
    areas : sequence of Box
        The last is tried first.
    used : sequence of Box
        What stands there already.

    Examples
    --------
    >>> free_square([Box(0, 0, 100, 100)], [Box(0, 0, 40, 100)])
    Box(x0=46.0, y0=46.0, x1=100.0, y1=100.0)
    >>> free_square([Box(0, 0, 40, 400)], []) is None
    True
    """
    taken = np.array([(b.x0, b.y0, b.x1, b.y1) for b in used], dtype=float).reshape(-1, 4)
    taken += [-_GAP, -_GAP, _GAP, _GAP]
    for size in _SIZES:
        for area in reversed(areas):
            found = _square_in(area, size, taken)
            if found is not None:
                return found
    return None


def _square_in(area: Box, size: float, taken: Floats) -> Box | None:
    """Return the rightmost, then highest square of a size in an area; None without room."""
    tops = np.arange(area.y1, area.y0 + size - 1e-9, -_STEP)
    for right in np.arange(area.x1, area.x0 + size - 1e-9, -_STEP):
        beside = (taken[:, 0] < right) & (taken[:, 2] > right - size)
        over = (taken[beside, 1] < tops[:, None]) & (taken[beside, 3] > tops[:, None] - size)
        (free,) = np.nonzero(~over.any(axis=1))
        if len(free):
            top = float(tops[free[0]])
            return Box(float(right) - size, top - size, float(right), top)
    return None


def free_corner(place: Box, used: Sequence[Box]) -> Box | None:
    """Return a square in a corner of a map that nothing touches, or None."""
    for size in _SIZES:
        if min(place.x1 - place.x0, place.y1 - place.y0) < _SIDE * size:
            continue
        for x0 in (place.x1 - _CORNER - size, place.x0 + _CORNER):
            for y0 in (place.y1 - _CORNER - size, place.y0 + _CORNER):
                box = Box(x0, y0, x0 + size, y0 + size)
                if not any(box.grown(_GAP).overlaps(other) for other in used):
                    return box
    return None


def occupied(axes: Axes) -> list[Box]:
    """Return what a finished map shows that must not be covered, in points of the page.

    That is every text, symbol and fine line to a name, each box laid over the map, each inset
    and the part of the map that it enlarges; not coasts, borders and rings.
    """
    figure = axes.figure
    k = 72 / figure.dpi
    lines = [line for line in axes.lines if np.asarray(line.get_xydata()).shape[0] <= 2]
    boxes = [
        patch for patch in axes.patches
        if patch.get_zorder() >= LAYER_BOXES or type(patch).__name__ == "Rectangle"
    ]  # fmt: skip
    found = [one.get_window_extent() for one in (*axes.texts, *boxes, *axes.child_axes)]
    found += [axes.transData.transform_bbox(_extent(line)) for line in lines]
    return [Box(*(float(v) * k for v in one.extents)).grown(2.0) for one in found]


def _extent(line: Any) -> Any:
    return line.get_path().get_extents()


def draw_locator(sheet: Sheet, box: Box, view: MapView) -> None:
    """Draw the half of the Earth round a map's centre, with the outline of the map on it."""
    theme = sheet.look.theme
    axes = sheet.axes_at(box, above=1.0)
    axes.set_xlim(-_HALO, _HALO)
    axes.set_ylim(-_HALO, _HALO)
    axes.set_axis_off()
    axes.set_gid("locator")
    axes.add_patch(Circle((0, 0), _HALO, facecolor=theme.paper, edgecolor="none", zorder=0))
    axes.add_patch(Circle((0, 0), 1, facecolor=theme.sea, edgecolor="none", zorder=1))
    centre = view.projection
    land, grid = _globe(centre.lon, centre.lat)
    fill(axes, land, theme.coast, zorder=2)
    strokes(axes, grid, theme.graticule, 0.3, zorder=3)
    axes.add_patch(
        Circle((0, 0), 1, facecolor="none", edgecolor=theme.muted, linewidth=0.6, zorder=4)
    )
    outline = _outline(view)
    for face, alpha in ((theme.ink, 0.14), ("none", None)):
        axes.add_patch(
            Polygon(
                outline, closed=True, facecolor=face, alpha=alpha, zorder=5,
                edgecolor="none" if alpha else theme.ink, linewidth=1.1, joinstyle="round",
                gid=None if alpha else "locator-view",
            )
        )  # fmt: skip
    if np.ptp(outline, axis=0).max() < _SMALL:
        ring = Circle((0, 0), _SMALL, facecolor="none", edgecolor=theme.ink, linewidth=0.9,
                      zorder=6)  # fmt: skip
        axes.add_patch(ring)


def _outline(view: MapView) -> Floats:
    """Return the edge of a map on the globe; what lies beyond the horizon follows it."""
    return _seen(shapely.get_coordinates(view.box.segmentize(view.width_km / 60).exterior))


def _seen(points: Floats) -> Floats:
    """Return points of the equal-area plane on a globe of radius 1, as seen from far above."""
    length = np.hypot(points[:, 0], points[:, 1]) / EARTH_RADIUS_KM
    # Equal area puts a point at 2 sin(c/2), the view from far above at sin c.
    seen = length * np.sqrt(np.maximum(1 - (length / 2) ** 2, 0.0))
    seen = np.where(length > np.sqrt(2), 1.0, seen)
    factor = np.divide(seen, length, out=np.ones_like(seen), where=length > 0)
    return points / EARTH_RADIUS_KM * factor[:, None]


@lru_cache(maxsize=32)
def _globe(lon: float, lat: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Return land and graticule of the half of the Earth round a point, as seen from above."""
    projection = Projection(lon, lat)
    near = ring_polygon(lon, lat, _HORIZON_KM, tolerance_m=10_000)
    parts = shapely.get_parts(layer("land", "110m").geometry.intersection(near).to_numpy())
    parts = shapely.segmentize(parts[shapely.get_type_id(parts) == 3], 2.0)
    flat = [shapely.make_valid(shapely.transform(projection.project(p), _seen)) for p in parts]
    land = shapely.MultiPolygon(
        [p for p in shapely.get_parts(flat) if p.geom_type == "Polygon" and p.area > 1e-4]
    )
    lines = []
    fine = np.linspace(-180, 180, 181)
    routes = [(fine, np.full(fine.size, float(one))) for one in range(-60, 90, _GRID_DEG)]
    routes += [(np.full(fine.size, float(one)), fine / 2) for one in range(-180, 180, _GRID_DEG)]
    for lons, lats in routes:
        points = np.column_stack(projection.forward(lons, lats))
        far = np.hypot(points[:, 0], points[:, 1]) > np.sqrt(2) * EARTH_RADIUS_KM
        for piece in np.split(points, np.flatnonzero(far)):
            shown = piece[np.hypot(piece[:, 0], piece[:, 1]) <= np.sqrt(2) * EARTH_RADIUS_KM]
            if len(shown) > 1:
                lines.append(shapely.LineString(_seen(shown)))
    return land, shapely.MultiLineString(lines)
