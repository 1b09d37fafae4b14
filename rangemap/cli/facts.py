"""Commands that show and check the facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rangemap.cli.params import as_json, emit, note
from rangemap.errors import DataError, RangemapError, UnknownNameError

if TYPE_CHECKING:
    from rangemap.analysis import Scenario


@click.command("list")
@click.argument("what", type=click.Choice(["systems", "sites", "scenarios", "sources"]))
@as_json
def list_command(what: str, as_json: bool) -> None:
    """List systems, sites, scenarios or sources."""
    from rangemap.views.cards import list_records
    from rangemap.views.table import to_json, to_terminal

    frame, columns = list_records(what)
    if as_json:
        emit(to_json(frame), None)
    else:
        rows = frame[columns].itertuples(index=False, name=None)
        emit(to_terminal([name.replace("_", " ") for name in columns], rows), None)


@click.command("show")
@click.argument("name", metavar="ID")
@as_json
def show_command(name: str, as_json: bool) -> None:
    """Show all that is known of a system, site, source, coalition or scenario."""
    from rangemap.views.cards import card_text, find_record

    record = find_record(name)
    if as_json:
        emit(json.dumps(record, ensure_ascii=False, indent=1) + "\n", None)
    else:
        emit(card_text(record), None)


@click.command("check")
@click.argument("path", required=False, metavar="[PATH]")
def check_command(path: str | None) -> None:
    """Check the bundled data and scenarios, or files of your own.

    PATH is a scenario (.toml), a file of places (.csv), a file of a catalogue such as
    systems.csv, or a folder: every .toml and .csv file in it is checked, those of a catalogue
    as --catalogue would lay them over the bundled ones.
    """
    checked = _check_bundled() if path is None else _check_path(Path(path))
    for line in checked:
        note(line)
    click.echo("no problem found")


def _check_bundled() -> list[str]:
    from rangemap.analysis import read_scenario, scenario_names
    from rangemap.catalogue import (
        load_catalogue,
        read_capitals,
        read_claims,
        read_countries,
        read_inventory,
        read_regions,
    )
    from rangemap.catalogue.plausible import check_plausible
    from rangemap.catalogue.treaty_rules import load_regimes

    catalogue = load_catalogue()
    lines = [
        f"{len(catalogue.systems)} systems, {len(catalogue.estimates)} range estimates, "
        f"{len(catalogue.sites)} sites, {len(catalogue.sources)} sources",
        f"{len(read_capitals())} capitals, {len(read_countries())} countries",
    ]
    check_plausible(catalogue)
    lines.append(
        f"{len(read_claims())} published statements, {len(read_inventory())} counts of missiles, "
        f"{len(read_regions())} regions, {len(load_regimes().by_id)} treaties and guidelines"
    )
    for name in scenario_names():
        scenario = read_scenario(name)
        lines.append(f"scenario {name}: {_content(scenario)}")
    return lines


def _check_path(path: Path) -> list[str]:
    from rangemap.analysis import read_scenario
    from rangemap.catalogue.overlay import KEYS, meant_file
    from rangemap.catalogue.places import load_places

    if path.is_dir():
        files = sorted(p for p in path.iterdir() if p.suffix in (".toml", ".csv"))
        if not files:
            raise DataError(f"{path}: holds no .toml and no .csv file to check")
        own = [file for file in files if meant_file(file.name)]
        lines = _check_catalogue(path) if own else []
        return lines + _check_all([file for file in files if file not in own])
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    if path.name in KEYS:
        return _check_catalogue(path.parent)
    if path.suffix == ".toml":
        scenario = read_scenario(path)
        return [f"{path.name}: {_content(scenario)}"]
    if path.suffix == ".csv":
        return [f"{path.name}: {len(load_places(path, shown_as=str(path)))} places"]
    raise DataError(f"{path}: must end in .toml (a scenario) or .csv (places)")


def _check_catalogue(folder: Path) -> list[str]:
    """Check a folder of catalogue files, laid over the bundled ones."""
    from rangemap.catalogue import read_claims, read_inventory, use_catalogue
    from rangemap.catalogue.plausible import check_plausible

    with use_catalogue(folder) as catalogue:
        check_plausible(catalogue)
        read_claims()
        read_inventory()
        return catalogue.overlay.sentences() if catalogue.overlay else []


def _content(scenario: Scenario) -> str:
    sites = len({launch.site.id for launch in scenario.launches})
    return f"{sites} launch site{'s' if sites != 1 else ''}, {len(scenario.places)} places"


def _check_all(files: list[Path]) -> list[str]:
    """Check every file, so that all mistakes show at once."""
    lines, mistakes = [], []
    for file in files:
        try:
            lines += _check_path(file)
        except UnknownNameError:
            raise
        except RangemapError as problem:
            mistakes.append(str(problem))
    for line in mistakes[:-1]:
        note(f"rangemap: error: {line}")
    if mistakes:
        raise DataError(mistakes[-1])
    return lines
