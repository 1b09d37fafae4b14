"""Commands that make outputs from scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rangemap.cli.params import (
    ScenarioName,
    emit,
    end_progress,
    note,
    output_file,
    own_case_options,
    own_scenario,
    progress_line,
    scenario_argument,
)
from rangemap.errors import ArgumentError, NothingLaunchesError

if TYPE_CHECKING:
    from rangemap.analysis import Scenario


@click.command("build")
@click.argument("scenarios", nargs=-1, type=ScenarioName(), metavar="[SCENARIO]...")
@click.option("-o", "--output", default="output", show_default=True, metavar="DIR",
              help="Each scenario goes into DIR/NAME/.")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="Every built-in scenario.")
@click.option("--units", type=click.Choice(["km", "mi", "nmi"]), default="km", show_default=True,
              help="Of distances and areas in pictures and slides; tables stay in km.")  # fmt: skip
@own_case_options
def build_command(
    scenarios: tuple[str, ...],
    output: str,
    every: bool,
    units: str,
    sites: tuple[str, ...],
    ranges: tuple[float, ...],
    systems: tuple[str, ...],
    as_of: int | None,
) -> None:
    """Make every view of each scenario: map, images, tables, GIS file, manifest.

    Without SCENARIO: europe, asia-pacific and europe-vs-china. A case of your own needs no
    file: rangemap build --site 24.40,44.07,Slatina --range 2500
    """
    from rangemap.analysis import read_scenario, scenario_names
    from rangemap.analysis.scenario import BUILT_IN
    from rangemap.pack import build

    own = own_scenario(sites, ranges, systems, as_of)
    if every and (scenarios or own):
        raise click.UsageError("--all takes no SCENARIO and no --site beside it")
    names = scenario_names() if every else scenarios or (() if own else BUILT_IN)
    wanted = [own] if own else []
    for name in names:
        try:
            wanted.append(read_scenario(name, as_of=as_of))
        except NothingLaunchesError as problem:
            if not every:
                raise
            note(f"left out: {problem}")
    try:
        folders = build(wanted, output, units=units, progress=progress_line())
    finally:
        end_progress()
    for folder in folders:
        click.echo(folder)
    note(f"open {Path(output) / 'index.html'}")


@click.command("map")
@scenario_argument
@click.option("--tiles", metavar="URL",
              help="Map tiles under the ranges, https://HOST/{z}/{x}/{y}.png. The page then goes "
              "online, and says so.")  # fmt: skip
@click.option("--attribution", metavar="TEXT", help="Whom the tiles are credited to.")
@output_file
def map_command(
    scenario: Scenario, tiles: str | None, attribution: str | None, output: str | None
) -> None:
    """Make the interactive map, one file that opens offline.

    FILE is by default NAME-map.html in the current folder.
    """
    from rangemap.analysis import analyse
    from rangemap.views.webmap import explore
    from rangemap.views.webmap_page import tiles_of

    online = tiles_of(tiles, attribution)
    analysis = analyse(scenario)
    page = explore(analysis, tiles=tiles, attribution=attribution)
    if online is not None:
        note(f"this map goes online: it asks {online.origin} for tiles")
    emit(page.to_html(), output or f"{analysis.scenario.name}-map.html")


@click.command("table")
@scenario_argument
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]),
              help="Default: by the ending of FILE, else an aligned table.")  # fmt: skip
@output_file
def table_command(scenario: Scenario, form: str | None, output: str | None) -> None:
    """Print each capital's zone and nearest site, for each coalition."""
    from rangemap.analysis import analyse
    from rangemap.views.table import to_csv, to_json

    rows = analyse(scenario).place_rows
    form = _form(form, output, ("csv", "json"))
    if form == "table":
        emit(_place_text(rows), output)
    else:
        emit(to_csv(rows) if form == "csv" else to_json(rows), output)


@click.command("coverage")
@scenario_argument
@click.option("--places", metavar="FILE", help="Target places of your own: a CSV file.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "geojson"]),
              help="Default: by the ending of FILE, else table, a line for each place and "
              "coalition; the others have a row for each place and band.")  # fmt: skip
@click.option("--by", type=click.Choice(["place", "country"]), default="place", show_default=True,
              help="country: which share of each country's area is in range.")  # fmt: skip
@output_file
def coverage_command(
    scenario: Scenario, places: str | None, form: str | None, by: str, output: str | None
) -> None:
    """Print the distance and verdict of every place and band.

    With --by country, the share of every country's area that each coalition's bands cover,
    for each kind of band, and how far that share may be off.
    """
    from dataclasses import replace

    from rangemap.analysis import coverage_table, place_table, range_bands
    from rangemap.catalogue.places import load_places, places_frame
    from rangemap.views.export import points_geojson
    from rangemap.views.table import to_csv, to_json

    if by == "country":
        _country_shares(scenario, places, form, output)
        return
    form = _form(form, output, ("csv", "json", "geojson"))
    resolved = scenario
    if places is not None:
        own = load_places(Path(places), shown_as=places)
        resolved = replace(resolved, places=own, places_from=Path(places).name)
    bands, targets = range_bands(resolved), places_frame(resolved.places)
    if form == "table":
        emit(_place_text(place_table(bands, targets)), output)
        return
    table = coverage_table(bands, targets)
    if form == "geojson":
        emit(points_geojson(table, resolved), output)
    else:
        emit(to_csv(table) if form == "csv" else to_json(table), output)


@click.command("overlap")
@scenario_argument
@click.option("--kind", type=click.Choice(["treaty", "system", "own"]),
              help="Only bands of this kind; default: all.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["table", "csv", "json", "geojson"]),
              help="Default: by the ending of FILE, else table, the area by count; the others "
              "have a row for each face, csv and json without its outline.")  # fmt: skip
@output_file
def overlap_command(
    scenario: Scenario, kind: str | None, form: str | None, output: str | None
) -> None:
    """Cut what the bands cover into faces: how many bands cover each, and which."""
    from rangemap.analysis import overlap_table, range_bands
    from rangemap.views.export import overlap_geojson
    from rangemap.views.table import to_csv, to_json, to_terminal

    form = _form(form, output, ("csv", "json", "geojson"))
    bands = range_bands(scenario)
    if kind is not None:
        bands = bands[bands["band_kind"] == kind]
    faces = overlap_table(bands)
    if form == "geojson":
        emit(overlap_geojson(faces), output)
        return
    rows = faces.drop(columns="geometry")
    if form == "table":
        area = rows.groupby("count")["area_km2"].sum()
        at_least = area[::-1].cumsum()[::-1]
        header = ["bands", "area km2", "area of so many or more km2"]
        emit(to_terminal(header, zip(area.index, area, at_least, strict=True)), output)
    else:
        emit(to_csv(rows) if form == "csv" else to_json(rows), output)


def _country_shares(
    scenario: Scenario, places: str | None, form: str | None, output: str | None
) -> None:
    from rangemap.analysis import country_share_table, range_bands
    from rangemap.views.table import to_csv, to_json, to_terminal

    if places is not None:
        raise ArgumentError("--places has no meaning with --by country: countries are the places")
    if form == "geojson":
        raise ArgumentError("--format geojson has no meaning with --by country; use csv or json")
    form = _form(form, output, ("csv", "json"))
    table = country_share_table(range_bands(scenario))
    if form == "table":
        touched = table[table["share"] > 0]
        records = [
            [row.country, row.coalition, row.band_kind, row.own_side, row.area_km2,
             row.covered_km2, f"{row.share:8.3%}", f"{row.share_error:.3%}"]
            for row in touched.itertuples(index=False)
        ]  # fmt: skip
        header = ["country", "coalition", "kind", "own side", "area km2", "covered km2", "share",
                  "at most off by"]  # fmt: skip
        emit(to_terminal(header, records), output)
    else:
        emit(to_csv(table) if form == "csv" else to_json(table), output)


def _form(form: str | None, output: str | None, known: tuple[str, ...]) -> str:
    """Return the format: as asked, else by the ending of the file."""
    if form is not None:
        return form
    if output is None or output == "-":
        return "table"
    ending = Path(output).suffix[1:].lower()
    if ending == "txt":
        return "table"
    if ending not in known:
        endings = ", ".join(f".{name}" for name in known)
        raise ArgumentError(f"{output!r} must end in {endings} or .txt, or --format must say which")
    return ending


def _place_text(rows: object) -> str:
    import pandas as pd

    from rangemap.views.table import to_terminal

    frame = pd.DataFrame(rows)
    banned = bool(frame["zone"].ne("").any())
    header = ["place", "country", "coalition"]
    header += ["zone"] if banned else []
    header += ["nearest km", "nearest site"]
    header += ["in band of"] if banned else []
    header += ["by systems"] if frame["verdict"].ne("").any() else []
    records = []
    for row in frame.to_dict("records"):
        verdict = row["verdict"] + (f": {row['hangs_on']}" if row["hangs_on"] else "")
        zone = row["zone"] + (" (marginal)" if row["zone_marginal"] else "")
        cells = {
            "place": row["place"],
            "country": row["country"],
            "coalition": row["coalition"],
            "zone": "own side" if row["own_side"] else zone,
            "nearest km": row["nearest_km"],
            "nearest site": row["nearest_site"],
            "in band of": row["sites_in_band"],
            "by systems": "own side" if row["own_side"] else verdict,
        }
        records.append([cells[name] for name in header])
    return to_terminal(header, records)
