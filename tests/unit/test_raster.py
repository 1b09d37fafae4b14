"""A population raster of one's own: held against sums of fine cells, in several grids."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from rangemap.analysis import population_raster, range_bands, raster_grid
from rangemap.analysis.coverage import coalitions_of
from rangemap.analysis.raster import RASTER_COLUMNS, RASTER_COUNTRY_COLUMNS
from rangemap.analysis.raster_grid import opened
from rangemap.catalogue import read_countries
from rangemap.cli import main
from rangemap.errors import ArgumentError, MissingExtraError, PlacesError
from rangemap.geodesy import band_polygon, footprint


def from_origin(west: float, north: float, width: float, height: float) -> Affine:
    """As rasterio's own, which warns that its way of multiplying will go."""
    return Affine(width, 0, west, 0, -height, north)


FINE = 20  # parts of a cell's side


@pytest.fixture(scope="module")
def bands() -> geopandas.GeoDataFrame:
    return range_bands("europe-vs-china")


def write(path: Path, cells: np.ndarray[Any, Any], origin: Affine, crs: str | None = "EPSG:4326",
          **more: Any) -> Path:  # fmt: skip
    height, width = cells.shape[-2:]
    count = 1 if cells.ndim == 2 else len(cells)
    made = {"driver": "GTiff", "width": width, "height": height, "count": count, **more}
    with rasterio.open(path, "w", dtype=cells.dtype, crs=crs, transform=origin, **made) as dataset:
        dataset.write(cells[None] if cells.ndim == 2 else cells)
    return path


def world(path: Path, seed: int = 1, west: float = -180.0, **more: Any) -> tuple[Path, Any]:
    cells = np.random.default_rng(seed).integers(0, 1000, (90, 180)).astype("float64")
    return write(path, cells, from_origin(west, 90, 2, 2), **more), cells


def fine_sum(path: Path, polygon: Any) -> float:
    """Sum over fine parts of cells whose centre, in degrees, lies in the polygon."""
    with rasterio.open(path) as dataset:
        cells, grid, crs = dataset.read(1, masked=True), dataset.transform, dataset.crs
    rows, columns = np.indices(np.array(cells.shape) * FINE)
    x = grid.c + (columns.ravel() + 0.5) * grid.a / FINE
    y = grid.f + (rows.ravel() + 0.5) * grid.e / FINE
    if not crs.is_geographic:
        back = pyproj.Transformer.from_crs(crs.to_wkt(), "EPSG:4326", always_xy=True)
        x, y = back.transform(x, y)
    shapely.prepare(polygon)
    there = np.isfinite(x) & np.isfinite(y)
    x[there] = (x[there] + 180) % 360 - 180
    inside = np.zeros(len(x), dtype=bool)
    inside[there] = shapely.contains_xy(polygon, x[there], y[there])
    whole = np.repeat(np.repeat(cells.filled(0), FINE, axis=0), FINE, axis=1).ravel()
    return float((whole * inside).sum() / FINE**2)


POLYGONS = {
    "plain": band_polygon(20, 50, 500, 2500),
    "antimeridian": band_polygon(178, -17, 300, 3000),
    "pole": band_polygon(30, 82, 0, 4000),
    "south pole": band_polygon(-100, -85, 1000, 5500),
}


@pytest.mark.parametrize("name", POLYGONS)
@pytest.mark.parametrize("west", [-180.0, 0.0, -20.0])
def test_sums_agree_with_fine_cells_wherever_the_grid_begins(
    name: str, west: float, tmp_path: Path
) -> None:
    path, cells = world(tmp_path / "p.tif", west=west)
    with opened(path) as grid:
        (found,) = grid.sums([POLYGONS[name]])
        assert grid.people == cells.sum()
        everything = grid.sums([shapely.box(-180, -90, 180, 90)])
        assert everything[0] == pytest.approx(cells.sum(), rel=1e-12)
    assert found == pytest.approx(fine_sum(path, POLYGONS[name]), rel=2e-3)


@pytest.mark.parametrize(
    ("crs", "origin", "shape", "site"),
    [
        ("EPSG:3035", (2_500_000, 5_500_000, 50_000), (80, 80), (20, 50, 300, 900)),
        ("ESRI:54009", (-18_040_000, 9_020_000, 200_000), (91, 181), (178, -17, 300, 3000)),
        ("EPSG:3857", (-20_000_000, 12_000_000, 250_000), (96, 160), (100, 30, 500, 5500)),
        ("EPSG:3995", (-4_000_000, 4_000_000, 100_000), (80, 80), (30, 82, 200, 2500)),
        ("EPSG:4258", (-10, 70, 0.5), (60, 80), (20, 50, 300, 900)),
    ],
)
def test_other_coordinate_systems(
    crs: str, origin: tuple[float, float, float], shape: tuple[int, int],
    site: tuple[float, float, float, float], tmp_path: Path,
) -> None:  # fmt: skip
    cells = np.random.default_rng(7).integers(0, 1000, shape).astype("float32")
    west, north, step = origin
    if crs == "ESRI:54009":  # nobody lives off the map
        rows, columns = np.indices(shape)
        x, y = west + (columns + 0.5) * step, north - (rows + 0.5) * step
        limit = 18_040_096 * np.sqrt(np.clip(1 - (np.abs(y) + step) ** 2 / 9_020_048**2, 0, 1))
        cells[np.abs(x) + step > limit] = 0
    path = write(tmp_path / "p.tif", cells, from_origin(west, north, step, step), crs)
    polygon = band_polygon(*site)
    with opened(path) as grid:
        (found,) = grid.sums([polygon])
    assert found == pytest.approx(fine_sum(path, polygon), rel=3e-3)


def test_rows_add_up(bands: geopandas.GeoDataFrame, tmp_path: Path) -> None:
    path, _ = world(tmp_path / "people.tif", nodata=-1.0)
    sums = population_raster(bands, path)
    assert list(sums.columns) == RASTER_COLUMNS
    by_country = population_raster(bands, path, by="country")
    assert list(by_country.columns) == RASTER_COUNTRY_COLUMNS
    known = coalitions_of(bands)
    for row in sums.itertuples():
        part = by_country[
            (by_country["coalition"] == row.coalition) & (by_country["band_kind"] == row.band_kind)
        ]
        own = part["iso_a3"].isin(known[row.coalition].members)
        assert (part["own_side"] == own).all()
        assert row.people == pytest.approx(part.loc[~own, "people"].sum())
        assert row.own_people == pytest.approx(part.loc[own, "people"].sum())
        chosen = bands[
            (bands["coalition"] == row.coalition) & (bands["band_kind"] == row.band_kind)
        ]
        whole = fine_sum(path, footprint(chosen))
        found = row.people + row.own_people + row.unassigned_people
        assert found == pytest.approx(whole, rel=1e-3)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert set(sums["population_file"]) == {"people.tif"}
    assert set(sums["population_sha256"]) == {digest}
    norway = by_country[by_country["iso_a3"] == "NOR"].iloc[0]
    shape = read_countries().set_index("iso_a3").loc["NOR"].geometry
    assert norway["people_in_country"] == pytest.approx(fine_sum(path, shape), rel=0.02)
    assert by_country["people_share"].dropna().between(0, 1).all()


def test_no_data_and_nan_are_nobody(tmp_path: Path) -> None:
    cells = np.full((10, 10), 5.0)
    cells[0, 0], cells[1, 1] = -200, np.nan
    path = write(tmp_path / "p.tif", cells, from_origin(0, 10, 1, 1), nodata=-200)
    with opened(path) as grid:
        assert grid.people == 5 * 98
        assert grid.sums([shapely.box(0, 0, 10, 10)])[0] == pytest.approx(5 * 98)
        assert grid.sums([shapely.box(0, 0, 0.5, 0.5), shapely.Polygon(),
                          shapely.box(50, 50, 60, 60)]).tolist() == [1.25, 0, 0]  # fmt: skip


CELLS = np.ones((4, 4))
NORTH_UP = from_origin(0, 4, 1, 1)


@pytest.mark.parametrize(
    ("cells", "grid", "more", "words"),
    [
        (np.ones((3, 4, 4)), NORTH_UP, {}, "has 3 bands"),
        (CELLS, NORTH_UP, {"crs": None}, "names no coordinate system"),
        (CELLS - 3, NORTH_UP, {}, "holds -2, which is no number of people"),
        (CELLS * np.inf, NORTH_UP, {}, "holds inf"),
        (CELLS, Affine(1, 0.3, 0, 0.3, -1, 4), {}, "its grid is turned"),
        (CELLS, Affine(2, 0, 0, 0, 2, 0), {}, "its grid is turned"),
        (CELLS, from_origin(-180, 4, 100, 1), {}, "400 degrees wide"),
        (CELLS.astype("complex64"), NORTH_UP, {}, "complex numbers"),
    ],
)
def test_a_raster_that_cannot_be_summed_is_refused(
    cells: Any, grid: Affine, more: dict[str, Any], words: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "p.tif", cells, grid, **more)
    with pytest.raises(PlacesError) as caught, opened(path):
        pass
    assert words in str(caught.value)
    assert "p.tif" in str(caught.value)


def test_people_off_the_map_of_a_projection_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "p.tif", np.ones((91, 181)), from_origin(-18_040_000, 9_020_000,
                 200_000, 200_000), "ESRI:54009")  # fmt: skip
    with pytest.raises(PlacesError, match=r"outlines cannot be drawn .* gdalwarp"), opened(path):
        pass


def test_no_raster_at_all(tmp_path: Path, bands: geopandas.GeoDataFrame) -> None:
    (tmp_path / "x.tif").write_bytes(b"rubbish" * 99)
    with pytest.raises(PlacesError, match=r"x\.tif: not a raster that can be read"):
        population_raster(bands, tmp_path / "x.tif")
    with pytest.raises(PlacesError, match="is a folder"):
        population_raster(bands, tmp_path)
    with pytest.raises(PlacesError, match="no such file"):
        population_raster(bands, tmp_path / "y.tif")
    with pytest.raises(ArgumentError, match=r"by 'contry' .* did you mean 'country'"):
        population_raster(bands, tmp_path, by="contry")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="lack the column 'coalition'"):
        population_raster(bands.drop(columns="coalition"), tmp_path)


def test_a_missing_extra_is_one_line_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(raster_grid, "import_module", without)
    words = r"the package 'rasterio': pip install 'rangemap\[raster\]'"
    with pytest.raises(MissingExtraError, match=words), opened(tmp_path):
        pass


def test_the_command_says_where_numbers_come_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, cells = world(tmp_path / "people.tif")
    assert main(["coverage", "guam", "--population", str(path)]) == 0
    out = capsys.readouterr()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    assert f"people.tif (SHA-256 {digest})" in " ".join(out.out.split())
    assert f"{cells.sum():,.0f} people in all cells together" in out.err
    assert main(["coverage", "guam", "--population", str(path), "--by", "country"]) == 0
    assert "Philippines" in capsys.readouterr().out


def test_antimeridian_countries_count_on_both_sides(tmp_path: Path) -> None:
    cells = np.zeros((180, 360))
    cells[90 + 17, 0] = cells[90 + 17, 359] = 10.0  # 179 to 180 and -180 to -179, 17 S
    path = write(tmp_path / "p.tif", cells, from_origin(-180, 90, 1, 1))
    with opened(path) as grid:
        assert grid.sums([band_polygon(180, -17.5, 0, 400)])[0] == pytest.approx(20)
