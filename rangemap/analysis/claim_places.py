"""From where to where a statement is about, and how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from rangemap.catalogue.regions import (
    MAP_ERROR_KM,
    area_of,
    country_label,
    read_regions,
)
from rangemap.catalogue.spots import Spot, capital_of, find_area, find_point, find_site, sites_of
from rangemap.catalogue.statements import Claim, Reading, Says
from rangemap.errors import CatalogueError
from rangemap.geodesy import distance_km, distance_matrix_km, territory_distance_km

_STEP_DEG: Final = 0.1
_CELL_DEG: Final = 0.5
_AT_ONCE: Final = 200  # points, at first
_KM_OF_DEG: Final = 111.7  # at most, along a meridian or a parallel
SAMPLE_ERROR_KM: Final = 5.6
"""Half the greatest distance between two neighbouring samples of an outline."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Target:
    """A point, or the territory of one country, or a part of it."""

    name: str
    reading: Reading
    excepted: bool
    lon: float | None = None
    lat: float | None = None
    code: str = ""
    box: Box | None = None

    @property
    def area(self) -> BaseGeometry:
        """Its territory."""
        return area_of(self.code, mainland=self.reading.mainland, box=self.box)


@dataclass(frozen=True)
class Measured:
    """A distance, how far it may be off by the map, and the launch site that it is from."""

    km: float
    error_km: float
    launch: int


def launches_of(claim: Claim) -> list[tuple[Spot, str]]:
    """Return from where a statement launches, each with a system (empty if it names none)."""
    systems = claim.system_ids or ("",)
    if claim.launch == ("*",):
        return [(spot, name) for name in systems for spot in sites_of(name, claim.as_of)]
    found: list[tuple[Spot, str]] = []
    for name in claim.launch:
        found += [(spot, system) for spot in _spots(claim, name) for system in systems]
    return found


def _spots(claim: Claim, name: str) -> list[Spot]:
    if name == "*":
        return [spot for system in claim.system_ids for spot in sites_of(system, claim.as_of)]
    known = find_point(name) if claim.launch_lon is None else find_site(name)
    if claim.launch_lon is not None:
        precision = claim.launch_precision_km
        if precision is None:
            precision = known.precision_km if known else 0.0
        return [
            Spot(
                known.id if known else "", known.name if known else name, claim.launch_lon,
                claim.launch_lat, precision, note=moved(known, claim),
            )
        ]  # fmt: skip
    spot = known or find_area(name)
    if spot is None:  # the reader has checked it; the catalogue in use may have changed since
        raise CatalogueError(f"{claim.row}: launch {name!r} is no place that is known")
    return [spot]


def moved(known: Spot | None, claim: Claim) -> str:
    """Return how far the catalogue's site is from the coordinates that a statement gives."""
    if known is None or known.lon is None or claim.launch_lon is None:
        return ""
    km = float(distance_km(*_point(known), claim.launch_lon, claim.launch_lat or 0.0))
    if km < 0.1:
        return ""
    return f"the catalogue has {known.name} {km:,.1f} km from the coordinates used here"


def readings_of(claim: Claim) -> tuple[Reading, ...]:
    """Return what of the target must be in range: as the row says, or every reading that fits."""
    if claim.target_readings:
        return claim.target_readings
    if claim.target_lon is not None or all(find_point(name) for name in claim.target):
        return (Reading.POINT,)
    if claim.says is Says.OUT:
        return (Reading.ANY,)
    return (Reading.ANY, Reading.CAPITAL, Reading.ALL)


def targets_of(claim: Claim, reading: Reading) -> list[Target]:
    """Return the targets of a statement under one reading; a region has one for each country."""
    if claim.target_lon is not None:
        return [Target(claim.target[0], reading, False, claim.target_lon, claim.target_lat)]
    excepted = {area.codes[0] for name in claim.target_except if (area := find_area(name))}
    found: dict[tuple[str, str], Target] = {}
    for name in claim.target:
        for target in _targets(claim, name, reading, excepted):
            found[target.name, target.code] = target
    return list(found.values())


def _targets(claim: Claim, name: str, reading: Reading, excepted: set[str]) -> list[Target]:
    if reading is Reading.POINT:
        point = find_point(name)
        if point is not None:
            return [Target(point.name, reading, False, point.lon, point.lat)]
        raise CatalogueError(f"{claim.row}: target {name!r} is no place that is known")
    area = find_area(name)
    if area is None:
        raise CatalogueError(f"{claim.row}: target {name!r} is no country or region that is known")
    box = read_regions()[area.region].box if area.region else None
    found = []
    for code in area.codes:
        left_out = code in excepted
        if reading is Reading.CAPITAL:
            spot = capital_of(code)
            if spot is not None and _in_box(spot, box):
                label = f"{spot.name} ({country_label(code)})"
                found.append(Target(label, reading, left_out, spot.lon, spot.lat, code))
            continue
        label = area.name if len(area.codes) == 1 else country_label(code)
        target = Target(label, reading, left_out, code=code, box=box)
        if not target.area.is_empty:
            found.append(target)
    return found


def _in_box(spot: Spot, box: Box | None) -> bool:
    if box is None or spot.lon is None or spot.lat is None:
        return True
    west, east, south, north = box
    across = west <= spot.lon <= east if west <= east else spot.lon >= west or spot.lon <= east
    return across and south <= spot.lat <= north


def distances(launches: Sequence[Spot], target: Target) -> list[Measured]:
    """Return how far a target is from each launch site: to its nearest or farthest point."""
    return [
        Measured(
            float(row.max() if target.reading.whole else row.min()), _error_km(spot, target), index
        )
        for index, (spot, row) in enumerate(zip(launches, _rows(launches, target), strict=True))
    ]


def farthest_by_nearest(launches: Sequence[Spot], target: Target) -> Measured:
    """Return how far the point of a target is that lies farthest from its nearest launch site.

    For one launch site that point is on the outline, for several it may be inside: cells are
    halved until none can hold a point that is farther by more than the error of the outline's
    samples, since a distance changes by no more than the way between two points.
    """
    lon, lat = _outline(target)
    east, north = _anchor(launches, target)
    upper = distance_matrix_km([east], [north], lon, lat)[0]  # no point's nearest site is farther
    best, index = -1.0, 0
    order, at_once = np.argsort(-upper), _AT_ONCE
    while len(order) and upper[order[0]] > best:
        some, order, at_once = order[:at_once], order[at_once:], at_once * 8
        best, index = _greater(launches, lon[some], lat[some], best, index)
    if len(launches) > 1 or launches[0].is_area:
        best, index = _farthest_inside(launches, target, best, index)
    return Measured(best, _error_km(launches[index], target), index)


def _farthest_inside(
    launches: Sequence[Spot], target: Target, best: float, index: int
) -> tuple[float, int]:
    area, half = target.area, _CELL_DEG / 2
    east, north = _anchor(launches, target)
    west, south, right, top = area.bounds
    columns = np.arange(west + half, right + half, 2 * half)
    lon, lat = (
        g.ravel() for g in np.meshgrid(columns, np.arange(south + half, top + half, 2 * half))
    )
    shapely.prepare(area)
    while len(lon):
        lon, lat = np.clip(lon, -180, 180), np.clip(lat, -90, 90)
        radius = _KM_OF_DEG * half * np.sqrt(2)
        upper = distance_matrix_km([east], [north], lon, lat)[0]
        far = np.flatnonzero(upper + radius > best + SAMPLE_ERROR_KM)
        lon, lat = lon[far], lat[far]
        cells = shapely.box(lon - half, lat - half, lon + half, lat + half)
        meets = shapely.intersects(area, cells)
        lon, lat = lon[meets], lat[meets]
        if not len(lon):
            break
        least = np.min(_to_points(launches, lon, lat), axis=0)
        inside = np.flatnonzero(shapely.intersects_xy(area, lon, lat))
        if len(inside):
            best, index = _greater(launches, lon[inside], lat[inside], best, index)
        wide = least + radius > best + SAMPLE_ERROR_KM
        half /= 2
        lon, lat = (
            np.concatenate([part[wide] + sign * half for sign in signs])
            for part, signs in ((lon, (-1, -1, 1, 1)), (lat, (-1, 1, -1, 1)))
        )
    return best, index


def _greater(
    launches: Sequence[Spot], lon: Any, lat: Any, best: float, index: int
) -> tuple[float, int]:
    """Return the greatest of some points' distances to their nearest launch site, if greater."""
    table = np.stack(_to_points(launches, lon, lat))
    least = table.min(axis=0)
    at = int(least.argmax())
    return (float(least[at]), int(table[:, at].argmin())) if least[at] > best else (best, index)


def _anchor(launches: Sequence[Spot], target: Target) -> tuple[float, float]:
    """Return the point to launch from that is nearest to the middle of a target."""
    middle = target.area.representative_point()
    points = [
        shapely.get_coordinates(_ground(spot)) if spot.is_area else np.array([_point(spot)])
        for spot in launches
    ]
    lon, lat = np.concatenate(points).T
    nearest = int(distance_matrix_km([middle.x], [middle.y], lon, lat)[0].argmin())
    return float(lon[nearest]), float(lat[nearest])


def _to_points(launches: Sequence[Spot], lon: Any, lat: Any) -> list[Any]:
    return [
        np.atleast_1d(territory_distance_km(_ground(spot), lon, lat))
        if spot.is_area
        else distance_km(*_point(spot), lon, lat)
        for spot in launches
    ]


def _error_km(spot: Spot, target: Target) -> float:
    """Return what the map and the samples of an outline may make a distance wrong by."""
    sampled = target.lon is None and (target.reading.whole or spot.is_area)
    maps = (target.lon is None) + spot.is_area
    return MAP_ERROR_KM * maps + (SAMPLE_ERROR_KM if sampled else 0.0)


def _rows(launches: Sequence[Spot], target: Target) -> list[Any]:
    """Return for each launch site its distances to the points of a target that matter."""
    if target.lon is not None:
        return _to_points(launches, [target.lon], [target.lat])
    if target.reading.whole or any(spot.is_area for spot in launches):
        return _to_points(launches, *_outline(target))
    lon, lat = np.array([_point(spot) for spot in launches]).T
    return list(territory_distance_km(target.area, lon, lat)[:, None])


def _point(spot: Spot) -> tuple[float, float]:
    return spot.lon or 0.0, spot.lat or 0.0


def _ground(spot: Spot) -> BaseGeometry:
    box = read_regions()[spot.region].box if spot.region else None
    return _union(spot.codes, box)


@cache
def _union(codes: tuple[str, ...], box: Box | None) -> BaseGeometry:
    return shapely.union_all([area_of(code, box=box) for code in codes])


def _outline(target: Target) -> tuple[Any, Any]:
    return _samples(target.code, target.reading.mainland, target.box)


@cache
def _samples(code: str, mainland: bool, box: Box | None) -> tuple[Any, Any]:
    """Return points along an outline, near enough that none between them is much farther."""
    outline = shapely.segmentize(area_of(code, mainland=mainland, box=box), _STEP_DEG)
    points = shapely.get_coordinates(outline)
    return points[:, 0], points[:, 1]
