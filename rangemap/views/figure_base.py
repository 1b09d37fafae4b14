"""The ground of the figure: land, borders, graticule, scale bar, on the plane of a view."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from rangemap.views.basemap import layer
from rangemap.views.projection import Floats, MapView, Projection
from rangemap.views.theme import Theme

LAYER_LAND: Final = 1.0
LAYER_FILL: Final = 2.0
LAYER_LINES: Final = 3.0
LAYER_RINGS: Final = 4.0
LAYER_SYMBOLS: Final = 6.0
LAYER_TEXT: Final = 8.0
LAYER_BOXES: Final = 9.0

_STEPS_DEG: Final = (30, 20, 15, 10, 5, 2, 1)


def draw_base(
    axes: Axes, view: MapView, theme: Theme, *, weight: float = 1.0, finest_km: float = 0.0
) -> None:
    """Draw sea, land, lakes, coasts, borders and the graticule, no finer than some km."""
    axes.set_facecolor(theme.paper)
    lands, lakes, coasts, borders, disputed = ground(view, finest_km)
    fill(axes, view.box.intersection(view.projection.world), theme.sea, zorder=0.1)
    strokes(axes, _graticule(view), theme.graticule, 0.35 * weight, zorder=0.5)
    # A thin edge in the same colour hides the seam where polygons were cut at +-180.
    fill(axes, lands, theme.land, zorder=LAYER_LAND, edge=theme.land)
    fill(axes, lakes, theme.sea, zorder=LAYER_LAND + 0.1)
    strokes(axes, borders, theme.border, 0.4 * weight, zorder=LAYER_LINES)
    strokes(axes, disputed, theme.border, 0.5 * weight, zorder=LAYER_LINES, dashes=(0, (3, 2)))
    strokes(axes, coasts, theme.coast, 0.4 * weight, zorder=LAYER_LINES)


@lru_cache(maxsize=8)
def ground(
    view: MapView, finest_km: float = 0.0
) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry, BaseGeometry, BaseGeometry]:
    """Return land, lakes, coasts, settled and other borders, projected and clipped."""
    wide = view.width_km
    scale: Any = "50m" if wide < 21_000 else "110m"
    near = view.lonlat
    land = shapely.intersection(_valid(layer("land", scale).geometry.to_numpy()), near)
    lakes = layer("lakes", scale).geometry.to_numpy()
    lines = layer("boundary_lines", scale)
    settled = lines["kind"].to_numpy() == "international"
    routes = lines.geometry.to_numpy()
    tolerance = max(wide / 3500, finest_km)
    return (
        _areas(land, view, tolerance),
        _areas(shapely.intersection(_valid(lakes), near), view, tolerance),
        _lines(_without_seams(land), view, tolerance),
        _lines(shapely.intersection(routes[settled], near), view, tolerance),
        _lines(shapely.intersection(routes[~settled], near), view, tolerance),
    )


def _valid(geometries: Any) -> Any:
    return np.where(shapely.is_valid(geometries), geometries, shapely.make_valid(geometries))


def _areas(geometries: Any, view: MapView, tolerance_km: float) -> BaseGeometry:
    """Project polygons; those that cross +-180 grow together by a hair's breadth."""
    parts = shapely.get_parts(geometries)
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    flat = [view.projection.project(p) for p in shapely.segmentize(parts, 1.0)]
    flat = [p if p.is_valid else shapely.make_valid(p) for p in flat]
    clipped = shapely.intersection(np.array(flat, dtype=object), view.box)
    # Touching halves of Russia and Fiji stay two paths; their edge in the fill colour closes
    # the gap, which costs less than a union of the whole world.
    simple = shapely.simplify(clipped, tolerance_km / 2)
    kept = [g for g in shapely.get_parts(simple) if g.area > (tolerance_km * 0.7) ** 2]
    return shapely.MultiPolygon([g for g in kept if g.geom_type == "Polygon"])


def _lines(geometries: Any, view: MapView, tolerance_km: float) -> BaseGeometry:
    parts = shapely.get_parts(geometries)
    parts = parts[(shapely.get_type_id(parts) == 1) & ~shapely.is_empty(parts)]
    flat = [view.projection.project(p) for p in shapely.segmentize(parts, 1.0)]
    clipped = shapely.intersection(np.array(flat, dtype=object), view.box)
    simple = shapely.get_parts(shapely.simplify(clipped, tolerance_km / 2))
    kept = simple[(shapely.get_type_id(simple) == 1) & (shapely.length(simple) > tolerance_km * 2)]
    return shapely.MultiLineString(list(kept))


def _without_seams(polygons: Any) -> Any:
    """Return outlines less the edges along +-180 and the poles, which are no coast."""
    kept: list[BaseGeometry] = []
    for ring in shapely.get_rings(polygons[~shapely.is_empty(polygons)]):
        points = shapely.get_coordinates(ring)
        on_seam = np.abs(points[:, 0]) > 180 - 1e-6
        on_pole = np.abs(points[:, 1]) > 90 - 1e-6
        bad = (on_seam[1:] & on_seam[:-1]) | (on_pole[1:] & on_pole[:-1])
        if not bad.any():
            kept.append(shapely.LineString(points))
            continue
        (cuts,) = np.nonzero(bad)
        starts, ends = [0, *(cuts + 1)], [*(cuts + 1), len(points)]
        kept.extend(
            shapely.LineString(points[start:end])
            for start, end in zip(starts, ends, strict=True)
            if end - start >= 2
        )
    return np.array(kept, dtype=object)


def _graticule(view: MapView) -> BaseGeometry:
    span = view.width_km / 111
    step = next((s for s in _STEPS_DEG if span / s > 5), _STEPS_DEG[-1])
    clip = view.projection.world.intersection(view.box)
    lat = np.arange(-90.0 + step, 90.0, step)
    lon = np.arange(-180.0, 180.0, step)
    fine = np.linspace(-90 + step, 90 - step, 361)
    round_world = np.linspace(-180, 180, 721)
    routes: list[tuple[Floats, Floats]] = [(np.full(fine.size, one), fine) for one in lon]
    routes += [(round_world, np.full(round_world.size, one)) for one in lat]
    lines = []
    for lons, lats in routes:
        points = np.column_stack(view.projection.forward(lons, lats))
        jumps = np.hypot(*np.diff(points, axis=0).T)
        pieces = np.split(points, np.flatnonzero(~(jumps < 500)) + 1)
        lines += [
            shapely.LineString(piece).intersection(clip) for piece in pieces if len(piece) > 1
        ]
    parts = shapely.get_parts(shapely.simplify(np.array(lines, dtype=object), view.tolerance_km))
    return shapely.MultiLineString([p for p in parts if p.geom_type == "LineString" and p.length])


def path_of(geometry: BaseGeometry) -> Path | None:
    """Return polygons as one path, holes and all; None if there is nothing to fill."""
    vertices: list[Floats] = []
    codes: list[Any] = []
    for polygon in shapely.get_parts(geometry):
        if polygon.geom_type != "Polygon" or polygon.is_empty:
            continue
        oriented = shapely.orient_polygons(polygon, exterior_cw=False)
        for ring in (oriented.exterior, *oriented.interiors):
            points = shapely.get_coordinates(ring)
            vertices.append(points)
            code = np.full(len(points), Path.LINETO, dtype=np.uint8)
            code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
            codes.append(code)
    if not vertices:
        return None
    return Path(np.concatenate(vertices), np.concatenate(codes))


def fill(
    axes: Axes,
    geometry: BaseGeometry,
    color: str,
    *,
    zorder: float,
    alpha: float = 1.0,
    edge: str = "none",
    hatch: str = "",
) -> None:
    """Fill polygons with one flat colour, hatched where colours must not be the only code."""
    path = path_of(geometry)
    if path is None:
        return
    patch = PathPatch(
        path, facecolor=color, edgecolor=edge, linewidth=0.4, alpha=alpha, zorder=zorder
    )
    axes.add_artist(patch)  # not add_patch: that seeks limits in every vertex, and these are set
    if hatch:
        lines = PathPatch(
            path, facecolor="none", edgecolor=color, linewidth=0.0, hatch=hatch, alpha=0.45,
            zorder=zorder + 0.01,
        )  # fmt: skip
        axes.add_artist(lines)


def strokes(
    axes: Axes,
    geometry: BaseGeometry,
    color: str,
    width: float,
    *,
    zorder: float,
    dashes: Any = "solid",
) -> None:
    """Draw lines, or the outlines of polygons."""
    segments = segments_of(geometry)
    if segments:
        axes.add_collection(
            LineCollection(
                segments,
                colors=color,
                linewidths=width,
                linestyles=[dashes],
                zorder=zorder,
                capstyle="butt" if dashes != "solid" else "round",
                joinstyle="round",
            ),
            autolim=False,
        )


def segments_of(geometry: BaseGeometry) -> list[Floats]:
    """Return the vertices of each line."""
    return [shapely.get_coordinates(part) for part in _lines_in(geometry)]


def _lines_in(geometry: BaseGeometry) -> Iterable[BaseGeometry]:
    for part in shapely.get_parts(geometry):
        if part.geom_type in ("LineString", "LinearRing") and not part.is_empty:
            yield part
        elif part.geom_type in ("Polygon", "MultiPolygon"):
            yield from _lines_in(part.boundary)


def projection_note(projection: Projection) -> str:
    """Return the projection in words.

    Examples
    --------
    >>> projection_note(Projection(-24, 52))
    'Lambert azimuthal equal-area projection centred on 52° N, 24° W.'
    """
    ns, ew = "N" if projection.lat >= 0 else "S", "E" if projection.lon >= 0 else "W"
    return (
        f"Lambert azimuthal equal-area projection centred on {abs(projection.lat):.0f}° {ns}, "
        f"{abs(projection.lon):.0f}° {ew}."
    )
