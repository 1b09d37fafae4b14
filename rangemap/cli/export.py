"""`export`: GIS files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rangemap.cli.params import note, scenario_argument

if TYPE_CHECKING:
    from rangemap.analysis import Scenario

_FORMS = ("geojson", "gpkg", "kml", "kmz", "parquet", "shp")
_LAYERS = ("bands", "footprints", "overlap", "sites", "places")


@click.command("export")
@scenario_argument
@click.option("--layer", "layers", multiple=True, type=click.Choice(_LAYERS),
              help="Default: bands in a format that holds one layer (geojson, parquet, shp), all "
              "in the others, to which it may be given again.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(_FORMS), help="Default: by the ending of FILE.")
@click.option("-o", "--output", metavar="FILE",
              help="Where to write; - is standard output (not for shp). Default: "
              "NAME.gpkg here.")  # fmt: skip
def export_command(
    scenario: Scenario, layers: tuple[str, ...], form: str | None, output: str | None
) -> None:
    """Write ranges, overlaps, sites and verdicts as a GIS file.

    FILE ends in .geojson, .gpkg, .kml, .kmz, .parquet or .shp: rangemap export europe -o
    europe.gpkg opens in QGIS with its styles, -o europe.kmz in Google Earth.
    """
    from rangemap.analysis import analyse
    from rangemap.errors import ArgumentError
    from rangemap.views.gis import default_layers, form_of, gis_bytes, write_gis

    chosen = layers or None
    if output == "-":
        if form is None or form == "shp":
            raise ArgumentError("standard output needs --format, and takes any but shp")
        content = gis_bytes(analyse(scenario), form, layers=chosen)[""]
        sys.stdout.buffer.write(content)
        return
    path = Path(output or f"{scenario.name}.{form or 'gpkg'}")
    form = form_of(path, form)
    analysis = analyse(scenario)
    for written in write_gis(analysis, path, form, layers=chosen):
        note(f"wrote {written}")
    if form == "gpkg" and chosen is None and "overlap" not in default_layers(analysis, form):
        note("left out the layer overlap, which is large with so many bands: --layer adds it")
    if form == "shp":
        from rangemap.views.shapefile import LIMITS

        note(LIMITS)
