"""GeoJSON after RFC 7946."""

from __future__ import annotations

import json

import pytest
import shapely

from rangemap.analysis import coverage_table, range_bands
from rangemap.catalogue import read_capitals
from rangemap.geodesy import area_km2, ring_polygon
from rangemap.views.export import bands_geojson, geometry_json, points_geojson


def test_bands_come_back_valid_and_whole() -> None:
    bands = range_bands("asia-pacific")
    collection = json.loads(bands_geojson(bands))
    assert collection["type"] == "FeatureCollection"
    assert collection["rangemap"]["caveats"]
    assert "crs" not in collection
    assert len(collection["features"]) == len(bands)
    for feature, band in zip(collection["features"], bands.itertuples(), strict=True):
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid
        for part in shapely.get_parts(shape):
            assert shapely.is_ccw(part.exterior)
        assert area_km2(shape) == pytest.approx(area_km2(band.geometry), rel=1e-6)
        assert feature["properties"]["band_id"] == band.band_id
        assert feature["properties"]["max_km"] == band.max_km


@pytest.mark.parametrize("km", [0.02, 0.5, 500, 5500, 19950])
@pytest.mark.parametrize("site", [(179.9999999, 60), (0, 90), (-180, -89.99999), (12, 0)])
def test_rounding_never_spoils_a_polygon(site: tuple[float, float], km: float) -> None:
    polygon = ring_polygon(*site, km)
    again = shapely.from_geojson(geometry_json(polygon))
    assert again.is_valid
    assert area_km2(again) == pytest.approx(area_km2(polygon), rel=1e-3)


def test_coverage_points() -> None:
    bands = range_bands("europe")
    table = coverage_table(bands, read_capitals().iloc[:2])
    collection = json.loads(points_geojson(table, bands.attrs["scenario"]))
    first = collection["features"][0]
    assert first["geometry"]["type"] == "Point"
    assert first["properties"]["place"] == table["place"].iloc[0]
    assert first["properties"]["distance_km"] == round(table["distance_km"].iloc[0], 3)
