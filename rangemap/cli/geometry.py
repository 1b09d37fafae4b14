"""Commands that print one ring or band as GeoJSON."""

from __future__ import annotations

import sys

import click

from rangemap.cli.params import Number, NumbersCommand

_tolerance = click.option(
    "--tolerance", type=Number(), default=100.0, show_default=True, metavar="METRES",
    help="How far the drawn boundary may be from the true ring.",
)  # fmt: skip
_feature = click.option(
    "--feature", is_flag=True, help="A Feature with its properties, not the bare geometry."
)


@click.command("ring", cls=NumbersCommand)
@click.argument("lon", type=Number())
@click.argument("lat", type=Number())
@click.argument("km", type=Number())
@_tolerance
@_feature
def ring_command(lon: float, lat: float, km: float, tolerance: float, feature: bool) -> None:
    """Print all points within KM of a site as a GeoJSON polygon.

    LON and LAT are degrees (EPSG:4326), longitude first: rangemap ring 37.62 55.75 5500
    """
    from rangemap.geodesy import ring_polygon
    from rangemap.views.export import feature_json, geometry_json

    polygon = ring_polygon(lon, lat, km, tolerance_m=tolerance)
    about = {"lon": lon, "lat": lat, "max_km": km, "tolerance_m": tolerance}
    sys.stdout.write(feature_json(polygon, about) if feature else geometry_json(polygon) + "\n")


@click.command("band", cls=NumbersCommand)
@click.argument("lon", type=Number())
@click.argument("lat", type=Number())
@click.argument("min_km", type=Number(), metavar="MIN")
@click.argument("max_km", type=Number(), metavar="MAX")
@_tolerance
@_feature
def band_command(
    lon: float, lat: float, min_km: float, max_km: float, tolerance: float, feature: bool
) -> None:
    """Print all points between MIN and MAX km of a site as a GeoJSON polygon.

    LON and LAT are degrees (EPSG:4326), longitude first: rangemap band 144.9 13.6 500 5500
    """
    from rangemap.geodesy import band_polygon
    from rangemap.views.export import feature_json, geometry_json

    polygon = band_polygon(lon, lat, min_km, max_km, tolerance_m=tolerance)
    about = {"lon": lon, "lat": lat, "min_km": min_km, "max_km": max_km, "tolerance_m": tolerance}
    sys.stdout.write(feature_json(polygon, about) if feature else geometry_json(polygon) + "\n")
