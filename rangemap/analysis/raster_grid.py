"""A user's population raster: opened, checked, and summed over polygons by area of its cells."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from rangemap.errors import MissingExtraError, PlacesError

__all__ = ["PopulationGrid", "opened"]

_WGS84: Final = "EPSG:4326"
_STEP_DEG: Final = 0.05  # an edge of 5 km, so that a straight one in the grid stays near
_ROWS_AT_ONCE: Final = 8_000_000  # cells
_AGAIN_DEG: Final = 1e-6  # how near a coordinate must come back from the raster's own system
_LOST: Final = 1e-6  # share of the people that may be lost in a transformed outline
_MARGIN_DEG: Final = 1.0
_WIDEST_DEG: Final = 361.0  # some grids have a column more than the globe


@dataclass(frozen=True)
class PopulationGrid:
    """An open raster of people in each cell.

    Attributes
    ----------
    name : str
        The file's name, without its folder.
    sha256 : str
        Of the whole file.
    people : float
        In all cells together.
    """

    name: str
    sha256: str
    people: float
    _dataset: Any
    _crs: pyproj.CRS

    def sums(self, polygons: list[BaseGeometry]) -> npt.NDArray[np.float64]:
        """Return the people within each polygon: those of a cell by its share of the cell.

        Parameters
        ----------
        polygons : list of shapely polygons
            Valid, EPSG:4326, cut at the antimeridian.
        """
        shapes, owner = [], []
        for number, polygon in enumerate(polygons):
            for shape in self._as_drawn(polygon):
                shapes.append(shape)
                owner.append(number)
        result = np.zeros(len(polygons))
        if shapes:
            np.add.at(result, owner, self._exact(shapes))
        return result

    def _exact(self, shapes: list[BaseGeometry]) -> npt.NDArray[np.float64]:
        from_file = import_module("exactextract.raster").RasterioRasterSource(self._dataset)
        frame = geopandas.GeoDataFrame(geometry=shapes, crs=self._dataset.crs.to_wkt())
        found = import_module("exactextract").exact_extract(
            from_file, frame, ["sum"], output="pandas"
        )
        values: npt.NDArray[np.float64] = found["sum"].fillna(0).to_numpy(dtype=np.float64)
        return values

    def _as_drawn(self, polygon: BaseGeometry) -> Iterator[BaseGeometry]:
        """Yield the parts of a polygon as the raster's own system draws them."""
        if polygon.is_empty:
            return
        left, bottom, right, top = self._dataset.bounds
        if self._crs.equals(_WGS84, ignore_axis_order=True):
            for turn in (-360.0, 0.0, 360.0):  # a grid may run from 0 to 360 as well
                moved = translate(polygon, xoff=turn)
                part = shapely.intersection(moved, shapely.box(left, bottom, right, top))
                yield from _areas(part)
            return
        for box in self._reach():
            part = shapely.segmentize(shapely.intersection(polygon, box), _STEP_DEG)
            for area in _areas(part):
                yield from _areas(shapely.make_valid(self._transformed(area)))

    def _reach(self) -> list[BaseGeometry]:
        """Return boxes in longitude and latitude that hold the whole raster."""
        back = pyproj.Transformer.from_crs(self._crs, _WGS84, always_xy=True)
        left, bottom, right, top = self._dataset.bounds
        west, south, east, north = back.transform_bounds(left, bottom, right, top, densify_pts=101)
        if not all(map(math.isfinite, (west, south, east, north))):
            west, south, east, north = -180, -90, 180, 90
        south, north = max(south - _MARGIN_DEG, -90), min(north + _MARGIN_DEG, 90)
        west, east = west - _MARGIN_DEG, east + _MARGIN_DEG
        if west <= east:
            return [shapely.box(max(west, -180), south, min(east, 180), north)]
        return [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]

    def _transformed(self, area: BaseGeometry) -> BaseGeometry:
        there = pyproj.Transformer.from_crs(_WGS84, self._crs, always_xy=True)
        before = shapely.get_coordinates(area)
        after = np.column_stack(there.transform(before[:, 0], before[:, 1]))
        again = np.column_stack(there.transform(after[:, 0], after[:, 1], direction="INVERSE"))
        # The edges of the map have no way back in some systems, and a pole has every longitude.
        inner = (np.abs(before) < np.array([180, 90]) - _AGAIN_DEG).all(axis=1)
        if not (np.isfinite(after).all() and np.isfinite(again[inner]).all()):
            raise self._refused()
        gap = np.abs(again - before)[inner]
        gap[:, 0] = np.minimum(gap[:, 0] % 360, -gap[:, 0] % 360)
        if not (gap < _AGAIN_DEG).all():
            raise self._refused()
        return shapely.set_coordinates(area, after)

    def check_outlines(self) -> None:
        """Refuse a raster whose system cannot hold the outlines: all its people must be found."""
        if self._crs.equals(_WGS84, ignore_axis_order=True):
            return
        world = shapely.box(-180, -90, 180, 90)
        if abs(self.sums([world])[0] - self.people) > _LOST * max(self.people, 1):
            raise self._refused()

    def _refused(self) -> PlacesError:
        return PlacesError(
            f"{self.name}: outlines cannot be drawn in its coordinate system, {self._crs.name}: "
            "reproject it first, keeping the sum of people, with gdalwarp -t_srs EPSG:4326 -r sum"
        )


def _areas(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shapely.get_parts(shape)):
        if part.geom_type == "Polygon" and part.area > 0:
            yield part


@contextmanager
def opened(path: str | Path) -> Iterator[PopulationGrid]:
    """Open a population raster and check that it holds counts that can be summed.

    Raises
    ------
    MissingExtraError
        If rasterio or exactextract is not installed.
    PlacesError
        If the file is no such raster.
    """
    try:
        rasterio = import_module("rasterio")
        import_module("exactextract")
    except ImportError as problem:
        raise MissingExtraError(
            f"a population raster needs the package {problem.name!r}: "
            "pip install 'rangemap[raster]'"
        ) from None
    file = Path(path)
    if not file.is_file():
        what = "is a folder" if file.is_dir() else "no such file"
        raise PlacesError(f"{path}: {what}")
    try:
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as problem:
        raise PlacesError(f"{path}: cannot be read: {problem.strerror}") from None
    errors = import_module("rasterio.errors")
    try:
        with _quiet(errors), rasterio.open(file) as dataset:
            crs = _checked(dataset, file.name)
            grid = PopulationGrid(file.name, digest, _total(dataset, file.name), dataset, crs)
            grid.check_outlines()
            yield grid
    except errors.RasterioError as problem:
        reason = " ".join(str(problem).split())[:120]
        raise PlacesError(f"{path}: not a raster that can be read: {reason}") from None


@contextmanager
def _quiet(errors: Any) -> Iterator[None]:
    """Leave out the warning of a raster without a place: it is refused with a clear line."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.NotGeoreferencedWarning)
        yield


def _checked(dataset: Any, name: str) -> pyproj.CRS:
    if dataset.count != 1:
        raise PlacesError(f"{name}: has {dataset.count} bands; a population raster has one")
    if dataset.dtypes[0].startswith("complex"):
        raise PlacesError(f"{name}: holds complex numbers; a population raster holds counts")
    if dataset.crs is None:
        raise PlacesError(f"{name}: names no coordinate system; gdal_edit.py -a_srs sets it")
    grid = dataset.transform
    if grid.b or grid.d or grid.a <= 0 or grid.e >= 0:
        raise PlacesError(f"{name}: its grid is turned; gdalwarp makes one with north up")
    try:
        crs = pyproj.CRS.from_wkt(dataset.crs.to_wkt())
    except pyproj.exceptions.CRSError:
        raise PlacesError(f"{name}: its coordinate system cannot be understood") from None
    width = dataset.bounds.right - dataset.bounds.left
    if crs.equals(_WGS84, ignore_axis_order=True) and width > _WIDEST_DEG:
        raise PlacesError(f"{name}: is {width:g} degrees wide: it would count people twice")
    return crs


def _total(dataset: Any, name: str) -> float:
    """Return the sum of all cells, read in strips."""
    window = import_module("rasterio.windows").Window
    strip = max(1, _ROWS_AT_ONCE // dataset.width)
    parts = []
    for top in range(0, dataset.height, strip):
        rows = min(strip, dataset.height - top)
        cells = dataset.read(1, window=window(0, top, dataset.width, rows), masked=True)
        values = cells.compressed().astype(np.float64) * dataset.scales[0] + dataset.offsets[0]
        values = values[~np.isnan(values)]
        bad = values[~np.isfinite(values) | (values < 0)]
        if len(bad):
            raise PlacesError(
                f"{name}: holds {bad[0]:g}, which is no number of people; if it means no data, "
                "gdal_edit.py -a_nodata says so in the file"
            )
        parts.append(float(values.sum()))
    return math.fsum(parts)
