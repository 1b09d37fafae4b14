"""`table`, `coverage` and `overlap`: who is in range of what, as tables."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from rangemap.cli.params import emit, note, output_file, scenario_argument
from rangemap.errors import ArgumentError

if TYPE_CHECKING:
    import pandas as pd

    from rangemap.analysis import Scenario
    from rangemap.views.reader_tables import ReaderTable

_FORMS: Final = ("table", "csv", "json", "markdown", "xlsx", "geojson")
_BY_ENDING: Final = {"md": "markdown", "xlsx": "xlsx", "csv": "csv", "json": "json",
                     "geojson": "geojson", "txt": "table"}  # fmt: skip
_PLAIN: Final = _FORMS[:-1]

units_option = click.option(
    "--units", type=click.Choice(["km", "mi", "nmi"]), default="km", show_default=True,
    help="Of the aligned and the Markdown table; the others stay in km.",
)  # fmt: skip


def _format_option(forms: tuple[str, ...], more: str = "") -> Callable[..., Any]:
    return click.option("--format", "form", type=click.Choice(forms), help=(
        f"Default: by the ending of FILE, else table{more}."))  # fmt: skip


@click.command("table")
@scenario_argument
@_format_option(_PLAIN)
@units_option
@output_file
def table_command(scenario: Scenario, form: str | None, units: str, output: str | None) -> None:
    """Print each capital's zone and nearest site, for each coalition.

    As xlsx a workbook of all tables of the scenario, as markdown all tables for readers.
    """
    from rangemap.analysis import analyse
    from rangemap.views.markdown import tables_markdown
    from rangemap.views.reader_tables import place_table_of
    from rangemap.views.units import units_of
    from rangemap.views.workbook import tables_xlsx

    form = _form(form, output, _PLAIN)
    analysis = analyse(scenario)
    if form == "xlsx":
        _emit_bytes(tables_xlsx(analysis), output)
    elif form == "markdown":
        emit(tables_markdown(analysis, units), output)
    elif form == "table":
        emit(_terminal([place_table_of(analysis.place_rows, units_of(units))]), output)
    else:
        _emit_frame("places", analysis.place_rows, form, scenario, output)


@click.command("coverage")
@scenario_argument
@click.option("--places", metavar="FILE",
              help="Target places of your own: CSV, GeoJSON or GeoPackage. With --by country or "
              "coalition they stand for the listed cities.")  # fmt: skip
@click.option("--layer", metavar="NAME", help="With --places: the layer of a file with several.")
@click.option("--population", metavar="FILE",
              help="Sum the people of a raster of your own (counts in cells) within footprints; "
              "by coalition, or --by country.")  # fmt: skip
@click.option("--by", type=click.Choice(["place", "country", "coalition"]),
              help="What a row is; default: place, with --population coalition.")  # fmt: skip
@_format_option(_FORMS, ", a line for each place and coalition; csv, json, xlsx and geojson have "
                "a row for each place and band")  # fmt: skip
@units_option
@output_file
def coverage_command(
    scenario: Scenario,
    places: str | None,
    layer: str | None,
    population: str | None,
    by: str | None,
    form: str | None,
    units: str,
    output: str | None,
) -> None:
    """Print the distance and verdict of every place and band, or sums of them.

    With --by country, for each coalition and kind of band: which share of every country's
    area is in range, within which error, and which of its listed cities with what population.
    With --by coalition, the sums. A coalition's own side is kept apart.
    """
    by = by or ("place" if population is None else "coalition")
    if layer is not None and places is None:
        raise ArgumentError("--layer needs --places: it names a layer of that file")
    if population is not None and (by == "place" or places is not None):
        raise ArgumentError("--population goes by coalition or country, and not with --places")
    own = None if places is None else _own_places(scenario, places, layer)
    if population is not None:
        _population(scenario, population, by, _form(form, output, _PLAIN), output)
    elif by == "place":
        _by_place(own or scenario, _form(form, output, _FORMS), units, output)
    else:
        _sums(scenario, own, by, _form(form, output, _PLAIN), units, output)


def _own_places(scenario: Scenario, places: str, layer: str | None) -> Scenario:
    from rangemap.catalogue.places import load_place_file

    found = load_place_file(Path(places), shown_as=places, layer=layer)
    note(found.read_as)
    return replace(scenario, places=found.places, places_from=Path(places).name)


def _by_place(scenario: Scenario, form: str, units: str, output: str | None) -> None:
    from rangemap.analysis import coverage_table, place_table, range_bands
    from rangemap.catalogue import places_frame
    from rangemap.views.export import points_geojson
    from rangemap.views.reader_tables import place_table_of
    from rangemap.views.units import units_of

    bands, targets = range_bands(scenario), places_frame(scenario.places)
    if form in ("table", "markdown"):
        table = place_table_of(place_table(bands, targets), units_of(units))
        _emit_reader([table], form, scenario, output)
        return
    rows = coverage_table(bands, targets)
    if form == "geojson":
        emit(points_geojson(rows, scenario), output)
    else:
        _emit_frame("coverage", rows, form, scenario, output)


def _sums(
    scenario: Scenario, own: Scenario | None, by: str, form: str, units: str, output: str | None
) -> None:
    from rangemap.analysis import country_table, range_bands
    from rangemap.analysis.people import people_of
    from rangemap.catalogue import places_frame
    from rangemap.views.reader_tables import country_tables, people_tables
    from rangemap.views.units import units_of

    cities = None if own is None else places_frame(own.places)
    countries = country_table(range_bands(scenario), cities=cities)
    rows = countries if by == "country" else people_of(countries)
    if form not in ("table", "markdown"):
        _emit_frame("countries" if by == "country" else "people", rows, form, scenario, output)
        return
    make = country_tables if by == "country" else people_tables
    tables = make(rows, _names(scenario), units_of(units), own.places_from if own else "")
    _emit_reader(tables, form, scenario, output)


def _population(scenario: Scenario, file: str, by: str, form: str, output: str | None) -> None:
    from rangemap.analysis import population_raster, range_bands
    from rangemap.views.reader_tables import population_country_tables, population_tables

    bands = range_bands(scenario)
    if by == "country":
        rows = population_raster(bands, file, by="country")
        name, make = "population-by-country", population_country_tables
    else:
        rows = population_raster(bands, file)
        name, make = "population", population_tables
        if len(rows):
            note(
                f"{file}: {rows['people_in_file'].iloc[0]:,.0f} people in all cells together; if "
                "that is not what the raster should hold, its cells are no counts"
            )
    if form in ("table", "markdown"):
        _emit_reader(make(rows, _names(scenario)), form, scenario, output)
    else:
        _emit_frame(name, rows, form, scenario, output)


@click.command("overlap")
@scenario_argument
@click.option("--kind", type=click.Choice(["treaty", "system", "own"]),
              help="Only bands of this kind; default: all.")  # fmt: skip
@_format_option(_FORMS, ", the area by count; csv, json, xlsx and geojson have a row for each "
                "face, all but geojson without its outline")  # fmt: skip
@units_option
@output_file
def overlap_command(
    scenario: Scenario, kind: str | None, form: str | None, units: str, output: str | None
) -> None:
    """Cut what the bands cover into faces: how many bands cover each, and which."""
    from rangemap.analysis import overlap_table, range_bands
    from rangemap.views.export import overlap_geojson
    from rangemap.views.reader_tables import overlap_areas
    from rangemap.views.units import units_of

    form = _form(form, output, _FORMS)
    bands = range_bands(scenario)
    if kind is not None:
        bands = bands[bands["band_kind"] == kind]
    faces = overlap_table(bands)
    rows = faces.drop(columns="geometry")
    if form == "geojson":
        emit(overlap_geojson(faces), output)
    elif form in ("table", "markdown"):
        _emit_reader([overlap_areas(rows, units_of(units))], form, scenario, output)
    else:
        _emit_frame("overlap", rows, form, scenario, output)


def _names(scenario: Scenario) -> dict[str, str]:
    return {coalition.id: coalition.name for coalition in scenario.coalitions}


def _emit_frame(
    name: str, frame: pd.DataFrame, form: str, scenario: Scenario, output: str | None
) -> None:
    from rangemap.views.table import to_csv, to_json
    from rangemap.views.workbook import table_xlsx

    if form == "xlsx":
        _emit_bytes(table_xlsx(name, frame, scenario), output)
    else:
        emit(to_csv(frame) if form == "csv" else to_json(frame), output)


def _emit_reader(
    tables: list[ReaderTable], form: str, scenario: Scenario, output: str | None
) -> None:
    from rangemap.views.markdown import document

    emit(_terminal(tables) if form == "table" else document(scenario, tables), output)


def _terminal(tables: list[ReaderTable]) -> str:
    from rangemap.views.reader_tables import notes_once
    from rangemap.views.table import plain, to_terminal

    parts = []
    for one in notes_once(tables):
        title = f"{plain(one.title)}\n\n" if one.title else ""
        below = f"\n{textwrap.fill(plain(one.note), 100)}\n" if one.note else ""
        text = to_terminal(one.header, one.rows, right=one.right, widest=one.widest)
        parts.append(title + text + below)
    return "\n".join(parts)


def _emit_bytes(content: bytes, output: str | None) -> None:
    """Write a file of bytes; on standard output only where it is asked for by name."""
    from rangemap.writing import write_whole

    if output is None:
        raise ArgumentError("--format xlsx needs -o FILE; -o - is standard output")
    if output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        write_whole(Path(output), content)
        note(f"wrote {output}")


def _form(form: str | None, output: str | None, known: tuple[str, ...]) -> str:
    """Return the format: as asked, else by the ending of the file."""
    if form is not None:
        if form not in known:
            raise ArgumentError(
                f"--format {form} has no meaning here; it is one of {', '.join(known)}"
            )
        return form
    if output is None or output == "-":
        return "table"
    found = _BY_ENDING.get(Path(output).suffix[1:].lower())
    if found not in known:
        *endings, last = (f".{end}" for end, name in _BY_ENDING.items() if name in known)
        raise ArgumentError(
            f"{output!r} must end in {', '.join(endings)} or {last}, or --format must say which"
        )
    return found
