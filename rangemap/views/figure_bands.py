"""Footprints and range rings of the figure: built, filled and outlined on the plane."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import geopandas
import shapely
from matplotlib.axes import Axes
from shapely.geometry.base import BaseGeometry

from rangemap.analysis import Analysis
from rangemap.geodesy import MAX_DISTANCE_KM
from rangemap.views import style
from rangemap.views.basis import by_treaty, leading
from rangemap.views.figure_base import LAYER_FILL, LAYER_RINGS, fill, strokes
from rangemap.views.figure_sheet import Look
from rangemap.views.figure_sides import Side
from rangemap.views.labels import clean_text
from rangemap.views.projection import MapView
from rangemap.views.theme import Theme
from rangemap.views.units import KM

INNER_DASHES: Final = (0, (2.4, 1.8))
EDGE_DOTS: Final = (0, (1, 1.8))
DISPUTED_DASHES: Final = (0, (7, 3))
_BOTH_COLOR: Final = style.CATEGORY_SYMBOLS["both"].color
MAX_RINGS: Final = 6
_FAR_ABOVE: Final = 1.2
_ALIKE: Final = 0.12  # ranges of one coalition nearer than this share look like one ring


@dataclass(frozen=True)
class Footprint:
    """What a side covers: the band itself, its outer outline, the zones inside its minimum."""

    side: Side
    area: BaseGeometry
    outline: BaseGeometry
    inner: BaseGeometry
    label: str
    inner_label: str
    disputed: bool  # nobody but one side of a dispute says that it reaches so far


@dataclass(frozen=True)
class SystemRing:
    """The outline of one published range, from all sites that have the system."""

    coalition: str
    system_id: str
    label: str
    said_by: str
    max_km: float
    disputed: bool
    alleged: bool
    color: str
    outline: BaseGeometry
    edges: tuple[BaseGeometry, ...]  # by the lowest and by the highest estimate, where they differ


def footprints(analysis: Analysis, sides: list[Side], view: MapView, look: Look) -> list[Footprint]:
    """Return the footprint of each side: of the treaty's bands if these count, else of all."""
    bands = analysis.bands if by_treaty(analysis) else leading(analysis.bands, treaty=False)
    return [_footprint(bands, side, view, look) for side in sides]


def _footprint(bands: geopandas.GeoDataFrame, side: Side, view: MapView, look: Look) -> Footprint:
    mine = bands[bands["coalition"].isin(side.coalitions)]
    treaty = mine[mine["band_kind"] == "treaty"]
    shown = treaty if len(treaty) else mine
    key = ["site_lon", "site_lat", "min_km", "max_km"]
    areas, outers, inners = [], [], []
    for lon, lat, low, high in shown[key].drop_duplicates().itertuples(index=False, name=None):
        outer = _disk(view, lon, lat, high)
        inner = _disk(view, lon, lat, low) if low > 0 else shapely.Polygon()
        areas.append(outer.difference(inner))
        outers.append(outer)
        inners.append(inner)
    longest = float(shown["max_km"].max()) if len(shown) else 0.0
    same = bool((shown["max_km"] == longest).all()) if len(shown) else True
    return Footprint(
        side,
        shapely.union_all(areas),
        _outline(shapely.union_all(outers), view),
        _outline(shapely.union_all(inners), view),
        f"{side.short}: {'' if same else 'up to '}{_distance(longest, treaty, look)}",
        _inner_label(shown, look),
        bool(len(shown))
        and bool((shown["disputed"] & (shown["max_km"] == longest)).any())
        and bool(shown.loc[shown["max_km"] == longest, "disputed"].all()),
    )


def _distance(distance_km: float, treaty: geopandas.GeoDataFrame, look: Look) -> str:
    """Return a range; what the treaty defines stays in km, with the unit asked for beside."""
    return look.units.fixed(distance_km) if len(treaty) else look.units.text(distance_km)


def _inner_label(shown: geopandas.GeoDataFrame, look: Look) -> str:
    """Return the minimum range if there is one for all; several are not told apart."""
    minima = {float(low) for low in shown["min_km"] if low > 0}
    return (
        _distance(minima.pop(), shown[shown["band_kind"] == "treaty"], look)
        if len(minima) == 1
        else ""
    )


def without_twins(
    prints: list[Footprint], groups: list[list[SystemRing]]
) -> tuple[list[Footprint], list[list[SystemRing]]]:
    """Let one line stand for a footprint's edge and the one range that makes it."""
    named = list(prints)
    kept = []
    for group in groups:
        rings = []
        for ring in group:
            twin = next((n for n, one in enumerate(prints) if _same_line(ring, one)), None)
            if twin is None:
                rings.append(ring)
            else:
                one = prints[twin]
                bare = one.label.endswith(ring.label)  # a distance alone
                label = f"{one.side.short}: {ring.label}" if bare else ring.label
                named[twin] = replace(named[twin], label=label)
                rings.append(replace(ring, outline=shapely.MultiLineString()))
        kept.append(rings)
    labels = [one.label for one in named]
    for n, one in enumerate(named):
        lead = f"{one.side.short}: "
        if labels.count(one.label) > 1 and not one.label.startswith(lead):
            named[n] = replace(one, label=f"{lead}{one.label}")
    return named, kept


def _same_line(ring: SystemRing, one: Footprint) -> bool:
    """Return whether a range makes the edge of its own side's footprint, and is seen."""
    mine = ring.coalition in one.side.coalitions
    return mine and not ring.outline.is_empty and bool(ring.outline.equals(one.outline))


@lru_cache(maxsize=2048)
def _disk(view: MapView, lon: float, lat: float, radius_km: float) -> BaseGeometry:
    return view.projection.disk(lon, lat, radius_km, tolerance_km=view.tolerance_km)


def _outline(area: BaseGeometry, view: MapView) -> BaseGeometry:
    """Return the boundary within the view, less the edge of the world."""
    if area.is_empty:
        return shapely.MultiLineString()
    inside = shapely.boundary(area).intersection(_inner_world(view)).intersection(view.box)
    return shapely.line_merge(inside) if inside.geom_type == "MultiLineString" else inside


@lru_cache(maxsize=8)
def _inner_world(view: MapView) -> BaseGeometry:
    return view.projection.world.buffer(-10)


def system_rings(
    analysis: Analysis, view: MapView, look: Look, limit: int = MAX_RINGS
) -> list[list[SystemRing]]:
    """Return the rings that may be drawn, in groups, of each coalition the longest first.

    What several say about one system is one group, drawn whole or not at all, so that no
    side of a dispute is shown alone. Beside a treaty band, ranges far above it are left to
    the table.
    """
    bands = analysis.bands[analysis.bands["band_kind"] != "treaty"]
    treaty = analysis.bands.loc[analysis.bands["band_kind"] == "treaty", "max_km"]
    if len(treaty):
        bands = bands[bands["max_km"] <= _FAR_ABOVE * treaty.max()]
    coalitions = [c for c in analysis.scenario.coalitions if (bands["coalition"] == c.id).any()]
    share = max(1, limit // max(len(coalitions), 1))
    groups: list[list[SystemRing]] = []
    order = {c.id: number for number, c in enumerate(analysis.scenario.coalitions)}
    for coalition in coalitions:
        color = look.theme.data(coalition.color, order[coalition.id])
        mine = bands[bands["coalition"] == coalition.id]
        groups += [
            [_ring(rows, color, view, look) for rows in parts] for parts in _chosen(mine, share)
        ]
    return groups


def _chosen(bands: geopandas.GeoDataFrame, share: int) -> Iterator[list[geopandas.GeoDataFrame]]:
    keys = ["system_id", "label", "said_by", "max_km"]
    by_system: dict[str, list[geopandas.GeoDataFrame]] = {}
    for (system_id, label, _, _), rows in bands.groupby(keys, sort=False):
        by_system.setdefault(str(system_id or label), []).append(rows)
    longest = sorted(
        by_system.values(), key=lambda parts: -max(float(p["max_km"].iloc[0]) for p in parts)
    )
    taken: list[float] = []
    count = 0
    for parts in longest:
        disputed = bool(parts[0]["disputed"].iloc[0])
        ranges = [float(p["max_km"].iloc[0]) for p in parts]
        alike = any(abs(ranges[0] - other) < _ALIKE * other for other in taken)
        # One ring more than the share is better than one side of a dispute less.
        room = share + 1 if disputed else share
        if count and (count + len(parts) > room or (alike and not disputed)):
            continue
        yield parts
        count += len(parts)
        if not disputed:
            taken.extend(ranges)


def _ring(rows: geopandas.GeoDataFrame, color: str, view: MapView, look: Look) -> SystemRing:
    first = rows.iloc[0]
    sites = rows[["site_lon", "site_lat"]].drop_duplicates().itertuples(index=False, name=None)
    max_km = float(first["max_km"])
    centres = list(sites)

    def together(radius_km: float) -> BaseGeometry:
        return _outline(
            shapely.union_all([_disk(view, lon, lat, radius_km) for lon, lat in centres]), view
        )

    bounds = {float(first["max_low_km"]), float(first["max_high_km"])} - {max_km}
    label = ring_name(clean_text(first["label"], 60), max_km, look)
    return SystemRing(
        coalition=str(first["coalition"]),
        system_id=str(first["system_id"]),
        label=style.starred(label, str(first["range_evidence"])),
        said_by=clean_text(first["said_by"], 60),
        max_km=max_km,
        disputed=bool(first["disputed"]),
        alleged=bool(first["alleged"]),
        color=color,
        outline=together(max_km),
        edges=tuple(together(min(radius, MAX_DISTANCE_KM)) for radius in sorted(bounds)),
    )


def ring_name(label: str, max_km: float, look: Look) -> str:
    """Return the label of a range with its distance once, in the unit asked for.

    Examples
    --------
    >>> ring_name("9M729, 480 km as Russia says", 480, Look())
    '9M729, 480 km as Russia says'
    >>> from rangemap.views.units import UNITS
    >>> ring_name("9M729, 480 km as Russia says", 480, Look(units=UNITS["mi"]))
    '9M729, 298 mi as Russia says'
    >>> ring_name("DF-26", 4000, Look())
    'DF-26, 4,000 km'
    """
    given, shown = KM.text(max_km), look.units.text(max_km)
    return label.replace(given, shown) if given in label else f"{label}, {shown}"


def draw_footprints(axes: Axes, prints: list[Footprint], view: MapView, theme: Theme) -> None:
    """Fill what only one side covers in its colour, what several cover in one other colour."""
    areas = [one.area.intersection(view.box) for one in prints]
    shared: BaseGeometry = shapely.MultiPolygon()
    for number, area in enumerate(areas):
        others = shapely.union_all([a for n, a in enumerate(areas) if n != number])
        shared = shared.union(area.intersection(others))
        alone = area.difference(others)
        fill(
            axes, alone, prints[number].side.color, zorder=LAYER_FILL, alpha=theme.fill_alpha,
            hatch=theme.hatch(number),
        )  # fmt: skip
    both = theme.data(_BOTH_COLOR, len(prints))
    fill(axes, shared, both, zorder=LAYER_FILL, alpha=0.65 * theme.fill_alpha)


def draw_outlines(
    axes: Axes, prints: list[Footprint], rings: list[SystemRing], *, weight: float = 1.0
) -> None:
    """Stroke the outer edges, the dashed inner edges and the rings of systems."""
    for ring in rings:
        for edge in ring.edges:
            strokes(
                axes, edge, ring.color, 0.55 * weight, zorder=LAYER_RINGS - 0.1, dashes=EDGE_DOTS
            )
        strokes(
            axes,
            ring.outline,
            ring.color,
            0.85 * weight,
            zorder=LAYER_RINGS,
            dashes=DISPUTED_DASHES if ring.disputed else "solid",
        )
    for one in prints:
        color, line = one.side.color, one.side.line
        strokes(axes, one.inner, color, 0.9 * weight, zorder=LAYER_RINGS + 0.1, dashes=INNER_DASHES)
        dashes = DISPUTED_DASHES if one.disputed else line
        strokes(axes, one.outline, color, 1.9 * weight, zorder=LAYER_RINGS + 0.2, dashes=dashes)
