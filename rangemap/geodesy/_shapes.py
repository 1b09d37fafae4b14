"""Each check of a geometry, once: type, validity, bounds, coordinate system."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from rangemap.errors import ArgumentError
from rangemap.geodesy import _geos
from rangemap.geodesy._validation import at_index

Shapes = npt.NDArray[np.object_]
ShapesLike: TypeAlias = BaseGeometry | Iterable[Any]

_POLYGON: Final = (int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON))
_WORLD: Final = np.array([-180.0, -90.0, 180.0, 90.0])


def check_polygon(shape: Any, name: str = "polygon") -> BaseGeometry:
    """Return one polygon, or the union of the polygons of a frame; valid, EPSG:4326."""
    polygons = check_polygons(shape, name)
    if polygons.ndim == 0:
        return polygons.item()
    return _geos.union_all(polygons.ravel())


def check_polygons(shapes: Any, name: str = "polygon") -> Shapes:
    """Return polygons as an object array of the shape given; valid, EPSG:4326, copied."""
    array = check_shapes(shapes, name)
    kinds = shapely.get_type_id(array)
    bad = np.asarray(~np.isin(kinds, _POLYGON) & ~shapely.is_empty(array))
    if bad.any():
        kind = array[bad].flat[0].geom_type
        raise ArgumentError(f"{name} {kind}{at_index(bad)} is not a polygon")
    return array


def check_shapes(shapes: Any, name: str = "geometry") -> Shapes:
    """Return geometries of any type as an object array; valid, EPSG:4326, copied.

    The copies are two-dimensional and not shared with the caller, so that work in several
    threads on one geometry does not meet.
    """
    check_crs(shapes, name)
    array = _object_array(shapes)
    bad = np.asarray(~shapely.is_geometry(array))
    if bad.any():
        value = " ".join(repr(array[bad].flat[0]).split())[:60]
        raise ArgumentError(f"{name} {value}{at_index(bad)} is not a shapely geometry")
    copies: Shapes = np.asarray(shapely.force_2d(array), dtype=object)
    bad = np.asarray(~shapely.is_valid(copies))
    if bad.any():
        reason = shapely.is_valid_reason(copies[bad].flat[0])
        raise ArgumentError(f"{name}{at_index(bad)} is invalid ({reason}); see shapely.make_valid")
    _check_bounds(copies, name)
    return copies


def listed(shapes: Any, name: str) -> Shapes:
    """Return several shapes, not looked at but for their system, as an array of one axis."""
    check_crs(shapes, name)
    array = _object_array(shapes)
    if array.ndim != 1:
        raise ArgumentError(
            f"{name} are several geometries in a row, not {type(shapes).__name__}"
            + (f" of shape {array.shape}" if array.ndim else "")
        )
    return array


def check_crs(shapes: Any, name: str) -> None:
    """Refuse a frame or series of geometries in another system than EPSG:4326."""
    given = getattr(shapes, "crs", None)
    if given is None:
        return
    try:
        crs = CRS.from_user_input(given)
    except CRSError:
        raise ArgumentError(f"{name}: {given!r} is no coordinate system, not EPSG:4326") from None
    if crs.equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return
    authority = crs.to_authority()
    code = f"{authority[0]}:{authority[1]} ({crs.name})" if authority else crs.name
    raise ArgumentError(f"{name} is in {code}, not EPSG:4326; use to_crs(4326)")


def _check_bounds(array: Shapes, name: str) -> None:
    bounds = np.asarray(shapely.bounds(array))
    over = np.concatenate(
        [bounds[..., :2] < _WORLD[:2], bounds[..., 2:] > _WORLD[2:]], axis=-1
    )  # an empty geometry has bounds of NaN, which are not over
    bad = np.asarray(over.any(axis=-1))
    if not bad.any():
        return
    side = int(np.argmax(over[bad][0]))
    value = float(bounds[bad][0][side])
    axis, limits = ("longitude", "[-180, 180]") if side % 2 == 0 else ("latitude", "[-90, 90]")
    hint = ": cut it at the antimeridian" if side % 2 == 0 else ""
    raise ArgumentError(
        f"{name}{at_index(bad)} reaches {axis} {value:,.10g}, outside {limits} degrees{hint}"
    )


def _object_array(shapes: Any) -> Shapes:
    if isinstance(shapes, BaseGeometry) or shapes is None or isinstance(shapes, str | bytes | dict):
        scalar: Shapes = np.empty((), dtype=object)
        scalar[()] = shapes
        return scalar
    column = getattr(shapes, "geometry", shapes)  # a GeoDataFrame, a GeoSeries
    if isinstance(column, np.ndarray) or hasattr(column, "__array__"):
        return np.asarray(column, dtype=object)
    try:
        return np.array(list(column), dtype=object)
    except TypeError:
        scalar = np.empty((), dtype=object)
        scalar[()] = shapes
        return scalar
